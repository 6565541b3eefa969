"""The balance of the scarce resources in report.xlsx: supply by supply, with subtotals of the region and a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...models.finding import Message
from ...models.plan import PlannedMeasure, Resource
from . import answers, numbers, page, sentences
from .words import clean, say, title
from .xlsx_book import (
    CELL,
    DETAIL,
    GRIDLINES,
    HEADING,
    NAME,
    SUM,
    WORDS,
    Content,
    Figures,
    Formula,
    Sheet,
    figures,
    lines,
    total,
    wide,
)
from .xlsx_columns import amount_style
from .xlsx_ranking import Ranking

HEADS = (
    Message("scarce resource"), Message("zone"), Message("unit"), Message("supply"), Message("made"),
    Message("moved between grades"), Message("supply in all"), Message("asked"), Message("of which committed"),
    Message("granted"), Message("left"), Message("short"), Message("used"), Message("one more brings"),
    Message("source"), Message("resource and zone"),
)  # fmt: skip
SUPPLY, MADE, MOVED, ALL, ASKED, COMMITTED, GRANTED, LEFT, SHORT, USED, BRINGS, SOURCE, PLACE = range(3, 16)
WIDTHS = (18, 14, 11, 8, 30, 34, 24)
"""Of the columns before and after the amounts."""
ADDED = (SUPPLY, MADE, MOVED, COMMITTED, GRANTED)
"""Columns that a subtotal adds up; what was asked for does not add up over the zones that a project may sit in."""
SHARE = Figures(1, percent=True, dash=False)
NOISE = 9
"""Decimals to which differences are rounded: sums of binary fractions leave dust behind."""
MOST_BARS, MOST_ON_A_PAGE = 60, 30
"""Supplies in the chart, and those that stand on one page together with it."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Where the balance of a measure in the region stands, and what is there."""

    sheet: Sheet
    row: int
    values: Mapping[int, float]

    def link(self, col: int) -> Formula:
        return Formula(self.sheet.from_elsewhere(self.row, col), self.values[col])


def write(sheet: Sheet, found: Ranking) -> dict[str, Balance]:
    """The sheet; measure -> its balance in the region."""
    plan, language = found.allocation.plan, sheet.language
    rows = {m.name: [row for row in plan.resources if row.measure == m.name] for m in plan.measures}
    styles = {m.name: figures(_style(m, rows[m.name], sheet)) for m in plan.measures}
    largest = [v for row in plan.resources for v in _values(row).values()]
    figures_wide = max(wide(say(words, language), largest, Figures(), 9) for words in HEADS[SUPPLY:USED])
    sheet.set_widths([*WIDTHS[:3], *[figures_wide] * 9, *WIDTHS[3:]])
    sheet.title(say("{plan}: balance of resources", language, plan=clean(title(plan, language), 60)))
    words = Message("* assumed. What zones are asked for does not add up: a project may be able to sit in several.")
    sheet.note(say(words, language))
    sheet.heads([say(words, language) for words in HEADS], [*[HEADING] * PLACE, DETAIL])
    first = sheet.row
    balances = {}
    for measure in plan.measures:
        if rows[measure.name]:
            balances[measure.name] = _measure(sheet, found, measure, rows[measure.name], styles[measure.name])
    last = sheet.row - 1
    if last < first:
        sheet.put(first, 0, say("nothing scarce", language))
        return balances
    sheet.paper.autofilter(first - 1, 0, last, SOURCE)
    sheet.paper.freeze_panes(first, 2)
    if answers.divided(found.allocation, language):
        sheet.note(say("What one more brings is worked out as if every project could be divided.", language))
    if last - first < MOST_BARS:
        _chart(sheet, first, last)
    sheet.print_setup(SOURCE + 1, head=first - 1, high=1 if last - first < MOST_ON_A_PAGE else 0)
    return balances


def _style(measure: PlannedMeasure, rows: Sequence[Resource], sheet: Sheet) -> numbers.Style:
    largest = max((max(row.requested, row.supply + row.made, row.used) for row in rows), default=0.0)
    return amount_style(measure.unit, sheet.language, largest)


def _values(row: Resource) -> dict[int, float]:
    """The figures of a supply by column, what formulas come to among them."""
    plain = {
        SUPPLY: row.supply, MADE: row.made, MOVED: row.substituted, ASKED: row.requested, COMMITTED: row.committed,
        GRANTED: row.used,
    }  # fmt: skip
    return _worked_out({col: float(f"{value:.12g}") for col, value in plain.items()})


def _worked_out(plain: Mapping[int, float]) -> dict[int, float]:
    everything = plain[SUPPLY] + plain[MADE] + plain[MOVED]
    return {
        **plain,
        ALL: everything,
        LEFT: round(everything - plain[GRANTED], NOISE),
        SHORT: round(max(0.0, plain[ASKED] - plain[SUPPLY] - plain[MADE]), NOISE),
    }


