"""Targets and rules in report.xlsx: limit, what stands, what the plan adds, kept or short, what that costs."""

from __future__ import annotations

from collections.abc import Sequence

from ...models.finding import Message
from ...models.plan import RuleRow
from . import numbers, sentences
from .numbers import Language
from .page_tables import KINDS
from .words import clean, say, title
from .xlsx_book import CELL, NAME, SUM, WORDS, Content, Figures, Formula, Sheet, lines, total
from .xlsx_ranking import Ranking

HEADS = (
    Message("rule"), Message("kind of rule"), Message("for"), Message("bound"), Message("limit"), Message("stands already"),
    Message("the plan adds"), Message("reached"), Message("off by"), Message("kept or not"), Message("penalty (points)"),
    Message("source"),
)  # fmt: skip
LIMIT, EXISTING, ADDS, REACHED, OFF, KEPT, PENALTY, SOURCE = range(4, 12)
BOUNDS = {"at_least": Message("at least"), "at_most": Message("at most"), "exactly": Message("exactly")}
WIDTHS = (30, 14, 14, 9, 13, 13, 13, 13, 13, 12, 10, 36)
STOCKS = ("total", "count")
"""Kinds whose value is what stands already and what the plan adds."""
UNRATED = ("standard", "veto", "synergy")
"""Kinds that are neither kept nor broken."""
NOISE = 9
RED = "#B42318"


def write(sheet: Sheet, found: Ranking) -> Formula:
    """The sheet; the sum of the penalties, for other sheets."""
    plan, language = found.allocation.plan, sheet.language
    sheet.set_widths(WIDTHS)
    sheet.title(say("{plan}: targets and rules", language, plan=clean(title(plan, language), 60)))
    if not plan.rules:
        sheet.put(sheet.row, 0, say("There are no rules.", language))
        return Formula("0", 0)
    kept, short = sentences.counted(plan.rules)
    words = Message("Rules and targets: {kept} kept, {short} not kept") if short else Message("Rules and targets: {kept} kept")
    sheet.note(say(words, language, kept=kept, short=short))
    sheet.heads([say(words, language) for words in HEADS])
    first = sheet.row
    zones = {zone.name: clean(title(zone, language)) for zone in plan.zones}
    for rule in plan.rules:
        _rule(sheet, rule, zones.get(rule.each or "", clean(rule.each or "")))
    return _sum(sheet, plan.rules, first)


def _rule(sheet: Sheet, rule: RuleRow, each: str) -> None:
    """One row: a rule, or one value of its `each`, and one of its bounds."""
    row, language = sheet.row, sheet.language
    name, source = clean(title(rule, language)), clean(rule.source or "")
    bound = say(BOUNDS[rule.bound], language) if rule.bound else ""
    for col, text in enumerate((name, say(KINDS[rule.kind], language), each, bound)):
        sheet.put(row, col, text, **WORDS)
    shown = _shown(rule)
    cells = _figures(sheet, rule)
    for col in range(LIMIT, KEPT):
        sheet.put(row, col, cells.get(col), shown, **CELL)
    kept = "" if rule.kind in UNRATED else say("kept" if rule.kept else "not kept", language)
    sheet.put(row, KEPT, kept, **WORDS, **({} if rule.kept else {"bold": True, "font_color": RED}))
    sheet.put(row, PENALTY, float(f"{rule.penalty:.12g}"), Figures(2), **CELL)
    sheet.put(row, SOURCE, source, **WORDS)
    sheet.set_height(row, max(lines(text, WIDTHS[col]) for col, text in ((0, name), (2, each), (SOURCE, source))))
    sheet.row += 1


def _shown(rule: RuleRow) -> Figures:
    """Decimals for the figures of a rule: its unit is not known here."""
    if rule.kind == "even_use":
        return Figures(1, percent=True, dash=False)
    known = [abs(v) for v in (rule.limit, rule.value, rule.existing) if v is not None]
    if all(float(v).is_integer() for v in known):
        return Figures(0, dash=False)
    return Figures(max(numbers.decimals(max(known)), 2 if max(known) < 100 else 1), dash=False)


def _figures(sheet: Sheet, rule: RuleRow) -> dict[int, Content]:
    """Limit, existing, added, reached and short of a rule; what follows from the others is a formula."""
    values = {LIMIT: rule.limit, EXISTING: rule.existing, REACHED: rule.value}
    cells: dict[int, Content] = {col: float(f"{v:.12g}") for col, v in values.items() if v is not None}
    if rule.kind in UNRATED:
        return {REACHED: _said(rule, sheet.language)}
    at = {col: sheet.at(sheet.row, col) for col in range(LIMIT, KEPT)}
    if rule.kind in STOCKS and rule.value is not None and rule.existing is not None:
        cells[ADDS] = Formula(f"ROUND({at[REACHED]}-{at[EXISTING]},{NOISE})", round(_plain(cells[REACHED]) - _plain(cells[EXISTING]), NOISE))
    if rule.kind not in STOCKS or rule.bound is None or rule.limit is None or rule.value is None:
        return cells
    limit, value = _plain(cells[LIMIT]), _plain(cells[REACHED])
    short, text = {
        "at_least": (max(0.0, limit - value), f"MAX(0,{at[LIMIT]}-{at[REACHED]})"),
        "at_most": (max(0.0, value - limit), f"MAX(0,{at[REACHED]}-{at[LIMIT]})"),
        "exactly": (abs(limit - value), f"ABS({at[REACHED]}-{at[LIMIT]})"),
    }[rule.bound]
    cells[OFF] = Formula(f"ROUND({text},{NOISE})", round(short, NOISE))
    return cells


def _said(rule: RuleRow, language: Language) -> str:
    """How many fail a standard, whether a synergy is at work."""
    if rule.value is None:
        return ""
    if rule.kind == "synergy":
        return say("at work" if rule.value > sentences.NEGLIGIBLE else "not at work", language)
    count = round(rule.value)
    return say("{count} fail", language, count=count) if count else say("fails nobody", language)


def _plain(content: Content) -> float:
    return content if isinstance(content, int | float) else 0.0


def _sum(sheet: Sheet, rules: Sequence[RuleRow], first: int) -> Formula:
    """The row of totals, and what the list needs to be worked with."""
    language, last, row = sheet.language, sheet.row - 1, sheet.row
    missed = sum(not rule.kept and rule.kind not in UNRATED for rule in rules)
    penalty = total(float(f"{rule.penalty:.12g}") for rule in rules)
    not_kept = say("not kept", language)
    for col in range(SOURCE + 1):
        sheet.put(row, col, None, **SUM)
    sheet.put(row, 0, say("all", language), **NAME)
    sheet.put(row, KEPT, Formula(f'COUNTIF({sheet.span(first, last, KEPT)},"{not_kept}")', missed), Figures(), **SUM)
    sheet.put(row, PENALTY, Formula(f"SUM({sheet.span(first, last, PENALTY)})", penalty), Figures(2), **SUM)
    sheet.row += 1
    sheet.paper.autofilter(first - 1, 0, last, SOURCE)
    sheet.paper.freeze_panes(first, 1)
    sheet.print_setup(SOURCE + 1, head=first - 1)
    return Formula(sheet.from_elsewhere(row, PENALTY), penalty)
