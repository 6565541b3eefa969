"""A crew does tasks and hands back what they return, in order: here in this process itself, one after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import batched
from typing import Any, Self

from .work import Base, Shared, Work


class Crew[B: Base]:
    """One process, this one. `each` gives the same results, in the same order, whoever does the work."""

    def __init__(self, base: B) -> None:
        self.shared = Shared(base)
        self.done: dict[int, list[Work]] = defaultdict(list)
        """place -> what was done there"""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of whoever works."""

    def each[Item, Result](
        self, task: Callable[[B, Item], Result], items: Iterable[Item], places: int | None = None
    ) -> Iterator[Result]:
        """The results in the order of the items, which are taken only as they are needed.

        `places`: item i is done at place i modulo `places`, after all that was done there in earlier calls.
        Raises whatever the task raises, after the results before it, and CrewError.
        """
        if places is None:
            yield from self._results(Work(task, item) for item in items)
            return
        for row in batched(items, places):
            works = [Work(task, item, place, len(self.done[place])) for place, item in enumerate(row)]
            yield from self._results(works)
            for place, work in enumerate(works):
                self.done[place].append(work)

    def _results(self, works: Iterable[Work]) -> Iterator[Any]:
        return map(self.shared.run, works)
