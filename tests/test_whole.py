"""Whole projects by bound, rounding and cores: never a bound below the optimum, never a plan that is none."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from brute import brute_force
from build import Raw, build
from hypothesis import given
from hypothesis import strategies as st
from random_scenarios import scenarios
from test_core import mixed, sized
from test_laws import tries

from landalloc.optimizer import whole
from landalloc.optimizer.core import Sizes, broken
from landalloc.optimizer.corners import corners
from landalloc.optimizer.formulate import formulate
from landalloc.optimizer.optimum import optimise
from landalloc.optimizer.pipeline import NoPlan, prepare, solve_scenario
from landalloc.optimizer.program import Program
from landalloc.optimizer.solve import Limits, Method, Termination, solve
from landalloc.optimizer.whole import best_plan, by_parts, whole_answer

EXACT = Limits(gap=0.0, method=Method.CORE)


def programme(raw: Raw) -> Program:
    scenario, candidates = build(raw)
    admission, scores = prepare(scenario, candidates, None)
    return formulate(scenario, admission.candidates, scores)


def shares_of(raw: Raw, kinds: int) -> Raw:
    """The projects of a scenario in turn whole, in units, with a minimum share, and as they are; without what whole
    ones cannot meet to the last digit."""
    forms: list[Raw] = [{"min_share": 1.0}, {"units": 4, "min_units": 2}, {"min_share": 0.4}, {}]
    projects = [p if p.get("committed") else p | forms[i % kinds] for i, p in enumerate(raw["projects"])]
    energy = sum(p["energy"] for p in projects)
    band = {"of": "energy", "at_least": 0.12 * energy, "at_most": 0.16 * energy}
    rules = [r | {"total": band} if r["name"] == "ports" else r for r in raw["rules"] if r["name"] != "even"]
    return raw | {"projects": projects, "rules": rules}


@contextmanager
def small_cores() -> Iterator[None]:
    """Cores of one project at first, and none that is solved to its end before all is in it."""
    with patch.object(whole, "CORE", 1), patch.object(whole, "EXACT", 0), sized(Sizes(core=2, link=1)):
        yield


@tries(120)
@given(scenarios(most=4), st.booleans())
def test_the_best_of_all_that_can_be_tried(raw: Raw, small: bool) -> None:
    scenario, candidates = build(raw)
    best = brute_force(scenario, candidates)
    try:
        with small_cores() if small else nullcontext():
            _, optimum = solve_scenario(scenario, candidates, EXACT)
    except NoPlan:
        assert best is None
        return
    assert best is not None
    assert optimum.objective == pytest.approx(best.objective, rel=1e-6, abs=1e-6)
    assert optimum.bound >= best.objective - 1e-6


@tries(120)
@given(scenarios(most=9, rules=4), st.booleans())
def test_every_rule_at_small_size(raw: Raw, small: bool) -> None:
    program = programme(raw)
    if program.linear:
        return
    told = solve(program, Limits(gap=0.0))
    with small_cores() if small else nullcontext():
        answer = whole_answer(program, EXACT)
    if answer is None:
        return
    assert (answer.values is None) == (told.values is None)
    if answer.values is None or told.values is None:
        assert answer.termination is Termination.INFEASIBLE
        return
    assert not broken(program, answer.values)
    assert answer.termination is Termination.OPTIMAL
    assert program.cost @ answer.values == pytest.approx(program.cost @ told.values, rel=1e-7, abs=1e-7)
    assert answer.bound >= program.cost @ told.values - 1e-7


@pytest.mark.parametrize("kinds", [1, 4])
def test_the_same_in_every_run_where_time_does_not_end_it(kinds: int) -> None:
    program = programme(shares_of(mixed(1, 300), kinds))
    one, other = (whole_answer(program, Limits(gap=5e-3, method=Method.CORE)) for _ in range(2))
    assert one is not None
    assert other is not None
    assert one.termination is Termination.OPTIMAL
    assert one.values is not None
    assert other.values is not None
    assert one.values.tobytes() == other.values.tobytes()


def test_a_plan_and_its_gap_in_a_second() -> None:
    program = programme(shares_of(mixed(2, 1500), 1))
    told: list[float] = []
    found = best_plan(program, Limits(gap=0.0, seconds=1.0, method=Method.CORE), told.append)
    assert found is not None
    assert not broken(program, found.values)
    assert told == sorted(told, reverse=True)
    assert found.bound >= found.objective
    assert found.bound - found.objective <= told[0] * max(1.0, found.objective) + 1e-9


@tries(60)
@given(scenarios(most=6))
def test_the_relaxation_by_corners_is_the_relaxation(raw: Raw) -> None:
    program = programme(raw).relaxed()
    at = corners(programme(raw))
    plain, other = solve(program, Limits()), solve(at.program, Limits())
    assert (plain.values is None) == (other.values is None)
    if plain.values is None or other.values is None or other.duals is None:
        return
    values, duals = at.values(other.values), at.duals(other.duals)
    assert program.cost @ values == pytest.approx(program.cost @ plain.values, rel=1e-8, abs=1e-8)
    assert not broken(program, values)
    assert_bound(program, duals, float(program.cost @ values))


def assert_bound(program: Program, duals: np.ndarray[tuple[int], np.dtype[np.float64]], reached: float) -> None:
    """Duals that prove the objective: by sums over all rows and columns."""
    assert (duals * program.sense >= -1e-9)[program.sense != 0].all()
    d = program.cost - program.charge(duals)
    d[np.abs(d) < 1e-8] = 0.0
    bound = duals @ program.limit + (d[d > 0] * program.upper[d > 0]).sum() + (d[d < 0] * program.lower[d < 0]).sum()
    assert bound == pytest.approx(reached, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("n", "kinds"), [(60, 4), (150, 2), (400, 3)])
def test_rules_of_every_kind(seed: int, n: int, kinds: int) -> None:
    program = programme(shares_of(mixed(seed, n), kinds))
    told = solve(program, Limits(gap=1e-2))
    answer = whole_answer(program, Limits(gap=1e-2, method=Method.CORE))
    assert answer is not None
    assert (answer.values is None) == (told.values is None)
    if answer.values is None or told.values is None:
        return
    reached = float(program.cost @ answer.values)
    assert not broken(program, answer.values)
    assert answer.bound >= float(program.cost @ told.values) - 1e-7
    assert reached <= told.bound + 1e-7
    assert answer.bound - reached <= 1e-2 * max(1.0, abs(reached))


@pytest.mark.parametrize("seed", range(2))
def test_prices_are_those_of_the_relaxation_by_the_solver_alone(seed: int) -> None:
    program = programme(shares_of(mixed(seed, 120), 4))
    one = optimise(program, Limits(gap=1e-2, method=Method.WHOLE))
    other = best_plan(program, Limits(gap=1e-2, method=Method.CORE))
    assert one is not None
    assert other is not None
    named, money = ~program.own, float(np.abs(program.cost).max())
    assert other.prices[named] == pytest.approx(one.prices[named], rel=1e-6, abs=1e-6 * money)
    assert program.shares(other.relaxation) == pytest.approx(program.shares(one.relaxation), abs=1e-6)


def test_size_and_solver_decide_unless_a_method_is_asked_for() -> None:
    program = programme(shares_of(mixed(0, 30), 1))
    assert not by_parts(program, Limits())
    assert by_parts(program, EXACT)
    assert not by_parts(program, replace(EXACT, solver="cbc"))
    assert not by_parts(program.relaxed(), EXACT)
