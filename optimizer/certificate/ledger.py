"""Rows of the model and the ledger they are written down in.

Columns are the shares x[p,z] and, where it is more than x itself, the presence b[p,z] of each option, and
helper columns, whose best values follow from the shares. A soft row carries the cost of its shortfall in
place of a column for it; the amounts moved between grades are kept as pairs of rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ..candidates import Floats, Ints


class Best(StrEnum):
    """How the best value of a helper column follows from the shares."""

    PRESENT = "w: 1 where a member has a share"
    SMALLEST = "y, lo: the smallest of its members"
    LARGEST = "hi: the largest of its members"


@dataclass(frozen=True)
class Helper:
    """A helper column, with coefficient `sign` in each of its member rows and `back` in the row `other`."""

    best: Best
    gain: float
    """Points per unit."""
    top: float
    """Largest sensible value."""
    members: tuple[int, ...]
    sign: float
    other: int | None = None
    back: float = 0.0
    group: str | None = None
    """Helpers of one group sum up to `top` at most: the synergy of one rule in its zones."""


Entries = tuple[tuple[int, NDArray[np.int32], Floats], ...]
"""Row, its options, their coefficients; rows ascending, no option twice in a row."""


@dataclass(frozen=True, eq=False)
class Rows:
    """m rows over k options. A coefficient on presence stands in `on_presence`, all others on the share."""

    names: tuple[str, ...]
    senses: Ints
    """(m,) 1 for ≤, 0 for =, −1 for ≥."""
    limits: Floats
    """(m,)"""
    costs: Floats
    """(m,) points per unit of shortfall of a soft row; inf for a hard one."""
    on_share: Entries
    on_presence: Entries
    helpers: tuple[Helper, ...]
    moves: tuple[tuple[int, int], ...]
    """(row of the lower grade, row of the higher grade); those of a lower grade first."""


class Ledger:
    """Rows as they are being written down."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.senses: list[int] = []
        self.limits: list[float] = []
        self.costs: list[float] = []
        self.share: list[tuple[int, NDArray[np.int32], Floats]] = []
        self.presence: list[tuple[int, NDArray[np.int32], Floats]] = []
        self.helpers: list[Helper] = []
        self.moves: list[tuple[int, int]] = []

    def row(
        self, name: str, sense: int, limit: float, share: Floats | None = None,
        presence: Floats | None = None, cost: float = math.inf,
    ) -> int:  # fmt: skip
        """Add a row with its coefficients, (k,) each; its position."""
        at = len(self.names)
        self.names.append(name)
        self.senses.append(sense)
        self.limits.append(limit)
        self.costs.append(cost)
        for coefficients, entries in ((share, self.share), (presence, self.presence)):
            if coefficients is not None:
                options = np.flatnonzero(coefficients)
                entries.append((at, options.astype(np.int32), coefficients[options]))
        return at

    def close(self) -> Rows:
        return Rows(
            tuple(self.names), np.array(self.senses, dtype=np.intp), np.array(self.limits, dtype=float),
            np.array(self.costs, dtype=float), tuple(self.share), tuple(self.presence),
            tuple(self.helpers), tuple(self.moves),
        )  # fmt: skip
