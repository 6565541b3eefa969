"""Price, then core: how a large linear programme is solved exactly without handing all of it to the solver.

1. Prices: an exact programme on a sample of the projects, refined on all of them (`prices`).
2. Core: at these prices most projects have a clear answer and keep it. Only the contested ones, and whatever does not
   answer alone, are a programme for the solver, the shared rows less what the others use. Each shared row may be
   missed there at a high cost, so that a core that is too small says so: it grows.
3. Certificate: with the prices y that the core gives, every column of the whole programme is priced again,

       bound = Σ_i y_i · limit_i + Σ_p room_p · max(0, max_j d_j) + Σ_kept max(d_j · lower_j, d_j · upper_j),

   with d_j = c_j − Σ_i y_i a_ij; it bounds the optimum for any y of the right sign (weak duality). Projects that
   would rather answer otherwise join the core, and so on until none is left: sifting (Bixby et al. 1992), started so
   near that one or two rounds do. Plan and bound then meet.

It is exact or it does not answer: what is not certified goes to the solver whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .candidates import Floats, Ints
from .engine import Engine
from .prices import COLDEST, Market, drawn, golden, market, refine, soft_answers
from .program import Layout, Program, Sense
from .solve import Answer, Clock, Limits, Method, Termination, contradiction, solve

GAP = 1e-9
"""The certified gap at which an answer is exact, relative to the objective or the largest cost."""
BROKEN = 1e-8
"""A row missed by more than this, relative to its limit and its terms, is not certified."""
WORSE = 5e-10
"""A worth that is better by less than this part of the largest cost is no reason to answer otherwise, …"""
TOTAL = 5e-10
"""… unless all these together are more than this part of the objective or the largest cost."""
ROUNDS = 40
WARM_ROUNDS = 2
"""Cores at the prices of a programme much like it, before the prices are refined."""
RAISES = 4
"""The cost of missing a row rises tenfold so often before a core that misses one is called infeasible."""


@dataclass(frozen=True)
class Sizes:
    """How many projects: in the sample, in the first core, and in a row that is a link."""

    sample: int = 2000
    core: int = 1000
    link: int = 12
    per_row: int = 16
    """in sample and core, at least, for every priced row"""

    def of(self, rows: int) -> Sizes:
        """The sizes for so many priced rows."""
        return replace(self, sample=max(self.sample, self.per_row * rows), core=max(self.core, self.per_row * rows))


SIZES = Sizes()
LARGE = 10_000
"""Columns from which on prices and core are sooner than the solver alone, …"""
MANY = 120
"""… and named rows up to which they are: with 300 they were not."""
MOST = 30_000
"""Projects of a core that is no longer sooner than the solver alone."""


@dataclass(frozen=True, eq=False)
class Part:
    """Some projects and all that is kept, as a programme of its own."""

    program: Program
    columns: Ints
    """columns of the whole programme, ascending; after them stand the misses"""
    rows: Ints
    """rows of the whole programme: own and linked ones, then the priced"""
    miss: Ints
    """(e,) the priced row, by its place, that each further column lets be missed"""


def part(m: Market, projects: Ints, weight: Floats, used: Floats, fine: Floats | None) -> Part:
    """The programme of some projects (ascending), each `weight` (P',) times; the others use `used` (w,).

    `fine` (w,) is the cost of missing a priced row by one scaled unit; None: they must be kept.
    """
    whole = m.program
    options = m.options(projects)
    columns = np.sort(np.concatenate([m.columns[options], m.kept]))
    place = np.full(len(whole.cost), -1, dtype=np.int32)
    place[columns] = np.arange(len(columns))
    upper, limit = whole.upper[columns].copy(), whole.limit.copy()
    times = np.repeat(weight, np.diff(np.append(m.first, len(m.columns)))[projects])
    upper[place[m.columns[options]]] *= times
    owned = m.own[projects] >= 0
    limit[m.own[projects[owned]]] *= weight[owned]
    limit[m.priced] -= used

    rows = np.concatenate([np.sort(np.concatenate([m.own[projects[owned]], m.linked])), m.priced])
    others = rows[: len(rows) - len(m.priced)]
    counts = [np.diff(whole.start)[others]]
    entries = np.arange(int(counts[0].sum())) + np.repeat(
        whole.start[others] - (np.cumsum(counts[0]) - counts[0]), counts[0]
    )
    index, value = [place[whole.index[entries]]], [whole.value[entries]]
    sense = whole.sense[m.priced]
    over, under = np.flatnonzero(sense != Sense.AT_LEAST), np.flatnonzero(sense != Sense.AT_MOST)
    miss = np.concatenate([over, under]) if fine is not None else np.zeros(0, dtype=np.intp)
    sign = np.concatenate([-np.ones(len(over)), np.ones(len(under))])
    for i in range(len(m.priced)):
        at = m.entries(i)
        found = place[whole.index[at]]
        held = found >= 0
        lets = np.flatnonzero(miss == i)
        index += [found[held], len(columns) + lets]
        value += [whole.value[at][held], sign[lets] / m.factor[i]]
        counts.append(np.array([int(held.sum()) + len(lets)]))
    n = len(columns) + len(miss)
    kept = place[[c for c in whole.layout.helpers.values() if place[c] >= 0]].tolist()
    helpers = {str(c): int(c) for c in [*kept, *range(len(columns), n)]}
    nothing = np.zeros(len(miss))
    program = Program(
        cost=whole.cost[columns] if fine is None else np.concatenate([whole.cost[columns], -fine[miss]]),
        lower=np.concatenate([whole.lower[columns], nothing]),
        upper=np.concatenate([upper, nothing + np.inf]),
        integer=np.zeros(n, dtype=bool),
        column_names=[],
        start=np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.intp),
        index=np.concatenate(index).astype(np.intp),
        value=np.concatenate(value),
        sense=whole.sense[rows],
        limit=limit[rows],
        row_names=[],
        own=whole.own[rows],
        layout=Layout(np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0, dtype=np.intp), helpers),
    )
    return Part(program, columns, rows, miss)


def fines(m: Market) -> Floats:
    """(w,) what it costs to miss a priced row by one scaled unit: far more than its unit is worth to most."""
    result = np.zeros(len(m.priced))
    for i in range(len(m.priced)):
        at = m.entries(i)
        step = max(1, (at.stop - at.start) // 1000)
        worth = np.abs(m.program.cost[m.program.index[at][::step]])
        result[i] = 30 * float(np.quantile(worth / np.abs(m.program.value[at][::step] * m.factor[i]), 0.9))
    return np.maximum(result, 1e-3 * m.money)


def first_prices(m: Market, sizes: Sizes, fine: Floats, limits: Limits) -> Floats | None:
    """(w,) prices from a sample, refined on all; None where the solver gives none."""
    projects, weight = drawn(m, sizes.sample)
    sample = part(m, projects, weight, np.zeros(len(m.priced)), fine)
    answer = Engine(limits).solve(sample.program)
    if answer.values is None or answer.duals is None:
        return None
    prices = answer.duals[len(sample.rows) - len(m.priced) :]
    if len(projects) == len(m.first):
        return prices
    values = np.zeros(len(m.program.cost))
    values[sample.columns] = answer.values[: len(sample.columns)]
    return refined(m, prices, values, sizes)


def refined(m: Market, prices: Floats, like: Floats, sizes: Sizes) -> Floats:
    """(w,) prices for all, from those of a programme much like it; `like` (n,): what its kept columns were."""
    kept, values = like[m.kept], np.zeros(len(like))
    values[m.kept] = kept
    near = 1e-7 * np.maximum(1.0, np.abs(kept))
    inside = (kept > m.program.lower[m.kept] + near) & (kept < m.program.upper[m.kept] - near)
    bound = np.zeros(len(m.program.cost), dtype=bool)
    for row in m.linked:
        bound[m.program.index[m.program.start[row] : m.program.start[row + 1]]] = True
    ties = m.dense(m.kept[inside & ~bound[m.kept]]).T / m.factor[:, None]
    return refine(m, prices, m.use(values), ties, sizes.sample)


@dataclass(frozen=True, eq=False)
class Found:
    """A core that is done, or not."""

    values: Floats
    duals: Floats
    """(m,) of priced and linked rows, and of the own rows of kept columns; the projects' own are still 0"""


def answers(m: Market, worth: Floats, stake: Floats) -> Ints:
    """(P,) the option, by its place, that every project takes; −1: none. Ties are shared out as the softmax has it.

    Along the undecided of one make (the same rows in the same options, by size) so evenly that the sums nearly hold.
    """
    share = soft_answers(m, worth, stake, COLDEST / len(m.first))
    undecided = np.flatnonzero(m.largest(np.minimum(share, m.room[m.project] - share)) > 1e-6 * m.room)
    throw = np.full(len(m.first), 0.5)
    order = np.lexsort((stake[undecided], m.makes()[undecided]))
    throw[undecided[order]] = golden(len(undecided))
    throw *= m.room
    before = np.cumsum(share) - share
    reached = before - before[m.first][m.project] + share  # the running sum within each project
    count = np.add.reduceat((reached <= throw[m.project]).astype(np.intp), m.first)
    size = np.diff(np.append(m.first, len(m.columns)))
    return np.where(count < size, m.first + count, np.where(m.must, m.first + size - 1, -1))


def contested(m: Market, worth: Floats, stake: Floats, count: int) -> Ints:
    """The projects whose answer is nearest to a tie: half of them between in and out, half between two zones."""
    best, _, second = m.first_best(worth)
    in_or_out = np.where(m.must, np.inf, np.abs(best)) / stake
    where = np.where(m.must | (best > 0), best - second, np.inf) / stake
    if count >= len(best):
        return np.arange(len(best))
    chosen = np.zeros(len(best), dtype=bool)
    for margin, part in ((in_or_out, count // 2), (where, count)):
        near = np.where(chosen, np.inf, np.maximum(margin, 1.0 / len(best)))
        part -= int(chosen.sum())
        some = np.argpartition(near, part - 1)[:part] if part > 0 else np.zeros(0, dtype=np.intp)
        threshold = near[some].max(initial=-np.inf)
        below, equal = near < threshold, np.flatnonzero(near == threshold)
        chosen |= below
        room = part - int(below.sum())
        if room > 0 and np.isfinite(threshold):
            chosen[equal[np.argsort(-stake[equal], kind="stable")[:room]]] = True
    return np.flatnonzero(chosen)


def core(
    m: Market, prices: Floats, sizes: Sizes, fine: Floats, clock: Clock, rounds: int = ROUNDS
) -> Found | Termination:
    """The optimum of the whole by a programme of its contested projects; why not, where it was not reached."""
    worth, stake = m.worth(prices)[m.columns], m.size(prices)
    choice = answers(m, worth, stake)
    inside = np.zeros(len(m.first), dtype=bool)
    size = sizes.core
    inside[contested(m, worth, stake, size)] = True
    fine = np.maximum(fine, 10 * np.abs(prices) / m.factor)
    feasible = False
    taken = np.maximum(choice, 0)
    raised = 0
    for _ in range(rounds):
        values = np.zeros(len(m.program.cost))
        fixed = ~inside & (choice >= 0)
        values[m.columns[choice[fixed]]] = m.room[fixed]
        projects = np.flatnonzero(inside)
        some = part(m, projects, np.ones(len(projects)), m.use(values), None if feasible else fine)
        answer = Engine(clock.limits).solve(some.program, clock.left(some.program))
        if answer.values is None or answer.duals is None:
            return answer.termination
        found = answer.values[: len(some.columns)]
        missed = float((answer.values[len(some.columns) :]).max(initial=0.0))
        feasible = missed <= BROKEN  # and stays so: without those costs the solver sees small ones better
        values[some.columns] = found
        duals = np.zeros(len(m.program.limit))
        duals[some.rows] = answer.duals
        now = m.worth(duals[m.priced])[m.columns]
        best = m.largest(now)
        gain = np.where(m.must, best, np.maximum(best, 0.0)) - np.where(choice >= 0, now[taken], 0.0)
        gain[inside] = 0.0
        together = float((gain * m.room).sum())
        near = TOTAL * max(m.money, abs(float((m.program.cost * values).sum())))
        wrong = np.flatnonzero(gain > (WORSE if together <= near else WORSE / 100) * m.money)
        if feasible and not len(wrong):
            return Found(values, duals)
        if inside.all() and raised > RAISES:
            return Termination.INFEASIBLE
        if len(projects) > MOST:
            return Termination.LIMIT
        size *= 3
        if len(wrong) > size // 3:
            wrong = wrong[np.argsort(-gain[wrong] / stake[wrong], kind="stable")[: size // 3]]
        inside[wrong] = True
        if not feasible:
            inside[contested(m, worth, stake, size)] = True
            fine, raised = 10 * fine, raised + 1
    return Termination.LIMIT


def with_own(m: Market, found: Found) -> Answer | None:
    """The certificate: the answer with the duals of all rows if plan and bound meet, else None."""
    program, duals = m.program, found.duals.copy()
    worth = m.worth(duals[m.priced])
    duals = m.with_own(duals, worth[m.columns])
    best = m.largest(worth[m.columns])
    best = np.where(m.must, best, np.maximum(best, 0.0))
    for row in m.linked:
        at = slice(program.start[row], program.start[row + 1])
        worth[program.index[at]] -= duals[row] * program.value[at]
    d = worth[m.kept]
    d[np.abs(d) <= GAP * m.money] = 0.0
    bounds = np.where(d > 0, program.upper[m.kept], program.lower[m.kept])
    named = np.concatenate([m.priced, m.linked])
    wrong = np.where(program.sense[named] == Sense.EQUAL, 0.0, -duals[named] * program.sense[named])
    duals[named[wrong > 0]] = 0.0 if not (wrong > GAP * m.money).any() else np.nan
    bound = float((duals[named] * program.limit[named]).sum() + (m.room * best).sum())
    bound += float((d[d != 0] * bounds[d != 0]).sum())
    objective = float((program.cost * found.values).sum())
    if not bound - objective <= GAP * max(abs(objective), m.money) or broken(program, found.values):
        return None
    return Answer(Termination.OPTIMAL, found.values, duals, bound)


def broken(program: Program, values: Floats) -> bool:
    """Whether a row or a bound is missed by more than rounding."""
    own, m = int(program.own.sum()), len(program.limit)
    activity, gross = np.zeros(m), np.zeros(m)
    for low, high in [(0, own), *((row, row + 1) for row in range(own, m))]:  # never a copy of the whole matrix
        at = slice(int(program.start[low]), int(program.start[high]))
        terms = program.value[at] * values[program.index[at]]
        filled = low + np.flatnonzero(np.diff(program.start[low : high + 1]))
        if len(filled):
            activity[filled] = np.add.reduceat(terms, program.start[filled] - at.start)
            gross[filled] = np.add.reduceat(np.abs(terms), program.start[filled] - at.start)
    over = activity - program.limit
    miss = np.select(
        [program.sense == Sense.AT_MOST, program.sense == Sense.AT_LEAST], [over, -over], default=np.abs(over)
    )
    out = np.maximum(program.lower - values, values - program.upper).max(initial=0.0)
    return bool((miss > BROKEN * np.maximum(np.abs(program.limit), gross)).any() or out > BROKEN)


def solve_large(program: Program, limits: Limits, sizes: Sizes | None = None) -> Answer:
    """The answer to a linear programme, with the duals of all rows and a bound that is proved; as `solve`, sooner.

    Raises SolverError as `solve` does.
    """
    clock = Clock(limits)
    answer = priced_answer(program, clock, sizes or SIZES)
    return solve(program, clock.left(program)) if answer is None else answer


def large_answer(program: Program, limits: Limits) -> Answer | None:
    """The answer by prices and core where the programme is large or the method asked for; None: ask the solver."""
    return priced_answer(program, Clock(limits), SIZES) if by_core(program, limits) else None


def by_core(program: Program, limits: Limits) -> bool:
    """Whether prices and core are the way to solve it."""
    if limits.method is Method.AUTO:
        return program.linear and len(program.cost) >= LARGE and int((~program.own).sum()) <= MANY
    return program.linear and limits.method is Method.CORE


def priced_answer(program: Program, clock: Clock, sizes: Sizes) -> Answer | None:
    """The answer by prices and core; None where it is not certified."""
    apart = taken_apart(program, sizes)
    return None if apart is None else apart.answer(clock)


@dataclass(frozen=True, eq=False)
class Apart:
    """A programme that projects answer alone, given the prices of what they share."""

    market: Market
    bare: Market
    """less what projects cost and use whatever they do"""
    fine: Floats
    sizes: Sizes

    def answer(self, clock: Clock, last: Answer | None = None) -> Answer | None:
        """The certified answer, sooner from the last one of a programme much like it; None: not certified."""
        found: Found | Termination | None = None
        m, sizes = self.bare, self.sizes
        if last is not None and last.values is not None and last.duals is not None:
            prices: Floats | None = last.duals[m.priced]
            found = core(m, last.duals[m.priced], sizes, self.fine, clock, WARM_ROUNDS)
            if not isinstance(found, Found):
                prices = refined(m, last.duals[m.priced], last.values, sizes)
        else:
            prices = first_prices(m, sizes, self.fine, clock.left(m.program))
        if prices is not None and not isinstance(found, Found):
            found = core(m, prices, sizes, self.fine, clock)
        return with_own(self.market, found) if isinstance(found, Found) else None


def taken_apart(program: Program, sizes: Sizes) -> Apart | None:
    """The programme as prices and core see it; None where they are no way to solve it."""
    if not program.linear or contradiction(program):
        return None
    m = market(program, sizes.link)
    if m is None or len(m.kept) > 10 * sizes.core or not len(m.first):
        return None
    bare = market(differences(m), sizes.link) if m.must.any() else m
    if bare is None or len(bare.kept) > 10 * sizes.core or not len(bare.first):
        return None
    return Apart(m, bare, fines(bare), sizes.of(len(bare.priced)))


def differences(m: Market) -> Program:
    """The programme less what projects cost and use whatever they do: who must take an option compares differences.

    Σ_j v_j = room, so a cost or coefficient that all options of a project share is a constant. Where every zone is as
    good as another, rows that do not depend on the zone are settled by that.
    """
    program, must = m.program, np.flatnonzero(m.must)
    options = m.columns[m.options(must)]
    project = np.full(len(program.cost), -1, dtype=np.intp)
    project[m.columns] = m.project
    size = np.diff(np.append(m.first, len(m.columns)))
    cost, limit, value = program.cost.copy(), program.limit.copy(), program.value.copy()
    cost[options] -= m.largest(cost[m.columns])[project[options]]
    for i, row in enumerate(m.priced):
        at = m.entries(i)
        p = project[program.index[at]]
        theirs = (p >= 0) & m.must[p]
        p, a = p[theirs], value[at][theirs]
        least = np.full(len(size), np.inf)
        np.minimum.at(least, p, a)
        least[np.bincount(p, minlength=len(size)) < size] = 0.0
        least[~m.must] = 0.0
        value[at.start + np.flatnonzero(theirs)] -= least[p]
        limit[row] -= float((least * m.room).sum())
    kept = value != 0
    start = np.concatenate([[0], np.cumsum(kept)])[program.start]
    return replace(program, cost=cost, limit=limit, start=start, index=program.index[kept], value=value[kept])
