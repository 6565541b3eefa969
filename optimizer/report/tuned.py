"""What is told about weights: how far they may move, many weightings, frontiers, and the weights of decisions."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from types import ModuleType

import pandas as pd
from markupsafe import Markup

from ...models.finding import Message
from ...models.scenario import Scenario
from ...models.tuning import Change, Frontier, FrontierPlan, Match, Range, Stability
from . import numbers
from .numbers import Language
from .sections import Document, Section, Table
from .words import clean, joined, say

CLASH = Message("cannot be kept together with the others marked so")
WANTED = {"in": Message("in"), "out": Message("out")}
MOST_NAMES = 8
KINDS = (
    Message("some weighting prefers it"),
    Message("no weighting prefers it"),
    Message("knee"),
    Message("the present plan"),
)
"""Kinds of points of a frontier."""
SPREAD = (Message("at the least"), Message("on average"), Message("at the most"))
WEIGHT = 4
"""Significant digits of a weight in a table."""
DIGITS = 8
"""Significant digits of a weight to copy."""
STAGES_HELD = Message(
    "Stages of the first call are held at the values that they have in the present plan; other weights would move them."
)
NOT_PROVED = Message("Some of this could not be proved within the time: allow more with --time-limit.")


class Names:
    """Titles and units of a scenario, as a reader reads them."""

    def __init__(self, scenario: Scenario, projects: Sequence[tuple[str, str]], language: Language) -> None:
        self.scenario, self.language = scenario, language
        self.projects = {key: clean(title, 60) for key, title in projects}

    @property
    def title(self) -> str:
        return clean(self.scenario.title or self.scenario.name, 80)

    def criterion(self, name: str) -> str:
        return clean(self.scenario.criteria[name].title or name, 60)

    def of(self, ids: Sequence[str]) -> str:
        """Some projects, and how many more."""
        told = [self.projects.get(i, clean(i, 40)) for i in ids[:MOST_NAMES]]
        more = len(ids) - len(told)
        return joined([*told, *([say("{number} more", self.language, number=more)] if more else [])], self.language)

    def unit(self, name: str) -> str:
        return self.scenario.measures[self.scenario.criteria[name].of].unit

    def column(self, name: str, values: Sequence[float]) -> tuple[str, list[str]]:
        """(unit, cells) of a criterion's totals in a table."""
        largest = max(map(abs, values), default=0.0)
        how = numbers.fitting(self.unit(name), self.language, largest)
        return how.unit, [numbers.figure(value, how, self.language) for value in values]

    def percent(self, part: float) -> str:
        return numbers.percent(part, self.language)

    def points(self, value: float) -> str:
        return numbers.about(value, numbers.POINTS, self.language)


def weight(value: float | None, rounding: str = ROUND_HALF_EVEN) -> str:
    """A weight as it is written beside the others, rounded as `decimal` says; ∞ where any is enough."""
    if value is None:
        return "∞"
    clear = Decimal(f"{value:.{DIGITS}g}")
    return f"{float(Context(WEIGHT, rounding).create_decimal(clear)):.{WEIGHT}g}"


def distinct(names: Sequence[str]) -> list[str]:
    """Names for a chart, which puts together what has the same: the second of a name has a number.

    >>> distinct(["yard", "quay", "yard"])
    ['yard', 'quay', 'yard (2)']
    """
    told: list[str] = []
    for name in names:
        known, number = name, 1
        while name in told:
            number += 1
            name = f"{known} ({number})"
        told.append(name)
    return told


def caveats(language: Language, *, held: bool, proved: bool) -> list[str]:
    """What limits all of a result."""
    return [say(m, language) for m, told in ((STAGES_HELD, held), (NOT_PROVED, not proved)) if told]


def changed(change: Change | None, names: Names) -> str:
    """What is different in another plan."""
    if change is None:
        return say("nothing, however far", names.language)
    told = []
    if change.more:
        told.append(say("more: {names}", names.language, names=names.of(change.more)))
    if change.less:
        told.append(say("less: {names}", names.language, names=names.of(change.less)))
    return ("；" if names.language == "zh" else "; ").join(told) or say("where projects sit", names.language)


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


