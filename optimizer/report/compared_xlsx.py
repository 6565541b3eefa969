"""compare.xlsx: a comparison as a workbook, every difference a formula."""

from __future__ import annotations

from collections.abc import Sequence

from ...models.comparison import Comparison
from ...models.finding import Message
from ..comparison import Compared
from .compared_projects import Measured, measured, rows
from .compared_tables import LETTERS, Line, Table, headline, letter, origin, tables, verdict
from .numbers import Language
from .words import clean, say, text
from .xlsx_book import (
    ASKED,
    CELL,
    HEADING,
    NAME,
    WORDS,
    Book,
    Figures,
    Formula,
    Sheet,
    factor,
    figures,
    head,
    lines,
    look,
)  # fmt: skip

FILE = "compare.xlsx"
MOST_HELD = 10_000
"""Projects up to which the workbook is held in memory; more are streamed."""
FIGURE, NAMES, UNIT = 13.0, 34.0, 16.0
"""Widths of columns, in characters."""
CHANGE = look(CELL, bold=True, text_wrap=True, indent=1)
FIELDS = (Message("decision"), Message("zone"), Message("rank"), Message("share (%)"))
CHANGED = (Message("change"), Message("places gained"))


def files(compared: Compared, language: Language) -> dict[str, bytes]:
    """compare.xlsx: name -> content, the same for the same comparison."""
    comparison = compared.comparison
    book = Book(headline(comparison, language), language, streamed=len(compared.projects) > MOST_HELD)
    summary = book.sheet(say("Summary", language))
    listed = book.sheet(say("Projects", language))
    first, *further = tables(comparison, language)
    _summary(summary, compared, first)
    _projects(listed, compared)
    for table in further:
        _section(book.sheet(table.title), comparison, table)
    return {FILE: book.content()}


def _summary(sheet: Sheet, compared: Compared, table: Table) -> None:
    """What is compared, who comes and goes, scores and decisions, and what to know beforehand."""
    comparison, language = compared.comparison, sheet.language
    last = _widths(sheet, comparison)
    sheet.title(say("Comparison: {title}", language, title=headline(comparison, language)))
    for i, plan in enumerate(comparison.plans):
        names = dict.fromkeys((letter(comparison, i), clean(plan.title, 120), origin(comparison, i, language)))
        sheet.paragraph("  ".join(names), last)
    for i in range(1, len(comparison.plans)):
        sheet.paragraph(verdict(comparison, i, language), last, bold=True)
    note = Message("Scores are at the scales and weights of A, so that they compare; amounts are in its units.")
    sheet.note(say(note, language), last)
    sheet.section(table.title)
    _lines(sheet, comparison, table)
    if compared.findings:
        sheet.section(say("To know beforehand", language))
        for one in compared.findings:
            told = " ".join(text(part, language) for part in (one.what, one.why, one.remedy)).strip()
            sheet.paragraph(f"{one.place}{say(': ', language)}{told}", last)
    sheet.print_setup(last + 1)


def _widths(sheet: Sheet, comparison: Comparison) -> int:
    """Widths of a sheet of figures; its last column."""
    count = len(comparison.plans)
    sheet.set_widths((NAMES, UNIT, *(FIGURE,) * (2 * count - 1)))
    return 2 * count


def _section(sheet: Sheet, comparison: Comparison, table: Table) -> None:
    """One section of figures on a sheet of its own."""
    last = _widths(sheet, comparison)
    sheet.title(table.title)
    top = sheet.row
    _lines(sheet, comparison, table)
    sheet.paper.freeze_panes(top + 1, 1)
    sheet.print_setup(last + 1, head=top)


