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


LEAST_RUN, MOST_RUN = 32, 32_768
"""Projects that are looked at together."""


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


@dataclass(frozen=True, eq=False)
class Queue:
    """Who waits, as columns; the arrays are by project."""

    start: Ints
    """options start[p]:start[p+1]"""
    least: Floats
    units: Ints
    """0 where it is not made of units, or whole"""
    divisible: Bools
    committed: Bools
    eases: Bools
    """taking it can make room for others"""


@dataclass(frozen=True, eq=False)
class Look:
    """Some of those who wait, in their order, and what each could have if it were next."""

    option: Ints
    """the first of its options that gets something, else its first"""
    gets: Bools
    """it gets something, or only `Filling.admit` can tell"""
    alone: Bools
    """an option before that one, or a mix, counts too"""
    binding: Ints
    """rows that keep any of them from the whole of an option"""


def spread(start: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """(place in `chosen`, entry) of every entry start[i]:start[i+1] of the chosen."""
    count = start[chosen + 1] - start[chosen]
    place = np.repeat(np.arange(len(chosen)), count)
    return place, np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count) + start[chosen][place]


def shares_of(filling: Filling, options: Ints) -> tuple[Floats, Ints]:
    """`Filling.largest` of many options, mixes aside, and the rows that keep any of them from being whole."""
    limits = filling.limits
    place, entry = spread(limits.start, options)
    row, x, b = limits.row[entry], limits.x[entry], limits.b[entry]
    left = filling.room[row] - b
    none = (left < -ROOM * np.maximum(1.0, np.abs(limits.limit[row]))) & ((b > 0) | (x > 0))
    takes = x > 0
    part = np.where(none, 0.0, 1.0)
    part[takes & ~none] = np.minimum(1.0, np.maximum(left, 0.0)[takes & ~none] / x[takes & ~none])
    share = np.ones(len(options))
    np.minimum.at(share, place, part)
    return np.where(share > 1.0 - ROOM, 1.0, share), row[part <= 1.0 - ROOM]


def look(filling: Filling, queue: Queue, projects: Ints) -> Look:
    """What these projects could have now."""
    place, option = spread(queue.start, projects)
    share, binding = shares_of(filling, option)
    project = projects[place]
    units = np.maximum(queue.units, 1)[project]
    share = np.where(queue.units[project] > 0, np.floor(share * units + ROOM) / units, share)
    gets = (share > 0) & (queue.divisible[project] | (share >= queue.least[project] - ROOM))
    open_ = np.zeros(len(option), dtype=bool)
    for m in filling.mixes:
        for members in m.members:
            open_ |= members[option]
    first = np.searchsorted(place, np.arange(len(projects)))
    some, at = np.unique(place[gets], return_index=True)
    first[some] = np.flatnonzero(gets)[at]
    found, alone = queue.committed[projects], np.zeros(len(projects), dtype=bool)
    found[place[gets | open_]] = True
    alone[place[open_]] = True
    alone |= (share[first] < 1.0) & found
    return Look(option[first], found, alone, binding)


