"""A comparison as files: compare.json, the csv tables, the page and the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import pandas as pd

from ...models.comparison import ComparisonFile
from ...models.finding import Message
from ..comparison import Compared
from . import cells, compared_page, compared_xlsx, numbers
from . import json as plan_json
from .columns import canonical
from .compared_projects import measured, rows
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


def _missing(value: object) -> bool:
    return not isinstance(value, dict) and bool(pd.isna(value))


def csv(compared: Compared, language: Language) -> dict[str, bytes]:
    """Both tables for a spreadsheet."""
    return {PROJECTS: projects(compared, language), TOTALS: totals(compared, language)}


def projects(compared: Compared, language: Language) -> bytes:
    """Every project of any plan, one a row; the columns of the plans one after another."""
    comparison = compared.comparison
    measures = measured(compared, language)
    names = [letter(comparison, i, 60) for i in range(len(comparison.plans))]
    heads = [say("project code", language), say("project", language)]
    fields = (Message("decision"), Message("zone"), Message("rank"), Message("share (%)"))
    changed = (Message("change"), Message("places gained"))
    for i, name in enumerate(names):
        own = [say(head, language) for head in (*fields, *(changed if i else ()))]
        own += [say("{measure} ({unit})", language, measure=m.title, unit=m.how.unit) for m in measures]
        heads += [say("{plan}: {head}", language, plan=name, head=head) for head in own]
    table: list[list[object]] = [[*heads]]
    for row in rows(compared, measures, language):
        line: list[object] = [row.id, row.title]
        for i, one in enumerate(row.standings):
            share = None if one.share is None else canonical(round(100 * one.share, 6))
            line += [one.decision, one.zone, one.rank, share]
            line += [one.change, one.climbed] if i else []
            line += [
                None if value is None else canonical(float(f"{value * m.how.factor:.9g}"))
                for value, m in zip(one.granted, measures, strict=True)
            ]
        table.append(line)
    return cells.sheet(table)


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
