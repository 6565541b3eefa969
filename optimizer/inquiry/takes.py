"""What it would take: the least change of one figure that puts a project into every optimal plan.

With V_in and V_out the best values with the project in and out, it is in every optimal plan where V_in > V_out. An
amount of its own leaves V_out where it is. A supply moves both, never down; a weight moves both, convexly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..candidates import Floats
from ..core import LARGE
from ..formulate import is_whole
from ..program import Program, Sense
from .ask import Inquiry, Value
from .least import changed, least_amount, least_limit
from .vary import Variation
from .weigh import FINE, STEPS, Threshold, Weighing, margin

PAST = 1e-3
"""`to` lies this part past the threshold."""
FEWER = 8
"""Values of one figure that are tried in a large programme."""


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
        if self.variation.kind == "weight":
            weighed = Weighing(self.inquiry, self.project, self.variation)
            threshold = weighed.first()
            self.open = weighed.open
            return threshold
        best = self.inquiry.without(self.project)
        if self.inquiry.at_most(self.program(self.variation.end, inside=True)) <= best.low:
            return None  # not even in parts, and of a supply V_out only rises
        if self.variation.kind == "supply":
            return self.supply()
        if is_whole(self.inquiry.solved.admission.asked)[self.project]:
            return self.whole_amount()
        return self.part_amount()

    @property
    def most(self) -> int:
        """Values that are tried: one project of very many moves a supply's threshold by ever less, and is left open."""
        return STEPS if len(self.inquiry.program.cost) < LARGE else FEWER

    def program(self, t: float, *, inside: bool) -> Program:
        return self.inquiry.toggled(self.variation.at(t), self.project, inside=inside)

    def whole_amount(self) -> Threshold | None:
        """One programme: the least change with which a plan with the project in is worth more than V_out.

        An outcome that no row counts raises every plan with the project in by the same, whichever is the best.
        """
        v = self.variation
        out = self.inquiry.without(self.project)
        target = out.high + margin(out.high)
        sign = 1.0 if v.end > v.start else -1.0
        rise = self.rise()
        if rise is not None:
            inside = self.inquiry.ask(self.program(v.start, inside=True))
            change = (target - inside.low) / rise if rise > 0 and inside.possible else np.inf
            if change > abs(v.end - v.start):
                return None
            return Threshold(v.start + sign * max(0.0, change), out.proved and inside.proved)
        least = least_amount(self.inquiry, self.program(v.start, inside=True), v, target)
        if not np.isfinite(least.high):
            return None
        proved = out.proved and least.high - least.low <= FINE * max(abs(v.start), abs(least.high))
        return Threshold(v.start + sign * least.high, proved)

    def rise(self) -> float | None:
        """Points per unit of change that every plan with a whole project in gains; None where it depends."""
        start, end = self.variation.at(self.variation.start), self.variation.at(self.variation.end)
        if len(changed(start.value, end.value)) or len(changed(start.limit, end.limit)):
            return None
        options = self.inquiry.solved.admission.candidates.project == self.project
        gains = (end.cost - start.cost)[self.inquiry.program.layout.share[options]]
        moved = len(changed(start.cost, end.cost))
        if moved != len(gains) or not np.allclose(gains, gains[0], rtol=1e-12, atol=0.0):
            return None
        return float(gains[0]) / abs(self.variation.end - self.variation.start)

    def supply(self) -> Threshold | None:
        """More supply never lowers V_out, so the threshold is at least where V_in reaches the V_out of less supply.

        t_0 = start, t_(k+1) = the least t with V_in(t) > V_out(t_k): this climbs to the first threshold and never
        passes it, for every V_out(t) ≥ V_out(t_k). A plan that is known to be worth more at t_(k+1) saves a step.
        """
        v, t, proved = self.variation, self.variation.start, True
        out = self.inquiry.without(self.project)
        target = out.high + margin(out.high)
        for _ in range(self.most):
            proved &= out.proved
            least = least_limit(self.inquiry, self.program(v.start, inside=True), v, target)
            if not np.isfinite(least.high):
                return None
            t = max(t, v.start + least.high)
            proved &= least.high - least.low <= FINE * max(1.0, abs(t))
            there = self.program(t, inside=False)
            worths = (float(plan @ there.cost) for plan in self.inquiry.known.keeping(there.limit))
            known = max(worths, default=-np.inf)
            if known <= out.high + 0.1 * margin(out.high):
                before, out = out, self.inquiry.ask(there)
                if out.high <= before.high + 0.1 * margin(before.high):
                    return Threshold(t, proved and out.proved)
                known = out.high
            else:
                out = Value(known, known, None)
            target = known + margin(known)
        self.open = True
        return Threshold(t, proved=False)

    def part_amount(self) -> Threshold | None:
        """V_in is monotone in an amount of the project's own, V_out does not move: halving, helped by the plans found.

        A plan that is worth enough at one value is so down to where it breaks a limit or is worth too little; just
        before that value we look first.
        """
        v = self.variation
        out = self.inquiry.without(self.project)
        target = out.high + margin(out.high)
        low, high, proved, t = v.start, np.inf, out.proved, v.end
        for step in range(2 * self.most):
            inside = self.inquiry.ask(self.program(t, inside=True))
            proved &= inside.proved
            if inside.low > target and inside.values is not None:
                high = self.back(t, inside.values, target)
            elif t == v.end:
                return None
            else:
                low = t
            fine = FINE * max(abs(high), abs(low))
            if abs(high - low) <= fine:
                break
            just = 0.9 * fine if step % 2 == 0 else 0.5 * abs(high - low)
            t = high - just * (1.0 if v.end > v.start else -1.0)
        return Threshold(high, proved and abs(high - low) <= FINE * max(abs(high), abs(low)))

    def back(self, t: float, values: Floats, target: float) -> float:
        """How far towards the start a plan of the value t stays one and worth the target."""
        v = self.variation
        programs = [self.program(at, inside=True) for at in (v.start, t)]
        over = np.array([np.append(short(p, values), target - p.cost @ values) for p in programs])
        start, here = over[0], np.minimum(over[1], 0.0)
        falls = start > 0
        part = float((start[falls] / (start[falls] - here[falls])).max(initial=0.0))
        return v.start + part * (t - v.start)


def short(program: Program, values: Floats) -> Floats:
    """(m,) by how much a plan misses every limit of a programme; negative where there is room."""
    over = program.activity(values) - program.limit
    missed = np.where(
        program.sense == Sense.AT_MOST, over, np.where(program.sense == Sense.AT_LEAST, -over, np.abs(over))
    )
    room = 1e-9 * np.maximum(1.0, np.where(np.isfinite(program.limit), np.abs(program.limit), 1.0))
    return np.where(np.isfinite(missed), missed - room, -1.0)


def past(threshold: float, variation: Variation) -> tuple[float, float]:
    """(just past, just before) a threshold, in the direction of the change."""
    sign = 1.0 if variation.end > variation.start else -1.0
    return threshold * (1.0 + sign * PAST), threshold * (1.0 - sign * PAST)
