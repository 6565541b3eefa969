"""Limits as something to move: where each stands in the file, what it counts in, and what it is moved to.

A knob is one figure of the file, or one statement that can only hold or not. Several demands may hang on one: the
rows of a rule's zones, the sides of `exactly`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...models.explanation import Step
from ...models.rule import CountRule, EvenUseRule, MixRule, RatioRule, TotalRule
from ...models.scenario import Scenario
from ..candidates import Candidates, Floats
from ..formulate import balance_places
from ..geography import Geography
from ..reading.paths import join
from ..rules import ratio_existing
from .demands import Demand

LAST = 10.0
"""What dropping a rule counts whose figure could be moved: such a change comes last."""
DIGITS = 6
"""Significant digits of a proposed figure, rounded to the easier side."""


@dataclass(frozen=True, eq=False)
class Knob:
    """A limit that may be moved by parts of `size`, or dropped."""

    demands: tuple[int, ...]
    kind: str
    """supply, must_use, total, count, ratio, mix or even_use: a figure; rule, admission or commitment: dropped"""
    name: str
    """the measure, rule or project"""
    at: str
    """the zone of a supply"""
    up: bool
    """whether the figure is raised; `exactly` has a knob for either way"""
    path: str
    now: float | None
    """the figure as it stands; None where it is dropped"""
    size: float
    """what a change of 1 means, in the unit of the rows: the figure itself, or what is asked for where it is 0"""
    exact: bool = False

    @property
    def moves(self) -> bool:
        """Whether it is a figure."""
        return self.kind not in ("rule", "admission", "commitment")

    @property
    def last(self) -> bool:
        """Whether it drops a rule whose figures have knobs of their own."""
        return self.kind == "rule" and self.size == LAST


def knobs(scenario: Scenario, candidates: Candidates, listed: Sequence[Demand]) -> list[Knob]:
    """The knobs of all demands, in their order; then every rule with a figure as a whole, to be dropped."""
    together: dict[tuple[str, ...], list[int]] = {}
    for i, demand in enumerate(listed):
        place = demand.at if demand.kind == "supply" else ""
        together.setdefault((demand.kind, demand.name, place, demand.bound), []).append(i)
    found: list[Knob] = []
    for members in together.values():
        one = knob(scenario, candidates, listed[members[0]], tuple(members))
        found += [one, replace(one, up=True)] if one.exact else [one]
    figured = dict.fromkeys(k.name for k in found if k.kind in ("total", "count", "ratio", "mix", "even_use"))
    for name in figured:
        whole = tuple(i for i, demand in enumerate(listed) if demand.kind == "rule" and demand.name == name)
        found.append(Knob(whole, "rule", name, "", False, join(["rules", name]), None, LAST))
    return found


def knob(scenario: Scenario, candidates: Candidates, demand: Demand, members: tuple[int, ...]) -> Knob:
    """The knob of one demand."""
    up, path, exact = demand.bound == "at_most", demand.path, demand.bound == "exactly"
    if demand.kind == "supply":
        now = net_supply(scenario, demand.at).get(demand.name, 0.0)
        needs = np.where(Geography(scenario, candidates).within(demand.at), candidates.amount(demand.name), 0.0)
        return Knob(members, "supply", demand.name, demand.at, True, path, now, now or asked_for(candidates, needs))
    if demand.kind == "must_use":
        return Knob(members, "must_use", demand.name, "", False, path, scenario.measures[demand.name].must_use, 1.0)
    rule = next((r for r in scenario.rules if r.name == demand.name), None) if demand.kind == "rule" else None
    path = join(["rules", demand.name, demand.bound]) if demand.bound else path
    match rule:
        case TotalRule():
            now = getattr(rule.total, demand.bound)
            size = abs(now) or asked_for(candidates, np.abs(candidates.amount(rule.total.of)))
            return Knob(members, "total", rule.name, "", up, path, now, size, exact)
        case CountRule():
            now = getattr(rule.count, demand.bound)
            return Knob(members, "count", rule.name, "", up, path, now, abs(now) or 1.0, exact)
        case RatioRule():
            return Knob(members, "ratio", rule.name, "", up, path, getattr(rule.ratio, demand.bound), 1.0, exact)
        case MixRule():
            most = float(rule.mix.at_most)
            return Knob(members, "mix", rule.name, "", True, path, most, most)
        case EvenUseRule():
            within = rule.even_use.within
            path = join(["rules", rule.name, "within"])
            return Knob(members, "even_use", rule.name, "", True, path, within, within or 1.0)
    return Knob(members, str(demand.kind), demand.name, "", False, path, None, 1.0)


def asked_for(candidates: Candidates, amount: Floats) -> float:
    """Σ of the candidates' amounts, each the largest of its options; 1 where there are none."""
    return float(np.maximum(candidates.largest(amount), 0.0).sum()) or 1.0


