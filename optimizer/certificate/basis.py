"""What a certificate stands on: who may compete, with which amounts, worth how many points.

Everything is worked out again from the scenario and the candidates as asked. Nothing is shared with the
modules that admit, score and formulate, so that an error there cannot hide here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...models.criterion import Criterion
from ...models.plan import Decision
from ...models.rule import LimitTable, Standard, StandardRule, VetoRule
from ...models.scenario import Scenario
from ...models.where import Where
from ..candidates import Bools, Candidates, Floats
from .sums import exact_sum

ROUNDING = 1e-9
"""Relative slack of an admission test: of and limit · per are products of converted figures."""


@dataclass(frozen=True, eq=False)
class Basis:
    """n candidates with k options, and what the scenario makes of them. Amounts in their measure's unit."""

    scenario: Scenario
    candidates: Candidates
    """As asked, with every option."""
    accepted: Bools
    """(k,) the option's zone accepts its project."""
    admissible: Bools
    """(k,) the option passes standards and vetoes, or is committed."""
    fate: NDArray[np.object_]
    """(n,) Decision.INADMISSIBLE, Decision.DISCUSS, or None for a project with an admissible option."""
    trimmed: dict[str, Floats]
    """measure -> (k,) amounts after trimming, for measures that some standard trims."""
    scales: dict[str, float]
    """criterion -> N_c in unit(of)."""
    factors: dict[str, float]
    """criterion -> points per unit of F_c: 100 · weight / Σ weights / N_c; 0 where N_c is 0."""
    points: Floats
    """(k,) points of the whole project there."""
    least: Floats
    """(k,) smallest share other than none; 0: divisible."""
    committed: Bools
    """(k,) the option's project is committed."""
    inside: dict[str, Bools]
    """zone -> (k,) the option lies in it or in a zone within it; the empty name is the region."""

    @property
    def outermost(self) -> tuple[str, ...]:
        """Zones that lie within no other; without zones the region."""
        zones = self.scenario.zones
        return tuple(z for z in self.scenario.places if not zones or zones[z].within is None)

    def amount(self, measure: str) -> Floats:
        """(k,) a[p, measure, z] of the plan, that is after trimming."""
        return self.trimmed[measure] if measure in self.trimmed else self.candidates.amount(measure)

    def attribute(self, name: str) -> NDArray[np.object_]:
        """(k,) the attribute of each option's project."""
        column: NDArray[np.object_] = self.candidates.attributes[name][self.candidates.project]
        return column

    def select(self, where: Where) -> Bools:
        """(k,) admissible options that the condition selects, on the amounts as asked."""
        return self.admissible & selected(self.scenario, self.candidates, where)

    def options_of(self, project: str) -> Bools:
        """(k,) admissible options of one project."""
        own: Bools = self.candidates.project == self.candidates.row_of(project)
        return self.admissible & own

    def summand(self, criterion: Criterion) -> Floats:
        """(k,) f_c of the whole project, in unit(of)."""
        per = self.amount(criterion.per) if criterion.per else None
        return summand(criterion, self.amount(criterion.of), per)

    def added(self, criterion: Criterion, adds: Mapping[str, float]) -> float:
        """f_c of what a synergy adds."""
        of = np.array([adds.get(criterion.of, 0.0)])
        per = np.array([adds.get(criterion.per, 0.0)]) if criterion.per else None
        return float(summand(criterion, of, per)[0])

    def presence(self, shares: Floats, tolerance: float) -> Floats:
        """(k,) b of each option: 1 where a whole project sits; the share itself where the model has no b."""
        apart = (self.least > 0) & ~self.committed
        sits = shares > np.minimum(tolerance, self.least / 2)
        return np.where(apart, sits.astype(float), shares)


def build(scenario: Scenario, candidates: Candidates, scales: Mapping[str, float] | None = None) -> Basis:
    """The basis; `scales` are the N_c kept from the base scenario, computed where absent."""
    accepted = _accepted(scenario, candidates)
    committed = candidates.column("committed").astype(bool)[candidates.project]
    admissible, fate = _admission(scenario, candidates, accepted, committed)
    found = {
        name: (scales or {}).get(name, _scale(criterion, candidates, accepted))
        for name, criterion in scenario.criteria.items()
    }
    weights = math.fsum(c.weight for c in scenario.criteria.values())
    factors = {
        name: 100 * criterion.weight / weights / found[name] if found[name] > 0 and weights > 0 else 0.0
        for name, criterion in scenario.criteria.items()
    }
    basis = Basis(
        scenario=scenario,
        candidates=candidates,
        accepted=accepted,
        admissible=admissible,
        fate=fate,
        trimmed=_trims(scenario, candidates, committed),
        scales=found,
        factors=factors,
        points=np.zeros(len(candidates.project)),
        least=_least(candidates),
        committed=committed,
        inside=_inside(scenario, candidates),
    )
    worth = [factors[name] * basis.summand(criterion) for name, criterion in scenario.criteria.items()]
    return replace(basis, points=np.sum(worth, axis=0))


def summand(criterion: Criterion, of: Floats, per: Floats | None) -> Floats:
    """f_c = of, or of − standard · per; the sign turned where lower is better."""
    surplus = of if per is None else of - (criterion.standard or 0.0) * per
    return surplus if criterion.better == "higher" else -surplus


def selected(scenario: Scenario, candidates: Candidates, where: Where) -> Bools:
    """(k,) options that a condition selects, on the amounts as asked."""
    places = scenario.places
    return candidates.matches(where, places, {place: scenario.outer(place) for place in places})


