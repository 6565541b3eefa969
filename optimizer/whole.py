"""Whole projects at scale: a bound from prices, a plan by rounding, and cores that bring the two together.

1. Bound. The relaxation by prices and core (`core`), projects with units or a minimum share by their corners
   (`corners`). With its prices y, d_j = c_j − Σ_i y_i a_ij and best_p = max(0, max_j d_j), every plan keeps

       value ≤ z − Σ_p (best_p − d_choice(p)) − Σ_i y_i · slack_i

   (weak duality; Geoffrion 1974), z the relaxation's optimum. A choice that alone costs more than z less the value of
   the best plan is in no better plan: it is left out for good (reduced-cost fixing; Dantzig, Fulkerson, Johnson 1954).
2. Rounding. A plan at once (`rounding`).
3. Cores. All but the most contested projects stay as the best plan has them; the others are a programme for the
   solver (the core of a knapsack problem, Balas and Zemel 1980; a neighbourhood of the best plan, Shaw 1998), one
   after another in other places and sizes, until the gap asked for is reached or time is up. Once all that may still
   change fits into one core, what the solver proves of it is proved of the whole.

Effort is counted in nodes of the solver's tree, not in seconds: what does not stop at the time limit is the same in
every run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from .candidates import Bools, Floats, Ints
from .chosen_prices import price_costs
from .core import SIZES, broken, by_core, large_answer
from .corners import Corners, corners
from .engine import Engine, Start
from .face import polished, reduced
from .market import Market, factors, market
from .optimum import Optimum, continue_from, linear_optimum, optimise, oriented
from .program import Layout, Program, Sense
from .rounding import eased, rounded, undecided
from .solve import PATIENCE, Answer, Clock, Limits, Termination, solve

CORE = 200
"""Projects in the first cores."""
NEARER = 0.25
"""A core is solved to this part of the gap that is asked for."""
NODES = 50
"""Nodes of the tree of one core."""
FIRST = 4
"""Cores before one is solved to its end."""
EXACT = 6000
"""Free columns of a core that is solved to its end, if all that may still change is in it."""
REACHES = (1, 2, 4, 8)
"""A core is drawn from the so many times as many most contested projects, in turn."""
KEPT = 2000
"""Columns of no project that answers alone, free in every core; where there are more, only the most contested."""
PROGRAMMES = 6
"""Of what is left then, each programme of the tie rules gets this part."""
AFTER = 3.0
"""What comes after the search (ties, prices) takes this many times as long as the relaxation took."""

Listener = Callable[[float], None]
"""Told the relative gap of the best plan so far."""


def unheard(gap: float) -> None:
    """A listener that does not listen."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """A programme with whole columns and all that its relaxation says of it."""

    program: Program
    corners: Corners
    market: Market
    """of the corners' programme"""
    answer: Answer
    """of the corners' programme"""
    prices: Floats
    """(w,) of the shared rows"""
    project: Ints
    """(n,) the project of each column, −1 where it is of none"""
    loss: Floats
    """(P,) what a project's second choice is worth less than its first"""
    values: Floats
    """(n,) the relaxation's, of the programme itself"""
    open: Bools
    """(n,) columns of projects that it leaves undecided"""
    reduced: Floats
    """(n,) reduced costs of the columns of no project; else 0"""
    order: Ints
    """(P,) projects, the most contested first: in turn one between in and out, one between two zones"""


