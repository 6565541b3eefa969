"""What it would take: the least change of one figure that puts a project into every optimal plan.

With V_in and V_out the best values with the project in and out, it is in every optimal plan where V_in > V_out. An
amount of its own leaves V_out where it is. A supply moves both, never down; a weight moves both, convexly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..formulate import is_whole
from ..program import Program
from .ask import PROVED, Inquiry, Value, least_in, most_out, with_limits
from .least import least_amount, least_limit
from .vary import Variation

PAST = 1e-3
"""`to` lies this part past the threshold."""
FINE = 1e-5
"""Width to which a threshold is narrowed, relative to its size; far below PAST."""
STEPS = 24
"""Values of one figure that are tried at most."""


@dataclass(frozen=True)
class Threshold:
    """The first value of a figure past which the project is in every optimal plan."""

    at: float
    proved: bool


@dataclass(eq=False)
class Search:
    """Looks for the threshold along one variation for one project."""

    inquiry: Inquiry
    project: int
    variation: Variation
    open: bool = False
    """stopped before all of the range was decided"""

    def first(self) -> Threshold | None:
        """The threshold; None where there is none before the variation's end."""
        if self.variation.kind == "supply":
            return self.supply()
        if self.variation.kind == "weight":
            return self.weight()
        if is_whole(self.inquiry.solved.admission.asked)[self.project]:
            return self.whole_amount()
        return self.bisected()

    def margin(self, value: float) -> float:
        """A tie is not "in every optimal plan": so much better it must be."""
        return 2.0 * PROVED * max(1.0, abs(value))

    def program(self, t: float, *, inside: bool) -> Program:
        i, p = self.inquiry, self.project
        row, limit = (i.force[p], least_in(i, p)) if inside else (i.keep[p], most_out(i, p))
        return with_limits(self.variation.at(t), {int(row): limit})

    def value(self, t: float, *, inside: bool) -> Value:
        """V_in or V_out at one value of the figure, in points."""
        if not inside and self.variation.kind in ("need", "outcome"):
            return self.inquiry.without(self.project)
        found = self.inquiry.ask(self.program(t, inside=inside))
        scale = self.variation.scale(t)
        return replace(found, low=found.low / scale, high=found.high / scale)

    def whole_amount(self) -> Threshold | None:
        """One programme: the least change with which a plan with the project in is worth more than V_out."""
        v = self.variation
        out = self.inquiry.without(self.project)
        target = out.high + self.margin(out.high)
        least = least_amount(self.inquiry, self.program(v.start, inside=True), v, target)
        if not np.isfinite(least.high):
            return None
        sign = 1.0 if v.end > v.start else -1.0
        proved = out.proved and least.high - least.low <= FINE * max(abs(v.start), abs(least.high))
        return Threshold(v.start + sign * least.high, proved)

    def supply(self) -> Threshold | None:
        """More supply never lowers V_out, so the threshold is at least where V_in reaches the V_out of less supply.

        t_0 = start, t_(k+1) = the least t with V_in(t) > V_out(t_k): this climbs to the first threshold and never
        passes it, for every V_out(t) ≥ V_out(t_k).
        """
        v, t, proved = self.variation, self.variation.start, True
        for _ in range(STEPS):
            out = self.value(t, inside=False)
            target = out.high + self.margin(out.high)
            least = least_limit(self.inquiry, self.program(v.start, inside=True), v, target)
            if not np.isfinite(least.high):
                return None
            proved &= out.proved and least.high - least.low <= FINE * max(1.0, abs(v.start + least.high))
            after = v.start + least.high
            if after - t <= FINE * max(abs(after), abs(t)):
                return Threshold(max(after, t), proved)
            t = after
        self.open = True
        return Threshold(t, proved=False)

    def weight(self) -> Threshold | None:
        """Branch and bound on the weight: V_in is convex, so it lies below its chord; V_out above its tangents.

        Before the point where the chord first passes the tangents there is no threshold. Just past it we look; if the
        project is not in there, what is left of the piece is halved.
        """
        v = self.variation
        sign = 1.0 if v.end > v.start else -1.0
        known: dict[float, tuple[Value, Value]] = {}

        def look(t: float) -> tuple[Value, Value]:
            if t not in known:
                known[t] = (self.value(t, inside=True), self.value(t, inside=False))
            return known[t]

        pieces, steps = [(v.start, v.end)], 0
        while pieces and steps < STEPS:
            low, high = pieces.pop()
            steps += 1
            part = self.first_passing(low, high, look(low), look(high))
            if part is None:
                continue
            t = low + part * (high - low)
            t += sign * min(FINE * max(abs(t), 1e-3 * abs(high - low)), abs(high - t))
            inside, outside = look(t)
            if inside.low > outside.high + self.margin(outside.high):
                return Threshold(t, inside.proved and outside.proved)
            if abs(high - t) > FINE * max(abs(high), abs(t)):
                middle = 0.5 * (t + high)
                pieces += [(middle, high), (t, middle)]
        self.open = bool(pieces)
        return None

    def first_passing(
        self, low: float, high: float, at_low: tuple[Value, Value], at_high: tuple[Value, Value]
    ) -> float | None:
        """Where, as a part of the piece, V_in's chord first passes both tangents of V_out; None if nowhere.

        In weighted points, which are affine in the weight for every plan.
        """
        v = self.variation
        out_low, out_high = at_low[1].values, at_high[1].values
        if out_low is None or out_high is None:
            return 0.0 if at_high[0].possible else None
        if not (at_low[0].possible and at_high[0].possible):
            return None  # a weight does not change what is possible
        chord = np.array([at_low[0].high * v.scale(low), at_high[0].high * v.scale(high)])
        costs = v.at(low).cost, v.at(high).cost
        margin = self.margin(at_low[1].low) * min(v.scale(low), v.scale(high))
        first, last = 0.0, 1.0
        for plan in (out_low, out_high):
            over = chord - np.array([float(cost @ plan) for cost in costs]) - margin
            if over[0] <= 0 and over[1] <= 0:
                return None
            crossing = float(over[0] / (over[0] - over[1])) if over[0] * over[1] < 0 else None
            if crossing is not None and over[0] < 0:
                first = max(first, crossing)
            elif crossing is not None:
                last = min(last, crossing)
        return first if first <= last else None

    def bisected(self) -> Threshold | None:
        """V_in is monotone in an amount of the project's own, V_out does not move: halving finds the threshold."""
        v = self.variation
        out = self.inquiry.without(self.project)
        target = out.high + self.margin(out.high)
        if self.value(v.end, inside=True).low <= target:
            return None
        low, high, proved = v.start, v.end, out.proved
        for _ in range(STEPS):
            if abs(high - low) <= FINE * max(abs(high), abs(low)):
                break
            middle = 0.5 * (low + high)
            inside = self.value(middle, inside=True)
            proved &= inside.proved
            low, high = (low, middle) if inside.low > target else (middle, high)
        return Threshold(high, proved)


def past(threshold: float, variation: Variation) -> tuple[float, float]:
    """(just past, just before) a threshold, in the direction of the change."""
    sign = 1.0 if variation.end > variation.start else -1.0
    return threshold * (1.0 + sign * PAST), threshold * (1.0 - sign * PAST)
