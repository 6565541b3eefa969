"""The certificate's own rows, solved: optimum and shares, as a relaxation also prices.

With these the certificate can be tested to the last digit without the product's formulation or solver.
"""

from dataclasses import dataclass
from math import inf
from typing import Any

import highspy
import numpy as np
from programme import Programme

from landalloc.models.scenario import Scenario
from landalloc.optimizer.candidates import Candidates
from landalloc.optimizer.certificate.basis import Basis, build
from landalloc.optimizer.certificate.ledger import Best, Rows
from landalloc.optimizer.certificate.rows import write_rows


@dataclass
class Relaxed:
    optimum: float
    shares: Any
    prices: dict[str, float]


def relaxed(scenario: Scenario, candidates: Candidates, tier_values: tuple[float, ...] = ()) -> Relaxed | None:
    """The optimum of the relaxation with its prices, or None where even that has no plan."""
    solved = _solve(scenario, candidates, tier_values, whole=False)
    if solved is None:
        return None
    optimum, shares, rows, gains = solved
    prices = dict(zip(rows.names, np.where(rows.senses < 0, -gains, gains).tolist(), strict=True))
    return Relaxed(optimum, shares, prices)


def optimum(scenario: Scenario, candidates: Candidates, tier_values: tuple[float, ...] = ()) -> float | None:
    """The optimum with whole projects whole, or None where there is no plan."""
    solved = _solve(scenario, candidates, tier_values, whole=True)
    return None if solved is None else solved[0]


def _solve(
    scenario: Scenario, candidates: Candidates, tier_values: tuple[float, ...], *, whole: bool
) -> tuple[float, Any, Rows, Any] | None:
    """Optimum, shares, rows and what each row's limit is worth (a relaxation's only)."""
    basis = build(scenario, candidates)
    rows = write_rows(basis, tier_values)
    lp = Programme()
    own = _projects(lp, basis)
    first = len(lp.rows)
    _rows(lp, basis, rows, own)
    if whole:
        _make_whole(lp, basis, own)
    else:
        lp.whole.clear()
    solver = lp.solve()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    solution = solver.getSolution()
    gains = np.array(solution.row_dual[first : first + len(rows.names)])
    shares = np.array([solution.col_value[x] for x, _ in own])
    return solver.getInfo().objective_function_value, shares, rows, gains


def _make_whole(lp: Programme, basis: Basis, own: list[tuple[int, int]]) -> None:
    """b is 0 or 1, committed shares too, and units come whole."""
    units = basis.candidates.column("units")[basis.candidates.project]
    for option, (x, b) in enumerate(own):
        if b != x or basis.committed[option]:
            lp.whole.add(b)
        if units[option] and not basis.committed[option]:
            taken = lp.column(0.0, float(units[option]))
            lp.whole.add(taken)
            lp.row(0.0, 0.0, {x: float(units[option]), taken: -1.0})


def _projects(lp: Programme, basis: Basis) -> list[tuple[int, int]]:
    """Columns x and b of every option with the projects' own rows; b is x where the model has none."""
    own = []
    for option, points in enumerate(basis.points):
        top = 1.0 if basis.admissible[option] else 0.0
        x = lp.column(0.0, top, float(points))
        least = basis.least[option]
        if least > 0 and not basis.committed[option]:
            b = lp.column(0.0, 1.0)
            lp.row(0.0, inf, {x: 1.0, b: -float(least)})
            lp.row(-inf, 0.0, {x: 1.0, b: -1.0})
        else:
            b = x
        own.append((x, b))
    committed = basis.candidates.column("committed")
    for project in range(len(basis.candidates)):
        presence = {own[o][1]: 1.0 for o in np.flatnonzero(basis.candidates.project == project)}
        lp.row(1.0 if committed[project] else -inf, 1.0, presence)
    return own


def _rows(lp: Programme, basis: Basis, rows: Rows, own: list[tuple[int, int]]) -> None:
    terms: list[dict[int, float]] = [{} for _ in rows.names]
    entries = [(0, *entry) for entry in rows.on_share] + [(1, *entry) for entry in rows.on_presence]
    for which, row, options, values in entries:
        for option, value in zip(options, values, strict=True):
            column = own[option][which]
            terms[row][column] = terms[row].get(column, 0.0) + float(value)
    for helper in rows.helpers:
        column = lp.column(0.0, helper.top, helper.gain)
        if helper.best is Best.PRESENT:
            lp.whole.add(column)
        for row in helper.members:
            terms[row][column] = helper.sign
        if helper.other is not None:
            terms[helper.other][column] = helper.back
    for low, high in rows.moves:
        column = lp.column(0.0, inf)
        terms[low][column], terms[high][column] = -1.0, 1.0
    for row, cost in enumerate(rows.costs):
        if np.isfinite(cost):
            terms[row][lp.column(0.0, inf, -float(cost))] = 1.0
            terms[row][lp.column(0.0, inf, -float(cost))] = -1.0
        sense, limit = rows.senses[row], float(rows.limits[row])
        lp.row(-inf if sense > 0 else limit, inf if sense < 0 else limit, terms[row])
