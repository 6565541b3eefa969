"""The cards of report.html: everything about one project, opened in place."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ...models.explanation import Answers
from ...models.plan import Plan
from . import columns, numbers, page, page_answers, page_ranking, sentences
from .numbers import Language
from .words import clean, say, title

POINTS = numbers.Style(1.0, 2, "")
LONGEST = 600
"""Characters of a reason that are shown."""


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
    """points, as all below; "" where the project is not ranked"""
    charges: str
    takes: Sequence[tuple[str, str]]
    gives: Sequence[tuple[str, str]]
    points: str
    answers: Sequence[str] = ()
    takes_it: Sequence[tuple[str, str]] = ()
    """what would admit it, each with the change to copy"""


def answered(plan: Plan, held: Card, one: Answers, called: Mapping[str, str], language: Language) -> Card:
    """The card with what was asked about the project."""
    told, changes = page_answers.of_project(plan, one, called, language)
    return replace(held, answers=told, takes_it=changes)


def card(plan: Plan, row: Mapping[str, Any], language: Language) -> Card:
    """Everything about one project, a row of the columns."""
    charged = [
        (clean(sentences.row_name(plan, name, language), 80), points) for name, points in columns.charges_by(row)
    ]
    ranked = not pd.isna(row["value"])
    return Card(
        texts=[clean(reason, LONGEST) for reason in dict.fromkeys(reason for _, reason in row["reasons"])],
        about=list(_about(row, language)),
        entries=list(_entries(plan, row, language)),
        ratios=list(_ratios(plan, row, language)),
        value=numbers.figure(row["value"], POINTS, language) if ranked else "",
        charges=numbers.figure(row["charges"], POINTS, language) if ranked else "",
        takes=[(name, numbers.figure(points, POINTS, language)) for name, points in charged if points > 0],
        gives=[(name, numbers.figure(-points, POINTS, language)) for name, points in charged if points < 0],
        points="" if pd.isna(row["points"]) else numbers.score(row["points"], language),
    )


def _about(row: Mapping[str, Any], language: Language) -> Iterator[tuple[str, str]]:
    """Code and attributes."""
    yield say("project code", language), clean(row["id"])
    for name in (name.removeprefix("attributes.") for name in row if name.startswith("attributes.")):
        if row[f"attributes.{name}"] is not None:
            yield page_ranking.label(name, language), clean(str(row[f"attributes.{name}"]))


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


def _ratios(plan: Plan, row: Mapping[str, Any], language: Language) -> Iterator[tuple[str, str, str]]:
    """Criterion, ratio and standard."""
    for c in plan.criteria:
        if c.per is None or math.isnan(row[f"ratios.{c.name}"]):
            continue
        figure = sentences.ratio(plan, c.name, row[f"ratios.{c.name}"], language)
        yield clean(title(c, language), page.SHORT), figure, page.standard(plan, c, language) if c.standard else ""
