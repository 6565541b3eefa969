"""One programme handed to one tool, phases apart; `peers.py` runs this file as a process of its own.

    python benchmarks/tool.py TOOL PROGRAMME [--algorithm ipm] [--limit 60] [--seconds 20]

Every tool gets the same arrays by the quickest way that its documentation shows, after a tiny programme, so that what
it imports and looks up once is not counted. CPU seconds, those of processes that it starts too; the process is stopped
when it has used `--limit` of them.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pickle
import resource
import signal
from pathlib import Path
from typing import Any

import numpy as np
from programmes import programme
from task import Outcome, Task, cpu

from landalloc.optimizer.program import Program, Sense

MODULES = {
    "core": "solvers", "one": "solvers", "highs": "solvers", "by_pulp": "solvers", "by_linopy": "layers",
    "by_cvxpy": "layers", "by_pyomo": "layers", "by_ortools": "layers",
}  # fmt: skip
"""which function stands where"""


def peak_memory() -> float:
    """MB at most held by this process so far; ru_maxrss would count what its parent held when it was forked."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def checked(program: Program, outcome: Outcome) -> dict[str, Any]:
    """What the tool says, in words that all share, and its values added up again.

    `missed`: the most by which a row is missed, as a part of its limit and its terms, or a column its bounds or a
    whole number.
    """
    said = outcome.status.lower().replace("_", " ")
    words = [word for word in ("infeasible", "optimal", "limit") if word in said.replace("timelimit", "limit")]
    result: dict[str, Any] = {"status": words[0] if words else said, "note": outcome.note, "bound": outcome.bound}
    values = outcome.values
    if values is None or len(values) != len(program.cost) or result["status"] == "infeasible":
        return result | {"objective": None, "missed": None}
    over = program.activity(values) - program.limit
    gross = np.bincount(program.row_of_entry(), np.abs(program.value * values[program.index]), len(over))
    over = np.where(program.sense == Sense.EQUAL, np.abs(over), over * program.sense)
    missed = max(
        float((over / np.maximum(np.abs(program.limit), gross).clip(1e-300)).max(initial=0.0)),
        float(np.maximum(program.lower - values, values - program.upper).max(initial=0.0)),
        float(np.abs(values - np.round(values))[program.integer].max(initial=0.0)),
    )
    return result | {"objective": float(program.cost @ values), "missed": missed}


def main() -> None:
    parser = argparse.ArgumentParser(description="One programme handed to one tool.")
    parser.add_argument("tool", choices=list(MODULES))
    parser.add_argument("programme", type=Path, help="a pickled Program, as peers.py writes it")
    parser.add_argument("--algorithm", default="choose")
    parser.add_argument("--limit", type=float, help="CPU seconds after which the process is stopped")
    parser.add_argument("--seconds", type=float, default=20.0, help="for whole projects")
    options = parser.parse_args()
    with options.programme.open("rb") as file:
        program: Program = pickle.load(file)
    tool = getattr(importlib.import_module(MODULES[options.tool]), options.tool)
    tool(Task(programme(20), options.algorithm, options.seconds))
    before = peak_memory()
    if options.limit:
        resource.setrlimit(resource.RLIMIT_CPU, (int(cpu() + options.limit) + 1, resource.RLIM_INFINITY))
    task, start = Task(program, options.algorithm, options.seconds), cpu()
    try:
        outcome = tool(task)
    except Exception:
        if options.limit and cpu() - start >= 0.95 * options.limit:  # the solver that it started was stopped
            os.kill(os.getpid(), signal.SIGXCPU)
        raise
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    memory = {"before": before, "peak": max(peak_memory(), children)}
    resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(json.dumps({"phases": task.phases} | memory | checked(program, outcome)))  # noqa: T201


if __name__ == "__main__":
    main()
