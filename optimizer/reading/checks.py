"""What contradicts itself or means nothing in measures, supplies, zones, criteria and tiers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np

from ...models.amount import Amount
from ...models.criterion import Criterion
from ...models.project import RESERVED
from ...models.quantity import QuantityError, factor, unit
from ...models.scenario import Scenario
from ...models.where import Where
from ..candidates import Bools
from .findings import Findings, shown
from .places import Places
from .projects import Projects

Parts = tuple[str | int, ...]

_FOLDER = re.compile(r'[^\\/:*?"<>|\x00-\x1f.\s][^\\/:*?"<>|\x00-\x1f]{0,79}')
_WORDS = RESERVED | {"not"}


@dataclass(frozen=True, eq=False)
class Checker:
    """A scenario under examination; the projects are missing where they could not be read."""

    scenario: Scenario
    projects: Projects | None
    complete: bool
    """Whether every project and attribute was read: else names may be missing for another reason."""
    places: Places
    found: Findings

    def measure(self, name: str | None, *at: str | int) -> bool:
        """Whether a measure is declared; noted if not."""
        if name is None or name in self.scenario.measures:
            return name is not None
        self.found.unknown("unknown-measure", self.places.at(*at), name, self.scenario.measures)
        return False

    def attribute(self, name: str, *at: str | int) -> bool:
        """Whether an attribute is declared; noted if not."""
        if name in self.scenario.attributes:
            return True
        if name in self.scenario.measures:
            self.found.add("where-measure", self.places.at(*at), name=name)
        else:
            self.found.unknown("unknown-attribute", self.places.at(*at), name, self.scenario.attributes)
        return False

    def zone(self, name: str, *at: str | int) -> bool:
        """Whether a zone is declared; noted if not."""
        if name not in self.scenario.zones:
            self.found.unknown("unknown-zone", self.places.at(*at), name, self.scenario.zones)
        return name in self.scenario.zones

    def project(self, name: str, *at: str | int) -> None:
        """Note a project that is not there."""
        if self.projects is not None and self.complete and self.projects.candidates.row_of(name) < 0:
            self.found.unknown("unknown-project", self.places.at(*at), name, self.projects.candidates.ids)

    def values(self, attribute: str, values: Iterable[str], *at: str | int) -> None:
        """Note the values of an attribute that no project has."""
        if self.projects is not None and self.complete:
            have = {one for one in self.projects.candidates.attributes[attribute].tolist() if one is not None}
            for value in values:
                if value not in have:
                    place = self.places.at(*at)
                    self.found.unknown("unknown-value", place, value, have, attribute=attribute)

    def where(self, where: Where, *at: str | int) -> None:
        """A condition: names that nobody declared, comparisons with nothing or with crossed bounds."""
        for one in where.id:
            self.project(one, *at, "id")
        for zone in where.zone:
            self.zone(zone, *at, "zone")
        for name, values in where.attributes.items():
            if self.attribute(name, *at, name):
                self.values(name, values, *at, name)
        for name, bounds in where.measures.items():
            place = self.places.at(*at, name)
            if not self.measure(name, *at, name) or self.found.under(place.path):
                continue
            if bounds.at_least is None and bounds.at_most is None:
                self.found.add("where-bounds", place, name=name)
            self.crossed(bounds.at_least, bounds.at_most, *at, name)
        if where.exclude is not None:
            self.where(where.exclude, *at, "not")

    def selected(self, *wheres: Where) -> Bools:
        """(k,) the options that match every condition, all of them sound."""
        assert self.projects is not None
        candidates, places = self.projects.candidates, self.scenario.places
        outer = {place: self.scenario.outer(place) for place in places}
        matches = [candidates.matches(where, places, outer) for where in wheres]
        both: Bools = np.logical_and.reduce(matches)
        return both

    def crossed(self, least: float | None, most: float | None, *at: str | int) -> None:
        """Note bounds that nothing can keep."""
        if least is not None and most is not None and least > most:
            self.found.add("limits-crossed", self.places.at(*at), least=shown(least), most=shown(most))

    def sound(self, *at: str | int) -> bool:
        """Whether nothing is wrong there."""
        return not self.found.under(self.places.at(*at).path)

    def acyclic(self, links: Mapping[str, Iterable[str]], kind: str, at: Mapping[str, Parts]) -> None:
        """Note a circle of links, where its first member stands."""
        try:
            TopologicalSorter({name: [*others] for name, others in links.items()}).prepare()
        except CycleError as error:
            circle = list(reversed(error.args[1]))
            first = next(name for name in circle if name in at)
            path = " → ".join(circle) if len(circle) <= 12 else f"{' → '.join(circle[:12])} → …"
            self.found.add("cycle", self.places.at(*at[first]), path=path, kind=kind)


def check_scenario(checker: Checker) -> None:
    """Everything but the rules and the projects."""
    _names(checker)
    _measures(checker)
    _supplies(checker)
    _zones(checker)
    _criteria(checker)
    for i, tier in enumerate(checker.scenario.tiers):
        checker.where(tier, "tiers", i)
        looked_at = checker.projects is not None and checker.complete and checker.sound("tiers", i)
        if looked_at and not checker.selected(tier).any():
            checker.found.add("selects-nothing", checker.places.at("tiers", i))
    for zone in checker.scenario.defaults.zones or ():
        checker.zone(zone, "defaults", "zones")


def _names(checker: Checker) -> None:
    scenario, found, places = checker.scenario, checker.found, checker.places
    for name, at in [(scenario.name, ("name",)), *((case, ("cases", case)) for case in scenario.cases)]:
        if not _FOLDER.fullmatch(name) or name.rstrip(" .") != name:
            found.add("folder-name", places.key(*at), name=name[:100])
    seen: set[str] = set()
    declared = [(name, ("measures", name)) for name in scenario.measures]
    declared += [(name, ("attributes", str(i))) for i, name in enumerate(scenario.attributes)]
    for name, at in declared:
        if name in _WORDS:
            found.add("reserved-name", places.key(*at), name=name)
        if name in seen:
            found.add("name-twice", places.key(*at), name=name)
        seen.add(name)
    for name, at in [*declared, *((zone, ("zones", zone)) for zone in scenario.zones)]:
        for sign in "|@":
            if sign in name or not name:
                found.add("name-sign", places.key(*at), name=name, sign=sign)


def _measures(checker: Checker) -> None:
    measures = checker.scenario.measures
    for key in ("also_served_by", "includes"):
        links: dict[str, list[str]] = {}
        for name, measure in measures.items():
            other = getattr(measure, key)
            if checker.measure(other, "measures", name, key):
                links[name] = [other]
                _same_unit(checker, name, other, key)
        checker.acyclic(links, key, {name: ("measures", name, key) for name in links})


def _same_unit(checker: Checker, name: str, other: str, key: str) -> None:
    measures = checker.scenario.measures
    try:
        times, by = factor(unit(measures[name].unit), unit(measures[other].unit))
        alike = times == by
    except QuantityError:
        alike = False
    if not alike and checker.sound("measures", name, "unit"):
        place = checker.places.at("measures", name, key)
        units = {"unit": measures[name].unit, "wanted": measures[other].unit}
        checker.found.add("grade-unit", place, name=name, other=other, **units)


def _supplies(checker: Checker) -> None:
    scenario = checker.scenario
    _supply(checker, scenario.supply, "supply")
    for name, zone in scenario.zones.items():
        _supply(checker, zone.supply, "zones", name, "supply")
    for measure, amount in scenario.supply.items():
        naming = [zone for zone, one in scenario.zones.items() if measure in one.supply]
        outer = [zone for zone in naming if not set(scenario.outer(zone)[1:]) & set(naming)]
        total = sum(scenario.zones[zone].supply[measure].amount for zone in outer)
        if outer and abs(total - amount.amount) <= 1e-9 * abs(total):
            place = checker.places.at("supply", measure)
            checker.found.add("region-is-sum", place, name=measure, text=shown(total))


def _supply(checker: Checker, supply: dict[str, Amount], *at: str | int) -> None:
    for name, amount in supply.items():
        if checker.measure(name, *at, name) and amount.amount < 0:
            checker.found.add("supply-negative", checker.places.at(*at, name), text=shown(amount.amount))


def _zones(checker: Checker) -> None:
    links: dict[str, list[str]] = {}
    for name, zone in checker.scenario.zones.items():
        if zone.within is not None and checker.zone(zone.within, "zones", name, "within"):
            links[name] = [zone.within]
        for attribute, values in zone.accepts.items():
            if checker.attribute(attribute, "zones", name, "accepts", attribute):
                checker.values(attribute, values, "zones", name, "accepts", attribute)
    checker.acyclic(links, "within", {name: ("zones", name, "within") for name in links})


def _criteria(checker: Checker) -> None:
    scenario = checker.scenario
    for name, criterion in scenario.criteria.items():
        at = ("criteria", name)
        known = checker.measure(criterion.of, *at, "of")
        if criterion.per is None:
            for key in ("standard", "full_marks"):
                if getattr(criterion, key) is not None:
                    checker.found.add("per-missing", checker.places.at(*at, key), key=key)
        elif checker.measure(criterion.per, *at, "per") and known and checker.sound(*at):
            _standard(checker, name, criterion)
    if not any(one.weight for one in scenario.criteria.values()) and checker.sound("criteria"):
        checker.found.add("weights-zero", checker.places.at("criteria"))


def _standard(checker: Checker, name: str, criterion: Criterion) -> None:
    lower = criterion.better == "lower"
    if lower and criterion.standard is None:
        checker.found.add("standard-missing", checker.places.at("criteria", name))
        return
    standard, marks = criterion.standard or 0.0, criterion.full_marks
    if marks is not None and (marks >= standard if lower else marks <= standard):
        place = checker.places.at("criteria", name, "full_marks")
        checker.found.add("full-marks", place, marks=shown(marks), standard=shown(standard))
