"""Out of memory, or of room on the disk: a sentence, a status, the old result whole. Never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from landalloc.optimizer.commands.outcome import Exit

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
HARBOUR = Path(__file__).resolve().parent.parent / "inputs" / "harbour.yaml"

SOLVE = """
import resource, signal, sys
from pathlib import Path
from landalloc.optimizer.commands import guard, solve
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
scenario, target, kind, room = sys.argv[1:]
room = int(room)
if kind == "memory":
    room += int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
elif kind == "file":
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
sys.exit(guard.run("landalloc.optimizer.commands.solve", dict(
    scenario=Path(scenario), case=None, settings=[], weights=[], solver="highs", time_limit=None, gap=None,
    method="auto", output=Path(target), wanted=["csv", "html"], lang="en", model=None)))
"""
MANY = """\
name: many
language: en
measures: {land: {unit: mu}, output: {unit: 亿元}}
supply: {land: 100000 mu}
defaults: {min_share: 0}
projects: [{table: many.csv}]
criteria: {output: {of: output, weight: 1}}
"""


def solve(scenario: Path, target: Path, kind: str, room: int) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-c", SOLVE, str(scenario), str(target), kind, str(room)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(arguments, capture_output=True, text=True, check=False, env=environment, cwd=target.parent)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_no_room_for_a_file(tmp_path: Path) -> None:
    target = tmp_path / "result"
    assert solve(HARBOUR, target, "none", 0).returncode == Exit.DONE
    before = contents(target)
    ended = solve(HARBOUR, target, "file", 10_000)
    assert ended.returncode == Exit.USAGE
    assert "no room on the disk" in ended.stderr
    assert "stays as it was" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert contents(target) == before
    assert [path.name for path in tmp_path.iterdir()] == ["result"]


def test_not_enough_memory(tmp_path: Path) -> None:
    rows = [f"p{i},{1 + i % 97},{1 + i % 89}" for i in range(30_000)]
    (tmp_path / "many.csv").write_text("\n".join(["id,land,output", *rows]), encoding="utf-8")
    scenario = tmp_path / "many.yaml"
    scenario.write_text(MANY, encoding="utf-8")
    target = tmp_path / "result"
    assert solve(HARBOUR, target, "none", 0).returncode == Exit.DONE
    before = contents(target)
    ended = solve(scenario, target, "memory", 32 << 20)
    assert ended.returncode == Exit.LIMIT, ended.stderr
    assert "not enough memory" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert contents(target) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["many.csv", "many.yaml", "result"]
