"""What becomes of projects and where they sit, in words: each text once, and for every project which one is its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ...models.plan import Decision, Plan
from . import sentences
from .alike import Ints, classes, numbered
from .numbers import Language

Labels = tuple[Ints, list[str]]
"""(n,) number of each project's text, and the texts."""


def decisions(projects: pd.DataFrame, said: Callable[[Mapping[Any, Any]], str]) -> Labels:
    """What `said` makes of the decision of each project, a row of the columns."""
    partial = (projects["decision"] == Decision.PARTIAL).to_numpy()
    trimmed = projects["reasons"].map(lambda reasons: any(code == "trimmed" for code, _ in reasons))
    parts = (projects["share"], projects["units"].fillna(-1))
    keys = [numbered(projects["decision"]), numbered(trimmed), *(np.where(partial, numbered(p), 0) for p in parts)]
    return _once(projects[["decision", "share", "units", "reasons"]], keys, said)


def zones(projects: pd.DataFrame, plan: Plan, language: Language) -> Labels:
    """The zones where each project sits."""
    names = [f"share@{zone.name}" for zone in plan.zones]
    keys = [(projects[name] > 0).to_numpy().astype(np.intp) for name in names]
    return _once(projects[names], keys, lambda record: sentences.zones(record, plan, language))


def _once(projects: pd.DataFrame, keys: list[Ints], said: Callable[[Mapping[Any, Any]], str]) -> Labels:
    code, first = classes(keys, len(projects))
    return code, [said(record) for record in projects.iloc[first].to_dict("records")]
