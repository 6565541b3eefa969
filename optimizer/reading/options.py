"""Where projects may sit, and what they take there: the options of the candidates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...models.scenario import Scenario
from ..candidates import Candidates, Floats
from .cells import Coded
from .findings import MOST, listed
from .reader import Reader


def options_of(
    scenario: Scenario, reader: Reader, zones: Coded, order: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Project and zone of every option: a zone that accepts the project, and that it lists if it lists any."""
    if not scenario.zones:
        return np.arange(len(reader)), np.zeros(len(reader), dtype=np.intp)
    accepted = np.ones((len(reader), len(scenario.zones)), dtype=bool)
    for z, accepting in enumerate(scenario.zones.values()):
        for name, values in accepting.accepts.items():
            if name in scenario.attributes:
                accepted[:, z] &= np.isin(reader.texts((name,)), values)
    default = [zone for zone in scenario.defaults.zones or () if zone in scenario.zones]
    place = {zone: z for z, zone in enumerate(scenario.zones)}
    may = np.ones((len(zones.distinct), len(place)), dtype=bool)
    listed_here = np.zeros_like(may)
    for code, names in enumerate(zones.distinct):
        own = [place[zone] for zone in names if zone in place]  # without those whose entry is wrong
        listed_here[code, own] = True
        if own or default:
            may[code] = False
            may[code, own or [place[zone] for zone in default]] = True
    for row, z in np.argwhere(listed_here[zones.codes] & ~accepted)[:MOST]:
        zone = list(scenario.zones)[z]
        told = listed(f"{k}: {listed(v)}" for k, v in scenario.zones[zone].accepts.items())
        reader.found.add("zone-refuses", reader.place(int(row), ("zones",)), name=zone, accepts=told)
    options = np.nonzero((accepted & may[zones.codes])[order])
    return options[0], options[1]


def amounts_there(
    reader: Reader, candidates: Candidates, scenario: Scenario, order: NDArray[np.intp]
) -> dict[str, tuple[NDArray[np.intp], Floats]]:
    """measure -> options and amounts there, from the columns `at.ZONE.MEASURE`."""
    codes = candidates.project * len(scenario.places) + candidates.zone
    by_measure: dict[str, list[tuple[NDArray[np.intp], Floats]]] = {}
    for key in dict.fromkeys(key for block in reader.blocks for key in block.columns):
        if key[0] != "at" or key[1] not in scenario.zones or key[2] not in scenario.measures:
            continue
        values = reader.amounts(key)[order]
        given = np.flatnonzero(~np.isnan(values))
        wanted = given * len(scenario.places) + list(scenario.zones).index(key[1])
        option = np.searchsorted(codes, wanted)
        there = option < len(codes)
        there[there] = codes[option[there]] == wanted[there]
        for row in given[~there][:20]:
            reader.found.add("at-unused", reader.place(int(order[row]), key), zone=key[1])
        by_measure.setdefault(key[2], []).append((option[there], values[given[there]]))
    merged = {}
    for name, parts in by_measure.items():
        options = np.concatenate([one for one, _ in parts])
        sort = np.argsort(options)
        merged[name] = options[sort], np.concatenate([one for _, one in parts])[sort]
    return merged
