"""What a file demands of every plan, one limit at a time: supplies, hard rules, admission, commitments.

Soft rules, synergies and trims demand nothing. A rule makes one demand per bound and value of `each`; a standard or a
veto one, where it keeps somebody out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ...models.finding import Message, Quantity
from ...models.rule import (
    AnyRule,
    Bounded,
    CountRule,
    EvenUseRule,
    ExclusiveRule,
    MixRule,
    RatioRule,
    RequiresRule,
    StandardRule,
    SynergyRule,
    TogetherRule,
    TotalRule,
    VetoRule,
)
from ...models.scenario import Scenario
from ..admit import admit
from ..candidates import Candidates, Ints
from ..explain import measure_title, row_label, zone_title
from ..formulate import SupplyRow, balance_places, supply_rows
from ..geography import Geography
from ..program import Program
from ..reading.paths import join

Kind = Literal["supply", "must_use", "rule", "admission", "commitment"]
MOST_NAMED = 5
"""Projects that a text names."""


@dataclass(frozen=True, eq=False)
class Demand:
    """One limit as the file has it."""

    kind: Kind
    name: str
    """a measure, a rule or a project"""
    at: str
    """the zone of a supply, the value of `each`"""
    bound: str
    path: str
    """dotted, as `--set` takes it"""
    row: str
    """the row it makes, or what its rows begin with; empty for admission and commitments"""
    text: Message


def supply_demand(scenario: Scenario, row: SupplyRow) -> Demand:
    """A named supply, the 0 of a zone that names none, or the balance of what is made."""
    what = row_label(scenario, row.name)
    unit = scenario.measures[row.measure].unit
    if row.named:
        text = Message("{what}: no more than {limit}", {"what": what, "limit": Quantity(row.supply, unit)})
    elif row.implied:
        text = Message("{what}: none, as other zones name a supply and this one does not", {"what": what})
    else:
        text = Message("{what}: no more than is made", {"what": what})
    path = join(["zones", row.zone, "supply", row.measure] if row.zone else ["supply", row.measure])
    return Demand("supply", row.measure, row.zone, "at_most", path, row.name, text)


def must_use_demands(scenario: Scenario, geography: Geography) -> Iterator[Demand]:
    """What must be used of what is made."""
    for measure in sorted(geography.candidates.makes):
        fraction = scenario.measures[measure].must_use
        for zone in balance_places(scenario, geography, measure) if fraction is not None else ():
            row = f"must_use|{measure}|{zone}"
            args = {"what": row_label(scenario, row), "limit": Quantity(100.0 * (fraction or 0.0), "%")}
            text = Message("{what}: at least {limit} of what is made must be used", args)
            yield Demand("must_use", measure, zone, "at_least", join(["measures", measure, "must_use"]), row, text)


YEARLY = ("/year", "/年")
BOUNDS = {
    "at_least": Message("{rule}: at least {limit}"),
    "at_most": Message("{rule}: at most {limit}"),
    "exactly": Message("{rule}: exactly {limit}"),
}


def bounded_body(scenario: Scenario, rule: TotalRule | CountRule | RatioRule) -> tuple[Bounded, str]:
    """The part of a rule that holds its limits, and their unit."""
    if isinstance(rule, TotalRule):
        return rule.total, scenario.measures[rule.total.of].unit
    if isinstance(rule, CountRule):
        return rule.count, "1"
    units = [scenario.measures[m].unit for m in (rule.ratio.of, rule.ratio.per)]
    if all(unit.endswith(YEARLY) for unit in units):  # a year by a year is no unit
        units = [unit.rpartition("/")[0] for unit in units]
    return rule.ratio, "/".join(units)


def bound_demands(
    scenario: Scenario, geography: Geography, rule: TotalRule | CountRule | RatioRule
) -> Iterator[Demand]:
    """A demand per value of `each` and bound."""
    body, unit = bounded_body(scenario, rule)
    for each, _ in geography.each(rule):
        for bound, limit in body.bounds():
            args = {"rule": label(scenario, rule, each), "limit": Quantity(limit, unit)}
            row = f"rule|{rule.name}|{each}|{bound}"
            path = join(["rules", rule.name])
            yield Demand("rule", rule.name, each, bound, path, row, replace(BOUNDS[bound], args=args))


def label(scenario: Scenario, rule: AnyRule, each: str) -> Message:
    """What a rule is called, with the value of its `each`."""
    if not each:
        return Message("{rule}", {"rule": rule.label})
    value = zone_title(scenario, each) if each in scenario.zones else each
    return Message("{rule} ({value})", {"rule": rule.label, "value": value})


def link_text(scenario: Scenario, candidates: Candidates, rule: AnyRule) -> Message:
    """What a rule without a figure of its own asks for."""
    titles = dict(zip(candidates.ids, candidates.table["title"], strict=True))

    def named(projects: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(titles.get(p, p) for p in projects)

    match rule:
        case RequiresRule():
            args = {"project": titles.get(rule.requires.project), "needs": named(rule.requires.needs)}
            what = Message("{project} only together with {needs}", args)
        case ExclusiveRule():
            what = Message("at most one of {projects}", {"projects": named(rule.exclusive)})
        case TogetherRule():
            what = Message("{projects} to the same share", {"projects": named(rule.together)})
        case EvenUseRule():
            measure, within = measure_title(scenario, rule.even_use.of), Quantity(100.0 * rule.even_use.within, "%")
            what = Message("use of {measure} even within {within}", {"measure": measure, "within": within})
        case MixRule():
            args = {"limit": rule.mix.at_most, "attribute": rule.mix.of}
            what = Message("at most {limit} different values of {attribute}", args)
        case _:
            raise AssertionError(rule.kind)
    return Message("{rule}: {what}", {"rule": rule.label, "what": what})


def rule_demands(scenario: Scenario, candidates: Candidates, geography: Geography) -> Iterator[Demand]:
    """The demands of hard rules that make rows."""
    for rule in scenario.rules:
        path = join(["rules", rule.name])
        if isinstance(rule, StandardRule | VetoRule | SynergyRule) or getattr(rule, "soft", None) is not None:
            continue
        match rule:
            case TotalRule() | CountRule() | RatioRule():
                yield from bound_demands(scenario, geography, rule)
            case MixRule():
                for each, _ in geography.each(rule):
                    what = link_text(scenario, candidates, rule)
                    text = Message("{what} ({value})", {"what": what, "value": each}) if each else what
                    row = f"rule|{rule.name}|{each}|at_most"
                    yield Demand("rule", rule.name, each, "at_most", path, row, text)
            case _:
                text = link_text(scenario, candidates, rule)
                yield Demand("rule", rule.name, "", "", path, f"rule|{rule.name}", text)


def admission_demands(scenario: Scenario, asked: Candidates) -> Iterator[Demand]:
    """Standards and vetoes that keep somebody out."""
    failures = [f for f in admit(scenario, asked).failures if f.otherwise != "trim"]
    for rule in scenario.rules:
        options = [f.options for f in failures if f.rule == rule.name]
        if options:
            rows = np.unique(asked.project[np.concatenate(options)])
            titles = tuple(asked.table["title"].iloc[rows[:MOST_NAMED]])
            args = {"rule": rule.label, "projects": titles, "more": "…" if len(rows) > MOST_NAMED else ""}
            text = Message("{rule}: keeps out {projects}{more}", args)
            yield Demand("admission", rule.name, "", "", join(["rules", rule.name]), "", text)


def commitments(asked: Candidates) -> Iterator[Demand]:
    """Projects that are carried out whatever they take."""
    for i in np.flatnonzero(asked.table["committed"].to_numpy(dtype=bool)):
        name = str(asked.ids[i])
        text = Message("{project}: committed", {"project": asked.table["title"].iloc[i]})
        yield Demand("commitment", name, "", "", join(["projects", name, "committed"]), "", text)


def demands(scenario: Scenario, asked: Candidates) -> list[Demand]:
    """Everything a file demands, what is hardest to change first: supplies, commitments, admission, rules."""
    geography = Geography(scenario, asked)
    return [
        *(supply_demand(scenario, row) for row in supply_rows(scenario, geography)),
        *commitments(asked),
        *must_use_demands(scenario, geography),
        *admission_demands(scenario, asked),
        *rule_demands(scenario, asked, geography),
    ]


def owners(program: Program, listed: list[Demand]) -> Ints:
    """(m,) the demand that each row stands for, −1 for none."""
    number = {demand.row: i for i, demand in enumerate(listed) if demand.row}

    def owner(name: str) -> int:
        parts = name.split("|")
        heads = (name, "|".join(parts[:-1]), "|".join(parts[:2])) if parts[0] == "rule" else (name,)
        return next((number[head] for head in heads if head in number), -1)

    found = np.full(len(program.limit), -1, dtype=np.intp)
    for row, name in program.shared_rows():
        found[row] = owner(name)
    return found
