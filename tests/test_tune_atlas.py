"""The atlas against trying everything: its promise, its cells, its plans, and what was published."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from build import Raw
from hypothesis import given
from laws import in_order, in_other_unit
from linear_scenarios import linear_scenarios
from weighing import (
    NEAR,
    Everything,
    fresh,
    generic,
    inside,
    law,
    on_simplex,
    part_of_all,
    space_of,
    weighed,
)

from landalloc.models.atlas import Atlas
from landalloc.optimizer.tuning.atlas import atlas
from landalloc.optimizer.tuning.sweep import grid


def points(found: Atlas) -> Any:
    """(plans, c) what every plan reaches, in points of each criterion."""
    scale = np.array([c.scale for c in found.criteria])
    totals = np.array([[plan.criteria[c.name] for c in found.criteria] for plan in found.plans])
    return np.divide(100 * totals, scale, out=np.zeros_like(totals), where=scale > 0)


def worth(found: Atlas, weights: Any) -> Any:
    """(…, plans) what every plan is worth, by the formula of the contract."""
    return np.asarray(weights) @ points(found).T - np.array([plan.penalty for plan in found.plans])


def promise(found: Atlas, everything: Everything, weights: Any) -> None:
    """At each of some weights: the best stored plan is within eps, and its cell's bound is one."""
    assert found.proved
    stored = worth(found, weights)
    for w, values in zip(weights, stored, strict=True):
        best = everything.value(w)
        assert values.max() <= best + NEAR, "a stored plan is better than the best there is"
        assert values.max() >= best - found.eps - NEAR, f"nothing within eps at {w}"
        here = [cell for cell in found.cells if inside(cell.weights, w)]
        assert here, f"no cell at {w}"
        for cell in here:
            assert values[cell.plan] >= values.max() - NEAR, "a cell's plan is not the best stored one in it"
            assert values[cell.plan] >= best - cell.bound - NEAR, f"a cell's bound does not hold at {w}"


def sound(found: Atlas, everything: Everything) -> None:
    """Plans are plans, their figures are right, cells lie among the weights and leave nothing out."""
    assert [c.name for c in found.criteria] == everything.names
    for c in found.criteria:
        assert c.scale == pytest.approx(everything.scales[c.name])
    for plan, reached in zip(found.plans, points(found), strict=True):
        broken, plane = everything.plane(everything.sites_of(plan.shares))
        assert broken <= NEAR
        assert plan.penalty == pytest.approx(plane.penalty, abs=NEAR)
        assert plane.reaches(reached)
    for cell in found.cells:
        corners = np.array(cell.weights)
        assert corners.min() >= -1e-9
        assert np.allclose(corners.sum(axis=1), 1.0)
        assert 0 <= cell.bound <= found.eps + NEAR
        assert 0 <= cell.plan < len(found.plans)
    assert sum(part_of_all(cell.weights) for cell in found.cells) == pytest.approx(1.0, abs=1e-6)


@law(20)
@given(weighed(divisible=False, tiers=False, rules=3))
def test_whole_projects(raw: Raw) -> None:
    everything = Everything(raw)
    criteria = len(everything.names)
    found = atlas(space_of(raw), 0.5)
    sound(found, everything)
    fine = np.vstack([grid(criteria, 3 if criteria > 3 else 8), on_simplex(criteria, 20)])
    # Shares above a min_share are a programme of their own at every weighting and for every choice of the others.
    promise(found, everything, fine if not everything.open else on_simplex(criteria, 3))


@law(20)
@given(weighed(tiers=False, rules=3))
def test_projects_of_every_kind(raw: Raw) -> None:
    everything = Everything(raw)
    found = atlas(space_of(raw), 2.0)
    sound(found, everything)
    promise(found, everything, on_simplex(len(everything.names), 3))


@law(20)
@given(linear_scenarios())
def test_divisible_projects_full_of_ties(raw: Raw) -> None:
    everything = Everything(raw)
    criteria = len(everything.names)
    found = atlas(space_of(raw), 0.5)
    sound(found, everything)
    promise(found, everything, np.vstack([grid(criteria, 4), on_simplex(criteria, 4)]))


