"""Must, could, never: what holds over all plans near the best, for everybody at once.

V'(p) is the best plan in which project p does otherwise than in the best plan: out where it is in, in where it is out.
Within a distance d, p is must or never if V'(p) < V − d, and else could. So it is enough to know bounds
low ≤ V'(p) ≤ high, and most projects share the work: high from the prices of the relaxation (reduced costs), low from
plans in which many do otherwise, high again from one programme for all who are left, and only then one for each.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from ..candidates import Bools, Floats, Ints
from ..names import Names
from ..program import Program, Sense
from ..resolve import Resolver
from ..solve import Limits, Termination
from .ask import PROVED, Inquiry, Value, valued, with_rows

Standing = Literal["must", "could", "never"]
DISTANCES = (0.0, 1.0)
"""Points within which a plan counts as near the best."""
LOOSE = 0.1
"""Relative gap at which a programme may stop that only looks for plans: what it finds counts, not its bound."""
PART = 1e-9
"""A share this near to the whole is the whole."""
NOISE = 1e-9
"""Relative error of a solver's optimum and prices."""
FEW = 20
"""So few projects are asked one by one at once."""


@dataclass(eq=False)
class Near:
    """What is known of V'(p), points; (n,) each. Projects that do not compete are −inf: they are never in."""

    inquiry: Inquiry
    low: Floats
    high: Floats
    inside: Bools
    """who is in, in the best plan"""
    end: float | None = None
    """the moment of the monotonic clock from which nothing more is asked"""
    solves: int = 0
    """programmes solved so far"""
    engines: dict[str, Resolver] = field(default_factory=dict)
    top: float = np.inf
    """the optimum of the relaxation"""
    reduced: Floats = field(init=False)
    """what one more of a column costs there: cost − Σ_rows price · coefficient"""

    def __post_init__(self) -> None:
        self.reduced = np.zeros(len(self.inquiry.program.cost))

    def open(self, distance: float) -> Bools:
        """(n,) whose standing at a distance is not known yet."""
        near, sure = within(self.inquiry, distance)
        return (self.high >= near) & (self.low < sure)

    def late(self) -> bool:
        return self.end is not None and time.monotonic() > self.end

    def solve(self, kind: str, program: Program, gap: float = 0.0) -> Value:
        """One programme; those of a kind have the same shape and share an engine."""
        self.solves += 1
        engine = self.engines.setdefault(kind, Resolver(self.inquiry.limits))
        return valued(program, engine.solve(program, self.limits(gap)))

    def limits(self, gap: float) -> Limits:
        given = (self.inquiry.limits.seconds, None if self.end is None else max(1.0, self.end - time.monotonic()))
        return replace(self.inquiry.limits, gap=gap, seconds=min((s for s in given if s is not None), default=None))

    def witnessed(self, value: Value) -> Bools:
        """A plan that was found is a lower bound for all who do otherwise in it: (n,) these."""
        if value.values is None:
            return np.zeros(len(self.low), dtype=bool)
        other: Bools = (self.inquiry.is_in(value) != self.inside) & (self.inquiry.force >= 0)
        self.low[other] = np.maximum(self.low[other], value.low)
        return other

    def told(self, project: int, distances: Sequence[float]) -> tuple[dict[str, Standing], bool]:
        """A project's standing, and whether all of it is proved."""
        return told(self.inquiry, project, (float(self.low[project]), float(self.high[project])), distances)


def told(
    inquiry: Inquiry, project: int, bounds: tuple[float, float], distances: Sequence[float]
) -> tuple[dict[str, Standing], bool]:
    """A project's standing by the bounds (low, high) on V', and whether all of it is proved; `could` where it is open.

    One that does not compete is never in, one that is committed always.
    """
    low, high = bounds
    certain: Standing = "must" if inquiry.is_in(inquiry.best)[project] else "never"
    if inquiry.force[project] < 0:
        low = high = -np.inf
    result: dict[str, Standing] = {}
    proved = True
    for distance in distances:
        below, sure = within(inquiry, distance)
        result[f"{distance:g}"] = certain if high < below else "could"
        proved &= bool(high < below or low >= sure)
    return result, proved


def within(inquiry: Inquiry, distance: float) -> tuple[float, float]:
    """(below this no plan is within the distance, from this on one is for sure), points."""
    room = PROVED * max(1.0, abs(inquiry.best.low))
    return inquiry.best.low - distance - room, inquiry.best.high - distance - room


