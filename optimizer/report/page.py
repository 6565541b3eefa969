"""What report.html says outside its ranking, section by section: texts and tables, ready to be written down."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from ...models.finding import Message
from ...models.plan import Decision, Plan, PlannedCriterion, PlannedMeasure, Resource
from ..allocation import Allocation
from . import numbers, sentences, svg
from .numbers import Language
from .words import clean, joined, say, title

MOST_ROWS = 200
"""Rows of a table besides the ranking, sentences of a list: the page stays readable, plan.json has them all."""
MOST_NAMED = 12
"""Names in a sentence before "and so many more"."""
SHORT = 60
"""Characters of a title inside a sentence."""


@dataclass(frozen=True, slots=True)
class Balance:
    """One scarce resource in the whole region, as texts."""

    name: str
    unit: str
    asked: str
    available: str
    short: str
    granted: str
    use: str
    bar: Markup
    assumed: bool
    tight: bool
    """more was asked for than there is"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the plan brings of one measure that a criterion counts, as texts."""

    name: str
    unit: str
    asked: str
    granted: str
    part: str


@dataclass(frozen=True, slots=True)
class Item:
    """A project in a list of sentences."""

    anchor: str
    name: str
    texts: Sequence[str]
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that may be cut."""

    items: Sequence[Item]
    more: int


def by_name(plan: Plan) -> dict[str, PlannedMeasure]:
    return {measure.name: measure for measure in plan.measures}


def outcomes_of(plan: Plan) -> list[PlannedMeasure]:
    """Measures that a criterion counts and that are not scarce, in file order."""
    counted = {criterion.of for criterion in plan.criteria}
    return [measure for measure in plan.measures if measure.name in counted and not measure.scarce]


def outermost(plan: Plan, measure: str) -> list[Resource]:
    """The supplies of a measure that add up to the region's: its own row, else those of zones within no other."""
    rows = {row.zone: row for row in plan.resources if row.measure == measure}
    if None in rows:
        return [rows[None]]
    within = {zone.name: zone.within for zone in plan.zones}

    def held(zone: str | None) -> bool:
        seen: set[str | None] = set()
        while (zone := within.get(zone or "")) is not None and zone not in seen:
            if zone in rows:
                return True
            seen.add(zone)
        return False

    return [row for zone, row in rows.items() if not held(zone)]


def balances(allocation: Allocation, language: Language) -> list[Balance]:
    """Asked, available, short and granted of every scarce measure that somebody asks for."""
    found = []
    for measure in allocation.plan.measures:
        rows = outermost(allocation.plan, measure.name)
        asked = float(allocation.projects[f"requested.{measure.name}"].sum())
        if measure.scarce and rows and asked > 0:
            granted = float(allocation.projects[f"granted.{measure.name}"].sum())
            found.append(_balance(measure, rows, asked, granted, language))
    return found


def _balance(
    measure: PlannedMeasure, rows: Sequence[Resource], asked: float, granted: float, language: Language
) -> Balance:
    available = sum(row.supply + row.made for row in rows)
    reach = available + sum(row.substituted for row in rows)
    how = row_style(measure.unit, language, max(asked, available, granted))
    name = clean(title(measure, language), SHORT)
    wanted, supplied, given = (numbers.figure(value, how, language) for value in (asked, available, granted))
    label = say("{measure}: asked {asked}, available {available}, granted {granted}", language,
                measure=name, asked=wanted, available=supplied, granted=given)  # fmt: skip
    return Balance(
        name=name,
        unit=how.unit,
        asked=wanted,
        available=supplied,
        short=numbers.figure(max(0.0, asked - available), how, language),
        granted=given,
        use=use(granted, reach, language),
        bar=svg.bar(asked, reach, granted, label),
        assumed=any(row.assumed for row in rows),
        tight=asked > available * (1 + 1e-9),
    )


def row_style(unit: str, language: Language, largest: float) -> numbers.Style:
    """How the figures of one row are written, the unit in words."""
    return (
        numbers.fitting(unit, language, largest) if language == "zh" else numbers.style(unit, language, largest=largest)
    )


def head(name: str, unit: str, language: Language) -> str:
    """A heading with its unit."""
    return say("{measure} ({unit})", language, measure=name, unit=unit) if unit else name


def use(used: float, available: float, language: Language) -> str:
    """The used part of what there is; a dash where there is nothing."""
    return numbers.percent(used / available, language) if available > 0 else numbers.NOTHING


