"""`landalloc solve` of several scenarios, or cases, at once: each into its own folder, and a line for each at the end.

Files are read and written here; whoever solves is sent the scenario and sends the files of its results. What goes
wrong with one is told at the end, and stops none of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...models.finding import Finding, InputError, Message
from ...models.plan import Status
from .. import pipeline
from ..crew.hire import Hands, hire
from ..read import Reading, read
from ..report import folder, several
from ..report import json as plan_json
from ..report.numbers import Language
from ..report.several import Line
from ..report.words import clean, say, text
from ..solve import Limits, Method, SolverError
from . import formats, guard, screen
from .changes import changes_of
from .hands import hands_of
from .outcome import Exit
from .solve import DEFAULT_GAP, NO_PLAN, cases_of, failure, files_without_plan, folder_name, of_the_command_line, see

"""For --case: the scenario as it stands, and every one of its cases."""


@dataclass(frozen=True)
class Order:
    """How to solve and what to write, the same for all: the base of a crew."""

    limits: Limits
    wanted: tuple[str, ...]
    lang: Language | None

    def fresh(self) -> Order:
        return self


@dataclass(frozen=True, eq=False)
class Entry:
    """One scenario with one case, read."""

    reading: Reading
    case: str | None


@dataclass(frozen=True, eq=False)
class Solved:
    """What became of one: its files, and why it has no plan or not the one that was asked for."""

    ended: Exit
    files: dict[str, bytes] = field(default_factory=dict)
    why: Message | None = None
    status: Status | None = None
    score: float | None = None
    admitted: int | None = None


@dataclass(eq=False)
class Told:
    """What is told of one at the end."""

    path: Path
    case: str | None
    name: str = ""
    ended: Exit = Exit.DONE
    why: Message | None = None
    findings: Sequence[Finding] = ()
    target: Path | None = None
    solved: Solved | None = None

    def line(self) -> Line:
        one = self.solved
        return Line(
            self.name or self.path.name,
            self.case,
            one.status if one is not None and self.target is not None else None,
            one.score if one is not None else None,
            one.admitted if one is not None else None,
            str(self.target) if self.target is not None else None,
        )


def run(
    scenario: Path,
    others: Sequence[Path],
    cases: Sequence[str],
    settings: Sequence[str],
    weights: Sequence[str],
    solver: str,
    time_limit: float | None,
    gap: float | None,
    method: str,
    output: Path | None,
    wanted: Sequence[str],
    lang: Language | None,
    jobs: int,
    scheduler: str | None,
) -> Exit:
    """Solve them all; see `cli.solve` for the options."""
    limits = Limits(solver, time_limit, DEFAULT_GAP if gap is None else gap, Method(method))
    see(limits)
    asked = Asked((scenario, *others), tuple(cases), changes_of(settings, weights), output or Path("results"))
    hands = hands_of(jobs, scheduler)
    order = Order(limits, tuple(wanted), lang)
    language = screen.language_of(scenario, lang)
    screen.waited(lambda listen: solve_all(asked, order, hands, listen), language, "read")
    for line in several.lines([one.line() for one in asked.told], language):
        screen.out().print(line, soft_wrap=True)
    screen.show(distinct(asked.told), language)
    for one in asked.told:
        if one.why is not None:
            label = f"{one.name or one.path}{f' ({one.case})' if one.case else ''}"
            what = say("{name}: {what}", language, name=label, what=text(one.why, language))
            screen.err().print(clean(what, 2000), soft_wrap=True)
    short = gap is not None and any(one.solved and one.solved.status is Status.LIMIT for one in asked.told)
    return max(Exit.LIMIT if short else Exit.DONE, *(one.ended for one in asked.told))


@dataclass(eq=False)
class Asked:
    """What is to be solved, and what is known of it so far."""

    paths: tuple[Path, ...]
    cases: tuple[str, ...]
    changes: dict[str, str]
    results: Path
    told: list[Told] = field(default_factory=list)
    """in the order in which they are read"""

    def entries(self) -> Iterator[tuple[Told, Entry]]:
        """All that can be read, one after the other; why one cannot is told."""
        for path in self.paths:
            for case in cases_of(path, self.cases, self.changes):
                one = Told(path, case)
                self.told.append(one)
                try:
                    reading = read(path, case=case, changes=self.changes)
                    one.name, one.findings = reading.scenario.name, reading.findings
                    target = self._target(one)
                except InputError as error:
                    one.findings = error.findings
                    one.ended = Exit.USAGE if of_the_command_line(error) else Exit.INPUT
                except folder.FolderError as error:
                    one.ended, one.why = Exit.USAGE, error.message
                else:
                    one.target = target
                    yield one, Entry(reading, case)

    def _target(self, one: Told) -> Path:
        """The folder for its results. Raises FolderError where it is no place for them."""
        target = self.results / folder_name(one.name, one.case)
        for earlier in self.told[:-1]:
            if earlier.target is not None and earlier.target == target:
                names = {"folder": str(target), "file": str(earlier.path)}
                raise folder.FolderError(
                    Message("{folder} holds the results of {file}, which has the same name: solve them apart, "
                            "or name them apart", names)
                )  # fmt: skip
        folder.check(target)
        return target


def solve_all(asked: Asked, order: Order, hands: Hands, listen: screen.Listener) -> None:
    """Solve and write all of them, as many at once as there are hands."""
    waiting: list[Told] = []

    def items() -> Iterator[Entry]:
        for one, entry in asked.entries():
            waiting.append(one)
            yield entry

    with hire(order, hands) as crew:
        for count, result in enumerate(crew.each(solve, items()), 1):
            listen(Message("{count} solved", {"count": count}))
            one = waiting[count - 1]
            one.solved, one.ended, one.why = result, result.ended, result.why
            try:
                if result.files:
                    assert one.target is not None
                    folder.write(one.target, result.files)
                else:
                    one.target = None
            except folder.FolderError as error:
                one.ended, one.why, one.target = Exit.USAGE, error.message, None
            one.solved = Solved(result.ended, {}, None, result.status, result.score, result.admitted)


def solve(order: Order, entry: Entry) -> Solved:
    """One of them: a task of a crew."""
    language = order.lang or entry.reading.scenario.language
    try:
        allocation = pipeline.allocate(entry.reading, order.limits, language=language, case=entry.case)
        streams = formats.files(allocation, order.wanted, language) | plan_json.files(allocation)
        files = {name: data if isinstance(data, bytes) else b"".join(data) for name, data in streams.items()}
    except pipeline.NoPlan:
        files = files_without_plan(entry.reading, order.limits, entry.case)
        return Solved(Exit.NO_PLAN, files, NO_PLAN, Status.INFEASIBLE)
    except SolverError as error:
        ended, why = failure(error)
        return Solved(ended, why=why)
    except MemoryError:
        return Solved(Exit.LIMIT, why=guard.SHORT)
    except Exception as error:  # of this one alone: the others go on
        return Solved(Exit.DEFECT, why=guard.defect(error))
    plan = allocation.plan
    admitted = int((allocation.projects["share"] > 0).sum())
    return Solved(Exit.DONE, files, None, plan.status, plan.score, admitted)


def distinct(told: Sequence[Told]) -> list[Finding]:
    """What was found in the files, once each: the cases of a scenario share most of it."""
    found: dict[str, Finding] = {}
    for one in told:
        for finding in one.findings:
            found.setdefault(repr(finding), finding)
    return list(found.values())
