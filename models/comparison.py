"""Several plans side by side: the form of compare.json.

A list with one place for each plan is in the order of `plans`; null stands where a plan does not have the thing. The
first plan is what the others are compared with: amounts are in its units, scores at its scales N_c and its weights.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from .plan import Decision, Part, Reason, Status

Figures = tuple[float | None, ...]
"""One figure for each plan."""


class Change(StrEnum):
    """What becomes of a project in a plan, against the first. Raised and trimmed are of its share or of what it is
    granted of something scarce; `changed`: more of one and less of another; `neither`: in neither plan."""

    NEW = "new"
    RAISED = "raised"
    CHANGED = "changed"
    TRIMMED = "trimmed"
    KEPT = "kept"
    OUT = "out"
    NEITHER = "neither"


class ComparedPlan(Part):
    """One of the plans."""

    label: str = Field(description="short name, another one for each plan")
    source: str = Field(description="as the command names it")
    kind: Literal["scenario", "plan"] = Field(description="solved for this, or read from plan.json")
    name: str
    title: str
    case: str | None
    set: dict[str, str] = Field(description="changes of the scenario besides the case")
    status: Status
    linear: bool = Field(description="no whole projects: prices are exact; else those of the linear relaxation")
    score: float | None = Field(
        description="at the first plan's scales and weights; null where one of its criteria cannot be counted"
    )
    own_score: float = Field(description="as the plan itself says, at its own weights")
    penalty: float = Field(description="for its own soft rules, points")
    decisions: dict[Decision, int] = Field(description="number of projects by decision")
    changes: dict[Change, int] = Field(description="number of projects by change against the first plan")
    moved: int = Field(description="number of projects that sit elsewhere than in the first plan")


class ComparedMeasure(Part):
    name: str
    title: str
    unit: str = Field(description="of the first plan that has it; all figures are in it")
    scarce: bool = Field(description="in one of the plans at least")
    requested: Figures
    granted: Figures


class ComparedZone(Part):
    name: str
    title: str


class ComparedCriterion(Part):
    """A criterion of the first plan. points = 100 · weight / Σ weights · total / scale, the first plan's."""

    name: str
    title: str
    of: str
    per: str | None
    better: Literal["higher", "lower"]
    standard: float | None
    unit: str
    scale: float = Field(description="N_c of the first plan, in unit(of)")
    weights: Figures = Field(description="part of all weights in the plan's own score, 0 to 1")
    totals: Figures = Field(description="F_c as the first plan defines it, in unit(of)")
    achieved: Figures = Field(description="F_c / N_c")
    points: Figures
    counted: tuple[Literal["stated", "recounted"] | None, ...] = Field(
        description="the total as the plan states it, or counted again from what is granted, without synergies"
    )


class ComparedResource(Part):
    """One supply: of a measure in a zone, or in the region (zone null)."""

    measure: str
    zone: str | None
    unit: str
    supply: Figures
    made: Figures
    requested: Figures
    used: Figures
    slack: Figures
    price: Figures = Field(description="points of the plan's own score per unit more")


class ComparedRule(Part):
    """One rule, or one value of its `each`, and one of its bounds."""

    name: str
    title: str
    kind: str
    each: str | None
    bound: Literal["at_least", "at_most", "exactly"] | None
    unit: str | None
    limit: Figures
    value: Figures
    penalty: Figures
    kept: tuple[bool | None, ...]


class ComparedProject(Part):
    """One project; null in a plan for which it is no candidate."""

    id: str
    title: str
    decision: tuple[Decision | None, ...]
    rank: tuple[int | None, ...]
    share: Figures
    units: tuple[int | None, ...]
    zones: tuple[dict[str, float] | None, ...] = Field(description="share by zone")
    granted: dict[str, Figures]
    change: tuple[Change | None, ...] = Field(description="against the first plan; null for the first itself")
    moved: tuple[bool | None, ...] = Field(description="in both, and some of it went from one zone to another")
    climbed: tuple[int | None, ...] = Field(description="places gained in the ranking, negative: lost")


class Comparison(Part):
    """Everything but the projects, which are columns."""

    plans: tuple[ComparedPlan, ...]
    measures: tuple[ComparedMeasure, ...]
    zones: tuple[ComparedZone, ...]
    criteria: tuple[ComparedCriterion, ...]
    resources: tuple[ComparedResource, ...]
    rules: tuple[ComparedRule, ...]


class ComparisonFile(Comparison):
    """compare.json."""

    projects: tuple[ComparedProject, ...]
    remarks: tuple[Reason, ...] = Field(description="what to know before the figures are set against each other")
