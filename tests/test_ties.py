"""The one answer where much is tied: the same plan and prices by every method, from every core, in every row order."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from build import Raw
from hypothesis import given
from hypothesis import strategies as st
from laws import close
from test_core import assert_optimal, assert_the_same_optimum, found, programme
from test_laws import tries

from landalloc.optimizer.core import SIZES, Sizes, priced_answer
from landalloc.optimizer.engine import Engine
from landalloc.optimizer.market import alike, market
from landalloc.optimizer.optimum import Optimum
from landalloc.optimizer.program import Program, by_rank
from landalloc.optimizer.solve import Answer, Clock, Limits, Method, solve

MAKES = [(4.0, 2.0, 3.0), (4.0, 1.0, 2.0), (2.0, 1.0, 1.0), (1.0, 0.0, 1.0)]
"""land, energy and output of projects of which there are many alike"""


def tied(seed: int, n: int, *, alike: bool = True, bound: float = 0.5, unit: float = 1.0) -> Raw:
    """n projects with the same worth in each of several of five zones: `alike` in a few makes, or all different."""
    random = np.random.default_rng(seed)
    zones = [f"z{k}" for k in range(5)]
    if alike:
        land, energy, output = np.array(MAKES)[random.integers(0, len(MAKES), n)].T
    else:
        land, energy, output = random.lognormal(1.0, 0.9, (3, n)).round(3)
    asked = [zones if random.random() < 0.5 else sorted(random.choice(zones, 3, replace=False)) for _ in range(n)]
    cluster = random.choice(["port", "town"], n)
    projects = [
        {
            "id": f"p{i:05}", "land": float(land[i]) * unit, "energy": float(energy[i]), "output": float(output[i]),
            "cluster": str(cluster[i]), "zones": list(map(str, asked[i])),
        }
        for i in range(n)
    ]  # fmt: skip
    parts = np.round(random.dirichlet(np.full(5, 3.0)) * bound * land.sum())
    rules: list[Raw] = [
        {"name": "ports", "ratio": {"of": "land", "per": "land", "at_least": 0.3}, "of_where": {"cluster": "port"}},
        {"name": "output", "total": {"of": "output", "at_least": round(0.6 * output.sum())}, "soft": 0.5},
    ]
    return {
        "measures": ["land", "energy", "output"],
        "attributes": ["cluster"],
        "supply": {"energy": round(float(random.choice([0.3, 0.6])) * energy.sum(), 3)},
        "zones": {z: {"supply": {"land": float(part) * unit}} for z, part in zip(zones, parts, strict=True)},
        "projects": projects,
        "criteria": {"output": {"of": "output", "weight": 2.0}, "land": {"of": "land", "weight": 1.0}},
        "rules": rules[: int(random.integers(0, 3))],
    }


def small(n: int, part: float = 0.1) -> Sizes:
    return Sizes(sample=max(2, int(2 * part * n)), core=max(1, int(part * n)), link=6, per_row=0)


def assert_same(program: Program, one: Optimum, other: Optimum) -> None:
    assert close(one.objective, other.objective, 1e-9)
    assert program.shares(other.values) == pytest.approx(program.shares(one.values), abs=1e-6)
    assert other.prices == pytest.approx(one.prices, rel=1e-6, abs=1e-9 * float(np.abs(program.cost).max()))


@tries(25)
@given(st.integers(0, 10**6), st.integers(2, 60), st.booleans(), st.sampled_from([0.2, 0.5, 0.9, 2.0]))
def test_small_scenarios_by_both_methods(seed: int, n: int, alike: bool, bound: float) -> None:
    assert_the_same_optimum(programme(tied(seed, n, alike=alike, bound=bound)), small(n))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("n", [20, 300])
@pytest.mark.parametrize("alike", [True, False])
def test_every_core_and_row_order_gives_the_answer_of_the_solver_alone(seed: int, n: int, alike: bool) -> None:
    raw = tied(seed, n, alike=alike)
    program = programme(raw)
    turned = programme({**raw, "projects": raw["projects"][::-1], "rules": raw["rules"][::-1]})
    one = found(program, Method.WHOLE, small(n))
    assert one is not None
    for part in (0.02, 0.1, 0.5, 2.0):
        for p in (program, turned):
            other = found(p, Method.CORE, small(n, part))
            assert other is not None
            assert_same(program, one, other)


@pytest.mark.parametrize("alike", [True, False])
def test_three_thousand_projects(alike: bool) -> None:
    program = programme(tied(11, 3000, alike=alike))
    one = found(program, Method.WHOLE, small(3000))
    assert one is not None
    for sizes in (small(3000, 0.02), Sizes()):
        other = found(program, Method.CORE, sizes)
        assert other is not None
        assert_same(program, one, other)


@pytest.mark.parametrize("unit", [1e-8, 1e8])
@pytest.mark.parametrize("method", [Method.WHOLE, Method.CORE])
def test_no_unit_decides_a_tie_or_loses_a_price(unit: float, method: Method) -> None:
    plain, turned = programme(tied(5, 200, bound=0.2)), programme(tied(5, 200, bound=0.2, unit=unit))
    one, other = found(plain, method, small(200)), found(turned, method, small(200))
    assert one is not None
    assert other is not None
    assert other.values == pytest.approx(one.values, abs=1e-6)
    in_land = np.array([n.startswith(("supply|land|", "rule|ports|")) for n in plain.row_names])
    assert one.prices[in_land].any()
    assert other.prices * np.where(in_land, unit, 1.0) == pytest.approx(one.prices, rel=1e-6, abs=1e-12)


def test_who_comes_first_gets_in_and_chooses_the_zone() -> None:
    raw: Raw = {
        "measures": ["land", "value"],
        "zones": {"a": {"supply": {"land": 1.0}}, "b": {"supply": {"land": 1.0}}},
        "projects": [{"id": f"p{i}", "land": 1.0, "value": 1.0} for i in range(3)],
        "criteria": {"value": {"of": "value", "weight": 1.0}},
    }
    program = programme(raw)
    plan = found(program, Method.WHOLE, small(3))
    assert plan is not None
    assert [n for n, x in zip(program.column_names, plan.values, strict=True) if x > 0.5] == ["x|p0|a", "x|p1|b"]


def test_weights_fall_with_both_ranks_and_the_last_of_a_million_still_differ() -> None:
    project, zone = np.repeat(np.array([0, 1, 999_998, 999_999]), 20), np.tile(np.arange(20), 4)
    by_project, by_zone = by_rank(project, zone)
    assert (np.diff(by_project[::20]) < -1e-8).all()
    table = by_zone.reshape(4, 20)
    assert (np.diff(table, axis=1) < 0).all()
    assert (np.diff(table, axis=0) < 0).all()


@pytest.mark.parametrize("seed", range(3))
def test_projects_that_are_alike_are_asked_once(seed: int) -> None:
    program = programme(tied(seed, 800))
    m = market(program, SIZES.link)
    assert m is not None
    group = alike(m)
    assert group is not None
    assert len(np.unique(group)) < 200
    columns: list[int] = []

    def watched(self: Engine, program: Program, *rest: Any) -> Answer:
        columns.append(len(program.cost))
        return solve_as_ever(self, program, *rest)

    solve_as_ever = Engine.solve
    with patch.object(Engine, "solve", watched):
        answer = priced_answer(program, Clock(Limits()), SIZES)
    assert answer is not None
    assert max(columns) < len(program.cost) / 3
    assert_optimal(program, answer)
    whole = solve(program, Limits())
    assert whole.values is not None
    assert program.cost @ answer.values == pytest.approx(program.cost @ whole.values, rel=1e-9)


def test_one_figure_makes_a_project_another() -> None:
    program = programme(tied(0, 400))
    m = market(program, SIZES.link)
    assert m is not None
    before = alike(m)
    assert before is not None
    p = 17
    mates = np.flatnonzero(before == before[p])
    assert len(mates) > 1
    cost = program.cost.copy()
    cost[m.columns[m.first[p] + 1]] *= 1 + 1e-12
    after = alike(replace(m, program=replace(program, cost=cost)))
    assert after is not None
    assert (after == after[p]).sum() == 1
    others = mates[mates != p]
    assert len(np.unique(after[others])) == 1
