"""The one answer: among equally good plans and prices, those that every solver and method must give.

A pair of optimal values x and duals y describes the whole optimal face by complementary slackness: any feasible point
is optimal if it leaves every column with a reduced cost at its bound and every row with a dual active. So ties are
broken on the face itself, by fixing those columns and rows, not by a tolerance on the objective (which would leave
slivers).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .candidates import Bools, Floats, Ints
from .core import ROUNDS, SIZES, broken, by_core, contested, large_answer, part
from .engine import Engine
from .polish import NEAR, column_sizes, interior, polish_duals, polish_values
from .prices import market
from .program import Layout, Program, Sense, falling
from .solve import Answer, Clock, Limits, SolverError, Termination, power_of_two, rescaled, solve

TIE = 1e-9
"""A reduced cost below this part of the largest cost counts as zero."""


@dataclass(frozen=True, eq=False)
class Optimum:
    """The answer to one programme."""

    termination: Termination
    values: Floats
    """(n,) the columns"""
    objective: float
    bound: float
    """no plan is better, by the solver's word"""
    prices: Floats
    """(m,) ≥ 0 for inequalities: gained per unit by which the limit is eased; of the relaxation where some are whole"""
    relaxation: Floats
    """(n,) the values that the prices belong to; `values` itself where nothing is whole"""


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


def choose(program: Program, values: Floats, duals: Floats, costs: Sequence[Floats], limits: Limits) -> Floats:
    """The point of the optimal face that the costs prefer, one after the other; each time what is settled is left."""
    result, columns = values.copy(), np.arange(len(values))
    for cost in costs:
        program = face(program, values, duals)
        settled = program.lower >= program.upper
        result[columns[settled]] = program.lower[settled]
        program, free = reduced(program)
        columns = columns[free]
        if not len(columns):
            break
        program = replace(program, cost=cost[columns])
        better = solve_here(program, limits)
        if better is None:  # the face closed by rounding: its only point is the one we have
            break
        values, duals = polished(program, *better)
        result[columns] = values
    return result


def transposed(program: Program, values: Floats) -> tuple[Program, Bools]:
    """The dual face at x: which duals go with these values, as a programme whose columns are the rows.

    For each column with reduced cost d = cost − Σ dual · coefficient:  d = 0 between its bounds, d ≤ 0 at the lower,
    d ≥ 0 at the upper. Rows with slack have dual 0. With the mask of the columns that say anything.
    """
    inside, low, high = interior(program, values)
    slack = np.abs(program.limit - program.activity(values))
    scale = np.maximum(1.0, np.abs(program.limit))
    active = (program.sense == Sense.EQUAL) | (slack <= TIE * 10 * scale)
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
    supply = np.array([name.startswith("supply|") for name in program.row_names], dtype=bool)
    height = np.zeros(len(program.limit))
    np.maximum.at(height, program.row_of_entry(), np.abs(program.value))
    rank = np.cumsum(~program.own)
    by_name = np.where(program.own, 0.0, height * falling(np.maximum(rank, 1)))
    return [np.where(supply, program.limit, 0.0), by_name]


def chosen_duals(program: Program, values: Floats, duals: Floats, limits: Limits) -> Floats:
    """Among the optimal duals at these values, the one that `price_costs` chooses.

    In a large programme the duals of some projects at first: those that share, and the nearest to a tie; then
    of those too whose answer the chosen prices would change.
    """
    costs = price_costs(program)
    m = market(program, SIZES.link) if by_core(program, limits) else None
    if m is None or not len(m.first):
        return duals_of_choice(program, values, duals, costs, limits)
    x, stake = values[m.columns], m.size(duals[m.priced])
    largest = float(np.abs(program.cost).max(initial=0.0))
    inside = m.largest(np.minimum(x, program.upper[m.columns] - x)) > NEAR
    inside[contested(m, m.worth(duals[m.priced])[m.columns], stake, SIZES.core)] = True
    activity = program.activity(values)
    active = np.abs(program.limit - activity) <= 10 * TIE * np.maximum(1.0, np.abs(program.limit))
    for _ in range(ROUNDS):
        some = part(m, np.flatnonzero(inside), np.ones(int(inside.sum())), np.zeros(len(m.priced)), None)
        own_use = some.program.activity(values[some.columns])
        gone = np.where(active[some.rows], own_use, own_use + (program.limit - activity)[some.rows])
        stage = replace(some.program, limit=gone)
        found = duals_of_choice(stage, values[some.columns], duals[some.rows], [c[some.rows] for c in costs], limits)
        chosen = duals.copy()
        chosen[some.rows] = found
        worth = m.worth(chosen[m.priced])[m.columns]
        best = m.largest(worth)
        best = np.where(m.must, best, np.maximum(best, 0.0))
        loss = best * m.room - np.add.reduceat(worth * x, m.first)
        loss[inside] = 0.0
        wrong = np.flatnonzero(loss > 10 * TIE * largest)
        if not len(wrong):
            return m.with_own(chosen, worth)
        inside[wrong[np.argsort(-loss[wrong] / stake[wrong], kind="stable")[: SIZES.core]]] = True
    return duals


