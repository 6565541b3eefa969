"""What the plan should have more (or less) of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .amount import Figure, Noun


class Criterion(Noun):
    """One criterion of the score.

    With signs so that more is better, its total over the plan is

    ====================  ================================
    of alone              F = Σ of · x  (better: lower: −Σ of · x)
    of per, higher        F = Σ (of − standard · per) · x
    of per, lower         F = Σ (standard · per − of) · x
    ====================  ================================
    """

    of: str = Field(description="the measure that counts")
    per: str | None = Field(None, description="the measure it is divided by: land, output, …")
    better: Literal["higher", "lower"] = Field("higher", description="which direction is better")
    weight: Annotated[Figure, Field(ge=0)] = Field(
        description="its part in the score, relative to the sum of all weights"
    )
    standard: Figure | None = Field(
        None, description="ratio that counts as zero, in unit(of)/unit(per); 0 if absent and better is higher"
    )
    full_marks: Figure | None = Field(None, description="ratio that earns all points on the scoring sheet")
    reference: Figure | None = Field(
        None,
        gt=0,
        description="fixes the scale N (what counts as 100 %) in unit(of), instead of what is applied for",
    )
    title: str | None = Field(None, description="for reports")
