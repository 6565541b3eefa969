"""The optimum along a straight line through the weights: every plan that is best somewhere on it, exactly.

With w(t) affine in t every plan is a line in t, and V(t) their upper envelope, convex. Where the lines of two plans
that are best at two ends cross, V either is on both (then the corner is found) or gives a third plan: Eisner and
Severance (1976), Mathematical techniques for efficient record segmentation; Aneja and Nair (1979), Bicriteria
transportation problem.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from ..candidates import Floats
from .space import PROVED, Best, Found, WeightSpace

NARROW = 1e-9
"""Stretches of a line shorter than this are corners."""


@dataclass(frozen=True, eq=False)
class Line:
    """w(t) = (1 − t) · start + t · end for t from 0 to 1."""

    start: Floats
    end: Floats

    def at(self, t: float) -> Floats:
        return (1.0 - t) * self.start + t * self.end

    def worth(self, plan: Found, t: float) -> float:
        return float(plan.worth(self.at(t)))

    def crossing(self, one: Found, other: Found) -> float | None:
        """Where two plans are worth the same; None where they are so everywhere or nowhere."""
        ahead = self.worth(one, 0.0) - self.worth(other, 0.0)
        gains = self.worth(other, 1.0) - self.worth(one, 1.0) + ahead
        return None if gains == 0 else ahead / gains

    def equal(self, one: Found, other: Found) -> bool:
        """Whether two plans are worth the same all along."""
        return all(abs(self.worth(one, t) - self.worth(other, t)) <= PROVED for t in (0.0, 1.0))


@dataclass(frozen=True, eq=False)
class Stretch:
    """A part of a line on which one plan is best."""

    low: float
    high: float
    plan: Found


@dataclass(frozen=True, eq=False)
class Walk:
    """A line from its start as far as it was followed."""

    line: Line
    stretches: list[Stretch]
    """ascending, from 0 on"""
    open: float
    """points by which some plan might be better than these somewhere; 0 where all is proved"""

    @property
    def reached(self) -> float:
        return self.stretches[-1].high if self.stretches else 0.0

    @property
    def proved(self) -> bool:
        return self.reached == 1.0 and self.open == 0.0


def walk(space: WeightSpace, line: Line, start: Best, until: float = math.inf) -> Walk:
    """Follow a line from an optimum at its start, until its end or the end of the time (as `time.monotonic` has it).

    Raises SolverError if the solver finds no plan in time.
    """
    left_open = 0.0 if start.proved else start.bound - start.worth
    if time.monotonic() >= until:
        return Walk(line, [], left_open)

    def look(t: float) -> Found:
        nonlocal left_open
        found = space.best(line.at(t))
        if not found.proved:
            left_open = max(left_open, found.bound - found.worth)
        return found.plan

    found: list[Stretch] = []
    open_ = [(0.0, start.plan, 1.0, look(1.0))]
    while open_ and time.monotonic() < until:
        a, one, b, other = open_.pop()
        t = line.crossing(one, other)
        if t is None or t >= b - NARROW:  # the other is best at b alone
            found.append(Stretch(a, b, one))
        elif t <= a + NARROW:
            found.append(Stretch(a, b, other))
        else:
            third = look(t)
            if line.worth(third, t) > line.worth(one, t) + PROVED * max(1.0, abs(line.worth(one, t))):
                open_ += [(t, third, b, other), (a, one, t, third)]
            else:
                found += [Stretch(a, t, one), Stretch(t, b, other)]
    return Walk(line, merged(line, found), left_open)


def merged(line: Line, stretches: Sequence[Stretch]) -> list[Stretch]:
    """Stretches in order, those of one line made one: of plans that are worth the same all along the first is told."""
    result: list[Stretch] = []
    for stretch in stretches:
        if result and line.equal(result[-1].plan, stretch.plan):
            result[-1] = Stretch(result[-1].low, stretch.high, result[-1].plan)
        else:
            result.append(stretch)
    return result
