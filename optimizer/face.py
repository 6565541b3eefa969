"""The optimal face of a programme: all that is as good as one optimum, as a programme of its own.

A pair of optimal values x and duals y describes the whole optimal face by complementary slackness: any feasible point
is optimal if it leaves every column with a reduced cost at its bound and every row with a dual active. So ties are
broken on the face itself, by fixing those columns and rows, not by a tolerance on the objective (which would leave
slivers).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .candidates import Bools, Floats, Ints
from .core import large_answer
from .engine import Engine
from .polish import column_sizes, correction, dense, interior, polish_duals, polish_values
from .program import Layout, Program, Sense
from .solve import Limits

TIE = 1e-9
"""A reduced cost below this part of the largest cost counts as zero."""
SAMPLE = 2000
"""Columns to which prices are fitted that may leave a cost no choice, of each kind."""


def reduced_costs(program: Program, duals: Floats) -> Floats:
    """(n,) cost − Σ dual · coefficient, with what is noise set to zero."""
    d, sizes = program.cost - program.charge(duals), column_sizes(program)
    d[np.abs(d) * sizes <= TIE * max(1e-300, float(np.abs(program.cost * sizes).max(initial=0.0)))] = 0.0
    return d


def real_duals(program: Program, duals: Floats) -> Bools:
    """(m,) rows whose dual is not noise, measured at the row's largest coefficient, at its limit if nobody is in it."""
    height = np.zeros(len(program.limit))
    np.maximum.at(height, program.row_of_entry(), np.abs(program.value))
    if len(program.layout.share):
        helper = np.zeros(len(program.cost), dtype=bool)
        helper[list(program.layout.helpers.values())] = True
        inside = np.add.reduceat(np.append(~helper[program.index], False), program.start[:-1], dtype=np.intp)
        empty = (inside == 0) | (np.diff(program.start) == 0)
        height = np.where(empty, np.maximum(height, np.abs(program.limit)), height)
    largest = float(np.abs(program.cost).max(initial=0.0))
    return np.asarray(np.abs(duals) * height > TIE * max(largest, 1e-300))


def face(program: Program, values: Floats, duals: Floats) -> Program:
    """The optimal face: columns with a reduced cost stay where they are, rows with a dual stay active."""
    d = reduced_costs(program, duals)
    inside, _, _ = interior(program, values)
    held, bound = (d != 0) & ~inside, np.where(d > 0, program.upper, program.lower)
    stays = np.where(np.isfinite(bound), bound, values)  # the bound itself, not a solver's eight digits of it
    sense = np.where(real_duals(program, duals), int(Sense.EQUAL), program.sense)
    return replace(
        program,
        lower=np.where(held, stays, program.lower),
        upper=np.where(held, stays, program.upper),
        sense=sense,
    )


def reduced(program: Program) -> tuple[Program, Bools]:
    """The programme over its free columns alone, the fixed ones moved to the limits; with the mask of free columns."""
    free = program.lower < program.upper
    kept = free[program.index]
    row = program.row_of_entry()
    fixed = np.bincount(
        row[~kept],
        weights=(program.value * program.lower[program.index])[~kept],
        minlength=len(program.limit),
    )
    count = np.bincount(row[kept], minlength=len(program.limit))
    rows = count > 0
    number = np.cumsum(free) - 1
    place = {int(c): int(number[c]) for c in program.layout.helpers.values() if free[c]}
    small = Program(
        cost=program.cost[free],
        lower=program.lower[free],
        upper=program.upper[free],
        integer=program.integer[free],
        column_names=[],
        start=np.concatenate([[0], np.cumsum(count[rows])]).astype(np.intp),
        index=number[program.index[kept]],
        value=program.value[kept],
        sense=program.sense[rows],
        limit=(program.limit - fixed)[rows],
        row_names=[],
        own=program.own[rows],
        layout=Layout(
            np.zeros(0, dtype=np.intp),
            np.zeros(0),
            np.zeros(0, dtype=np.intp),
            {str(c): c for c in place.values()},
        ),
    )
    return small, free


def solve_reduced(program: Program, limits: Limits) -> tuple[Floats, Floats] | None:
    """(values, duals) of a linear programme, solved over its free columns; None if it is infeasible."""
    small, free = reduced(program)
    values = program.lower.copy()
    duals = np.zeros(len(program.limit))
    if not free.any():
        return values, duals
    found = solve_here(small, limits)
    if found is None:
        return None
    values[free] = found[0]
    count = np.bincount(program.row_of_entry()[free[program.index]], minlength=len(program.limit))
    duals[count > 0] = found[1]
    return polished(program, values, duals)


