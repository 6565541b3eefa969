"""A crew of other processes: as many pieces of work at once as they can take, begun again where one of them is lost."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from ...models.finding import Message
from .crew import Crew
from .work import Base, Behind, CrewError, Done, Failed, Other, Work

ATTEMPTS = 4
"""How often a piece of work is begun whose process is lost."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The process that did it is gone."""


Answer = Done | Failed | Behind | Other | Lost


class Others[B: Base, Handle: Hashable](Crew[B]):
    """What a crew of other processes has in common; a handle stands for a piece of work that was begun."""

    @abstractmethod
    def room(self) -> int:
        """How many pieces of work may be under way at once."""

    @abstractmethod
    def begin(self, work: Work) -> Handle:
        """Give a piece of work to somebody."""

    @abstractmethod
    def answers(self, begun: Collection[Handle]) -> Iterable[tuple[Handle, Answer]]:
        """Wait until there is an answer to some of these, and take it."""

    def _results(self, works: Iterable[Work]) -> Iterator[Any]:
        source = enumerate(works)
        begun: dict[Handle, tuple[int, Work, int]] = {}
        """handle -> (number of the piece, the piece, how often it was begun)"""
        ready: dict[int, Done | Failed] = {}
        turn = 0
        while True:
            while len(begun) < self.room() and (taken := next(source, None)) is not None:
                begun[self.begin(taken[1])] = (*taken, 1)
            if not begun:
                return
            # others may be of an earlier round that was given up in the middle
            for handle, answer in (pair for pair in self.answers(begun) if pair[0] in begun):
                number, work, attempt = begun.pop(handle)
                match answer:
                    case Done() | Failed():
                        ready[number] = answer
                    case Behind() | Lost():
                        if attempt == ATTEMPTS:
                            raise lost()
                        again = self._told(work) if isinstance(answer, Behind) else work
                        begun[self.begin(again)] = number, work, attempt + 1
                    case Other(versions):
                        raise differing(versions, self.shared.versions or {}, None)
            while turn in ready:
                yield result(ready.pop(turn))
                turn += 1

    def _told(self, work: Work) -> Work:
        """The work with all that was done at its place before."""
        before = () if work.place is None else tuple(self.done[work.place][: work.number])
        return replace(work, before=before)


def result(answer: Done | Failed) -> Any:
    """What the task returned, or raise what it raised."""
    if isinstance(answer, Failed):
        raise answer.error from answer.cause
    return answer.result


def lost() -> CrewError:
    return CrewError(
        Message(
            "A worker was lost {count} times over the same piece of work, as happens where memory is short: "
            "take fewer at once, or machines with more of it.",
            {"count": ATTEMPTS},
        ),
        lost=True,
    )


def differing(theirs: dict[str, str], ours: dict[str, str], address: str | None) -> CrewError:
    """Workers with other versions, the first three of which are named."""
    wrong = [name for name, ours_ in ours.items() if theirs.get(name) != ours_][:3]
    return CrewError(
        Message(
            "The worker {worker} has other versions, so that its results may be others: {theirs}; here {ours}. "
            "Install the same on all machines.",
            {
                "worker": address or "?",
                "theirs": tuple(f"{name} {theirs.get(name, '–')}" for name in wrong),
                "ours": tuple(f"{name} {ours[name]}" for name in wrong),
            },
        )
    )
