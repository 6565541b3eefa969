"""Program: sparse columns and named rows, and how they are put together.

maximise cost · v   subject to   row · v ≤, = or ≥ limit for every row,   lower ≤ v ≤ upper,   some v whole
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .candidates import Bools, Floats, Ints
from .names import Names

Entries = NDArray[np.int32] | NDArray[np.intp]
"""Numbers of columns; in rows that wait to be put together as short as they can be."""


class Sense(IntEnum):
    """The sense of a row; the number is the sign that its price has as a plain derivative."""

    AT_MOST = 1
    EQUAL = 0
    AT_LEAST = -1


SYMBOL = {Sense.AT_MOST: "<=", Sense.EQUAL: "=", Sense.AT_LEAST: ">="}


def falling(ranks: Ints) -> Floats:
    """Weights that fall with the rank, 1, 2, …, and break every tie of whole or rational figures.

    1/rank would not: 1/2 = 1/3 + 1/6. No sum of whole multiples of the tenth roots rank^−0.7 is zero.
    """
    weights: Floats = np.asarray(ranks, dtype=float) ** -0.7
    return weights


def by_rank(project: Ints, zone: Ints) -> tuple[Floats, Floats]:
    """(k,) what options weigh by the ranks of their project and zone, from 0: by the project, and then by the zone.

    The tenth root falls so slowly that the last of a million still differ by more than any tolerance, in proportion
    to what differs at all; who comes first in both chooses the zone.
    """
    first: Floats = (np.asarray(project, dtype=float) + 1.0) ** -0.1
    return first, first * falling(np.asarray(zone) + 1)


@dataclass(frozen=True, eq=False)
class Layout:
    """What the columns of a programme mean.

    The share of option o is ``v[share[o]] * step[o]``; `site[o]` is the column of b, −1 where there is none
    (divisible), and `share[o]` itself where b and x are one.
    """

    share: Ints
    step: Floats
    site: Ints
    helpers: dict[str, int] = field(default_factory=dict)
    """name -> column, of substitution (``g|MEASURE|ZONE``), shortfalls, synergies, mixes, …"""


@dataclass(frozen=True, eq=False)
class Program:
    """n columns, m rows; rows in compressed form: row i is ``index[start[i]:start[i+1]]``, ``value[…]``."""

    cost: Floats
    lower: Floats
    upper: Floats
    integer: Bools
    column_names: Sequence[str]
    start: Ints
    index: Ints
    value: Floats
    sense: Ints
    limit: Floats
    row_names: Sequence[str]
    own: Bools
    """(m,) rows that are a project's own (share, site, units); they carry no price."""
    layout: Layout
    ties: tuple[Floats, ...] = ()
    """(n,) costs that choose among optimal plans, one after the other"""

    @property
    def linear(self) -> bool:
        return not bool(self.integer.any())

    def relaxed(self) -> Program:
        """The linear relaxation: the same rows, nothing whole."""
        return replace(self, integer=np.zeros_like(self.integer))

    def shared_rows(self) -> list[tuple[int, str]]:
        """Number and name of every row that is no project's own; the names of the others are not written."""
        return [(i, self.row_names[i]) for i in np.flatnonzero(~self.own).tolist()]

    def row_called(self, name: str) -> int | None:
        """The number of a row that is no project's own; None where there is none of that name."""
        return next((row for row, one in self.shared_rows() if one == name), None)

    def row_of_entry(self) -> Ints:
        """(nnz,) the row each entry belongs to."""
        return np.repeat(np.arange(len(self.limit)), np.diff(self.start))

    def activity(self, v: Floats) -> Floats:
        """(m,) row · v."""
        return np.bincount(self.row_of_entry(), weights=self.value * v[self.index], minlength=len(self.limit))

    def charge(self, dual: Floats) -> Floats:
        """(n,) Σ_rows dual · coefficient for every column."""
        return np.bincount(self.index, weights=self.value * dual[self.row_of_entry()], minlength=len(self.cost))

    def shares(self, v: Floats) -> Floats:
        """(k,) shares of the options."""
        return v[self.layout.share] * self.layout.step


DENSE = 16
"""A row with more than one entry in so many columns is summed up column by column, without sorting them."""


def _ascending(numbers: Ints) -> bool:
    return bool((numbers[1:] > numbers[:-1]).all())


def entries_of(program: Program, rows: Ints) -> tuple[Ints, Ints]:
    """(where some rows have their entries, row by row; how many each has)."""
    count = np.diff(program.start)[rows]
    before = np.cumsum(count) - count
    places: Ints = np.arange(int(count.sum())) + np.repeat(program.start[rows] - before, count)
    return places, count


@dataclass(frozen=True, eq=False)
class Block:
    """Many rows at once: entry e stands in row `row[e]` (ascending), column `column[e]`."""

    names: Sequence[str]
    sense: Ints
    limit: Floats
    row: Ints
    column: Ints
    value: Floats


