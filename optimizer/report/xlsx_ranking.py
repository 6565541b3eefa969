"""The ranking in report.xlsx: every project with what it asked for and got, totals that follow the filter, subtotals.

Left: what a meeting looks at, as wide as a page. Right, in grey: everything else that the plan knows of a project.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...models.finding import Message
from ...models.plan import Decision, PlannedCriterion
from ..allocation import Allocation
from . import columns, labels, numbers, page_ranking, sentences
from .words import clean, say, title
from .xlsx_book import (
    CELL,
    CUT,
    FAINT,
    NAME,
    SUM,
    TOTAL,
    WORDS,
    Content,
    Formula,
    Sheet,
    lines,
    look,
    times,
    told,
    total,
)
from .xlsx_columns import CLASSES, OUT, Column, Flat, class_of, counted, laid_out

HEADS, FIRST = 3, 4
"""Rows of the headings and of the first project; above them title, note, and totals that follow the filter."""
FILTER = Message("shown by the filter: {count}")
FEWER = Message("The first {listed} by rank, {left} more stand in ranking.csv; totals are of all.")
ALL = Message("all: {count} applied, {inside} carried out")
SUBTOTAL = Message("{count} applied, {inside} carried out")
EMPTY = '""'
MOST_LISTED = 10_000
"""Projects of each list of the workbook; the rest is counted, and stands in ranking.csv."""
MOST_SUBTOTALS = 60
"""Values of a column that get subtotals."""
TOP = look(WORDS, valign="top")
"""Of a text of which only the beginning is seen."""
DEEPEST_NAME = 4
"""Lines of a row of the list that are shown."""


@dataclass(frozen=True, eq=False)
class Ranking:
    """The list and where its parts stand, for the formulas of every sheet."""

    sheet: Sheet
    allocation: Allocation
    rows: NDArray[np.intp]
    """the projects that any sheet names, by their places in the plan; those of the list first"""
    listed: int
    """projects of the list"""
    flat: Flat
    table: Sequence[Column]
    printed: int
    """columns on paper, the first ones"""
    roles: Mapping[str, int]
    amounts: Mapping[tuple[str, str], int]
    sums: Mapping[tuple[str, str], float]

    @property
    def last(self) -> int:
        """Row of the last project."""
        return FIRST + self.listed - 1

    @property
    def left(self) -> int:
        """Projects that the list does not show."""
        return len(self.allocation.projects) - self.listed

    @property
    def total_row(self) -> int:
        return self.last + 1

    def total_of(self, group: str, measure: str) -> Formula:
        """A link to the total of what was asked or granted of a measure."""
        place = self.sheet.from_elsewhere(self.total_row, self.amounts[group, measure])
        return Formula(place, self.sums[group, measure])


def ranking(sheet: Sheet, allocation: Allocation) -> Ranking:
    """The list laid out: its columns, their places and their totals."""
    projects = allocation.projects
    rows = named(allocation)
    shown = replace(allocation, projects=projects.iloc[rows]) if len(rows) < len(projects) else allocation
    flat = columns.flat_columns(shown.projects)
    found = laid_out(shown, flat, counted(allocation.plan, projects), sheet.language)
    keys = {"asked": "requested", "granted": "granted"}
    amounts = {column.amount: i for i, column in enumerate(found.columns) if column.amount}
    sums = {(group, name): total(columns.canonical_values(projects[f"{keys[group]}.{name}"].to_numpy(dtype=float)))
            for group, name in amounts}  # fmt: skip
    return Ranking(
        sheet=sheet,
        allocation=allocation,
        rows=rows,
        listed=min(len(projects), MOST_LISTED),
        flat=flat,
        table=found.columns,
        printed=found.printed,
        roles={column.role: i for i, column in enumerate(found.columns) if column.role},
        amounts=amounts,
        sums=sums,
    )


def named(allocation: Allocation) -> NDArray[np.intp]:
    """The places of the projects that a sheet of the workbook names: the first of the list and of every other list."""
    decision = allocation.projects["decision"].to_numpy()
    out = np.isin(decision, [Decision.REJECTED, Decision.INADMISSIBLE])
    lists = [np.arange(len(decision)), np.flatnonzero(out), np.flatnonzero(decision == Decision.DISCUSS)]
    lists += [np.flatnonzero(chosen) for chosen in against_the_sheet(allocation)]
    return np.unique(np.concatenate([found[:MOST_LISTED] for found in lists]))


def against_the_sheet(allocation: Allocation) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Who is in the plan and not on the scoring sheet's list, and the reverse."""
    inside = (allocation.projects["share"] > 0).to_numpy()
    sheet = allocation.projects["id"].isin(set(allocation.plan.baseline.admitted)).to_numpy()
    return inside & ~sheet, ~inside & sheet