def standings(
    inquiry: Inquiry,
    distances: Sequence[float] = DISTANCES,
    *,
    wanted: Bools | None = None,
    end: float | None = None,
    alone: bool = True,
) -> Near:
    """Bounds that tell everybody's standing (or that of `wanted` (n,)), as far as the time allows.

    Not `alone`: without the programmes that ask about one project.
    """
    competes = inquiry.force >= 0
    stays = inquiry.solved.admission.asked.table["committed"].to_numpy(dtype=bool)
    wanted = competes if wanted is None else competes & wanted
    nothing = np.full(len(competes), -np.inf)
    near = Near(inquiry, nothing, np.where(competes & ~stays, np.inf, -np.inf), inquiry.is_in(inquiry.best), end)
    if wanted.sum() > FEW:
        by_prices(near)
        for distance in sorted(distances, reverse=True):
            by_neighbours(near, wanted, distance)
            together(near, wanted, distance)
    for project in np.flatnonzero(wanted & alone).tolist():
        if not near.late() and any(near.open(distance)[project] for distance in distances):
            by_itself(near, project)
    return near


def by_itself(near: Near, project: int) -> None:
    """V'(p) itself, by its own programme."""
    near.solves += ("out" if near.inside[project] else "in", project) not in near.inquiry.cache
    value = near.inquiry.otherwise(project)
    near.witnessed(value)
    near.low[project] = max(near.low[project], value.low)
    near.high[project] = min(near.high[project], value.high)


def by_prices(near: Near) -> None:
    """Bounds from above by the prices y of the linear relaxation, whose optimum is V_y.

    With d = cost − Σ_rows y · coefficient over all rows but the projects' own, every plan is worth at most
    V_y − Σ_p (the most that p can have of d − what it has). So V'(p) ≤ V_y − (most of p − most of p doing otherwise).
    A relaxation bounds whole projects too.
    """
    inquiry = near.inquiry
    linear = inquiry.program.linear
    engine = inquiry.engine if linear else near.engines.setdefault("prices", Resolver(inquiry.limits))
    near.solves += 1
    relaxed = inquiry.program.relaxed()
    answer = engine.solve(relaxed, near.limits(0.0))
    if answer.values is None or answer.duals is None or answer.termination is not Termination.OPTIMAL:
        return
    near.top = float(relaxed.cost @ answer.values)
    near.top += NOISE * max(1.0, abs(near.top))
    near.reduced = relaxed.cost - relaxed.charge(answer.duals)
    near.high = np.minimum(near.high, near.top - losses(inquiry, near.inside, answer.duals))


def losses(inquiry: Inquiry, inside: Bools, duals: Floats) -> Floats:
    """(n,) what every project loses at these prices when it does otherwise; inf where it cannot."""
    program, edges = inquiry.program, inquiry.edges
    candidates, layout = inquiry.solved.admission.candidates, program.layout
    worth = program.cost - program.charge(np.where(program.own, 0.0, duals))
    share = worth[layout.share] * layout.step
    site = np.where((layout.site >= 0) & (layout.site != layout.share), worth[layout.site], 0.0)
    p = candidates.project

    def most(low: Floats, high: Floats) -> Floats:
        """(n,) the most that a project can have with a share between these in one zone; −inf where it cannot."""
        has = site + np.maximum(share * low[p], share * high[p])
        return candidates.largest(np.where(low[p] <= high[p], has, -np.inf))

    whole = np.ones(len(candidates))
    stays = candidates.table["committed"].to_numpy(dtype=bool)
    nothing = np.where(stays, -np.inf, 0.0)
    free = np.maximum(nothing, most(edges.least, whole))
    into = most(np.where(edges.by_site, edges.least, np.maximum(edges.forced, edges.least)), whole)
    out = np.maximum(nothing, most(edges.least, np.where(edges.by_site, -1.0, edges.kept)))
    with np.errstate(invalid="ignore"):
        return np.where(free > -np.inf, np.maximum(0.0, free - np.where(inside, out, into)), 0.0)


def together(near: Near, wanted: Bools, distance: float) -> None:
    """Plans in which many do otherwise, and a bound for all who are in none of them, until neither says more.

    At distance 0 plans are looked for only once the bound has found one: mostly there is none.
    """
    look_for_plans, tried = distance > 0, False
    while not near.late():
        left = near.open(distance) & wanted
        if look_for_plans and left.sum() > (FEW if distance == 0 else 0):
            progress = bool((by_plan(near, left, distance) & left).any())
            tried = not progress
            look_for_plans = progress
        elif left.sum() > FEW:
            if not (by_bound(near, left, distance) & left).any():
                return
            look_for_plans = not tried
        else:
            return


def otherwise(near: Near, who: Bools, top: Floats) -> tuple[Ints, Floats, float]:
    """(columns, coefficients, constant) of Σ_who o_p: o_p is 0 in the best plan and 1 once p does otherwise.

    Out in the best plan: o = s / (the share that forces p in). In: o = (top − s) / (top − the share that is out), `top`
    being the share that p has. s is b where p sits somewhere or nowhere.
    """
    program, edges = near.inquiry.program, near.inquiry.edges
    room = np.where(near.inside, top - edges.kept, 1.0)
    factor = np.where(near.inside, -1.0 / room, 1.0 / edges.forced)
    project = np.full(len(program.limit), -1, dtype=np.intp)
    project[near.inquiry.force[who]] = np.flatnonzero(who)
    of = project[program.row_of_entry()]
    mine = of >= 0
    constant = float((-factor * top)[who & near.inside].sum())
    return program.index[mine], program.value[mine] * factor[of[mine]], constant


