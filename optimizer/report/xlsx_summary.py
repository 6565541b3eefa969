"""The first sheet of report.xlsx: the answer in a sentence, scarce resources, outcomes, criteria, and a chart."""

from __future__ import annotations

from collections.abc import Mapping

from ...models.finding import Message
from . import numbers, page, sentences
from .words import clean, say, title
from .xlsx_annex import SCORE, SHARE, Score
from .xlsx_book import CELL, GRIDLINES, NAME, SUM, WORDS, Content, Figures, Formula, Sheet, figures, lines, times
from .xlsx_ranking import Ranking
from .xlsx_supplies import ALL, COMMITTED, MADE, NOISE, SUPPLY, Balance

RESOURCES = (
    Message("scarce resource"), Message("unit"), Message("asked"), Message("available"), Message("of which committed"),
    Message("granted"), Message("short"), Message("asked / available"), Message("used"),
)  # fmt: skip
OUTCOMES = (Message("measure"), Message("unit"), Message("asked"), Message("granted"), Message("part of all"))
CRITERIA = (
    Message("criterion"), Message("weight"), Message("achieved by the plan"), Message("by the scoring sheet"),
    Message("what counts"),
)  # fmt: skip
WIDTHS = (22, 16, 13, 13, 13, 13, 13, 13, 13)
LAST = len(WIDTHS) - 1
CHART = 290
"""Pixels of the height of the chart."""


def write(sheet: Sheet, found: Ranking, balances: Mapping[str, Balance], score: Score) -> None:
    """The sheet."""
    plan, language = found.allocation.plan, sheet.language
    sheet.set_widths(WIDTHS)
    sheet.title(clean(title(plan, language), 60))
    sheet.paragraph(sentences.headline(plan, found.allocation.projects, language), LAST, 12, bold=True)
    sheet.paragraph(f"{sentences.quality(plan, language)} {sentences.merit(plan, language)}", LAST)
    _resources(sheet, found, balances)
    _outcomes(sheet, found)
    _criteria(sheet, found, score)
    sheet.print_setup(LAST + 1, high=1)


def _resources(sheet: Sheet, found: Ranking, balances: Mapping[str, Balance]) -> None:
    """Asked, available and granted of each scarce measure in the region, linked to the sheets that have the parts."""
    language, plan = sheet.language, found.allocation.plan
    shown = [m for m in plan.measures if m.name in balances and ("asked", m.name) in found.amounts]
    if not shown:
        return
    sheet.section(say("Scarce", language))
    sheet.heads([say(words, language) for words in RESOURCES])
    first = sheet.row
    for measure in shown:
        balance = balances[measure.name]
        star = any(row.assumed for row in page.outermost(plan, measure.name))
        asked, granted = found.total_of("asked", measure.name), found.total_of("granted", measure.name)
        largest = max(float(asked.value), balance.values[ALL], float(granted.value))
        how = numbers.fitting(measure.unit, language, largest)
        _resource(sheet, clean(title(measure, language)), how, asked, granted, balance, star)
    sheet.note(say("* assumed", language))
    if any(found.sums["asked", m.name] > 0 for m in shown):
        _chart(sheet, first, first + len(shown) - 1)


def _resource(
    sheet: Sheet, name: str, how: numbers.Style, asked: Formula, granted: Formula, balance: Balance, star: bool
) -> None:
    row, by = sheet.row, how.factor
    at = [sheet.at(row, col) for col in range(LAST + 1)]
    supplies = [balance.link(col) for col in (SUPPLY, MADE)]
    values = {
        2: float(asked.value) * by,
        3: sum(float(s.value) for s in supplies) * by,
        4: balance.values[COMMITTED] * by,
        5: float(granted.value) * by,
    }
    everything = balance.link(ALL)
    used = float(granted.value) / float(everything.value) if float(everything.value) > 0 else numbers.NOTHING
    cells: dict[int, Content] = {
        2: Formula(f"{asked.text}{times(by)}", values[2]),
        3: Formula(f"({supplies[0].text}+{supplies[1].text}){times(by)}", values[3]),
        4: Formula(f"{balance.link(COMMITTED).text}{times(by)}", values[4]),
        5: Formula(f"{granted.text}{times(by)}", values[5]),
        6: Formula(f"ROUND(MAX(0,{at[2]}-{at[3]}),{NOISE})", round(max(0.0, values[2] - values[3]), NOISE)),
        7: _part(at[2], at[3], values[2], values[3]),
        8: Formula(f'IF({everything.text}>0,{granted.text}/{everything.text},"{numbers.NOTHING}")', used),
    }
    sheet.put(row, 0, name, WORDS)
    sheet.put(row, 1, how.unit, WORDS)
    for col, content in cells.items():
        sheet.put(row, col, content, CELL, SHARE if col > 6 else figures(how), star=star and col == 3)
    sheet.set_height(row, max(lines(name, WIDTHS[0]), lines(how.unit, WIDTHS[1])))
    sheet.row += 1


