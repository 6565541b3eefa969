"""Targets and rules in report.xlsx: limit, what stands, what the plan adds, kept or short, what that costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...models.finding import Message
from ...models.plan import RuleRow
from . import numbers, sentences
from .numbers import Language
from .page_tables import KINDS
from .words import clean, say, title
from .xlsx_book import CELL, CUT, NAME, SUM, WORDS, Content, Figures, Formula, Sheet, factor, lines, look, told, total
from .xlsx_ranking import Ranking

HEADS = (
    Message("rule"), Message("kind of rule"), Message("bound"), Message("limit"), Message("stands already"),
    Message("the plan adds"), Message("reached"), Message("off by"), Message("unit"), Message("kept or not"),
    Message("penalty (points)"), Message("source"),
)  # fmt: skip
LIMIT, EXISTING, ADDS, REACHED, OFF, UNIT, KEPT, PENALTY, SOURCE = range(3, 12)
BOUNDS = {"at_least": Message("at least"), "at_most": Message("at most"), "exactly": Message("exactly")}
WIDTHS = (34, 18, 9, 13, 13, 13, 13, 13, 12, 12, 10, 36)
STOCKS = ("total", "count")
"""Kinds whose value is what stands already and what the plan adds."""
UNRATED = ("standard", "veto", "synergy")
"""Kinds that are neither kept nor broken."""
NOISE, MOST_DECIMALS = 9, 6


def write(sheet: Sheet, found: Ranking) -> Formula:
    """The sheet; the sum of the penalties, for other sheets."""
    plan, language = found.allocation.plan, sheet.language
    sheet.set_widths(WIDTHS)
    sheet.title(say("{plan}: targets and rules", language, plan=clean(title(plan, language), 60)))
    if not plan.rules:
        sheet.put(sheet.row, 0, say("There are no rules.", language))
        return Formula("0", 0)
    kept, short = sentences.counted(plan.rules)
    told_short = Message("Rules and targets: {kept} kept, {short} not kept")
    words = told_short if short else Message("Rules and targets: {kept} kept")
    sheet.note(say(words, language, kept=kept, short=short))
    sheet.heads([say(words, language) for words in HEADS])
    first = sheet.row
    zones = {zone.name: clean(title(zone, language)) for zone in plan.zones}
    for rule in plan.rules:
        _rule(sheet, rule, zones)
    return _sum(sheet, plan.rules, first)


def _rule(sheet: Sheet, rule: RuleRow, zones: Mapping[str, str]) -> None:
    """One row: a rule, or one value of its `each`, and one of its bounds."""
    row, language = sheet.row, sheet.language
    name, source, kind = clean(title(rule, language)), clean(rule.source or ""), say(KINDS[rule.kind], language)
    if rule.each:
        name = say("{rule} ({value})", language, rule=name, value=zones.get(rule.each, clean(rule.each, 60)))
    bound = say(BOUNDS[rule.bound], language) if rule.bound else ""
    shown, by, unit = _style(rule, language)
    cells = _figures(sheet, rule, by)
    for col, text in enumerate((name, kind, bound)):
        sheet.put(row, col, text, WORDS)
    for col in range(LIMIT, UNIT):
        sheet.put(row, col, cells.get(col), CELL, shown)
    sheet.put(row, UNIT, unit, WORDS)
    kept = "" if rule.kind in UNRATED else say("kept" if rule.kept else "not kept", language)
    sheet.put(row, KEPT, kept, WORDS if rule.kept else look(WORDS, bold=True, font_color=CUT))
    sheet.put(row, PENALTY, _canonical(rule.penalty), CELL, Figures(2))
    sheet.put(row, SOURCE, source, WORDS)
    texts = ((0, name), (1, kind), (UNIT, unit), (SOURCE, source))
    sheet.set_height(row, max(lines(text, WIDTHS[col]) for col, text in texts))
    sheet.row += 1


def _style(rule: RuleRow, language: Language) -> tuple[Figures, float, str]:
    """How the figures of a rule are shown, what they are multiplied by before, and their unit."""
    if rule.kind in UNRATED:
        return Figures(), 1.0, ""
    known = [abs(v) for v in (rule.limit, rule.value, rule.existing) if v is not None]
    largest = max(known, default=0.0)
    if rule.unit not in (None, "1"):
        how = numbers.style(str(rule.unit), language, largest=largest, compact=True)
        by, unit, places, percent = factor(how), how.unit, how.decimals, how.unit == "%"
    else:
        by, unit, percent = 1.0, "", rule.kind in ("ratio", "even_use")
        places = 1 if percent else 0 if all(float(v).is_integer() for v in known) else max(2, numbers.decimals(largest))
    if rule.limit is not None and rule.value is not None and not rule.kept:
        shown = by * (100 if percent else 1)
        while places < MOST_DECIMALS and round(rule.limit * shown, places) == round(rule.value * shown, places):
            places += 1
    return Figures(places, percent, dash=False), by, unit


def _canonical(value: float) -> float:
    return 0.0 if abs(value) < sentences.NEGLIGIBLE else float(f"{value:.12g}")


def _figures(sheet: Sheet, rule: RuleRow, by: float) -> dict[int, Content]:
    """Limit, existing, added, reached and short of a rule; what follows from the others is a formula."""
    if rule.kind in UNRATED:
        return {REACHED: _said(rule, sheet.language)}
    values = {LIMIT: rule.limit, EXISTING: rule.existing, REACHED: rule.value}
    known = {col: float(f"{v * by:.12g}") for col, v in values.items() if v is not None}
    cells: dict[int, Content] = dict(known)
    at = {col: sheet.at(sheet.row, col) for col in range(LIMIT, UNIT)}
    if rule.kind in STOCKS and {EXISTING, REACHED} <= known.keys():
        added = round(known[REACHED] - known[EXISTING], NOISE)
        cells[ADDS] = Formula(f"ROUND({at[REACHED]}-{at[EXISTING]},{NOISE})", added)
    if rule.bound is not None and {LIMIT, REACHED} <= known.keys():
        limit, value = known[LIMIT], known[REACHED]
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


def _sum(sheet: Sheet, rules: Sequence[RuleRow], first: int) -> Formula:
    """The row of totals, and what the list needs to be worked with."""
    language, last, row = sheet.language, sheet.row - 1, sheet.row
    missed = sum(not rule.kept and rule.kind not in UNRATED for rule in rules)
    penalty = total(_canonical(rule.penalty) for rule in rules)
    not_kept = say("not kept", language)
    for col in range(SOURCE + 1):
        sheet.put(row, col, None, SUM)
    sheet.put(row, 0, say("all", language), NAME)
    counted = Formula(f'COUNTIF({sheet.span(first, last, KEPT)},"{not_kept}")', missed)
    sheet.put(row, KEPT, told(Message("{count} not kept"), {"count": counted}, language), NAME)
    sheet.put(row, PENALTY, Formula(f"SUM({sheet.span(first, last, PENALTY)})", penalty), SUM, Figures(2))
    sheet.row += 1
    sheet.paper.autofilter(first - 1, 0, last, SOURCE)
    sheet.paper.freeze_panes(first, 1)
    sheet.print_setup(SOURCE + 1, head=first - 1)
    return Formula(sheet.from_elsewhere(row, PENALTY), penalty)
