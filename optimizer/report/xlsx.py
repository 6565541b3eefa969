"""report.xlsx: the plan as a workbook to go on working with."""

from __future__ import annotations

from ...models.finding import Message
from ..allocation import Allocation
from . import xlsx_annex, xlsx_answers, xlsx_left_out, xlsx_ranking, xlsx_rules, xlsx_summary, xlsx_supplies
from .numbers import Language
from .words import clean, say, title
from .xlsx_book import Book

NAME = "report.xlsx"
MOST_HELD = 10_000
"""Projects up to which the workbook is held in memory; more are streamed."""
SHEETS = (
    Message("Summary"), Message("Ranked list"), Message("Balance by zone"), Message("Targets and rules"),
    Message("Left out"), Message("For the meeting"), Message("Annex"),
)  # fmt: skip
"""Of every plan, in their order."""
ANSWERED = {
    "Balance by zone": [(Message("More or less of it"), xlsx_answers.steps)],
    "Targets and rules": [(Message("What rules cost"), xlsx_answers.costs)],
    "Left out": [
        (Message("What it would take"), xlsx_answers.takes), (Message("Reserve list"), xlsx_answers.reserve),
    ],
    "For the meeting": [(Message("Other plans"), xlsx_answers.others)],
}  # fmt: skip
"""Those that follow a sheet where a plan was asked about everything."""


def files(allocation: Allocation, language: Language) -> dict[str, bytes]:
    """report.xlsx: name -> content, the same for the same plan."""
    book = Book(clean(title(allocation.plan, language)), language, streamed=len(allocation.projects) > MOST_HELD)
    sheets = []
    for name in SHEETS:
        sheets.append(book.sheet(say(name, language)))
        for answered, write in ANSWERED.get(name.text, []) if allocation.answers is not None else []:
            write(book.sheet(say(answered, language)), allocation)
    summary, listed, supplies, rules, left_out, meeting, annex = sheets
    ranking = xlsx_ranking.ranking(listed, allocation)
    xlsx_ranking.write(ranking)
    balances = xlsx_supplies.write(supplies, ranking)
    penalty = xlsx_rules.write(rules, ranking)
    xlsx_left_out.left_out(left_out, ranking)
    xlsx_left_out.meeting(meeting, ranking)
    score = xlsx_annex.write(annex, ranking, penalty)
    xlsx_summary.write(summary, ranking, balances, score)
    return {NAME: book.content()}