def relax(program: Program, clock: Clock) -> Relaxed | Termination:
    """The relaxation solved, and the programme taken apart by its prices; why not, where there is none."""
    at = corners(program)
    answer = large_answer(at.program, clock.left(program))
    if answer is None:
        answer = solve(at.program, clock.left(program))
        if answer.values is None or answer.duals is None or answer.termination is not Termination.OPTIMAL:
            return Termination.LIMIT if answer.termination is Termination.OPTIMAL else answer.termination
        values, duals = polished(at.program, answer.values, answer.duals)
        answer = replace(answer, values=values, duals=duals, bound=float(at.program.cost @ values))
    m = market(at.program, SIZES.link)
    if m is None or not len(m.first):
        return Termination.LIMIT
    assert answer.values is not None
    assert answer.duals is not None
    prices = answer.duals[m.priced]
    worth = m.worth(prices)[m.columns]
    best, _, second = m.first_best(worth)
    project = np.full(len(program.cost), -1, dtype=np.intp)
    project[m.columns] = m.project
    d = np.zeros(len(program.cost))
    d[m.kept] = (at.program.cost - at.program.charge(answer.duals))[m.kept]
    in_or_out = np.where(m.must, np.inf, np.abs(best))
    where = np.where(m.must | (best > 0), best - second, np.inf)
    values = at.values(answer.values)
    open_ = np.append(undecided(program, m, values), False)[project]
    values = np.where(program.integer & ~open_, np.round(values), values)
    loss, order = np.minimum(in_or_out, where), order_of(in_or_out, where)
    return Relaxed(program, at, m, answer, prices, project, loss, values, open_, d, order)


def order_of(one: Floats, other: Floats) -> Ints:
    """Places by two margins, the smallest first, in turn one by the one and one by the other."""
    turns = np.stack([np.lexsort((other, one)), np.lexsort((one, other))], axis=1).ravel()
    first = np.full(len(one), 2 * len(one))
    np.minimum.at(first, turns, np.arange(len(turns)))
    return np.argsort(first, kind="stable")


@dataclass(eq=False)
class Search:
    """The best plan so far and the bound, and how they come together."""

    relaxed: Relaxed
    clock: Clock
    seconds: float
    """when it has to stop, after the clock's start"""
    tell: Listener
    bound: float
    values: Floats | None = None
    value: float = -np.inf

    def left(self) -> float:
        """Seconds."""
        return self.seconds - (time.monotonic() - self.clock.start)

    def limits(self, nodes: int | None, fixed: float) -> Limits:
        """For the next core, whose other columns bring `fixed`; a core for its own sake is solved nearer than asked."""
        limits, seconds = self.clock.limits, max(0.1, self.left())
        if self.values is None:
            return replace(limits, seconds=max(1.0, seconds), nodes=nodes)
        near = limits.gap * max(1.0, abs(self.value)) * (NEARER if nodes is not None else 0.999)
        return replace(limits, seconds=seconds, gap=near / max(1e-9, abs(self.value - fixed)), nodes=nodes)

    def gap(self) -> float:
        return (self.bound - self.value) / max(1.0, abs(self.value))

    def closed(self) -> bool:
        """Whether plan and bound are as near as was asked."""
        return self.values is not None and self.gap() <= max(self.clock.limits.gap, 1e-9)

    def offer(self, values: Floats) -> bool:
        """Take a plan if it is one, and better."""
        program = self.relaxed.program
        values = np.where(program.integer, np.round(values), values)
        values = np.clip(values, program.lower, program.upper)
        value = float(program.cost @ values)
        if value <= self.value or broken(program, values):
            return False
        self.values, self.value = values, value
        self.bound = max(self.bound, value)
        self.tell(self.gap())
        return True

    def core(self, free: Bools, values: Floats, nodes: int | None) -> Answer:
        """The programme of the free columns (n,), the others as in `values`: its best plan joins ours; what it says."""
        program = self.relaxed.program
        small, free = reduced(part(program, free, values))
        ours = self.values
        begin = Start(ours[free], None) if ours is not None and (ours[~free] == values[~free]).all() else None
        fixed = float(program.cost[~free] @ values[~free])
        answer = Engine(self.clock.limits).solve(small, self.limits(nodes, fixed), begin)
        found = values.copy()
        for settled in (lambda found: found, lambda found: settle(small, found, self.clock.limits)):
            if answer.values is not None:
                found[free] = settled(answer.values)
                if fixed + float(small.cost @ answer.values) <= self.value or self.offer(found):
                    break
        return replace(answer, bound=answer.bound + fixed)

    def may_change(self) -> Bools:
        """(n,) columns that a better plan than ours may have otherwise."""
        r = self.relaxed
        program, m = r.program, r.market
        spare = self.bound - self.value + 1e-9 * max(m.money, abs(self.bound))
        inner = ~program.integer  # between two corners there is more than the one or the other
        inner[r.corners.share] = True
        some = np.logical_or.reduceat(inner[m.columns], m.first) | (r.loss <= spare)
        result = program.lower < program.upper
        result[m.columns] &= some[m.project]
        return result

    def neighbourhood(self, size: int, reach: int, draw: np.random.Generator) -> Bools:
        """(n,) columns that are free in the next core: those of `size` projects out of the most contested."""
        r, program = self.relaxed, self.relaxed.program
        pool = r.order[: size * reach]
        some = np.sort(draw.choice(pool, min(size, len(pool)), replace=False)) if reach > 1 else pool
        chosen = np.zeros(len(r.market.first) + 1, dtype=bool)
        chosen[some] = True
        free = chosen[r.project]
        free[r.market.kept] = True
        if len(r.market.kept) > KEPT:
            whole = r.market.kept[program.integer[r.market.kept]]
            near = np.argsort(np.abs(r.reduced[whole]), kind="stable")[: 2 * size * reach]
            free[whole] = False
            free[whole[draw.permutation(near)[: 2 * size]]] = True
        return free


