"""The efficient frontier of two or three criteria: plans that cannot be better in one without being worse in another.

Two criteria: with t = −β, V(t) = max A subject to B ≥ β never falls in t, as the optimum over a supply does, so the
same machinery follows it (`inquiry.envelope`): the epsilon-constraint method of Haimes, Lasdon and Wismer (1971) with
β as a column, exact between the points too where projects are divisible. Three: the plans of an atlas, which are those
that some weighting prefers.

Only hard rules are kept here; what broken soft ones cost is told with every plan, not counted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...models.tuning import Frontier, FrontierPlan
from ..candidates import Bools, Floats
from ..crew.crew import Crew
from ..inquiry.ask import with_rows
from ..inquiry.envelope import Piece, Tape, linear_pieces, merged, whole_pieces
from ..program import Program, Sense
from ..solve import SolverError, solve
from .atlas import DISTANCE, cells_of, complete, covered, stored
from .line import Line, walk
from .space import ROOMS, Best, Found, WeightSpace

HELD = 1e-7
"""Points by which a value may be missed that a further solve must keep."""
JUMP = 1e-5
"""So many points, or parts of a value, before a jump its last point is told."""
MARGIN = 1e-2
"""The curve is followed from so much of its length beyond its end."""
Listener = Callable[[int], None]


def among(space: WeightSpace, criteria: Sequence[int]) -> WeightSpace:
    """The space of some criteria alone, without penalties; equal weights where all of theirs are 0."""
    chosen = list(criteria)
    present = space.present[chosen]
    present = present / present.sum() if present.sum() > 0 else np.full(len(chosen), 1.0 / len(chosen))
    return replace(
        space,
        names=tuple(space.names[c] for c in chosen),
        points=space.points[chosen],
        fixed=np.zeros_like(space.fixed),
        present=present,
        scales=space.scales[chosen],
    )


def held(program: Program, rows: Sequence[tuple[Floats, float]]) -> Program:
    """The programme with  cost · v ≥ least  for some costs."""
    named = ((f"held|{i}", Sense.AT_LEAST, least, np.flatnonzero(c), c[c != 0]) for i, (c, least) in enumerate(rows))
    return replace(with_rows(program, named), ties=())


@dataclass(frozen=True, eq=False)
class Corner:
    """A point of the frontier: what both criteria reach, in points, and the whole columns of a plan that does."""

    a: float
    b: float
    whole: Floats
    goes_on: bool
    """all between it and the next point is reached too"""


def best_of(space: WeightSpace, first: int, second: int) -> Found:
    """The best of one criterion, and of all such plans the best of the other. Raises SolverError if none is found."""
    ends = [np.eye(len(space.names))[c] for c in (first, second)]
    best = space.best(ends[0])
    return space.best_then(ends[0], best.worth, ends[1]) or best.plan


def frontier_of_two(two: WeightSpace, until: float, on_point: Listener) -> tuple[list[Corner], bool]:
    """The corners of the frontier from the best of the first criterion on, and whether that is all of it.

    What is not reached by the end of the time has the points that some weighting prefers, which are soon found.
    """
    ends = best_of(two, 0, 1), best_of(two, 1, 0)
    most, least = -float(ends[0].reached[1]), -float(ends[1].reached[1])  # t = −β
    first, last = (reached_by(two, end) for end in ends)
    if most - least <= HELD:
        return [first], True
    preferred: list[Corner] = []
    if until < math.inf and not two.program.linear:
        course = walk(two, Line(*np.eye(2)), Best(np.eye(2)[0], ends[0], first.a), until)
        preferred = [reached_by(two, stretch.plan) for stretch in course.stretches]
    found: list[Piece] = []
    for pieces in followed(two, first, most, least, until):
        found += pieces
        on_point(len(found))
    corners = corners_of(merged(found[::-1]))[::-1] or [first]
    if found and found[-1].low <= least + HELD:
        return corners, True
    for further in [*preferred, last]:
        if further.b > corners[-1].b + HELD:
            corners.append(further)
    return corners, False


def reached_by(two: WeightSpace, plan: Found) -> Corner:
    """The point of a plan."""
    return Corner(
        float(plan.reached[0]),
        float(plan.reached[1]),
        np.round(plan.values[np.flatnonzero(two.program.integer)]),
        False,
    )


def followed(two: WeightSpace, first: Corner, most: float, least: float, until: float) -> Iterator[list[Piece]]:
    """V(t) from t = `most`, where the first criterion is best, down to `least`, where the second is."""
    cost = two.points[1]
    columns = np.flatnonzero(cost)
    program = replace(two.at(np.array([1.0, 0.0])), ties=())
    program = with_rows(program, [("least", Sense.AT_MOST, 0.0, columns, -cost[columns])])
    tape = Tape(program, len(program.limit) - 1, two.limits, until)
    above = most + MARGIN * (most - least)  # V goes on level there, and the first plan is no longer at the very end
    if program.linear:
        return linear_pieces(tape, above, least)
    return whole_pieces(tape, first.whole, above, least)


def corners_of(pieces: Sequence[Piece]) -> list[Corner]:
    """The points of the frontier by rising t: of a flat piece its lower end, of a sloping one all of it.

    Where V jumps at the upper end of a sloping piece, that end is worse than the point above it: the last point before
    it is told.
    """
    found: list[Corner] = []
    for i, piece in enumerate(pieces):
        joined = bool(found) and abs(found[-1].a - piece.value) + abs(found[-1].b + piece.low) <= HELD
        if not joined:
            found.append(Corner(piece.value, -piece.low, piece.whole, False))
        jumps = i + 1 < len(pieces) and pieces[i + 1].value > piece.end + HELD
        high = piece.high - (JUMP * max(1.0, abs(piece.high)) if jumps else 0.0)
        end = piece.value + piece.slope * (high - piece.low)
        if high > piece.low and end > piece.value + HELD:
            found.append(Corner(end, -high, piece.whole, True))
    return found


def told(space: WeightSpace, few: WeightSpace, reached: Floats, whole: Floats) -> Found:
    """The plan of a point: the present one if it is there, else of those with its whole columns the one that is best
    at the present weights.

    `reached` are the points of each of the few criteria.
    """
    present = space.now().plan
    if (np.abs(few.points @ present.values - reached) <= HELD * np.maximum(1.0, np.abs(reached))).all():
        return present
    program = space.program.relaxed()
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[space.program.integer] = upper[space.program.integer] = whole
    for room in ROOMS:
        least = (reached - room * np.maximum(1.0, np.abs(reached))).tolist()
        rows = list(zip(few.points, least, strict=True))
        answer = solve(held(replace(program, lower=lower, upper=upper), rows), space.limits)
        if answer.values is not None:
            return space.plan(answer.values)
    raise SolverError("a point of the frontier could not be reached again")


def supported(points: Floats) -> Bools:
    """(k,) which of some points, (k, 2) by falling first value, some weighting of the two prefers: the upper hull's."""
    hull: list[int] = []
    for i, point in enumerate(points):
        while len(hull) >= 2:
            a, b = points[hull[-2]], points[hull[-1]]
            if (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]) >= -HELD:  # turns left, or goes on
                break
            hull.pop()
        hull.append(i)
    return np.isin(np.arange(len(points)), hull)


