"""What weights cost: a re-solve after a change of weights, the atlas of all weightings, and that of the six scenarios.

    python benchmarks/weights.py [--projects 1000] [--zones 5] [--samples 40] [--atlas 3:0.001 5:0.01] [--inputs ...]

CPU seconds. *cold* is `solve` of the same programme, through PuLP, built and solved anew; *hot* the same weighting
through `WeightSpace.best`, each from where the last one stopped; both at gap 0 at random weightings, medians. An atlas
is told in multiples of one hot re-solve of the same run; its eps is a part of the optimum at the present weights.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import fields
from pathlib import Path
from statistics import median

from generate import generate
from resolve import found, timed

from landalloc.models.atlas import Atlas
from landalloc.optimizer.candidates import Floats
from landalloc.optimizer.read import read
from landalloc.optimizer.solve import Limits, solve
from landalloc.optimizer.tuning.atlas import atlas
from landalloc.optimizer.tuning.opened import open_space
from landalloc.optimizer.tuning.space import Best, WeightSpace
from landalloc.optimizer.tuning.sweep import at_random

INPUTS = ("harbour", "qinbei", "zhongshan", "towns", "dalian", "penglai")
LIMITS = Limits(seconds=None, gap=0.0)
PER_SOLVE = 60.0
"""Seconds for one solve of a scenario in inputs/, as `landalloc tune` has it."""


class CountedSpace(WeightSpace):
    """A space that counts, with its copies, how often a programme is solved."""

    solves = 0

    def best(self, weights: Floats, limits: Limits | None = None) -> Best:
        CountedSpace.solves += 1
        return super().best(weights, limits)


def opened(path: Path, limits: Limits) -> WeightSpace:
    """A scenario with its weights left open, counting from 0."""
    space = open_space(read(path), limits)
    CountedSpace.solves = 0
    return CountedSpace(**{field.name: getattr(space, field.name) for field in fields(space) if field.init})


def told(found: Atlas) -> str:
    worst = max(cell.bound for cell in found.cells)
    state = "proved" if found.proved else "NOT PROVED"
    return f"{len(found.plans)} plans, within {worst:.3g} points, {state}, {CountedSpace.solves} programmes solved"


def resolves(space: WeightSpace, samples: int) -> float:
    """Print the ratio of hot and cold; the median of the hot ones in CPU seconds."""
    weightings = at_random(len(space.names), samples, 0)
    space.best(space.present)
    hot = [timed(lambda w=w: space.best(w)) for w in weightings]
    cold = [timed(lambda w=w: solve(space.at(w), LIMITS)) for w in weightings[: samples // 4]]
    pairs = zip(weightings, hot, cold, strict=False)
    off = max(abs(best.worth - space.at(w).cost @ found(answer)) for w, (_, best), (_, answer) in pairs)
    times, base = [seconds for seconds, _ in hot], median(seconds for seconds, _ in cold)
    print(  # noqa: T201
        f"  re-solve at other weights: median {median(times) / base:.3f}, worst {max(times) / base:.3f} "
        f"of a cold solve ({base:.3f} s); optima differ by {off:.1e} points at most"
    )
    return median(times)


def large(criteria: int, part: float, options: argparse.Namespace) -> None:
    """Print one atlas of a scenario made by generate.py."""
    with tempfile.TemporaryDirectory() as place:
        path = generate(Path(place), options.projects, options.zones, criteria=criteria)
        space = opened(path, LIMITS)
    print(f"{options.projects:,} divisible projects, {options.zones} zones, {criteria} criteria")  # noqa: T201
    hot = resolves(space, options.samples)
    eps, CountedSpace.solves = part * space.now().worth, 0
    seconds, result = timed(lambda: atlas(space, eps))
    print(  # noqa: T201
        f"  atlas at {part:.1%} of the optimum, {eps:.3g} points: {told(result)}, "
        f"{seconds / hot:.0f} hot re-solves ({seconds:.1f} s)"
    )


def small(name: str, options: argparse.Namespace) -> None:
    """Print the atlas of one of the scenarios in inputs/."""
    space = opened(Path(__file__).parent.parent / "inputs" / f"{name}.yaml", Limits(seconds=PER_SOLVE, gap=0.0))
    until = time.monotonic() + options.patience
    seconds, result = timed(lambda: atlas(space, options.eps, until=until))
    print(f"{name}, {len(space.names)} criteria, eps {options.eps:g}: {told(result)}, {seconds:.1f} s")  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(description="What weights cost, as ratios to one re-solve.")
    parser.add_argument("--projects", type=int, default=1_000)
    parser.add_argument("--zones", type=int, default=5)
    parser.add_argument("--samples", type=int, default=40, help="weightings for the re-solves")
    parser.add_argument("--atlas", nargs="*", default=["3:0.001", "5:0.01"], help="criteria:part of the optimum")
    parser.add_argument("--inputs", nargs="*", default=INPUTS, choices=INPUTS, help="scenarios of inputs/")
    parser.add_argument("--eps", type=float, default=0.5, help="points, for the scenarios of inputs/")
    parser.add_argument("--patience", type=float, default=300.0, help="seconds of the clock for each of these")
    options = parser.parse_args()
    for each in options.atlas:
        criteria, part = each.split(":")
        large(int(criteria), float(part), options)
    for name in options.inputs:
        small(name, options)


if __name__ == "__main__":
    main()
