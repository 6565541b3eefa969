"""Why a project is in or out, as codes with sentences that any language can be put to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..models.finding import Message, Quantity
from ..models.plan import Decision
from ..models.rule import StandardRule
from ..models.scenario import Scenario
from .admit import Admission, Failure
from .candidates import Bools, Floats, Ints
from .rank import ChargesBy, Ranking, significant
from .report.alike import classes
from .report.numbers import POINTS
from .told import Column, Told, points_alike

DECISIONS = tuple(Decision)
"""A decision in a column is its place here."""


def measure_title(scenario: Scenario, measure: str) -> str:
    return scenario.measures[measure].title or measure


def zone_title(scenario: Scenario, zone: str) -> str:
    return scenario.zones[zone].title or zone


def row_label(scenario: Scenario, name: str) -> Message:
    """What a row is called in a sentence."""
    kind, what, where, *_ = (*name.split("|"), "", "")
    if kind == "supply" or kind == "must_use":
        title = measure_title(scenario, what)
        if where:
            return Message("{measure} in {zone}", {"measure": title, "zone": zone_title(scenario, where)})
        return Message("{measure}", {"measure": title})
    if kind == "tier":
        return Message("first call, class {class_}", {"class_": what})
    titles = {rule.name: rule.label for rule in scenario.rules}
    if where:
        value = zone_title(scenario, where) if where in scenario.zones else where
        return Message("the rule {rule} ({value})", {"rule": titles.get(what, what), "value": value})
    return Message("the rule {rule}", {"rule": titles.get(what, what)})


def failure_message(scenario: Scenario, failure: Failure, i: int) -> Message:
    """A standard that is not met, with figure, limit, difference and source."""
    rule = next(r for r in scenario.rules if r.name == failure.rule)
    if not isinstance(rule, StandardRule):
        return Message("{rule} excludes it{source}", {"rule": rule.label, "source": source_of(rule.source)})
    standard = rule.standard
    unit = scenario.measures[standard.of].unit
    if standard.per:
        unit = f"{unit}/{scenario.measures[standard.per].unit}"
    figure, limit = float(failure.figure[i]), float(failure.limit[i])
    args: dict[str, object] = {
        "rule": rule.label,
        "figure": Quantity(figure, unit),
        "limit": Quantity(limit, unit),
        "gap": Quantity(abs(limit - figure), unit),
        "source": source_of(rule.source),
    }
    if not np.isfinite(figure):
        return Message("{rule}: no denominator, {limit} allowed at most{source}", args)
    if failure.bound == "at_least":
        return Message("{rule}: {figure}, at least {limit} required, {gap} short{source}", args)
    return Message("{rule}: {figure}, at most {limit} allowed, {gap} too much{source}", args)


def source_of(source: str | None) -> Message:
    return Message(" ({source})", {"source": source}) if source else Message("", {})


@dataclass(frozen=True, eq=False)
class Explainer:
    """What is known of the projects of a plan when their reasons are written; figures in points per whole project."""

    scenario: Scenario
    admission: Admission
    linear: bool
    decided: Ints
    """(n,) place in `DECISIONS`"""
    ranking: Ranking
    charged: ChargesBy
    row_names: Sequence[str]

    def reasons(self) -> Iterator[Told]:
        """The sentences about all projects, of each project the decisive one first."""
        are = {decision: self.decided == i for i, decision in enumerate(DECISIONS)}
        out = are[Decision.INADMISSIBLE] | are[Decision.DISCUSS]
        failed = [(failure, *first_options(self.admission, failure)) for failure in self.admission.failures]
        refused = [(f, p, i) for f, p, i in failed if f.otherwise != "trim"]
        named = np.zeros(len(self.decided), dtype=bool)
        for _, projects, _ in refused:
            named[projects] = True
        yield self.said(are[Decision.COMMITTED], "committed", Message("Committed: carried out whatever it takes."))
        yield self.said(are[Decision.INADMISSIBLE] & ~named, "no-zone", Message("No zone accepts it."))
        for decision, code, words in (
            (Decision.INADMISSIBLE, "inadmissible", Message("Not admissible: {why}.")),
            (Decision.DISCUSS, "discuss", Message("For the meeting, case by case: {why}.")),
        ):
            for failure, projects, first in refused:
                hit = are[decision][projects]
                why = failures_of(self.scenario, failure, first[hit])
                yield Told(projects[hit], code, words, {"why": why})
        yield from self.partial(are[Decision.PARTIAL])
        yield from self.admitted(are[Decision.ADMITTED])
        yield from self.rejected(are[Decision.REJECTED])
        for failure, projects, first in failed:
            hit = ~out[projects]
            if failure.otherwise == "trim":
                yield self.trimmed(failure, projects[hit], first[hit])

    def said(self, chosen: Bools, code: str, words: Message, *args: str) -> Told:
        """A sentence about the projects that are chosen, with those of its arguments that are columns here."""
        projects = np.flatnonzero(chosen)
        makers: dict[str, Callable[[Ints], Column]] = {
            "brings": lambda p: points(self.brings[p]),
            "takes": lambda p: points(self.takes[p]),
            "part": lambda p: points(self.top[1][p]),
            "resource": self.resources,
        }
        return Told(projects, code, words, {name: makers[name](projects) for name in args})

    @property
    def brings(self) -> Floats:
        """(n,) the upper part of the index."""
        return np.maximum(self.ranking.value, 0.0) + self.ranking.credits

    @property
    def takes(self) -> Floats:
        """(n,) the lower part of the index."""
        return self.ranking.charges + np.maximum(-self.ranking.value, 0.0)

    @property
    def top(self) -> tuple[Ints, Floats]:
        """(n,) the row that charges each most, -1 where none does, and the points."""
        n = len(self.decided)
        row, part = np.full(n, -1, dtype=np.intp), np.zeros(n)
        paid = np.flatnonzero(self.charged.points > 0)
        project = np.repeat(np.arange(n), np.diff(self.charged.start))[paid]
        projects, first = np.unique(project, return_index=True)
        row[projects] = self.charged.row[paid[first]]
        part[projects] = self.charged.points[paid[first]]
        return row, part

    def resources(self, projects: Ints) -> Column:
        """What the rows that charge most are called."""
        rows, code = np.unique(self.top[0][projects], return_inverse=True)
        return Column(code, [row_label(self.scenario, self.row_names[row]) for row in rows.tolist()])

    def partial(self, chosen: Bools) -> Iterator[Told]:
        pays = self.top[0] >= 0
        yield self.said(chosen & ~pays, "partial", Message("In part: as much of it as the others can use."))
        yield self.said(
            chosen & pays,
            "partial",
            Message("In part: what the rest would take, above all {resource}, is worth more elsewhere."),
            "resource",
        )

    def admitted(self, chosen: Bools) -> Iterator[Told]:
        free = ~(self.takes > 0)
        below = significant(self.ranking.index) < 1
        yield self.said(
            chosen & free, "free", Message("It brings {brings} and takes nothing that is scarce."), "brings"
        )
        yield self.said(
            chosen & ~free & below,
            "whole",
            Message(
                "It brings {brings} against {takes} for what it takes; beside the other whole projects it fits best."
            ),
            "brings",
            "takes",
        )
        words = Message("It brings {brings} against {takes} for what it takes.")
        yield self.said(chosen & ~free & ~below, "worth", words, "brings", "takes")

    def rejected(self, chosen: Bools) -> Iterator[Told]:
        nothing = self.brings <= 0
        pays = significant(self.ranking.index) >= 1
        charged = self.top[0] >= 0
        yield self.said(chosen & nothing, "no-value", Message("By the criteria it brings the plan nothing."))
        tie = Message("It brings {brings} against {takes}: a tie, decided by the order of codes.")
        block = Message(
            "It pays for what it takes ({brings} against {takes}), but as a whole it does not fit beside the chosen."
        )
        code, words = ("tie", tie) if self.linear else ("block", block)
        yield self.said(chosen & ~nothing & pays, code, words, "brings", "takes")
        left = chosen & ~nothing & ~pays
        words = Message("It stays below the standards: it brings {brings} against {takes}.")
        yield self.said(left & ~charged, "standards", words, "brings", "takes")
        words = Message("It brings {brings} against {takes} for what it takes, of which {part} is {resource}.")
        yield self.said(left & charged, "charges", words, "brings", "takes", "part", "resource")

    def trimmed(self, failure: Failure, projects: Ints, first: Ints) -> Told:
        """What a standard cut; `first` (m,) is each project's first option among those of the failure."""
        rule = next(r for r in self.scenario.rules if r.name == failure.rule and isinstance(r, StandardRule))
        per = str(rule.standard.per)
        unit, options = self.scenario.measures[per].unit, failure.options[first]
        amounts = {"asked": self.admission.asked.amount(per), "allowed": self.admission.trimmed[per]}
        args = {
            "measure": Column(np.zeros(len(projects), dtype=np.intp), [measure_title(self.scenario, per)]),
            **{name: quantities(amount[options], unit) for name, amount in amounts.items()},
            "why": failures_of(self.scenario, failure, first),
        }
        return Told(projects, "trimmed", Message("{measure} cut from {asked} to {allowed}: {why}."), args)