def write(found: Ranking) -> None:
    """The sheet."""
    sheet, plan = found.sheet, found.allocation.plan
    sheet.set_widths([column.width for column in found.table])
    name = say("{plan}: ranked list", sheet.language, plan=clean(title(plan, sheet.language), 60))
    note = say(_note(found), sheet.language)
    if found.left:
        gap = "" if sheet.language == "zh" else " "
        note = say(FEWER, sheet.language, listed=found.listed, left=found.left) + gap + note
    sheet.title(name)
    sheet.note(note)
    _sums(found, FILTER, "SUBTOTAL(109,{})", "SUBTOTAL(103,{})")
    sheet.heads([column.head for column in found.table], [column.fill for column in found.table])
    for i in range(found.listed):
        _project(found, i)
    _sums(found, ALL, "SUM({})", "ROWS({})")
    for role, values in _blocks(found):
        _block(found, role, values)
    if found.flat["id"]:
        _conditions(found)
        sheet.paper.autofilter(HEADS, 0, found.last, len(found.table) - 1)
    sheet.paper.freeze_panes(FIRST, found.roles["name"] + 1)
    sheet.print_list(found.printed, HEADS, found.roles["name"] + 1, name, note)


def _note(found: Ranking) -> Message:
    if len(found.table) > found.printed:
        return Message("* assumed. Ratios: as granted, without a share as asked. Grey columns are not printed.")
    return Message("* assumed. Ratios: as granted, without a share as asked. More columns stand in ranking.csv.")


def _project(found: Ranking, i: int) -> None:
    """One row of the list."""
    sheet, row, deep = found.sheet, FIRST + i, 1
    for col, column in enumerate(found.table):
        if column.ratio is not None:
            content: Content = _ratio(found, *column.ratio, i)
        else:
            content = column.cells[i]
        if isinstance(content, str) and column.shown is None:
            printed = col < found.printed
            deeper = printed and lines(content, column.width) > DEEPEST_NAME
            sheet.put(row, col, content, TOP if deeper else WORDS if printed else CELL)
            deep = max(deep, lines(content, column.width)) if printed else deep
        else:
            sheet.put(row, col, content, CELL, column.shown, star=bool(column.stars) and column.stars[i])
    sheet.set_height(row, min(deep, DEEPEST_NAME))
    sheet.row = row + 1


def _ratio(found: Ranking, criterion: PlannedCriterion, by: float, i: int) -> Formula:
    """As granted where there is a share, else as asked; a dash where nothing is divided by."""
    amounts = {
        (group, name): found.flat[f"{key}.{name}"][i]
        for group, key in (("asked", "requested"), ("granted", "granted"))
        for name in (criterion.of, str(criterion.per))
    }
    inside = f"{found.sheet.at(FIRST + i, found.roles['share'])}>0"
    return _quotient(found, criterion, by, FIRST + i, amounts, inside, found.flat["share"][i] > 0)


def _quotient(
    found: Ranking,
    criterion: PlannedCriterion,
    by: float,
    row: int,
    amounts: Mapping[tuple[str, str], float],
    condition: str,
    granted: bool,
) -> Formula:
    """The ratio of the amounts in a row: those granted where the condition holds, else those asked for."""
    per = str(criterion.per)
    said = []
    for group in ("granted", "asked"):
        above, below = (found.sheet.at(row, found.amounts[group, name]) for name in (criterion.of, per))
        said.append(f'IF({below}=0,"{numbers.NOTHING}",{above}/{below}{times(by)})')
    group = "granted" if granted else "asked"
    below_value = amounts[group, per]
    value = amounts[group, criterion.of] / below_value * by if below_value else numbers.NOTHING
    return Formula(f"IF({condition},{said[0]},{said[1]})", value)


