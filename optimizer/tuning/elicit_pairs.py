"""Pairwise comparisons (AHP): weights, consistency, and the judgement to revisit.

A matrix of comparisons is (n, n): entry i, j says how many times as important i is as j, entry j, i its reciprocal,
the diagonal is 1, and what was not compared is NaN.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..candidates import Floats

RANDOM_INDEX = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Mean consistency index of random matrices by their size; Saaty (1980), The Analytic Hierarchy Process. Beyond 15 it
hardly grows; the last one is taken."""
LIMIT = 0.1
"""The consistency ratio that Saaty accepts."""
SCALE = 9.0
"""Saaty's scale goes from 1/9 to 9."""
_STEPS = 45
"""Of the golden section; each narrows the interval to 0.618 of it, all of them to 1e-9 of the scale."""
_GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Suspect:
    """A comparison of i with j, the value that agrees best with the others, and the consistency ratio with that."""

    i: int
    j: int
    value: float
    ratio: float


def matrix(n: int, comparisons: Iterable[tuple[int, int, float]]) -> Floats:
    """(n, n) of comparisons (i, j, how many times as important i is as j); those of one pair by geometric mean.

    The geometric mean is the only one by which the group's reciprocals are those of its judgements:
    Aczél and Saaty (1983), J. Math. Psychology 27.
    """
    logs, counts = np.zeros((n, n)), np.zeros((n, n))
    for i, j, value in comparisons:
        logs[i, j] += np.log(value)
        logs[j, i] -= np.log(value)
        counts[i, j] += 1
        counts[j, i] += 1
    with np.errstate(invalid="ignore"):
        ratios: Floats = np.exp(logs / np.where(counts > 0, counts, np.nan))
    np.fill_diagonal(ratios, 1.0)
    return ratios


def parts(ratios: Floats) -> list[list[int]]:
    """The criteria by what connects them: a chain of comparisons leads from each to each other of its part."""
    left, found = list(range(len(ratios))), []
    while left:
        part, ahead = {left[0]}, [left[0]]
        while ahead:
            near = set(np.flatnonzero(~np.isnan(ratios[ahead.pop()])).tolist()) - part
            part |= near
            ahead += sorted(near)
        found.append(sorted(part))
        left = [i for i in left if i not in part]
    return found


def weights(ratios: Floats) -> Floats:
    """(n,) weights that add up to 1. All criteria must be connected (`parts`).

    Of a whole matrix the principal eigenvector; where comparisons are missing, logarithmic least squares over those
    that were made: Bozóki, Fülöp and Rónyai (2010), Math. and Computer Modelling 52. (An eigenvector of a completed
    matrix would let contradictions elsewhere shift a criterion that was compared only once.)
    """
    if missing(ratios):
        found: Floats = np.exp(_least_squares(ratios))
    else:
        values, vectors = np.linalg.eig(ratios)
        found = np.abs(vectors[:, int(np.argmax(values.real))].real)
    return found / found.sum()


def index(ratios: Floats) -> float:
    """The consistency index (λ_max − n) / (n − 1), 0 where nothing is contradicted; missing comparisons count as the
    quotients of the weights found."""
    n = len(ratios)
    if n < 3:
        return 0.0
    return max(0.0, float(_with(ratios, [(0, 0)], np.zeros(1))[0]) - n) / (n - 1)


def ratio(ratios: Floats) -> float:
    """The consistency ratio: the index against that of random matrices with as many comparisons missing.

    That index falls with the cycles that are left, 1 − 2 m / ((n − 1)(n − 2)) of it for m missing ones: Ágoston and
    Csató (2022), Omega 105. A tree of comparisons has no cycle, so nothing in it can be contradicted.
    """
    usual = _random_index(ratios)
    return index(ratios) / usual if usual > 0 else 0.0


def missing(ratios: Floats) -> int:
    """How many pairs were not compared."""
    return int(np.isnan(ratios).sum()) // 2


def suspect(ratios: Floats) -> Suspect | None:
    """The comparison that, changed to what agrees best with the others, lowers the ratio most; None if none does.

    λ_max is log-convex in the logarithms of the entries (Kingman 1961), and what is completed is linear in them, so
    that a golden section finds its least value on Saaty's scale. Of several that do equally well the one that has to
    change least.
    """
    n, usual = len(ratios), _random_index(ratios)
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n) if not np.isnan(ratios[i, j])]
    if usual <= 0 or index(ratios) < 1e-9:
        return None
    given = np.log([ratios[i, j] for i, j in pairs])
    low, high = np.full(len(pairs), -np.log(SCALE)), np.full(len(pairs), np.log(SCALE))
    for _ in range(_STEPS):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        fall = _with(ratios, pairs, left) > _with(ratios, pairs, right)
        low, high = np.where(fall, left, low), np.where(fall, high, right)
    best = (low + high) / 2
    then = np.maximum(0.0, _with(ratios, pairs, best) - n) / (n - 1) / usual
    order = np.lexsort((np.abs(best - given).round(6), then.round(6)))
    k = int(order[0])
    if then[k] > ratio(ratios) - 1e-6:
        return None
    return Suspect(*pairs[k], float(np.exp(best[k])), float(then[k]))


def _least_squares(ratios: Floats) -> Floats:
    """(n,) logarithms of weights: min Σ (ln a_ij − y_i + y_j)² over the comparisons made."""
    graph, logs = _graph(ratios)
    found: Floats = graph @ logs.sum(axis=1)
    return found


def _graph(ratios: Floats) -> tuple[Floats, Floats]:
    """The inverse of the Laplacian of who was compared with whom, and the logarithms of the ratios, 0 where missing."""
    made = ~np.isnan(ratios) & ~np.eye(len(ratios), dtype=bool)
    laplacian = np.diag(made.sum(axis=1).astype(float)) - made
    return np.linalg.pinv(laplacian, hermitian=True), np.log(np.where(made, ratios, 1.0))


def _with(ratios: Floats, pairs: Sequence[tuple[int, int]], logs: Floats) -> Floats:
    """(k,) λ_max with each of k pairs changed by itself, what is missing completed; (0, 0) changes nothing."""
    graph, given = _graph(ratios)
    stack = np.repeat(given[None], len(pairs), axis=0)
    for k, (i, j) in enumerate(pairs):
        stack[k, i, j], stack[k, j, i] = logs[k], -logs[k]
    levels = stack.sum(axis=2) @ graph
    completed = np.where(np.isnan(ratios), levels[:, :, None] - levels[:, None, :], stack)
    found: Floats = np.linalg.eigvals(np.exp(completed)).real.max(axis=1)
    return found


def _random_index(ratios: Floats) -> float:
    n = len(ratios)
    if n < 3:
        return 0.0
    cycles = (n - 1) * (n - 2) / 2
    return RANDOM_INDEX[min(n, len(RANDOM_INDEX) - 1)] * max(0.0, cycles - missing(ratios)) / cycles
