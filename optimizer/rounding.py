"""From a relaxation to a first plan: undecided projects out, lower limits repaired, what is left filled.

On columns only: one matrix holds what every move of a contested project (in, out, to another zone) changes in the
shared rows, and each step takes the move that is best by one look at all that are left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .candidates import Bools, Floats, Ints
from .market import Market
from .program import Program, Sense

STEPS = 300
"""Moves at most, to repair and again to fill."""
ROOM = 1e-10
"""A row holds if it is missed by no more than this part of its limit."""
WHOLE = 1e-6
"""What a solver leaves of a whole number."""


def undecided(program: Program, m: Market, values: Floats) -> Bools:
    """(P,) projects that are neither in nor out: a column of theirs should be whole and is not."""
    off = program.integer & (np.abs(values - np.round(values)) > WHOLE)
    return np.logical_or.reduceat(off[m.columns], m.first) if len(m.first) else np.zeros(0, dtype=bool)


def shortfalls(program: Program, m: Market) -> tuple[Ints, Ints, Floats]:
    """(column, row, coefficient) of every column that is as large as one row needs it, at a cost."""
    columns = m.kept[~program.integer[m.kept] & np.isinf(program.upper[m.kept]) & (program.cost[m.kept] <= 0)]
    times = np.bincount(program.index, minlength=len(program.cost))
    known = np.zeros(len(program.cost), dtype=bool)
    known[columns[times[columns] == 1]] = True
    at = np.flatnonzero(known[program.index])
    return program.index[at], np.searchsorted(program.start, at, side="right") - 1, program.value[at]


def eased(program: Program, m: Market, values: Floats) -> Floats:
    """The same plan with every shortfall just as large as its row needs it."""
    column, row, coefficient = shortfalls(program, m)
    result = values.copy()
    result[column] = 0.0
    result[column] = np.maximum(0.0, (program.limit - program.activity(result))[row] / coefficient)
    return result


@dataclass
class Moves:
    """Moves of contested projects, (k,) each to one corner or out, and where the shared rows stand."""

    project: Ints
    """(k,) whose move it is"""
    column: Ints
    """(k,) the corner it takes; −1: out"""
    use: Floats
    """(k, w) what it changes in the shared rows, in scaled units"""
    gain: Floats
    """(k,) what it brings, less what rows charge that can be missed at a cost"""
    worth: Floats
    """(k,) what it brings, less what all rows charge"""
    left: Floats
    """(w,) limit − activity of the shared rows, in scaled units, ≥ 0 where the row holds; inf: may be missed"""
    equal: Bools
    """(w,) rows that must be met"""
    room: Floats
    """(w,) by how much a row may be missed"""

    def missed(self, left: Floats) -> Floats:
        """(…, w) how far rows are off, beyond what they may be."""
        off = np.where(self.equal, np.abs(left), -left)
        return np.where(off > self.room, off, 0.0)

    def keep(self, those: Bools) -> None:
        """Forget all other moves."""
        self.project, self.column, self.use = self.project[those], self.column[those], self.use[those]
        self.gain, self.worth = self.gain[those], self.worth[those]

    def take(self, values: Floats, m: Market, i: int) -> None:
        """Make a move in values (n,) of the corners; its project does not move again."""
        p = int(self.project[i])
        values[m.columns[m.options(np.array([p]))]] = 0.0
        if self.column[i] >= 0:
            values[self.column[i]] = m.room[p]
        self.left = self.left - self.use[i]
        self.keep(self.project != p)


def moves(m: Market, values: Floats, prices: Floats, projects: Ints, free: Bools) -> Moves:
    """All moves of some projects from values (n,) of the corners; `free` (w,) rows may be missed at their price."""
    program = m.program
    at = m.options(projects)
    columns, project = m.columns[at], m.project[at]
    use, cost = m.dense(columns), program.cost[columns]
    first = np.flatnonzero(np.diff(project, prepend=-1))
    share = values[columns]
    now_use = np.add.reduceat(use * share[:, None], first)
    now_cost = np.add.reduceat(cost * share, first)
    place = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(at))))
    leaves = np.flatnonzero(~m.must[projects])
    room = m.room[project]
    change = np.concatenate([use * room[:, None] - now_use[place], -now_use[leaves]])
    gain = np.concatenate([cost * room - now_cost[place], -now_cost[leaves]])
    scaled = prices / m.factor
    sense = program.sense[m.priced]
    turn = np.where(sense == Sense.AT_LEAST, -1.0, 1.0)
    limit = program.limit[m.priced]
    left = (limit - m.use(values)) * m.factor * turn
    return Moves(
        project=np.concatenate([project, projects[leaves]]),
        column=np.concatenate([columns, np.full(len(leaves), -1)]),
        use=change * turn,
        gain=gain - change @ np.where(free, scaled, 0.0),
        worth=gain - change @ scaled,
        left=np.where(free, np.inf, left),
        equal=(sense == Sense.EQUAL) & ~free,
        room=ROOM * np.maximum(np.abs(limit), 1e-3 / m.factor) * m.factor,
    )


def repair(some: Moves, values: Floats, m: Market) -> None:
    """Moves that bring rows nearer to their limits, the most for what it loses first, until all hold or none helps."""
    least = 1e-6 * m.money
    for _ in range(STEPS):
        off = float(some.missed(some.left).sum())
        if off == 0 or not len(some.project):
            return
        better = off - some.missed(some.left - some.use).sum(axis=1)
        rate = better / (np.maximum(-some.worth, 0.0) + least)
        best = int(np.argmax(rate))
        if better[best] <= 1e-9 * off:
            return
        some.take(values, m, best)


def fill(some: Moves, values: Floats, m: Market) -> None:
    """Moves that bring most and miss no row further; what does not fit at one step is not looked at again."""
    for _ in range(STEPS):
        fits = (some.gain > 0) & (some.missed(some.left - some.use) <= some.missed(some.left)).all(axis=1)
        some.keep(fits)
        if not len(some.project):
            return
        some.take(values, m, int(np.argmax(some.gain)))


def rounded(program: Program, m: Market, values: Floats, prices: Floats, near: Ints) -> Floats:
    """(n,) corners near those of the relaxation, every project decided; `near` are projects that may move.

    `program` is over the shares, `m` over the corners; `prices` (w,) are those of the shared rows. Rows may be missed
    still: whether it is a plan must be looked at.
    """
    result = values.copy()
    open_ = undecided(program, m, values)
    result[m.columns[open_[m.project]]] = 0.0
    _, best, _ = m.first_best(m.worth(prices)[m.columns])
    must = open_ & m.must
    result[m.columns[best[must]]] = m.room[must]
    _, soft, _ = shortfalls(m.program, m)
    may_move = np.zeros(len(m.first), dtype=bool)
    may_move[near] = True
    projects = np.flatnonzero(may_move | open_)
    if len(projects) and len(m.priced):
        some = moves(m, result, prices, projects, np.isin(m.priced, soft))
        repair(some, result, m)
        fill(some, result, m)
    return result
