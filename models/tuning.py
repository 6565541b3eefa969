"""What is answered about weights: the forms of stability.json, sweep.json, pareto.json and match.json.

Weights stand as parts of their sum wherever a field does not say otherwise; distances are points of the score. A claim
that could not be proved within the limits says so (`proved`).
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .atlas import StoredPlan
from .explanation import Step
from .plan import Part


class Change(Part):
    """Another plan, seen from the present one."""

    more: tuple[str, ...] = Field(description="projects that get more of what they ask for, or get in")
    less: tuple[str, ...]
    totals: dict[str, float] = Field(description="criterion: change of its total, in unit(of)")


class Range(Part):
    """How far one weight may move, the others in proportion, before the plan changes."""

    criterion: str
    weight: float = Field(description="as the file has it")
    share: float = Field(description="its part of the sum of weights, 0 … 1")
    low: float | None = Field(description="least part at which the plan is still optimal; null: not found in time")
    high: float | None
    weights: tuple[float | None, float | None] = Field(
        description="the same as numbers beside the other weights as they are; null: however large, or not found"
    )
    below: Change | None = Field(description="the plan just below the interval; null where it ends at 0")
    above: Change | None
    plans: int = Field(description="plans that are best somewhere as the weight goes from 0 to 1")
    proved: bool


class Payoff(Part):
    """What a criterion reaches if it alone has a weight, and what the others reach then."""

    criterion: str
    best: float = Field(description="in unit(of)")
    totals: dict[str, float]
    proved: bool


class Stability(Part):
    """stability.json."""

    objective: float
    ranges: tuple[Range, ...]
    depends: tuple[str, ...] = Field(description="projects whose share changes as one weight is moved from 0 to 1")
    always: tuple[str, ...] = Field(description="in, and to the same share, wherever one weight is moved to")
    never: tuple[str, ...]
    payoff: tuple[Payoff, ...]
    tiers_held: bool = Field(description="stages of the first call were held at the values of the present plan")
    proved: bool


class FrontierPlan(StoredPlan):
    """A plan of the efficient frontier."""

    objective: float = Field(description="score − penalty at the present weights")
    supported: bool = Field(description="some weighting of these criteria prefers it")
    knee: bool = Field(description="where giving up more of one begins to bring little of the other")
    goes_on: bool = Field(description="all between it and the next plan is reached too, by sharing between them")
    more: tuple[str, ...] = Field(description="against the present plan")
    less: tuple[str, ...]


class Frontier(Part):
    """pareto.json. Hard rules are kept; broken soft ones are told (`penalty`), not counted."""

    criteria: tuple[str, ...]
    present: FrontierPlan
    plans: tuple[FrontierPlan, ...] = Field(description="from the best of the first criterion on")
    eps: float = Field(description="of three criteria: points within which some plan is of the best; else 0")
    tiers_held: bool
    proved: bool


class Decided(Part):
    """A decision that weights are looked for."""

    project: str
    wanted: Literal["in", "out"]
    explained: bool | None = Field(description="false: no weighting leads to it; null: not known")
    clash: bool = Field(description="one of those that no plan keeps together; without any one of them one does")
    agrees: bool = Field(description="the plan at the proposed weights does so")


class Match(Part):
    """match.json: the nearest weights under which the optimal plan agrees; else those that come nearest."""

    found: bool
    weights: dict[str, float] | None = Field(description="parts of the sum; null: none agrees with anything")
    changes: tuple[Step, ...]
    moved: float | None = Field(description="part of the sum of weights that changes hands")
    decisions: tuple[Decided, ...]
    loss: float | None = Field(
        description="points that the decisions cost at the present weights; null: no plan keeps them"
    )
    tiers_held: bool
    proved: bool = Field(description="that nothing is nearer, or that no weights agree")
