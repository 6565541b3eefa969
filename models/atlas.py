"""The plans of every weighting: the form of atlas.json.

A weighting is a point of the simplex: one weight ≥ 0 for each criterion, in the order of `criteria`, with the sum 1.
At weights w a stored plan scores 100 · Σ_c w_c · F_c / N_c, and what it is worth is that less its penalty.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, FiniteFloat, NonNegativeInt

from .plan import Part

Weighting = tuple[FiniteFloat, ...]
"""A point of the simplex, one weight a criterion; a vertex that was computed may miss it by rounding."""
Distance = Annotated[FiniteFloat, Field(ge=0)]
"""Points of the score."""


class AtlasCriterion(Part):
    name: str
    scale: FiniteFloat = Field(description="N_c, in unit(of); a criterion whose N_c is 0 gives no points")


class StoredPlan(Part):
    """One plan of the atlas, whatever the weights."""

    criteria: dict[str, FiniteFloat] = Field(description="F_c by criterion, in unit(of)")
    penalty: FiniteFloat = Field(description="points that broken soft rules cost; the same at all weights")
    shares: dict[str, dict[str, FiniteFloat]] = Field(
        description='project: zone: share > 0; "" stands for the region where there are no zones'
    )
    resources: tuple[tuple[FiniteFloat, FiniteFloat], ...] = Field(
        (),
        description="(used, available) of each row of plan.json's `resources`, in its order; "
        "available = supply + made + substituted, in the unit of the measure",
    )


class Cell(Part):
    """A part of the simplex in which one stored plan is proved to be near the best."""

    weights: tuple[Weighting, ...] = Field(description="its vertices")
    plan: NonNegativeInt = Field(description="place in `plans`, from 0")
    bound: Distance = Field(description="points: nowhere in the cell is the optimum more than this better")


class Atlas(Part):
    """Stored plans, and cells that cover the simplex."""

    eps: Distance = Field(description="points: how near to the best the stored plans were meant to come")
    criteria: tuple[AtlasCriterion, ...]
    plans: tuple[StoredPlan, ...]
    cells: tuple[Cell, ...]
    proved: bool = Field(description="at every weighting the best stored plan is within eps of the best possible")
