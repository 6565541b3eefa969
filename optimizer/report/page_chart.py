"""The scatter of report.html: two ratios of every project against each other, the chosen ones filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from ...models.plan import Decision, Plan, PlannedCriterion
from ..allocation import Allocation
from . import numbers, page, sentences, svg
from .numbers import Language
from .words import clean, joined, say, title

MOST_POINTS = 400
"""Marks in the scatter."""
KINDS: Mapping[str, str] = {
    Decision.COMMITTED: "committed",
    Decision.ADMITTED: "chosen",
    Decision.PARTIAL: "chosen",
    Decision.REJECTED: "reserve",
    Decision.DISCUSS: "out",
    Decision.INADMISSIBLE: "out",
}
"""Decision -> class of its mark."""


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    svg: Markup
    kinds: Sequence[str]
    """classes of the marks that are there"""
    without: int
    """projects that have no such ratio: they take no land"""
    more: int
    """projects that are left out because there are too many"""


@dataclass(frozen=True, slots=True)
class _Ratio:
    """One of the two criteria, and how its ratio is written."""

    criterion: PlannedCriterion
    column: str
    style: numbers.Style
    head: str


def chart(allocation: Allocation, anchors: Mapping[str, str], language: Language) -> Chart | None:
    """The scatter of the first two criteria per the same measure; None without such criteria or projects."""
    plan, projects = allocation.plan, allocation.projects
    pair = scattered(plan)
    if pair is None:
        return None
    x, y = (_ratio(plan, criterion, projects, language) for criterion in pair)
    found = projects[projects[x.column].notna() & projects[y.column].notna()]
    points = [_point(row, x, y, anchors, language) for row in found.head(MOST_POINTS).to_dict("records")]
    if not points:
        return None
    names = [clean(title(ratio.criterion, language), 40) for ratio in (x, y)]
    name = say("{y} against {x}", language, x=names[0], y=names[1])
    return Chart(
        title=name,
        svg=svg.scatter(points, _axis(plan, x, language), _axis(plan, y, language), name),
        kinds=[kind for kind in dict.fromkeys(KINDS.values()) if any(point.kind == kind for point in points)],
        without=len(projects) - len(found),
        more=len(found) - len(points),
    )


def scattered(plan: Plan) -> tuple[PlannedCriterion, PlannedCriterion] | None:
    """The first two criteria that divide by the same measure."""
    by: dict[str, PlannedCriterion] = {}
    for criterion in plan.criteria:
        if criterion.per in by:
            return by[criterion.per], criterion
        if criterion.per is not None:
            by[criterion.per] = criterion
    return None


def _ratio(plan: Plan, criterion: PlannedCriterion, projects: pd.DataFrame, language: Language) -> _Ratio:
    column = f"ratios.{criterion.name}"
    how = sentences.ratio_style(plan, criterion.name, language, float(projects[column].abs().max()))
    return _Ratio(criterion, column, how, page.head(clean(title(criterion, language), 40), how.unit, language))


def _axis(plan: Plan, ratio: _Ratio, language: Language) -> svg.Axis:
    """The axis of a ratio; its standard is a line."""
    standard = ratio.criterion.standard
    if not standard:
        return svg.Axis(ratio.head, None, "")
    told = say("measured against {standard}", language, standard=page.standard(plan, ratio.criterion, language))
    return svg.Axis(ratio.head, standard * ratio.style.factor, told)


def _point(row: Mapping[Any, Any], x: _Ratio, y: _Ratio, anchors: Mapping[str, str], language: Language) -> svg.Point:
    figures = [f"{ratio.head} {numbers.figure(row[ratio.column], ratio.style, language)}" for ratio in (x, y)]
    return svg.Point(
        x=row[x.column] * x.style.factor,
        y=row[y.column] * y.style.factor,
        kind=KINDS[row["decision"]],
        anchor=anchors.get(row["id"], ""),
        label="" if pd.isna(row["rank"]) else str(row["rank"]),
        title=joined([clean(row["title"], page.SHORT), *figures], language),
    )
