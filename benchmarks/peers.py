"""landalloc against bare solvers and the field's modelling layers: the same arrays, one run, phases apart.

    uv run --with-requirements benchmarks/peers.txt python benchmarks/peers.py [--projects 10000 100000]
        [--kinds plain equal …] [--peers core one …] [--runs 3] [--limit 60] [--seconds 20] [--minutes 15]

Every run is a process of its own with one thread and so many CPU seconds as a limit; who reached it is told as "over"
and not asked again about more projects. linopy, CVXPY and Pyomo are told which of HiGHS's two algorithms was quicker on
the same programme just before. Results are kept as they come (results/peers.jsonl): after an interruption, or when
the minutes are over, the same command goes on where it stopped. benchmarks/peers.md is written from them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from peers_table import PEERS, Record, best_of, page, seconds_of
from programmes import KINDS, programme

HERE = Path(__file__).parent
FEW = ("core", "one", "simplex", "ipm")
"""who is asked about every kind; all others about the first, if nothing is said"""
WHOLE = ("one", "simplex", "pulp", "scip")
PACKAGES = ("highspy", "pulp", "linopy", "cvxpy", "pyomo", "ortools", "numpy", "scipy")
ONE_THREAD = {
    f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "RAYON", "NUMEXPR")
} | {"POLARS_MAX_THREADS": "1"}  # fmt: skip
REPEATED = 1 / 6
"""A run that takes more than this part of the limit is not repeated."""


def header(options: argparse.Namespace) -> dict[str, Any]:
    """What results must share to stand in one table."""
    digest = hashlib.sha256()
    measures = ("layers", "programmes", "solvers", "task", "tool")
    for path in (*sorted((HERE.parent / "optimizer").glob("*.py")), *(HERE / f"{name}.py" for name in measures)):
        digest.update(path.read_bytes())
    versions = {name: version(name) for name in PACKAGES}
    return {
        "versions": versions,
        "code": digest.hexdigest()[:12],
        "limit": options.limit,
        "seconds": options.seconds,
        "runs": options.runs,
    }


class Store:
    """Results as they come, one line each; those of another header are left behind."""

    def __init__(self, path: Path, header: dict[str, Any]) -> None:
        self.path = path
        self.records: list[Record] = []
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        if lines and json.loads(lines[0]) == header:
            self.records = [Record(**json.loads(line)) for line in lines[1:]]
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(header) + "\n", encoding="utf-8")

    def add(self, record: Record) -> None:
        self.records.append(record)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(vars(record)) + "\n")

    def of(self, kind: str, projects: int, peer: str | None = None) -> list[Record]:
        return [r for r in self.records if (r.kind, r.projects) == (kind, projects) and peer in (None, r.peer)]

    def wants(self, kind: str, projects: int, peer: str, runs: int, seconds: float) -> bool:
        """Whether one more run is to be made: not after a failure or a long one, nor after giving up with fewer."""
        known = self.of(kind, projects, peer)
        gave_up = any(r.over for r in self.records if (r.kind, r.peer) == (kind, peer) and r.projects < projects)
        return len(known) < runs and not gave_up and not any(r.last(seconds) for r in known)


def attempt(peer: str, path: Path, algorithm: str, options: argparse.Namespace) -> dict[str, Any]:
    """One run: what tool.py says, {"over": seconds} or {"error": its last words}."""
    limit = max(options.limit, 4 * options.seconds) if path.name == "whole" else options.limit
    command = [sys.executable, str(HERE / "tool.py"), PEERS[peer].function, str(path)]
    command += ["--algorithm", algorithm, "--limit", str(limit), "--seconds", str(options.seconds)]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=10 * limit + 120,  # of the clock on the wall, for a machine that is busy
            env={**os.environ, **ONE_THREAD},
        )
    except subprocess.TimeoutExpired:
        return {"over": limit}
    if done.returncode == -signal.SIGXCPU:
        return {"over": limit}
    if done.returncode:
        words = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        return {"error": words[-1][:200]}
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    # what a tool starts as a process of its own has a limit of its own
    return result if seconds_of(result) <= limit else {"over": limit}


def asked(kind: str, options: argparse.Namespace) -> list[str]:
    """Who solves a kind, in order."""
    if options.peers:
        chosen = tuple(options.peers)
    elif kind == "whole":
        chosen = WHOLE
    else:
        chosen = tuple(PEERS) if kind == options.kinds[0] else FEW
    return [name for name, peer in PEERS.items() if name in chosen and (peer.whole if kind == "whole" else peer.linear)]


def solve_all(kind: str, projects: int, store: Store, options: argparse.Namespace, until: float) -> bool:
    """Everybody's runs of one programme that are not in the store yet; False when the time is over."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / kind
        for peer in asked(kind, options):
            while store.wants(kind, projects, peer, options.runs, REPEATED * options.limit):
                if time.monotonic() > until:
                    return False
                if not path.exists():
                    with path.open("wb") as file:
                        pickle.dump(programme(projects, kind), file)
                algorithm = PEERS[peer].algorithm or best_of(store.of(kind, projects))
                result = attempt(peer, path, algorithm, options)
                store.add(Record(kind, projects, peer, algorithm, result))
                said = result.get("error") or (f"over {options.limit:g} s" if "over" in result else "")
                print(f"{kind:10} {projects:>9,} {peer:13} {said or f'{seconds_of(result):.2f} s'}", flush=True)  # noqa: T201
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description="landalloc against its peers, on the same arrays, in one run.")
    parser.add_argument("--projects", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=KINDS)
    parser.add_argument("--peers", nargs="+", choices=list(PEERS), help="else all for the first kind, few for others")
    parser.add_argument("--runs", type=int, default=3, help="of which the median counts")
    parser.add_argument("--limit", type=float, default=60.0, help="CPU seconds for one run")
    parser.add_argument("--seconds", type=float, default=20.0, help="for one run with whole projects")
    parser.add_argument("--minutes", type=float, default=15.0, help="no run is started after so many")
    parser.add_argument("--data", type=Path, default=HERE.parent / "results" / "peers.jsonl")
    parser.add_argument("--out", type=Path, default=HERE / "peers.md")
    options = parser.parse_args()
    head = header(options)
    store, until = Store(options.data, head), time.monotonic() + 60 * options.minutes
    done = True
    for projects in sorted(options.projects):
        for kind in options.kinds:
            done = done and solve_all(kind, projects, store, options, until)
            options.out.write_text(page(head, store.records), encoding="utf-8")
    print(f"{options.out}" if done else f"{options.out}: not all of it, the same command goes on")  # noqa: T201


if __name__ == "__main__":
    main()
