"""Laws that every answer keeps, on random scenarios: what must not matter does not, what must not help does not."""

import os
from typing import Any

import pytest
from build import Raw, build
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from laws import (
    Answer,
    answer,
    close,
    in_order,
    in_other_unit,
    in_unit,
    plain,
    same_index,
    same_order,
    same_plan,
    split,
)
from linear_scenarios import linear_scenarios
from random_scenarios import scenarios

from landalloc.optimizer.score import scales

Measures = tuple[str, ...]
TRIES = os.environ.get("LANDALLOC_TRIES")  # so many, and others each time; by default few, and always the same


def tries(number: int) -> Any:
    """So many examples of a law, the same ones on every run unless the environment asks for others."""
    return settings(
        max_examples=int(TRIES or number),
        derandomize=TRIES is None,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )


any_measure = st.sampled_from([("land",), ("shore", "deep"), ("steam",), ("output",), ("jobs",)])  # grades share a unit
any_factor = st.sampled_from([1e4, 0.01, 3.0])


def kept(raw: Raw) -> dict[str, float]:
    """N_c of the scenario, to be used unchanged when it is changed."""
    return scales(*build(raw))


def no_better(changed: Answer | None, base: Answer | None) -> bool:
    """What was made harder is not better: no plan where there was none, and no more points."""
    if base is None or changed is None:
        return changed is None
    return changed.objective <= base.objective + 1e-6 * max(1.0, abs(base.objective))


# What must not matter


@tries(30)
@given(linear_scenarios(), any_measure, any_factor)
def test_the_unit_of_a_measure_never_shows_in_a_linear_plan(raw: Raw, measures: Measures, factor: float) -> None:
    base, other = answer(raw), answer(in_other_unit(raw, measures, factor))
    assert (base is None) == (other is None)
    if base is None or other is None:
        return
    assert close(base.objective, other.objective)
    assert same_plan(base, other)
    assert same_order(base, other)
    assert same_index(base, other)
    for row, price in base.prices.items():
        assert close(price, other.prices[row] * in_unit(row, raw, measures, factor)), row


@tries(30)
@given(scenarios(), any_measure, any_factor)
def test_the_unit_of_a_measure_never_changes_what_whole_projects_reach(
    raw: Raw, measures: Measures, factor: float
) -> None:
    base, other = answer(raw), answer(in_other_unit(raw, measures, factor))
    assert (base is None) == (other is None)
    if base is None or other is None:
        return
    assert close(base.objective, other.objective, 1e-6)
    for row, price in base.prices.items():
        assert close(price, other.prices[row] * in_unit(row, raw, measures, factor), 1e-6), row


@tries(30)
@given(st.one_of(linear_scenarios(), scenarios()), st.randoms(use_true_random=False))
def test_the_order_of_the_file_never_shows(raw: Raw, random: Any) -> None:
    base, other = answer(raw), answer(in_order(raw, lambda items: random.sample(items, len(items))))
    assert (base is None) == (other is None)
    if base is None or other is None:
        return
    assert base.solved.shares.tobytes() == other.solved.shares.tobytes()
    assert base.prices == other.prices
    assert same_order(base, other)
    assert same_index(base, other, 0.0)


@tries(30)
@given(linear_scenarios(), st.randoms(use_true_random=False))
def test_the_order_of_the_zones_never_shows_in_a_linear_plan(raw: Raw, random: Any) -> None:
    zones = {name: raw["zones"][name] for name in random.sample(sorted(raw["zones"]), len(raw["zones"]))}
    base, other = answer(raw), answer({**raw, "zones": zones})
    assert (base is None) == (other is None)
    if base is None or other is None:
        return
    assert base.shares == other.shares
    assert base.prices == other.prices
    assert same_order(base, other)


@tries(30)
@given(linear_scenarios(), st.sampled_from([0.01, 7.0, 1000.0]))
def test_weights_times_a_constant_change_nothing(raw: Raw, factor: float) -> None:
    criteria = {n: {**c, "weight": c["weight"] * factor} for n, c in raw["criteria"].items()}
    base, other = answer(raw), answer({**raw, "criteria": criteria})
    assert (base is None) == (other is None)
    if base is None or other is None:
        return
    assert close(base.objective, other.objective)
    assert same_plan(base, other)
    assert same_order(base, other)
    assert all(close(price, other.prices[row]) for row, price in base.prices.items())