def knee(points: Floats) -> int | None:
    """The point furthest above the line between the two ends, both values as parts of their range; None for a line."""
    low, span = points.min(axis=0), np.ptp(points, axis=0)
    if len(points) < 3 or not span.all():
        return None
    over = ((points - low) / span).sum(axis=1) - 1.0
    return int(np.argmax(over)) if over.max() > HELD else None


def pareto(
    space: WeightSpace,
    criteria: Sequence[int],
    *,
    eps: float = DISTANCE,
    until: float = math.inf,
    on_point: Listener = lambda points: None,
    crew: Callable[[WeightSpace], Crew[WeightSpace]] = Crew,
) -> Frontier:
    """The frontier of two criteria, from the best of the first on; of three, to within eps points.

    Raises SolverError if the solver finds no plan in time.
    """
    few = among(space, criteria)
    present = space.now().plan
    if len(criteria) == 2:
        corners, proved = frontier_of_two(few, until, on_point)
        points = np.array([[c.a, c.b] for c in corners])
        goes_on = [c.goes_on for c in corners]
        plans = [told(space, few, point, c.whole) for point, c in zip(points, corners, strict=True)]
        preferred, bend = supported(points), knee(points)
    else:
        with crew(few) as many:
            regions = covered(few, eps, many, until, on_point)
        cells = cells_of(regions)
        proved = all(bound <= eps for _, _, bound in cells) and complete(cells)
        best = sorted((regions.plans[k] for k, _, _ in cells), key=lambda plan: tuple(-plan.reached))
        whole = np.flatnonzero(space.program.integer)
        plans = [told(space, few, plan.reached, np.round(plan.values[whole])) for plan in best]
        goes_on, preferred, bend = [False] * len(plans), np.ones(len(plans), dtype=bool), None
    return Frontier(
        criteria=few.names,
        present=described(space, present, present, preferred=False),
        plans=tuple(
            described(space, present, plan, preferred=bool(preferred[i]), knee=i == bend, goes_on=goes_on[i])
            for i, plan in enumerate(plans)
        ),
        eps=0.0 if len(criteria) == 2 else eps,
        tiers_held=bool(space.solved.tiers),
        proved=proved,
    )


def described(
    space: WeightSpace, present: Found, plan: Found, *, preferred: bool, knee: bool = False, goes_on: bool = False
) -> FrontierPlan:
    """A plan of the frontier beside the present one."""
    more, less = space.moved(present, plan)
    kept = stored(space, plan)
    return FrontierPlan(
        criteria=kept.criteria,
        penalty=kept.penalty,
        shares=kept.shares,
        objective=float(plan.worth(space.present)),
        supported=preferred,
        knee=knee,
        goes_on=goes_on,
        more=more,
        less=less,
    )
