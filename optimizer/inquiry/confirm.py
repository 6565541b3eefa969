"""Is it true of the file? A proposed figure is tried on the scenario read again with it, and so is one just before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..assemble import Solved
from ..engine import same_shape
from ..program import Program
from .ask import NOTHING, Inquiry, with_switches
from .known import keeps
from .least import changed

OnFile = Callable[[float], Solved]
"""Gives the scenario of the file with a figure at some value, its programme formulated, not solved."""


def confirm(inquiry: Inquiry, project: int, on_file: OnFile, to: float, before: float) -> tuple[float | None, bool]:
    """(objective at `to`, proved): the project is in every optimal plan at `to`, and in none just before.

    No objective: it is not in every optimal plan at `to`. Raises SolverError and InputError.
    """
    at = reopened(inquiry, on_file(to))
    inside = at.forced(project)
    out = at.toggled(at.program, project, inside=False)
    outside = inquiry.without(project) if same_without(inquiry, project, out) else at.ask(out)
    if not inside.low > outside.high:
        return None, False
    short = reopened(inquiry, on_file(before))
    out = short.toggled(short.program, project, inside=False)
    known = [
        float(out.cost @ v)
        for v in (inquiry.without(project).values, outside.values)
        if v is not None and len(v) == len(out.cost) and keeps(out.activity(v), out.sense, out.limit)
    ]
    almost = short.forced(project)
    return inside.low, almost.high < max(known, default=-np.inf) or almost.high < short.without(project).low


def reopened(inquiry: Inquiry, solved: Solved) -> Inquiry:
    """The inquiry of a changed scenario: the same engine and the plans known so far, its optimum not asked for."""
    program, force, keep, edges = with_switches(solved)
    return replace(inquiry, solved=solved, program=program, force=force, keep=keep, edges=edges, best=NOTHING, cache={})


def same_without(inquiry: Inquiry, project: int, out: Program) -> bool:
    """Whether a programme with a project out is the inquiry's own but for what the project itself takes and brings."""
    base, layout = inquiry.toggled(inquiry.program, project, inside=False), inquiry.program.layout
    if not same_shape(base, out) or base.shared_rows() != out.shared_rows():
        return False
    if not inquiry.edges.by_site[project]:
        return False  # out is up to 1 % of it
    options = inquiry.solved.admission.candidates.project == project
    mine = np.zeros(len(base.cost), dtype=bool)
    mine[layout.share[options]] = mine[layout.site[options]] = True
    others = ~mine
    return not (
        others[changed(base.cost, out.cost)].any()
        or others[base.index[changed(base.value, out.value)]].any()
        or len(changed(base.limit, out.limit))
        or len(changed(base.lower, out.lower))
        or len(changed(base.upper, out.upper))
    )
