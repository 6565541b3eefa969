"""Allocation: a plan with its projects as columns. What the pipeline gives and every report takes."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..models.explanation import Explanation
from ..models.plan import Plan


@dataclass(frozen=True, eq=False)
class Allocation:
    """A plan and its projects, one row each: committed by id, then by rank, then case by case, then inadmissible.

    Columns of `projects`, the fields of `models.plan.PlannedProject` laid flat:

    ============================  =====================================================================
    id, title, decision           text; decision is a value of `Decision`
    attributes.NAME               text or None, one column per declared attribute
    rank                          Int64, missing where unranked
    share                         0 … 1
    units                         Int64, units carried out; missing where not made of units
    share@ZONE                    share there, one column per zone
    requested.M, granted.M        unit of the measure, one pair per declared measure
    trimmed.M.asked, .allowed     amounts, nan where not trimmed; only measures that a standard can trim
    ratios.CRITERION              ratio of each `per` criterion, nan where there is no denominator
    points                        on the scoring sheet, 0 … 100; nan where it has none
    value, charges, credits       points per whole project; nan for inadmissible and discuss
    charges_by.K.row, .points     the K-th largest charge: name of its row, and points; None, nan beyond the last
    index                         inf where nothing is charged; nan for inadmissible and discuss
    assumed                       tuple of measures whose amounts are assumptions
    reasons                       tuple of (code, text); equal ones may be one object
    ============================  =====================================================================
    """

    plan: Plan
    projects: pd.DataFrame
    answers: Explanation | None = None
    """what was asked about this plan, where that was done"""
