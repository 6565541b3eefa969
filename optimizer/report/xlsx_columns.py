"""The columns of the ranking in report.xlsx: who a project is, what it asked for and got, what else is known of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from rich.cells import cell_len

from ...models.finding import Message
from ...models.plan import Decision, Plan, PlannedCriterion, PlannedMeasure
from ..allocation import Allocation
from . import numbers, page_ranking, sentences
from .numbers import Language, Style
from .words import clean, joined, say, title
from .xlsx_book import ASKED, DETAIL, HEADING, Figures, factor, figures, head, total, wide

Flat = Mapping[str, Sequence[Any]]
"""The projects' columns, canonical: see `columns.flat_columns`."""
MOST_DETAILED = 2_000
"""Projects up to which the sheet has the columns that are not printed; ranking.csv has them for any number."""
CLASSES = (
    sentences.DECISIONS[Decision.COMMITTED],
    sentences.DECISIONS[Decision.ADMITTED],
    sentences.TRIMMED,
    *(sentences.DECISIONS[d] for d in (Decision.PARTIAL, Decision.REJECTED, Decision.DISCUSS, Decision.INADMISSIBLE)),
)
OUT = CLASSES[-3:]
"""Classes that get nothing."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list. `amount`: one that is added up; `ratio`: one with a formula in every row."""

    head: str
    cells: Sequence[Any] = ()
    shown: Figures | None = None
    fill: str = HEADING
    width: float = 8.0
    stars: Sequence[bool] = ()
    role: str = ""
    """name, group, zone, decision or share: what formulas look for"""
    amount: tuple[str, str] | None = None
    """asked or granted, measure"""
    ratio: tuple[PlannedCriterion, float] | None = None
    """criterion, factor"""


@dataclass(frozen=True, slots=True)
class Table:
    """The columns, of which the first so many are printed."""

    columns: Sequence[Column]
    printed: int


def laid_out(allocation: Allocation, flat: Flat, measures: Sequence[PlannedMeasure], language: Language) -> Table:
    """The columns of a plan's ranking; on paper the amounts of these measures."""
    by = page_ranking.grouped_by(allocation.plan, allocation.projects)
    found = [*_who(allocation, flat, by, language), *_figures(allocation, flat, measures, language)]
    printed = len(found)
    if len(allocation.projects) <= MOST_DETAILED:
        found += _details(allocation, flat, by, measures, language)
    return Table(_told_apart(found), printed)


def counted(plan: Plan, projects: pd.DataFrame) -> list[PlannedMeasure]:
    """Measures with columns on paper: scarce ones that somebody asks for, and those of the criteria."""
    used = {name for c in plan.criteria for name in (c.of, c.per)}
    return [m for m in plan.measures if m.name in used or (m.scarce and (projects[f"requested.{m.name}"] != 0).any())]


def amount_style(unit: str, language: Language, largest: float) -> Style:
    """How amounts are shown, in the measure's own unit: formulas count with them."""
    how = numbers.style(unit, language, largest=largest, compact=True)
    if how.factor == 1.0:
        return how
    return Style(1.0, numbers.decimals(largest), numbers.unit_name(unit, language, compact=True))


def class_of(record: Mapping[Any, Any], language: Language) -> str:
    """The decision as a class that several projects share: to filter by, and to add up by."""
    if record["decision"] == Decision.PARTIAL:
        return say(sentences.DECISIONS[Decision.PARTIAL], language)
    return sentences.decision(record, language)


def _told_apart(table: Sequence[Column]) -> list[Column]:
    """No heading twice: a pivot table would refuse the list."""
    seen: dict[str, int] = {}
    found = []
    for column in table:
        seen[column.head] = seen.get(column.head, 0) + 1
        again = seen[column.head]
        found.append(column if again == 1 else replace(column, head=f"{column.head} {again}"))
    return found


def _who(allocation: Allocation, flat: Flat, by: str | None, language: Language) -> Iterator[Column]:
    """Rank, project, group, zone, decision and how much of it is carried out."""
    plan, records = allocation.plan, allocation.projects.to_dict("records")
    yield Column(say("rank", language), flat["rank"], Figures(), width=6)
    yield _texts(say("project", language), [clean(name) for name in flat["title"]], most=32, least=30, role="name")
    if by is not None:
        yield _texts(page_ranking.label(by, language), _attribute(flat, by), most=16, role="group")
    if plan.zones:
        sits = ["" if not r["share"] else sentences.zones(r, plan, language) for r in records]
        yield _texts(say("zone", language), sits, most=16, least=10, role="zone")
    yield _texts(say("decision", language), [class_of(r, language) for r in records], most=18, role="decision")
    yield Column(say("share", language), flat["share"], Figures(0, percent=True), width=8, role="share")
    if any(units is not None for units in flat["units"]):
        yield Column(say("units carried out", language), flat["units"], Figures(), width=8)


