"""A plan in a cell of a notebook: the answer, the top of the ranking, what is scarce. HTML, every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd
from markupsafe import Markup, escape

from ...models.finding import Message
from ...models.plan import Plan, PlannedMeasure
from ..allocation import Allocation
from . import numbers, sentences
from .numbers import Language
from .words import clean, say, title

MOST_ROWS = 12
"""Projects that are shown; the whole ranking is a DataFrame."""
MOST_MEASURES = 4
"""Scarce measures that have a column."""
SHORT = 40
"""Characters of a title in a cell."""

_LEFT, _RIGHT = Markup(' style="text-align:left"'), Markup(' style="text-align:right"')


def summary(allocation: Allocation, language: Language) -> str:
    """The whole cell. It sets no colours, so that it reads in light and dark notebooks."""
    plan, projects = allocation.plan, allocation.projects
    told = f"{sentences.quality(plan, language)} {sentences.merit(plan, language)}"
    parts = [
        Markup("<p><b>{}</b><br>{}</p>").format(sentences.headline(plan, projects, language), told),
        _ranking(allocation, language),
        _scarce(allocation, language),
        *(Markup("<p>{}</p>").format(line) for line in _notes(plan, language)),
    ]
    return str(Markup("<div>{}</div>").format(Markup("").join(parts)))


def _ranking(allocation: Allocation, language: Language) -> Markup:
    """The first rows of the plan: committed projects, then by rank."""
    plan, shown = allocation.plan, allocation.projects.head(MOST_ROWS)
    records = shown.to_dict("records")
    columns: list[tuple[str, Sequence[str], bool]] = [
        (say("#", language), ["" if pd.isna(rank) else str(rank) for rank in shown["rank"]], True),
        (say("project", language), [clean(name, SHORT) for name in shown["title"]], False),
        (say("decision", language), [sentences.decision(one, language) for one in records], False),
    ]
    if plan.zones:
        columns.append((say("zone", language), [sentences.zones(one, plan, language) for one in records], False))
    scarce = [m for m in plan.measures if m.scarce and (allocation.projects[f"granted.{m.name}"] != 0).any()]
    columns += [_granted(shown, measure, language) for measure in scarce[:MOST_MEASURES]]
    columns.append((say("index", language), [numbers.index(value, language) for value in shown["index"]], True))
    left = len(allocation.projects) - len(shown)
    more = Markup("<p>{}</p>").format(say("… and {count} more", language, count=left)) if left else Markup("")
    return _grid(columns) + more


def _granted(shown: pd.DataFrame, measure: PlannedMeasure, language: Language) -> tuple[str, Sequence[str], bool]:
    """A column of what was granted, its unit in the heading."""
    amounts = shown[f"granted.{measure.name}"]
    how = numbers.style(measure.unit, language, largest=float(amounts.abs().max()), compact=True)
    name = clean(title(measure, language), SHORT)
    head = say("{measure} ({unit})", language, measure=name, unit=how.unit) if how.unit else name
    return head, [numbers.figure(value, how, language) for value in amounts], True


def _scarce(allocation: Allocation, language: Language) -> Markup:
    """Asked, available, granted of every supply that more was asked of than there is."""
    plan = allocation.plan
    rows = [row for row in plan.resources if row.shortage > 0][:MOST_ROWS]
    if not rows:
        return Markup("")
    styles = [numbers.fitting(r.unit, language, max(r.requested, r.supply + r.made, r.used)) for r in rows]
    named = zip(rows, styles, strict=True)
    places = [(sentences.place(plan, row.measure, row.zone, language), how.unit) for row, how in named]
    columns: list[tuple[str, Sequence[str], bool]] = [
        (
            say("Scarce", language),
            [say("{measure} ({unit})", language, measure=at, unit=unit) if unit else at for at, unit in places],
            False,
        )
    ]
    for head, amounts in (
        (Message("asked"), [row.requested for row in rows]),
        (Message("available"), [row.supply + row.made for row in rows]),
        (Message("granted"), [row.used for row in rows]),
    ):
        figures = zip(amounts, styles, strict=True)
        columns.append((say(head, language), [numbers.figure(one, how, language) for one, how in figures], True))
    columns.append((say("one more brings", language), [sentences.one_more(plan, r, language) for r in rows], False))
    return _grid(columns)


def _notes(plan: Plan, language: Language) -> Iterator[str]:
    """What must be said beside the tables: how prices were come by, which rules are broken."""
    if not plan.linear and any(row.price > sentences.NEGLIGIBLE for row in plan.resources if row.shortage > 0):
        yield say("(worked out as if every project could be divided)", language)
    broken = [row for row in plan.rules if not row.kept]
    yield from (sentences.rule(row, language) for row in broken[:MOST_ROWS])
    if len(broken) > MOST_ROWS:
        yield say("… and {count} more", language, count=len(broken) - MOST_ROWS)


def _grid(columns: Sequence[tuple[str, Sequence[str], bool]]) -> Markup:
    """A table from (heading, cells, whether figures)."""
    sides = [_RIGHT if right else _LEFT for _, _, right in columns]
    head = _row("th", (head for head, _, _ in columns), sides)
    body = Markup("").join(_row("td", cells, sides) for cells in zip(*(cells for _, cells, _ in columns), strict=True))
    return Markup("<table><thead>{}</thead><tbody>{}</tbody></table>").format(head, body)


def _row(tag: str, cells: Iterable[str], sides: Sequence[Markup]) -> Markup:
    made = Markup("").join(
        Markup("<{0}{1}>{2}</{0}>").format(Markup(tag), side, escape(cell))
        for cell, side in zip(cells, sides, strict=True)
    )
    return Markup("<tr>{}</tr>").format(made)
