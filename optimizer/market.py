"""A linear programme as a market: projects that answer, each for itself, to the prices of a few shared rows.

What the rows and columns are is told by their shape alone: a project's own row sums up its options; a row that
touches few projects is a link and ties them together; every other row has a price for everybody (see `prices`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .candidates import Bools, Floats, Ints
from .program import Program, Sense, entries_of

WIDE = 64
"""Priced rows up to which dense matrices are quicker than sparse ones."""
SAMPLED = 1000
"""Projects that are looked at before all are asked who is like whom."""
FEW = 200
"""A row that so few projects can ease, or touch at all, has all of them in the sample; fewer where rows are many."""


@dataclass(frozen=True, eq=False)
class Market:
    """A linear programme as P projects that answer alone, k columns together, and what is kept apart from them."""

    program: Program
    priced: Ints
    """(w,) rows with a price for everybody"""
    linked: Ints
    """all other rows but the projects' own: links, and rows of kept columns alone"""
    columns: Ints
    """(k,) columns of the projects, project by project"""
    first: Ints
    """(P,) where each project's columns start in `columns`"""
    project: Ints
    """(k,) the project of each"""
    room: Floats
    """(P,) what a project's columns may sum to"""
    must: Bools
    """(P,) and must"""
    own: Ints
    """(P,) its own row; −1 where it has a single column with a bound"""
    kept: Ints
    """columns of no such project: helpers, members of links"""
    factor: Floats
    """(w,) brings the coefficients of the priced rows near 1"""
    money: float
    """the largest cost; 1 where there is none"""

    def entries(self, i: int) -> slice:
        """Where the i-th priced row has its entries."""
        row = self.priced[i]
        return slice(int(self.program.start[row]), int(self.program.start[row + 1]))

    def worth(self, prices: Floats) -> Floats:
        """(n,) cost less what every column is charged by the priced rows."""
        d, program = self.program.cost.copy(), self.program
        for i in np.flatnonzero(prices).tolist():
            at = self.entries(i)
            d[program.index[at]] -= prices[i] * program.value[at]
        return d

    def use(self, values: Floats) -> Floats:
        """(w,) activity of the priced rows."""
        program, parts = self.program, map(self.entries, range(len(self.priced)))
        return np.array([float((program.value[at] * values[program.index[at]]).sum()) for at in parts])

    def largest(self, worth: Floats) -> Floats:
        """(P,) the largest of every project's columns; (k,) worth."""
        return np.maximum.reduceat(worth, self.first) if len(self.first) else np.zeros(0)

    def stakes(self, prices: Floats) -> Floats:
        """(n,) what is at stake: |cost| + Σ |price · coefficient|."""
        stake, program = np.abs(self.program.cost), self.program
        for i in np.flatnonzero(prices).tolist():
            at = self.entries(i)
            stake[program.index[at]] += np.abs(prices[i] * program.value[at])
        return stake

    def size(self, prices: Floats) -> Floats:
        """(P,) what is at stake for every project, by its options' largest.

        By which margins are measured: an error in the prices moves a large project's worth by more.
        """
        return np.maximum(self.largest(self.stakes(prices)[self.columns]), 1e-9 * self.money)

    def makes(self) -> Floats:
        """(P,) a number that projects share whose options stand in the same rows."""
        number, program = np.zeros(len(self.program.cost)), self.program
        for i, label in enumerate(golden(len(self.priced))):
            number[program.index[self.entries(i)]] += label
        return np.add.reduceat(number[self.columns], self.first)

    def heights(self, stake: Floats) -> Floats:
        """(w,) stake per unit in every priced row, on an average of those who stand in it; (P,) stake."""
        of, result = np.zeros(len(self.program.cost)), np.zeros(len(self.priced))
        of[self.columns] = stake[self.project]
        for i in range(len(self.priced)):
            at = self.entries(i)
            result[i] = of[self.program.index[at]].sum() / np.abs(self.program.value[at]).sum()
        return result

    @property
    def sparse(self) -> bool:
        """Whether each project stands in a few of very many priced rows, as in one or two of three hundred towns."""
        return len(self.priced) > WIDE

    def coefficients(self, columns: Ints, times: Floats, sparse: bool) -> Any:
        """(len(columns), w) coefficients of some columns in the priced rows, times (w,): an array, or sparse."""
        place = np.full(len(self.program.cost), -1, dtype=np.int32)
        place[columns] = np.arange(len(columns))
        shape = len(columns), len(self.priced)
        found, value = [], []
        for i in range(len(self.priced)):
            at = self.entries(i)
            where = place[self.program.index[at]]
            held = where >= 0
            found.append(where[held])
            value.append(self.program.value[at][held] * times[i])
        if not sparse:
            matrix = np.zeros(shape)
            for i in range(shape[1]):
                matrix[found[i], i] = value[i]
            return matrix
        from scipy.sparse import csc_array  # a third of a second to load, for large programmes alone

        start = np.concatenate([[0], np.cumsum([len(f) for f in found])])
        return csc_array((np.concatenate(value), np.concatenate(found), start), shape=shape).tocsr()

    def dense(self, columns: Ints) -> Floats:
        """(len(columns), w) coefficients of some columns in the priced rows, scaled."""
        return np.asarray(self.coefficients(columns, self.factor, sparse=False))

    def first_best(self, worth: Floats) -> tuple[Floats, Ints, Floats]:
        """(P,) the largest worth, the place of the first option that has it, and the next largest; (k,) worth."""
        best = self.largest(worth)
        at = np.flatnonzero(worth == best[self.project])
        at = at[np.flatnonzero(np.diff(self.project[at], prepend=-1))]
        others = worth.copy()
        others[at] = -np.inf
        return best, at, self.largest(others)

    def with_own(self, duals: Floats, worth: Floats) -> Floats:
        """(m,) the duals, those of the projects' own rows from what their options are worth, (k,).

        Half of what the best option is worth beyond the next goes to its own bound: only true ties look like ties.
        """
        best, at, second = self.first_best(worth)
        least = np.where(self.must, -np.inf, 0.0)
        best, second = np.maximum(best, least), np.maximum(second, least)
        second = np.where(np.isfinite(second), second, best)
        bounded = self.program.upper[self.columns[at]] <= self.room
        held = self.own >= 0
        duals[self.own[held]] = np.where(bounded, (best + second) / 2, best)[held]
        return duals

    def options(self, projects: Ints) -> Ints:
        """Where in `columns` the options of some projects are, project by project."""
        count = np.diff(np.append(self.first, len(self.columns)))[projects]
        start = np.cumsum(count) - count
        places: Ints = np.arange(int(count.sum())) + np.repeat(self.first[projects] - start, count)
        return places


