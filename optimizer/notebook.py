"""The product in a notebook: read a scenario, allocate, look at the plan. Nothing is printed, nothing written.

    import landalloc

    scenario = landalloc.read("inputs/harbour.yaml", case="tight-energy", changes={"criteria.jobs.weight": 40})
    plan = landalloc.allocate(scenario)
    plan.ranking                    # a DataFrame, one project a row

The verbs are those of the command line and so are the figures; whoever needs more than the tables finds everything
under `Scenario.reading` and `Plan.allocation`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd

from ..models.finding import Finding
from ..models.plan import Part, Resource, RuleRow, Status
from . import pipeline
from .allocation import Allocation
from .pipeline import NoPlan
from .read import Reading
from .read import read as read_file
from .report import notebook, sentences
from .report.alike import classes
from .report.numbers import Language
from .solve import Limits, solvers

__all__ = ["Plan", "Scenario", "allocate", "read"]

Value = str | float | bool | None | Sequence[object] | Mapping[str, object]
"""What a change may set: a text with its unit, a number, a list; None takes the key away."""

FIRST = ("rank", "title", "decision")
"""Columns of a ranking before those of the scenario's own names."""


@dataclass(frozen=True, eq=False, repr=False)
class Scenario:
    """A scenario that was read and can be solved, with the case and the changes that were asked for."""

    reading: Reading
    case: str | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Warnings: place, what, why and what to do. Errors do not get this far, they are raised."""
        return tuple(self.reading.findings)

    def __repr__(self) -> str:
        case = f", case {self.case!r}" if self.case is not None else ""
        candidates, warnings = len(self.reading.candidates.ids), len(self.findings)
        return f"<Scenario {self.reading.scenario.name!r}{case}: {candidates} candidates, {warnings} warnings>"


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """The plan of a scenario. Tables are made anew at every call: change them as you like."""

    allocation: Allocation

    @property
    def status(self) -> Status:
        """optimal, within_gap, or limit: the best plan so far."""
        return self.allocation.plan.status

    @property
    def score(self) -> float:
        """Points, 100 being everything that was applied for; the penalty is not taken off."""
        return self.allocation.plan.score

    @property
    def penalty(self) -> float:
        """Points that broken soft rules cost."""
        return self.allocation.plan.penalty

    @property
    def gap(self) -> float:
        """(bound − objective) / max(1, |objective|): how far the plan can be from the best, at most."""
        return self.allocation.plan.gap

    @property
    def ranking(self) -> pd.DataFrame:
        """The projects, one a row, by id: committed first, then by rank, then case by case, then inadmissible.

        ==========================  =========================================================================
        rank                        Int64, missing where unranked
        title, decision             text; decision is committed, admitted, partial, rejected, discuss or
                                    inadmissible, in every language
        ATTRIBUTE                   text, as in the scenario; `attributes.NAME` where another column is called so
        zone                        where it sits, by id, several joined by ";"; missing where nowhere or no zones
        share, units                0 … 1; units carried out, missing where it is not made of units
        requested.M, granted.M      in the unit of measure M
        ratios.CRITERION            ratio of each `per` criterion, nan where there is no denominator
        value, charges, credits     points per whole project
        index                       (value + credits) / charges, inf where nothing is charged
        points                      on the scoring sheet, 0 … 100
        assumed, reasons            text: measures whose amounts are assumptions; why it is in or out
        ==========================  =========================================================================
        """
        projects, plan = self.allocation.projects, self.allocation.plan
        names = [str(name) for name in projects]
        columns = {name: projects[name] for name in FIRST}
        rest = {name: projects[name] for name in ("share", "units")}
        rest |= {name: projects[name] for name in names if name.startswith(("requested.", "granted.", "ratios."))}
        rest |= {name: projects[name] for name in ("value", "charges", "credits", "index", "points")}
        taken = {"id", "zone", "assumed", "reasons", *columns, *rest}
        for name in (name for name in names if name.startswith("attributes.")):
            short = name.removeprefix("attributes.")
            columns[name if short in taken else short] = projects[name]
        sits = [(projects[f"share@{zone.name}"] > 0).to_numpy().astype(np.intp) for zone in plan.zones]
        code, first = classes(sits, len(projects))
        named = [";".join(z.name for z, here in zip(plan.zones, sits, strict=True) if here[i]) for i in first.tolist()]
        columns["zone"] = pd.Series(np.array([name or None for name in named], dtype=object)[code], dtype=object)
        rest["assumed"] = projects["assumed"].map(";".join)
        rest["reasons"] = projects["reasons"].map(lambda reasons: " ".join(text for _, text in reasons))
        return pd.DataFrame(columns | rest).set_index(projects["id"].rename("id"))

    @property
    def resources(self) -> pd.DataFrame:
        """The balance of every supply, one a row: the fields of `models.plan.Resource`, `price_in.M` laid flat.

        Amounts are in `unit`; `zone` is missing where the supply is the whole region's.
        """
        rows, names = self.allocation.plan.resources, [measure.name for measure in self.allocation.plan.measures]
        brings = {f"price_in.{name}": [row.price_in.get(name, 0.0) for row in rows] for name in names}
        return _table(Resource, rows).drop(columns="price_in").assign(**brings)

    @property
    def rules(self) -> pd.DataFrame:
        """Every rule, a row for each value of `each` and each bound: the fields of `models.plan.RuleRow`."""
        return _table(RuleRow, self.allocation.plan.rules)

    def __repr__(self) -> str:
        plan = self.allocation.plan
        return f"<Plan {sentences.headline(plan, self.allocation.projects, plan.language)}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the answer, the top of the ranking, what is scarce. All texts are escaped."""
        return notebook.summary(self.allocation, self.allocation.plan.language)


