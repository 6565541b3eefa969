"""compare.xlsx: a comparison as a workbook, every difference a formula."""

from __future__ import annotations

from ...models.comparison import Comparison
from ...models.finding import Message
from ..comparison import Compared
from .compared_projects import Field, fields, measured, rows
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
    lines,
    look,
)  # fmt: skip

FILE = "compare.xlsx"
MOST_HELD = 10_000
"""Projects up to which the workbook is held in memory; more are streamed."""
FIGURE, NAMES, UNIT = 13.0, 34.0, 16.0
"""Widths of columns, in characters."""
NAMED = (14.0, 30.0)
"""Widths of code and title of a project."""


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
    if table.note:
        sheet.note(table.note, 2 * count)


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
    """Every project of any plan: what becomes of it, then field by field the plans beside each other."""
    comparison, language = compared.comparison, sheet.language
    measures = measured(compared, language)
    listed = rows(compared, measures, language)
    columns = fields(listed, measures, len(comparison.plans), language)
    sheet.set_widths([*NAMED, *(one.wide for one in columns)])
    sheet.title(say("Projects", language))
    top = sheet.row
    units = [f" ({one.how.unit})" if one.how and one.how.unit else "" for one in columns]
    heads = [f"{one.head}{unit}\n{LETTERS[one.i]}" for one, unit in zip(columns, units, strict=True)]
    shaded = {head: k % 2 for k, head in enumerate(dict.fromkeys(one.head for one in columns))}
    fills = [ASKED if shaded[one.head] else HEADING for one in columns]
    sheet.heads([say("project code", language), say("project", language), *heads], [HEADING, HEADING, *fills])
    for k, row in enumerate(listed):
        sheet.put(sheet.row, 0, row.id, WORDS)
        sheet.put(sheet.row, 1, row.title, WORDS)
        for col, one in enumerate(columns, 2):
            _cell(sheet, col, one, one.values[k])
        texts = [(one.values[k], one.wide) for one in columns if isinstance(one.values[k], str)]
        sheet.set_height(sheet.row, max(lines(str(told), wide) for told, wide in ((row.title, NAMED[1]), *texts)))
        sheet.row += 1
    sheet.paper.freeze_panes(top + 1, 2)
    if sheet.row > top + 1:
        sheet.paper.autofilter(top, 0, sheet.row - 1, len(columns) + 1)
    printed = 2 + sum(one.printed for one in columns)
    sheet.print_list(printed, top, 2, say("Projects", language), headline(comparison, language))


def _cell(sheet: Sheet, col: int, field: Field, value: str | float | None) -> None:
    if field.how is None or value is None or isinstance(value, str):
        sheet.put(sheet.row, col, value, WORDS)
    else:
        sheet.put(sheet.row, col, value * factor(field.how), CELL, figures(field.how))