def part(program: Program, free: Bools, values: Floats) -> Program:
    """The programme with only the free columns (n,) free, the others as in `values`."""
    lower, upper = np.where(free, program.lower, values), np.where(free, program.upper, values)
    return replace(program, lower=lower, upper=upper, ties=())


def settle(program: Program, values: Floats, limits: Limits) -> Floats:
    """The best of what is not whole, once the whole columns are whole to the last digit."""
    values = np.where(program.integer, np.round(values), values)
    found = Engine(limits).solve(part(program, ~program.integer, values).relaxed())
    return values if found.values is None else found.values


def first_plan(search: Search) -> Termination | None:
    """A plan by rounding, or by programmes that miss as little as they can; why not, where there is none."""
    r = search.relaxed
    program, m = r.program, r.market
    assert r.answer.values is not None
    for size in (SIZES.core, CORE):  # the fewer may move, the nearer to the relaxation, if it is a plan
        values = r.corners.values(rounded(program, m, r.answer.values, r.prices, r.order[:size]))
        search.offer(eased(program, m, values))
    if search.values is not None:
        return None
    size = CORE
    while True:
        free = r.open | search.neighbourhood(size, 1, np.random.default_rng(0))
        free[m.kept] = True
        everything = size >= len(m.first)
        if everything:
            answer = search.core(program.lower < program.upper, values, None)
            search.bound = max(search.value, min(search.bound, answer.bound))
            return None if search.values is not None else answer.termination
        found = least_missed(program, free, values, search.limits(None, 0.0))
        if found is not None and search.offer(eased(program, m, found)):
            return None
        size *= 4


def least_missed(program: Program, free: Bools, values: Floats, limits: Limits) -> Floats | None:
    """(n,) the columns that miss the named rows by the least, the others as in `values`: whole columns included."""
    small, free = reduced(part(program, free, values))
    named = np.flatnonzero(~small.own)
    over, under = (named[small.sense[named] != sense] for sense in (Sense.AT_LEAST, Sense.AT_MOST))
    miss = np.concatenate([over, under])
    factor = factors(small, miss)
    sign = np.where(np.arange(len(miss)) < len(over), -1.0, 1.0)
    n, k = len(small.cost), len(miss)
    row = np.concatenate([small.row_of_entry(), miss])
    order = np.argsort(row, kind="stable")
    nothing = np.zeros(0, dtype=np.intp)
    helpers = {**small.layout.helpers, **{f"miss{i}": n + i for i in range(k)}}
    elastic = replace(
        small,
        cost=np.concatenate([np.zeros(n), -np.ones(k)]),
        lower=np.concatenate([small.lower, np.zeros(k)]),
        upper=np.concatenate([small.upper, np.full(k, np.inf)]),
        integer=np.concatenate([small.integer, np.zeros(k, dtype=bool)]),
        start=np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(small.limit)))]).astype(np.intp),
        index=np.concatenate([small.index, n + np.arange(k)])[order],
        value=np.concatenate([small.value, sign / factor])[order],
        layout=Layout(nothing, np.zeros(0), nothing, helpers),
    )
    answer = Engine(limits).solve(elastic)
    if answer.values is None:
        return None
    found = values.copy()
    found[free] = answer.values[:n]
    return found


