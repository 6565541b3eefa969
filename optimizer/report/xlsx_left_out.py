"""Who is not in the plan, in report.xlsx: left out or not admissible, with the reasons, and the meeting's cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...models.plan import Decision
from . import page
from .words import clean, say, title
from .xlsx_book import CELL, WORDS, Sheet, lines
from .xlsx_columns import Column
from .xlsx_ranking import MOST_LISTED, Ranking

REASONS, CHOICES, OPINION = 56, 60, 24
"""Widths of the columns of sentences."""
LONGEST = 2000
"""Characters of the reasons of one project."""


def left_out(sheet: Sheet, found: Ranking) -> None:
    """Those in reserve in their order, then those that are not admissible."""
    language, plan = sheet.language, found.allocation.plan
    sheet.title(say("{plan}: projects left out", language, plan=clean(title(plan, language), 60)))
    rows = _rows(found, (Decision.REJECTED, Decision.INADMISSIBLE))
    if not rows:
        sheet.put(sheet.row, 0, say("Nobody is left out.", language))
        return
    parts = [*_who(found), *_asked(found), found.table[_index(found)]]
    _list(sheet, found, rows, parts, [(say("reasons", language), REASONS, {i: _reasons(found, i) for i in rows})])
    _rest(sheet, found, rows, (Decision.REJECTED, Decision.INADMISSIBLE))


def meeting(sheet: Sheet, found: Ranking) -> None:
    """What is decided case by case: what is wrong, what can be done, room for what the meeting says."""
    language, plan = sheet.language, found.allocation.plan
    sheet.title(say("{plan}: for the meeting, case by case", language, plan=clean(title(plan, language), 60)))
    rows = _rows(found, (Decision.DISCUSS,))
    if not rows:
        sheet.put(sheet.row, 0, say("Nothing is left to decide case by case.", language))
        return
    records = found.allocation.projects.iloc[found.rows[rows]].to_dict("records")
    choices = {
        i: "\n".join(f"{n}. {text}" for n, text in enumerate(page.choices(found.allocation, record, language), 1))
        for i, record in zip(rows, records, strict=True)
    }
    parts = [*_who(found), *(column for column in found.table if column.ratio)]
    _list(sheet, found, rows, parts, [
        (say("reasons", language), REASONS, {i: _reasons(found, i) for i in rows}),
        (say("what can be decided", language), CHOICES, choices),
        (say("what the meeting says", language), OPINION, dict.fromkeys(rows, "")),
    ])  # fmt: skip
    _rest(sheet, found, rows, (Decision.DISCUSS,))


def _rows(found: Ranking, decisions: Sequence[Decision]) -> list[int]:
    """Projects with one of these decisions, in the order of the plan, as many as a list shows."""
    return [i for i, decision in enumerate(found.flat["decision"]) if decision in decisions][:MOST_LISTED]


def _rest(sheet: Sheet, found: Ranking, rows: Sequence[int], decisions: Sequence[Decision]) -> None:
    left = int(found.allocation.projects["decision"].isin(decisions).sum()) - len(rows)
    if left:
        sheet.note(say("… and {count} more", sheet.language, count=left))


def _who(found: Ranking) -> Iterator[Column]:
    """The columns of the ranking that say who it is: rank, project, group and decision."""
    yield found.table[0]
    yield from (found.table[found.roles[role]] for role in ("name", "group", "decision") if role in found.roles)


def _asked(found: Ranking) -> Iterator[Column]:
    """What was asked for of each scarce measure."""
    scarce = {measure.name for measure in found.allocation.plan.measures if measure.scarce}
    for column in found.table[: found.printed]:
        if column.amount is not None and column.amount[0] == "asked" and column.amount[1] in scarce:
            yield column


def _index(found: Ranking) -> int:
    return found.printed - 1


def _reasons(found: Ranking, i: int) -> str:
    return clean(" ".join(dict.fromkeys(text for _, text in found.flat["reasons"][i])), LONGEST)


def _list(
    sheet: Sheet,
    found: Ranking,
    rows: Sequence[int],
    parts: Sequence[Column],
    sentences: Sequence[tuple[str, float, dict[int, str]]],
) -> None:
    """Columns of the ranking for some of its projects, and columns of sentences."""
    widths = [*(column.width for column in parts), *(width for _, width, _ in sentences)]
    sheet.set_widths(widths)
    sheet.note(say("* assumed", sheet.language))
    sheet.heads([*(column.head for column in parts), *(name for name, _, _ in sentences)])
    first = sheet.row
    for i in rows:
        for col, column in enumerate(parts):
            content = column.cells[i]
            by = column.ratio[1] if column.ratio else 1.0
            if isinstance(content, int | float):
                content = content * by
            star = bool(column.stars) and column.stars[i]
            sheet.put(sheet.row, col, content, WORDS if column.shown is None else CELL, column.shown, star=star)
        deep = 1
        for col, (_, width, texts) in enumerate(sentences, len(parts)):
            sheet.put(sheet.row, col, texts[i], WORDS)
            deep = max(deep, lines(texts[i], width))
        deep = max(deep, lines(found.table[found.roles["name"]].cells[i], found.table[found.roles["name"]].width))
        sheet.set_height(sheet.row, deep)
        sheet.row += 1
    sheet.paper.autofilter(first - 1, 0, sheet.row - 1, len(widths) - 1)
    sheet.paper.freeze_panes(first, 2)
    sheet.print_setup(len(widths), head=first - 1)
