"""A comparison as files: compare.json, the csv tables, the page and the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from ...models.comparison import ComparisonFile
from ...models.finding import Message
from ..comparison import Compared
from . import cells, compared_page, compared_xlsx, numbers
from . import json as plan_json
from .columns import canonical
from .compared_projects import fields, measured, rows
from .compared_tables import letter, tables
from .compared_terminal import show
from .numbers import Language
from .words import say, text

__all__ = ["COMPARE", "PROJECTS", "TOTALS", "files", "show"]

COMPARE, PROJECTS, TOTALS = "compare.json", "compare-projects.csv", "compare-totals.csv"


def files(compared: Compared, wanted: Iterable[str], language: Language) -> dict[str, bytes]:
    """compare.json and the formats that are wanted: name -> content."""
    writers: Mapping[str, Callable[[Compared, Language], dict[str, bytes]]] = {
        "html": compared_page.files,
        "xlsx": compared_xlsx.files,
        "csv": csv,
    }
    asked = set(wanted)
    made = {COMPARE: plan_json.document(document(compared, language))}
    for name, write in writers.items():
        if name in asked:
            made |= write(compared, language)
    return made


def document(compared: Compared, language: Language) -> ComparisonFile:
    """compare.json; its remarks are in the language."""
    remarks = [{"code": one.code, "text": f"{one.place}: {text(one.what, language)}"} for one in compared.findings]
    return ComparisonFile.model_validate(
        {**compared.comparison.model_dump(), "projects": list(_projects(compared)), "remarks": remarks}
    )


def _projects(compared: Compared) -> Iterator[dict[str, object]]:
    """The projects, one mapping each."""
    plans = range(len(compared.comparison.plans))
    columns = {
        str(name): [None if _missing(value) else value for value in values.astype(object)]
        for name, values in compared.projects.items()
    }
    columns |= {f"{name}@0": [None] * len(compared.projects) for name in ("change", "moved", "climbed")}
    fields = ("decision", "rank", "share", "units", "zones", "change", "moved", "climbed")
    for k in range(len(compared.projects)):
        one: dict[str, object] = {name: columns[name][k] for name in ("id", "title")}
        for name in fields:
            one[name] = tuple(columns[f"{name}@{i}"][k] for i in plans)
        one["granted"] = {
            measure.name: tuple(columns[f"granted.{measure.name}@{i}"][k] for i in plans)
            for measure in compared.comparison.measures
        }
        yield one


def _missing(value: Any) -> bool:
    return not isinstance(value, dict) and bool(pd.isna(value))


def csv(compared: Compared, language: Language) -> dict[str, bytes]:
    """Both tables for a spreadsheet."""
    return {PROJECTS: projects(compared, language), TOTALS: totals(compared, language)}


def projects(compared: Compared, language: Language) -> bytes:
    """Every project of any plan, one a row; field by field the plans beside each other."""
    comparison = compared.comparison
    measures = measured(compared, language)
    listed = rows(compared, measures, language)
    table: dict[str, list[object]] = {
        say("project code", language): [row.id for row in listed],
        say("project", language): [row.title for row in listed],
    }
    for one in fields(listed, measures, len(comparison.plans), language):
        unit = one.how.unit if one.how else ""
        head = say("{measure} ({unit})", language, measure=one.head, unit=unit) if unit else one.head
        head = say("{head}: {plan}", language, head=head, plan=letter(comparison, one.i, 60))
        how = one.how
        table[head] = [v if v is None or isinstance(v, str) or how is None else _figure(v, how) for v in one.values]
    return cells.sheet([table, *zip(*table.values(), strict=True)])


def totals(compared: Compared, language: Language) -> bytes:
    """Every figure of the plans side by side, one a row, with the differences against the first."""
    comparison = compared.comparison
    others = range(1, len(comparison.plans))
    heads = [say(head, language) for head in (Message("section"), Message("what"), Message("figure"), Message("unit"))]
    heads += [letter(comparison, i, 60) for i in range(len(comparison.plans))]
    heads += [say("{one} less {other}", language, one=letter(comparison, i, 60), other="A") for i in others]
    table: list[list[object]] = [[*heads]]
    for section in tables(comparison, language):
        for group, line in section.lines:
            values = [_figure(value, line.how) for value in line.values]
            differences = [_figure(line.difference(i), line.how) for i in others]
            table.append([section.title, group, line.name, line.how.unit, *(list(line.words) or values), *differences])
    return cells.sheet(table)


def _figure(value: float | None, how: numbers.Style) -> object:
    return None if value is None else canonical(float(f"{value * how.factor:.9g}"))
