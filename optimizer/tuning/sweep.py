"""Many weightings, each solved: what they reach, who is in, and how often."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..candidates import Floats
from ..crew.crew import Crew
from .space import SAME, Best, WeightSpace
from .stability import lines

CHUNK = 16
"""Weightings that are solved one from the other; always so many, so that --jobs changes nothing."""
MOST = 100_000
"""Weightings of one sweep at most."""
Listener = Callable[[int], None]


def one_weight(space: WeightSpace, criterion: int, steps: int) -> Floats:
    """(steps + 1, c) one weight from none to all of the sum in equal steps, the others in proportion."""
    down, up = lines(space, criterion)
    now = float(space.present[criterion])
    parts = np.linspace(0.0, 1.0, steps + 1)
    rows = [down.at(1.0 - t / now) if t < now else up.at((t - now) / (1.0 - now) if now < 1.0 else 0.0) for t in parts]
    return np.array(rows)


def grid_size(criteria: int, steps: int) -> int:
    """How many weightings `grid` has: the ways to give `steps` parts to so many criteria."""
    count = 1
    for i in range(1, criteria):
        count = count * (steps + i) // i
    return count


def grid(criteria: int, steps: int) -> Floats:
    """(rows, c) all weightings in whole multiples of 1 / steps.

    >>> grid(2, 2).tolist()
    [[0.0, 1.0], [0.5, 0.5], [1.0, 0.0]]
    """
    parts = [np.array([], dtype=int)]
    for _ in range(criteria - 1):
        parts = [np.append(p, k) for p in parts for k in range(steps - int(p.sum()) + 1)]
    rows = np.array([np.append(p, steps - p.sum()) for p in parts], dtype=float)
    return rows / steps


def at_random(criteria: int, count: int, seed: int) -> Floats:
    """(count, c) weightings drawn uniformly from all there are: Dirichlet(1, …, 1)."""
    return np.random.default_rng(seed).dirichlet(np.ones(criteria), count)


def chunks(weightings: Floats) -> list[Floats]:
    return [weightings[i : i + CHUNK] for i in range(0, len(weightings), CHUNK)]


def solved(space: WeightSpace, weightings: Floats) -> list[Best]:
    """The optima of one chunk, each from the last one's basis: a task of a crew."""
    return [space.best(w) for w in weightings]


@dataclass(frozen=True, eq=False)
class Sweep:
    """What so many weightings give."""

    table: pd.DataFrame
    """a weighting a row: weight.C (parts of the sum), objective, bound, score, penalty, total.C (in unit(of))"""
    shares: Floats
    """(rows, n) the share of every project"""
    frequency: pd.DataFrame
    """a project a row: id, title, present (share), frequency (part of the weightings with a share), mean (share)"""


def sweep(
    space: WeightSpace,
    weightings: Floats,
    *,
    crew: Crew[WeightSpace] | None = None,
    until: float = math.inf,
    on_solve: Listener = lambda done: None,
) -> Sweep:
    """Solve at every weighting (rows, c), or at the first of them until the end of the time (`time.monotonic`).

    Raises SolverError if the solver finds no plan in time.
    """
    present = space.now()
    found: list[tuple[float, float, float, Floats, Floats]] = []  # never the plans: those of large scenarios add up
    for part in (crew or Crew(space)).each(solved, chunks(weightings)):
        found += [(b.worth, b.bound, 0.0 - b.plan.fixed, b.plan.reached, space.project_shares(b.plan)) for b in part]
        on_solve(len(found))
        if time.monotonic() > until:
            break
    weightings = weightings[: len(found)]
    worth, bound, penalty, reached, shares = (np.array(one) for one in zip(*found, strict=True))
    table = pd.DataFrame(
        {
            **{f"weight.{name}": weightings[:, c] for c, name in enumerate(space.names)},
            "objective": worth,
            "bound": np.maximum(bound, worth),
            "score": worth + penalty,
            "penalty": penalty,
            **{f"total.{name}": reached[:, c] * space.scales[c] / 100.0 for c, name in enumerate(space.names)},
        }
    )
    asked = space.solved.admission.asked
    frequency = pd.DataFrame(
        {
            "id": asked.ids,
            "title": asked.table["title"].to_numpy(),
            "present": space.project_shares(present.plan),
            "frequency": (shares > SAME).mean(axis=0),
            "mean": shares.mean(axis=0),
        }
    )
    return Sweep(table, shares, frequency)
