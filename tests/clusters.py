"""A Dask cluster of real processes on this machine, and bases and tasks that crews are tried with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landalloc.optimizer.crew.work import Work as Work

ADDRESS = ("--host", "127.0.0.1")
QUIET = ("--no-dashboard", "--dashboard-address", "127.0.0.1:0")
"""No dashboard; its server still takes a port, any."""


@contextmanager
def started(part: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """A part of Dask as a process of its own, ended with the test."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", f"distributed.cli.dask_{part}", *ADDRESS, *QUIET, *options]
    quiet = subprocess.DEVNULL  # and elsewhere: a relative path leads nowhere there
    process = subprocess.Popen(command, env=environment, cwd=os.sep, stdout=quiet, stderr=quiet)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """A scheduler without workers; its address, on a port of the system's choice."""
    file = folder / "scheduler.json"
    with started("scheduler", "--port", "0", "--scheduler-file", str(file)) as process:
        while not (file.exists() and file.read_text(encoding="utf-8")):
            assert process.poll() is None
            time.sleep(0.05)
        yield json.loads(file.read_text(encoding="utf-8"))["address"]


@contextmanager
def worker(address: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """One worker, a single process without anybody who would start it again."""
    options = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
    with started("worker", address, *options) as process:
        yield process


@dataclass(eq=False)
class Numbers:
    """A base that remembers what was done with it."""

    array: Any
    seen: list[int] = field(default_factory=list)

    def fresh(self) -> Numbers:
        return Numbers(self.array)


def summed(base: Numbers, item: int) -> tuple[float, list[int]]:
    """The sum of a base's numbers, times the item, and what this base has seen."""
    base.seen.append(item)
    return sum(base.array) * item, list(base.seen)


def written(base: Numbers, item: int) -> float:
    """Changes the base, which nobody else may notice."""
    before = float(sum(base.array))
    base.array[0] = item
    return before


def failing(base: Numbers, item: int) -> int:
    """A task that fails at 3, as a solver at its time limit does."""
    if item == 3:
        raise ValueError("stopped") from TimeoutError()
    return item


def unsendable(base: Numbers, item: int) -> object:
    return lambda: item


def dying(base: Numbers, item: tuple[int, str]) -> tuple[int, list[int]]:
    """The first process that comes to a number whose file is not there dies of it, as where memory runs out."""
    number, folder = item
    mark = Path(folder, str(number))
    base.seen.append(number)
    if number in (2, 5) and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number, list(base.seen)


def deadly(base: Numbers, item: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sleeping(base: Numbers, item: tuple[float, str]) -> None:
    """Tells its process, then takes its time."""
    seconds, folder = item
    Path(folder, str(os.getpid())).touch()
    time.sleep(seconds)