def solve_here(program: Program, limits: Limits) -> tuple[Floats, Floats] | None:
    """(values, duals) of a linear programme, past PuLP; None if there are none."""
    answer = large_answer(program, limits) or Engine(limits).solve(program)
    return None if answer.values is None or answer.duals is None else (answer.values, answer.duals)


def polished(program: Program, values: Floats, duals: Floats) -> tuple[Floats, Floats]:
    """Values and duals to the last digits."""
    values = polish_values(program, values)
    return values, polish_duals(program, values, duals)


def only_rows(program: Program, rows: Bools) -> Program:
    """The same programme with some of its rows."""
    kept = rows[program.row_of_entry()]
    return replace(
        program,
        start=np.concatenate([[0], np.cumsum(np.diff(program.start)[rows])]).astype(np.intp),
        index=program.index[kept],
        value=program.value[kept],
        sense=program.sense[rows],
        limit=program.limit[rows],
        own=program.own[rows],
    )


def leaders(program: Program) -> Ints:
    """(n,) the first option of the project, where it must take one; −1 for all other columns."""
    o = int(program.own.sum())
    index, one = program.index[: program.start[o]], program.value[: program.start[o]] == 1
    row = np.repeat(np.arange(o), np.diff(program.start[: o + 1]))
    must = (program.sense[:o] == Sense.EQUAL) & (np.bincount(row, weights=~one, minlength=o) == 0)
    must &= np.bincount(row, weights=np.bincount(index, minlength=len(program.cost))[index] > 1, minlength=o) == 0
    result = np.full(len(program.cost), -1, dtype=np.intp)
    held = must[row]
    result[index[held]] = index[program.start[row[held]]]
    return result


def beside(costs: Floats, leader: Ints) -> Floats:
    """(n,) costs less that of the project's first option, where it must take one: only differences choose there.

    So what is at stake between zones is not lost beside what is at stake between projects.
    """
    return np.where(leader >= 0, costs - costs[leader], costs)


def indifferent(program: Program, leader: Ints) -> bool:
    """Whether the rows that hold as equations leave a cost no choice, because it is a sum of them.

    Prices that say so are fitted to some columns, and looked at in all.
    """
    tolerance = TIE * float(np.abs(program.cost).max(initial=0.0))
    if tolerance == 0.0:
        return True
    rows = np.flatnonzero((program.sense == Sense.EQUAL) & ~program.own)
    if not len(rows):
        return False
    alone, following = np.flatnonzero(leader < 0), np.flatnonzero((leader >= 0) & (leader != np.arange(len(leader))))
    some = np.concatenate([c[:: max(1, len(c) // SAMPLE)] for c in (alone, following)])
    matrix, follows = dense(program, rows, some), leader[some] >= 0
    first, place = np.unique(leader[some[follows]], return_inverse=True)
    matrix[:, follows] -= dense(program, rows, first)[:, place]
    height = np.abs(matrix).max(axis=1, initial=0.0)
    height[height == 0] = 1.0
    prices = np.zeros(len(program.limit))
    prices[rows] = correction((matrix / height[:, None]).T, program.cost[some]) / height
    return bool((np.abs(beside(program.cost - program.charge(prices), leader)) <= tolerance).all())


def choose(program: Program, values: Floats, duals: Floats, costs: Sequence[Floats], limits: Limits) -> Floats:
    """The point of the optimal face that the costs prefer, one after the other; each time what is settled is left."""
    result, columns = values.copy(), np.arange(len(values))
    for cost in costs:
        program = face(program, values, duals)
        settled = program.lower >= program.upper
        result[columns[settled]] = program.lower[settled]
        program, free = reduced(program)
        columns, values = columns[free], values[free]
        if not len(columns):
            break
        leader = leaders(program)
        program = replace(program, cost=beside(cost[columns], leader))
        if indifferent(program, leader):
            program, duals = replace(program, cost=np.zeros(len(columns))), np.zeros(len(program.limit))
            values = result[columns] = polish_values(program, values)
            continue
        better = solve_here(program, limits)
        if better is None:  # the face closed by rounding: its only point is the one we have
            break
        values, duals = polished(program, *better)
        result[columns] = values
    return result
