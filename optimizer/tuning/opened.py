"""From a scenario that was read to its weights left open."""

from __future__ import annotations

from ..pipeline import solve_scenario
from ..read import Reading
from ..score import scales
from ..solve import Limits
from .space import WeightSpace, weight_space


def open_space(reading: Reading, limits: Limits) -> WeightSpace:
    """Solve a scenario and leave its weights open; every further solve has the same limits.

    Raises NoPlan, and SolverError where the solver fails or finds no plan in time.
    """
    kept = scales(reading.base_scenario, reading.base_candidates)
    solved, optimum = solve_scenario(reading.scenario, reading.candidates, limits, kept=kept)
    return weight_space(solved, optimum, limits)
