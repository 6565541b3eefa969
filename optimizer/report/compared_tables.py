"""A comparison as tables of figures, the same in every format: one line a figure, one column a plan."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...models.comparison import Change, ComparedResource, ComparedRule, Comparison, Figures
from ...models.finding import Message
from ...models.plan import Decision
from . import numbers, sentences
from .numbers import POINTS, Language, Style
from .words import clean, joined, say, title

CHANGES = {
    Change.NEW: Message("new"),
    Change.RAISED: Message("raised"),
    Change.CHANGED: Message("more and less"),
    Change.TRIMMED: Message("trimmed"),
    Change.KEPT: Message("stays"),
    Change.OUT: Message("moved out"),
    Change.NEITHER: Message("in neither"),
}
COUNTED = {
    Change.NEW: Message("{count} new"),
    Change.OUT: Message("{count} moved out"),
    Change.RAISED: Message("{count} raised"),
    Change.TRIMMED: Message("{count} trimmed"),
    Change.CHANGED: Message("{count} with more of one and less of another"),
    Change.KEPT: Message("{count} stay"),
}
MOVED = Message("in another zone")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What the plans are called in narrow places."""
PERCENT, COUNT = Style(100.0, 1, "%"), Style(1.0, 0, "")
SAME = 1e-6
"""Relative difference below which two figures are the same."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of every plan. `words` stand for what is no figure: kept or not."""

    name: str
    how: Style
    values: Figures
    words: Sequence[str] = ()

    def text(self, i: int, language: Language) -> str:
        """The figure of a plan as it is written, without its unit."""
        if self.words:
            return self.words[i]
        value = self.values[i]
        return "0" if value == 0 and self.how.decimals > 2 else numbers.figure(value, self.how, language)

    def difference(self, i: int) -> float | None:
        """Against the first plan; None where there is nothing to compare, or no figure."""
        one, other = self.values[0], self.values[i]
        return None if self.words or one is None or other is None else other - one

    def changed(self, i: int) -> bool:
        """Whether there is a difference to speak of."""
        found = self.difference(i)
        return found is not None and abs(found) > SAME * largest_of((self.values[0], self.values[i]))

    def difference_text(self, i: int, language: Language) -> str:
        """The difference with its sign, = where there is none to speak of."""
        found = self.difference(i)
        if found is None:
            return ""
        if not self.changed(i):
            return "="
        shown = numbers.figure(found, self.how, language)
        return shown if found < 0 else f"+{shown}"


@dataclass(frozen=True, slots=True)
class Group:
    """Lines about one thing: a supply, a criterion; without a name where each line is a thing of its own."""

    name: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Table:
    """One section of the comparison. `code` is its name for machines, in a csv and as an anchor."""

    code: str
    title: str
    groups: Sequence[Group]
    note: str = ""
    """what to know about its figures"""

    @property
    def lines(self) -> Iterator[tuple[str, Line]]:
        """(name of the group, line), one after another."""
        return ((group.name, line) for group in self.groups for line in group.lines)


def tables(comparison: Comparison, language: Language) -> list[Table]:
    """Every section that has something in it."""
    supplies = [_supply(comparison, row, language) for row in _scarce(comparison)]
    exact = all(plan.linear for plan in comparison.plans) or not any(any(row.price) for row in comparison.resources)
    note = "" if exact else say("What one more brings is worked out as if every project could be divided.", language)
    found = [
        Table("plans", say("Score and decisions", language), [Group("", list(_plans(comparison, language)))]),
        Table("criteria", say("By criterion", language), list(_criteria(comparison, language))),
        Table("measures", say("By measure, granted", language), list(_measures(comparison, language))),
        Table("resources", say("Scarce resources", language), supplies, note),
        Table("rules", say("Targets and rules", language), [_rule(r, language) for r in comparison.rules]),
    ]
    return [table for table in found if any(group.lines for group in table.groups)]


