"""Common terms for plans of several files: units, definitions of criteria, scales and scores of the first plan."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from ..models.comparison import ComparedCriterion
from ..models.finding import Finding, InputError, Message, Place, Severity
from ..models.plan import Plan, PlannedCriterion
from ..models.quantity import QuantityError, factor, unit
from ..models.scenario import Scenario
from .comparison import Entry

SAME = 1e-9
"""Relative difference of two standards that counts as none."""

Factors = Mapping[str, float]
"""measure -> what its amounts in a plan are multiplied by to be in the common unit"""


def ratio(source: str, target: str) -> float:
    """What amounts in one unit are multiplied by to be in another.

    >>> ratio("公顷", "mu"), ratio("万元", "亿元/year"), ratio("mu", "mu")
    (15.0, 0.0001, 1.0)

    Raises:
        QuantityError: the units measure different things.
    """
    if source == target:
        return 1.0
    times, by = factor(unit(source), unit(target))
    return times / by


def common_units(entries: Sequence[Entry]) -> tuple[list[Factors], list[Finding]]:
    """For each plan the factors into the units of the first plan that has the measure, and what was converted.

    Raises:
        InputError: a measure of one name is of different kinds.
    """
    units: dict[str, tuple[str, Entry]] = {}
    factors: list[Factors] = []
    findings: list[Finding] = []
    for entry in entries:
        own: dict[str, float] = {}
        for measure in entry.allocation.plan.measures:
            wanted, first = units.setdefault(measure.name, (measure.unit, entry))
            names = {"measure": measure.name, "unit": measure.unit, "wanted": wanted, "first": first.label}
            try:
                own[measure.name] = ratio(measure.unit, wanted)
            except QuantityError:
                findings.append(_clash(entry, names))
                continue
            if own[measure.name] != 1.0:
                findings.append(_converted(entry, names))
        factors.append(own)
    if any(one.severity is Severity.ERROR for one in findings):
        raise InputError(findings)
    return factors, findings


def _clash(entry: Entry, names: Mapping[str, object]) -> Finding:
    return Finding(
        Severity.ERROR,
        "unit-clash",
        Place(entry.source),
        Message("{measure} is in {unit} here and in {wanted} in {first}", names),
        Message("Amounts of different kinds cannot be set against each other."),
        Message("Give one of the two measures another name, or correct its unit."),
    )


def _converted(entry: Entry, names: Mapping[str, object]) -> Finding:
    return Finding(
        Severity.WARNING,
        "unit-converted",
        Place(entry.source),
        Message("{measure} is in {unit} here and in {wanted} in {first}", names),
        Message("All figures of the comparison are in {wanted}.", names),
        Message(""),
    )


def kept_scales(first: Plan, scenario: Scenario) -> dict[str, float]:
    """N_c of the first plan, in the units of another scenario, for its criteria that count the same measure."""
    units = {measure.name: measure.unit for measure in first.measures}
    found = {}
    for criterion in first.criteria:
        other = scenario.criteria.get(criterion.name)
        if other is not None and other.of == criterion.of and other.of in scenario.measures and other.of in units:
            try:
                found[criterion.name] = criterion.scale * ratio(units[other.of], scenario.measures[other.of].unit)
            except QuantityError:
                continue  # `common_units` tells
    return found


def same_definition(one: PlannedCriterion, other: PlannedCriterion, factors: Factors) -> bool:
    """Whether two criteria count the same; `factors` bring the amounts of the other's plan into the one's units."""
    if (one.of, one.per, one.better) != (other.of, other.per, other.better):
        return False
    if one.per is None:
        return True
    ours, theirs = one.standard or 0.0, other.standard or 0.0
    return math.isclose(ours, theirs * factors.get(one.of, 1.0) / factors.get(one.per, 1.0), rel_tol=SAME)


def recounted(criterion: PlannedCriterion, entry: Entry, factors: Factors) -> float | None:
    """F_c of a plan by the definition of another, from what is granted; None where it does not have the measures.

    What synergies add is in no project's amounts and is left out.
    """
    needed = [criterion.of] if criterion.per is None else [criterion.of, criterion.per]
    if any(name not in factors for name in needed):
        return None
    granted = entry.allocation.projects
    of, *per = (float(granted[f"granted.{name}"].sum()) * factors[name] for name in needed)
    sign = 1.0 if criterion.better == "higher" else -1.0
    return sign * (of - (criterion.standard or 0.0) * per[0]) if per else sign * of


def criteria(
    entries: Sequence[Entry], factors: Sequence[Factors]
) -> tuple[tuple[ComparedCriterion, ...], list[Finding]]:
    """The criteria of the first plan, counted for every plan on its terms, and where that is not what a plan states."""
    own = [{c.name: c for c in entry.allocation.plan.criteria} for entry in entries]
    weights = [sum(c.weight for c in entry.allocation.plan.criteria) for entry in entries]
    findings: list[Finding] = []
    rows = []
    for c in entries[0].allocation.plan.criteria:
        totals: list[float | None] = []
        counted: list[str | None] = []
        for entry, theirs, factor_of in zip(entries, own, factors, strict=True):
            other = theirs.get(c.name)
            stated = other is not None and same_definition(c, other, factor_of)
            total = other.total * factor_of[c.of] if other and stated else recounted(c, entry, factor_of)
            totals.append(total)
            counted.append("stated" if stated else None if total is None else "recounted")
            if not stated:
                findings.append(_otherwise(entry, c, other is None, total is None))
        part = c.weight / weights[0] if weights[0] else 0.0
        achieved = [None if t is None else t / c.scale if c.scale else 0.0 for t in totals]
        rows.append(
            ComparedCriterion.model_validate(
                {
                    **c.model_dump(include={"name", "title", "of", "per", "better", "standard", "unit", "scale"}),
                    "weights": [
                        theirs[c.name].weight / whole if c.name in theirs and whole else None
                        for theirs, whole in zip(own, weights, strict=True)
                    ],
                    "totals": totals,
                    "achieved": achieved,
                    "points": [None if a is None else 100.0 * part * a for a in achieved],
                    "counted": counted,
                }
            )
        )
    return tuple(rows), findings + list(_further(entries, own))


def _otherwise(entry: Entry, criterion: PlannedCriterion, absent: bool, uncounted: bool) -> Finding:
    """A plan that does not state what the first plan counts."""
    names = {"criterion": criterion.name}
    if absent:
        what = Message("there is no criterion {criterion} here", names)
    else:
        what = Message("criterion {criterion} is defined in another way here", names)
    why = Message("It was counted again by the definition of the first, from what is granted, without synergies.")
    if uncounted:
        why = Message("What it needs is not measured here, so there is no score on the terms of the first.")
    code = "criterion-missing" if absent else "criterion-differs"
    return Finding(Severity.WARNING, code, Place(entry.source), what, why, Message(""))


def _further(entries: Sequence[Entry], own: Sequence[Mapping[str, PlannedCriterion]]) -> Iterator[Finding]:
    """Criteria that the first plan does not have."""
    for entry, theirs in zip(entries[1:], own[1:], strict=True):
        for name in theirs:
            if name not in own[0]:
                what = Message("criterion {criterion} is not one of the first", {"criterion": name})
                why = Message("It does not count in a score on the terms of the first.")
                yield Finding(Severity.WARNING, "criterion-further", Place(entry.source), what, why, Message(""))