def totals_table(
    heads: Sequence[str], first: Sequence[Sequence[str]], totals: Mapping[str, Sequence[float]], names: Names
) -> Table:
    """Rows of some first cells, then a column of totals a criterion, each with its unit in the heading."""
    columns = [names.column(name, values) for name, values in totals.items()]
    rows = [[*cells, *(column[i] for _, column in columns)] for i, cells in enumerate(first)]
    return Table(
        [*heads, *(names.criterion(name) for name in totals)],
        rows,
        units=[*("" for _ in heads), *(unit for unit, _ in columns)],
    )


def payoff(result: Stability, names: Names) -> Section:
    """What each criterion could reach alone."""
    language = names.language
    first = [[names.criterion(p.criterion)] for p in result.payoff]
    totals = {c.criterion: [p.totals[c.criterion] for p in result.payoff] for c in result.payoff}
    words = [say("A row is the plan in which one criterion alone counts, and what all of them reach in it.", language)]
    table = totals_table([say("all weight on", language)], first, totals, names)
    return Section(say("What each criterion could reach", language), words, table)


def sweep(
    table: pd.DataFrame, frequency: pd.DataFrame, names: Names, charts: ModuleType | None, moved: str | None
) -> Document:
    """Many weightings; `moved` is the criterion whose weight alone was moved."""
    language = names.language
    count = len(table)
    rates = frequency["frequency"]
    always, never = int((rates == 1).sum()), int((rates == 0).sum())
    answer = say(
        "Of {count} weightings: {always} projects are in with all of them, {never} with none, {some} with some.",
        language, count=count, always=always, never=never, some=len(rates) - always - never,
    )  # fmt: skip
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


def match(result: Match, names: Names, scenario: str) -> Document:
    """The weights of decisions."""
    language = names.language
    kept = sum(d.agrees for d in result.decisions)
    counts = {"kept": kept, "all": len(result.decisions)}
    if result.found:
        assert result.moved is not None
        moved = names.percent(result.moved)
        nearest = Message("These weights agree with every decision; {moved} of all weight changes hands.")
        if result.proved:
            nearest = Message(
                "The nearest weights that agree with every decision: {moved} of all weight changes hands."
            )
        if not result.changes:
            nearest = Message("The present weights already agree with every decision.")
        answer = say(nearest, language, moved=moved)
    elif result.loss is None:
        answer = say("No plan keeps all of these decisions under the hard rules, whatever the weights.", language)
    elif result.proved:
        answer = say("No weights lead to all of these decisions; {kept} of {all} can agree.", language, **counts)
    else:
        answer = say(
            "No weights were found that lead to all of these decisions; {kept} of {all} agree.", language, **counts
        )
    sections = [decided(result, names)]
    if result.weights is not None:
        sections.append(weights(result, names, scenario))
    return Document(say("Weights of decisions: {title}", language, title=names.title), answer, sections)


def decided(result: Match, names: Names) -> Section:
    language = names.language
    words = caveats(language, held=result.tiers_held, proved=result.proved or result.found)
    if result.loss is not None:
        words.append(
            say("At the present weights the decisions cost {points}.", language, points=names.points(result.loss))
        )
    told = {True: Message("yes"), False: Message("no weights lead to it"), None: Message("open")}
    rows = [
        [
            names.of([d.project]),
            say(WANTED[d.wanted], language),
            say(CLASH if d.clash else told[d.explained], language),
            say(Message("yes") if d.agrees else Message("no"), language),
        ]
        for d in result.decisions
    ]
    heads = [
        say(h, language)
        for h in (Message("project"), Message("decided"), Message("explained by some weights"), Message("agrees here"))
    ]
    return Section(say("The decisions", language), words, Table(heads, rows, words=(1, 2, 3)))


def weights(result: Match, names: Names, scenario: str) -> Section:
    language = names.language
    assert result.weights is not None
    now = {name: c.weight for name, c in names.scenario.criteria.items()}
    total = sum(now.values())
    rows = [[names.criterion(name), weight(now[name]), weight(total * part)] for name, part in result.weights.items()]
    heads = [say(h, language) for h in (Message("criterion"), Message("weight now"), Message("weight then"))]
    options = [f"--weight {shlex.quote(f'{n}={total * part:.{DIGITS}g}')}" for n, part in result.weights.items()]
    code = [f"landalloc solve {shlex.quote(scenario)} {' '.join(options)}"] if result.changes else []
    return Section(say("The weights", language), [], Table(heads, rows), code=code)
