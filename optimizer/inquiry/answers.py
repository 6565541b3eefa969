"""Everything about one project: why it is in or out, what it would take, what forcing or losing it costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from ...models.explanation import Answers, Step, Taking
from ...models.finding import InputError
from ...models.plan import Decision, Reason
from ..assemble import Solved, project_table
from ..formulate import supply_rows
from ..pipeline import NoPlan, climb, formulated, prepare
from ..read import Reading, read
from ..report.numbers import Language
from ..score import scales
from ..solve import Clock, Limits, SolverError
from . import vary
from .ask import Inquiry, inquire
from .confirm import OnFile, confirm
from .passing import Passing, passings
from .plans import swap
from .rule_costs import exemption
from .standing import told
from .takes import PAST, Search, past
from .vary import Variation

DIGITS = 6
"""Significant digits of a proposed figure: finer than the 0.1 % by which it passes its threshold."""
MOST_WEIGHT = 19.0
"""A weight is tried up to this many times all the others together: 95 % of the score."""
MOST_TIMES = 10.0
"""An outcome is tried up to this many times what is asked, or the largest of all candidates."""


@dataclass(frozen=True, eq=False)
class Subject:
    """The plan that is asked about, exact, and where its scenario stands."""

    path: Path
    case: str | None
    reading: Reading
    inquiry: Inquiry
    table: pd.DataFrame
    """the plan's projects, as `Allocation` has them"""
    limits: Limits
    contents: Mapping[str, bytes] | None = None
    """the files of the scenario, for machines that do not have them"""

    def fresh(self) -> Subject:
        """The same subject, about which nobody was asked yet."""
        new = replace(self, inquiry=self.inquiry.fresh())
        vars(new).update(rows=self.rows, number=self.number)  # worked out once for everybody
        return new

    @cached_property
    def rows(self) -> dict[str, tuple[Decision, list[tuple[str, str]]]]:
        """id -> decision and reasons, in the order of the candidates."""
        both = zip(self.table["decision"], self.table["reasons"], strict=True)
        return {i: (Decision(decision), reasons) for i, (decision, reasons) in zip(self.table["id"], both, strict=True)}

    @cached_property
    def number(self) -> dict[str, int]:
        """id -> its row among the candidates."""
        return {str(i): p for p, i in enumerate(self.inquiry.solved.admission.asked.ids)}


def open_subject(
    path: Path, case: str | None, reading: Reading, inquiry: Inquiry, limits: Limits, language: Language
) -> Subject:
    """Tabulate the plan that is asked about."""
    solved = inquiry.solved
    values = inquiry.best.values
    assert values is not None
    shares = np.clip(inquiry.program.shares(values), 0.0, 1.0)
    shares[shares < 1e-9] = 0.0
    shares[shares > 1.0 - 1e-9] = 1.0
    return Subject(path, case, reading, inquiry, project_table(replace(solved, shares=shares), language), limits)


def answer(
    subject: Subject,
    project: str,
    distances: Sequence[float],
    bounds: tuple[float, float],
    *,
    solve: bool = True,
    deep: bool = True,
    end: float | None = None,
) -> tuple[Answers, list[str]]:
    """(all answers about one project, what stayed open), with bounds on V' known before (`standing`).

    Not `deep`: without what it would take, which is looked for until `end`. Not `solve`: without what forcing
    or withdrawing it costs, either.
    """
    inquiry = subject.inquiry
    decision, reasons = subject.rows[project]
    p = subject.number[project]
    competes = inquiry.force[p] >= 0
    inside = bool(inquiry.is_in(inquiry.best)[p])
    decided = not competes or decision is Decision.COMMITTED
    other = inquiry.otherwise(p) if solve and not decided else None
    if other is not None:
        bounds = max(bounds[0], other.low), min(bounds[1], other.high)
    over_plans, proved = told(inquiry, p, bounds, distances)
    unproved = [] if proved else [f"over_plans|{project}"]
    if not (solve or decided):
        unproved.append(f"{'withdrawn' if inside else 'forced'}|{project}")
    exchange = swap(inquiry, other) if other is not None else None
    forced, withdrawn = (None, exchange) if inside else (exchange, None)
    takes: list[Taking] = []
    if not competes and deep:  # what an exemption from the standards that keep it out would cost
        excused = exemption(inquiry, p)
        forced = excused.forced if excused is not None else None
        takes, left_open = admittings(subject, p, end)
        unproved += left_open
    if deep and solve and competes and not inside:
        takes, left_open = takings(replace(subject, inquiry=inquiry.until(end)), p)
        unproved += left_open
    answers = Answers(
        id=project,
        decision=decision,
        over_plans=over_plans,
        takes=tuple(takes),
        forced=forced,
        withdrawn=withdrawn,
        reasons=tuple(Reason(code=code, text=text) for code, text in reasons),
        proved=not unproved,
    )
    return answers, unproved


