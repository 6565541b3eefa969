"""What was asked about a plan, in report.xlsx: what it would take, the reserve list, steps, rules, other plans."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ...models.explanation import Answers, Curve, CurveStep, Swap, Taking
from ...models.finding import Message
from ...models.plan import Plan, Resource
from ..allocation import Allocation
from . import answers, numbers, page_answers
from .explained import STANDINGS, at_most, setting
from .numbers import Language
from .words import clean, joined, say, title
from .xlsx_book import CELL, WORDS, Content, Figures, Sheet, figures, head, lines, look
from .xlsx_columns import amount_style

POINTS = Figures(2, dash=False)
SHARE = Figures(1, percent=True)
WHO, NAMES, COPY, UNIT = 30.0, 44.0, 52.0, 16.0
"""Widths of the columns of projects, of lists of them, of what is copied, and of units."""
MOST_ROWS = 20_000
"""Rows of a sheet; the tables beside plan.json have them all."""
LONGEST = 2000
"""Characters of a list of projects in a cell."""
SAME = 5
"""Significant digits of the two figures of a change, which often lie close together."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet; texts have no figures."""

    head: str
    width: float
    shown: Figures | None = None


Row = Sequence[Content | tuple[Content, Figures]]
"""Cells, each with figures of its own where they are not those of the column."""


def takes(sheet: Sheet, allocation: Allocation) -> None:
    """What would admit each project that is left out, one change a row."""
    plan, language, called = allocation.plan, sheet.language, answers.titles(allocation)
    columns = [
        Column(say("project code", language), 16.0), Column(say("project", language), WHO),
        Column(say("what changes", language), 32.0), Column(say("unit", language), UNIT),
        Column(say("from", language), 12.0, Figures()), Column(say("to", language), 12.0, Figures()),
        Column(say("changed by", language), 10.0, SHARE),
        Column(say("points of the plan then", language), 12.0, POINTS),
        Column(say("not proved", language), 10.0),
        Column(say("to copy", language), COPY),
    ]  # fmt: skip
    rows: list[Row] = []
    left = answers.open_takes(allocation)
    for one in answers.waiting(allocation):
        for taking in one.takes:
            doubt = say("not proved", language) if taking.changes[0].path in left.get(one.id, ()) else ""
            rows.append([clean(one.id), called[one.id], *_taking(plan, taking, doubt, language)])
    words = Message(
        "Each line alone is enough, and was tried: with it the project stands in every best plan, a little less and it "
        "stands in none. Copy it behind landalloc solve."
    )
    notes = [say(words, language), answers.other_optimum(allocation, language)]
    name = say("{plan}: what it would take", language, plan=clean(title(plan, language), 60))
    _table(sheet, name, notes, columns, rows, [answers.still_open(allocation, "takes", language)])


def _taking(plan: Plan, taking: Taking, doubt: str, language: Language) -> Row:
    """What changes, its unit, from, to, by how much, the points then, whether that is not proved, what to copy."""
    found = answers.change(plan, taking, language)
    largest = max((abs(v) for v in found.ends if v is not None), default=0.0)
    shown = Figures(_places(largest), dash=False)
    unit = numbers.unit_name(found.unit, language, compact=True)
    part = found.after / found.before - 1.0 if found.before and found.after is not None else None
    ends = [text if v is None else (v, shown) for v, text in zip(found.ends, found.texts, strict=True)]
    return [found.what, unit, *ends, part, taking.objective, doubt, found.setting]


def _places(largest: float) -> int:
    """Decimals that show `SAME` digits of a figure.

    >>> _places(130.0), _places(4.7), _places(150000.0)
    (2, 4, 0)
    """
    return 0 if largest == 0 else max(0, min(9, SAME - 1 - math.floor(math.log10(largest))))


