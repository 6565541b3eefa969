"""Sheet: what the rows of a programme are written on, the columns of every option by meaning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..models.scenario import Scenario
from .candidates import Bools, Candidates, Floats, Ints
from .geography import Geography

Part = tuple[Ints, Floats]
"""Columns and their coefficients, a part of a row."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """The options' columns: see program.Layout for share, step and site."""

    scenario: Scenario
    candidates: Candidates
    geography: Geography
    share: Ints
    step: Floats
    site: Ints

    def shares(self, options: Bools, coefficient: Floats | float = 1.0) -> Part:
        """Σ coefficient · x over the options, coefficients (k,) per whole project."""
        full = np.broadcast_to(np.asarray(coefficient, dtype=float), self.step.shape)
        return self.share[options], (full * self.step)[options]

    def admitted(self, options: Bools, coefficient: float = 1.0) -> Part:
        """Σ coefficient · b over the options; a divisible project counts with its share."""
        sited = np.where(self.site >= 0, self.site, self.share)[options]
        return sited, np.full(len(sited), coefficient)

    def project(self, project: str) -> Bools:
        """(k,) options of one project; none if it does not compete."""
        own: Bools = self.candidates.project == self.candidates.row_of(project)
        return own