def by_bound(near: Near, left: Bools, distance: float) -> Bools:
    """The best plan with Σ o_p ≥ 1: none in which one of them does otherwise is worth more. (n,) who does in it.

    No o_p may be below 0, so whoever has a part in the best plan, and might have more, is asked alone. Plans that are
    not within the distance need not be looked at: a whole column whose reduced cost alone takes a plan out stays put.
    """
    inquiry = near.inquiry
    whole = inquiry.edges.by_site | ~near.inside | (inquiry.shares(inquiry.best) >= 1.0 - PART)
    left = left & whole
    if not left.any():
        return left
    columns, factors, constant = otherwise(near, left, np.ones(len(left)))
    row = ("otherwise", Sense.AT_LEAST, 1.0 - constant, columns, factors)
    below, _ = within(inquiry, distance)
    below -= PROVED * max(1.0, abs(below))  # what is not looked at is surely not within the distance
    program = held_by_prices(near, with_rows(inquiry.program, [row]), below)
    value = near.solve("bound", program)
    near.high[left] = np.minimum(near.high[left], max(value.high, below))
    return near.witnessed(value)


def held_by_prices(near: Near, program: Program, below: float) -> Program:
    """Whole columns whose reduced cost takes every plan that moves them by one below a worth, fixed where they are."""
    room = near.top - below
    up = program.integer & (near.reduced > room) & np.isfinite(program.upper)
    down = program.integer & (near.reduced < -room)
    return replace(
        program,
        lower=np.where(up, program.upper, program.lower),
        upper=np.where(down, program.lower, program.upper),
    )


def by_neighbours(near: Near, wanted: Bools, distance: float) -> None:
    """Plans with everything whole as in the best plan: linear programmes, one for each who might do otherwise there."""
    inquiry = near.inquiry
    program, best = inquiry.program, inquiry.best
    if program.linear or best.values is None or distance > 0:  # at a distance plans with many are found at once
        return
    stays = np.where(program.integer, np.round(best.values), 0.0)
    beside = replace(
        program.relaxed(),
        lower=np.where(program.integer, stays, program.lower),
        upper=np.where(program.integer, stays, program.upper),
    )
    engine = near.engines.setdefault("neighbours", Resolver(inquiry.limits))
    near.solves += 1
    answer = engine.solve(beside, near.limits(0.0))
    if answer.values is None or answer.duals is None:
        return
    _, sure = within(inquiry, distance)
    may = best.low - losses(inquiry, near.inside, answer.duals) >= sure
    for project in np.flatnonzero(near.open(distance) & wanted & may & ~inquiry.edges.by_site).tolist():
        if near.late() or near.low[project] >= sure:
            continue
        near.witnessed(near.solve("neighbours", inquiry.toggled(beside, project, inside=not near.inside[project])))


def by_plan(near: Near, left: Bools, distance: float) -> Bools:
    """A plan within the distance in which as many as can do otherwise: max Σ min(o_p, 1). (n,) who does in it."""
    inquiry = near.inquiry
    program, edges = inquiry.program, inquiry.edges
    top = np.where(edges.by_site, 1.0, np.maximum(inquiry.shares(inquiry.best), 2.0 * edges.kept))
    columns, factors, constant = otherwise(near, left, top)
    cost = np.zeros(len(program.cost))
    cost[columns] = factors
    divisible = left & ~edges.by_site & (edges.least < edges.forced)
    limit = program.limit.copy()
    capped = divisible & ~near.inside
    limit[inquiry.keep[capped]] = edges.forced[capped]
    capped = divisible & near.inside
    limit[inquiry.force[capped]] = edges.kept[capped]
    worth = np.flatnonzero(program.cost)
    row = ("near", Sense.AT_LEAST, inquiry.best.low - distance, worth, program.cost[worth])
    counted = with_constant(replace(program, cost=cost, limit=limit), constant)
    found = near.solve("plan", with_rows(counted, [row]), LOOSE).values
    if found is None:
        return np.zeros(len(left), dtype=bool)
    values = found[:-1]
    return near.witnessed(Value(float(program.cost @ values), np.inf, values))


def with_constant(program: Program, constant: float) -> Program:
    """The programme with a constant in its objective, so that a relative gap means something: a column fixed at 1."""
    return replace(
        program,
        cost=np.append(program.cost, constant),
        lower=np.append(program.lower, 1.0),
        upper=np.append(program.upper, 1.0),
        integer=np.append(program.integer, False),
        column_names=Names([program.column_names, ["constant"]]),
    )
