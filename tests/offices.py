"""Lists as offices keep them, written for the tests of reading: a scenario around a table, and what comes of it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import xlsxwriter

from landalloc.models.finding import Finding, InputError, Severity
from landalloc.optimizer.candidates import Candidates
from landalloc.optimizer.read import read

SCENARIO = """\
name: list
measures:
  land: {unit: mu, title: 用地}
  new_land: {unit: mu, title: 新增用地}
  investment: {unit: 亿元, title: 总投资}
  output: {unit: 亿元/year, title: 年产值}
  jobs: {unit: person, title: 就业}
attributes: [cluster, kind, park]
supply: {land: 1000, new_land: 500}
criteria: {intensity: {of: investment, per: land, weight: 1}, jobs: {of: jobs, weight: 1}}
defaults: {min_share: 0}
projects:
"""
OF_THE_SCENARIO = {"scale", "far-apart", "supply-unneeded", "no-points"}
"""Codes of findings that are not about the table."""

Rows = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Book:
    """A sheet of a workbook: rows from A1, and how it is set."""

    rows: Rows
    merged: Sequence[str] = ()
    hidden_rows: Iterable[int] = ()
    """from 0"""
    hidden_columns: Iterable[str] = ()
    name: str = "表"

    def bytes(self, *others: Book, hidden_sheets: Iterable[str] = ()) -> bytes:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
            for one in (self, *others):
                sheet = book.add_worksheet(one.name)
                for i, row in enumerate(one.rows):
                    for j, cell in enumerate(row):
                        if cell is not None:
                            sheet.write(i, j, cell)
                for area in one.merged:
                    row, column = xlsxwriter.utility.xl_cell_to_rowcol(area.split(":")[0])
                    sheet.merge_range(area, one.rows[row][column] if column < len(one.rows[row]) else "")
                for row in one.hidden_rows:
                    sheet.set_row(row, None, None, {"hidden": True})
                for column in one.hidden_columns:
                    sheet.set_column(column, None, None, {"hidden": True})
                if one.name in hidden_sheets:
                    sheet.hide()
        return buffer.getvalue()


@dataclass
class Read:
    """What was read: the candidates, None if there were errors, and what was found about the table."""

    candidates: Candidates | None
    findings: list[Finding]
    errors: list[str] = field(default_factory=list)

    def found(self) -> list[tuple[str, str]]:
        """Code and place of every finding about the table, warnings in order of code."""
        return sorted((one.code, _where(one)) for one in self.findings if one.code not in OF_THE_SCENARIO)

    def told(self, code: str) -> str:
        """What the only finding of a code says."""
        (one,) = [one for one in self.findings if one.code == code]
        return str(one.what)

    def remedy(self, code: str) -> str:
        return next(str(one.remedy) for one in self.findings if one.code == code)

    def amounts(self, *measures: str) -> dict[str, list[float]]:
        """Title -> its amounts."""
        assert self.candidates is not None, [f"{one.place} {one.what}" for one in self.findings]
        columns = [np.round(self.candidates.amounts[name], 9).tolist() for name in measures]
        return dict(zip(self.candidates.table["title"], map(list, zip(*columns, strict=True)), strict=True))

    def texts(self, attribute: str) -> dict[str, str | None]:
        assert self.candidates is not None, [f"{one.place} {one.what}" for one in self.findings]
        return dict(zip(self.candidates.table["title"], self.candidates.attributes[attribute].tolist(), strict=True))

    def assumed(self) -> dict[str, tuple[str, ...]]:
        assert self.candidates is not None
        table = self.candidates.table
        return {title: names for title, names in zip(table["title"], table["assumed"], strict=True) if names}


def _where(one: Finding) -> str:
    return one.place.cell or f"{one.place.line}:{one.place.column}"


def listed(folder: Path, table: Book | bytes | str, settings: str = "", scenario: str = SCENARIO) -> Read:
    """Read a scenario whose projects are a table; `settings` are those of the entry, such as ``header: 3``."""
    content = table.bytes() if isinstance(table, Book) else table.encode() if isinstance(table, str) else table
    name = "list.xlsx" if content.startswith(b"PK") else "list.csv"
    (folder / name).write_bytes(content)
    path = folder / "scenario.yaml"
    path.write_text(f"{scenario}  - {{table: {name}{', ' if settings else ''}{settings}}}\n", encoding="utf-8")
    try:
        reading = read(path)
    except InputError as error:
        errors = [one.code for one in error.findings if one.severity is Severity.ERROR]
        return Read(None, error.findings, errors)
    return Read(reading.candidates, reading.findings)