def _lines(sheet: Sheet, comparison: Comparison, table: Table) -> None:
    """The figures of the plans, then the differences against the first."""
    language, count = sheet.language, len(comparison.plans)
    names = [letter(comparison, i) for i in range(count)]
    differences = [f"{LETTERS[i]} − A" for i in range(1, count)]
    fills = [HEADING] * (2 + count) + [ASKED] * (count - 1)
    sheet.heads([say("figure", language), say("unit", language), *names, *differences], fills)
    for group in table.groups:
        if group.name:
            sheet.merge(sheet.row, 0, 2 * count, group.name, NAME)
            sheet.row += 1
        for line in group.lines:
            _line(sheet, line, count, deep=bool(group.name))


def _line(sheet: Sheet, line: Line, count: int, *, deep: bool) -> None:
    row = sheet.row
    sheet.put(row, 0, line.name, look(WORDS, indent=2) if deep else WORDS)
    sheet.put(row, 1, line.how.unit, WORDS)
    shown, by = figures(line.how), factor(line.how)
    for i in range(count):
        if line.words:
            sheet.put(row, 2 + i, line.words[i], look(CELL, align="right"))
        else:
            value = line.values[i]
            sheet.put(row, 2 + i, None if value is None else value * by, CELL, shown)
    for i in range(1, count):
        found = line.difference(i)
        formula = f"{sheet.at(row, 2 + i)}-{sheet.at(row, 2)}"
        content = None if found is None else Formula(formula, found * by)
        sheet.put(row, 1 + count + i, content, CELL, Figures(shown.decimals, shown.percent))
    sheet.set_height(row, max(lines(line.name, NAMES - 2), lines(line.how.unit, UNIT)))
    sheet.row += 1


def _projects(sheet: Sheet, compared: Compared) -> None:
    """Every project of any plan: what becomes of it, then each plan's columns."""
    comparison, language = compared.comparison, sheet.language
    measures = measured(compared, language)
    heads, widths, fills = _heads(comparison, measures, language)
    sheet.set_widths(widths)
    sheet.title(say("Projects", language))
    top = sheet.row
    sheet.heads(heads, fills)
    for row in rows(compared, measures, language):
        at = sheet.row
        sheet.put(at, 0, row.id, WORDS)
        sheet.put(at, 1, row.title, WORDS)
        col = 2
        for i, one in enumerate(row.standings):
            if i:
                sheet.put(at, col, one.change, CHANGE)
                sheet.put(at, col + 1, one.climbed, CELL, Figures(0))
                col += 2
            sheet.put(at, col, one.decision, WORDS)
            sheet.put(at, col + 1, one.zone, WORDS)
            sheet.put(at, col + 2, one.rank, CELL)
            sheet.put(at, col + 3, one.share, CELL, Figures(0, percent=True))
            col += 4
            for measure, value in zip(measures, one.granted, strict=True):
                amount = None if value is None else value * factor(measure.how)
                sheet.put(at, col, amount, CELL, figures(measure.how))
                col += 1
        sheet.set_height(at, lines(row.title, widths[1]))
        sheet.row += 1
    sheet.paper.freeze_panes(top + 1, 2)
    if sheet.row > top + 1:
        sheet.paper.autofilter(top, 0, sheet.row - 1, len(heads) - 1)
    sheet.print_list(len(heads), top, 2, say("Projects", language), headline(comparison, language))


def _heads(
    comparison: Comparison, measures: Sequence[Measured], language: Language
) -> tuple[list[str], list[float], list[str]]:
    """Headings, widths and fills of the list of projects; every second plan has another fill."""
    names, widths = [say("project code", language), say("project", language)], [14.0, 30.0]
    fills = [HEADING] * 2
    for i in range(len(comparison.plans)):
        own = [say(words, language) for words in (*(CHANGED if i else ()), *FIELDS)]
        own += [head(measure.title, measure.how.unit) for measure in measures]
        names += [f"{LETTERS[i]} {name}" for name in own]
        widths += [*((16.0, 9.0) if i else ()), 15.0, 14.0, 8.0, 10.0, *(12.0,) * len(measures)]
        fills += [ASKED if i % 2 else HEADING] * len(own)
    return names, widths, fills
