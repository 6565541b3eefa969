"""What a plan's tables say, counted again from its shares: score, criteria, resources, rules, tiers.

Values, shortfalls and penalties are counted as the rules read, not as their rows were written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..models.rule import (
    Count,
    CountRule,
    EvenUseRule,
    ExclusiveRule,
    MixRule,
    RatioRule,
    RequiresRule,
    Rule,
    StandardRule,
    SynergyRule,
    TogetherRule,
    Total,
    TotalRule,
    VetoRule,
)
from ..models.scenario import Scenario
from .candidates import Candidates, Floats
from .certificate.basis import Basis, build, failing
from .certificate.ledger import Rows
from .certificate.rows import levels, tier_classes, write_rows
from .certificate.rules import (
    compared,
    cost,
    each_value,
    ratio_amounts,
    standing,
    standing_ratio,
    synergy_points,
    synergy_sites,
)
from .certify import TOLERANCE, plausible, replay

Bound = Literal["at_least", "at_most", "exactly"]


@dataclass(frozen=True)
class ResourceCount:
    """One supply, in the unit of its measure; zone None: the region."""

    measure: str
    zone: str | None
    supply: float
    made: float
    requested: float
    committed: float
    used: float
    substituted: float
    slack: float
    shortage: float


@dataclass(frozen=True)
class RuleCount:
    """One rule, or one value of its `each`, and one of its bounds. penalty: points.

    value includes what stands already; of a standard or a veto it is the number of projects, committed ones
    aside, that fail somewhere, of a synergy how far it is at work, of even_use the spread as a fraction. It is
    None for requires and together, where a ratio has nothing below the line, and where even_use finds fewer
    than two zones to compare. shortfall: in the unit of the limit (ratio: of `of`), for links the broken share.
    """

    name: str
    kind: str
    each: str | None
    bound: Bound | None
    limit: float | None
    value: float | None
    existing: float | None
    shortfall: float
    penalty: float
    kept: bool


@dataclass(frozen=True)
class Recount:
    """What follows from the scenario and the shares alone. score, penalty, tiers: points."""

    scales: dict[str, float]
    """criterion -> N_c, in unit(of)."""
    totals: dict[str, float]
    """criterion -> F_c, in unit(of)."""
    score: float
    penalty: float
    tiers: tuple[float, ...]
    """What each class reaches."""
    resources: tuple[ResourceCount, ...]
    rules: tuple[RuleCount, ...]
    rows: tuple[str, ...]
    """Names of all rows that carry a price."""
    fate: NDArray[np.object_]
    """(n,) Decision.INADMISSIBLE, Decision.DISCUSS, or None."""
    trimmed: dict[str, Floats]
    """measure -> (k,) amounts after trimming."""

    @property
    def objective(self) -> float:
        return self.score - self.penalty


def recount(
    scenario: Scenario, candidates: Candidates, shares: Floats, *, scales: Mapping[str, float] | None
) -> Recount:
    """Count a plan again. Arguments as those of `certify`.

    Raises ValueError for shares that are no numbers.
    """
    if not plausible(shares):
        raise ValueError("shares must be numbers")
    basis = build(scenario, candidates, scales)
    tiers = tuple(math.fsum((basis.points * shares)[members].tolist()) for members in tier_classes(basis))
    rows = write_rows(basis, tiers)
    rules = tuple(line for rule in scenario.rules for line in count_rule(rule, basis, shares))
    totals = _totals(basis, shares, rules)
    return Recount(
        scales=basis.scales,
        totals=totals,
        score=math.fsum(basis.factors[name] * total for name, total in totals.items()),
        penalty=math.fsum(line.penalty for line in rules),
        tiers=tiers,
        resources=tuple(_resources(basis, rows, shares)),
        rules=rules,
        rows=rows.names,
        fate=basis.fate,
        trimmed=basis.trimmed,
    )


def _totals(basis: Basis, shares: Floats, rules: tuple[RuleCount, ...]) -> dict[str, float]:
    """F_c = Σ f_c · x + Σ f_c(adds) · y."""
    work = {line.name: line.value or 0.0 for line in rules if line.kind == SynergyRule.kind}
    synergies = [rule for rule in basis.scenario.rules if isinstance(rule, SynergyRule)]
    return {
        name: math.fsum(
            [
                *(basis.summand(criterion) * shares).tolist(),
                *(basis.added(criterion, rule.synergy.adds) * work[rule.name] for rule in synergies),
            ]
        )
        for name, criterion in basis.scenario.criteria.items()
    }


def _resources(basis: Basis, rows: Rows, shares: Floats) -> Iterator[ResourceCount]:
    """A line for every supply that is named, and wherever something can be made without one."""
    substituted = dict.fromkeys(rows.names, 0.0)
    for (low, high), amount in zip(rows.moves, replay(basis, rows, shares).moved, strict=True):
        substituted[rows.names[low]] += amount
        substituted[rows.names[high]] -= amount
    candidates = basis.candidates
    for measure in basis.scenario.measures:
        asked, need, gives = candidates.amount(measure), basis.amount(measure), candidates.made(measure)
        for level in levels(basis, measure):
            name = f"supply|{measure}|{level.zone}"
            here = level.options
            supplies = basis.scenario.zones[level.zone].supply if level.zone else basis.scenario.supply
            if measure not in supplies and not np.any(gives[here & basis.admissible]):
                continue
            there = np.where(here & basis.accepted, asked, -np.inf)
            requested = math.fsum(np.maximum(candidates.largest(there), 0.0).tolist())
            used = math.fsum((need * shares)[here].tolist())
            made = math.fsum((gives * shares)[here].tolist())
            moved = substituted.get(name, 0.0)
            yield ResourceCount(
                measure=measure,
                zone=level.zone or None,
                supply=level.supply,
                made=made,
                requested=requested,
                committed=math.fsum((need * shares)[here & basis.committed].tolist()),
                used=used,
                substituted=moved,
                slack=math.fsum([level.supply, made, moved, -used]),
                shortage=max(0.0, math.fsum([requested, -level.supply, -made])),
            )


@singledispatch
def count_rule(rule: Rule, basis: Basis, shares: Floats) -> list[RuleCount]:
    """The lines of a rule."""
    raise TypeError(f"no certificate for rules of kind {rule.kind}")


@count_rule.register
def _admission(rule: StandardRule | VetoRule, basis: Basis, shares: Floats) -> list[RuleCount]:
    fails = failing(rule, basis.scenario, basis.candidates) & basis.accepted & ~basis.committed
    return [_line(rule, value=float(np.count_nonzero(basis.candidates.total(fails.astype(float)))))]


@count_rule.register
def _total(rule: TotalRule, basis: Basis, shares: Floats) -> list[RuleCount]:
    counted = np.where(basis.select(rule.where), basis.amount(rule.total.of), 0.0) * shares
    return _bounded(rule, rule.total, counted, basis)


@count_rule.register
def _count(rule: CountRule, basis: Basis, shares: Floats) -> list[RuleCount]:
    counted = basis.presence(shares, TOLERANCE) * basis.select(rule.where)
    return _bounded(rule, rule.count, counted, basis)


def _bounded(rule: TotalRule | CountRule, body: Total | Count, counted: Floats, basis: Basis) -> list[RuleCount]:
    """`counted`: (k,) what each option adds."""
    lines = []
    for each, here in each_value(rule, basis):
        existing = standing(body.existing, each)
        value = math.fsum([existing, *counted[here].tolist()])
        for bound, limit in body.bounds():
            lines.append(_line(
                rule, each=each if rule.each else None, bound=bound, limit=limit, value=value,
                existing=existing, shortfall=_short(bound, limit, value),
                rate=cost(rule.soft, 0.01 * abs(limit)), size=max(abs(limit), abs(value), abs(existing)),
            ))  # fmt: skip
    return lines


def _line(
    rule: Rule, *, each: str | None = None, bound: str | None = None, limit: float | None = None,
    value: float | None = None, existing: float | None = None, shortfall: float = 0.0, rate: float = math.inf,
    size: float = 1.0,
) -> RuleCount:  # fmt: skip
    """`rate`: points per unit of shortfall, inf for a hard rule; `size`: what a violation is relative to."""
    short = max(0.0, shortfall)
    penalty = rate * short if math.isfinite(rate) else 0.0
    kept = short <= TOLERANCE * max(1.0, size)
    known: Bound | None = next((b for b in ("at_least", "at_most", "exactly") if b == bound), None)
    return RuleCount(rule.name, rule.kind, each, known, limit, value, existing, short, penalty, kept)


def _short(bound: str, limit: float, value: float) -> float:
    """By how much a bound is missed, negative where it is kept with something to spare."""
    match bound:
        case "at_least":
            return limit - value
        case "at_most":
            return value - limit
        case _:
            return abs(value - limit)


@count_rule.register
def _ratio(rule: RatioRule, basis: Basis, shares: Floats) -> list[RuleCount]:
    lines = []
    above, below = ratio_amounts(rule, basis)
    for value, here in each_value(rule, basis):
        stands = standing_ratio(rule, value)
        of = math.fsum([stands.of, *(above * shares)[here].tolist()])
        per = math.fsum([stands.per, *(below * shares)[here].tolist()])
        for bound, limit in rule.ratio.bounds():
            lines.append(_line(
                rule, each=value if rule.each else None, bound=bound, limit=limit,
                value=of / per if per else None, existing=stands.of / stands.per if stands.per else None,
                shortfall=_short(bound, limit * per, of), rate=cost(rule.soft, 1.0),
                size=max(abs(of), abs(limit * per)),
            ))  # fmt: skip
    return lines


@count_rule.register
def _mix(rule: MixRule, basis: Basis, shares: Floats) -> list[RuleCount]:
    lines = []
    attribute, limit = basis.attribute(rule.mix.of), float(rule.mix.at_most)
    presence = basis.presence(shares, TOLERANCE) * basis.select(rule.where)
    for value, here in each_value(rule, basis):
        # A project counts by what it has there in all: a divisible one may be spread thinly over inner zones.
        there = basis.candidates.total(np.where(here, presence, 0.0))[basis.candidates.project]
        number = float(len({v for v in attribute[(there > TOLERANCE) & here] if v is not None}))
        lines.append(_line(
            rule, each=value if rule.each else None, bound="at_most", limit=limit, value=number,
            shortfall=number - limit, rate=cost(rule.soft, 1.0),
        ))  # fmt: skip
    return lines


def _taken(project: str, basis: Basis, column: Floats) -> float:
    """s or b of a project, from the column (k,) of shares or presence."""
    return math.fsum(column[basis.options_of(project)].tolist())


@count_rule.register
def _requires(rule: RequiresRule, basis: Basis, shares: Floats) -> list[RuleCount]:
    presence = basis.presence(shares, TOLERANCE)
    share = _taken(rule.requires.project, basis, shares)
    broken = math.fsum(max(0.0, share - _taken(needed, basis, presence)) for needed in rule.requires.needs)
    return [_line(rule, shortfall=broken, rate=cost(rule.soft, 1.0))]


@count_rule.register
def _exclusive(rule: ExclusiveRule, basis: Basis, shares: Floats) -> list[RuleCount]:
    presence = basis.presence(shares, TOLERANCE)
    number = math.fsum(_taken(member, basis, presence) for member in rule.exclusive)
    return [_line(rule, limit=1.0, value=number, shortfall=number - 1, rate=cost(rule.soft, 1.0))]


@count_rule.register
def _together(rule: TogetherRule, basis: Basis, shares: Floats) -> list[RuleCount]:
    reached = [_taken(member, basis, shares) for member in rule.together]
    spread = max(reached) - min(reached)
    return [_line(rule, shortfall=spread, rate=cost(rule.soft, 1.0))]


@count_rule.register
def _synergy(rule: SynergyRule, basis: Basis, shares: Floats) -> list[RuleCount]:
    return [_line(rule, value=_at_work(rule, basis, shares))]


def _at_work(rule: SynergyRule, basis: Basis, shares: Floats) -> float:
    """y = Σ_z min over the members of x[p,z]; none of it where what it adds would count against the plan."""
    if synergy_points(rule, basis) < 0:
        return 0.0
    return math.fsum(
        min(math.fsum(shares[options].tolist()) for options in members.values())
        for members in synergy_sites(rule, basis).values()
    )


@count_rule.register
def _even_use(rule: EvenUseRule, basis: Basis, shares: Floats) -> list[RuleCount]:
    used = [
        math.fsum((basis.amount(rule.even_use.of) * shares)[basis.inside[zone]].tolist()) / supply
        for zone, supply in compared(rule, basis).items()
    ]
    within = rule.even_use.within
    if not used:
        return [_line(rule, limit=within)]
    spread = max(used) - min(used)
    return [_line(rule, limit=within, value=spread, shortfall=spread - within, rate=100 * cost(rule.soft, 1.0))]
