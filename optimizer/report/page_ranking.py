"""The ranking of report.html: its columns, a row for every project, and subtotals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...models.finding import Message
from ...models.plan import Plan, PlannedCriterion, PlannedMeasure
from ..allocation import Allocation
from . import numbers, page, sentences
from .numbers import Language
from .words import clean, say, text, title

MOST_SCARCE = 8
"""Scarce measures with a column of their own, the shortest ones; the cards have them all."""
MOST_VALUES = 20
"""Values of an attribute that are worth a subtotal and a filter."""
ATTRIBUTES: Mapping[str, Message] = {
    "cluster": Message("cluster"),
    "sector": Message("sector"),
    "industry": Message("industry"),
    "use": Message("use"),
    "landuse": Message("land use"),
    "grade": Message("grade"),
    "stage": Message("stage"),
    "owner": Message("owner"),
    "dept": Message("lead department"),
}
"""The field's own words for attributes that many scenarios have; any other is called what the scenario calls it."""
ABOUT = ("owner", "项目单位", "stage", "阶段")
"""Attributes that stand below a project's title where the scenario has them, in either language."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: its heading, and per project what stands in it and below that."""

    head: str
    unit: str
    cells: Sequence[str]
    under: Sequence[str] = ()
    """what was asked for, where it is not what was granted"""


@dataclass(frozen=True, slots=True)
class Line:
    """A project in the table."""

    anchor: str
    code: str
    rank: str
    name: str
    about: str
    zone: str
    decision: str
    group: str
    sits: str
    index: str
    figures: Sequence[tuple[str, str]]
    """what stands in each column, and below that"""


def anchors(projects: pd.DataFrame) -> dict[str, str]:
    """The id of each project's row in the page; ids of the user's may hold anything."""
    return {id_: f"p{i}" for i, id_ in enumerate(projects["id"], 1)}


def columns(allocation: Allocation, language: Language) -> list[Column]:
    """Scarce measures, outcomes that a criterion counts, then the ratio of each `per` criterion."""
    plan, projects = allocation.plan, allocation.projects
    return [
        *(_amounts(projects, measure, language) for measure in scarce(plan, projects)),
        *(_amounts(projects, measure, language) for measure in page.outcomes_of(plan)),
        *(_ratios(allocation, c, language) for c in plan.criteria if c.per is not None),
    ]


def scarce(plan: Plan, projects: pd.DataFrame) -> list[PlannedMeasure]:
    """Scarce measures that somebody asks for, in file order; where there are many, the shortest of them."""
    asked = [m for m in plan.measures if m.scarce and (projects[f"requested.{m.name}"] > 0).any()]
    return [m for m in asked if m in sorted(asked, key=lambda m: -_shortness(plan, projects, m.name))[:MOST_SCARCE]]


def _shortness(plan: Plan, projects: pd.DataFrame, measure: str) -> float:
    """What was asked for against what there is; 0 where nothing bounds it."""
    rows = page.outermost(plan, measure)
    available = sum(row.supply + row.made for row in rows)
    asked = float(projects[f"requested.{measure}"].sum())
    return asked / available if available > 0 else math.inf if rows else 0.0


def _amounts(projects: pd.DataFrame, measure: PlannedMeasure, language: Language) -> Column:
    """Granted, and below it what was asked for where that is another figure or nothing is granted."""
    granted, asked = projects[f"granted.{measure.name}"], projects[f"requested.{measure.name}"]
    how = numbers.style(measure.unit, language, largest=float(asked.abs().max()), compact=True)
    cells, under = [], []
    for given, wanted, share, assumed in zip(granted, asked, projects["share"], projects["assumed"], strict=True):
        mark = "*" if measure.name in assumed else ""
        texts = [numbers.figure(value, how, language) for value in (given, wanted)]
        inside, wants = share > 0 and (given or wanted), bool(wanted)
        cells.append(texts[0] + mark if inside else "")
        under.append("" if not wants or (inside and texts[0] == texts[1]) else texts[1] if inside else texts[1] + mark)
    return Column(clean(title(measure, language), 40), yearless(how.unit), cells, under)


def _ratios(allocation: Allocation, criterion: PlannedCriterion, language: Language) -> Column:
    values = allocation.projects[f"ratios.{criterion.name}"]
    how = sentences.ratio_style(allocation.plan, criterion.name, language, float(values.abs().max()))
    figures = [numbers.figure(value, how, language) for value in values]
    return Column(clean(title(criterion, language), 40), yearless(how.unit), figures)


def yearless(unit: str) -> str:
    return unit.removesuffix("/year").removesuffix("/年")


