"""Step curves of the optimum over a supply, against trying everything and against what was published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from brute import Search, brute_force
from build import Raw, build
from hypothesis import HealthCheck, assume, given, settings
from linear_scenarios import linear_scenarios
from optima import knapsack
from random_scenarios import KINDS, scenarios

from landalloc.models.amount import Amount
from landalloc.models.explanation import Curve, CurveStep
from landalloc.models.scenario import Scenario
from landalloc.optimizer.inquiry.ask import Inquiry, inquire
from landalloc.optimizer.inquiry.curves import curve, curves, scarce
from landalloc.optimizer.pipeline import NoPlan, solve_scenario
from landalloc.optimizer.read import read
from landalloc.optimizer.solve import Limits

EXACT = Limits(gap=0.0)
INPUTS = Path(__file__).parents[1] / "inputs"
INF = float("inf")


def law(examples: int) -> Any:
    return settings(max_examples=examples, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


def opened(raw: Raw) -> Inquiry:
    """The inquiry of a scenario; examples without a plan are passed over."""
    scenario, candidates = build(raw)
    try:
        solved, _ = solve_scenario(scenario, candidates, EXACT)
    except NoPlan:
        assume(False)
    return inquire(solved, EXACT)


def only(raw: Raw, measure: str = "land", zone: str | None = None, **more: Any) -> Curve:
    """One curve of a scenario, proved to its ends."""
    found, unproved = curves(opened(raw), **more)
    assert unproved == []
    return next(c for c in found if (c.measure, c.zone) == (measure, zone))


def supplied(scenario: Scenario, measure: str, zone: str, amount: float) -> Scenario:
    """The scenario with another supply."""
    if not zone:
        return scenario.model_copy(update={"supply": {**scenario.supply, measure: Amount(amount=amount)}})
    held = scenario.zones[zone]
    changed = held.model_copy(update={"supply": {**held.supply, measure: Amount(amount=amount)}})
    return scenario.model_copy(update={"zones": {**scenario.zones, zone: changed}})


def at(found: Curve, t: float) -> float | None:
    """The curve's value at a supply; None below its beginning."""
    steps = [s for s in found.steps if s.from_ <= t <= s.to]
    if not steps:
        return None
    low, high = steps[-1].objective
    width = steps[-1].to - steps[-1].from_
    return low + (high - low) * ((t - steps[-1].from_) / width if width else 1.0)


def slopes(found: Curve) -> list[tuple[float, float, float]]:
    """(from, to, points per unit) of every step."""
    return [(s.from_, s.to, (s.objective[1] - s.objective[0]) / (s.to - s.from_)) for s in found.steps]


def places_to_try(found: Curve, supply: float) -> list[float]:
    """Both ends and the inside of the first steps, just before every jump, and the supply there is."""
    tried = {supply, 0.0, found.steps[-1].to}
    for step in found.steps[:6]:
        inside = step.from_ + 0.37 * (step.to - step.from_)
        tried |= {step.from_, step.from_ - 1e-3, inside, step.to}
    return sorted(t for t in tried if t >= 0.0)


def near_an_end(found: Curve, t: float) -> bool:
    """Within rounding of where a step begins or ends: there a jump may be on either side."""
    return min(abs(t - end) for s in found.steps for end in (s.from_, s.to)) < 1e-5


def check(raw: Raw, held: tuple[float, ...] = ()) -> None:
    """Every curve of a named supply against trying everything at many supplies."""
    scenario, candidates = build(raw)
    inquiry = opened(raw)
    found, unproved = curves(inquiry)
    even = {r.even_use.of for r in scenario.rules if r.kind == "even_use"}
    assert all(name.split("|")[1] in even and name.split("|")[2] for name in unproved)
    named = {(row.measure, row.zone): row.supply for row in scarce(inquiry) if row.named}
    for one in found:
        key = one.measure, one.zone or ""
        for t in places_to_try(one, named[key]) if key in named else ():
            changed = supplied(scenario, *key, t)
            if held:
                search = Search(changed, candidates)
                answers = [search.answer(pattern, None, list(held)) for pattern in search.patterns()]
                best = max((a[0] for a in answers if a is not None), default=None)
            else:
                plan = brute_force(changed, candidates)
                best = None if plan is None else plan.objective
            value = at(one, t)
            assert (value is None) == (best is None) or near_an_end(one, t)
            if value is not None and best is not None:
                around = [value, *(at(one, t + d) or value for d in (-2e-6, 2e-6) if near_an_end(one, t))]
                assert any(v == pytest.approx(best, rel=1e-5, abs=1e-5) for v in around)


