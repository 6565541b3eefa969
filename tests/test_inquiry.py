"""Answers about a plan against trying everything: forced and withdrawn, must and never, what it would take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from brute import brute_force
from build import Raw, build
from hypothesis import HealthCheck, assume, given, settings
from random_scenarios import scenarios

from landalloc.optimizer.inquiry import vary
from landalloc.optimizer.inquiry.ask import Inquiry, inquire
from landalloc.optimizer.inquiry.plans import alternatives, swap
from landalloc.optimizer.inquiry.standing import standings
from landalloc.optimizer.inquiry.takes import Search, past
from landalloc.optimizer.pipeline import NoPlan, solve_scenario
from landalloc.optimizer.solve import Limits

EXACT = Limits(gap=0.0)
SOLID = ("standard", "veto", "total", "ratio", "count", "requires", "exclusive", "together", "synergy")


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


def with_rule(raw: Raw, project: str, bound: str, limit: float) -> Raw:
    """The scenario in which so many of one project must or may be in."""
    rule = {"name": "asked", "count": {bound: limit}, "where": {"id": project}}
    return {**raw, "rules": [*raw.get("rules", []), rule]}


def best(raw: Raw) -> float:
    found = brute_force(*build(raw))
    return -np.inf if found is None else found.objective


@law(45)
@given(scenarios(divisible=False, kinds=SOLID, tiers=False, most=4))
def test_forced_and_withdrawn_are_the_best_plans_of_their_kind(raw: Raw) -> None:
    inquiry = opened(raw)
    top = best(raw)
    assert inquiry.best.low == pytest.approx(top, abs=1e-6)
    inside, known = inquiry.is_in(inquiry.best), standings(inquiry)
    for p, project in enumerate(inquiry.solved.admission.asked.ids):
        if inquiry.force[p] < 0:
            continue
        forced, without = best(with_rule(raw, project, "at_least", 1.0)), best(with_rule(raw, project, "at_most", 0.0))
        assert inquiry.forced(p).low == pytest.approx(forced, abs=1e-6)
        assert inquiry.without(p).low == pytest.approx(without, abs=1e-6)
        standing, proved = known.told(p, (0.0, 1.0))
        for distance in (0.0, 1.0):
            near = top - distance
            sure = [abs(value - near) > 1e-5 for value in (forced, without)]
            if proved and all(sure):
                says = "must" if without < near else "never" if forced < near else "could"
                assert standing[f"{distance:g}"] == says
        other = swap(inquiry, inquiry.without(p) if inside[p] else inquiry.forced(p))
        if other is not None:
            assert other.loss == pytest.approx(top - (without if inside[p] else forced), abs=1e-6)
            assert (project in other.leaves) if inside[p] else (project in other.enters)


@law(28)
@given(scenarios(divisible=False, kinds=("total", "count", "exclusive"), tiers=False, most=4))
def test_alternatives_are_different_plans_that_are_worth_what_they_say(raw: Raw) -> None:
    inquiry = opened(raw)
    found = alternatives(inquiry, 3, 1000.0)
    values = [a.objective for a in found]
    assert values == sorted(values, reverse=True)
    assert all(value <= inquiry.best.low + 1e-6 for value in values)
    assert all(len(a.enters) + len(a.leaves) >= 1 for a in found)
    assert len({(a.enters, a.leaves) for a in found}) == len(found)


@law(28)
@given(scenarios(divisible=False, kinds=("total", "exclusive", "requires"), tiers=False, most=4))
def test_what_it_takes_is_in_just_past_the_threshold_and_not_before(raw: Raw) -> None:
    inquiry = opened(raw)
    inside = inquiry.is_in(inquiry.best)
    asked = inquiry.solved.admission.asked
    for p, project in enumerate(asked.ids):
        if inquiry.force[p] < 0 or inside[p]:
            continue
        for measure, end in (("land", 0.0), ("output", 60.0)):
            start = float(asked.amounts[measure][p])
            if start == end or (measure == "land" and start <= 0):
                continue
            variation = vary.amount(inquiry, p, measure, end)
            threshold = Search(inquiry, p, variation).first() if variation is not None else None
            if variation is None or threshold is None:
                continue
            to, before = past(threshold.at, variation)
            if min(abs(threshold.at), abs(to - before)) < 1e-6:
                continue
            for value, says in ((to, True), (before, False)):
                changed = amount_of(raw, project, measure, value)
                kept = inquiry.solved.scores.scales
                forced = brute_force(*build(with_rule(changed, project, "at_least", 1.0)), kept)
                without = brute_force(*build(with_rule(changed, project, "at_most", 0.0)), kept)
                worth = [-np.inf if b is None else b.objective for b in (forced, without)]
                assert (worth[0] > worth[1]) is says, (measure, threshold, worth)


def amount_of(raw: Raw, project: str, measure: str, value: float) -> Raw:
    return {**raw, "projects": [{**p, measure: value} if p["id"] == project else p for p in raw["projects"]]}


def knapsack() -> Raw:
    """Land 10: a takes 6 for 6, b 6 for 5, c 4 for 3; 14 jobs are 100 points. The best is a and c."""
    projects = [
        {"id": "a", "land": 6.0, "jobs": 6.0, "min_share": 1.0},
        {"id": "b", "land": 6.0, "jobs": 5.0, "min_share": 1.0},
        {"id": "c", "land": 4.0, "jobs": 3.0, "min_share": 1.0},
    ]
    return {
        "measures": ["land", "jobs"], "supply": {"land": 10.0}, "projects": projects,
        "criteria": {"jobs": {"of": "jobs", "weight": 1.0}},
    }  # fmt: skip


def test_a_knapsack_by_hand() -> None:
    inquiry = opened(knapsack())
    # b enters beside a once it takes 4 instead of 6, or once it brings 6 instead of 5 (then it replaces a: 9 against 9)
    land = Search(inquiry, 1, vary.amount(inquiry, 1, "land", 0.0)).first()
    jobs = Search(inquiry, 1, vary.amount(inquiry, 1, "jobs", 50.0)).first()
    # with 12 mu a and b fit: 11 jobs against 9
    supply = Search(inquiry, 1, vary.supply(inquiry, "land", "", 20.0)).first()
    assert [land.at, jobs.at, supply.at] == pytest.approx([4.0, 6.0, 12.0], rel=1e-5)
    assert all(found.proved for found in (land, jobs, supply))


def test_a_weight_by_hand() -> None:
    """Two of two criteria: a has all the jobs, b all the output; one fits. b wins once output weighs more than jobs."""
    raw = {
        "measures": ["land", "jobs", "output"],
        "supply": {"land": 1.0},
        "criteria": {"jobs": {"of": "jobs", "weight": 3.0}, "output": {"of": "output", "weight": 1.0}},
        "projects": [
            {"id": "a", "land": 1.0, "jobs": 2.0, "min_share": 1.0},
            {"id": "b", "land": 1.0, "output": 5.0, "min_share": 1.0},
        ],
    }
    inquiry = opened(raw)
    more = Search(inquiry, 1, vary.weight(inquiry, "output", 50.0)).first()
    less = Search(inquiry, 1, vary.weight(inquiry, "jobs", 0.0)).first()
    assert [more.at, less.at] == pytest.approx([3.0, 1.0], rel=1e-4)