def _part(part: str, whole: str, value: float, of: float) -> Formula:
    """A part of a whole; a dash where there is nothing."""
    return Formula(f'IF({whole}>0,{part}/{whole},"{numbers.NOTHING}")', value / of if of > 0 else numbers.NOTHING)


def _chart(sheet: Sheet, first: int, last: int) -> None:
    """What was asked for and what is used, of what there is."""
    chart = sheet.book.chart("column")
    for col, color in ((7, "#9DB4C8"), (8, "#2F6690")):
        chart.add_series({
            "name": [sheet.name, first - 1, col],
            "categories": [sheet.name, first, 0, last, 0],
            "values": [sheet.name, first, col, last, col],
            "fill": {"color": color},
            "gap": 80,
            "data_labels": {"value": True, "num_format": "0%", "font": {"size": 8}},
        })  # fmt: skip
    chart.set_title({"name": say("Asked for and used, of what there is", sheet.language), "name_font": {"size": 11}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"num_format": "0%", "min": 0, "major_gridlines": GRIDLINES})
    chart.set_size({"width": 940, "height": CHART})
    sheet.paper.insert_chart(sheet.row + 1, 0, chart, {"object_position": 3})
    sheet.row += 2 + CHART // 20


def _outcomes(sheet: Sheet, found: Ranking) -> None:
    """What was applied for and what the plan brings."""
    language = sheet.language
    measures = page.outcomes_of(found.allocation.plan)
    if not measures:
        return
    sheet.section(say("What it brings", language))
    sheet.heads([say(words, language) for words in OUTCOMES])
    for measure in measures:
        asked, granted = found.total_of("asked", measure.name), found.total_of("granted", measure.name)
        how = numbers.fitting(measure.unit, language, max(abs(float(asked.value)), abs(float(granted.value))))
        row, by = sheet.row, how.factor
        sheet.put(row, 0, clean(title(measure, language)), WORDS)
        sheet.put(row, 1, how.unit, WORDS)
        values = float(asked.value) * by, float(granted.value) * by
        for col, link, value in ((2, asked, values[0]), (3, granted, values[1])):
            sheet.put(row, col, Formula(f"{link.text}{times(by)}", value), CELL, figures(how))
        part = _part(sheet.at(row, 3), sheet.at(row, 2), values[1], values[0])
        sheet.put(row, 4, part, CELL, SHARE)
        sheet.set_height(row, lines(clean(title(measure, language)), WIDTHS[0]))
        sheet.row += 1


def _criteria(sheet: Sheet, found: Ranking, score: Score) -> None:
    """Weights and how far plan and scoring sheet get; the annex works it out."""
    language, plan = sheet.language, found.allocation.plan
    sheet.section(say("Principles", language))
    sheet.heads([*(say(words, language) for words in CRITERIA), *[""] * (LAST - 4)], joined=4)
    for c, achieved in zip(plan.criteria, score.achieved, strict=True):
        row = sheet.row
        sheet.put(row, 0, clean(title(c, language), 60), WORDS)
        sheet.put(row, 1, c.weight, CELL, Figures(0 if float(c.weight).is_integer() else 1))
        for col, link in enumerate(achieved, 2):
            sheet.put(row, col, link, CELL, SHARE)
        words = page.criterion_words(plan, c, language)
        sheet.merge(row, 4, LAST, words, WORDS)
        sheet.set_height(row, lines(words, sum(WIDTHS[4:])))
        sheet.row += 1
    rows: list[tuple[Message, Formula, Formula | None]] = [
        (Message("score"), score.score, score.by_sheet),
        (Message("penalty"), score.penalty, None),
        (Message("score less penalty"), score.objective, None),
    ]
    for message, value, other in rows:
        sheet.put(sheet.row, 0, say(message, language), NAME)
        sheet.put(sheet.row, 1, None, SUM)
        sheet.put(sheet.row, 2, value, SUM, SCORE)
        sheet.put(sheet.row, 3, other, SUM, SCORE)
        sheet.row += 1
    meaning = Message(
        "100 % of a criterion is what all candidates would bring together; a criterion never pays for using land."
    )
    sheet.note(say(meaning, language), LAST)