def _measure(
    sheet: Sheet, found: Ranking, measure: PlannedMeasure, rows: Sequence[Resource], shown: Figures
) -> Balance:
    """The supplies of a measure, and the region's subtotal where only zones have some."""
    plan, language = found.allocation.plan, sheet.language
    zones = {zone.name: clean(title(zone, language)) for zone in plan.zones}
    places: dict[str | None, int] = {}
    region: Balance | None = None
    for row in rows:
        places[row.zone] = sheet.row
        values = _values(row)
        if row.zone is None:
            region = Balance(sheet, sheet.row, values)
        where = zones.get(row.zone, row.zone) if row.zone else say("whole region", language)
        source = clean(row.source or "")
        brings = answers.one_more(found.allocation, row, language) or sentences.one_more(plan, row, language)
        place = sentences.place(plan, measure.name, row.zone, language)
        _row(sheet, measure, (where, place), values, {}, shown, brings=brings, source=source, star=row.assumed)
    if region is None:
        outer = page.outermost(plan, measure.name)
        cells = {col: _sum([places[row.zone] for row in outer], col, sheet) for col in ADDED}
        plain = {col: total(_values(row)[col] for row in outer) for col in ADDED}
        asked = found.sums.get(("asked", measure.name), 0.0)
        region = Balance(sheet, sheet.row, _worked_out({**plain, ASKED: asked}))
        cells[ASKED] = found.total_of("asked", measure.name).text if ("asked", measure.name) in found.amounts else "0"
        place = sentences.place(plan, measure.name, None, language)
        _row(sheet, measure, (say("all zones", language), place), region.values, cells, shown)
    return region


def _sum(rows: Sequence[int], col: int, sheet: Sheet) -> str:
    """A sum over rows of a column, neighbours as ranges."""
    starts = [row for before, row in pairwise([-2, *rows]) if row != before + 1]
    ends = [row for row, after in pairwise([*rows, -2]) if after != row + 1]
    runs = [{sheet.at(start, col): 0, sheet.at(end, col): 0} for start, end in zip(starts, ends, strict=True)]
    return f"SUM({','.join(':'.join(run) for run in runs)})"


def _row(
    sheet: Sheet,
    measure: PlannedMeasure,
    where: tuple[str, str],
    values: Mapping[int, float],
    sums: Mapping[int, str],
    shown: Figures,
    *,
    brings: str = "",
    source: str = "",
    star: bool = False,
) -> None:
    """One row; `where`: its zone, and what it is in the chart; `sums`: the formulas of a subtotal."""
    row, plain, words = sheet.row, (SUM if sums else CELL), (NAME if sums else WORDS)
    cell = {col: sheet.at(row, col) for col in range(SUPPLY, USED)}
    formulas = {
        **sums,
        ALL: f"{cell[SUPPLY]}+{cell[MADE]}+{cell[MOVED]}",
        LEFT: f"ROUND({cell[ALL]}-{cell[GRANTED]},{NOISE})",
        SHORT: f"ROUND(MAX(0,{cell[ASKED]}-{cell[SUPPLY]}-{cell[MADE]}),{NOISE})",
    }
    name, unit = clean(title(measure, sheet.language)), numbers.unit_name(measure.unit, sheet.language, compact=True)
    for col, text in ((0, name), (1, where[0]), (2, unit), (BRINGS, brings), (SOURCE, source), (PLACE, where[1])):
        sheet.put(row, col, text, words)
    for col, value in values.items():
        content: Content = Formula(formulas[col], value) if col in formulas else value
        sheet.put(row, col, content, plain, shown, star=star and col == SUPPLY)
    used = values[GRANTED] / values[ALL] if values[ALL] > 0 else numbers.NOTHING
    share = f'IF({cell[ALL]}>0,{cell[GRANTED]}/{cell[ALL]},"{numbers.NOTHING}")'
    sheet.put(row, USED, Formula(share, used), plain, SHARE)
    texts = zip((name, where[0], unit, brings, source), (*WIDTHS[:3], *WIDTHS[-3:-1]), strict=True)
    sheet.set_height(row, max(lines(text, width) for text, width in texts))
    sheet.row += 1


def _chart(sheet: Sheet, first: int, last: int) -> None:
    """How far each supply is used, below the table."""
    chart = sheet.book.chart("bar")
    chart.add_series({
        "name": say("used", sheet.language),
        "categories": [sheet.name, first, PLACE, last, PLACE],
        "values": [sheet.name, first, USED, last, USED],
        "fill": {"color": "#2F6690"},
        "gap": 40,
        "data_labels": {"value": True, "num_format": "0%", "font": {"size": 8}},
    })  # fmt: skip
    chart.set_title({"name": say("Used part of each supply", sheet.language), "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    chart.set_x_axis({"num_format": "0%", "min": 0, "max": 1, "major_gridlines": GRIDLINES})
    count = last - first + 1
    height = 110 + 18 * count
    chart.set_size({"width": 860, "height": height})
    sheet.paper.insert_chart(sheet.row + 1, 0, chart, {"object_position": 3})
    sheet.row += 2 + height // 20