def variations(inquiry: Inquiry, p: int) -> Iterator[Variation]:
    """Every single figure that might admit a project: its needs and outcomes, the supplies it draws on, the weights."""
    solved = inquiry.solved
    scenario, asked = solved.scenario, solved.admission.asked
    supplied = set(scenario.supply) | {m for z in scenario.zones.values() for m in z.supply} | set(asked.makes)
    wanted = {c.of for c in scenario.criteria.values()}  # what it brings nothing of counts only by these
    for measure in scenario.measures:
        start = float(asked.amounts[measure][p])
        end = 0.0 if measure in supplied else farthest(inquiry, p, measure)
        if start == end or (start <= 0 and (measure in supplied or measure not in wanted)):
            continue
        try:
            found = vary.amount(inquiry, p, measure, end)
        except SolverError:
            continue
        if found is not None:
            yield found
    yield from supplies_of(inquiry, p)
    total = sum(c.weight for c in scenario.criteria.values())
    for name, criterion in scenario.criteria.items():
        others = total - criterion.weight
        if others > 0:
            more = vary.weight(inquiry, name, MOST_WEIGHT * others)
            yield more
            if criterion.weight > 0:
                yield replace(more, end=0.0)


def farthest(inquiry: Inquiry, p: int, measure: str) -> float:
    """The most of an outcome that is tried."""
    amounts = inquiry.solved.admission.asked.amounts[measure]
    return max(MOST_TIMES * abs(float(amounts[p])), float(amounts.max(initial=0.0)))


def figure(t: float) -> float:
    """A proposed figure as it is told."""
    return float(f"{t:.{DIGITS}g}")


def supplies_of(inquiry: Inquiry, p: int) -> Iterator[Variation]:
    """The named supplies that a project draws on, up to all that is asked of them."""
    solved = inquiry.solved
    candidates = solved.admission.candidates
    for row in supply_rows(solved.scenario, solved.account.geography):
        mine = row.counts & (candidates.project == p)
        need = candidates.amount(row.measure)
        if row.named and (need[mine] > 0).any():
            asked = float(np.maximum(candidates.largest(np.where(row.counts, need, 0.0)), 0.0).sum())
            end = max(row.supply, asked) + float(need[mine].max())
            yield vary.supply(inquiry, row.measure, row.zone, end)


def takings(subject: Subject, p: int) -> tuple[list[Taking], list[str]]:
    """(what would admit the project, what stayed open), figure by figure; each tried on the changed file.

    Of the two directions of a weight only the nearer one is kept.
    """
    found: dict[str, Taking] = {}
    unproved: list[str] = []
    for variation in variations(subject.inquiry, p):
        if subject.inquiry.late:
            return list(found.values()), [*unproved, f"takes|{subject.inquiry.solved.admission.asked.ids[p]}"]
        taking, proved = taken(subject, p, variation)
        if not proved:
            unproved.append(f"takes|{subject.inquiry.solved.admission.asked.ids[p]}|{variation.path}")
        if taking is None:
            continue
        nearer, to = found.get(variation.path), float(taking.changes[0].to)
        if nearer is None or abs(to - variation.start) < abs(float(nearer.changes[0].to) - variation.start):
            found[variation.path] = taking
    return list(found.values()), list(dict.fromkeys(unproved))


