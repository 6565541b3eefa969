"""Prices of the few rows that everybody shares, from which every project can answer alone.

A large allocation has few rows that many projects share (supplies, rules; "priced" below) and very many projects,
each with a tiny choice of its own: which zone, or none. Given the prices y of the shared rows, project p takes the
option with the largest worth d_j = c_j − Σ_i y_i a_ij, if that is positive. The Lagrangian dual

    D(y) = Σ_i y_i · limit_i + Σ_p room_p · max(0, max_j d_j)        (no 0 where a project must take one)

is convex in y, its least value is the optimum of the programme (Dantzig and Wolfe 1960; Geoffrion 1974). It has
corners; smoothed by a softmax over each project's options (Nesterov 2005),

    D_t(y) = Σ_i y_i · limit_i + Σ_p room_p · t_p · log(1 + Σ_j exp(d_j / t_p)),

it has a gradient (limit less use) and a Hessian, of as many rows as there are prices: Newton's method, at a
temperature t that falls. Here prices are only guessed well: what is right is decided in `core`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .candidates import Bools, Floats, Ints
from .program import Program, Sense, entries_of

DENSE = 12_000_000
"""Entries of the dense matrix that Newton's method works on, at most."""
COLDEST = 40.0
"""The last temperature is this over the number of projects: some forty are still undecided."""
FLAT = 1e-10
"""A direction in which the dual is flatter than this is none: what every project must use has no price of its own."""
BAND = 8
"""The undecided are looked at by so many times as many as are in the sample, at most."""
STEPS = 4
"""Newton steps at one temperature, at most."""
NEAR = 1e-4
"""A step that lowers D_t by less than this part of t · stake is the last."""
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

    def dense(self, columns: Ints) -> Floats:
        """(len(columns), w) coefficients of some columns in the priced rows, scaled."""
        place = np.full(len(self.program.cost), -1, dtype=np.int32)
        place[columns] = np.arange(len(columns))
        matrix = np.zeros((len(columns), len(self.priced)))
        for i in range(len(self.priced)):
            at = self.entries(i)
            rows = place[self.program.index[at]]
            held = rows >= 0
            matrix[rows[held], i] = self.program.value[at][held] * self.factor[i]
        return matrix

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
    kept = group < 0
    kept[~kept] = touched[group[~kept]]
    answering = np.flatnonzero(~kept)
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


@dataclass(frozen=True, eq=False)
class Level:
    """Some projects with weights, as dense arrays in scaled units; inequalities turned so that prices are ≥ 0."""

    matrix: Floats
    cost: Floats
    first: Ints
    project: Ints
    room: Floats
    must: Bools
    stake: Floats
    limit: Floats

    def smoothed(self, y: Floats, t: float) -> tuple[float, Floats, Floats, Floats]:
        """D_t and its gradient; (k',) the shares of the options by the softmax and (P',) of staying out."""
        warm = t * self.stake
        z = (self.cost - self.matrix @ y) / warm[self.project]
        top = np.maximum.reduceat(z, self.first)
        top = np.where(self.must, top, np.maximum(top, 0.0))
        e, out = np.exp(z - top[self.project]), np.exp(np.where(self.must, -np.inf, -top))
        total = np.add.reduceat(e, self.first) + out
        share = e / total[self.project]
        value = float(self.limit @ y + (self.room * warm * (top + np.log(total))).sum())
        return value, self.limit - (share * self.room[self.project]) @ self.matrix, share, out / total

    def hessian(self, t: float, share: Floats, out: Floats) -> Floats:
        """Σ_p room_p / t_p · (Σ_j q_j a_j a_jᵀ − ā āᵀ), ā = Σ_j q_j a_j, over those who are undecided."""
        undecided = np.maximum(np.maximum.reduceat(share, self.first), out) < 1 - 1e-6
        columns = undecided[self.project]
        if not columns.any():
            return np.zeros((self.matrix.shape[1],) * 2)
        some, q = self.matrix[columns], share[columns][:, None]
        curve = self.room / (t * self.stake)
        weighted = some * q
        mean = sums(weighted, np.flatnonzero(np.diff(self.project[columns], prepend=-1)))
        full = some.T @ (weighted * curve[self.project[columns]][:, None])
        return full - mean.T @ (mean * curve[undecided][:, None])


def sums(rows: Floats, first: Ints) -> Floats:
    """Sums of stretches of rows; `np.add.reduceat` over an axis, but many short stretches at once."""
    count = np.diff(np.append(first, len(rows)))
    total = rows[first]
    for k in range(1, int(count.max())):
        more = count > k
        total[more] += rows[first[more] + k]
    return total


def newton(level: Level, y: Floats, signed: Bools, ties: Floats, temperatures: list[float]) -> Floats:
    """The prices at the last temperature; `signed` (w,) are ≥ 0, `ties` (w, j) are directions that prices keep."""
    stake = float((level.room * level.stake).sum())
    for t in temperatures:
        value, gradient, share, out = level.smoothed(y, t)
        for _ in range(STEPS):
            free = ~signed | (y > 0) | (gradient < 0)
            hessian = level.hessian(t, share, out)
            step = np.zeros(len(y))
            step[free] = direction(hessian[np.ix_(free, free)], gradient[free], ties[free])
            for _ in range(5):
                moved = np.where(signed, np.maximum(y + step, 0.0), y + step)
                found = level.smoothed(moved, t)
                if found[0] <= value:
                    break
                step /= 4
            else:
                break
            fell, y = value - found[0], moved
            value, gradient, share, out = found
            if fell <= NEAR * t * stake:
                break
    return y