def outcomes(allocation: Allocation, language: Language) -> list[Outcome]:
    """What was applied for and what the plan brings of each outcome."""
    found = []
    for measure in outcomes_of(allocation.plan):
        asked = float(allocation.projects[f"requested.{measure.name}"].sum())
        granted = float(allocation.projects[f"granted.{measure.name}"].sum())
        how = row_style(measure.unit, language, max(abs(asked), abs(granted)))
        found.append(
            Outcome(
                name=clean(title(measure, language), SHORT),
                unit=how.unit,
                asked=numbers.figure(asked, how, language),
                granted=numbers.figure(granted, how, language),
                part=use(granted, asked, language),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion: what it counts, in words, its weight, and how far plan and scoring sheet get."""

    name: str
    words: str
    weight: str
    achieved: str
    sheet: str


def criteria(plan: Plan, language: Language) -> list[CriterionRow]:
    weights = sum(criterion.weight for criterion in plan.criteria)
    rows = []
    for c in plan.criteria:
        sheet = plan.baseline.criteria.get(c.name)
        rows.append(
            CriterionRow(
                name=clean(title(c, language), SHORT),
                words=criterion_words(plan, c, language),
                weight=numbers.percent(c.weight / weights, language) if weights else numbers.NOTHING,
                achieved=numbers.percent(c.achieved, language),
                sheet=numbers.percent(sheet / c.scale, language) if sheet is not None and c.scale else numbers.NOTHING,
            )
        )
    return rows


def criterion_words(plan: Plan, c: PlannedCriterion, language: Language) -> str:
    """A criterion as a sentence: investment per land, higher is better, measured against 150 万元/mu."""
    measures = by_name(plan)
    of = clean(title(measures[c.of], language), SHORT)
    if c.per is None:
        return say("more {of}" if c.better == "higher" else "less {of}", language, of=of)
    per = clean(title(measures[c.per], language), SHORT)
    words = {
        "higher": Message("{of} per {per}, the more the better"),
        "lower": Message("{of} per {per}, the less the better"),
    }[c.better]
    told = say(words, language, of=of, per=per)
    if not c.standard:
        return told
    return told + say("; measured against {standard}", language, standard=standard(plan, c, language))


def standard(plan: Plan, c: PlannedCriterion, language: Language) -> str:
    """The ratio that a criterion measures against, with its unit."""
    return sentences.ratio(plan, c.name, c.standard or 0.0, language)


def named(names: Sequence[str], language: Language) -> str:
    """Names in a sentence, cut where there are many."""
    told = joined(names[:MOST_NAMED], language)
    return told + say(" and {count} more", language, count=len(names) - MOST_NAMED) if len(names) > MOST_NAMED else told


def items(allocation: Allocation, decision: Decision, language: Language, anchors: Mapping[str, str]) -> Listed:
    """The projects of one decision with their reasons, each once."""
    found = allocation.projects[allocation.projects["decision"] == decision]
    listed = [
        Item(
            anchors.get(row["id"], ""),
            clean(row["title"]),
            [clean(text) for text in dict.fromkeys(text for _, text in row["reasons"])],
            choices(allocation, row, language) if decision is Decision.DISCUSS else (),
        )
        for row in found.head(MOST_ROWS).to_dict("records")
    ]
    return Listed(listed, len(found) - len(listed))


def choices(allocation: Allocation, row: Mapping[Any, Any], language: Language) -> list[str]:
    """What the meeting can decide on a project: carry it out, with what that takes and brings, or wait."""
    plan = allocation.plan
    counted = {measure.name for measure in outcomes_of(plan)}
    needs, brings, lacks = [], [], []
    for measure in plan.measures:
        asked = float(row[f"requested.{measure.name}"])
        if asked <= 0:
            continue
        if measure.scarce:
            needs.append(_amount(measure, asked, language))
            lacking = asked - most_left(plan, measure.name)
            if lacking > 1e-9 * asked:
                lacks.append(_amount(measure, lacking, language))
        elif measure.name in counted:
            brings.append(_amount(measure, asked, language))
    carry = say("Carry it out as asked: it takes {needs} and brings {brings}.", language,
                needs=joined(needs, language) or say("nothing scarce", language),
                brings=joined(brings, language) or numbers.NOTHING)  # fmt: skip
    others = say("Others would have to give up {lacks}.", language, lacks=joined(lacks, language)) if lacks else ""
    return [
        sentence([carry, others], language),
        say("Ask the owner to come up to the standard, then rank it with the others.", language),
        say("Hold it in reserve; nothing else changes.", language),
    ]


def _amount(measure: PlannedMeasure, amount: float, language: Language) -> str:
    """A measure with an amount of it: 用地300亩."""
    name = clean(title(measure, language), SHORT)
    return name + ("" if language == "zh" else " ") + numbers.quantity(amount, measure.unit, language)


def most_left(plan: Plan, measure: str) -> float:
    """The most of a measure that is left at any one place: in the region, and in the zone with the most."""
    rows = [row for row in plan.resources if row.measure == measure]
    region = [max(0.0, row.slack) for row in rows if row.zone is None]
    zones = [max(0.0, row.slack) for row in rows if row.zone is not None]
    return min([*region, *([max(zones)] if zones else [])], default=math.inf)


def sentence(parts: Iterable[str], language: Language) -> str:
    """Sentences one after the other; Chinese ones without a space."""
    return ("" if language == "zh" else " ").join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Differences:
    """Who is in the plan and not on the scoring sheet's list, and the reverse."""

    enters: Listed
    leaves: Listed


def differences(allocation: Allocation, anchors: Mapping[str, str]) -> Differences:
    projects = allocation.projects
    taken = set(allocation.plan.baseline.admitted)
    inside = projects["share"] > 0
    sheet = projects["id"].isin(taken)

    def listed(chosen: pd.Series[bool]) -> Listed:
        rows = projects[chosen]
        found = [Item(anchors.get(i, ""), clean(t, SHORT), ()) for i, t in zip(rows["id"], rows["title"], strict=True)]
        return Listed(found[:MOST_ROWS], max(0, len(found) - MOST_ROWS))

    return Differences(listed(inside & ~sheet), listed(~inside & sheet))
