"""What a plan says in sentences: the same words in every format."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ...models.finding import Message
from ...models.plan import Decision, Plan, PlannedMeasure, Resource, RuleRow, Status
from . import numbers
from .numbers import Language
from .words import clean, joined, say, title

NEGLIGIBLE = 1e-9
"""Prices and changes below this are rounding."""
NEXT = 3
"""Projects in reserve that are next in line."""
ASK = "landalloc explain SCENARIO"

DECISIONS: Mapping[str, Message] = {
    Decision.COMMITTED: Message("committed"),
    Decision.ADMITTED: Message("admitted"),
    Decision.PARTIAL: Message("in part"),
    Decision.REJECTED: Message("in reserve"),
    Decision.INADMISSIBLE: Message("not admissible"),
    Decision.DISCUSS: Message("case by case"),
}
TRIMMED = Message("admitted, trimmed")


def decision(project: Mapping[Any, Any], language: Language) -> str:
    """What becomes of a project (a row of the columns): 4 of 5 of units, 37 % of what is divisible."""
    code, share, units = project["decision"], float(project["share"]), project["units"]
    if code == Decision.PARTIAL and not pd.isna(units):
        return say("{units} of {all}", language, units=int(units), all=round(int(units) / share))
    if code == Decision.PARTIAL:
        return say("in part, {share}", language, share=numbers.percent(share, language, 0))
    if code == Decision.ADMITTED and any(found == "trimmed" for found, _ in project["reasons"]):
        return say(TRIMMED, language)
    return say(DECISIONS[code], language)


def zones(project: Mapping[Any, Any], plan: Plan, language: Language) -> str:
    """Where a project sits, by the titles of the zones; a dash where nowhere."""
    sits = [zone for zone in plan.zones if project[f"share@{zone.name}"] > 0]
    return joined((clean(title(zone, language)) for zone in sits), language) or numbers.NOTHING


def next_in_line(projects: pd.DataFrame) -> pd.DataFrame:
    """The best-ranked projects in reserve."""
    return projects[projects["decision"] == Decision.REJECTED].head(NEXT)


def asks(projects: pd.DataFrame, command: str = ASK) -> str:
    """The command that tells what would admit those next in line; "" where nobody waits."""
    ids = [shlex.quote(clean(id_, 60)) for id_ in next_in_line(projects)["id"]]
    return clean(" ".join([command, *ids]), 2000) if ids else ""


def headline(plan: Plan, projects: pd.DataFrame, language: Language) -> str:
    """The plan's name and case, how many candidates there are and what becomes of them."""
    case = say(" · case {case}", language, case=clean(plan.case)) if plan.case else ""
    name = clean(title(plan, language), 60)
    return say("{name}{case} · {tally}", language, name=name, case=case, tally=tally(projects, language))


def tally(projects: pd.DataFrame, language: Language) -> str:
    """How many candidates there are and what becomes of them."""
    counts = projects["decision"].value_counts().to_dict()
    parts = counts.get(Decision.PARTIAL, 0)
    admitted = counts.get(Decision.ADMITTED, 0) + parts
    told = (
        [say("{count} committed", language, count=counts[Decision.COMMITTED])] if Decision.COMMITTED in counts else []
    )
    if parts:
        told.append(say("{count} admitted ({parts} in part)", language, count=admitted, parts=parts))
    else:
        told.append(say("{count} admitted", language, count=admitted))
    told += [
        say(words, language, count=counts[code])
        for code, words in (
            (Decision.REJECTED, Message("{count} in reserve")),
            (Decision.DISCUSS, Message("{count} case by case")),
            (Decision.INADMISSIBLE, Message("{count} not admissible")),
        )
        if code in counts
    ]
    separator = "，" if language == "zh" else ", "
    count = len(projects)
    candidates = say("1 candidate", language) if count == 1 else say("{count} candidates", language, count=count)
    return say("{candidates}: {what}", language, candidates=candidates, what=separator.join(told))


