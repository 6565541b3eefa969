"""Blocks: projects that links tie answer as one, and are in the core only where their answer is contested."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from build import Raw
from hypothesis import given
from hypothesis import strategies as st
from test_core import assert_the_same_optimum, mixed, programme, same_objective
from test_laws import tries

from landalloc.optimizer.blocks import Blocks, blocks
from landalloc.optimizer.core import Sizes, priced_answer
from landalloc.optimizer.engine import Engine
from landalloc.optimizer.face import only_rows
from landalloc.optimizer.market import Market, drawn, market
from landalloc.optimizer.prices import sparse_curve
from landalloc.optimizer.program import Program, Sense
from landalloc.optimizer.solve import Answer, Clock, Limits, Termination, solve

SMALL = Sizes(sample=50, core=30, link=6, per_row=0)


def linked(seed: int, n: int, part: float = 1 / 3, *, hard: bool = False) -> Raw:
    """`mixed`, and links of every kind between two to four of a part of the projects; who is linked has a min_share."""
    random = np.random.default_rng(seed)
    raw = mixed(seed, n)
    projects = raw["projects"]
    free = [p for p in projects[10:] if not p.get("committed")]
    chosen = [free[i] for i in random.permutation(len(free))[: int(part * n)]]
    rules: list[Raw] = []
    while len(chosen) >= 4:
        some, chosen = chosen[: (size := int(random.integers(2, 5)))], chosen[size:]
        ids = [p["id"] for p in some]
        kind = ["requires", "exclusive", "together", "synergy"][len(rules) % 4]
        if kind in ("requires", "exclusive"):
            for project in some:
                project["min_share"] = float(random.choice([0.2, 1.0]))
        body: Raw = {
            "requires": {"project": ids[0], "needs": ids[1:]},
            "exclusive": ids,
            "together": ids,
            "synergy": {"projects": ids, "adds": {"output": 5.0}, "same_zone": bool(random.integers(2))},
        }
        rule: Raw = {"name": f"link{len(rules)}", kind: body[kind]}
        if kind != "synergy" and not hard and random.integers(4) == 0:
            rule["soft"] = {"points": 0.01, "per": 1.0}
        rules.append(rule)
    raw["rules"] += rules
    return raw


def apart(program: Program, link: int = 6) -> tuple[Market, Blocks]:
    m = market(program, link)
    assert m is not None
    return m, blocks(m, Limits())


@contextmanager
def watched() -> Iterator[list[int]]:
    """The columns of every programme that the engine is given meanwhile."""
    sizes: list[int] = []
    solve_as_before = Engine.solve

    def solve(self: Engine, program: Program, *rest: object) -> Answer:
        sizes.append(len(program.cost))
        return solve_as_before(self, program, *rest)  # type: ignore[arg-type]

    with patch.object(Engine, "solve", solve):
        yield sizes


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n", [60, 300])
def test_links_of_every_kind(seed: int, n: int) -> None:
    program = programme(linked(seed, n))
    assert apart(program)[1].count > n / 20
    assert same_objective(program, Sizes(sample=n // 6, core=n // 10, link=6, per_row=0))


@pytest.mark.parametrize("seed", range(3))
def test_the_same_plan_and_prices(seed: int) -> None:
    assert_the_same_optimum(programme(linked(seed, 120, 0.5)), Sizes(sample=20, core=12, link=6, per_row=0))


@tries(30)
@given(st.integers(0, 10_000), st.integers(16, 60), st.floats(0.1, 0.9), st.integers(1, 8))
def test_any_part_of_the_projects_in_blocks(seed: int, n: int, part: float, size: int) -> None:
    same_objective(programme(linked(seed, n, part)), Sizes(sample=4 * size, core=size, link=5, per_row=0))


def test_most_blocks_are_in_no_core() -> None:
    program = programme(linked(1, 2000))
    _, tied = apart(program, 12)
    assert len(tied.columns) > 2000
    sizes = Sizes(sample=200, core=100, per_row=0)
    with watched() as columns:
        assert priced_answer(program, Clock(Limits()), sizes) is not None
    assert max(c for c in columns if c != len(tied.columns)) < len(program.cost) / 3
    assert same_objective(program, sizes)


def test_blocks_answer_together_as_each_does_alone() -> None:
    m, tied = apart(programme(linked(2, 200)))
    prices = np.random.default_rng(0).uniform(0.0, 0.02, len(m.priced)) * m.factor * m.money
    prices *= m.program.sense[m.priced]
    worth = m.worth(prices)
    found = tied.answer(worth, Limits())
    assert not isinstance(found, Termination)
    together = tied.sums(worth[tied.columns] * found[0])
    for b in range(tied.count):
        mine = tied.of_column == b
        one = replace(
            tied.program,
            cost=np.where(mine, worth[tied.columns], 0.0),
            lower=np.where(mine, tied.program.lower, 0.0),
            upper=np.where(mine, tied.program.upper, 0.0),
        )
        answer = solve(only_rows(one, tied.of_row == b), Limits())
        assert answer.values is not None
        assert together[b] == pytest.approx(float(one.cost @ answer.values), rel=1e-9, abs=1e-12)


def test_who_alone_can_ease_a_row_is_in_every_sample() -> None:
    """Four of four hundred make what many need, two of them in a block."""
    raw = linked(3, 400)
    makers = [100, 101, 200, 300]
    for number, project in enumerate(raw["projects"]):
        project.pop("makes", None)
        if number in makers:
            project["makes"] = {"steam": 9.0}
    raw["rules"].append({"name": "makers", "together": [raw["projects"][i]["id"] for i in makers[:2]]})
    program = programme(raw)
    m, tied = apart(program)
    row = program.row_names.index("supply|steam|")
    assert row in m.priced
    eases = np.zeros(len(program.cost), dtype=bool)
    at = slice(program.start[row], program.start[row + 1])
    eases[program.index[at][program.value[at] < 0]] = True
    projects, _ = drawn(m, 200)
    inside, weight = tied.drawn(20, 200)
    sampled = np.zeros(len(program.cost), dtype=bool)
    sampled[m.columns[m.options(projects)]] = True
    sampled[tied.columns[inside[tied.of_column]]] = True
    assert not (eases & ~sampled).any()
    assert (weight[np.unique(tied.of_column[eases[tied.columns]])] == 1).all()  # itself, not one of many
    assert (~sampled).sum() > len(program.cost) / 4
    assert same_objective(program, Sizes(sample=200, core=10, link=6, per_row=0))


def test_a_block_that_cannot_be_kept_by_itself() -> None:
    raw = linked(4, 120)
    pair = [p["id"] for p in raw["projects"] if p.get("committed")][:2]
    raw["rules"].append({"name": "one", "exclusive": pair})
    answer = priced_answer(programme(raw), Clock(Limits()), SMALL)
    assert answer is not None
    assert answer.termination is Termination.INFEASIBLE


def with_limit(program: Program, name: str, limit: float) -> Program:
    there = np.arange(len(program.limit)) == program.row_names.index(name)
    return replace(program, limit=np.where(there, limit, program.limit))


@pytest.mark.parametrize("name", ["rule|share||at_least", "rule|ports||exactly", "supply|shore|"])
@pytest.mark.parametrize("n", [200, 800])
def test_what_nothing_can_keep_is_known_from_prices(name: str, n: int) -> None:
    program = programme(linked(5, n))
    row = program.row_names.index(name)
    hopeless = with_limit(program, name, -1e3 if program.sense[row] == Sense.AT_MOST else 1e6)
    with watched() as columns:
        answer = priced_answer(hopeless, Clock(Limits()), SMALL)
    assert answer is not None
    assert (answer.termination, answer.values, answer.duals) == (Termination.INFEASIBLE, None, None)
    assert solve(hopeless, Limits()).termination is Termination.INFEASIBLE
    if n > 200:
        assert max(columns) < len(program.cost)  # nobody was asked about the whole


@pytest.mark.parametrize("seed", range(4))
def test_what_can_just_be_kept_is_not_hopeless(seed: int) -> None:
    """As much as ports can use beside all other rules: that much can be asked for, a little more cannot."""
    name = "rule|ports||exactly"
    program = programme(linked(seed, 200))
    others = np.array([row != name for row in program.row_names])
    cost = program.charge((~others).astype(float))
    found = solve(only_rows(replace(program, cost=cost), others), Limits())
    assert found.values is not None
    most = float(cost @ found.values)
    for factor in (1.0, 1.0 - 1e-9):
        answer = priced_answer(with_limit(program, name, most * factor), Clock(Limits()), SMALL)
        assert answer is None or answer.termination is not Termination.INFEASIBLE
    beyond = with_limit(program, name, most * 1.001)
    answer = priced_answer(beyond, Clock(Limits()), SMALL)
    assert answer is not None
    assert answer.termination is Termination.INFEASIBLE
    assert solve(beyond, Limits()).termination is Termination.INFEASIBLE


def towns(n: int, zones: int, rules: int) -> Raw:
    """n projects in three of very many towns, each with its own supply, and rules on parts of them."""
    random = np.random.default_rng(0)
    names = [f"t{z:03}" for z in range(zones)]
    land, output = random.lognormal(1.0, 0.8, n).round(3), random.lognormal(1.0, 0.8, n).round(3)
    sector = random.integers(0, rules, n)
    projects = [
        {
            "id": f"p{i:05}",
            "sector": f"s{sector[i]}",
            "land": float(land[i]),
            "output": float(output[i]),
            "zones": sorted(random.choice(names, 3, replace=False).tolist()),
        }
        for i in range(n)
    ]
    for project in projects:
        project["at"] = {z: {"output": project["output"] * float(random.uniform(0.8, 1.2))} for z in project["zones"]}
    return {
        "measures": ["land", "output"],
        "attributes": ["sector"],
        "zones": {z: {"supply": {"land": float(random.uniform(0.2, 0.6)) * land.sum() / zones}} for z in names},
        "projects": projects,
        "criteria": {"output": {"of": "output", "weight": 1.0}},
        "rules": [
            {
                "name": f"sector{s}",
                "total": {"of": "land", "at_least": 0.25 * float(land[sector == s].sum())},
                "where": {"sector": f"s{s}"},
            }
            for s in range(rules)
        ],
    }


def test_more_rows_than_dense_matrices_are_good_for() -> None:
    program = programme(towns(1500, 90, 20))
    m, _ = apart(program, 3)
    assert m.sparse
    assert len(m.priced) == 110
    assert same_objective(program, Sizes(sample=600, core=400, link=3, per_row=0))


def test_curvature_is_the_same_dense_and_sparse() -> None:
    m, _ = apart(programme(towns(200, 5, 2)), 3)
    share = np.random.default_rng(1).dirichlet(np.ones(3), len(m.first)).ravel()
    curve = np.random.default_rng(2).uniform(1.0, 2.0, len(m.first))
    dense = m.coefficients(m.columns, m.factor, sparse=False)
    mean = np.add.reduceat(dense * share[:, None], m.first)
    expected = dense.T @ (dense * (share * curve[m.project])[:, None]) - mean.T @ (mean * curve[:, None])
    sparse = m.coefficients(m.columns, m.factor, sparse=True)
    assert sparse_curve(sparse, share, m.project, curve) == pytest.approx(expected, rel=1e-9, abs=1e-12)
