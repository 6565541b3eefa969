"""One piece of work, and what it is done with: plain data that goes to whatever process does it.

A task is a function (base, item) of a module. Its base is shared by all tasks of a crew and sent to a process once;
every task is given a fresh one, so that what it finds does not depend on what was done before, or where. Tasks in a
row that shall start from what the last one left have a *place*: they share a base of their own, and the process that
keeps it. Another process can make it again, because it is told what was done there.
"""

from __future__ import annotations

import hashlib
import pickle
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol, Self

from ...models.finding import Message

PACKAGES = ("highspy", "PuLP", "numpy", "scipy", "pandas", "pydantic", "Babel", "Jinja2", "XlsxWriter")
"""What the bytes of a result depend on, besides landalloc itself."""


class CrewError(Exception):
    """The work cannot be shared out, or was lost; `message` tells why and what to do."""

    def __init__(self, message: Message, *, lost: bool = False) -> None:
        self.message = message
        self.lost = lost
        """in the middle of it; else nothing was begun"""
        super().__init__(str(message))


class Base(Protocol):
    """What tasks are done with."""

    def fresh(self) -> Self:
        """The same again, as it was before any task."""


@dataclass(frozen=True)
class Until:
    """The end of some time, as `time.monotonic` has it here; another machine is told the seconds that are left."""

    moment: float

    def __reduce__(self) -> tuple[Callable[[float], Until], tuple[float]]:
        return _until, (self.moment - time.monotonic(),)


def _until(left: float) -> Until:
    return Until(time.monotonic() + left)


@dataclass(frozen=True, eq=False)
class Work:
    """A task and its item."""

    task: Callable[[Any, Any], Any]
    item: object
    place: int | None = None
    number: int = 0
    """how many tasks were done at this place before"""
    before: tuple[Work, ...] | None = None
    """these, for a process that does not have their base; None: it is thought to have it"""


@dataclass(frozen=True, slots=True)
class Done:
    """What a task returned."""

    result: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """What a task raised. An exception loses its cause where it is sent as such."""

    error: Exception
    cause: BaseException | None


@dataclass(frozen=True, slots=True)
class Behind:
    """This process does not have the base of the place: it must be told what was done there."""


@dataclass(frozen=True, slots=True)
class Other:
    """This process runs other versions, so that its results may be others."""

    versions: dict[str, str]


@dataclass(eq=False)
class Shared:
    """A base in some process, with the bases of the places that it serves."""

    base: Base
    versions: dict[str, str] | None = None
    """those of who gives the tasks, where it may be another installation"""
    places: dict[int, tuple[int, Base]] = field(default_factory=dict)
    """place -> (how many tasks were done there, its base); never sent"""

    def __reduce__(self) -> tuple[type[Shared], tuple[Base, dict[str, str] | None]]:
        return Shared, (self.base, self.versions)

    def run(self, work: Work) -> Any:
        """What the task returns or raises; `Behind` where it cannot be done here."""
        if work.place is None:
            return work.task(self.base.fresh(), work.item)
        count, own = self.places.pop(work.place, (0, None))
        if own is None or count != work.number:
            if work.number and work.before is None:
                return Behind()
            own = self.base.fresh()
            for earlier in work.before or ():
                earlier.task(own, earlier.item)
        result = work.task(own, work.item)
        self.places[work.place] = work.number + 1, own
        return result


_alone = threading.Lock()
"""One task at a time in a process, whatever threads a worker has: a solver is one thread, and memory that of one."""


def run(shared: Shared, work: Work) -> Done | Failed | Behind | Other:
    """Do a piece of work in another process than that which gives it."""
    if shared.versions not in (None, versions()):
        return Other(versions())
    try:
        with _alone:
            result = shared.run(work)
    except Exception as error:
        return failed(error)
    return result if isinstance(result, Behind) else Done(result)


def failed(error: Exception) -> Failed:
    """An error in a form that can be sent; where it came from goes with it, for whoever looks for a defect."""
    error.add_note(traceback.format_exc())
    cause = error.__cause__
    for part in (error, cause):
        try:
            pickle.loads(pickle.dumps(part))
        except Exception:
            return Failed(RuntimeError(f"{type(error).__name__}: {error}"), None)
    return Failed(error, cause)


@cache
def versions() -> dict[str, str]:
    """What the results depend on. landalloc by its code: two checkouts of one version differ."""
    code = hashlib.sha256()
    root = Path(__file__).resolve().parents[2]
    for path in sorted(part for wing in ("models", "optimizer") for part in (root / wing).rglob("*.py")):
        code.update(path.read_bytes())
    return {"landalloc": f"{version('landalloc')} ({code.hexdigest()[:8]})", **{p: installed(p) for p in PACKAGES}}


def installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "?"