def _sums(found: Ranking, words: Message, function: str, counting: str) -> None:
    """A row of totals over the list; `function` and `counting` are given a column. That over all is of all projects,
    also where the list does not show them all."""
    if not found.flat["id"]:
        found.sheet.row += 1
        return
    if found.left and words is ALL:
        inside = int((found.allocation.projects["share"] > 0).sum())
        counts = {"count": fixed(len(found.allocation.projects)), "inside": fixed(inside)}
        sums = {key: fixed(value) for key, value in found.sums.items()}
    else:
        names, shares = (found.sheet.span(FIRST, found.last, found.roles[role]) for role in ("name", "share"))
        inside = sum(share > 0 for share in found.flat["share"][: found.listed])
        counts = {
            "count": Formula(counting.format(names), found.listed),
            "inside": Formula(f'COUNTIF({shares},">0")', inside),
        }
        sums = {
            key: Formula(
                function.format(found.sheet.span(FIRST, found.last, col)), total(found.table[col].cells[: found.listed])
            )
            for key, col in found.amounts.items()
        }
    _sum_row(found, {found.roles["name"]: told(words, counts, found.sheet.language)}, sums)


def fixed(value: float) -> Formula:
    """A figure that follows from no cell of the workbook."""
    return Formula(f"{value:.15g}", value)


def _block(found: Ranking, role: str, values: Sequence[str]) -> None:
    """Subtotals by the values of a column: one row each, the value in that very column."""
    sheet, col = found.sheet, found.roles[role]
    sheet.row += 1
    for value in values:
        counts, sums = _subtotals_of_all(found, role, value) if found.left else _subtotals(found, role, value)
        said = value or say("nowhere" if role == "zone" else "without", sheet.language)
        _sum_row(found, {found.roles["name"]: told(SUBTOTAL, counts, sheet.language), col: said}, sums)


Subtotals = tuple[dict[str, Formula], dict[tuple[str, str], Formula]]
"""(how many applied and are inside, sums of the amounts on paper)."""


def _subtotals(found: Ranking, role: str, value: str) -> Subtotals:
    sheet, col = found.sheet, found.roles[role]
    listed, shares = sheet.span(FIRST, found.last, col), sheet.span(FIRST, found.last, found.roles["share"])
    chosen = [i for i, one in enumerate(found.table[col].cells) if one == value]
    same = f"EXACT({listed},{sheet.at(sheet.row, col, fixed=True) if value else EMPTY})"
    counts = {
        "count": Formula(f"SUMPRODUCT(--{same})", len(chosen)),
        "inside": Formula(f"SUMPRODUCT({same}*({shares}>0))", sum(found.flat["share"][i] > 0 for i in chosen)),
    }
    sums = {
        key: Formula(
            f"SUMPRODUCT(--{same},{sheet.span(FIRST, found.last, at)})",
            total(found.table[at].cells[i] for i in chosen),
        )
        for key, at in found.amounts.items()
        if at < found.printed
    }
    return counts, sums


def _subtotals_of_all(found: Ranking, role: str, value: str) -> Subtotals:
    """Of projects that the list does not show too: figures, for there are no cells to add up."""
    projects = found.allocation.projects
    code, texts = _labels(found, role)
    chosen = projects[np.isin(code, [i for i, text in enumerate(texts) if text == value])]
    counts = {"count": fixed(len(chosen)), "inside": fixed(int((chosen["share"] > 0).sum()))}
    keys = {"asked": "requested", "granted": "granted"}
    return counts, {
        (group, name): fixed(math.fsum(chosen[f"{keys[group]}.{name}"].tolist()))
        for (group, name), at in found.amounts.items()
        if at < found.printed
    }


