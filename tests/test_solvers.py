"""Two solvers, one answer: the same optimum everywhere, the same plan, prices and ranks where nothing is whole."""

import numpy as np
import pytest
from build import Raw
from hypothesis import given
from hypothesis import strategies as st
from laws import answer, close, same_index, same_order, same_plan
from linear_scenarios import linear_scenarios
from optima import BY_HAND, PUBLISHED
from random_scenarios import scenarios
from test_laws import tries

from landalloc.optimizer.solve import solvers

KNOWN = BY_HAND | PUBLISHED


def assert_the_same_answer(raw: Raw) -> None:
    one, other = answer(raw), answer(raw, solver="cbc")
    assert (one is None) == (other is None)
    if one is None or other is None:
        return
    assert close(one.objective, other.objective, 1e-9 if one.linear else 1e-6)
    for row, price in one.prices.items():
        assert close(price, other.prices[row], 1e-6), row
    if one.linear:
        assert same_plan(one, other)
        assert same_order(one, other)
        assert same_index(one, other)


def test_both_are_really_installed() -> None:
    assert {"highs", "cbc"} <= solvers().keys()


@pytest.mark.parametrize("name", KNOWN)
def test_known_optima(name: str) -> None:
    assert_the_same_answer(KNOWN[name].raw)


@tries(25)
@given(linear_scenarios())
def test_linear_scenarios_full_of_ties(raw: Raw) -> None:
    assert_the_same_answer(raw)


@tries(15)
@given(scenarios())
def test_whole_projects(raw: Raw) -> None:
    assert_the_same_answer(raw)


@tries(4)
@given(st.integers(0, 10**6))
def test_a_hundred_projects_in_three_zones(seed: int) -> None:
    """Whole figures of one digit: a dozen of each kind of project, and most of them tie."""
    random = np.random.default_rng(seed)
    projects = [
        {
            "id": f"p{i:03}",
            **{
                m: float(a) for m, a in zip(("land", "energy", "output", "jobs"), random.integers(1, 4, 4), strict=True)
            },
            "zones": [f"z{z}" for z in sorted(random.choice(3, 2, replace=False))],
        }
        for i in range(100)
    ]
    zones = {f"z{z}": {"supply": {"land": float(random.integers(20, 60))}} for z in range(3)}
    assert_the_same_answer(
        {
            "measures": ["land", "energy", "output", "jobs"],
            "supply": {"energy": float(random.integers(60, 120))},
            "zones": zones,
            "projects": projects,
            "criteria": {
                "intensity": {"of": "output", "per": "land", "weight": 2.0, "standard": 0.5},
                "jobs": {"of": "jobs", "weight": 1.0},
            },
            "rules": [{"name": "jobs", "total": {"of": "jobs", "at_least": 150.0}, "soft": 0.5}],
        }
    )
