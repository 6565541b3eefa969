"""The contract in plain Python: who may compete, what counts, and every row, one project and zone at a time.

Written from the contract alone, for `brute.py`; it shares nothing with the product but its nouns.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from typing import Any

from landalloc.models.scenario import Scenario
from landalloc.optimizer.candidates import Candidates

Site = tuple[str, str]
"""Project id, zone id."""


@dataclass
class Row:
    """lo ≤ Σ share · x + Σ presence · b ≤ hi; cost: points per unit of shortfall, None for a hard row."""

    lo: float = -inf
    hi: float = inf
    share: dict[Site, float] = field(default_factory=dict)
    presence: dict[Site, float] = field(default_factory=dict)
    cost: float | None = None


@dataclass
class Candidate:
    id: str
    attributes: dict[str, str | None]
    committed: bool
    min_share: float
    units: int
    min_units: int
    asked: dict[str, dict[str, float]]  # zone -> measure -> amount
    makes: dict[str, float]
    allowed: dict[str, dict[str, float]] = field(default_factory=dict)  # admissible zone -> amounts, trimmed
    fate: str = ""

    @property
    def whole(self) -> bool:
        return self.committed or self.units > 0 or self.min_share > 0


class World:
    """A scenario in the contract's own words."""

    def __init__(self, scenario: Scenario, columns: Candidates, scales: dict[str, float] | None = None) -> None:
        self.scenario = scenario
        self.zones = list(scenario.zones) or [""]
        self.candidates = _unfold(scenario, columns)
        for candidate in self.candidates.values():
            self._admit(candidate)
        self.scales = scales or {name: self._scale(c) for name, c in scenario.criteria.items()}
        self.weights = sum(c.weight for c in scenario.criteria.values())
        self.sites = [(c.id, zone) for c in self.candidates.values() for zone in c.allowed]
        self.points = {site: self._points(self.amounts(site)) for site in self.sites}
        self._write()

    def amounts(self, site: Site) -> dict[str, float]:
        return self.candidates[site[0]].allowed[site[1]]

    def inside(self, zone: str, outer: str) -> bool:
        """Whether a zone is, or lies within, the outer one; everything lies in the region."""
        step: str | None = zone
        while outer and step is not None:
            if step == outer:
                return True
            step = self.scenario.zones[step].within if step in self.scenario.zones else None
        return not outer

    # Who may compete

    def matches(self, where: Any, candidate: Candidate, zone: str) -> bool:
        amounts = candidate.asked[zone]
        return (
            (not where.id or candidate.id in where.id)
            and (not where.zone or any(self.inside(zone, z) for z in where.zone))
            and all(candidate.attributes[key] in values for key, values in where.attributes.items())
            and all(
                (b.at_least is None or amounts[m] >= b.at_least) and (b.at_most is None or amounts[m] <= b.at_most)
                for m, b in where.measures.items()
            )
            and (where.exclude is None or not self.matches(where.exclude, candidate, zone))
        )

    def _limit(self, limit: Any, candidate: Candidate) -> float | None:
        if limit is None or isinstance(limit, float):
            return limit
        code = candidate.attributes[limit.key]
        best, found = -1, limit.default
        for key, value in limit.limits.items() if code is not None else ():
            first, _, last = key.partition("-")
            span = range(int(first), int(last) + 1) if last else ()
            length = len(first)
            fits = (code[:length].isdigit() and int(code[:length]) in span) if last else code.startswith(key)
            if fits and length > best:
                best, found = length, value
        return found

    def _admit(self, candidate: Candidate) -> None:
        found = set()
        for zone, asked in candidate.asked.items():
            cut, verdicts = dict(asked), set()
            for rule in [] if candidate.committed else self.scenario.rules:
                if rule.kind == "veto" and self.matches(rule.where, candidate, zone):
                    verdicts.add("reject")
                elif rule.kind == "standard" and self.matches(rule.where, candidate, zone):
                    verdicts.add(self._test(rule.standard, candidate, asked, cut))
            verdict = "reject" if "reject" in verdicts else "discuss" if "discuss" in verdicts else ""
            found.add(verdict)
            if not verdict:
                candidate.allowed[zone] = cut
        if not candidate.allowed:
            candidate.fate = "discuss" if "discuss" in found else "inadmissible"

    def _test(self, standard: Any, candidate: Candidate, asked: dict[str, float], cut: dict[str, float]) -> str:
        """What an admission test says: reject, discuss or nothing; a trim cuts."""
        of, per = asked[standard.of], asked[standard.per] if standard.per else 1.0
        low, high = (self._limit(limit, candidate) for limit in (standard.at_least, standard.at_most))
        fails = (low is not None and of < low * per) or (high is not None and of > high * per)
        if fails and standard.otherwise == "trim":
            cut[standard.per] = min(cut[standard.per], of / low)
            return ""
        return standard.otherwise if fails else ""

    # What counts

    def _summand(self, criterion: Any, amounts: dict[str, float]) -> float:
        of, per = amounts.get(criterion.of, 0.0), amounts.get(criterion.per, 0.0) if criterion.per else 0.0
        standard = criterion.standard or 0.0
        return of - standard * per if criterion.better == "higher" else standard * per - of

    def _scale(self, criterion: Any) -> float:
        if criterion.reference is not None:
            return float(criterion.reference)
        counts = [[self._summand(criterion, a) for a in c.asked.values()] for c in self.candidates.values()]
        favour = sum(max(0.0, *own) for own in counts if own)
        return favour or sum(max(0.0, *(-f for f in own)) for own in counts if own)

    def _points(self, amounts: dict[str, float]) -> float:
        return sum(
            100 * c.weight / self.weights * self._summand(c, amounts) / self.scales[name]
            for name, c in self.scenario.criteria.items()
            if self.scales[name]
        )

    # The rows

    def _write(self) -> None:
        self.supplies: dict[tuple[str, str], Row] = {}
        self.named: set[tuple[str, str]] = set()
        self.rows: list[Row] = []
        self.together: list[tuple[list[list[Site]], float]] = []  # soft ones: sites of each member, cost
        self.synergies: list[tuple[list[list[Site]], float]] = []  # sites of each member, points
        self.mixes: list[tuple[list[tuple[Site, str]], int, float | None]] = []
        self.even: list[tuple[list[dict[Site, float]], float, float | None]] = []
        for measure in self.scenario.measures:
            self._supply(measure)
        self.moves = [
            ((m, zone), (noun.also_served_by, zone))
            for m, noun in self._grades()
            for low, zone in list(self.supplies)
            if low == m and (noun.also_served_by, zone) in self.named
        ]
        for rule in self.scenario.rules:
            getattr(self, f"_{rule.kind}", lambda rule: None)(rule)
        self.classes: list[list[Site]] = []
        free = list(self.sites)
        for where in self.scenario.tiers:
            self.classes.append([s for s in free if self.matches(where, self.candidates[s[0]], s[1])])
            free = [s for s in free if s not in self.classes[-1]]

    def _grades(self) -> list[tuple[str, Any]]:
        """Measures that another serves, the lowest grade first."""
        measures = self.scenario.measures

        def height(m: str) -> int:
            above = measures[m].also_served_by
            return 1 + height(above) if above else 0

        return [(m, measures[m]) for m in sorted(measures, key=height, reverse=True) if measures[m].also_served_by]

    def _net(self, measure: str, sites: list[Site], made: float = 1.0) -> dict[Site, float]:
        return {s: self.amounts(s)[measure] - made * self.candidates[s[0]].makes.get(measure, 0.0) for s in sites}

    def _supply(self, measure: str) -> None:
        zones, noun = self.scenario.zones, self.scenario.measures[measure]
        found: list[tuple[str, float, list[Site]]] = []
        if measure in self.scenario.supply:
            found.append(("", self.scenario.supply[measure].amount, self.sites))
        namers = [z for z in zones if measure in zones[z].supply]
        for zone in zones:
            if zone in namers:
                found.append((zone, zones[zone].supply[measure].amount, self._in(zone)))
            elif namers and not any(self.inside(zone, outer) for outer in namers):
                self.supplies[measure, zone] = Row(hi=0.0, share=self._net(measure, self._at(zone)))
        made = any(measure in c.makes for c in self.candidates.values())
        levels = [z for z in self.zones if not z or zones[z].within is None] if noun.balance == "zone" else [""]
        if made and not found:
            found = [(zone, 0.0, self._in(zone)) for zone in levels]
        for zone, amount, sites in found:
            self.named.add((measure, zone))
            self.supplies[measure, zone] = Row(hi=amount, share=self._net(measure, sites))
        if noun.must_use is not None and made:
            self.rows += [Row(lo=0.0, share=self._net(measure, self._in(z), noun.must_use)) for z in levels]

    def _in(self, outer: str) -> list[Site]:
        return [s for s in self.sites if self.inside(s[1], outer)]

    def _at(self, zone: str) -> list[Site]:
        return [s for s in self.sites if s[1] == zone]

    def _of(self, project: str) -> list[Site]:
        return [s for s in self.sites if s[0] == project]

    def _selected(self, where: Any, sites: list[Site]) -> list[Site]:
        return [s for s in sites if self.matches(where, self.candidates[s[0]], s[1])]

    def _each(self, rule: Any) -> Iterator[tuple[str, list[Site]]]:
        if rule.each is None:
            yield "", self.sites
        elif rule.each == "zone":
            for zone in self.zones:
                yield zone, self._in(zone)
        else:
            for value in sorted({c.attributes[rule.each] for c in self.candidates.values()} - {None}):
                yield value, [s for s in self.sites if self.candidates[s[0]].attributes[rule.each] == value]

    def _bound(self, bound: str, limit: float, standing: float, soft: Any, unit: float, **terms: Any) -> None:
        cost = None if soft is None else soft.points / (soft.per or unit)
        lo = -inf if bound == "at_most" else limit - standing
        hi = inf if bound == "at_least" else limit - standing
        self.rows.append(Row(lo, hi, cost=cost, **terms))

    def _total(self, rule: Any) -> None:
        for value, sites in self._each(rule):
            standing = rule.total.existing
            standing = standing.get(value, 0.0) if isinstance(standing, dict) else standing
            share = {s: self.amounts(s)[rule.total.of] for s in self._selected(rule.where, sites)}
            for bound, limit in rule.total.bounds():
                self._bound(bound, limit, standing, rule.soft, abs(limit) / 100, share=share)

    def _count(self, rule: Any) -> None:
        for value, sites in self._each(rule):
            standing = rule.count.existing
            standing = standing.get(value, 0.0) if isinstance(standing, dict) else standing
            presence = dict.fromkeys(self._selected(rule.where, sites), 1.0)
            for bound, limit in rule.count.bounds():
                self._bound(bound, limit, standing, rule.soft, abs(limit) / 100, presence=presence)

    def _ratio(self, rule: Any) -> None:
        ratio = rule.ratio
        for value, sites in self._each(rule):
            standing = ratio.existing.get(value) if isinstance(ratio.existing, dict) else ratio.existing
            of, per = (standing.of, standing.per) if standing else (0.0, 0.0)
            both = self._selected(rule.where, sites)
            above, below = self._selected(rule.of_where, both), self._selected(rule.per_where, both)
            for bound, limit in ratio.bounds():
                share = dict.fromkeys(both, 0.0)
                for s in above:
                    share[s] += self.amounts(s)[ratio.of]
                for s in below:
                    share[s] -= limit * self.amounts(s)[ratio.per]
                self._bound(bound, limit * per, of, rule.soft, 1.0, share=share)

    def _requires(self, rule: Any) -> None:
        for needed in rule.requires.needs:
            share = dict.fromkeys(self._of(rule.requires.project), 1.0)
            presence = dict.fromkeys(self._of(needed), -1.0)
            self._bound("at_most", 0.0, 0.0, rule.soft, 1.0, share=share, presence=presence)

    def _exclusive(self, rule: Any) -> None:
        presence = {s: 1.0 for member in rule.exclusive for s in self._of(member)}
        self._bound("at_most", 1.0, 0.0, rule.soft, 1.0, presence=presence)

    def _together(self, rule: Any) -> None:
        members = [self._of(member) for member in rule.together]
        if rule.soft is not None:
            self.together.append((members, rule.soft.points / (rule.soft.per or 1.0)))
            return
        for other in members[1:]:
            equal = dict.fromkeys(members[0], 1.0) | dict.fromkeys(other, -1.0)
            self.rows.append(Row(0.0, 0.0, share=equal))

    def _synergy(self, rule: Any) -> None:
        gain = self._points(rule.synergy.adds)
        members = [self._of(member) for member in rule.synergy.projects]
        if not rule.synergy.same_zone:
            self.synergies.append((members, gain))
            return
        for zone in self.zones:
            self.synergies.append(([[s for s in own if s[1] == zone] for own in members], gain))

    def _mix(self, rule: Any) -> None:
        cost = None if rule.soft is None else rule.soft.points / (rule.soft.per or 1.0)
        for _, sites in self._each(rule):
            values = {s: self.candidates[s[0]].attributes[rule.mix.of] for s in self._selected(rule.where, sites)}
            self.mixes.append(([(s, v) for s, v in values.items() if v is not None], rule.mix.at_most, cost))

    def _even_use(self, rule: Any) -> None:
        of, uses = rule.even_use.of, []
        for zone, noun in self.scenario.zones.items():
            supply = noun.supply[of].amount if of in noun.supply else 0.0
            needs = {s: self.amounts(s)[of] for s in self._in(zone)}
            wanted = sum(max(0.0, *(a for s, a in needs.items() if s[0] == p)) for p in {s[0] for s in needs})
            if supply > 0 and wanted >= supply:
                uses.append({s: a / supply for s, a in needs.items()})
        if len(uses) > 1:
            cost = None if rule.soft is None else 100 * rule.soft.points / (rule.soft.per or 1.0)
            self.even.append((uses, rule.even_use.within, cost))


def _unfold(scenario: Scenario, columns: Candidates) -> dict[str, Candidate]:
    """The columns as one object per project."""
    zones = list(scenario.zones) or [""]
    unfolded = {}
    amounts = {m: columns.amount(m) for m in scenario.measures}
    for row, project in enumerate(columns.ids):
        asked = {
            zones[columns.zone[o]]: {m: float(amounts[m][o]) for m in scenario.measures}
            for o in range(len(columns.project))
            if columns.project[o] == row
        }
        cells = columns.table.iloc[row]
        unfolded[project] = Candidate(
            id=project,
            attributes={name: column[row] for name, column in columns.attributes.items()},
            committed=bool(cells["committed"]),
            min_share=float(cells["min_share"]),
            units=int(cells["units"]),
            min_units=int(cells["min_units"]),
            asked=asked,
            makes={m: float(made[row]) for m, made in columns.makes.items() if made[row]},
        )
    return unfolded
