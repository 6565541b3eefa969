"""A .csv or .xlsx file -> a Sheet: headings, columns of cells, and the place of each.

A cell is a text without blanks around it, a number (from a workbook) or None where it is blank.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import python_calamine as calamine

from ..models.finding import Place
from .read_findings import Findings, listed

Cell = str | float | None

LARGEST = 1_000_000_000
"""Bytes of the largest table, and of the largest part of a workbook once unpacked: what stops a zip bomb."""
MOST_CELLS = 50_000_000
"""Cells of a sheet between its first and last; one figure in the far corner of a sheet would fill the memory."""

_RAGGED = 20  # rows that are told one by one
_REFERENCE = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})([0-9]{1,7})"')
_ERROR = re.compile(rb'<c [^>]*?r="([A-Z]{1,3}[0-9]{1,7})"[^>]*? t="e"')
_UNCACHED = re.compile(
    rb'<c (?![^>]*t="str")[^>]*?r="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)'
    rb"\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)


@dataclass(frozen=True)
class Sheet:
    """One table: n rows under its headings. `columns[j][i]` is the cell of row i under heading j."""

    file: str
    headings: list[str]
    columns: list[list[Cell]]
    position: Callable[[int, int], Place]
    """(row, column) -> place; row −1 is the heading."""

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0


def read_table(path: Path, file: str, data: bytes, sheet: str | None, place: Place, found: Findings) -> Sheet | None:
    """The table in a file; None if it cannot be read, with the reason among the findings.

    `file` is the name as the user wrote it, `place` where they did, `data` the bytes of the file.
    """
    ending = path.suffix.lower()
    if len(data) > LARGEST:
        found.add("table-large", place, file=file)
        return None
    if not data.strip():
        found.add("table-empty", place, file=file)
        return None
    if ending == ".csv":
        return _csv(file, data, place, found)
    if ending == ".xlsx":
        return _xlsx(file, data, sheet, place, found)
    found.add("table-ending", place, file=file, ending=ending or file)
    return None


def decoded(data: bytes) -> str | None:
    """UTF-8, with or without a byte order mark, else GB18030; None if it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _csv(file: str, data: bytes, place: Place, found: Findings) -> Sheet | None:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        found.add("table-workbook", place, file=file)
        return None
    text = decoded(data)
    if text is None:
        found.add("table-text", place, file=file)
        return None
    first = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=max(",\t;", key=first.count))
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            rows.append(row)
            lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        found.add("table-csv", Place(file, reader.line_num), problem=str(error))
        return None
    full = [i for i, row in enumerate(rows) if any(map(str.strip, row))]

    def position(row: int, column: int) -> Place:
        return Place(file, lines[full[row + 1]], column + 1)

    cells: list[list[Cell]] = [[text.strip() or None for text in rows[i]] for i in full]
    return _sheet(file, cells, position, place, found)


def _sheet(
    file: str, rows: list[list[Cell]], position: Callable[[int, int], Place], place: Place, found: Findings
) -> Sheet | None:
    """Rows, the headings first, as columns. Rows longer or shorter than the headings are errors."""
    if not rows:
        found.add("table-empty", place, file=file)
        return None
    headings = rows[0]
    while headings and headings[-1] is None:
        headings = headings[:-1]
    width = len(headings)
    body: list[list[Cell]] = []
    ragged = 0
    for i, row in enumerate(rows[1:]):
        if len(row) < width or any(cell is not None for cell in row[width:]):
            ragged += 1
            if ragged <= _RAGGED:
                found.add("table-ragged", position(i, 0), cells=len(row), headings=width)
        body.append([*row[:width], *[None] * (width - len(row))])
    columns: list[list[Cell]] = [list(column) for column in zip(*body, strict=True)]
    if not body:
        found.add("table-empty", place, file=file)
        return None
    texts = ["" if heading is None else as_text(heading) or "" for heading in headings]
    return Sheet(file, texts, columns, position)