def improve(search: Search) -> None:
    """Cores, one after another, until plan and bound are near enough or time is up.

    The first stands around the relaxation, the others around the best plan; the last holds all that may still change.
    """
    draw, size = np.random.default_rng(0), CORE
    for number in count():
        if search.closed() or search.left() <= 0:
            return
        assert search.values is not None
        free = search.may_change()
        near = search.neighbourhood(size, REACHES[number % len(REACHES)], draw) & free
        if (number >= FIRST and int(free.sum()) <= EXACT) or (near == free).all():
            answer = search.core(free, search.values, None)
            search.bound = max(search.value, min(search.bound, answer.bound))
            return
        before = search.value
        if number == 0:
            near |= search.relaxed.open
        answer = search.core(near, search.relaxed.values if number == 0 else search.values, NODES)
        if answer.termination is Termination.OPTIMAL and search.value <= before:
            size = max(size + 1, size * 3 // 2)


def searched(relaxed: Relaxed, clock: Clock, tell: Listener) -> Search | Termination:
    """The best plan that is found in time, with its bound; why not, where there is none."""
    total = PATIENCE if clock.limits.seconds is None else clock.limits.seconds
    spent = time.monotonic() - clock.start
    seconds = max(total - AFTER * spent, total / 2, spent)
    search = Search(relaxed, clock, seconds, tell, bound=relaxed.answer.bound)
    failed = first_plan(search)
    if failed is not None:
        return failed
    improve(search)
    return search


def by_parts(program: Program, limits: Limits) -> bool:
    """Whether a programme with whole columns is solved by bound, rounding and cores."""
    return not program.linear and limits.solver == "highs" and by_core(program.relaxed(), limits)


def whole_answer(program: Program, limits: Limits) -> Answer | None:
    """The answer by bound, rounding and cores where that is the way; None: ask the solver."""
    if not by_parts(program, limits):
        return None
    clock = Clock(limits)
    relaxed = relax(program, clock)
    if isinstance(relaxed, Termination):
        return Answer(relaxed, None, None, -np.inf) if relaxed is Termination.INFEASIBLE else None
    found = searched(relaxed, clock, unheard)
    if isinstance(found, Termination):
        return Answer(found, None, None, -np.inf if found is Termination.INFEASIBLE else np.inf)
    return Answer(Termination.OPTIMAL if found.closed() else Termination.LIMIT, found.values, None, found.bound)


def best_plan(program: Program, limits: Limits, tell: Listener = unheard) -> Optimum | None:
    """The optimum of any programme, None if there is no plan: as `optimise`, and what is whole and large by cores.

    Raises SolverError where the solver stopped at a limit without any plan (`TimeoutError` as its cause).
    """
    if not by_parts(program, limits):
        return optimise(program, limits)
    clock = Clock(limits)
    relaxed = relax(program, clock)
    if relaxed is Termination.INFEASIBLE:
        return None
    found = relaxed if isinstance(relaxed, Termination) else searched(relaxed, clock, tell)
    if found is Termination.INFEASIBLE:
        return None
    if isinstance(found, Termination) or isinstance(relaxed, Termination):
        return optimise(program, clock.left(program))
    assert found.values is not None
    at, left = relaxed.corners, clock.left(program)
    each = replace(left, seconds=(left.seconds or PATIENCE) / PROGRAMMES)
    costs = [cost[at.rows] for cost in price_costs(program)]
    _, corner, duals = linear_optimum(at.program, each, relaxed.answer, costs)
    relaxation = at.values(corner)
    values = continue_from(program, found.values, clock)
    objective = float(program.cost @ values)
    bound = max(objective, min(found.bound, float(program.cost @ relaxation)))
    termination = Termination.OPTIMAL if found.closed() else Termination.LIMIT
    return Optimum(termination, values, objective, bound, oriented(program, at.duals(duals)), relaxation)