def net_supply(scenario: Scenario, zone: str) -> dict[str, float]:
    """The supplies of a zone or the region, without what they include."""
    supply = scenario.zones[zone].supply if zone else scenario.supply
    return {measure: amount.amount for measure, amount in supply.items()}


def file_supply(scenario: Scenario, net: Mapping[str, float]) -> dict[str, float]:
    """The same with what they include, as the file has them."""

    def whole(measure: str) -> float:
        part = scenario.measures[measure].includes
        return net[measure] + (whole(part) if part is not None and part in net else 0.0)

    return {measure: whole(measure) for measure in net}


def fractions(scenario: Scenario, candidates: Candidates, knob: Knob) -> list[tuple[Floats, float, Floats, float]]:
    """The rows of a ratio or a must_use: (k,) above the line, what stands there, (k,) below the line, what stands."""
    geography = Geography(scenario, candidates)
    if knob.kind == "must_use":
        needs, made, none = candidates.amount(knob.name), candidates.made(knob.name), 0.0
        places = [geography.within(z) for z in balance_places(scenario, geography, knob.name)]
        return [(needs * here, none, made * here, none) for here in places]
    rule = next(r for r in scenario.rules if r.name == knob.name)
    assert isinstance(rule, RatioRule)
    both = geography.matches(rule.where)
    of = candidates.amount(rule.ratio.of) * (both & geography.matches(rule.of_where))
    per = candidates.amount(rule.ratio.per) * (both & geography.matches(rule.per_where))
    stands = [(ratio_existing(rule, each), members) for each, members in geography.each(rule)]
    return [(of * members, one.of, per * members, one.per) for one, members in stands]


def fraction_sizes(scenario: Scenario, candidates: Candidates, knob: Knob) -> list[float]:
    """What easing a fraction by its whole self means in each of its rows: the limit times all below the line."""
    assert knob.now is not None
    rows = fractions(scenario, candidates, knob)
    below = [stands + float(np.maximum(candidates.largest(per), 0.0).sum()) for _, _, per, stands in rows]
    return [(abs(knob.now) or 1.0) * (total or 1.0) for total in below]


def reached(scenario: Scenario, candidates: Candidates, knob: Knob, shares: Floats) -> float | None:
    """The fraction that a plan reaches, the one furthest from the limit of all rows; None where all are 0/0."""
    found = [
        (stands_of + float(of @ shares), stands_per + float(per @ shares))
        for of, stands_of, per, stands_per in fractions(scenario, candidates, knob)
    ]
    ratios = [of / per for of, per in found if per > 0]
    if not ratios:
        return None
    return max(ratios) if knob.up else min(ratios)


def steps(scenario: Scenario, moves: Sequence[tuple[Knob, float | None]]) -> list[Step]:
    """The changes that move knobs to figures, or drop them (None), in file terms: supplies with what they include."""
    result: list[Step] = []
    supplies: dict[str, dict[str, float]] = {}
    for knob, to in moves:
        if knob.kind == "supply" and to is not None:
            supplies.setdefault(knob.at, net_supply(scenario, knob.at))[knob.name] = to
        elif to is not None:
            result.append(Step(path=knob.path, from_=knob.now, to=to))
        elif knob.kind == "commitment":
            result.append(Step(path=knob.path, from_="true", to="false"))
        else:
            result.append(Step(path=join(["rules", knob.name]), from_=None, to="off"))
    for at, net in supplies.items():
        base = ["zones", at, "supply"] if at else ["supply"]
        before, after = (file_supply(scenario, one) for one in (net_supply(scenario, at), net))
        for measure in [m for m in after if after[m] != before.get(m)]:
            to = outward(after[measure], up=True)
            result.append(Step(path=join([*base, measure]), from_=before.get(measure), to=to))
    return result


def outward(value: float, *, up: bool, digits: int = DIGITS) -> float:
    """A figure rounded to the easier side, unless it is all but round already.

    >>> outward(612.34567, up=True), outward(612.3000000001, up=True), outward(-0.123456789, up=False)
    (612.346, 612.3, -0.123457)
    """
    if value == 0 or not math.isfinite(value):
        return value
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
    count = value / unit
    if abs(count - round(count)) > 1e-3 * 10.0 ** (digits - 6):
        count = math.ceil(count) if up else math.floor(count)
    return float(f"{round(count) * unit:.{digits}g}")
