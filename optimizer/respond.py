"""What one more unit of a resource would change: the direction in which the optimum moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from .candidates import Candidates, Floats
from .engine import Engine
from .face import only_rows, real_duals, reduced, reduced_costs
from .polish import correction, dense, interior
from .program import Program, Sense
from .solve import Limits, SolverError


def direction(program: Program, values: Floats, duals: Floats, row: int) -> Floats | None:
    """(n,) change of every column per unit by which one row's limit rises; None if the optimum cannot move so.

    On the optimal basis: columns with a reduced cost stay, rows with a dual stay active (the one row by one unit more).
    First as the smallest change on the active rows; where bounds forbid that (a degenerate vertex), as a programme.
    """
    inside, low, high = interior(program, values)
    active = real_duals(program, duals)
    touched = np.bincount(program.row_of_entry()[inside[program.index]], minlength=len(program.limit)) > 0
    slack = np.abs(program.limit - program.activity(values)) <= 1e-9 * np.maximum(1.0, np.abs(program.limit))
    held = (active | (program.sense == Sense.EQUAL)) & (touched | ~program.own)
    tight = held | (slack & touched)
    wanted = np.zeros(len(program.limit))
    wanted[row] = 1.0
    rows, columns = np.flatnonzero(tight), np.flatnonzero(inside)
    if len(rows) + len(columns) <= 1500:
        change = correction(dense(program, rows, columns), wanted[rows])
        step = np.zeros(len(program.cost))
        step[columns] = change
        if np.abs((program.activity(step) - wanted)[tight]).max(initial=0.0) <= 1e-8:
            return step
    moves = program.lower < program.upper
    moves &= reduced_costs(program, duals) == 0
    cone = replace(
        program,
        cost=np.zeros(len(program.cost)),
        lower=np.where(moves & ~low, -np.inf, 0.0),
        upper=np.where(moves & ~high, np.inf, 0.0),
        integer=np.zeros(len(program.cost), dtype=bool),
        sense=np.where(active, int(Sense.EQUAL), program.sense),
        limit=np.where(slack | active, wanted, np.where(program.sense == Sense.AT_LEAST, -np.inf, np.inf)),
    )
    small, free = reduced(only_rows(cone, np.isfinite(cone.limit)))
    try:
        answer = Engine(Limits(seconds=10.0)).solve(small)
    except SolverError:
        return None
    if answer.values is None:
        return None
    step = np.zeros(len(program.cost))
    step[free] = answer.values
    return step


def price_in(
    program: Program, candidates: Candidates, values: Floats, prices: Floats, measures: Iterable[str]
) -> dict[str, dict[str, float]]:
    """Supply row -> {measure: change of its granted total per unit more}, for supplies with a price."""
    amounts = {m: candidates.amount(m) for m in measures}
    duals = np.where(program.sense == Sense.AT_LEAST, -prices, prices)
    result: dict[str, dict[str, float]] = {}
    for i, name in program.shared_rows():
        if not name.startswith("supply|") or prices[i] <= 0:
            continue
        step = direction(program, values, duals, i)
        if step is not None:
            moved = program.shares(step)
            result[name] = {m: float(a @ moved) for m, a in amounts.items()}
    return result
