"""What it takes from a file to a programme and its certificate, beside what pandas takes to read and write the table.

    python benchmarks/reading.py [--projects 10000 100000] [--zones 3] [--kinds csv parquet yaml]

Every case in a process of its own: CPU seconds by phase, and the most memory that the process held.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from generate import generate

from landalloc.optimizer import pipeline
from landalloc.optimizer.certify import certify
from landalloc.optimizer.read import read
from landalloc.optimizer.score import scales


def timed[T](seconds: dict[str, float], name: str, work: Callable[[], T]) -> T:
    start = time.process_time()
    done = work()
    seconds[name] = time.process_time() - start
    return done


def pandas_alone(path: Path) -> dict[str, float]:
    """Read and write the same columns."""
    seconds: dict[str, float] = {}
    table = timed(seconds, "read", lambda: pd.read_csv(path.parent / "candidates.csv"))
    timed(seconds, "write", lambda: table.to_csv(path.parent / "out.csv", index=False))
    return seconds


def ours(path: Path) -> dict[str, float]:
    """Read, admit, score, formulate and certify a plan that admits nobody."""
    seconds: dict[str, float] = {}
    reading = timed(seconds, "read", lambda: read(path))
    kept = timed(seconds, "scales", lambda: scales(reading.base_scenario, reading.base_candidates))
    admission, scores = timed(
        seconds, "admit, score", lambda: pipeline.prepare(reading.scenario, reading.candidates, kept)
    )
    timed(seconds, "formulate", lambda: pipeline.formulated(reading.scenario, admission, scores, []))
    nothing = np.zeros(len(reading.candidates.project))
    timed(
        seconds,
        "certify",
        lambda: certify(
            reading.scenario, reading.candidates, nothing, {}, scales=kept, objective=0.0, bound_solver=1.0
        ),
    )
    return seconds


def written(path: Path, kind: str) -> Path:
    """The scenario with its projects in a table of another kind, or in the file itself."""
    table = pd.read_csv(path.parent / "candidates.csv", dtype=str if kind == "yaml" else None)
    text = path.read_text(encoding="utf-8")
    other = path.parent / f"{kind}.yaml"
    if kind == "parquet":
        table.to_parquet(path.parent / "candidates.parquet")
        other.write_text(text.replace("candidates.csv", "candidates.parquet"), encoding="utf-8")
    elif kind == "yaml":
        rows = (", ".join(f"{k}: {v}" for k, v in row.items() if k != "zones") for row in table.to_dict("records"))
        zones = table["zones"].str.replace(";", ",")
        lines = [f"  - {{{row}, zones: [{names}]}}" for row, names in zip(rows, zones, strict=True)]
        other.write_text(text.replace("  - {table: candidates.csv}", "\n".join(lines)), encoding="utf-8")
    return path if kind in ("csv", "pandas") else other


def main() -> None:
    parser = argparse.ArgumentParser(description="From a file to a programme, beside pandas.")
    parser.add_argument("--projects", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--zones", type=int, default=3)
    parser.add_argument("--kinds", nargs="+", default=["csv", "parquet", "yaml"])
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        kind, path = options.child
        seconds = (pandas_alone if kind == "pandas" else ours)(Path(path))
        print(json.dumps({**seconds, "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))  # noqa: T201
        return
    for n in options.projects:
        with tempfile.TemporaryDirectory() as folder:
            path = generate(Path(folder), n, options.zones)
            for kind in ("pandas", *options.kinds):
                command = [sys.executable, __file__, "--child", kind, str(written(path, kind))]
                seen = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                cells = "  ".join(f"{name} {value:.3f}" for name, value in seen.items() if name != "MB")
                print(f"{n:>10,} {kind:8} {cells}  {seen['MB']:.0f} MB")  # noqa: T201


if __name__ == "__main__":
    main()