@law(12)
@given(weighed(rules=1).filter(lambda raw: "tiers" in raw))
def test_stage_values_of_the_present_plan_are_held(raw: Raw) -> None:
    everything = Everything(raw)
    found = atlas(space_of(raw), 1.0)
    sound(found, everything)
    promise(found, everything, on_simplex(len(everything.names), 3))


@pytest.mark.parametrize("criteria", [1, 2, 3, 4, 5])
def test_figures_that_are_not_round(criteria: int) -> None:
    raw = generic(criteria, projects=8, criteria=criteria)
    everything = Everything(raw)
    space = space_of(raw)
    for eps in (3.0, 1.0, 0.25):
        found = atlas(space, eps)
        assert found.eps == (eps if criteria > 2 else 0.0)
        sound(found, everything)
        promise(found, everything, on_simplex(criteria, 30, seed=criteria))


def test_a_smaller_eps_promises_no_less() -> None:
    raw = generic(11, projects=9, criteria=3)
    space = space_of(raw)
    weights = on_simplex(3, 300)
    everything = Everything(raw)
    best = np.array([everything.value(w) for w in weights])
    for eps in (8.0, 2.0, 0.5, 0.05):
        short = best - worth(atlas(space, eps), weights).max(axis=1)
        assert short.max() <= eps + NEAR


@pytest.mark.parametrize("part", [0.0, 0.4, 1.0])
def test_a_fresh_solve_at_other_weights_is_within_eps(part: float) -> None:
    raw = generic(5, projects=6, criteria=3, part=part)
    found = atlas(space_of(raw), 0.5)
    for w in on_simplex(3, 5, seed=2):
        plan = fresh(raw, w)
        best = plan.score - plan.penalty
        assert best - 0.5 - NEAR <= worth(found, w).max() <= best + NEAR


# Two criteria: exact


def supported(everything: Everything) -> Any:
    """(k, 2) the plans that are best on more than one weighting, by rising weight of the first."""
    reached = np.array([plane.reached for _, plane in everything.fixed])
    turns = {0.0, 1.0}
    for one, other in combinations(np.unique(reached.round(9), axis=0), 2):
        gain = (one - other) @ np.array([1.0, -1.0])
        at = (other - one)[1] / gain if gain else -1.0
        turns |= {at} if 0 < at < 1 else set()
    middle = [(a + b) / 2 for a, b in zip(sorted(turns), sorted(turns)[1:], strict=False) if b - a > 1e-9]
    best = [reached[int(np.argmax(reached @ np.array([t, 1 - t])))] for t in middle]
    return np.unique(np.array(best).round(6), axis=0)


@law(15)
@given(weighed(least=2, criteria=2, divisible=False, tiers=False, kinds=("total", "count", "exclusive", "requires"))
       .filter(lambda raw: all("soft" not in rule for rule in raw["rules"])
               and not any(p.get("min_share", 1.0) < 1 for p in raw["projects"])))  # fmt: skip
def test_two_criteria_give_every_supported_plan_and_no_other(raw: Raw) -> None:
    everything = Everything(raw)
    found = atlas(space_of(raw), 0.5)
    assert found.eps == 0
    assert np.unique(points(found).round(6), axis=0) == pytest.approx(supported(everything), abs=1e-5)
    assert len(found.plans) == len(supported(everything))


def knapsack(profits: list[list[float]], weight: list[float], capacity: float) -> Raw:
    """A published knapsack of several criteria, each with the reference 100: points are what was printed."""
    names = [f"z{k}" for k in range(len(profits))]
    return {
        "measures": ["land", *names],
        "supply": {"land": capacity},
        "projects": [
            {"id": f"x{i + 1:02}", "min_share": 1.0, "land": w, **dict(zip(names, own, strict=True))}
            for i, (w, *own) in enumerate(zip(weight, *profits, strict=True))
        ],
        "criteria": {n: {"of": n, "weight": 1.0, "reference": 100.0} for n in names},
    }


