"""What a list says its columns add up to, against what its projects do: a difference means that a row is wrong."""

from __future__ import annotations

import re

from .findings import Findings, shown
from .grid import Cell, Grid, as_text, is_figure
from .headings import Vocabulary
from .match import Match

_GRAND = re.compile(r"(合计|总计|共计|(grand ?)?totals?\b).*", re.IGNORECASE | re.DOTALL)
CLOSE = 1e-3
"""Part of a total by which rounding may miss it."""


def compare_totals(
    grid: Grid, matched: Match, rows: list[int], totals: list[int], words: Vocabulary, found: Findings
) -> None:
    """Tell where the one total over all projects differs from their sum; columns with other than figures are left."""
    grand = [i for i in totals if any(_GRAND.fullmatch(re.sub(r"\s", "", as_text(c) or "")) for c in grid.rows[i])]
    if len(grand) != 1:
        return  # totals of sections, or none
    (total,) = grand
    for j, key in sorted(matched.keys.items()):
        if key[-1] not in words.units or key[0] not in ("at", "makes", *words.units):
            continue
        cells = [_cell(grid, i, j) for i in rows]
        stated = _cell(grid, total, j)
        if stated is None or not all(cell is None or is_figure(cell) for cell in (*cells, stated)):
            continue
        summed = sum(_figure(cell) for cell in cells if cell is not None)
        if abs(summed - _figure(stated)) > CLOSE * max(abs(summed), abs(_figure(stated))):
            place = grid.place(total, j)
            found.add("total-differs", place, name=".".join(key), stated=shown(_figure(stated)), summed=shown(summed))


def _cell(grid: Grid, i: int, j: int) -> Cell:
    row = grid.rows[i]
    return row[j] if j < len(row) else None


def _figure(cell: Cell) -> float:
    if isinstance(cell, float):
        return cell
    text = str(cell).replace(",", "")
    return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
