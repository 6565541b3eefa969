"""The weights nearest to the present ones under which the optimal plan agrees with given decisions.

V_dec(w), the best plan that agrees, and V_not(w), the best that does not, are both convex in the weights. Wanted is the
w nearest to the present ones with V_dec(w) ≥ V_not(w) + margin. Branch and bound over simplices of weightings: within
one, V_dec lies below the chord of its corners and V_not above every plan known to disagree, so

    min ‖w − present‖₁   subject to   Σ λ_i V_dec(corner_i) ≥ plan_k(w) + margin for all k,   w = Σ λ_i corner_i

bounds the distance, and a simplex in which that has no solution holds no such weights: the proof that none agree. Good
weights come from the cones of single plans: {w: plan(w) ≥ plan_k(w) + margin for all k}, cut by cut (Wang 2009, Cutting
plane algorithms for the inverse mixed integer linear programming problem); for a plan that is divisible the cuts end as
its dual would have it.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import linprog

from ..candidates import Floats, Ints
from ..inquiry.ask import Inquiry, least_in, most_out, with_limits, with_rows
from ..pipeline import NoPlan
from ..program import Program, Sense
from .space import Best, Found, WeightSpace

MARGIN = 1e-4
"""Points by which a plan that agrees must be ahead of every one that does not."""
NEAR = 1e-4
"""Parts of the sum of weights to which the nearest weights are found."""
SLIVER = 1e-7
"""A part of a point in a corner below which it lies on the other side."""
ROUNDING = 1e-6
"""Points of the margin that rounding may take."""
CELLS = 20_000
"""Simplices that are looked at at most."""
NARROWEST = 1e-6
"""A simplex of this size that is still open stays so."""
CUTS = 200
"""Plans that are held against one that agrees at most."""


@dataclass(frozen=True)
class Decisions:
    """Rows of the projects that shall be in and out."""

    inside: tuple[int, ...]
    outside: tuple[int, ...]

    @property
    def all(self) -> tuple[tuple[int, bool], ...]:
        return (*((p, True) for p in self.inside), *((p, False) for p in self.outside))


def agreeing(inquiry: Inquiry, decisions: Decisions) -> Program:
    """The programme of the plans that agree."""
    limits = {int(inquiry.force[p]): least_in(inquiry, p) for p in decisions.inside}
    limits |= {int(inquiry.keep[p]): most_out(inquiry, p) for p in decisions.outside}
    return with_limits(inquiry.program, limits)


def disagreeing(inquiry: Inquiry, decisions: Decisions) -> list[Program]:
    """Programmes whose plans together are those that do not agree.

    One for all projects that sit somewhere or nowhere, Σ_in (1 − b) + Σ_out b ≥ 1; one for every other.
    """
    layout, project = inquiry.program.layout, inquiry.solved.admission.candidates.project
    columns: list[Ints] = []
    signs: list[Floats] = []
    single: list[Program] = []
    for p, inside in decisions.all:
        if inquiry.edges.by_site[p]:
            options = project == p
            columns.append(layout.site[options])
            signs.append(np.full(int(options.sum()), -1.0 if inside else 1.0))
        else:
            row, limit = (inquiry.keep[p], most_out(inquiry, p)) if inside else (inquiry.force[p], least_in(inquiry, p))
            single.append(with_limits(inquiry.program, {int(row): limit}))
    if not columns:
        return single
    least = 1.0 - sum(1.0 for p in decisions.inside if inquiry.edges.by_site[p])
    ahead = ("otherwise", Sense.AT_LEAST, least, np.concatenate(columns), np.concatenate(signs))
    return [with_rows(inquiry.program, [ahead]), *single]


@dataclass(eq=False)
class Contest:
    """Plans that agree against plans that do not, over the weights."""

    present: Floats
    agree: WeightSpace
    others: list[WeightSpace]
    against: list[Found] = field(default_factory=list)
    """plans known to disagree"""
    proved: bool = True
    """whether every solve so far was closed"""

    def best_that_agrees(self, weights: Floats) -> Best:
        """Raises NoPlan, and SolverError if none is found in time."""
        found = self.agree.best(weights)
        self.proved &= found.proved
        return found

    def ahead(self, plan: Found, weights: Floats) -> bool:
        """Whether a plan is ahead of all that disagree there; those that are not behind are remembered."""
        ahead = True
        for other in self.others:
            try:
                best = other.best(weights)
            except NoPlan:  # nobody can disagree in this way
                continue
            self.proved &= best.proved
            if best.worth > float(plan.worth(weights)) - MARGIN + ROUNDING:
                self.against.append(best.plan)
                ahead = False
        return ahead

    def cone(self, plan: Found, until: float) -> Floats | None:
        """The nearest weights at which a plan is ahead of all that disagree; None if there are none."""
        corners = np.eye(len(self.present))
        for _ in range(CUTS):
            weights = nearest(self.present, corners, plan.worth(corners), self.against)
            if weights is None or time.monotonic() > until:
                return None
            if self.ahead(plan, weights):
                return weights
        return None


def nearest(present: Floats, corners: Floats, chord: Floats, against: Sequence[Found]) -> Floats | None:
    """The weights between some corners (k, c) nearest to the present ones in Σ |w − present|; None if there are none.

    There the chord over the corners, (k,) points, is ahead of all of `against` by the margin.
    """
    k, c = corners.shape
    behind = [np.concatenate([other.worth(corners) - chord, np.zeros(c)]) for other in against]
    apart = [*np.hstack([corners.T, -np.eye(c)]), *np.hstack([-corners.T, -np.eye(c)])]
    answer = linprog(
        np.concatenate([np.zeros(k), np.ones(c)]),
        A_ub=np.array([*behind, *apart]),
        b_ub=np.concatenate([np.full(len(behind), -MARGIN), present, -present]),
        A_eq=np.concatenate([np.ones(k), np.zeros(c)])[None, :],
        b_eq=[1.0],
        method="highs",
    )
    if answer.status != 0 or answer.x is None:
        return None
    parts = np.maximum(answer.x[:k], 0.0)
    weights: Floats = (parts / parts.sum()) @ corners
    return weights


def distance(one: Floats, other: Floats) -> float:
    """Σ |w − w'| of two weightings, parts of the sum."""
    return float(np.abs(one - other).sum())


