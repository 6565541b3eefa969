"""The projects of a comparison, one after another, as the formats show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...models.comparison import Change
from ...models.finding import Message
from ..comparison import Compared
from . import numbers, sentences
from .compared_tables import CHANGES, MOVED, Line
from .numbers import Language, Style
from .words import clean, joined, say, title

ORDER = (Change.NEW, Change.RAISED, Change.CHANGED, Change.TRIMMED, Change.OUT, Change.KEPT, Change.NEITHER)
"""What changes first."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A project in one plan, as texts and figures; `change` is empty for the first plan."""

    code: str | None
    decision: str
    zone: str
    rank: int | None
    share: float | None
    granted: Sequence[float | None]
    change: str = ""
    moved: bool = False
    climbed: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A project in all plans."""

    id: str
    title: str
    kinds: Sequence[Change]
    """in each plan after the first"""
    standings: Sequence[Standing]

    @property
    def kind(self) -> Change:
        """The first in `ORDER` of against A."""
        return min(self.kinds, key=ORDER.index)

    @property
    def differs(self) -> bool:
        """Whether it is in one plan in another way than in the first."""
        return self.kind not in (Change.KEPT, Change.NEITHER) or any(standing.moved for standing in self.standings)


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure whose grants are shown; `how` in columns."""

    name: str
    title: str
    unit: str
    how: Style


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the list of projects: of plan `i`, as texts or, where there is a `how`, figures."""

    head: str
    i: int
    how: Style | None
    values: Sequence[str | float | None]
    wide: float
    """characters"""
    printed: bool = True
    """on paper, which has no room for all of them"""


def measured(compared: Compared, language: Language) -> list[Measured]:
    """The scarce measures that a project is granted some of."""
    found = []
    for measure in (m for m in compared.comparison.measures if m.scarce):
        names = [f"granted.{measure.name}@{i}" for i in range(len(compared.comparison.plans))]
        largest = compared.projects[names].abs().max().max()
        if largest > 0:
            how = numbers.style(measure.unit, language, largest=float(largest), compact=True)
            found.append(Measured(measure.name, clean(title(measure, language), 60), measure.unit, how))
    return found


def rows(compared: Compared, measures: Sequence[Measured], language: Language) -> list[Row]:
    """The projects: by what becomes of them in any plan, then as the plans rank them, then by id."""
    count = len(compared.comparison.plans)
    zones = {zone.name: clean(title(zone, language), 60) for zone in compared.comparison.zones}
    columns = {str(name): values.tolist() for name, values in compared.projects.items()}
    found = []
    for k in range(len(compared.projects)):
        kinds = [Change(columns[f"change@{i}"][k]) for i in range(1, count)]
        standings = [_standing(columns, k, i, zones, measures, language) for i in range(count)]
        found.append(Row(clean(columns["id"][k]), clean(columns["title"][k]), kinds, standings))
    return sorted(found, key=_place)


def more(before: float | None, after: float | None, measure: Measured, language: Language) -> str:
    """How much more or less is granted, with its sign; nothing where it is the same."""
    line = Line("", measure.how, (before or 0.0, after or 0.0))
    return line.difference_text(1, language) if line.changed(1) else ""


def _place(row: Row) -> tuple[int, bool, list[float], str]:
    ranks = [standing.rank for standing in reversed(row.standings)]
    return ORDER.index(row.kind), not row.differs, [float("inf") if r is None else r for r in ranks], row.id


def _standing(
    columns: Mapping[str, list[Any]],
    k: int,
    i: int,
    zones: Mapping[str, str],
    measures: Sequence[Measured],
    language: Language,
) -> Standing:
    """Row k of the columns in plan i."""
    code, share = columns[f"decision@{i}"][k], float(columns[f"share@{i}"][k])
    change = Change(columns[f"change@{i}"][k]) if i else Change.NEITHER
    told = "" if change is Change.NEITHER else say(CHANGES[change], language)
    if code is None:
        return Standing(None, say("no candidate", language), numbers.NOTHING, None, None, [None] * len(measures), told)
    moved = bool(i and columns[f"moved@{i}"][k])
    if moved:
        told = say(MOVED, language) if change is Change.KEPT else joined([told, say(MOVED, language)], language)
    project = {"decision": code, "share": share, "units": columns[f"units@{i}"][k], "reasons": ()}
    sites = joined((zones.get(zone, clean(zone, 60)) for zone in columns[f"zones@{i}"][k]), language)
    granted = [float(columns[f"granted.{measure.name}@{i}"][k]) for measure in measures]
    return Standing(
        code=code,
        decision=sentences.decision(project, language),
        zone=sites or numbers.NOTHING,
        rank=_whole(columns[f"rank@{i}"][k]),
        share=share,
        granted=[None if value != value else value for value in granted],
        change=told,
        moved=moved,
        climbed=_whole(columns[f"climbed@{i}"][k]) if i else None,
    )


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def fields(rows: Sequence[Row], measures: Sequence[Measured], count: int, language: Language) -> list[Field]:
    """The columns of the list of projects, the plans beside each other in each: first what becomes of everybody."""
    plans, others = range(count), range(1, count)
    whole, percent = Style(1.0, 0, ""), Style(100.0, 0, "%")

    def column(words: Message, i: int, how: Style | None, value: Any, wide: float, *, printed: bool = True) -> Field:
        return Field(say(words, language), i, how, [value(row.standings[i]) for row in rows], wide, printed)

    found = [column(Message("against A"), i, None, lambda one: one.change, 15.0) for i in others]
    found += [column(Message("decision"), i, None, lambda one: one.decision, 15.0) for i in plans]
    found += [column(Message("zone"), i, None, lambda one: one.zone, 18.0) for i in plans]
    found += [column(Message("rank"), i, whole, lambda one: one.rank, 8.0) for i in plans]
    found += [column(Message("places gained"), i, whole, lambda one: one.climbed, 9.0, printed=False) for i in others]
    found += [column(Message("share"), i, percent, lambda one: one.share, 9.0, printed=False) for i in plans]
    for k, measure in enumerate(measures):
        values = [[row.standings[i].granted[k] for row in rows] for i in plans]
        found += [Field(measure.title, i, measure.how, values[i], 12.0, printed=False) for i in plans]
    return found