def _plans(comparison: Comparison, language: Language) -> Iterator[Line]:
    """Scores, penalties and how many projects there are of each decision."""
    plans = comparison.plans
    yield Line(say("score", language), score_style(language), tuple(plan.score for plan in plans))
    if any(plan.score is None or abs(plan.score - plan.own_score) > 1e-6 for plan in plans):
        yield Line(
            say("score at its own weights", language), score_style(language), tuple(plan.own_score for plan in plans)
        )
    if any(plan.penalty for plan in plans):
        yield Line(say("penalty", language), score_style(language), tuple(plan.penalty for plan in plans))
    for code in Decision:
        counts = tuple(float(plan.decisions.get(code, 0)) for plan in plans)
        if any(counts):
            yield Line(say(sentences.DECISIONS[code], language), COUNT, counts)


def _criteria(comparison: Comparison, language: Language) -> Iterator[Group]:
    """Weight, what is achieved of everything that was applied for, and points of each criterion."""
    for c in comparison.criteria:
        lines = [
            Line(say("achieved", language), PERCENT, c.achieved),
            Line(say("points", language), Style(1.0, 2, ""), c.points),
        ]
        if len({None if w is None else round(w, 9) for w in c.weights}) > 1:
            lines.insert(0, Line(say("weight", language), PERCENT, c.weights))
        yield Group(clean(title(c, language), 60), lines)


def _measures(comparison: Comparison, language: Language) -> Iterator[Group]:
    for measure in comparison.measures:
        line = Line(
            clean(title(measure, language), 60), fitting(measure.unit, measure.granted, language), measure.granted
        )
        yield Group("", [line])


def _scarce(comparison: Comparison) -> list[ComparedResource]:
    """The supplies that somebody asks for."""
    return [row for row in comparison.resources if any(row.requested) or any(row.used)]


def _supply(comparison: Comparison, row: ComparedResource, language: Language) -> Group:
    """Asked, available, granted and left of one supply, and its price; what is the same everywhere only once."""
    available = together(row.supply, row.made, lambda one, other: one + other)
    how = fitting(row.unit, (*row.requested, *available, *row.used), language)
    lines = [
        Line(say("asked", language), how, row.requested),
        Line(say("available", language), how, available),
        Line(say("granted", language), how, row.used),
        Line(say("left", language), how, row.slack),
    ]
    if any(price is not None and abs(price) > sentences.NEGLIGIBLE for price in row.price):
        unit = say("points/{unit}", language, unit=numbers.unit_name(row.unit, language))
        prices = tuple(p if p is None or abs(p) > sentences.NEGLIGIBLE else 0.0 for p in row.price)
        lines.append(Line(say("one more is worth", language), price_style(prices, unit), prices))
    return Group(place(comparison, row, language), lines)


def place(comparison: Comparison, row: ComparedResource, language: Language) -> str:
    """A measure, and the zone if it is of one."""
    measure = next(m for m in comparison.measures if m.name == row.measure)
    what = clean(title(measure, language), 60)
    if row.zone is None:
        return what
    zone = next((zone for zone in comparison.zones if zone.name == row.zone), None)
    where = clean(title(zone, language), 60) if zone else clean(row.zone, 60)
    return say("{measure}, {zone}", language, measure=what, zone=where)


def _rule(row: ComparedRule, language: Language) -> Group:
    """What a rule asks and reaches, kept or not, and its penalty."""
    name = clean(title(row, language), 60)
    if row.each:
        name = say("{rule} ({value})", language, rule=name, value=clean(row.each, 40))
    how = rule_style(row, language)
    bounds = {"at_least": Message("at least"), "at_most": Message("at most"), "exactly": Message("exactly")}
    lines = []
    if row.bound is not None and any(limit is not None for limit in row.limit):
        lines.append(Line(say(bounds[row.bound], language), how, row.limit))
    if any(value is not None for value in row.value):
        lines.append(Line(say("reached", language), how, row.value))
    if any(row.penalty):
        lines.append(Line(say("penalty", language), score_style(language), row.penalty))
    words = {True: say("kept", language), False: say("not kept", language), None: numbers.NOTHING}
    lines.append(Line(say("kept or not", language), COUNT, (None,) * len(row.kept), [words[kept] for kept in row.kept]))
    return Group(name, lines)


