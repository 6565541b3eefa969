"""Plans such that for every weighting one of them is within eps of the best, proved.

V(w) is convex. The stored plans' planes have an envelope L ≤ V; where one plan is the highest of them, V − L is convex,
so it is largest at a corner of that region. It is enough to look at the corners: solve there, and store the plan if it
is better by more than eps. Benson (1998), An outer approximation algorithm for generating all efficient extreme points
in the outcome set of a multiple objective linear programming problem; here over the weights.

Many corners need no solve, for chords between solved ones bound V from above. That the cells leave nothing out is
checked from their corners alone: they lie in the plans' regions, which do not overlap, and their volumes add up to 1.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from ...models.atlas import Atlas, AtlasCriterion, Cell, StoredPlan
from ..account import resources
from ..candidates import Floats
from ..crew.crew import Crew
from .regions import WHOLE, Regions, volume
from .space import Best, Found, WeightSpace

DISTANCE = 0.5
"""Points within which a stored plan is, where nothing else is asked for."""
EXACT = 1e-6
"""Points that count as none: with one or two criteria every plan that is best somewhere is stored."""
LEFT = 0.25
"""Part of eps that one solve with whole projects may leave open."""
AT_ONCE = 4
"""Corners that are solved before the regions are worked out again; always so many, so that --jobs changes nothing."""
Listener = Callable[[int], None]
"""Told how many plans there are."""
FLAT = 1e-12
"""Part of all weightings below which a region is a side of others."""


def look(space: WeightSpace, item: tuple[Floats, float]) -> Best:
    """The optimum at some weights to within so many points: a task of a crew."""
    return space.near_best(*item)


def covered(space: WeightSpace, eps: float, crew: Crew[WeightSpace], until: float, on_round: Listener) -> Regions:
    """The regions of enough plans, or of those found by the end of the time."""

    def optima(weightings: Iterable[Floats]) -> list[Best]:
        return list(crew.each(look, [(w, LEFT * eps) for w in weightings], AT_ONCE))

    ends = optima(np.eye(len(space.names)))
    regions = Regions(ends)
    regions.add(space.now().plan)
    while time.monotonic() < until:
        worst = regions.worst(eps, AT_ONCE)
        on_round(len(regions.plans))
        if not len(worst):
            break
        weightings, below = regions.weights[worst], regions.value[worst]
        found = optima(weightings)
        for corner, best in zip(worst.tolist(), found, strict=True):
            regions.looked_at(corner, best)
        for best, height in zip(found, below.tolist(), strict=True):
            if best.bound - height > eps:
                regions.add(best.plan)
    return regions


def cells_of(regions: Regions) -> list[tuple[int, Floats, float]]:
    """(plan, corners of its region (k, c), how far V is above it there at most) of every plan that has a region."""
    cells = []
    for k in range(len(regions.plans)):
        corners = regions.region(k)
        if volume(regions.weights[corners]) > FLAT:
            cells.append((k, regions.weights[corners], float(regions.gap[corners].max())))
    return cells


def atlas(
    space: WeightSpace,
    eps: float = DISTANCE,
    *,
    crew: Crew[WeightSpace] | None = None,
    until: float = math.inf,
    on_round: Listener = lambda plans: None,
) -> Atlas:
    """The atlas of all weightings; with two criteria exact (eps 0).

    `until` is the end of the time as `time.monotonic` has it. Raises SolverError if no plan is found in time.
    """
    eps = 0.0 if len(space.names) <= 2 else eps
    regions = covered(space, max(eps, EXACT), crew or Crew(space), until, on_round)
    plans, cells = regions.plans, cells_of(regions)
    kept = sorted({k for k, _, _ in cells})
    number = {k: i for i, k in enumerate(kept)}
    return Atlas(
        eps=eps,
        criteria=tuple(
            AtlasCriterion(name=n, scale=s) for n, s in zip(space.names, space.scales.tolist(), strict=True)
        ),
        plans=tuple(stored(space, plans[k]) for k in kept),
        cells=tuple(
            Cell(weights=tuple(map(tuple, corners.tolist())), plan=number[k], bound=max(0.0, bound))
            for k, corners, bound in cells
        ),
        proved=all(bound <= max(eps, EXACT) for _, _, bound in cells) and complete(cells),
    )


def complete(cells: Sequence[tuple[int, Floats, float]]) -> bool:
    """Whether the cells leave nothing out: their volumes add up to all weightings."""
    return abs(sum(volume(corners) for _, corners, _ in cells) - 1.0) <= WHOLE


def stored(space: WeightSpace, plan: Found) -> StoredPlan:
    """A plan as the atlas keeps it."""
    solved = space.solved
    candidates, places = solved.admission.candidates, solved.scenario.places
    shares: dict[str, dict[str, float]] = {}
    for option in np.flatnonzero(plan.shares > 0).tolist():
        where = shares.setdefault(str(candidates.ids[candidates.project[option]]), {})
        where[places[candidates.zone[option]]] = float(plan.shares[option])
    rows = resources(replace(solved.account, shares=plan.shares), {})
    return StoredPlan(
        criteria=space.totals(plan),
        penalty=0.0 - plan.fixed,
        shares=shares,
        resources=tuple((row.used, row.supply + row.made + row.substituted) for row in rows),
    )
