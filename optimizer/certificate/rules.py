"""The rows of the rules, one function a kind, each with its formula."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import singledispatch

import numpy as np

from ...models.rule import (
    CountRule,
    EvenUseRule,
    ExclusiveRule,
    Measured,
    MixRule,
    RatioExisting,
    RatioRule,
    RequiresRule,
    Rule,
    Soft,
    StandardRule,
    SynergyRule,
    TogetherRule,
    TotalRule,
    VetoRule,
)
from ..candidates import Bools, Floats
from .basis import ROUNDING, Basis
from .ledger import Best, Helper, Ledger

SENSES = {"at_most": 1, "exactly": 0, "at_least": -1}
"""Sense of a row: 1 for ≤, 0 for =, −1 for ≥."""


@singledispatch
def write_rule(rule: Rule, basis: Basis, ledger: Ledger) -> None:
    """Write the rows of a rule down."""
    raise TypeError(f"no certificate for rules of kind {rule.kind}")


@write_rule.register
def _admission(rule: StandardRule | VetoRule, basis: Basis, ledger: Ledger) -> None:
    """No rows: they decide which options there are."""


def each_value(rule: Measured, basis: Basis) -> Iterator[tuple[str, Bools]]:
    """The values of `each` with the options, (k,), that count there; one empty value without it."""
    if rule.each is None:
        yield "", basis.inside[""]
    elif rule.each == "zone":
        for zone in basis.scenario.places:
            yield zone, basis.inside[zone]
    else:
        attribute = basis.attribute(rule.each)
        known = basis.candidates.attributes[rule.each]
        for value in sorted({value for value in known if value is not None}):
            yield value, np.asarray(attribute == value, dtype=bool)


def standing(existing: float | Mapping[str, float], value: str) -> float:
    """What stands already, for one value of `each`."""
    return existing.get(value, 0.0) if isinstance(existing, Mapping) else existing


def standing_ratio(rule: RatioRule, value: str) -> RatioExisting:
    existing = rule.ratio.existing
    return existing.get(value, RatioExisting()) if isinstance(existing, Mapping) else existing


def cost(soft: Soft | None, per: float) -> float:
    """Points per unit of shortfall; `per` where the rule names none. inf: hard."""
    if soft is None:
        return math.inf
    return soft.points / (per if soft.per is None else soft.per)


@write_rule.register
def _total(rule: TotalRule, basis: Basis, ledger: Ledger) -> None:
    """Σ of · x ≥, ≤, = limit − existing. Soft: points per 1 % of the limit."""
    chosen, of = basis.select(rule.where), basis.amount(rule.total.of)
    for value, here in each_value(rule, basis):
        for bound, limit in rule.total.bounds():
            ledger.row(
                f"rule|{rule.name}|{value}|{bound}", SENSES[bound],
                limit - standing(rule.total.existing, value), np.where(chosen & here, of, 0.0),
                cost=cost(rule.soft, 0.01 * abs(limit)),
            )  # fmt: skip


@write_rule.register
def _count(rule: CountRule, basis: Basis, ledger: Ledger) -> None:
    """Σ b ≥, ≤, = limit − existing. Soft: points per 1 % of the limit."""
    chosen = basis.select(rule.where)
    for value, here in each_value(rule, basis):
        for bound, limit in rule.count.bounds():
            ledger.row(
                f"rule|{rule.name}|{value}|{bound}", SENSES[bound],
                limit - standing(rule.count.existing, value), presence=(chosen & here).astype(float),
                cost=cost(rule.soft, 0.01 * abs(limit)),
            )  # fmt: skip


@write_rule.register
def _ratio(rule: RatioRule, basis: Basis, ledger: Ledger) -> None:
    """Σ of · x − r · Σ per · x ≥, ≤, = r · existing.per − existing.of. Soft: points per unit of `of`."""
    of, per = ratio_amounts(rule, basis)
    for value, here in each_value(rule, basis):
        stands = standing_ratio(rule, value)
        for bound, limit in rule.ratio.bounds():
            ledger.row(
                f"rule|{rule.name}|{value}|{bound}", SENSES[bound], limit * stands.per - stands.of,
                np.where(here, of - limit * per, 0.0), cost=cost(rule.soft, 1.0),
            )  # fmt: skip


def ratio_amounts(rule: RatioRule, basis: Basis) -> tuple[Floats, Floats]:
    """(k,) what counts above and below the line."""
    both = basis.select(rule.where)
    above = both & basis.select(rule.of_where)
    below = both & basis.select(rule.per_where)
    of, per = basis.amount(rule.ratio.of), basis.amount(rule.ratio.per)
    return np.where(above, of, 0.0), np.where(below, per, 0.0)


@write_rule.register
def _requires(rule: RequiresRule, basis: Basis, ledger: Ledger) -> None:
    """s[p] − b[q] ≤ 0 for each needed q. Soft: points per unit of broken share."""
    needing = basis.options_of(rule.requires.project).astype(float)
    for needed in rule.requires.needs:
        presence = -basis.options_of(needed).astype(float)
        ledger.row(f"rule|{rule.name}|||{needed}", 1, 0.0, needing, presence, cost(rule.soft, 1.0))


@write_rule.register
def _exclusive(rule: ExclusiveRule, basis: Basis, ledger: Ledger) -> None:
    """Σ b ≤ 1. Soft: points per admitted one too many."""
    members = np.sum([basis.options_of(member) for member in rule.exclusive], axis=0, dtype=float)
    ledger.row(f"rule|{rule.name}||", 1, 1.0, presence=members, cost=cost(rule.soft, 1.0))


@write_rule.register
def _together(rule: TogetherRule, basis: Basis, ledger: Ledger) -> None:
    """s[m] − s[first] = 0. Soft: lo ≤ s[m] ≤ hi, points · (hi − lo)."""
    members = sorted(rule.together)
    share = {member: basis.options_of(member).astype(float) for member in members}
    if rule.soft is None:
        for member in members[1:]:
            ledger.row(f"rule|{rule.name}|||{member}", 0, 0.0, share[member] - share[members[0]])
        return
    price = cost(rule.soft, 1.0)
    high = [ledger.row(f"rule|{rule.name}|||{m}:hi", 1, 0.0, share[m]) for m in members]
    low = [ledger.row(f"rule|{rule.name}|||{m}:lo", -1, 0.0, share[m]) for m in members]
    ledger.helpers.append(Helper(Best.LARGEST, -price, 1.0, tuple(high), -1.0))
    ledger.helpers.append(Helper(Best.SMALLEST, price, 1.0, tuple(low), -1.0))


@write_rule.register
def _synergy(rule: SynergyRule, basis: Basis, ledger: Ledger) -> None:
    """y[z] − x[m,z] ≤ 0 in each zone where all members may sit; same_zone: false: y − s[m] ≤ 0."""
    gain = synergy_points(rule, basis)
    for zone, shares in synergy_sites(rule, basis).items():
        rows = tuple(
            ledger.row(f"rule|{rule.name}|{zone}||{member}", 1, 0.0, -here.astype(float))
            for member, here in shares.items()
        )
        ledger.helpers.append(Helper(Best.SMALLEST, gain, 1.0, rows, 1.0, group=rule.name))


def synergy_points(rule: SynergyRule, basis: Basis) -> float:
    """Points that the synergy adds when fully at work."""
    criteria = basis.scenario.criteria.items()
    return math.fsum(basis.factors[name] * basis.added(c, rule.synergy.adds) for name, c in criteria)


def synergy_sites(rule: SynergyRule, basis: Basis) -> dict[str, dict[str, Bools]]:
    """zone -> member -> (k,) its options there, for zones where all members may sit; for same_zone: false the
    region alone."""
    shares = {member: basis.options_of(member) for member in sorted(rule.synergy.projects)}
    places = {zone: basis.candidates.zone == place for place, zone in enumerate(basis.scenario.places)}
    sites = {}
    for zone, there in places.items() if rule.synergy.same_zone else [("", basis.inside[""])]:
        if all(np.any(options & there) for options in shares.values()):
            sites[zone] = {member: options & there for member, options in shares.items()}
    return sites


@write_rule.register
def _mix(rule: MixRule, basis: Basis, ledger: Ledger) -> None:
    """Σ_v w[v] ≤ at_most; Σ_z b[p,z] − w[value of p] ≤ 0 for each project with options there."""
    chosen, attribute = basis.select(rule.where), basis.attribute(rule.mix.of)
    project, ids = basis.candidates.project, basis.candidates.ids
    for value, here in each_value(rule, basis):
        options = np.flatnonzero(chosen & here & np.array([v is not None for v in attribute], dtype=bool))
        if len(options) == 0:
            continue
        name = f"rule|{rule.name}|{value}|at_most"
        total = ledger.row(name, 1, float(rule.mix.at_most), cost=cost(rule.soft, 1.0))
        members: dict[str, list[int]] = {}
        for own in np.split(options, np.flatnonzero(np.diff(project[options])) + 1):
            row = ledger.row(f"{name}|{ids[project[own[0]]]}", 1, 0.0)
            ledger.presence.append((row, own.astype(np.int32), np.ones(len(own))))
            members.setdefault(attribute[own[0]], []).append(row)
        for rows in members.values():
            ledger.helpers.append(Helper(Best.PRESENT, 0.0, 1.0, tuple(rows), -1.0, total, 1.0))


@write_rule.register
def _even_use(rule: EvenUseRule, basis: Basis, ledger: Ledger) -> None:
    """hi − lo ≤ within; lo ≤ used/supply ≤ hi in each zone. Soft: points per percentage point."""
    supplies = compared(rule, basis)
    if not supplies:
        return
    price = cost(rule.soft, 1.0) * 100
    spread = ledger.row(f"rule|{rule.name}||", 1, rule.even_use.within, cost=price)
    of = np.where(basis.admissible, basis.amount(rule.even_use.of), 0.0)
    used = {zone: np.where(basis.inside[zone], of / supply, 0.0) for zone, supply in supplies.items()}
    most = [math.fsum(np.maximum(basis.candidates.largest(use), 0.0)) for use in used.values()]
    high = [ledger.row(f"rule|{rule.name}|{zone}||hi", 1, 0.0, use) for zone, use in used.items()]
    low = [ledger.row(f"rule|{rule.name}|{zone}||lo", -1, 0.0, use) for zone, use in used.items()]
    ledger.helpers.append(Helper(Best.LARGEST, 0.0, max(most), tuple(high), -1.0, spread, 1.0))
    ledger.helpers.append(Helper(Best.SMALLEST, 0.0, min(most), tuple(low), -1.0, spread, -1.0))


def compared(rule: EvenUseRule, basis: Basis) -> dict[str, float]:
    """zone -> supply, for zones that name a positive one and whose admissible candidates could use it up;
    none where fewer than two are left."""
    of = rule.even_use.of
    found = {}
    for zone, noun in basis.scenario.zones.items():
        supply = noun.supply[of].amount if of in noun.supply else 0.0
        needs = np.where(basis.inside[zone] & basis.admissible, basis.amount(of), 0.0)
        wanted = math.fsum(np.maximum(basis.candidates.largest(needs), 0.0))
        if supply > 0 and wanted >= supply * (1 - ROUNDING):
            found[zone] = supply
    return found if len(found) > 1 else {}
