"""Index and ranks: what each project brings against what it takes, at the prices of the rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .candidates import Bools, Candidates, Floats, Ints
from .program import Program, Sense

DIGITS = 9
"""Index, value and charges are compared at so many significant digits: noise must not rank."""


@dataclass(frozen=True, eq=False)
class Charges:
    """What each row charges each option, in points per whole project: three columns of the same length.

    charge = price · net coefficient (x and b together), credits negative; only rows with a price.
    """

    option: Ints
    row: Ints
    points: Floats


@dataclass(frozen=True, eq=False)
class Ranking:
    """(n,) value, charges, credits and index of each project; nan for one that does not compete."""

    value: Floats
    charges: Floats
    credits: Floats
    index: Floats
    need: Floats
    """Σ need / supply over the supplies it draws on"""
    weight: Floats
    """(k,) how much each option counts for its project: its part of the share, or 1 for the best zone"""


def charge_options(program: Program, prices: Floats) -> Charges:
    """The charges of every option: Σ over its columns x and b of dual · coefficient, per whole project."""
    layout = program.layout
    duals = np.where(program.sense == Sense.AT_LEAST, -prices, prices)
    row = program.row_of_entry()
    priced = ~program.own[row] & (duals[row] != 0)
    row, column, points = (
        row[priced],
        program.index[priced],
        (program.value * duals[program.row_of_entry()])[priced],
    )
    sited = np.flatnonzero((layout.site >= 0) & (layout.site != layout.share))
    options = np.full(len(program.cost), -1, dtype=np.intp)
    whole = np.ones(len(program.cost))
    options[layout.share], whole[layout.share] = np.arange(len(layout.share)), 1.0 / layout.step
    options[layout.site[sited]] = sited
    held = options[column] >= 0
    option, row, points = options[column[held]], row[held], (points * whole[column])[held]
    keys, place = np.unique(option * len(program.limit) + row, return_inverse=True)
    return Charges(
        keys // max(1, len(program.limit)),
        keys % max(1, len(program.limit)),
        np.bincount(place, weights=points),
    )


def index_of(value: Floats, charges: Floats, credits_: Floats) -> Floats:
    """(max(value, 0) + credits) / (charges + max(−value, 0)); inf if only the upper part is there, 0/0 = 0."""
    above = np.maximum(value, 0.0) + credits_
    below = charges + np.maximum(-value, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = above / below
    return np.where(below > 0, ratio, np.where(above > 0, np.inf, 0.0))


def significant(x: Floats) -> Floats:
    """Numbers at the digits that are compared."""
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where((x != 0) & np.isfinite(x), np.floor(np.log10(np.abs(x))), 0.0)
    unit = 10.0 ** (size - DIGITS + 1)
    return np.where(np.isfinite(x), np.round(x / unit) * unit, x)


def sums(charges: Charges, k: int) -> tuple[Floats, Floats]:
    """(k,) positive charges and credits of every option."""
    paid = np.bincount(charges.option, weights=np.maximum(charges.points, 0.0), minlength=k)
    earned = np.bincount(charges.option, weights=np.maximum(-charges.points, 0.0), minlength=k)
    return paid, earned


def option_weights(candidates: Candidates, shares: Floats, order: Ints) -> Floats:
    """(k,) for a project in the plan its parts of the share; for one left out, 1 for its best option.

    `order` is the options from best to worst.
    """
    total = candidates.total(shares)[candidates.project]
    weights = np.divide(shares, total, out=np.zeros_like(shares), where=total > 0)
    left_out = order[total[order] == 0]
    _, first = np.unique(candidates.project[left_out], return_index=True)
    weights[left_out[first]] = 1.0
    return weights


def rank(
    candidates: Candidates,
    points: Floats,
    use: Floats,
    charges: Charges,
    shares: Floats,
    zone_rank: Ints,
    homeless: Bools,
) -> Ranking:
    """Index and its parts for every project: share-weighted over its zones, or at the best zone if left out.

    `points` and `use` (Σ need/supply) are (k,) per whole project; `zone_rank` (k,) breaks the last tie of zones; a
    `homeless` option is the best zone only where there is no other.
    Charges are net per row: a row that charges in one zone and pays in another is netted by the weights first.
    """
    k, n = len(candidates.project), len(candidates)
    paid, earned = sums(charges, k)
    at_option = index_of(points, paid, earned)
    order = np.lexsort((zone_rank, use, significant(paid), -significant(points), -significant(at_option), homeless))
    weights = option_weights(candidates, shares, order)
    project = candidates.project[charges.option]
    rows = int(charges.row.max(initial=0)) + 1
    keys, place = np.unique(project * rows + charges.row, return_inverse=True)
    net = np.bincount(place, weights=charges.points * weights[charges.option], minlength=len(keys))
    paid_by = np.bincount(keys // rows, weights=np.maximum(net, 0.0), minlength=n)
    earned_by = np.bincount(keys // rows, weights=np.maximum(-net, 0.0), minlength=n)
    value = candidates.total(points * weights)
    absent = np.bincount(candidates.project, minlength=n) == 0
    nothing = np.where(absent, np.nan, 0.0)
    return Ranking(
        value + nothing,
        paid_by + nothing,
        earned_by + nothing,
        index_of(value, paid_by, earned_by) + nothing,
        candidates.total(use * weights),
        weights,
    )


def ranks(ranking: Ranking, taken: Floats, eligible: Ints) -> Ints:
    """The eligible projects in order of rank.

    Admitted and partial first, then rejected, each by index, value, smaller charges, smaller Σ need/supply, id.
    `taken` is each project's share; projects are sorted by id already.
    """
    r = ranking
    keys = (
        eligible,
        significant(r.need)[eligible],
        significant(r.charges)[eligible],
        -significant(r.value)[eligible],
        -significant(r.index)[eligible],
        taken[eligible] <= 0,
    )
    return eligible[np.lexsort(keys)]


@dataclass(frozen=True, eq=False)
class ChargesBy:
    """What each row charges each project, the largest in size first: entries start[p]:start[p+1]; credits negative."""

    start: Ints
    row: Ints
    points: Floats

    def of(self, project: int) -> list[tuple[int, float]]:
        """(row, points) of one project."""
        entries = slice(self.start[project], self.start[project + 1])
        return list(zip(self.row[entries].tolist(), self.points[entries].tolist(), strict=True))


def charges_by_project(candidates: Candidates, charges: Charges, ranking: Ranking) -> ChargesBy:
    """The charges of every project over its options; in order of size at the digits that are compared, then of row."""
    weighted = charges.points * ranking.weight[charges.option]
    counts = weighted != 0
    rows = int(charges.row.max(initial=0)) + 1
    keys, place = np.unique((candidates.project[charges.option] * rows + charges.row)[counts], return_inverse=True)
    points = np.bincount(place, weights=weighted[counts], minlength=len(keys))
    project, row = keys // rows, keys % rows
    order = np.lexsort((row, -significant(np.abs(points)), project))
    start = np.searchsorted(project, np.arange(len(candidates) + 1))
    return ChargesBy(start, row[order], points[order])
