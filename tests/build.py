"""Scenarios from plain Python, past the reader: every figure is already a number in the unit of its place."""

from typing import Any

import numpy as np
import pandas as pd

from landalloc.models.scenario import Scenario
from landalloc.optimizer.candidates import Candidates

Raw = dict[str, Any]

PROJECT_KEYS = {
    "id",
    "title",
    "zones",
    "committed",
    "min_share",
    "units",
    "min_units",
    "at",
    "makes",
    "assumed",
}


def build(raw: Raw) -> tuple[Scenario, Candidates]:
    """A scenario and its candidates from what scenario.yaml holds, with floats for figures.

    `measures` may be a list of names; `measures`, `criteria` and `name` have defaults that no test is about.
    """
    raw = {"name": "test", **raw}
    projects = raw.pop("projects")
    nouns = raw.get("measures", ())
    raw["measures"] = {name: {"unit": "1", **(nouns[name] if isinstance(nouns, dict) else {})} for name in nouns}
    scenario = Scenario.model_validate(raw)
    return scenario, candidates(scenario, projects)


def candidates(scenario: Scenario, projects: list[Raw]) -> Candidates:
    """The projects as columns."""
    projects = sorted(projects, key=lambda project: project["id"])
    known = PROJECT_KEYS | set(scenario.measures) | set(scenario.attributes)
    for project in projects:
        assert not project.keys() - known, f"unknown keys {project.keys() - known}"
    sites = [(row, place) for row, project in enumerate(projects) for place in _places(scenario, project)]
    table = pd.DataFrame(
        {
            "id": pd.Series([p["id"] for p in projects], dtype=object),
            "title": pd.Series([p.get("title", p["id"]) for p in projects], dtype=object),
            "committed": np.array([p.get("committed", False) for p in projects], dtype=bool),
            "min_share": np.array([_min_share(scenario, p) for p in projects], dtype=float),
            "units": np.array([p.get("units", 0) for p in projects], dtype=int),
            "min_units": np.array([p.get("min_units", 1) for p in projects], dtype=int),
            "assumed": pd.Series([tuple(p.get("assumed", ())) for p in projects], dtype=object),
            "source": pd.Series([None] * len(projects), dtype=object),
        }
    )
    made = sorted({measure for project in projects for measure in project.get("makes", {})})
    return Candidates(
        table=table,
        attributes={name: np.array([p.get(name) for p in projects], dtype=object) for name in scenario.attributes},
        amounts={m: np.array([p.get(m, 0.0) for p in projects], dtype=float) for m in scenario.measures},
        makes={m: np.array([p.get("makes", {}).get(m, 0.0) for p in projects], dtype=float) for m in made},
        project=np.array([row for row, _ in sites], dtype=np.intp),
        zone=np.array([place for _, place in sites], dtype=np.intp),
        at=_at(scenario, projects, sites),
    )


def _min_share(scenario: Scenario, project: Raw) -> float:
    if project.get("units"):
        return 0.0
    return float(project.get("min_share", scenario.defaults.min_share or 0.0))


def _places(scenario: Scenario, project: Raw) -> list[int]:
    """Zones that the project lists, or all that accept it, in file order."""
    listed = project.get("zones", scenario.defaults.zones)
    return [
        place
        for place, zone in enumerate(scenario.places)
        if (listed is None or zone in listed)
        and all(
            project.get(key) in values
            for key, values in (scenario.zones[zone].accepts.items() if scenario.zones else ())
        )
    ]


def _at(scenario: Scenario, projects: list[Raw], sites: list[tuple[int, int]]) -> dict[str, Any]:
    there: dict[str, list[tuple[int, float]]] = {}
    for option, (row, place) in enumerate(sites):
        for measure, amount in projects[row].get("at", {}).get(scenario.places[place], {}).items():
            there.setdefault(measure, []).append((option, amount))
    return {
        measure: (
            np.array([o for o, _ in pairs], dtype=np.intp),
            np.array([a for _, a in pairs], dtype=float),
        )
        for measure, pairs in there.items()
    }


def shares_of(scenario: Scenario, found: Candidates, plan: dict[str, dict[str, float] | float]) -> Any:
    """(k,) shares from {project: share} or {project: {zone: share}}; who is not named has none."""
    shares = np.zeros(len(found.project))
    for option, (row, place) in enumerate(zip(found.project, found.zone, strict=True)):
        share = plan.get(found.ids[row], 0.0)
        shares[option] = share.get(scenario.places[place], 0.0) if isinstance(share, dict) else share
    return shares
