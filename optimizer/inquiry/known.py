"""Plans that earlier questions found. Each bounds the answer to the next one from below, where it keeps its limits."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

import numpy as np

from ..candidates import Bools, Floats, Ints
from ..program import Program, Sense

MOST = 1000
"""Plans that are remembered, …"""
BYTES = 2**28
"""… and what they may take in memory; beyond either the oldest is forgotten."""
KEPT = 1e-9
"""A limit missed by no more than this, relative to max(1, |limit|), is kept."""


class Known:
    """Plans of programmes with the coefficients of one programme, whatever their costs and limits."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.most = remembered(MOST, len(program.cost) + len(program.limit))
        self.plans: dict[bytes, tuple[Floats, Floats]] = {}
        """the columns and what they make of every row, by a digest of the columns"""

    def copy(self) -> Known:
        """The same plans, for questions whose plans others shall not know."""
        new = Known(self.program)
        new.plans = dict(self.plans)
        return new

    def add(self, values: Floats) -> None:
        """Remember a plan; one of another shape is passed over."""
        if len(values) != len(self.program.cost):
            return
        name = blake2b((np.round(values, 9) + 0.0).tobytes(), digest_size=16).digest()
        self.plans[name] = values, self.program.activity(values)
        if len(self.plans) > self.most:
            del self.plans[next(iter(self.plans))]

    def keeping(self, limit: Floats) -> Iterator[Floats]:
        """The plans (n,) that keep these limits."""
        return (values for values, activity in self.plans.values() if keeps(activity, self.program.sense, limit))


def remembered(most: int, figures: int) -> int:
    """How many things of so many figures are remembered: at most so many, and no more than fit, but always a few."""
    return min(most, max(8, BYTES // (8 * max(1, figures))))


def keeps(activity: Floats, sense: Ints, limit: Floats, tolerance: float = KEPT) -> Bools:
    """(…,) whether the activities (…, m) of rows keep their limits."""
    over = activity - limit
    missed = np.where(sense == Sense.AT_MOST, over, np.where(sense == Sense.AT_LEAST, -over, np.abs(over)))
    room = tolerance * np.maximum(1.0, np.where(np.isfinite(limit), np.abs(limit), 1.0))
    return np.asarray((missed <= room).all(axis=-1))
