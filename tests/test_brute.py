"""The optimum of small scenarios against trying everything: every rule kind, soft forms, tiers, grades, by-products.

Three formulations meet here that share nothing but the nouns: the product's, the certificate's rows, and the
brute force, written from the contract in plain Python.
"""

from collections import defaultdict
from typing import Any

import pytest
from brute import Search, brute_force
from build import Raw, build
from hypothesis import HealthCheck, given, settings
from random_scenarios import KINDS, scenarios
from relaxation import optimum, relaxed

from landalloc.optimizer import account as accounts
from landalloc.optimizer.certify import certify
from landalloc.optimizer.pipeline import NoPlan, full_shares, solve_scenario
from landalloc.optimizer.recount import recount
from landalloc.optimizer.solve import Limits

EXACT = Limits(gap=0.0)


def law(examples: int) -> Any:
    """The same examples every time, so that a failure is a failure for everyone."""
    return settings(max_examples=examples, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


def near(value: Any) -> Any:
    """The same but for the solver's tolerance; texts and None the very same."""
    if isinstance(value, dict):
        return {key: near(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(near(item) for item in value)
    return pytest.approx(value, rel=1e-6, abs=1e-6) if isinstance(value, float) else value


def small(**more: Any) -> Raw:
    """Land 10, by jobs: a needs 6 for 6, b 6 for 5, c 4 for 3; 14 jobs are 100 points."""
    projects = [
        {"id": "a", "land": 6.0, "jobs": 6.0, "min_share": 1.0, "trade": "ships"},
        {"id": "b", "land": 6.0, "jobs": 5.0, "min_share": 1.0, "trade": "wind"},
        {"id": "c", "land": 4.0, "jobs": 3.0, "min_share": 1.0, "trade": "wine"},
    ]
    return {
        "measures": ["land", "jobs"],
        "attributes": ["trade"],
        "supply": {"land": 10.0},
        "criteria": {"jobs": {"of": "jobs", "weight": 1.0}},
        "projects": projects,
        **more,
    }


HAND: dict[str, tuple[Raw, float | None]] = {
    "knapsack: a and c": (small(), 9),
    "divisible: a and two thirds of b": (small(projects=[
        {"id": "a", "land": 6.0, "jobs": 6.0}, {"id": "b", "land": 6.0, "jobs": 5.0},
        {"id": "c", "land": 4.0, "jobs": 3.0}]), 6 + 4 / 6 * 5),
    "exclusive: b and c": (small(rules=[{"name": "r", "exclusive": ["a", "c"]}]), 8),
    "requires: c needs b": (small(rules=[{"name": "r", "requires": {"project": "c", "needs": ["b"]}}]), 8),
    "together: neither a nor b": (small(rules=[{"name": "r", "together": ["a", "b"]}]), 3),
    "count: one": (small(rules=[{"name": "r", "count": {"at_most": 1.0}}]), 6),
    "count: three cannot be": (small(rules=[{"name": "r", "count": {"at_least": 3.0}}]), None),
    "mix: one trade": (small(rules=[{"name": "r", "mix": {"of": "trade", "at_most": 1}}]), 6),
    "synergy of b and c": (small(rules=[
        {"name": "r", "synergy": {"projects": ["b", "c"], "adds": {"jobs": 2.0}}}]), 10),
    "total: no more than 8": (small(rules=[{"name": "r", "total": {"of": "jobs", "at_most": 8.0}}]), 8),
    "total, existing counted": (small(rules=[
        {"name": "r", "total": {"of": "jobs", "at_most": 8.0, "existing": 1.0}}]), 6),
    "veto of ships": (small(rules=[{"name": "r", "veto": True, "where": {"trade": "ships"}}]), 8),
    "a condition sees what was asked, not what is left after a trim: a and c": (small(rules=[
        {"name": "t", "standard": {"of": "jobs", "per": "land", "at_least": 1.5, "otherwise": "trim"}},
        {"name": "r", "total": {"of": "jobs", "at_most": 8.0}, "where": {"land": {"at_least": 5.0}}}]), 9),
    "ratio: wine at least half": (small(rules=[
        {"name": "r", "ratio": {"of": "jobs", "per": "jobs", "at_least": 0.5}, "of_where": {"trade": "wine"}}]), 3),
    "first call for wine and wind": (small(tiers=[{"trade": ["wine", "wind"]}]), 8),
}  # fmt: skip


@pytest.mark.parametrize("name", HAND)
def test_answers_known_by_hand(name: str) -> None:
    raw, jobs = HAND[name]
    scenario, candidates = build(raw)
    found = brute_force(scenario, candidates)
    if jobs is None:
        assert found is None
        with pytest.raises(NoPlan):
            solve_scenario(scenario, candidates, EXACT)
        return
    assert found is not None
    assert found.objective == pytest.approx(100 * jobs / 14)
    _, answer = solve_scenario(scenario, candidates, EXACT)
    assert answer.objective == pytest.approx(100 * jobs / 14)


@given(scenarios(divisible=False))
@law(45)
def test_adding_up_agrees_with_the_linear_programme(raw: Raw) -> None:
    search = Search(*build(raw))
    for pattern in [p for p in search.patterns() if all(lo == hi for lo, hi in p.values())][:12]:
        added = search.add_up({site: share for site, (share, _) in pattern.items()}, None, [])
        solved = search.programme(pattern, None, [])
        assert (added is None) == (solved is None)
        if added is not None and solved is not None:
            assert solved[0] == pytest.approx(added, abs=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_certificates_rows_have_the_same_optimum(kind: str) -> None:
    @given(scenarios(kinds=(kind,), tiers=False))
    @law(25)
    def holds(raw: Raw) -> None:
        scenario, candidates = build(raw)
        best, found = brute_force(scenario, candidates), optimum(scenario, candidates)
        assert (best is None) == (found is None)
        if best is not None:
            assert found == pytest.approx(best.objective, abs=1e-6)

    holds()


def agrees(raw: Raw) -> None:
    """The product's answer is the best there is, and its certificate says so."""
    scenario, candidates = build(raw)
    best = brute_force(scenario, candidates)
    if best is None:
        with pytest.raises(NoPlan):
            solve_scenario(scenario, candidates, EXACT)
        return
    solved, answer = solve_scenario(scenario, candidates, EXACT)
    values = tuple(tier.value for tier in solved.tiers)
    # A held stage may be missed by the solver's tolerance, and its price may be high.
    near = 1e-4 if values else 1e-6
    assert values == pytest.approx(best.tiers, abs=1e-5)
    assert answer.objective == pytest.approx(best.objective, rel=near, abs=near)
    shares = full_shares(solved)
    certificate = certify(
        scenario, candidates, shares, solved.prices, scales=None, tier_values=values,
        objective=answer.objective, bound_solver=answer.bound,
    )  # fmt: skip
    assert certificate.max_violation <= certificate.tolerance
    assert certificate.bound_proved >= best.objective - near
    again = recount(scenario, candidates, shares, scales=None)
    assert again.objective == pytest.approx(answer.objective, rel=1e-6, abs=1e-6)
    assert {row for row in again.rows if row.startswith("rule")} == {
        row for row in solved.prices if row.startswith("rule")
    }
    relaxation = None if values else relaxed(scenario, candidates)
    if relaxation is not None:
        assert certificate.bound_proved == pytest.approx(relaxation.optimum, rel=1e-6, abs=1e-6)


@given(scenarios(rules=4))
@law(70)
def test_tables_are_what_the_recount_finds(raw: Raw) -> None:
    scenario, candidates = build(raw)
    try:
        solved, _ = solve_scenario(scenario, candidates, EXACT)
    except NoPlan:
        return
    again = recount(scenario, candidates, full_shares(solved), scales=None)
    assert accounts.score_and_penalty(solved.account) == near((again.score, again.penalty))
    criteria = {c.name: (c.total, c.scale) for c in accounts.criteria(solved.account)}
    assert criteria == near({name: (again.totals[name], again.scales[name]) for name in again.totals})
    fields = ("supply", "made", "requested", "committed", "used", "substituted", "slack", "shortage")
    counted = {(line.measure, line.zone): line for line in again.resources}
    for line in accounts.resources(solved.account, defaultdict(dict)):
        mine = counted[line.measure, line.zone]
        assert [getattr(line, f) for f in fields] == near([getattr(mine, f) for f in fields])
    rules = {(line.name, line.each, line.bound): line for line in accounts.rules(solved.account)}
    assert rules.keys() == {(line.name, line.each, line.bound) for line in again.rules}
    for found in again.rules:
        line = rules[found.name, found.each, found.bound]
        fields = ("kind", "limit", "existing", "shortfall", "penalty", "kept")
        assert [getattr(line, f) for f in fields] == near([getattr(found, f) for f in fields])
        if found.kind not in ("synergy", "even_use"):
            assert line.value == near(found.value)


@pytest.mark.parametrize("kind", KINDS)
def test_product_finds_the_optimum(kind: str) -> None:
    @given(scenarios(kinds=(kind,), tiers=False))
    @law(20)
    def holds(raw: Raw) -> None:
        agrees(raw)

    holds()


@given(scenarios(rules=4))
@law(60)
def test_product_finds_the_optimum_with_rules_of_every_kind_and_tiers(raw: Raw) -> None:
    agrees(raw)