@dataclass(frozen=True, slots=True)
class Filters:
    """What rows can be filtered by: values of one attribute, and zones; in the page a value is its number, from 1."""

    by: str | None
    values: Sequence[str]
    zones: Sequence[str]
    """their titles"""


def filters(allocation: Allocation, language: Language) -> Filters:
    plan, projects = allocation.plan, allocation.projects
    by = grouped_by(plan, projects)
    zones = [clean(title(zone, language), page.SHORT) for zone in plan.zones]
    return Filters(by, group_values(projects, by) if by else (), zones)


def lines(
    plan: Plan, rows: Sequence[Mapping[str, Any]], table: Sequence[Column], offered: Filters, language: Language
) -> Iterator[Line]:
    """The projects in the order of the plan; `rows` are those of the columns."""
    groups = {value: str(i) for i, value in enumerate(offered.values, 1)}
    zones = [(f"share@{zone.name}", str(i)) for i, zone in enumerate(plan.zones, 1)]
    about = [f"attributes.{name}" for name in ABOUT if rows and f"attributes.{name}" in rows[0]]
    for i, row in enumerate(rows):
        yield Line(
            anchor=f"p{i + 1}",
            code=row["decision"],
            rank="" if pd.isna(row["rank"]) else str(row["rank"]),
            name=clean(row["title"]),
            about=" · ".join(clean(str(row[name]), 40) for name in about if row[name] is not None),
            zone=sentences.zones(row, plan, language) if row["share"] > 0 else "",
            decision=sentences.decision(row, language),
            group=groups.get(row[f"attributes.{offered.by}"], "") if offered.by else "",
            sits=" ".join(number for share, number in zones if row[share] > 0),
            index=numbers.index(row["index"], language),
            figures=[(column.cells[i], column.under[i] if column.under else "") for column in table],
        )


def attributes(projects: pd.DataFrame) -> list[str]:
    return [name.removeprefix("attributes.") for name in projects.columns if name.startswith("attributes.")]


def label(attribute: str, language: Language) -> str:
    """What an attribute is called: the field's own word for the usual ones, else the user's."""
    if attribute in ATTRIBUTES:
        return text(ATTRIBUTES[attribute], language)
    return clean(attribute.replace("_", " ") if language == "en" else attribute, 40)


def grouped_by(plan: Plan, projects: pd.DataFrame) -> str | None:
    """The attribute of the subtotals: the first one of the file that parts the projects into a few groups.

    Most projects have a value of it, and there are at most `MOST_VALUES` values and one for every two projects.
    """
    names = {group.by for group in plan.groups}
    most = min(MOST_VALUES, len(projects) // 2)

    def parts(name: str) -> bool:
        filled = projects[f"attributes.{name}"].notna().sum()
        return name in names and 2 * filled > len(projects) and 1 < len(group_values(projects, name)) <= most

    return next((name for name in attributes(projects) if parts(name)), None)


def group_values(projects: pd.DataFrame, attribute: str) -> list[str]:
    """Values of an attribute in the order of the list."""
    return list(dict.fromkeys(value for value in projects[f"attributes.{attribute}"] if value is not None))


@dataclass(frozen=True, slots=True)
class Subtotal:
    """What one group applied for and got, as texts."""

    name: str
    applied: int
    granted: int
    figures: Sequence[tuple[str, str]]
    """granted, asked"""


@dataclass(frozen=True, slots=True)
class Subtotals:
    by: str
    heads: Sequence[tuple[str, str]]
    rows: Sequence[Subtotal]
    total: Subtotal


def subtotals(allocation: Allocation, by: str, language: Language) -> Subtotals:
    """Asked and granted by the values of an attribute, and of all."""
    projects = allocation.projects
    measures = [*scarce(allocation.plan, projects), *page.outcomes_of(allocation.plan)]
    styles = [numbers.fitting(m.unit, language, float(projects[f"requested.{m.name}"].sum())) for m in measures]

    def subtotal(name: str, rows: pd.DataFrame) -> Subtotal:
        figures = [
            (numbers.figure(float(rows[f"granted.{m.name}"].sum()), how, language),
             numbers.figure(float(rows[f"requested.{m.name}"].sum()), how, language))
            for m, how in zip(measures, styles, strict=True)
        ]  # fmt: skip
        return Subtotal(name, len(rows), int((rows["share"] > 0).sum()), figures)

    column = projects[f"attributes.{by}"]
    rows = [subtotal(clean(value, 40), projects[column == value]) for value in group_values(projects, by)]
    if column.isna().any():
        rows.append(subtotal(say("without", language), projects[column.isna()]))
    heads = [(clean(title(m, language), 40), yearless(how.unit)) for m, how in zip(measures, styles, strict=True)]
    return Subtotals(label(by, language), heads, rows, subtotal(say("all", language), projects))
