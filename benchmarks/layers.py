"""The field's modelling layers, as tools for `tool.py`; each is imported where it is used.

OR-Tools brings a HiGHS of its own, which breaks in a process that has loaded PuLP: nothing here imports it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from task import Outcome, Task, bounds

from landalloc.optimizer.program import Sense

EMPTY = {(int(sense), 0) for sense in Sense}
"""rows without a column, which linopy refuses"""


def by_linopy(task: Task) -> Outcome:
    """linopy: rows of one length at a time, handed to HiGHS without a file (`io_api="direct"`)."""
    import linopy
    import xarray as xr
    from linopy.solvers import Solver

    program = task.program
    with task.phase("build"):
        model = linopy.Model()
        k = np.arange(len(program.cost))
        integer = {} if program.linear else {"binary": True}
        edges = {} if integer else {"lower": xr.DataArray(program.lower, {"k": k}), "upper": program.upper}
        x = model.add_variables(coords={"k": k}, name="x", **edges, **integer)
        labels, counts = x.labels.values, np.diff(program.start)
        for sense, count in sorted({*zip(program.sense.tolist(), counts.tolist(), strict=True)} - EMPTY):
            rows = np.flatnonzero((program.sense == sense) & (counts == count))
            entries = program.start[rows][:, None] + np.arange(count)
            shape, at = ("row", "_term"), {"row": rows}
            terms = {"coeffs": (shape, program.value[entries]), "vars": (shape, labels[program.index[entries]])}
            left = linopy.LinearExpression(xr.Dataset(terms, at), model)
            sign = {Sense.AT_MOST: "<=", Sense.EQUAL: "=", Sense.AT_LEAST: ">="}[Sense(sense)]
            model.add_constraints(left, sign, xr.DataArray(program.limit[rows], at), name=f"rows{count}{sign}")
        model.add_objective((-program.cost * x).sum())
    with task.phase("hand over"):
        options = task.highs() | {"output_flag": False}
        solver = Solver.from_name("highs", model=model, io_api="direct", options=options, set_names=False)
    with task.phase("solve"):
        result = solver.solve()
    with task.phase("read back"):
        _, status = model.assign_result(result, solver)
        values = x.solution.values if "solution" in x.data else None
    bound = None if program.linear else -solver.solver_model.getInfo().mip_dual_bound
    return Outcome(status, values, bound)


def by_cvxpy(task: Task) -> Outcome:
    """CVXPY: one sparse matrix for each sense; its HiGHS interface hands over within solve."""
    import cvxpy as cp

    program = task.program
    with task.phase("build"):
        matrix = csr_matrix(
            (program.value, program.index, program.start), shape=(len(program.limit), len(program.cost))
        )
        kind: dict[str, Any] = {"bounds": [program.lower, program.upper]} if program.linear else {"boolean": True}
        x = cp.Variable(len(program.cost), **kind)
        parts = ((s, np.flatnonzero(program.sense == s)) for s in Sense)
        held = [(s, matrix[rows] @ x, program.limit[rows]) for s, rows in parts if len(rows)]
        rows = [a <= b if s is Sense.AT_MOST else a >= b if s is Sense.AT_LEAST else a == b for s, a, b in held]
        problem = cp.Problem(cp.Minimize(-program.cost @ x), rows)
    with task.phase("hand over"):
        data, chain, inverse = problem.get_problem_data(cp.HIGHS)
    with task.phase("solve"):
        solution = chain.solve_via_data(problem, data, solver_opts=task.highs())
    with task.phase("read back"):
        try:
            problem.unpack_results(solution, chain, inverse)
        except cp.SolverError:
            return Outcome("solver error")
        values = x.value
    return Outcome(str(problem.status), values)


def by_pyomo(task: Task) -> Outcome:
    """Pyomo through its persistent interface to HiGHS, told that nothing changes between hand-over and solve."""
    import pyomo.environ as pyo
    from pyomo.contrib.appsi.solvers import Highs
    from pyomo.core.expr.numeric_expr import LinearExpression

    program = task.program
    with task.phase("build"):
        model = pyo.ConcreteModel()
        edges = list(zip(program.lower.tolist(), program.upper.tolist(), strict=True))
        domain = pyo.Reals if program.linear else pyo.Binary
        model.x = pyo.Var(range(len(edges)), bounds=lambda _, j: edges[j], within=domain)
        x = list(model.x.values())
        index, value, start = program.index.tolist(), program.value.tolist(), program.start.tolist()
        low, high = (edge.tolist() for edge in bounds(program))

        def row(_: Any, i: int) -> Any:
            at = slice(start[i], start[i + 1])
            terms = [x[j] for j in index[at]]
            left = LinearExpression(constant=0, linear_coefs=value[at], linear_vars=terms)
            return (low[i] if low[i] > -np.inf else None, left, high[i] if high[i] < np.inf else None)

        model.rows = pyo.Constraint(range(len(low)), rule=row)
        total = LinearExpression(constant=0, linear_coefs=(-program.cost).tolist(), linear_vars=x)
        model.objective = pyo.Objective(expr=total)
    with task.phase("hand over"):
        solver = Highs()
        solver.config.load_solution = False
        for what in ("new_or_removed_constraints", "new_or_removed_vars", "new_or_removed_params", "new_objective"):
            setattr(solver.update_config, f"check_for_{what}", False)
        for what in ("constraints", "vars", "params", "named_expressions", "objective"):
            setattr(solver.update_config, f"update_{what}", False)
        solver.highs_options = task.highs()
        solver.set_instance(model)
    with task.phase("solve"):
        result = solver.solve(model)
    values = None
    if result.best_feasible_objective is not None:
        with task.phase("read back"):
            solver.load_vars()
            values = np.array([v.value for v in x])
    bound = None if program.linear else -float(result.best_objective_bound)
    return Outcome(result.termination_condition.name, values, bound)


def by_ortools(task: Task) -> Outcome:
    """OR-Tools' model builder, filled from arrays; it hands over within solve."""
    from ortools.linear_solver.python.model_builder_helper import ModelBuilderHelper, ModelSolverHelper

    program = task.program
    with task.phase("build"):
        matrix = csr_matrix(
            (program.value, program.index, program.start), shape=(len(program.limit), len(program.cost))
        )
        model = ModelBuilderHelper()
        model.fill_model_from_sparse_data(program.lower, program.upper, -program.cost, *bounds(program), matrix)
        for j in np.flatnonzero(program.integer).tolist():
            model.set_var_integrality(j, True)
    with task.phase("solve"):
        solver = ModelSolverHelper(task.algorithm)
        if not program.linear:
            solver.set_time_limit_in_seconds(task.seconds)
        solver.solve(model)
    with task.phase("read back"):
        values = np.array(solver.variable_values()) if solver.has_solution() else None
    bound = None if program.linear or values is None else -solver.best_objective_bound()
    return Outcome(solver.status().name, values, bound)