def taken(subject: Subject, p: int, variation: Variation) -> tuple[Taking | None, bool]:
    """(how far one figure must move to admit the project, proved); nothing where it cannot, as far as is known."""
    search = Search(subject.inquiry, p, variation)
    try:
        threshold = search.first()
    except SolverError:  # figures too far apart for this one question
        return None, False
    if threshold is None:
        return None, not search.open
    to, before = (figure(t) for t in past(threshold.at, variation))
    try:
        objective, sure = confirm(subject.inquiry, p, on_file(subject, variation.path), to, before)
    except SolverError:
        if not subject.inquiry.late:
            raise
        objective = None
    if objective is None:
        return None, False
    step = Step.model_validate({"path": variation.path, "from": variation.start, "to": to})
    taking = Taking.model_validate({"kind": variation.kind, "changes": (step,), "objective": objective})
    return taking, sure and threshold.proved and not search.open


def admittings(subject: Subject, p: int, end: float | None) -> tuple[list[Taking], list[str]]:
    """(what would admit a project that is not admissible, what stayed open), each figure of its own alone.

    Where meeting the standard is not enough, the figure goes on from there, and the answer says both.
    """
    found: list[Taking] = []
    unproved: list[str] = []
    project = str(subject.inquiry.solved.admission.asked.ids[p])
    for passing in passings(subject.inquiry, p):
        path = f"projects.{vary.quoted(project)}.{passing.measure}"
        try:
            taking, proved = admitting(subject, p, passing, path, end)
        except (InputError, NoPlan, SolverError):  # the file does not take the figure, or no programme is found
            taking, proved = None, False
        found += [taking] if taking is not None else []
        unproved += [] if proved else [f"takes|{project}|{path}"]
    return found, unproved


def admitting(subject: Subject, p: int, passing: Passing, path: str, end: float | None) -> tuple[Taking | None, bool]:
    """(what one figure would have to be, proved); nothing where it cannot be far enough. `p` stands in every change."""
    on_changed = on_file(subject, path)
    sign = 1.0 if passing.at > passing.start else -1.0
    to, before = (figure(passing.at * (1.0 + sign * part)) for part in (PAST, -PAST))
    met = inquire(on_changed(to), subject.inquiry.until(end).given()).until(end)
    if met.force[p] < 0 or on_changed(before).admission.competes[p]:
        return None, False
    kind, beyond = passing.kind, None
    inside, outside = met.forced(p), met.without(p)
    objective: float | None = inside.low
    proved = inside.proved and outside.proved
    if not inside.low > outside.high:
        beyond = float(f"{passing.at:.12g}")
        end = 0.0 if kind == "need" else farthest(met, p, passing.measure)
        variation = vary.amount(met, p, passing.measure, end)
        threshold = None if variation is None else Search(met, p, variation).first()
        if variation is None or threshold is None:
            return None, proved
        to, before = (figure(t) for t in past(threshold.at, variation))
        objective, sure = confirm(met, p, on_changed, to, before)
        if objective is None:
            return None, False
        proved = sure and threshold.proved
    step = Step.model_validate({"path": path, "from": passing.start, "to": to})
    return Taking.model_validate(
        {"kind": kind, "changes": (step,), "objective": objective, "admissible": beyond}
    ), proved


def on_file(subject: Subject, path: str) -> OnFile:
    """What turns a value of one figure into the programme of the scenario, read from its file again with it."""

    def changed(to: float) -> Solved:
        changes = {**subject.reading.changes, path: f"{to:.{DIGITS + 6}g}"}
        reading = read(subject.path, case=subject.case, changes=changes, contents=subject.contents)
        kept = scales(reading.base_scenario, reading.base_candidates)
        admission, scores = prepare(reading.scenario, reading.candidates, kept)
        tiers = climb(reading.scenario, admission, scores, Clock(subject.limits))
        program = formulated(reading.scenario, admission, scores, tiers)
        shares = np.zeros(len(admission.candidates.project))
        return Solved(reading.scenario, admission, scores, program, shares, {}, tuple(tiers))

    return changed
