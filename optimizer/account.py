"""What a plan uses, keeps and misses: resources, rules, criteria and subtotals from the shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..models.plan import Group, PlannedCriterion, Resource, RuleRow
from ..models.rule import (
    AnyRule,
    CountRule,
    EvenUseRule,
    ExclusiveRule,
    MixRule,
    RatioRule,
    RequiresRule,
    Soft,
    StandardRule,
    SynergyRule,
    TogetherRule,
    TotalRule,
    VetoRule,
)
from ..models.scenario import Scenario
from .admit import Admission
from .candidates import Bools, Floats, Ints
from .formulate import SupplyRow, supply_rows
from .geography import Geography
from .rules import cost_per_unit, even_zones, existing_of, ratio_existing
from .score import Scores, summand, synergy_points
from .sheet import Sheet

EXACT = 1e-9
"""Shares that add up to 1 so nearly are the whole project."""
MOST_GROUPS = 1000
"""Values of an attribute by which the plan is added up; one with more of them names the projects more than it sorts."""
KEPT = 1e-6
"""A limit missed by less than this, relative to max(1, |limit|), is kept."""


@dataclass(frozen=True, eq=False)
class Account:
    """The plan's shares with everything that is needed to add them up again."""

    scenario: Scenario
    admission: Admission
    scores: Scores
    shares: Floats
    """(k,) of the competing options"""
    prices: Mapping[str, float]

    @property
    def geography(self) -> Geography:
        return Geography(self.scenario, self.admission.candidates)

    @property
    def sited(self) -> Floats:
        """(k,) b of every option: 1 where a project sits; a divisible one counts with its share."""
        table = self.admission.candidates.table
        divisible = ((table["min_share"] == 0) & (table["units"] == 0) & ~table["committed"]).to_numpy()
        return np.where(divisible[self.admission.candidates.project], self.shares, (self.shares > 0).astype(float))

    def sum(self, measure: str, options: Bools) -> float:
        """Σ amount · x over some options."""
        return float((self.admission.candidates.amount(measure) * self.shares)[options].sum())

    def project_shares(self) -> Floats:
        """(n,) s of every project; shares of several zones that make a whole are exactly 1."""
        shares = self.admission.candidates.total(self.shares)
        shares[np.abs(shares - 1.0) <= EXACT] = 1.0
        return shares

    def share_of(self, project: str) -> float:
        hit = self.admission.candidates.ids == project
        return float(self.project_shares()[hit].sum())

    def sited_of(self, project: str) -> float:
        hit = self.admission.candidates.ids == project
        return float(self.admission.candidates.total(self.sited)[hit].sum())


def synergy_levels(account: Account, rule: SynergyRule) -> float:
    """y: the least share of the members, zone by zone if they must be in one; 0 where it would cost points."""
    if synergy_points(account.scenario, rule.synergy.adds, account.scores.factors) < 0:
        return 0.0
    candidates, geography = account.admission.candidates, account.geography
    members = [(candidates.ids == m)[candidates.project] for m in rule.synergy.projects]
    places = account.scenario.places if rule.synergy.same_zone else ("",)
    total = 0.0
    for zone in places:
        here = geography.at(zone) if rule.synergy.same_zone else geography.within("")
        total += min(float(account.shares[options & here].sum()) for options in members)
    return total


def criteria_totals(account: Account) -> dict[str, float]:
    """F_c of every criterion, synergies included."""
    totals = {name: float(f @ account.shares) for name, f in account.scores.summands.items()}
    for rule in account.scenario.rules:
        if not isinstance(rule, SynergyRule):
            continue
        y, adds = synergy_levels(account, rule), rule.synergy.adds
        parts = {
            name: float(summand(c, np.array([adds.get(c.of, 0.0)]), adds.get(c.per, 0.0) if c.per else 0.0)[0])
            for name, c in account.scenario.criteria.items()
        }
        for name, part in parts.items():
            totals[name] += part * y
    return totals


def points_of(scores: Scores, totals: Mapping[str, float]) -> float:
    """score = Σ factor · F_c, added in a fixed order."""
    return sum(scores.factors[name] * totals[name] for name in sorted(totals))


