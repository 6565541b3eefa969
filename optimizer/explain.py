"""Why a project is in or out, as codes with sentences that any language can be put to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..models.finding import Message, Quantity
from ..models.plan import Decision
from ..models.rule import StandardRule
from ..models.scenario import Scenario
from .admit import Admission, Failure
from .candidates import Floats
from .rank import significant

Reasons = list[tuple[str, Message]]


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
class Case:
    """What is known of one project when its reasons are written; figures as in the plan, points per whole project."""

    project: int
    decision: Decision
    value: float
    charges: float
    credits: float
    index: float
    charges_by: Sequence[tuple[str, float]]

    @property
    def brings(self) -> Quantity:
        """The upper part of the index."""
        return Quantity(max(self.value, 0.0) + self.credits, "points")

    @property
    def takes(self) -> Quantity:
        """The lower part of the index."""
        return Quantity(self.charges + max(-self.value, 0.0), "points")


@dataclass(frozen=True, eq=False)
class Explainer:
    """Writes the reasons of a plan's projects."""

    scenario: Scenario
    admission: Admission
    failed: dict[int, list[tuple[Failure, int]]]
    """project -> what it failed, each failure once per rule"""
    linear: bool

    def of(self, case: Case) -> Reasons:
        """The reasons of one project, the decisive one first."""
        out = case.decision in (Decision.INADMISSIBLE, Decision.DISCUSS)
        return [*self.decisive(case), *([] if out else self.trims(case.project))]

    def decisive(self, case: Case) -> Reasons:
        failed = [
            failure_message(self.scenario, f, i) for f, i in self.failed.get(case.project, []) if f.otherwise != "trim"
        ]
        match case.decision:
            case Decision.COMMITTED:
                return [("committed", Message("Committed: carried out whatever it takes.", {}))]
            case Decision.INADMISSIBLE if not failed:
                return [("no-zone", Message("No zone accepts it.", {}))]
            case Decision.INADMISSIBLE:
                return [("inadmissible", Message("Not admissible: {why}.", {"why": why})) for why in failed]
            case Decision.DISCUSS:
                return [("discuss", Message("For the meeting, case by case: {why}.", {"why": why})) for why in failed]
            case Decision.REJECTED:
                return [self.rejected(case)]
            case _:
                return [self.admitted(case)]

    def admitted(self, case: Case) -> tuple[str, Message]:
        args: dict[str, object] = {"brings": case.brings, "takes": case.takes}
        top = self.largest(case)
        if case.decision is Decision.PARTIAL and top is None:
            return "partial", Message("In part: as much of it as the others can use.", {})
        if case.decision is Decision.PARTIAL and top is not None:
            return "partial", Message(
                "In part: what the rest would take, above all {resource}, is worth more elsewhere.",
                {"resource": top[0]},
            )
        if case.takes.value <= 0:
            return "free", Message("It brings {brings} and takes nothing that is scarce.", args)
        if worth(case) < 1:
            return "whole", Message(
                "It brings {brings} against {takes} for what it takes; beside the other whole projects it fits best.",
                args,
            )
        return "worth", Message("It brings {brings} against {takes} for what it takes.", args)

    def rejected(self, case: Case) -> tuple[str, Message]:
        top = self.largest(case)
        args: dict[str, object] = {"brings": case.brings, "takes": case.takes}
        if top is not None:
            args |= {"resource": top[0], "part": Quantity(top[1], "points")}
        if case.brings.value <= 0:
            return "no-value", Message("By the criteria it brings the plan nothing.", {})
        if worth(case) >= 1:
            if self.linear:
                return "tie", Message("It brings {brings} against {takes}: a tie, decided by the order of codes.", args)
            return "block", Message(
                "It pays for what it takes ({brings} against {takes}), "
                "but as a whole it does not fit beside the chosen.",
                args,
            )
        if top is None:
            return "standards", Message("It stays below the standards: it brings {brings} against {takes}.", args)
        return "charges", Message(
            "It brings {brings} against {takes} for what it takes, of which {part} is {resource}.", args
        )

    def largest(self, case: Case) -> tuple[Message, float] | None:
        """The row that charges most."""
        paid = [(row, points) for row, points in case.charges_by if points > 0]
        return (row_label(self.scenario, paid[0][0]), paid[0][1]) if paid else None

    def trims(self, project: int) -> Reasons:
        asked = self.admission.asked
        reasons: Reasons = []
        for failure, i in self.failed.get(project, []):
            rule = next(r for r in self.scenario.rules if r.name == failure.rule)
            if failure.otherwise != "trim" or not isinstance(rule, StandardRule):
                continue
            per = str(rule.standard.per)
            unit = self.scenario.measures[per].unit
            option = failure.options[i]
            args = {
                "measure": measure_title(self.scenario, per),
                "asked": Quantity(float(asked.amount(per)[option]), unit),
                "allowed": Quantity(float(self.admission.trimmed[per][option]), unit),
                "why": failure_message(self.scenario, failure, i),
            }
            reasons.append(("trimmed", Message("{measure} cut from {asked} to {allowed}: {why}.", args)))
        return reasons


def worth(case: Case) -> float:
    """The index at the digits that are compared."""
    return float(significant(np.array([case.index]))[0])


def explainer(scenario: Scenario, admission: Admission, linear: bool) -> Explainer:
    """Collect what every project failed, the first of its options for each rule and bound."""
    failed: dict[int, list[tuple[Failure, int]]] = {}
    for failure in admission.failures:
        projects = admission.asked.project[failure.options]
        _, first = np.unique(projects, return_index=True)
        for i in first.tolist():
            failed.setdefault(int(projects[i]), []).append((failure, i))
    return Explainer(scenario, admission, failed, linear)


def taken(share: float) -> Decision:
    """The decision that a share means."""
    if share <= 0:
        return Decision.REJECTED
    return Decision.ADMITTED if share >= 1 else Decision.PARTIAL


def decisions(admission: Admission, shares: Floats) -> list[Decision]:
    """(n,) what becomes of every project; `shares` (n,)."""
    committed = admission.asked.table["committed"].tolist()
    result = []
    for p, share in enumerate(shares.tolist()):
        if committed[p] and admission.competes[p]:
            result.append(Decision.COMMITTED)
        elif not admission.competes[p]:
            result.append(Decision.DISCUSS if admission.discuss[p] else Decision.INADMISSIBLE)
        else:
            result.append(taken(share))
    return result