@tries(20)
@given(scenarios())
def test_two_runs_are_the_same_byte_by_byte(raw: Raw) -> None:
    one, two = answer(raw), answer(raw)
    assert (one is None) == (two is None)
    if one is None or two is None:
        return
    assert one.solved.shares.tobytes() == two.solved.shares.tobytes()
    assert one.prices == two.prices
    assert one.table.equals(two.table)


# What must not help or hurt


@tries(30)
@given(st.one_of(linear_scenarios(plain=True), scenarios().map(plain)), st.data())
def test_tightening_a_supply_never_helps(raw: Raw, data: Any) -> None:
    places = [("", raw["supply"]), *((z, zone["supply"]) for z, zone in raw["zones"].items())]
    there = [(z, m) for z, supply in places for m in sorted(supply)]
    assume(there)
    zone, measure = data.draw(st.sampled_from(there))
    less = data.draw(st.sampled_from([0.0, 0.5, 0.9]))
    supply = raw["zones"][zone]["supply"] if zone else raw["supply"]
    changed = {**supply, measure: supply[measure] * less}
    tight = {**raw, "supply": changed} if not zone else in_zone(raw, zone, changed)
    assert no_better(answer(tight, kept=kept(raw)), answer(raw))


def in_zone(raw: Raw, zone: str, supply: Raw) -> Raw:
    return {**raw, "zones": {**raw["zones"], zone: {**raw["zones"][zone], "supply": supply}}}


@tries(30)
@given(st.one_of(linear_scenarios(plain=True), scenarios().map(plain)), st.data())
def test_adding_a_candidate_never_hurts(raw: Raw, data: Any) -> None:
    assume(len(raw["projects"]) > 1)
    added = data.draw(st.sampled_from(raw["projects"]))
    named = {p for rule in raw["rules"] for p in str(rule).split("'")}
    assume(added["id"] not in named)
    assume("makes" not in added)  # whoever is the first to make something makes it scarce
    fewer = {**raw, "projects": [p for p in raw["projects"] if p is not added]}
    assert no_better(answer(fewer, kept=kept(raw)), answer(raw))


@tries(30)
@given(st.one_of(linear_scenarios(plain=True), scenarios().map(plain)), st.data())
def test_splitting_what_a_zone_supplies_never_helps(raw: Raw, data: Any) -> None:
    outer = {zone.get("within") for zone in raw["zones"].values()}
    zones = [name for name, zone in raw["zones"].items() if zone["supply"] and name not in outer]
    assume(zones)
    cut = split(raw, data.draw(st.sampled_from(zones)), data.draw(st.sampled_from([0.0, 0.25, 0.5])))
    assert no_better(answer(cut, kept=kept(raw)), answer(raw))


# What the index and the ranks of linear scenarios say


@tries(60)
@given(linear_scenarios())
def test_the_proved_bound_meets_the_objective_and_the_index_tells_who_is_in(raw: Raw) -> None:
    found = answer(raw)
    if found is None:
        return
    assert found.linear
    certificate = found.certificate()
    assert certificate.max_violation <= 1e-9
    assert close(certificate.bound_proved, found.objective, 1e-9)
    for row in found.table.itertuples():
        if max(abs(row.value), row.charges, row.credits) < 1e-9:
            assert row.index == 0.0 or row.decision == "committed"  # it brings nothing and takes nothing
        elif row.decision == "admitted":
            assert row.index >= 1 - 1e-9, row.id
        elif row.decision == "rejected":
            assert row.index <= 1 + 1e-9, row.id
        elif row.decision == "partial":
            assert row.index == pytest.approx(1.0, abs=1e-9), row.id


@tries(50)
@given(linear_scenarios(plain=True), st.data())
def test_a_leaner_twin_never_ranks_below(raw: Raw, data: Any) -> None:
    """A twin that needs less of a resource, or none, and is the same otherwise; its id is before or behind."""
    rules = [rule for rule in raw["rules"] if "synergy" not in rule]
    project = data.draw(st.sampled_from(raw["projects"]))
    needs = [m for m in ("land", "shore", "deep") if project[m] > 0]
    scarce = [m for m in needs if any(m in place["supply"] for place in (raw, *raw["zones"].values()))]
    assume(scarce)
    measure = data.draw(st.sampled_from(scarce))
    less = project[measure] * data.draw(st.sampled_from([0.0, 0.5, 0.9]))
    twin = {**project, "id": data.draw(st.sampled_from(["a-twin", "z-twin"])), measure: less}
    found = answer({**raw, "rules": rules, "projects": [*raw["projects"], twin]})
    if found is not None:
        both = found.table.set_index("id").loc[[project["id"], twin["id"]]]
        assert found.ranks[twin["id"]] < found.ranks[project["id"]], both
