"""The programme of a scenario with its weights left open.

A plan is worth  score − penalty = Σ_c w_c · g_c − penalty  with  g_c = 100 · F_c / N_c  and w on the simplex, Σ w = 1.
So every plan is a plane over the weights, and the optimum V(w) is the highest of all planes: convex and piecewise
linear. All that is asked about weights rests on that.

Rows do not depend on the weights: stages of the first call stay held at the values, and at the weights, of the plan
that is asked about (else V would no longer be convex).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

import numpy as np

from ...models.rule import SynergyRule
from ..assemble import Solved
from ..candidates import Floats, Ints
from ..core import large_answer
from ..engine import Start
from ..inquiry.ask import with_rows
from ..inquiry.known import remembered
from ..optimum import Optimum
from ..pipeline import NoPlan
from ..program import Program, Sense
from ..resolve import Resolver
from ..score import synergy_points
from ..solve import Limits, SolverError, Termination, solve

PROVED = 1e-7
"""A value is proved when no other can be better by more than this part of max(1, |value|)."""
NOISE = 1e-8
"""Shares nearer than this to none or all are none or all."""
ROOMS = (1e-9, 1e-8, 1e-7, 1e-6)
"""Parts of a value that rounding may take when it is held: the first that leaves a plan."""
SAME = 1e-6
"""Shares nearer than this are the same."""
REMEMBERED = 512
"""Optima that a space can start from, fewer of large programmes; the oldest are forgotten."""


@dataclass(frozen=True, eq=False)
class Found:
    """A plan: a plane over the weights."""

    values: Floats
    """(n,) columns of the programme"""
    reached: Floats
    """(c,) g_c = 100 · F_c / N_c: points that the plan would score if the criterion alone had a weight"""
    fixed: float
    """−penalty, points"""
    shares: Floats
    """(k,) of the options"""

    def worth(self, weights: Floats) -> Floats:
        """(…,) points at weights (…, c)."""
        worth: Floats = weights @ self.reached + self.fixed
        return worth


@dataclass(frozen=True, eq=False)
class Best:
    """The optimum at one weighting lies between `plan` and `bound`."""

    weights: Floats
    plan: Found
    bound: float
    """no plan is worth more there; of whole projects by the solver's word"""

    @property
    def worth(self) -> float:
        return float(self.plan.worth(self.weights))

    @property
    def proved(self) -> bool:
        return self.bound - self.worth <= PROVED * max(1.0, abs(self.worth))


