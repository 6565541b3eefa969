"""Projects with units or a minimum share by their corners, so that they answer alone like any other.

In the relaxation the set of such an option is the triangle  b ≤ 1,  least · b ≤ x ≤ most · b  (for units u in place of
x). Its corners are nothing, (most, 1) and (least, 1), and every point of it is one sum of them:

    x = most · f + least · l,    b = f + l,    f + l ≤ 1,    f, l ≥ 0

(the substitution of Dantzig and Wolfe 1960, for sets with few corners). So Σ b ≤ 1 becomes Σ (f + l) ≤ 1, a row over
shares as divisible projects have it; f stands in the column of x, l in that of b. The prices of all other rows are the
same in both programmes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .candidates import Bools, Floats, Ints
from .names import Lazy
from .program import Layout, Program, Sense


@dataclass(frozen=True, eq=False)
class Corners:
    """A relaxation over the corners of its projects' sets, and the way back."""

    origin: Program
    """(n columns, m rows) as it was"""
    program: Program
    """(n columns, m' rows) over the corners"""
    rows: Ints
    """(m',) the row of the origin that each row stands for"""
    share: Ints
    """(q,) the column of x or u, here of f"""
    site: Ints
    """(q,) the column of b, here of l"""
    most: Floats
    """(q,) x in the one corner, …"""
    least: Floats
    """(q,) … and in the other"""
    most_row: Ints
    """(q,) the row x ≤ most · b of the origin"""
    least_row: Ints
    """(q,) the row x ≥ least · b of the origin"""

    def values(self, corners: Floats) -> Floats:
        """(n,) the columns of the origin."""
        result = corners.copy()
        f, last = corners[self.share], corners[self.site]
        result[self.share], result[self.site] = self.most * f + self.least * last, f + last
        return result

    def cost(self, cost: Floats) -> Floats:
        """(n,) costs of the corners."""
        result = cost.copy()
        of_share, of_site = cost[self.share], cost[self.site]
        result[self.share] = self.most * of_share + of_site
        result[self.site] = np.where(self.most > self.least, self.least * of_share + of_site, 0.0)
        return result

    def duals(self, duals: Floats) -> Floats:
        """(m,) duals of the origin. What x is worth by the other rows goes to its own two: it has no reduced cost."""
        result = np.zeros(len(self.origin.limit))
        result[self.rows] = duals
        result[self.most_row] = result[self.least_row] = 0.0
        worth = (self.origin.cost - self.origin.charge(result))[self.share]
        result[self.most_row], result[self.least_row] = np.maximum(worth, 0.0), np.minimum(worth, 0.0)
        return result


