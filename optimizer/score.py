"""Criteria -> coefficients: what each option is worth in points."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ..models.criterion import Criterion
from ..models.finding import Finding, Message, Place, Severity
from ..models.scenario import Scenario
from .candidates import Candidates, Floats


@dataclass(frozen=True, eq=False)
class Scores:
    """The score of the competing options: points = Σ_c factor_c · f_c."""

    summands: dict[str, Floats]
    """criterion -> (k,) f_c of each option's whole project, in unit(of)"""
    scales: dict[str, float]
    """criterion -> N_c, in unit(of)"""
    factors: dict[str, float]
    """criterion -> 100 · weight / Σ weights / N_c, points per unit(of); 0 where N_c is 0"""
    points: Floats
    """(k,) points of each option's whole project"""


def summand(criterion: Criterion, of: Floats, per: Floats | float) -> Floats:
    """f_c for the whole project, more is better.

    of alone: of (better: lower: −of); of per, higher: of − standard · per; of per, lower: standard · per − of.
    """
    sign = 1.0 if criterion.better == "higher" else -1.0
    if criterion.per is None:
        return sign * of
    return sign * (of - (criterion.standard or 0.0) * per)


def of_candidates(criterion: Criterion, candidates: Candidates) -> Floats:
    """(k,) f_c of each option."""
    per = candidates.amount(criterion.per) if criterion.per else 0.0
    return summand(criterion, candidates.amount(criterion.of), per)


def scale(criterion: Criterion, asked: Candidates) -> float:
    """N_c: the criterion's reference, else everything that speaks for the candidates as asked.

    N_c = Σ_p max(0, max_z f_c[p,z]); where that is 0, Σ_p max(0, max_z −f_c[p,z]).
    """
    return float(what_speaks(criterion, asked).sum()) if criterion.reference is None else criterion.reference


def what_speaks(criterion: Criterion, asked: Candidates) -> Floats:
    """(n,) what each project adds to N_c: max(0, f_c) in its best zone; if nobody counts in favour, max(0, −f_c)."""
    f = of_candidates(criterion, asked)
    favour = np.maximum(asked.largest(f), 0.0)
    return favour if favour.any() else np.maximum(asked.largest(-f), 0.0)


FEW = 3
"""Fewer candidates than this always have one that makes up half of everything."""


def doubts(scenario: Scenario, asked: Candidates, where: Callable[[str], Place]) -> list[Finding]:
    """Warnings of a scale N_c that is 0, or more than half of which comes from one project."""
    findings = []
    for name, criterion in scenario.criteria.items():
        if criterion.reference is not None or not len(asked.project):
            continue
        parts = what_speaks(criterion, asked)
        total, heaviest = float(parts.sum()), int(np.argmax(parts))
        if total == 0:
            what = Message("No candidate counts for or against {criterion}.", {"criterion": name})
            why = Message("The criterion gives no points; its weight stays in the sum of weights.")
            remedy = Message("Fill in the amounts it needs, fix its reference, or leave it out.")
        elif len(asked) >= FEW and parts[heaviest] > total / 2:
            names = {"criterion": name, "project": str(asked.ids[heaviest])}
            what = Message("More than half of what {criterion} is measured against comes from {project}.", names)
            why = Message("Everything else hardly counts beside it; a slip in its figures would do this too.")
            remedy = Message("Check its figures, or fix the scale with `reference`.")
        else:
            continue
        findings.append(Finding(Severity.WARNING, "scale", where(f"criteria.{name}"), what, why, remedy))
    return findings


def scales(scenario: Scenario, asked: Candidates) -> dict[str, float]:
    """N_c of every criterion; taken on the base scenario and kept for every case and comparison."""
    return {name: scale(criterion, asked) for name, criterion in scenario.criteria.items()}


def score(scenario: Scenario, candidates: Candidates, scales: Mapping[str, float]) -> Scores:
    """The points of the competing candidates at the scenario's weights."""
    weights = sum(c.weight for c in scenario.criteria.values())
    factors = {
        name: 100.0 * c.weight / weights / scales[name] if scales[name] > 0 else 0.0
        for name, c in scenario.criteria.items()
    }
    summands = {name: of_candidates(c, candidates) for name, c in scenario.criteria.items()}
    points = np.zeros(len(candidates.project))
    for name in sorted(summands):  # a fixed order of addition: the order of the file never shows
        points += factors[name] * summands[name]
    return Scores(summands, dict(scales), factors, points)


def synergy_points(scenario: Scenario, adds: Mapping[str, float], factors: Mapping[str, float]) -> float:
    """Points of what a synergy adds: Σ_c factor_c · f_c(adds)."""
    total = 0.0
    for name in sorted(scenario.criteria):
        criterion = scenario.criteria[name]
        of = np.array([adds.get(criterion.of, 0.0)])
        per = adds.get(criterion.per, 0.0) if criterion.per else 0.0
        total += factors[name] * float(summand(criterion, of, per)[0])
    return total