@dataclass(frozen=True, eq=False)
class Cell:
    """A simplex of weightings, with bounds of V_dec at its corners."""

    corners: Floats
    chord: Floats
    depth: int

    def at(self, weights: Floats, bound: float) -> Iterator[Cell]:
        """Parted at a point of it."""
        parts = np.linalg.lstsq(self.corners.T, weights, rcond=None)[0]
        for i in np.flatnonzero(parts > SLIVER).tolist():
            corners, chord = self.corners.copy(), self.chord.copy()
            corners[i], chord[i] = weights, bound
            yield Cell(corners, chord, self.depth + 1)

    @property
    def longest(self) -> tuple[int, int, float]:
        """The two corners that are furthest apart, and how far."""
        apart = np.abs(self.corners[:, None, :] - self.corners[None, :, :]).sum(axis=2)
        i, j = np.unravel_index(int(np.argmax(apart)), apart.shape)
        return int(i), int(j), float(apart[i, j])


class Search:
    """Branch and bound for the nearest weights at which a plan that agrees is ahead."""

    def __init__(self, contest: Contest, until: float) -> None:
        """Raises NoPlan if no plan agrees at all."""
        self.contest, self.until = contest, until
        self.best: Floats | None = None
        self.least = 0.0
        """nothing is nearer than this; inf if nothing agrees"""
        self.tried: set[bytes] = set()
        self.heap: list[tuple[float, int, Cell]] = []
        self.count = 0
        ends = np.eye(len(contest.present))
        self.push(0.0, Cell(ends, np.array([contest.best_that_agrees(end).bound for end in ends]), 0))

    def push(self, least: float, cell: Cell) -> None:
        heapq.heappush(self.heap, (least, self.count, cell))
        self.count += 1

    @property
    def reached(self) -> float:
        """How near the best weights found are."""
        return np.inf if self.best is None else distance(self.best, self.contest.present)

    def run(self) -> None:
        """Go on until the nearest is found, none is proved to be, or it is late."""
        stays_open = np.inf
        while self.heap:
            least, _, cell = heapq.heappop(self.heap)
            if min(least, stays_open) >= self.reached - NEAR:
                break
            if time.monotonic() > self.until or self.count > CELLS:
                self.least = min(least, stays_open)
                return
            if cell.longest[2] < NARROWEST:
                stays_open = min(stays_open, least)
                continue
            self.look(least, cell)
        self.least = min(stays_open, self.reached)

    def look(self, least: float, cell: Cell) -> None:
        """Look at the nearest weights of one simplex, and part it."""
        contest = self.contest
        weights = nearest(contest.present, cell.corners, cell.chord, contest.against)
        if weights is None:
            return
        least = max(least, distance(weights, contest.present))
        found = contest.best_that_agrees(weights)
        known = len(contest.against)
        self.learn(found.plan)
        if len(contest.against) > known:  # the same simplex again, held against more
            self.push(least, cell)
            return
        bound = found.bound
        if cell.depth % 3 == 2:
            i, j, _ = cell.longest
            weights = 0.5 * (cell.corners[i] + cell.corners[j])
            bound = contest.best_that_agrees(weights).bound
        for part in cell.at(weights, bound):
            self.push(least, part)

    def learn(self, plan: Found) -> None:
        """The nearest weights at which a plan is ahead, once for every plan."""
        key = np.round(plan.shares, 6).tobytes()
        if key in self.tried:
            return
        self.tried.add(key)
        cone = self.contest.cone(plan, self.until)
        if cone is not None and distance(cone, self.contest.present) < self.reached:
            self.best = cone


def contest(space: WeightSpace, inquiry: Inquiry, decisions: Decisions) -> Contest:
    """The contest of some decisions; `space` and `inquiry` are of the same solved scenario."""
    return Contest(
        space.present,
        replace(space, program=agreeing(inquiry, decisions)),
        [replace(space, program=program) for program in disagreeing(inquiry, decisions)],
    )
