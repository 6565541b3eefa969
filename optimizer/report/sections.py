"""A result as sections, each with words, a chart and a table: one form for the terminal and for a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from .layout import Column, folded, laid_out
from .numbers import Language
from .templating import digest, environment, source
from .words import say

WIDTH = 80
MOST_ROWS = 20
"""Rows of a table on the terminal; the page and the files have all of them."""


@dataclass(frozen=True)
class Table:
    """Cells as they are read. The first column is a name, the others are figures unless they are named in `words`."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    units: Sequence[str] = ()
    words: Sequence[int] = ()
    """places of columns of words, besides the first"""
    marked: Sequence[int] = ()
    """rows that stand out"""

    def unit(self, column: int) -> str:
        return self.units[column] if self.units else ""

    def is_figure(self, column: int) -> bool:
        return column > 0 and column not in self.words


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    title: str
    words: Sequence[str] = ()
    table: Table | None = None
    chart: Markup | None = None
    code: Sequence[str] = field(default=())
    """commands to copy"""


@dataclass(frozen=True)
class Document:
    """A whole result."""

    title: str
    answer: str
    """the one sentence that matters"""
    sections: Sequence[Section]


def page(document: Document, language: Language) -> bytes:
    """One page that needs nothing else; everything is escaped, and a policy forbids every request."""
    style = source("style.css")
    template = environment(language).get_template("sections.html")
    return template.render(document=document, style=Markup(style), style_hash=digest(style)).encode()


def lines(document: Document, language: Language) -> Iterator[str]:
    """The same for a terminal."""
    yield from folded(document.answer, WIDTH)
    for section in document.sections:
        yield ""
        yield from folded(section.title, WIDTH)
        for words in section.words:
            yield from folded(words, WIDTH, "  ")
        if section.table is not None and section.table.rows:
            yield from tabulated(section.table)
            left = len(section.table.rows) - MOST_ROWS
            if left > 0:
                yield "  " + say("… and {count} more in the files", language, count=left)
        for code in section.code:
            yield f"    {code}"


def tabulated(table: Table) -> Iterator[str]:
    """A table in columns of at most 80 cells; what does not fit is cut."""
    shown = table.rows[:MOST_ROWS]
    columns = [
        Column(
            head,
            table.unit(i) if table.units else None,
            [row[i] for row in shown],
            i,
            right=table.is_figure(i),
            least=1 if table.is_figure(i) else 8,
            most=12 if table.is_figure(i) else 34,
        )
        for i, head in enumerate(table.heads)
    ]
    heads, body = laid_out(columns, WIDTH - 2)
    yield from (f"  {line}" for line in (*heads, *body))
