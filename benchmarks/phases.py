"""Where the time goes: every phase of `landalloc solve` apart, as ratios to the bare solver on the same model.

    python benchmarks/phases.py [--projects 1000 10000] [--zones 5] [--whole 0.0] [--runs 3] [--profile PHASE]

CPU seconds, medians over the runs. *bare* is highspy alone: the same scaled arrays passed as they are and solved, no
names, no ties broken. *one answer* is what it takes until every solver gives the same plan and prices.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import highspy
import numpy as np
from generate import generate

from landalloc.optimizer import pipeline
from landalloc.optimizer import solve as gateway
from landalloc.optimizer.allocation import Allocation
from landalloc.optimizer.assemble import Solved, project_table
from landalloc.optimizer.optimum import Optimum, optimise
from landalloc.optimizer.program import Program, Sense
from landalloc.optimizer.read import read
from landalloc.optimizer.report import csv as tables
from landalloc.optimizer.report import folder
from landalloc.optimizer.report import json as plan_json
from landalloc.optimizer.respond import price_in
from landalloc.optimizer.score import scales

LIMITS = gateway.Limits(seconds=None, gap=1e-4)


class Clock:
    """CPU seconds of named phases, and the profile of one of them."""

    def __init__(self, profiled: str | None) -> None:
        self.seconds: dict[str, float] = {}
        self.profiled = profiled
        self.profile = cProfile.Profile()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        if name == self.profiled:
            self.profile.enable()
        start = time.process_time()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - start
        self.profile.disable()


def bare(program: Program, limits: gateway.Limits = LIMITS) -> None:
    """highspy alone, on the same scaled arrays with the same options."""
    model, *_ = gateway.scaled(program)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.cost), len(model.limit)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = -model.cost, model.lower, model.upper
    lp.row_lower_ = np.where(model.sense == Sense.AT_MOST, -np.inf, model.limit)
    lp.row_upper_ = np.where(model.sense == Sense.AT_LEAST, np.inf, model.limit)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = model.start, model.index, model.value
    if not program.linear:
        kinds = np.array([highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger])
        lp.integrality_ = kinds[model.integer.astype(int)].tolist()
    solver = gateway.Silent()
    gateway.configure(solver, gateway.highs_options(limits, whole=not program.linear))
    solver.passModel(lp)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise SystemExit(f"the bare solver stopped: {solver.getModelStatus()}")


def solve_apart(program: Program, clock: Clock) -> None:
    """The first solve of `optimise`, taken apart as PuLP does it: hand over, solve, read back."""
    engine = gateway.engine(LIMITS, not program.linear, True)
    with clock.phase("hand over"):
        model, *_ = gateway.scaled(program)
        names = [f"r{i}" for i in range(len(program.limit))]
        problem = gateway.to_pulp(model, [f"c{j}" for j in range(len(program.cost))], names)
        engine.createAndConfigureSolver(problem)
        engine.buildSolverModel(problem)
    with clock.phase("solve"):
        engine.callSolver(problem)
    with clock.phase("read back"):
        engine.findSolutionValues(problem)
        np.array([v.varValue or 0.0 for v in problem.variables()])
        if program.linear:
            gateway.row_duals(problem, len(names))


def whole_run(path: Path, target: Path, clock: Clock) -> None:
    """What `landalloc solve` does, phase by phase; the first solve is done twice, to see its parts."""
    with clock.phase("read"):
        reading = read(path)
    scenario, candidates = reading.scenario, reading.candidates
    with clock.phase("formulate"):
        kept = scales(reading.base_scenario, reading.base_candidates)
        admission, scores = pipeline.prepare(scenario, candidates, kept)
        program = pipeline.formulated(scenario, admission, scores, [])
    with clock.phase("bare"):
        bare(program)
    solve_apart(program, clock)
    with clock.phase("optimise"):
        optimum = optimise(program, LIMITS)
    assert optimum is not None
    solved = solved_of(program, optimum, scenario, admission, scores)
    with clock.phase("price in"):
        changes = price_in(
            program.relaxed(), admission.candidates, optimum.relaxation, optimum.prices, scenario.measures
        )
    with clock.phase("certify"):
        certificate = pipeline.certified(reading, solved, kept, optimum.bound)
    with clock.phase("tables"):
        plan = pipeline.compose(solved, certificate, changes, pipeline.provenance(reading, "highs", None), "en")
    with clock.phase("rank"):
        allocation = Allocation(plan, project_table(solved, "en"))
    with clock.phase("write"):
        folder.write(target, plan_json.files(allocation) | tables.files(allocation, "en"))


def solved_of(program: Program, optimum: Optimum, scenario: Any, admission: Any, scores: Any) -> Solved:
    shares = np.clip(program.shares(optimum.values), 0.0, 1.0)
    prices = {name: float(optimum.prices[row]) for row, name in program.shared_rows()}
    return Solved(scenario, admission, scores, program, shares, prices, ())


def measured(n: int, options: argparse.Namespace) -> dict[str, float]:
    """Median CPU seconds of every phase."""
    runs: list[dict[str, float]] = []
    clock = Clock(None)
    with tempfile.TemporaryDirectory() as place:
        path = generate(Path(place) / "in", n, options.zones, options.whole)
        for number in range(options.runs):
            clock = Clock(options.profile if number == options.runs - 1 else None)
            whole_run(path, Path(place) / "out", clock)
            runs.append(clock.seconds)
    if options.profile:
        pstats.Stats(clock.profile).sort_stats("cumulative").print_stats(35)
    seconds = {phase: median(run[phase] for run in runs) for phase in runs[0]}
    solving = seconds["hand over"] + seconds["solve"] + seconds["read back"]
    seconds["one answer"] = seconds.pop("optimise") - solving
    return seconds


PHASES = (
    "read", "formulate", "hand over", "solve", "read back", "one answer", "price in", "certify", "tables", "rank",
    "write",
)  # fmt: skip


def show(sizes: list[int], results: list[dict[str, float]], say: Callable[[str], None]) -> None:
    """A table: seconds and, in brackets, times the bare solver."""
    say(f"{'phase':12}" + "".join(f"{n:>12,} projects" for n in sizes))
    for phase in ("bare", *PHASES):
        cells = (f"{r[phase]:10.3f} s ({r[phase] / r['bare']:5.2f})" for r in results)
        say(f"{phase:12}" + " ".join(cells))
    around = [sum(r[p] for p in PHASES if p not in ("solve", "one answer")) for r in results]
    say(
        f"{'around':12}" + " ".join(f"{a:10.3f} s ({a / r['bare']:5.2f})" for a, r in zip(around, results, strict=True))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Every phase as a ratio to the bare solver on the same model.")
    parser.add_argument("--projects", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--zones", type=int, default=5)
    parser.add_argument("--whole", type=float, default=0.0, help="part of the projects that are all or nothing")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--profile", help="a phase whose profile is printed: read, rank, optimise, …")
    options = parser.parse_args()
    show(options.projects, [measured(n, options) for n in options.projects], print)


if __name__ == "__main__":
    main()
