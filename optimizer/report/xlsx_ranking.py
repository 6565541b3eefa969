"""The ranking in report.xlsx: every project with what it asked for and got, totals that follow the filter, subtotals.

Left: what a meeting looks at, as wide as a page. Right, in grey: everything else that the plan knows of a project.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from rich.cells import cell_len

from ...models.finding import Message
from ...models.plan import Decision, Plan, PlannedCriterion, PlannedMeasure
from ..allocation import Allocation
from . import columns, numbers, page_ranking, sentences
from .numbers import Language, Style
from .words import clean, joined, say, title
from .xlsx_book import (
    ASKED,
    CELL,
    CUT,
    DETAIL,
    FAINT,
    HEADING,
    NAME,
    SUM,
    TOTAL,
    WORDS,
    Content,
    Figures,
    Formula,
    Sheet,
    factor,
    figures,
    head,
    lines,
    times,
    told,
    total,
    wide,
)

MOST_DETAILED = 2_000
"""Projects up to which the sheet has the columns that are not printed; ranking.csv has them for any number."""
FILTERED, HEADS, FIRST = 2, 3, 4
"""Rows: totals that follow the filter, headings, the first project."""
CLASSES = (
    sentences.DECISIONS[Decision.COMMITTED],
    sentences.DECISIONS[Decision.ADMITTED],
    sentences.TRIMMED,
    *(sentences.DECISIONS[d] for d in (Decision.PARTIAL, Decision.REJECTED, Decision.DISCUSS, Decision.INADMISSIBLE)),
)
OUT = CLASSES[-3:]
"""Classes that get nothing."""
FILTER = Message("shown by the filter: {count}")
ALL = Message("all: {count}, carried out: {inside}")
SUBTOTAL = Message("subtotal: {count}, carried out: {inside}")
EMPTY = '""'
MOST_SUBTOTALS = 60
"""Values of a column that get subtotals."""
DEEPEST_NAME = 4
"""Lines of a row of the list that are shown."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list. `amount`: one that is added up; `ratio`: one with a formula in every row."""

    head: str
    cells: Sequence[Any] = ()
    shown: Figures | None = None
    fill: str = HEADING
    width: float = 8.0
    stars: Sequence[bool] = ()
    role: str = ""
    """name, group, zone, decision or share: what formulas look for"""
    amount: tuple[str, str] | None = None
    """asked or granted, measure"""
    ratio: tuple[PlannedCriterion, float] | None = None
    """criterion, factor"""


@dataclass(frozen=True, eq=False)
class Ranking:
    """The list and where its parts stand, for the formulas of every sheet."""

    sheet: Sheet
    allocation: Allocation
    flat: Mapping[str, Sequence[Any]]
    """the projects' columns, canonical"""
    table: Sequence[Column]
    printed: int
    """columns on paper, the first ones"""
    group: str | None
    """the attribute of the subtotals"""
    roles: Mapping[str, int]
    amounts: Mapping[tuple[str, str], int]
    sums: Mapping[tuple[str, str], float]

    @property
    def last(self) -> int:
        """Row of the last project."""
        return FIRST + len(self.flat["id"]) - 1

    @property
    def total_row(self) -> int:
        return self.last + 1

    def total_of(self, group: str, measure: str) -> Formula:
        """A link to the total of what was asked or granted of a measure."""
        place = self.sheet.from_elsewhere(self.total_row, self.amounts[group, measure])
        return Formula(place, self.sums[group, measure])


def counted(plan: Plan, projects: pd.DataFrame) -> list[PlannedMeasure]:
    """Measures with columns on paper: scarce ones that somebody asks for, and those of the criteria."""
    used = {name for c in plan.criteria for name in (c.of, c.per)}
    return [m for m in plan.measures if m.name in used or (m.scarce and (projects[f"requested.{m.name}"] != 0).any())]


def amount_style(unit: str, language: Language, largest: float) -> Style:
    """How amounts are shown, in the measure's own unit: formulas count with them."""
    how = numbers.style(unit, language, largest=largest, compact=True)
    if how.factor == 1.0:
        return how
    return Style(1.0, numbers.decimals(largest), numbers.unit_name(unit, language, compact=True))


def class_of(record: Mapping[Any, Any], language: Language) -> str:
    """The decision as a class that several projects share: to filter by, and to add up by."""
    if record["decision"] == Decision.PARTIAL:
        return say(sentences.DECISIONS[Decision.PARTIAL], language)
    return sentences.decision(record, language)


