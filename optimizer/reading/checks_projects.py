"""What is wrong or merely suspicious about the candidates, column by column."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...models.finding import Place
from ..candidates import Bools, Floats, Ints
from .checks import Checker
from .findings import listed, shown
from .projects import Projects

MOST_TOLD = 20

OUTLIER = 100.0
"""Times by which a figure must stand away from all others to look like another unit (mu and m² are 667 apart)."""
FEW = 0.1
"""Share of a column that may stand away and still be a slip, not a kind of project of its own."""
ENOUGH = 5
"""Figures that a column must have before any looks odd."""
FAR_APART = 1e7


def check_projects(checker: Checker, projects: Projects) -> None:
    """`projects` as they are solved: netted of what is included."""
    _zones(checker, projects)
    scarce = _scarce(checker, projects)
    for name in scarce:
        _needs(checker, projects, name)
    for name in checker.scenario.measures:
        _looks_wrong(checker, projects, name)
    _supplies(checker, projects, scarce)
    if projects.unsaid.any():
        place = checker.places.at("defaults")
        count, rows = int(projects.unsaid.sum()), len(projects.unsaid)
        checker.found.add("may-be-cut", place, count=count, rows=rows)


def _at(projects: Projects, row: int, *key: str) -> Place:
    place = projects.place(projects.candidates.ids[row], key)
    assert place is not None
    return place


def _zones(checker: Checker, projects: Projects) -> None:
    """Projects that no zone takes."""
    candidates = projects.candidates
    options = np.bincount(candidates.project, minlength=len(candidates))
    committed = candidates.table["committed"].to_numpy()
    for row in np.flatnonzero((options == 0) & committed)[:MOST_TOLD]:
        checker.found.add("committed-nowhere", _at(projects, int(row)))
    for row in np.flatnonzero((options == 0) & ~committed)[:MOST_TOLD]:
        checker.found.add("fits-nowhere", _at(projects, int(row)))


def _scarce(checker: Checker, projects: Projects) -> list[str]:
    """Measures with a supply, or that some project makes."""
    scenario = checker.scenario
    supplied = {*scenario.supply, *projects.candidates.makes}
    for zone in scenario.zones.values():
        supplied |= zone.supply.keys()
    return [name for name in scenario.measures if name in supplied]


def _needs(checker: Checker, projects: Projects, name: str) -> None:
    """A scarce need is never negative."""
    candidates = projects.candidates
    amounts = candidates.amounts[name]
    for row in np.flatnonzero(amounts < 0)[:MOST_TOLD]:
        place = _at(projects, int(row), name)
        if not checker.found.under(place.path):
            checker.found.add("need-negative", place, name=name, text=shown(amounts[row]))
    options, there = candidates.at.get(name, (np.zeros(0, dtype=np.intp), np.zeros(0)))
    for option, amount in zip(options, there, strict=True):
        row, zone = int(candidates.project[option]), checker.scenario.places[candidates.zone[option]]
        if amount < 0 <= amounts[row]:
            place = _at(projects, row, "at", zone, name)
            if not checker.found.under(place.path):
                checker.found.add("need-negative", place, name=name, text=shown(amount))


def _looks_wrong(checker: Checker, projects: Projects, name: str) -> None:
    """Figures so far from the rest of their column that their unit is probably another one."""
    candidates = projects.candidates
    values = candidates.amounts[name]
    positive = np.flatnonzero(values > 0)
    if len(positive) < 2:
        return
    order = positive[np.argsort(values[positive])]
    least, most = values[order[0]], values[order[-1]]
    odd = list(_ends(values[order], order))
    for rows in odd:
        rest = np.setdiff1d(order, rows)
        unit = checker.scenario.measures[name].unit
        checker.found.add(
            "unit-looks-wrong",
            _at(projects, int(rows[0]), name),
            names=listed(candidates.ids[rows]),
            text=listed(shown(value) for value in values[rows]),
            measure=name,
            usual=shown(float(np.median(values[rest]))),
            unit=unit,
        )
    if most / least > FAR_APART and not odd:
        place = checker.places.at("measures", name)
        checker.found.add("far-apart", place, name=name, least=shown(least), most=shown(most))


def _ends(ascending: Floats, rows: Ints) -> Iterator[Ints]:
    """The few rows at either end of a sorted column that a wide gap parts from all others."""
    if len(rows) < ENOUGH:
        return
    few = max(1, int(FEW * len(rows)))
    gaps = ascending[1:] / ascending[:-1] >= OUTLIER
    high = np.flatnonzero(gaps[-few:])
    if len(high):
        yield rows[len(rows) - few + high[0] :][::-1]
    low = np.flatnonzero(gaps[:few])
    if len(low):
        yield rows[: low[-1] + 1]


def _supplies(checker: Checker, projects: Projects, scarce: list[str]) -> None:
    """Supplies that nobody needs, what is made for nobody, and projects too big for any supply."""
    scenario, candidates = checker.scenario, projects.candidates
    needed = {name for name in scenario.measures if (candidates.amount(name) > 0).any()}
    for _ in scenario.measures:  # a higher grade is needed where a lower one is that it may serve
        needed |= {str(scenario.measures[name].also_served_by) for name in needed} & scenario.measures.keys()
    for name in scarce:
        if name in needed:
            _too_big(checker, projects, name)
        elif name in scenario.supply:
            checker.found.add("supply-unneeded", checker.places.at("supply", name), name=name)
        elif name in candidates.makes and name not in {m for z in scenario.zones.values() for m in z.supply}:
            checker.found.add("made-unneeded", checker.places.at("measures", name), name=name)
        else:
            zone = next(zone for zone, one in scenario.zones.items() if name in one.supply)
            checker.found.add("supply-unneeded", checker.places.at("zones", zone, "supply", name), name=name)
    for name, measure in scenario.measures.items():
        if measure.must_use is not None and name not in candidates.makes:
            checker.found.add("must-use-unmade", checker.places.at("measures", name, "must_use"), name=name)


def _too_big(checker: Checker, projects: Projects, name: str) -> None:
    """Projects whose least part needs more than the supplies of every place it may sit in.

    Where a higher grade may serve, or somebody makes more, a supply is no limit, and nothing is said.
    """
    scenario, candidates = checker.scenario, projects.candidates
    if name in candidates.makes or scenario.measures[name].also_served_by is not None:
        return
    least = candidates.amount(name) * _least_share(projects)[candidates.project]
    room = np.array([_room(checker, name, place) for place in scenario.places])
    fits = least <= room[candidates.zone] * (1 + 1e-9)
    sits = np.bincount(candidates.project, minlength=len(candidates)) > 0
    for row in np.flatnonzero(sits & ~_any(fits, projects))[:MOST_TOLD]:
        text = shown(float(least[candidates.project == row].min()))
        checker.found.add("too-big", _at(projects, int(row), name), name=name, text=text)


def _any(options: Bools, projects: Projects) -> Bools:
    """(n,) whether one of the project's options is among these, (k,) bool."""
    hits: Bools = np.bincount(projects.candidates.project[options], minlength=len(projects.candidates)) > 0
    return hits


def _least_share(projects: Projects) -> Floats:
    """(n,) the least share at which each can be admitted."""
    table = projects.candidates.table
    units, least = table["units"].to_numpy(dtype=float), table["min_units"].to_numpy(dtype=float)
    parts = np.where(units > 0, least / np.maximum(units, 1), table["min_share"].to_numpy(dtype=float))
    return np.where(table["committed"].to_numpy(), 1.0, parts)


def _room(checker: Checker, name: str, place: str) -> float:
    """The least of the supplies that hold in a place; an implied 0 among them."""
    scenario = checker.scenario
    named = [scenario.zones[zone].supply[name].amount for zone in scenario.outer(place) if zone
             and name in scenario.zones[zone].supply]  # fmt: skip
    if not named and any(name in zone.supply for zone in scenario.zones.values()):
        return 0.0
    region = [scenario.supply[name].amount] if name in scenario.supply else []
    return min([*named, *region], default=float("inf"))
