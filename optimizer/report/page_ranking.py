"""The ranking of report.html: its columns, a row and a card for every project, subtotals and the scatter."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from ...models.finding import Message
from ...models.plan import Decision, Plan, PlannedCriterion, PlannedMeasure
from ..allocation import Allocation
from . import numbers, page, sentences, svg
from .numbers import Language
from .words import clean, joined, say, text, title

MOST_SCARCE = 8
"""Scarce measures with a column of their own, the shortest ones; the cards have them all."""
MOST_VALUES = 20
"""Values of an attribute that are worth a subtotal and a filter."""
MOST_POINTS = 400
"""Marks in the scatter."""
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
ABOUT = ("owner", "stage")
"""Attributes that stand below a project's title, under these names or the field's words for them."""
CHOSEN = (Decision.COMMITTED, Decision.ADMITTED, Decision.PARTIAL)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: its heading, and per project what stands in it and below that."""

    head: str
    unit: str
    cells: Sequence[str]
    under: Sequence[str] = ()
    """what was asked for, where it is not what was granted"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a card's table."""

    name: str
    unit: str
    asked: str
    granted: str
    assumed: bool
    trimmed: str


@dataclass(frozen=True, slots=True)
class Card:
    """What a project's card holds."""

    texts: Sequence[str]
    about: Sequence[tuple[str, str]]
    entries: Sequence[Entry]
    ratios: Sequence[tuple[str, str, str]]
    """criterion, ratio, standard"""
    value: str
    charges: str
    credits: str
    takes: Sequence[tuple[str, str]]
    gives: Sequence[tuple[str, str]]
    points: str


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


def lines(allocation: Allocation, table: Sequence[Column], language: Language) -> Iterator[Line]:
    """The projects in the order of the plan."""
    plan, projects = allocation.plan, allocation.projects
    by = grouped_by(plan, projects)
    groups = {value: str(i) for i, value in enumerate(group_values(projects, by), 1)} if by else {}
    zones = {zone.name: str(i) for i, zone in enumerate(plan.zones, 1)}
    about = [f"attributes.{name}" for name in attributes(projects) if name in shown_about()]
    for i, row in enumerate(projects.to_dict("records")):
        told = [clean(str(row[name]), 40) for name in about if row[name] is not None]
        yield Line(
            anchor=f"p{i + 1}",
            code=row["decision"],
            rank="" if pd.isna(row["rank"]) else str(row["rank"]),
            name=clean(row["title"]),
            about=" · ".join(told),
            zone=sentences.zones(row, plan, language) if row["share"] > 0 else "",
            decision=sentences.decision(row, language),
            group=groups.get(row[f"attributes.{by}"], "") if by else "",
            sits=" ".join(number for zone, number in zones.items() if row[f"share@{zone}"] > 0),
            index=numbers.index(row["index"], language),
            figures=[(column.cells[i], column.under[i] if column.under else "") for column in table],
        )


def shown_about() -> set[str]:
    return {*ABOUT, *(text(ATTRIBUTES[name], "zh") for name in ABOUT)}


def attributes(projects: pd.DataFrame) -> list[str]:
    return [name.removeprefix("attributes.") for name in projects.columns if name.startswith("attributes.")]


def label(attribute: str, language: Language) -> str:
    """What an attribute is called: the field's own word for the usual ones, else the user's."""
    if attribute in ATTRIBUTES:
        return text(ATTRIBUTES[attribute], language)
    return clean(attribute.replace("_", " ") if language == "en" else attribute, 40)


def grouped_by(plan: Plan, projects: pd.DataFrame) -> str | None:
    """The attribute of the subtotals: the first one of the file with more than one value and not too many."""
    names = dict.fromkeys(group.by for group in plan.groups)
    return next(
        (n for n in attributes(projects) if n in names and 1 < len(group_values(projects, n)) <= MOST_VALUES), None
    )


def group_values(projects: pd.DataFrame, attribute: str) -> list[str]:
    """Values of an attribute in the order of the list."""
    return list(dict.fromkeys(value for value in projects[f"attributes.{attribute}"] if value is not None))


