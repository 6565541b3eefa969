"""The same input gives the same bytes, whatever the threads, the hash seed and the order of the rows."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from build import Raw
from laws import fresh
from mixes import mix, write

FILES = ("plan.json", "ranking.csv", "resources.csv", "projects.csv")


def landalloc(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    command = [sys.executable, "-c", "from landalloc.optimizer.cli import main; main()", *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)


def solved(scenario: Path, out: Path, *, threads: int = 1, hash_seed: int = 0) -> dict[str, bytes]:
    """The files that `landalloc solve` writes."""
    many = {f"{name}_NUM_THREADS": str(threads) for name in ("OMP", "OPENBLAS", "MKL")}
    options = ["--method", "core", "--format", "csv", "--lang", "en"]
    ran = landalloc("solve", str(scenario), "-o", str(out), *options, PYTHONHASHSEED=str(hash_seed), **many)
    assert ran.returncode == 0, ran.stderr
    return {name: (out / name).read_bytes() for name in FILES if (out / name).exists()}


def test_threads_and_hash_seeds_change_no_byte(tmp_path: Path) -> None:
    scenario = write(mix(8, 1500, style="spread"), tmp_path)
    one = solved(scenario, tmp_path / "one", threads=1, hash_seed=0)
    two = solved(scenario, tmp_path / "two", threads=2, hash_seed=12345)
    assert one == two
    assert {"plan.json", "ranking.csv"} <= one.keys()


def told(files: dict[str, bytes]) -> Any:
    """plan.json without what names its input's bytes."""
    plan = json.loads(files["plan.json"])
    plan.pop("digest")
    plan["provenance"].pop("inputs")
    return plan


def test_the_order_of_the_rows_changes_no_byte(tmp_path: Path) -> None:
    raw = mix(9, 600, style="tied")
    turned = np.random.default_rng(0).permutation(len(raw["projects"])).tolist()
    one = solved(write(raw, tmp_path / "a"), tmp_path / "one")
    two = solved(write(raw, tmp_path / "b", turned), tmp_path / "two")
    assert told(one) == told(two)
    assert {n: b for n, b in one.items() if n != "plan.json"} == {n: b for n, b in two.items() if n != "plan.json"}


def hopeless(raw: Raw) -> Raw:
    """More jobs than all projects bring together."""
    raw = fresh(raw)
    total = sum(p["jobs"] for p in raw["projects"])
    raw["rules"] = [*raw["rules"], {"name": "too-many", "total": {"of": "jobs", "at_least": 1.5 * total}}]
    return raw


def test_ten_thousand_projects_that_cannot_keep_a_rule_are_told_so(tmp_path: Path) -> None:
    scenario = write(hopeless(mix(1, 10_000, style="spread")), tmp_path)
    ran = landalloc("solve", str(scenario), "-o", str(tmp_path / "out"), "--lang", "en")
    assert ran.returncode == 3, ran.stderr
    assert "Traceback" not in ran.stderr + ran.stdout
    assert "No plan can keep all hard rules" in ran.stderr
    assert not (tmp_path / "out" / "ranking.csv").exists()
