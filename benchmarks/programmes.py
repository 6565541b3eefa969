"""Allocation programmes as arrays, of any size and of every kind that is hard for somebody.

n projects with lognormal figures, each fit for three zones of twenty; 28 shared rows: land by zone, energy, water,
shoreline, waste, jobs at least, three ratios; about half of what is asked for is to be had.

    plain        worth something else in every zone
    equal        worth the same in every zone
    ties         few distinct figures: 48 makes of project, three of zones
    degenerate   supplies stated over and over: in other units, summed up, by what goes with land; some never bind
    scales       rows in units from 1e-6 to 1e9, projects from a thousandth to a thousand times the usual size
    rows         90 zones that supply land, energy and water each: 278 shared rows
    links        a third of the projects tied by threes: either all or none of them, or one of them
    infeasible   more jobs asked for than the land can carry, which no single row shows
    whole        as plain, every project all or nothing
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from landalloc.optimizer.candidates import Floats, Ints
from landalloc.optimizer.program import Layout, Program, Sense, by_rank

KINDS = ("plain", "equal", "ties", "degenerate", "scales", "rows", "links", "infeasible", "whole")
ZONES, MANY, CHOICE = 20, 90, 3
MEASURES = ("investment", "output", "tax", "jobs", "energy", "water", "waste")
PER_MU = np.array([0.03, 0.06, 0.002, 0.5, 2.0, 0.15, 0.4])
"""medians of the measures"""
WEIGHTS = {"investment": 25, "output": 30, "tax": 20, "jobs": 15, "saved": 10}
HAD = {"energy": 0.45, "water": 0.5, "shore": 0.4, "waste": 0.5}
"""part of what is asked for that the region has"""

Row = tuple[str, Sense, float, Ints, Floats]


@dataclass(frozen=True, eq=False)
class Lot:
    """Candidates as columns, and what of them is their choice."""

    figures: dict[str, Floats]
    """(n,) land, shore and the measures; land in mu"""
    cluster: Ints
    zone: Ints
    """(3 n,) of every option, project by project"""
    zones: int
    worth: Floats
    """(3 n,) what an option is worth, as a part of what its project is"""

    @property
    def project(self) -> Ints:
        return np.repeat(np.arange(len(self.cluster)), CHOICE)


def lot(n: int, kind: str, seed: int) -> Lot:
    """The candidates of a kind."""
    random = np.random.default_rng(seed)
    zones = MANY if kind == "rows" else ZONES
    steps = random.integers(1, zones // CHOICE + 1, (n, CHOICE)).cumsum(axis=1)
    zone = np.sort((random.integers(0, zones, n)[:, None] + steps) % zones, axis=1).ravel()
    land = np.maximum(3.0, np.round(random.lognormal(np.log(60), 0.9, n), 1))
    measured = PER_MU * land[:, None] * random.lognormal(0.0, 0.45, (n, len(MEASURES)))
    shore = np.where(random.random(n) < 0.3, land * random.lognormal(0.0, 0.5, n), 0.0)
    cluster = random.choice(4, n, p=[0.4, 0.15, 0.25, 0.2])
    worth = np.ones(n * CHOICE) if kind == "equal" else random.lognormal(0.0, 0.15, n * CHOICE)
    if kind == "ties":
        land, grade = random.choice([20.0, 50.0, 100.0, 200.0], n), random.integers(0, 3, n)
        by_make = random.choice([0.5, 1.0, 1.5, 2.0], (4, 3, len(MEASURES)))[cluster, grade]
        measured = PER_MU * land[:, None] * by_make
        shore = np.where(grade == 0, land, 0.0)
        worth = np.array([0.9, 1.0, 1.1])[zone % 3]
    if kind == "degenerate":
        measured[:, MEASURES.index("energy")] = 2.0 * land
        measured[:, MEASURES.index("water")] = 0.25 * land
    size = 10.0 ** random.uniform(-3, 3, n) if kind == "scales" else np.ones(n)
    figures = {"land": land * size, "shore": shore * size}
    figures |= {name: measured[:, i] * size for i, name in enumerate(MEASURES)}
    return Lot(figures, cluster, zone, zones, worth)


def costs(lot: Lot) -> Floats:
    """(3 n,) what every option is worth; a project is worth 1 on average, so that no solver's tolerance hides it."""
    figures = lot.figures | {"saved": np.maximum(0.0, lot.figures["output"] * 40 - lot.figures["energy"])}
    points = sum((WEIGHTS[name] * figures[name] / figures[name].mean() for name in WEIGHTS), np.zeros(len(lot.cluster)))
    return points[lot.project] / sum(WEIGHTS.values()) * lot.worth


