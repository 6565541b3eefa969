"""What it would take for a project that is not admissible: the figure that its standard looks at, far enough.

A standard compares `of` with a limit times `per`; either figure of the project's own can be moved until it holds. The
least such change makes the project admissible, no more. Where it is then not yet in every optimal plan, the same figure
is moved on, as for any other project.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ...models.rule import StandardRule
from ..admit import admit
from .ask import Inquiry

BEYOND = 1e-6
"""A figure that is tried lies this part past what the standard asks for."""


@dataclass(frozen=True)
class Passing:
    """A figure of a project that is not admissible, and the value from which on it is."""

    measure: str
    start: float
    at: float

    @property
    def kind(self) -> str:
        return "need" if self.at < self.start else "outcome"


def wanted(inquiry: Inquiry, project: int) -> Iterator[tuple[str, float]]:
    """(measure, value) with which one standard that keeps the project out would hold, each figure alone."""
    admission = inquiry.solved.admission
    asked = admission.asked
    rules = {rule.name: rule for rule in inquiry.solved.scenario.rules if isinstance(rule, StandardRule)}
    for failure in admission.failures:
        mine = asked.project[failure.options] == project
        if failure.rule not in rules or failure.otherwise == "trim" or not mine.any():
            continue
        standard = rules[failure.rule].standard
        of = float(asked.amounts[standard.of][project])
        per = float(asked.amounts[standard.per][project]) if standard.per else 1.0
        for limit in np.unique(failure.limit[mine]).tolist():
            yield standard.of, limit * per
            if standard.per and limit > 0 and of > 0:
                yield standard.per, of / limit


def competes(inquiry: Inquiry, project: int, measure: str, value: float) -> bool:
    """Whether the project would be admissible with one amount of its own changed."""
    asked = inquiry.solved.admission.asked
    amounts = asked.amounts[measure].copy()
    amounts[project] = value
    changed = replace(asked, amounts={**asked.amounts, measure: amounts})
    return bool(admit(inquiry.solved.scenario, changed).competes[project])


def passings(inquiry: Inquiry, project: int) -> list[Passing]:
    """The least change of each single figure that makes the project admissible; none where no figure alone does."""
    found: dict[str, Passing] = {}
    amounts = inquiry.solved.admission.asked.amounts
    for measure, value in wanted(inquiry, project):
        start = float(amounts[measure][project])
        beyond = value + (1.0 if value > start else -1.0) * BEYOND * abs(value)
        nearer = measure not in found or abs(value - start) < abs(found[measure].at - start)
        if value != start and nearer and competes(inquiry, project, measure, beyond):
            found[measure] = Passing(measure, start, value)
    return list(found.values())
