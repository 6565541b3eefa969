"""What every tool is given, and what it answers."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from landalloc.optimizer.candidates import Floats
from landalloc.optimizer.program import Program, Sense

PHASES = ("build", "hand over", "solve", "read back")


def cpu() -> float:
    """CPU seconds of this process and of those that it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@dataclass
class Task:
    """What to solve and how, and the time that it took."""

    program: Program
    algorithm: str
    seconds: float
    """for whole projects"""
    phases: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PHASES, 0.0))

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        start = cpu()
        yield
        self.phases[name] += cpu() - start

    def highs(self) -> dict[str, Any]:
        """HiGHS's own options; its tolerances stay as they are."""
        options: dict[str, Any] = {"threads": 1, "solver": self.algorithm, "run_crossover": "on"}
        return options if self.program.linear else {"threads": 1, "time_limit": self.seconds, "mip_rel_gap": 0.0}


@dataclass
class Outcome:
    """What a tool says."""

    status: str
    values: np.ndarray | None = None
    bound: float | None = None
    """no plan is better, by the tool's word; whole projects only"""
    note: str = ""


def bounds(program: Program) -> tuple[Floats, Floats]:
    """(m,) lower and upper bound of every row."""
    low = np.where(program.sense == Sense.AT_MOST, -np.inf, program.limit)
    return low, np.where(program.sense == Sense.AT_LEAST, np.inf, program.limit)
