"""CSV in to ranked CSV and plan out, as a multiple of what nobody can do without.

    python benchmarks/end_to_end.py [--projects 10000 100000] [--zones 20] [--fit 3] [--real] [--runs 3] [--limit 600]

*run* is `landalloc solve --format csv`, from the start of the process to its end. *pandas* reads the same list and
writes the tables that the run wrote once more, *solve* is `optimise` of the same programme, both without the start of
Python and its libraries. CPU seconds, one thread, medians; memory is the peak of the whole run. What uses more than the
limit is stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import pandas as pd
from generate import REAL, Shape, generate
from peers import ONE_THREAD
from peers_table import short

from landalloc.optimizer import pipeline
from landalloc.optimizer.optimum import optimise
from landalloc.optimizer.read import read
from landalloc.optimizer.solve import Limits

RUN = "from landalloc.optimizer.cli import main; main()"
TABLES = ("ranking.csv", "projects.csv")


def whole_process(command: Sequence[str], limit: float) -> tuple[float, float, str] | None:
    """(CPU seconds, peak MB, what it printed) of a process; None if it was stopped, SystemExit if it failed."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 1))

    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdout=said, stderr=subprocess.STDOUT, preexec_fn=limited, env={**os.environ, **ONE_THREAD}
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    seconds = used.ru_utime + used.ru_stime
    if process.returncode < 0 and seconds >= limit:
        return None
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}\n{text[-2000:]}")
    return seconds, used.ru_maxrss / 1024, text


def least(place: Path) -> None:
    """Print what pandas and the solver take, the tables and the programme being there."""
    tables = [pd.read_csv(place / "out" / name) for name in TABLES if (place / "out" / name).exists()]
    start = time.process_time()
    pd.read_csv(place / "candidates.csv")
    for number, table in enumerate(tables):
        table.to_csv(place / f"again{number}.csv", index=False)
    pandas = time.process_time() - start
    program = pipeline.program(read(place / "scenario.yaml"))
    start = time.process_time()
    optimise(program, Limits())
    print(json.dumps({"pandas": pandas, "solve": time.process_time() - start}))  # noqa: T201


def measured(n: int, options: argparse.Namespace) -> str:
    """One line of the table."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shape = REAL if options.real else Shape(fit=options.fit)
        path = generate(place, n, options.zones, shape=shape)
        command = [sys.executable, "-c", RUN, "solve", str(path), "--format", "csv", "-o", str(place / "out")]
        runs = []
        for _ in range(options.runs):
            run = whole_process(command, options.limit)
            if run is None:
                return f"| {n:,} | over {options.limit:g} s | | | | |"
            runs.append(run)
            if run[0] > options.limit / 6:
                break
        others = []
        for _ in runs:
            done = whole_process([sys.executable, __file__, "--least", folder], 2 * options.limit)
            if done is None:
                return f"| {n:,} | {short(median(r[0] for r in runs))} s | | over {2 * options.limit:g} s | | |"
            others.append(json.loads(done[2].splitlines()[-1]))
    run, memory = median(r[0] for r in runs), median(r[1] for r in runs)
    pandas, solve = (median(o[key] for o in others) for key in ("pandas", "solve"))
    figures = f"{short(run)} s | {short(pandas)} s | {short(solve)} s | {short(run / (pandas + solve))} | {memory:,.0f}"
    return f"| {n:,} | {figures} |"


def main() -> None:
    parser = argparse.ArgumentParser(description="CSV in to ranked CSV and plan out, against pandas and the solve.")
    parser.add_argument("--projects", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--zones", type=int, default=20)
    parser.add_argument("--fit", type=int, default=3, help="zones of a project on average")
    parser.add_argument("--real", action="store_true", help="the list as an office keeps it; see generate.py")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=600.0, help="CPU seconds for one run")
    parser.add_argument("--least", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.least:
        least(options.least)
        return
    print("| projects | run | pandas | solve | run ÷ (pandas + solve) | peak MB |\n|---|---|---|---|---|---|")  # noqa: T201
    for n in options.projects:
        print(measured(n, options), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