def quality(plan: Plan, language: Language) -> str:
    """How good the plan is known to be. "Certified" is said only where the proved bound meets the objective."""
    proof = plan.certificate
    kept = proof.max_violation <= proof.tolerance
    below = numbers.figure(max(0.0, plan.bound - plan.objective), numbers.Style(1.0, 2, ""), language)
    if plan.status is Status.OPTIMAL:
        proved = proof.bound_proved - plan.objective <= proof.tolerance * max(1.0, abs(plan.objective))
        if kept and proved:
            return say("Optimal, certified.", language)
        return say("Optimal by the solver's word; every limit was checked again.", language)
    if plan.status is Status.WITHIN_GAP:
        return say("At most {points} points below the best possible.", language, points=below)
    if plan.linear and plan.bound < float("inf"):
        return say("Not certified: at most {points} points below the best possible.", language, points=below)
    if plan.bound < float("inf"):
        return say(
            "Stopped at the limit: the best plan so far, at most {points} points below the best possible.",
            language,
            points=below,
        )
    return say("Stopped at the limit: the best plan so far.", language)


def merit(plan: Plan, language: Language) -> str:
    """The score, what 100 means, and what the scoring sheet would have reached with the same resources."""
    told = say("Score {score} (100 = everything applied for)", language, score=numbers.score(plan.score, language))
    if plan.penalty > NEGLIGIBLE:
        told += say(", penalty {penalty}", language, penalty=numbers.score(plan.penalty, language))
    sheet, breaks = numbers.score(plan.baseline.score, language), plan.baseline.breaks
    if breaks:
        names = joined(list(dict.fromkeys(row_name(plan, name, language) for name in breaks))[:3], language)
        return told + say(
            "; the scoring sheet reaches {score} but does not keep: {rules}.", language, score=sheet, rules=names
        )
    return told + say("; the scoring sheet reaches {score}.", language, score=sheet)


def row_name(plan: Plan, name: str, language: Language) -> str:
    """What a row (supply|land|north) or a rule is called."""
    kind, what, where, *_ = (*name.split("|"), "", "")
    if kind in ("supply", "must_use"):
        return place(plan, what, where or None, language)
    rule = next((rule for rule in plan.rules if rule.name == (what if kind == "rule" else name)), None)
    return clean(title(rule, language), 40) if rule else clean(name, 40)


def place(plan: Plan, measure: str, zone: str | None, language: Language) -> str:
    """A measure, and the zone if it is of one: land, Beigou."""
    nouns = {noun.name: noun for noun in plan.measures}, {noun.name: noun for noun in plan.zones}
    what = clean(title(nouns[0][measure], language)) if measure in nouns[0] else clean(measure)
    if zone is None:
        return what
    where = clean(title(nouns[1][zone], language)) if zone in nouns[1] else clean(zone)
    return say("{measure}, {zone}", language, measure=what, zone=where)


def gain(plan: Plan, resource: Resource, language: Language) -> str:
    """What one more unit of a resource would bring, in the user's own terms; "" where it brings nothing.

    One more in a zone is one more in the zones around it and in the region too; where some is left in the zone itself,
    more of it there brings nothing.
    """
    if resource.price <= NEGLIGIBLE and resource.slack > NEGLIGIBLE:
        return ""
    rows = [
        row for row in plan.resources if row.measure == resource.measure and row.zone in _around(plan, resource.zone)
    ]
    price = sum(row.price for row in rows)
    if price <= NEGLIGIBLE:
        return ""
    changes: dict[str, float] = {}
    for row in rows:
        for measure, change in row.price_in.items():
            changes[measure] = changes.get(measure, 0.0) + change
    measures = {measure.name: measure for measure in plan.measures}
    for name in _aims(plan):
        if changes.get(name, 0.0) > NEGLIGIBLE and name != resource.measure:
            return _change(measures[name], changes[name], language)
    return say("{points} of the score", language, points=numbers.about(price, numbers.POINTS, language))


def _around(plan: Plan, zone: str | None) -> set[str | None]:
    within = {noun.name: noun.within for noun in plan.zones}
    around: set[str | None] = {None}
    while zone is not None and zone not in around:
        around.add(zone)
        zone = within.get(zone)
    return around


def _aims(plan: Plan) -> list[str]:
    """Measures that the plan should have more of, the weightiest first."""
    weights: dict[str, float] = {}
    for criterion in plan.criteria:
        if criterion.better == "higher":
            weights[criterion.of] = weights.get(criterion.of, 0.0) + criterion.weight
    return sorted(weights, key=lambda name: -weights[name])