def corners(program: Program) -> Corners:
    """A programme with its units and minimum shares by their corners; nothing in it is whole any more."""
    share, site, most, least, most_row, least_row = triangles(program)
    n, q = len(program.cost), len(share)
    flat = most <= least  # one corner beside nothing: l has no part in anything
    pair_of = np.full(n, -1, dtype=np.intp)
    pair_of[share] = pair_of[site] = np.arange(q)
    is_share = np.zeros(n, dtype=bool)
    is_share[share] = True

    dropped = np.zeros(len(program.limit), dtype=bool)
    dropped[least_row] = dropped[most_row] = True
    row = program.row_of_entry()
    summed = np.zeros(n, dtype=bool)  # columns that stand in a row of their project beside these two
    summed[program.index[program.own[row] & ~dropped[row]]] = True
    alone = ~summed[site] & ~flat
    dropped[most_row[alone]] = False  # its place is taken by f + l ≤ 1

    kept = ~dropped[row]
    kept[kept] &= ~np.isin(row[kept], most_row[alone])
    row, column, value = row[kept], program.index[kept], program.value[kept]
    pair, of_share = pair_of[column], is_share[column]
    inside = pair >= 0
    p, r, a = pair[inside], row[inside], value[inside]
    both = ~flat[p]
    more = [
        (r, share[p], a * np.where(of_share[inside], most[p], 1.0)),
        (r[both], site[p][both], (a * np.where(of_share[inside], least[p], 1.0))[both]),
        *((most_row[alone], place[alone], np.ones(int(alone.sum()))) for place in (share, site)),
    ]
    row = np.concatenate([row[~inside], *(part[0] for part in more)])
    column = np.concatenate([column[~inside], *(part[1] for part in more)])
    value = np.concatenate([value[~inside], *(part[2] for part in more)])
    start, index, value = joined(row, column, value, len(program.limit), n)

    rows = np.flatnonzero(~dropped)
    limit, sense = program.limit.copy(), program.sense.copy()
    limit[most_row[alone]], sense[most_row[alone]] = 1.0, int(Sense.AT_MOST)
    upper = program.upper.copy()
    upper[share], upper[site] = 1.0, np.where(flat, 0.0, 1.0)
    result = Corners(program, program, rows, share, site, most, least, most_row, least_row)
    nothing = np.zeros(0, dtype=np.intp)
    small = replace(
        program.relaxed(),
        cost=result.cost(program.cost),
        upper=upper,
        column_names=[],
        start=np.concatenate([[0], np.cumsum(np.diff(start)[rows])]).astype(np.intp),
        index=index,
        value=value,
        sense=sense[rows],
        limit=limit[rows],
        row_names=Lazy(len(rows), lambda: np.array(program.row_names, dtype=object)[rows].tolist())
        if len(program.row_names)
        else [],
        own=program.own[rows],
        layout=Layout(nothing, np.zeros(0), nothing, program.layout.helpers),
        ties=tuple(result.cost(cost) for cost in program.ties),
    )
    return replace(result, program=small)


def joined(row: Ints, column: Ints, value: Floats, m: int, n: int) -> tuple[Ints, Ints, Floats]:
    """(start, index, value) of the rows of a matrix; what stands twice at one place is summed, zeros are dropped."""
    key = row * n + column
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    total = np.add.reduceat(value[order], first) if len(first) else np.zeros(0)
    held = total != 0
    key = key[order][first][held]
    start = np.concatenate([[0], np.cumsum(np.bincount(key // n, minlength=m))]).astype(np.intp)
    return start, key % n, total[held]


def triangles(program: Program) -> tuple[Ints, Ints, Floats, Floats, Ints, Ints]:
    """(share, site, most, least, most row, least row) of the options whose set is a triangle, as `formulate` writes it.

    What has other bounds than those of the contract, or does not have exactly the two rows, is left as it is.
    """
    share, site = program.layout.share, program.layout.site
    apart = (site >= 0) & (site != share)
    share, site = share[apart], site[apart]
    of = np.full(len(program.cost), -1, dtype=np.intp)
    of[share] = np.arange(len(share))
    row = program.row_of_entry()
    at = np.flatnonzero(program.own[row] & (of[program.index] >= 0) & (np.diff(program.start)[row] == 2))
    other = np.where(at == program.start[row[at]], at + 1, at - 1)
    pair = of[program.index[at]]
    right = (program.index[other] == site[pair]) & (program.value[at] == 1) & (program.limit[row[at]] == 0)
    at, other, pair = at[right], other[right], pair[right]
    bound, sense = -program.value[other], program.sense[row[at]]
    most, least = np.full(len(share), np.nan), np.full(len(share), np.nan)
    rows = [np.full(len(share), -1, dtype=np.intp) for _ in range(2)]
    for wanted, found, numbers in ((Sense.AT_MOST, most, rows[0]), (Sense.AT_LEAST, least, rows[1])):
        these = sense == wanted
        found[pair[these]], numbers[pair[these]] = bound[these], row[at[these]]
    good: Bools = (rows[0] >= 0) & (rows[1] >= 0) & (most >= least) & (least >= 0)
    good &= (program.lower[share] == 0) & (program.lower[site] == 0) & (program.upper[site] == 1)
    good &= program.upper[share] >= most
    return share[good], site[good], most[good], least[good], rows[0][good], rows[1][good]
