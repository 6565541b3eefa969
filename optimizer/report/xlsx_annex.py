"""The annex of report.xlsx: how the score adds up, certificate, the scoring sheet, prices, assumptions, provenance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...models.finding import Message
from ...models.plan import Plan, PlannedCriterion
from . import numbers, page, page_tables, sentences
from .words import clean, joined, say, title
from .xlsx_book import (
    CELL,
    NAME,
    SUM,
    WORDS,
    Content,
    Figures,
    Formula,
    Sheet,
    factor,
    figures,
    lines,
    look,
    times,
    total,
)
from .xlsx_columns import amount_style
from .xlsx_ranking import Ranking, against_the_sheet

CRITERIA = (
    Message("criterion"), Message("what counts"), Message("weight"), Message("unit"), Message("granted"),
    Message("divided by"), Message("standard"), Message("from projects"), Message("from synergies"),
    Message("contribution"), Message("of all applied for"), Message("achieved"), Message("points"),
    Message("the sheet: contribution"), Message("the sheet: achieved"), Message("the sheet: points"),
)  # fmt: skip
WEIGHT, UNIT, OF, PER, STANDARD, PROJECTS, SYNERGIES, TOTAL, SCALE, ACHIEVED, POINTS = range(2, 13)
SHEET_TOTAL, SHEET_ACHIEVED, SHEET_POINTS = range(13, 16)
WIDTHS = (30, 34, 8, 12, 12, 12, 12, 13, 12, 13, 13, 9, 9, 13, 9, 9)
LAST = len(WIDTHS) - 1
SHARE, SCORE = Figures(1, percent=True, dash=False), Figures(2, dash=False)
EXACT, TINY = Figures(4, dash=False), Figures(0, dash=False)
DUST = 1e-9
"""A contribution of synergies smaller than this part of the scale is rounding."""
MOST_LINES = 300
"""Projects of a list in the annex; the ranking has them all."""


@dataclass(frozen=True, slots=True)
class Score:
    """Where the score is worked out, for the summary."""

    achieved: Sequence[tuple[Formula, Formula]]
    """of each criterion, by the plan and by the scoring sheet"""
    score: Formula
    penalty: Formula
    objective: Formula
    by_sheet: Formula


def write(sheet: Sheet, found: Ranking, penalty: Formula) -> Score:
    """The sheet."""
    plan, language = found.allocation.plan, sheet.language
    sheet.set_widths(WIDTHS)
    sheet.title(say("{plan}: annex", language, plan=clean(title(plan, language), 60)))
    score = _score(sheet, found, penalty)
    _certificate(sheet, plan)
    _differences(sheet, found)
    _prices(sheet, plan)
    _assumptions(sheet, found)
    _provenance(sheet, plan)
    sheet.print_setup(LAST + 1)
    return score


def _score(sheet: Sheet, found: Ranking, penalty: Formula) -> Score:
    """Every criterion from the amounts granted to its points, and the sum of them."""
    plan, language = found.allocation.plan, sheet.language
    sheet.section(say("How the score adds up", language))
    words = Message("contribution / of all applied for = achieved; points = 100 · weight / sum of weights · achieved")
    sheet.note(say(words, language))
    sheet.heads([say(words, language) for words in CRITERIA])
    first, last = sheet.row, sheet.row + len(plan.criteria) - 1
    weights = sheet.span(first, last, WEIGHT)
    weight = math.fsum(c.weight for c in plan.criteria)
    achieved: list[tuple[Formula, Formula]] = []
    points: list[float] = []
    by_sheet: list[float] = []
    for c in plan.criteria:
        cells = _criterion(sheet, found, c)
        for side, total_col, share_col, points_col in (
            (points, TOTAL, ACHIEVED, POINTS),
            (by_sheet, SHEET_TOTAL, SHEET_ACHIEVED, SHEET_POINTS),
        ):
            at = {col: sheet.at(sheet.row, col) for col in (WEIGHT, SCALE, total_col, share_col)}
            share = _value(cells[total_col]) / _value(cells[SCALE]) if _value(cells[SCALE]) else 0.0
            cells[share_col] = Formula(f"IF({at[SCALE]}=0,0,{at[total_col]}/{at[SCALE]})", share)
            worth = 100 * c.weight / weight * share if weight else 0.0
            cells[points_col] = Formula(f"100*{at[WEIGHT]}/SUM({weights})*{at[share_col]}", worth)
            side.append(worth)
        linked = [_linked(sheet, sheet.row, col, cells[col]) for col in (ACHIEVED, SHEET_ACHIEVED)]
        achieved.append((linked[0], linked[1]))
        _put(sheet, cells, found, c)
    rows = _sums(sheet, first, last, points, by_sheet, penalty)
    return Score(achieved, *rows)


def _linked(sheet: Sheet, row: int, col: int, content: Content) -> Formula:
    return Formula(sheet.from_elsewhere(row, col), _value(content))


def _value(content: Content) -> float:
    if isinstance(content, Formula):
        content = content.value
    return content if isinstance(content, int | float) else 0.0


def _criterion(sheet: Sheet, found: Ranking, c: PlannedCriterion) -> dict[int, Content]:
    """The cells of a criterion but its points: what projects contribute follows from what is granted."""
    plan, row = found.allocation.plan, sheet.row
    of = found.total_of("granted", c.of)
    cells: dict[int, Content] = {WEIGHT: c.weight, OF: of}
    at = {col: sheet.at(row, col) for col in (OF, PER, STANDARD, PROJECTS, SYNERGIES)}
    sign = 1 if c.better == "higher" else -1
    if c.per is None:
        value, text = sign * _value(of), at[OF] if sign > 0 else f"-{at[OF]}"
    else:
        per, standard = found.total_of("granted", c.per), c.standard or 0.0
        by = factor(sentences.ratio_style(plan, c.name, sheet.language, standard))
        cells |= {PER: per, STANDARD: float(f"{standard * by:.12g}")}
        asked = f"{at[STANDARD]}{times(1 / by)}*{at[PER]}"
        value = sign * (_value(of) - standard * _value(per))
        text = f"{at[OF]}-{asked}" if sign > 0 else f"{asked}-{at[OF]}"
    synergies = c.total - value
    cells[PROJECTS] = Formula(text, value)
    cells[SYNERGIES] = float(f"{synergies:.12g}") if abs(synergies) > DUST * max(1.0, abs(c.scale)) else 0
    cells[TOTAL] = Formula(f"{at[PROJECTS]}+{at[SYNERGIES]}", value + _value(cells[SYNERGIES]))
    cells[SCALE] = float(f"{c.scale:.12g}")
    by_sheet = plan.baseline.criteria.get(c.name)
    cells[SHEET_TOTAL] = None if by_sheet is None else float(f"{by_sheet:.12g}")
    return cells


def _put(sheet: Sheet, cells: dict[int, Content], found: Ranking, c: PlannedCriterion) -> None:
    """The row of a criterion, each figure in its own style."""
    plan, language = found.allocation.plan, sheet.language
    measures = page.by_name(plan)
    amount = figures(amount_style(c.unit, language, max(abs(c.total), abs(c.scale))))
    shown = dict.fromkeys((OF, PROJECTS, SYNERGIES, TOTAL, SCALE, SHEET_TOTAL), amount)
    shown |= dict.fromkeys((ACHIEVED, SHEET_ACHIEVED), SHARE) | dict.fromkeys((POINTS, SHEET_POINTS), SCORE)
    shown[WEIGHT] = Figures(0 if float(c.weight).is_integer() else 1)
    words = page.criterion_words(plan, c, language)
    if c.per is not None:
        shown[PER] = figures(amount_style(measures[c.per].unit, language, abs(_value(cells[PER]))))
        shown[STANDARD] = figures(sentences.ratio_style(plan, c.name, language, c.standard or 0.0))
    unit = numbers.unit_name(c.unit, language, compact=True)
    for col, text in ((0, clean(title(c, language), 60)), (1, words), (UNIT, unit)):
        sheet.put(sheet.row, col, text, WORDS)
    for col in (WEIGHT, *range(OF, LAST + 1)):
        sheet.put(sheet.row, col, cells.get(col), CELL, shown.get(col))
    sheet.set_height(sheet.row, lines(words, WIDTHS[1]))
    sheet.row += 1


def _sums(
    sheet: Sheet, first: int, last: int, points: Sequence[float], by_sheet: Sequence[float], penalty: Formula
) -> tuple[Formula, Formula, Formula, Formula]:
    """Score, penalty and what is left of it, below the points."""
    language, row = sheet.language, sheet.row
    score, sheet_score = total(points), total(by_sheet)
    contents: list[tuple[Message, Content, Content]] = [
        (Message("score"), Formula(f"SUM({sheet.span(first, last, POINTS)})", score),
         Formula(f"SUM({sheet.span(first, last, SHEET_POINTS)})", sheet_score)),
        (Message("penalty"), penalty, None),
        (Message("score less penalty"),
         Formula(f"{sheet.at(row, POINTS)}-{sheet.at(row + 1, POINTS)}", score - _value(penalty)), None),
    ]  # fmt: skip
    for words, value, other in contents:
        for col in range(LAST + 1):
            sheet.put(sheet.row, col, None, SUM)
        sheet.put(sheet.row, 0, say(words, language), NAME)
        sheet.put(sheet.row, POINTS, value, SUM, SCORE)
        sheet.put(sheet.row, SHEET_POINTS, other, SUM, SCORE)
        sheet.row += 1
    linked = [_linked(sheet, row + i, POINTS, value) for i, (_, value, _) in enumerate(contents)]
    return linked[0], linked[1], linked[2], _linked(sheet, row, SHEET_POINTS, contents[0][2])


def _certificate(sheet: Sheet, plan: Plan) -> None:
    """How good the plan is known to be, in a sentence and in figures."""
    language, proof = sheet.language, plan.certificate
    sheet.section(say("Certificate", language))
    sheet.paragraph(sentences.quality(plan, language), 9)
    rows: list[tuple[Message, float, Figures]] = [
        (Message("score less penalty, worked out again"), plan.objective, EXACT),
        (Message("no plan can have more, by the solver"), proof.bound_solver, EXACT),
        (Message("no plan can have more, as the prices prove"), proof.bound_proved, EXACT),
        (Message("largest excess over a limit, as a part of it"), proof.max_violation, TINY),
        (Message("excess that counts as none"), proof.tolerance, TINY),
    ]
    for words, value, shown in rows:
        _pair(sheet, say(words, language), value, shown)
    for tier in plan.tiers:
        words = Message("First call, class {class_}: points reached")
        _pair(sheet, say(words, language, class_=clean(tier.name, 40)), tier.value, EXACT)
    if not plan.linear:
        words = Message(
            "With whole projects the prices prove a bound for divisible ones; the solver's is for whole ones."
        )
        sheet.note(say(words, language))


def _pair(sheet: Sheet, name: str, value: float | str, shown: Figures = SCORE) -> None:
    """A name and what it is, beside each other."""
    sheet.put(sheet.row, 0, name, WORDS)
    if isinstance(value, str):
        sheet.merge(sheet.row, 1, 9, value, WORDS)
        width = sum(WIDTHS[1:10])
        sheet.set_height(sheet.row, max(lines(value, width), lines(name, WIDTHS[0])))
    else:
        finite = math.isfinite(value)
        sheet.put(sheet.row, 1, float(f"{value:.12g}") if finite else "∞", CELL, shown)
        sheet.set_height(sheet.row, lines(name, WIDTHS[0]))
    sheet.row += 1


def _differences(sheet: Sheet, found: Ranking) -> None:
    """Who is in the plan and not on the scoring sheet's list, and the reverse."""
    plan, language = found.allocation.plan, sheet.language
    enters, leaves = against_the_sheet(found.allocation)
    sheet.section(say("The scoring sheet with the same resources", language))
    sheet.paragraph(sentences.merit(plan, language), 9)
    heads = (Message("project"), Message("decision"), Message("rank"), Message("scoring sheet (points)"))
    for words, wanted in (
        (Message("In the plan, not on the sheet:"), enters),
        (Message("On the sheet, not in the plan:"), leaves),
    ):
        if not wanted.any():
            continue
        sheet.put(sheet.row, 0, say(words, language), look(bold=True))
        sheet.row += 1
        sheet.heads([say(head, language) for head in heads])
        for i in np.flatnonzero(wanted[found.rows])[:MOST_LINES].tolist():
            _compared(sheet, found, i)
        _rest(sheet, int(wanted.sum()))


