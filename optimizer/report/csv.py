"""ranking.csv and resources.csv: every figure of the plan for a spreadsheet, headings with their units."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from ...models.finding import Message
from ..allocation import Allocation
from . import answers, bulk, cells, columns, explained, labels, numbers, sentences
from .alike import numbered
from .folder import Content, Stream
from .numbers import Language
from .words import clean, joined, say, title

RANKING, RESOURCES = "ranking.csv", "resources.csv"
DIGITS = 9
"""Significant digits: more than any figure has, and without the noise of sums."""
MOST_HELD = 10_000
"""Projects up to which the ranking is made before it is written."""
LONGEST = 2000
"""Characters of a text that are written."""


def files(allocation: Allocation, language: Language) -> dict[str, Content]:
    """Both files, and the tables of what was asked about the plan: name -> content, a long ranking part by part."""
    asked = explained.tables(allocation.answers, language) if allocation.answers is not None else {}
    parts = Stream(lambda: ranking(allocation, language))
    ranked = parts if len(allocation.projects) > MOST_HELD else b"".join(parts)
    return {**asked, RANKING: ranked, RESOURCES: resources(allocation, language)}


def ranking(allocation: Allocation, language: Language) -> Iterator[bytes]:
    """The projects in the order of the plan, one a row; part by part."""
    plan, projects = allocation.plan, allocation.projects
    table: dict[str, bulk.Column] = {
        say("rank", language): _whole(projects["rank"]),
        say("decision", language): bulk.Coded(*labels.decisions(projects, lambda p: sentences.decision(p, language))),
        say("project code", language): _texts(projects["id"]),
        say("project", language): _texts(projects["title"]),
    }
    for name in (str(name) for name in projects if str(name).startswith("attributes.")):
        _put(table, name.removeprefix("attributes."), _texts(projects[name]))
    if plan.zones:
        _put(table, say("zone", language), bulk.Coded(*labels.zones(projects, plan, language)))
    _put(table, say("share (%)", language), _figures(100 * projects["share"].to_numpy(dtype=float)))
    _put(table, say("units carried out", language), _whole(projects["units"]))
    for measure in plan.measures:
        unit = numbers.unit_name(measure.unit, language)
        for words, group in ((Message("{measure}, asked"), "requested"), (Message("{measure}, granted"), "granted")):
            head = say(words, language, measure=clean(title(measure, language)))
            _put(table, _with_unit(head, unit, language), _canonical(projects[f"{group}.{measure.name}"]))
    for criterion in (c for c in plan.criteria if c.per is not None):
        how = sentences.ratio_style(plan, criterion.name, language, 0.0, compact=False)
        head = _with_unit(clean(title(criterion, language)), how.unit, language)
        _put(table, head, _canonical(projects[f"ratios.{criterion.name}"], how.factor))
    for label, name in (
        (Message("index (benefit per charge)"), "index"),
        (Message("value (points)"), "value"),
        (Message("charged for what it takes (points)"), "charges"),
        (Message("credited for what it makes (points)"), "credits"),
        (Message("scoring sheet (points)"), "points"),
    ):
        _put(table, say(label, language), _canonical(projects[name]))
    titles = {measure.name: clean(title(measure, language)) for measure in plan.measures}
    gap = "" if language == "zh" else " "
    _put(
        table,
        say("assumed", language),
        _once(projects["assumed"], lambda found: joined((titles[m] for m in found), language)),
    )
    _put(
        table,
        say("reasons", language),
        _once(projects["reasons"], lambda found: clean(gap.join(text for _, text in found), LONGEST)),
    )
    return bulk.parts(table, len(projects))


def resources(allocation: Allocation, language: Language) -> bytes:
    """The balance of every supply, one a row."""
    plan = allocation.plan
    heads = (
        Message("scarce resource"), Message("zone"), Message("unit"), Message("supply"), Message("made"),
        Message("asked"), Message("of which committed"), Message("granted"), Message("moved between grades"),
        Message("left"), Message("short"), Message("used (%)"), Message("one more brings"), Message("source"),
        Message("assumed"),
    )  # fmt: skip
    titles = {noun.name: clean(title(noun, language)) for noun in plan.measures}
    zones = {noun.name: clean(title(noun, language)) for noun in plan.zones}
    rows: list[Iterable[object]] = [[say(head, language) for head in heads]]
    for row in plan.resources:
        available = row.supply + row.made + row.substituted
        amounts = (
            row.supply,
            row.made,
            row.requested,
            row.committed,
            row.used,
            row.substituted,
            row.slack,
            row.shortage,
        )
        rows.append(
            [
                titles.get(row.measure, row.measure),
                zones.get(row.zone, row.zone) if row.zone else say("whole region", language),
                numbers.unit_name(row.unit, language),
                *map(_short, amounts),
                round(100 * row.used / available, 1) if available > 0 else None,
                answers.one_more(allocation, row, language) or sentences.one_more(plan, row, language),
                clean(row.source or "", 2000),
                say("assumed", language) if row.assumed else None,
            ]
        )
    return cells.sheet(rows)


def _once(column: pd.Series[Any], said: Callable[[Any], str]) -> bulk.Column:
    """A column of objects of which many are equal: each is said once."""
    code = numbered(column)
    _, first = np.unique(code, return_index=True)
    return bulk.Coded(code, [said(value) for value in column.iloc[first]])


def _put(table: dict[str, bulk.Column], head: str, values: bulk.Column) -> None:
    """Add a column; a heading that is there already gets a number."""
    name, i = head, 2
    while name in table:
        name, i = f"{head} {i}", i + 1
    table[name] = values


def _with_unit(head: str, unit: str, language: Language) -> str:
    return say("{measure} ({unit})", language, measure=head, unit=unit) if unit else head


def _texts(column: pd.Series[Any]) -> bulk.Column:
    return bulk.Texts(column.to_numpy(dtype=object), lambda text: clean(text, LONGEST))


def _whole(column: pd.Series[Any]) -> bulk.Column:
    return bulk.Whole(column.to_numpy(dtype=np.int64, na_value=0), column.isna().to_numpy())


def _canonical(column: pd.Series[Any], factor: float = 1.0) -> bulk.Column:
    """The figures that plan.json has, times a factor."""
    return _figures(factor * columns.canonical_values(column.to_numpy(dtype=float, na_value=np.nan)))


def _figures(values: columns.Floats) -> bulk.Column:
    return bulk.Figures(values, DIGITS, _single, ties=True)


def _single(value: float) -> int | float | str | None:
    if math.isnan(value) or value == -math.inf:
        return None
    return "∞" if value == math.inf else _short(value)


def _short(value: float) -> int | float:
    """A figure without noise, whole ones without a point.

    >>> _short(0.1 + 0.2), _short(1530000.0)
    (0.3, 1530000)
    """
    rounded = float(f"{value:.{DIGITS}g}") + 0.0
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded
