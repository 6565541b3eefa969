"""Program -> the solver's answer. PuLP is the gateway to every solver; duals get their signs here, once.

Everything is handed over as a minimisation (some of PuLP's solvers lose the sense of duals otherwise), with rows and
columns scaled by powers of two so that no coefficient is lost, and comes back in the units of the programme.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pulp

from .candidates import Floats
from .program import Program, Sense

FEASIBILITY = 1e-9
"""Tolerance asked of the solver, on scaled rows."""
PATIENCE = 60.0
"""Seconds for whole projects where nothing else is asked for."""
DEPENDENT_ROWS = 1 << 10
"""HiGHS's presolve step that looks for dependent equations: on an optimal face of 5,000 it took 43 s of 44."""
LOUDER = 4096.0
"""Costs are this much larger for any solver but HiGHS: CBC keeps a dual tolerance of 1e-6 whatever it is told."""
LOST = 1e-9
"""HiGHS drops smaller coefficients with only a warning."""


class Termination(StrEnum):
    """Why the solver stopped; whether there is a plan is another question (`Answer.values`)."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    LIMIT = "limit"


STATUSES = {
    pulp.constants.LpSolveStatus.Optimal: Termination.OPTIMAL,
    pulp.constants.LpSolveStatus.GapLimit: Termination.OPTIMAL,
    pulp.constants.LpSolveStatus.Infeasible: Termination.INFEASIBLE,
    pulp.constants.LpSolveStatus.TimeLimit: Termination.LIMIT,
    pulp.constants.LpSolveStatus.IterationLimit: Termination.LIMIT,
    pulp.constants.LpSolveStatus.Interrupted: Termination.LIMIT,
    pulp.constants.LpSolveStatus.Stopped: Termination.LIMIT,
}
"""PuLP's words in ours; any other is either unclear or a fault."""


class Method(StrEnum):
    """How a linear programme is solved; the answer is the same. See `core`."""

    AUTO = "auto"
    """by its size"""
    WHOLE = "whole"
    """all of it by the solver"""
    CORE = "core"
    """prices, and what they leave contested by the solver"""


@dataclass(frozen=True)
class Limits:
    """How to solve and when to stop: seconds for all solves together, and the relative gap for whole projects.

    No seconds means 60 where projects are whole, and as long as it takes where all is linear.
    """

    solver: str = "highs"
    seconds: float | None = None
    gap: float = 1e-4
    method: Method = Method.AUTO
    nodes: int | None = None
    """of the tree of one programme with whole columns, at most: effort that no clock measures"""


@dataclass(frozen=True, eq=False)
class Answer:
    """What the solver says of one programme (a maximisation)."""

    termination: Termination
    values: Floats | None
    """(n,) the columns; None if there is no solution"""
    duals: Floats | None
    """(m,) d objective / d limit of every row; None for whole projects"""
    bound: float
    """no solution is better, by the solver's word; inf if it says nothing"""


class SolverError(Exception):
    """A solver that is not there, or did what it must not: a defect or an installation, never the user's scenario."""


class FiguresApart(SolverError):
    """The scenario's figures are too far apart for sixteen digits: what cannot be kept to is not told as a plan."""


class Silent(highspy.Highs):
    """HiGHS without its banner, which the constructor would print before anybody could forbid it."""

    def enableCallbacks(self) -> None:  # noqa: N802 (the name is HiGHS's; the constructor ends with this call)
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def run(model: highspy.Highs) -> None:
    """Run HiGHS; again if somebody else in this process has made it use another number of threads."""
    if model.run() == highspy.HighsStatus.kError:
        highspy.Highs.resetGlobalScheduler(True)
        model.run()


class SilentHiGHS(pulp.HiGHS):
    """PuLP's HiGHS with a silent solver object and HiGHS's own options."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__(msg=False)
        self.settings = options

    def createAndConfigureSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (the name is PuLP's)
        lp.solverModel = Silent()  # type: ignore[no-untyped-call]
        configure(lp.solverModel, self.settings)

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (the name is PuLP's)
        assert lp.solverModel is not None
        run(lp.solverModel)


def configure(model: highspy.Highs, options: Mapping[str, Any]) -> None:
    """Set options; one that is refused would silently solve another problem."""
    for name, value in options.items():
        if model.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise SolverError(f"the solver refuses the option {name} = {value}")


def solvers() -> dict[str, str]:
    """The solvers that can be used here: the name for `--solver` -> PuLP's name."""
    names = {"HiGHS": "highs", "COIN_CMD": "cbc"}
    return {names.get(n, n.lower().removesuffix("_cmd")): n for n in sorted(pulp.listSolvers(onlyAvailable=True))}


def version(solver: str) -> str:
    """The version of a solver where it tells, else that of the gateway."""
    if solver == "highs":
        return str(Silent().version())  # type: ignore[no-untyped-call]
    return f"PuLP {pulp.__version__}"


def power_of_two(x: Floats) -> Floats:
    """The power of two nearest to each positive number; 1 for others."""
    good = np.isfinite(x) & (x > 0)
    return np.where(good, np.exp2(np.round(np.log2(np.where(good, x, 1.0)))), 1.0)


def scale_factors(program: Program) -> tuple[Floats, Floats]:
    """(rows, columns): factors that bring the coefficients near 1. Shares and whole columns keep their unit.

    Rows by the geometric mean of their largest and smallest entry, then the helper columns by that of theirs.
    """
    m, n = len(program.limit), len(program.cost)
    row, size = program.row_of_entry(), np.abs(program.value)
    largest, smallest = np.zeros(m), np.full(m, np.inf)
    np.maximum.at(largest, row, size)
    np.minimum.at(smallest, row, size)
    smallest[largest == 0] = 0.0  # nothing in it
    rows = 1.0 / power_of_two(np.sqrt(largest * smallest))
    helper = np.zeros(n, dtype=bool)
    helper[list(program.layout.helpers.values())] = True
    helper &= ~program.integer
    high, low = np.zeros(n), np.full(n, np.inf)
    np.maximum.at(high, program.index, size * rows[row])
    np.minimum.at(low, program.index, size * rows[row])
    low[high == 0] = 0.0
    columns = np.where(helper, 1.0 / power_of_two(np.sqrt(high * low)), 1.0)
    return rows, columns


def scaled(program: Program, solver: str = "highs") -> tuple[Program, Floats, Floats, float]:
    """The programme in the solver's units, with the factors of rows, columns and objective."""
    rows, columns = scale_factors(program)
    worth = np.abs(program.cost * columns)
    shares = worth[program.layout.share]
    worth = shares if shares.any() else worth  # a soft rule that costs a million times as much must not drown them
    money = float(1.0 / power_of_two(np.array([worth.max()]))[0]) if worth.any() else 1.0
    money *= 1.0 if solver == "highs" else LOUDER
    return rescaled(program, rows, columns, money), rows, columns, money


def rescaled(program: Program, rows: Floats, columns: Floats, money: float) -> Program:
    """The programme with given factors of rows, columns and objective."""
    return replace(
        program,
        cost=program.cost * columns * money,
        lower=program.lower / columns,
        upper=program.upper / columns,
        value=program.value * rows[program.row_of_entry()] * columns[program.index],
        limit=program.limit * rows,
    )


def refuse_lost(model: Program) -> None:
    """Raises FiguresApart if the solver would drop a coefficient of a scaled programme."""
    if len(model.value) and np.abs(model.value).min() <= LOST:
        raise FiguresApart("coefficients too far apart: the solver would drop the smallest")


def to_pulp(program: Program, column_names: Sequence[str], row_names: Sequence[str]) -> pulp.LpProblem:
    """The programme as PuLP's, to be minimised. Names must be unique, PuLP does not look."""
    problem = pulp.LpProblem("landalloc", pulp.LpMinimize)
    variables = [
        problem.add_variable(
            name,
            None if np.isinf(low) else low,
            None if np.isinf(high) else high,
            "Integer" if whole else "Continuous",
        )
        for name, low, high, whole in zip(
            column_names,
            program.lower.tolist(),
            program.upper.tolist(),
            program.integer.tolist(),
            strict=True,
        )
    ]
    problem.setObjective(pulp.lpSum_vars_coefs(zip(variables, (-program.cost).tolist(), strict=True)))
    senses = {
        Sense.AT_MOST: pulp.LpConstraintLE,
        Sense.EQUAL: pulp.LpConstraintEQ,
        Sense.AT_LEAST: pulp.LpConstraintGE,
    }
    index, value = program.index.tolist(), program.value.tolist()
    start, limit, sense = program.start.tolist(), program.limit.tolist(), program.sense.tolist()
    for i, name in enumerate(row_names):
        if start[i] == start[i + 1] or not np.isfinite(limit[i]):
            continue  # nothing in it (`contradiction` has looked at its limit), or open
        terms = zip(
            map(variables.__getitem__, index[start[i] : start[i + 1]]),
            value[start[i] : start[i + 1]],
            strict=True,
        )
        row = pulp.lpSum_vars_coefs(terms)
        row.constant = -limit[i]
        row.sense = senses[Sense(sense[i])]
        problem.addConstraint(row, name)
    return problem


def contradiction(program: Program) -> bool:
    """Whether a row without any column cannot hold: 0 ≥ 2."""
    empty = np.diff(program.start) == 0
    wrong = np.where(program.sense == Sense.AT_MOST, program.limit < 0, program.limit > 0)
    wrong |= (program.sense == Sense.EQUAL) & (program.limit != 0)
    return bool((wrong & empty).any())


