"""What it would take: the least change of one figure that puts a project into every optimal plan.

With V_in and V_out the best values with the project in and out, it is in every optimal plan where V_in > V_out. For a
figure of its own, V_out does not move. For a supply or a weight both move, and not evenly; the first crossing counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from .ask import PROVED, Inquiry, Value, least_in, most_out, with_limits
from .vary import Variation

PAST = 1e-3
"""`to` lies this part past the threshold."""
FINE = 1e-6
"""Width to which a threshold is narrowed, relative to its size; far below PAST."""
DEEPEST = 60
"""Values of one figure that are tried at most."""


@dataclass
class Crossing:
    """V_in and V_out at one value of the figure, in points."""

    t: float
    inside: Value
    outside: Value

    @property
    def above(self) -> bool:
        """In every optimal plan, proved."""
        return self.inside.low > self.outside.high + PROVED * max(1.0, abs(self.inside.low))

    @property
    def open(self) -> bool:
        """Neither "in every" nor "in no" optimal plan is proved: a tie, or bounds that did not close."""
        return not self.above and self.inside.high >= self.outside.low


class Search:
    """The first crossing along one variation for one project."""

    def __init__(self, inquiry: Inquiry, project: int, variation: Variation) -> None:
        self.inquiry, self.project, self.variation = inquiry, project, variation
        self.tried = 0
        self.still = variation.kind in ("need", "outcome")  # V_out does not move

    def value(self, t: float, *, inside: bool) -> Value:
        """V_in or V_out at one value of the figure."""
        i, p = self.inquiry, self.project
        if not inside and self.still:
            return i.without(p)
        self.tried += 1
        program = self.variation.at(t)
        row, limit = (i.force[p], least_in(i, p)) if inside else (i.keep[p], most_out(i, p))
        found = i.ask(with_limits(program, {int(row): limit}))
        scale = self.variation.scale(t)
        return replace(found, low=found.low / scale, high=found.high / scale)

    def crossing(self, t: float) -> Crossing:
        return Crossing(t, self.value(t, inside=True), self.value(t, inside=False))

    def first(self) -> tuple[float, bool] | None:
        """(threshold, proved), None if there is none before the end.

        Figures of the project's own: V_in is monotone, so bisection with false position finds the one crossing. Else
        the range is cut into pieces that halve towards the start, and the first piece that ends above is narrowed.
        """
        v = self.variation
        start = self.crossing(v.start)
        if start.above:
            return None
        if self.still:
            end = self.crossing(v.end)
            return self.narrow(start, end) if end.above else None
        for low, high in self.pieces(start):
            if high.above:
                return self.narrow(low, high)
            if self.tried > DEEPEST:
                break
        return None

    def pieces(self, start: Crossing) -> Iterator[tuple[Crossing, Crossing]]:
        """Neighbouring values from the start outward, each step twice as long as the last."""
        v, before = self.variation, start
        for k in range(10, -1, -1):
            after = self.crossing(v.start + (v.end - v.start) * 0.5**k)
            yield before, after
            before = after

    def narrow(self, low: Crossing, high: Crossing) -> tuple[float, bool]:
        """The threshold between a value where it is not in and one where it is in every optimal plan."""
        proved = True
        while abs(high.t - low.t) > FINE * max(abs(high.t), abs(low.t)) and self.tried < DEEPEST:
            gap_low = low.outside.low - low.inside.high
            gap_high = high.inside.low - high.outside.high
            middle = 0.5 * (low.t + high.t)
            if np.isfinite(gap_low) and gap_low > 0 and gap_high > 0:
                guess = low.t + (high.t - low.t) * gap_low / (gap_low + gap_high)
                margin = 0.01 * (high.t - low.t)
                least, most = sorted((low.t + margin, high.t - margin))
                guess = min(max(guess, least), most)
                middle = guess if self.tried % 3 else middle
            here = self.crossing(middle)
            if here.above:
                high = here
            else:
                low = here
                proved &= not here.open or not here.inside.possible
        return high.t, proved


def past(threshold: float, variation: Variation) -> tuple[float, float]:
    """(just past, just before) a threshold, in the direction of the change."""
    sign = 1.0 if variation.end > variation.start else -1.0
    return threshold * (1.0 + sign * PAST), threshold * (1.0 - sign * PAST)