def _change(measure: PlannedMeasure, change: float, language: Language) -> str:
    amount = numbers.about(change, measure.unit, language)
    name = clean(title(measure, language))
    if measure.unit.rpartition("/")[2] in ("year", "年"):
        return say("{amount} {measure} a year", language, amount=amount, measure=name.removeprefix("年"))
    return say("{amount} {measure}", language, amount=amount, measure=name)


def one_more(plan: Plan, resource: Resource, language: Language) -> str:
    """A cell under "one more brings"."""
    brings = gain(plan, resource, language)
    if brings and numbers.fitting(resource.unit, language, resource.supply).factor != 1.0:
        unit = numbers.unit_name(resource.unit, language)  # the column is in a larger one
        unit = unit.removesuffix("/year").removesuffix("/年")
        return say("{brings} per {unit}", language, brings=brings, unit=unit)
    if brings:
        return brings
    return say("nothing: some is left", language) if resource.slack > NEGLIGIBLE else say("nothing", language)


def rule(row: RuleRow, language: Language) -> str:
    """One target or rule: limit, what the plan reaches, kept or short, what that costs."""
    name = clean(title(row, language), 60)
    if row.each:
        name = say("{rule} ({value})", language, rule=name, value=clean(row.each, 40))
    if row.limit is None or row.bound is None or row.value is None:
        return say("{rule}: kept" if row.kept else "{rule}: not kept", language, rule=name)
    args: dict[str, object] = {
        "rule": name,
        "limit": rule_figure(row, row.limit, language),
        "value": rule_figure(row, row.value, language),
    }
    bounds = {
        "at_least": Message("{rule}: at least {limit}, the plan reaches {value}"),
        "at_most": Message("{rule}: at most {limit}, the plan reaches {value}"),
        "exactly": Message("{rule}: exactly {limit}, the plan reaches {value}"),
    }
    told = say(bounds[row.bound], language, **args)
    if row.kept:
        return told + say(", kept", language)
    off = abs(row.value - row.limit) if row.kind == "ratio" else row.shortfall  # a ratio's shortfall is in unit(of)
    told += say(", {shortfall} off", language, shortfall=rule_figure(row, off, language))
    return told + (
        say(", costs {points} points", language, points=numbers.score(row.penalty, language)) if row.penalty else ""
    )


def rule_figure(row: RuleRow, value: float, language: Language) -> str:
    """A limit or value of a rule with its unit; shares as percentages."""
    if row.unit not in (None, "1"):
        return numbers.quantity(value, str(row.unit), language)
    return numbers.percent(value, language) if row.kind in ("ratio", "even_use") else _number(value, language)


def _number(value: float, language: Language) -> str:
    """A figure whose unit the rule does not tell: whole, or four significant digits."""
    if value == round(value) or abs(value) >= 1000:
        return numbers.plain(value, 0, language)
    return numbers.any_number(float(f"{value:.4g}"), language)


def ratio_style(plan: Plan, name: str, language: Language, largest: float, *, compact: bool = True) -> numbers.Style:
    """How the figures of a `per` criterion are written in a column: 万元/亩 and not 亿元/亩."""
    unit, tax = _ratio_unit(plan, name)
    return numbers.style(unit, language, largest=0.0 if largest != largest else largest, tax=tax, compact=compact)


def ratio(plan: Plan, name: str, value: float, language: Language) -> str:
    """One figure of a `per` criterion with its unit, as a sentence holds it."""
    unit, tax = _ratio_unit(plan, name)
    return numbers.quantity(value, unit, language, tax=tax)


def _ratio_unit(plan: Plan, name: str) -> tuple[str, bool]:
    """The unit of a `per` criterion, and whether it is tax, which has one decimal more."""
    criterion = next(c for c in plan.criteria if c.name == name)
    measures = {m.name: m for m in plan.measures}
    of, per = measures[criterion.of], measures[str(criterion.per)]
    units = [of.unit, per.unit]
    if all(unit.endswith(("/year", "/年")) for unit in units):  # a year by a year is no unit
        units = [unit.rpartition("/")[0] for unit in units]
    return "/".join(units), "tax" in of.name.lower() or "税" in of.title


def counted(rules: Iterable[RuleRow]) -> tuple[int, int]:
    """(rules kept, rules not kept), each counted once whatever rows it has."""
    kept: dict[str, bool] = {}
    for row in rules:
        kept[row.name] = kept.get(row.name, True) and row.kept
    return sum(kept.values()), sum(not one for one in kept.values())
