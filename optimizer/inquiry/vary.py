"""One figure of a scenario set to other values: the programme it gives, of the same shape as the inquiry's.

A varied programme is affine in the figure (in a weight after multiplying by the sum of weights), so two formulations
give it for every value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ...models.scenario import Scenario
from ..admit import admit
from ..candidates import Candidates, Floats
from ..formulate import formulate
from ..program import Block, Program
from ..score import score
from ..solve import SolverError
from .ask import Inquiry, with_block


@dataclass(frozen=True, eq=False)
class Variation:
    """A figure at `start`, to be moved towards `end`; `at(t)` is the inquiry's programme with the figure at t."""

    kind: str
    path: str
    start: float
    end: float
    at: Callable[[float], Program]
    scale: Callable[[float], float] = lambda t: 1.0
    """What the objective of `at(t)` is multiplied by against points of the score."""


def formulated_with(inquiry: Inquiry, scenario: Scenario, asked: Candidates) -> Program:
    """The last stage's programme for changed figures, scales and tiers kept."""
    admission = admit(scenario, asked)
    scores = score(scenario, admission.candidates, inquiry.solved.scores.scales)
    return formulate(scenario, admission.candidates, scores, [t.value for t in inquiry.solved.tiers])


def blend(inquiry: Inquiry, one: Program, t_one: float, two: Program, t_two: float) -> Callable[[float], Program]:
    """The inquiry's programme affine in t, from two formulations. Raises SolverError if their rows differ."""
    solved = inquiry.solved.program
    for program in (one, two):
        same_rows = len(program.cost) == len(solved.cost) and program.shared_rows() == solved.shared_rows()
        if not same_rows or not all(np.array_equal(getattr(program, f), getattr(one, f)) for f in ("start", "index")):
            raise SolverError("the figure changes which rows there are")
    base, entries, m = with_rows_of(inquiry, one), len(one.value), len(one.limit)

    def line(a: Floats, b: Floats) -> tuple[Floats, Floats]:
        slope = (b - a) / (t_two - t_one)
        return a - slope * t_one, slope

    cost, value, limit = (line(getattr(one, f), getattr(two, f)) for f in ("cost", "value", "limit"))

    def at(t: float) -> Program:
        return replace(
            base,
            cost=cost[0] + cost[1] * t,
            value=np.concatenate([value[0] + value[1] * t, base.value[entries:]]),
            limit=np.concatenate([limit[0] + limit[1] * t, base.limit[m:]]),
        )

    return at


def with_rows_of(inquiry: Inquiry, program: Program) -> Program:
    """A programme with the inquiry's own rows, which force projects in or keep them out, at its end."""
    full, m = inquiry.program, len(inquiry.solved.program.limit)
    entries = slice(full.start[m], None)
    rows = Block(
        names=(),  # all are those of the inquiry
        sense=full.sense[m:],
        limit=full.limit[m:],
        row=np.repeat(np.arange(len(full.limit) - m), np.diff(full.start[m:])),
        column=full.index[entries],
        value=full.value[entries],
    )
    return replace(with_block(program, rows), row_names=full.row_names)


def amount(inquiry: Inquiry, project: int, measure: str, end: float) -> Variation | None:
    """A project's own amount of a measure; None where it changes nothing.

    The slope is taken between `end` and the middle, on the side where no trim holds the amount any more.
    """
    solved = inquiry.solved
    asked = solved.admission.asked
    start = float(asked.amounts[measure][project])
    near = start + 0.5 * (end - start)
    far = start + 0.75 * (end - start)

    def with_amount(t: float) -> Program:
        amounts = asked.amounts[measure].copy()
        amounts[project] = t
        return formulated_with(inquiry, solved.scenario, replace(asked, amounts={**asked.amounts, measure: amounts}))

    one, two = with_amount(near), with_amount(far)
    if all(np.array_equal(getattr(one, f), getattr(two, f)) for f in ("cost", "value", "limit")):
        return None
    kind = "need" if end < start else "outcome"
    path = f"projects.{quoted(str(asked.ids[project]))}.{measure}"
    return Variation(kind, path, start, end, blend(inquiry, one, near, two, far))


def supply(inquiry: Inquiry, measure: str, zone: str, end: float) -> Variation:
    """A named supply."""
    scenario = inquiry.solved.scenario
    held = scenario.zones[zone].supply[measure] if zone else scenario.supply[measure]
    row = inquiry.program.row_called(f"supply|{measure}|{zone}")
    assert row is not None
    path = f"zones.{quoted(zone)}.supply.{measure}" if zone else f"supply.{measure}"

    def at(t: float) -> Program:
        limit = inquiry.program.limit.copy()
        limit[row] = t
        return replace(inquiry.program, limit=limit)

    return Variation("supply", path, held.amount, end, at)


def weight(inquiry: Inquiry, criterion: str, end: float) -> Variation:
    """The weight of one criterion, the others as they are.

    (Σ weights) · objective = Σ_c weight_c · 100 · F_c / N_c − (Σ weights) · penalty is affine in one weight.
    """
    solved = inquiry.solved
    scenario = solved.scenario
    start = scenario.criteria[criterion].weight
    others = sum(c.weight for name, c in scenario.criteria.items() if name != criterion)

    def with_weight(t: float) -> Program:
        changed = scenario.criteria[criterion].model_copy(update={"weight": t})
        new = scenario.model_copy(update={"criteria": {**scenario.criteria, criterion: changed}})
        program = formulated_with(inquiry, new, solved.admission.asked)
        return replace(program, cost=program.cost * (others + t))

    low, high = max(start, 1.0), max(start, 1.0) * 2.0
    at = blend(inquiry, with_weight(low), low, with_weight(high), high)
    return Variation("weight", f"criteria.{quoted(criterion)}.weight", start, end, at, lambda t: others + t)


def quoted(name: str) -> str:
    """A name in a dotted path: in quotation marks where it has a dot."""
    return f'"{name}"' if "." in name else name
