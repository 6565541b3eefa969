"""The rows of the model, written down again from the scenario: supplies, must_use, rules and tiers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..candidates import Bools
from .basis import Basis
from .ledger import Ledger, Rows
from .rules import write_rule


def write_rows(basis: Basis, tier_values: tuple[float, ...] = ()) -> Rows:
    """Every row but the projects' own."""
    ledger = Ledger()
    _supplies(basis, ledger)
    _must_use(basis, ledger)
    for rule in basis.scenario.rules:
        write_rule(rule, basis, ledger)
    for number, (members, value) in enumerate(zip(tier_classes(basis), tier_values, strict=False), start=1):
        ledger.row(f"tier|{number}", -1, value, np.where(members, basis.points, 0.0))
    return ledger.close()


@dataclass(frozen=True, eq=False)
class Level:
    """A place where a measure is balanced: a zone, or the region (empty name)."""

    zone: str
    supply: float
    options: Bools
    """(k,) options that count there."""
    named: bool
    """False: the implied 0 of a zone that names no supply."""


def levels(basis: Basis, measure: str) -> list[Level]:
    """Where the supply of a measure binds: every place that names one and the implied 0 of zones that do not;
    for a measure that is only made, supply 0 at the level of its balance."""
    scenario = basis.scenario
    naming = {zone for zone, nouns in scenario.zones.items() if measure in nouns.supply}
    found: list[Level] = []
    if measure in scenario.supply:
        found.append(Level("", scenario.supply[measure].amount, basis.inside[""], True))
    for place, zone in enumerate(scenario.zones):
        if zone in naming:
            supply = scenario.zones[zone].supply[measure].amount
            found.append(Level(zone, supply, basis.inside[zone], True))
        elif naming and naming.isdisjoint(scenario.outer(zone)):
            found.append(Level(zone, 0.0, basis.candidates.zone == place, False))
    if not found and measure in basis.candidates.makes:
        found = [Level(zone, 0.0, basis.inside[zone], True) for zone in balanced_at(basis, measure)]
    return found


def balanced_at(basis: Basis, measure: str) -> tuple[str, ...]:
    """Zones in which what is made is balanced; the empty name is the region."""
    return basis.outermost if basis.scenario.measures[measure].balance == "zone" else ("",)


def _supplies(basis: Basis, ledger: Ledger) -> None:
    """Σ needs · x − Σ makes · x ≤ supply + g (lower grade) − g (higher grade)."""
    measures = basis.scenario.measures
    places = {measure: {level.zone: level for level in levels(basis, measure)} for measure in measures}
    written: dict[tuple[str, str], int] = {}

    def moved(measure: str, zone: str) -> str | None:
        """The grade that serves the measure there."""
        above = measures[measure].also_served_by
        served = above is not None and zone in places[above] and places[above][zone].named
        return above if served else None

    def write(measure: str, zone: str) -> int:
        if (measure, zone) not in written:
            level = places[measure][zone]
            need, made = basis.amount(measure), basis.candidates.made(measure)
            here = level.options & basis.admissible
            name = f"supply|{measure}|{zone}"
            written[measure, zone] = ledger.row(name, 1, level.supply, np.where(here, need - made, 0.0))
        return written[measure, zone]

    for measure in sorted(measures, key=lambda name: -_grade(basis, name)):
        need, made = basis.amount(measure), basis.candidates.made(measure)
        touched = basis.admissible & ((need != 0) | (made != 0))
        for zone, level in places[measure].items():
            if not np.any(touched & level.options) and (measure, zone) not in written:
                continue
            row = write(measure, zone)
            above = moved(measure, zone)
            if above is not None:
                # The higher grade's row stands even where nobody needs that grade itself.
                ledger.moves.append((row, write(above, zone)))


def _grade(basis: Basis, measure: str) -> int:
    """How many grades serve the measure, one above the other: 0 for the highest."""
    height, above = 0, basis.scenario.measures[measure].also_served_by
    while above is not None and height < len(basis.scenario.measures):
        height, above = height + 1, basis.scenario.measures[above].also_served_by
    return height


def _must_use(basis: Basis, ledger: Ledger) -> None:
    """Σ needs · x − f · Σ makes · x ≥ 0."""
    for measure, noun in basis.scenario.measures.items():
        if noun.must_use is None or measure not in basis.candidates.makes:
            continue
        made = basis.candidates.made(measure)
        for zone in balanced_at(basis, measure):
            here = basis.inside[zone] & basis.admissible
            if np.any(made[here] != 0):
                net = np.where(here, basis.amount(measure) - noun.must_use * made, 0.0)
                ledger.row(f"must_use|{measure}|{zone}", -1, 0.0, net)


def tier_classes(basis: Basis) -> list[Bools]:
    """(k,) admissible options of each class; an option belongs to the first it matches."""
    free = basis.admissible.copy()
    classes = []
    for where in basis.scenario.tiers:
        classes.append(free & basis.select(where))
        free &= ~classes[-1]
    return classes