def highs_options(limits: Limits, *, whole: bool, presolve: bool = True) -> dict[str, Any]:
    """HiGHS's own options for these limits; one thread, so that every run is the same."""
    options: dict[str, Any] = {
        "threads": 1,
        "presolve_rule_off": DEPENDENT_ROWS,
        "primal_feasibility_tolerance": FEASIBILITY,
        "dual_feasibility_tolerance": FEASIBILITY,
    }
    if limits.seconds is not None:
        options["time_limit"] = float(limits.seconds)
    if whole:
        options |= {"mip_rel_gap": limits.gap, "mip_abs_gap": FEASIBILITY, "mip_feasibility_tolerance": FEASIBILITY}
        options |= {"mip_max_nodes": limits.nodes} if limits.nodes is not None else {}
    return options if presolve else options | {"presolve": "off"}


def engine(limits: Limits, whole: bool, presolve: bool) -> Any:
    """The PuLP solver object for these limits."""
    available = solvers()
    if limits.solver not in available:
        raise SolverError(f"solver {limits.solver!r} is not installed; there is: {', '.join(available)}")
    name = available[limits.solver]
    if name == "HiGHS":
        return SilentHiGHS(highs_options(limits, whole=whole, presolve=presolve))
    options: dict[str, Any] = {"msg": False, "timeLimit": limits.seconds}
    if whole:
        options["gapRel"] = limits.gap
    if name == "COIN_CMD":
        options |= {"options": ["primalT 1e-9", "dualT 1e-9"]}
        options |= {"gapAbs": 0.0} if whole else {}
    return pulp.getSolver(name, **options)


def solve(program: Program, limits: Limits, *, presolve: bool = True) -> Answer:
    """Solve one programme.

    Raises SolverError for a solver that is not installed, fails, or would lose a coefficient.
    """
    if contradiction(program):
        return Answer(Termination.INFEASIBLE, None, None, -np.inf)
    if not len(program.cost):
        return Answer(Termination.OPTIMAL, np.zeros(0), np.zeros(len(program.limit)), 0.0)
    model, rows, columns, money = scaled(program, limits.solver)
    refuse_lost(model)
    names = [f"r{i}" for i in range(len(program.limit))]
    problem = to_pulp(model, [f"c{j}" for j in range(len(program.cost))], names)
    whole = not program.linear
    try:
        stats = problem.solve(engine(limits, whole, presolve))
    except pulp.PulpSolverError as error:
        raise SolverError(str(error)) from error
    termination = STATUSES.get(stats.status)
    if termination is None:
        # "infeasible or unbounded": every programme of ours is bounded, but let the solver say so itself
        if presolve:
            return solve(program, limits, presolve=False)
        raise SolverError(f"{limits.solver} stopped with status {stats.status}")
    if not stats.has_solution:
        bound = -np.inf if termination is Termination.INFEASIBLE else np.inf
        return Answer(termination, None, None, bound)
    values = np.array([v.varValue or 0.0 for v in problem.variables()]) * columns
    bound = np.inf if stats.best_bound is None else -stats.best_bound / money
    if whole:
        if stats.best_bound is None and termination is Termination.OPTIMAL:
            reached = float(program.cost @ values)
            bound = reached + limits.gap * abs(reached)
        return Answer(termination, values, None, bound)
    return Answer(termination, values, row_duals(problem, len(names)) * rows / money, bound)


def row_duals(problem: pulp.LpProblem, m: int) -> Floats:
    """(m,) duals of the maximisation; 0 for a row that was not handed over."""
    duals = np.zeros(m)
    for constraint in problem.constraints():
        duals[int(constraint.name[1:])] = -(constraint.pi or 0.0)
    return duals


def write_model(program: Program, path: Path) -> None:
    """Write the programme as it stands, unscaled, readable names: .lp or .mps (as a minimisation of −score)."""
    columns, rows = unique(program.column_names), unique(program.row_names)
    problem = to_pulp(program, columns, rows)
    if path.suffix == ".mps":
        problem.writeMPS(str(path))
    else:
        problem.writeLP(str(path))


def unique(names: Iterable[str]) -> list[str]:
    """Names that every format can hold, still readable and all different."""
    taken: set[str] = set()
    result = []
    for name in names:
        plain = "".join(c if c.isascii() and (c.isalnum() or c in "_.") else "_" for c in name)[:80] or "_"
        candidate, count = plain if plain[0].isalpha() else f"n{plain}", 1
        while candidate in taken:
            count += 1
            candidate = f"{plain}_{count}" if plain[0].isalpha() else f"n{plain}_{count}"
        taken.add(candidate)
        result.append(candidate)
    return result


class Clock:
    """Seconds left of a limit that several solves share."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.start = time.monotonic()

    def left(self, program: Program, gap: float | None = None) -> Limits:
        """The limits for the next solve, at least a second."""
        seconds = self.limits.seconds
        if seconds is None and not program.linear:
            seconds = PATIENCE
        if seconds is not None:
            seconds = max(1.0, self.start + seconds - time.monotonic())
        return replace(self.limits, seconds=seconds, gap=self.limits.gap if gap is None else gap)
