"""The certificate on cases worked out by hand, on plans and prices that were tampered with, and as a law."""

import math
from typing import Any

import numpy as np
import pytest
from brute import brute_force
from build import Raw, build, shares_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_scenarios import scenarios
from relaxation import relaxed

from landalloc.models.plan import Certificate, Decision
from landalloc.optimizer.certify import certify
from landalloc.optimizer.recount import Recount, recount

LAW = settings(derandomize=True, deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


def port(**more: Any) -> Raw:
    """Two zones, deep shoreline that may serve ordinary, one criterion: 20 jobs applied for are 100 points.

    yard needs 6 of land and 5 of shore for 8 jobs, either zone; mill 4 of land for 4 jobs, in the east;
    berths are four units of 2 of land, 1 of deep and 2 jobs each.
    """
    raw: Raw = {
        "measures": {"land": {}, "shore": {"also_served_by": "deep"}, "deep": {}, "jobs": {}},
        "attributes": ["trade"],
        "zones": {
            "east": {"supply": {"land": 10.0, "shore": 4.0, "deep": 3.0}},
            "west": {"supply": {"land": 10.0}},
        },
        "criteria": {"jobs": {"of": "jobs", "weight": 1.0}},
        "projects": [
            {"id": "yard", "land": 6.0, "shore": 5.0, "jobs": 8.0, "min_share": 1.0, "trade": "ships"},
            {"id": "mill", "land": 4.0, "jobs": 4.0, "zones": ["east"], "trade": "food"},
            {"id": "berths", "land": 8.0, "deep": 4.0, "jobs": 8.0, "units": 4, "trade": "ships"},
        ],
    }
    return {**raw, **more}


BEST: dict[str, dict[str, float]] = {"yard": {"east": 1.0}, "mill": {"east": 0.5}, "berths": {"east": 0.25}}
"""In the east land 6 + 2 + 2 = 10; shore 5 = 4 + 1 moved down; deep 1 + 1 of 3. 8 + 2 + 2 jobs are 60 points."""


def of(raw: Raw, plan: Any, prices: dict[str, float] | None = None, **more: Any) -> Certificate:
    scenario, candidates = build(raw)
    shares = shares_of(scenario, candidates, plan)
    if "objective" not in more:
        more["objective"] = counted(raw, plan).objective
    claimed = {"scales": None, "bound_solver": math.inf, **more}
    return certify(scenario, candidates, shares, prices or {}, **claimed)


def counted(raw: Raw, plan: Any, scales: dict[str, float] | None = None) -> Recount:
    scenario, candidates = build(raw)
    return recount(scenario, candidates, shares_of(scenario, candidates, plan), scales=scales)


# Plans that keep everything, and what is wrong with others


def test_a_good_plan_has_no_violation() -> None:
    certificate = of(port(), BEST, objective=60.0)
    assert certificate.max_violation == 0.0
    assert set(certificate.checked) == {"shares", "supplies", "one zone", "min_share", "units", "objective", "bound"}


@pytest.mark.parametrize(
    ("plan", "violation"),
    [
        ({**BEST, "mill": {"east": 0.6}}, 0.4 / 10.4),  # land: 10.4 of 10
        ({**BEST, "berths": {"east": 0.375}}, 0.5),  # one and a half units
        ({**BEST, "yard": {"east": 0.5}}, 0.5),  # all or nothing
        ({"yard": {"east": 0.5, "west": 0.5}}, 2.5 / 2.5),  # two zones, and 2.5 of shore where there is none
        ({"mill": {"east": -0.25}}, 0.25),
        ({"mill": {"east": 1.25}}, 0.25),
        ({"yard": {"west": 1.0}}, 5 / 5),  # the west names no shore, so it has 0 of it
        ({"berths": {"east": 1.0}}, 1 / 4),  # deep: 4 of 3
    ],
)
def test_a_tampered_plan_is_caught(plan: Any, violation: float) -> None:
    assert of(port(), plan).max_violation == pytest.approx(violation)


@pytest.mark.parametrize("share", [math.nan, math.inf, -math.inf, 1e308])
def test_what_is_no_share_is_caught_before_it_is_added_up(share: float) -> None:
    plan = {"yard": {"east": share}}
    assert of(port(), plan, objective=0.0).max_violation == math.inf
    with pytest.raises(ValueError, match="shares must be numbers"):
        counted(port(), plan)


def test_what_a_claimed_objective_is_off_counts() -> None:
    assert of(port(), BEST, objective=80.0).max_violation == pytest.approx(0.25)


def test_grades_serve_downwards_only() -> None:
    assert of(port(), {"yard": {"east": 1.0}, "berths": {"east": 0.5}}).max_violation == 0.0
    # Deep 2 + 1 moved down are all there is: another berth is one too many.
    assert of(port(), {"yard": {"east": 1.0}, "berths": {"east": 0.75}}).max_violation == pytest.approx(1 / 3)


def test_a_committed_project_is_whole_and_in_one_zone() -> None:
    projects = [{"id": "bridge", "land": 4.0, "jobs": 1.0, "committed": True}]
    raw = port(projects=projects)
    assert of(raw, {"bridge": {"east": 1.0}}).max_violation == 0.0
    assert of(raw, {}).max_violation == 1.0
    assert of(raw, {"bridge": {"east": 0.5, "west": 0.5}}).max_violation == 0.5
    assert "committed" in of(raw, {}).checked


def test_sums_are_exactly_rounded() -> None:
    # 0.1 ten times is 1 - 1e-16 by a running sum, and 1 by an exactly rounded one.
    projects = [{"id": f"p{i}", "land": 0.1, "jobs": 1.0} for i in range(10)]
    raw = port(zones={}, supply={"land": 1.0}, projects=projects)
    line = counted(raw, {f"p{i}": 1.0 for i in range(10)}).resources[0]
    assert (line.used, line.slack) == (1.0, 0.0)


# Prices and the bound

KNAPSACK = port(
    zones={},
    supply={"land": 10.0},
    projects=[{"id": "a", "land": 5.0, "jobs": 10.0}, {"id": "b", "land": 10.0, "jobs": 10.0}],
)
"""a whole and half of b: 15 of 20 jobs, 75 points; one more of land is half a point of b, 5 points a unit."""


@pytest.mark.parametrize(
    ("price", "bound"),
    [
        (5.0, 75.0),  # 50 for the land, 25 left to a
        (6.0, 80.0),  # 60 for the land, 20 left to a
        (4.0, 80.0),  # 40 for the land, 30 and 10 left
        (0.0, 100.0),
        (-3.0, 100.0),  # no valid price: 0
        (math.nan, 100.0),
        (math.inf, 100.0),
        (1e308, 100.0),
    ],
)
def test_bound_of_a_price(price: float, bound: float) -> None:
    certificate = of(KNAPSACK, {"a": 1.0, "b": 0.5}, {"supply|land|": price})
    assert certificate.bound_proved == pytest.approx(bound)
    assert certificate.gap_proved == pytest.approx((bound - 75) / 75)
    assert certificate.prices["supply|land|"] == (price if price in (4.0, 5.0, 6.0) else 0.0)


def test_prices_of_unknown_rows_change_nothing() -> None:
    assert of(KNAPSACK, {}, {"supply|land|atlantis": 5.0}).bound_proved == pytest.approx(100)


def test_a_committed_project_pays_even_where_it_loses() -> None:
    projects = [{"id": "a", "land": 5.0, "jobs": 10.0, "committed": True}, {"id": "b", "land": 10.0, "jobs": 10.0}]
    raw = {**KNAPSACK, "projects": projects}
    assert of(raw, {"a": 1.0}, {"supply|land|": 20.0}).bound_proved == pytest.approx(200 + (50 - 100))


def test_a_soft_rows_price_is_its_cost_at_most() -> None:
    rule = {"name": "target", "total": {"of": "jobs", "at_least": 20.0}, "soft": 0.5}  # 2.5 points a job short
    raw = {**KNAPSACK, "rules": [rule]}
    plan = {"a": 1.0, "b": 0.5}
    certificate = of(raw, plan, {"supply|land|": 7.5, "rule|target||at_least": 9.0})
    assert certificate.prices["rule|target||at_least"] == 2.5
    assert counted(raw, plan).penalty == pytest.approx(12.5)
    assert certificate.bound_proved == pytest.approx(75 - 12.5)


def test_the_lower_grade_costs_no_more_than_the_higher() -> None:
    certificate = of(port(), BEST, {"supply|shore|east": 3.0, "supply|deep|east": 1.0})
    assert certificate.prices["supply|shore|east"] == 1.0
    # The west names neither grade: no substitution there, its price stands.
    assert of(port(), BEST, {"supply|shore|west": 3.0}).prices["supply|shore|west"] == 3.0


def test_a_min_share_project_answers_with_its_least_share_where_that_pays_best() -> None:
    # b in a count of its own: 10 points each, worth 5 − 4 per share of land; at 40 % it loses least.
    projects = [{"id": "a", "land": 5.0, "jobs": 20.0, "min_share": 0.4}]
    rule = {"name": "few", "count": {"at_least": 1.0}}
    raw = {**KNAPSACK, "projects": projects, "rules": [rule]}
    certificate = of(raw, {"a": 1.0}, {"supply|land|": 30.0, "rule|few||at_least": 40.0})
    # land 300, the count −40; a: presence earns 40, a share costs 150 − 100: 40 − 0.4 · 50 = 20.
    assert certificate.bound_proved == pytest.approx(300 - 40 + 20)


@given(scenarios(rules=3), st.data())
@LAW
def test_bound_is_never_below_the_optimum(raw: Raw, data: st.DataObject) -> None:
    scenario, candidates = build(raw)
    best = brute_force(scenario, candidates)
    if best is None:
        return
    names = [*recount(scenario, candidates, np.zeros(len(candidates.project)), scales=None).rows]
    names += [f"tier|{number}" for number in range(1, len(best.tiers) + 1)]
    prices = {name: data.draw(st.floats(-5, 30)) for name in names}
    certificate = certify(
        scenario, candidates, np.zeros(len(candidates.project)), prices, scales=None, tier_values=best.tiers,
        objective=0.0, bound_solver=0.0,
    )  # fmt: skip
    # The brute force may miss a held stage by 1e-8 of a point, which prices of 30 can make 1e-6.
    assert certificate.bound_proved >= best.objective - 1e-6


@given(scenarios(rules=3, tiers=False))
@LAW
def test_best_prices_close_the_gap(raw: Raw) -> None:
    scenario, candidates = build(raw)
    answer = relaxed(scenario, candidates)
    if answer is None:
        return
    certificate = certify(
        scenario, candidates, answer.shares, answer.prices, scales=None, objective=answer.optimum, bound_solver=0.0
    )
    assert certificate.gap_proved == pytest.approx(0.0, abs=1e-7)


# Admission


def admitted(rules: list[Raw], **project: Any) -> Recount:
    raw = port(projects=[{"id": "p", "land": 10.0, "jobs": 10.0, **project}], rules=rules)
    return counted(raw, {})


def standard(name: str = "s", where: Raw | None = None, **body: Any) -> Raw:
    return {"name": name, "standard": {"of": "jobs", "per": "land", **body}, "where": where or {}}


def test_a_failed_standard_or_a_veto_makes_inadmissible() -> None:
    assert admitted([standard(at_least=2.0)]).fate.tolist() == [Decision.INADMISSIBLE]
    assert admitted([standard(at_most=0.5)]).fate.tolist() == [Decision.INADMISSIBLE]
    assert admitted([{"name": "v", "veto": True, "where": {"jobs": {"at_least": 10.0}}}]).fate.tolist() == [
        Decision.INADMISSIBLE
    ]
    assert admitted([standard(at_least=1.0, at_most=1.0)]).fate.tolist() == [None]


def test_a_limit_kept_exactly_is_kept_whatever_the_rounding() -> None:
    # 0.1 · 3 is more than 0.3 in floating point.
    assert 0.1 * 3.0 > 0.3
    assert admitted([standard(at_least=0.1)], land=3.0, jobs=0.3).fate.tolist() == [None]


def test_discuss_in_one_zone_and_reject_in_the_other_is_discuss() -> None:
    rules = [
        standard("a", {"zone": "east"}, at_least=2.0),
        standard("b", {"zone": "west"}, at_least=2.0, otherwise="discuss"),
    ]
    assert admitted(rules).fate.tolist() == [Decision.DISCUSS]
    assert admitted(rules[1:]).fate.tolist() == [None]  # the east takes it
    both = [standard("a", at_least=2.0), standard("b", at_least=2.0, otherwise="discuss")]
    assert admitted(both).fate.tolist() == [Decision.INADMISSIBLE]


def test_a_share_of_what_is_not_admissible_is_a_violation() -> None:
    raw = port(rules=[{"name": "v", "veto": True, "where": {"id": "mill"}}])
    assert of(raw, BEST).max_violation == 0.5
    assert {"vetoes"} <= set(of(raw, BEST).checked)


def test_accepts_is_checked_too() -> None:
    raw = port()
    scenario, candidates = build(raw)
    shares = shares_of(scenario, candidates, BEST)
    raw["zones"] = {**raw["zones"], "east": {**raw["zones"]["east"], "accepts": {"trade": ["food"]}}}
    tight, _ = build(raw)
    certificate = certify(tight, candidates, shares, {}, scales=None, objective=60.0, bound_solver=0.0)
    assert certificate.max_violation == 1.0


def test_the_tightest_trim_counts_and_the_criteria_see_it() -> None:
    trims = [standard("a", at_least=2.0, otherwise="trim"), standard("b", at_least=4.0, otherwise="trim")]
    criteria = {"lean": {"of": "jobs", "per": "land", "weight": 1.0, "standard": 0.5}}
    raw = port(projects=[{"id": "p", "land": 10.0, "jobs": 10.0, "min_share": 1.0}], rules=trims, criteria=criteria)
    again = counted(raw, {"p": {"east": 1.0}})
    assert again.trimmed["land"].tolist() == [2.5, 2.5]
    assert again.scales == {"lean": 5.0}  # as asked
    assert again.totals == {"lean": 10 - 0.5 * 2.5}  # as trimmed
    assert next(line for line in again.resources if line.measure == "land").used == 2.5
    raw["projects"][0]["committed"] = True
    assert counted(raw, {"p": {"east": 1.0}}).totals == {"lean": 5.0}  # a committed project stays as asked


@pytest.mark.parametrize(
    ("code", "limit"),
    [
        ("3412", 34.0),
        ("343", 343.0),
        ("37", 34.0),
        ("39", 9.0),
        ("3", 9.0),
        ("C31", 31.0),
        ("40", 40.0),
        ("522", 51.0),
        (None, 9.0),
    ],
)
def test_limits_by_code(code: str | None, limit: float) -> None:
    limits = {"34-38": 34.0, "343": 343.0, "C3": 3.0, "C30至C31": 31.0, "51 ～ 53": 51.0, "40": 40.0, "40-41": 41.0}
    table = {"table": "t.csv", "key": "trade", "column": "limit", "default": 9.0, "limits": limits}
    kept = [standard(at_least=table)]
    assert admitted(kept, trade=code, land=1.0, jobs=limit).fate.tolist() == [None]
    assert admitted(kept, trade=code, land=1.0, jobs=limit - 0.01).fate.tolist() == [Decision.INADMISSIBLE]


def test_without_a_code_and_a_default_a_standard_does_not_apply() -> None:
    table = {"table": "t.csv", "key": "trade", "column": "limit", "limits": {"34": 100.0}}
    assert admitted([standard(at_least=table)], trade="35").fate.tolist() == [None]
    assert admitted([standard(at_least=table)]).fate.tolist() == [None]


# Scales and score


def test_scales_are_what_speaks_for_all_candidates() -> None:
    criteria = {
        "jobs": {"of": "jobs", "weight": 1.0},
        "lean": {"of": "land", "better": "lower", "weight": 1.0},  # nobody in favour: Σ land
        "fixed": {"of": "jobs", "weight": 2.0, "reference": 80.0},
        "nobody": {"of": "shore", "per": "jobs", "weight": 1.0, "standard": 0.625},
    }
    again = counted(port(criteria=criteria), BEST)
    assert again.scales == {"jobs": 20.0, "lean": 18.0, "fixed": 80.0, "nobody": 2.5 + 5}
    assert again.totals == {"jobs": 12.0, "lean": -10.0, "fixed": 12.0, "nobody": 5 - 0.625 * 12}
    assert again.score == pytest.approx(20 * 12 / 20 - 20 * 10 / 18 + 40 * 12 / 80 - 20 * 2.5 / 7.5)


def test_kept_scales_are_used_as_they_are() -> None:
    assert counted(port(), BEST, {"jobs": 40.0}).score == pytest.approx(30.0)
    assert of(port(), BEST, scales={"jobs": 40.0}, objective=30.0).max_violation == 0.0


def test_a_criterion_without_any_points_keeps_its_weight() -> None:
    criteria = {"jobs": {"of": "jobs", "weight": 1.0}, "empty": {"of": "none", "weight": 3.0}}
    measures = {**port()["measures"], "none": {}}
    again = counted(port(criteria=criteria, measures=measures), BEST)
    assert again.scales["empty"] == 0.0
    assert again.score == pytest.approx(15.0)


# Tables


def test_resources_by_hand() -> None:
    lines = {(line.measure, line.zone): line for line in counted(port(), BEST).resources}
    assert set(lines) == {("land", "east"), ("land", "west"), ("shore", "east"), ("deep", "east")}
    shore, deep, land = lines["shore", "east"], lines["deep", "east"], lines["land", "west"]
    assert (shore.used, shore.substituted, shore.slack, shore.requested, shore.shortage) == (5, 1, 0, 5, 1)
    assert (deep.used, deep.substituted, deep.slack, deep.requested, deep.shortage) == (1, -1, 1, 4, 1)
    assert (land.used, land.slack, land.requested) == (0, 10, 14)  # the mill may not sit there


def test_what_is_made_is_netted_and_committed_needs_are_told() -> None:
    projects = [
        {"id": "plant", "makes": {"steam": 10.0}, "committed": True, "land": 2.0},
        {"id": "user", "steam": 8.0, "land": 1.0},
    ]
    measures = {"land": {}, "steam": {"balance": "zone", "must_use": 0.5}, "jobs": {}}
    zones: Raw = {"park": {"supply": {"land": 4.0}}, "yard": {"within": "park"}, "hill": {"supply": {"land": 9.0}}}
    raw = port(projects=projects, measures=measures, zones=zones)
    again = counted(raw, {"plant": {"yard": 1.0}, "user": {"park": 0.5}})
    lines = {(line.measure, line.zone): line for line in again.resources}
    assert set(lines) == {("land", "park"), ("land", "hill"), ("steam", "park"), ("steam", "hill")}
    steam, land = lines["steam", "park"], lines["land", "park"]
    assert (steam.supply, steam.made, steam.used, steam.slack) == (0, 10, 4, 6)
    assert (steam.requested, steam.shortage) == (8, 0)
    assert (land.committed, land.used, land.slack) == (2, 2.5, 1.5)
    assert {"must_use|steam|park", "must_use|steam|hill"} <= set(again.rows)
    # 4 of 10 are used where 5 must be.
    plan = {"plant": {"yard": 1.0}, "user": {"park": 0.5}}
    assert of(raw, plan).max_violation == pytest.approx(1 / 9)


def lines_of(rule: Raw, plan: Any, **more: Any) -> list[tuple[Any, ...]]:
    lines = counted(port(rules=[{"name": "r", **rule}], **more), plan).rules
    return [(line.each, line.bound, line.value, line.shortfall, line.penalty, line.kept) for line in lines]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"total": {"of": "jobs", "at_least": 10.0, "at_most": 11.0}},
         [(None, "at_least", 12.0, 0.0, 0.0, True), (None, "at_most", 12.0, 1.0, 0.0, False)]),
        ({"total": {"of": "jobs", "exactly": 20.0, "existing": 3.0}, "soft": 0.1},
         [(None, "exactly", 15.0, 5.0, 2.5, False)]),
        ({"total": {"of": "jobs", "at_least": 16.0}, "soft": {"points": 3.0, "per": 2.0}},
         [(None, "at_least", 12.0, 4.0, 6.0, False)]),
        ({"total": {"of": "jobs", "at_least": 3.0, "existing": {"food": 2.0}}, "each": "trade"},
         [("food", "at_least", 4.0, 0.0, 0.0, True), ("ships", "at_least", 10.0, 0.0, 0.0, True)]),
        ({"count": {"at_least": 3.0}, "where": {"id": ["yard", "berths"]}, "each": "zone"},
         [("east", "at_least", 2.0, 1.0, 0.0, False), ("west", "at_least", 0.0, 3.0, 0.0, False)]),
        ({"ratio": {"of": "jobs", "per": "land", "at_least": 1.5}, "soft": 2.0},
         [(None, "at_least", 1.2, 3.0, 6.0, False)]),
        ({"ratio": {"of": "jobs", "per": "land", "at_most": 1.0}, "where": {"zone": "west"}},
         [(None, "at_most", None, 0.0, 0.0, True)]),
        ({"ratio": {"of": "jobs", "per": "jobs", "exactly": 0.5, "existing": {"of": 1.0, "per": 4.0}},
          "of_where": {"trade": "food"}}, [(None, "exactly", 3 / 16, 5.0, 0.0, False)]),
        ({"requires": {"project": "yard", "needs": ["berths"]}}, [(None, None, None, 0.0, 0.0, True)]),
        ({"exclusive": ["yard", "berths"], "soft": 4.0}, [(None, None, 2.0, 1.0, 4.0, False)]),
        ({"together": ["yard", "mill", "berths"], "soft": 4.0}, [(None, None, None, 0.75, 3.0, False)]),
        ({"synergy": {"projects": ["yard", "mill"], "adds": {"jobs": 2.0}}}, [(None, None, 0.5, 0.0, 0.0, True)]),
        ({"mix": {"of": "trade", "at_most": 1}, "each": "zone", "soft": 7.0},
         [("east", "at_most", 2.0, 1.0, 7.0, False), ("west", "at_most", 0.0, 0.0, 0.0, True)]),
        ({"even_use": {"of": "land", "within": 0.25}, "soft": 0.5}, [(None, None, 1.0, 0.75, 37.5, False)]),
        ({"even_use": {"of": "deep", "within": 0.25}}, [(None, None, None, 0.0, 0.0, True)]),
        (standard(at_least=1.1), [(None, None, 2.0, 0.0, 0.0, True)]),
    ],
)  # fmt: skip
def test_rules_by_hand(rule: Raw, expected: list[tuple[Any, ...]]) -> None:
    rule = {key: value for key, value in rule.items() if key != "name"}
    for line, hand in zip(lines_of(rule, BEST), expected, strict=True):
        assert line == pytest.approx(hand)


