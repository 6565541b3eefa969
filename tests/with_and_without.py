"""A scenario of inputs/ solved as it stands and with changes, for tests that a mechanism really binds."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from landalloc.optimizer import account as accounts
from landalloc.optimizer.assemble import Solved
from landalloc.optimizer.pipeline import solve_scenario
from landalloc.optimizer.read import read
from landalloc.optimizer.score import scales
from landalloc.optimizer.solve import Limits

INPUTS = Path(__file__).resolve().parent.parent / "inputs"
OFF = ""
"""As the value of a change: the key is taken away."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a solved scenario gives, in the units of its measures."""

    solved: Solved

    @property
    def score(self) -> float:
        return accounts.score_and_penalty(self.solved.account)[0]

    @property
    def penalty(self) -> float:
        return accounts.score_and_penalty(self.solved.account)[1]

    @property
    def objective(self) -> float:
        return self.score - self.penalty

    @property
    def chosen(self) -> set[str]:
        """Projects that are carried out, at least in part."""
        candidates = self.solved.admission.candidates
        return set(candidates.ids[self.solved.account.project_shares() > 0].tolist())

    def share(self, project: str) -> float:
        return self.solved.account.share_of(project)

    def zone(self, project: str) -> str | None:
        """Where it sits; None if it is left out."""
        candidates = self.solved.admission.candidates
        here = (candidates.ids == project)[candidates.project] & (self.solved.shares > 0)
        zones = [self.solved.scenario.places[z] for z in candidates.zone[here]]
        assert len(zones) <= 1, f"{project} is spread over {zones}"
        return zones[0] if zones else None

    def used(self, measure: str, zone: str = "") -> float:
        """Σ needs in a zone, inner zones included; the empty zone is the region."""
        return self.solved.account.sum(measure, self.solved.account.geography.within(zone))

    def made(self, measure: str, zone: str = "") -> float:
        """Σ makes, likewise."""
        gives = self.solved.admission.candidates.made(measure) * self.solved.shares
        return float(gives[self.solved.account.geography.within(zone)].sum())

    def of(self, measure: str, attribute: str, *values: str) -> float:
        """Σ of a measure over the projects with one of these values of an attribute."""
        candidates = self.solved.admission.candidates
        chosen = np.isin(candidates.attributes[attribute].astype(str), values)
        return self.solved.account.sum(measure, chosen[candidates.project])

    def trimmed(self) -> set[str]:
        """Projects of which a standard cut some amount."""
        asked = self.solved.admission.asked
        return {
            str(asked.ids[asked.project[option]])
            for measure, allowed in self.solved.admission.trimmed.items()
            for option in np.flatnonzero(allowed < asked.amount(measure))
        }

    def rule(self, name: str) -> accounts.RuleRow:
        return next(row for row in accounts.rules(self.solved.account) if row.name == name)


@lru_cache(maxsize=64)
def _solved(name: str, case: str | None, changes: tuple[tuple[str, str], ...]) -> Outcome:
    reading = read(INPUTS / f"{name}.yaml", case=case, changes=dict(changes))
    assert not reading.findings, [str(finding) for finding in reading.findings]
    kept = scales(reading.base_scenario, reading.base_candidates)
    solved, _ = solve_scenario(reading.scenario, reading.candidates, Limits(gap=1e-6), kept=kept)
    return Outcome(solved)


def outcome(name: str, case: str | None = None, changes: Mapping[str, str] | None = None) -> Outcome:
    """The optimum of inputs/NAME.yaml with a case and with changes, on the scales of the scenario as it stands."""
    return _solved(name, case, tuple(sorted((changes or {}).items())))
