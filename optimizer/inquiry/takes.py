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

        A piece in which the chord nowhere passes the tangents holds no threshold; the first other piece is halved.
        """
        v = self.variation
        known: dict[float, tuple[Value, Value]] = {}

        def look(t: float) -> tuple[Value, Value]:
            if t not in known:
                known[t] = (self.value(t, inside=True), self.value(t, inside=False))
            return known[t]

        pieces = [(v.start, v.end)]
        steps = 0
        while pieces and steps < STEPS:
            low, high = pieces.pop()
            steps += 1
            (in_low, _), (in_high, out_high) = look(low), look(high)
            if not (in_low.possible and in_high.possible) or self.below(low, high, known):
                continue
            if abs(high - low) <= FINE * max(abs(high), abs(low)):
                if in_high.low > out_high.high + self.margin(out_high.high):
                    return Threshold(high, in_high.proved and out_high.proved)
                continue
            middle = 0.5 * (low + high)
            pieces += [(middle, high), (low, middle)]
        self.open = bool(pieces)
        return None

    def below(self, low: float, high: float, known: dict[float, tuple[Value, Value]]) -> bool:
        """Whether V_in's chord stays below V_out's tangents all over a piece, in weighted points."""
        scale = self.variation.scale
        chord = [known[t][0].high * scale(t) for t in (low, high)]
        tangents = []
        for t, other in ((low, high), (high, low)):
            plan = known[t][1].values
            if plan is None:
                return False
            tangents.append((float(self.variation.at(t).cost @ plan), float(self.variation.at(other).cost @ plan)))
        at_low = chord[0] - np.array([tangents[0][0], tangents[1][1]])
        at_high = chord[1] - np.array([tangents[0][1], tangents[1][0]])
        # chord − max(tangents) = min(chord − tangent_1, chord − tangent_2), a minimum of two lines on [0, 1]
        corners = [0.0, 1.0]
        slope = at_high - at_low
        if slope[0] != slope[1]:
            crossing = (at_low[1] - at_low[0]) / (slope[0] - slope[1])
            corners += [float(crossing)] if 0.0 < crossing < 1.0 else []
        most = max(float((at_low + slope * s).min()) for s in corners)
        return most <= self.margin(known[low][1].low) * min(scale(low), scale(high))

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