@law(28)
@given(scenarios(tiers=False))
def test_curves_are_the_optimum_at_every_supply(raw: Raw) -> None:
    check(raw)


@law(18)
@given(scenarios(divisible=False, tiers=False, kinds=tuple(k for k in KINDS if k != "even_use"), most=4))
def test_curves_of_whole_projects(raw: Raw) -> None:
    check(raw)


@law(18)
@given(linear_scenarios())
def test_linear_curves_are_concave_and_exact(raw: Raw) -> None:
    raw = {**raw, "rules": [r for r in raw.get("rules", []) if "even_use" not in r], "tiers": []}
    check(raw)
    found, _ = curves(opened(raw))
    for one in found:
        falling = [slope for _, _, slope in slopes(one)]
        assert falling == sorted(falling, reverse=True) or np.diff(falling).max() < 1e-6
        assert one.price[0] <= one.price[1]


@law(15)
@given(scenarios(kinds=("total", "requires", "synergy"), most=3))
def test_stages_of_the_first_call_stay_held(raw: Raw) -> None:
    assume("tiers" in raw)
    inquiry = opened(raw)
    check(raw, tuple(tier.value - 1e-7 for tier in inquiry.solved.tiers))


ITEMS = (("a", 60.0, 6.0), ("b", 32.0, 4.0), ("c", 30.0, 5.0), ("d", 9.0, 3.0), ("e", 1.0, 0.0))


def test_divisible_items_enter_one_after_the_other() -> None:
    found = only(knapsack({"land": 12.0}, *ITEMS))
    expected = [(0.0, 6.0, 10.0), (6.0, 10.0, 8.0), (10.0, 15.0, 6.0), (15.0, 18.0, 3.0), (18.0, 27.0, 0.0)]
    assert slopes(found) == [pytest.approx(step) for step in expected]
    assert [s.enters for s in found.steps] == [("a",), ("b",), ("c",), ("d",), ()]
    assert all(s.leaves == () for s in found.steps)
    assert found.price == pytest.approx((6.0, 6.0))


def test_a_degenerate_price_is_an_interval() -> None:
    assert only(knapsack({"land": 10.0}, *ITEMS[:3])).price == pytest.approx((6.0, 8.0))
    assert only(knapsack({"land": 15.0}, *ITEMS[:3])).price == pytest.approx((0.0, 6.0))


WYNDOR: Raw = {
    "measures": ["plant1", "plant2", "plant3", "value"],
    "supply": {"plant1": 4.0, "plant2": 12.0, "plant3": 18.0},
    "projects": [
        {"id": "doors", "plant1": 10.0, "plant3": 30.0, "value": 30.0},
        {"id": "windows", "plant2": 20.0, "plant3": 20.0, "value": 50.0},
    ],
    "criteria": {"value": {"of": "value", "weight": 1.0, "reference": 100.0}},
}
"""Hillier and Lieberman, Introduction to Operations Research, the Wyndor Glass Co. problem: max 3 x1 + 5 x2,
x1 <= 4, 2 x2 <= 12, 3 x1 + 2 x2 <= 18; ten of each as a project."""


@pytest.mark.parametrize(
    ("plant", "supply", "price", "low", "high"),
    [("plant1", 4.0, 0.0, 2.0, INF), ("plant2", 12.0, 1.5, 6.0, 18.0), ("plant3", 18.0, 1.0, 12.0, 24.0)],
)
def test_published_shadow_prices_and_their_ranges(
    plant: str, supply: float, price: float, low: float, high: float
) -> None:
    found = only(WYNDOR, plant)
    assert found.price == pytest.approx((price, price))
    step = next(s for s in found.steps if s.from_ < supply < s.to)
    assert step.from_ == pytest.approx(low)
    assert step.to == pytest.approx(min(high, found.steps[-1].to))
    assert at(found, supply) == pytest.approx(36.0)


def test_one_more_is_worth_nothing_where_twelve_admit_somebody() -> None:
    items = (("p05", 50.0, 40.0), ("p07", 20.0, 30.0), ("p09", 2.0, 12.0))
    found = only(knapsack({"land": 58.0}, *items, whole=True))
    assert found.price == (0.0, 0.0)
    expected = [(0.0, 12.0, 0.0), (12.0, 30.0, 2.0), (30.0, 40.0, 20.0), (40.0, 52.0, 50.0), (52.0, 70.0, 52.0)]
    assert [(s.from_, s.to, s.objective[0]) for s in found.steps[:5]] == [pytest.approx(e) for e in expected]
    assert all(s.objective[0] == pytest.approx(s.objective[1]) for s in found.steps)
    after = next(s for s in found.steps if s.from_ == pytest.approx(70.0))
    assert (after.enters, after.leaves) == (("p07",), ("p09",))


