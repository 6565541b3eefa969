"""report.html: the whole plan on one page that needs nothing else, on a screen, a phone or paper.

Autoescaping and a policy that forbids every request keep it a page of text whatever a scenario calls its projects.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files as resource_files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from ...models.plan import Decision
from ..allocation import Allocation
from . import page, page_ranking, page_tables, sentences
from .numbers import Language
from .words import clean, say, title, visible

NAME = "report.html"
LARGEST = 1_000_000
"""Bytes of the page; rows and cards that do not fit are counted instead."""
MOST_ROWS = 2_000
"""Projects in the table."""
_TEMPLATES = "templates"
_ROOM = 20_000
"""Bytes left for what is written once the rows are counted."""
FIXED = 5
"""Columns of the table besides those of figures: rank, project, zone, decision and index."""


def files(allocation: Allocation, language: Language) -> dict[str, bytes]:
    """report.html: name -> content, below `LARGEST` bytes and the same for the same plan."""
    environment = _environment(language)
    top = Allocation(allocation.plan, allocation.projects.head(MOST_ROWS))
    columns = page_ranking.columns(top, language)
    marks = {name: f"\x00{name}\x00" for name in ("committed", "ranked", "unranked", "more")}
    # The user's texts hold no control character by then: `_shown` takes them out.
    text = environment.get_template("report.html").render(
        **_sections(allocation, language), columns=columns, blocks={n: Markup(mark) for n, mark in marks.items()}
    )
    rows = _rows(environment, top, columns, LARGEST - _ROOM - len(text.encode()), language)
    more = environment.get_template("more.html").render(
        left=len(allocation.projects) - rows.shown, closed=rows.shown - rows.cards, cards=rows.cards
    )
    for name, mark in marks.items():
        text = text.replace(mark, (rows.blocks | {"more": more})[name])
    return {NAME: text.encode("utf-8")}


def _environment(language: Language) -> Environment:
    """Templates that escape everything, fail on unknown names and speak one language."""
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["_"] = lambda template, **args: say(template, language, **args)
    environment.globals["language"] = language
    return environment


def _template(name: str) -> str:
    return (resource_files(__package__) / _TEMPLATES / name).read_text(encoding="utf-8")


def _shown(value: object) -> object:
    """Whatever a template writes: without characters that hide, steer or turn the direction of writing."""
    return value if isinstance(value, Markup) else visible(str(value))


def _sections(allocation: Allocation, language: Language) -> dict[str, object]:
    """Everything of the page but the rows of its ranking."""
    plan, projects = allocation.plan, allocation.projects
    anchors = dict(list(page_ranking.anchors(projects).items())[:MOST_ROWS])
    by = page_ranking.grouped_by(plan, projects)
    style, script = _template("style.css"), _template("script.js")
    return {
        "plan": plan,
        "title": clean(title(plan, language), 120),
        "answer": sentences.tally(projects, language),
        "merit": page.sentence([sentences.quality(plan, language), sentences.merit(plan, language)], language),
        "compared": sentences.merit(plan, language),
        "proof": page_tables.proof(plan, language),
        "balances": page.balances(allocation, language),
        "outcomes": page.outcomes(allocation, language),
        "criteria": page.criteria(plan, language),
        "kinds": page_tables.kinds(plan, language),
        "changes": [(name, str(value)) for name, value in plan.provenance.set.items()],
        "decisions": [(code.value, say(sentences.DECISIONS[code], language)) for code in Decision if (projects["decision"] == code).any()],
        "groups": page_ranking.group_values(projects, by) if by else [],
        "group_label": page_ranking.label(by, language) if by else "",
        "zones": [clean(title(zone, language), page.SHORT) for zone in plan.zones],
        "subtotals": page_ranking.subtotals(allocation, by, language) if by else None,
        "chart": page_ranking.chart(allocation, language),
        "supplies": page_tables.supplies(plan, language),
        "left_out": page.items(allocation, Decision.REJECTED, language, anchors),
        "inadmissible": page.items(allocation, Decision.INADMISSIBLE, language, anchors),
        "meeting": page.items(allocation, Decision.DISCUSS, language, anchors),
        "targets": page_tables.targets(plan, language),
        "rules": page_tables.others(plan, language),
        "assumptions": page_tables.assumptions(plan, language),
        "prices": page_tables.prices(plan, language),
        "differences": page.differences(allocation, anchors),
        "assumed": plan.provenance.assumed,
        "tiers": page_tables.tiers(plan, language),
        "style": Markup(style),
        "script": Markup(script),
        "style_hash": _hash(style),
        "script_hash": _hash(script),
    }  # fmt: skip


def _hash(text: str) -> str:
    """How a Content-Security-Policy names the one inline text that it allows."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of the ranking as far as they fit."""

    blocks: Mapping[str, str]
    """committed, ranked, unranked"""
    shown: int
    cards: int
    """the first so many have a card"""


def _rows(
    environment: Environment, top: Allocation, columns: Sequence[page_ranking.Column], room: int, language: Language
) -> _Rows:
    """Rows first, then cards for the first of them with the room that is left."""
    row, card, cut = (environment.get_template(name) for name in ("row.html", "card.html", "cut.html"))
    width = len(columns) + FIXED
    lines, written = [], []
    for line in page_ranking.lines(top, columns, language):
        written.append(row.render(line=line, opens=False))
        room -= len(written[-1].encode())
        if room < 0:
            written.pop()
            break
        lines.append(line)
    cards = 0
    for i, line in enumerate(lines):
        opened = row.render(line=line, opens=True) + card.render(
            line=line, card=page_ranking.card(top, i, language), width=width
        )
        room -= len(opened.encode()) - len(written[i].encode())
        if room < 0:
            break
        written[i], cards = opened, i + 1
    first = next((i for i, line in enumerate(lines) if line.code == Decision.REJECTED), 0)
    if first and _block(lines[first - 1]) == "ranked":
        written[first] = cut.render(width=width) + written[first]
    blocks = {"committed": "", "ranked": "", "unranked": ""}
    for line, text in zip(lines, written, strict=True):
        blocks[_block(line)] += text
    return _Rows(blocks, len(lines), cards)


def _block(line: page_ranking.Line) -> str:
    """Which part of the table a project stands in."""
    if line.code == Decision.COMMITTED:
        return "committed"
    return "unranked" if line.code in (Decision.DISCUSS, Decision.INADMISSIBLE) else "ranked"
