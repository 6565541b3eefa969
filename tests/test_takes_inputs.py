"""On the scenarios of inputs/: what it would take is applied to the file through the public door, and solved.

The search verifies its own answers; this trusts none of it. Some projects and figures of each scenario are asked about;
`python benchmarks/takes.py` does the same for everybody and every figure.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import landalloc
from landalloc.models.explanation import Taking
from landalloc.optimizer.inquiry.answers import Subject, admittings, taken, variations
from landalloc.optimizer.inquiry.explanation import Question, subject_of
from landalloc.optimizer.solve import Limits

INPUTS = Path(__file__).resolve().parents[1] / "inputs"
EVERY = "every figure"
ASKED: dict[tuple[str, str], tuple[str, ...]] = {
    ("harbour", "coal"): (EVERY,),
    ("qinbei", "flake"): ("projects.flake.jobs", "zones.氯碱园.supply.land", "supply.sewage"),
    ("zhongshan", "nt-plastic"): (EVERY,),
    ("zhongshan", "sx-treat"): ("projects.sx-treat.land", "supply.labour", "criteria.labour_cost.weight"),
    ("towns", "board"): ("projects.board.quota",),
    ("dalian", "frozen"): ("projects.frozen.investment", "projects.frozen.land"),
    ("penglai", "yacht"): ("projects.yacht.tourism", "zones.旅游度假区.supply.shoreline"),
}
"""Scenario and project -> the figures that are asked about: some that would admit it, some that never would."""


def subject(scenario: str) -> Subject:
    return subject_of(Question(INPUTS / f"{scenario}.yaml", None, {}, Limits(gap=0.0), "en"))


def share(scenario: str, project: str, figure: str, value: float) -> float:
    """Of a project in the exact plan of a changed file."""
    plan = landalloc.allocate(landalloc.read(INPUTS / f"{scenario}.yaml", changes={figure: value}), gap=0.0)
    projects = plan.allocation.projects
    return float(projects.loc[projects["id"] == project, "share"].iloc[0])


def before(taking: Taking) -> float:
    """0.1 % before the threshold, where `to` is 0.1 % past it."""
    to = float(taking.changes[0].to)
    sign = 1.0 if to > float(taking.changes[0].from_ or 0.0) else -1.0
    return to / (1.0 + sign * 1e-3) * (1.0 - sign * 1e-3)


@pytest.mark.parametrize(("scenario", "project"), ASKED)
def test_what_it_would_take_is_true_of_the_file(scenario: str, project: str) -> None:
    asked = subject(scenario)
    (p,) = [i for i, name in enumerate(asked.inquiry.solved.admission.asked.ids) if name == project]
    assert not asked.inquiry.is_in(asked.inquiry.best)[p]
    figures, admitted = ASKED[scenario, project], 0
    for variation in variations(asked.inquiry, p):
        if figures != (EVERY,) and variation.path not in figures:
            continue
        taking, proved = taken(asked, p, variation)
        assert proved, variation.path
        if taking is not None:
            admitted += 1
            (step,) = taking.changes
            assert share(scenario, project, step.path, float(step.to)) >= 0.01, step
            assert share(scenario, project, step.path, before(taking)) < 0.01, step
    assert admitted


def decision(scenario: str, project: str, figure: str, value: float) -> str:
    plan = landalloc.allocate(landalloc.read(INPUTS / f"{scenario}.yaml", changes={figure: value}), gap=0.0)
    projects = plan.allocation.projects
    return str(projects.loc[projects["id"] == project, "decision"].iloc[0])


@pytest.mark.parametrize(("scenario", "project", "enough"), [("harbour", "pv", False), ("zhongshan", "hj-data", True)])
def test_who_is_not_admissible_meets_the_standard_and_is_in(scenario: str, project: str, enough: bool) -> None:
    asked = subject(scenario)
    (p,) = [i for i, name in enumerate(asked.inquiry.solved.admission.asked.ids) if name == project]
    found, unproved = admittings(asked, p, None)
    assert unproved == []
    assert [taking.kind for taking in found] == ["outcome", "need"]  # more for the land, or less land
    for taking in found:
        (step,) = taking.changes
        assert share(scenario, project, step.path, float(step.to)) >= 0.01, step
        assert share(scenario, project, step.path, before(taking)) < 0.01, step
        assert (taking.admissible is None) == enough
        standard = before(taking) if taking.admissible is None else taking.admissible
        sign = 1.0 if float(step.to) > float(step.from_ or 0.0) else -1.0
        if taking.admissible is None:  # the threshold is the standard's own
            assert decision(scenario, project, step.path, standard) in ("inadmissible", "discuss")
        else:
            assert decision(scenario, project, step.path, standard * (1.0 + sign * 1e-6)) == "rejected"
            assert decision(scenario, project, step.path, standard * (1.0 - sign * 1e-3)) == "inadmissible"
