"""Many scenarios solved in one run, a line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...models.finding import Message
from ...models.plan import Status
from . import numbers
from .layout import GAP, Column, laid_out
from .numbers import Language
from .words import clean, say

STATUSES = {
    Status.OPTIMAL: Message("optimal"),
    Status.WITHIN_GAP: Message("within the gap"),
    Status.LIMIT: Message("best so far"),
    Status.INFEASIBLE: Message("no plan"),
}
FAILED = Message("failed")
HEADS = (
    Message("scenario"), Message("case"), Message("result"), Message("score"), Message("admitted"), Message("folder")
)  # fmt: skip
LONGEST = 200
"""Cells of a folder's name, which is there to be copied."""


@dataclass(frozen=True)
class Line:
    """One scenario, or one of its cases, and what became of it."""

    scenario: str
    case: str | None
    status: Status | None
    """None: it could not be solved"""
    score: float | None = None
    admitted: int | None = None
    """projects with a share, committed ones among them"""
    folder: str | None = None


def lines(several: Sequence[Line], language: Language) -> Iterator[str]:
    """The table of all of them, in the order in which they were asked for."""
    rows = [
        (
            clean(one.scenario, 60),
            clean(one.case or numbers.NOTHING, 60),
            say(STATUSES[one.status] if one.status is not None else FAILED, language),
            numbers.score(one.score, language) if one.score is not None else numbers.NOTHING,
            str(one.admitted) if one.admitted is not None else numbers.NOTHING,
            f"{clean(one.folder, LONGEST)}/" if one.folder is not None else numbers.NOTHING,
        )
        for one in several
    ]
    columns = [
        Column(say(head, language), None, cells, i, right=i in (3, 4), most=LONGEST if i == 5 else 24)
        for i, (head, cells) in enumerate(zip(HEADS, zip(*rows, strict=True), strict=True))
    ]
    heads, body = laid_out(columns, sum(column.width() + GAP for column in columns))
    yield from (line.rstrip() for line in (*heads, *body))
