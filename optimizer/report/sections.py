"""A result as sections, each with words, a chart and a table: one form for the terminal and for a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup
from rich.cells import cell_len

from .layout import GAP, Column, across, folded, laid_out
from .numbers import Language
from .templating import digest, environment, source
from .words import say

WIDTH = 80
MOST_ROWS = 20
"""Rows of a table on the terminal; the page and the files have all of them."""


HEADS = (12, 9, 7)
"""Cells at which headings of figures fold: the first that lets the table fit."""
MOST_WORDS = 34
"""Cells of a column of words."""
LEAST_WORDS = 24
"""Cells that a column of words needs to be folded."""


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
    style = source("style.css") + source("sections.css")
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
            yield from tabulated(section.table, language)
            left = len(section.table.rows) - MOST_ROWS
            if left > 0:
                yield "  " + say("… and {count} more in the files", language, count=left)
        for code in section.code:
            yield f"    {code}"


def tabulated(table: Table, language: Language) -> Iterator[str]:
    """A table in columns of at most 80 cells: headings fold, and the last column if it is one of words."""
    rows = table.rows[:MOST_ROWS]
    last = len(table.heads) - 1
    for most in HEADS:
        columns = columns_of(table, rows, most)
        end = columns[last].width()
        room = WIDTH - 2 - needs(columns[:last]) - GAP
        if (min(end, LEAST_WORDS) if last in table.words else end) <= room:
            break
    if last in table.words and room >= LEAST_WORDS:
        rows = [
            [*(row[:last] if i == 0 else [""] * last), part]
            for row in rows
            for i, part in enumerate(folded(row[last], room))
        ]
        columns = columns_of(table, rows, most, room)
    shown = list(across(columns, WIDTH - 2))
    heads, body = laid_out(shown, WIDTH - 2)
    yield from (f"  {line}" for line in (*heads, *body))
    if len(shown) < len(columns):
        yield "  " + say("… and {count} more columns in the files", language, count=len(columns) - len(shown))


def columns_of(table: Table, rows: Sequence[Sequence[str]], most: int, words: int = MOST_WORDS) -> list[Column]:
    """The columns, headings of figures folded at `most` cells; figures and units are never cut."""
    columns = []
    for i, head in enumerate(table.heads):
        cells, unit = [row[i] for row in rows], table.unit(i)
        longest = max(most, cell_len(unit), *map(cell_len, cells))
        figure = table.is_figure(i)
        columns.append(
            Column(
                head,
                unit if table.units else None,
                cells,
                i,
                right=figure,
                least=1 if figure else 8,
                most=longest if figure else words if i + 1 == len(table.heads) else MOST_WORDS,
            )
        )
    return columns


def needs(columns: Sequence[Column]) -> int:
    """Cells that some columns take side by side."""
    return sum(column.width() + GAP for column in columns)
