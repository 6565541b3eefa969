"""The engine that solves again: large programmes by the last prices and their core, with the answers of the solver."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from build import build
from laws import close
from test_core import assert_optimal, mixed, programme

from landalloc.optimizer import core, resolve
from landalloc.optimizer.core import Sizes
from landalloc.optimizer.engine import Engine
from landalloc.optimizer.inquiry.ask import inquire
from landalloc.optimizer.pipeline import solve_scenario
from landalloc.optimizer.program import Program, Sense
from landalloc.optimizer.resolve import Resolver
from landalloc.optimizer.solve import Limits, Method

SMALL = Sizes(sample=40, core=20, link=12, per_row=1)
CORE = Limits(method=Method.CORE)


@contextmanager
def small_cores() -> Iterator[list[Program]]:
    """Cores far smaller than the programme; what the solver was given whole all the same."""
    handed: list[Program] = []

    class Watched(Engine):
        def solve(self, program: Program, *args: object, **more: object) -> object:  # type: ignore[override]
            handed.append(program)
            return super().solve(program, *args, **more)  # type: ignore[arg-type]

    with (
        patch.object(core, "SIZES", SMALL),
        patch.object(resolve, "SIZES", SMALL),
        patch.object(resolve, "Engine", Watched),
    ):
        yield handed


@pytest.mark.parametrize("seed", range(3))
def test_other_costs_and_limits_from_the_last_prices(seed: int) -> None:
    base, random = programme(mixed(seed, 400)), np.random.default_rng(seed)
    named = np.flatnonzero(~base.own)
    with small_cores() as handed:
        resolver, starts = Resolver(CORE), []
        for k in range(6):
            limit = base.limit.copy()
            limit[named] *= random.uniform(0.98, 1.02, len(named))
            changed = replace(base, cost=base.cost * random.lognormal(0.0, 0.05 * k, len(base.cost)), limit=limit)
            start = starts[random.integers(len(starts))] if k % 2 else None
            answer, cold = resolver.solve(changed, start=start), Engine(Limits()).solve(changed)
            assert answer.termination is cold.termination
            if answer.values is not None:
                assert answer.bound == pytest.approx(cold.bound, rel=1e-9, abs=1e-9)
                assert_optimal(changed, answer)
                stopped = resolver.stopped_at(answer)
                assert stopped is not None
                starts.append(stopped)
    assert len(handed) < 6, "never by prices and core"


def test_who_is_forced_in_or_kept_out() -> None:
    scenario, candidates = build(mixed(5, 300))
    solved, _ = solve_scenario(scenario, candidates, Limits())
    solved = replace(solved, program=solved.program.relaxed())
    whole, asked = inquire(solved, Limits(method=Method.WHOLE)), range(0, len(candidates), 29)
    with small_cores() as handed:
        by_core = inquire(solved, CORE)
        for p in asked:
            for kind in ("forced", "without"):
                one, two = getattr(by_core, kind)(p), getattr(whole, kind)(p)
                assert one.possible == two.possible
                if one.possible:
                    assert one.low == pytest.approx(two.low, rel=1e-8, abs=1e-8)
                    assert one.proved
    assert len(handed) < len(asked), "never by prices and core"


def test_rows_that_are_open_have_no_dual_and_no_place_in_the_core() -> None:
    program = programme(mixed(1, 50))
    limit, sense = program.limit.copy(), program.sense.copy()
    limit[-1], sense[-1] = np.inf, Sense.AT_MOST
    opened = replace(program, limit=limit, sense=sense)
    with small_cores():
        answer = Resolver(CORE).solve(opened)
    cold = Engine(Limits()).solve(opened)
    assert close(answer.bound, cold.bound)
    assert answer.duals is not None
    assert len(answer.duals) == len(program.limit)
    assert answer.duals[-1] == 0
