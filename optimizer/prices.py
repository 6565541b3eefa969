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
from typing import Any

import numpy as np

from .candidates import Bools, Floats, Ints
from .market import Market, drawn, spread
from .program import Sense

DENSE = 12_000_000
"""Entries of the dense matrix that Newton's method works on, at most."""
COLDEST = 40.0
"""The last temperature is this over the number of projects: some forty are still undecided."""
FLAT = 1e-10
"""A direction in which the dual is flatter than this is none: what every project must use has no price of its own."""
CLEAR = 14.0
"""An answer is clear, to one in a million, from so many times t · stake on: where prices move worths by more, the clear
ones may turn too, and what was worked out among the undecided alone is not true any more."""
BAND = 8
"""The undecided are looked at by so many times as many as are in the sample, at most."""
STEPS = 4
"""Newton steps at one temperature, at most."""
NEAR = 1e-4
"""A step that lowers D_t by less than this part of t · stake is the last."""


@dataclass(frozen=True, eq=False)
class Level:
    """Some projects with weights, as dense arrays in scaled units; inequalities turned so that prices are ≥ 0."""

    matrix: Any
    """(k', w), dense or sparse"""
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
        curve = self.room / (t * self.stake)
        if not isinstance(self.matrix, np.ndarray):
            return sparse_curve(self.matrix[columns], share[columns], self.project[columns], curve)
        some, q = self.matrix[columns], share[columns][:, None]
        weighted = some * q
        mean = sums(weighted, np.flatnonzero(np.diff(self.project[columns], prepend=-1)))
        full = some.T @ (weighted * curve[self.project[columns]][:, None])
        return full - mean.T @ (mean * curve[undecided][:, None])


def sparse_curve(some: Any, share: Floats, project: Ints, curve: Floats) -> Floats:
    """`Level.hessian` of a sparse matrix: Σ_j b_j b_jᵀ − Σ_p m_p m_pᵀ, with the weights drawn into b and m."""
    from scipy.sparse import csr_array  # a third of a second to load, for large programmes alone

    root, k = np.sqrt(curve)[project], len(share)
    ends = np.append(np.flatnonzero(np.diff(project, prepend=-1)), k)
    by_option = csr_array((np.sqrt(share) * root, np.arange(k), np.arange(k + 1)), shape=(k, k)) @ some
    by_project = csr_array((share * root, np.arange(k), ends), shape=(len(ends) - 1, k)) @ some
    result: Floats = (by_option.T @ by_option - by_project.T @ by_project).toarray()
    return result


def sums(rows: Floats, first: Ints) -> Floats:
    """Sums of stretches of rows; `np.add.reduceat` over an axis, but many short stretches at once."""
    count = np.diff(np.append(first, len(rows)))
    total = rows[first]
    for k in range(1, int(count.max())):
        more = count > k
        total[more] += rows[first[more] + k]
    return total


def newton(
    level: Level, y: Floats, signed: Bools, ties: Floats, temperatures: list[float], reach: Floats | float = np.inf
) -> Floats:
    """The prices at the last temperature, none further than `reach` (w,) from where it was; `signed` (w,) are ≥ 0,
    `ties` (w, j) are directions that prices keep."""
    low, high = np.where(signed, np.maximum(y - reach, 0.0), y - reach), y + reach
    stake = float((level.room * level.stake).sum())
    for t in temperatures:
        value, gradient, share, out = level.smoothed(y, t)
        for _ in range(STEPS):
            free = ~signed | (y > 0) | (gradient < 0)
            hessian = level.hessian(t, share, out)
            step = np.zeros(len(y))
            step[free] = direction(hessian[np.ix_(free, free)], gradient[free], ties[free])
            for _ in range(5):
                moved = np.clip(y + step, low, high)
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
    size, along = np.linalg.eigh(system)
    steep = np.abs(size) > FLAT * np.abs(size).max(initial=0.0)
    along = along[:, steep]
    step: Floats = (along @ (along[:f].T @ -gradient / size[steep]))[:f]
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
    entries = sum(at.stop - at.start for at in map(market.entries, range(w)))  # of all, with an index each where sparse
    size = 2 * entries if market.sparse else w * len(market.columns)
    most = max(1, int(DENSE / max(1.0, size / max(count, 1))))
    hot = 1.0 / np.sqrt(sample)

    def level(projects: Ints, weight: Floats, left: Floats) -> Level:
        at = market.options(projects)
        start = np.flatnonzero(np.diff(market.project[at], prepend=-1))
        return Level(
            matrix=market.coefficients(market.columns[at], scale, market.sparse),
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
    heights = market.heights(stake) / market.factor
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
        moved = newton(band, y, signed, ties, [t], CLEAR * t * heights)
        gain, y = float(-gradient @ (moved - y)), moved
        if t == cold and gain <= NEAR * cold * float((market.room * stake).sum()):
            break
    return np.asarray(y * scale, dtype=np.float32).astype(float)  # rounding noise must not decide what comes next


def soft_answers(market: Market, worth: Floats, stake: Floats, t: float) -> Floats:
    """(k,) the shares of every option by the softmax at a temperature."""
    z = worth / (t * stake)[market.project]
    top = market.largest(z)
    top = np.where(market.must, top, np.maximum(top, 0.0))
    e = np.exp(z - top[market.project])
    total = np.add.reduceat(e, market.first) + np.exp(np.where(market.must, -np.inf, -top))
    share: Floats = e * (market.room / total)[market.project]
    return share