def first_options(admission: Admission, failure: Failure) -> tuple[Ints, Ints]:
    """(the projects that fail, the first option of each among those of the failure)."""
    projects, first = np.unique(admission.asked.project[failure.options], return_index=True)
    return projects, first


def failures_of(scenario: Scenario, failure: Failure, chosen: Ints) -> Column:
    """A standard that is not met, for the chosen of its options."""
    keys = [np.unique(x[chosen], return_inverse=True)[1] for x in (failure.figure, failure.limit)]
    code, first = classes(keys, len(chosen))
    return Column(code, [failure_message(scenario, failure, i) for i in chosen[first].tolist()])


def points(values: Floats) -> Column:
    """Points as a sentence says them; those that it says alike are one."""
    code, first = points_alike(values)
    return Column(code, [Quantity(value, POINTS) for value in values[first].tolist()])


def quantities(values: Floats, unit: str) -> Column:
    distinct, code = np.unique(values, return_inverse=True)
    return Column(code, [Quantity(value, unit) for value in distinct.tolist()])


def decisions(admission: Admission, shares: Floats) -> Ints:
    """(n,) what becomes of every project, as its place in `DECISIONS`; `shares` (n,)."""
    committed = admission.asked.table["committed"].to_numpy(dtype=bool)
    at = {decision: i for i, decision in enumerate(DECISIONS)}
    return np.select(
        [admission.competes & committed, ~admission.competes & admission.discuss, ~admission.competes,
         shares <= 0, shares >= 1],
        [at[Decision.COMMITTED], at[Decision.DISCUSS], at[Decision.INADMISSIBLE],
         at[Decision.REJECTED], at[Decision.ADMITTED]],
        at[Decision.PARTIAL],
    )  # fmt: skip
