"""Which weights decisions imply: the nearest ones under which the optimal plan agrees, or why there are none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...models.explanation import Step
from ...models.tuning import Decided, Match
from ..candidates import Bools, Floats
from ..inquiry.ask import Inquiry, inquire
from ..inquiry.vary import quoted
from ..pipeline import NoPlan
from .nearest import NEAR, Decisions, Search, agreeing, contest, distance
from .space import Found, WeightSpace

DIGITS = 8
"""Significant digits of proposed weights."""


@dataclass(frozen=True, eq=False)
class Matching:
    """A solved scenario whose weights are looked for."""

    space: WeightSpace
    inquiry: Inquiry
    until: float

    def search(self, decisions: Decisions) -> Search:
        """The search for some decisions that some plan keeps, done."""
        found = Search(contest(self.space, self.inquiry, decisions), self.until)
        found.run()
        return found

    def loss(self, decisions: Decisions) -> float | None:
        """Points that keeping decisions costs at the present weights; None where no plan keeps them."""
        space = self.space
        try:
            return max(0.0, space.now().worth - self.agreeing(decisions).best(space.present).worth)
        except NoPlan:
            return None

    def agreeing(self, decisions: Decisions) -> WeightSpace:
        return replace(self.space, program=agreeing(self.inquiry, decisions))

    def impossible(self, decisions: Decisions) -> Decisions:
        """Of decisions that no plan keeps, some that none keeps, and without any one of them one does."""
        left = list(decisions.all)
        for one in decisions.all:
            rest = [d for d in left if d != one]
            if self.loss(made(rest)) is None:
                left = rest
        return made(left)

    def alone(self, decisions: Decisions) -> list[bool | None]:
        """For each decision whether some weighting explains it by itself; None where that stayed open."""
        return [self.explained(made([one])) for one in decisions.all]

    def explained(self, decisions: Decisions) -> bool | None:
        try:
            search = self.search(decisions)
        except NoPlan:
            return False
        return True if search.best is not None else False if search.least == np.inf else None

    def most(self, decisions: Sequence[tuple[int, bool]]) -> Search | None:
        """The weights of decisions that agree together, as many as taking one after the other gives."""
        kept: list[tuple[int, bool]] = []
        best: Search | None = None
        for one in decisions:
            try:
                search = self.search(made([*kept, one]))
            except NoPlan:
                continue
            if search.best is not None:
                kept, best = [*kept, one], search
        return best

    def differing(self, weights: Floats, decisions: Decisions) -> list[bool]:
        """For each decision whether the plan at some weights does otherwise."""
        inside = self.is_in(self.space.best(weights).plan)
        return [bool(inside[p]) is not wanted for p, wanted in decisions.all]

    def is_in(self, plan: Found) -> Bools:
        """(n,) which projects are in."""
        return self.space.project_shares(plan) >= self.inquiry.edges.cut


def made(decisions: Sequence[tuple[int, bool]]) -> Decisions:
    """Decisions from (project, whether it is in)."""
    return Decisions(tuple(p for p, inside in decisions if inside), tuple(p for p, inside in decisions if not inside))


def match(space: WeightSpace, decisions: Decisions, *, until: float = math.inf) -> Match:
    """The nearest weights that agree with some decisions; or why there are none, and what comes nearest.

    Raises ValueError for a project that does not compete, SolverError if the solver finds no plan in time.
    """
    matching = Matching(space, inquire(space.solved, space.limits), until)
    if any(matching.inquiry.force[p] < 0 for p, _ in decisions.all):
        raise ValueError("a decision is about a project that does not compete")
    loss = matching.loss(decisions)
    search = matching.search(decisions) if loss is not None else None
    if search is not None and search.best is not None:
        return told(matching, decisions, search, [True] * len(decisions.all), loss)
    clash = () if loss is not None else matching.impossible(decisions).all
    alone = matching.alone(decisions)
    nearest = matching.most([d for d, yes in zip(decisions.all, alone, strict=True) if yes])
    none = search is None or search.least == np.inf
    return told(matching, decisions, nearest, alone, loss, clash=clash, none=none)


def told(
    matching: Matching,
    decisions: Decisions,
    search: Search | None,
    explained: Sequence[bool | None],
    loss: float | None,
    *,
    clash: Sequence[tuple[int, bool]] = (),
    none: bool = False,
) -> Match:
    """The result; `search` has the weights that are proposed, for some or all of the decisions.

    `clash` are decisions that no plan keeps together; `none`: that no weights agree is proved.
    """
    space = matching.space
    ids = space.solved.admission.asked.ids
    weights = search.best if search is not None else None
    differ = [True] * len(explained) if weights is None else matching.differing(weights, decisions)
    found = weights is not None and not any(differ)
    proved = none
    if found and search is not None:
        proved = search.contest.proved and search.least >= search.reached - NEAR
    return Match(
        found=found,
        weights=None if weights is None else dict(zip(space.names, weights.tolist(), strict=True)),
        changes=() if weights is None else changes(space, weights),
        moved=None if weights is None else round(0.5 * distance(weights, space.present), 12),
        decisions=tuple(
            Decided(
                project=str(ids[p]),
                wanted="in" if inside else "out",
                explained=yes,
                agrees=not other,
                clash=(p, inside) in clash,
            )
            for (p, inside), yes, other in zip(decisions.all, explained, differ, strict=True)
        ),
        loss=loss,
        tiers_held=bool(space.solved.tiers),
        proved=proved,
    )


def changes(space: WeightSpace, weights: Floats) -> tuple[Step, ...]:
    """The weights as `--set` takes them, with the sum that the file's have."""
    now = {name: c.weight for name, c in space.solved.scenario.criteria.items()}
    total = sum(now.values())
    return tuple(
        Step(path=f"criteria.{quoted(name)}.weight", from_=now[name], to=float(f"{total * part:.{DIGITS}g}"))
        for name, part in zip(space.names, weights.tolist(), strict=True)
        if abs(total * part - now[name]) > 10.0**-DIGITS * total
    )
