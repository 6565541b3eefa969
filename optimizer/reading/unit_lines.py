"""A line such as 单位：万元、亩 above the headings -> the units of columns that name none themselves."""

from __future__ import annotations

import re
import unicodedata

from ...models.quantity import QuantityError, Unit, factor, familiar_unit, unit
from .findings import Findings, listed
from .grid import Grid
from .header import Header
from .headings import Vocabulary
from .match import Match

_LINE = re.compile(r"(?:^|[^\w]|计量|金额|面积)(?:单位|units?)\s*:\s*([^()]+)", re.IGNORECASE)


def apply_units(matched: Match, header: Header, grid: Grid, words: Vocabulary, found: Findings) -> None:
    """Give amounts without a unit of their own the one that fits them, and tell it; two that fit are an error."""
    for i in range(header.top):
        for j, cell in enumerate(grid.rows[i]):
            units = units_in(cell) if isinstance(cell, str) else []
            if units:
                _apply(units, grid.cell(i, j), matched, header, grid, words, found)


def units_in(text: str) -> list[Unit]:
    """The units that a text gives after 单位：; none where a body is named.

    >>> [str(one) for one in units_in("（单位：万元、亩）")], units_in("填报单位：规划局")
    (['万元', '亩'], [])
    """
    line = _LINE.search(unicodedata.normalize("NFKC", text))
    if line is None:
        return []
    units = [familiar_unit(one) for one in re.split(r"\s*[、,;]\s*|\s+", line[1].strip()) if one]
    return [one for one in units if one is not None]


def _apply(
    units: list[Unit], cell: str, matched: Match, header: Header, grid: Grid, words: Vocabulary, found: Findings
) -> None:
    used: dict[str, list[str]] = {}
    for j, key in matched.keys.items():
        target = words.units.get(key[-1]) if key[0] in ("at", "makes") or key[0] in words.units else None
        if j in matched.plain or target is None:
            continue
        fitting = {one.text: one for one in units if _fits(one, target)}
        heading = header.heads[j].text
        if len(fitting) > 1:
            place = grid.place(header.heads[j].row, j)
            found.add("unit-doubtful", place, heading=heading, units=listed(fitting), cell=cell)
        for one in list(fitting.values())[:1]:
            matched.plain[j] = one
            used.setdefault(one.text, []).append(heading)
    if used:
        told = listed(f"{one}: {listed(headings)}" for one, headings in used.items())
        found.add("unit-line", grid.place(header.top, 0), cell=cell, used=told)


def _fits(one: Unit, target: str) -> bool:
    try:
        factor(one, unit(target))
    except QuantityError:
        return False
    return True
