"""Atlases for the tests of atlas.html: some weightings of a scenario solved one by one, or plans without any solving.

Nothing is proved between the weightings, so none of these says that it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import sample

from landalloc.models.atlas import Atlas, AtlasCriterion, StoredPlan
from landalloc.models.plan import Decision
from landalloc.optimizer.allocation import Allocation
from landalloc.optimizer.pipeline import allocate
from landalloc.optimizer.read import read
from landalloc.optimizer.solve import Limits

INPUTS = Path(__file__).resolve().parent.parent / "inputs"
HARBOUR_WEIGHTS = ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (1, 0, 1, 0), (0, 1, 0, 1), (1, 1, 1, 1))


def shares_of(allocation: Allocation) -> dict[str, dict[str, float]]:
    """The shares of a plan as an atlas writes them."""
    zones = [zone.name for zone in allocation.plan.zones]
    columns = {zone: f"share@{zone}" for zone in zones} or {"": "share"}
    return {
        row["id"]: {zone: row[column] for zone, column in columns.items() if row[column] > 0}
        for row in allocation.projects.to_dict("records")
        if row["share"] > 0
    }


def stored(allocation: Allocation, resources: bool = True) -> StoredPlan:
    plan = allocation.plan
    return StoredPlan(
        criteria={c.name: c.total for c in plan.criteria},
        penalty=plan.penalty,
        shares=shares_of(allocation),
        resources=tuple((r.used, r.supply + r.made + r.substituted) for r in plan.resources) if resources else (),
    )


def solved(path: Path, weightings: Sequence[Sequence[float]], resources: bool = True) -> tuple[Allocation, Atlas]:
    """The plan of a scenario as it stands, and those of other weightings."""
    found = allocate(read(path), Limits(), language="zh")
    plan = found.plan
    others = [
        allocate(
            read(
                path, changes={f"criteria.{c.name}.weight": str(w) for c, w in zip(plan.criteria, weights, strict=True)}
            ),
            Limits(),
        )
        for weights in weightings
    ]
    plans: dict[str, StoredPlan] = {}
    for other in (found, *others):
        shares = {i: {z: round(s, 7) for z, s in where.items()} for i, where in shares_of(other).items()}
        plans.setdefault(str(sorted(shares.items())), stored(other, resources))
    criteria = tuple(AtlasCriterion(name=c.name, scale=c.scale) for c in plan.criteria)
    return found, Atlas(eps=0.5, criteria=criteria, plans=tuple(plans.values()), cells=(), proved=False)


@cache
def harbour() -> tuple[Allocation, Atlas]:
    return solved(INPUTS / "harbour.yaml", HARBOUR_WEIGHTS)


THIRTY = """\
name: thirty
measures: {{land: {{unit: mu}}, energy: {{unit: tce/year}}, output: {{unit: 亿元/year}}, jobs: {{unit: person}}}}
supply: {{land: 900, energy: 40000}}
projects:
{projects}
criteria:
  output: {{of: output, weight: 5}}
  jobs: {{of: jobs, weight: 3}}
  saving: {{of: energy, weight: 2, better: lower}}
"""


def thirty(folder: Path, resources: bool = True) -> tuple[Allocation, Atlas]:
    """Thirty projects without zones, some whole, some divisible, one committed; three criteria."""
    random = np.random.default_rng(7)
    lines = []
    for i in range(30):
        land, energy, output, jobs = (round(float(x), 1) for x in random.lognormal(0, 0.8, 4) * [60, 2500, 3, 300])
        more = ", committed: true" if i == 3 else f", min_share: {[1, 0, 0.5][i % 3]}"
        lines.append(
            f"  - {{id: p{i:02}, land: {land}, energy: {energy}, output: {output}, jobs: {round(jobs)}{more}}}"
        )
    path = folder / "thirty.yaml"
    path.write_text(THIRTY.format(projects="\n".join(lines)), encoding="utf-8")
    corners = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    return solved(path, corners, resources)


def pretended(allocation: Allocation, count: int, seed: int = 0) -> Atlas:
    """An atlas of the size of a real one, solved by nobody: half the projects in each plan, those that some weighting
    likes best, and a few of them in part."""
    random = np.random.default_rng(seed)
    plan, projects = allocation.plan, allocation.projects
    zones = [zone.name for zone in plan.zones] or [""]
    ids = projects["id"].to_numpy()
    competes = ~projects["decision"].isin([Decision.DISCUSS, Decision.INADMISSIBLE]).to_numpy()
    likes = random.random((len(plan.criteria), len(ids)))
    plans = []
    for _ in range(count):
        order = np.argsort(-(random.dirichlet(np.ones(len(plan.criteria))) @ likes) - 10 * competes)
        share = np.zeros(len(ids))
        share[order[: len(ids) // 2]] = 1.0
        last = order[max(0, len(ids) // 2 - 6) : len(ids) // 2]
        share[last] = random.random(len(last)).round(6)
        share[~competes] = 0.0
        sits = random.integers(0, len(zones), len(ids))
        totals = 0.3 + likes @ share / likes.sum(axis=1)  # better than any real plan, so that they are shown
        plans.append(
            StoredPlan(
                criteria={c.name: float(t) * c.scale for c, t in zip(plan.criteria, totals, strict=True)},
                penalty=0.0,
                shares={str(i): {zones[z]: float(s)} for i, s, z in zip(ids, share, sits, strict=True) if s > 0},
                resources=tuple(
                    (float(r.supply * u), r.supply)
                    for r, u in zip(plan.resources, random.random(len(plan.resources)), strict=True)
                ),
            )
        )
    criteria = tuple(AtlasCriterion(name=c.name, scale=c.scale) for c in plan.criteria)
    return Atlas(eps=0.5, criteria=criteria, plans=tuple(plans), cells=(), proved=False)


def large(projects: int, plans: int) -> tuple[Allocation, Atlas]:
    allocation = sample.large(projects)
    allocation.projects["title"] = pd.Series(
        [f"{t}：临港产业园配套工程" for t in allocation.projects["title"]], dtype=object
    )
    return allocation, pretended(allocation, plans)