def score_and_penalty(account: Account) -> tuple[float, float]:
    """The points that the criteria give, and those that broken soft rules cost."""
    return points_of(account.scores, criteria_totals(account)), sum(row.penalty for row in rules(account))


def criteria(account: Account) -> list[PlannedCriterion]:
    """The criteria with what the plan reaches."""
    totals = criteria_totals(account)
    return [
        PlannedCriterion(
            name=name,
            title=c.title or name,
            of=c.of,
            per=c.per,
            better=c.better,
            standard=c.standard,
            unit=account.scenario.measures[c.of].unit,
            weight=c.weight,
            total=totals[name],
            scale=account.scores.scales[name],
            achieved=totals[name] / account.scores.scales[name] if account.scores.scales[name] else 0.0,
        )
        for name, c in account.scenario.criteria.items()
    ]


def substitution(account: Account, rows: list[SupplyRow]) -> dict[tuple[str, str], float]:
    """Moved down to (+) or away from (−) each supply: just what each lower grade lacks, lowest grade first."""
    measures = account.scenario.measures
    candidates = account.admission.candidates
    held = {(row.measure, row.zone): row for row in rows}
    moved = dict.fromkeys(held, 0.0)

    def depth(measure: str) -> int:
        above = measures[measure].also_served_by
        return 0 if above is None else 1 + depth(above)

    for row in sorted(rows, key=lambda r: -depth(r.measure)):
        higher = measures[row.measure].also_served_by
        if higher is None or (higher, row.zone) not in held or held[higher, row.zone].implied:
            continue
        net = candidates.amount(row.measure) - candidates.made(row.measure)
        lacks = float((net * account.shares)[row.counts].sum()) - row.supply - moved[row.measure, row.zone]
        if lacks > 0:
            moved[row.measure, row.zone] += lacks
            moved[higher, row.zone] -= lacks
    return moved


def resources(account: Account, price_in: Mapping[str, Mapping[str, float]]) -> list[Resource]:
    """Every named supply and every balance of something made, in the order of the file's measures and zones."""
    scenario, asked = account.scenario, account.admission.asked
    rows = supply_rows(scenario, account.geography)
    moved = substitution(account, rows)
    wide = Geography(scenario, asked)
    committed = account.admission.candidates.table["committed"].to_numpy()[account.admission.candidates.project]
    order = {name: i for i, name in enumerate(("", *scenario.zones))}
    place = {name: i for i, name in enumerate(scenario.measures)}
    result = []
    for row in sorted(rows, key=lambda r: (place[r.measure], order[r.zone])):
        gives = account.admission.candidates.made(row.measure)[row.counts]
        if not row.named and not gives.any():
            continue
        made = float(gives @ account.shares[row.counts])
        amount = asked.amount(row.measure)
        there = wide.at(row.zone) if row.implied else wide.within(row.zone)
        requested = float(np.maximum(asked.largest(np.where(there, amount, -np.inf)), 0.0).sum())
        used = account.sum(row.measure, row.counts)
        source = scenario.supply.get(row.measure) if not row.zone else scenario.zones[row.zone].supply.get(row.measure)
        substituted = moved[row.measure, row.zone]
        result.append(
            Resource(
                measure=row.measure,
                zone=row.zone or None,
                unit=scenario.measures[row.measure].unit,
                supply=row.supply,
                made=made,
                requested=requested,
                committed=account.sum(row.measure, row.counts & committed),
                used=used,
                substituted=substituted,
                slack=row.supply + made + substituted - used,
                shortage=max(0.0, requested - row.supply - made),
                price=account.prices.get(row.name, 0.0),
                price_in=dict(price_in.get(row.name, {})),
                source=source.source if source else None,
                assumed=source.assumed if source else False,
            )
        )
    return result


def unit_of(scenario: Scenario, rule: AnyRule) -> str | None:
    """The unit of a rule's limit and value: the measure's, unit(of)/unit(per), or "1" for numbers and shares."""
    match rule:
        case TotalRule():
            return scenario.measures[rule.total.of].unit
        case RatioRule():
            of, per = scenario.measures[rule.ratio.of].unit, scenario.measures[rule.ratio.per].unit
            return "1" if of == per else f"{of}/{per}"
        case RequiresRule() | TogetherRule():
            return None
        case _:
            return "1"


