"""One scenario, every method, and a second formulation: the same objective, plan and prices, or the same refusal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from unittest.mock import patch

import numpy as np
from build import Raw, build
from laws import Answer, close
from reference import Reference

from landalloc.optimizer import core
from landalloc.optimizer.assemble import project_table
from landalloc.optimizer.core import Sizes
from landalloc.optimizer.pipeline import NoPlan, full_shares, solve_scenario
from landalloc.optimizer.score import scales
from landalloc.optimizer.solve import Limits, Method, SolverError

EXACT = 1e-9


@dataclass(frozen=True)
class Outcome:
    """A plan as plain figures; rows and zones by name."""

    objective: float
    shares: Mapping[tuple[str, str], float]
    prices: Mapping[str, float]
    tiers: tuple[float, ...]
    linear: bool
    bound: float


@contextmanager
def sized(sizes: Sizes | None) -> Iterator[None]:
    """Samples and cores of other sizes than there are by default."""
    default = core.SIZES
    with ExitStack() as stack:
        for module in [m for name, m in sorted(sys.modules.items()) if name.startswith("landalloc.optimizer.")]:
            if sizes is not None and getattr(module, "SIZES", None) is default:
                stack.enter_context(patch.object(module, "SIZES", sizes))
        yield


def outcome(
    raw: Raw, method: Method, sizes: Sizes | None = None, *, gap: float = 0.0, kept: Mapping[str, float] | None = None
) -> Outcome | None:
    """What landalloc answers; None where no plan keeps the hard rules."""
    scenario, candidates = build(raw)
    try:
        with sized(sizes):
            solved, best = solve_scenario(
                scenario, candidates, Limits(gap=gap, method=method), kept=kept or scales(scenario, candidates)
            )
    except NoPlan:
        return None
    full, ids = full_shares(solved), candidates.ids
    shares = {
        (str(ids[candidates.project[o]]), scenario.places[candidates.zone[o]]): float(full[o])
        for o in np.flatnonzero(full)
    }
    tiers = tuple(t.value for t in solved.tiers)
    return Outcome(best.objective, shares, solved.prices, tiers, solved.program.linear, best.bound)


def assert_right(raw: Raw, found: Outcome | None, *, best: float | None = None, solve: bool = True) -> None:
    """A linear answer against the second formulation, its own sums and bound, and (`solve`) bare HiGHS on it."""
    if found is None:
        stages = range(len(raw.get("tiers", ())))
        assert Reference(raw).optimum(next(iter(stages), None)) is None, "a plan exists"
        return
    reference = Reference(raw, found.tiers)
    own = reference.add_up(found.shares)
    assert own.worst <= 1e-8, own.broken
    assert close(own.objective, found.objective, EXACT), (own.objective, found.objective)
    bound = reference.bound(found.prices)
    assert close(bound, found.objective, EXACT), (bound, found.objective)
    if solve:
        best = reference.optimum()
        # A tier's value is held to the last digit, which HiGHS may not reach: then the sums and the bound must do.
        assert best is not None or found.tiers, "a plan where there is none"
        assert best is None or close(best, found.objective, EXACT), (best, found.objective)
        for k, value in enumerate(found.tiers):
            stage = Reference(raw, found.tiers[:k]).optimum(k)
            assert stage is not None
            assert close(stage, value, EXACT), (k, stage, value)


def assert_same(raw: Raw, one: Outcome | None, other: Outcome | None) -> None:
    """The same plan and prices to 1e-6; a price by what it charges for the largest figure in its row."""
    assert (one is None) == (other is None), "one has a plan and the other none"
    if one is None or other is None:
        return
    assert close(one.objective, other.objective, EXACT)
    for key in one.shares.keys() | other.shares.keys():
        assert abs(one.shares.get(key, 0.0) - other.shares.get(key, 0.0)) <= 1e-6, key
    reference = Reference(raw, one.tiers)
    largest = max(1.0, float(np.abs(reference.points[reference.open]).max(initial=0.0)))
    size = {row.name: float(np.abs(row.values).max(initial=0.0)) for row in reference.rows}
    for name in one.prices.keys() | other.prices.keys():
        off = abs(one.prices.get(name, 0.0) - other.prices.get(name, 0.0)) * max(1e-9, size.get(name, 1.0))
        near = 1e-6 * max(largest, size.get(name, 1.0) * abs(one.prices.get(name, 0.0)))
        assert off <= near, (name, one.prices.get(name), other.prices.get(name))


def agree(raw: Raw, sizes: Sizes | None = None, *, solve: bool = True) -> bool:
    """Assert that core and whole answer alike and right; whether there is a plan."""
    one, other = outcome(raw, Method.CORE, sizes), outcome(raw, Method.WHOLE)
    assert_right(raw, one, solve=solve)
    assert_right(raw, other, solve=False)
    assert_same(raw, one, other)
    return one is not None


def assert_honest(raw: Raw, method: Method, sizes: Sizes | None = None) -> str:
    """Of badly scaled input: certified, or refused, or the gap that is left is told; never a wrong "optimal"."""
    scenario, candidates = build(raw)
    kept = scales(scenario, candidates)
    try:
        with sized(sizes):
            solved, best = solve_scenario(scenario, candidates, Limits(gap=0.0, method=method), kept=kept)
    except NoPlan:
        return "no plan"
    except SolverError:
        return "refused"
    found = Answer(scenario, candidates, solved, best, project_table(solved, "en"), kept)
    proof, tiers = found.certificate(), tuple(t.value for t in solved.tiers)
    reference = Reference(raw, tiers)
    own, bound = reference.add_up(found.shares), reference.bound(found.prices)
    size = max(1.0, abs(own.objective))
    if proof.max_violation > proof.tolerance:
        return "refused"
    assert own.worst <= 2 * proof.tolerance, own.broken
    assert abs(own.objective - found.objective) <= 1e-6 * size
    if proof.gap_proved > EXACT:
        return "gap told"
    assert bound - own.objective <= 1e-6 * size, (bound, own.objective)
    return "certified"
