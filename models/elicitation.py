"""Weights from judgements or data: the form of elicit.json.

Weights are of 100. A consistency is how far judgements contradict each other, 0 where they do not.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .explanation import Step
from .plan import Part

Method = Literal[
    "ahp", "bwm", "rank-order", "rank-sum", "rank-reciprocal", "swing", "points", "entropy", "critic"
]  # fmt: skip


class Weighed(Part):
    """One criterion."""

    criterion: str
    title: str | None = None
    present: float | None = Field(description="weight as it stands in the file; null where none does")
    present_of_100: float | None = Field(description="the same as a part of 100; null where a criterion has none")
    exact: float = Field(description="elicited, of 100, not rounded")
    elicited: float = Field(description="elicited, of 100, rounded so that all of them still add up to 100")


class Consistency(Part):
    """How far the judgements contradict each other."""

    measure: Literal["CR", "CR_I"] = Field(description="CR: of a matrix (Saaty); CR_I: input-based, of best-worst")
    ratio: float
    limit: float = Field(description="beyond it judgements should be looked at again")
    index: float = Field(description="CR: (lambda_max - n)/(n - 1); CR_I: xi of the linear best-worst model")
    missing: int = Field(description="comparisons that nobody made")

    @property
    def acceptable(self) -> bool:
        return self.ratio <= self.limit


class Judge(Part):
    """One of several judges by themselves."""

    name: str
    comparisons: int
    ratio: float | None = Field(description="their own CR; null where their comparisons do not connect all criteria")


class Revisit(Part):
    """The judgement whose change would mend the consistency most: `first` is `given` times as important as `second`."""

    first: str
    second: str
    given: float
    consistent: float = Field(description="what would agree best with all the others, between 1/9 and 9")
    ratio: float = Field(description="the consistency then")


class Elicitation(Part):
    """elicit.json."""

    method: Method
    weights: tuple[Weighed, ...]
    consistency: Consistency | None = None
    judges: tuple[Judge, ...] = ()
    revisit: Revisit | None = None
    flat: tuple[str, ...] = Field((), description="criteria by which the data does not tell candidates apart")
    changes: tuple[Step, ...] = ()