def duals_of_choice(
    program: Program, values: Floats, duals: Floats, chooses: Sequence[Floats], limits: Limits
) -> Floats:
    """Among the optimal duals at these values, the one that costs (m,) of the prices choose."""
    rows, columns, money = unit_free(program)
    program, values, duals = rescaled(program, rows, columns, money), values / columns, duals * money / rows
    chooses = [cost * rows for cost in chooses]
    both, origin = two_sided(program)
    dual_face, bounded = transposed(both, values)
    signs = np.where(both.sense == Sense.AT_LEAST, -1.0, 1.0)
    known = np.where(both.own, duals[origin], signs * np.maximum(signs * duals[origin], 0.0))
    costs = [-signs * cost[origin] for cost in chooses]
    largest = max(1e-300, float(np.abs(program.cost).max(initial=0.0)))
    wanted = bounded & ((reduced_costs(program, duals) == 0) | (dual_face.sense == Sense.EQUAL))
    for _ in range(20):
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
        violated = bounded & (wrong > 10 * TIE * largest) & ~wanted
        if not violated.any():
            return polish_duals(program, values, chosen) * rows / money
        wanted |= violated
    return duals * rows / money


def unit_free(program: Program) -> tuple[Floats, Floats, float]:
    """Factors of rows (m,), columns (n,) and costs that bring the largest of each to about 1, shares as they are:
    then a small price is no noise."""
    height = np.zeros(len(program.limit))
    np.maximum.at(height, program.row_of_entry(), np.abs(program.value))
    columns = power_of_two(column_sizes(program))
    largest = np.abs(program.cost * columns).max(initial=0.0, keepdims=True)
    return 1.0 / power_of_two(height), columns, float(1.0 / power_of_two(largest)[0])


def linear_optimum(program: Program, limits: Limits) -> tuple[Answer, Floats, Floats]:
    """(the solver's answer, values, duals) of a linear programme after the tie rules."""
    certified = large_answer(program, limits)
    answer = certified or solve(program, limits)
    if answer.values is None or answer.duals is None:
        return answer, np.zeros(0), np.zeros(0)
    values, duals = answer.values, answer.duals
    if certified is None:
        values, duals = polished(program, values, duals)
    chosen = choose(program, values, duals, program.ties, limits)
    if not costs_something(program, chosen, values):
        values = chosen
    prices = chosen_duals(program, values, duals, limits)
    near = TIE * max(1.0, abs(float(program.cost @ values)))
    return answer, values, prices if proved(program, prices) <= proved(program, duals) + near else duals


def costs_something(program: Program, chosen: Floats, values: Floats) -> bool:
    """Whether the tie rules gave something up, as where figures are too far apart to tell a tie."""
    lost = float(program.cost @ values) - float(program.cost @ chosen)
    if lost > TIE * max(1.0, abs(float(program.cost @ values))):
        return True
    return broken(program, chosen) and not broken(program, values)


def proved(program: Program, duals: Floats) -> float:
    """The bound that duals prove, by weak duality: Σ dual · limit + Σ what each column could gain; inf if none."""
    d = reduced_costs(program, duals)
    gains = d != 0
    best = np.where(d > 0, program.upper, program.lower)
    return float(duals @ program.limit + d[gains] @ best[gains])


def oriented(program: Program, duals: Floats) -> Floats:
    """Prices from duals: gained per unit by which the limit is eased, so ≥ 0 for every inequality."""
    prices = np.where(program.sense == Sense.AT_LEAST, -duals, duals)
    prices = np.where(program.sense == Sense.EQUAL, prices, np.maximum(prices, 0.0))
    return np.where(real_duals(program, duals), prices, 0.0)


def optimise(program: Program, limits: Limits) -> Optimum | None:
    """The optimum of a programme by the tie rules; None if there is no plan.

    Raises SolverError where the solver stopped at a limit without any plan (`TimeoutError` as its cause).
    """
    clock = Clock(limits)
    if program.linear:
        answer, values, duals = linear_optimum(program, clock.left(program))
        if answer.termination is Termination.INFEASIBLE:
            return None
        if answer.values is None:
            raise SolverError("stopped at the limit without a plan") from TimeoutError()
        objective = float(program.cost @ values)
        return Optimum(answer.termination, values, objective, objective, oriented(program, duals), values)
    whole = solve(program, clock.left(program))
    if whole.termination is Termination.INFEASIBLE:
        return None
    if whole.values is None:
        raise SolverError("stopped at the limit without a plan") from TimeoutError()
    relaxed, relaxation, duals = linear_optimum(program.relaxed(), clock.left(program))
    values = continue_from(program, whole.values, clock)
    objective = float(program.cost @ values)
    if relaxed.values is None:
        return Optimum(whole.termination, values, objective, whole.bound, np.zeros(len(program.limit)), values)
    bound = max(objective, min(whole.bound, float(program.cost @ relaxation)))
    return Optimum(whole.termination, values, objective, bound, oriented(program, duals), relaxation)


def continue_from(program: Program, values: Floats, clock: Clock) -> Floats:
    """The best of what is not whole, once the whole columns stand: clean values by the tie rules."""
    whole = np.where(program.integer, np.round(values), values)
    fixed = replace(
        program.relaxed(),
        lower=np.where(program.integer, whole, program.lower),
        upper=np.where(program.integer, whole, program.upper),
    )
    first = solve_reduced(fixed, clock.left(fixed))
    if first is None:
        return whole
    return choose(fixed, *first, program.ties, clock.left(fixed))