def alone(program: Program) -> tuple[Ints, Floats, Bools, Ints]:
    """(group of every column or −1, room, must, own row) of what answers alone, links aside.

    That is a row Σ v ≤ or = room over columns from 0 to at least the room that stand in no other such row, or a
    single column from 0 to a bound.
    """
    o = int(program.own.sum())
    index, value = program.index[: program.start[o]], program.value[: program.start[o]]
    row = np.repeat(np.arange(o), np.diff(program.start[: o + 1]))
    times = np.bincount(index, minlength=len(program.cost))
    wrong = (
        (value != 1) | (program.lower[index] != 0) | (times[index] > 1) | (program.upper[index] < program.limit[row])
    )
    good = (np.bincount(row, weights=wrong, minlength=o) == 0) & (program.limit[:o] >= 0)
    good &= program.sense[:o] != Sense.AT_LEAST
    group = np.full(len(program.cost), -1, dtype=np.intp)
    group[index[good[row]]] = row[good[row]]
    single = np.flatnonzero((times == 0) & (program.lower == 0) & (program.upper > 0) & np.isfinite(program.upper))
    group[single] = o + np.arange(len(single))
    room = np.concatenate([program.limit[:o], program.upper[single]])
    must = np.concatenate([program.sense[:o] == Sense.EQUAL, np.zeros(len(single), dtype=bool)])
    return group, room, must, np.concatenate([np.arange(o), np.full(len(single), -1)]).astype(np.intp)


def factors(program: Program, rows: Ints) -> Floats:
    """What brings the coefficients of rows near 1: the geometric mean of the largest and the smallest."""
    sizes = [np.abs(program.value[program.start[row] : program.start[row + 1]]) for row in rows]
    ends = [(size.max(), size[size > 0].min(initial=size.max())) for size in sizes]  # an entry may have become 0
    return np.array([1.0 / np.sqrt(float(high) * float(low)) if high > 0 else 1.0 for high, low in ends])


