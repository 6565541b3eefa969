"""Many weightings against solving each anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from linear_scenarios import linear_scenarios
from weighing import EXACT, NEAR, Everything, fresh, generic, law, space_of, twins, ways, weighed

from landalloc.models.scenario import Scenario
from landalloc.optimizer.read import read
from landalloc.optimizer.tuning.opened import open_space
from landalloc.optimizer.tuning.sweep import Sweep, at_random, grid, one_weight, sweep


@law(30)
@given(st.integers(1, 5), st.integers(1, 7))
def test_a_grid_has_every_weighting_in_whole_parts_once(criteria: int, steps: int) -> None:
    found = grid(criteria, steps)
    assert found.shape == (ways(criteria, steps), criteria)
    parts = np.rint(found * steps)
    assert np.allclose(found * steps, parts, atol=1e-12)
    assert (parts >= 0).all()
    assert (parts.sum(axis=1) == steps).all()
    assert len(np.unique(parts, axis=0)) == len(found)


@law(20)
@given(st.integers(1, 6), st.integers(1, 50), st.integers(0, 2**31))
def test_random_weights_lie_on_the_simplex_and_come_again(criteria: int, count: int, seed: int) -> None:
    found = at_random(criteria, count, seed)
    assert found.shape == (count, criteria)
    assert (found >= 0).all()
    assert np.allclose(found.sum(axis=1), 1.0)
    assert np.array_equal(found, at_random(criteria, count, seed))
    if criteria > 1:
        assert not np.array_equal(found, at_random(criteria, count, seed + 1))


def test_random_weights_are_spread_evenly() -> None:
    """Of Dirichlet(1, …, 1): every weight has the mean 1/c and the variance (c − 1) / c² (c + 1)."""
    found = at_random(4, 20_000, 1)
    assert found.mean(axis=0) == pytest.approx(np.full(4, 0.25), abs=0.01)
    assert found.var(axis=0) == pytest.approx(np.full(4, 3 / (16 * 5)), abs=0.003)


@pytest.mark.parametrize("criterion", [0, 1, 2])
def test_one_weight_goes_from_none_to_all_and_the_others_keep_their_proportions(criterion: int) -> None:
    space = space_of(generic(2, projects=4, criteria=3))
    found = one_weight(space, criterion, 8)
    assert found[:, criterion] == pytest.approx(np.linspace(0, 1, 9))
    assert np.allclose(found.sum(axis=1), 1.0)
    rest, present = np.delete(found, criterion, axis=1), np.delete(space.present, criterion)
    assert np.allclose(rest[:, 0] * present[1], rest[:, 1] * present[0])


def test_one_weight_where_the_others_have_none() -> None:
    raw = generic(2, projects=4, criteria=3)
    raw["criteria"]["c0"]["weight"] = raw["criteria"]["c1"]["weight"] = 0.0
    found = one_weight(space_of(raw), 2, 4)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert np.allclose(found.sum(axis=1), 1.0)
    assert found[:, 2] == pytest.approx(np.linspace(0, 1, 5))


def totals(found: Sweep, everything: Everything) -> Any:
    """(rows, c) points of each criterion."""
    scales = np.array([everything.scales[name] for name in everything.names])
    reached = found.table[[f"total.{name}" for name in everything.names]].to_numpy(dtype=float)
    return np.divide(100 * reached, scales, out=np.zeros_like(reached), where=scales > 0)


def adds_up(found: Sweep, everything: Everything, weights: Any) -> None:
    """Rows are optima and their columns agree with each other; frequencies are those of the shares."""
    table = found.table
    assert len(table) == len(weights)
    assert np.allclose(table[[f"weight.{name}" for name in everything.names]], weights)
    assert np.allclose(table["objective"], table["score"] - table["penalty"], atol=NEAR)
    assert np.allclose(table["score"], (totals(found, everything) * weights).sum(axis=1), atol=NEAR)
    assert (table["bound"] >= table["objective"] - 1e-9).all()
    best = np.array([everything.value(w) for w in weights])
    assert np.allclose(table["objective"], best, atol=2 * NEAR)
    assert np.allclose(table["bound"], best, atol=2 * NEAR)
    projects = [str(i) for i in everything.columns.ids]
    counted = found.frequency.set_index("id")
    assert found.shares.shape == (len(weights), len(projects))
    assert list(found.frequency["id"]) == projects
    assert np.allclose(counted["frequency"], (found.shares > 0).mean(axis=0))
    assert np.allclose(counted["mean"], found.shares.mean(axis=0))


def swept(raw: Any, count: int) -> None:
    everything, space = Everything(raw), space_of(raw)
    criteria = len(everything.names)
    weights = np.vstack([np.eye(criteria), at_random(criteria, count, 3), everything.present])
    adds_up(sweep(space, weights), everything, weights)


@law(12)
@given(weighed(rules=2))
def test_every_row_is_an_optimum(raw: Any) -> None:
    swept(raw, 2)


@law(10)
@given(linear_scenarios())
def test_every_row_is_an_optimum_of_divisible_projects(raw: Any) -> None:
    swept(raw, 2)


def test_the_present_plan_is_the_one_that_is_solved_for() -> None:
    solved = fresh(twins(), [3.0, 1.0]).ranking["share"].sort_index()
    assert solved.to_dict() == pytest.approx({"a": 1.0, "b": 0.5, "c": 0.0})
    space = space_of(twins())
    found = sweep(space, space.present[None, :]).frequency
    assert found.set_index("id")["present"].to_dict() == pytest.approx(solved.to_dict())


@pytest.mark.parametrize("part", [0.0, 0.4, 1.0])
def test_totals_and_shares_of_fresh_solves(part: float) -> None:
    raw = generic(7, projects=6, criteria=3, part=part)
    weights = np.vstack([np.eye(3), at_random(3, 4, 5)])
    found = sweep(space_of(raw), weights)
    for row, w in enumerate(weights):
        plan = fresh(raw, w)
        ranking = plan.ranking.sort_index()
        assert found.table["objective"][row] == pytest.approx(plan.score - plan.penalty, abs=NEAR)
        if w.max() < 1:  # where one criterion alone counts, plans may tie
            assert found.shares[row] == pytest.approx(ranking["share"].to_numpy(), abs=1e-6)
            for name in raw["criteria"]:
                assert found.table[f"total.{name}"][row] == pytest.approx(ranking[f"granted.{name}"].sum(), abs=1e-5)


def test_by_hand(tmp_path: Any) -> None:
    """Room for one of two: a from w = 1/4 on; of the grid in fifths a has 2/5 … 1, at 0 and 1/5 b."""
    path = tmp_path / "s.yaml"
    path.write_text(
        "name: s\nlanguage: en\nmeasures: {land: {unit: mu}, jobs: {unit: person}, output: {unit: 万元/year}}\n"
        "supply: {land: 1}\ndefaults: {min_share: 100%}\n"
        "projects:\n  - {id: a, land: 1, jobs: 4, output: 1}\n  - {id: b, land: 1, jobs: 1, output: 2}\n"
        "criteria:\n  jobs: {of: jobs, weight: 1, reference: 100}\n  output: {of: output, weight: 1, reference: 100}\n",
        encoding="utf-8",
    )
    space = open_space(read(path), EXACT)
    assert isinstance(space.solved.scenario, Scenario)
    found = sweep(space, grid(2, 5))
    assert found.table["total.jobs"].tolist() == [1, 1, 4, 4, 4, 4]
    assert found.table["total.output"].tolist() == [2, 2, 1, 1, 1, 1]
    assert found.frequency["frequency"].tolist() == pytest.approx([4 / 6, 2 / 6])
    assert found.frequency["present"].tolist() == [1, 0]
