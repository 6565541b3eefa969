"""Must, could, never for all at once: against one programme a project, and against trying everything."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from brute import brute_force
from build import Raw, build
from hypothesis import HealthCheck, assume, given, settings
from random_scenarios import scenarios

from landalloc.optimizer.inquiry import standing
from landalloc.optimizer.inquiry.ask import LEAST, Inquiry, inquire
from landalloc.optimizer.inquiry.standing import standings, told, within
from landalloc.optimizer.pipeline import NoPlan, solve_scenario
from landalloc.optimizer.solve import Limits

EXACT = Limits(gap=0.0)
DISTANCES = (0.0, 1.0, 10.0)


def law(examples: int) -> Any:
    return settings(max_examples=examples, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that small scenarios are asked about together, too."""
    monkeypatch.setattr(standing, "FEW", 0)


def opened(raw: Raw) -> Inquiry:
    scenario, candidates = build(raw)
    try:
        solved, _ = solve_scenario(scenario, candidates, EXACT)
    except NoPlan:
        assume(False)
    return inquire(solved, EXACT)


@law(55)
@given(scenarios(most=6, rules=3))
def test_all_at_once_says_what_one_by_one_says(raw: Raw) -> None:
    """Every kind of project and rule, tiers, soft rules; what many have in common is never wrong about one."""
    inquiry = opened(raw)
    shared, near = standings(inquiry, DISTANCES, alone=False), standings(inquiry, DISTANCES)
    for p in range(len(inquiry.force)):
        other = inquiry.otherwise(p)
        noise = 1e-6 * max(1.0, abs(inquiry.best.low))
        assert shared.low[p] <= other.high + noise
        assert shared.high[p] >= other.low - noise
        one = told(inquiry, p, (other.low, other.high), DISTANCES)
        assert near.told(p, DISTANCES)[1] == one[1]
        for distance in DISTANCES:
            if abs(other.low - within(inquiry, distance)[0]) > noise:
                assert near.told(p, [distance]) == told(inquiry, p, (other.low, other.high), [distance])


def with_share(raw: Raw, project: str, bound: str) -> Raw:
    """The scenario in which a project has at least, or at most, 1 %."""
    probed = [{**p, "probe": 1.0} for p in raw["projects"]]
    rule = {"name": "asked", "total": {"of": "probe", bound: LEAST}, "where": {"id": project}}
    measures = {**raw["measures"], "probe": {}}
    return {**raw, "measures": measures, "projects": probed, "rules": [*raw.get("rules", []), rule]}


def best(raw: Raw) -> float:
    found = brute_force(*build(raw))
    return -np.inf if found is None else found.objective


@law(35)
@given(scenarios(most=4, tiers=False))
def test_all_at_once_is_what_trying_everything_finds(raw: Raw) -> None:
    """A project in parts is in from 1 % in all its zones together."""
    inquiry = opened(raw)
    near, top = standings(inquiry, DISTANCES), best(raw)
    for p, project in enumerate(inquiry.solved.admission.asked.ids):
        if inquiry.force[p] < 0:
            continue
        other = best(with_share(raw, project, "at_most" if near.inside[p] else "at_least"))
        for distance in DISTANCES:
            if abs(other - (top - distance)) > 1e-5:
                certain = "must" if near.inside[p] else "never"
                says = certain if other < top - distance else "could"
                assert near.told(p, [distance]) == ({f"{distance:g}": says}, True)


def parts(limit: float | None, projects: list[Raw], **supply: float) -> Raw:
    """Projects in two zones; a rule may cap what `a` gets of its one unit of land."""
    rules = [] if limit is None else [{"name": "cap", "total": {"of": "land", "at_most": limit}, "where": {"id": "a"}}]
    return {
        "measures": ["land", "jobs"],
        "zones": {zone: {"supply": {"land": amount}} for zone, amount in supply.items()},
        "criteria": {"jobs": {"of": "jobs", "weight": 1.0}},
        "projects": projects,
        "rules": rules,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "says"), [(0.0099, "never"), (0.01, "could"), (0.0101, "must"), (0.5, "must"), (None, "must")]
)
def test_a_part_of_one_percent_over_two_zones_is_in(limit: float | None, says: str) -> None:
    """Half a percent fits in the east, the rest up to the cap in the west. At 1 % it is in, but what keeps it just
    below costs nothing that can be told from nothing.
    """
    projects = [{"id": "a", "land": 1.0, "jobs": 9.0}, {"id": "b", "land": 1.0, "jobs": 5.0}]
    inquiry = opened(parts(limit, projects, east=0.005, west=0.5))
    assert standings(inquiry).told(0, [0.0]) == ({"0": says}, True)
    assert bool(inquiry.is_in(inquiry.best)[0]) is (says != "never")


def test_one_percent_may_lie_half_in_each_zone() -> None:
    """Neither zone holds 1 % of `a`, both together do."""
    inquiry = opened(parts(None, [{"id": "a", "land": 1.0, "jobs": 9.0}], east=0.005, west=0.005))
    assert standings(inquiry).told(0, [0.0]) == ({"0": "must"}, True)
    less = opened(parts(None, [{"id": "a", "land": 1.0, "jobs": 9.0}], east=0.005, west=0.0049))
    assert standings(less).told(0, [0.0]) == ({"0": "never"}, True)


@pytest.mark.parametrize(("land", "says"), [(1.99, "never"), (2.0, "must")])
def test_units_smaller_than_one_percent(land: float, says: str) -> None:
    """Of 200 units two make 1 %: one of them is a plan, but the project is not in."""
    raw = parts(None, [{"id": "a", "units": 200, "land": 200.0, "jobs": 9.0}], east=land)
    assert standings(opened(raw)).told(0, [0.0]) == ({"0": says}, True)


def test_many_equal_projects_are_ties() -> None:
    projects = [{"id": f"p{i}", "land": 1.0, "jobs": 2.0, "min_share": 1.0} for i in range(30)]
    near = standings(opened(parts(None, projects, east=15.0)))
    assert {tuple(near.told(p, [0.0])[0].values()) for p in range(30)} == {("could",)}
    assert all(near.told(p, [0.0])[1] for p in range(30))


def test_past_the_time_what_is_open_could_be_and_is_not_proved() -> None:
    projects = [{"id": f"p{i}", "land": 1.0, "jobs": 2.0, "min_share": 1.0} for i in range(4)]
    near = standings(opened(parts(None, projects, east=2.0)), end=time.monotonic() - 1.0)
    assert near.told(0, [0.0]) == ({"0": "could"}, False)