def _labels(found: Ranking, role: str) -> labels.Labels:
    """What stands in a column of the list, for all projects."""
    language, allocation = found.sheet.language, found.allocation
    projects, plan = allocation.projects, allocation.plan
    if role == "decision":
        return labels.decisions(projects, lambda record: class_of(record, language))
    if role == "zone":
        code, texts = labels.zones(projects, plan, language)
        return np.where(projects["share"] > 0, code, len(texts)), [*texts, ""]
    values = projects[f"attributes.{page_ranking.grouped_by(plan, projects)}"]
    code, distinct = pd.factorize(values)
    return np.where(code < 0, len(distinct), code), [*(clean(str(value)) for value in distinct), ""]


def _sum_row(found: Ranking, texts: Mapping[int, Content], sums: Mapping[tuple[str, str], Formula]) -> None:
    """Texts, totals and their ratios in the next row."""
    sheet, row = found.sheet, found.sheet.row
    values = {key: float(formula.value) for key, formula in sums.items()}
    for col, column in enumerate(found.table[: found.printed] if len(sums) < len(found.amounts) else found.table):
        content: Content = texts.get(col)
        if column.amount is not None:
            content = sums[column.amount]
        elif column.ratio is not None:
            criterion, by = column.ratio
            pair = [("granted", name) for name in (criterion.of, str(criterion.per))]
            cells = [sheet.at(row, found.amounts[one]) for one in pair]
            condition = f"OR({cells[0]}<>0,{cells[1]}<>0)"
            content = _quotient(found, criterion, by, row, values, condition, any(values[one] for one in pair))
        sheet.put(row, col, content, NAME if column.shown is None else SUM, column.shown)
    said = {col: one.value if isinstance(one, Formula) else one for col, one in texts.items()}
    sheet.set_height(row, max(lines(str(text), found.table[col].width) for col, text in said.items()))
    sheet.row += 1


def _blocks(found: Ranking) -> Iterator[tuple[str, list[str]]]:
    """The columns that get subtotals, with their values in the order of the rows."""
    language, plan = found.sheet.language, found.allocation.plan
    if not found.flat["id"]:
        return
    orders = {
        "decision": [say(words, language) for words in CLASSES],
        "group": [],
        "zone": [clean(title(zone, language)) for zone in plan.zones],
    }
    for role, order in orders.items():
        if role not in found.roles:
            continue
        there = dict.fromkeys(_present(found, role))
        first = [value for value in dict.fromkeys(order) if value in there]
        rest = [value for value in there if value not in first and value]
        values = [*first, *rest, *([""] if "" in there else [])]
        if len(values) <= MOST_SUBTOTALS:
            yield role, values


def _present(found: Ranking, role: str) -> Sequence[str]:
    """The values of a column, in the order of the rows."""
    if not found.left:
        return found.table[found.roles[role]].cells
    code, texts = _labels(found, role)
    _, first = np.unique(code, return_index=True)
    return [texts[code[i]] for i in np.sort(first).tolist()]


def _conditions(found: Ranking) -> None:
    """The looks of rows, which stay right when the list is sorted anew: committed, left out, and the cut."""
    sheet, language = found.sheet, found.sheet.language
    here = f"${sheet.at(FIRST, found.roles['decision'])}"
    above = f"${sheet.at(FIRST - 1, found.roles['decision'])}"
    reserve = f'"{say(sentences.DECISIONS[Decision.REJECTED], language)}"'
    out = ",".join(f'{here}="{say(words, language)}"' for words in OUT)
    committed = f'{here}="{say(CLASSES[0], language)}"'
    area = (FIRST, 0, found.last, len(found.table) - 1)
    for condition, changed in (
        (f"AND({here}={reserve},{above}<>{reserve})", {"top": 1, "top_color": CUT}),
        (f"OR({out})", {"font_color": FAINT}),
        (committed, {"bg_color": TOTAL}),
    ):
        rule = {"type": "formula", "criteria": f"={condition}", "format": sheet.book.mark(**changed)}
        sheet.paper.conditional_format(*area, rule)
