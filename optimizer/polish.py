"""From a solver's eight or nine digits to all of them: the same vertex, solved again on its active rows."""

from __future__ import annotations

import numpy as np

from .candidates import Bools, Floats, Ints
from .program import Program, Sense

NEAR = 1e-7
"""How near a column is to its bound, or a row to its limit, to be taken as there (relative to its range or limit)."""
EXACT = 1e-13
LARGEST = 1500
"""Beyond this many rows or columns of the dense system the solver's own digits must do."""


def column_sizes(program: Program) -> Floats:
    """(n,) how much of a column is one: a share, and of a helper what a share of middling size has in its row.

    A helper is an amount in some unit; of this size it counts like a share, so that no unit matters. Middling is the
    geometric mean of the largest and the smallest, as in `solve.scale_factors`.
    """
    sizes = np.ones(len(program.cost))
    helper = np.zeros(len(sizes), dtype=bool)
    helper[list(program.layout.helpers.values())] = True
    entries = np.flatnonzero(helper[program.index])
    entries = entries[program.value[entries] != 0]
    if not len(entries):
        return sizes
    rows, row = np.unique(np.searchsorted(program.start, entries, side="right") - 1, return_inverse=True)
    middling = np.ones(len(rows))
    for k, i in enumerate(rows.tolist()):
        at = slice(program.start[i], program.start[i + 1])
        size = np.abs(program.value[at][~helper[program.index[at]] & (program.value[at] != 0)])
        if len(size):
            middling[k] = np.sqrt(size.max() * size.min())
    column = program.index[entries]
    sizes[column] = np.inf
    np.minimum.at(sizes, column, middling[row] / np.abs(program.value[entries]))
    return sizes


def interior(program: Program, values: Floats) -> tuple[Bools, Bools, Bools]:
    """(n,) columns strictly between their bounds, at the lower, at the upper; fixed columns are none of these."""
    near = NEAR * ranges(program, values)
    open_ = program.lower < program.upper
    low = open_ & (values <= program.lower + near)
    high = open_ & ~low & (values >= program.upper - near)
    return open_ & ~low & ~high, low, high


def ranges(program: Program, values: Floats) -> Floats:
    """(n,) how large a column may well be: its bound, or where it has none what its rows have to give, in its unit."""
    result = np.where(np.isfinite(program.upper), np.maximum(1.0, np.abs(program.upper)), np.abs(values))
    endless = ~np.isfinite(program.upper)
    if endless.any():
        here = endless[program.index]
        gives = row_sizes(program, values)[program.row_of_entry()[here]] / np.abs(program.value[here])
        np.maximum.at(result, program.index[here], gives)
    return result


def dense(program: Program, rows: Ints, columns: Ints) -> Floats:
    """The matrix of some rows and columns."""
    row_at = np.full(len(program.limit), -1, dtype=np.intp)
    row_at[rows] = np.arange(len(rows))
    column_at = np.full(len(program.cost), -1, dtype=np.intp)
    column_at[columns] = np.arange(len(columns))
    i, j = row_at[program.row_of_entry()], column_at[program.index]
    kept = (i >= 0) & (j >= 0)
    matrix = np.zeros((len(rows), len(columns)))
    matrix[i[kept], j[kept]] = program.value[kept]
    return matrix


def correction(matrix: Floats, residual: Floats) -> Floats:
    """The smallest change that removes the residual, rows brought to the same size first."""
    size = np.abs(matrix).max(axis=1, initial=0.0)
    size[size == 0] = 1.0
    change: Floats = np.linalg.lstsq(matrix / size[:, None], residual / size, rcond=1e-11)[0]
    return change


def row_sizes(program: Program, values: Floats) -> Floats:
    """(m,) what a row's slack is measured by, whatever its unit: its limit, or its terms where they are more."""
    terms = np.abs(program.value * values[program.index])
    gross = np.bincount(program.row_of_entry(), weights=terms, minlength=len(program.limit))
    return np.maximum(np.abs(program.limit), gross)


def polish_values(program: Program, values: Floats) -> Floats:
    """Columns at their bounds exactly, active rows met to the last digits."""
    inside, low, high = interior(program, values)
    values = np.where(low, program.lower, np.where(high, program.upper, values))
    residual = program.limit - program.activity(values)
    scale = row_sizes(program, values)
    has_inside = np.bincount(program.row_of_entry()[inside[program.index]], minlength=len(residual)) > 0
    active = has_inside & ((program.sense == Sense.EQUAL) | (np.abs(residual) <= NEAR * scale))
    rows, columns = np.flatnonzero(active), np.flatnonzero(inside)
    if not len(rows) or (np.abs(residual[rows]) <= EXACT * scale[rows]).all() or len(rows) + len(columns) > LARGEST:
        return values
    polished = values.copy()
    polished[columns] += correction(dense(program, rows, columns), residual[rows])
    worse = (np.abs(polished - values) > 1e3 * NEAR * ranges(program, values)).any()
    return values if worse else np.clip(polished, program.lower, program.upper)


def polish_duals(program: Program, values: Floats, duals: Floats) -> Floats:
    """Reduced costs of the columns between their bounds, and of those tied at a bound, zero to the last digits."""
    inside, low, high = interior(program, values)
    residual = program.cost - program.charge(duals)
    largest, sizes = max(1e-300, float(np.abs(program.cost).max(initial=0.0))), column_sizes(program)
    tied = inside | ((low | high) & (np.abs(residual) * sizes <= NEAR * largest))
    for chosen in (tied, inside):  # a small reduced cost may be real: then only what must be zero is made so
        better = without_residual(program, duals, residual, chosen, largest)
        if better is not None:
            return better
    return duals


def without_residual(program: Program, duals: Floats, residual: Floats, tied: Bools, largest: float) -> Floats | None:
    """Duals near these that leave the tied columns no reduced cost; None where there are none near enough."""
    held, columns = np.flatnonzero(duals != 0), np.flatnonzero(tied)
    if not len(held) or (np.abs(residual[columns]) <= EXACT * largest).all():
        return duals
    if len(held) + len(columns) > LARGEST:
        return None
    matrix = dense(program, held, columns)
    height = np.abs(matrix).max(axis=1, initial=0.0)
    height[height == 0] = 1.0
    change = correction((matrix / height[:, None]).T, residual[columns]) / height
    left = residual[columns] - matrix.T @ change
    if np.abs(left).max() > 10 * EXACT * largest or np.abs(change * height).max() > 1e3 * NEAR * largest:
        return None
    polished = duals.copy()
    polished[held] += change
    return polished
