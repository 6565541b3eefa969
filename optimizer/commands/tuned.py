"""What the commands of `landalloc tune` share: read, solve, ask, write, show."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from ...models.finding import InputError, Message
from ..core import LARGE
from ..crew.hire import Hands
from ..pipeline import NoPlan
from ..read import Reading, read
from ..reading.findings import nearest
from ..report import cells, folder
from ..report import json as plan_json
from ..report.columns import canonical
from ..report.numbers import Language
from ..report.sections import Document, lines, page
from ..report.tuned import Names
from ..report.words import say, text
from ..solve import Limits, SolverError
from ..tuning.opened import open_space
from ..tuning.space import WeightSpace
from . import screen
from .changes import changes_of
from .hands import hands_of
from .outcome import Exit, Stopped
from .solve import failure, folder_name

PER_SOLVE = 60.0
"""Seconds that one of the many solves may take."""
PATIENCE = 300.0
"""Seconds for all of them where projects are whole, or very many, and nothing else is asked for."""


@dataclass(frozen=True)
class Asked:
    """What every one of these commands takes; see `cli_tune`."""

    scenario: Path
    case: str | None
    settings: Sequence[str]
    weights: Sequence[str]
    time_limit: float | None
    jobs: int
    scheduler: str | None
    output: Path | None
    lang: Language | None
    several: bool = False
    """whether `output` is a folder of folders, one a case"""


@dataclass(frozen=True, eq=False)
class Opened:
    """A scenario whose weights are open."""

    reading: Reading
    space: WeightSpace
    hands: Hands
    until: float
    """the end of the time, as `time.monotonic` has it"""
    language: Language
    case: str | None

    def criterion(self, name: str) -> int:
        """The place of a criterion that the command line names. Raises Stopped if there is none of that name."""
        return place_of(name, self.space.names)


@dataclass(frozen=True)
class Told:
    """The result of a command: files, and lines for the terminal."""

    files: Mapping[str, bytes]
    lines: Sequence[str]


Verb = Callable[[Opened, screen.Listener], Told]


def run(asked: Asked, verb: Verb) -> Exit:
    """Do a verb with the scenario opened, write its files, show its lines."""
    if asked.time_limit is not None and not asked.time_limit > 0:
        raise Stopped(Exit.USAGE, Message("--time-limit takes seconds, more than 0"))
    hands = hands_of(asked.jobs, asked.scheduler)
    language = screen.language_of(asked.scenario, asked.lang)
    changes = changes_of(asked.settings, asked.weights)
    try:
        reading = screen.waited(lambda _: read(asked.scenario, case=asked.case, changes=changes), language, "read")
    except InputError as error:
        screen.show(error.findings, language)
        return Exit.INPUT
    language = asked.lang or reading.scenario.language
    target = asked.output or Path("results")
    if asked.several or asked.output is None:
        target /= folder_name(reading.scenario.name, asked.case)
    folder.check(target)
    try:
        told = screen.waited(lambda listen: _asked(asked, reading, hands, language, verb, listen), language, "solve")
    except InputError as error:
        screen.show(error.findings, language)
        return Exit.INPUT
    except NoPlan:
        why = Message(
            "No plan can keep all hard rules. What cannot hold together, and what would do: landalloc explain SCENARIO"
        )
        screen.err().print(text(why, language), soft_wrap=True)
        return Exit.NO_PLAN
    except SolverError as error:
        status, why = failure(error)
        screen.err().print(text(why, language), soft_wrap=True)
        return status
    folder.write(target, told.files, drop=())
    out = screen.out()
    for line in (*told.lines, "", f"{target}{'/' if told.files else ''}: {'  '.join(told.files)}"):
        out.print(line, soft_wrap=True)
    return Exit.DONE


def _asked(
    asked: Asked, reading: Reading, hands: Hands, language: Language, verb: Verb, listen: screen.Listener
) -> Told:
    space = open_space(reading, Limits(seconds=PER_SOLVE, gap=0.0))
    seconds = asked.time_limit
    if seconds is None and (not space.program.linear or len(space.program.cost) >= LARGE):
        seconds = PATIENCE
    until = math.inf if seconds is None else time.monotonic() + seconds
    return verb(Opened(reading, space, hands, until, language, asked.case), listen)


def place_of(name: str, names: Sequence[str]) -> int:
    """The place of a name among some. Raises Stopped, with the nearest one, if it is not among them."""
    if name in names:
        return names.index(name)
    near = nearest(name, names)
    message = Message("there is no criterion {name}; there are: {known}", {"name": name, "known": tuple(names)})
    if near is not None:
        message = Message("there is no criterion {name}; did you mean {near}?", {"name": name, "near": near})
    raise Stopped(Exit.USAGE, message)


def names_of(opened: Opened) -> Names:
    """Titles and units for what is told."""
    asked = opened.reading.candidates
    return Names(opened.reading.scenario, list(zip(asked.ids, asked.table["title"], strict=True)), opened.language)


def sheet(rows: Iterable[Iterable[object]]) -> bytes:
    """A table as CSV, its figures as in the .json: twelve significant digits."""
    return cells.sheet([canonical(c) if isinstance(c, float) else c for c in row] for row in rows)


def told(
    name: str,
    result: BaseModel | None,
    document: Document,
    opened: Opened,
    tables: Mapping[str, bytes],
    *,
    hint: bool = False,
) -> Told:
    """NAME.json, the tables and NAME.html; the document's words for the terminal.

    `hint`: that charts would be in it if the packages for them were installed.
    """
    files = {f"{name}.json": plan_json.document(result)} if result is not None else {}
    files |= {**tables, f"{name}.html": page(document, opened.language)}
    told = list(lines(document, opened.language))
    if hint:
        told += ["", say('Charts need two more packages: pip install "landalloc[charts]".', opened.language)]
    return Told(files, told)