# vOptGeneric.jl, examples/UKnapsackExample1.jl, and JuMP's tutorial "Multi-objective knapsack".
VOPT = knapsack(
    [[77, 94, 71, 63, 96, 82, 85, 75, 72, 91, 99, 63, 84, 87, 79, 94, 90],
     [65, 90, 90, 77, 95, 84, 70, 94, 66, 92, 74, 97, 60, 60, 65, 97, 93]],
    [80, 87, 68, 72, 66, 77, 99, 85, 70, 93, 98, 72, 100, 89, 67, 86, 91], 900,
)  # fmt: skip
# Ehrgott (2005), Multicriteria Optimization, exercise 10.2.
EHRGOTT = knapsack([[10, 3, 6, 8, 2], [12, 9, 11, 5, 6]], [4, 5, 2, 5, 6], 17)


def subsets(raw: Raw) -> Any:
    """(k, 2) what every choice that fits reaches."""
    own = np.array([[p["land"], p["z0"], p["z1"]] for p in raw["projects"]])
    chosen = (np.arange(2 ** len(own))[:, None] >> np.arange(len(own))) & 1
    all_of = chosen @ own
    return all_of[all_of[:, 0] <= raw["supply"]["land"], 1:]


def hull(reached: Any) -> list[tuple[float, float]]:
    """The corners of the upper hull, from the best of the first on; ties to the better second."""
    best: list[tuple[float, float]] = []
    for a, b in sorted(map(tuple, reached.tolist()), key=lambda p: (-p[0], -p[1])):
        if best and b <= best[-1][1]:
            continue
        while len(best) > 1 and (best[-1][1] - best[-2][1]) * (best[-1][0] - a) <= (b - best[-1][1]) * (
            best[-2][0] - best[-1][0]
        ):
            best.pop()
        best.append((a, b))
    return best


@pytest.mark.parametrize("raw", [VOPT, EHRGOTT], ids=["vOptGeneric", "Ehrgott 10.2"])
def test_published_knapsacks_have_their_supported_points(raw: Raw) -> None:
    found = atlas(space_of(raw))
    assert found.proved
    assert sorted(map(tuple, points(found).round(6).tolist()), reverse=True) == hull(subsets(raw))


def test_the_supported_points_of_the_larger_one_by_name() -> None:
    assert hull(subsets(VOPT)) == [(955, 906), (948, 939), (934, 971), (918, 983)]


# Ehrgott (2005), example 6.3 (from Steuer, 1985): min (3 x1 + x2, −x1 − 2 x2), 3 x1 − x2 ≤ 6, 0 ≤ x2 ≤ 3, 0 ≤ x1; the
# first row bounds x1 by 3, so that x1 = 3 · share, x2 = 3 · share.
STEUER: Raw = {
    "measures": ["land", "cost", "gain"],
    "supply": {"land": 6.0},
    "projects": [
        {"id": "x1", "land": 9.0, "cost": 9.0, "gain": 3.0},
        {"id": "x2", "cost": 3.0, "gain": 6.0, "makes": {"land": 3.0}},
    ],
    "criteria": {
        "z1": {"of": "cost", "better": "lower", "weight": 1.0, "reference": 100.0},
        "z2": {"of": "gain", "weight": 1.0, "reference": 100.0},
    },
}


def test_a_published_linear_problem_has_its_extreme_points() -> None:
    found = atlas(space_of(STEUER))
    assert sorted(map(tuple, points(found).round(6).tolist())) == [(-12.0, 9.0), (-3.0, 6.0), (0.0, 0.0)]
    # Its turns are where −3 w1 + 6 w2 = 0 and −12 w1 + 9 w2 = −3 w1 + 6 w2.
    turns = sorted({round(corner[0], 9) for cell in found.cells for corner in cell.weights})
    assert turns == pytest.approx([0.0, 0.25, 2 / 3, 1.0])


