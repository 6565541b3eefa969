"""What atlas.html computes with: stored plans, projects and resources as columns of plain figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...models.atlas import Atlas
from ...models.finding import Finding, InputError, Message, Place, Severity
from ...models.plan import Decision, Plan
from ..allocation import Allocation

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

WHOLE = 1e-9
"""A share so near to 1 is the whole project."""
SAME = 1e-6
"""Shares, and amounts relative to max(1, amount), that differ by less are the same."""

Entry = tuple[int, int, float]
"""Project, zone and share: places in the columns of the allocation and in the zones of the plan."""


@dataclass(frozen=True, eq=False)
class Stored:
    """The stored plans as columns, K of them; the plan of the allocation is one."""

    criteria: Floats
    """(C, K) F_c in the order of the plan's criteria"""
    penalty: Floats
    """(K,) points"""
    entries: tuple[tuple[Entry, ...], ...]
    """what is carried out in each plan, by project and zone; committed projects always are"""
    resources: Floats
    """(R, K, 2) used and available in each row of the plan's resources; nan where it cannot be told"""
    present: int
    """the place of the allocation's own plan"""

    def worth(self, scales: Floats) -> Floats:
        """(C, K) points that a plan has from each criterion at full weight: 100 · F_c / N_c."""
        found = np.zeros_like(self.criteria)
        return 100.0 * np.divide(self.criteria, scales[:, None], out=found, where=scales[:, None] != 0)

    def inside(self, projects: int) -> Ints:
        """(n,) in how many stored plans each project is carried out, at least in part."""
        found = [{p for p, _, _ in entries} for entries in self.entries]
        return np.bincount([p for one in found for p in one], minlength=projects)


def stored(allocation: Allocation, atlas: Atlas) -> Stored:
    """The plans of an atlas beside the allocation of the same scenario, whose own plan joins them if it is not there.

    Raises:
        InputError: they do not belong together.
    """
    plan = allocation.plan
    _check(allocation, atlas)
    own = _own(allocation)
    committed = (allocation.projects["decision"] == Decision.COMMITTED).to_numpy()
    forced = [entry for entry in own if committed[entry[0]]]
    entries = [_entries(allocation, one.shares, forced) for one in atlas.plans]
    totals = [[one.criteria[c.name] for c in plan.criteria] for one in atlas.plans]
    penalties = [one.penalty for one in atlas.plans]
    kept = [one.resources for one in atlas.plans]
    present = next((k for k, one in enumerate(entries) if _same(one, own)), len(entries))
    if present == len(entries):
        entries.append(own)
        totals.append([c.total for c in plan.criteria])
        penalties.append(plan.penalty)
        kept.append(tuple((r.used, r.supply + r.made + r.substituted) for r in plan.resources))
    told = all(len(one) == len(plan.resources) for one in kept)
    return Stored(
        criteria=np.array(totals, dtype=float).reshape(len(entries), len(plan.criteria)).T,
        penalty=np.array(penalties, dtype=float),
        entries=tuple(tuple(one) for one in entries),
        resources=np.array(kept, dtype=float).reshape(len(entries), len(plan.resources), 2).transpose(1, 0, 2)
        if told
        else computed(allocation, entries, present),
        present=present,
    )


def _check(allocation: Allocation, atlas: Atlas) -> None:
    """See that the atlas is of this plan's scenario."""
    plan = allocation.plan
    names = [c.name for c in plan.criteria]
    known, zones = set(allocation.projects["id"]), {zone.name for zone in plan.zones} or {""}
    sound = (
        [c.name for c in atlas.criteria] == names
        and np.allclose([c.scale for c in atlas.criteria], [c.scale for c in plan.criteria], rtol=SAME)
        and all(one.criteria.keys() == set(names) and one.shares.keys() <= known for one in atlas.plans)
        and all(where.keys() <= zones for one in atlas.plans for where in one.shares.values())
        and all(cell.plan < len(atlas.plans) for cell in atlas.cells)
        and all(len(vertex) == len(names) for cell in atlas.cells for vertex in cell.weights)
    )
    if not sound:
        what = Message("the atlas and the plan are not of the same scenario")
        why = Message("its projects, zones or criteria are not those of plan.json")
        remedy = Message("run landalloc tune atlas again")
        raise InputError([Finding(Severity.ERROR, "atlas", Place("atlas.json"), what, why, remedy)])


def _places(plan: Plan) -> dict[str, int]:
    return {name: z for z, name in enumerate([zone.name for zone in plan.zones] or [""])}


def _own(allocation: Allocation) -> list[Entry]:
    """What the allocation's plan carries out."""
    columns = [f"share@{zone.name}" for zone in allocation.plan.zones] or ["share"]
    shares = allocation.projects[columns].to_numpy(dtype=float)
    return [(int(p), int(z), float(shares[p, z])) for p, z in np.argwhere(shares > 0)]


def _entries(allocation: Allocation, shares: Mapping[str, Mapping[str, float]], forced: list[Entry]) -> list[Entry]:
    """The shares of one stored plan by place, and the committed projects that it does not name."""
    ids, zones = allocation.projects["id"], _places(allocation.plan)
    at = {id_: p for p, id_ in enumerate(ids)}
    named = [(at[id_], zones[z], share) for id_, where in shares.items() for z, share in where.items() if share > 0]
    held = {p for p, _, _ in named}
    return sorted([*named, *(entry for entry in forced if entry[0] not in held)])


