"""One engine that solves again: the same programme with other figures, from where the last solve stopped.

explain and tune ask hundreds of questions of one programme; a changed cost or limit needs a few simplex steps, not a
new model. The answer is that of `solve`, only sooner.
"""

from __future__ import annotations

import highspy
import numpy as np

from .candidates import Floats
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
    rescaled,
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


def same_shape(a: Program, b: Program) -> bool:
    """Whether two programmes differ in figures only."""
    pairs = ((a.start, b.start), (a.index, b.index), (a.sense, b.sense), (a.integer, b.integer))
    return all(np.array_equal(x, y) for x, y in pairs)


def row_bounds(program: Program) -> tuple[Floats, Floats]:
    """(m,) lower and upper bound of every row's activity."""
    low = np.where(program.sense == Sense.AT_MOST, -np.inf, program.limit)
    return low, np.where(program.sense == Sense.AT_LEAST, np.inf, program.limit)


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
        self.values: Floats | None = None
        self.model: highspy.Highs | None = None

    def solve(self, program: Program, limits: Limits | None = None) -> Answer:
        """The answer to one programme."""
        limits = limits or self.limits
        if limits.solver != "highs" or not len(program.cost) or contradiction(program):
            return solve(program, limits)
        if self.last is None or not same_shape(self.last, program):
            self.start(program)
        else:
            self.change(program)
        assert self.model is not None
        assert self.factors is not None
        whole = not program.linear
        configure(self.model, highs_options(limits, whole=whole) | (NO_RESTART if whole else {}))
        if limits.seconds is not None:  # HiGHS counts from the first run of the object
            self.model.setOptionValue("time_limit", self.model.getRunTime() + limits.seconds)
        if whole and self.values is not None:
            self.model.setSolution(len(self.values), np.arange(len(self.values), dtype=np.int32), self.values)
        run(self.model)
        if whole and self.stale():
            self.model.clearSolver()
            run(self.model)
        return self.answer(whole)

    def stale(self) -> bool:
        """HiGHS 1.16 may report a new objective and hand back the start it was given as the solution."""
        assert self.model is not None
        assert self.last is not None
        told = self.model.getInfo().objective_function_value
        values = np.array(self.model.getSolution().col_value)
        if not np.isfinite(told) or len(values) != len(self.last.cost):
            return False
        return bool(abs(told + self.last.cost @ values) > STALE * max(1.0, abs(told)))

    def start(self, program: Program) -> None:
        """Hand the whole programme over."""
        model, *self.factors = scaled(program)  # type: ignore[assignment]
        self.last, self.values, self.model = model, None, Silent()  # type: ignore[no-untyped-call]
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(model.cost), len(model.limit)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = -model.cost, model.lower, model.upper
        lp.row_lower_, lp.row_upper_ = row_bounds(model)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = model.start, model.index, model.value
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        if not model.linear:
            lp.integrality_ = [kinds[int(whole)] for whole in model.integer]
        if self.model.passModel(lp) != highspy.HighsStatus.kOk:
            raise SolverError("the solver did not take the model as it is")

    def change(self, program: Program) -> None:
        """Change in place what differs from the last programme."""
        assert self.last is not None
        assert self.model is not None
        assert self.factors is not None
        rows, columns, money = self.factors
        new, old, model = rescaled(program, rows, columns, money), self.last, self.model
        changed = np.flatnonzero(new.cost != old.cost).astype(np.int32)
        if len(changed):
            model.changeColsCost(len(changed), changed, -new.cost[changed])
        changed = np.flatnonzero((new.lower != old.lower) | (new.upper != old.upper)).astype(np.int32)
        if len(changed):
            model.changeColsBounds(len(changed), changed, new.lower[changed], new.upper[changed])
        changed = np.flatnonzero(new.limit != old.limit).astype(np.int32)
        if len(changed):
            low, high = row_bounds(new)
            model.changeRowsBounds(  # type: ignore[attr-defined]
                len(changed), changed, low[changed], high[changed]
            )
        row = new.row_of_entry()
        for e in np.flatnonzero(new.value != old.value).tolist():
            model.changeCoeff(int(row[e]), int(new.index[e]), float(new.value[e]))
        self.last = new

    def answer(self, whole: bool) -> Answer:
        """What HiGHS found, in the units of the programme."""
        assert self.model is not None
        assert self.factors is not None
        rows, columns, money = self.factors
        status, info = self.model.getModelStatus(), self.model.getInfo()
        termination = HIGHS_STATUSES.get(status)
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