def market(program: Program, link: int) -> Market | None:
    """The programme as a market; None where the projects' own rows do not stand first.

    A row that touches at most `link` projects is a link: its projects are kept, with all their columns.
    """
    o = int(program.own.sum())
    if not program.own[:o].all():
        return None
    group, room, must, own = alone(program)
    touched = np.zeros(len(room), dtype=bool)
    widest = int(np.bincount(group[group >= 0]).max(initial=1))
    named = np.arange(o, len(program.limit))
    short = named[np.diff(program.start)[o:] <= link * widest]
    entries, count = entries_of(program, short)
    of, who = np.repeat(np.arange(len(short)), count), group[program.index[entries]]
    of, who = of[who >= 0], who[who >= 0]
    pairs = np.unique(of * (len(room) + 1) + who) // (len(room) + 1)
    linked = short[np.bincount(pairs, minlength=len(short)) <= link]
    is_linked = np.zeros(len(program.limit), dtype=bool)
    is_linked[linked] = True
    touched[who[is_linked[short[of]]]] = True
    rows = named[~is_linked[o:]]
    idle = (np.bincount(program.index, minlength=len(group)) == 0) & (program.cost == 0) & (program.lower == 0)
    grouped = group >= 0
    kept = ~grouped & ~idle
    kept[grouped] = touched[group[grouped]]
    answering = np.flatnonzero(grouped & ~kept)
    columns = answering[np.argsort(group[answering], kind="stable")]
    first = np.flatnonzero(np.diff(group[columns], prepend=-1))
    here = group[columns][first]
    tied_own = np.ones(o, dtype=bool)
    tied_own[own[here][own[here] >= 0]] = False
    return Market(
        program=program,
        priced=rows,
        linked=np.concatenate([np.flatnonzero(tied_own), linked]),
        columns=columns,
        first=first,
        project=np.repeat(np.arange(len(first)), np.diff(np.append(first, len(columns)))),
        room=room[here],
        must=must[here],
        own=own[here],
        kept=np.flatnonzero(kept),
        factor=factors(program, rows),
        money=float(np.abs(program.cost).max(initial=0.0)) or 1.0,
    )


def alike(m: Market) -> Ints | None:
    """(P,) a number that projects share whose options cost and take the same, 0 for the first; None: few are alike.

    Told by sums that differ where anything does, but for a chance that the certificate would find out.
    """
    some = m.program.cost[m.columns[m.first[:: max(1, len(m.first) // SAMPLED)]]]
    if len(np.unique(some)) > len(some) / 2:
        return None
    label, program = golden(len(m.priced) + 1), m.program
    number = program.cost * label[-1] / m.money
    for i in range(len(m.priced)):
        at = m.entries(i)
        number[program.index[at]] += label[i] * m.factor[i] * program.value[at]
    size = np.diff(np.append(m.first, len(m.columns)))
    nth = np.arange(len(m.columns)) - m.first[m.project]
    sums = np.add.reduceat(number[m.columns] * (1.0 + golden(int(size.max()))[nth]), m.first)
    keys = np.stack([sums, program.cost[m.columns[m.first]], size, m.room, m.must, m.own >= 0])
    order = np.lexsort(keys)
    new = np.append(True, (np.diff(keys[:, order], axis=1) != 0).any(axis=0))
    group = np.empty(len(order), dtype=np.intp)
    group[order] = np.cumsum(new) - 1
    if int(new.sum()) > len(order) / 2:
        return None
    first = np.unique(group, return_index=True)[1]
    ranks: Ints = np.argsort(np.argsort(first))
    return ranks[group]


def spread(key: Floats, count: int) -> Ints:
    """`count` places, evenly along the order of a key: a sample with as many large and small ones as there are."""
    if count >= len(key):
        return np.arange(len(key))
    places = ((np.arange(count) + 0.5) * (len(key) / max(count, 1))).astype(np.intp)
    return np.argsort(key, kind="stable")[places]


def certain(market: Market, most: int, of: Ints, count: int) -> Bools:
    """(count,) who no sample may miss: the at most `most` that can ease a row, or that touch it at all.

    `of` (n,) is who a column belongs to, −1 for nobody.
    """
    found = np.zeros(count, dtype=bool)
    for i, row in enumerate(market.priced):
        at = market.entries(i)
        sense = int(market.program.sense[row])
        for eases in (market.program.value[at] * sense < 0, slice(None)):
            those = of[market.program.index[at][eases]]
            if len(those) <= most:
                found[those[those >= 0]] = True
    return found


def few(market: Market, count: int) -> int:
    """How many are few in a sample of `count`."""
    return min(FEW, 2 * count // max(1, len(market.priced)))


def drawn(market: Market, count: int) -> tuple[Ints, Floats]:
    """A sample of about `count` projects, ascending, and how many each stands for."""
    project = np.full(len(market.program.cost), -1, dtype=np.intp)
    project[market.columns] = market.project
    sure = certain(market, few(market, count), project, len(market.first))
    others = np.flatnonzero(~sure)
    some = others[spread(market.largest(market.program.cost[market.columns])[others], count)]
    weight = np.ones(len(sure))
    weight[some] = len(others) / max(len(some), 1)
    sure[some] = True
    projects = np.flatnonzero(sure)
    return projects, weight[projects]


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


def golden(count: int) -> Floats:
    """Numbers in [0, 1) that fill it evenly, in whatever stretch one looks."""
    numbers: Floats = np.arange(1, count + 1) * ((np.sqrt(5.0) - 1.0) / 2.0)
    return numbers - np.floor(numbers)