def _compared(sheet: Sheet, found: Ranking, i: int) -> None:
    name = clean(found.flat["title"][i], 120)
    sheet.put(sheet.row, 0, name, WORDS)
    sheet.put(sheet.row, 1, found.table[found.roles["decision"]].cells[i], WORDS)
    sheet.put(sheet.row, 2, found.flat["rank"][i], CELL, Figures())
    sheet.put(sheet.row, 3, found.flat["points"][i], CELL, Figures(1, dash=False))
    sheet.set_height(sheet.row, min(4, lines(name, WIDTHS[0])))
    sheet.row += 1


def _rest(sheet: Sheet, count: int) -> None:
    if count > MOST_LINES:
        sheet.note(say("… and {count} more", sheet.language, count=count - MOST_LINES))


def _prices(sheet: Sheet, plan: Plan) -> None:
    """Points of the score per unit, for whoever asks."""
    language = sheet.language
    rows = page_tables.prices(plan, language)
    if not rows:
        return
    sheet.section(say("Prices, in points of the score per unit", language))
    if not plan.linear:
        sheet.note(say("Worked out as if every project could be divided.", language))
    for row in rows:
        sheet.put(sheet.row, 0, row.name, WORDS)
        sheet.put(sheet.row, 1, row.price, CELL, Figures())
        sheet.set_height(sheet.row, lines(row.name, WIDTHS[0]))
        sheet.row += 1


