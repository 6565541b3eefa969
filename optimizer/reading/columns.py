"""Cells of a column as written -> numbers, names, yes and no: by column, and once per distinct text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...models.finding import Place
from ...models.quantity import LARGEST, QuantityError, Unit, factor, number
from .block import Column
from .cells import Coded, coded, figures
from .findings import Findings, shown
from .grid import as_text, is_figure
from .inline import as_yes_no
from .loose import TEXT, TIMES, Loose, multiplied, read_loosely

Floats = NDArray[np.float64]
Objects = NDArray[np.object_]
Where = Callable[[int], Place]
"""row -> place of its cell"""

MOST_TOLD = 20
"""Wrong cells of one column that are told one by one."""

_SEPARATOR = re.compile(r"\s*[;；、]\s*")


def numbers(column: Column, target: Unit, place: Where, found: Findings, loose: Loose | None = None) -> Floats:
    """(n,) the cells in the unit `target`; NaN where they are blank.

    With `loose` cells may be written as offices do, and what was made of them is noted there.
    """
    plain = column.plain
    if plain is not None:
        try:
            factor(plain, target)
        except QuantityError as error:
            found.quantity(error, column.heading or place(0), wanted=target.text)
            return np.zeros(len(column.cells))
    read = figures(column.cells, digits=loose is None or not column.in_workbook)
    values = read.values
    if plain is not None:
        times, by = factor(plain, target)
        values = values * times / by
    odd = dict(read.odd)
    if isinstance(column.cells, list):
        odd |= {row: column.cells[row] for row in column.own if column.cells[row] is not None}
    if np.nanmax(np.abs(values), initial=0.0) > LARGEST:
        odd |= {row: float(read.values[row]) for row in np.flatnonzero(np.abs(values) > LARGEST).tolist()}
    if odd:
        values = values.copy()
        rows = sorted(odd)
        values[rows] = _odd_numbers(rows, odd, column, target, place, found, loose)
    return values


def _odd_numbers(
    rows: list[int],
    cells: Mapping[int, Any],
    column: Column,
    target: Unit,
    place: Where,
    found: Findings,
    loose: Loose | None,
) -> list[float]:
    """Cells that are no plain figures, looked at once per distinct text; what is wrong counts as 0."""
    known: dict[tuple[Any, bool], tuple[float, str]] = {}
    wrong: set[tuple[Any, bool]] = set()
    values = []
    told = 0
    for i in rows:
        cell = cells[i]
        key = (cell if isinstance(cell, str | float) else str(cell), i in column.own)
        if key in wrong and told >= MOST_TOLD:
            values.append(0.0)
            continue
        if key not in known:
            try:
                if key[1]:
                    known[key] = number(cell, target), ""
                else:
                    known[key] = _number(cell, target, column, loose)
            except QuantityError as error:
                told += 1
                wrong.add(key)
                if told <= MOST_TOLD:
                    found.quantity(error, place(i), wanted=target.text)
                values.append(0.0)
                continue
        value, code = known[key]
        values.append(value)
        if code and loose is not None:
            loose.note(code, i, cell)
    return values


def _number(cell: Any, target: Unit, column: Column, loose: Loose | None) -> tuple[float, str]:
    """A cell as a figure, and the code of what was made of it, if anything; without `loose` it must be exact."""
    if loose is None or not isinstance(cell, str):
        return number(cell, target, column.plain), ""
    try:
        value = number(cell, target, column.plain)
    except QuantityError:
        read = read_loosely(cell, target, column.plain, loose.high)
        if read is None:
            raise
        return np.nan if read[0] is None else read[0], read[1]
    return value, TIMES if multiplied(cell) else TEXT if column.in_workbook and is_figure(cell) else ""


def shares(column: Column, target: Unit, place: Where, found: Findings) -> Floats:
    """(n,) parts of a whole, 0 to 1; NaN where blank."""
    values = numbers(column, target, place, found)
    return _within(values, (values < 0) | (values > 1), "share-range", place, found)


def wholes(column: Column, target: Unit, place: Where, found: Findings) -> Floats:
    """(n,) whole numbers from 1; NaN where blank."""
    values = numbers(column, target, place, found)
    wrong = (values < 1) | (values > 1_000_000) | (values != np.floor(values)) & ~np.isnan(values)
    return _within(values, wrong, "units-range", place, found)


def _within(values: Floats, wrong: NDArray[np.bool_], code: str, place: Where, found: Findings) -> Floats:
    for i in np.flatnonzero(wrong)[:MOST_TOLD]:
        found.add(code, place(int(i)), text=shown(values[i]))
    return np.where(wrong, np.nan, values)


def texts(column: Column) -> Objects:
    """(n,) the cells as texts; a list, which only an attribute of a reserved name lets in, is none."""
    cells = column.cells
    if isinstance(cells, list):
        if set(map(type, cells)) == {str}:
            return objects(cells)
        return objects([None if isinstance(cell, list) else as_text(cell) for cell in cells])
    known = coded(cells)
    return objects([None if isinstance(one, list) else as_text(one) for one in known.distinct])[known.codes]


def flags(column: Column, key: str, place: Where, found: Findings) -> NDArray[np.bool_]:
    """(n,) yes or no; blank is no."""
    known = coded(column.cells)
    meant = [
        one is not None and as_yes_no(one, place(known.first(code)), key, found)
        for code, one in enumerate(known.distinct)
    ]
    return np.array(meant, dtype=bool)[known.codes]


def lists[T](column: Column, names: Mapping[str, T], code: str, place: Where, found: Findings) -> Coded:
    """Names in cells, by `names` (as written -> meant), a tuple for each distinct cell; a cell holds several with ; or
    、. Unknown ones are found."""
    known = coded(column.cells)
    told = 0
    meant: list[tuple[T, ...]] = []
    for number_of, cell in enumerate(known.distinct):
        written = cell if isinstance(cell, list) else _SEPARATOR.split(as_text(cell) or "")
        for name in written:
            if name and name not in names and (told := told + 1) <= MOST_TOLD:
                found.unknown(code, place(known.first(number_of)), name, names)
        meant.append(tuple(dict.fromkeys(names[name] for name in written if name in names)))
    return Coded(known.codes, meant)


def objects(values: Sequence[Any]) -> Objects:
    """(n,) of any objects, tuples too."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
