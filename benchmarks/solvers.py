"""landalloc, HiGHS and PuLP, as tools for `tool.py`."""

from __future__ import annotations

import highspy
import numpy as np
import pulp
from task import Outcome, Task, bounds

from landalloc.optimizer.core import SIZES, by_core, priced_answer
from landalloc.optimizer.solve import Clock, Limits, Silent, solve, to_pulp
from landalloc.optimizer.whole import best_plan, by_parts


def core(task: Task) -> Outcome:
    """`solve_large`: prices, core, certificate; not the one answer among ties."""
    with task.phase("solve"):
        answer = priced_answer(task.program, Clock(Limits()), SIZES)
        certified = answer is not None
        answer = answer or solve(task.program, Limits())
    return Outcome(answer.termination.value, answer.values, note="" if certified else "not certified: solved whole")


def one(task: Task) -> Outcome:
    """What `landalloc solve` does with a programme: by its size, then the one answer among ties, plan and prices."""
    limits = Limits() if task.program.linear else Limits(seconds=task.seconds, gap=0.0)
    whole = not (by_core if task.program.linear else by_parts)(task.program, limits)
    with task.phase("solve"):
        found = best_plan(task.program, limits)
    note = "by the solver alone, as `auto` chooses" if whole else ""
    if found is None:
        return Outcome("infeasible", note=note)
    return Outcome(found.termination.value, found.values, found.bound, note)


def highs(task: Task) -> Outcome:
    """highspy, arrays as they are."""
    program = task.program
    with task.phase("build"):
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(program.cost), len(program.limit)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = -program.cost, program.lower, program.upper
        lp.row_lower_, lp.row_upper_ = bounds(program)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = program.start, program.index, program.value
        if not program.linear:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[int(whole)] for whole in program.integer]
    with task.phase("hand over"):
        solver = Silent()
        for option, value in task.highs().items():
            solver.setOptionValue(option, value)
        solver.passModel(lp)
    with task.phase("solve"):
        solver.run()
    with task.phase("read back"):
        values = np.array(solver.getSolution().col_value)
        status = solver.modelStatusToString(solver.getModelStatus())
    return Outcome(status, values, None if program.linear else -solver.getInfo().mip_dual_bound)


def by_pulp(task: Task) -> Outcome:
    """PuLP with the solver that it picks by itself, or with HiGHS as PuLP sets it; one thread."""
    program = task.program
    with task.phase("build"):
        columns, rows = [f"c{j}" for j in range(len(program.cost))], [f"r{i}" for i in range(len(program.limit))]
        problem = to_pulp(program, columns, rows)
    solver = pulp.HiGHS(threads=1) if task.algorithm == "highs" else pulp.LpSolverDefault
    solver.msg = False
    if not program.linear:
        solver.timeLimit = task.seconds
    if isinstance(solver, pulp.HiGHS):
        with task.phase("hand over"):
            solver.createAndConfigureSolver(problem)
            solver.buildSolverModel(problem)
        with task.phase("solve"):
            solver.callSolver(problem)
        with task.phase("read back"):
            status, _ = solver.findSolutionValues(problem)
        best = solver.findBestBound(problem)
    else:
        with task.phase("solve"):
            stats = problem.solve(solver)
        status, best = stats.status, stats.best_bound
    with task.phase("read back"):
        values = np.array([v.varValue or 0.0 for v in problem.variables()])
    return Outcome(status.name, values, None if best is None else -best, f"solver: {solver.name}")
