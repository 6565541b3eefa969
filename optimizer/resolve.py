"""The engine of explain and tune at any size: a large linear programme by the prices of the last one, and its core.

The interface is that of `Engine`, and so is the answer; what is not certified is solved by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from .candidates import Bools, Floats
from .core import SIZES, by_core, priced_answer
from .engine import Engine, Start
from .face import only_rows
from .program import Program, Sense
from .solve import Answer, Clock, Limits, Termination

LAST = 1.0
"""Seconds that are too few for the solver to begin with a large programme."""


@dataclass(frozen=True, eq=False)
class Priced(Start):
    """A start from the prices of a large programme."""

    answer: Answer


class Resolver:
    """Solves programmes of one shape again and again, each from where the last one stopped; see `Engine`."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.engine = Engine(limits)
        self.answer: Answer | None = None
        """of the last large programme"""

    def __reduce__(self) -> tuple[type[Resolver], tuple[Limits]]:
        """Other processes get one that has solved nothing: a solver's memory stays where it is."""
        return Resolver, (self.limits,)

    def solve(self, program: Program, limits: Limits | None = None, start: Start | None = None) -> Answer:
        """The answer to one programme, from a start of one's own or from where the last solve stopped."""
        limits = limits or self.limits
        clock = Clock(limits)
        large, rows = closed(program)
        if by_core(large, limits):
            last = start.answer if isinstance(start, Priced) else self.answer
            found = priced_answer(large, clock, SIZES, last=like(last, program, rows))
            if found is not None and found.termination is Termination.INFEASIBLE:
                return found
            if found is not None and found.duals is not None:
                duals = np.zeros(len(program.limit))
                duals[rows] = found.duals
                self.answer = replace(found, duals=duals)
                return self.answer
        self.answer = None
        left = clock.left(program)
        if by_core(large, limits) and left.seconds is not None and left.seconds <= LAST:
            return Answer(Termination.LIMIT, None, None, np.inf)  # handing over all of it takes longer
        return self.engine.solve(program, left, None if isinstance(start, Priced) else start)

    def begin(self, program: Program, values: Floats, prices: Mapping[str, float]) -> None:
        """Start the next solve from the optimal columns (n,) and the prices of a programme much like this one."""
        if not by_core(program, self.limits):
            return
        duals = np.zeros(len(program.limit))
        for row, name in program.shared_rows():
            duals[row] = prices.get(name, 0.0) * (-1.0 if program.sense[row] == Sense.AT_LEAST else 1.0)
        self.answer = Answer(Termination.OPTIMAL, values, duals, float(program.cost @ values))

    def stopped_at(self, answer: Answer) -> Start | None:
        """A start from the answer that was given last; None where there is none to start from."""
        if self.answer is None or self.answer.values is None:
            return self.engine.stopped_at(answer)
        return Priced(self.answer.values, None, self.answer)


def closed(program: Program) -> tuple[Program, Bools]:
    """The programme without its open rows (±inf), (m,) which stay; a project's own row beyond the first is a link.

    Without entries that are 0 either, which figures that are moved to nothing leave behind.
    """
    rows = np.isfinite(program.limit)
    if not rows.all():
        program = only_rows(program, rows)
    held = program.value != 0
    if not held.all():
        start = np.concatenate([[0], np.cumsum(held)])[program.start]
        program = replace(program, start=start, index=program.index[held], value=program.value[held])
    return replace(program, own=np.logical_and.accumulate(program.own)), rows


def like(last: Answer | None, program: Program, rows: Bools) -> Answer | None:
    """The last answer, if it was to a programme of this size, with the duals of some rows (m,)."""
    if last is None or last.values is None or last.duals is None:
        return None
    if len(last.values) != len(program.cost) or len(last.duals) != len(program.limit):
        return None
    return replace(last, duals=last.duals[rows])
