"""Price, then core: the answers of the solver that sees the whole, from samples and cores far too small."""


import numpy as np
import pytest
from build import Raw, build
from hypothesis import given
from hypothesis import strategies as st
from linear_scenarios import linear_scenarios
from random_scenarios import scenarios
from test_laws import tries

from landalloc.optimizer.core import Sizes, priced_answer
from landalloc.optimizer.formulate import formulate
from landalloc.optimizer.pipeline import prepare
from landalloc.optimizer.program import Program
from landalloc.optimizer.solve import Answer, Clock, Limits, solve

sizes = st.builds(Sizes, sample=st.integers(1, 6), core=st.integers(1, 4), link=st.sampled_from([0, 1, 2]))


def programme(raw: Raw) -> Program:
    scenario, candidates = build(raw)
    admission, scores = prepare(scenario, candidates, None)
    return formulate(scenario, admission.candidates, scores)


def assert_optimal(program: Program, answer: Answer) -> None:
    """Feasible, and no better than its bound allows: by sums over all rows and columns, whatever method it was."""
    assert answer.values is not None
    assert answer.duals is not None
    over = program.activity(answer.values) - program.limit
    size = np.maximum(1.0, np.abs(program.limit))
    assert (over[program.sense == 1] <= 1e-8 * size[program.sense == 1]).all()
    assert (over[program.sense == -1] >= -1e-8 * size[program.sense == -1]).all()
    assert (np.abs(over[program.sense == 0]) <= 1e-8 * size[program.sense == 0]).all()
    assert (answer.duals * program.sense >= -1e-9)[program.sense != 0].all()
    d = program.cost - program.charge(answer.duals)
    d[np.abs(d) < 1e-8] = 0.0
    bound = answer.duals @ program.limit + np.where(d > 0, d * np.where(d > 0, program.upper, 0.0), 0.0).sum()
    bound += np.where(d < 0, d * program.lower, 0.0).sum()
    assert program.cost @ answer.values == pytest.approx(bound, rel=1e-9, abs=1e-9)


def assert_same(program: Program, sizes: Sizes) -> bool:
    """Whether the method itself gave the answer."""
    whole = solve(program, Limits())
    answer = priced_answer(program, Clock(Limits()), sizes)
    if whole.values is None:
        assert answer is None or answer.values is None
        return answer is not None
    if answer is None:
        return False
    assert answer.values is not None
    assert program.cost @ answer.values == pytest.approx(program.cost @ whole.values, rel=1e-9, abs=1e-9)
    assert_optimal(program, answer)
    return True


@tries(150)
@given(linear_scenarios(most=12), sizes)
def test_scenarios_full_of_ties(raw: Raw, sizes: Sizes) -> None:
    assert_same(programme(raw), sizes)


@tries(150)
@given(scenarios(most=8), sizes)
def test_relaxations_of_whole_projects(raw: Raw, sizes: Sizes) -> None:
    assert_same(programme(raw).relaxed(), sizes)
