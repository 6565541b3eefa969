"""The least change of one figure, as a programme of its own: minimise the change subject to a plan worth enough.

A supply moves a limit, so the change δ is simply a column of that row. An amount of a whole project moves its
coefficients; with b ∈ {0, 1} the product δ · b is a column d with 0 ≤ d ≤ range · b. Either way one programme gives
the exact threshold that bisection would need dozens of solves for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..candidates import Floats, Ints
from ..names import Names
from ..program import Layout, Program, Sense
from ..resolve import Resolver
from ..solve import Termination, refuse_lost, scaled
from .ask import Inquiry
from .vary import Variation

STEPS = 60
"""Steps of Newton's method at most."""
GAP = 1e-7
"""Relative gap at which a least change counts as found."""


@dataclass(frozen=True)
class Least:
    """A least change: it lies between low and high; inf where no change in the range is enough."""

    low: float
    high: float


def changed(base: Floats, other: Floats) -> Ints:
    """Places where two columns of figures differ by more than rounding."""
    return np.flatnonzero(~np.isclose(base, other, rtol=1e-12, atol=0.0))


def with_columns(program: Program, upper: Floats, entries: tuple[Ints, Ints, Floats]) -> Program:
    """The programme with more non-negative columns at its end; entries are (row, new column from 0, value)."""
    n = len(program.cost)
    row, column, value = entries
    order = np.argsort(row, kind="stable")
    row, column, value = row[order], column[order], value[order]
    ends = program.start[row + 1]
    more = np.cumsum(np.bincount(row, minlength=len(program.limit)))
    layout = program.layout
    helpers = {**layout.helpers, **{f"change|{j}": n + j for j in range(len(upper))}}
    return replace(
        program,
        cost=np.concatenate([program.cost, np.zeros(len(upper))]),
        lower=np.concatenate([program.lower, np.zeros(len(upper))]),
        upper=np.concatenate([program.upper, upper]),
        integer=np.concatenate([program.integer, np.zeros(len(upper), dtype=bool)]),
        column_names=Names([program.column_names, [f"change|{j}" for j in range(len(upper))]]),
        start=(program.start + np.concatenate([[0], more])).astype(np.intp),
        index=np.insert(program.index, ends, n + column),
        value=np.insert(program.value, ends, value),
        layout=Layout(layout.share, layout.step, layout.site, helpers),
    )


def worth_at_least(program: Program, cost: Floats, target: float) -> Program:
    """The programme with a last row: cost · v ≥ target."""
    columns = np.flatnonzero(cost)
    return replace(
        program,
        start=np.append(program.start, program.start[-1] + len(columns)).astype(np.intp),
        index=np.concatenate([program.index, columns]),
        value=np.concatenate([program.value, cost[columns]]),
        sense=np.append(program.sense, int(Sense.AT_LEAST)),
        limit=np.append(program.limit, target),
        row_names=Names([program.row_names, ["worth"]]),
        own=np.append(program.own, False),
    )


def minimum(inquiry: Inquiry, program: Program, first: int) -> Least:
    """Minimise the sum of the columns from `first` on."""
    cost = np.zeros(len(program.cost))
    cost[first:] = -1.0
    asked = replace(program, cost=cost, ties=())
    refuse_lost(scaled(asked)[0])
    answer = Resolver(inquiry.limits).solve(asked, inquiry.given(GAP))
    if answer.values is None:
        return Least(np.inf if answer.bound == -np.inf else 0.0, np.inf)
    high = float(answer.values[first:].sum())
    return Least(max(0.0, high if program.linear else -answer.bound), high)


def least_limit(inquiry: Inquiry, program: Program, variation: Variation, target: float) -> Least:
    """The least rise of a supply with which a plan of `program` is worth the target."""
    row = int(changed(inquiry.program.limit, variation.at(variation.end).limit)[0])
    if program.linear:
        climbed = climb(inquiry, program, row, variation.end - variation.start, target)
        if climbed is not None:
            return climbed
    n = len(program.cost)
    wider = with_columns(
        program,
        np.array([variation.end - variation.start]),
        (np.array([row]), np.array([0]), np.array([-1.0])),
    )
    return minimum(inquiry, worth_at_least(wider, wider.cost, target), n)


def climb(inquiry: Inquiry, program: Program, row: int, most: float, target: float) -> Least | None:
    """The same for a linear programme, by Newton's method: its worth is concave in a limit, with the dual as slope.

    A tangent lies above, so no step passes the threshold, and there are finitely many slopes. None: there is no plan
    at the present supply to start from, or not done.
    """
    rise, enough = 0.0, target - 1e-11 * max(1.0, abs(target))
    for _ in range(STEPS):
        limit = program.limit.copy()
        limit[row] += rise
        answer = inquiry.engine.solve(replace(program, limit=limit), inquiry.given())
        if answer.termination is not Termination.OPTIMAL or answer.values is None or answer.duals is None:
            return None
        worth = float(program.cost @ answer.values)
        if worth >= enough:
            return Least(rise, rise)
        slope = float(answer.duals[row])
        if slope * (most - rise) < target - worth:
            return Least(np.inf, np.inf)
        rise += (target - worth) / slope
    return None


def least_amount(inquiry: Inquiry, program: Program, variation: Variation, target: float) -> Least:
    """The least change of a whole project's amount with which a plan of `program` is worth the target.

    Every column of the project whose coefficients the amount moves gets a column d: what the amount changes by, where
    the project sits.
    """
    span = variation.end - variation.start
    end = variation.at(variation.end)
    start = variation.at(variation.start)
    entries = changed(start.value, end.value)
    costs = changed(start.cost, end.cost)
    columns = np.unique(np.concatenate([start.index[entries], costs]))
    number = {int(c): j for j, c in enumerate(columns)}
    n = len(program.cost)
    slope = (end.value - start.value) / abs(span)
    rows = start.row_of_entry()[entries]
    moved = np.array([number[int(c)] for c in start.index[entries]], dtype=np.intp)
    m = len(program.limit)
    wider = with_columns(program, np.full(len(columns), abs(span)), (rows, moved, slope[entries]))
    cost = wider.cost.copy()
    cost[n:] = ((end.cost - start.cost) / abs(span))[columns]
    worth = worth_at_least(wider, cost, target)
    linked = np.arange(len(columns))
    ends = worth.start[-1] + 2 * (linked + 1)
    joined = replace(
        worth,
        start=np.concatenate([worth.start, ends]).astype(np.intp),
        index=np.concatenate([worth.index, np.column_stack([columns, n + linked]).ravel()]),
        value=np.concatenate([worth.value, np.tile([-abs(span), 1.0], len(columns))]),
        sense=np.concatenate([worth.sense, np.full(len(columns), int(Sense.AT_MOST))]),
        limit=np.concatenate([worth.limit, np.zeros(len(columns))]),
        row_names=Names([worth.row_names, [f"change|{m}|{j}" for j in range(len(columns))]]),
        own=np.concatenate([worth.own, np.zeros(len(columns), dtype=bool)]),
    )
    return minimum(inquiry, joined, n)
