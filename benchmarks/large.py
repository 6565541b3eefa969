"""Price-then-core against the solver alone, in one run, on the same arrays.

    python benchmarks/large.py [--projects 10000 100000] [--runs 3] [--timeout 300] [--only auto core …]

Projects with lognormal figures, each fit for three of twenty zones; 28 shared rows: land by zone, energy, water,
shoreline, waste, jobs at least, three ratios; once with another worth in each zone, once with the same (`equal`). Every
run is a process of its own, one thread: CPU seconds of the solve alone, medians; memory is the process's peak.

    core       solve_large: prices, core, certificate (gap ≤ 1e-9)
    one        optimise: the same, then the one answer among ties, plan and prices
    simplex    bare HiGHS, dual simplex
    ipm        bare HiGHS, interior point and crossover
    pulp       PuLP's default: built, solved by HiGHS as PuLP sets it, read back
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import highspy
import numpy as np
import pulp

from landalloc.optimizer.core import SIZES, priced_answer
from landalloc.optimizer.engine import bounds
from landalloc.optimizer.optimum import optimise
from landalloc.optimizer.program import Layout, Program, Sense, falling
from landalloc.optimizer.solve import Clock, Limits, Silent, scaled, to_pulp

ZONES, CHOICE = 20, 3
Rows = list[tuple[str, Sense, float, Any, Any]]


def programme(n: int, equal: bool = False, seed: int = 0) -> Program:
    """n projects in three of twenty zones; `equal`: worth the same in each."""
    random = np.random.default_rng(seed)
    k = n * CHOICE
    steps = random.integers(1, ZONES // CHOICE + 1, (n, CHOICE)).cumsum(axis=1)
    zone = np.sort((random.integers(0, ZONES, n)[:, None] + steps) % ZONES, axis=1).ravel()
    project, columns = np.repeat(np.arange(n), CHOICE), np.arange(k)
    land = np.maximum(3.0, np.round(random.lognormal(np.log(60), 0.9, n), 1))
    medians = np.array([0.03, 0.06, 0.002, 0.5, 2.0, 0.15, 0.4])
    investment, output, tax, jobs, energy, water, waste = (
        medians * land[:, None] * random.lognormal(0.0, 0.45, (n, 7))
    ).T
    shore = np.where(random.random(n) < 0.3, land * random.lognormal(0.0, 0.5, n), 0.0)
    cluster = random.choice(4, n, p=[0.4, 0.15, 0.25, 0.2])
    saved = np.maximum(0.0, output * 40 - energy)
    criteria = ((25, investment), (30, output), (20, tax), (15, jobs), (10, saved))
    points = sum((weight * figure / figure.sum() for weight, figure in criteria), np.zeros(n))
    cost = points[project] * (1.0 if equal else random.lognormal(0.0, 0.15, k))
    rows: Rows = []

    def row(name: str, sense: Sense, limit: float, coefficient: Any) -> None:
        held = coefficient != 0
        rows.append((name, sense, limit, columns[held], coefficient[held]))

    for z, part in enumerate(np.linspace(1.5, 0.5, ZONES) / ZONES * 0.5 * land.sum()):
        row(f"supply|land|z{z:02}", Sense.AT_MOST, part, np.where(zone == z, land[project], 0.0))
    for name, figure, part in (
        ("energy", energy, 0.45),
        ("water", water, 0.5),
        ("shore", shore, 0.4),
        ("waste", waste, 0.5),
    ):
        row(f"supply|{name}|", Sense.AT_MOST, part * figure.sum(), figure[project])
    row("rule|jobs||at_least", Sense.AT_LEAST, 0.45 * jobs.sum(), jobs[project])
    row("rule|food||at_least", Sense.AT_LEAST, 0.0, (land * ((cluster == 2) - 0.3))[project])
    row("rule|chemicals||at_most", Sense.AT_MOST, 0.0, (land * ((cluster == 1) - 0.12))[project])
    row("rule|saving||at_most", Sense.AT_MOST, 0.0, (energy - 32 * output)[project])
    return sealed(cost, n, sorted(rows, key=lambda r: r[0]))


def sealed(cost: Any, n: int, rows: Rows) -> Program:
    """The programme of n projects with CHOICE columns each and the shared rows; ties by least use, then by rank."""
    k, columns = len(cost), np.arange(len(cost))
    use = np.zeros(k)
    for name, _, limit, at, value in rows:
        if name.startswith("supply"):
            use[at] -= value / limit
    counts = np.concatenate([np.full(n, CHOICE), [len(r[3]) for r in rows]])
    return Program(
        cost=cost,
        lower=np.zeros(k),
        upper=np.ones(k),
        integer=np.zeros(k, dtype=bool),
        column_names=[],
        start=np.concatenate([[0], np.cumsum(counts)]).astype(np.intp),
        index=np.concatenate([columns, *(r[3] for r in rows)]),
        value=np.concatenate([np.ones(k), *(r[4] for r in rows)]),
        sense=np.concatenate([np.ones(n), [int(r[1]) for r in rows]]).astype(np.intp),
        limit=np.concatenate([np.ones(n), [r[2] for r in rows]]),
        row_names=[*([""] * n), *(r[0] for r in rows)],
        own=np.arange(n + len(rows)) < n,
        layout=Layout(columns, np.ones(k), np.full(k, -1)),
        ties=(use, falling(columns + 1)),
    )


def by_core(program: Program) -> float:
    answer = priced_answer(program, Clock(Limits()), SIZES)
    assert answer is not None, "not certified"
    assert answer.values is not None
    return float(program.cost @ answer.values)


def one(program: Program) -> float:
    optimum = optimise(program, Limits())
    assert optimum is not None
    return optimum.objective


def bare(algorithm: str) -> Callable[[Program], float]:
    def run(program: Program) -> float:
        model, _, _, money = scaled(program)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(model.cost), len(model.limit)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = -model.cost, model.lower, model.upper
        lp.row_lower_, lp.row_upper_ = bounds(model.sense, model.limit)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = model.start, model.index, model.value
        solver = Silent()
        for option, value in (("threads", 1), ("solver", algorithm), ("run_crossover", "on")):
            solver.setOptionValue(option, value)
        solver.passModel(lp)
        solver.run()
        return -float(solver.getInfo().objective_function_value) / money

    return run


def by_pulp(program: Program) -> float:
    names = [f"r{i}" for i in range(len(program.limit))]
    problem = to_pulp(program, [f"c{j}" for j in range(len(program.cost))], names)
    problem.solve(pulp.HiGHS(msg=False, threads=1))
    return float(program.cost @ np.array([v.varValue or 0.0 for v in problem.variables()]))


METHODS: dict[str, Callable[[Program], float]] = {
    "core": by_core, "one": one, "simplex": bare("simplex"), "ipm": bare("ipm"), "pulp": by_pulp,
}  # fmt: skip


def peak_memory() -> float:
    """MB at most held by this process so far; ru_maxrss would count what its parent held when it was forked."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(method: str, path: Path) -> None:
    """One solve: CPU seconds, peak MB of the process, MB before the solve, the objective."""
    with path.open("rb") as file:
        program = pickle.load(file)
    before = peak_memory()
    start = time.process_time()
    objective = METHODS[method](program)
    seconds = time.process_time() - start
    peak = peak_memory()
    print(json.dumps({"seconds": seconds, "peak": peak, "before": before, "objective": objective}))  # noqa: T201