def card(allocation: Allocation, i: int, language: Language) -> Card:
    """Everything about one project."""
    plan = allocation.plan
    row = {str(name): value for name, value in allocation.projects.iloc[i].items()}
    rows = [(clean(sentences.row_name(plan, name, language), 80), points) for name, points in row["charges_by"]]
    style = numbers.Style(1.0, 2, "")
    missing = pd.isna(row["value"])
    return Card(
        texts=[clean(reason, 600) for reason in dict.fromkeys(reason for _, reason in row["reasons"])],
        about=[(say("project code", language), clean(row["id"]))] + [
            (label(name, language), clean(str(row[f"attributes.{name}"])))
            for name in attributes(allocation.projects) if row[f"attributes.{name}"] is not None
        ],
        entries=list(_entries(plan, row, language)),
        ratios=list(_card_ratios(plan, row, language)),
        value="" if missing else numbers.figure(row["value"], style, language),
        charges="" if missing else numbers.figure(row["charges"], style, language),
        credits="" if missing or not row["credits"] else numbers.figure(row["credits"], style, language),
        takes=[(name, numbers.figure(points, style, language)) for name, points in rows if points > 0],
        gives=[(name, numbers.figure(-points, style, language)) for name, points in rows if points < 0],
        points="" if pd.isna(row["points"]) else numbers.score(row["points"], language),
    )  # fmt: skip


def _entries(plan: Plan, row: Mapping[str, Any], language: Language) -> Iterator[Entry]:
    """Asked and granted of every measure that the project has."""
    for measure in plan.measures:
        asked, granted = row[f"requested.{measure.name}"], row[f"granted.{measure.name}"]
        if not asked and not granted:
            continue
        how = page.row_style(measure.unit, language, max(abs(asked), abs(granted)))
        allowed = row.get(f"trimmed.{measure.name}.allowed", math.nan)
        yield Entry(
            name=clean(title(measure, language), page.SHORT),
            unit=how.unit,
            asked=numbers.figure(asked, how, language),
            granted=numbers.figure(granted, how, language),
            assumed=measure.name in row["assumed"],
            trimmed="" if math.isnan(allowed) else numbers.figure(allowed, how, language),
        )


def _card_ratios(plan: Plan, row: Mapping[str, Any], language: Language) -> Iterator[tuple[str, str, str]]:
    for c in plan.criteria:
        if c.per is None or math.isnan(row[f"ratios.{c.name}"]):
            continue
        figure = sentences.ratio(plan, c.name, row[f"ratios.{c.name}"], language)
        yield clean(title(c, language), page.SHORT), figure, page.standard(plan, c, language) if c.standard else ""


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


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    svg: Markup
    shown: int
    without: int
    """projects that have no such ratio: zero land"""
    more: int
    kinds: Sequence[str]


def chart(allocation: Allocation, language: Language) -> Chart | None:
    """The first two criteria per the same measure against each other, the chosen ones filled."""
    plan, projects = allocation.plan, allocation.projects
    pair = scattered(plan)
    if pair is None:
        return None
    x, y = pair
    styles = [
        sentences.ratio_style(plan, c.name, language, float(projects[f"ratios.{c.name}"].abs().max())) for c in pair
    ]
    heads = [page.head(clean(title(c, language), 40), how.unit, language) for c, how in zip(pair, styles, strict=True)]
    found = projects[projects[f"ratios.{x.name}"].notna() & projects[f"ratios.{y.name}"].notna()]
    anchor = anchors(projects)
    points = [
        svg.Point(
            row[f"ratios.{x.name}"] * styles[0].factor, row[f"ratios.{y.name}"] * styles[1].factor, _mark(row["decision"]),
            anchor[row["id"]], "" if pd.isna(row["rank"]) else str(row["rank"]),
            joined([clean(row["title"], page.SHORT), *(
                f"{head} {numbers.figure(row[f'ratios.{c.name}'], how, language)}"
                for c, head, how in zip(pair, heads, styles, strict=True))], language),
        )
        for row in found.head(MOST_POINTS).to_dict("records")
    ]  # fmt: skip
    if not points:
        return None
    axes = [
        svg.Axis(
            head,
            page.standard_line(plan, c, how.factor),
            say("measured against {standard}", language, standard=page.standard(plan, c, language)),
        )
        for c, head, how in zip(pair, heads, styles, strict=True)
    ]
    name = say("{y} against {x}", language, x=clean(title(x, language), 40), y=clean(title(y, language), 40))
    kinds = [kind for kind in ("committed", "chosen", "reserve", "out") if any(p.kind == kind for p in points)]
    return Chart(
        name, svg.scatter(points, *axes, name), len(points), len(projects) - len(found), len(found) - len(points), kinds
    )


def scattered(plan: Plan) -> tuple[PlannedCriterion, PlannedCriterion] | None:
    """The first two criteria that are better when higher and divide by the same measure."""
    by: dict[str, PlannedCriterion] = {}
    for criterion in plan.criteria:
        if criterion.per is None or criterion.better == "lower":
            continue
        if criterion.per in by:
            return by[criterion.per], criterion
        by[criterion.per] = criterion
    return None


def _mark(decision: str) -> str:
    if decision == Decision.COMMITTED:
        return "committed"
    return "chosen" if decision in CHOSEN else "reserve" if decision == Decision.REJECTED else "out"