def _table(kind: type[Part], parts: Sequence[Part]) -> pd.DataFrame:
    """Parts of a plan of one kind, one a row; the columns are there without any row too."""
    return pd.DataFrame([dict(part) for part in parts], columns=list(kind.model_fields))


def read(path: str | Path, *, case: str | None = None, changes: Mapping[str, Value] | None = None) -> Scenario:
    """Read a scenario, with one of its cases and with changes (dotted path -> value) where they are given.

    >>> from importlib.resources import files
    >>> read(files("landalloc") / "inputs" / "harbour.yaml", changes={"supply.energy": "5万吨标煤"})
    <Scenario 'harbour': 10 candidates, 0 warnings>

    Raises:
        InputError: the scenario cannot be used; `findings` holds every error and warning, each with its place.
    """
    texts = {path: _text(value) for path, value in (changes or {}).items()}
    return Scenario(read_file(Path(path), case=case, changes=texts), case)


def _text(value: Value) -> str:
    """A value as ``--set`` takes it.

    >>> [_text(value) for value in ("600 亩", 40, 0.5, True, None, ["north", "south"])]
    ['600 亩', '40', '0.5', 'true', '', '["north", "south"]']
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
    return json.dumps(value, ensure_ascii=False)


def allocate(
    scenario: Scenario,
    *,
    gap: float = 1e-4,
    time_limit: float | None = None,
    solver: str = "highs",
    language: Language | None = None,
) -> Plan:
    """The plan of a scenario.

    Args:
        scenario: what `read` gave.
        gap: stop when the plan is known to be this near to the best, relative to the objective.
        time_limit: seconds; then the best plan so far. None: 60 where projects are whole, else as long as it takes.
        solver: highs, cbc or any other that PuLP finds.
        language: zh or en, of reasons and of what a notebook shows; the scenario's own if absent.

    Raises:
        NoPlan: no plan can keep the hard rules.
        SolverError: the solver failed, or stopped at the time limit without a plan.
        ValueError: an argument is not possible.
    """
    if not 0 <= gap < float("inf"):
        raise ValueError("gap takes a number from 0 upwards, such as 0.001")
    if time_limit is not None and not time_limit > 0:
        raise ValueError("time_limit takes seconds, more than 0, or None")
    if solver not in solvers():
        raise ValueError(f"solver {solver!r} is not installed here; there is: {', '.join(solvers())}")
    if language is not None and language not in get_args(Language):
        raise ValueError(f"language takes one of {', '.join(get_args(Language))}")
    limits = Limits(solver, time_limit, gap)
    try:
        return Plan(pipeline.allocate(scenario.reading, limits, language=language, case=scenario.case))
    except NoPlan:
        raise NoPlan(
            f"{scenario.reading.scenario.name}: no plan can keep all hard rules: "
            "make a rule soft, ease a limit, or carry out less whatever it costs"
        ) from None