def _texts(name: str, cells: Sequence[str], *, most: float, least: float = 8.0, **more: Any) -> Column:
    longest = max((cell_len(cell) for cell in cells), default=0)
    return Column(name, cells, width=min(most, max(least, longest + 2)), **more)


def _attribute(flat: Flat, name: str) -> list[str]:
    return ["" if value is None else clean(str(value)) for value in flat[f"attributes.{name}"]]


def _figures(
    allocation: Allocation, flat: Flat, measures: Sequence[PlannedMeasure], language: Language
) -> Iterator[Column]:
    """Asked and granted of each measure that counts, the ratios, the index."""
    for measure in measures:
        yield from _amounts(measure, flat, language, (ASKED, HEADING))
    for criterion in allocation.plan.criteria:
        if criterion.per is None:
            continue
        cells = flat[f"ratios.{criterion.name}"]
        largest = max((abs(v) for v in cells if isinstance(v, int | float)), default=0.0)
        how = sentences.ratio_style(allocation.plan, criterion.name, language, largest)
        by, plain = factor(how), replace(figures(how), dash=False)
        name = head(clean(title(criterion, language), 40), "" if how.unit == "%" else how.unit)
        yield Column(
            name, cells, plain, width=wide(name, [v * by for v in cells if isinstance(v, int | float)], plain, 8),
            stars=[criterion.of in assumed or criterion.per in assumed for assumed in flat["assumed"]],
            ratio=(criterion, by),
        )  # fmt: skip
    yield _points(say("index", language), flat["index"])


def _points(name: str, values: Sequence[Any], fill: str = HEADING) -> Column:
    cells = ["∞" if value == "inf" else value for value in values]
    shown = Figures(2, dash=False)
    return Column(name, cells, shown, fill, wide(name, cells, shown, 8))


def _amounts(measure: PlannedMeasure, flat: Flat, language: Language, fills: tuple[str, str]) -> Iterator[Column]:
    """What was asked for and what is granted of a measure."""
    asked = flat[f"requested.{measure.name}"]
    how = amount_style(measure.unit, language, max((abs(value) for value in asked), default=0.0))
    name = clean(title(measure, language), 40)
    stars = [measure.name in assumed for assumed in flat["assumed"]]
    for words, key, group, fill in (
        (Message("{measure}, asked"), "requested", "asked", fills[0]),
        (Message("{measure}, granted"), "granted", "granted", fills[1]),
    ):
        cells = flat[f"{key}.{measure.name}"]
        named = head(say(words, language, measure=name), how.unit)
        width = wide(named, [total(cells), *cells], figures(how))
        yield Column(named, cells, figures(how), fill, width, stars, amount=(group, measure.name))


def _details(
    allocation: Allocation, flat: Flat, by: str | None, shown: Sequence[PlannedMeasure], language: Language
) -> Iterator[Column]:
    """Whatever else is known of a project, for whoever works with the list."""
    plan, projects = allocation.plan, allocation.projects
    yield _texts(say("project code", language), [clean(id_) for id_ in flat["id"]], most=18, fill=DETAIL)
    for name in page_ranking.attributes(projects):
        if name != by:
            yield _texts(page_ranking.label(name, language), _attribute(flat, name), most=20, fill=DETAIL)
    for measure in (m for m in plan.measures if m not in shown):
        yield from _amounts(measure, flat, language, (DETAIL, DETAIL))
    if any(len([z for z in plan.zones if flat[f"share@{z.name}"][i]]) > 1 for i in range(len(projects))):
        for zone in plan.zones:
            name = say("share in {zone}", language, zone=clean(title(zone, language), 40))
            yield Column(name, flat[f"share@{zone.name}"], Figures(0, percent=True), DETAIL)
    for words, key in (
        (Message("value (points)"), "value"),
        (Message("charged for what it takes (points)"), "charges"),
        (Message("credited for what it makes (points)"), "credits"),
        (Message("scoring sheet (points)"), "points"),
    ):
        yield _points(say(words, language), flat[key], DETAIL)
    titles = {measure.name: clean(title(measure, language)) for measure in plan.measures}
    assumed = [joined([titles[name] for name in names if name in titles], language) for names in flat["assumed"]]
    yield _texts(say("assumed", language), assumed, most=30, fill=DETAIL)
    reasons = [clean(" ".join(dict.fromkeys(text for _, text in found)), 2000) for found in flat["reasons"]]
    yield _texts(say("reasons", language), reasons, most=60, fill=DETAIL)
