"""Merged cells among the rows of projects: a text over several rows is that of each, anything else is doubtful."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from .findings import Findings, listed
from .grid import Box, Cell, Grid
from .headings import Vocabulary
from .match import Match

_TEXTS = ("zones", "source", "note")
"""Fields of which several projects may share one text."""


def fill_merged(
    columns: list[list[Cell]], grid: Grid, rows: list[int], matched: Match, words: Vocabulary, found: Findings
) -> None:
    """Write the text of merged cells into each of them, in place; a merged figure or name is an error."""
    filled: list[Box] = []
    wrong: list[Box] = []
    for box in grid.merged:
        r0, c0, r1, c1 = box
        first, last = bisect_left(rows, r0), bisect_right(rows, r1)
        inside = [j for j in range(c0, c1 + 1) if j in matched.keys]
        if first >= last or not inside or r0 < rows[0]:
            continue  # among titles, totals and sections, or in columns that are not read
        key = matched.keys[inside[0]]
        if len(inside) > 1 or inside[0] != c0 or not (key[0] in words.attributes or key[0] in _TEXTS):
            wrong.append(box)
        elif last - first > 1:
            text = grid.rows[r0][c0] if c0 < len(grid.rows[r0]) else None
            columns[c0][first:last] = [text] * (last - first)
            filled.append(box)
    for code, found_boxes in (("merged-down", filled), ("table-merged", wrong)):
        if found_boxes:
            cells = [f"{grid.cell(r0, c0)}:{grid.cell(r1, c1)}" for r0, c0, r1, c1 in found_boxes]
            row, column = found_boxes[0][:2]
            found.add(code, grid.place(row, column), count=len(cells), cells=listed(cells))
