"""Tables of standards: limits by an attribute of the project, such as an industry code."""

from __future__ import annotations

from typing import Any

from ...models.codes import code_range
from ...models.quantity import QuantityError, Unit, convert, number
from .figures import Units
from .files import Files
from .findings import Findings, shown
from .grid import as_text
from .headings import heading_unit
from .places import Places
from .table import Sheet


def fill_limits(tree: dict[str, Any], units: Units, files: Files, places: Places, found: Findings) -> None:
    """Put the limits of every table of standards into the tree, in unit(of)/unit(per)."""
    rules = tree.get("rules")
    for i, rule in enumerate(rules if isinstance(rules, list) else ()):
        body = rule.get("standard") if isinstance(rule, dict) else None
        for bound in ("at_least", "at_most"):
            limit = body.get(bound) if isinstance(body, dict) else None
            if not isinstance(body, dict) or not isinstance(limit, dict):
                continue
            at = ("rules", i, "standard", bound)
            if "limits" in limit:  # filled here, never in a file
                found.unknown("unknown-key", places.key(*at, "limits"), "limits", ("table", "key", "column"))
            limit["limits"] = {}
            target = units.ratio(body.get("of"), body.get("per"))
            if target is None:
                limit.pop("default", None)  # its measures are unknown, which is told elsewhere
            elif isinstance(limit.get("table"), str) and isinstance(limit.get("column"), str):
                _fill(limit, target, files, places, at, found)


def _fill(
    limit: dict[str, Any],
    target: Unit,
    files: Files,
    places: Places,
    at: tuple[str | int, ...],
    found: Findings,
) -> None:
    name, sheet_name = limit["table"], limit.get("sheet")
    place = places.at(*at, "table")
    sheet = files.table(name, sheet_name if isinstance(sheet_name, str) else None, place, found)
    plain: Unit | None = None
    if sheet is not None:
        names = [heading_unit(text) for text in sheet.headings]
        j = next((j for j, (bare, _) in enumerate(names) if limit["column"] in (bare, sheet.headings[j])), None)
        if j is None:
            known = [bare for bare, _ in names]
            found.unknown("unknown-column", places.at(*at, "column"), limit["column"], known, file=name)
        else:
            plain = _unit_of(names[j][1], target, sheet, j, found)
            limit["limits"] = _limits(sheet, j, target, plain, found)
    if limit.get("default") is not None:
        try:
            limit["default"] = number(limit["default"], target, plain)
        except QuantityError as error:
            found.quantity(error, places.at(*at, "default"), wanted=target.text)


def _unit_of(source: Unit | None, target: Unit, sheet: Sheet, column: int, found: Findings) -> Unit | None:
    """The unit in a heading, None if there is none or it does not fit."""
    if source is None:
        return None
    try:
        convert(1.0, source, target)
    except QuantityError as error:
        found.quantity(error, sheet.position(-1, column), wanted=target.text)
        return None
    return source


def _limits(sheet: Sheet, column: int, target: Unit, plain: Unit | None, found: Findings) -> dict[str, float]:
    """Code -> limit, from the first column and the one named. Rows without a limit set none."""
    limits: dict[str, float] = {}
    for i, (cell, value) in enumerate(zip(sheet.columns[0], sheet.columns[column], strict=True)):
        text = as_text(cell)
        if value is None:
            continue
        if text is None:
            found.add("code-missing", sheet.position(i, 0))
            continue
        try:
            limit = number(value, target, plain)
        except QuantityError as error:
            found.quantity(error, sheet.position(i, column), wanted=target.text)
            continue
        for code in _codes(text):
            if limits.setdefault(code, limit) != limit:
                found.add(
                    "code-twice",
                    sheet.position(i, column),
                    name=code,
                    first=shown(limits[code]),
                    second=shown(limit),
                )
            if "-" in code[1:] and code_range(code) is None and code.replace("-", "").isdigit():
                found.add("code-range", sheet.position(i, 0), name=code)
    return limits


def _codes(text: str) -> list[str]:
    """The codes of a cell: several are written with ; or 、"""
    return [code.strip() for code in text.replace("；", ";").replace("、", ";").split(";") if code.strip()]
