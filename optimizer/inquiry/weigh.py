"""Which weight puts a project into every optimal plan: branch and bound on one weight.

In weighted points (points · Σ weights) every plan is a line over the weight, so V_in and V_out are upper envelopes of
lines: convex. V_in lies below its chord between two known values, V_out above the line of every plan without the
project, whoever asked for it. Where the chord is nowhere above those lines there is no threshold.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from ..candidates import Floats
from .ask import PROVED, Inquiry, Value
from .known import keeps
from .least import changed
from .vary import Variation

FINE = 1e-5
"""Width to which a threshold is narrowed, relative to its size; far below the 0.1 % by which `to` passes it."""
STEPS = 40
"""Values of one figure that are tried at most."""


@dataclass(frozen=True)
class Threshold:
    """The first value of a figure past which the project is in every optimal plan."""

    at: float
    proved: bool


def margin(value: float) -> float:
    """A tie is not "in every optimal plan": so much better it must be."""
    return 2.0 * PROVED * max(1.0, abs(value))


def above(line: Floats, others: Floats, room: float) -> tuple[float, float] | None:
    """The stretch, as parts of [0, 1], on which a line (2,) is above all others (k, 2) by more than `room`."""
    over = line - others - room
    if (over <= 0).all(axis=1).any():
        return None
    rising, falling = over[over[:, 0] <= 0], over[over[:, 1] <= 0]
    first = float((rising[:, 0] / (rising[:, 0] - rising[:, 1])).max(initial=0.0))
    last = float((falling[:, 0] / (falling[:, 0] - falling[:, 1])).min(initial=1.0))
    return (first, last) if first < last else None


@dataclass(eq=False)
class Weighing:
    """Looks for the first weight in one direction; places are parts u of the way from start to end."""

    inquiry: Inquiry
    project: int
    variation: Variation
    open: bool = False
    """stopped before all of the way was decided"""
    found: dict[bool, list[Floats]] = field(default_factory=lambda: {True: [], False: []})
    """plans of this search, with the project in and out"""
    told: dict[bool, dict[bytes, Floats | None]] = field(default_factory=lambda: {True: {}, False: {}})
    """the lines (2,) of all known plans with the project in and out; None: it breaks a limit"""

    def at(self, u: float) -> float:
        return self.variation.start + u * (self.variation.end - self.variation.start)

    def value(self, u: float, *, inside: bool) -> Value:
        """V_in or V_out, weighted points."""
        program = self.inquiry.toggled(self.variation.at(self.at(u)), self.project, inside=inside)
        found = self.inquiry.ask(program)
        if found.values is not None:
            self.found[inside].append(found.values)
        return found

    def start(self, *, inside: bool) -> Value:
        """The value at the start, which is the same for every figure."""
        found = self.inquiry.forced(self.project) if inside else self.inquiry.without(self.project)
        if found.values is not None:
            self.found[inside].append(found.values)
        scale = self.variation.scale(self.variation.start)
        return Value(found.low * scale, found.high * scale, found.values)

    def lines(self, *, inside: bool) -> Floats:
        """(k, 2) what known plans with the project in or out are worth at start and end, weighted points.

        Where the weight moves rows, as a held stage's, only those of this search are known to be plans.
        """
        costs, moves_rows = self.ends
        lines = [costs @ plan for plan in self.found[inside]]
        if not moves_rows:
            program, told = self.inquiry.toggled(self.inquiry.program, self.project, inside=inside), self.told[inside]
            for name, (plan, activity) in self.inquiry.known.plans.items():
                if name not in told:
                    told[name] = costs @ plan if keeps(activity, program.sense, program.limit) else None
            lines += [line for line in told.values() if line is not None]
        return np.array(lines).reshape(-1, 2)

    @cached_property
    def ends(self) -> tuple[Floats, bool]:
        """(2, n) the costs at start and end, and whether the weight moves rows."""
        start, end = (self.variation.at(t) for t in (self.variation.start, self.variation.end))
        moved = len(changed(start.value, end.value)) or len(changed(start.limit, end.limit))
        return np.array([start.cost, end.cost]), bool(moved)

    def first(self) -> Threshold | None:
        """The threshold, None where there is none. What is left of the way is looked at from its near end on."""
        into, out = self.start(inside=True), self.start(inside=False)
        if not into.possible or out.values is None:
            return None  # a weight does not change what is possible
        end = self.farthest(into)
        if end is None:
            return None
        pieces = [(0.0, into.high, 1.0, end)]
        found: Threshold | None = None
        for _ in range(STEPS):
            if not pieces:
                break
            low, at_low, high, at_high = pieces.pop()
            stretch = self.passing(low, at_low, high, at_high)
            if stretch is None or stretch[1] - stretch[0] <= 2.0 * FINE * self.size(stretch[0]):
                continue
            u = self.promising(*stretch)
            inside = self.value(u, inside=True)
            enters = self.surely(u, inside)
            left, right = (low, at_low, u, inside.high), (u, inside.high, high, at_high)
            found = enters or found
            pieces = [left] if enters else [*pieces, right, left]
        self.open = bool(pieces)
        return None if found is None else replace(found, proved=found.proved and not self.open)

    def farthest(self, into: Value) -> float | None:
        """No plan with the project in is worth more at the end of the way; None where that rules it out all along.

        First by the linear relaxation. The best plan at the end is asked for once for all projects.
        """
        end = self.variation.at(self.variation.end)
        key = f"end|{self.variation.path}|{self.variation.end:g}"
        if (key, -1) not in self.inquiry.cache:
            self.inquiry.cache[key, -1] = self.inquiry.ask(end)
        best = self.inquiry.cache[key, -1].high
        most = min(best, self.inquiry.at_most(self.inquiry.toggled(end, self.project, inside=True)))
        if self.passing(0.0, into.high, 1.0, most) is None:
            return None
        most = self.value(1.0, inside=True).high
        return most if self.passing(0.0, into.high, 1.0, most) is not None else None

    def size(self, u: float) -> float:
        """What a part of the way is measured by: the weight there, of the length of the way."""
        length = abs(self.variation.end - self.variation.start)
        return max(abs(self.at(u)) / length, 1e-3)

    def room(self) -> float:
        scale = min(self.variation.scale(self.variation.start), self.variation.scale(self.variation.end))
        return margin(self.inquiry.best.low) * scale

    def passing(self, low: float, at_low: float, high: float, at_high: float) -> tuple[float, float] | None:
        """The stretch of a piece on which the chord of V_in is above every plan without the project."""
        parts = np.array([[1.0 - low, 1.0 - high], [low, high]])
        stretch = above(np.array([at_low, at_high]), self.lines(inside=False) @ parts, self.room())
        if stretch is None:
            return None
        return low + stretch[0] * (high - low), low + stretch[1] * (high - low)

    def promising(self, first: float, last: float) -> float:
        """Where in a stretch a known plan with the project in first passes those without it, not at its edges."""
        outs, nudge = self.lines(inside=False), FINE * self.size(first)
        stretches = [above(line, outs, self.room()) for line in self.lines(inside=True)]
        starts = [s[0] + nudge for s in stretches if s is not None]
        return min((u for u in starts if first < u < last - nudge), default=0.5 * (first + last))

    def surely(self, u: float, inside: Value) -> Threshold | None:
        """The threshold just before u, if the project is in every optimal plan there."""
        known = self.lines(inside=False) @ np.array([1.0 - u, u])
        if inside.values is None or not inside.low > known.max() + self.room():
            return None
        outside = self.value(u, inside=False)
        if outside.values is None or not inside.low > outside.high + self.room():
            return None
        over = self.ends[0] @ (inside.values - outside.values)
        crossing = float(over[0] / (over[0] - over[1])) if over[0] < 0 < over[1] else u
        near = 0.0 <= u - crossing <= 4.0 * FINE * self.size(u)
        return Threshold(self.at(crossing if near else u), inside.proved and outside.proved)