def reserve(sheet: Sheet, allocation: Allocation) -> None:
    """What a withdrawal, or forcing one in, loses; who comes and who goes; where it stands over all plans."""
    plan, language, called = allocation.plan, sheet.language, answers.titles(allocation)
    columns = [
        Column(say("project code", language), 16.0), Column(say("project", language), WHO),
        Column(say("what happens", language), 14.0),
        *(Column(name, 16.0) for name in page_answers.distances(allocation, language)),
        Column(say("the plan loses (points)", language), 12.0, POINTS),
        Column(say("not proved", language), 14.0),
        Column(say("enters", language), NAMES), Column(say("leaves", language), NAMES),
    ]  # fmt: skip
    rows = [
        _swap(one, swap, kind, called, language)
        for kind in ("withdrawn", "forced in")
        for one in answers.reserve(allocation)
        for swap in (one.withdrawn if kind == "withdrawn" else one.forced,)
        if swap is not None
    ]
    name = say("{plan}: reserve list", language, plan=clean(title(plan, language), 60))
    notes = [answers.other_optimum(allocation, language)]
    _table(sheet, name, notes, columns, rows, [answers.still_open(allocation, "over_plans", language)])


def _swap(one: Answers, swap: Swap, kind: str, called: Mapping[str, str], language: Language) -> Row:
    what = say("withdrawn" if kind == "withdrawn" else "forced in", language)
    near = [say(STANDINGS[standing], language) for standing in one.over_plans.values()]
    enters, leaves = (_names([i for i in ids if i != one.id], called, language) for ids in (swap.enters, swap.leaves))
    return [clean(one.id), called[one.id], what, *near, *_interval(swap.loss, language), enters, leaves]


def _interval(value: float | tuple[float, float], language: Language) -> list[Content]:
    """The upper end as a figure, and beside it the interval where it is not proved."""
    return [_finite(at_most(value)), answers.points(value, language) if isinstance(value, tuple) else ""]


def _finite(value: float) -> Content:
    return numbers.figure(value, answers.POINTS, "en") if not math.isfinite(value) else _plain(value)


def _plain(value: float) -> float:
    return 0.0 if abs(value) < answers.DUST else float(f"{value:.12g}")


def _names(ids: Sequence[str], called: Mapping[str, str], language: Language) -> str:
    return clean(joined([called[id_] for id_ in ids], language), LONGEST)


def steps(sheet: Sheet, allocation: Allocation) -> None:
    """The steps of every supply, one range a row; the one in which the supply lies in bold."""
    plan, language, called = allocation.plan, sheet.language, answers.titles(allocation)
    columns = [
        Column(say("scarce resource", language), 18.0), Column(say("zone", language), 14.0),
        Column(say("unit", language), UNIT), Column(say("supply from", language), 12.0, Figures()),
        Column(say("supply to", language), 12.0, Figures()), Column(say("now", language), 12.0, Figures()),
        Column(say("one more is worth (points)", language), 14.0, Figures(0)),
        Column(say("objective at from (points)", language), 14.0, POINTS),
        Column(say("objective at to (points)", language), 14.0, POINTS),
        Column(say("enters", language), NAMES), Column(say("leaves", language), NAMES),
    ]  # fmt: skip
    supplies = {(row.measure, row.zone): row for row in plan.resources}
    rows: list[Row] = []
    for curve in allocation.answers.prices if allocation.answers is not None else ():
        row = supplies.get((curve.measure, curve.zone))
        if row is not None and curve.steps:
            rows += _curve(plan, curve, row, called, language)
    words = Message("Each range is the best plan at those supplies, everything else as it is.")
    name = say("{plan}: more or less of a resource", language, plan=clean(title(plan, language), 60))
    open_ = answers.still_open(allocation, "supply", language)
    _table(sheet, name, [say(words, language)], columns, rows, [open_])


def _curve(plan: Plan, curve: Curve, row: Resource, called: Mapping[str, str], language: Language) -> list[Row]:
    measure = next(m for m in plan.measures if m.name == curve.measure)
    zone = next((clean(title(z, language)) for z in plan.zones if z.name == curve.zone), None)
    how = amount_style(measure.unit, language, curve.steps[-1].to)
    shown, here = replace(figures(how), dash=False), answers.here(curve, row.supply)

    def cells(i: int, step: CurveStep) -> Row:
        return [
            clean(title(measure, language)), zone or say("whole region", language), how.unit,
            (_plain(step.from_), shown), (_plain(step.to), shown), (row.supply, shown) if i == here else "",
            _plain(answers.slope_of(step)), *map(_plain, step.objective),
            _names(step.enters, called, language), _names(step.leaves, called, language),
        ]  # fmt: skip

    return [cells(i, step) for i, step in enumerate(curve.steps)]


