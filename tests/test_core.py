"""Price, then core: the answers of the solver that sees the whole, from samples and cores far too small."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from build import Raw, build
from hypothesis import given
from hypothesis import strategies as st
from laws import close
from linear_scenarios import linear_scenarios
from random_scenarios import scenarios
from test_laws import tries

from landalloc.optimizer import chosen_prices, core
from landalloc.optimizer.core import Sizes, priced_answer, solve_large
from landalloc.optimizer.formulate import formulate
from landalloc.optimizer.optimum import Optimum, optimise
from landalloc.optimizer.pipeline import prepare
from landalloc.optimizer.program import Program, Sense
from landalloc.optimizer.solve import Answer, Clock, Limits, Method, Termination, solve

sizes = st.builds(
    Sizes, sample=st.integers(1, 6), core=st.integers(1, 4), link=st.sampled_from([0, 1, 2]), per_row=st.just(0)
)


def programme(raw: Raw) -> Program:
    scenario, candidates = build(raw)
    admission, scores = prepare(scenario, candidates, None)
    return formulate(scenario, admission.candidates, scores).relaxed()


def assert_optimal(program: Program, answer: Answer) -> None:
    """Feasible, and no worse than its duals allow: by sums over all rows and columns, whatever method it was."""
    assert answer.values is not None
    assert answer.duals is not None
    over, size = program.activity(answer.values) - program.limit, 1e-8 * np.maximum(1.0, np.abs(program.limit))
    assert (np.where(program.sense == Sense.EQUAL, np.abs(over), over * program.sense) <= size).all()
    assert (answer.duals * program.sense >= -1e-9)[program.sense != Sense.EQUAL].all()
    d = program.cost - program.charge(answer.duals)
    d[np.abs(d) < 1e-8] = 0.0
    bound = answer.duals @ program.limit + (d[d > 0] * program.upper[d > 0]).sum()
    bound += (d[d < 0] * program.lower[d < 0]).sum()
    assert program.cost @ answer.values == pytest.approx(bound, rel=1e-8, abs=1e-8)
    assert answer.bound == pytest.approx(bound, rel=1e-8, abs=1e-8)


def same_objective(program: Program, sizes: Sizes) -> bool:
    """Whether the method itself gave an answer; that it is right is asserted."""
    whole = solve(program, Limits())
    answer = priced_answer(program, Clock(Limits()), sizes)
    if answer is None:
        return False
    if answer.termination is Termination.INFEASIBLE:
        assert whole.termination is Termination.INFEASIBLE
        return True
    assert whole.values is not None, "an answer to what cannot be kept"
    assert answer.values is not None
    assert program.cost @ answer.values == pytest.approx(program.cost @ whole.values, rel=1e-9, abs=1e-9)
    assert_optimal(program, answer)
    return True


@tries(60)
@given(linear_scenarios(most=12), sizes)
def test_scenarios_full_of_ties(raw: Raw, sizes: Sizes) -> None:
    same_objective(programme(raw), sizes)


@tries(60)
@given(scenarios(most=8), sizes)
def test_relaxations_of_whole_projects_with_every_rule(raw: Raw, sizes: Sizes) -> None:
    same_objective(programme(raw), sizes)


@tries(60)
@given(st.one_of(linear_scenarios(most=12), scenarios(most=8)))
def test_no_programme_is_unbounded(raw: Raw) -> None:
    """What has no upper bound of its own earns nothing, so no objective is above Σ max(0, cost) · upper."""
    program = programme(raw)
    endless = np.isinf(program.upper)
    assert np.isfinite(program.lower).all()
    assert (program.cost[endless] <= 0).all()


def mixed(seed: int, n: int, *, units: float = 1.0, equal: bool = False) -> Raw:
    """n projects in three of four zones with rules of many kinds, relaxed: who is committed has three zones too."""
    random = np.random.default_rng(seed)
    zones = ["a", "b", "c", "d"]
    figures = {m: random.lognormal(1.0, 0.8, n).round(3) for m in ("land", "energy", "output", "jobs")}
    projects: list[Raw] = [
        {
            "id": f"p{i:05}",
            "cluster": ["port", "town", "energy"][int(random.integers(3))],
            **{m: float(f[i]) * (units if m == "land" else 1.0) for m, f in figures.items()},
            "shore": float(random.choice([0.0, 0.0, 1.0])),
            "zones": sorted(random.choice(zones, 3, replace=False).tolist()),
        }
        for i in range(n)
    ]
    for project in projects[:: max(1, n // 7)]:
        project["makes"] = {"steam": 3.0}
    for project in projects[3 :: max(1, n // 5)]:
        project["committed"] = True
    for project in projects[5::4]:
        project["steam"] = 0.1
    if not equal:
        for project, output in zip(projects, random.lognormal(0.0, 0.1, (n, 3)), strict=True):
            project["at"] = {
                z: {"output": float(round(project["output"] * f, 3))}
                for z, f in zip(project["zones"], output, strict=True)
            }
    total = {m: float(f.sum()) for m, f in figures.items()}
    ids = [p["id"] for p in projects]
    where = {"cluster": "port"}
    return {
        "measures": {
            "land": {}, "energy": {}, "output": {}, "jobs": {}, "deep": {}, "shore": {"also_served_by": "deep"},
            "steam": {"must_use": 0.2},
        },
        "attributes": ["cluster"],
        "supply": {"energy": 0.45 * total["energy"], "shore": 0.05 * n, "deep": 0.06 * n},
        "zones": {z: {"supply": {"land": units * (0.1 + k / 60) * total["land"]}} for k, z in enumerate(zones)},
        "projects": projects,
        "criteria": {
            "output": {"of": "output", "weight": 2.0},
            "intensity": {"of": "output", "per": "land", "weight": 1.0, "standard": 0.5 / units},
            "jobs": {"of": "jobs", "weight": 1.0},
        },
        "rules": [
            {"name": "jobs", "total": {"of": "jobs", "at_least": 0.55 * total["jobs"]}, "soft": 0.5},
            {"name": "share", "ratio": {"of": "land", "per": "land", "at_least": 0.36}, "of_where": where},
            {"name": "ports", "total": {"of": "energy", "exactly": 0.14 * total["energy"]}, "where": where},
            {"name": "even", "even_use": {"of": "land", "within": 0.02}},
            {"name": "pair", "together": [ids[1], ids[2]]},
            {"name": "three", "synergy": {"projects": ids[6:9], "adds": {"output": 2.0}, "same_zone": False}},
        ],
    }  # fmt: skip


@contextmanager
def sized(sizes: Sizes) -> Iterator[None]:
    """Samples and cores of other sizes than there are by default."""
    with patch.object(core, "SIZES", sizes), patch.object(chosen_prices, "SIZES", sizes):
        yield


def found(program: Program, method: Method, sizes: Sizes) -> Optimum | None:
    with sized(sizes):
        return optimise(program, Limits(method=method))


def assert_the_same_optimum(program: Program, sizes: Sizes) -> None:
    one, other = found(program, Method.WHOLE, sizes), found(program, Method.CORE, sizes)
    assert (one is None) == (other is None)
    if one is None or other is None:
        return
    assert close(one.objective, other.objective, 1e-9)
    assert program.shares(other.values) == pytest.approx(program.shares(one.values), abs=1e-6)
    named = ~program.own
    assert other.prices[named] == pytest.approx(
        one.prices[named], rel=1e-6, abs=1e-6 * float(np.abs(program.cost).max())
    )


@tries(40)
@given(linear_scenarios(most=12), sizes)
def test_the_same_plan_and_prices_where_nearly_all_is_tied(raw: Raw, sizes: Sizes) -> None:
    assert_the_same_optimum(programme(raw), sizes)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("n", [60, 400])
def test_the_same_plan_and_prices_with_rules_of_every_kind(seed: int, n: int) -> None:
    program = programme(mixed(seed, n))
    small = Sizes(sample=n // 6, core=n // 10, link=6, per_row=0)
    assert same_objective(program, small)
    assert_the_same_optimum(program, small)


@pytest.mark.parametrize("seed", range(2))
def test_two_thousand_projects(seed: int) -> None:
    program = programme(mixed(seed, 2000))
    assert same_objective(program, Sizes(sample=200, core=100, per_row=0))
    assert_the_same_optimum(program, Sizes(sample=200, core=100, per_row=0))


@pytest.mark.parametrize("n", [60, 600])
def test_worth_the_same_in_every_zone(n: int) -> None:
    program = programme(mixed(1, n, equal=True))
    small = Sizes(sample=n // 6, core=n // 10, link=6, per_row=0)
    assert same_objective(program, small)
    assert_the_same_optimum(program, small)


def test_an_infeasible_core_is_not_an_infeasible_scenario_and_the_other_way_round() -> None:
    program = programme(mixed(3, 200))
    jobs = program.row_names.index("rule|share||at_least")
    hopeless = replace(program, limit=np.where(np.arange(len(program.limit)) == jobs, 1e9, program.limit))
    small = Sizes(sample=20, core=10, link=6, per_row=0)
    answer = priced_answer(hopeless, Clock(Limits()), small)
    assert answer is not None
    assert answer.termination is Termination.INFEASIBLE
    assert solve_large(hopeless, Limits(), small).termination is Termination.INFEASIBLE
    assert solve_large(program, Limits(), small).termination is Termination.OPTIMAL


def test_row_order_and_runs_change_no_byte() -> None:
    raw, small = mixed(4, 300), Sizes(sample=50, core=30, link=6, per_row=0)
    turned = {**raw, "projects": raw["projects"][::-1], "rules": raw["rules"][::-1]}
    answers = [found(programme(r), Method.CORE, small) for r in (raw, raw, turned)]
    first = answers[0]
    assert first is not None
    for other in answers[1:]:
        assert other is not None
        assert (other.values.tobytes(), other.prices.tobytes()) == (first.values.tobytes(), first.prices.tobytes())


@pytest.mark.parametrize("units", [1e-6, 1e6])
def test_a_measure_in_another_unit_changes_nothing_but_its_price(units: float) -> None:
    small = Sizes(sample=50, core=30, link=6, per_row=0)
    plain, other = programme(mixed(5, 300)), programme(mixed(5, 300, units=units))
    assert same_objective(other, small)
    one, two = found(plain, Method.CORE, small), found(other, Method.CORE, small)
    assert one is not None
    assert two is not None
    assert two.objective == pytest.approx(one.objective, rel=1e-9)
    assert two.values[plain.layout.share] == pytest.approx(one.values[plain.layout.share], abs=1e-6)


def test_what_it_cannot_take_apart_is_left_to_the_solver() -> None:
    program = programme(mixed(6, 100))
    everything_linked = Sizes(sample=10, core=5, link=10**6)
    assert priced_answer(program, Clock(Limits()), everything_linked) is None
    whole = solve(program, Limits())
    answer = solve_large(program, Limits(), everything_linked)
    assert whole.values is not None
    assert answer.values is not None
    assert program.cost @ answer.values == pytest.approx(program.cost @ whole.values, rel=1e-9)


def test_size_decides_unless_a_method_is_asked_for() -> None:
    program = programme(mixed(7, 60))
    large = replace(program, cost=np.zeros(core.LARGE))
    assert not core.by_core(program, Limits())
    assert core.by_core(large, Limits())
    assert core.by_core(program, Limits(method=Method.CORE))
    assert not core.by_core(large, Limits(method=Method.WHOLE))
