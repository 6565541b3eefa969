"""Rules -> rows: one short function per kind, its formula above it. Row names: docs/model.md."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from ..models.rule import (
    Bounded,
    CountRule,
    EvenUseRule,
    ExclusiveRule,
    Measured,
    MixRule,
    RatioExisting,
    RatioRule,
    RequiresRule,
    Soft,
    SynergyRule,
    TogetherRule,
    TotalRule,
)
from .program import Draft, Sense
from .score import Scores, synergy_points
from .sheet import Part, Sheet

SENSES = {"at_least": Sense.AT_LEAST, "at_most": Sense.AT_MOST, "exactly": Sense.EQUAL}


def column(number: int, coefficient: float) -> Part:
    """One column as a part of a row."""
    return np.array([number]), np.array([coefficient])


def cost_per_unit(soft: Soft, limit: float | None) -> float:
    """Points per unit of shortfall: points / per, or points per 1 % of the limit, or per unit where there is none."""
    if soft.per is not None:
        return soft.points / soft.per
    return soft.points if limit is None else soft.points / (0.01 * abs(limit))


def shortfall(draft: Draft, name: str, sense: Sense, cost: float | None) -> list[Part]:
    """The columns short ≥ 0 of a soft row, at their cost; none of a hard one (cost None).

    ≥: row + short;  ≤: row − short;  =: both.
    """
    if cost is None:
        return []
    parts = []
    if sense != Sense.AT_MOST:
        parts.append(column(draft.helper(f"under|{name}", cost=-cost), 1.0))
    if sense != Sense.AT_LEAST:
        parts.append(column(draft.helper(f"over|{name}", cost=-cost), -1.0))
    return parts


def existing_of(existing: float | dict[str, float], each: str) -> float:
    """What stands already, for one row."""
    return existing.get(each, 0.0) if isinstance(existing, dict) else existing


def bounded(draft: Draft, rule: Measured, each: str, body: Bounded, existing: float, *parts: Part) -> None:
    """existing + Σ ≥, ≤, = limit; one row per bound."""
    for bound, limit in body.bounds():
        name, sense = f"rule|{rule.name}|{each}|{bound}", SENSES[bound]
        cost = cost_per_unit(rule.soft, limit) if rule.soft else None
        draft.row(name, sense, limit - existing, *parts, *shortfall(draft, name, sense, cost))


def total(draft: Draft, sheet: Sheet, rule: TotalRule) -> None:
    """existing + Σ of · x ≥, ≤, = limit."""
    chosen = sheet.geography.matches(rule.where)
    amount = sheet.candidates.amount(rule.total.of)
    for each, members in sheet.geography.each(rule):
        existing = existing_of(rule.total.existing, each)
        bounded(draft, rule, each, rule.total, existing, sheet.shares(chosen & members, amount))


def count(draft: Draft, sheet: Sheet, rule: CountRule) -> None:
    """existing + Σ b ≥, ≤, = limit."""
    chosen = sheet.geography.matches(rule.where)
    for each, members in sheet.geography.each(rule):
        existing = existing_of(rule.count.existing, each)
        bounded(draft, rule, each, rule.count, existing, sheet.admitted(chosen & members))


def ratio_existing(rule: RatioRule, each: str) -> RatioExisting:
    """What stands already above and below the line, for one row."""
    existing = rule.ratio.existing
    return existing.get(each, RatioExisting()) if isinstance(existing, dict) else existing


def ratio(draft: Draft, sheet: Sheet, rule: RatioRule) -> None:
    """existing.of + Σ of · x ≥, ≤, = r · (existing.per + Σ per · x), multiplied out."""
    both = sheet.geography.matches(rule.where)
    above = both & sheet.geography.matches(rule.of_where)
    below = both & sheet.geography.matches(rule.per_where)
    of, per = sheet.candidates.amount(rule.ratio.of), sheet.candidates.amount(rule.ratio.per)
    for each, members in sheet.geography.each(rule):
        stands = ratio_existing(rule, each)
        for bound, r in rule.ratio.bounds():
            name, sense = f"rule|{rule.name}|{each}|{bound}", SENSES[bound]
            cost = cost_per_unit(rule.soft, None) if rule.soft else None
            draft.row(
                name,
                sense,
                r * stands.per - stands.of,
                sheet.shares(above & members, of),
                sheet.shares(below & members, -r * per),
                *shortfall(draft, name, sense, cost),
            )


def requires(draft: Draft, sheet: Sheet, rule: RequiresRule) -> None:
    """s[p] ≤ b[q] for each needed q."""
    cost = cost_per_unit(rule.soft, None) if rule.soft else None
    for needed in sorted(rule.requires.needs):
        name = f"rule|{rule.name}|||{needed}"
        draft.row(
            name,
            Sense.AT_MOST,
            0.0,
            sheet.shares(sheet.project(rule.requires.project)),
            sheet.admitted(sheet.project(needed), -1.0),
            *shortfall(draft, name, Sense.AT_MOST, cost),
        )


def exclusive(draft: Draft, sheet: Sheet, rule: ExclusiveRule) -> None:
    """Σ b ≤ 1."""
    name = f"rule|{rule.name}||"
    cost = cost_per_unit(rule.soft, None) if rule.soft else None
    members = [sheet.admitted(sheet.project(p)) for p in sorted(rule.exclusive)]
    draft.row(name, Sense.AT_MOST, 1.0, *members, *shortfall(draft, name, Sense.AT_MOST, cost))


def together(draft: Draft, sheet: Sheet, rule: TogetherRule) -> None:
    """s equal for all; soft: points · (hi − lo) with lo ≤ s ≤ hi."""
    first, *others = sorted(rule.together)
    if rule.soft is None:
        for member in others:
            parts = sheet.shares(sheet.project(member)), sheet.shares(sheet.project(first), -1.0)
            draft.row(f"rule|{rule.name}|||{member}", Sense.EQUAL, 0.0, *parts)
        return
    cost = cost_per_unit(rule.soft, None)
    hi = draft.helper(f"hi|{rule.name}", upper=1.0, cost=-cost)
    lo = draft.helper(f"lo|{rule.name}", upper=1.0, cost=cost)
    for member in (first, *others):
        s = sheet.shares(sheet.project(member))
        draft.row(f"rule|{rule.name}|||{member}:hi", Sense.AT_MOST, 0.0, s, column(hi, -1.0))
        draft.row(f"rule|{rule.name}|||{member}:lo", Sense.AT_LEAST, 0.0, s, column(lo, -1.0))


def synergy(draft: Draft, sheet: Sheet, rule: SynergyRule, scores: Scores) -> None:
    """y ≤ x of every member, in one zone (same_zone) or wherever; y brings what the rule adds."""
    points = synergy_points(sheet.scenario, rule.synergy.adds, scores.factors)
    members = {m: sheet.project(m) for m in sorted(rule.synergy.projects)}
    for zone in sorted(sheet.scenario.places) if rule.synergy.same_zone else [None]:
        here = sheet.geography.within("") if zone is None else sheet.geography.at(zone)
        if not all((options & here).any() for options in members.values()):
            continue
        y = draft.helper(f"y|{rule.name}|{zone or ''}", upper=1.0, cost=points)
        for member, options in members.items():
            name = f"rule|{rule.name}|{zone or ''}||{member}"
            draft.row(name, Sense.AT_MOST, 0.0, column(y, 1.0), sheet.shares(options & here, -1.0))


def mix(draft: Draft, sheet: Sheet, rule: MixRule) -> None:
    """Σ_v w[v] ≤ k, and Σ_z b[p,z] ≤ w[value of p] for every project there."""
    chosen = sheet.geography.matches(rule.where)
    candidates = sheet.candidates
    values, ids = candidates.attributes[rule.mix.of], candidates.ids
    for each, members in sheet.geography.each(rule):
        name = f"rule|{rule.name}|{each}|at_most"
        here = chosen & members
        projects = [p for p in np.unique(candidates.project[here]) if values[p] is not None]
        w = {
            value: draft.helper(f"w|{rule.name}|{each}|{value}", upper=1.0, integer=True)
            for value in sorted({values[p] for p in projects})
        }
        if not w:
            continue
        cost = cost_per_unit(rule.soft, None) if rule.soft else None
        numbers = np.array(list(w.values()))
        short = shortfall(draft, name, Sense.AT_MOST, cost)
        draft.row(name, Sense.AT_MOST, float(rule.mix.at_most), (numbers, np.ones(len(numbers))), *short)
        for p in projects:
            sited = sheet.admitted(here & (candidates.project == p))
            draft.row(f"{name}|{ids[p]}", Sense.AT_MOST, 0.0, sited, column(w[values[p]], -1.0))


def even_use(draft: Draft, sheet: Sheet, rule: EvenUseRule) -> None:
    """used/supply between lo and hi in every zone, hi − lo ≤ within; soft: points per percentage point."""
    amount = sheet.candidates.amount(rule.even_use.of)
    zones = even_zones(sheet, rule)
    if len(zones) < 2:
        return
    name = f"rule|{rule.name}"
    hi, lo = draft.helper(f"hi|{rule.name}"), draft.helper(f"lo|{rule.name}")
    cost = 100.0 * cost_per_unit(rule.soft, None) if rule.soft else None
    short = shortfall(draft, f"{name}||", Sense.AT_MOST, cost)
    draft.row(f"{name}||", Sense.AT_MOST, rule.even_use.within, column(hi, 1.0), column(lo, -1.0), *short)
    for zone, supply in zones:
        used = sheet.shares(sheet.geography.within(zone), amount / supply)
        draft.row(f"{name}|{zone}||hi", Sense.AT_MOST, 0.0, used, column(hi, -1.0))
        draft.row(f"{name}|{zone}||lo", Sense.AT_LEAST, 0.0, used, column(lo, -1.0))


def even_zones(sheet: Sheet, rule: EvenUseRule) -> list[tuple[str, float]]:
    """The zones an even use compares: a positive supply that its admissible candidates could use up."""
    candidates, measure = sheet.candidates, rule.even_use.of
    amount = candidates.amount(measure)
    zones = []
    for zone in sorted(sheet.scenario.zones):
        supply = sheet.scenario.zones[zone].supply.get(measure)
        if supply is None or supply.amount <= 0:
            continue
        there = np.where(sheet.geography.within(zone), amount, 0.0)
        if np.maximum(candidates.largest(there), 0.0).sum() >= supply.amount:
            zones.append((zone, supply.amount))
    return zones


def add_rules(draft: Draft, sheet: Sheet, scores: Scores) -> None:
    """The rows of every rule; standards and vetoes have none, they decided which options there are."""
    writers: dict[str, Callable[..., None]] = {
        "total": total, "count": count, "ratio": ratio, "requires": requires, "exclusive": exclusive,
        "together": together, "synergy": partial(synergy, scores=scores), "mix": mix, "even_use": even_use,
    }  # fmt: skip
    for rule in sorted(sheet.scenario.rules, key=lambda r: r.name):
        if rule.kind in writers:
            writers[rule.kind](draft, sheet, rule)
