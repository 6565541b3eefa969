"""Grid: the cells of a file or sheet as they stand, before anyone says which of them are headings."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from ...models.finding import Place

Cell = str | float | None
"""A text without blanks around it, a number (from a workbook), or None where it is blank."""

Box = tuple[int, int, int, int]
"""Merged cells: first row, first column, last row, last column, both ends within."""


_FIGURE = re.compile(r"[+-]?\d[\d,]*(\.\d*)?%?")


@dataclass(frozen=True, eq=False)
class Grid:
    """The rows that hold anything, blank ones left out."""

    file: str
    rows: list[list[Cell]]
    numbers: list[int]
    """Of each row: its line in a text, its number from 1 in a workbook."""
    sheet: str | None = None
    """Name of the sheet; None for a text."""
    merged: tuple[Box, ...] = ()
    """By the rows' place in `rows`, not by their numbers."""
    hidden_rows: frozenset[int] = frozenset()
    """Numbers of rows."""
    hidden_columns: frozenset[int] = frozenset()
    faults: tuple[tuple[str, int, int], ...] = ()
    """Formulas that have no value: code of the finding, number of the row, column. They read as blank."""

    def place(self, row: int, column: int) -> Place:
        """Where a cell stands."""
        if self.sheet is None:
            return Place(self.file, self.numbers[row], column + 1)
        return Place(self.file, sheet=self.sheet, cell=cell_name(self.numbers[row] - 1, column))

    def cell(self, row: int, column: int) -> str:
        """The name of a cell within the file: B5, or 5:2 in a text."""
        place = self.place(row, column)
        return place.cell or f"{place.line}:{place.column}"


def boxes(ranges: Iterable[Box], numbers: list[int]) -> tuple[Box, ...]:
    """Merged ranges by the rows of a sheet, from 0 -> by the rows of a grid, which has no blank ones.

    >>> boxes([(0, 0, 0, 3), (2, 1, 4, 1), (7, 0, 8, 0)], [1, 3, 5])
    ((0, 0, 0, 3), (1, 1, 2, 1))
    """
    found = ((bisect_left(numbers, r0 + 1), c0, bisect_right(numbers, r1 + 1) - 1, c1) for r0, c0, r1, c1 in ranges)
    return tuple(sorted(box for box in found if box[0] <= box[2]))


def as_text(cell: Cell) -> str | None:
    """A cell as text; a whole number, as codes are in workbooks, without its decimal point."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return cell


def is_figure(cell: Cell) -> bool:
    """Whether a cell is a number, or a text that is nothing else."""
    return isinstance(cell, float) or (isinstance(cell, str) and _FIGURE.fullmatch(cell) is not None)


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
