"""Measures whose figures in the file contain another's (其中深水): the totals become what is left without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...models.amount import Amount
from ...models.scenario import Scenario
from ..candidates import Candidates, Floats, Ints
from .findings import Findings, shown
from .places import Places
from .projects import Projects

MOST_TOLD = 20


def net_supplies(scenario: Scenario, places: Places, found: Findings) -> Scenario:
    """The scenario with every supply net of what it includes."""
    region = _net(scenario, scenario.supply, ("supply",), places, found)
    zones = {
        name: zone.model_copy(update={"supply": _net(scenario, zone.supply, ("zones", name, "supply"), places, found)})
        for name, zone in scenario.zones.items()
    }
    return scenario.model_copy(update={"supply": region, "zones": zones})


def _net(
    scenario: Scenario, supply: dict[str, Amount], at: tuple[str, ...], places: Places, found: Findings
) -> dict[str, Amount]:
    net = dict(supply)
    for whole, part in _pairs(scenario):
        if whole in supply and part in supply:
            left = supply[whole].amount - supply[part].amount
            if left < 0:
                args = {"whole": shown(supply[whole].amount), "part": shown(supply[part].amount)}
                found.add("includes-more", places.at(*at, whole), name=whole, other=part, **args)
            net[whole] = supply[whole].model_copy(update={"amount": left})
    return net


def net_projects(scenario: Scenario, projects: Projects, found: Findings) -> Candidates:
    """The candidates with every amount net of what it includes."""
    total = projects.candidates
    net = total
    for whole, part in _pairs(scenario):
        own = total.amounts[whole] - total.amounts[part]
        there = total.amount(whole) - total.amount(part)
        made = total.makes.get(whole)
        zero = np.zeros(len(total))
        _note(own, whole, part, (), total.amounts, projects, found)
        wrong = there < 0
        wrong &= own[total.project] >= 0  # else it is the project's own amount, told already
        for option in np.flatnonzero(wrong)[:MOST_TOLD]:
            row, zone = total.project[option], list(scenario.zones)[total.zone[option]]
            place = projects.place(total.ids[row], ("at", zone, whole))
            if place is not None:
                args = {"whole": shown(total.amount(whole)[option]), "part": shown(total.amount(part)[option])}
                found.add("includes-more", place, name=whole, other=part, **args)
        changed = np.flatnonzero(there != own[total.project])
        net = replace(
            net,
            amounts={**net.amounts, whole: own},
            at={**net.at, whole: (changed, there[changed])} if len(changed) else _without(net, whole),
        )
        if made is not None and part in total.makes:
            _note(made - total.makes[part], whole, part, ("makes",), total.makes, projects, found)
            net = replace(net, makes={**net.makes, whole: made - total.makes.get(part, zero)})
    return net


def _without(candidates: Candidates, measure: str) -> dict[str, tuple[Ints, Floats]]:
    return {name: one for name, one in candidates.at.items() if name != measure}


def _note(
    left: Floats,
    whole: str,
    part: str,
    outer: tuple[str, ...],
    amounts: dict[str, Floats],
    projects: Projects,
    found: Findings,
) -> None:
    """Note the projects of which less is left than nothing."""
    for row in np.flatnonzero(left < 0)[:MOST_TOLD]:
        place = projects.place(projects.candidates.ids[row], (*outer, whole))
        if place is not None:
            args = {"whole": shown(amounts[whole][row]), "part": shown(amounts[part][row])}
            found.add("includes-more", place, name=whole, other=part, **args)


def _pairs(scenario: Scenario) -> list[tuple[str, str]]:
    """(measure, the one its figures include), where both are declared."""
    measures = scenario.measures
    return [(name, one.includes) for name, one in measures.items() if one.includes and one.includes in measures]
