"""Cells of a column as written -> numbers, names, yes and no: by column, and once per distinct text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...models.finding import Place
from ...models.quantity import LARGEST, QuantityError, Unit, factor, number
from .block import Column
from .findings import Findings, shown
from .grid import as_text, is_figure
from .inline import as_yes_no
from .loose import TEXT, TIMES, Loose, multiplied, read_loosely

Floats = NDArray[np.float64]
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
    values = _plain_numbers(column.cells) if not column.own else None
    if values is None:
        return _mixed_numbers(column, target, place, found, loose)
    if plain is not None:
        times, by = factor(plain, target)
        values = values * times / by
    if np.nanmax(np.abs(values), initial=0.0) > LARGEST:
        return _mixed_numbers(column, target, place, found, loose)
    if loose is not None and column.in_workbook:
        for i, cell in enumerate(column.cells):
            if isinstance(cell, str):
                loose.note(TEXT, i, cell)
    return values


def _plain_numbers(cells: list[Any]) -> Floats | None:
    """The cells where every one is a bare finite number or blank; else None."""
    try:
        values = np.array(cells, dtype=np.float64)
    except (ValueError, TypeError):
        return None
    usual = values.shape == (len(cells),) and not np.isinf(values).any()
    return values if usual and int(np.isnan(values).sum()) == cells.count(None) else None


def _mixed_numbers(column: Column, target: Unit, place: Where, found: Findings, loose: Loose | None = None) -> Floats:
    known: dict[tuple[Any, bool], tuple[float, str]] = {}
    values = np.full(len(column.cells), np.nan)
    told = 0
    for i, cell in enumerate(column.cells):
        if cell is None:
            continue
        key = (cell if isinstance(cell, str | float) else str(cell), i in column.own)
        if key not in known:
            try:
                if key[1]:
                    known[key] = number(cell, target), ""
                else:
                    known[key] = _number(cell, target, column, loose)
            except QuantityError as error:
                told += 1
                if told <= MOST_TOLD:
                    found.quantity(error, place(i), wanted=target.text)
                values[i] = 0.0
                continue
        values[i], code = known[key]
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


def texts(column: Column) -> list[str | None]:
    """The cells as texts; a list, which only an attribute of a reserved name lets in, is none."""
    if all(isinstance(cell, str) for cell in column.cells):
        return column.cells
    return [None if isinstance(cell, list) else as_text(cell) for cell in column.cells]


def flags(column: Column, key: str, place: Where, found: Findings) -> NDArray[np.bool_]:
    """(n,) yes or no; blank is no."""
    known: dict[Any, bool] = {None: False}
    for i, cell in enumerate(column.cells):
        if cell not in known:
            known[cell] = as_yes_no(cell, place(i), key, found)
    return np.array([known[cell] for cell in column.cells], dtype=bool)


def lists[T](column: Column, names: Mapping[str, T], code: str, place: Where, found: Findings) -> list[tuple[T, ...]]:
    """Names in cells, by `names` (as written -> meant); a cell holds several with ; or 、. Unknown ones are found."""
    known: dict[Any, tuple[T, ...]] = {None: ()}
    told = 0
    result = []
    for i, cell in enumerate(column.cells):
        key = tuple(cell) if isinstance(cell, list) else cell
        if key not in known:
            written = key if isinstance(key, tuple) else _SEPARATOR.split(as_text(key) or "")
            for name in written:
                if name and name not in names and (told := told + 1) <= MOST_TOLD:
                    found.unknown(code, place(i), name, names)
            known[key] = tuple(dict.fromkeys(names[name] for name in written if name in names))
        result.append(known[key])
    return result
