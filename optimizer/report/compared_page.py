"""compare.html: a comparison on one page that needs nothing else and runs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ...models.finding import Message
from ..comparison import Compared
from . import numbers
from .compared_projects import Measured, Row, Standing, measured, more, rows
from .compared_tables import headline, letter, origin, tables, verdict
from .numbers import Language
from .templating import digest, environment, source
from .words import clean, say, text

NAME = "compare.html"
MOST_ROWS = 1_000
"""Projects that change and are on the page, and as many that do not: it stays readable, the csv has all of them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A project in one plan, as texts."""

    kind: str
    """for the style: what becomes of it"""
    change: str
    decision: str
    where: str
    amounts: Sequence[str]
    """what it is granted in the first plan, how much more or less in the others"""


@dataclass(frozen=True, slots=True)
class Named:
    """A row of the table of projects."""

    id: str
    title: str
    cells: Sequence[Cell]


def files(compared: Compared, language: Language) -> dict[str, bytes]:
    """compare.html: name -> content, the same for the same comparison."""
    comparison = compared.comparison
    measures = measured(compared, language)
    listed = rows(compared, measures, language)
    changed, same = [row for row in listed if row.differs], [row for row in listed if not row.differs]
    style = source("style.css") + source("compare.css")
    plans = range(len(comparison.plans))
    page = environment(language).get_template("compare.html")
    written = page.render(
        title=headline(comparison, language),
        letters=[letter(comparison, i) for i in plans],
        origins=[origin(comparison, i, language) for i in plans],
        titles=[clean(plan.title, 120) for plan in comparison.plans],
        verdicts=[verdict(comparison, i, language) for i in plans[1:]],
        remarks=[
            (str(one.place), " ".join(text(part, language) for part in (one.what, one.why, one.remedy)).strip())
            for one in compared.findings
        ],
        tables=tables(comparison, language),
        changed=[_named(row, measures, language) for row in changed[:MOST_ROWS]],
        same=[_named(row, measures, language) for row in same[:MOST_ROWS]],
        alike=len(same),
        more=len(changed[MOST_ROWS:]) + len(same[MOST_ROWS:]),
        style=Markup(style),
        style_hash=digest(style),
    )
    return {NAME: written.encode("utf-8")}


def _named(row: Row, measures: Sequence[Measured], language: Language) -> Named:
    first = row.standings[0]
    cells = []
    for i, one in enumerate(row.standings):
        pairs = list(zip(measures, first.granted, one.granted, strict=True))
        if i:
            amounts = [_more(m, a or 0.0, b or 0.0, language) for m, a, b in pairs if more(a, b, m, language)]
        else:
            amounts = [f"{m.title} {numbers.quantity(b, m.unit, language)}" for m, _, b in pairs if b]
        cells.append(Cell(row.kinds[i - 1] if i else "first", one.change, one.decision, _where(one, language), amounts))
    return Named(row.id, row.title, cells)


def _more(measure: Measured, before: float, after: float, language: Language) -> str:
    """How much more or less is granted."""
    sign = "+" if after > before else "−"
    return f"{measure.title} {sign}{numbers.quantity(abs(after - before), measure.unit, language)}"


def _where(one: Standing, language: Language) -> str:
    """Zone and rank."""
    rank = Message("rank {rank}")
    told = [] if one.zone == numbers.NOTHING else [one.zone]
    return " · ".join([*told, *([say(rank, language, rank=one.rank)] if one.rank is not None else [])])
