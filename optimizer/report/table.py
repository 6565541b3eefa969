"""projects.csv: the projects of a large plan as columns, beside its plan.json, and back."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from typing import Any

import pandas as pd

from . import cells, columns

NAME = "projects.csv"

_LISTS = ("assumed", "charges_by", "reasons")
"""Columns whose cells are lists, written as JSON."""
_TEXTS = ("id", "title", "decision")
_WHOLE = ("rank", "units")


def write(projects: pd.DataFrame) -> bytes:
    """The columns of `Allocation.projects`, under their own names."""
    flat = columns.flat_columns(projects)
    for name in _LISTS:
        flat[name] = [json.dumps(value, ensure_ascii=False) for value in flat[name]]
    return cells.sheet([flat, *zip(*flat.values(), strict=True)])


def read(content: bytes) -> list[dict[str, Any]]:
    """The projects as plan.json nests them, from the columns.

    Raises:
        ValueError: not a table of this form.
    """
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    heads = [cells.unquoted(head) for head in next(reader, [])]
    if len(set(heads)) != len(heads):
        raise ValueError("a heading of projects.csv stands twice")
    lines = list(reader)
    for number, line in enumerate(lines, 2):
        if len(line) != len(heads):
            raise ValueError(f"row {number} of projects.csv has {len(line)} cells, not {len(heads)}")
    flat = {
        head: list(map(_reader(head), values)) for head, values in zip(heads, zip(*lines, strict=True), strict=False)
    }
    return list(columns.rows(flat)) if lines else []


def _reader(head: str) -> Callable[[str], Any]:
    """How a cell under this heading is read."""
    if head in _LISTS:
        return lambda cell: json.loads(cells.unquoted(cell))
    if head in _TEXTS:
        return cells.unquoted
    if head.startswith("attributes."):
        return lambda cell: cells.unquoted(cell) if cell else None
    if head in _WHOLE:
        return lambda cell: int(cell) if cell else None
    return lambda cell: cell if cell in ("inf", "-inf") else float(cell) if cell else None
