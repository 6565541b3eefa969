"""The one answer: among equally good plans and prices, those that every solver and method must give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .candidates import Floats
from .chosen_prices import chosen_duals
from .core import broken, large_answer
from .face import TIE, choose, polished, real_duals, reduced_costs, solve_reduced
from .program import Program, Sense
from .solve import Answer, Clock, Limits, SolverError, Termination, solve


@dataclass(frozen=True, eq=False)
class Optimum:
    """The answer to one programme."""

    termination: Termination
    values: Floats
    """(n,) the columns"""
    objective: float
    bound: float
    """no plan is better, by the solver's word"""
    prices: Floats
    """(m,) ≥ 0 for inequalities: gained per unit by which the limit is eased; of the relaxation where some are whole"""
    relaxation: Floats
    """(n,) the values that the prices belong to; `values` itself where nothing is whole"""


def linear_optimum(
    program: Program, limits: Limits, known: Answer | None = None, costs: Sequence[Floats] | None = None
) -> tuple[Answer, Floats, Floats]:
    """(the solver's answer, values, duals) of a linear programme after the tie rules.

    `known` is an answer that `large_answer` gave already, `costs` (m,) choose among prices in place of `price_costs`.
    """
    certified = known or large_answer(program, limits)
    answer = certified or solve(program, limits)
    if answer.values is None or answer.duals is None:
        return answer, np.zeros(0), np.zeros(0)
    values, duals = answer.values, answer.duals
    if certified is None:
        values, duals = polished(program, values, duals)
    chosen = choose(program, values, duals, program.ties, limits)
    if costs_something(program, chosen, values):
        chosen = values
    prices = chosen_duals(program, chosen, (values + chosen) / 2, duals, limits, costs)
    near = TIE * max(1.0, abs(float(program.cost @ chosen)))
    return answer, chosen, prices if proved(program, prices) <= proved(program, duals) + near else duals


def costs_something(program: Program, chosen: Floats, values: Floats) -> bool:
    """Whether the tie rules gave something up, as where figures are too far apart to tell a tie."""
    lost = float(program.cost @ values) - float(program.cost @ chosen)
    if lost > TIE * max(1.0, abs(float(program.cost @ values))):
        return True
    return broken(program, chosen) and not broken(program, values)


def proved(program: Program, duals: Floats) -> float:
    """The bound that duals prove, by weak duality: Σ dual · limit + Σ what each column could gain; inf if none."""
    d = reduced_costs(program, duals)
    gains = d != 0
    best = np.where(d > 0, program.upper, program.lower)
    return float(duals @ program.limit + d[gains] @ best[gains])


def oriented(program: Program, duals: Floats) -> Floats:
    """Prices from duals: gained per unit by which the limit is eased, so ≥ 0 for every inequality."""
    prices = np.where(program.sense == Sense.AT_LEAST, -duals, duals)
    prices = np.where(program.sense == Sense.EQUAL, prices, np.maximum(prices, 0.0))
    return np.where(real_duals(program, duals), prices, 0.0)


def optimise(program: Program, limits: Limits) -> Optimum | None:
    """The optimum of a programme by the tie rules; None if there is no plan.

    Raises SolverError where the solver stopped at a limit without any plan (`TimeoutError` as its cause).
    """
    clock = Clock(limits)
    if program.linear:
        answer, values, duals = linear_optimum(program, clock.left(program))
        if answer.termination is Termination.INFEASIBLE:
            return None
        if answer.values is None:
            raise SolverError("stopped at the limit without a plan") from TimeoutError()
        objective = float(program.cost @ values)
        return Optimum(answer.termination, values, objective, objective, oriented(program, duals), values)
    whole = solve(program, clock.left(program))
    if whole.termination is Termination.INFEASIBLE:
        return None
    if whole.values is None:
        raise SolverError("stopped at the limit without a plan") from TimeoutError()
    relaxed, relaxation, duals = linear_optimum(program.relaxed(), clock.left(program))
    values = continue_from(program, whole.values, clock)
    objective = float(program.cost @ values)
    if relaxed.values is None:
        return Optimum(whole.termination, values, objective, whole.bound, np.zeros(len(program.limit)), values)
    bound = max(objective, min(whole.bound, float(program.cost @ relaxation)))
    return Optimum(whole.termination, values, objective, bound, oriented(program, duals), relaxation)


def continue_from(program: Program, values: Floats, clock: Clock) -> Floats:
    """The best of what is not whole, once the whole columns stand: clean values by the tie rules."""
    whole = np.where(program.integer, np.round(values), values)
    fixed = replace(
        program.relaxed(),
        lower=np.where(program.integer, whole, program.lower),
        upper=np.where(program.integer, whole, program.upper),
    )
    first = solve_reduced(fixed, clock.left(fixed))
    if first is None:
        return whole
    return choose(fixed, *first, program.ties, clock.left(fixed))
