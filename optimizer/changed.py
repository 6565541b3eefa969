"""What becomes of every project from the first plan to each other one, as columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..models.comparison import Change
from ..models.finding import Finding, Message, Place, Severity
from .candidates import Bools, Floats
from .comparison import Entry
from .terms import Factors

TOLERANCE = 1e-6
"""Shares, and amounts relative to the larger of two, that differ by less are the same."""
MOST_HINTS = 10
"""Projects that look renamed and are named, for each plan."""


def columns(entries: Sequence[Entry], factors: Sequence[Factors], scarce: Sequence[str]) -> pd.DataFrame:
    """`Compared.projects`; `scarce` are the measures by which a grant is raised or trimmed."""
    frames = [entry.allocation.projects.set_index("id") for entry in entries]
    ids = sorted(set().union(*(frame.index for frame in frames)))
    frames = [frame.reindex(ids) for frame in frames]
    titles = frames[0]["title"]
    for frame in frames[1:]:
        titles = titles.where(titles.notna(), frame["title"])
    table: dict[str, Any] = {"id": np.array(ids, dtype=object), "title": titles.to_numpy(dtype=object)}
    measures = list(dict.fromkeys(name for own in factors for name in own))
    for i, (entry, frame, own) in enumerate(zip(entries, frames, factors, strict=True)):
        present = frame["decision"].notna().to_numpy()
        decisions = frame["decision"].to_numpy(dtype=object, copy=True)
        decisions[~present] = None
        table[f"decision@{i}"] = decisions
        for name in ("rank", "units"):
            table[f"{name}@{i}"] = frame[name].astype("Int64").array
        table[f"share@{i}"] = frame["share"].to_numpy(dtype=float)
        table[f"zones@{i}"] = _sites(frame, entry, present)
        for name in measures:
            amounts = frame[f"granted.{name}"].to_numpy(dtype=float) * own[name] if name in own else np.nan
            table[f"granted.{name}@{i}"] = amounts
    for i in range(1, len(entries)):
        both = [name for name in scarce if name in factors[0] and name in factors[i]]
        table[f"change@{i}"] = changes(table, i, both)
        table[f"moved@{i}"] = moved(frames[0], frames[i], entries[0], entries[i])
        table[f"climbed@{i}"] = table["rank@0"] - table[f"rank@{i}"]
    return pd.DataFrame({name: _as_is(values) for name, values in table.items()})


def _as_is(values: Any) -> Any:
    """Objects stay what they are; pandas would make its own kind of text of them, and nan of None."""
    return pd.Series(values, dtype=object) if isinstance(values, np.ndarray) and values.dtype.kind == "O" else values


def _sites(frame: pd.DataFrame, entry: Entry, present: Bools) -> NDArray[np.object_]:
    """(n,) {zone: share} of where each project sits, None where it is no candidate."""
    sites = np.array([{} if there else None for there in present], dtype=object)
    for zone in (zone.name for zone in entry.allocation.plan.zones):
        shares = np.nan_to_num(frame[f"share@{zone}"].to_numpy(dtype=float))
        for row in np.flatnonzero(shares > TOLERANCE):
            sites[row][zone] = float(shares[row])
    return sites


def changes(table: Mapping[str, Any], i: int, scarce: Sequence[str]) -> NDArray[np.object_]:
    """(n,) `Change` of each project in plan i against plan 0."""
    before, after = (np.nan_to_num(table[f"share@{k}"]) for k in (0, i))
    up, down = after - before > TOLERANCE, before - after > TOLERANCE
    for name in scarce:
        one, other = (np.nan_to_num(table[f"granted.{name}@{k}"]) for k in (0, i))
        least = TOLERANCE * np.maximum(np.abs(one), np.abs(other))
        up, down = up | (other - one > least), down | (one - other > least)
    was, is_ = before > TOLERANCE, after > TOLERANCE
    both = was & is_
    kinds = {
        Change.NEW: is_ & ~was,
        Change.OUT: was & ~is_,
        Change.CHANGED: both & up & down,
        Change.RAISED: both & up & ~down,
        Change.TRIMMED: both & down & ~up,
        Change.KEPT: both & ~up & ~down,
    }
    found = np.full(len(before), Change.NEITHER.value, dtype=object)
    for kind, rows in kinds.items():
        found[rows] = kind.value
    return found


def moved(before: pd.DataFrame, after: pd.DataFrame, first: Entry, other: Entry) -> Bools:
    """(n,) whether a project is in both plans and some of it went from one zone to another."""
    zones = [{zone.name for zone in entry.allocation.plan.zones} for entry in (first, other)]
    if not all(zones):
        return np.zeros(len(before), dtype=bool)  # where there are no zones nobody can move

    def shares(frame: pd.DataFrame, zone: str, has: set[str]) -> Floats:
        return np.nan_to_num(frame[f"share@{zone}"].to_numpy(dtype=float)) if zone in has else np.zeros(len(frame))

    gained = lost = np.zeros(len(before), dtype=bool)
    for zone in zones[0] | zones[1]:
        difference = shares(after, zone, zones[1]) - shares(before, zone, zones[0])
        gained, lost = gained | (difference > TOLERANCE), lost | (difference < -TOLERANCE)
    both = (before["share"].fillna(0.0).to_numpy() > TOLERANCE) & (after["share"].fillna(0.0).to_numpy() > TOLERANCE)
    return gained & lost & both


def renamed(projects: pd.DataFrame, entries: Sequence[Entry]) -> Iterator[Finding]:
    """Projects of one title whose id differs between the first plan and another: perhaps the same one."""
    first = projects["decision@0"].notna()
    for i, entry in enumerate(entries[1:], 1):
        there = projects[f"decision@{i}"].notna()
        pairs = _pairs(entries[0].allocation.projects, entry.allocation.projects, projects["id"][first & there])
        for before, after, title in pairs[:MOST_HINTS]:
            names = {"before": before, "after": after, "title": title}
            yield _hint(entry, Message("{after} has the title of {before}: {title}", names))
        if len(pairs) > MOST_HINTS:
            more = {"count": len(pairs) - MOST_HINTS}
            yield _hint(entry, Message("{count} more projects have the title of one with another code", more))


def retitled(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Projects of one id whose title differs between the first plan and another: perhaps not the same one."""
    titles = dict(zip(*(entries[0].allocation.projects[name] for name in ("id", "title")), strict=True))
    for entry in entries[1:]:
        projects = entry.allocation.projects
        other = [
            i for i, title in zip(projects["id"], projects["title"], strict=True)
            if titles.get(i, title).strip() != title.strip()
        ]  # fmt: skip
        if other:
            names = {
                "count": len(other),
                "projects": (*sorted(other)[:MOST_HINTS], *(["…"] * (len(other) > MOST_HINTS))),
            }
            what = Message("{count} projects have another title here: {projects}", names)
            why = Message("Projects are matched by code (id), so each counts as the same project.")
            yield Finding(Severity.WARNING, "retitled", Place(entry.source), what, why, Message(""))


def _pairs(one: pd.DataFrame, other: pd.DataFrame, common: pd.Series[Any]) -> list[tuple[str, str, str]]:
    """(id before, id after, title) where a title stands once on each side and its id on one side only."""
    sides = []
    for frame in (one, other):
        alone = frame[~frame["id"].isin(common)]
        seen = Counter(title.strip() for title in alone["title"])
        sides.append({t.strip(): i for t, i in zip(alone["title"], alone["id"], strict=True) if seen[t.strip()] == 1})
    return sorted((sides[0][title], sides[1][title], title) for title in sides[0].keys() & sides[1].keys())


def _hint(entry: Entry, what: Message) -> Finding:
    why = Message("Projects are matched by code (id), so these count as different projects.")
    remedy = Message("If they are the same project, give it one code.")
    return Finding(Severity.WARNING, "renamed", Place(entry.source), what, why, remedy)
