"""Plans side by side: what counts as what, on whose terms, and what must hold whatever the plans are."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from comparisons import LAND, Standing, changes, column, entries, made
from hypothesis import given, settings
from hypothesis import strategies as st
from sample import criterion

from landalloc.models.comparison import Change
from landalloc.models.finding import InputError
from landalloc.models.plan import RuleRow, Status
from landalloc.optimizer import pipeline, terms
from landalloc.optimizer.allocation import Allocation
from landalloc.optimizer.compare import compare
from landalloc.optimizer.comparison import Compared
from landalloc.optimizer.read import read
from landalloc.optimizer.solve import Limits

INPUTS = Path(__file__).resolve().parent.parent / "inputs"


def compared(*plans: Allocation) -> Compared:
    return compare(entries(*plans))


def codes(found: Compared) -> list[str]:
    return [one.code for one in found.findings]


def refused(*plans: Allocation) -> list[str]:
    with pytest.raises(InputError) as caught:
        compared(*plans)
    return [one.code for one in caught.value.findings]


# What becomes of a project


@pytest.mark.parametrize(
    ("before", "after", "land", "change", "moves"),
    [
        ((1.0, "north"), (1.0, "north"), None, Change.KEPT, False),
        (None, (1.0, "north"), None, Change.NEW, False),
        ((1.0, "north"), None, None, Change.OUT, False),
        (None, None, None, Change.NEITHER, False),
        ((0.4, "north"), (0.8, "north"), None, Change.RAISED, False),
        ((0.8, "north"), (0.4, "north"), None, Change.TRIMMED, False),
        ((1.0, "north"), (1.0, "south"), None, Change.KEPT, True),
        ((0.4, "north"), (1.0, "south"), None, Change.RAISED, True),
        ((1.0, "north"), (1.0, "north"), 90.0, Change.TRIMMED, False),
        ((1.0, "north"), (1.0, "north"), 110.0, Change.RAISED, False),
        ((0.5, "north"), (1.0, "north"), 50.0, Change.RAISED, False),
        ((0.5, "north"), (1.0, "north"), 40.0, Change.CHANGED, False),
        ((1.0, "north"), (1.0, "north"), 100.00000001, Change.KEPT, False),
    ],
)
def test_what_becomes_of_a_project(
    before: Standing | None, after: Standing | None, land: float | None, change: Change, moves: bool
) -> None:
    other = made({"a": after, "h": (1.0, "north")}, land={} if land is None else {"a": land})
    found = compared(made({"a": before, "h": (1.0, "north")}), other)
    assert changes(found.projects) == {"a": change, "h": Change.KEPT}
    assert column(found.projects, "moved@1") == [moves, False]
    plan = found.comparison.plans[1]
    assert sum(plan.changes.values()) == 2
    assert plan.changes[change] == (2 if change is Change.KEPT else 1)
    assert plan.moved == moves


def test_who_is_no_candidate_in_one_of_the_plans() -> None:
    found = compared(
        made({"a": (1.0, "north"), "b": (1.0, "north"), "c": None}), made({"a": (1.0, "north"), "d": (1.0, "south")})
    )
    assert changes(found.projects) == {"a": "kept", "b": "out", "c": "neither", "d": "new"}
    assert column(found.projects, "decision@0") == ["admitted", "admitted", "rejected", None]
    assert column(found.projects, "decision@1") == ["admitted", None, None, "admitted"]
    assert column(found.projects, "zones@1") == [{"north": 1.0}, None, None, {"south": 1.0}]


def test_part_of_a_divisible_project_that_goes_elsewhere_moves() -> None:
    plans = [made({"a": (1.0, "north"), "b": (1.0, "north")}) for _ in range(3)]
    for plan, north in zip(plans, (0.9, 0.1, 0.9), strict=True):
        plan.projects.loc[plan.projects["id"] == "a", ["share@north", "share@south"]] = [north, 1.0 - north]
    found = compared(*plans)
    assert column(found.projects, "moved@1") == [True, False]
    assert column(found.projects, "moved@2") == [False, False]
    assert changes(found.projects, 1) == changes(found.projects, 2) == {"a": "kept", "b": "kept"}


def test_places_gained_in_the_ranking() -> None:
    found = compared(made({"a": None, "b": (1.0, "north")}), made({"a": (1.0, "north"), "b": (1.0, "north")}))
    assert column(found.projects, "climbed@1") == [1, -1]


# Laws

FEW = settings(max_examples=40, deadline=None)
"""A table of pandas is slow to make."""

standing = st.one_of(st.none(), st.tuples(st.sampled_from([0.25, 0.5, 1.0]), st.sampled_from(["north", "south"])))
plan_of = st.dictionaries(st.sampled_from("abcdefg"), standing, max_size=7).map(lambda found: {"h": None, **found})
land_of = st.dictionaries(st.sampled_from("abcdefg"), st.sampled_from([50.0, 200.0, 700.0]), max_size=3)


@FEW
@given(plan_of, land_of)
def test_a_plan_compared_with_itself_changes_nothing(standings: Any, land: Any) -> None:
    found = compared(made(standings, land=land), made(standings, land=land))
    assert set(column(found.projects, "change@1")) <= {Change.KEPT, Change.NEITHER}
    assert not any(column(found.projects, "moved@1"))
    assert set(column(found.projects, "climbed@1")) == {0}
    first, other = found.comparison.plans
    assert first.score == other.score
    assert first.decisions == other.decisions
    assert all(len(set(measure.granted)) == 1 for measure in found.comparison.measures)
    assert not found.findings


@FEW
@given(plan_of, plan_of, land_of, st.randoms(use_true_random=False))
def test_the_order_of_projects_never_matters(one: Any, other: Any, land: Any, shuffled: Any) -> None:
    plans = made(one), made(other, land=land)
    mixed = []
    for plan in plans:
        rows = list(range(len(plan.projects)))
        shuffled.shuffle(rows)
        mixed.append(Allocation(plan.plan, plan.projects.iloc[rows].reset_index(drop=True)))
    found, again = compared(*plans), compared(*mixed)
    assert found.projects.equals(again.projects)
    for plan, same in zip(found.comparison.plans, again.comparison.plans, strict=True):
        assert plan == same


MIRRORED = {
    Change.NEW: Change.OUT,
    Change.OUT: Change.NEW,
    Change.RAISED: Change.TRIMMED,
    Change.TRIMMED: Change.RAISED,
}


@FEW
@given(plan_of, plan_of, land_of)
def test_the_other_way_round_is_the_mirror_image(one: Any, other: Any, land: Any) -> None:
    plans = made(one), made(other, land=land)
    there, back = compared(*plans).projects, compared(*reversed(plans)).projects
    assert column(there, "id") == column(back, "id")
    assert [MIRRORED.get(kind, kind) for kind in column(there, "change@1")] == column(back, "change@1")
    assert column(there, "moved@1") == column(back, "moved@1")
    assert [-places for places in there["climbed@1"].dropna()] == back["climbed@1"].dropna().tolist()


@FEW
@given(plan_of, plan_of, land_of)
def test_every_change_as_one_would_say_it(one: Any, other: Any, land: Any) -> None:
    found = changes(compared(made(one), made(other, land=land)).projects)
    for name, change in found.items():
        before, after = one.get(name), other.get(name)
        grants = (before or (0, ""))[0] * LAND[name], (after or (0, ""))[0] * land.get(name, LAND[name])
        if before and after:
            steps = {(a > b) - (a < b) for a, b in ((after[0], before[0]), (grants[1], grants[0]))} - {0}
            said = {(): "kept", (1,): "raised", (-1,): "trimmed"}.get(tuple(steps), "changed")
        else:
            said = "new" if after else "out" if before else "neither"
        assert change == said, name


# On whose terms


def test_scores_are_at_the_scales_and_weights_of_the_first() -> None:
    twice = (criterion("jobs", "就业", "jobs", None, 5.0, 20.0, 40.0),)
    found = compared(
        made({"a": (1.0, "north")}), made({"a": (1.0, "north"), "b": (1.0, "north")}, criteria=twice, score=50.0)
    )
    assert [plan.score for plan in found.comparison.plans] == [12.5, 25.0]
    assert [plan.own_score for plan in found.comparison.plans] == [12.5, 50.0]
    row = found.comparison.criteria[0]
    assert (row.scale, row.totals, row.achieved, row.points) == (80.0, (10.0, 20.0), (0.125, 0.25), (12.5, 25.0))
    assert row.counted == ("stated", "stated")


def test_a_criterion_that_is_defined_otherwise_is_counted_again() -> None:
    per = (criterion("jobs", "就业", "jobs", "land", 1.0, 3.0, 80.0),)
    found = compared(made({"a": (1.0, "north")}), made({"a": (1.0, "north"), "b": (0.5, "north")}, criteria=per))
    assert found.comparison.criteria[0].counted == ("stated", "recounted")
    assert found.comparison.criteria[0].totals == (10.0, 15.0)
    assert codes(found) == ["criterion-differs"]


def test_a_criterion_that_is_missing() -> None:
    other = (criterion("land_saving", "节地", "land", None, 1.0, 3.0, 80.0),)
    found = compared(made({"a": (1.0, "north")}), made({"a": (1.0, "north")}, criteria=other))
    assert found.comparison.plans[1].score == 12.5
    assert codes(found) == ["criterion-missing", "criterion-further"]


def test_no_score_where_a_criterion_cannot_be_counted() -> None:
    first = made({"a": (1.0, "north")})
    bare = made({"a": (1.0, "north")}, criteria=(), measures=first.plan.measures[:1])
    found = compared(first, bare)
    assert [plan.score for plan in found.comparison.plans] == [12.5, None]
    assert found.comparison.criteria[0].counted == ("stated", None)
    assert next(m for m in found.comparison.measures if m.name == "jobs").granted == (10.0, None)


def test_other_units_of_one_kind_are_converted() -> None:
    hectares = {name: amount / 15 for name, amount in LAND.items()}
    here = made({"a": (1.0, "north"), "b": (0.5, "north")})
    there = made({"a": (1.0, "north"), "b": (1.0, "north")}, land=hectares, unit="公顷")
    found = compared(here, there)
    assert changes(found.projects) == {"a": "kept", "b": "raised"}
    assert column(found.projects, "granted.land@1") == pytest.approx([100.0, 200.0])
    land = found.comparison.resources[0]
    assert land.unit == "mu"
    assert land.used == pytest.approx((200.0, 300.0))
    assert land.price == pytest.approx((0.02, 0.02 / 15))
    assert codes(found) == ["unit-converted"]


def test_units_of_different_kinds_are_an_error() -> None:
    assert refused(made({"a": None}), made({"a": None}, unit="m"), made({"a": None}, unit="t")) == ["unit-clash"] * 2


def test_rules_are_matched_and_those_of_other_kinds_are_not() -> None:
    def ships(unit: str, limit: float, kept: bool) -> RuleRow:
        return RuleRow(name="ships", title="造船", kind="total", source=None, soft=True, each=None, bound="at_least",
                       unit=unit, limit=limit, value=2 * limit, existing=0.0, shortfall=0.0, penalty=0.5, price=0.0,
                       kept=kept)  # fmt: skip

    plans = [
        made({"a": None}, rules=(ships(*one),)) for one in (("t", 1000.0, True), ("kt", 2.0, False), ("m", 3.0, True))
    ]
    converted, other = compared(*plans).comparison.rules
    assert (converted.unit, converted.limit, converted.value) == ("t", (1000.0, 2000.0, None), (2000.0, 4000.0, None))
    assert converted.kept == (True, False, None)
    assert (other.unit, other.limit) == ("m", (None, None, 3.0))


def test_projects_that_look_renamed_are_mentioned() -> None:
    here = made({"a": None, "b": (1.0, "north"), "c": None}, titles={"b": "船厂扩建"})
    there = made({"a": None, "d": (1.0, "north"), "e": None}, titles={"d": " 船厂扩建", "e": "别的"})
    found = compared(here, there)
    assert codes(found) == ["renamed"]
    assert found.findings[0].what.args == {"before": "b", "after": "d", "title": "船厂扩建"}
    assert changes(found.projects)["d"] == "new"


def test_titles_that_stand_several_times_say_nothing() -> None:
    titles = {"b": "住宅", "c": "住宅", "d": "住宅"}
    assert not codes(
        compared(made({"a": None, "b": None, "c": None}, titles=titles), made({"a": None, "d": None}, titles=titles))
    )


def test_one_code_with_two_titles_is_mentioned() -> None:
    assert codes(compared(made({"a": None}), made({"a": None}, titles={"a": "另一个"}))) == ["retitled"]


def test_a_plan_that_stopped_at_a_limit_is_mentioned() -> None:
    early = made({"a": None}, status=Status.LIMIT, bound=float("inf"))
    assert codes(compared(made({"a": None}), early)) == ["limit"]


def test_nothing_in_common() -> None:
    assert refused(made({"a": None}), made({"b": None})) == ["nothing-in-common"]


def test_a_project_that_stands_there_twice() -> None:
    twice = made({"a": None, "b": None})
    twice.projects["id"] = "a"
    assert refused(made({"a": None}), twice) == ["duplicate-id"]


def test_a_plan_that_somebody_has_cut_short() -> None:
    plan = made({"a": None})
    assert refused(plan, Allocation(plan.plan.model_copy(update={"measures": ()}), plan.projects)) == ["not-a-plan"] * 2


# Scenarios that are solved

A_SCENARIO = """
name: one
language: en
measures: {land: {unit: mu}, output: {unit: 亿元/year}, jobs: {unit: person}}
supply: {land: 100}
criteria: {output: {of: output, weight: 2}, density: {of: output, per: land, standard: 0.01, weight: 1}}
projects:
  - {id: a, land: 60, output: 5, jobs: 1}
  - {id: b, land: 60, output: 4, jobs: 2}