@dataclass
class Draft:
    """A programme in the making; rows and columns are added, then `finish` sorts and seals it."""

    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    integer: list[Bools] = field(default_factory=list)
    column_names: list[Sequence[str]] = field(default_factory=list)
    width: int = 0
    """columns so far"""
    cost: dict[int, float] = field(default_factory=dict)
    helpers: dict[str, int] = field(default_factory=dict)
    own: list[Block] = field(default_factory=list)
    rows: list[tuple[str, Sense, float, Entries, Floats]] = field(default_factory=list)

    def columns(self, names: Sequence[str], lower: Floats, upper: Floats, integer: Bools) -> Ints:
        """Add columns; their numbers."""
        first = self.width
        self.width += len(names)
        self.column_names.append(names)
        self.lower.append(lower)
        self.upper.append(upper)
        self.integer.append(integer)
        return np.arange(first, self.width)

    def helper(self, name: str, *, upper: float = np.inf, cost: float = 0.0, integer: bool = False) -> int:
        """Add one non-negative column beside the shares; its number."""
        number = int(self.columns([name], np.zeros(1), np.array([upper]), np.array([integer]))[0])
        self.helpers[name] = number
        if cost:
            self.cost[number] = cost
        return number

    def own_rows(
        self, names: Sequence[str], sense: Ints, limit: Floats, row: Ints, column: Ints, value: Floats
    ) -> None:  # fmt: skip
        """Add rows that are a project's own; entries in any order, no column twice in a row."""
        if not _ascending(row * self.width + column):
            order = np.lexsort((column, row))
            row, column, value = row[order], column[order], value[order]
        self.own.append(Block(names, sense, limit, row, column, value))

    def row(self, name: str, sense: Sense, limit: float, *parts: tuple[Ints, Floats]) -> None:
        """Add a named row from parts (columns, coefficients); a column that occurs twice is summed, zeros dropped."""
        columns = np.concatenate([np.asarray(c, dtype=np.intp) for c, _ in parts])
        values = np.concatenate([np.asarray(v, dtype=float) for _, v in parts])
        if not _ascending(columns):
            if len(columns) * DENSE > self.width:
                values = np.bincount(columns, weights=values, minlength=self.width)
                columns = np.arange(self.width)
            else:
                columns, place = np.unique(columns, return_inverse=True)
                values = np.bincount(place, weights=values, minlength=len(columns))
        held = values != 0
        self.rows.append((name, sense, limit, columns[held].astype(np.int32), values[held]))

    def finish(self, cost: Floats, share: Ints, step: Floats, site: Ints, ties: Sequence[Floats] = ()) -> Program:
        """Seal the programme: the projects' own rows first, then the named ones by name.

        `cost` (k,) is the options' points per whole project; `ties` are costs of all columns (n,).
        """
        full_cost = np.zeros(self.width)
        np.add.at(full_cost, share, cost * step)
        for column, points in self.cost.items():
            full_cost[column] += points
        rows = sorted(self.rows, key=lambda r: r[0])
        names, senses, limits = [r[0] for r in rows], [int(r[1]) for r in rows], [r[2] for r in rows]
        counts = [np.bincount(b.row, minlength=len(b.names)) for b in self.own] + [[len(r[3])] for r in rows]
        parts = [(b.column, b.value) for b in self.own] + [(r[3], r[4]) for r in rows]
        nothing, zero = np.zeros(0, dtype=np.intp), np.zeros(0)
        own = sum(len(b.names) for b in self.own)
        sense = np.concatenate([nothing, *(b.sense for b in self.own), senses]).astype(np.intp)
        limit = np.concatenate([zero, *(b.limit for b in self.own), limits])
        own_names = [b.names for b in self.own]
        self.own, self.rows, rows = [], [], []  # so that memory holds each row only once
        index, value = joined(parts)
        return Program(
            cost=full_cost,
            lower=np.concatenate([zero, *self.lower]),
            upper=np.concatenate([zero, *self.upper]),
            integer=np.concatenate([zero.astype(bool), *self.integer]),
            column_names=Names(self.column_names),
            start=np.cumsum(np.concatenate([np.zeros(1, dtype=np.intp), *counts]), dtype=np.intp),
            index=index,
            value=value,
            sense=sense,
            limit=limit,
            row_names=Names([*own_names, names]),
            own=np.arange(own + len(names)) < own,
            layout=Layout(share, step, site, self.helpers),
            ties=tuple(ties),
        )


def joined(parts: list[tuple[Entries, Floats]]) -> tuple[Ints, Floats]:
    """Columns and coefficients one after the other; the parts are given up one by one as they are copied."""
    n = sum(len(columns) for columns, _ in parts)
    index, value = np.empty(n, dtype=np.intp), np.empty(n)
    at = n
    while parts:
        columns, values = parts.pop()
        at -= len(columns)
        index[at : at + len(columns)] = columns
        value[at : at + len(columns)] = values
    return index, value
