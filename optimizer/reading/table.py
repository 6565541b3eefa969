"""A .csv, .xlsx or .parquet file -> a Grid of cells; and of a table that is plainly headings and rows, a Sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from pathlib import Path

from ...models.finding import Place
from .findings import Findings, listed
from .grid import Cell, Grid, as_text, cell_name
from .parquet import parquet_grid, parquet_table
from .workbook import LARGEST, read_workbook

__all__ = ["LARGEST", "Cell", "Sheet", "as_text", "decoded", "plain_sheet", "ragged", "read_grid", "tell_faults"]

_RAGGED = 20  # rows that are told one by one


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


def read_grid(path: Path, file: str, data: bytes, sheet: str | None, place: Place, found: Findings) -> Grid | None:
    """The cells of a file; None if it cannot be read, with the reason among the findings.

    `file` is the name as the user wrote it, `place` where they did, `data` the bytes of the file.
    """
    ending = path.suffix.lower()
    if len(data) > LARGEST:
        found.add("table-large", place, file=file)
        return None
    if not data.strip():
        found.add("table-empty", place, file=file)
        return None
    if ending not in (".csv", ".xlsx", ".parquet"):
        found.add("table-ending", place, file=file, ending=ending or file)
        return None
    if ending == ".parquet":
        table = parquet_table(file, data, place, found)
        return None if table is None else parquet_grid(table)
    grid = _csv(file, data, place, found) if ending == ".csv" else read_workbook(file, data, sheet, place, found)
    if grid is not None and not grid.rows:
        found.add("table-empty", place, file=file)
        return None
    return grid


def decoded(data: bytes) -> str | None:
    """UTF-8, with or without a byte order mark, else GB18030; None if it is neither."""
    known = encoding(data)
    return None if known is None else data.decode(known)


def encoding(data: bytes) -> str | None:
    """The encoding of a text: UTF-8, with or without a byte order mark, else GB18030; None if it is neither."""
    for known in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(known)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else known
    return None


def _csv(file: str, data: bytes, place: Place, found: Findings) -> Grid | None:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        found.add("table-workbook", place, file=file)
        return None
    text = decoded(data)
    if text is None:
        found.add("table-text", place, file=file)
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter(text))
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
    cells: list[list[Cell]] = [[text.strip() or None for text in rows[i]] for i in full]
    return Grid(file, cells, [lines[i] for i in full])


def delimiter(text: str) -> str:
    """What separates the cells: of the first lines the one that has most, as titles above the headings have none."""
    for line in text.lstrip().split("\n", 30)[:30]:
        best = max(",\t;", key=line.count)
        if best in line:
            return best
    return ","


def plain_sheet(grid: Grid, place: Place, found: Findings) -> Sheet | None:
    """The table in a grid whose first row are its headings; None if there is no row below them."""
    if grid.merged:
        cells = [grid.cell(row, column) for row, column, _, _ in grid.merged]
        row, column, _, _ = grid.merged[0]
        found.add("table-merged", grid.place(row, column), cells=listed(cells))
    tell_faults(grid, range(len(grid.rows)), None, found)
    headings = grid.rows[0]
    while headings and headings[-1] is None:
        headings = headings[:-1]
    body = list(range(1, len(grid.rows)))
    if not body:
        found.add("table-empty", place, file=grid.file)
        return None
    columns = ragged(grid, body, len(headings), found)

    def position(row: int, column: int) -> Place:
        return grid.place(row + 1, column)

    return Sheet(grid.file, [as_text(heading) or "" for heading in headings], columns, position)


def tell_faults(grid: Grid, rows: Iterable[int], columns: Container[int] | None, found: Findings) -> None:
    """Formulas without a value among the cells that are read, all columns if None; in rows of nothing else, too."""
    if not grid.faults:
        return
    others = set(grid.numbers) - {grid.numbers[i] for i in rows}
    for code in ("formula-error", "formula-empty"):
        cells = [
            cell_name(number - 1, j)
            for one, number, j in grid.faults
            if one == code and number not in others and (columns is None or j in columns)
        ]
        if cells:
            found.add(code, Place(grid.file, sheet=grid.sheet, cell=cells[0]), cells=listed(cells))


def ragged(grid: Grid, body: list[int], width: int, found: Findings) -> list[list[Cell]]:
    """Rows as `width` columns. Rows longer or shorter than the headings are errors."""
    rows: list[list[Cell]] = []
    told = 0
    for i in body:
        row = grid.rows[i]
        if len(row) < width or any(cell is not None for cell in row[width:]):
            told += 1
            if told <= _RAGGED:
                found.add("table-ragged", grid.place(i, 0), cells=len(row), headings=width)
            row = [*row[:width], *[None] * (width - len(row))]
        rows.append(row if len(row) == width else row[:width])
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
