"""Cells of a column held as an array: figures as numbers, texts as codes, and what is neither as it stands.

A column of a million plain figures is then one array, and a column of names as many small numbers as rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...models.quantity import LARGEST

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Figures:
    """Cells that are plain figures, blank, or odd: whatever needs to be looked at one by one."""

    values: Floats
    """(n,) NaN where a cell is blank or odd."""
    odd: dict[int, Any] = field(default_factory=dict)
    """Row -> the cell as it stands; rows ascending."""

    def __len__(self) -> int:
        return len(self.values)

    def with_cell(self, row: int, cell: Any) -> Figures:
        values = self.values.copy()
        values[row] = np.nan
        others = {i: one for i, one in self.odd.items() if i != row}
        return Figures(values, dict(sorted({**others, row: cell}.items())) if cell is not None else others)


@dataclass(frozen=True, eq=False)
class Coded:
    """Cells by the number of what they hold; most of them hold what others hold too."""

    codes: Codes
    """(n,)"""
    distinct: list[Any]
    """What each number stands for, mostly in the order in which it occurs first: a text, a list of texts or None."""

    def __len__(self) -> int:
        return len(self.codes)

    def with_cell(self, row: int, cell: Any) -> Coded:
        codes, distinct = self.codes.copy(), list(self.distinct)
        old = int(codes[row])
        if np.count_nonzero(codes == old) == 1:  # what no row holds any more must not be looked at
            distinct[old] = cell
        else:
            codes[row] = len(distinct)
            distinct.append(cell)
        return Coded(codes, distinct)

    def first(self, code: int) -> int:
        """The row in which something occurs first."""
        return int(np.argmax(self.codes == code))


Cells = list[Any] | Figures | Coded


class Coder(dict[Any, int]):
    """Numbers texts in the order in which they come."""

    def __missing__(self, text: Any) -> int:
        self[text] = number = len(self)
        return number

    def codes(self, cells: Sequence[Any]) -> Codes:
        return np.fromiter(map(self.__getitem__, cells), np.int32, len(cells))


def coded(cells: Cells) -> Coded:
    """The cells by number, from whatever they are held in."""
    if isinstance(cells, Coded):
        return cells
    if isinstance(cells, Figures) and not cells.odd:
        values, numbers = np.unique(cells.values, return_inverse=True)
        return Coded(numbers.astype(np.int32), [None if np.isnan(one) else one for one in values.tolist()])
    if isinstance(cells, Figures):
        cells = [cells.odd.get(i, None if np.isnan(value) else value) for i, value in enumerate(cells.values.tolist())]
    coder = Coder()
    codes = coder.codes([tuple(cell) if isinstance(cell, list) else cell for cell in cells])
    return Coded(codes, [list(one) if isinstance(one, tuple) else one for one in coder])


def figures(cells: Cells, digits: bool = True) -> Figures:
    """The cells as figures; texts that are nothing but a number are odd unless `digits`."""
    if isinstance(cells, Figures):
        return cells
    if isinstance(cells, Coded):
        known = figures(cells.distinct, digits)
        odd = {}
        if known.odd:
            rows = np.flatnonzero(np.isin(cells.codes, list(known.odd)))
            odd = {row: known.odd[code] for row, code in zip(rows.tolist(), cells.codes[rows].tolist(), strict=True)}
        return Figures(known.values[cells.codes], odd)
    values, odd = np.full(len(cells), np.nan), {}
    for i, cell in enumerate(cells):
        if isinstance(cell, float) or (digits and isinstance(cell, str) and "_" not in cell):
            try:
                values[i] = float(cell)
            except ValueError:
                odd[i] = cell
        elif cell is not None:
            odd[i] = cell
    for i in np.flatnonzero(~(np.abs(values) <= LARGEST)).tolist():
        if i not in odd and cells[i] is not None:
            odd[i], values[i] = cells[i], np.nan
    return Figures(values, dict(sorted(odd.items())))


def figures_of_texts(cells: Sequence[str]) -> Figures:
    """The cells of a text file as figures; the usual ones, bare or blank, without looking at them one by one."""
    blanks = cells.count("")
    try:
        plain: Iterable[str] = [cell or "nan" for cell in cells] if blanks else cells
        values = np.fromiter(map(float, plain), np.float64, len(cells))
    except ValueError:
        return figures([cell.strip() or None for cell in cells])
    if usual(values, blanks) and "_" not in "".join(cells):
        return Figures(values)
    return figures([cell.strip() or None for cell in cells])


def usual(values: Floats, blanks: int) -> bool:
    """Whether all but so many of the figures are numbers that can be computed with."""
    return int(np.count_nonzero(np.abs(values) <= LARGEST)) == len(values) - blanks


def joined(parts: Sequence[Figures]) -> Figures:
    """Figures one below the other."""
    odd: dict[int, Any] = {}
    start = 0
    for part in parts:
        odd |= {start + row: cell for row, cell in part.odd.items()}
        start += len(part)
    return Figures(np.concatenate([np.zeros(0), *(part.values for part in parts)]), odd)