def test_a_synergy_adds_to_the_score_where_members_meet() -> None:
    rule = {"name": "r", "synergy": {"projects": ["yard", "berths"], "adds": {"jobs": 4.0}}}
    apart = {"yard": {"east": 1.0}, "berths": {"west": 0.25}}
    assert counted(port(rules=[rule]), BEST).totals == {"jobs": 13.0}
    assert counted(port(rules=[rule]), apart).totals == {"jobs": 10.0}
    rule["synergy"]["same_zone"] = False  # type: ignore[index]
    assert counted(port(rules=[rule]), apart).totals == {"jobs": 11.0}


def test_a_synergy_that_would_count_against_the_plan_is_left_alone() -> None:
    rule = {"name": "r", "synergy": {"projects": ["yard", "berths"], "adds": {"land": 4.0}}}
    criteria = {"lean": {"of": "land", "better": "lower", "weight": 1.0}}
    assert counted(port(rules=[rule], criteria=criteria), BEST).totals == {"lean": -10.0}


def test_stages_of_a_first_call() -> None:
    raw = port(tiers=[{"trade": "food"}, {"zone": "east"}])
    assert counted(raw, BEST).tiers == pytest.approx((10.0, 50.0))
    assert of(raw, BEST, tier_values=(10.0, 50.0)).max_violation == 0.0
    assert of(raw, BEST, tier_values=(20.0, 50.0)).max_violation == pytest.approx(10 / 20)
    assert {"tier|1", "tier|2"} <= set(of(raw, BEST, tier_values=(10.0, 50.0)).prices)


