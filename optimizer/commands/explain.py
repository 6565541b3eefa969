"""`landalloc explain`: why a project is in or out, what it would take, what everything costs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...models.finding import InputError, Message
from ..inquiry.explanation import Question, explain
from ..read import read
from ..report import explained, folder
from ..report.numbers import Language
from ..report.words import text
from ..solve import Limits, SolverError
from . import screen
from .changes import changes_of
from .outcome import Exit, Stopped
from .solve import folder_name

PER_SOLVE = 20.0
"""Seconds that one of the many solves may take."""


def run(
    scenario: Path,
    projects: Sequence[str],
    case: str | None,
    settings: Sequence[str],
    weights: Sequence[str],
    time_limit: float | None,
    jobs: int,
    output: Path | None,
    lang: Language | None,
) -> Exit:
    """Answer; see `cli.explain` for the options."""
    language = screen.language_of(scenario, lang)
    changes = changes_of(settings, weights)
    try:
        reading = screen.waited(lambda _: read(scenario, case=case, changes=changes), language, "read")
    except InputError as error:
        screen.show(error.findings, language)
        return Exit.INPUT
    language = lang or reading.scenario.language
    titles = dict(zip(reading.candidates.ids, reading.candidates.table["title"], strict=True))
    unknown = [p for p in projects if p not in titles]
    if unknown:
        raise Stopped(Exit.USAGE, Message("there is no project {project}", {"project": unknown[0]}))
    target = output or Path("results") / folder_name(reading.scenario.name, case)
    folder.check(target)
    question = Question(
        path=scenario,
        case=case,
        changes=changes,
        limits=Limits(seconds=PER_SOLVE, gap=0.0),
        language=language,
        projects=tuple(projects),
        seconds=time_limit,
    )
    try:
        found = screen.waited(lambda listen: explain(question, jobs=jobs, on_stage=listen), language, "solve")
    except SolverError as error:
        screen.err().print(text(Message("The solver failed: {why}", {"why": str(error)}), language), soft_wrap=True)
        return Exit.LIMIT if isinstance(error.__cause__, TimeoutError) else Exit.DEFECT
    folder.write(target, explained.files(found, language), drop=())
    explained.show(found, titles, screen.out(), language)
    return Exit.NO_PLAN if found.conflicts else Exit.DONE
