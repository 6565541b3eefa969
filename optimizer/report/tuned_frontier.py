"""An efficient frontier, in words, a chart and a table."""

from __future__ import annotations

from types import ModuleType

import pandas as pd
from markupsafe import Markup

from ...models.finding import Message
from ...models.tuning import Change, Frontier, FrontierPlan
from . import numbers
from .numbers import Language
from .sections import Document, Section, Table
from .tuned import Names, caveats, changed, totals_table
from .words import joined, say

KINDS = (
    Message("some weighting prefers it"),
    Message("no weighting prefers it"),
    Message("knee"),
    Message("the present plan"),
)
"""Kinds of points of a frontier."""


def pareto(result: Frontier, names: Names, charts: ModuleType | None) -> Document:
    """The efficient frontier."""
    language = names.language
    criteria = result.criteria
    title = joined([names.criterion(c) for c in criteria], language)
    answer = say(
        "{count} plans: more of one of {criteria} is less of another.",
        language,
        count=len(result.plans),
        criteria=title,
    )
    if len(result.plans) == 1:
        answer = say("One plan serves all of these: {criteria}.", language, criteria=title)
    words = caveats(language, held=result.tiers_held, proved=result.proved)
    if result.eps:
        words.append(
            say(
                "Some plan here is within {points} of the best for every weighting of these.",
                language,
                points=names.points(result.eps),
            )
        )
    if any(plan.goes_on for plan in result.plans):
        words.append(say("Between plans marked → all in between is reached too, by sharing.", language))
    plans = [result.present, *result.plans]
    first = [
        [
            f"{mark(plan, language)}{i}{' →' if plan.goes_on else ''}" if i else say("present plan", language),
            numbers.score(plan.objective, language),
        ]
        for i, plan in enumerate(plans)
    ]
    heads = [say(Message("plan"), language), say(Message("objective (points)"), language)]
    table = totals_table(heads, first, {c: [plan.criteria[c] for plan in plans] for c in criteria}, names)
    against = [
        changed(Change(more=plan.more, less=plan.less, totals={}), names) if plan.more or plan.less else "="
        for plan in plans
    ]
    table = Table(
        [*table.heads, say(Message("against the present plan"), language)],
        [[*row, told] for row, told in zip(table.rows, against, strict=True)],
        units=[*table.units, ""],
        words=(len(table.heads),),
        marked=(0,),
    )
    chart = drawn(result, names, charts) if charts is not None and len(criteria) == 2 else None
    return Document(
        say("What can be had together: {title}", language, title=names.title),
        answer,
        [Section(title, words, table, chart)],
    )


def mark(plan: FrontierPlan, language: Language) -> str:
    return f"{say('knee', language)} " if plan.knee else ""


def drawn(result: Frontier, names: Names, charts: ModuleType) -> Markup:
    """The frontier's chart."""
    language = names.language
    kinds = [say(k, language) for k in KINDS]
    axes = []
    for c in result.criteria:
        largest = max(abs(plan.criteria[c]) for plan in result.plans)
        how = numbers.fitting(names.unit(c), language, largest)
        axes.append((f"{names.criterion(c)} ({how.unit})" if how.unit else names.criterion(c), how.factor))
    line, rows = 0, []
    for i, plan in enumerate(result.plans):
        joins = plan.goes_on or (i > 0 and result.plans[i - 1].goes_on)
        rows.append((plan, kinds[2] if plan.knee else kinds[0] if plan.supported else kinds[1], line if joins else -1))
        line += not plan.goes_on
    rows.append((result.present, kinds[3], -1))
    table = pd.DataFrame(
        {
            **{
                f"v{n}": [plan.criteria[c] * factor for plan, _, _ in rows]
                for n, (c, (_, factor)) in enumerate(zip(result.criteria, axes, strict=True))
            },
            "kind": [kind for _, kind, _ in rows],
            "line": [joined_by for _, _, joined_by in rows],
        }
    )
    found: Markup = charts.frontier(table, axes[0][0], axes[1][0], kinds, "\N{THIN SPACE}" if language == "en" else "")
    return found
