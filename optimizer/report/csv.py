"""ranking.csv and resources.csv: every figure of the plan for a spreadsheet, headings with their units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...models.finding import Message
from ..allocation import Allocation
from . import answers, cells, columns, explained, numbers, sentences
from .numbers import Language
from .words import clean, joined, say, title

RANKING, RESOURCES = "ranking.csv", "resources.csv"
DIGITS = 9
"""Significant digits: more than any figure has, and without the noise of sums."""


def files(allocation: Allocation, language: Language) -> dict[str, bytes]:
    """Both files, and the tables of what was asked about the plan: name -> content."""
    asked = explained.tables(allocation.answers, language) if allocation.answers is not None else {}
    return {**asked, RANKING: ranking(allocation, language), RESOURCES: resources(allocation, language)}


def ranking(allocation: Allocation, language: Language) -> bytes:
    """The projects in the order of the plan, one a row."""
    plan, flat = allocation.plan, columns.flat_columns(allocation.projects)
    table: dict[str, Sequence[object]] = {
        say("rank", language): flat["rank"],
        say("decision", language): _decisions(allocation, language),
        say("project code", language): _texts(flat["id"]),
        say("project", language): _texts(flat["title"]),
    }
    for name in (name for name in flat if name.startswith("attributes.")):
        _put(table, name.removeprefix("attributes."), _texts(flat[name]))
    if plan.zones:
        sits = [sentences.zones(record, plan, language) for record in allocation.projects.to_dict("records")]
        _put(table, say("zone", language), sits)
    _put(table, say("share (%)", language), [_short(share * 100) for share in allocation.projects["share"]])
    _put(table, say("units carried out", language), flat["units"])
    for measure in plan.measures:
        unit = numbers.unit_name(measure.unit, language)
        for words, group in ((Message("{measure}, asked"), "requested"), (Message("{measure}, granted"), "granted")):
            head = say(words, language, measure=clean(title(measure, language)))
            _put(table, _with_unit(head, unit, language), _figures(flat[f"{group}.{measure.name}"]))
    for criterion in (c for c in plan.criteria if c.per is not None):
        how = sentences.ratio_style(plan, criterion.name, language, 0.0, compact=False)
        head = _with_unit(clean(title(criterion, language)), how.unit, language)
        _put(table, head, _figures(flat[f"ratios.{criterion.name}"], how.factor))
    for label, name in (
        (Message("index (benefit per charge)"), "index"),
        (Message("value (points)"), "value"),
        (Message("charged for what it takes (points)"), "charges"),
        (Message("credited for what it makes (points)"), "credits"),
        (Message("scoring sheet (points)"), "points"),
    ):
        _put(table, say(label, language), _figures(flat[name]))
    titles = {measure.name: clean(title(measure, language)) for measure in plan.measures}
    gap = "" if language == "zh" else " "
    _put(
        table,
        say("assumed", language),
        [joined((titles[m] for m in found), language) for found in _lists(flat["assumed"])],
    )
    _put(
        table,
        say("reasons", language),
        [clean(gap.join(text for _, text in found), 2000) for found in _lists(flat["reasons"])],
    )
    return cells.sheet([table, *zip(*table.values(), strict=True)])


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


def _decisions(allocation: Allocation, language: Language) -> list[str]:
    names = ["decision", "share", "units", "reasons"]
    return [sentences.decision(record, language) for record in allocation.projects[names].to_dict("records")]


def _put(table: dict[str, Sequence[object]], head: str, values: Sequence[object]) -> None:
    """Add a column; a heading that is there already gets a number."""
    name, i = head, 2
    while name in table:
        name, i = f"{head} {i}", i + 1
    table[name] = values


def _with_unit(head: str, unit: str, language: Language) -> str:
    return say("{measure} ({unit})", language, measure=head, unit=unit) if unit else head


def _texts(values: Iterable[object]) -> list[str | None]:
    return [None if value is None else clean(str(value), 2000) for value in values]


def _lists(values: Iterable[object]) -> Iterable[list[Any]]:
    return (value for value in values if isinstance(value, list))


def _figures(values: Iterable[object], factor: float = 1.0) -> list[object]:
    return [
        _short(value * factor) if isinstance(value, int | float) else "∞" if value == "inf" else None
        for value in values
    ]


def _short(value: float) -> int | float:
    """A figure without noise, whole ones without a point.

    >>> _short(0.1 + 0.2), _short(1530000.0)
    (0.3, 1530000)
    """
    rounded = float(f"{value:.{DIGITS}g}") + 0.0
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded
