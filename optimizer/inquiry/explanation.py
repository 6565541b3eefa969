"""All answers together: what `landalloc explain` asks, in the order in which the answers matter."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ...models.explanation import Answers, Explanation
from ..core import LARGE
from ..crew.hire import Hands, hire
from ..crew.work import Until
from ..pipeline import NoPlan, provenance, solve_scenario
from ..read import Reading, read
from ..report.numbers import Language
from ..score import scales
from ..solve import Limits
from .answers import Subject, answer, open_subject
from .ask import inquire
from .conflicts import conflicts
from .curves import curves
from .plans import alternatives
from .rule_costs import rule_costs
from .standing import DISTANCES, FEW, standings

MOST_ALTERNATIVES = 5
PATIENCE = 300.0
"""Seconds for all answers about a large scenario where nothing else is asked for."""
TOGETHER = 4
"""Projects that are asked about one after the other, from what the last one left; always so many, so that it changes
nothing who does the work."""
ALONE = Hands()
Listener = Callable[[str], None]


@dataclass(frozen=True)
class Question:
    """What is asked: of which scenario, about whom, how deep. Plain data, so that workers can be told it too."""

    path: Path
    case: str | None
    changes: dict[str, str]
    limits: Limits
    language: Language
    projects: tuple[str, ...] = ()
    """those that are wanted in full; none: all"""
    distances: tuple[float, ...] = DISTANCES
    seconds: float | None = None
    """for everything together; what is not reached by then is named in `unproved`"""


def subject_of(question: Question, reading: Reading | None = None) -> Subject:
    """Read, solve and open the inquiry. Raises InputError, NoPlan, SolverError."""
    reading = reading or read(question.path, case=question.case, changes=question.changes)
    kept = scales(reading.base_scenario, reading.base_candidates)
    limits = question.limits
    if many(reading) and limits.seconds is not None:  # the one that all others start from
        patience = PATIENCE if question.seconds is None else question.seconds
        limits = replace(limits, seconds=max(limits.seconds, 0.5 * patience))
    solved, optimum = solve_scenario(reading.scenario, reading.candidates, limits, kept=kept)
    inquiry = inquire(solved, question.limits, optimum)
    return open_subject(question.path, question.case, reading, inquiry, question.limits, question.language)


def many(reading: Reading) -> bool:
    """Whether a scenario is so large that a question takes its time."""
    return len(reading.candidates.project) >= LARGE


def explain(
    question: Question, reading: Reading | None = None, *, hands: Hands = ALONE, on_stage: Listener = lambda stage: None
) -> Explanation:
    """Everything that can be answered in the time; of a large scenario in PATIENCE, where nothing else is asked for.

    Raises InputError, SolverError and CrewError.
    """
    start = time.monotonic()
    reading = reading or read(question.path, case=question.case, changes=question.changes)
    seconds = PATIENCE if question.seconds is None and many(reading) else question.seconds
    end = None if seconds is None else start + seconds
    origin = provenance(reading, question.limits.solver, question.case)
    on_stage("solve")
    try:
        subject = subject_of(question, reading)
    except NoPlan:
        on_stage("conflicts")
        found, repairs, unproved = conflicts(
            reading,
            question.limits,
            lambda changes: read(question.path, case=question.case, changes={**question.changes, **changes}),
            language=question.language,
            on_stage=on_stage,
        )
        return Explanation(conflicts=tuple(found), repairs=tuple(repairs), unproved=tuple(unproved), provenance=origin)
    wanted = list(question.projects) or subject.table["id"].tolist()
    people_end = end
    if end is not None and many(reading) and not question.projects:  # else people would take all of the time
        people_end = end - 0.3 * max(0.0, end - time.monotonic())
    people, unproved = ask_all(question, subject, wanted, hands, people_end, on_stage)
    if question.projects:
        return Explanation(projects=tuple(people), unproved=tuple(unproved), provenance=origin)
    prices, not_closed = curves(subject.inquiry, seconds=left(end, part=0.5), on_curve=on_stage)
    unproved += not_closed
    costs, not_closed = rule_costs(subject.inquiry, seconds=left(end), on_rule=on_stage)
    unproved += not_closed
    on_stage("alternatives")
    others = alternatives(subject.inquiry, MOST_ALTERNATIVES, max(question.distances))
    return Explanation(
        projects=tuple(people),
        prices=tuple(prices),
        rules=tuple(costs),
        alternatives=tuple(others),
        unproved=tuple(unproved),
        provenance=origin,
    )


def left(end: float | None, part: float = 1.0) -> float | None:
    """A part of the seconds until the end, a little always, for what can be said at once."""
    return None if end is None else max(1.0, part * (end - time.monotonic()))


def ask_all(
    question: Question, subject: Subject, wanted: Sequence[str], hands: Hands, end: float | None, on_stage: Listener
) -> tuple[list[Answers], list[str]]:
    """The answers about every project, in the order of `wanted`, and what stayed open.

    Past the end of the time nobody is asked what it would take, and of many nobody what forcing or losing it costs;
    all are still told their standing, as far as it is known.
    """
    asks = tasks(question, subject, wanted, end)
    order = list(range(len(asks)))
    if len(asks) > FEW and end is not None:  # who is nearest to another decision first, should the time run out
        order.sort(key=lambda i: -asks[i].bounds[1])
    asks = [asks[i] for i in order]
    if hands.scheduler is not None:
        subject = replace(subject, contents=contents(subject))
    results: list[tuple[Answers, list[str]]] = []
    with hire(subject, hands if len(asks) > 1 else ALONE) as crew:
        for part in crew.each(ask_some, [asks[i : i + TOGETHER] for i in range(0, len(asks), TOGETHER)]):
            results += part
            on_stage(f"project {asks[len(results) - 1].project}")
    results = [results[i] for i in np.argsort(order).tolist()]
    return [a for a, _ in results], [name for _, open_ in results for name in open_]


def contents(subject: Subject) -> dict[str, bytes]:
    """The files of the scenario as it names them."""
    folder = subject.path.resolve().parent
    return {name: (folder / name).read_bytes() for name in subject.reading.inputs}


@dataclass(frozen=True)
class Task:
    """One project to be asked about; plain data for a worker."""

    project: str
    distances: tuple[float, ...]
    bounds: tuple[float, float]
    """what is known of the best plan in which it does otherwise"""
    end: Until | None
    alone: bool
    """one of few: what forcing or losing it costs is told past the end of the time, too"""


def tasks(question: Question, subject: Subject, wanted: Sequence[str], end: float | None) -> list[Task]:
    """What to ask of every project, once all that many have in common is known."""
    inquiry = subject.inquiry
    ids = inquiry.solved.admission.asked.ids
    names = set(wanted)  # not np.isin, which compares texts pair by pair
    chosen = np.array([project in names for project in ids.tolist()])
    few = int(chosen.sum()) <= FEW
    until = None if end is None else 0.5 * (time.monotonic() + end)
    near = standings(inquiry, question.distances, wanted=chosen, end=until, alone=not few)
    bounds = dict(zip(ids.tolist(), zip(near.low.tolist(), near.high.tolist(), strict=True), strict=True))
    last = None if end is None else Until(end)
    return [Task(project, question.distances, bounds[project], last, few) for project in wanted]


def ask_some(subject: Subject, some: Sequence[Task]) -> list[tuple[Answers, list[str]]]:
    """Some projects' answers: a task of a crew."""
    return [ask_one(subject, task) for task in some]


def ask_one(subject: Subject, task: Task) -> tuple[Answers, list[str]]:
    """One project's answers, shallow where the time is over."""
    late = task.end is not None and time.monotonic() > task.end.moment
    solve = not late or task.alone
    end = None if task.end is None else task.end.moment
    found, unproved = answer(subject, task.project, task.distances, task.bounds, solve=solve, deep=not late, end=end)
    left_out = late and (found.forced is not None or f"forced|{task.project}" in unproved)
    return found, [*unproved, *([f"takes|{task.project}"] if left_out else [])]
