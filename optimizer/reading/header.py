"""Which rows of a grid are its headings: below titles, and merged over two or three rows where they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from ...models.quantity import Unit, familiar_unit
from .findings import Findings, listed
from .grid import Cell, Grid, as_text, is_figure
from .headings import Head, heading_unit

DEEP = 30
"""Rows among which the headings are looked for."""
TALL = 3
"""Rows that headings may be merged over."""

SECTION = re.compile(
    r"(?P<first>第[一二三四五六七八九十百]+[章节类部分批组]+|[一二三四五六七八九十]+\s*[、.．,，:：])\s*(?P<a>\S.*)"
    r"|(?P<second>[(（][一二三四五六七八九十]+[)）])\s*[、.．]?\s*(?P<b>\S.*)",
    re.DOTALL,
)
"""一、临港工业 and, a level below, （一）化工."""

_UNIT_WORD = re.compile(r"[(（]?(计量)?单位[)）]?")
_COLUMN_NUMBER = re.compile(r"[(（]?(\d{1,3})[)）]?")


@dataclass(frozen=True, eq=False)
class Header:
    """Rows `top` to `bottom` (without it) are headings; one head to a column."""

    top: int
    bottom: int
    heads: list[Head]


@dataclass(frozen=True)
class Meant:
    """What the scenario makes of a heading."""

    known: Callable[[str], bool]
    """Whether a heading means anything."""
    label: Callable[[str], bool]
    """Whether it names or numbers the projects, so that below it no row is blank but those of the headings."""


def find_header(grid: Grid, meant: Meant, found: Findings) -> Header | None:
    """The headings: the row in which most are known, and the rows that it is merged with; None if two could be."""
    top, bottom, rivals = likely_rows(grid, meant)
    if rivals:
        rows = listed(grid.numbers[i] for i in sorted([top, *rivals]))
        found.add("header-doubtful", grid.place(rivals[0], 0), rows=rows)
        return None
    return header_of(grid, top, bottom)


def likely_rows(grid: Grid, meant: Meant) -> tuple[int, int, list[int]]:
    """First row of the likely headings, the one behind their last, and other rows that could be headings as well."""
    counts = [sum(isinstance(cell, str) and meant.known(cell) for cell in row) for row in grid.rows[:DEEP]]
    first = counts.index(max(counts)) if max(counts) else _by_shape(grid)
    top, bottom = _block(grid, first, meant)
    rivals = [
        i
        for i, count in enumerate(counts)
        if not top <= i < bottom and count >= 2 and 2 * count >= counts[first] and not _figures(grid.rows[i])
        if grid.rows[i] not in grid.rows[top:bottom]
    ]
    return top, bottom, rivals


def header_of(grid: Grid, top: int, bottom: int) -> Header:
    """The heads of the columns, where the rows of the headings are known."""
    rows = [_filled(grid, i, bottom) for i in range(top, bottom)]
    width = max((j + 1 for row in rows for j, cell in enumerate(row) if cell is not None), default=0)
    heads = []
    for j in range(width):
        parts: dict[str, int] = {}
        for i, row in enumerate(rows, top):
            if j < len(row) and (text := as_text(row[j])):
                parts.setdefault(text, i)
        heads.append(Head(tuple(parts), max(parts.values(), default=bottom - 1)))
    return Header(top, bottom, heads)


def _by_shape(grid: Grid) -> int:
    """The first row of several texts where the first of all is a title; no heading being known, this is a guess."""
    if _filled_cells(grid.rows[0]) >= 2:
        return 0
    rows = enumerate(grid.rows[:DEEP])
    return next((i for i, row in rows if _filled_cells(row) >= 2 and not _figures(row) and not _colons(row)), 0)


def _block(grid: Grid, i: int, meant: Meant) -> tuple[int, int]:
    """First row of the headings and the one behind the last, from one of them."""
    top, bottom = i, i + 1
    while top and bottom - top < TALL and _next(grid, top - 1) and _above(grid, top - 1):
        top -= 1
    while bottom < len(grid.rows) and bottom - top < TALL and _next(grid, bottom - 1) and _below(grid, bottom, meant):
        bottom += 1
    return top, bottom


def _next(grid: Grid, i: int) -> bool:
    return grid.numbers[i + 1] == grid.numbers[i] + 1


def _above(grid: Grid, i: int) -> bool:
    """Whether a row is the upper part of the headings in the next one."""
    row, below = grid.rows[i], grid.rows[i + 1]
    if _figures(row) or _colons(row):
        return False
    if _spans(grid, i):
        return True
    if any(r0 == r1 == i and c1 > c0 > 0 for r0, c0, r1, c1 in grid.merged):
        return True
    blank = [j >= len(below) or below[j] is None for j in range(len(row))]
    return _filled_cells(row) >= 2 and any(gap and cell is not None for gap, cell in zip(blank, row, strict=True))


def _below(grid: Grid, i: int, meant: Meant) -> bool:
    """Whether a row is the lower part of the headings in the one before."""
    above, row = grid.rows[i - 1], grid.rows[i]
    if _spans(grid, i - 1):
        return True
    if _figures(row) or _sectional(row):
        return False
    labels = {j for j, cell in enumerate(above) if isinstance(cell, str) and meant.label(cell)}
    written = [(j, str(cell)) for j, cell in enumerate(row) if cell is not None]
    free = [(j, text) for j, text in written if not _UNIT_WORD.fullmatch(text)]
    if not free or any(j in labels for j, _ in free):
        return False
    if all(unit_alone(text) for _, text in free):
        return True
    open_ = {j for j in range(len(row)) if j >= len(above) or above[j] is None}
    open_ |= {j - 1 for j in open_ if j and j - 1 < len(above) and above[j - 1] is not None}
    return (
        all(j in open_ or unit_alone(text) for j, text in free)
        and len(written) < len([cell for cell in above if cell is not None]) + 2
    )


def _spans(grid: Grid, i: int) -> bool:
    """Whether cells are merged over a row and the next."""
    return any(r0 <= i < r1 for r0, _, r1, _ in grid.merged)


def _sectional(row: list[Cell]) -> bool:
    texts = [cell for cell in row if isinstance(cell, str)]
    return len(texts) == 1 and SECTION.fullmatch(texts[0]) is not None


def _filled(grid: Grid, i: int, bottom: int) -> list[Cell]:
    """A row of the headings with what merged cells stand for; without any merged, blanks take the text on their left
    where something stands below them."""
    row = list(grid.rows[i])
    covering = [box for box in grid.merged if box[0] <= i <= box[2]]
    for r0, c0, _, c1 in covering:
        text = grid.rows[r0][c0] if c0 < len(grid.rows[r0]) else None
        row += [None] * (c1 + 1 - len(row)) if text is not None else []
        row[c0 : c1 + 1] = [text] * len(row[c0 : c1 + 1])
    if not covering and i + 1 < bottom:
        below = grid.rows[i + 1]
        row += [None] * (len(below) - len(row))
        for j in range(1, len(below)):
            if row[j] is None and below[j] is not None and not unit_alone(str(below[j])):
                row[j] = row[j - 1]
    return row


def unit_alone(text: str) -> Unit | None:
    """The unit in a text that is nothing else: 亩, （万元）.

    >>> str(unit_alone("（万元）")), unit_alone("新增")
    ('万元', None)
    """
    bare, unit = heading_unit(text)
    return unit if not bare else familiar_unit(text)


def numbered_columns(row: list[Cell]) -> bool:
    """Whether a row numbers the columns: 甲 乙 1 2 3, as statistical forms have it below the headings."""
    texts = [unicodedata.normalize("NFKC", as_text(cell) or "") for cell in row if cell is not None]
    letters = [text for text in texts if text in "甲乙丙丁戊"]
    digits = [match[1] for text in texts[len(letters) :] if (match := _COLUMN_NUMBER.fullmatch(text))]
    if len(letters) + len(digits) != len(texts) or len(texts) < (3 if letters else 5) or not digits:
        return False
    return int(digits[0]) == 1 and all(int(b) == int(a) + 1 for a, b in pairwise(digits))


def _figures(row: list[Cell]) -> bool:
    return any(map(is_figure, row))


def _colons(row: list[Cell]) -> bool:
    return any(isinstance(cell, str) and re.search(r"[:：]", cell) for cell in row)


def _filled_cells(row: list[Cell]) -> int:
    return sum(cell is not None for cell in row)
