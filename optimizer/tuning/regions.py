"""The regions of the weights in which each of some plans is the best of them, by their corners.

Every plan is a plane over the weights; the planes' upper envelope is the boundary of a polyhedron of one dimension
more, and its corners are kept by the double description method: Motzkin, Raiffa, Thompson and Thrall (1953). A new
plane cuts corners off, and meets every edge from a corner that is cut to one that stays in a new corner. Two corners
share an edge if no third lies on all the planes and sides that both lie on: Fukuda and Prodon (1996).

Each corner carries a proved bound of the optimum V. V is convex, so on an edge it lies below the chord of its ends, and
anywhere below every chord between weightings that were solved.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.spatial import ConvexHull, QhullError

from ..candidates import Bools, Floats, Ints
from .space import Best, Found

ON = 1e-9
"""A corner lies on a plane that is within this part of the range of all values."""
STEEP = 10.0
"""V changes by less than so many times its range from one weighting to another, by the sum of their differences."""
WHOLE = 1e-6
"""Volumes of the regions that add up to the whole to this part leave no gap between them."""


class Regions:
    """Plans over the weights, with the corners of their regions.

    Arrays of k corners; constraints are the c sides of the simplex (w_i ≥ 0), then the plans.
    """

    def __init__(self, ends: list[Best]) -> None:
        """`ends` are the optima where one criterion after the other has all the weight."""
        count = len(ends)
        values = [abs(best.bound) for best in ends]
        self.height = max(1.0, *values)
        self.plans: list[Found] = [ends[0].plan]
        self.weights = np.eye(count)
        """(k, c)"""
        self.value = ends[0].plan.worth(self.weights)
        """(k,) what the best of the plans is worth there"""
        self.bound = np.array([best.bound for best in ends])
        """(k,) no plan at all is worth more there"""
        self.solved = np.ones(count, dtype=bool)
        """(k,) whether the optimum there was looked for"""
        self.chords = np.full(count, count)
        """(k,) how many solved weightings there were when the best chord was looked for"""
        self.points = [best.weights for best in ends]
        self.bounds = [best.bound for best in ends]
        """the weightings that were solved, and the bounds of V there"""
        self.on = np.zeros((count, 64), dtype=bool)
        """(k, constraints and room for more)"""
        self.on[:, :count] = ~np.eye(count, dtype=bool)
        self.on[:, count] = True
        for best in ends[1:]:
            self.add(best.plan)

    @property
    def gap(self) -> Floats:
        """(k,) points by which V can be above the plans at most."""
        return np.maximum(self.bound - self.value, 0.0)

    def add(self, plan: Found) -> None:
        """Add a plan, unless it is best nowhere."""
        count = self.weights.shape[1]
        worth = plan.worth(self.weights)
        over = worth - self.value
        tolerance = ON * self.height
        cut = np.flatnonzero(over > tolerance)
        if not len(cut):
            return
        new = count + len(self.plans)
        if new >= self.on.shape[1]:
            self.on = np.hstack([self.on, np.zeros_like(self.on)])
        self.plans.append(plan)
        self.on[np.abs(over) <= tolerance, new] = True
        a, b = self.edges(cut, over < -tolerance)
        part = over[a] / (over[a] - over[b])
        between = self.weights[a] * (1.0 - part)[:, None] + self.weights[b] * part[:, None]
        chord = self.bound[a] * (1.0 - part) + self.bound[b] * part
        on = self.on[a] & self.on[b]
        up = cut[self.on[cut, :count].sum(axis=1) == count - 1]  # at an end of the simplex the edge goes up for ever
        weights = np.vstack([between, self.weights[up]])
        on = np.vstack([on, self.on[up]])
        on[len(a) :, count:] = False
        on[:, new] = True
        stay = np.ones(len(self.weights), dtype=bool)
        stay[cut] = False
        self.weights = np.vstack([self.weights[stay], weights])
        self.value = np.concatenate([self.value[stay], plan.worth(weights)])
        self.bound = np.concatenate([self.bound[stay], chord, self.bound[up]])
        self.solved = np.concatenate([self.solved[stay], np.zeros(len(a), dtype=bool), self.solved[up]])
        self.chords = np.concatenate([self.chords[stay], np.zeros(len(a), dtype=int), self.chords[up]])
        self.on = np.vstack([self.on[stay], on])

    def edges(self, cut: Ints, stay: Bools) -> tuple[Ints, Ints]:
        """The edges between a corner that is cut and one that stays: (corners cut, corners that stay)."""
        least = self.weights.shape[1] - 1
        columns = self.on[cut].any(axis=0)
        on = self.on[:, columns].astype(np.float32)
        common = on[cut] @ on.T
        near = (common >= least).any(axis=0)  # whoever lies on all that two ends of an edge lie on is among these
        place, others = np.nonzero((common >= least) & stay[None, :])
        both = on[cut][place] * on[others]
        here = on[near]
        alone = np.zeros(len(place), dtype=bool)
        for start in range(0, len(place), 1024):  # so many at a time, for the memory
            rows = both[start : start + 1024]
            alone[start : start + 1024] = ((rows @ here.T) >= rows.sum(axis=1)[:, None] - 0.5).sum(axis=1) == 2
        return cut[place[alone]], others[alone]

    def looked_at(self, corner: int, best: Best) -> None:
        """Write down the optimum that was found at a corner."""
        self.bound[corner] = min(self.bound[corner], best.bound)
        self.solved[corner] = True
        self.points.append(best.weights)
        self.bounds.append(best.bound)

    def worst(self, eps: float, most: int) -> Ints:
        """Up to so many corners where V may be more than eps above the plans and was not looked for, the worst first.

        Each is held against the best chord first.
        """
        gap = np.where(self.solved, 0.0, self.gap)
        found: list[int] = []
        for corner in np.argsort(-gap, kind="stable").tolist():
            if gap[corner] <= eps or len(found) == most:
                break
            self.tighten(corner)
            if self.bound[corner] - self.value[corner] > eps:
                found.append(corner)
        return np.array(found, dtype=np.intp)

    def tighten(self, corner: int) -> None:
        """The best chord over a corner:  min Σ λ_i bound_i  subject to  Σ λ_i w_i = w, λ ≥ 0."""
        if self.chords[corner] == len(self.points):
            return
        self.chords[corner] = len(self.points)
        points, bounds = np.array(self.points), np.array(self.bounds)
        answer = linprog(bounds, A_eq=points.T, b_eq=self.weights[corner], method="highs")
        if answer.status != 0 or answer.x is None:
            return
        parts = np.maximum(answer.x, 0.0)
        parts /= parts.sum()
        missed = float(np.abs(parts @ points - self.weights[corner]).sum())
        self.bound[corner] = min(self.bound[corner], float(parts @ bounds) + STEEP * self.height * missed)

    def region(self, plan: int) -> Ints:
        """The corners of a plan's region."""
        return np.flatnonzero(self.on[:, self.weights.shape[1] + plan])


def volume(corners: Floats) -> float:
    """The part of all weightings that lies between some of them, (k, c); 0 where they do not span anything.

    Within the simplex coordinates of the weights, whose own volume is 1 / (c − 1)!.
    """
    d = corners.shape[1] - 1
    if d == 0:
        return float(len(corners) > 0)
    if len(corners) <= d or np.linalg.matrix_rank(corners[1:] - corners[0], tol=1e-9) < d:
        return 0.0
    if d == 1:
        return float(np.ptp(corners[:, 0]))
    scale = float(np.prod(np.arange(1, d + 1)))
    for options in ("Qt", "QJ"):
        try:
            return float(ConvexHull(corners[:, :-1], qhull_options=options).volume) * scale
        except QhullError:
            continue
    return 0.0