@dataclass(eq=False)
class WeightSpace:
    """A scenario whose weights may be moved, and an engine that solves it at any of them."""

    solved: Solved
    names: tuple[str, ...]
    """the criteria, in file order"""
    program: Program
    """at the present weights"""
    points: Floats
    """(c, n) points of every column if the criterion alone had a weight"""
    fixed: Floats
    """(n,) points of every column at any weights: what broken soft rules cost, as negative numbers"""
    present: Floats
    """(c,) the present weights, Σ = 1"""
    scales: Floats
    """(c,) N_c in unit(of)"""
    answer: Floats
    """(n,) columns of the present plan, the one that is solved for"""
    bound: float
    """no plan is worth more than this at the present weights"""
    limits: Limits
    synergies: dict[int, Ints] = field(default_factory=dict)
    """column of y -> the rows y ≤ share of a member"""
    engine: Resolver = field(init=False)
    starts: deque[tuple[Found, Start]] = field(init=False)
    """optima that were found"""

    def __post_init__(self) -> None:
        self.engine = Resolver(self.limits)
        self.engine.begin(self.program, self.answer, self.solved.prices)
        figures = 4 * len(self.program.cost) + len(self.program.limit)  # plan, start and its duals
        self.starts = deque(maxlen=remembered(REMEMBERED, figures))

    def fresh(self) -> WeightSpace:
        """The same space, of which nothing was asked yet."""
        return replace(self)

    def __reduce__(self) -> tuple[type[WeightSpace], tuple[object, ...]]:
        """Other processes get the space alone: a solver's memory stays where it is."""
        return WeightSpace, tuple(getattr(self, one.name) for one in fields(self) if one.init)

    def at(self, weights: Floats) -> Program:
        """The programme at weights (c,)."""
        return replace(self.program, cost=weights @ self.points + self.fixed)

    def best(self, weights: Floats, limits: Limits | None = None) -> Best:
        """The optimum at weights (c,), from that of the optima found before which is worth the most there.

        Raises NoPlan, and SolverError if no plan is found in time.
        """
        start = max(self.starts, key=lambda known: float(known[0].worth(weights)), default=None)
        answer = self.engine.solve(self.at(weights), limits or self.limits, start and start[1])
        if answer.termination is Termination.INFEASIBLE:
            raise NoPlan
        if answer.values is None:
            raise SolverError("stopped at the limit without a plan") from TimeoutError()
        best = self.told(weights, answer.values, answer.bound)
        stopped = self.engine.stopped_at(answer)
        if stopped is not None:
            self.starts.append((best.plan, stopped))
        return best

    def now(self) -> Best:
        """The present plan."""
        return self.told(self.present, self.answer, self.bound)

    def told(self, weights: Floats, values: Floats, bound: float) -> Best:
        plan = self.plan(values, weights)
        worth = float(plan.worth(weights))
        return Best(weights, plan, worth if self.program.linear else max(worth, bound))

    def near_best(self, weights: Floats, room: float) -> Best:
        """The optimum at weights (c,) to within so many points, which is much sooner than all of it.

        Solvers take a gap as a part of what a plan is worth; most are worth less than 100 points.
        """
        best = self.best(weights, replace(self.limits, gap=room / 100.0))
        if best.bound - best.worth > room:
            best = self.best(weights, replace(self.limits, gap=room / max(100.0, 2.0 * abs(best.bound))))
        return best

    def plan(self, values: Floats, weights: Floats | None = None) -> Found:
        """A plan from its columns. Synergies that do not count against it at these weights are at work in full."""
        for column, rows in self.synergies.items():
            if (self.present if weights is None else weights) @ self.points[:, column] >= 0:
                values = values.copy()
                values[column] = max(0.0, float((values[column] - self.program.activity(values)[rows]).min()))
        shares = np.clip(self.program.shares(values), 0.0, 1.0)
        shares[shares < NOISE] = 0.0
        shares[shares > 1.0 - NOISE] = 1.0
        values = values.copy()
        values[self.program.layout.share] = shares / self.program.layout.step  # figures are those of the shares told
        return Found(values, self.points @ values, float(self.fixed @ values), shares)

    def best_then(self, first: Floats, worth: float, second: Floats) -> Found | None:
        """Of the plans that are worth so much at some weights the one that is best at others; None if none is found."""
        cost = self.at(first).cost
        columns = np.flatnonzero(cost)
        for room in ROOMS:
            least = worth - room * max(1.0, abs(worth))
            held = with_rows(self.at(second), [("held", Sense.AT_LEAST, least, columns, cost[columns])])
            held = replace(held, ties=())
            answer = large_answer(held, self.limits) or solve(held, self.limits)
            if answer.values is not None:
                return self.plan(answer.values, second)
        return None

    def project_shares(self, plan: Found) -> Floats:
        """(n,) the share of every project."""
        return self.solved.admission.candidates.total(plan.shares)

    def totals(self, plan: Found) -> dict[str, float]:
        """F_c of every criterion, in unit(of)."""
        return dict(zip(self.names, (plan.reached * self.scales / 100.0).tolist(), strict=True))

    def moved(self, before: Found, after: Found) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who has more of its project, or is in at all, in the second plan, and who has less: ids."""
        change = self.project_shares(after) - self.project_shares(before)
        ids = self.solved.admission.asked.ids
        return tuple(ids[change > SAME]), tuple(ids[change < -SAME])


def shares_of(weights: Mapping[str, float], names: tuple[str, ...]) -> Floats:
    """(c,) weights as parts of their sum."""
    given = np.array([weights[name] for name in names], dtype=float)
    parts: Floats = given / given.sum()
    return parts


def weight_space(solved: Solved, optimum: Optimum, limits: Limits) -> WeightSpace:
    """Leave the weights of a solved scenario open; `optimum` is its answer.

    `solved.scores` has the scales of the base scenario, which no weighting changes.
    """
    scenario, program, layout = solved.scenario, solved.program, solved.program.layout
    names = tuple(scenario.criteria)
    scales = np.array([solved.scores.scales[name] for name in names])
    alone = np.where(scales > 0, 100.0 / np.where(scales > 0, scales, 1.0), 0.0)
    points, fixed = np.zeros((len(names), len(program.cost))), program.cost.copy()
    synergies: dict[int, Ints] = {}
    for c, name in enumerate(names):
        np.add.at(points[c], layout.share, alone[c] * solved.scores.summands[name] * layout.step)
    fixed[layout.share] = 0.0
    for rule in scenario.rules:
        if not isinstance(rule, SynergyRule):
            continue
        columns = [n for helper, n in layout.helpers.items() if helper.startswith(f"y|{rule.name}|")]
        fixed[columns] = 0.0
        of_rule = [row for row, one in program.shared_rows() if one.startswith(f"rule|{rule.name}|")]
        for column in columns:
            rows = program.row_of_entry()[(program.index == column) & (program.value > 0)]
            synergies[column] = rows[np.isin(rows, of_rule)]
        for c, name in enumerate(names):
            factors = {n: alone[c] if n == name else 0.0 for n in names}
            points[c, columns] = synergy_points(scenario, rule.synergy.adds, factors)
    present = shares_of({name: c.weight for name, c in scenario.criteria.items()}, names)
    return WeightSpace(
        solved, names, program, points, fixed, present, scales, optimum.values, optimum.bound, limits, synergies
    )
