"""The projects of a plan as rows and back: columns inside the product, one mapping a project in plan.json.

Figures are made canonical here: twelve significant digits, whole ones without a point, "inf" for infinity and
None for what is not a number, so that the same plan is the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...models.plan import Plan, PlannedProject
from . import bulk

DIGITS = 12
"""Significant digits of every figure in plan.json."""

Floats = NDArray[np.float64]
Cell = int | float | str | None
"""A canonical figure or a text."""

_GROUPS = ("attributes", "requested", "granted", "ratios")


def canonical(value: float) -> Cell:
    """One figure as plan.json has it.

    >>> canonical(0.1 + 0.2), canonical(600.0), canonical(float("inf")), canonical(float("nan"))
    (0.3, 600, 'inf', None)
    """
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    rounded = float(f"{value:.{DIGITS}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded


def canonical_values(values: Floats) -> Floats:
    """The figures of a column as they read back from plan.json.

    >>> canonical_values(np.array([0.1 + 0.2, 1 / 3, np.inf])).tolist()
    [0.3, 0.333333333333, inf]
    """
    up, down, quick = bulk.powers(values, DIGITS)
    rounded: Floats = np.rint(np.where(quick, values, 0.0) * up / down) * down / up
    hard = ~quick & (values != 0) & np.isfinite(values)
    rounded = np.where(quick, rounded, values)
    rounded[hard] = [float(f"{value:.{DIGITS}g}") for value in values[hard].tolist()]
    return rounded


def canonical_column(values: Sequence[float] | Floats) -> list[Cell]:
    """`canonical` of many figures at once.

    >>> canonical_column([0.1 + 0.2, -0.0, 1 / 3, 1e-30 / 3, float("inf"), float("nan")])
    [0.3, 0, 0.333333333333, 3.33333333333e-31, 'inf', None]
    """
    rounded = canonical_values(np.asarray(values, dtype=float))
    plain = np.isfinite(rounded) & (np.abs(rounded) < 1e15)
    return [
        (int(value) if value.is_integer() else value) if simple else canonical(value)
        for value, simple in zip(rounded.tolist(), plain.tolist(), strict=True)
    ]


def flat_columns(projects: pd.DataFrame) -> dict[str, list[object]]:
    """Every column as canonical values, in the order of the table; missing integers and texts are None."""
    columns: dict[str, list[object]] = {}
    for name in projects.columns:
        column = projects[name]
        if pd.api.types.is_float_dtype(column.dtype):
            columns[name] = list(canonical_column(column.to_numpy(dtype=float, na_value=np.nan)))
        elif pd.api.types.is_integer_dtype(column.dtype):
            columns[name] = [
                None if missing else int(value) for value, missing in zip(column, column.isna(), strict=True)
            ]
        else:
            columns[name] = [nested(value) for value in column.tolist()]
    return columns


def nested(value: object) -> object:
    """Texts and tuples with every figure in them canonical."""
    if isinstance(value, tuple | list):
        return [nested(one) for one in value]
    if isinstance(value, float):
        return canonical(value)
    return value


def rows(flat: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, object]]:
    """The projects one by one, as plan.json nests them, from canonical columns."""
    plain = [(field, flat[field]) for field in PlannedProject.model_fields if field in flat]
    groups = [(group, _members(flat, f"{group}.")) for group in _GROUPS]
    zones = _members(flat, "share@")
    trims = _members(flat, "trimmed.")
    charges = [(flat[name], flat[_points(name)]) for name in charge_rows(flat)]
    for i in range(len(flat["id"])):
        record: dict[str, Any] = dict.fromkeys(PlannedProject.model_fields)
        for field, values in plain:
            record[field] = values[i]
        for group, members in groups:
            record[group] = {name: values[i] for name, values in members}
        record["zones"] = {name: values[i] for name, values in zones if values[i]}
        record["trimmed"] = {}
        for name, values in trims:  # trimmed.M.asked, then trimmed.M.allowed
            if values[i] is not None:
                record["trimmed"].setdefault(name.rpartition(".")[0], []).append(values[i])
        record["charges_by"] = [{"row": row[i], "points": points[i]} for row, points in charges if row[i] is not None]
        record["reasons"] = [{"code": code, "text": text} for code, text in record["reasons"]]
        yield record


def charge_rows(names: Iterable[object]) -> list[str]:
    """The columns with the names of the rows that charge a project, the largest charge first."""
    return [name for name in map(str, names) if name.startswith("charges_by.") and name.endswith(".row")]


def _points(row: str) -> str:
    """The column with the points beside that with the row."""
    return row.removesuffix("row") + "points"


def charges_by(project: Mapping[Any, Any]) -> list[tuple[str, float]]:
    """(row, points) of one project, a row of the columns, the largest first."""
    return [(project[name], project[_points(name)]) for name in charge_rows(project) if project[name] is not None]


def _members(flat: Mapping[str, Sequence[Any]], prefix: str) -> list[tuple[str, Sequence[Any]]]:
    return [(name.removeprefix(prefix), values) for name, values in flat.items() if name.startswith(prefix)]


def table(projects: Sequence[PlannedProject], plan: Plan) -> pd.DataFrame:
    """The projects of a plan.json as columns: the inverse of `rows`."""
    columns: dict[str, object] = {
        "id": [p.id for p in projects],
        "title": [p.title for p in projects],
    }
    for name in projects[0].attributes if projects else ():
        columns[f"attributes.{name}"] = [p.attributes[name] for p in projects]
    columns["rank"] = pd.array([p.rank for p in projects], dtype="Int64")
    columns["decision"] = [p.decision.value for p in projects]
    columns["share"] = [p.share for p in projects]
    columns["units"] = pd.array([p.units for p in projects], dtype="Int64")
    for zone in plan.zones:
        columns[f"share@{zone.name}"] = [p.zones.get(zone.name, 0.0) for p in projects]
    for group in ("requested", "granted"):
        for measure in (m.name for m in plan.measures):
            columns[f"{group}.{measure}"] = [getattr(p, group)[measure] for p in projects]
    for measure in (m.name for m in plan.measures if any(m.name in p.trimmed for p in projects)):
        pairs = [p.trimmed.get(measure, (math.nan, math.nan)) for p in projects]
        columns[f"trimmed.{measure}.asked"] = [asked for asked, _ in pairs]
        columns[f"trimmed.{measure}.allowed"] = [allowed for _, allowed in pairs]
    for criterion in (c.name for c in plan.criteria if c.per is not None):
        columns[f"ratios.{criterion}"] = _figures([p.ratios.get(criterion) for p in projects])
    for name in ("points", "value", "charges"):
        columns[name] = _figures([getattr(p, name) for p in projects])
    for k in range(max((len(p.charges_by) for p in projects), default=0)):
        charges = [p.charges_by[k] if k < len(p.charges_by) else None for p in projects]
        columns[f"charges_by.{k + 1}.row"] = [c.row if c is not None else None for c in charges]
        columns[f"charges_by.{k + 1}.points"] = _figures([c.points if c is not None else None for c in charges])
    for name in ("credits", "index"):
        columns[name] = _figures([getattr(p, name) for p in projects])
    columns["assumed"] = [p.assumed for p in projects]
    columns["reasons"] = [tuple((r.code, r.text) for r in p.reasons) for p in projects]
    return pd.DataFrame({name: _column(values) for name, values in columns.items()})


def _column(values: object) -> object:
    """A list of anything but figures stays what it is; pandas would make its own kind of text of it."""
    if isinstance(values, list) and not all(isinstance(value, float) for value in values):
        return pd.Series(values, dtype=object)
    return values


def _figures(values: Sequence[float | None]) -> list[float]:
    return [math.nan if value is None else value for value in values]