def test_rows_have_the_documented_names() -> None:
    rules: list[Raw] = [
        {"name": "t", "total": {"of": "jobs", "at_least": 1.0}, "each": "trade"},
        {"name": "n", "requires": {"project": "yard", "needs": ["berths"]}},
        {"name": "x", "exclusive": ["yard", "berths"]},
        {"name": "g", "together": ["yard", "berths"]},
        {"name": "h", "together": ["yard", "mill"], "soft": 1.0},
        {"name": "y", "synergy": {"projects": ["yard", "berths"], "adds": {"jobs": 1.0}}},
        {"name": "m", "mix": {"of": "trade", "at_most": 1}, "each": "zone"},
        {"name": "e", "even_use": {"of": "land", "within": 0.5}},
    ]
    names = set(counted(port(rules=rules), BEST).rows)
    supplies = {f"supply|{m}|{z}" for m in ("land", "shore", "deep") for z in ("east", "west")}
    assert names == supplies | {
        "rule|t|food|at_least", "rule|t|ships|at_least", "rule|n|||berths", "rule|x||", "rule|g|||yard",
        "rule|h|||mill:hi", "rule|h|||mill:lo", "rule|h|||yard:hi", "rule|h|||yard:lo",
        "rule|y|east||berths", "rule|y|east||yard", "rule|y|west||berths", "rule|y|west||yard",
        "rule|m|east|at_most", "rule|m|east|at_most|berths", "rule|m|east|at_most|mill",
        "rule|m|east|at_most|yard", "rule|m|west|at_most", "rule|m|west|at_most|berths",
        "rule|m|west|at_most|yard", "rule|e||", "rule|e|east||hi", "rule|e|east||lo", "rule|e|west||hi",
        "rule|e|west||lo",
    }  # fmt: skip
