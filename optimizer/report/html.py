"""report.html: the whole plan on one page that needs nothing else, on a screen, a phone or paper.

Autoescaping and a policy that forbids every request keep it a page of text whatever a scenario calls its projects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from jinja2 import Environment
from markupsafe import Markup

from ...models.plan import Decision
from ..allocation import Allocation
from . import answers, page, page_answers, page_cards, page_chart, page_ranking, page_tables, sentences
from .numbers import Language
from .templating import digest, environment, source
from .words import clean, say, title

NAME = "report.html"
LARGEST = 1_000_000
"""Bytes of the page; rows and cards that do not fit are counted instead."""
MOST_ROWS = 2_000
"""Projects in the table."""
FIXED = 5
"""Columns of the table besides those of figures: rank, project, zone, decision and index."""
FEWER = (page.MOST_ROWS, 60, 15)
"""Rows of a table of answers; fewer where they would take half of the page."""
BLOCKS = ("committed", "ranked", "unranked")
"""Parts of the table."""
_ROOM = 5_000
"""Bytes left for what is written once the rows are counted."""


def files(allocation: Allocation, language: Language) -> dict[str, bytes]:
    """report.html: name -> content, below `LARGEST` bytes and the same for the same plan."""
    templates = environment(language)
    shown = min(len(allocation.projects), MOST_ROWS)
    for most in FEWER:
        whole = _page(templates, allocation, shown, most, language)
        if len(whole.encode()) <= LARGEST // 2:
            break
    rows = _rows(templates, allocation, LARGEST - _ROOM - len(whole.encode()), language)
    if rows.shown < shown:  # again, without links to the rows that found no room
        whole = _page(templates, allocation, rows.shown, most, language)
    more = templates.get_template("more.html").render(
        left=len(allocation.projects) - rows.shown, closed=rows.shown - rows.cards, cards=rows.cards
    )
    for block, text in {**rows.blocks, "more": more}.items():
        whole = whole.replace(_mark(block), text)
    return {NAME: whole.encode("utf-8")}


def _page(templates: Environment, allocation: Allocation, shown: int, most: int, language: Language) -> str:
    """The page with a mark where each block of rows belongs; `shown` rows can be linked to, `most` answers a table."""
    marks = {block: Markup(_mark(block)) for block in (*BLOCKS, "more")}
    sections = _sections(allocation, shown, most, language)
    return templates.get_template("report.html").render(**sections, blocks=marks)


def _mark(block: str) -> str:
    """Stands where a block belongs. The user's texts cannot hold it: `templating` takes out control characters."""
    return f"\x00{block}\x00"


def _sections(allocation: Allocation, shown: int, most: int, language: Language) -> dict[str, object]:
    """Everything of the page but the rows of its ranking."""
    plan, projects = allocation.plan, allocation.projects
    anchors = {id_: f"p{i}" for i, id_ in enumerate(projects["id"].head(shown), 1)}
    offered = page_ranking.filters(allocation, language)
    decisions = [code for code in Decision if (projects["decision"] == code).any()]
    style, script = source("style.css"), source("script.js")
    return {
        "plan": plan,
        "title": clean(title(plan, language), 120),
        "changes": [(name, str(value)) for name, value in plan.provenance.set.items()],
        "answer": sentences.tally(projects, language),
        "quality": sentences.quality(plan, language),
        "merit": sentences.merit(plan, language),
        "balances": page.balances(allocation, language),
        "outcomes": page.outcomes(allocation, language),
        "criteria": page.criteria(plan, language),
        "tiers": page_tables.tiers(plan, language),
        "kinds": page_tables.kinds(plan, language),
        "columns": page_ranking.columns(_top(allocation), language),
        "offered": offered,
        "group": page_ranking.label(offered.by, language) if offered.by else "",
        "decisions": [(code.value, say(sentences.DECISIONS[code], language)) for code in decisions],
        "subtotals": page_ranking.subtotals(allocation, offered.by, language) if offered.by else None,
        "chart": page_chart.chart(allocation, anchors, language),
        "supplies": page_tables.supplies(plan, language, lambda row: answers.one_more(allocation, row, language)),
        "divided": answers.divided(allocation, language),
        "said": page_answers.said(allocation, anchors, language, most),
        "asks": sentences.asks(projects),
        "left_out": page.items(allocation, Decision.REJECTED, language, anchors),
        "inadmissible": page.items(allocation, Decision.INADMISSIBLE, language, anchors),
        "targets": page_tables.targets(plan, language),
        "rules": page_tables.others(plan, language),
        "meeting": page.items(allocation, Decision.DISCUSS, language, anchors),
        "proof": page_tables.proof(plan, language),
        "differences": page.differences(allocation, anchors),
        "prices": page_tables.prices(plan, language),
        "assumptions": page_tables.assumptions(plan, language),
        "style": Markup(style),
        "script": Markup(script),
        "style_hash": digest(style),
        "script_hash": digest(script),
    }


def _top(allocation: Allocation) -> Allocation:
    """The projects that may stand in the table."""
    return replace(allocation, projects=allocation.projects.head(MOST_ROWS))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of the ranking as far as they fit."""

    blocks: Mapping[str, str]
    shown: int
    cards: int
    """so many of the first rows have a card"""


def _rows(templates: Environment, allocation: Allocation, room: int, language: Language) -> _Rows:
    """Rows in `room` bytes; with what is left of it, cards for the first of them."""
    row, card, cut = (templates.get_template(name) for name in ("row.html", "card.html", "cut.html"))
    plan, top = allocation.plan, _top(allocation)
    columns = page_ranking.columns(top, language)
    width = len(columns) + FIXED
    lines, written, cards = [], [], 0
    records = [{str(name): value for name, value in row.items()} for row in top.projects.to_dict("records")]
    for line in page_ranking.lines(plan, records, columns, page_ranking.filters(allocation, language), language):
        text = row.render(line=line, opens=False)
        room -= len(text.encode())
        if room < 0:
            break
        lines.append(line)
        written.append(text)
    asked = {one.id: one for one in allocation.answers.projects} if allocation.answers is not None else {}
    called = answers.titles(allocation) if asked else {}
    for i, line in enumerate(lines):
        held = page_cards.card(plan, records[i], language)
        if records[i]["id"] in asked:
            held = page_cards.answered(plan, held, asked[records[i]["id"]], called, language)
        text = row.render(line=line, opens=True) + card.render(line=line, card=held, width=width)
        room -= len(text.encode()) - len(written[i].encode())
        if room < 0:
            break
        written[i], cards = text, i + 1
    first = next((i for i, line in enumerate(lines) if line.code == Decision.REJECTED), 0)
    if first and _block(lines[first - 1]) == "ranked":
        written[first] = cut.render(width=width) + written[first]
    blocks = {b: "".join(text for line, text in zip(lines, written, strict=True) if _block(line) == b) for b in BLOCKS}
    return _Rows(blocks, len(lines), cards)


def _block(line: page_ranking.Line) -> str:
    """Which part of the table a project stands in."""
    if line.code == Decision.COMMITTED:
        return "committed"
    return "unranked" if line.code in (Decision.DISCUSS, Decision.INADMISSIBLE) else "ranked"
