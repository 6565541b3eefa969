"""Weights from the candidates' own data: how much each criterion tells them apart.

The data is (m, n): f_c of m candidates as asked, each in its best zone, in n criteria; more is better in every column.
Both say what sorts these candidates, not what matters to anybody.
"""

from __future__ import annotations

import numpy as np

from ..candidates import Bools, Floats

FLAT = 1e-12
"""Spread against size below which a column tells nobody apart."""


class NothingToTell(Exception):
    """No column tells the candidates apart."""


def flat(values: Floats) -> Bools:
    """(n,) the columns in which all candidates are alike; all of them if there are fewer than two candidates."""
    if len(values) < 2:
        return np.ones(values.shape[1], dtype=bool)
    alike: Bools = np.ptp(values, axis=0) <= FLAT * np.abs(values).max(axis=0)
    return alike


def entropy(values: Floats) -> Floats:
    """(n,) weights that add up to 1, in proportion to 1 − e_c, e_c = −Σ_p s ln s / ln m with s the share of p in c.

    Shares need figures that are not negative: a column that has negative ones is counted from its least. 0 · ln 0 is 0.
    Zeleny (1982), Multiple Criteria Decision Making; Hwang and Yoon (1981).

    Raises:
        NothingToTell: every column is flat.
    """
    dull = flat(values)
    if dull.all():
        raise NothingToTell
    with np.errstate(over="ignore"):
        counted = values / np.where(dull, 1.0, np.abs(values).max(axis=0, initial=0.0))
    counted = counted - np.minimum(0.0, counted.min(axis=0))
    shares = counted / np.where(dull, 1.0, counted.sum(axis=0))
    terms = shares * np.log(np.where(shares > 0, shares, 1.0))
    apart = np.where(dull, 0.0, np.maximum(0.0, 1.0 + terms.sum(axis=0) / np.log(len(values))))
    found: Floats = apart / apart.sum()
    return found


def critic(values: Floats) -> Floats:
    """(n,) weights that add up to 1, in proportion to σ_c Σ_d (1 − r_cd), on columns scaled to 0 … 1.

    σ is the standard deviation of c, r_cd its correlation with d: what varies and what is said by no other criterion
    counts more. Flat columns have no correlation and get 0. Diakoulaki, Mavrotas and Papayannakis (1995), Computers &
    Operations Research 22.

    Raises:
        NothingToTell: every column is flat, or all say the same.
    """
    dull = flat(values)
    if dull.all():
        raise NothingToTell
    told = values[:, ~dull]
    lowest, spread = told.min(axis=0), np.ptp(told, axis=0)
    scaled = (told - lowest) / spread
    centred = scaled - scaled.mean(axis=0)
    norms = np.sqrt((centred**2).sum(axis=0))
    conflict = (1.0 - np.clip(centred.T @ centred / np.outer(norms, norms), -1.0, 1.0)).sum(axis=0)
    kept = norms * (conflict if len(conflict) > 1 else np.ones(1))
    if kept.sum() <= FLAT:
        raise NothingToTell
    found = np.zeros(values.shape[1])
    found[~dull] = kept / kept.sum()
    return found
