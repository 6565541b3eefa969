"""The plan under other conditions: a project forced in or kept out, a limit moved, a weight changed.

An `Inquiry` holds the exact optimum (gap 0) of a scenario and one engine that solves its programme again. Stages of the
first call stay held at the values of the plan that is asked about.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np

from ..assemble import Solved
from ..candidates import Bools, Candidates, Floats, Ints
from ..core import by_core
from ..formulate import is_whole
from ..names import Lazy, Names
from ..optimum import Optimum, continue_from
from ..program import Block, Layout, Program, Sense
from ..resolve import Resolver
from ..solve import Answer, Clock, Limits, SolverError, Termination
from .known import MOST, Known, remembered

LEAST = 0.01
"""A project is "in" from this share on, or from its own least share."""
EDGE = 1e-6
"""Relative width of that threshold: who is forced in is at it, who is kept out at least this much below it."""
PROVED = 1e-7
"""A value is proved when no other can be better by more than this part of max(1, |value|)."""


@dataclass(frozen=True, eq=False)
class Value:
    """What the plan is worth under some condition, points.

    The optimum lies between `low`, a plan that was found, and `high`, beyond which there is none. No plan: both −inf.
    """

    low: float
    high: float
    values: Floats | None
    """(n,) columns of the plan found"""

    @property
    def possible(self) -> bool:
        """Whether there can be a plan at all."""
        return self.high > -np.inf

    @property
    def proved(self) -> bool:
        return self.high - self.low <= PROVED * max(1.0, abs(self.low)) or not self.possible

    def loss_from(self, best: Value) -> float | tuple[float, float]:
        """How much less it is than the best, an interval where one of the two is not proved."""
        least, most = max(0.0, best.low - self.high), max(0.0, best.high - self.low)
        return most if most - least <= PROVED * max(1.0, abs(best.low)) else (least, most)


NOTHING = Value(-np.inf, -np.inf, None)


@dataclass(frozen=True, eq=False)
class Edges:
    """Where each project is in; (n,) each."""

    least: Floats
    """the least share a project has where it sits; 0 where it is divisible, 1 where it is whole"""
    by_site: Bools
    """whether the two rows of the project count b (it sits somewhere or nowhere) or its share"""
    forced: Floats
    """the limit of the row that forces it in"""
    kept: Floats
    """the limit of the row that keeps it out"""
    cut: Floats
    """the share from which a plan that was found has it in, between the two"""


@dataclass(frozen=True, eq=False)
class Inquiry:
    """A solved scenario that questions are asked of."""

    solved: Solved
    program: Program
    """the scenario's programme with two rows a project that can force it in or keep it out, both open"""
    force: Ints
    """(n,) the row that forces each project in; −1 for one that does not compete"""
    keep: Ints
    """(n,) the row that keeps it out"""
    edges: Edges
    engine: Resolver
    limits: Limits
    best: Value
    known: Known
    relaxed: Resolver
    """for linear relaxations, which a programme with whole columns would push out of the other one"""
    cache: dict[tuple[str, int], Value] = field(default_factory=dict)
    end: float | None = None
    """the moment of the monotonic clock from which on nothing more is asked"""

    def given(self, gap: float = 0.0) -> Limits:
        """The limits of one more programme. Raises SolverError (by a `TimeoutError`) past the end of the time."""
        if self.end is None:
            return replace(self.limits, gap=gap)
        left = self.end - time.monotonic()
        if left <= 0:
            raise SolverError("no time is left to ask") from TimeoutError()
        given = left if self.limits.seconds is None else min(left, self.limits.seconds)
        return replace(self.limits, gap=gap, seconds=given)

    @property
    def late(self) -> bool:
        """Whether nothing more is asked."""
        return self.end is not None and time.monotonic() >= self.end

    def until(self, end: float | None) -> Inquiry:
        """The same inquiry, with what it knows, that raises SolverError where it is asked past a moment."""
        return replace(self, end=end)

    def fresh(self) -> Inquiry:
        """The same inquiry, of which no more is known than now: what it is asked leaves no trace in this one."""
        engine = Resolver(self.limits)
        if self.best.values is not None:
            engine.begin(self.program, self.best.values, self.solved.prices)
        return replace(
            self,
            engine=engine,
            relaxed=Resolver(self.limits),
            known=self.known.copy(),
            cache=dict(self.cache),
        )

    def ask(self, program: Program) -> Value:
        """The value of one programme of this shape, at gap 0. Its plan is remembered."""
        found = valued(program, self.engine.solve(program, self.given()))
        if found.values is not None:
            self.known.add(found.values)
        return found

    def at_most(self, program: Program) -> float:
        """No plan of a programme of this shape is worth more: its linear relaxation."""
        return valued(program.relaxed(), self.relaxed.solve(program.relaxed(), self.given())).high

    def forced(self, project: int) -> Value:
        """The best plan with the project in."""
        return self.toggle("in", project)

    def without(self, project: int) -> Value:
        """The best plan with the project out."""
        return self.toggle("out", project)

    def otherwise(self, project: int) -> Value:
        """The best plan with the project out if it is in, and in if it is out, in the best of all."""
        return self.without(project) if self.is_in(self.best)[project] else self.forced(project)

    def toggle(self, kind: Literal["in", "out"], project: int) -> Value:
        if self.force[project] < 0:
            return NOTHING
        if (kind, project) not in self.cache:
            self.cache[kind, project] = self.ask(self.toggled(self.program, project, inside=kind == "in"))
            if len(self.cache) > remembered(MOST, len(self.program.cost)):
                del self.cache[next(iter(self.cache))]
        return self.cache[kind, project]

    def toggled(self, program: Program, project: int, *, inside: bool) -> Program:
        """A programme of this shape with a project forced in or kept out."""
        if inside:
            return with_limits(program, {int(self.force[project]): least_in(self, project)})
        return with_limits(program, {int(self.keep[project]): most_out(self, project)})

    def shares(self, value: Value) -> Floats:
        """(n,) the share of every project in a plan that was found."""
        if value.values is None:
            return np.zeros(len(self.solved.admission.asked))
        return self.solved.admission.candidates.total(self.program.shares(value.values))

    def is_in(self, value: Value) -> Bools:
        """(n,) which projects are in."""
        return self.inside if value is self.best else self.shares(value) >= self.edges.cut

    @cached_property
    def inside(self) -> Bools:
        """(n,) which projects are in, in the best plan."""
        return self.shares(self.best) >= self.edges.cut

    def moved(self, value: Value) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who enters and who leaves against the best plan."""
        ids, before, after = self.solved.admission.asked.ids, self.is_in(self.best), self.is_in(value)
        return tuple(ids[after & ~before]), tuple(ids[before & ~after])


def edges_of(candidates: Candidates, layout: Layout) -> Edges:
    """In: a share of at least max(the least share, 1 %).

    A project that sits somewhere or nowhere is in with b = 1 where its least share is 1 % or more. One of many small
    units is in from so many of them as make 1 %. Any other is in from a share of 1 % in all its zones together;
    "out" is an open set then, which EDGE closes.
    """
    table, n = candidates.table, len(candidates)
    units = table["units"].to_numpy()
    least = np.where(units > 0, table["min_units"].to_numpy() / np.maximum(units, 1), table["min_share"].to_numpy())
    least = np.where(is_whole(candidates), 1.0, least)
    sited = np.bincount(candidates.project[layout.site < 0], minlength=n) == 0
    by_site = sited & (least >= LEAST)
    few = (units > 0) & ~by_site
    half_below = (np.ceil(LEAST * units - EDGE) - 0.5) / np.maximum(units, 1)
    return Edges(
        least=least,
        by_site=by_site,
        forced=np.select([by_site, few], [1.0, half_below], LEAST),
        kept=np.select([by_site, few], [0.0, half_below], LEAST * (1.0 - EDGE)),
        cut=np.select([by_site, few], [0.5 * least, half_below], LEAST * (1.0 - EDGE / 2)),
    )


def least_in(inquiry: Inquiry, project: int) -> float:
    """The limit that forces a project in."""
    return float(inquiry.edges.forced[project])


def most_out(inquiry: Inquiry, project: int) -> float:
    """The limit that keeps a project out."""
    return float(inquiry.edges.kept[project])


def with_limits(program: Program, limits: dict[int, float]) -> Program:
    """The programme with other limits of some rows."""
    new = program.limit.copy()
    new[list(limits)] = list(limits.values())
    return replace(program, limit=new)


def valued(program: Program, answer: Answer) -> Value:
    """A solver's answer as a value."""
    if answer.values is None:
        return NOTHING if answer.bound == -np.inf else Value(-np.inf, answer.bound, None)
    low = float(program.cost @ answer.values)
    return Value(low, low if program.linear else max(low, answer.bound), answer.values)


