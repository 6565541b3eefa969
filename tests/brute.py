"""The best plan of a small scenario by trying everything.

Whole projects are enumerated: every zone, every number of units, in or out. What is left to choose (divisible
shares, shares above a min_share) is a small linear programme of its own for every such pattern; where nothing
is left, the plan is simply added up. Slow and short on purpose.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import inf

from contract import Candidate, Site, World
from programme import Programme

from landalloc.models.scenario import Scenario
from landalloc.optimizer.candidates import Candidates

EPS = 1e-7


@dataclass
class Best:
    """The optimum: objective of the last stage, what each tier reached, and a plan that does it."""

    objective: float
    tiers: tuple[float, ...]
    shares: dict[Site, float]


def brute_force(scenario: Scenario, candidates: Candidates, scales: dict[str, float] | None = None) -> Best | None:
    """The best plan, or None where no plan keeps the hard rules."""
    return Search(scenario, candidates, scales).best()


class Search(World):
    """Every pattern of the whole projects, and the best of each."""

    def patterns(self) -> Iterator[dict[Site, tuple[float, float]]]:
        """What is decided about whole projects: the range left to the share of each present option."""
        return (
            {site: span for choice in choices for site, span in choice.items()}
            for choices in product(*(list(self._choices(c)) for c in self.candidates.values()))
        )

    def _choices(self, candidate: Candidate) -> Iterator[dict[Site, tuple[float, float]]]:
        sites = [(candidate.id, zone) for zone in candidate.allowed]
        if candidate.committed:
            yield from ({s: (1.0, 1.0)} for s in sites)
        elif candidate.units:
            yield {}
            for units in range(candidate.min_units, candidate.units + 1):
                yield from ({s: (units / candidate.units,) * 2} for s in sites)
        elif candidate.min_share > 0:
            yield {}
            yield from ({s: (candidate.min_share, 1.0)} for s in sites)
        elif self.mixes:  # whether a divisible project is present matters there
            for chosen in product((False, True), repeat=len(sites)):
                yield {s: (0.0, 1.0) for s, here in zip(sites, chosen, strict=True) if here}
        else:
            yield dict.fromkeys(sites, (0.0, 1.0))

    def best(self) -> Best | None:
        patterns = list(self.patterns())
        held: list[float] = []
        for stage in [*range(len(self.classes)), None]:
            found: tuple[float, dict[Site, float]] | None = None
            for pattern in patterns:
                answer = self.answer(pattern, stage, held)
                if answer is not None and (found is None or answer[0] > found[0]):
                    found = answer
            if found is None:
                return None
            if stage is None:
                return Best(found[0], tuple(held), found[1])
            held.append(found[0])
        raise AssertionError("the last stage always returns")

    def answer(
        self, pattern: dict[Site, tuple[float, float]], stage: int | None, held: list[float]
    ) -> tuple[float, dict[Site, float]] | None:
        """The best of a pattern for a stage (None: the last): value and shares; None where it does not fit."""
        if all(lo == hi for lo, hi in pattern.values()):
            shares = {s: lo for s, (lo, _) in pattern.items()}
            value = self.add_up(shares, stage, held)
            return None if value is None else (value, shares)
        return self.programme(pattern, stage, held)

    def _worth(self, stage: int | None) -> dict[Site, float]:
        return self.points if stage is None else {s: self.points[s] for s in self.classes[stage]}

    def _too_many(self, present: set[Site]) -> float | None:
        """What mixes cost; None where a hard one is broken."""
        total = 0.0
        for members, most, cost in self.mixes:
            over = max(0, len({value for site, value in members if site in present}) - most)
            if over and cost is None:
                return None
            total += over * (cost or 0.0)
        return total

    def add_up(self, x: dict[Site, float], stage: int | None, held: list[float]) -> float | None:
        """Value of a plan whose every share is given; None where it breaks a hard row."""
        penalties = [
            self._too_many({s for s, v in x.items() if v > EPS}),
            None if self._overdrawn(x) else 0.0,
            *self._short(x),
            *(cost * _spread(members, x) for members, cost in self.together),
            *self._uneven(x),
        ]
        kept = (total(self._worth(k), x) >= value - EPS for k, value in enumerate(held))
        if None in penalties or not all(kept):
            return None
        worth = total(self._worth(stage), x)
        if stage is not None:
            return worth
        for members, gain in self.synergies:
            worth += max(0.0, gain) * min(total(dict.fromkeys(own, 1.0), x) for own in members)
        return worth - sum(cost or 0.0 for cost in penalties)

    def _overdrawn(self, x: dict[Site, float]) -> bool:
        """Whether a supply is, even after what a higher grade can give to a lower one."""
        used = {key: total(row.share, x) for key, row in self.supplies.items()}
        for low, high in self.moves:
            moved = max(0.0, used[low] - self.supplies[low].hi)
            used[low] -= moved
            used[high] += moved
        return any(used[key] > row.hi + EPS for key, row in self.supplies.items())

    def _short(self, x: dict[Site, float]) -> Iterator[float | None]:
        """What each row costs; None where a hard one is broken."""
        b = {s: 1.0 if self.candidates[s[0]].whole else v for s, v in x.items()}
        for row in self.rows:
            reached = total(row.share, x) + total(row.presence, b)
            yield _cost(max(0.0, row.lo - reached, reached - row.hi), row.cost)

    def _uneven(self, x: dict[Site, float]) -> Iterator[float | None]:
        for uses, within, cost in self.even:
            used = [total(use, x) for use in uses]
            yield _cost(max(0.0, max(used) - min(used) - within), cost)

    def programme(
        self, pattern: dict[Site, tuple[float, float]], stage: int | None, held: list[float]
    ) -> tuple[float, dict[Site, float]] | None:
        """The best shares within a pattern, by a linear programme of its own."""
        mixed = self._too_many(set(pattern))
        if mixed is None:
            return None
        lp, worth = Programme(), self._worth(stage)
        x = {s: lp.column(lo, hi, worth.get(s, 0.0)) for s, (lo, hi) in pattern.items()}
        for project in {s[0] for s in x}:
            lp.row(-inf, 1.0, {column: 1.0 for s, column in x.items() if s[0] == project})
        last = 1.0 if stage is None else 0.0  # penalties and synergies count in the last stage alone
        self._supply_rows(lp, x)
        self._rule_rows(lp, x, last)
        self._spread_rows(lp, x, last)
        for members, gain in self.synergies:
            work = lp.column(0.0, 1.0, gain * last)
            for own in members:
                lp.row(-inf, 0.0, _on(dict.fromkeys(own, -1.0), x) | {work: 1.0})
        for number, value in enumerate(held):
            lp.row(value - EPS / 10, inf, _on(self._worth(number), x))
        answer = lp.maximise()
        if answer is None:
            return None
        value, columns = answer
        return value - mixed * last, {s: columns[column] for s, column in x.items()}

    def _supply_rows(self, lp: Programme, x: dict[Site, int]) -> None:
        terms = {key: _on(row.share, x) for key, row in self.supplies.items()}
        for low, high in self.moves:
            moved = lp.column(0.0, inf)
            terms[low][moved], terms[high][moved] = -1.0, 1.0
        for key, row in self.supplies.items():
            lp.row(-inf, row.hi, terms[key])

    def _rule_rows(self, lp: Programme, x: dict[Site, int], last: float) -> None:
        for row in self.rows:
            terms = _on(row.share, x)
            # A whole project in the pattern is present whatever share it is left with.
            constant = sum(a for s, a in row.presence.items() if s in x and self.candidates[s[0]].whole)
            for s, a in row.presence.items():
                if s in x and not self.candidates[s[0]].whole:
                    terms[x[s]] = terms.get(x[s], 0.0) + a
            if row.cost is not None:
                terms[lp.column(0.0, inf, -row.cost * last)] = 1.0
                terms[lp.column(0.0, inf, -row.cost * last)] = -1.0
            lp.row(row.lo - constant, row.hi - constant, terms)

    def _spread_rows(self, lp: Programme, x: dict[Site, int], last: float) -> None:
        for members, cost in self.together:
            _between(lp, [_on(dict.fromkeys(own, 1.0), x) for own in members], 0.0, cost * last)
        for uses, within, cost in self.even:
            _between(lp, [_on(use, x) for use in uses], within, None if cost is None else cost * last)


def total(terms: dict[Site, float], x: dict[Site, float]) -> float:
    return sum(a * x[s] for s, a in terms.items() if s in x)


def _on(terms: dict[Site, float], x: dict[Site, int]) -> dict[int, float]:
    """The terms on columns of the programme; absent sites have no share."""
    return {x[s]: a for s, a in terms.items() if s in x and a}


def _cost(short: float, cost: float | None) -> float | None:
    return None if cost is None and short > EPS else short * (cost or 0.0)


def _spread(members: list[list[Site]], x: dict[Site, float]) -> float:
    taken = [total(dict.fromkeys(own, 1.0), x) for own in members]
    return max(taken) - min(taken)


def _between(lp: Programme, sums: list[dict[int, float]], within: float, cost: float | None) -> None:
    """largest − smallest sum ≤ within, or so much per unit wider."""
    high, low = lp.column(-inf, inf), lp.column(-inf, inf)
    wide = lp.column(0.0, 0.0 if cost is None else inf, -(cost or 0.0))
    lp.row(-inf, within, {high: 1.0, low: -1.0, wide: -1.0})
    for terms in sums:
        lp.row(-inf, 0.0, terms | {high: -1.0})
        lp.row(0.0, inf, terms | {low: -1.0})
