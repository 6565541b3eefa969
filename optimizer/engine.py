"""One engine that solves again: the same programme with other figures, from where the last solve stopped.

explain and tune ask hundreds of questions of one programme; a changed cost or limit needs a few simplex steps, not a
new model. The answer is that of `solve`, only sooner.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from .candidates import Floats, Ints
from .program import Program, Sense
from .solve import (
    Answer,
    Limits,
    Silent,
    SolverError,
    Termination,
    configure,
    contradiction,
    highs_options,
    run,
    scaled,
    solve,
)

NO_RESTART = {"mip_allow_restart": False}
"""A programme that is asked about again starts near its plan: restarts of the search took half the time."""
STALE = 1e-6
"""Relative difference of a solution and the objective told with it, beyond which they do not belong together."""
HIGHS_STATUSES = {
    highspy.HighsModelStatus.kOptimal: Termination.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Termination.INFEASIBLE,
    highspy.HighsModelStatus.kUnboundedOrInfeasible: Termination.INFEASIBLE,  # every programme of ours is bounded
    highspy.HighsModelStatus.kTimeLimit: Termination.LIMIT,
    highspy.HighsModelStatus.kIterationLimit: Termination.LIMIT,
    highspy.HighsModelStatus.kSolutionLimit: Termination.LIMIT,
    highspy.HighsModelStatus.kInterrupt: Termination.LIMIT,
}


@dataclass(frozen=True, eq=False)
class Start:
    """Where to start from: a solution of a programme of the same shape."""

    values: Floats
    """(n,) columns, in the units of the programme"""
    basis: highspy.HighsBasis | None
    """of a linear programme"""


def same_shape(a: Program, b: Program) -> bool:
    """Whether two programmes differ in figures only."""
    pairs = ((a.start, b.start), (a.index, b.index), (a.sense, b.sense), (a.integer, b.integer))
    return all(x is y or np.array_equal(x, y) for x, y in pairs)


def differing(new: Floats, old: Floats) -> Ints:
    """Where two arrays differ; programmes that are made from each other share most of theirs."""
    return np.zeros(0, dtype=np.intp) if new is old else np.flatnonzero(new != old)


def bounds(sense: Ints, limit: Floats) -> tuple[Floats, Floats]:
    """Lower and upper bound of the activity of rows."""
    return np.where(sense == Sense.AT_MOST, -np.inf, limit), np.where(sense == Sense.AT_LEAST, np.inf, limit)


class Engine:
    """Solves programmes of one shape again and again, each from where the last one stopped.

    With HiGHS, what differs from the last programme (costs, bounds, limits, coefficients) is changed in place: a
    linear one starts from the last basis, one with whole columns from the last solution. Any other solver, and any
    programme of another shape, is solved afresh; the answer is that of `solve` either way.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.factors: tuple[Floats, Floats, float] | None = None
        self.last: Program | None = None
        """in its own units"""
        self.row = np.zeros(0, dtype=np.intp)
        self.hollow = False
        """whether it has rows without any column, whose limits HiGHS need not be asked about"""
        self.values: Floats | None = None
        self.model: highspy.Highs | None = None
        self.home: highspy.HighsBasis | None = None
        """the optimal basis of the first linear programme"""

    def solve(self, program: Program, limits: Limits | None = None, start: Start | None = None) -> Answer:
        """The answer to one programme, from a start of one's own or from where the last solve stopped."""
        limits = limits or self.limits
        known = self.last is not None and same_shape(self.last, program)
        if limits.solver != "highs" or not len(program.cost) or ((not known or self.hollow) and contradiction(program)):
            return solve(program, limits)
        if known:
            self.change(program)
        else:
            self.start(program)
        assert self.model is not None
        assert self.factors is not None
        whole = not program.linear
        if start is not None:
            self.begin(start)
        configure(self.model, highs_options(limits, whole=whole) | (NO_RESTART if whole else {}))
        if limits.seconds is not None:  # HiGHS counts from the first run of the object
            self.model.setOptionValue("time_limit", self.model.getRunTime() + limits.seconds)
        if whole and self.values is not None:
            self.model.setSolution(len(self.values), np.arange(len(self.values), dtype=np.int32), self.values)
        run(self.model)
        if whole and self.stale():
            self.model.clearSolver()
            run(self.model)
        if self.home is None and not whole and self.model.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            self.home = self.model.getBasis()
        return self.answer(whole)

    def begin(self, start: Start) -> None:
        """Start the next solve from there."""
        assert self.model is not None
        assert self.factors is not None
        self.values = start.values / self.factors[1]
        if start.basis is not None:
            self.model.setBasis(start.basis)

    def stopped_at(self, answer: Answer) -> Start | None:
        """A start from the answer that was given last; None where there is none to start from."""
        if answer.values is None or self.model is None or self.last is None:
            return None
        basis = self.model.getBasis()
        return Start(answer.values, basis if self.last.linear and basis.valid else None)

    def margins(self) -> tuple[Floats, Floats]:
        """(n,), (m,) the reduced cost of every column and the price of every row in the last basis, in size.

        Infinite where it is basic or cannot move: what is left at 0 could move at no loss.
        """
        assert self.model is not None
        assert self.last is not None
        assert self.factors is not None
        rows, columns, money = self.factors
        solution, basis = self.model.getSolution(), self.model.getBasis()
        basic = highspy.HighsBasisStatus.kBasic
        stuck = np.array([status == basic for status in basis.col_status]) | (self.last.lower == self.last.upper)
        held = np.array([status == basic for status in basis.row_status]) | (self.last.sense == Sense.EQUAL)
        return (
            np.where(stuck, np.inf, np.abs(np.array(solution.col_dual)) / (columns * money)),
            np.where(held, np.inf, np.abs(np.array(solution.row_dual)) * rows / money),
        )

    def stale(self) -> bool:
        """HiGHS 1.16 may report a new objective and hand back the start it was given as the solution."""
        assert self.model is not None
        assert self.last is not None
        assert self.factors is not None
        told = self.model.getInfo().objective_function_value
        values = np.array(self.model.getSolution().col_value)
        if not np.isfinite(told) or len(values) != len(self.last.cost):
            return False
        _, columns, money = self.factors
        return bool(abs(told + money * (self.last.cost @ (values * columns))) > STALE * max(1.0, abs(told)))

    def start(self, program: Program) -> None:
        """Hand the whole programme over."""
        model, *self.factors = scaled(program)  # type: ignore[assignment]
        self.last, self.values, self.model = program, None, Silent()  # type: ignore[no-untyped-call]
        self.home = None
        self.row = program.row_of_entry()
        self.hollow = bool((np.diff(program.start) == 0).any())
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(model.cost), len(model.limit)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = -model.cost, model.lower, model.upper
        lp.row_lower_, lp.row_upper_ = bounds(model.sense, model.limit)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = model.start, model.index, model.value
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        if not model.linear:
            lp.integrality_ = [kinds[int(whole)] for whole in model.integer]
        if self.model.passModel(lp) != highspy.HighsStatus.kOk:
            raise SolverError("the solver did not take the model as it is")

    def change(self, program: Program) -> None:
        """Change in place what differs from the last programme; only that is scaled and handed over."""
        assert self.last is not None
        assert self.model is not None
        assert self.factors is not None
        rows, columns, money = self.factors
        new, old, model = program, self.last, self.model
        at = differing(new.cost, old.cost)
        if len(at):
            model.changeColsCost(len(at), at.astype(np.int32), -new.cost[at] * columns[at] * money)
        at = np.union1d(differing(new.lower, old.lower), differing(new.upper, old.upper))
        if len(at):
            low, high = new.lower[at] / columns[at], new.upper[at] / columns[at]
            model.changeColsBounds(len(at), at.astype(np.int32), low, high)
        at = differing(new.limit, old.limit)
        if len(at):
            limit, sense = new.limit[at] * rows[at], new.sense[at]
            # a row that opens again was at its limit in the last basis: free there, it takes hundreds of steps
            opens = np.isinf(limit) & np.isfinite(old.limit[at])
            if self.home is not None and new.cost is old.cost and opens.any():
                model.setBasis(self.home)
            low, high = bounds(sense, limit)
            model.changeRowsBounds(len(at), at.astype(np.int32), low, high)  # type: ignore[attr-defined]
        for e in differing(new.value, old.value).tolist():
            i, j = int(self.row[e]), int(new.index[e])
            model.changeCoeff(i, j, float(new.value[e] * rows[i] * columns[j]))
        self.last = new

    def answer(self, whole: bool) -> Answer:
        """What HiGHS found, in the units of the programme."""
        assert self.model is not None
        assert self.factors is not None
        rows, columns, money = self.factors
        status, info = self.model.getModelStatus(), self.model.getInfo()
        termination = HIGHS_STATUSES.get(status)
        if status == highspy.HighsModelStatus.kMemoryLimit:
            raise MemoryError
        if termination is None:
            raise SolverError(f"highs stopped with status {self.model.modelStatusToString(status)}")
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if termination is Termination.INFEASIBLE or not found:
            return Answer(termination, None, None, -np.inf if termination is Termination.INFEASIBLE else np.inf)
        solution = self.model.getSolution()
        scaled_values = np.array(solution.col_value)
        if not whole:
            duals = -np.array(solution.row_dual) * rows / money
            return Answer(termination, scaled_values * columns, duals, info.objective_function_value / -money)
        self.values = scaled_values
        return Answer(termination, scaled_values * columns, None, info.mip_dual_bound / -money)