def test_where_one_less_would_lose_somebody_the_price_has_no_upper_end() -> None:
    assert only(knapsack({"land": 40.0}, ("a", 50.0, 40.0), ("b", 20.0, 30.0), whole=True)).price == (0.0, INF)


def test_below_what_is_committed_there_is_no_plan() -> None:
    raw = knapsack({"land": 8.0}, *ITEMS)
    raw["projects"][1]["committed"] = True
    found = only(raw)
    assert found.steps[0].from_ == pytest.approx(4.0)
    assert at(found, 4.0) == pytest.approx(33.0)
    assert only({**raw, "supply": {"land": 4.0}}).price == pytest.approx((10.0, INF))


def test_what_nobody_needs_is_worth_nothing() -> None:
    raw = knapsack({"land": 12.0, "water": 7.0}, ("a", 60.0, 6.0, 0.0))
    found = only(raw, "water")
    assert found.price == (0.0, 0.0)
    assert [(s.from_, s.objective) for s in found.steps] == [(0.0, (60.0, 60.0))]


def test_a_higher_grade_is_followed_until_the_lower_ones_are_served_too() -> None:
    raw = knapsack({"deep": 1.0, "shore": 2.0}, ("quay", 10.0, 4.0, 0.0), ("yard", 9.0, 0.0, 9.0))
    raw["measures"] = {"deep": {}, "shore": {"also_served_by": "deep"}, "value": {}}
    found = only(raw, "deep")
    assert slopes(found)[:3] == [
        pytest.approx((0.0, 4.0, 2.5)),
        pytest.approx((4.0, 11.0, 1.0)),
        pytest.approx((11.0, 19.5, 0.0)),
    ]
    assert found.steps[-1].to == pytest.approx(1.5 * 13.0)


def test_a_cap_leaves_what_is_proved_around_the_supply_there_is() -> None:
    raw = knapsack({"land": 12.0}, *((f"i{n}", 40.0 - n, 1.0 + n % 3) for n in range(20)))
    whole = only(raw)
    found, unproved = curves(opened(raw), most=2)
    assert unproved == ["supply|land|"]
    steps = found[0].steps
    assert steps[0].from_ < 12.0 < steps[-1].to
    assert len(steps) <= 4 < len(whole.steps)
    assert all(at(whole, t) == pytest.approx(at(found[0], t)) for s in steps for t in (s.from_, s.to))
    assert found[0].price == pytest.approx(whole.price)


def test_without_time_nothing_is_claimed() -> None:
    raw = knapsack({"land": 12.0}, *ITEMS, whole=True)
    inquiry = opened(raw)
    found, closed = curve(inquiry, scarce(inquiry)[0], seconds=-1.0)
    assert not closed
    assert found is None or found.steps == ()


def test_a_supply_that_an_even_use_divides_by_is_left_open() -> None:
    raw = {
        **knapsack({}, ("a", 5.0), ("b", 4.0)),
        "measures": ["land", "value"],
        "zones": {z: {"supply": {"land": 4.0}} for z in ("north", "south")},
        "rules": [{"name": "fair", "even_use": {"of": "land", "within": 0.1}}],
    }
    for project in raw["projects"]:
        project["land"] = 4.0
    found, unproved = curves(opened(raw))
    assert (found, unproved) == ([], ["supply|land|north", "supply|land|south"])


def test_every_curve_of_the_example_closes_and_is_what_solving_finds() -> None:
    reading = read(INPUTS / "harbour.yaml")
    solved, _ = solve_scenario(reading.scenario, reading.candidates, EXACT)
    found, unproved = curves(inquire(solved, EXACT))
    assert unproved == []
    kept = solved.scores.scales
    for one in found:
        steps: list[CurveStep] = [*one.steps[:: max(1, len(one.steps) // 3)]]
        for step in steps:
            t = 0.5 * (step.from_ + step.to)
            changed = supplied(reading.scenario, one.measure, one.zone or "", t)
            _, best = solve_scenario(changed, reading.candidates, EXACT, kept=kept)
            assert at(one, t) == pytest.approx(best.objective, rel=1e-6)