def rule_row(account: Account, rule: AnyRule, **parts: object) -> RuleRow:
    """A row of the report on rules, from what is particular about it."""
    each, bound = parts.get("each"), parts.get("bound")
    name = f"rule|{rule.name}|{each or ''}|{bound or ''}"
    price = account.prices.get(name)
    if isinstance(rule, RequiresRule):  # one row per needed project: easing the rule eases them all
        price = sum(account.prices.get(f"{name}|{q}", 0.0) for q in rule.requires.needs)
    row: dict[str, object] = {
        "name": rule.name, "title": rule.label, "kind": rule.kind, "source": rule.source,
        "soft": getattr(rule, "soft", None) is not None, "each": each or None, "bound": bound,
        "unit": unit_of(account.scenario, rule), "limit": None,
        "value": None, "existing": None, "shortfall": 0.0, "penalty": 0.0, "price": price,
    } | parts  # fmt: skip
    limit = row["limit"]
    room = KEPT * max(1.0, abs(limit)) if isinstance(limit, float | int) else KEPT
    kept = isinstance(row["shortfall"], float) and row["shortfall"] <= room
    return RuleRow.model_validate(row | {"each": each or None, "kept": kept})


def missed(bound: str, value: float, limit: float) -> float:
    """How far a value is on the wrong side of a limit."""
    if bound == "exactly":
        return abs(value - limit)
    return max(0.0, limit - value if bound == "at_least" else value - limit)


def priced(soft: Soft | None, limit: float | None, shortfall: float) -> float:
    """Points for a shortfall; a hard rule costs none."""
    return cost_per_unit(soft, limit) * shortfall if soft and shortfall > 0 else 0.0


def totals(account: Account, rule: TotalRule | CountRule) -> list[RuleRow]:
    """Rows of a total or a count; the value includes what stands already."""
    geography = account.geography
    chosen = geography.matches(rule.where)
    body = rule.total if isinstance(rule, TotalRule) else rule.count
    rows = []
    for each, members in geography.each(rule):
        existing = existing_of(body.existing, each)
        here = chosen & members
        adds = account.sum(rule.total.of, here) if isinstance(rule, TotalRule) else float(account.sited[here].sum())
        for bound, limit in body.bounds():
            short = missed(bound, existing + adds, limit)
            cost = priced(rule.soft, limit, short)
            rows.append(
                rule_row(account, rule, each=each, bound=bound, limit=limit, value=existing + adds, existing=existing,
                         shortfall=short, penalty=cost)
            )  # fmt: skip
    return rows


def ratios(account: Account, rule: RatioRule) -> list[RuleRow]:
    """Rows of a ratio; shortfall in units of `of`: how far Σ of is from r · Σ per. 0/0 is kept."""
    geography = account.geography
    both = geography.matches(rule.where)
    above, below = both & geography.matches(rule.of_where), both & geography.matches(rule.per_where)
    rows = []
    for each, members in geography.each(rule):
        stands = ratio_existing(rule, each)
        of = stands.of + account.sum(rule.ratio.of, above & members)
        per = stands.per + account.sum(rule.ratio.per, below & members)
        for bound, r in rule.ratio.bounds():
            short = missed(bound, of, r * per)
            row = rule_row(
                account, rule, each=each, bound=bound, limit=r, value=of / per if per else None,
                existing=stands.of / stands.per if stands.per else None, shortfall=short,
                penalty=priced(rule.soft, None, short),
            )  # fmt: skip
            rows.append(row.model_copy(update={"kept": short <= KEPT * max(1.0, abs(r * per))}))
    return rows


def links(account: Account, rule: RequiresRule | ExclusiveRule | TogetherRule) -> list[RuleRow]:
    """The row of a requires, exclusive or together."""
    value: float | None
    if isinstance(rule, RequiresRule):
        s = account.share_of(rule.requires.project)
        value = None
        short = sum(max(0.0, s - account.sited_of(q)) for q in rule.requires.needs)
    elif isinstance(rule, ExclusiveRule):
        value = sum(account.sited_of(p) for p in rule.exclusive)
        short = max(0.0, value - 1.0)
    else:
        shares = [account.share_of(p) for p in rule.together]
        value, short = None, max(shares) - min(shares)
    limit = 1.0 if isinstance(rule, ExclusiveRule) else None
    return [rule_row(account, rule, limit=limit, value=value, shortfall=short, penalty=priced(rule.soft, None, short))]


