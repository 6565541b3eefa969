"""How far a weight may move, against solving just inside and just outside and against a scan of every line."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from build import Raw
from hypothesis import given
from linear_scenarios import linear_scenarios
from weighing import EXACT, NEAR, Everything, Plane, fresh, generic, law, sites, space_of, weighed

import landalloc
from landalloc.models.tuning import Range, Stability
from landalloc.optimizer.pipeline import full_shares
from landalloc.optimizer.read import read
from landalloc.optimizer.tuning.opened import open_space
from landalloc.optimizer.tuning.space import WeightSpace
from landalloc.optimizer.tuning.stability import stability

INPUTS = Path(__file__).parents[1] / "inputs"
STEP = 0.01
LINEAR = ("total", "count", "exclusive", "requires", "ratio")


def on_line(everything: Everything, criterion: int, share: float) -> Any:
    """The weights with so much for one criterion, the others in proportion (equal where all of them are 0)."""
    rest = np.delete(everything.present, criterion)
    rest = rest / rest.sum() if rest.sum() else np.full(len(rest), 1.0 / max(1, len(rest)))
    return np.insert(rest * (1.0 - share), criterion, share)


def present_plane(everything: Everything, space: WeightSpace) -> Plane:
    """What the present plan is worth at any weights."""
    broken, plane = everything.plane(sites(everything, full_shares(space.solved)))
    assert broken <= NEAR
    return plane


def interval_holds(everything: Everything, plane: Plane, found: Range, criterion: int) -> None:
    """Optimal at both ends and within, no longer optimal past them."""

    def short(share: float) -> float:
        w = on_line(everything, criterion, share)
        return everything.value(w) - float(plane.worth(w))

    assert found.share == pytest.approx(everything.present[criterion])
    assert 0 <= found.low <= found.share + 1e-9
    assert found.share - 1e-9 <= found.high <= 1
    for share in {found.low, found.high, found.share, (found.low + found.share) / 2, (found.high + found.share) / 2}:
        assert short(share) <= 2 * NEAR
    assert (found.below is None) == (found.low == 0)
    assert (found.above is None) == (found.high == 1)
    if found.low > STEP:
        assert short(found.low - STEP) > 1e-6
    if found.high < 1 - STEP:
        assert short(found.high + STEP) > 1e-6


def as_numbers(everything: Everything, found: Range, criterion: int) -> None:
    """The ends as numbers beside the other weights as they are."""
    given_ = [c.weight for c in everything.scenario.criteria.values()]
    others = sum(given_) - given_[criterion]
    assert found.weight == given_[criterion]
    for end, number in zip((found.low, found.high), found.weights, strict=True):
        if end == 1:
            assert number is None
        elif others:
            assert number == pytest.approx(others * end / (1 - end), rel=1e-6, abs=1e-9)


def ranges_hold(raw: Raw) -> tuple[Everything, WeightSpace, Stability]:
    everything, space = Everything(raw), space_of(raw)
    found = stability(space)
    assert found.proved
    assert [r.criterion for r in found.ranges] == everything.names
    assert found.tiers_held == bool(everything.classes)
    plane = present_plane(everything, space)
    assert found.objective == pytest.approx(float(plane.worth(everything.present)), abs=NEAR)
    for criterion, one in enumerate(found.ranges):
        assert one.proved
        interval_holds(everything, plane, one, criterion)
        as_numbers(everything, one, criterion)
    return everything, space, found


@law(12)
@given(weighed(divisible=False, least=2, tiers=False, rules=2))
def test_intervals_with_whole_projects(raw: Raw) -> None:
    ranges_hold(raw)


@law(12)
@given(weighed(least=2, criteria=3, rules=2))
def test_intervals_with_projects_of_every_kind_and_tiers(raw: Raw) -> None:
    ranges_hold(raw)


@law(12)
@given(linear_scenarios().filter(lambda raw: len(raw["criteria"]) > 1))
def test_intervals_with_divisible_projects(raw: Raw) -> None:
    ranges_hold(raw)


# What lies beyond, and along the whole line


def best_on(everything: Everything, criterion: int, steps: int) -> list[tuple[Any, Any]]:
    """(weights, shares of the projects) wherever on a line just one plan is best."""
    projects = [c.id for c in everything.candidates.values() if c.allowed]
    shares = np.array([[sum(v for s, v in x.items() if s[0] == p) for p in projects] for x, _ in everything.fixed])
    found = []
    for share in np.linspace(0, 1, steps + 1):
        w = on_line(everything, criterion, share)
        worth = np.array([float(plane.worth(w)) for _, plane in everything.fixed])
        best = shares[worth > worth.max() - 1e-7]
        if len(np.unique(best, axis=0)) == 1:
            found.append((w, best[0]))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_who_depends_on_weights_and_what_changes_first(seed: int) -> None:
    raw = generic(seed, projects=8, criteria=3)
    everything, _, found = ranges_hold(raw)
    projects = np.array(list(everything.candidates))
    seen = [shares for c in range(3) for _, shares in best_on(everything, c, 200)]
    moved = np.ptp(np.array(seen), axis=0) > 1e-9
    inside = np.array(seen).min(axis=0) > 0
    assert set(found.depends) == set(projects[moved])
    assert set(found.always) == set(projects[~moved & inside])
    assert set(found.never) == set(projects[~moved & ~inside])
    for criterion, one in enumerate(found.ranges):
        line = best_on(everything, criterion, 200)
        plans = np.unique(np.array([shares for _, shares in line]), axis=0)
        assert one.plans >= len(plans)  # a plan that is best on a very short stretch may lie between two steps
        for end, change, side in ((one.low, one.below, -1e-4), (one.high, one.above, 1e-4)):
            if change is None or not 2e-4 < end < 1 - 2e-4:
                continue
            before = best_at(everything, on_line(everything, criterion, end - side))
            after = best_at(everything, on_line(everything, criterion, end + side))
            assert set(change.more) == {p for p in projects if after[0].get(p, 0) > before[0].get(p, 0)}
            assert set(change.less) == {p for p in projects if after[0].get(p, 0) < before[0].get(p, 0)}
            for k, name in enumerate(everything.names):
                points = (after[1].reached - before[1].reached)[k]
                assert change.totals[name] == pytest.approx(points * everything.scales[name] / 100, abs=1e-6)


def best_at(everything: Everything, w: Any) -> tuple[dict[str, float], Plane]:
    """(shares by project, plane) of the best plan."""
    x, plane = max(everything.fixed, key=lambda pair: float(pair[1].worth(w)))
    return {s[0]: v for s, v in x.items()}, plane


def envelope(everything: Everything, criterion: int) -> int:
    """How many plans are best on a stretch of a line, those that are worth the same all along counted once."""
    ends = np.array([on_line(everything, criterion, t) for t in (0.0, 1.0)])
    lines = np.unique(np.array([plane.worth(ends) for _, plane in everything.fixed]).round(8), axis=0)
    turns = {0.0, 1.0}
    for a, b in lines:
        slope = (lines[:, 1] - lines[:, 0]) - (b - a)
        with np.errstate(divide="ignore", invalid="ignore"):
            t = (a - lines[:, 0]) / slope
        turns |= set(t[np.isfinite(t) & (t > 0) & (t < 1)].round(10).tolist())
    stops = sorted(turns)
    middle = np.array([(s + e) / 2 for s, e in pairwise(stops) if e - s > 1e-8])
    worth = lines[:, :1] * (1 - middle) + lines[:, 1:] * middle
    return len(set(np.argmax(worth, axis=0).tolist()))


@law(12)
@given(weighed(divisible=False, least=2, criteria=3, tiers=False, kinds=LINEAR)
       .filter(lambda raw: not any(0 < p.get("min_share", 1.0) < 1 for p in raw["projects"])))  # fmt: skip
def test_groups_and_number_of_plans_along_the_lines(raw: Raw) -> None:
    everything, _, found = ranges_hold(raw)
    projects = [c.id for c in everything.candidates.values() if c.allowed]
    assert sorted([*found.depends, *found.always, *found.never]) == sorted(projects)
    for criterion, one in enumerate(found.ranges):
        # The present plan counts even where it is best at the present weights alone.
        assert envelope(everything, criterion) <= one.plans <= envelope(everything, criterion) + 1
        for w, shares in best_on(everything, criterion, 40):
            for p, project in enumerate(projects):
                assert project not in found.never or shares[p] == 0, f"{project} is in at {w}"
                assert project not in found.always or shares[p] > 0, f"{project} is out at {w}"


# What each criterion reaches alone


@law(12)
@given(weighed(least=2, criteria=3, tiers=False, rules=1, kinds=("total", "exclusive", "ratio", "together"))
       .filter(lambda raw: all("soft" not in rule for rule in raw["rules"])))  # fmt: skip
def test_the_payoff_table(raw: Raw) -> None:
    everything = Everything(raw)
    found = stability(space_of(raw))
    assert [p.criterion for p in found.payoff] == everything.names
    scales = np.array([everything.scales[name] for name in everything.names])
    for criterion, (name, payoff) in enumerate(zip(everything.names, found.payoff, strict=True)):
        assert payoff.proved
        assert payoff.best == pytest.approx(payoff.totals[name], rel=1e-6, abs=1e-6)
        totals = np.array([payoff.totals[other] for other in everything.names])
        reached = np.divide(100 * totals, scales, out=np.zeros_like(totals), where=scales > 0)
        alone = np.eye(len(scales))[criterion]
        best = everything.value(alone)
        assert reached[criterion] == pytest.approx(best, abs=1e-4)  # what the tie may give up for the others
        if scales[criterion]:
            # Of all plans that do this, the one that is best at the present weights.
            second = everything.value(everything.present, [(everything.toward(criterion), best - 1e-6)])
            assert float(everything.present @ reached) == pytest.approx(second, abs=1e-3)


def test_the_payoff_of_a_criterion_is_its_own_total() -> None:
    raw = two([8.0, 0.0], [3.0, 0.0], 0.0, 1.0)
    raw["projects"][1]["min_share"] = 0.0
    raw["supply"]["land"] = 2.0
    jobs, _ = stability(space_of(raw)).payoff
    assert jobs.best == pytest.approx(11.0, abs=1e-9)
    assert jobs.totals == pytest.approx({"jobs": 11.0, "output": 0.0}, abs=1e-9)


# By the public door


def changed(raw: Raw, criterion: int, number: float) -> list[float]:
    weights = [c["weight"] for c in raw["criteria"].values()]
    return [*weights[:criterion], number, *weights[criterion + 1 :]]


@pytest.mark.parametrize(("seed", "part"), [(1, 1.0), (2, 0.0), (3, 0.3)])
def test_solved_anew_just_inside_and_just_outside(seed: int, part: float) -> None:
    raw = generic(seed, projects=6, criteria=3, part=part)
    space = space_of(raw)
    found = stability(space)
    before = fresh(raw, [c["weight"] for c in raw["criteria"].values()]).ranking["share"].sort_index()
    moved = 0
    for criterion, one in enumerate(found.ranges):
        for number, sign in zip(one.weights, (-1, 1), strict=True):
            if number is None or number == 0:
                continue
            within = fresh(raw, changed(raw, criterion, number - sign * 1e-3)).ranking["share"].sort_index()
            beyond = fresh(raw, changed(raw, criterion, number + sign * 1e-3)).ranking["share"].sort_index()
            assert np.allclose(within, before, atol=1e-6)
            assert not np.allclose(beyond, before, atol=1e-6)
            moved += 1
    assert moved


def test_a_scenario_of_inputs_by_its_own_changes() -> None:
    space = open_space(read(INPUTS / "harbour.yaml"), EXACT)
    found = {r.criterion: r for r in stability(space).ranges}

    def shares(name: str, number: float) -> Any:
        scenario = landalloc.read(INPUTS / "harbour.yaml", changes={f"criteria.{name}.weight": number})
        return landalloc.allocate(scenario, gap=0.0).ranking["share"].sort_index()

    before = shares("output", 40)
    for name, one in found.items():
        for number, sign in zip(one.weights, (-1, 1), strict=True):
            if number:
                assert shares(name, number - sign * 0.01).equals(before)
                after = shares(name, number + sign * 0.01)
                change = one.below if sign < 0 else one.above
                assert change is not None
                assert set(after.index[after > before]) == set(change.more)
                assert set(after.index[after < before]) == set(change.less)


# At the edge


def two(a: list[float], b: list[float], *weights: float) -> Raw:
    """Room for one of two projects, by what each brings of two things."""
    return {
        "measures": ["land", "jobs", "output"],
        "supply": {"land": 1.0},
        "projects": [
            {"id": i, "land": 1.0, "jobs": own[0], "output": own[1], "min_share": 1.0}
            for i, own in (("a", a), ("b", b))
        ],
        "criteria": {n: {"of": n, "weight": w, "reference": 100.0}
                     for n, w in zip(("jobs", "output"), weights, strict=True)},
    }  # fmt: skip


def test_two_projects_by_hand() -> None:
    """a brings 4 and 1, b 1 and 2: a while 4 w + 1 (1 − w) ≥ w + 2 (1 − w), from w = 1/4 on."""
    found = stability(space_of(two([4.0, 1.0], [1.0, 2.0], 1.0, 1.0)))
    jobs, output = found.ranges
    assert (jobs.low, jobs.high) == pytest.approx((0.25, 1.0))
    assert (output.low, output.high) == pytest.approx((0.0, 0.75))
    assert jobs.weights == (pytest.approx(1 / 3), None)
    assert output.weights == pytest.approx((0.0, 3.0))
    assert jobs.below is not None
    assert (jobs.below.more, jobs.below.less) == (("b",), ("a",))
    assert jobs.below.totals == pytest.approx({"jobs": -3.0, "output": 1.0})
    assert (jobs.above, jobs.plans, output.plans) == (None, 2, 2)
    assert (found.depends, found.always, found.never) == (("a", "b"), (), ())
    assert [p.best for p in found.payoff] == pytest.approx([4.0, 2.0])


def test_a_tie_at_the_present_weights() -> None:
    """w = 1/4 exactly: either plan is optimal there, and the one that is told only on its own side."""
    raw = two([4.0, 1.0], [1.0, 2.0], 1.0, 3.0)
    _, space, found = ranges_hold(raw)
    jobs, output = found.ranges
    has_a = space.solved.shares[0] > 0
    assert (jobs.low, jobs.high) == pytest.approx((0.25, 1.0) if has_a else (0.0, 0.25))
    assert (output.low, output.high) == pytest.approx((0.0, 0.75) if has_a else (0.75, 1.0))
    assert found.depends == ("a", "b")


@pytest.mark.parametrize("turned", [False, True])
def test_a_tie_between_divisible_projects(turned: bool) -> None:
    own = [[1.0, 2.0], [4.0, 1.0]] if turned else [[4.0, 1.0], [1.0, 2.0]]
    raw = two(*own, 1.0, 3.0)
    for project in raw["projects"]:
        project["min_share"] = 0.0
    assert fresh(raw, [1.0, 3.0]).ranking["share"].to_dict() == pytest.approx({"a": 1.0, "b": 0.0})
    _, _, found = ranges_hold(raw)
    assert (found.ranges[0].low, found.ranges[0].high) == pytest.approx((0.0, 0.25) if turned else (0.25, 1.0))


def test_a_plan_that_is_best_at_the_present_weights_alone() -> None:
    """Three in a row: b lies between a and c, and all are worth the same at equal weights."""
    raw = two([4.0, 0.0], [0.0, 4.0], 1.0, 1.0)
    raw["projects"].append({"id": "0", "land": 1.0, "jobs": 2.0, "output": 2.0, "min_share": 1.0})
    _, _, found = ranges_hold(raw)
    assert {*found.depends} >= {"a", "b"}


def test_twins_do_not_depend_on_weights() -> None:
    raw = two([4.0, 1.0], [4.0, 1.0], 1.0, 1.0)
    _, _, found = ranges_hold(raw)
    for one in found.ranges:
        assert (one.low, one.high, one.plans) == (0.0, 1.0, 1)
    assert found.depends == ()


def test_one_criterion_alone() -> None:
    raw = generic(0, projects=5, criteria=1)
    found = stability(space_of(raw))
    (one,) = found.ranges
    assert (one.below, one.above, one.plans) == (None, None, 1)
    assert one.weights[1] is None
    assert found.depends == ()
    assert found.payoff[0].best == pytest.approx(found.objective * Everything(raw).scales["c0"] / 100)


def test_a_criterion_for_which_nobody_counts() -> None:
    raw = generic(4, projects=6, criteria=2)
    raw["measures"].append("none")
    raw["criteria"]["empty"] = {"of": "none", "weight": 2.0}
    _, _, found = ranges_hold(raw)
    empty = found.ranges[2]
    # All others in proportion: the order of the plans stays, whatever the weight of nothing.
    assert (empty.low, empty.high, empty.below, empty.above) == (0.0, 1.0, None, None)
    assert found.payoff[2].best == 0


def test_all_weight_on_one_criterion() -> None:
    raw = generic(8, projects=7, criteria=3)
    for name in ("c1", "c2"):
        raw["criteria"][name]["weight"] = 0.0
    _, _, found = ranges_hold(raw)
    assert found.ranges[0].share == 1
    assert found.ranges[0].high == 1
    assert [r.low for r in found.ranges[1:]] == [0.0, 0.0]


def test_what_a_synergy_adds_where_it_had_no_weight() -> None:
    """Both are in at any weights; that the synergy comes to count with output's weight changes no project."""
    raw = two([4.0, 1.0], [1.0, 2.0], 1.0, 0.0)
    raw["supply"]["land"] = 2.0
    raw["rules"] = [{"name": "chain", "synergy": {"projects": ["a", "b"], "adds": {"output": 5.0}}}]
    _, _, found = ranges_hold(raw)
    assert found.depends == ()
    assert set(found.always) == {"a", "b"}
    assert [(r.low, r.high) for r in found.ranges] == [(0.0, 1.0), (0.0, 1.0)]


def test_a_project_that_may_not_compete_is_in_no_group_that_says_it_may() -> None:
    raw = two([4.0, 1.0], [1.0, 2.0], 1.0, 1.0)
    raw["rules"] = [{"name": "no", "veto": True, "where": {"id": "a"}}]
    found = stability(space_of(raw))
    assert "a" not in found.depends
    assert "a" not in found.always
    assert found.always == ("b",)
