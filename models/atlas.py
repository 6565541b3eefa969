"""The atlas of all weightings: the form of atlas.json."""

from __future__ import annotations

from pydantic import Field

from .plan import Part


class AtlasCriterion(Part):
    """A criterion and what 100 of its points are."""

    name: str
    scale: float = Field(description="N_c, in unit(of)")


class AtlasPlan(Part):
    """A stored plan. At weights w it is worth 100 · Σ_c w_c · F_c / N_c − penalty points."""

    criteria: dict[str, float] = Field(description="F_c, in unit(of)")
    penalty: float = Field(description="points that broken soft rules cost, at any weights")
    shares: dict[str, dict[str, float]] = Field(description="project: zone (empty: no zones): share")


class AtlasCell(Part):
    """A region of the weights in which one stored plan is the best of them."""

    weights: tuple[tuple[float, ...], ...] = Field(description="its corners: parts of the sum, by criterion")
    plan: int = Field(description="place among the plans, from 0")
    bound: float = Field(description="no plan is worth more points than this above it, anywhere in the cell")


class Atlas(Part):
    """atlas.json: for every weighting one of the plans is within eps points of the best."""

    eps: float
    criteria: tuple[AtlasCriterion, ...]
    plans: tuple[AtlasPlan, ...]
    cells: tuple[AtlasCell, ...]
    proved: bool
