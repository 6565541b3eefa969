"""The hard upper limits of a scenario as sparse rows over its options, for filling a plan one project at a time.

Supplies with grades are written without the substitution columns: that some g ≥ 0 exists is the same as that every
lower grade together with all grades above it keeps within the sum of their supplies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..models.rule import Bounded, CountRule, ExclusiveRule, RatioRule, RequiresRule, TotalRule
from ..models.scenario import Scenario
from .candidates import Candidates, Floats, Ints
from .formulate import SupplyRow, supply_rows
from .geography import Geography
from .rules import existing_of, ratio_existing


@dataclass(frozen=True, eq=False)
class HardLimits:
    """Rows Σ x · share + Σ b ≤ limit, stored by option: entries start[o]:start[o+1]."""

    limit: Floats
    start: Ints
    row: Ints
    x: Floats
    b: Floats

    def of(self, option: int) -> tuple[Ints, Floats, Floats]:
        """(rows, coefficient per share, coefficient of sitting there) of one option."""
        entries = slice(self.start[option], self.start[option + 1])
        return self.row[entries], self.x[entries], self.b[entries]

    def eases(self, option: int) -> bool:
        """Whether taking the option can make room for others."""
        _, x, b = self.of(option)
        return bool((x < 0).any() or (b < 0).any())


Line = tuple[float, Floats, Floats]
"""limit, (k,) coefficient of x, (k,) coefficient of b"""


def grade_sets(rows: list[SupplyRow], scenario: Scenario) -> Iterator[list[SupplyRow]]:
    """Sets of supplies at one place that must hold together: each with all the grades above it.

    A set is closed upwards; only connected sets matter, one tree of grades at a time.
    """
    held = {(row.measure, row.zone): row for row in rows}
    for zone in sorted({row.zone for row in rows}):
        here = [row.measure for row in rows if row.zone == zone]
        above = {m: scenario.measures[m].also_served_by for m in here}
        above = {m: h if h in here and not held[h, zone].implied else None for m, h in above.items()}

        def chain(measure: str, above: dict[str, str | None] = above) -> list[str]:
            higher = above[measure]
            return [measure, *(chain(higher) if higher is not None else [])]

        trees: dict[str, list[str]] = {}
        for measure in here:
            trees.setdefault(chain(measure)[-1], []).append(measure)
        for members in trees.values():
            seen: set[frozenset[str]] = set()
            for size in range(1, len(members) + 1):
                for some in combinations(members, size):
                    closed = frozenset(step for m in some for step in chain(m))
                    if closed not in seen:
                        seen.add(closed)
                        yield [held[m, zone] for m in sorted(closed)]


def supply_lines(scenario: Scenario, candidates: Candidates, geography: Geography) -> Iterator[Line]:
    """Supplies, graded ones as sums."""
    nothing = np.zeros(len(candidates.project))
    for rows in grade_sets(supply_rows(scenario, geography), scenario):
        net = sum(
            (np.where(r.counts, candidates.amount(r.measure) - candidates.made(r.measure), 0.0) for r in rows),
            nothing,
        )
        yield sum(r.supply for r in rows), net, nothing


def sum_lines(rule: TotalRule | CountRule, candidates: Candidates, geography: Geography) -> Iterator[Line]:
    """existing + Σ ≤ limit."""
    nothing = np.zeros(len(candidates.project))
    chosen = geography.matches(rule.where)
    body = rule.total if isinstance(rule, TotalRule) else rule.count
    for each, members in geography.each(rule):
        here = (chosen & members).astype(float)
        for limit in upper(body):
            room = limit - existing_of(body.existing, each)
            if isinstance(rule, TotalRule):
                yield room, here * candidates.amount(rule.total.of), nothing
            else:
                yield room, nothing, here


def ratio_lines(rule: RatioRule, candidates: Candidates, geography: Geography) -> Iterator[Line]:
    """Σ of − r · Σ per ≤ r · existing.per − existing.of."""
    both = geography.matches(rule.where)
    of = candidates.amount(rule.ratio.of) * (both & geography.matches(rule.of_where))
    per = candidates.amount(rule.ratio.per) * (both & geography.matches(rule.per_where))
    for each, members in geography.each(rule):
        stands = ratio_existing(rule, each)
        for r in upper(rule.ratio):
            yield r * stands.per - stands.of, (of - r * per) * members, np.zeros(len(of))


def upper(body: Bounded) -> list[float]:
    """The limits from above: at_most and the upper side of exactly."""
    return [limit for bound, limit in body.bounds() if bound != "at_least"]


def rule_lines(scenario: Scenario, candidates: Candidates, geography: Geography) -> Iterator[Line]:
    """Hard upper limits of rules: at_most and the upper side of exactly, exclusive, requires."""
    nothing = np.zeros(len(candidates.project))

    def options(project: str) -> Floats:
        chosen: Floats = (candidates.ids == project)[candidates.project].astype(float)
        return chosen

    for rule in scenario.rules:
        if getattr(rule, "soft", None) is not None:
            continue
        if isinstance(rule, TotalRule | CountRule):
            yield from sum_lines(rule, candidates, geography)
        elif isinstance(rule, RatioRule):
            yield from ratio_lines(rule, candidates, geography)
        elif isinstance(rule, ExclusiveRule):
            yield 1.0, nothing, sum((options(p) for p in rule.exclusive), nothing)
        elif isinstance(rule, RequiresRule):
            for needed in rule.requires.needs:
                yield 0.0, options(rule.requires.project), -options(needed)


def hard_limits(scenario: Scenario, candidates: Candidates) -> HardLimits:
    """All hard upper limits of a scenario over these candidates."""
    geography = Geography(scenario, candidates)
    lines = [*supply_lines(scenario, candidates, geography), *rule_lines(scenario, candidates, geography)]
    k = len(candidates.project)
    of_x = np.array([x for _, x, _ in lines]).reshape(len(lines), k)
    of_b = np.array([b for _, _, b in lines]).reshape(len(lines), k)
    option, row = np.nonzero(((of_x != 0) | (of_b != 0)).T)
    return HardLimits(
        np.array([limit for limit, _, _ in lines], dtype=float),
        np.searchsorted(option, np.arange(k + 1)),
        row,
        of_x[row, option],
        of_b[row, option],
    )
