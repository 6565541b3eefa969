"""How long a run still takes, from how long its stages so far took against what they usually take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ...models.finding import Message

USUAL: Mapping[str, float] = {
    "read": 2.0, "admit": 0.1, "solve": 1.5, "prices": 0.2, "certify": 0.3, "rank": 1.2, "write": 2.3,
}  # fmt: skip
"""CPU seconds of each stage of `landalloc solve` with 100,000 divisible projects, by benchmarks/phases.py: only their
ratios count."""
WRITING: Mapping[str, float] = {"html": 1.3, "xlsx": 7.0}
"""More of the same for each format that is made besides tables."""
LATE = 1.2
"""A stage that takes so many times as long as thought says nothing any more of how long it will take."""


def usual(formats: Iterable[str], *, whole: bool = False) -> dict[str, float | None]:
    """What each stage usually takes; None where nobody can say: whole projects take what time they are given."""
    expected: dict[str, float | None] = dict(USUAL)
    expected["write"] = USUAL["write"] + sum(WRITING.get(name, 0.0) for name in formats)
    if whole:
        expected["solve"] = None
    return expected


@dataclass
class Remaining:
    """The stages of a run, in their order, with the time that each has taken so far."""

    expected: dict[str, float | None]
    limit: float | None = None
    """seconds that the stage of unknown length may take"""
    clock: Callable[[], float] = time.monotonic
    stage: str = ""
    begun: float = 0.0
    taken: dict[str, float] = field(default_factory=dict)
    """seconds of the stages that are over"""

    def __post_init__(self) -> None:
        self.started = self.begun = self.clock()

    def enter(self, stage: str) -> None:
        """A stage begins, unless it is the present one."""
        if stage == self.stage or stage not in self.expected:
            return
        now = self.clock()
        if self.stage:
            self.taken[self.stage] = self.taken.get(self.stage, 0.0) + now - self.begun
        self.stage, self.begun = stage, now

    @property
    def place(self) -> tuple[int, int]:
        """(number of the stage, number of stages)."""
        names = list(self.expected)
        return (names.index(self.stage) + 1 if self.stage else 1), len(names)

    def left(self) -> Message | None:
        """What can be said of the time left, nothing where that would be a guess."""
        names = list(self.expected)
        known = [(self.expected[name] or 0.0, self.taken[name]) for name in self.taken if self.expected[name]]
        if not self.stage or sum(share for share, _ in known) <= 0:
            return None
        pace = sum(seconds for _, seconds in known) / sum(share for share, _ in known)
        later = [self.expected[name] for name in names[names.index(self.stage) + 1 :]]
        rest = pace * sum(share or 0.0 for share in later)
        spent, share = self.clock() - self.begun, self.expected[self.stage]
        if share is None:
            if self.limit is None:
                return None
            return Message("at most {time} left", {"time": about(max(0.0, self.limit - spent) + rest)})
        if spent > LATE * pace * share + 1.0 or (None in later and self.limit is None):
            return None
        most = (self.limit or 0.0) if None in later else 0.0
        seconds = max(0.0, pace * share - spent) + rest + most
        if most:
            return Message("at most {time} left", {"time": about(seconds)})
        return Message("about {time} left", {"time": about(seconds)})


def about(seconds: float) -> Message:
    """A time as it may be said of an estimate.

    >>> [str(about(seconds)) for seconds in (0.4, 3.2, 17.0, 44.0, 100.0, 4000.0)]
    ['a few seconds', 'a few seconds', '20 s', '40 s', '2 min', '1.1 h']
    """
    if seconds < 7.5:
        return Message("a few seconds")
    if seconds < 75:
        step = 5 if seconds < 12.5 else 10
        return Message("{count} s", {"count": step * round(seconds / step)})
    if seconds < 3300:
        return Message("{count} min", {"count": round(seconds / 60)})
    return Message("{count} h", {"count": round(seconds / 3600, 1)})