def costs(sheet: Sheet, allocation: Allocation) -> None:
    """What every rule costs: points, and each criterion in its own unit."""
    plan, language = allocation.plan, sheet.language
    columns = [
        Column(say("rule", language), 34.0), Column(say("what is asked", language), 24.0),
        Column(say("it costs (points)", language), 12.0, POINTS), Column(say("not proved", language), 14.0),
        *_criteria(plan, language, Message("{criterion} without it")), Column(say("to copy", language), COPY),
    ]  # fmt: skip
    rows: list[Row] = []
    for cost in allocation.answers.rules if allocation.answers is not None else ():
        asked = (
            Message("kept to the full, not only aimed at") if answers.enforced(cost) else Message("the plan without it")
        )
        gains = [_plain(cost.cost_in.get(c.name, 0.0)) for c in plan.criteria]
        copied = clean(" ".join(map(setting, cost.changes)), LONGEST)
        who = answers.rule_title(plan, cost, language), say(asked, language)
        rows.append([*who, *_interval(cost.cost, language), *gains, copied])
    name = say("{plan}: what rules cost", language, plan=clean(title(plan, language), 60))
    _table(sheet, name, [], columns, rows, [answers.still_open(allocation, "rules", language)])


def others(sheet: Sheet, allocation: Allocation) -> None:
    """Plans that are clearly different and nearly as good, and what each trades."""
    plan, language, called = allocation.plan, sheet.language, answers.titles(allocation)
    columns = [
        Column(say("points of the plan", language), 12.0, POINTS), Column(say("less by", language), 12.0, POINTS),
        Column(say("enters", language), NAMES), Column(say("leaves", language), NAMES),
        *_criteria(plan, language, Message("{criterion}, change")),
    ]  # fmt: skip
    rows: list[Row] = [
        [
            other.objective, _plain(max(0.0, plan.objective - other.objective)),
            _names(other.enters, called, language), _names(other.leaves, called, language),
            *(_plain(other.criteria[c.name] - c.total) if c.name in other.criteria else "" for c in plan.criteria),
        ]
        for other in (allocation.answers.alternatives if allocation.answers is not None else ())
    ]  # fmt: skip
    words = Message("Each differs from this plan, and from those before it, in at least two projects.")
    name = say("{plan}: other plans nearly as good", language, plan=clean(title(plan, language), 60))
    _table(sheet, name, [say(words, language)], columns, rows, [])


def _criteria(plan: Plan, language: Language, words: Message) -> list[Column]:
    """A column a criterion, in its unit."""
    found = []
    for c in plan.criteria:
        how = amount_style(c.unit, language, abs(c.total))
        found.append(
            Column(head(say(words, language, criterion=clean(title(c, language), 40)), how.unit), 14.0, figures(how))
        )
    return found  # fmt: skip


def _table(
    sheet: Sheet, name: str, notes: Sequence[str], columns: Sequence[Column], rows: Sequence[Row], after: Sequence[str]
) -> None:
    """A title, remarks, headings and rows, as on every other sheet; remarks below."""
    last = len(columns) - 1
    sheet.set_widths([column.width for column in columns])
    sheet.title(name)
    for note in filter(None, notes):
        sheet.note(note, min(last, 7))
    sheet.heads([column.head for column in columns])
    first = sheet.row
    for row in rows[:MOST_ROWS]:
        for col, (cell, column) in enumerate(zip(row, columns, strict=True)):
            content, shown = cell if isinstance(cell, tuple) else (cell, column.shown)
            sheet.put(sheet.row, col, None if content == "" else content, WORDS if shown is None else CELL, shown)
        texts = [(cell, column.width) for cell, column in zip(row, columns, strict=True) if isinstance(cell, str)]
        sheet.set_height(sheet.row, max((lines(text, width) for text, width in texts if text), default=1))
        sheet.row += 1
    if len(rows) > MOST_ROWS:
        sheet.note(say("… and {count} more", sheet.language, count=len(rows) - MOST_ROWS))
    if not rows:
        sheet.put(sheet.row, 0, say("nothing", sheet.language), look(WORDS))
        sheet.row += 1
    else:
        sheet.paper.autofilter(first - 1, 0, sheet.row - 1, last)
    sheet.paper.freeze_panes(first, min(2, last))
    for note in filter(None, after):
        sheet.note(note, min(last, 7))
    sheet.print_setup(len(columns), head=first - 1)
