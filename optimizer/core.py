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

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .blocks import Blocks, Part, blocks, missing, part
from .candidates import Bools, Floats, Ints
from .engine import Engine
from .market import Market, alike, differences, drawn, golden, market
from .prices import COLDEST, refine, soft_answers
from .program import Program, Sense, entries_of
from .solve import Answer, Clock, Limits, Method, SolverError, Termination, contradiction, solve

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
PER_ROW = 100
"""… and for every shared row, …"""
MANY = 400
"""… of which there are so many at most."""
MOST = 30_000
"""Projects of a core that is no longer sooner than the solver alone."""
AT_ONCE = 1_000_000
"""Entries that are looked at in one go."""


def fines(m: Market) -> Floats:
    """(w,) what it costs to miss a priced row by one scaled unit: far more than its unit is worth to most."""
    result = np.zeros(len(m.priced))
    for i in range(len(m.priced)):
        at = m.entries(i)
        step = max(1, (at.stop - at.start) // 1000)
        worth = np.abs(m.program.cost[m.program.index[at][::step]])
        result[i] = 30 * float(np.quantile(worth / np.abs(m.program.value[at][::step] * m.factor[i]), 0.9))
    return np.maximum(result, 1e-3 * m.money)


@dataclass(frozen=True, eq=False)
class Start:
    """Where the core starts from."""

    prices: Floats
    """(w,)"""
    missed: bool
    """whether a sample could not keep a priced row"""


def first_prices(m: Market, tied: Blocks, sizes: Sizes, fine: Floats, limits: Limits) -> Start | Termination:
    """Prices from a sample, refined on all; why there are none."""
    count = len(m.first) + tied.count
    projects, weight = drawn(m, sizes.sample * len(m.first) // count)
    some, times = tied.drawn(sizes.sample * tied.count // count, sizes.sample)
    sample = part(m, projects, weight, np.zeros(len(m.priced)), fine, tied.kept(some, times))
    answer = Engine(limits).solve(sample.program)
    if answer.values is None or answer.duals is None:  # infeasible with rows that may be missed: by the others
        return answer.termination
    prices = answer.duals[len(sample.rows) - len(m.priced) :]
    missed = bool((answer.values[len(sample.columns) :] > BROKEN).any())
    if len(projects) == len(m.first) and some.all():
        return Start(prices, missed)
    values = np.zeros(len(m.program.cost))
    values[sample.columns] = answer.values[: len(sample.columns)]
    return Start(refined(m, tied, prices, values, sizes, limits), missed)


def refined(m: Market, tied: Blocks, prices: Floats, like: Floats, sizes: Sizes, limits: Limits) -> Floats:
    """(w,) prices for all, from those of a programme much like it; `like` (n,): its columns that answer to no price."""
    free = tied.always.columns
    kept = like[free]
    near = 1e-7 * np.maximum(1.0, np.abs(kept))
    inside = (kept > m.program.lower[free] + near) & (kept < m.program.upper[free] - near)
    bound = np.zeros(len(m.program.cost), dtype=bool)
    bound[m.program.index[entries_of(m.program, tied.always.rows)[0]]] = True
    ties = m.coefficients(free[inside & ~bound[free]], np.ones(len(m.priced)), sparse=False).T
    values = np.zeros(len(m.program.cost))
    values[free] = kept

    def used(prices: Floats) -> Floats:
        found = tied.answer(m.worth(prices), limits)
        if not isinstance(found, Termination):
            values[tied.columns] = found[0]
        return m.use(values)

    return refine(m, prices, used, ties, sizes.sample, 1 + tied.members / len(m.first))


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
    for margin, most in ((in_or_out, count // 2), (where, count)):
        near = np.where(chosen, np.inf, np.maximum(margin, 1.0 / len(best)))
        most -= int(chosen.sum())
        some = np.argpartition(near, most - 1)[:most] if most > 0 else np.zeros(0, dtype=np.intp)
        threshold = near[some].max(initial=-np.inf)
        below, equal = near < threshold, np.flatnonzero(near == threshold)
        chosen |= below
        room = most - int(below.sum())
        if room > 0 and np.isfinite(threshold):
            chosen[equal[np.argsort(-stake[equal], kind="stable")[:room]]] = True
    return np.flatnonzero(chosen)


@dataclass(frozen=True, eq=False)
class Crowd:
    """The P projects and after them the B blocks of a market, with what they answer at some prices."""

    m: Market
    tied: Blocks
    answered: Floats
    """(n,) what everybody takes"""
    worth: Floats
    """(k,) of the options"""
    stake: Floats
    """(P + B,)"""
    margins: Floats
    """(B,)"""

    def nearest(self, size: int) -> Ints:
        """About so many whose answer is nearest to a tie, of projects and blocks as many as their parts."""
        p = len(self.m.first)
        alone = size * p // len(self.stake)
        near = np.argsort(self.margins, kind="stable")[: size - alone]
        return np.concatenate([contested(self.m, self.worth, self.stake[:p], alone), p + near])

    def core(self, inside: Bools, fine: Floats | None) -> tuple[Part, Floats]:
        """The programme of those inside, and what the others take, (n,)."""
        p = len(self.m.first)
        projects, kept, values = np.flatnonzero(inside[:p]), self.tied.kept(inside[p:]), self.answered.copy()
        values[self.m.columns[self.m.options(projects)]], values[kept.columns] = 0.0, 0.0
        return part(self.m, projects, np.ones(len(projects)), self.m.use(values), fine, kept), values

    def losses(self, worth: Floats, limits: Limits) -> tuple[Floats, Floats] | Termination:
        """(P + B,) by how much everybody's answer is worse than the best, (n,) worth; and duals of the blocks' rows."""
        found = self.tied.answer(worth, limits)
        if isinstance(found, Termination):
            return found
        m, tied, now = self.m, self.tied, worth[self.m.columns]
        best = m.largest(now)
        alone = m.room * np.where(m.must, best, np.maximum(best, 0.0))
        alone -= np.add.reduceat(now * self.answered[m.columns], m.first)
        better = worth[tied.columns] * (found[0] - self.answered[tied.columns])
        return np.concatenate([alone, tied.sums(better)]), found[1]


def crowd(m: Market, tied: Blocks, prices: Floats, limits: Limits) -> Crowd | Termination:
    """What everybody answers at given prices; why that is not known."""
    worth, stakes = m.worth(prices), m.stakes(prices)
    together = tied.answer(worth, limits)
    if isinstance(together, Termination):  # a block that cannot be kept even by itself, or no time
        return together
    stake, worth = m.size(prices), worth[m.columns]
    answered = np.zeros(len(m.program.cost))
    choice = answers(m, worth, stake)
    answered[m.columns[choice[choice >= 0]]] = m.room[choice >= 0]
    answered[tied.columns] = together[0]
    theirs = tied.stake(stakes)
    return Crowd(m, tied, answered, worth, np.concatenate([stake, theirs]), tied.margins(theirs))


def core(
    m: Market,
    tied: Blocks,
    start: Start,
    sizes: Sizes,
    fine: Floats,
    clock: Clock,
    hopeless: Callable[[], bool],
    rounds: int = ROUNDS,
) -> Found | Termination:
    """The optimum of the whole by a programme of its contested projects and blocks; why not, if it was not reached.

    `hopeless` proves that nothing keeps the priced rows; it is asked once, where a second programme misses one.
    """
    prices, raised = start.prices, int(start.missed)
    everybody = crowd(m, tied, prices, clock.left(m.program))
    if isinstance(everybody, Termination):
        return everybody
    inside = np.zeros(len(everybody.stake), dtype=bool)
    size, feasible = sizes.core, False
    inside[everybody.nearest(size)] = True
    fine = np.maximum(fine, 10 * np.abs(prices) / m.factor)
    for _ in range(rounds):
        plain = feasible or not raised
        some, values = everybody.core(inside, None if feasible else fine)
        answer = Engine(clock.limits).solve(some.program, clock.left(some.program))
        if answer.values is None or answer.duals is None:  # infeasible with rows that may be missed: by the others
            return Termination.LIMIT if feasible else answer.termination
        missed = float((answer.values[len(some.columns) :]).max(initial=0.0))
        feasible = missed <= BROKEN  # and stays so: without those costs the solver sees small ones better
        values[some.columns] = answer.values[: len(some.columns)]
        duals = np.zeros(len(m.program.limit))
        duals[some.rows] = answer.duals
        found = everybody.losses(m.worth(duals[m.priced]), clock.left(m.program))
        if isinstance(found, Termination):
            return found
        loss, theirs = found
        outside = ~inside[len(m.first) :][tied.of_row]
        duals[tied.rows[outside]] = theirs[outside]
        loss[inside] = 0.0
        near = TOTAL * max(m.money, abs(float((m.program.cost * values).sum())))
        wrong = np.flatnonzero(loss > (WORSE if float(loss.sum()) <= near else WORSE / 100) * m.money)
        if feasible and not len(wrong):
            if plain:
                return Found(values, duals)
            continue  # beside costs that were raised the solver loses digits: once more without them
        if (inside.all() and raised > RAISES) or int(inside.sum()) > MOST:
            return Termination.LIMIT
        if not feasible and raised == 1 and hopeless():
            return Termination.INFEASIBLE
        size *= 3
        inside[wrong[np.argsort(-loss[wrong] / everybody.stake[wrong], kind="stable")[: size // 3]]] = True
        if not feasible:
            inside[everybody.nearest(size)] = True
            fine, raised = 10 * fine, raised + 1
    return Termination.LIMIT


def with_own(m: Market, found: Found) -> Answer | None:
    """The certificate: the answer with the duals of all rows if plan and bound meet, else None."""
    program, duals = m.program, found.duals.copy()
    worth = m.worth(duals[m.priced])
    duals = m.with_own(duals, worth[m.columns])
    best = m.largest(worth[m.columns])
    best = np.where(m.must, best, np.maximum(best, 0.0))
    entries, count = entries_of(program, m.linked)
    np.subtract.at(worth, program.index[entries], np.repeat(duals[m.linked], count) * program.value[entries])
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
    m = len(program.limit)
    activity, gross = np.zeros(m), np.zeros(m)
    parts = np.unique(np.searchsorted(program.start, np.arange(0, len(program.value) + AT_ONCE, AT_ONCE)).clip(0, m))
    for low, high in zip(parts[:-1].tolist(), parts[1:].tolist(), strict=True):  # never a copy of the whole matrix
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
        size = len(program.cost)
        return program.linear and size >= LARGE and shared(program) <= min(MANY, size / PER_ROW)
    return program.linear and limits.method is Method.CORE


def shared(program: Program) -> int:
    """How many rows are certainly no links: more entries than the projects of a link may have columns."""
    entries = np.diff(program.start)
    return int((entries[~program.own] > SIZES.link * entries[program.own].max(initial=1)).sum())


def priced_answer(
    program: Program, clock: Clock, sizes: Sizes, *, doubt: bool = True, last: Answer | None = None
) -> Answer | None:
    """The answer by prices and core, sooner from the last one of a programme much like it; None: not certified.

    With `doubt`, that nothing keeps the rows may be the answer; without it they are known to have one.
    """
    if not program.linear or contradiction(program):
        return None
    m = market(program, sizes.link)
    bare = market(differences(m), sizes.link) if m is not None and m.must.any() else m
    if m is None or bare is None or not len(bare.first):
        return None
    try:
        found = priced(bare, sizes, clock, doubt, last)
    except SolverError:  # on a part; the whole may do
        return None
    if found is Termination.INFEASIBLE:
        return Answer(found, None, None, -np.inf)
    return with_own(m, found) if isinstance(found, Found) else None


def priced(m: Market, sizes: Sizes, clock: Clock, doubt: bool, last: Answer | None) -> Found | Termination | None:
    """The optimum of a market by prices and core; why not, where that is known."""
    group = alike(m)
    if group is not None:
        return once(m, group, sizes, clock, doubt)
    tied = blocks(m, clock.left(m.program))
    if len(tied.always.columns) > 10 * sizes.core:
        return None
    larger = sizes.of(len(m.priced))
    fine = fines(m) if doubt else np.full(len(m.priced), 30 * m.money)  # in phase one, misses have a cost already

    def found(start: Start, rounds: int = ROUNDS) -> Found | Termination:
        return core(m, tied, start, larger, fine, clock, lambda: doubt and hopeless(m, sizes, clock), rounds)

    if last is None or last.values is None or last.duals is None:
        start = first_prices(m, tied, larger, fine, clock.left(m.program))
        return start if isinstance(start, Termination) else found(start)
    prices = last.duals[m.priced]
    sooner = found(Start(prices, missed=False), WARM_ROUNDS)
    if sooner is not Termination.LIMIT:
        return sooner
    prices = refined(m, tied, prices, last.values, larger, clock.left(m.program))
    return found(Start(prices, missed=False))


def once(m: Market, group: Ints, sizes: Sizes, clock: Clock, doubt: bool) -> Found | Termination | None:
    """The optimum of a market in which each group of projects that are alike, (P,), is one with their room together.

    Any plan of the groups is one of the projects, each with an equal part, and the other way round: the same optimum.
    """
    first, count = np.unique(group, return_index=True)[1], np.bincount(group).astype(float)
    small = part(m, first, count, np.zeros(len(m.priced)), None)
    answer = priced_answer(small.program, clock, sizes, doubt=doubt)
    if answer is None or answer.values is None or answer.duals is None:
        return None if answer is None else answer.termination
    values, duals = np.zeros(len(m.program.cost)), np.zeros(len(m.program.limit))
    values[small.columns], duals[small.rows] = answer.values, answer.duals
    values[m.columns] = values[m.columns[m.options(first[group])]] / count[group][m.project]
    return Found(values, duals)


def hopeless(m: Market, sizes: Sizes, clock: Clock) -> bool:
    """Whether it is proved that nothing keeps the priced rows: the least that they are missed by is above 0.

    Its dual bound is the certificate (Farkas): prices y at which no columns reach Σ y · (activity − limit) ≥ 0, for an
    activity that keeps its limit would. What all limits eased by BROKEN would let through counts as kept.
    """
    answer = priced_answer(missing(m), clock, sizes, doubt=False)
    if answer is None or answer.duals is None:
        return False
    rounding = BROKEN * float(np.abs(answer.duals * m.program.limit)[m.priced].sum())
    return answer.bound < -max(BROKEN, 10 * rounding)
