"""What rules and exemptions cost, against trying everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from brute import Search, brute_force
from build import Raw, build
from hypothesis import HealthCheck, assume, given, settings
from random_scenarios import scenarios

from landalloc.models.explanation import RuleCost
from landalloc.models.scenario import Scenario
from landalloc.optimizer.candidates import Candidates
from landalloc.optimizer.inquiry.ask import Inquiry, inquire
from landalloc.optimizer.inquiry.rule_costs import exemption, kept_out_by, rule_costs
from landalloc.optimizer.pipeline import NoPlan, solve_scenario
from landalloc.optimizer.read import read
from landalloc.optimizer.score import scales
from landalloc.optimizer.solve import Limits

EXACT = Limits(gap=0.0)
INPUTS = Path(__file__).parents[1] / "inputs"
INF = float("inf")


def law(examples: int) -> Any:
    return settings(max_examples=examples, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


def opened(scenario: Scenario, candidates: Candidates) -> Inquiry:
    """The inquiry of a scenario; examples without a plan are passed over."""
    try:
        solved, _ = solve_scenario(scenario, candidates, EXACT)
    except NoPlan:
        assume(False)
    return inquire(solved, EXACT)


def altered(raw: Raw, cost: RuleCost) -> Raw:
    """The scenario with the change that goes with a cost."""
    (change,) = cost.changes
    rules = [dict(rule) for rule in raw["rules"]]
    if change.to == "off":
        assert change.path == f"rules.{cost.name}"
        return {**raw, "rules": [rule for rule in rules if rule["name"] != cost.name]}
    assert (change.path, change.to) == (f"rules.{cost.name}.soft", "")
    return {**raw, "rules": [{k: v for k, v in r.items() if k != "soft" or r["name"] != cost.name} for r in rules]}


@law(26)
@given(scenarios(rules=4, most=3))
def test_costs_are_those_of_the_best_plans(raw: Raw) -> None:
    scenario, candidates = build(raw)
    inquiry = opened(scenario, candidates)
    best = brute_force(scenario, candidates)
    assert best is not None
    found, unproved = rule_costs(inquiry)
    assert unproved == []
    assert [cost.name for cost in found] == [rule["name"] for rule in raw["rules"]]
    for cost in found:
        other = brute_force(*build(altered(raw, cost)))
        soft = cost.changes[0].to == ""
        if other is None:
            assert cost.cost == INF
            assert soft
            continue
        expected = best.objective - other.objective if soft else other.objective - best.objective
        near = 1e-4 if "tiers" in raw else 1e-5  # a held stage may be missed by the solver's tolerance
        assert cost.cost == pytest.approx(expected, rel=near, abs=near)


@law(26)
@given(scenarios(rules=3, most=3, tiers=False))
def test_costs_in_criteria_add_up_to_the_points(raw: Raw) -> None:
    for rule in raw["rules"]:
        rule.pop("soft", None)
    inquiry = opened(*build(raw))
    for cost in rule_costs(inquiry)[0]:
        points = sum(inquiry.solved.scores.factors[name] * gain for name, gain in cost.cost_in.items())
        assert points == pytest.approx(cost.cost, abs=1e-6)


KNAPSACK: Raw = {
    "measures": ["land", "jobs"],
    "attributes": ["trade"],
    "supply": {"land": 10.0},
    "criteria": {"jobs": {"of": "jobs", "weight": 1.0, "reference": 100.0}},
    "projects": [
        {"id": "a", "land": 6.0, "jobs": 6.0, "min_share": 1.0, "trade": "ships"},
        {"id": "b", "land": 6.0, "jobs": 5.0, "min_share": 1.0, "trade": "wind"},
        {"id": "c", "land": 4.0, "jobs": 3.0, "min_share": 1.0, "trade": "wine"},
    ],
}


def cost_of(rule: Raw) -> RuleCost:
    found, unproved = rule_costs(opened(*build({**KNAPSACK, "rules": [{"name": "r", **rule}]})))
    assert unproved == []
    return found[0]


@pytest.mark.parametrize(
    ("rule", "cost"),
    [
        ({"exclusive": ["a", "c"]}, 1.0),  # b and c instead of a and c
        ({"veto": True, "where": {"trade": "ships"}}, 1.0),
        ({"count": {"at_most": 1.0}}, 3.0),
        ({"total": {"of": "land", "at_most": 10.0}}, 0.0),
        ({"synergy": {"projects": ["b", "c"], "adds": {"jobs": 3.0}}}, -2.0),  # it brings 11 instead of 9
        ({"total": {"of": "jobs", "at_least": 9.5}, "soft": {"points": 0.1, "per": 1.0}}, INF),
        ({"exclusive": ["a", "c"], "soft": 0.25}, 0.75),  # enforced: 8; broken at a price: 9 − 0.25
    ],
)
def test_costs_known_by_hand(rule: Raw, cost: float) -> None:
    found = cost_of(rule)
    assert found.cost == pytest.approx(cost)
    if "soft" not in rule:
        assert found.cost_in == pytest.approx({"jobs": cost})


def test_a_trim_may_be_worth_points() -> None:
    trim = {"standard": {"of": "jobs", "per": "land", "at_least": 1.0, "otherwise": "trim"}}
    assert cost_of(trim).cost == 0.0  # a and c fit as they are
    tight = {**KNAPSACK, "supply": {"land": 9.0}, "rules": [{"name": "r", **trim}]}
    assert rule_costs(opened(*build(tight)))[0][0].cost == pytest.approx(6.0 - 9.0)  # a alone; trimmed, c fits too


def test_an_exemption_lets_the_optimum_decide_and_forces() -> None:
    veto = {"name": "veto", "veto": True, "where": {"trade": ["ships", "wind"]}}
    inquiry = opened(*build({**KNAPSACK, "rules": [veto]}))
    a, b, c = (exemption(inquiry, p) for p in range(3))
    assert c is None
    assert a is not None
    assert b is not None
    assert (a.rules, a.cost.cost, a.forced.loss, a.forced.enters) == (("veto",), 6.0, -6.0, ("a",))
    assert (b.cost.cost, b.forced.loss) == (5.0, -5.0)
    assert a.cost.changes[0].path == "rules.veto.where.not"
    assert a.cost.changes[0].to == '{id: ["a"]}'


def test_an_exemption_that_displaces_others_costs_the_plan() -> None:
    veto = {"name": "veto", "veto": True, "where": {"trade": "wind"}}
    found = exemption(opened(*build({**KNAPSACK, "rules": [veto]})), 1)
    assert found is not None
    assert found.cost.cost == 0.0  # left to the optimum it stays out
    assert found.forced.loss == pytest.approx(1.0)
    assert (found.forced.enters, found.forced.leaves) == (("b",), ("a",))


def test_excused_from_one_of_two_rules_it_stays_out() -> None:
    rules = [{"name": name, "veto": True, "where": {"trade": "ships"}} for name in ("one", "two")]
    inquiry = opened(*build({**KNAPSACK, "rules": rules}))
    assert kept_out_by(inquiry, 0) == ("one", "two")
    assert exemption(inquiry, 0, ["one"]) is None
    both = exemption(inquiry, 0)
    assert both is not None
    assert both.cost.cost == pytest.approx(1.0)
    assert len(both.cost.changes) == 2


@law(26)
@given(scenarios(kinds=("standard", "veto"), rules=3, divisible=False, tiers=False))
def test_exemptions_are_those_of_the_best_plans(raw: Raw) -> None:
    scenario, candidates = build(raw)
    inquiry = opened(scenario, candidates)
    for p, project in enumerate(candidates.ids.tolist()):
        rules = kept_out_by(inquiry, p)
        found = exemption(inquiry, p)
        if found is None:
            continue
        assert found.rules == rules
        excused = {**raw, "rules": [dict(rule) for rule in raw["rules"]]}
        for rule in excused["rules"]:
            if rule["name"] in rules:  # not for this one: and not (what `not` said or this one)
                others = [i for i in rule.get("where", {}).get("id", candidates.ids.tolist()) if i != project]
                rule["where"] = {**rule.get("where", {}), "id": others or ["nobody"]}
        search = Search(*build(excused))
        best = search.best()
        assert best is not None
        assert found.cost.cost == pytest.approx(best.objective - inquiry.best.low, abs=1e-5)
        patterns = [p for p in search.patterns() if any(site[0] == project for site in p)]
        forced = [a[0] for a in (search.answer(pattern, None, []) for pattern in patterns) if a is not None]
        loss = inquiry.best.low - max(forced) if forced else INF
        assert found.forced.loss == pytest.approx(loss, abs=1e-5)


def test_costs_are_what_the_changed_file_gives() -> None:
    path = INPUTS / "penglai.yaml"
    reading = read(path)
    solved, _ = solve_scenario(reading.scenario, reading.candidates, EXACT)
    inquiry = inquire(solved, EXACT)
    found, _ = rule_costs(inquiry)
    by_name = {cost.name: cost for cost in found}
    assert by_name["conventional"].cost == INF  # its own note says so
    beiben = exemption(inquiry, solved.admission.asked.ids.tolist().index("beiben"))
    assert beiben is not None
    tried = [by_name["lead-firms"], by_name["local-supply"], by_name["logistics-parks"], beiben.cost]
    for cost in tried:
        other = read(path, changes={c.path: str(c.to) for c in cost.changes})
        kept = scales(other.base_scenario, other.base_candidates)
        _, best = solve_scenario(other.scenario, other.candidates, EXACT, kept=kept)
        signed = inquiry.best.low - best.objective if cost.changes[0].to == "" else best.objective - inquiry.best.low
        assert cost.cost == pytest.approx(signed, abs=1e-5)


def test_rules_for_which_no_time_is_left_are_named() -> None:
    inquiry = opened(*build({**KNAPSACK, "rules": [{"name": "a.b", "exclusive": ["a", "c"]}]}))
    assert rule_costs(inquiry, seconds=-1.0) == ([], ['rules."a.b"'])
