"""The certificate: what a plan claims, worked out again from the scenario, its shares and its prices alone.

It trusts neither the formulation nor the solver. Every row is added up again with exactly rounded sums, every
project's own set is looked at, and the bound is proved by weak duality from any prices whatever.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..models.plan import Certificate
from ..models.rule import StandardRule, VetoRule
from ..models.scenario import Scenario
from .candidates import Candidates, Floats
from .certificate.basis import Basis, build
from .certificate.ledger import Best, Rows
from .certificate.rows import write_rows
from .certificate.sums import exact_sum

TOLERANCE = 1e-6
"""Largest relative violation at which a plan still keeps its rows."""

ABSURD = 1e100
"""No share or price is larger: sums of them would overflow."""


def certify(
    scenario: Scenario,
    candidates: Candidates,
    shares: Floats,
    prices: Mapping[str, float],
    *,
    scales: Mapping[str, float] | None,
    tier_values: Sequence[float] = (),
    objective: float,
    bound_solver: float,
) -> Certificate:
    """The certificate of a plan.

    `candidates` are those asked for, before admission; `shares`, (k,), has an entry for each of their
    options. `prices` are points per unit by row name; a row without one has 0, and wrong ones are turned to
    valid ones. `scales` are the N_c that the base scenario keeps, in unit(of); None: computed here.

    max_violation is the largest over all rows, shares and sites. A row's is relative to the largest of 1 (or its
    largest coefficient, if that is smaller: no unit may hide a broken limit), |limit| and the sum of the sizes of
    its terms (a sum that cancels cannot be more exact than its terms); a share's is absolute; the claimed
    objective's is relative to max(1, |objective|). inf: shares that are no numbers.
    """
    basis = build(scenario, candidates, scales)
    rows = write_rows(basis, tuple(tier_values))
    valid = valid_prices(rows, prices)
    bound = proved_bound(basis, rows, valid)
    if plausible(shares):
        replayed = replay(basis, rows, shares)
        mismatch = abs(objective - replayed.objective) / max(1.0, abs(objective))
        violation = max(replayed.violation, site_violation(basis, shares), mismatch)
    else:
        violation = math.inf
    return Certificate(
        max_violation=violation,
        bound_proved=bound,
        bound_solver=bound_solver,
        gap_proved=(bound - objective) / max(1.0, abs(objective)),
        prices=dict(zip(rows.names, valid.tolist(), strict=True)),
        checked=_checked(basis, rows),
        tolerance=TOLERANCE,
    )


def plausible(shares: Floats) -> bool:
    """Whether they are numbers that can be added up at all; files may hold anything."""
    return bool(np.all(np.abs(shares) <= ABSURD))


@dataclass(frozen=True)
class Replayed:
    """What the shares come to, with the best helper columns there are for them."""

    objective: float
    violation: float
    helpers: tuple[float, ...]
    moved: tuple[float, ...]
    """Amount moved between the two rows of each move."""


def replay(basis: Basis, rows: Rows, shares: Floats) -> Replayed:
    """Add every row up again; a helper column takes the best value that the shares allow."""
    presence = basis.presence(shares, TOLERANCE)
    sums, gross = row_sums(rows, shares, presence)
    height = heights(rows)
    moved = []
    for low, high in rows.moves:
        moved.append(max(0.0, sums[low] - float(rows.limits[low])))
        sums[low] -= moved[-1]
        sums[high] += moved[-1]
    helpers = []
    for helper in rows.helpers:
        reach = [-helper.sign * sums[row] for row in helper.members]
        match helper.best:
            case Best.PRESENT:
                value = float(max(reach) > TOLERANCE)
            case Best.LARGEST:
                value = max(0.0, *reach)
            case Best.SMALLEST:
                value = max(0.0, min(reach)) if helper.gain >= 0 else 0.0
        helpers.append(value)
        for row in helper.members:
            sums[row] += helper.sign * value
        if helper.other is not None:
            sums[helper.other] += helper.back * value
    over = (np.array(sums) - rows.limits) * np.where(rows.senses == 0, 1, rows.senses)
    broken = np.where(rows.senses == 0, np.abs(over), np.maximum(over, 0.0))
    soft = np.isfinite(rows.costs)
    size = np.maximum(np.maximum(height, np.abs(rows.limits)), gross)
    gains = [helper.gain * value for helper, value in zip(rows.helpers, helpers, strict=True)]
    objective = exact_sum(np.concatenate([basis.points * shares, gains, -rows.costs[soft] * broken[soft]]))
    violation = float(np.max(np.where(soft, 0.0, broken) / size, initial=0.0))
    return Replayed(objective, violation, tuple(helpers), tuple(moved))


def heights(rows: Rows) -> Floats:
    """(m,) the largest coefficient of each row, 1 at most; 1 where it has none but of helpers, which are in shares."""
    height = np.zeros(len(rows.names))
    for row, _, values in (*rows.on_share, *rows.on_presence):
        height[row] = max(height[row], float(np.abs(values).max(initial=0.0)))
    return np.where(height > 0, np.minimum(height, 1.0), 1.0)


def row_sums(rows: Rows, shares: Floats, presence: Floats) -> tuple[list[float], list[float]]:
    """The sum of the terms of each row, and that of their sizes, exactly rounded."""
    on_share = {row: (options, values) for row, options, values in rows.on_share}
    on_presence = {row: (options, values) for row, options, values in rows.on_presence}
    sums, gross = [], []
    for row in range(len(rows.names)):
        terms = np.zeros(0)
        for entries, column in ((on_share, shares), (on_presence, presence)):
            if row in entries:
                options, values = entries[row]
                terms = np.concatenate([terms, values * column[options]]) if len(terms) else values * column[options]
        sums.append(exact_sum(terms))
        gross.append(exact_sum(np.abs(terms)))
    return sums, gross


def site_violation(basis: Basis, shares: Floats) -> float:
    """How far the shares are from each project's own set: admissible options, 0 ≤ x, s ≤ 1; one zone and
    min_share or whole units where it has them; committed projects whole."""
    candidates = basis.candidates
    total, largest = candidates.total(shares), candidates.largest(shares)
    committed = candidates.column("committed").astype(bool)
    units = candidates.column("units").astype(float)
    least = np.maximum(candidates.largest(basis.least), 0.0)
    whole = (least > 0) | committed
    settled = total > np.minimum(TOLERANCE, least / 2)
    counted = total * units
    off = [
        np.where(basis.admissible, -shares, np.abs(shares)),
        total - 1,
        np.where(committed, np.abs(total - 1), 0.0),
        np.where(whole, total - np.maximum(largest, 0.0), 0.0),
        np.where((least > 0) & ~committed, np.where(settled, least - total, np.abs(total)), 0.0),
        np.where(units > 0, np.abs(counted - np.round(counted)), 0.0),
    ]
    return max(0.0, *(float(np.max(array, initial=0.0)) for array in off))


def valid_prices(rows: Rows, prices: Mapping[str, float]) -> Floats:
    """(m,) the prices turned to ones that bound the optimum: no negative price of an inequality, none of a
    soft row above its cost, none of a lower grade above that of the grade which serves it. No number: 0."""
    given = np.array([prices.get(name, 0.0) for name in rows.names], dtype=float)
    given[~(np.abs(given) <= ABSURD)] = 0.0
    valid = np.where(rows.senses == 0, given, np.maximum(given, 0.0))
    valid = np.clip(valid, -rows.costs, rows.costs)
    for low, high in reversed(rows.moves):
        valid[low] = min(valid[low], valid[high])
    return valid


def proved_bound(basis: Basis, rows: Rows, prices: Floats) -> float:
    """Weak duality, for prices (m,) from `valid_prices`: no plan reaches more than

        Σ_rows ± price · limit + Σ_p best(p) + Σ_helpers max(0, gain − charge) · top

    best(p) is the largest of value − charges over the project's own set. That set answers in closed form
    because its hull has few corners: nothing; one option at its least share; one option whole.
    """
    signed = prices * np.where(rows.senses < 0, -1.0, 1.0)
    k = len(basis.points)
    on_share, on_presence = np.zeros(k), np.zeros(k)
    for entries, charges in ((rows.on_share, on_share), (rows.on_presence, on_presence)):
        for row, options, values in entries:
            if signed[row]:
                charges[options] += signed[row] * values
    apart = (basis.least > 0) & ~basis.committed
    worth = basis.points - on_share
    whole = worth - on_presence
    best = np.where(apart, np.maximum(whole, worth * basis.least - on_presence), whole)
    best = np.where(basis.admissible, best, -np.inf)
    per_project = basis.candidates.largest(best)
    committed = basis.candidates.column("committed").astype(bool)
    per_project = np.where(committed, per_project, np.maximum(per_project, 0.0))
    parts = [signed * rows.limits, per_project, np.array(_helper_parts(rows, signed))]
    return exact_sum(np.concatenate(parts))


def _helper_parts(rows: Rows, signed: Floats) -> list[float]:
    """max(0, gain − charge) · top of every helper column; of a group the largest."""
    parts: dict[int | str, float] = {}
    for number, helper in enumerate(rows.helpers):
        charge = helper.sign * math.fsum(signed[list(helper.members)].tolist())
        if helper.other is not None:
            charge += helper.back * float(signed[helper.other])
        key = number if helper.group is None else helper.group
        parts[key] = max(parts.get(key, 0.0), (helper.gain - charge) * helper.top)
    return list(parts.values())


def _checked(basis: Basis, rows: Rows) -> tuple[str, ...]:
    """What there was to check, in the contract's words."""
    table = basis.candidates.table
    rules = {type(rule) for rule in basis.scenario.rules}
    kinds = {name.split("|", 1)[0] for name in rows.names}
    apart = (table["min_share"] > 0) | (table["units"] > 0)
    there = {
        "shares": True,
        "supplies": "supply" in kinds,
        "must_use": "must_use" in kinds,
        "rules": "rule" in kinds,
        "tiers": "tier" in kinds,
        "accepts": any(zone.accepts for zone in basis.scenario.zones.values()),
        "standards": StandardRule in rules,
        "vetoes": VetoRule in rules,
        "committed": bool(table["committed"].any()),
        "one zone": bool((apart | table["committed"]).any()),
        "min_share": bool(((table["min_share"] > 0) & (table["units"] == 0)).any()),
        "units": bool((table["units"] > 0).any()),
        "objective": True,
        "bound": True,
    }
    return tuple(word for word, present in there.items() if present)
