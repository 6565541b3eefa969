"""Honest prices: the step curve of the optimum over each supply, from none to well past the last candidate.

How the lines are found and proved: envelope.py. Curves grow outwards from the supply there is, so that a limit leaves
what is proved. Stages of the first call stay held at the values of the base plan.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ...models.explanation import Curve, CurveStep
from ...models.rule import EvenUseRule
from ..candidates import Bools, Floats
from ..formulate import SupplyRow, supply_rows
from ..geography import Geography
from .ask import Inquiry, Value
from .envelope import Piece, Tape, course, merged

STEPS = 400
"""Steps of one curve that are looked for at most, on either side."""
PATIENCE = 10.0
"""Seconds for one curve of a programme with whole columns where nothing else is asked for."""
PAST = 1.5
"""A curve ends at so many times all that is needed, or the supply there is if that is more."""


def steps(inquiry: Inquiry, tape: Tape, pieces: Sequence[Piece]) -> Iterator[CurveStep]:
    """The pieces with who enters and who leaves from one upper end to the next."""
    ids = inquiry.solved.admission.asked.ids

    def inside(t: float, whole: Floats, otherwise: Bools) -> Bools:
        point = tape.point(t, whole)
        return otherwise if point is None else inquiry.is_in(Value(point.value, point.value, point.values))

    before = inside(pieces[0].low, pieces[0].whole, inquiry.is_in(inquiry.best))
    for piece in pieces:
        after = inside(piece.high, piece.whole, before)
        yield CurveStep(
            from_=plain(piece.low),
            to=plain(piece.high),
            objective=(piece.value, piece.end),
            enters=tuple(ids[after & ~before]),
            leaves=tuple(ids[before & ~after]),
        )
        before = after


def plain(t: float) -> float:
    """A supply without the noise of its last digits."""
    return float(f"{t:.10g}") + 0.0


def curve(
    inquiry: Inquiry, row: SupplyRow, *, most: int = STEPS, seconds: float | None = None
) -> tuple[Curve | None, bool]:
    """The curve of one supply and whether all of it is proved; None where nothing is.

    A supply that an even use divides by is no mere limit: its curve is left open.
    """
    scenario, program = inquiry.solved.scenario, inquiry.solved.program
    if any(isinstance(r, EvenUseRule) and r.even_use.of == row.measure for r in scenario.rules) and row.zone:
        return None, False
    end = last_needed(inquiry, row)
    place = row.zone or None
    number = program.row_called(row.name)
    if number is None:  # nobody who competes needs it
        value = (inquiry.best.low, inquiry.best.low)
        flat = CurveStep(from_=0.0, to=plain(end), objective=value, enters=(), leaves=())
        return Curve(measure=row.measure, zone=place, price=(0.0, 0.0), steps=(flat,)), inquiry.best.proved
    seconds = PATIENCE if seconds is None and not program.linear else seconds
    until = np.inf if seconds is None else time.monotonic() + seconds
    tape = Tape(program, number, inquiry.limits, until)
    assert inquiry.best.values is not None
    found = course(tape, tape.pattern_of(inquiry.best.values), row.supply, end, most)
    if not found.left and not found.right:
        return None, False
    pieces = merged([*(found.left if row.supply > 0 else []), *found.right])
    listed = tuple(steps(inquiry, tape, pieces))
    return Curve(measure=row.measure, zone=place, price=found.price, steps=listed), found.closed


def last_needed(inquiry: Inquiry, row: SupplyRow) -> float:
    """A supply well past the last candidate: all that was asked for there, lower grades too, and made."""
    scenario, asked = inquiry.solved.scenario, inquiry.solved.admission.asked
    there = Geography(scenario, asked).within(row.zone)
    wanted = 0.0
    for name in scenario.measures:
        if row.measure in grades(inquiry, name):
            for amount in (asked.amount(name), asked.made(name)):
                wanted += float(np.maximum(asked.largest(np.where(there, amount, 0.0)), 0.0).sum())
    return PAST * max(wanted, row.supply)


def grades(inquiry: Inquiry, measure: str) -> list[str]:
    """A measure and the higher grades that may serve it, upwards."""
    chain = [measure]
    while (higher := inquiry.solved.scenario.measures[chain[-1]].also_served_by) is not None:
        chain.append(higher)
    return chain


def scarce(inquiry: Inquiry) -> list[SupplyRow]:
    """Every supply that has a curve: those the file names and the balances of what is made."""
    candidates = inquiry.solved.admission.candidates
    rows = supply_rows(inquiry.solved.scenario, Geography(inquiry.solved.scenario, candidates))
    return [row for row in rows if row.named or candidates.made(row.measure)[row.counts].any()]


def curves(
    inquiry: Inquiry,
    *,
    most: int = STEPS,
    seconds: float | None = None,
    on_curve: Callable[[str], None] = lambda name: None,
) -> tuple[list[Curve], list[str]]:
    """The curves of all supplies, and the rows (``supply|MEASURE|ZONE``) whose curve is not proved to its ends.

    `most` steps a curve on either side; `seconds` for all, shared out evenly (none: PATIENCE for each curve that may
    jump). Raises SolverError if the solver fails.
    """
    found: list[Curve] = []
    unproved: list[str] = []
    rows = [row for row in scarce(inquiry) if last_needed(inquiry, row) > 0]
    start = time.monotonic()
    for i, row in enumerate(rows):
        on_curve(row.name)
        left = None if seconds is None else max(0.0, start + seconds - time.monotonic()) / (len(rows) - i)
        one, closed = curve(inquiry, row, most=most, seconds=left)
        if one is not None:
            found.append(one)
        if not closed:
            unproved.append(row.name)
    return found, unproved
