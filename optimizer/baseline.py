"""The scoring sheet: what the traditional way would have done with the same resources.

Every candidate gets points by itself, the list is sorted, and one after the other takes what it asks for until
something is used up.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from ..models.criterion import Criterion
from ..models.rule import MixRule
from ..models.scenario import Scenario
from .candidates import Bools, Candidates, Floats, Ints
from .formulate import is_whole
from .geography import Geography
from .limits import HardLimits, hard_limits

ROOM = 1e-9
"""A limit may be passed by this part of max(1, |limit|): rounding must not shut a project out."""


def marks(criterion: Criterion, asked: Candidates) -> Floats:
    """(n,) u: linear from standard (0) to full marks (1, else the best ratio of the candidates), clipped.

    No denominator and of > 0: 1 (better: lower: 0). Without `per`: amount / largest amount (better: lower: 1 − that).
    """
    of = asked.amounts[criterion.of]
    lower = criterion.better == "lower"
    if criterion.per is None:
        largest = float(of.max(initial=0.0))
        u = np.clip(of / largest, 0.0, 1.0) if largest > 0 else np.zeros_like(of)
        return 1.0 - u if lower else u
    per = asked.amounts[criterion.per]
    divides = per > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(divides, of / per, np.nan)
    zero = criterion.standard or 0.0
    full = criterion.full_marks
    if full is None:
        full = zero if not divides.any() else float(np.nanmin(ratio) if lower else np.nanmax(ratio))
    reached = ratio <= full if lower else ratio >= full
    u = reached.astype(float) if full == zero else (ratio - zero) / (full - zero)
    without = 0.0 if lower else 1.0
    return np.where(divides, np.clip(u, 0.0, 1.0), np.where(of > 0, without, 0.0))


def sheet_points(scenario: Scenario, asked: Candidates) -> Floats:
    """(n,) points on the scoring sheet, 0 … 100: 100 · Σ (weight / Σ weights) · u, on the amounts as asked."""
    weights = sum(c.weight for c in scenario.criteria.values())
    points = np.zeros(len(asked))
    for name in sorted(scenario.criteria):
        criterion = scenario.criteria[name]
        points += 100.0 * criterion.weight / weights * marks(criterion, asked)
    return points


@dataclass
class Mixes:
    """Which values of an attribute are present where a mix allows only so many."""

    rule: MixRule
    members: list[Bools]
    values: list[str | None]
    """of each option"""
    present: list[Counter[str]]

    def allows(self, option: int) -> bool:
        value = self.values[option]
        return value is None or all(
            not here[option] or value in seen or len(seen) < self.rule.mix.at_most
            for here, seen in zip(self.members, self.present, strict=True)
        )

    def take(self, option: int) -> None:
        value = self.values[option]
        if value is not None:
            for here, seen in zip(self.members, self.present, strict=True):
                if here[option]:
                    seen[value] += 1


def mixes(scenario: Scenario, candidates: Candidates) -> list[Mixes]:
    """The hard mixes, nothing present yet."""
    geography = Geography(scenario, candidates)
    result = []
    for rule in scenario.rules:
        if isinstance(rule, MixRule) and rule.soft is None:
            chosen = geography.matches(rule.where)
            members = [chosen & here for _, here in geography.each(rule)]
            values = candidates.attributes[rule.mix.of][candidates.project].tolist()
            result.append(Mixes(rule, members, values, [Counter() for _ in members]))
    return result


@dataclass
class Filling:
    """The plan of the scoring sheet while it grows."""

    candidates: Candidates
    limits: HardLimits
    room: Floats
    """(rows,) what is left of every limit"""
    mixes: list[Mixes]
    shares: Floats

    def largest(self, option: int) -> float:
        """The largest share for which this option still fits, b being set; 0 if none."""
        rows, x, b = self.limits.of(option)
        left = self.room[rows] - b
        slack = ROOM * np.maximum(1.0, np.abs(self.limits.limit[rows]))
        if np.any((left < -slack) & ((b > 0) | (x > 0))) or not all(m.allows(option) for m in self.mixes):
            return 0.0
        takes = x > 0
        share = float((np.maximum(left[takes], 0.0) / x[takes]).min(initial=1.0))
        return 1.0 if share > 1.0 - ROOM else share

    def take(self, option: int, share: float) -> None:
        rows, x, b = self.limits.of(option)
        self.room[rows] -= x * share + b
        self.shares[option] = share
        for m in self.mixes:
            m.take(option)

    def admit(self, options: Ints, least: float, units: int, divisible: bool) -> bool:
        """Give a project what it can get; True if it got something."""
        if divisible:
            wanted = 1.0
            for option in options.tolist():
                share = min(wanted, self.largest(option))
                if share > 0 and wanted > 0:
                    self.take(option, share)
                    wanted -= share
            return wanted < 1.0
        for option in options.tolist():
            share = self.largest(option)
            if units:
                share = np.floor(share * units + ROOM) / units
            if share >= least - ROOM and share > 0:
                self.take(option, share)
                return True
        return False


def fill(scenario: Scenario, asked: Candidates, candidates: Candidates) -> tuple[Floats, list[str]]:
    """(shares of the competing options, ids in the order taken) of the scoring sheet."""
    limits = hard_limits(scenario, candidates)
    filling = Filling(
        candidates,
        limits,
        limits.limit.copy(),
        mixes(scenario, candidates),
        np.zeros(len(candidates.project)),
    )
    table = candidates.table
    whole, units = is_whole(candidates), table["units"].to_numpy()
    least = np.where(whole, 1.0, np.where(units > 0, table["min_units"] / np.maximum(units, 1), table["min_share"]))
    divisible = ~whole & (units == 0) & (table["min_share"].to_numpy() == 0)
    committed = table["committed"].to_numpy()
    points = sheet_points(scenario, asked)
    start = np.searchsorted(candidates.project, np.arange(len(candidates) + 1))
    waiting = [
        int(p)
        for p in np.lexsort((np.arange(len(points)), -np.round(points, 9), ~committed))
        if start[p] < start[p + 1]
    ]
    taken: list[str] = []
    i = 0
    while i < len(waiting):
        p = waiting[i]
        options = np.arange(start[p], start[p + 1])
        got = filling.admit(options, float(least[p]), int(units[p]) * (not whole[p]), bool(divisible[p]))
        if not got and committed[p]:
            filling.take(int(options[0]), 1.0)
            got = True
        if not got:
            i += 1
            continue
        taken.append(str(candidates.ids[p]))
        del waiting[i]
        if any(limits.eases(o) for o in options.tolist()):
            i = 0  # it made room: those passed over may fit now
    return filling.shares, taken
