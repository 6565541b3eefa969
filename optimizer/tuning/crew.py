"""Who solves: this process, or several side by side, each with the scenario open. The answers are the same.

A task is a function (space, item) of a module, its item plain data. Whatever a task finds may depend on what its space
has solved before, so places in a row have spaces of their own, and a place is always served by the same process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Self

from ..read import read
from ..solve import Limits
from .opened import open_space
from .space import WeightSpace


@dataclass(frozen=True)
class Question:
    """Which scenario is asked about. Plain data, so that other processes can be told it."""

    path: Path
    case: str | None
    changes: dict[str, str]
    limits: Limits


@dataclass
class Places:
    """The spaces of one process, one for every place that it serves."""

    space: WeightSpace
    of: dict[int, WeightSpace] = field(default_factory=dict)

    def run(self, task: Callable[[WeightSpace, Any], Any], place: int, item: object) -> Any:
        return task(self.of.setdefault(place, replace(self.space)), item)


_here: list[Places] = []
"""in a process of the crew: its places"""


def _start(question: Question) -> None:
    reading = read(question.path, case=question.case, changes=question.changes)
    _here.append(Places(open_space(reading, question.limits)))


def _run(task: Callable[[WeightSpace, Any], Any], place: int, item: object) -> Any:
    return _here[0].run(task, place, item)


class Crew:
    """`jobs` processes that do tasks; one: this process itself."""

    def __init__(self, space: WeightSpace, question: Question | None = None, jobs: int = 1) -> None:
        self.places = Places(space)
        self.workers: list[ProcessPoolExecutor] = []
        if question is not None and jobs > 1:
            spawn = get_context("spawn")
            self.workers = [ProcessPoolExecutor(1, spawn, _start, (question,)) for _ in range(jobs)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for worker in self.workers:
            worker.shutdown(wait=False, cancel_futures=True)

    def each[Item, Result](
        self, task: Callable[[WeightSpace, Item], Result], items: Sequence[Item], places: int | None = None
    ) -> Iterator[Result]:
        """The results in the order of the items. Item i is done at place i, or i modulo `places`."""
        at = [i % (places or max(1, len(items))) for i in range(len(items))]
        if not self.workers:
            yield from (self.places.run(task, place, item) for place, item in zip(at, items, strict=True))
            return
        futures = [
            self.workers[place % len(self.workers)].submit(_run, task, place, item)
            for place, item in zip(at, items, strict=True)
        ]
        for future in futures:
            yield future.result()