def direction(hessian: Floats, gradient: Floats, ties: Floats) -> Floats:
    """The Newton step: least gradient · s + s · hessian · s / 2 with ties · s = 0."""
    f, j = len(gradient), ties.shape[1]
    system = np.zeros((f + j, f + j))
    system[:f, :f] = hessian
    system[:f, f:], system[f:, :f] = ties, ties.T
    step: Floats = np.linalg.lstsq(system, np.concatenate([-gradient, np.zeros(j)]), rcond=FLAT)[0][:f]
    return step


def cooling(hot: float, cold: float) -> list[float]:
    """Temperatures from hot to cold, each about an eighth of the last."""
    count = max(1, int(np.ceil(np.log(max(hot / cold, 1.0)) / np.log(8.0)))) + 1
    return np.geomspace(max(hot, cold), cold, count).tolist()


def refine(
    market: Market, prices: Floats, used: Callable[[Floats], Floats], ties: Floats, sample: int, times: float = 1.0
) -> Floats:
    """(w,) prices for all projects, from those of a sample of `sample` projects.

    `used` is what the kept columns use at given prices, (w,) both; `ties` (w, j) are the coefficients of those whose
    worth is zero: it stays so. All who answer to prices are `times` as many as the projects of the market, and said
    to turn as these do. First on a larger sample, then on all, the clear answers fixed.
    """
    count, w = len(market.first), len(market.priced)
    sense = market.program.sense[market.priced]
    signed = sense != Sense.EQUAL
    turn = np.where(signed, sense, 1).astype(float)
    scale = turn * market.factor
    limit = (market.program.limit[market.priced] - used(prices)) * scale
    y, ties = np.maximum(prices / scale, np.where(signed, 0.0, -np.inf)), ties * scale[:, None]
    most = max(1, int(DENSE / (max(w, 1) * max(1.0, len(market.columns) / max(count, 1)))))
    hot = 1.0 / np.sqrt(sample)

    def level(projects: Ints, weight: Floats, left: Floats) -> Level:
        at = market.options(projects)
        start = np.flatnonzero(np.diff(market.project[at], prepend=-1))
        return Level(
            matrix=market.dense(market.columns[at]) * turn,
            cost=market.program.cost[market.columns[at]],
            first=start,
            project=np.repeat(np.arange(len(projects)), np.diff(np.append(start, len(at)))),
            room=market.room[projects] * weight * times,
            must=market.must[projects],
            stake=stake[projects],
            limit=left,
        )

    medium = min(8 * sample, most)
    if count > 2 * medium:
        stake = market.size(y * scale)
        projects, weight = drawn(market, medium)
        cold = 4 * COLDEST / len(projects)
        some = level(projects, weight, limit)
        if times > 1:  # the further ones use what they do, and turn as the others
            some = replace(some, limit=limit + (1 - 1 / times) * (some.limit - some.smoothed(y, hot)[1]))
        y = newton(some, y, signed, ties, cooling(hot, cold))
        hot = cold
    stake, cold = market.size(y * scale), COLDEST / count
    values = np.zeros(len(market.program.cost))
    temperatures = cooling(hot, cold)[1:]
    for t in temperatures + [cold] * STEPS:
        soft = soft_answers(market, market.worth(y * scale)[market.columns], stake, t)
        values[market.columns] = soft
        gradient = (market.program.limit[market.priced] - used(y * scale) - market.use(values)) * scale
        open_ = market.largest(np.minimum(soft, market.room[market.project] - soft)) > 1e-6 * market.room
        if not open_.any():
            break
        out = market.room - np.add.reduceat(soft, market.first)
        entering = open_ & (np.minimum(out, market.room - out) > 1e-6 * market.room)
        parts = [np.flatnonzero(entering), np.flatnonzero(open_ & ~entering)]  # few of the first, maybe, of many
        inside = [part[spread(stake[part], min(most, BAND * sample) // 2)] for part in parts]
        weight = np.concatenate(
            [np.full(len(i), len(part) / max(len(i), 1)) for i, part in zip(inside, parts, strict=True)]
        )
        order = np.argsort(np.concatenate(inside))
        band = level(np.concatenate(inside)[order], weight[order], np.zeros(w))
        band = replace(band, limit=gradient - band.smoothed(y, t)[1])  # at these prices the gradient of all, exactly
        moved = newton(band, y, signed, ties, [t])
        gain, y = float(-gradient @ (moved - y)), moved
        if t == cold and gain <= NEAR * cold * float((market.room * stake).sum()):
            break
    return np.asarray(y * scale, dtype=np.float32).astype(float)  # rounding noise must not decide what comes next


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


def soft_answers(market: Market, worth: Floats, stake: Floats, t: float) -> Floats:
    """(k,) the shares of every option by the softmax at a temperature."""
    z = worth / (t * stake)[market.project]
    top = market.largest(z)
    top = np.where(market.must, top, np.maximum(top, 0.0))
    e = np.exp(z - top[market.project])
    total = np.add.reduceat(e, market.first) + np.exp(np.where(market.must, -np.inf, -top))
    share: Floats = e * (market.room / total)[market.project]
    return share
