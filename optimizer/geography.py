"""Zones within zones: which options a zone's row counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..models.rule import Measured
from ..models.scenario import Scenario
from ..models.where import Where
from .candidates import Bools, Candidates


@dataclass(frozen=True, eq=False)
class Geography:
    """The places of a scenario as masks over the options of its candidates."""

    scenario: Scenario
    candidates: Candidates

    @property
    def outer(self) -> dict[str, tuple[str, ...]]:
        """place -> the zones it lies within, itself first."""
        return {place: self.scenario.outer(place) for place in self.scenario.places}

    def within(self, zone: str) -> Bools:
        """(k,) options in the zone or in one within it; the empty zone is the region."""
        if not zone:
            return np.ones(len(self.candidates.project), dtype=bool)
        inside = np.array([zone in self.scenario.outer(place) for place in self.scenario.places])
        return inside[self.candidates.zone]

    def at(self, zone: str) -> Bools:
        """(k,) options in that very zone, not in one within it."""
        here: Bools = self.candidates.zone == self.scenario.places.index(zone)
        return here

    def outermost(self) -> list[str]:
        """Zones that lie within no other; without zones the region."""
        return [z for z in self.scenario.places if len(self.scenario.outer(z)) == 1]

    def matches(self, where: Where) -> Bools:
        """(k,) options that a condition selects."""
        return self.candidates.matches(where, self.scenario.places, self.outer)

    def each(self, rule: Measured) -> list[tuple[str, Bools]]:
        """The rows of a rule: (value of `each`, options that belong to it); one row without a value if no `each`.

        Values are sorted, so that no order of the file shows in the answer.
        """
        if rule.each is None:
            return [("", self.within(""))]
        if rule.each == "zone":
            return [(zone, self.within(zone)) for zone in sorted(self.scenario.zones)]
        column = self.candidates.attributes[rule.each]
        values = sorted({v for v in column.tolist() if v is not None})
        return [(value, (column == value)[self.candidates.project]) for value in values]