def ranking(sheet: Sheet, allocation: Allocation) -> Ranking:
    """The list laid out: its columns, their places and their totals."""
    flat = columns.flat_columns(allocation.projects)
    by = page_ranking.grouped_by(allocation.plan, allocation.projects)
    table = [*_who(allocation, flat, by, sheet.language), *_figures(allocation, flat, sheet.language)]
    printed = len(table)
    if len(allocation.projects) <= MOST_DETAILED:
        table += _details(allocation, flat, by, sheet.language)
    return Ranking(
        sheet=sheet,
        allocation=allocation,
        flat=flat,
        table=_told_apart(table),
        printed=printed,
        group=by,
        roles={column.role: i for i, column in enumerate(table) if column.role},
        amounts={column.amount: i for i, column in enumerate(table) if column.amount},
        sums={column.amount: total(column.cells) for column in table if column.amount},
    )


def _told_apart(table: Sequence[Column]) -> list[Column]:
    """No heading twice: a pivot table would refuse the list."""
    seen: dict[str, int] = {}
    found = []
    for column in table:
        seen[column.head] = seen.get(column.head, 0) + 1
        again = seen[column.head]
        found.append(column if again == 1 else replace(column, head=f"{column.head} {again}"))
    return found


def _who(
    allocation: Allocation, flat: Mapping[str, Sequence[Any]], by: str | None, language: Language
) -> Iterator[Column]:
    """Rank, project, group, zone, decision and how much of it is carried out."""
    plan, records = allocation.plan, allocation.projects.to_dict("records")
    yield Column(say("rank", language), flat["rank"], Figures(), width=6)
    yield _texts(say("project", language), [clean(name) for name in flat["title"]], most=30, least=26, role="name")
    if by is not None:
        yield _texts(page_ranking.label(by, language), _attribute(flat, by), most=16, role="group")
    if plan.zones:
        sits = ["" if not r["share"] else sentences.zones(r, plan, language) for r in records]
        yield _texts(say("zone", language), sits, most=16, least=10, role="zone")
    yield _texts(say("decision", language), [class_of(r, language) for r in records], most=18, role="decision")
    yield Column(say("share", language), flat["share"], Figures(0, percent=True), width=8, role="share")
    if any(units is not None for units in flat["units"]):
        yield Column(say("units carried out", language), flat["units"], Figures(), width=8)


def _texts(name: str, cells: Sequence[str], *, most: float, least: float = 8.0, **more: Any) -> Column:
    longest = max((cell_len(cell) for cell in cells), default=0)
    return Column(name, cells, width=min(most, max(least, longest + 2)), **more)


def _attribute(flat: Mapping[str, Sequence[Any]], name: str) -> list[str]:
    return ["" if value is None else clean(str(value)) for value in flat[f"attributes.{name}"]]


def _figures(allocation: Allocation, flat: Mapping[str, Sequence[Any]], language: Language) -> Iterator[Column]:
    """Asked and granted of each measure that counts, the ratios, the index."""
    for measure in counted(allocation.plan, allocation.projects):
        yield from _amounts(measure, flat, language, (ASKED, HEADING))
    for criterion in allocation.plan.criteria:
        if criterion.per is None:
            continue
        cells = flat[f"ratios.{criterion.name}"]
        largest = max((abs(v) for v in cells if isinstance(v, int | float)), default=0.0)
        how = sentences.ratio_style(allocation.plan, criterion.name, language, largest)
        by, plain = factor(how), replace(figures(how), dash=False)
        name = head(clean(title(criterion, language), 40), "" if how.unit == "%" else how.unit)
        yield Column(
            name, cells, plain, width=wide(name, [v * by for v in cells if isinstance(v, int | float)], plain, 8),
            stars=[criterion.of in assumed or criterion.per in assumed for assumed in flat["assumed"]],
            ratio=(criterion, by),
        )  # fmt: skip
    yield _points(say("index", language), flat["index"])


def _points(name: str, values: Sequence[Any], fill: str = HEADING) -> Column:
    cells = ["∞" if value == "inf" else value for value in values]
    shown = Figures(2, dash=False)
    return Column(name, cells, shown, fill, wide(name, cells, shown, 8))


def _amounts(
    measure: PlannedMeasure, flat: Mapping[str, Sequence[Any]], language: Language, fills: tuple[str, str]
) -> Iterator[Column]:
    """What was asked for and what is granted of a measure."""
    asked = flat[f"requested.{measure.name}"]
    how = amount_style(measure.unit, language, max((abs(value) for value in asked), default=0.0))
    name = clean(title(measure, language), 40)
    stars = [measure.name in assumed for assumed in flat["assumed"]]
    for words, key, group, fill in (
        (Message("{measure}, asked"), "requested", "asked", fills[0]),
        (Message("{measure}, granted"), "granted", "granted", fills[1]),
    ):
        cells = flat[f"{key}.{measure.name}"]
        named = head(say(words, language, measure=name), how.unit)
        width = wide(named, [total(cells), *cells], figures(how))
        yield Column(named, cells, figures(how), fill, width, stars, amount=(group, measure.name))