def with_rows(program: Program, rows: Iterable[tuple[str, Sense, float, Ints, Floats]]) -> Program:
    """The programme with more rows at its end."""
    extra = list(rows)
    if not extra:
        return program
    return with_block(
        program,
        Block(
            names=[r[0] for r in extra],
            sense=np.array([int(r[1]) for r in extra]),
            limit=np.array([r[2] for r in extra]),
            row=np.repeat(np.arange(len(extra)), [len(r[3]) for r in extra]),
            column=np.concatenate([r[3] for r in extra]),
            value=np.concatenate([r[4] for r in extra]),
        ),
    )


def inquire(solved: Solved, limits: Limits, optimum: Optimum | None = None) -> Inquiry:
    """Open an inquiry: the exact optimum, and an engine to ask it; `optimum` is that of `solved` where it is known.

    Raises SolverError if no plan is found in time.
    """
    program, force, keep, edges = with_switches(solved)
    engine = Resolver(limits)
    if optimum is not None and optimum.termination is Termination.OPTIMAL and by_core(solved.program, limits):
        best = Value(optimum.objective, optimum.objective, optimum.values)  # linear: the same plan, and proved
        engine.begin(program, optimum.values, solved.prices)
    else:
        best = valued(program, engine.solve(program, replace(limits, gap=0.0)))
        if best.values is None:
            raise SolverError("stopped at the limit without a plan") from TimeoutError()
        clean = continue_from(solved.program, best.values, Clock(limits))
        low = float(program.cost @ clean)
        best = Value(low, max(low, best.high), clean)
    assert best.values is not None
    known = Known(program)
    known.add(best.values)
    return Inquiry(solved, program, force, keep, edges, engine, limits, best, known, Resolver(limits))