def _scale(criterion: Criterion, candidates: Candidates, accepted: Bools) -> float:
    """N_c = Σ_p max(0, max_z f_c), that of −f_c where nobody counts in favour; `reference` if fixed."""
    if criterion.reference is not None:
        return criterion.reference
    per = candidates.amount(criterion.per) if criterion.per else None
    counts = summand(criterion, candidates.amount(criterion.of), per)
    for sign in (1.0, -1.0):
        best = candidates.largest(np.where(accepted, sign * counts, -np.inf))
        total = exact_sum(best[best > 0])
        if total > 0:
            return total
    return 0.0


def _least(candidates: Candidates) -> Floats:
    units = candidates.column("units").astype(float)
    in_units = candidates.column("min_units").astype(float) / np.maximum(units, 1)
    shares = candidates.column("min_share").astype(float)
    return np.where(units > 0, in_units, shares)[candidates.project]


def _inside(scenario: Scenario, candidates: Candidates) -> dict[str, Bools]:
    places = scenario.places
    inside = {"": np.ones(len(candidates.project), dtype=bool)}
    for zone in scenario.zones:
        within = np.array([zone in scenario.outer(place) for place in places])
        inside[zone] = within[candidates.zone]
    return inside


def _accepted(scenario: Scenario, candidates: Candidates) -> Bools:
    accepted = np.ones(len(candidates.project), dtype=bool)
    for place, name in enumerate(scenario.zones):
        for attribute, values in scenario.zones[name].accepts.items():
            fits = np.isin(candidates.attributes[attribute], values)[candidates.project]
            accepted &= fits | (candidates.zone != place)
    return accepted


def _admission(
    scenario: Scenario, candidates: Candidates, accepted: Bools, committed: Bools
) -> tuple[Bools, NDArray[np.object_]]:
    """Which options pass, (k,), and what becomes of projects without any, (n,)."""
    rejected = ~accepted
    deferred = np.zeros_like(rejected)
    for rule in scenario.rules:
        if isinstance(rule, VetoRule) or (isinstance(rule, StandardRule) and rule.standard.otherwise == "reject"):
            rejected |= failing(rule, scenario, candidates)
        elif isinstance(rule, StandardRule) and rule.standard.otherwise == "discuss":
            deferred |= failing(rule, scenario, candidates)
    admissible = accepted & (committed | ~(rejected | deferred))
    waits = candidates.total((deferred & ~rejected).astype(float)) > 0
    fate = np.where(waits, Decision.DISCUSS, Decision.INADMISSIBLE).astype(object)
    fate[candidates.total(admissible.astype(float)) > 0] = None
    return admissible, fate


def failing(rule: StandardRule | VetoRule, scenario: Scenario, candidates: Candidates) -> Bools:
    """(k,) options that match a veto, or fail a standard they are held to."""
    held = selected(scenario, candidates, rule.where)
    return held if isinstance(rule, VetoRule) else held & _fails(rule.standard, candidates)


def _fails(standard: Standard, candidates: Candidates) -> Bools:
    """(k,) of < at_least · per, or of > at_most · per; a candidate without a limit never fails."""
    of = candidates.amount(standard.of)
    per = candidates.amount(standard.per) if standard.per else np.ones(len(of))
    fails = np.zeros(len(of), dtype=bool)
    for limit, sign in ((standard.at_least, 1.0), (standard.at_most, -1.0)):
        if limit is not None:
            bar = limits(limit, candidates) * per
            # NaN, where no limit applies, compares as false.
            fails |= sign * (bar - of) > ROUNDING * np.abs(bar)
    return fails


def _trims(scenario: Scenario, candidates: Candidates, committed: Bools) -> dict[str, Floats]:
    """Amounts of measures that are cut to what a limit allows: per = of / limit, the tightest counts."""
    cut: dict[str, Floats] = {}
    for rule in scenario.rules:
        if not isinstance(rule, StandardRule) or rule.standard.otherwise != "trim":
            continue
        standard = rule.standard
        if standard.per is None or standard.at_least is None:
            continue
        fails = failing(rule, scenario, candidates) & ~committed
        limit = limits(standard.at_least, candidates)
        with np.errstate(divide="ignore", invalid="ignore"):
            allowed = np.maximum(candidates.amount(standard.of) / limit, 0.0)
        asked = cut.get(standard.per, candidates.amount(standard.per))
        cut[standard.per] = np.where(fails & (limit > 0), np.minimum(asked, allowed), asked)
    return cut


def limits(limit: float | LimitTable, candidates: Candidates) -> Floats:
    """(k,) the limit of each option's project; NaN where none applies."""
    if not isinstance(limit, LimitTable):
        return np.full(len(candidates.project), float(limit))
    absent = math.nan if limit.default is None else limit.default
    codes = candidates.attributes[limit.key]
    found = {code: _look_up(code, limit.limits) for code in dict.fromkeys(codes) if code is not None}
    values = [absent if (value := found.get(code)) is None else value for code in codes]
    return np.array(values, dtype=float)[candidates.project]


def _look_up(code: str, table: Mapping[str, float]) -> float | None:
    """The limit of the longest prefix of the code; of equally long ones a prefix goes before a range."""
    best: tuple[int, bool] = (-1, False)
    found: float | None = None
    for entry, value in table.items():
        ends = [part.strip() for part in re.split("[-–—~～至]", entry)]
        is_range = len(ends) == 2 and len(ends[0]) == len(ends[1]) and ends[0] <= ends[1]
        length = len(ends[0]) if is_range else len(entry)
        head = code[:length]
        fits = len(head) == length and (ends[0] <= head <= ends[1] if is_range else head == entry)
        rank = (length, not is_range)
        if fits and rank > best:
            best, found = rank, value
    return found