def mixes(account: Account, rule: MixRule) -> list[RuleRow]:
    """How many different values there are, row by row."""
    candidates = account.admission.candidates
    values = candidates.attributes[rule.mix.of][candidates.project]
    chosen = account.geography.matches(rule.where) & (account.shares > 0)
    rows = []
    for each, members in account.geography.each(rule):
        present = {v for v in values[chosen & members].tolist() if v is not None}
        short = max(0.0, float(len(present) - rule.mix.at_most))
        cost = priced(rule.soft, None, short)
        rows.append(
            rule_row(account, rule, each=each, bound="at_most", limit=float(rule.mix.at_most),
                     value=float(len(present)), shortfall=short, penalty=cost)
        )  # fmt: skip
    return rows


def even_uses(account: Account, rule: EvenUseRule) -> list[RuleRow]:
    """The spread of used/supply as a fraction; points per percentage point."""
    candidates = account.admission.candidates
    nothing = np.zeros(0, dtype=np.intp)
    sheet = Sheet(account.scenario, candidates, account.geography, nothing, np.zeros(0), nothing)
    zones = even_zones(sheet, rule)
    use = [account.sum(rule.even_use.of, account.geography.within(z)) / supply for z, supply in zones]
    spread = max(use) - min(use) if len(use) > 1 else None
    short = max(0.0, (spread or 0.0) - rule.even_use.within)
    cost = priced(rule.soft, None, 100.0 * short)
    return [rule_row(account, rule, limit=rule.even_use.within, value=spread, shortfall=short, penalty=cost)]


def rules(account: Account) -> list[RuleRow]:
    """Every rule with what the plan makes of it, in file order."""
    rows: list[RuleRow] = []
    for rule in account.scenario.rules:
        match rule:
            case TotalRule() | CountRule():
                rows += totals(account, rule)
            case RatioRule():
                rows += ratios(account, rule)
            case RequiresRule() | ExclusiveRule() | TogetherRule():
                rows += links(account, rule)
            case MixRule():
                rows += mixes(account, rule)
            case EvenUseRule():
                rows += even_uses(account, rule)
            case SynergyRule():
                rows.append(rule_row(account, rule, value=synergy_levels(account, rule)))
            case StandardRule() | VetoRule():
                failing = [f for f in account.admission.failures if f.rule == rule.name]
                hit = {int(p) for f in failing for p in account.admission.asked.project[f.options]}
                rows.append(rule_row(account, rule, value=float(len(hit))))
    return rows


def groups(account: Account) -> list[Group]:
    """Subtotals of what the plan grants, by the values of each attribute of not too many, and by zone."""
    candidates, scenario = account.admission.candidates, account.scenario
    granted = {m: candidates.amount(m) * account.shares for m in scenario.measures}
    result = []
    for name in scenario.attributes:
        number, values = pd.factorize(candidates.attributes[name], sort=True)  # -1: has none
        if len(values) <= MOST_GROUPS:
            belongs = np.where(number < 0, len(values), number).astype(np.intp)
            result += subtotals(account, name, [str(v) for v in values], belongs[candidates.project], granted)
    for zone in scenario.zones:
        outside = (~account.geography.within(zone)).astype(np.intp)
        result += subtotals(account, "zone", [zone], outside, granted)
    return result


def subtotals(
    account: Account, by: str, values: list[str], belongs: Ints, granted: Mapping[str, Floats]
) -> list[Group]:
    """A subtotal for each value; `belongs` (k,) is the number of each option's value, len(values) where it has none."""
    n = len(values) + 1
    taken = account.shares > 0
    pairs = np.unique(account.admission.candidates.project[taken] * n + belongs[taken])
    projects = np.bincount(pairs % n, minlength=n).tolist()
    sums = {m: np.bincount(belongs, weights=g, minlength=n).tolist() for m, g in granted.items()}
    return [
        Group(by=by, value=value, projects=projects[i], granted={m: column[i] for m, column in sums.items()})
        for i, value in enumerate(values)
    ]
