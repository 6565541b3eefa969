"""How far each weight may move, the others in proportion, before the plan changes, and what changes then."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from ...models.tuning import Change, Payoff, Range, Stability
from ..crew.crew import Crew
from ..crew.work import Until
from .line import Line, Walk, walk
from .space import PROVED, SAME, Best, Found, WeightSpace

Listener = Callable[[str], None]


def lines(space: WeightSpace, criterion: int) -> tuple[Line, Line]:
    """From the present weights to none of a criterion, and to nothing but it, the others in proportion.

    Where the others have no weight at all, they come in equally.
    """
    alone = np.eye(len(space.names))[criterion]
    rest = np.where(alone > 0, 0.0, space.present)
    if rest.sum() <= 0:
        rest = 1.0 - alone if len(alone) > 1 else alone
    return Line(space.present, rest / rest.sum()), Line(space.present, alone)


def change(space: WeightSpace, course: Walk, present: Found) -> Change | None:
    """What is different in the next plan of a line; None where there is none."""
    others = [s.plan for s in course.stretches if not course.line.equal(s.plan, present)]
    if not others:
        return None
    more, less = space.moved(present, others[0])
    before, after = space.totals(present), space.totals(others[0])
    return Change(more=more, less=less, totals={n: after[n] - before[n] for n in space.names})


def until(course: Walk, present: Found) -> float | None:
    """Up to where on the line the present plan is optimal; None where nothing was found in time."""
    if not course.stretches:
        return None
    first = course.stretches[0]
    return first.high if course.line.equal(first.plan, present) else 0.0


def range_of(space: WeightSpace, present: Best, criterion: int, courses: tuple[Walk, Walk]) -> Range:
    """The exact interval of one weight within which the present plan stays optimal."""
    now = float(space.present[criterion])
    down, up = (until(course, present.plan) for course in courses)
    low, high = None if down is None else now * (1.0 - down), None if up is None else now + (1.0 - now) * up
    weights = {name: c.weight for name, c in space.solved.scenario.criteria.items()}
    name = space.names[criterion]
    others = sum(weights.values()) - weights[name]
    raw = [others * part / (1.0 - part) if part is not None and part < 1.0 else None for part in (low, high)]
    return Range(
        criterion=name,
        weight=weights[name],
        share=now,
        low=low,
        high=high,
        weights=(raw[0], raw[1]),
        below=change(space, courses[0], present.plan),
        above=change(space, courses[1], present.plan),
        plans=sum(len(course.stretches) for course in courses) - int(bool(down and up)),
        proved=present.proved and all(course.open == 0.0 and course.stretches for course in courses),
    )


def payoff(space: WeightSpace, criterion: int, until: float = math.inf) -> Payoff:
    """What one criterion reaches if it alone counts; of all such plans the one that is best at the present weights.

    Past the end of the time it is any of them, and not proved. Raises SolverError if no plan is found in time.
    """
    alone = np.eye(len(space.names))[criterion]
    best = space.best(alone)
    plan, late = space.now().plan, False
    if float(plan.worth(alone)) < best.worth - PROVED * max(1.0, abs(best.worth)):
        late = time.monotonic() > until
        plan = best.plan if late else space.best_then(alone, best.worth, space.present) or best.plan
    return Payoff(
        criterion=space.names[criterion],
        best=space.totals(plan)[space.names[criterion]],
        totals=space.totals(plan),
        proved=best.proved and not late,
    )


def follow(space: WeightSpace, item: tuple[int, bool, Best, Until]) -> Walk:
    """One of a criterion's lines from the present plan: a task of a crew."""
    criterion, up, present, until = item
    return walk(space, lines(space, criterion)[up], present, until.moment)


def stability(
    space: WeightSpace,
    *,
    crew: Crew[WeightSpace] | None = None,
    until: float = math.inf,
    on_stage: Listener = lambda stage: None,
) -> Stability:
    """Every weight's interval, what changes first, whose place depends on weights, and the payoff table.

    `until` is the end of the time as `time.monotonic` has it. Raises SolverError if no plan is found in time.
    """
    present = space.now()
    sides = [(c, up) for c in range(len(space.names)) for up in (False, True)]
    start = time.monotonic()
    ends = [start + (until - start) * (i + 1) / len(sides) for i in range(len(sides))]  # the same time for all
    items = [(c, up, present, Until(end)) for (c, up), end in zip(sides, ends, strict=True)]
    walks: list[Walk] = []
    for course in (crew or Crew(space)).each(follow, items):
        on_stage(space.names[len(walks) // 2])
        walks.append(course)
    found = list(zip(walks[::2], walks[1::2], strict=True))
    on_stage("payoff")
    plans = [present.plan, *(s.plan for both in found for course in both for s in course.stretches)]
    shares = np.array([space.project_shares(plan) for plan in plans])
    moves = np.ptp(shares, axis=0) > SAME
    candidates = space.solved.admission.candidates
    competes = np.isin(np.arange(len(candidates)), candidates.project)
    inside = shares[0] > SAME
    ids = candidates.ids
    walked = all(course.proved for both in found for course in both)
    ranges = tuple(range_of(space, present, c, both) for c, both in enumerate(found))
    return Stability(
        objective=present.worth,
        ranges=ranges,
        depends=tuple(ids[moves]),
        always=tuple(ids[~moves & inside]),
        never=tuple(ids[~moves & ~inside & competes]),
        payoff=tuple(payoff(space, c, until) for c in range(len(space.names))),
        tiers_held=bool(space.solved.tiers),
        proved=walked and all(r.proved for r in ranges),
    )