def run(filling: Filling, queue: Queue, projects: Ints, seen: Look) -> int:
    """Give those of these projects who get something the whole of their option, one after the other, as far as that
    goes; how many are through. Who gets nothing now gets nothing later: room only shrinks.

    It ends after one that makes room for others, and before one for whom an earlier option or a mix counts too.
    """
    ends = seen.gets & queue.eases[projects]
    most = int(np.argmax(ends)) + 1 if ends.any() else len(projects)
    getters = np.flatnonzero(seen.gets[:most])
    options, limits = seen.option[getters], filling.limits
    place, entry = spread(limits.start, options)
    rows, row = np.unique(limits.row[entry], return_inverse=True)
    x, b = limits.x[entry], limits.b[entry]
    room = np.zeros((len(options) + 1, len(rows)))
    room[0] = filling.room[rows]
    room[place + 1, row] = x + b
    room = np.subtract.accumulate(room, axis=0)  # one after the other: the same rounding as taking each alone
    left = room[place, row] - b
    stops = (left < -ROOM * np.maximum(1.0, np.abs(limits.limit[rows[row]]))) & ((b > 0) | (x > 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        stops |= (x > 0) & (np.maximum(left, 0.0) / x <= 1.0 - ROOM)
    ends = seen.alone[getters]
    ends[place[stops]] = True
    count = int(np.argmax(ends)) if ends.any() else len(options)
    filling.room[rows] = room[count]
    filling.shares[options[:count]] = 1.0
    return int(getters[count]) if count < len(getters) else most


def queue_of(candidates: Candidates, limits: HardLimits) -> Queue:
    """The projects as they wait."""
    table = candidates.table
    whole, units = is_whole(candidates), table["units"].to_numpy()
    least = np.where(whole, 1.0, np.where(units > 0, table["min_units"] / np.maximum(units, 1), table["min_share"]))
    place, _ = spread(limits.start, np.arange(len(candidates.project)))
    eases = np.zeros(len(candidates), dtype=bool)
    eases[candidates.project[place[(limits.x < 0) | (limits.b < 0)]]] = True
    return Queue(
        start=np.searchsorted(candidates.project, np.arange(len(candidates) + 1)),
        least=least,
        units=np.where(whole, 0, units),
        divisible=~whole & (units == 0) & (table["min_share"].to_numpy() == 0),
        committed=table["committed"].to_numpy(dtype=bool),
        eases=eases,
    )


def fill(scenario: Scenario, asked: Candidates, candidates: Candidates) -> tuple[Floats, list[str]]:
    """(shares of the competing options, ids in the order taken) of the scoring sheet.

    The list is gone through one project after the other, and from its top again after each that made room; runs of
    projects that get all of an option, or nothing at all, are done at once.
    """
    limits = hard_limits(scenario, candidates)
    nothing = np.zeros(len(candidates.project))
    filling = Filling(candidates, limits, limits.limit.copy(), mixes(scenario, candidates), nothing)
    queue = queue_of(candidates, limits)
    points = sheet_points(scenario, asked)
    waiting = np.lexsort((np.arange(len(points)), -np.round(points, 9), ~queue.committed))
    waiting = waiting[queue.start[waiting] < queue.start[waiting + 1]]
    taken: list[Ints] = []
    passed: list[Ints] = []
    binding = np.zeros(len(limits.limit), dtype=bool)
    """rows in which room would help somebody who was passed over"""
    at, size = 0, LEAST_RUN
    while at < len(waiting):
        projects = waiting[at : at + size]
        seen = look(filling, queue, projects)
        binding[seen.binding] = True
        count = run(filling, queue, projects, seen)
        got = projects[:count][seen.gets[:count]]
        passed.append(projects[:count][~seen.gets[:count]])
        if not count:
            count = 1
            got = projects[:1] if admitted(filling, queue, int(projects[0])) else projects[:0]
            if not len(got):
                passed.append(projects[:1])
                binding[:] = True
        taken.append(got)
        at += count
        size = min(2 * size, MOST_RUN) if 2 * count > len(projects) else max(size // 2, LEAST_RUN)
        if len(got) and queue.eases[got[-1]] and binding[eased(limits, queue, int(got[-1]))].any():
            waiting, passed, at = np.concatenate([*passed, waiting[at:]]), [], 0  # those passed over may fit now
            binding[:] = False
    order = np.concatenate([np.zeros(0, dtype=np.intp), *taken])
    return filling.shares, candidates.ids[order].tolist()


def admitted(filling: Filling, queue: Queue, project: int) -> bool:
    """Give one project what it can get, one that is committed the whole of its first option at least."""
    options = np.arange(queue.start[project], queue.start[project + 1])
    least, units, divisible = queue.least[project], queue.units[project], queue.divisible[project]
    if filling.admit(options, float(least), int(units), bool(divisible)):
        return True
    if queue.committed[project]:
        filling.take(int(options[0]), 1.0)
    return bool(queue.committed[project])


def eased(limits: HardLimits, queue: Queue, project: int) -> Ints:
    """The rows in which a project can make room."""
    _, entry = spread(limits.start, np.arange(queue.start[project], queue.start[project + 1]))
    return limits.row[entry[(limits.x[entry] < 0) | (limits.b[entry] < 0)]]
