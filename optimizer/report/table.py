"""projects.csv: the projects of a large plan as columns, beside its plan.json, and back."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...models.plan import Decision, Plan
from . import bulk, cells, columns
from .alike import numbered

NAME = "projects.csv"

_LISTS = ("assumed", "reasons")
"""Columns whose cells are lists, written as JSON."""
_TEXTS = ("id", "title", "decision")
_WHOLE = ("rank", "units")
_AMOUNTS = ("share",)
_POINTS = ("points", "value", "charges", "credits", "index")


def parts(projects: pd.DataFrame) -> Iterator[bytes]:
    """The columns of `Allocation.projects`, under their own names, part by part."""
    return bulk.parts({str(name): _column(str(name), projects[name]) for name in projects}, len(projects))


def _column(name: str, column: pd.Series[Any]) -> bulk.Column:
    if pd.api.types.is_float_dtype(column.dtype):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        return bulk.Figures(values, columns.DIGITS, columns.canonical)
    if pd.api.types.is_integer_dtype(column.dtype):
        missing = column.isna().to_numpy()
        return bulk.Whole(column.to_numpy(dtype=np.int64, na_value=0), missing)
    if name in _LISTS:
        code = numbered(column)
        _, first = np.unique(code, return_index=True)
        return bulk.Coded(code, [_listed(value) for value in column.iloc[first]])
    return bulk.Texts(column.to_numpy(dtype=object))


def _listed(value: object) -> str:
    return json.dumps(columns.nested(value), ensure_ascii=False)


def read(path: Path, plan: Plan) -> pd.DataFrame:
    """The columns of `Allocation.projects`, from a file with those of this plan.

    Raises:
        ValueError: not a table of this form.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = next(csv.reader(file, strict=True), [])
    heads = [cells.unquoted(head) for head in written]
    _check(heads, plan)
    kinds: dict[str, Any] = {raw: _kind(head) for raw, head in zip(written, heads, strict=True)}
    blank = {raw: [""] for raw, kind in kinds.items() if kind is not object}
    found = pd.read_csv(path, encoding="utf-8-sig", dtype=kinds, keep_default_na=False, na_values=blank)
    if not isinstance(found.index, pd.RangeIndex):
        raise ValueError(f"a row of projects.csv has more than {len(heads)} cells")
    table = pd.DataFrame({head: _back(head, found[raw]) for raw, head in zip(written, heads, strict=True)})
    _complete(table)
    return table


def _kind(head: str) -> Any:
    """What stands under a heading: text, Int64 or float."""
    row = head.startswith("charges_by.") and head.endswith(".row")
    if head in _TEXTS or head in _LISTS or head.startswith("attributes.") or row:
        return object
    return "Int64" if head in _WHOLE else float


def _check(heads: Sequence[str], plan: Plan) -> None:
    """Whether these are the headings of a plan's projects."""
    if len(set(heads)) != len(heads):
        raise ValueError("a heading of projects.csv stands twice")
    measures, rest = [measure.name for measure in plan.measures], {*heads}
    needed = [*_TEXTS, *_LISTS, *_WHOLE, *_AMOUNTS, *_POINTS, *(f"share@{zone.name}" for zone in plan.zones)]
    needed += [f"{group}.{name}" for group in ("requested", "granted") for name in measures]
    needed += [f"ratios.{criterion.name}" for criterion in plan.criteria if criterion.per is not None]
    if missing := [head for head in needed if head not in rest]:
        raise ValueError(f"projects.csv has no column {missing[0]}")
    trims = {f"trimmed.{name}.{which}" for name in measures for which in ("asked", "allowed")}
    charges = re.compile(r"charges_by\.[1-9]\d*\.(row|points)")
    others = [h for h in heads if h not in {*needed, *trims} and not h.startswith("attributes.")]
    if unknown := [head for head in others if not charges.fullmatch(head)]:
        raise ValueError(f"projects.csv has a column {unknown[0]} that no plan has")


def _back(head: str, column: pd.Series[Any]) -> pd.Series[Any]:
    """A column as `Allocation` has it."""
    if _kind(head) is not object:
        return column
    values = column.to_numpy(dtype=object)
    if head in _LISTS:
        short = values == ""
        if short.any():
            raise ValueError(f"row {int(short.argmax()) + 2} of projects.csv has too few cells")
        code = numbered(values)
        _, first = np.unique(code, return_index=True)
        lists = np.empty(len(first), dtype=object)
        for i, text in enumerate(values[first].tolist()):
            lists[i] = _tuple(head, json.loads(cells.unquoted(text)))
        return pd.Series(lists[code], dtype=object)
    empty = None if head not in _TEXTS else ""
    return pd.Series([cells.unquoted(value) if value else empty for value in values.tolist()], dtype=object)


def _tuple(head: str, found: Any) -> tuple[Any, ...]:
    """A list of texts, or of pairs of texts."""
    flat = found if head == "assumed" else [one for pair in found for one in pair]
    pairs = head == "assumed" or all(len(pair) == 2 for pair in found)
    if not isinstance(found, list) or not pairs or not all(isinstance(one, str) for one in flat):
        raise ValueError(f"a cell under {head} of projects.csv is not what it should be")
    return tuple(found) if head == "assumed" else tuple((code, text) for code, text in found)


def _complete(table: pd.DataFrame) -> None:
    """Whether nothing is blank that every project has."""
    for head in (str(name) for name in table):
        if head in _AMOUNTS or head.startswith(("share@", "requested.", "granted.")):
            blank = ~np.isfinite(table[head].to_numpy(dtype=float))
            if blank.any():
                raise ValueError(f"row {int(blank.argmax()) + 2} of projects.csv has no figure under {head}")
    strange = ~table["decision"].isin([decision.value for decision in Decision]).to_numpy()
    if strange.any():
        raise ValueError(f"row {int(strange.argmax()) + 2} of projects.csv has no decision that there is")