def _same(one: list[Entry], other: list[Entry]) -> bool:
    return len(one) == len(other) and all(
        a[:2] == b[:2] and abs(a[2] - b[2]) <= SAME for a, b in zip(one, other, strict=True)
    )


def amounts(allocation: Allocation, measure: str) -> Floats:
    """(n,) what each project takes or brings when carried out whole: as granted where it is, as trimmed, else as asked.

    Where an amount differs by zone and the project is not in the plan, this is the largest of them.
    """
    projects = allocation.projects
    asked = projects[f"requested.{measure}"].to_numpy(dtype=float)
    if f"trimmed.{measure}.allowed" in projects:
        allowed = projects[f"trimmed.{measure}.allowed"].to_numpy(dtype=float)
        asked = np.where(np.isnan(allowed), asked, allowed)
    share = projects["share"].to_numpy(dtype=float)
    granted = projects[f"granted.{measure}"].to_numpy(dtype=float)
    found: Floats = np.divide(granted, share, out=asked.copy(), where=share > 0)
    return found


def values(allocation: Allocation) -> Floats:
    """(C, n) points of each whole project from each criterion at full weight: 100 · f_c / N_c."""
    rows = []
    for c in allocation.plan.criteria:
        f = amounts(allocation, c.of)
        if c.per is not None:
            f = f - (c.standard or 0.0) * amounts(allocation, c.per)
        rows.append((100.0 / c.scale if c.scale else 0.0) * (f if c.better == "higher" else -f))
    return np.array(rows).reshape(len(rows), len(allocation.projects))


def computed(allocation: Allocation, entries: list[list[Entry]], present: int) -> Floats:
    """(R, K, 2) used and available, where the atlas does not tell: amounts × shares against the supply.

    nan in all rows of a zone where a row is not what the plan itself says (amounts by zone, grades, what others make)
    or where some stored plan would use more than there is. What enters with another plan and makes more of a resource
    cannot be seen from here, so an atlas that tells is better.
    """
    plan = allocation.plan
    k = np.repeat(np.arange(len(entries)), [len(one) for one in entries])
    flat = [entry for one in entries for entry in one]
    p, z = (np.array([entry[i] for entry in flat], dtype=np.intp) for i in (0, 1))
    share = np.array([entry[2] for entry in flat], dtype=float)
    found = np.empty((len(plan.resources), len(entries), 2))
    open_ = set()
    for r, row in enumerate(plan.resources):
        here = np.isin(z, _within(plan, row.zone))
        used = np.bincount(k, np.where(here, share * amounts(allocation, row.measure)[p], 0.0), len(entries))
        slip = SAME * max(1.0, abs(row.supply))
        if row.made or row.substituted or abs(used[present] - row.used) > slip or (used > row.supply + slip).any():
            open_.add(row.zone)
        found[r, :, 0], found[r, :, 1] = used, row.supply
    found[[row.zone in open_ for row in plan.resources]] = np.nan
    return found


def _within(plan: Plan, zone: str | None) -> list[int]:
    """Places of a zone and of those within it; of all zones for the region."""
    places = _places(plan)
    if zone is None:
        return list(places.values())
    inside = {zone}
    while more := {one.name for one in plan.zones if one.within in inside} - inside:
        inside |= more
    return [places[name] for name in sorted(inside)]


LETTERS = "".join(chr(i) for i in range(33, 127) if chr(i) not in '.<>&"\\')
"""How a zone stands in a code; `.` is nowhere. Projects in later zones are written out."""
STEPS = 100_000
"""Shares of what is carried out in part are written as whole numbers of this."""


def codes(entries: Iterable[tuple[Entry, ...]], projects: int) -> Iterator[tuple[str, list[int]]]:
    """Each plan in little: a letter a project, where it is carried out whole, and for the others project, zone, share.

    >>> next(codes([((0, 1, 1.0), (2, 0, 0.25))], 4))
    ('#...', [2, 0, 25000])
    """
    for plan in entries:
        letters, rest = ["."] * projects, []
        for p, z, share in plan:
            if share >= 1 - WHOLE and z < len(LETTERS):
                letters[p] = LETTERS[z]
            else:
                rest += [p, z, min(STEPS, max(1, round(share * STEPS)))]
        yield "".join(letters), rest


def reaches(atlas: Atlas) -> list[list[float]]:
    """Each cell in little: its plan, its bound, then the least and the largest weight of each criterion in it."""
    return [
        [cell.plan, cell.bound, *np.min(cell.weights, axis=0).tolist(), *np.max(cell.weights, axis=0).tolist()]
        for cell in atlas.cells
        if cell.weights
    ]


def homes(atlas: Atlas) -> dict[int, list[float]]:
    """A weighting for each stored plan that has a cell: the middle of the vertices of its first one."""
    found: dict[int, list[float]] = {}
    for cell in atlas.cells:
        if cell.weights:
            found.setdefault(cell.plan, np.mean(cell.weights, axis=0).tolist())
    return found


def triangle(atlas: Atlas) -> list[tuple[int, tuple[tuple[float, ...], ...]]]:
    """The plan and the vertices of each cell, where three criteria make the simplex a triangle; else nothing."""
    if len(atlas.criteria) != 3:
        return []
    return [(cell.plan, cell.weights) for cell in atlas.cells if len(cell.weights) > 2]