def _details(
    allocation: Allocation, flat: Mapping[str, Sequence[Any]], by: str | None, language: Language
) -> Iterator[Column]:
    """Whatever else is known of a project, for whoever works with the list."""
    plan, projects = allocation.plan, allocation.projects
    shown = counted(plan, projects)
    yield _texts(say("project code", language), [clean(id_) for id_ in flat["id"]], most=18, fill=DETAIL)
    for name in page_ranking.attributes(projects):
        if name != by:
            yield _texts(page_ranking.label(name, language), _attribute(flat, name), most=20, fill=DETAIL)
    for measure in (m for m in plan.measures if m not in shown):
        yield from _amounts(measure, flat, language, (DETAIL, DETAIL))
    if any(len([z for z in plan.zones if flat[f"share@{z.name}"][i]]) > 1 for i in range(len(projects))):
        for zone in plan.zones:
            name = say("share in {zone}", language, zone=clean(title(zone, language), 40))
            yield Column(name, flat[f"share@{zone.name}"], Figures(0, percent=True), DETAIL)
    for words, key in (
        (Message("value (points)"), "value"),
        (Message("charged for what it takes (points)"), "charges"),
        (Message("credited for what it makes (points)"), "credits"),
        (Message("scoring sheet (points)"), "points"),
    ):
        yield _points(say(words, language), flat[key], DETAIL)
    titles = {measure.name: clean(title(measure, language)) for measure in plan.measures}
    assumed = [joined([titles[name] for name in names if name in titles], language) for names in flat["assumed"]]
    yield _texts(say("assumed", language), assumed, most=30, fill=DETAIL)
    reasons = [clean(" ".join(dict.fromkeys(text for _, text in found)), 2000) for found in flat["reasons"]]
    yield _texts(say("reasons", language), reasons, most=60, fill=DETAIL)


def write(found: Ranking) -> None:
    """The sheet."""
    sheet, plan = found.sheet, found.allocation.plan
    sheet.set_widths([column.width for column in found.table])
    name = say("{plan}: ranked list", sheet.language, plan=clean(title(plan, sheet.language), 60))
    note = say(_note(found), sheet.language)
    sheet.title(name)
    sheet.note(note)
    _sums(found, FILTER, "SUBTOTAL(109,{})", "SUBTOTAL(103,{})")
    sheet.heads([column.head for column in found.table], [column.fill for column in found.table])
    for i in range(len(found.flat["id"])):
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
        return Message("* assumed. Ratios: as granted, without a share as asked. Grey columns, on the right, are not printed.")
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
            sheet.put(row, col, content, WORDS if printed else CELL)
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
    """A row of totals over the whole list; `function` and `counting` are given a column."""
    if not found.flat["id"]:
        found.sheet.row += 1
        return
    names, shares = (found.sheet.span(FIRST, found.last, found.roles[role]) for role in ("name", "share"))
    inside = sum(share > 0 for share in found.flat["share"])
    counts = {
        "count": Formula(counting.format(names), len(found.flat["id"])),
        "inside": Formula(f'COUNTIF({shares},">0")', inside),
    }
    cells = {key: found.sheet.span(FIRST, found.last, col) for key, col in found.amounts.items()}
    sums = {key: Formula(function.format(cells[key]), value) for key, value in found.sums.items()}
    _sum_row(found, {found.roles["name"]: told(words, counts, found.sheet.language)}, sums)


def _block(found: Ranking, role: str, values: Sequence[str]) -> None:
    """Subtotals by the values of a column: one row each, the value in that very column."""
    sheet, col = found.sheet, found.roles[role]
    sheet.row += 1
    listed, shares = sheet.span(FIRST, found.last, col), sheet.span(FIRST, found.last, found.roles["share"])
    own = found.table[col].cells
    for value in values:
        chosen = [i for i, one in enumerate(own) if one == value]
        same = f'EXACT({listed},{sheet.at(sheet.row, col, fixed=True) if value else EMPTY})'
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
        said = value or say("nowhere" if role == "zone" else "without", sheet.language)
        _sum_row(found, {found.roles["name"]: told(SUBTOTAL, counts, sheet.language), col: said}, sums)


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
        there = dict.fromkeys(found.table[found.roles[role]].cells)
        first = [value for value in dict.fromkeys(order) if value in there]
        rest = [value for value in there if value not in first and value]
        values = [*first, *rest, *([""] if "" in there else [])]
        if len(values) <= MOST_SUBTOTALS:
            yield role, values


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
        sheet.paper.conditional_format(*area, {"type": "formula", "criteria": f"={condition}", "format": sheet.book.mark(**changed)})