def with_switches(solved: Solved) -> tuple[Program, Ints, Ints, Edges]:
    """(the programme with two open rows a project, the rows that force each in, those that keep it out, the edges)."""
    candidates, layout = solved.admission.candidates, solved.program.layout
    n, first, of = len(candidates), len(solved.program.limit), candidates.project
    edges = edges_of(candidates, layout)
    here = np.unique(of)
    force, keep = np.full(n, -1, dtype=np.intp), np.full(n, -1, dtype=np.intp)
    force[here] = first + 2 * np.arange(len(here))
    keep[here] = force[here] + 1
    by_site = edges.by_site[of]
    columns = np.where(by_site, layout.site, layout.share)
    steps = np.where(by_site, 1.0, layout.step)
    order = np.argsort(np.concatenate([force[of], keep[of]]), kind="stable")  # options of a project stay in order
    ids = candidates.ids[here]
    count = np.bincount(of, minlength=n)[here]
    rows = Block(
        names=Lazy(2 * len(here), lambda: [name for i in ids for name in (f"in|{i}", f"out|{i}")]),
        sense=np.tile([int(Sense.AT_LEAST), int(Sense.AT_MOST)], len(here)),
        limit=np.tile([-np.inf, np.inf], len(here)),
        row=np.repeat(np.arange(2 * len(here)), np.repeat(count, 2)),
        column=np.tile(columns, 2)[order],
        value=np.tile(steps, 2)[order],
    )
    return with_block(solved.program, rows), force, keep, edges


def with_block(program: Program, rows: Block) -> Program:
    """The programme with a block of rows at its end, which no price belongs to."""
    ends = program.start[-1] + np.cumsum(np.bincount(rows.row, minlength=len(rows.limit)))
    return replace(
        program,
        start=np.concatenate([program.start, ends]).astype(np.intp),
        index=np.concatenate([program.index, rows.column]),
        value=np.concatenate([program.value, rows.value]),
        sense=np.concatenate([program.sense, rows.sense]).astype(np.intp),
        limit=np.concatenate([program.limit, rows.limit]),
        row_names=Names([program.row_names, rows.names]),
        own=np.concatenate([program.own, np.ones(len(rows.limit), dtype=bool)]),
    )
