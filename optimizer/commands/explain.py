"""`landalloc explain`: why a project is in or out, what it would take, what everything costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ...models.explanation import Explanation
from ...models.finding import InputError, Message
from ..inquiry.explanation import Question, explain
from ..read import read
from ..report import answered, explained, folder
from ..report import json as plan_json
from ..report.folder import Content
from ..report.numbers import Language
from ..report.words import text
from ..solve import Limits, SolverError
from . import formats, screen
from .changes import changes_of
from .hands import hands_of
from .outcome import Exit, Stopped
from .solve import failure, folder_name

PER_SOLVE = 20.0
"""Seconds that one of the many solves may take."""
REPORTS = {"html": "report.html", "xlsx": "report.xlsx", "csv": "resources.csv"}
"""Reports that say something of the answers: format -> the file that tells whether it stands there."""


def run(
    scenario: Path,
    projects: Sequence[str],
    case: str | None,
    settings: Sequence[str],
    weights: Sequence[str],
    time_limit: float | None,
    jobs: int,
    scheduler: str | None,
    output: Path | None,
    lang: Language | None,
) -> Exit:
    """Answer; see `cli.explain` for the options."""
    hands = hands_of(jobs, scheduler)
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
        found = screen.waited(
            lambda listen: explain(question, reading, hands=hands, on_stage=listen), language, "solve"
        )
    except SolverError as error:
        status, why = failure(error)
        screen.err().print(text(why, language), soft_wrap=True)
        return status
    found = answered.canonical(found)
    whole = answered.together(target, found) if projects else found
    files = explained.files(whole or found, language)
    again, why_not = reports(target, whole) if whole else ({}, None)
    folder.write(target, {**again, **files}, drop=folder.ANSWERS)
    explained.show(found, titles, screen.out(), language)
    if again:
        screen.out().print(
            text(Message("With these answers now: {files}", {"files": tuple(sorted({*again} - {*files}))}), language)
        )
    if why_not is not None:
        screen.err().print(text(why_not, language), soft_wrap=True)
    return Exit.NO_PLAN if found.conflicts else Exit.DONE


def reports(target: Path, found: Explanation) -> tuple[dict[str, Content], Message | None]:
    """(the reports that stand in a folder with the answers in them: name -> content, why they stay as they are).

    They are written in the language of the plan there. Where no report stands there is nothing to do or to say.
    """
    there = {format_: name for format_, name in REPORTS.items() if (target / name).exists()}
    if not there or found.conflicts:
        return {}, None
    try:
        allocation = plan_json.load(target)
        untouched = plan_json.digest_ok(target)
    except InputError:
        return {}, Message(
            "The plan in {folder} cannot be read: its reports stay as they are.", {"folder": str(target)}
        )
    if found.provenance is None or not answered.same_inputs(found.provenance, allocation.plan.provenance):
        return {}, Message(
            "The plan in {folder} is of other inputs: its reports stay as they are. Run landalloc solve again.",
            {"folder": str(target)},
        )
    if not untouched:
        return {}, Message(
            "The plan in {folder} was changed after it was written: its reports stay as they are.",
            {"folder": str(target)},
        )
    return formats.files(replace(allocation, answers=found), there, allocation.plan.language), None
