"""A sheet of an .xlsx workbook -> Grid. Nothing in the workbook is run, and no part of it is trusted in size."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import python_calamine as calamine

from ...models.finding import Place
from .findings import Findings, listed
from .grid import Cell, Grid, boxes, cell_name

LARGEST = 1_000_000_000
"""Bytes of the largest table, and of the largest part of a workbook once unpacked: what stops a zip bomb."""
MOST_CELLS = 50_000_000
"""Cells of a sheet between its first and last; one figure in the far corner of a sheet would fill the memory."""

_REFERENCE = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})([0-9]{1,7})"')
_ERROR = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})([0-9]{1,7})"[^>]*? t="e"')
_UNCACHED = re.compile(
    rb'<c (?![^>]*t="str")[^>]*?r="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)'
    rb"\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_HIDDEN = re.compile(rb'<(row|col)\b[^>]*\bhidden="(?:1|true)"[^>]*>')
_NUMBER = re.compile(rb'\b(r|min|max)="([0-9]{1,7})"')
_LAST_COLUMN = 16_384


@dataclass(frozen=True)
class _Part:
    """A worksheet in the archive."""

    path: str
    hidden: bool


def read_workbook(file: str, data: bytes, name: str | None, place: Place, found: Findings) -> Grid | None:
    """The sheet `name` of a workbook, the only one with anything in it if None; None with the reason found."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        found.add("table-locked", place, file=file)
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if any(part.file_size > LARGEST for part in parts.infolist()):
                found.add("table-large", place, file=file)
                return None
            sheets = _sheets(parts)
            chosen = _chosen(sheets, parts, file, name, place, found)
            if chosen is None:
                return None
            xml = parts.read(sheets[chosen].path)
        if _stretched(file, xml, place, found):
            return None
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheet = book.get_sheet_by_name(chosen)
            raw = sheet.to_python(skip_empty_area=False)
            merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or []]
    except MemoryError:  # nothing is wrong with the file
        raise
    except Exception as error:  # broken archives fail in zipfile, the XML parser or calamine, each its own way
        found.add("table-broken", place, file=file, problem=str(error).split("\n")[0][:100])
        return None
    cells = [[_cell(value) for value in row] for row in raw]
    full = [i for i, row in enumerate(cells) if any(cell is not None for cell in row)]
    numbers = [i + 1 for i in full]
    return Grid(file, [cells[i] for i in full], numbers, chosen, boxes(merged, numbers), *_hidden(xml), _faults(xml))


def sheet_names(data: bytes) -> list[str]:
    """The sheets of a workbook that are seen and hold anything; none if it cannot be read, as reading it will tell."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if any(part.file_size > LARGEST for part in parts.infolist()):
                return []
            return [n for n, part in _sheets(parts).items() if not part.hidden and b"<c " in parts.read(part.path)]
    except MemoryError:  # nothing is wrong with the file
        raise
    except Exception:  # as in read_workbook, which tells why
        return []


def _sheets(parts: zipfile.ZipFile) -> dict[str, _Part]:
    """Name of each worksheet -> its part in the archive."""
    book, relations = parts.read("xl/workbook.xml"), parts.read("xl/_rels/workbook.xml.rels")
    if b"<!" in book.replace(b"<!--", b"") or b"<!" in relations.replace(b"<!--", b""):
        raise ValueError("it declares a document type")  # entities are the only thing that could be hidden there
    targets = {one.get("Id"): one.get("Target", "") for one in ElementTree.fromstring(relations)}
    found: dict[str, _Part] = {}
    for one in ElementTree.fromstring(book).iter():
        if not one.tag.endswith("}sheet"):
            continue
        ids = [value for key, value in one.attrib.items() if key.endswith("}id")]
        target = targets.get(ids[0] if ids else None) or ""
        if "worksheets/" in target:
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            found[one.get("name", "")] = _Part(path, one.get("state", "visible") != "visible")
    return found


def _chosen(
    sheets: dict[str, _Part], parts: zipfile.ZipFile, file: str, name: str | None, place: Place, found: Findings
) -> str | None:
    """The sheet that is meant: the one named, or the only one that is seen and holds anything."""
    if name is not None:
        if name in sheets:
            return name
        found.unknown("unknown-sheet", place, name, sheets, file=file)
        return None
    if len(sheets) == 1:
        return next(iter(sheets))
    seen = [one for one, part in sheets.items() if not part.hidden and b"<c " in parts.read(part.path)]
    if len(seen) == 1:
        others = listed(one for one in sheets if one != seen[0])
        found.add("sheet-chosen", place, file=file, sheet=seen[0], others=others)
        return seen[0]
    found.add("table-sheets", place, file=file, sheets=listed(sheets))
    return None


def _stretched(file: str, xml: bytes, place: Place, found: Findings) -> bool:
    """Whether a sheet reaches so far that the blanks in it would fill the memory."""
    rows = columns = 0
    for letters, digits in set(_REFERENCE.findall(xml)):
        rows, columns = max(rows, int(digits)), max(columns, _column(letters))
    if rows * columns > MOST_CELLS:
        found.add("table-stretched", place, file=file, cell=cell_name(rows - 1, columns - 1))
        return True
    return False


def _faults(xml: bytes) -> tuple[tuple[str, int, int], ...]:
    """Formulas that were never computed or end in an error such as #REF!: calamine reads blanks for them, so they are
    looked for in the sheet itself."""
    return tuple(
        (code, int(digits), _column(letters) - 1)
        for code, pattern in (("formula-error", _ERROR), ("formula-empty", _UNCACHED))
        for letters, digits in pattern.findall(xml)
    )


def _hidden(xml: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """Numbers of the hidden rows, and hidden columns from 0; calamine does not tell, so the sheet itself is asked."""
    rows: set[int] = set()
    columns: set[int] = set()
    for match in _HIDDEN.finditer(xml):
        numbers = {name: int(digits) for name, digits in _NUMBER.findall(match[0])}
        if match[1] == b"row" and b"r" in numbers:
            rows.add(numbers[b"r"])
        elif match[1] == b"col" and {b"min", b"max"} <= numbers.keys():
            columns |= set(range(numbers[b"min"] - 1, min(numbers[b"max"], _LAST_COLUMN)))
    return frozenset(rows), frozenset(columns)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return float(value)
    return str(value)  # dates and times, as they print
