"""Known answers, to the last digit that was printed: objective, shares, prices, index, ranks."""

import pytest
from laws import Answer, answer
from optima import BY_HAND, COHON, PUBLISHED, Known, cohon

from landalloc.optimizer.respond import price_in

KNOWN = BY_HAND | PUBLISHED


def found(known: Known) -> Answer:
    plan = answer(known.raw)
    assert plan is not None
    return plan


def near(expected: dict[str, float]) -> object:
    return pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", KNOWN)
def test_objective_shares_and_prices_are_the_known_ones(name: str) -> None:
    known, plan = KNOWN[name], found(KNOWN[name])
    assert plan.objective == pytest.approx(known.objective, rel=1e-9)
    shares = plan.column("share")
    assert {p: shares[p] for p in known.shares} == near(known.shares)
    assert {row: plan.prices[row] for row in known.prices} == near(known.prices)
    certificate = plan.certificate()
    assert certificate.max_violation <= 1e-9
    assert certificate.bound_proved >= known.objective - 1e-9 * abs(known.objective)


@pytest.mark.parametrize("name", [name for name, known in KNOWN.items() if known.index])
def test_index_and_ranks_are_the_known_ones(name: str) -> None:
    known, plan = KNOWN[name], found(KNOWN[name])
    assert plan.column("index") == near(known.index)
    if known.ranks:
        assert sorted(plan.ranks, key=plan.ranks.__getitem__) == known.ranks


@pytest.mark.parametrize("name", [name for name, known in KNOWN.items() if known.price_in])
def test_one_more_unit_changes_what_it_is_known_to_change(name: str) -> None:
    known, plan = KNOWN[name], found(KNOWN[name])
    program, optimum = plan.solved.program, plan.optimum
    moved = price_in(program, plan.solved.admission.candidates, optimum.values, optimum.prices, plan.scenario.measures)
    assert {key: moved[key[0]][key[1]] for key in known.price_in} == near(known.price_in)


@pytest.mark.parametrize("weights", COHON)
def test_every_weighting_finds_its_vertex(weights: tuple[float, float]) -> None:
    plan = answer(cohon(*weights))
    assert plan is not None
    x1, x2 = COHON[weights]
    assert plan.column("granted.x1")["x1"] == pytest.approx(x1)
    assert plan.column("granted.x2")["x2"] == pytest.approx(x2)
    z1, z2 = 5 * x1 - 2 * x2, -x1 + 4 * x2
    assert plan.objective == pytest.approx(weights[0] * z1 + weights[1] * z2)