"""


def solved(path: Path, first: Allocation | None = None, **options: Any) -> Allocation:
    reading = read(path, **options)
    kept = terms.kept_scales(first.plan, reading.scenario) if first else None
    return pipeline.allocate(reading, Limits(), case=options.get("case"), kept=kept)


def test_what_is_solved_has_the_scales_of_the_first(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(A_SCENARIO, encoding="utf-8")
    other = A_SCENARIO.replace("亿元/year", "万元/year").replace("0.01", "100").replace("output: 5", "output: 90000")
    other = other.replace("output: 4,", "output: 40000,").replace("name: one", "name: two")
    (tmp_path / "two.yaml").write_text(other, encoding="utf-8")
    first = solved(tmp_path / "one.yaml")
    second = solved(tmp_path / "two.yaml", first)
    scales = [{c.name: c.scale for c in plan.plan.criteria} for plan in (first, second)]
    assert scales[0] == pytest.approx({"output": 9.0, "density": 7.8})
    assert scales[1] == pytest.approx({"output": 90000.0, "density": 78000.0})
    found = compared(first, second)
    assert found.comparison.criteria[1].counted == ("stated", "stated")
    for plan in found.comparison.plans:  # the same weights and scales: nothing to convert
        assert plan.score == pytest.approx(plan.own_score)
    assert codes(found) == ["unit-converted"]


def test_counting_again_gives_what_a_plan_states() -> None:
    plan = solved(INPUTS / "harbour.yaml")
    entry = entries(plan)[0]
    factors = terms.common_units([entry])[0][0]
    for one in plan.plan.criteria:
        again = terms.recounted(one, entry, factors)
        assert again is not None
        assert math.isclose(again, one.total, rel_tol=1e-9)


def test_harbour_with_less_energy() -> None:
    first = solved(INPUTS / "harbour.yaml")
    found = compared(first, solved(INPUTS / "harbour.yaml", first, case="tight-energy"))
    assert {name: kind for name, kind in changes(found.projects).items() if kind not in ("kept", "neither")} == {
        "heat": "out",
        "roro": "raised",
    }
    base, tight = found.comparison.plans
    assert base.score is not None
    assert tight.score is not None
    assert base.score == pytest.approx(base.own_score)
    assert tight.score == pytest.approx(tight.own_score)
    assert tight.score < base.score
    energy = next(row for row in found.comparison.resources if row.measure == "energy")
    assert energy.supply == (75000.0, 50000.0)
