"""What a question costs beside a plan: programmes solved again, and must, could, never for everybody.

    python benchmarks/resolve.py [--projects 1000] [--whole 0.0 0.3] [--zones 5] [--samples 20] [--patience 60]

CPU seconds, medians and the worst, as ratios to one cold `solve` (through PuLP, names and all) of the same programme at
gap 0 in the same run; *bare* is highspy alone, cold, on the same scaled arrays. Each re-solve changes one figure and
starts from where the last one stopped.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
from generate import generate
from phases import bare

from landalloc.optimizer import pipeline
from landalloc.optimizer.assemble import Solved
from landalloc.optimizer.inquiry.ask import Inquiry, inquire
from landalloc.optimizer.inquiry.standing import DISTANCES, standings
from landalloc.optimizer.program import Program
from landalloc.optimizer.read import read
from landalloc.optimizer.score import scales
from landalloc.optimizer.solve import Answer, Limits, solve


def timed[T](act: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds, and what came out."""
    start = time.process_time()
    result = act()
    return time.process_time() - start, result


def opened(path: Path, limits: Limits) -> tuple[Inquiry, float, float]:
    """(the inquiry, seconds of one cold solve, seconds of bare HiGHS), all at gap 0."""
    reading = read(path)
    kept = scales(reading.base_scenario, reading.base_candidates)
    admission, scores = pipeline.prepare(reading.scenario, reading.candidates, kept)
    program = pipeline.formulated(reading.scenario, admission, scores, [])
    without, _ = timed(lambda: bare(program, limits))
    cold, answer = timed(lambda: solve(program, limits))
    solved = Solved(reading.scenario, admission, scores, program, program.shares(found(answer)), {}, ())
    return inquire(solved, limits), cold, without


def found(answer: Answer) -> np.ndarray:
    if answer.values is None:
        raise SystemExit("no plan in the time: give it more patience")
    return answer.values


def limits_changed(program: Program, random: np.random.Generator, samples: int) -> Iterator[Program]:
    """One supply at a time, by up to 2 %."""
    rows = [i for i, name in enumerate(program.row_names) if name.startswith("supply|")]
    for row in random.choice(rows, samples):
        limit = program.limit.copy()
        limit[row] *= random.uniform(0.98, 1.02)
        yield replace(program, limit=limit)


def costs_changed(program: Program, random: np.random.Generator, samples: int) -> Iterator[Program]:
    """One project's value at a time, by up to a tenth."""
    projects = np.unique(np.flatnonzero(program.cost))
    for column in random.choice(projects, samples):
        cost = program.cost.copy()
        cost[column] *= random.uniform(0.9, 1.1)
        yield replace(program, cost=cost)


def measured(n: int, whole: float, options: argparse.Namespace) -> None:
    """Print one programme's ratios."""
    limits = Limits(seconds=options.patience if whole else None, gap=0.0)
    random = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as place:
        path = generate(Path(place), n, options.zones, whole)
        inquiry, cold, without = opened(path, limits)
    say = print
    say(
        f"{n:,} projects, {whole:.0%} of them whole: one cold solve {cold:.2f} s, bare HiGHS {without / cold:.2f} of it"
    )
    kinds = {"a limit changed": limits_changed, "a cost changed": costs_changed}
    for name, change in kinds.items():
        programs = list(change(inquiry.program, random, options.samples))
        inquiry.ask(inquiry.program)
        show(name, [timed(lambda p=p: inquiry.ask(p))[0] for p in programs], cold)
    competing = random.choice(np.flatnonzero(inquiry.force >= 0), options.samples, replace=False).tolist()
    inquiry.ask(inquiry.program)
    show("forced in or kept out", [timed(lambda p=p: inquiry.otherwise(p))[0] for p in competing], cold)
    inquiry.cache.clear()
    seconds, near = timed(lambda: standings(inquiry))
    told = [near.told(p, DISTANCES) for p in np.flatnonzero(inquiry.force >= 0).tolist()]
    say(
        f"  must, could, never of {len(told)} within {' and '.join(f'{d:g}' for d in DISTANCES)} points: "
        f"{seconds / cold:.1f} cold solves, {near.solves} programmes, {sum(not sure for _, sure in told)} not proved"
    )


def show(name: str, seconds: list[float], cold: float) -> None:
    say = print
    say(f"  {name:22} median {median(seconds) / cold:.3f}, worst {max(seconds) / cold:.3f} of a cold solve")


def main() -> None:
    parser = argparse.ArgumentParser(description="Programmes solved again, as ratios to one cold solve.")
    parser.add_argument("--projects", type=int, nargs="+", default=[1_000])
    parser.add_argument("--whole", type=float, nargs="+", default=[0.0, 0.3], help="parts that are all or nothing")
    parser.add_argument("--zones", type=int, default=5)
    parser.add_argument("--samples", type=int, default=20, help="re-solves of each kind")
    parser.add_argument("--patience", type=float, default=60.0, help="seconds for each solve with whole projects")
    options = parser.parse_args()
    for n in options.projects:
        for whole in options.whole:
            measured(n, whole, options)


if __name__ == "__main__":
    main()