# What must not matter, and what is at the edge


@law(8)
@given(weighed(least=2, criteria=2, tiers=False))
def test_order_and_units_do_not_matter(raw: Raw) -> None:
    found = atlas(space_of(raw))
    there = sorted(map(tuple, np.column_stack([points(found), [p.penalty for p in found.plans]]).tolist()))
    for other in (
        {**in_order(raw, lambda items: list(reversed(items))), "criteria": raw["criteria"]},
        in_other_unit(raw, ("output",), 3.0),
        in_other_unit(raw, ("jobs",), 1e4),
    ):
        again = atlas(space_of(other))
        same = np.column_stack([points(again), [p.penalty for p in again.plans]]).tolist()
        assert sorted(map(tuple, same)) == [pytest.approx(row, abs=1e-4) for row in there]


def test_three_criteria_in_another_order_keep_the_promise() -> None:
    raw = generic(21, projects=8, criteria=3)
    turned = {**raw, "criteria": dict(reversed(raw["criteria"].items()))}
    for one in (raw, turned, {**raw, "projects": raw["projects"][::-1]}):
        promise(atlas(space_of(one), 0.5), Everything(one), on_simplex(3, 60))


def test_a_criterion_for_which_nobody_counts() -> None:
    raw = generic(4, projects=6, criteria=2)
    raw["measures"].append("none")
    raw["criteria"]["empty"] = {"of": "none", "weight": 2.0}
    everything = Everything(raw)
    found = atlas(space_of(raw), 0.5)
    assert [c.scale for c in found.criteria][2] == 0
    sound(found, everything)
    promise(found, everything, np.vstack([grid(3, 8), on_simplex(3, 50)]))


def test_nobody_counts_for_anything() -> None:
    raw = {**generic(4, projects=3, criteria=1)}
    raw["criteria"] = {"empty": {"of": "none", "weight": 2.0}, "void": {"of": "none", "weight": 0.0}}
    raw["measures"] = [*raw["measures"], "none"]
    found = atlas(space_of(raw))
    sound(found, Everything(raw))
    promise(found, Everything(raw), grid(2, 4))
    assert len(found.plans) == 1


def test_a_criterion_without_weight_at_present() -> None:
    raw = generic(6, projects=7, criteria=3)
    for name in ("c0", "c2"):
        raw["criteria"][name]["weight"] = 0.0
    found = atlas(space_of(raw), 0.25)
    sound(found, Everything(raw))
    promise(found, Everything(raw), on_simplex(3, 100))


def test_projects_that_are_all_the_same() -> None:
    raw = generic(3, projects=6, criteria=3)
    twin = {k: float(round(v)) for k, v in raw["projects"][0].items() if k != "id"}
    other = {**twin, "c0": twin["c1"], "c1": twin["c0"]}
    raw["projects"] = [{"id": f"t{i}", **(twin if i % 2 else other)} for i in range(8)]
    found = atlas(space_of(raw), 0.1)
    sound(found, Everything(raw))
    promise(found, Everything(raw), np.vstack([grid(3, 6), on_simplex(3, 40)]))


def test_two_criteria_that_are_the_same() -> None:
    raw = generic(9, projects=7, criteria=2)
    raw["criteria"]["again"] = dict(raw["criteria"]["c0"])
    found = atlas(space_of(raw), 0.25)
    sound(found, Everything(raw))
    promise(found, Everything(raw), np.vstack([grid(3, 8), on_simplex(3, 50)]))


def test_one_project_that_is_carried_out_anyway() -> None:
    raw: Raw = {
        "measures": ["land", "jobs", "output"],
        "projects": [{"id": "a", "land": 1.0, "jobs": 2.0, "output": 3.0, "committed": True}],
        "criteria": {"jobs": {"of": "jobs", "weight": 1.0}, "output": {"of": "output", "weight": 1.0}},
    }
    found = atlas(space_of(raw))
    assert [plan.shares for plan in found.plans] == [{"a": {"": 1.0}}]
    sound(found, Everything(raw))
