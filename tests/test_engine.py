"""The engine that solves again: what it says after any change is what a cold solve says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from build import Raw, build
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_scenarios import scenarios

from landalloc.optimizer.engine import Engine, Start
from landalloc.optimizer.pipeline import formulated, prepare
from landalloc.optimizer.program import Program
from landalloc.optimizer.solve import Limits, solve

EXACT = Limits(gap=0.0)
WHAT = ("cost", "limit", "upper", "value")


def programme(raw: Raw) -> Program:
    scenario, candidates = build(raw)
    admission, scores = prepare(scenario, candidates, None)
    return formulated(scenario, admission, scores, [])


def changed(program: Program, what: str, seed: int) -> Program:
    """The programme with a few other figures of one kind, sometimes none."""
    random = np.random.default_rng(seed)
    new = getattr(program, what).copy()
    if len(new):
        at = random.integers(0, len(new), random.integers(0, 4))
        at = at[np.isfinite(new[at])]
        new[at] = np.round(new[at] * random.choice([0.0 if what in ("limit", "upper") else 0.5, 0.5, 1.5], len(at)), 6)
    return replace(program, **{what: new})


@settings(max_examples=80, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenarios(most=5), st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, 999)), min_size=2, max_size=6))
def test_after_any_change_the_answer_is_that_of_a_cold_solve(raw: Raw, changes: list[tuple[str, int]]) -> None:
    program = programme(raw)
    engine = Engine(EXACT)
    for what, seed in [*changes, ("cost", 0)]:
        warm, cold = engine.solve(program), solve(program, EXACT)
        assert warm.termination == cold.termination
        if warm.values is not None and cold.values is not None:
            noise = 1e-7 * max(1.0, float(np.abs(program.cost) @ np.abs(cold.values)))
            assert float(program.cost @ warm.values) == pytest.approx(float(program.cost @ cold.values), abs=noise)
        program = changed(program, what, seed)


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenarios(most=5), st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, 999)), min_size=3, max_size=6))
def test_the_answer_does_not_depend_on_the_start(raw: Raw, changes: list[tuple[str, int]]) -> None:
    """Not even on one that has become impossible since."""
    program = programme(raw)
    engine = Engine(EXACT)
    starts: list[Start] = []
    for i, (what, seed) in enumerate(changes):
        warm, cold = engine.solve(program, start=starts[seed % len(starts)] if starts else None), solve(program, EXACT)
        assert warm.termination == cold.termination
        if warm.values is not None and cold.values is not None:
            noise = 1e-7 * max(1.0, float(np.abs(program.cost) @ np.abs(cold.values)))
            assert float(program.cost @ warm.values) == pytest.approx(float(program.cost @ cold.values), abs=noise)
        stopped = engine.stopped_at(warm)
        starts += [stopped] if stopped is not None else []
        program = changed(program, what, seed + i)


def test_a_changed_limit_of_a_row_without_columns_is_seen() -> None:
    """Nothing can be solved where 0 ≥ 2, whether it was so from the start or became so."""
    raw: Any = {
        "measures": ["land", "jobs"], "supply": {"land": 1.0}, "criteria": {"jobs": {"of": "jobs", "weight": 1.0}},
        "projects": [{"id": "a", "land": 1.0, "jobs": 1.0}],
        "rules": [{"name": "none", "total": {"of": "jobs", "at_least": 0.0}, "where": {"id": "b"}}],
    }  # fmt: skip
    program = programme(raw)
    engine = Engine(EXACT)
    (empty,) = np.flatnonzero(np.diff(program.start) == 0)
    for limit, possible in ((0.0, True), (2.0, False), (0.0, True)):
        limits = program.limit.copy()
        limits[empty] = limit
        assert (engine.solve(replace(program, limit=limits)).values is not None) is possible
