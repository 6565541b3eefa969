"""Many weightings, in words, charts and tables."""

from __future__ import annotations

from types import ModuleType

import pandas as pd

from ...models.finding import Message
from . import numbers
from .sections import Document, Section, Table
from .tuned import Names, distinct, totals_table
from .words import clean, say

SPREAD = (Message("at the least"), Message("on average"), Message("at the most"))


def sweep(
    table: pd.DataFrame, frequency: pd.DataFrame, names: Names, charts: ModuleType | None, moved: str | None, asked: int
) -> Document:
    """Many weightings, of so many that were asked for; `moved` is the criterion whose weight alone was moved."""
    language = names.language
    count = len(table)
    rates = frequency["frequency"]
    always, never = int((rates == 1).sum()), int((rates == 0).sum())
    answer = say(
        "Of {count} weightings: {always} projects are in with all of them, {never} with none, {some} with some.",
        language, count=count, always=always, never=never, some=len(rates) - always - never,
    )  # fmt: skip
    if count < asked:
        late = Message("Stopped at the time limit after {count} of {all} weightings: allow more with --time-limit.")
        answer = f"{say(late, language, count=count, all=asked)}{'' if language == 'zh' else ' '}{answer}"
    ordered = frequency.sort_values(["frequency", "mean", "id"], ascending=[False, False, True], kind="stable")
    open_ = ordered[(ordered["frequency"] > 0) & (ordered["frequency"] < 1)]
    rows = [
        [clean(str(title), 60), names.percent(present), names.percent(often), names.percent(mean)]
        for title, present, often, mean in zip(
            ordered["title"], ordered["present"], ordered["frequency"], ordered["mean"], strict=True
        )
    ]
    heads = [
        say(h, language)
        for h in (Message("project"), Message("share now"), Message("how often in"), Message("mean share"))
    ]
    chart = None
    if charts is not None and len(open_):
        title = say("part of the weightings in which it is in", language)
        called = distinct([clean(str(name), 60) for name in open_["title"]])
        chart = charts.bars(pd.DataFrame({"name": called, "part": open_["frequency"].to_numpy()}), title)
    often = Section(say("How often each project is in", language), [], Table(heads, rows), chart)
    return Document(
        say("Many weightings: {title}", language, title=names.title),
        answer,
        [reached(table, names, charts, moved), often],
    )


def reached(table: pd.DataFrame, names: Names, charts: ModuleType | None, moved: str | None) -> Section:
    """What the weightings reach."""
    language = names.language
    criteria = list(names.scenario.criteria)
    chart = None
    if charts is not None and moved is not None:
        x, y = say("weight of {criterion}", language, criterion=names.criterion(moved)), say("reached", language)
        best = {c: float(table[f"total.{c}"].abs().max()) or 1.0 for c in criteria}
        parts = [
            pd.DataFrame({"x": table[f"weight.{moved}"], "y": table[f"total.{c}"] / best[c], "kind": name})
            for c, name in zip(criteria, distinct([names.criterion(c) for c in criteria]), strict=True)
        ]
        present = names.scenario.criteria[moved].weight / sum(c.weight for c in names.scenario.criteria.values())
        chart = charts.lines(pd.concat(parts), x, y, present)
    totals = {c: table[f"total.{c}"] for c in criteria}
    if moved is not None:
        first = [
            [names.percent(part), numbers.score(worth, language)]
            for part, worth in zip(table[f"weight.{moved}"], table["objective"], strict=True)
        ]
        heads = [say("weight", language), say("objective (points)", language)]
        words = [say("In the chart: parts of the most that a criterion reaches in any of them.", language)]
        return Section(
            say("As the weight of {criterion} grows", language, criterion=names.criterion(moved)),
            words if chart is not None else [],
            totals_table(heads, first, {c: t.tolist() for c, t in totals.items()}, names),
            chart,
        )
    first = [[say(h, language)] for h in SPREAD]
    found = {c: [float(t.min()), float(t.mean()), float(t.max())] for c, t in totals.items()}
    return Section(say("What they reach", language), [], totals_table([""], first, found, names))
