"""The plan: what a result says. The form of plan.json; every figure is in the unit of its measure.

Inside the product the projects of a plan are columns (see optimizer/candidates.py); `PlannedProject` is one row of
them, as plan.json writes it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer


class Status(StrEnum):
    """How good the plan is known to be. `limit`: stopped early, the best plan so far."""

    OPTIMAL = "optimal"
    WITHIN_GAP = "within_gap"
    LIMIT = "limit"
    INFEASIBLE = "infeasible"


class Decision(StrEnum):
    COMMITTED = "committed"
    ADMITTED = "admitted"
    PARTIAL = "partial"
    REJECTED = "rejected"
    INADMISSIBLE = "inadmissible"
    DISCUSS = "discuss"


class Part(BaseModel):
    """Base of the parts of a plan."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


Index = Annotated[
    float | None,
    BeforeValidator(lambda v: float("inf") if v == "inf" else v),
    PlainSerializer(lambda v: "inf" if v == float("inf") else v, when_used="json"),
    Field(description='benefit per charge; "inf" where nothing is charged; null for inadmissible and discuss'),
]


class Reason(Part):
    """Why a project is in or out: a stable code and a sentence in the plan's language."""

    code: str
    text: str


class Charge(Part):
    """What one row charges a project (credits negative), in points per whole project."""

    row: str
    points: float


class PlannedProject(Part):
    """What becomes of one project. value, charges, credits: points per whole project."""

    id: str
    title: str
    attributes: dict[str, str | None] = Field(description="as in the file")
    rank: int | None
    decision: Decision
    share: float = Field(description="how much of it is carried out, 0 to 1")
    units: int | None = Field(description="units carried out; null if it is not made of units")
    zones: dict[str, float] = Field(description="share by zone, where there are zones")
    requested: dict[str, float] = Field(description="amount asked for, the largest over the zones it may sit in")
    granted: dict[str, float] = Field(description="amount of the plan")
    trimmed: dict[str, tuple[float, float]] = Field(
        description="measure: [asked, allowed], where it was cut to a standard"
    )
    ratios: dict[str, float | None] = Field(description="ratio of each `per` criterion as granted, else as asked")
    points: float | None = Field(description="on the scoring sheet, 0 to 100")
    value: float | None = Field(description="what it adds to the score when carried out whole")
    charges: float | None = Field(description="what it takes, at the prices of the rows")
    charges_by: tuple[Charge, ...]
    credits: float | None = Field(description="what it makes and does for lower limits, at the prices, ≥ 0")
    index: Index
    assumed: tuple[str, ...] = Field(description="measures whose amounts are assumptions")
    reasons: tuple[Reason, ...]


class PlannedMeasure(Part):
    name: str
    title: str
    unit: str
    scarce: bool = Field(description="it has a supply or some project makes it")


class PlannedZone(Part):
    name: str
    title: str
    within: str | None


class PlannedTier(Part):
    name: str
    value: float = Field(description="points that the class reached")
    bound: float = Field(description="points that it could reach at most")


class PlannedCriterion(Part):
    name: str
    title: str
    of: str
    per: str | None
    better: Literal["higher", "lower"]
    standard: float | None
    unit: str
    weight: float
    total: float = Field(description="F_c, in unit(of)")
    scale: float = Field(description="N_c, in unit(of): what speaks for all candidates")
    achieved: float = Field(description="F_c / N_c; 0 where N_c is 0")


class Resource(Part):
    """One supply: of a measure in a zone, or in the region (zone null)."""

    measure: str
    zone: str | None
    unit: str
    supply: float
    made: float
    requested: float
    committed: float
    used: float
    substituted: float = Field(description="moved down to it from the higher grade (+) or away from it (−)")
    slack: float = Field(description="supply + made + substituted − used")
    shortage: float = Field(description="max(0, requested − supply − made)")
    price: float = Field(description="points per unit more")
    price_in: dict[str, float] = Field(description="change of each measure's granted total per unit more")
    source: str | None
    assumed: bool


class RuleRow(Part):
    """One rule, or one value of its `each`, and one of its bounds."""

    name: str
    title: str
    kind: str
    source: str | None
    soft: bool
    each: str | None
    bound: Literal["at_least", "at_most", "exactly"] | None
    unit: str | None = Field(
        None, description='of limit, value and existing; "1" for shares and numbers, null if there are none'
    )
    limit: float | None
    value: float | None = Field(description="what the plan reaches, existing included; null for 0/0")
    existing: float | None
    shortfall: float
    penalty: float = Field(description="points")
    price: float | None = Field(description="points per unit by which the limit is eased")
    kept: bool


class Group(Part):
    """Subtotal of the admitted (committed among them) by the value of an attribute, or by zone."""

    by: str
    value: str
    projects: int
    granted: dict[str, float]


class Certificate(Part):
    """What was recomputed from the scenario alone. bound_proved: weak duality from `prices`."""

    max_violation: float
    bound_proved: float
    bound_solver: float
    gap_proved: float
    prices: dict[str, float]
    checked: tuple[str, ...]
    tolerance: float


class Baseline(Part):
    """What the scoring sheet would have done with the same resources."""

    score: float
    criteria: dict[str, float]
    admitted: tuple[str, ...] = Field(description="ids in the order taken")
    breaks: tuple[str, ...] = Field(description="rules it breaks, by name")


class Provenance(Part):
    version: str
    solver: str
    solver_version: str
    inputs: dict[str, str] = Field(description="file: sha256")
    case: str | None
    set: dict[str, Any] = Field(description="changes made on the command line")
    assumed: tuple[str, ...] = Field(description="paths of what is assumed")


class ProjectsTable(Part):
    table: str = Field(description="file beside plan.json with the projects as columns")


class Plan(Part):
    """Everything a result says but its projects, which are columns."""

    name: str
    title: str
    language: Literal["zh", "en"]
    case: str | None
    status: Status
    objective: float = Field(description="score − penalty")
    score: float
    penalty: float
    bound: float = Field(description="no plan is better than this")
    gap: float = Field(description="(bound − objective) / max(1, |objective|)")
    linear: bool = Field(description="no whole projects: prices are exact; else those of the linear relaxation")
    measures: tuple[PlannedMeasure, ...]
    zones: tuple[PlannedZone, ...]
    tiers: tuple[PlannedTier, ...]
    criteria: tuple[PlannedCriterion, ...]
    resources: tuple[Resource, ...]
    rules: tuple[RuleRow, ...]
    groups: tuple[Group, ...]
    certificate: Certificate
    baseline: Baseline
    provenance: Provenance


class PlanFile(Plan):
    """plan.json: the plan with its projects and the digest over the canonical file."""

    projects: tuple[PlannedProject, ...] | ProjectsTable
    digest: str


class Infeasible(Part):
    """plan.json where no plan can keep the hard rules."""

    name: str
    case: str | None
    status: Literal[Status.INFEASIBLE]
    provenance: Provenance
