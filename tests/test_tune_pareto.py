"""The efficient frontier against trying everything and against what was published."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from build import Raw
from hypothesis import assume, given
from linear_scenarios import linear_scenarios
from test_tune_atlas import EHRGOTT, STEUER, VOPT, hull, subsets
from weighing import NEAR, Everything, generic, law, on_simplex, space_of, twins, weighed

from landalloc.models.tuning import Frontier, FrontierPlan
from landalloc.optimizer.tuning.pareto import pareto

ROUGH = 1e-4
"""Points: of plans that are the same in both criteria another is taken, within a tolerance."""
HARD = ("standard", "veto", "total", "ratio", "count", "requires", "exclusive", "together", "synergy")
PAIR = [0, 1]


def points(everything: Everything, found: Frontier) -> Any:
    """(plans, criteria) what every plan of the frontier reaches, in points of each criterion."""
    return np.array(
        [reached(everything, plan)[[everything.names.index(n) for n in found.criteria]] for plan in found.plans]
    )


def reached(everything: Everything, plan: FrontierPlan) -> Any:
    """(c,) points of every criterion."""
    return np.array([
        100 * plan.criteria[n] / everything.scales[n] if everything.scales[n] else 0.0 for n in everything.names
    ])  # fmt: skip


def sound(everything: Everything, found: Frontier) -> None:
    """Plans are plans that keep what is hard; their figures and what they are worth now are right."""
    for plan in (*found.plans, found.present):
        broken, plane = everything.plane(everything.sites_of(plan.shares))
        assert broken <= NEAR
        assert plan.penalty == pytest.approx(plane.penalty, abs=NEAR)
        if not plane.extra.any():
            assert plane.reached == pytest.approx(reached(everything, plan), abs=ROUGH)
        worth = float(everything.present @ reached(everything, plan)) - plan.penalty
        assert plan.objective == pytest.approx(worth, abs=NEAR)
    assert found.present.objective == pytest.approx(everything.value(everything.present), abs=NEAR)
    assert found.tiers_held == bool(everything.classes)
    before = {p: sum(there.values()) for p, there in found.present.shares.items()}
    for plan in found.plans:
        after = {p: sum(there.values()) for p, there in plan.shares.items()}
        assert set(plan.more) == {p for p in after if after[p] > before.get(p, 0.0) + 1e-6}
        assert set(plan.less) == {p for p in before if before[p] > after.get(p, 0.0) + 1e-6}


def best_of_first(hard: Everything, found: Frontier, least: float) -> float:
    """The most of the first criterion with so many points of the second, by trying everything."""
    first, second = (hard.names.index(n) for n in found.criteria)
    return hard.value(np.eye(len(hard.names))[first], [(hard.toward(second), least)])


def nondominated(reached: Any) -> Any:
    """(k, 2) the points that no other is as good as in both and better in one, by falling first."""
    kept: list[list[float]] = []
    for a, b in sorted(np.unique(reached.round(9), axis=0).tolist(), key=lambda p: (-p[0], -p[1])):
        if not kept or b > kept[-1][1] + 1e-6:
            kept.append([a, b])
    return np.array(kept)


def knee(reached: Any) -> int | None:
    """The one furthest above the line between both ends, both criteria as parts of their range."""
    if len(reached) < 3:
        return None
    span = reached.max(axis=0) - reached.min(axis=0)
    above = ((reached - reached.min(axis=0)) / span).sum(axis=1) - 1.0
    return int(np.argmax(above)) if above.max() > 1e-6 else None


def whole(raw: Raw) -> bool:
    return not any(0 < p.get("min_share", 1.0) < 1 for p in raw["projects"])


@law(18)
@given(weighed(divisible=False, least=2, criteria=3, kinds=HARD, rules=2).filter(whole))
def test_whole_projects_all_points_supported_or_not(raw: Raw) -> None:
    everything, hard = Everything(raw), Everything(raw, soft=False)
    # A synergy is taken as far as is wanted: where it is good for one and bad for the other, points fill a line.
    assume(all((add[:2] >= -1e-12).all() for add in hard.adds))
    space = space_of(raw)
    every = np.array([plane.reached + plane.extra.sum(axis=0) for _, plane in hard.fixed])[:, :2]
    for pair in (PAIR, PAIR[::-1]):
        found = pareto(space, pair)
        assert found.proved
        assert found.eps == 0
        assert list(found.criteria) == [hard.names[k] for k in pair]
        sound(everything, found)
        expected = nondominated(every[:, pair])
        assert points(hard, found) == pytest.approx(expected, abs=1e-5)
        assert not any(plan.goes_on for plan in found.plans)
        at = {i for i, plan in enumerate(found.plans) if plan.knee}
        if len(expected) > 2:
            corner = knee(expected)
            values = ((expected - expected.min(axis=0)) / np.ptp(expected, axis=0)).sum(axis=1)
            assert len(at) == (corner is not None)
            assert all(values[i] == pytest.approx(values.max(), abs=1e-6) for i in at)
        supported = {tuple(p) for p in hull(expected.round(6))}
        for plan, point in zip(found.plans, expected.round(6).tolist(), strict=True):
            assert plan.supported or tuple(point) not in supported
            assert not plan.supported or on_hull(point, sorted(supported)), point


def on_hull(point: list[float], corners: list[tuple[float, float]]) -> bool:
    """Whether a point is a corner of the upper hull or lies between two."""
    a, b = point
    first, second = np.array(corners).T
    return bool(abs(np.interp(a, first, second) - b) < 1e-4)


LISTED = [(955, 906), (949, 915), (948, 939), (943, 940), (936, 942), (935, 947), (934, 971), (927, 972), (918, 983)]


@pytest.mark.parametrize(("raw", "published"), [(VOPT, LISTED), (EHRGOTT, None)], ids=["vOptGeneric", "Ehrgott 10.2"])
def test_published_knapsacks_have_all_their_points(raw: Raw, published: list[tuple[int, int]] | None) -> None:
    """The larger one: all that MultiObjectiveAlgorithms.jl lists for it in its own tests."""
    everything = nondominated(subsets(raw))
    if published is not None:
        assert everything.tolist() == [list(map(float, p)) for p in published]
    found = pareto(space_of(raw), PAIR)
    assert found.proved
    ours = [(round(p.criteria["z0"], 6), round(p.criteria["z1"], 6)) for p in found.plans]
    assert ours == [tuple(p) for p in everything.tolist()]
    assert [o for o, p in zip(ours, found.plans, strict=True) if p.supported] == hull(subsets(raw))


def test_a_published_linear_problem() -> None:
    found = pareto(space_of(STEUER), PAIR)
    ours = [(p.criteria["z1"], p.criteria["z2"]) for p in found.plans]
    assert ours == [pytest.approx(p, abs=1e-5) for p in ((0.0, 0.0), (-3.0, 6.0), (-12.0, 9.0))]
    assert [p.goes_on for p in found.plans] == [True, True, False]
    assert all(p.supported for p in found.plans)
    assert [p.knee for p in found.plans] == [False, True, False]


def follows(hard: Everything, found: Frontier, parts: tuple[float, ...] = (0.25, 0.5, 0.9)) -> None:
    """Every point is the best of its kind, and so is what lies, or does not lie, between two."""
    reached = points(hard, found)
    for point in reached:
        assert best_of_first(hard, found, point[1] - 1e-7) == pytest.approx(point[0], abs=5 * NEAR)
    for plan, one, other in zip(found.plans, reached, reached[1:], strict=False):
        assert one[0] >= other[0] - 1e-6
        assert one[1] <= other[1] + 1e-6
        for part in parts:
            least = one[1] + part * (other[1] - one[1])
            if least - one[1] < 1e-3:
                continue  # past the last of one plan lies the next, and a step of 1e-3 points is told as such
            between = one[0] + part * (other[0] - one[0]) if plan.goes_on else other[0]
            assert best_of_first(hard, found, least) == pytest.approx(between, abs=5 * NEAR)
    first, second = (hard.names.index(n) for n in found.criteria)
    unit = np.eye(len(hard.names))
    assert reached[0, 0] == pytest.approx(hard.value(unit[first]), abs=NEAR)
    assert reached[-1, 1] == pytest.approx(hard.value(unit[second]), abs=NEAR)


@law(12)
@given(
    linear_scenarios().filter(lambda raw: len(raw["criteria"]) > 1 and not any("synergy" in r for r in raw["rules"]))
)
def test_divisible_projects_line_by_line(raw: Raw) -> None:
    everything, hard = Everything(raw), Everything(raw, soft=False)
    found = pareto(space_of(raw), PAIR)
    assert found.proved
    sound(everything, found)
    assert [p.goes_on for p in found.plans] == [True] * (len(found.plans) - 1) + [False]
    assert all(p.supported for p in found.plans)
    follows(hard, found, (0.5,))


@pytest.mark.parametrize(("seed", "part"), [(1, 0.0), (2, 0.0), (3, 0.5), (4, 0.3)])
def test_figures_that_are_not_round(seed: int, part: float) -> None:
    raw = generic(seed, projects=6, criteria=2, part=part)
    hard = Everything(raw)
    found = pareto(space_of(raw), PAIR)
    assert found.proved
    sound(hard, found)
    follows(hard, found)
    assert len(found.plans) > 2


@law(10)
@given(weighed(least=2, criteria=2, kinds=tuple(k for k in HARD if k != "synergy"), rules=2))
def test_projects_of_every_kind(raw: Raw) -> None:
    everything, hard = Everything(raw), Everything(raw, soft=False)
    found = pareto(space_of(raw), PAIR)
    assert found.proved
    sound(everything, found)
    follows(hard, found, (0.5,))


def test_mixed_by_hand() -> None:
    """A divisible one of 4 and 0, or a whole one of 1 and 3, or both in part: a whole one leaves half of the land."""
    raw: Raw = {
        "measures": ["land", "jobs", "output"],
        "supply": {"land": 2.0},
        "projects": [
            {"id": "d", "land": 2.0, "jobs": 4.0, "output": 0.0},
            {"id": "w", "land": 1.0, "jobs": 1.0, "output": 3.0, "min_share": 1.0},
        ],
        "criteria": {n: {"of": n, "weight": 1.0, "reference": 100.0} for n in ("jobs", "output")},
    }
    found = pareto(space_of(raw), PAIR)
    # d alone 4, 0; w with half of d 3, 3
    assert [tuple(p.criteria.values()) for p in found.plans] == [pytest.approx((4.0, 0.0)), pytest.approx((3.0, 3.0))]
    assert [p.goes_on for p in found.plans] == [False, False]


def test_a_piece_that_another_plan_cuts_short() -> None:
    """e and f share the land along a line; from 6, 3 on the whole one is better in both."""
    raw: Raw = {
        "measures": ["land", "jobs", "output"],
        "supply": {"land": 1.0},
        "projects": [
            {"id": "e", "land": 1.0, "jobs": 9.0, "output": 0.0},
            {"id": "f", "land": 1.0, "jobs": 0.0, "output": 9.0},
            {"id": "w", "land": 1.0, "jobs": 6.0, "output": 6.0, "min_share": 1.0},
        ],
        "criteria": {n: {"of": n, "weight": 1.0, "reference": 100.0} for n in ("jobs", "output")},
    }
    hard = Everything(raw)
    found = pareto(space_of(raw), PAIR)
    sound(hard, found)
    follows(hard, found)
    # 9, 0 on to 6, 3 (no more jobs there with more output but by w); w; past it 3, 6 and on to 0, 9
    assert points(hard, found)[[0, -1]] == pytest.approx(np.array([[9.0, 0.0], [0.0, 9.0]]), abs=1e-5)
    assert any(np.allclose(p, (6.0, 6.0)) for p in points(hard, found))
    assert all(
        not plan.knee or np.allclose(p, (6.0, 6.0)) for plan, p in zip(found.plans, points(hard, found), strict=True)
    )


def test_broken_soft_rules_are_told_and_not_counted() -> None:
    raw = generic(5, projects=6, criteria=2)
    plain = pareto(space_of(raw), PAIR)
    raw["rules"] = [{"name": "few", "count": {"at_most": 1.0}, "soft": 7.0, "where": {}}]
    found = pareto(space_of(raw), PAIR)
    assert [p.criteria for p in found.plans] == [pytest.approx(p.criteria) for p in plain.plans]
    # 7 points per 1 % of one project
    assert [p.penalty for p in found.plans] == pytest.approx([700 * (len(p.shares) - 1) for p in found.plans])
    assert all(p.penalty == 0 for p in plain.plans)
    sound(Everything(raw), found)


@law(10)
@given(weighed(least=3, criteria=5, rules=2, kinds=HARD))
def test_three_criteria_within_eps(raw: Raw) -> None:
    everything, hard = Everything(raw), Everything(raw, soft=False)
    chosen = [2, 0, 1]
    found = pareto(space_of(raw), chosen, eps=0.5)
    assert found.proved
    assert found.eps == 0.5
    assert list(found.criteria) == [hard.names[k] for k in chosen]
    sound(everything, found)
    reached = points(hard, found)
    for w in on_simplex(3, 2):
        weights = np.zeros(len(hard.names))
        weights[chosen] = w
        best = hard.value(weights)
        assert best - 0.5 - NEAR <= (reached @ w).max() <= best + NEAR


def test_three_criteria_from_the_best_of_the_first_on() -> None:
    raw = generic(13, projects=8, criteria=4)
    firsts = points(Everything(raw), pareto(space_of(raw), [2, 0, 1], eps=0.2))[:, 0]
    assert (np.diff(firsts) <= 1e-6).all()


def test_totals_are_those_of_the_shares() -> None:
    found = pareto(space_of(STEUER), PAIR)
    assert found.plans[-1].shares == {"x1": {"": 1.0}, "x2": {"": 1.0}}
    assert list(found.plans[-1].criteria.values()) == pytest.approx([-12.0, 9.0], abs=1e-8)


def test_three_of_four_criteria() -> None:
    raw = generic(13, projects=8, criteria=4)
    hard = Everything(raw)
    found = pareto(space_of(raw), [0, 2, 3], eps=0.2)
    assert len(found.plans) > 3
    sound(hard, found)
    for w in on_simplex(3, 100):
        best = hard.value([w[0], 0.0, w[1], w[2]])
        assert best - 0.2 - NEAR <= (points(hard, found) @ w).max() <= best + NEAR


def test_the_present_plan_is_the_one_that_is_solved_for() -> None:
    found = pareto(space_of(twins()), PAIR)
    assert found.present.shares == {"a": {"": pytest.approx(1.0)}, "b": {"": pytest.approx(0.5)}}
    # and it is on the frontier, which has one point
    assert [(plan.more, plan.less) for plan in found.plans] == [((), ())]


def test_a_criterion_for_which_nobody_counts() -> None:
    raw = generic(4, projects=6, criteria=1)
    raw["measures"].append("none")
    raw["criteria"]["empty"] = {"of": "none", "weight": 2.0}
    found = pareto(space_of(raw), PAIR)
    assert len(found.plans) == 1
    assert found.plans[0].supported
    assert found.plans[0].criteria["empty"] == 0
    sound(Everything(raw), found)


def test_criteria_without_weight_at_present() -> None:
    raw = generic(4, projects=6, criteria=3)
    for name in ("c0", "c1"):
        raw["criteria"][name]["weight"] = 0.0
    hard = Everything(raw)
    found = pareto(space_of(raw), PAIR)
    sound(hard, found)
    every = np.array([plane.reached for _, plane in hard.fixed])[:, :2]
    assert points(hard, found) == pytest.approx(nondominated(every), abs=1e-6)


def test_projects_that_are_all_the_same() -> None:
    raw = generic(4, projects=6, criteria=2)
    twins = [{**raw["projects"][k % 2], "id": f"t{k}"} for k in range(8)]
    raw["projects"] = twins
    hard = Everything(raw)
    found = pareto(space_of(raw), PAIR)
    sound(hard, found)
    every = np.array([plane.reached for _, plane in hard.fixed])
    assert points(hard, found) == pytest.approx(nondominated(every), abs=1e-6)