def rule_style(row: ComparedRule, language: Language) -> Style:
    """How the figures of a rule are written; shares as percentages."""
    if row.unit not in (None, "1"):
        return fitting(str(row.unit), (*row.limit, *row.value), language)
    if row.kind in ("ratio", "even_use"):
        return PERCENT
    largest = largest_of((*row.limit, *row.value))
    return Style(1.0, 0 if largest == round(largest) else numbers.decimals(largest), "")


def fitting(unit: str, values: Iterable[float | None], language: Language) -> Style:
    """How the figures of one line are written, its unit in words."""
    largest = largest_of(values)
    return (
        numbers.fitting(unit, language, largest) if language == "zh" else numbers.style(unit, language, largest=largest)
    )


def score_style(language: Language) -> Style:
    """Points of the score, to two decimals: plans that are compared are often near to each other."""
    return Style(1.0, 2, numbers.unit_name(POINTS, language))


def price_style(prices: Sequence[float | None], unit: str) -> Style:
    """Three significant digits of the largest price."""
    largest = largest_of(prices)
    return Style(1.0, min(12, max(0, 2 - math.floor(math.log10(largest)))) if largest else 0, unit)


def largest_of(values: Iterable[float | None]) -> float:
    """The largest size among the figures that there are."""
    return max((abs(value) for value in values if value is not None and math.isfinite(value)), default=0.0)


def together(one: Figures, other: Figures, how: Callable[[float, float], float]) -> Figures:
    """Two figures of every plan as one, where both are there."""
    return tuple(None if a is None or b is None else how(a, b) for a, b in zip(one, other, strict=True))


def letter(comparison: Comparison, i: int, longest: int = 40) -> str:
    """What a plan is called: A harbour."""
    return f"{LETTERS[i]} {clean(comparison.plans[i].label, longest)}"


def verdict(comparison: Comparison, i: int, language: Language) -> str:
    """A plan against the first in a sentence: who comes and goes, and the score."""
    plan, first = comparison.plans[i], comparison.plans[0]
    told = [say(COUNTED[kind], language, count=plan.changes[kind]) for kind in COUNTED if kind in plan.changes]
    if plan.moved:
        told.append(say("{count} in another zone", language, count=plan.moved))
    names = {"one": letter(comparison, i), "other": letter(comparison, 0)}
    comma = "，" if language == "zh" else ", "
    said = say(
        "{one} against {other}: {what}.", language, **names, what=comma.join(told) or say("nobody is in", language)
    )
    if plan.score is None or first.score is None:
        return said
    score = {"score": numbers.score(plan.score, language), "first": numbers.score(first.score, language)}
    same = Message("Score {score}, the same.")
    other = Message("Score {score} instead of {first}.")
    told = [said, say(same if len(set(score.values())) == 1 else other, language, **score)]
    fines = {"penalty": numbers.score(plan.penalty, language), "first": numbers.score(first.penalty, language)}
    if len(set(fines.values())) > 1:
        told.append(say("Penalty {penalty} instead of {first}.", language, **fines))
    return ("" if language == "zh" else " ").join(told)


def headline(comparison: Comparison, language: Language) -> str:
    """The title that all plans have, or the names of those that are compared."""
    titles = {clean(title(plan, language), 120) for plan in comparison.plans}
    if len(titles) == 1:
        return titles.pop()
    return " / ".join(dict.fromkeys(clean(title(plan, language), 60) for plan in comparison.plans))


def origin(comparison: Comparison, i: int, language: Language) -> str:
    """Where a plan comes from, as the command names it; of one solved before also its case and changes."""
    plan = comparison.plans[i]
    if plan.kind == "scenario":
        return clean(plan.source)
    case = say(" · case {case}", language, case=clean(plan.case, 40)) if plan.case else ""
    changes = joined((f"{clean(path, 60)}={clean(value, 40)}" for path, value in plan.set.items()), language)
    return f"{clean(plan.source)}{case}{'  ' if changes else ''}{changes}"