def as_text(cell: Cell) -> str | None:
    """A cell as text; a whole number, as codes are in workbooks, without its decimal point."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return cell


def _xlsx(file: str, data: bytes, name: str | None, place: Place, found: Findings) -> Sheet | None:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        found.add("table-locked", place, file=file)
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if any(part.file_size > LARGEST for part in parts.infolist()):
                found.add("table-large", place, file=file)
                return None
            names = _sheets(parts)
            chosen = _chosen(names, file, name, place, found)
            if chosen is None:
                return None
            xml = parts.read(names[chosen])
        if not _sound(file, chosen, xml, place, found):
            return None
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheet = book.get_sheet_by_name(chosen)
            raw = sheet.to_python(skip_empty_area=False)
            merged = [cell_name(*first) for first, _ in sheet.merged_cell_ranges or []]
    except Exception as error:  # broken archives fail in zipfile, the XML parser or calamine, each its own way
        found.add("table-broken", place, file=file, problem=str(error).split("\n")[0][:100])
        return None
    rows = [[_cell(value) for value in row] for row in raw]
    full = [i for i, row in enumerate(rows) if any(cell is not None for cell in row)]

    def position(row: int, column: int) -> Place:
        return Place(file, sheet=chosen, cell=cell_name(full[row + 1], column))

    if merged:
        found.add("table-merged", Place(file, sheet=chosen, cell=merged[0]), cells=listed(merged))
    return _sheet(file, [rows[i] for i in full], position, place, found)


def _sheets(parts: zipfile.ZipFile) -> dict[str, str]:
    """Name of each worksheet -> its part in the archive."""
    book, relations = parts.read("xl/workbook.xml"), parts.read("xl/_rels/workbook.xml.rels")
    if b"<!" in book.replace(b"<!--", b"") or b"<!" in relations.replace(b"<!--", b""):
        raise ValueError("it declares a document type")  # entities are the only thing that could be hidden there
    targets = {one.get("Id"): one.get("Target", "") for one in ElementTree.fromstring(relations)}
    found: dict[str, str] = {}
    for one in ElementTree.fromstring(book).iter():
        if not one.tag.endswith("}sheet"):
            continue
        ids = [value for key, value in one.attrib.items() if key.endswith("}id")]
        target = targets.get(ids[0] if ids else None) or ""
        if "worksheets/" in target:
            found[one.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _chosen(names: dict[str, str], file: str, name: str | None, place: Place, found: Findings) -> str | None:
    if name is None and len(names) == 1:
        return next(iter(names))
    if name is None:
        found.add("table-sheets", place, file=file, sheets=listed(names))
    elif name in names:
        return name
    else:
        found.unknown("unknown-sheet", place, name, names, file=file)
    return None


def _sound(file: str, sheet: str, xml: bytes, place: Place, found: Findings) -> bool:
    """Whether a worksheet can be taken: not stretched over the whole grid; formulas with their values.

    calamine reads blanks for formulas that were never computed and for errors such as #REF!, so they are looked for
    in the sheet itself.
    """
    rows = columns = 0
    for letters, digits in set(_REFERENCE.findall(xml)):
        rows, columns = max(rows, int(digits)), max(columns, _column(letters))
    if rows * columns > MOST_CELLS:
        found.add("table-stretched", place, file=file, cell=cell_name(rows - 1, columns - 1))
        return False
    for code, pattern in (("formula-error", _ERROR), ("formula-empty", _UNCACHED)):
        cells = [cell.decode() for cell in pattern.findall(xml)]
        if cells:
            found.add(code, Place(file, sheet=sheet, cell=cells[0]), cells=listed(cells))
    return True


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def cell_name(row: int, column: int) -> str:
    """Row and column from 0 -> the name of a cell.

    >>> cell_name(0, 0), cell_name(4, 27)
    ('A1', 'AB5')
    """
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return float(value)
    return str(value)  # dates and times, as they print
