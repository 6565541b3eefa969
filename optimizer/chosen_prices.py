"""The one set of prices: among equally good ones, those that every solver and method must give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .blocks import part
from .candidates import Bools, Floats, Ints
from .core import ROUNDS, SIZES, by_core, contested
from .face import TIE, face, only_rows, reduced_costs, solve_reduced
from .market import Market, market
from .polish import NEAR, column_sizes, interior, polish_duals, row_sizes
from .program import Layout, Program, Sense, falling
from .solve import Limits, power_of_two, rescaled

EQUATIONS = 2000
"""Projects without a preference, at most, that are asked whether there are other prices."""
PATIENT = 3
"""So often what is violated is added; then all."""


def transposed(program: Program, values: Floats) -> tuple[Program, Bools]:
    """The dual face at x: which duals go with these values, as a programme whose columns are the rows.

    For each column with reduced cost d = cost − Σ dual · coefficient:  d = 0 between its bounds, d ≤ 0 at the lower,
    d ≥ 0 at the upper. Rows with slack have dual 0. With the mask of the columns that say anything.
    """
    inside, low, high = interior(program, values)
    slack = np.abs(program.limit - program.activity(values))
    active = (program.sense == Sense.EQUAL) | (slack <= 10 * TIE * row_sizes(program, values))
    row = program.row_of_entry()
    order = np.argsort(program.index, kind="stable")
    return Program(
        cost=np.zeros(len(program.limit)),
        lower=np.where(active & (program.sense != Sense.AT_MOST), -np.inf, 0.0),
        upper=np.where(active & (program.sense != Sense.AT_LEAST), np.inf, 0.0),
        integer=np.zeros(len(program.limit), dtype=bool),
        column_names=[],
        start=np.concatenate([[0], np.cumsum(np.bincount(program.index, minlength=len(program.cost)))]).astype(np.intp),
        index=row[order],
        value=program.value[order],
        sense=np.where(inside, int(Sense.EQUAL), np.where(low, int(Sense.AT_LEAST), int(Sense.AT_MOST))),
        limit=program.cost,
        row_names=[],
        own=np.zeros(len(program.cost), dtype=bool),
        layout=Layout(
            np.zeros(0, dtype=np.intp),
            np.zeros(0),
            np.zeros(0, dtype=np.intp),
            {str(i): i for i in range(len(program.limit))},
        ),
    ), inside | low | high


def two_sided(program: Program) -> tuple[Program, Ints]:
    """Every named equality as a ≤ and a ≥, with the row that each row came from.

    So the price of an equality is chosen by its size: a signed one could fall without end.
    """
    equal = np.flatnonzero((program.sense == Sense.EQUAL) & ~program.own)
    origin = np.concatenate([np.arange(len(program.limit)), equal])
    counts = np.diff(program.start)[origin]
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
    entries = np.arange(start[-1]) + np.repeat(program.start[origin] - start[:-1], counts)
    sense = program.sense[origin]
    sense[equal], sense[len(program.limit) :] = int(Sense.AT_MOST), int(Sense.AT_LEAST)
    return replace(
        program,
        start=start,
        index=program.index[entries],
        value=program.value[entries],
        sense=sense,
        limit=program.limit[origin],
        own=program.own[origin],
    ), origin


def price_costs(program: Program) -> list[Floats]:
    """What chooses among optimal prices: least Σ price · supply, then weights that fall with the row's name.

    In the last, a price counts at its row's largest coefficient, so that no unit matters.
    """
    supply = np.zeros(len(program.limit), dtype=bool)
    supply[[row for row, name in program.shared_rows() if name.startswith("supply|")]] = True
    height = np.zeros(len(program.limit))
    np.maximum.at(height, program.row_of_entry(), np.abs(program.value))
    rank = np.cumsum(~program.own)
    by_name = np.where(program.own, 0.0, height * falling(np.maximum(rank, 1)))
    return [np.where(supply, program.limit, 0.0), by_name]


def chosen_duals(
    program: Program,
    values: Floats,
    between: Floats,
    duals: Floats,
    limits: Limits,
    costs: Sequence[Floats] | None = None,
) -> Floats:
    """Among the optimal duals at these values, the one that costs (m,) choose, or else `price_costs`.

    `between` lies amid several optimal plans: where they differ nobody has a preference, which says more of the duals
    than one plan does. Often it leaves no others. Else, in a large programme, the duals of some projects at first:
    those that share, some without a preference, the nearest to a tie; then of those whose answer they would change.
    """
    costs = costs or price_costs(program)
    m = market(program, SIZES.link) if by_core(program, limits) else None
    if m is None or not len(m.first):
        return duals_of_choice(program, values, between, duals, costs, limits)
    x, stake = between[m.columns], m.size(duals[m.priced])
    activity = program.activity(between)
    active = np.abs(program.limit - activity) <= 10 * TIE * row_sizes(program, between)
    only = pinned(m, between, duals, active[m.priced], stake)
    if only is not None:
        return m.with_own(only, m.worth(only[m.priced])[m.columns])
    inside = m.largest(np.minimum(values[m.columns], (program.upper - values)[m.columns])) > NEAR
    torn = np.flatnonzero(m.largest(np.minimum(x, program.upper[m.columns] - x)) > NEAR)
    inside[torn[:: max(1, len(torn) // SIZES.core)]] = True
    inside[contested(m, m.worth(duals[m.priced])[m.columns], stake, SIZES.core)] = True
    for _ in range(ROUNDS):
        some = part(m, np.flatnonzero(inside), np.ones(int(inside.sum())), np.zeros(len(m.priced)), None)
        own_use = some.program.activity(between[some.columns])
        gone = np.where(active[some.rows], own_use, own_use + (program.limit - activity)[some.rows])
        stage, those = replace(some.program, limit=gone), [c[some.rows] for c in costs]
        at = some.columns
        found = duals_of_choice(stage, values[at], between[at], duals[some.rows], those, limits)
        chosen = duals.copy()
        chosen[some.rows] = found
        worth = m.worth(chosen[m.priced])[m.columns]
        loss = regret(m, worth, x)
        loss[inside] = 0.0
        wrong = np.flatnonzero(loss > 10 * TIE * stake)
        if not len(wrong):
            return m.with_own(chosen, worth)
        inside[wrong[np.argsort(-loss[wrong] / stake[wrong], kind="stable")[: SIZES.core]]] = True
    return duals


def regret(m: Market, worth: Floats, x: Floats) -> Floats:
    """(P,) what every project would gain by another answer than x (k,); worth (k,)."""
    best = m.largest(worth)
    best = np.where(m.must, best, np.maximum(best, 0.0))
    return np.asarray(best * m.room - np.add.reduceat(worth * x, m.first))


def pinned(m: Market, between: Floats, duals: Floats, active: Bools, stake: Floats) -> Floats | None:
    """The duals of the priced rows to the last digits, if those without a preference leave no others; else None.

    A project that takes part of an option and stays out in part finds d = 0, one in two zones finds d the same in both:
    equations E y = c. There are no other optimal y than one where their rank is the number of active rows.
    """
    if len(m.linked):
        return None
    x, near = between[m.columns], NEAR * m.room[m.project]
    taken = x > near
    count = np.add.reduceat(taken.astype(np.intp), m.first)
    full = m.must | (np.add.reduceat(x, m.first) >= m.room * (1 - NEAR))
    kinds = (np.flatnonzero((count > 0) & ~full), np.flatnonzero((count > 1) & full))
    torn = np.sort(np.concatenate([k[:: max(1, len(k) // EQUATIONS)] for k in kinds]))
    at = m.options(torn)
    at = at[taken[at]]
    project = m.project[at]
    leads = np.diff(project, prepend=-1) != 0
    inside = interior(m.program, between)[0][m.kept]
    columns = np.concatenate([m.columns[at], m.kept[inside]])
    matrix, cost = m.dense(columns), m.program.cost[columns]
    size = np.concatenate([stake[project], np.abs(matrix[len(at) :]).max(axis=1, initial=0.0)])
    first = np.flatnonzero(leads)[np.cumsum(leads) - 1]
    follows = np.flatnonzero(full[project] & ~leads)
    left = np.ones(len(columns), dtype=bool)
    left[np.flatnonzero(full[project] & leads)] = False
    matrix[follows], cost[follows] = matrix[follows] - matrix[first[follows]], cost[follows] - cost[first[follows]]
    matrix, cost = (matrix / size[:, None])[left][:, active], (cost / size)[left]
    scale = np.abs(matrix).max(axis=0, initial=0.0)
    if not len(matrix) or (scale == 0).any() or np.linalg.matrix_rank(matrix / scale, rtol=TIE) < len(scale):
        return None
    y = np.zeros(len(m.priced))
    y[active] = (duals[m.priced] / m.factor)[active]
    y[active] += np.linalg.lstsq(matrix / scale, cost - matrix @ y[active], rcond=None)[0] / scale
    result = duals.copy()
    result[m.priced] = y * m.factor
    loss = regret(m, m.worth(result[m.priced])[m.columns], x)
    return None if (loss > 10 * TIE * stake).any() else result


def duals_of_choice(
    program: Program, values: Floats, between: Floats, duals: Floats, chooses: Sequence[Floats], limits: Limits
) -> Floats:
    """Among the optimal duals at these values, and at those between, the one that costs (m,) of the prices choose."""
    rows, columns, money = unit_free(program)
    program, duals = rescaled(program, rows, columns, money), duals * money / rows
    values, between, chooses = values / columns, between / columns, [cost * rows for cost in chooses]
    both, origin = two_sided(program)
    dual_face, bounded = transposed(both, between)
    signs = np.where(both.sense == Sense.AT_LEAST, -1.0, 1.0)
    known = np.where(both.own, duals[origin], signs * np.maximum(signs * duals[origin], 0.0))
    costs = [-signs * cost[origin] for cost in chooses]
    wanted = bounded & ((reduced_costs(program, duals) == 0) | (dual_face.sense == Sense.EQUAL))
    for number in range(20):
        stage = only_rows(dual_face, wanted)
        touched = np.zeros(len(both.limit), dtype=bool)
        touched[stage.index] = True
        free = touched | ~both.own
        stage = replace(
            stage,
            lower=np.where(free, stage.lower, known),
            upper=np.where(free, stage.upper, known),
        )
        found, its_duals = known, np.zeros(len(stage.limit))
        for i, cost in enumerate(costs):
            stage = replace(stage if i == 0 else face(stage, found, its_duals), cost=cost)
            better = solve_reduced(stage, limits)
            if better is None:
                break
            found, its_duals = better
        chosen = np.bincount(origin, weights=found, minlength=len(duals))
        d = program.cost - program.charge(chosen)
        wrong = np.select(
            [dual_face.sense == Sense.EQUAL, dual_face.sense == Sense.AT_LEAST], [np.abs(d), d], default=-d
        )
        violated = bounded & (wrong > 10 * TIE * stakes(program, chosen)) & ~wanted
        if not violated.any():
            return polish_duals(program, values, chosen) * rows / money
        wanted = wanted | violated if number < PATIENT else bounded
    return duals * rows / money


def unit_free(program: Program) -> tuple[Floats, Floats, float]:
    """Factors of rows (m,), columns (n,) and costs that bring the largest of each to about 1, shares as they are:
    then a small price is no noise."""
    height = np.zeros(len(program.limit))
    np.maximum.at(height, program.row_of_entry(), np.abs(program.value))
    columns = power_of_two(column_sizes(program))
    largest = np.abs(program.cost * columns).max(initial=0.0, keepdims=True)
    return 1.0 / power_of_two(height), columns, float(1.0 / power_of_two(largest)[0])


def stakes(program: Program, duals: Floats) -> Floats:
    """(n,) what is at stake for every column, |cost| + Σ |dual · coefficient|: a small one has prices to tell too."""
    charged = np.abs(program.value * duals[program.row_of_entry()])
    return np.abs(program.cost) + np.bincount(program.index, weights=charged, minlength=len(program.cost))