def rows_of(lot: Lot, kind: str) -> list[Row]:
    """The shared rows of a kind, by name."""
    rows: list[Row] = []
    project, figures, columns = lot.project, lot.figures, np.arange(len(lot.zone))

    def row(name: str, sense: Sense, limit: float, coefficient: Any) -> None:
        held = coefficient != 0
        rows.append((name, sense, limit, columns[held], coefficient[held]))

    def by_zone(measure: str, part: float) -> None:
        figure = figures[measure]
        spread = np.ones(lot.zones) if kind == "degenerate" else np.linspace(1.5, 0.5, lot.zones)
        for z, limit in enumerate(spread / lot.zones * part * figure.sum()):
            row(f"supply|{measure}|z{z:02}", Sense.AT_MOST, limit, np.where(lot.zone == z, figure[project], 0.0))

    by_zone("land", 0.5)
    for name, part in HAD.items():
        row(f"supply|{name}|", Sense.AT_MOST, part * figures[name].sum(), figures[name][project])
    jobs = 0.75 if kind == "infeasible" else 0.45
    land, energy, cluster = figures["land"], figures["energy"], lot.cluster
    row("rule|jobs||at_least", Sense.AT_LEAST, jobs * figures["jobs"].sum(), figures["jobs"][project])
    row("rule|food||at_least", Sense.AT_LEAST, 0.0, (land * ((cluster == 2) - 0.3))[project])
    row("rule|chemicals||at_most", Sense.AT_MOST, 0.0, (land * ((cluster == 1) - 0.12))[project])
    row("rule|saving||at_most", Sense.AT_MOST, 0.0, (energy - 32 * figures["output"])[project])
    if kind == "rows":
        by_zone("energy", 0.6)
        by_zone("water", 0.7)
    if kind == "degenerate":
        for unit, factor in (("hectares", 1 / 15), ("metres", 666.667)):  # the zones' land once more
            rows += [scaled(r, factor, r[0].replace("land", unit)) for r in rows[: lot.zones]]
        row("supply|land|", Sense.AT_MOST, 0.5 * land.sum(), land[project])
        row("supply|built|", Sense.AT_MOST, 0.5 * land.sum(), land[project])
        row("supply|all|", Sense.AT_MOST, land.sum(), land[project])
        row("rule|water||at_most", Sense.AT_MOST, 0.5 * 0.25 * land.sum(), figures["water"][project])
    if kind == "links":
        rows += links(len(figures["land"]) // 3)
    rows.sort(key=lambda r: r[0])
    units = 10.0 ** np.linspace(-6, 9, len(rows)) if kind == "scales" else np.ones(len(rows))
    return [scaled(r, unit, r[0]) for r, unit in zip(rows, units, strict=True)]


def links(projects: int) -> list[Row]:
    """Links between so many projects, three by three: together and exclusive, by turns."""
    rows: list[Row] = []
    for first in range(0, projects - 2, 3):
        columns, ones = np.arange(CHOICE * first, CHOICE * (first + 3)), np.ones(CHOICE)
        if first % 2:
            rows.append((f"rule|link{first:07}|||", Sense.AT_MOST, 1.0, columns, np.ones(3 * CHOICE)))
            continue
        for other in (1, 2):
            there = np.concatenate([columns[:CHOICE], columns[other * CHOICE : (other + 1) * CHOICE]])
            rows.append((f"rule|link{first:07}|||{other}", Sense.EQUAL, 0.0, there, np.concatenate([ones, -ones])))
    return rows


def scaled(row: Row, factor: float, name: str) -> Row:
    """The same row in another unit."""
    _, sense, limit, at, value = row
    return name, sense, limit * factor, at, value * factor


def programme(n: int, kind: str = "plain", seed: int = 0) -> Program:
    """The programme of n candidates of a kind; raises KeyError for a kind that there is not."""
    if kind not in KINDS:
        raise KeyError(kind)
    candidates = lot(n, kind, seed)
    result = sealed(candidates, rows_of(candidates, kind))
    if kind != "whole":
        return result
    return replace(
        result,
        integer=np.ones(n * CHOICE, dtype=bool),
        layout=replace(result.layout, site=result.layout.share),
    )


def sealed(lot: Lot, rows: list[Row]) -> Program:
    """The programme of candidates that share these rows; ties by least use, then by rank."""
    cost, n = costs(lot), len(lot.cluster)
    k, columns = len(cost), np.arange(len(cost))
    use = np.zeros(k)
    for name, _, limit, at, value in rows:
        if name.startswith("supply"):
            use[at] -= value / limit
    counts = np.concatenate([np.full(n, CHOICE), [len(r[3]) for r in rows]])
    return Program(
        cost=cost,
        lower=np.zeros(k),
        upper=np.ones(k),
        integer=np.zeros(k, dtype=bool),
        column_names=[],
        start=np.concatenate([[0], np.cumsum(counts)]).astype(np.intp),
        index=np.concatenate([columns, *(r[3] for r in rows)]),
        value=np.concatenate([np.ones(k), *(r[4] for r in rows)]),
        sense=np.concatenate([np.ones(n), [int(r[1]) for r in rows]]).astype(np.intp),
        limit=np.concatenate([np.ones(n), [r[2] for r in rows]]),
        row_names=[*([""] * n), *(r[0] for r in rows)],
        own=np.arange(n + len(rows)) < n,
        layout=Layout(columns, np.ones(k), np.full(k, -1)),
        ties=(use, *by_rank(lot.project, lot.zone)),
    )