def _assumptions(sheet: Sheet, found: Ranking) -> None:
    """Everything that is assumed: supplies with their reasons, figures of projects, and whatever else."""
    language = sheet.language
    listed = list(_assumed(found))
    sheet.section(say("Assumptions", language))
    if not listed:
        sheet.note(say("Nothing is assumed.", language))
    for name, what in listed[:MOST_LINES]:
        _pair(sheet, name, what)
    _rest(sheet, len(listed))


def _assumed(found: Ranking) -> Iterator[tuple[str, str]]:
    """What is assumed and, beside it, the figure and where it comes from, or which figures."""
    plan, projects, language = found.allocation.plan, found.allocation.projects, found.sheet.language
    for row in plan.resources:
        if row.assumed:
            amount = numbers.quantity(row.supply, row.unit, language)
            yield sentences.place(plan, row.measure, row.zone, language), joined([amount, *_some(row.source)], language)
    for path in plan.provenance.assumed:
        if not path.startswith(("supply.", "zones.", "projects.")):
            yield clean(path), ""
    titles = {measure.name: clean(title(measure, language)) for measure in plan.measures}
    for name, assumed in zip(projects["title"], projects["assumed"], strict=True):
        if assumed:
            yield clean(name, 120), joined([titles.get(one, one) for one in assumed], language)


def _some(text: str | None) -> Iterable[str]:
    return [clean(text)] if text else []


def _provenance(sheet: Sheet, plan: Plan) -> None:
    """Version, solver, changes, and which files it was made from."""
    language, origin = sheet.language, plan.provenance
    sheet.section(say("Where it comes from", language))
    _pair(sheet, "landalloc", clean(origin.version))
    _pair(sheet, say("solver", language), clean(f"{origin.solver} {origin.solver_version}"))
    if plan.case:
        _pair(sheet, say("case", language), clean(plan.case))
    for path, value in origin.set.items():
        _pair(sheet, say("changed", language), clean(f"{path} = {value}"))
    for name, sha in origin.inputs.items():
        _pair(sheet, clean(name), f"SHA-256 {sha}")
