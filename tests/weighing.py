"""The optimum at any weights by trying everything, for the tests of what is asked about weights.

Written from the contract on top of `brute.py`: a plan is worth Σ w_c · 100 · F_c / N_c − penalty, w being parts of the
sum; of a synergy as much is taken as is best. With tiers the stage values of the present plan are held, counted at the
present weights. It shares nothing with the product but its nouns.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb, factorial, inf
from typing import Any

import numpy as np
from brute import Search, total
from build import Raw, build
from contract import Site
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from random_scenarios import scenarios
from scipy.optimize import nnls
from scipy.spatial import ConvexHull, QhullError

from landalloc.models.scenario import Scenario
from landalloc.optimizer.candidates import Candidates
from landalloc.optimizer.notebook import Plan, allocate
from landalloc.optimizer.notebook import Scenario as Opened
from landalloc.optimizer.pipeline import NoPlan
from landalloc.optimizer.read import Reading
from landalloc.optimizer.reading.places import Places
from landalloc.optimizer.solve import Limits
from landalloc.optimizer.tuning.opened import open_space
from landalloc.optimizer.tuning.space import WeightSpace

EXACT = Limits(gap=0.0)
NEAR = 1e-5
"""Points; the solver keeps rows to 1e-7 of their own units."""
Held = tuple[dict[Site, float], float]
"""Σ coefficient · share ≥ value."""


TRIES = os.environ.get("LANDALLOC_TRIES")


def law(examples: int) -> Any:
    """So many examples, the same ones on every run unless the environment asks for others."""
    return settings(
        max_examples=int(TRIES or examples), derandomize=TRIES is None, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


# Scenarios

CRITERIA: Raw = {
    "jobs": {"of": "jobs"},
    "intensity": {"of": "output", "per": "land", "standard": 1.0},
    "saving": {"of": "steam", "per": "output", "better": "lower", "standard": 0.5},
    "lean": {"of": "land", "better": "lower"},
    "plain": {"of": "output", "reference": 20.0},
}


@st.composite
def weighed(draw: Any, *, least: int = 1, criteria: int = 5, **more: Any) -> Raw:
    """Random scenarios of so many criteria, some of which have no weight at present."""
    raw: Raw = draw(scenarios(**more))
    names = draw(st.lists(st.sampled_from(sorted(CRITERIA)), min_size=least, max_size=criteria, unique=True))
    weights = [draw(st.sampled_from([0.0, 1.0, 2.0, 3.0, 5.0])) for _ in names]
    weights[0] = weights[0] or 1.0
    raw["criteria"] = {n: {**CRITERIA[n], "weight": w} for n, w in zip(names, weights, strict=True)}
    return raw


def generic(seed: int, projects: int = 7, criteria: int = 3, part: float = 1.0) -> Raw:
    """A knapsack of two supplies whose figures are no round numbers, so that ties do not happen; `part`: min_share."""
    rng = np.random.default_rng(seed)
    names = [f"c{k}" for k in range(criteria)]
    made = [
        {"id": f"p{i}", "min_share": part, **{m: float(rng.uniform(1, 9)) for m in ("land", "energy", *names)}}
        for i in range(projects)
    ]
    weights = rng.uniform(1, 5, criteria)
    return {
        "measures": ["land", "energy", *names],
        "supply": {"land": 2.2 * projects, "energy": 2.5 * projects},
        "projects": made,
        "criteria": {n: {"of": n, "weight": float(w)} for n, w in zip(names, weights, strict=True)},
    }


def twins() -> Raw:
    """Three of a make for room for one and a half: the ids decide, so a is in and half of b."""
    return {
        "measures": ["land", "jobs", "output"],
        "supply": {"land": 7.5},
        "projects": [{"id": i, "land": 5.0, "jobs": 10.0, "output": 3.0} for i in ("c", "a", "b")],
        "criteria": {"jobs": {"of": "jobs", "weight": 3.0}, "output": {"of": "output", "weight": 1.0}},
    }


def reading(scenario: Scenario, candidates: Candidates) -> Reading:
    """What `read` would give for a scenario that was made here."""
    return Reading(scenario, candidates, scenario, candidates, [], {}, [], Places({}), {})


def space_of(raw: Raw) -> WeightSpace:
    """A scenario with its weights open; examples without a plan are passed over."""
    try:
        return open_space(reading(*build(raw)), EXACT)
    except NoPlan:
        assume(False)
    raise AssertionError("not reached")


def with_weights(scenario: Scenario, weights: Sequence[float]) -> Scenario:
    pairs = zip(scenario.criteria.items(), weights, strict=True)
    return scenario.model_copy(
        update={"criteria": {n: c.model_copy(update={"weight": float(w)}) for (n, c), w in pairs}}
    )


def fresh(raw: Raw, weights: Sequence[float]) -> Plan:
    """A solve of its own with other weights, by the public door, on the scales of the scenario as it stands."""
    scenario, candidates = build(raw)
    changed = with_weights(scenario, weights)
    opened = Reading(changed, candidates, scenario, candidates, [], {}, [], Places({}), {})
    return allocate(Opened(opened, None), gap=0.0)


# Plans

Shares = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, eq=False)
class Plane:
    """What a plan is worth at any weights: reached · w + Σ_s max(0, extra_s · w) − penalty."""

    reached: Any
    """(c,) points by criterion, synergies aside"""
    extra: Any
    """(s, c) what the synergies add at most"""
    penalty: float

    def worth(self, weights: Any) -> Any:
        """(…,) points at weights (…, c)."""
        weights = np.asarray(weights, dtype=float)
        more = np.maximum(weights @ self.extra.T, 0.0).sum(axis=-1) if len(self.extra) else 0.0
        return weights @ self.reached + more - self.penalty

    def reaches(self, points: Any) -> bool:
        """Whether the criteria can be these points: each synergy taken to some part of what it may."""
        beyond = np.asarray(points) - self.reached
        if not self.extra.any():
            return bool(np.allclose(beyond, 0.0, atol=NEAR))
        # As parts and what is left of them: extraᵀ · y = beyond, y + z = 1.
        one = np.eye(len(self.extra))
        sides = np.block([[self.extra.T, np.zeros_like(self.extra.T)], [one, one]])
        return bool(nnls(sides, np.concatenate([beyond, np.ones(len(one))]))[1] < 10 * NEAR)


class Everything(Search):
    """A scenario with all its plans, at any weights."""

    def __init__(self, raw: Raw, *, soft: bool = True) -> None:
        scenario, candidates = build(raw)
        if not soft:
            kept = tuple(rule for rule in scenario.rules if getattr(rule, "soft", None) is None)
            scenario = scenario.model_copy(update={"rules": kept})
        self.columns = candidates
        self.held: list[Held] = []
        self.adds: list[Any] = []
        super().__init__(scenario, candidates)
        self.names = list(scenario.criteria)
        self.present = np.array([c.weight for c in scenario.criteria.values()]) / self.weights
        self.reach = {site: self.points_of(self.amounts(site)) for site in self.sites}
        if self.classes:
            best = self.best()
            values = () if best is None else best.tiers
            terms = [{s: self.points[s] for s in own} for own in self.classes]
            self.held = list(zip(terms, values, strict=False))
        self.every = list(self.patterns())
        self.fixed: list[tuple[dict[Site, float], Plane]] = []
        self.open: list[dict[Site, tuple[float, float]]] = []
        for pattern in self.every:
            if all(lo == hi for lo, hi in pattern.values()):
                shares = {site: lo for site, (lo, _) in pattern.items()}
                broken, plane = self.plane(shares)
                if broken <= 1e-7:
                    self.fixed.append((shares, plane))
            else:
                self.open.append(pattern)

    def _synergy(self, rule: Any) -> None:
        before = len(self.synergies)
        super()._synergy(rule)
        self.adds += [self.points_of(rule.synergy.adds)] * (len(self.synergies) - before)

    def _worth(self, stage: int | None) -> dict[Site, float]:
        return self.held[stage][0] if self.held and stage is not None else super()._worth(stage)

    def points_of(self, amounts: Any) -> Any:
        """(c,) points by criterion, each as if it alone had a weight."""
        return np.array([
            100 * self._summand(c, amounts) / self.scales[name] if self.scales[name] else 0.0
            for name, c in self.scenario.criteria.items()
        ])  # fmt: skip

    def plane(self, x: dict[Site, float]) -> tuple[float, Plane]:
        """By how much a plan breaks a hard row at worst, and what it is worth."""
        zero = np.zeros(len(self.scenario.criteria))
        reached = sum((self.points_of(self.amounts(s)) * share for s, share in x.items()), zero)
        taken = [min(total(dict.fromkeys(own, 1.0), x) for own in members) for members, _ in self.synergies]
        extra = [part * add for part, add in zip(taken, self.adds, strict=True)]
        broken, penalty = self.broken(x)
        return broken, Plane(reached, np.array(extra).reshape(-1, len(zero)), penalty)

    def broken(self, x: dict[Site, float]) -> tuple[float, float]:
        """By how much a plan breaks a hard row at worst, and what broken soft ones cost."""
        worst, penalty = self._own(x), 0.0
        over = {key: total(row.share, x) - row.hi for key, row in self.supplies.items()}
        for low, high in self.moves:
            moved = max(0.0, over[low])
            over[low] -= moved
            over[high] += moved
        worst = max([worst, *over.values()])
        b = {s: 1.0 if self.candidates[s[0]].whole else v for s, v in x.items()}
        short: list[tuple[float, float | None]] = []
        for row in self.rows:
            reached = total(row.share, x) + total(row.presence, b)
            short.append((max(0.0, row.lo - reached, reached - row.hi), row.cost))
        for members, most, cost in self.mixes:
            short.append((float(max(0, len({v for s, v in members if x.get(s, 0.0) > 1e-6}) - most)), cost))
        for members, price in self.together:
            taken = [total(dict.fromkeys(own, 1.0), x) for own in members]
            short.append((max(taken) - min(taken), price))
        for uses, within, cost in self.even:
            used = [total(use, x) for use in uses]
            short.append((max(0.0, max(used) - min(used) - within), cost))
        for amount, cost in short:
            worst = worst if cost is not None else max(worst, amount)
            penalty += amount * (cost or 0.0)
        return max([worst, *(value - total(terms, x) for terms, value in self.held)]), penalty

    def _own(self, x: dict[Site, float]) -> float:
        """By how much shares are none that their project may have."""
        worst = 0.0
        for c in self.candidates.values():
            own = [v for s, v in x.items() if s[0] == c.id and v > 0]
            worst = max(worst, sum(own) - 1.0)
            if c.whole:
                worst = max(worst, float(len(own) > 1))
            if c.committed:
                worst = max(worst, 1.0 - sum(own))
            elif c.units and own:
                units = own[0] * c.units
                worst = max(worst, abs(units - round(units)), c.min_units - units)
            elif c.min_share and own:
                worst = max(worst, c.min_share - own[0])
        return worst

    def sites_of(self, shares: Shares) -> dict[Site, float]:
        """Shares as atlas.json has them; {} without zones stands for no entry, so a bare share is under ''."""
        zones = [(p, z, v) for p, there in shares.items() for z, v in there.items()]
        x = {(p, z): v for p, z, v in zones}
        assert x.keys() <= set(self.sites), f"nobody may sit at {x.keys() - set(self.sites)}"
        return x

    # The optimum

    def value(self, weights: Any, also: Sequence[Held] = ()) -> float:
        """V(w): the most that any plan is worth at weights (c,); −∞ if none keeps what is held besides."""
        weights = np.asarray(weights, dtype=float)
        planes = [p for x, p in self.fixed if all(total(t, x) >= least - 1e-7 for t, least in also)]
        best = max((float(plane.worth(weights)) for plane in planes), default=-inf)
        if not self.open:
            return best
        kept, points, synergies = self.held, self.points, self.synergies
        self.held = [*kept, *also]
        self.points = {site: float(reach @ weights) for site, reach in self.reach.items()}
        self.synergies = [(m, float(a @ weights)) for (m, _), a in zip(synergies, self.adds, strict=True)]
        for pattern in self.open:
            answer = self.answer(pattern, None, [least for _, least in self.held])
            best = best if answer is None else max(best, answer[0])
        self.held, self.points, self.synergies = kept, points, synergies
        return best

    def toward(self, criterion: int) -> dict[Site, float]:
        """Points of one criterion by site."""
        return {site: float(reach[criterion]) for site, reach in self.reach.items()}


def sites(everything: Everything, shares: Any) -> dict[Site, float]:
    """Shares over all options that were asked for, as sites."""
    columns = everything.columns
    return {
        (str(columns.ids[columns.project[o]]), everything.zones[columns.zone[o]]): float(share)
        for o, share in enumerate(shares)
        if share > 0
    }


# Weights


def on_simplex(criteria: int, count: int, seed: int = 0) -> Any:
    """(count + criteria, c) random weights, and the corners of the simplex."""
    rng = np.random.default_rng(seed)
    return np.vstack([np.eye(criteria), rng.dirichlet(np.ones(criteria), count)])


def inside(corners: Any, weights: Any) -> bool:
    """Whether weights lie between some corners."""
    corners = np.asarray(corners, dtype=float)
    sides = np.vstack([corners.T, np.ones(len(corners))])
    return bool(nnls(sides, np.append(weights, 1.0))[1] < 1e-6)


def part_of_all(corners: Any) -> float:
    """The part of all weightings that lies between some corners."""
    corners = np.asarray(corners, dtype=float)
    size = corners.shape[1] - 1
    if size == 0:
        return 1.0
    if size == 1:
        return float(np.ptp(corners[:, 0]))
    try:
        return float(ConvexHull(corners[:, :size]).volume) * factorial(size)
    except (QhullError, ValueError):
        return 0.0


def ways(criteria: int, steps: int) -> int:
    """Weightings in whole multiples of 1 / steps."""
    return comb(steps + criteria - 1, criteria - 1)