def measured(method: str, path: Path, runs: int, timeout: float) -> dict[str, float] | None:
    """Medians over the runs; None where one did not end in time."""
    results: list[dict[str, float]] = []
    for _ in range(runs):
        command = [sys.executable, __file__, "--child", method, str(path)]
        one_thread = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=True, env=one_thread)
        except subprocess.TimeoutExpired:
            return None
        results.append(json.loads(done.stdout.splitlines()[-1]))
        if results[-1]["seconds"] > timeout / 3:
            break
    return {key: median(r[key] for r in results) for key in results[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description="Price-then-core against the solver alone, in one run.")
    parser.add_argument("--projects", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=300.0, help="seconds for one run")
    parser.add_argument("--only", nargs="+", default=list(METHODS), choices=list(METHODS))
    parser.add_argument("--kinds", nargs="+", default=["apart", "equal"], choices=["apart", "equal"])
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]))
        return
    for n in options.projects:
        for kind in options.kinds:
            with tempfile.TemporaryDirectory() as place:
                path = Path(place) / "programme"
                with path.open("wb") as file:
                    pickle.dump(programme(n, kind == "equal"), file)
                found = {m: measured(m, path, options.runs, options.timeout) for m in options.only}
            base = found.get("core")
            for method, result in found.items():
                line = f"{n:>9,} {kind:6} {method:8}"
                if result is None:
                    print(f"{line} not after {options.timeout:.0f} s")  # noqa: T201
                    continue
                ratio = f"{result['seconds'] / base['seconds']:8.1f} x core" if base else ""
                memory = f"peak {result['peak']:6.0f} MB, {result['before']:6.0f} before"
                print(f"{line}{result['seconds']:9.2f} s {ratio}  {memory}  {result['objective']:.9f}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
