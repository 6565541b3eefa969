"""Weights from a figure per criterion: its rank, swing points, or direct points."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ..candidates import Floats


def _order_centroid(n: int) -> Floats:
    """Of the rank i the mean weight over all weightings in that order: Σ_{k ≥ i} 1/k / n."""
    centroid: Floats = np.cumsum(1.0 / np.arange(n, 0, -1))[::-1] / n
    return centroid


def _sum(n: int) -> Floats:
    """2 (n + 1 − i) / (n (n + 1))."""
    falling: Floats = np.arange(n, 0, -1) * 2.0 / (n * (n + 1))
    return falling


def _reciprocal(n: int) -> Floats:
    """1/i / Σ 1/k."""
    parts: Floats = 1.0 / np.arange(1, n + 1)
    return parts / parts.sum()


RANKS: Mapping[str, Callable[[int], Floats]] = {
    "rank-order": _order_centroid,
    "rank-sum": _sum,
    "rank-reciprocal": _reciprocal,
}
"""Method -> weights of the ranks 1 … n. Stillwell, Seaver and Edwards (1981), Organizational Behavior and Human
Performance 28; rank-order (centroid): Barron and Barrett (1996), Management Science 42."""


def of_ranks(ranks: Floats, method: str) -> Floats:
    """(n,) weights that add up to 1, from ranks of which the least is first; tied ones share what their places have.

    >>> of_ranks(np.array([1.0, 2.0, 2.0]), "rank-sum").tolist()
    [0.5, 0.25, 0.25]
    """
    places = RANKS[method](len(ranks))
    _, group = np.unique(ranks, return_inverse=True)
    in_order = np.sort(group)
    shared = np.bincount(in_order, weights=places) / np.bincount(in_order)
    found: Floats = shared[group]
    return found


def of_points(points: Floats) -> Floats:
    """(n,) weights that add up to 1, in proportion to points that are not all 0."""
    return points / points.sum()
