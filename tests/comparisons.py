"""Plans made by hand to be compared: who is in, where, with how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import sample

from landalloc.models.plan import PlannedMeasure, Resource
from landalloc.optimizer.allocation import Allocation
from landalloc.optimizer.comparison import Entry

ZONES = ("north", "south")
LAND: Mapping[str, float] = {name: 100.0 * (i + 1) for i, name in enumerate("abcdefgh")}
"""mu that a project needs"""
Standing = tuple[float, str]
"""share and zone"""


def projects(
    standings: Mapping[str, Standing | None], land: Mapping[str, float], titles: Mapping[str, str]
) -> pd.DataFrame:
    """The columns that a comparison reads; a project that is None is in reserve."""
    rows = []
    order = sorted(standings, key=lambda name: (standings[name] is None, name))
    for rank, name in enumerate(order, 1):
        share, zone = standings[name] or (0.0, "")
        needs = land.get(name, LAND[name])
        rows.append(
            {
                "id": name,
                "title": titles.get(name, f"项目{name}"),
                "decision": "rejected" if not share else "admitted" if share == 1 else "partial",
                "rank": rank,
                "share": share,
                "units": None,
                **{f"share@{z}": share if z == zone else 0.0 for z in ZONES},
                "requested.land": needs,
                "granted.land": needs * share,
                "requested.jobs": 10.0,
                "granted.jobs": 10.0 * share,
                "reasons": (),
            }
        )
    frame = pd.DataFrame(rows)
    for name in ("id", "title", "decision"):
        frame[name] = pd.Series([row[name] for row in rows], dtype=object)
    for name in ("rank", "units"):
        frame[name] = pd.array([row[name] for row in rows], dtype="Int64")
    return frame


def made(
    standings: Mapping[str, Standing | None],
    *,
    land: Mapping[str, float] | None = None,
    titles: Mapping[str, str] | None = None,
    unit: str = "mu",
    **changes: Any,
) -> Allocation:
    """A plan of these projects; `land` are other needs than `LAND`, `changes` are to fields of the plan."""
    measures = (
        PlannedMeasure(name="land", title="用地", unit=unit, scarce=True),
        PlannedMeasure(name="jobs", title="就业", unit="person", scarce=False),
    )
    frame = projects(standings, land or {}, titles or {})
    jobs = float(frame["granted.jobs"].sum())
    criterion = sample.criterion("jobs", "就业", "jobs", None, 1.0, jobs, 80.0)
    used = float(frame["granted.land"].sum())
    resource = Resource(
        measure="land", zone=None, unit=unit, supply=2000.0, made=0.0, requested=3600.0, committed=0.0, used=used,
        substituted=0.0, slack=2000.0 - used, shortage=1600.0, price=0.02, price_in={}, source=None, assumed=False,
    )  # fmt: skip
    fields: dict[str, Any] = {
        "measures": measures,
        "criteria": (criterion,),
        "resources": (resource,),
        "rules": (),
        "groups": (),
        "tiers": (),
        "score": 100 * jobs / 80,
        "penalty": 0.0,
    }
    return Allocation(sample.plan(**{**fields, **changes}), frame)


def entries(*plans: Allocation) -> list[Entry]:
    """Plans as a comparison takes them."""
    return [Entry(f"plan {i}", f"results/{i}", "plan", plan) for i, plan in enumerate(plans)]


def changes(found: pd.DataFrame, i: int = 1) -> dict[str, str]:
    """id -> what becomes of it."""
    return dict(zip(found["id"], found[f"change@{i}"], strict=True))


def column(found: pd.DataFrame, name: str) -> Sequence[Any]:
    return list(found[name].tolist())
