"""Other plans against the best: what forcing and withdrawing costs, and plans that differ clearly."""

from __future__ import annotations

import numpy as np

from ...models.explanation import Alternative, Swap
from ..program import Sense
from .ask import Inquiry, Value, with_rows
from .rule_costs import totals


def swap(inquiry: Inquiry, other: Value) -> Swap | None:
    """What another plan loses against the best, and who comes and goes; None if there is no such plan."""
    if not other.possible or other.values is None:
        return None
    enters, leaves = inquiry.moved(other)
    return Swap(loss=other.loss_from(inquiry.best), enters=enters, leaves=leaves)


def alternatives(inquiry: Inquiry, most: int, distance: float, differ: int = 2) -> list[Alternative]:
    """Up to `most` plans within a distance of the best, each clearly different from the best and from each other.

    Different: at least `differ` projects in or out that were not. Every plan found is cut off by
    Σ_in (1 − b) + Σ_out b ≥ differ over the projects that sit somewhere or nowhere; then the best of the rest is taken.
    """
    found: list[Alternative] = []
    program, layout = inquiry.program, inquiry.program.layout
    candidates = inquiry.solved.admission.candidates
    whole = np.unique(candidates.project[(layout.site >= 0) & (program.lower[np.maximum(layout.site, 0)] == 0)])
    if len(whole) < differ:
        return found
    value = inquiry.best
    for _ in range(most):
        if value.values is None:
            break
        inside = inquiry.is_in(value)
        options = np.isin(candidates.project, whole)
        columns = layout.site[options]
        signs = np.where(inside[candidates.project[options]], -1.0, 1.0)
        limit = differ - float(inside[whole].sum())
        program = with_rows(program, [(f"other|{len(found)}", Sense.AT_LEAST, limit, columns, signs)])
        answer = inquiry.ask(program)
        if answer.values is None or answer.low < inquiry.best.low - distance:
            break
        value = answer
        enters, leaves = inquiry.moved(value)
        solved = inquiry.solved
        reached = totals(solved.scenario, solved.admission, solved.scores, solved.program, answer.values)
        found.append(Alternative(objective=value.low, enters=enters, leaves=leaves, criteria=reached))
    return found
