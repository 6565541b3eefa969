"""Nouns of a comparison: what goes in, and the plans side by side with their projects as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from ..models.comparison import Comparison
from ..models.finding import Finding
from .allocation import Allocation


@dataclass(frozen=True, eq=False)
class Entry:
    """A plan that is to be compared."""

    label: str
    """short name, another one for each entry"""
    source: str
    """as the command names it"""
    kind: Literal["scenario", "plan"]
    allocation: Allocation


@dataclass(frozen=True, eq=False)
class Compared:
    """Plans side by side. `projects` has a row for each project of any plan, sorted by id; `@0` is the first plan:

    =======================  ==========================================================================
    id, title                text, of the first plan that has the project
    decision@i               text; None where it is no candidate
    rank@i, units@i          Int64, missing where there is none
    share@i                  0 … 1; nan where it is no candidate
    zones@i                  {zone: share} where it sits; None where it is no candidate
    granted.M@i              in the measure's unit, one for each measure; nan where the plan has none of it
    change@i                 value of `Change`, i ≥ 1
    moved@i                  bool, i ≥ 1
    climbed@i                Int64, places gained against the first plan, i ≥ 1
    =======================  ==========================================================================
    """

    comparison: Comparison
    projects: pd.DataFrame
    findings: Sequence[Finding]
    """warnings: what to know before the figures are set against each other"""
