"""How far the weights may move before the plan changes, in words, a chart and tables."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR
from types import ModuleType

import pandas as pd

from ...models.finding import Message
from ...models.tuning import Range, Stability
from . import numbers
from .sections import Document, Section, Table
from .tuned import Names, caveats, changed, distinct, totals_table, weight
from .words import say


def stability(result: Stability, names: Names, charts: ModuleType | None) -> Document:
    """How far each weight may move."""
    language = names.language
    known = [(r, r.low, r.high) for r in result.ranges if r.low is not None and r.high is not None]
    answer = say("No interval was found in the time: allow more with --time-limit.", language)
    if known:
        narrow, low, high = min(known, key=lambda found: min(found[0].share - found[1], found[2] - found[0].share))
        answer = say(
            "The weight that decides soonest is {criterion}, now {share} of all: the plan stays the same from {low} to "
            "{high}.",
            language, criterion=names.criterion(narrow.criterion), share=names.percent(narrow.share),
            low=names.percent(low), high=names.percent(high),
        )  # fmt: skip
    return Document(
        say("How far the weights may move: {title}", language, title=names.title),
        answer,
        [
            ranges(result, names, charts),
            *([first_changes(result.ranges, names)] if any(r.below or r.above for r in result.ranges) else []),
            places(result, names),
            payoff(result, names),
        ],
    )


def ranges(result: Stability, names: Names, charts: ModuleType | None) -> Section:
    language = names.language
    heads = (
        Message("criterion"),
        Message("weight now"),
        Message("no less than"),
        Message("no more than"),
        Message("part now"),
        Message("no less than"),
        Message("no more than"),
        Message("plans"),
    )
    rows = [
        [
            names.criterion(r.criterion),
            weight(r.weight),
            numbers.NOTHING if r.low is None else weight(r.weights[0], ROUND_CEILING),
            numbers.NOTHING if r.high is None else weight(r.weights[1], ROUND_FLOOR),
            names.percent(r.share),
            *(numbers.NOTHING if part is None else names.percent(part) for part in (r.low, r.high)),
            str(r.plans),
        ]
        for r in result.ranges
    ]
    chart = None
    if charts is not None:
        table = pd.DataFrame(
            {
                "name": distinct([names.criterion(r.criterion) for r in result.ranges]),
                "low": [r.share if r.low is None else r.low for r in result.ranges],
                "high": [r.share if r.high is None else r.high for r in result.ranges],
                "now": [r.share for r in result.ranges],
            }
        )
        chart = charts.spans(table, say("part of all weights", language))
    words = [
        say(
            "Each weight alone, the others in proportion: as a number beside the others, and as a part of all.",
            language,
        ),
        *caveats(language, held=result.tiers_held, proved=result.proved),
    ]
    return Section(
        say("Within these the plan stays as it is", language),
        words,
        Table([say(h, language) for h in heads], rows),
        chart,
    )


def first_changes(found: Sequence[Range], names: Names) -> Section:
    """What changes first on either side of every interval."""
    language = names.language
    rows = [
        [names.criterion(r.criterion), say(side, language), changed(change, names)]
        for r in found
        for side, change in ((Message("less weight"), r.below), (Message("more weight"), r.above))
        if change is not None
    ]
    heads = (Message("criterion"), Message("with"), Message("what changes first"))
    return Section(
        say("What changes first", language),
        [],
        Table([say(h, language) for h in heads], rows, words=(1, 2)),
    )


def places(result: Stability, names: Names) -> Section:
    """Whose place depends on weights."""
    language = names.language
    counts = {"depends": len(result.depends), "always": len(result.always), "never": len(result.never)}
    tally = Message("Wherever one weight is moved: {always} always in, {never} never, {depends} depend on it.")
    if not result.proved:
        tally = Message("As far as this was followed: {always} always in, {never} never, {depends} depend on weights.")
    words = [say(tally, language, **counts)]
    for message, ids in (
        (Message("Depend on weights: {names}"), result.depends),
        (Message("Always in, to the same share: {names}"), result.always),
        (Message("Never in: {names}"), result.never),
    ):
        if ids:
            words.append(say(message, language, names=names.of(ids)))
    return Section(say("Whose place depends on weights", language), words)


def payoff(result: Stability, names: Names) -> Section:
    """What each criterion could reach alone."""
    language = names.language
    first = [[names.criterion(p.criterion)] for p in result.payoff]
    totals = {c.criterion: [p.totals[c.criterion] for p in result.payoff] for c in result.payoff}
    words = [say("A row is the plan in which one criterion alone counts, and what all of them reach in it.", language)]
    table = totals_table([say("all weight on", language)], first, totals, names)
    return Section(say("What each criterion could reach", language), words, table)
