"""Parts of a programme: some projects of a market, and blocks of projects that links tie and that answer as one.

A link (requires, exclusive, together, synergy: a row that touches few projects) ties projects, and their own rows and
the columns of the link with them, to a block. Blocks share nothing but the priced rows. So at given prices each block
has a best answer of its own, and all of them are one block-diagonal programme,

    max Σ_j d_j v_j   over the rows of the blocks alone,   d_j = c_j − Σ_i y_i a_ij,

which the simplex method solves soon, and sooner still when only the prices change: it starts where it stopped. Its
duals are those of the links, so a block counts in the certificate as any kept column does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .candidates import Bools, Floats, Ints
from .engine import Engine
from .market import Market, certain, few, spread
from .program import Layout, Program, Sense, entries_of
from .solve import Limits, Termination, power_of_two

WIDEST = 400
"""Columns of a block, at most; a larger one is in every core."""


@dataclass(frozen=True, eq=False)
class Part:
    """Some projects and some of what is kept, as a programme of its own."""

    program: Program
    columns: Ints
    """columns of the whole programme, ascending; after them stand the misses"""
    rows: Ints
    """rows of the whole programme: own and linked ones, then the priced"""
    miss: Ints
    """(e,) the priced row, by its place, that each further column lets be missed"""


@dataclass(frozen=True, eq=False)
class Kept:
    """Which kept columns and linked rows are in a part, and how often each."""

    columns: Ints
    rows: Ints
    column_times: Floats
    row_times: Floats


def everything(m: Market) -> Kept:
    """All that is kept, once."""
    return Kept(m.kept, m.linked, np.ones(len(m.kept)), np.ones(len(m.linked)))


def part(
    m: Market, projects: Ints, weight: Floats, used: Floats, fine: Floats | None, kept: Kept | None = None
) -> Part:
    """The programme of some projects (ascending), each `weight` (P',) times; the others use `used` (w,).

    `fine` (w,) is the cost of missing a priced row by one scaled unit; None: they must be kept. `kept`: what of the
    kept columns and linked rows is in it; None: everything.
    """
    whole, kept = m.program, kept or everything(m)
    options = m.options(projects)
    columns = np.sort(np.concatenate([m.columns[options], kept.columns]))
    place = np.full(len(whole.cost), -1, dtype=np.int32)
    place[columns] = np.arange(len(columns))
    lower, upper, limit = whole.lower[columns].copy(), whole.upper[columns].copy(), whole.limit.copy()
    times = np.repeat(weight, np.diff(np.append(m.first, len(m.columns)))[projects])
    upper[place[m.columns[options]]] *= times
    lower[place[kept.columns]] *= kept.column_times
    upper[place[kept.columns]] *= kept.column_times
    owned = m.own[projects] >= 0
    limit[m.own[projects[owned]]] *= weight[owned]
    limit[kept.rows] *= kept.row_times
    limit[m.priced] -= used

    rows = np.concatenate([np.sort(np.concatenate([m.own[projects[owned]], kept.rows])), m.priced])
    entries, counted = entries_of(whole, rows[: len(rows) - len(m.priced)])
    counts, value = [counted], [whole.value[entries]]
    index = [place[whole.index[entries]]]
    sense = whole.sense[m.priced]
    over, under = np.flatnonzero(sense != Sense.AT_LEAST), np.flatnonzero(sense != Sense.AT_MOST)
    miss = np.concatenate([over, under]) if fine is not None else np.zeros(0, dtype=np.intp)
    sign = np.concatenate([-np.ones(len(over)), np.ones(len(under))])
    for i in range(len(m.priced)):
        at = m.entries(i)
        found = place[whole.index[at]]
        held = found >= 0
        lets = np.flatnonzero(miss == i)
        index += [found[held], (len(columns) + lets).astype(np.int32)]
        value += [whole.value[at][held], sign[lets] / m.factor[i]]
        counts.append(np.array([int(held.sum()) + len(lets)]))
    n = len(columns) + len(miss)
    helper = place[[c for c in whole.layout.helpers.values() if place[c] >= 0]].tolist()
    nothing = np.zeros(len(miss))
    return Part(
        bare_program(
            cost=whole.cost[columns] if fine is None else np.concatenate([whole.cost[columns], -fine[miss]]),
            lower=np.concatenate([lower, nothing]),
            upper=np.concatenate([upper, nothing + np.inf]),
            counts=np.concatenate(counts),
            index=np.concatenate(index),
            value=np.concatenate(value),
            sense=whole.sense[rows],
            limit=limit[rows],
            own=whole.own[rows],
            helpers=[*helper, *range(len(columns), n)],
        ),
        columns,
        rows,
        miss,
    )


def missing(m: Market) -> Program:
    """Phase one: maximise −Σ by how many scaled units the priced rows are missed, all else as it is and worth nothing.

    A programme that can always be kept, as far as the rows that are not priced can.
    """
    whole, n = m.program, len(m.program.cost)
    sense = whole.sense[m.priced]
    over, under = np.flatnonzero(sense != Sense.AT_LEAST), np.flatnonzero(sense != Sense.AT_MOST)
    miss = np.concatenate([over, under])
    new, ends = n + np.arange(len(miss)), whole.start[m.priced[miss] + 1]
    size = np.concatenate([-np.ones(len(over)), np.ones(len(under))]) / m.factor[miss]
    nothing = np.zeros(len(miss))
    return bare_program(
        cost=np.concatenate([np.zeros(n), nothing - 1]),
        lower=np.concatenate([whole.lower, nothing]),
        upper=np.concatenate([whole.upper, nothing + np.inf]),
        counts=np.diff(whole.start) + np.bincount(m.priced[miss], minlength=len(whole.limit)),
        index=np.insert(whole.index, ends, new),
        value=np.insert(whole.value, ends, size),
        sense=whole.sense,
        limit=whole.limit,
        own=whole.own,
        helpers=[*whole.layout.helpers.values(), *new.tolist()],
    )


def bare_program(
    *,
    cost: Floats,
    lower: Floats,
    upper: Floats,
    counts: Ints,
    index: Ints,
    value: Floats,
    sense: Ints,
    limit: Floats,
    own: Bools,
    helpers: list[int],
) -> Program:
    """A linear programme without names, its rows by their numbers of entries."""
    return Program(
        cost=cost,
        lower=lower,
        upper=upper,
        integer=np.zeros(len(cost), dtype=bool),
        column_names=[],
        start=np.concatenate([[0], np.cumsum(counts)]).astype(np.intp),
        index=index.astype(np.intp),
        value=value,
        sense=sense,
        limit=limit,
        row_names=[],
        own=own,
        layout=Layout(
            np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0, dtype=np.intp), {str(c): int(c) for c in helpers}
        ),
    )


@dataclass(frozen=True, eq=False)
class Blocks:
    """B blocks of a market."""

    market: Market
    columns: Ints
    """(c,) their columns, ascending"""
    rows: Ints
    """(r,) their rows, ascending"""
    of_column: Ints
    """(c,) the block of each, 0 … B − 1"""
    of_row: Ints
    count: int
    """B"""
    members: int
    """how many projects are in them"""
    always: Kept
    """what is kept and in no block: in every part"""
    program: Program
    """the block-diagonal programme; only its costs ever change"""
    engine: Engine

    def answer(self, worth: Floats, limits: Limits) -> tuple[Floats, Floats] | Termination:
        """(values (c,), duals (r,)) with every block at its best, (n,) worth; why not, where there is none."""
        if not self.count:
            return np.zeros(0), np.zeros(0)
        cost = worth[self.columns]
        money = float(power_of_two(np.array([np.abs(cost).max()]))[0])  # prices of a core that misses rows are huge
        found = self.engine.solve(replace(self.program, cost=cost / money), limits)
        if found.values is None or found.duals is None:
            return found.termination
        return found.values, found.duals * money

    def sums(self, figures: Floats) -> Floats:
        """(B,) sums of (c,) figures."""
        return np.bincount(self.of_column, weights=figures, minlength=self.count)

    def kept(self, inside: Bools, weight: Floats | None = None) -> Kept:
        """What is kept of a part with some blocks (B,), each `weight` (B,) times."""
        columns, rows, always = inside[self.of_column], inside[self.of_row], self.always
        times = np.ones(self.count) if weight is None else weight
        return Kept(
            np.concatenate([always.columns, self.columns[columns]]),
            np.concatenate([always.rows, self.rows[rows]]),
            np.concatenate([always.column_times, times[self.of_column[columns]]]),
            np.concatenate([always.row_times, times[self.of_row[rows]]]),
        )

    def stake(self, stake: Floats) -> Floats:
        """(B,) the largest that is at stake for a column, (n,)."""
        largest = np.zeros(self.count)
        np.maximum.at(largest, self.of_column, stake[self.columns])
        return np.maximum(largest, 1e-9 * self.market.money)

    def margins(self, stake: Floats) -> Floats:
        """(B,) how near every block was to a tie when last asked: to a column or row that might move at no loss."""
        margin = np.full(self.count, np.inf)
        if self.count:
            columns, rows = self.engine.margins()
            np.minimum.at(margin, self.of_column, columns)
            np.minimum.at(margin, self.of_row, rows)
        return margin / stake

    def drawn(self, count: int, sample: int) -> tuple[Bools, Floats]:
        """(B,) about `count` blocks of a sample, evenly along what they are worth, and how many each stands for."""
        block = np.full(len(self.market.program.cost), -1, dtype=np.intp)
        block[self.columns] = self.of_column
        inside = certain(self.market, few(self.market, sample), block, self.count)
        others = np.flatnonzero(~inside)
        some = others[spread(self.sums(self.market.program.cost[self.columns])[others], count)]
        weight = np.ones(self.count)
        weight[some] = len(others) / max(len(some), 1)
        inside[some] = True
        return inside, weight


def blocks(m: Market, limits: Limits) -> Blocks:
    """The blocks of a market: what its linked rows tie, unless it is too wide or could grow without end by itself."""
    program = m.program
    entries, count = entries_of(program, m.linked)
    row, column = np.repeat(np.arange(len(m.linked)), count), program.index[entries]
    label, before = np.arange(len(program.cost)), np.zeros(0, dtype=np.intp)
    while not np.array_equal(label, before):  # the least column that rows lead to, by ever longer jumps
        before, least = label.copy(), np.full(len(m.linked), len(label))
        np.minimum.at(least, row, label[column])
        np.minimum.at(label, column, least[row])
        label = label[label]
    good = np.zeros(len(program.cost), dtype=bool)
    good[label[column]] = True
    good &= np.bincount(label[m.kept], minlength=len(label)) <= WIDEST
    endless = np.isinf(program.upper) | np.isinf(program.lower)
    for i in range(len(m.priced)):
        at = program.index[m.entries(i)]
        good[label[at[endless[at]]]] = False
    good[label[np.flatnonzero(endless & (program.cost > 0))]] = False
    in_block = good[label[m.kept]]
    columns = m.kept[in_block]
    names, of_column = np.unique(label[columns], return_inverse=True)
    first = np.full(len(m.linked), -1)
    first[row] = label[column]
    tied = (first >= 0) & good[first]
    rows = m.linked[tied]
    order = np.argsort(rows, kind="stable")
    rows, of_row = rows[order], np.searchsorted(names, first[tied])[order]
    place = np.full(len(program.cost), -1, dtype=np.intp)
    place[columns] = np.arange(len(columns))
    entries, count = entries_of(program, rows)
    diagonal = bare_program(
        cost=program.cost[columns],
        lower=program.lower[columns],
        upper=program.upper[columns],
        counts=count,
        index=place[program.index[entries]],
        value=program.value[entries],
        sense=program.sense[rows],
        limit=program.limit[rows],
        own=program.own[rows],
        helpers=[c for c in place[list(program.layout.helpers.values())].tolist() if c >= 0],
    )
    free, loose = m.kept[~in_block], m.linked[~tied]
    always = Kept(free, loose, np.ones(len(free)), np.ones(len(loose)))
    members = int(program.own[rows].sum())
    return Blocks(m, columns, rows, of_column, of_row, len(names), members, always, diagonal, Engine(limits))
