"""From shares and prices to the plan: every table of it, nothing that an answer hangs on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ..models.plan import Baseline, Decision, PlannedMeasure, PlannedTier, PlannedZone
from ..models.scenario import Scenario
from . import account as accounts
from .account import Account
from .admit import Admission
from .baseline import fill, sheet_points
from .candidates import Bools, Floats
from .explain import DECISIONS, Explainer, decisions
from .formulate import supply_rows
from .program import Program
from .rank import Charges, ChargesBy, Ranking, charge_options, charges_by_project, rank, ranks
from .report.numbers import Language
from .score import Scores
from .told import by_project

BLOCKS = {Decision.COMMITTED: 0, Decision.DISCUSS: 2, Decision.INADMISSIBLE: 3}
"""Order of the blocks of the list; whoever has a rank stands in block 1."""


@dataclass(frozen=True, eq=False)
class Solved:
    """A scenario with its shares and prices: all that the tables of a plan follow from."""

    scenario: Scenario
    admission: Admission
    scores: Scores
    program: Program
    shares: Floats
    """(k,) of the competing options"""
    prices: dict[str, float]
    """row name -> price, every row but the projects' own"""
    tiers: tuple[PlannedTier, ...]

    @property
    def account(self) -> Account:
        return Account(self.scenario, self.admission, self.scores, self.shares, self.prices)


def relative_use(solved: Solved) -> Floats:
    """(k,) Σ need / supply over the supplies an option draws on; none stands for a millionth of all that is needed."""
    candidates = solved.admission.candidates
    use = np.zeros(len(candidates.project))
    for row in supply_rows(solved.scenario, solved.account.geography):
        need = np.where(row.counts, candidates.amount(row.measure), 0.0)
        if need.any():
            use += need / (row.supply if row.supply > 0 else 1e-6 * need.sum())
    return use


def homeless(solved: Solved) -> Bools:
    """(k,) options that need what their zone has none of and nobody makes or moves down there: never the best zone."""
    candidates, scenario = solved.admission.candidates, solved.scenario
    rows = supply_rows(scenario, solved.account.geography)
    held = {(row.measure, row.zone) for row in rows if not row.implied}
    hit = np.zeros(len(candidates.project), dtype=bool)
    for row in rows:
        higher = scenario.measures[row.measure].also_served_by
        if row.supply == 0 and (higher, row.zone) not in held and not candidates.made(row.measure)[row.counts].any():
            hit |= row.counts & (candidates.amount(row.measure) > 0)
    return hit


def ranking(solved: Solved) -> tuple[Ranking, Charges]:
    """Index and charges of every project."""
    candidates, program = solved.admission.candidates, solved.program
    prices = np.zeros(len(program.limit))
    for row, name in program.shared_rows():
        prices[row] = solved.prices[name]
    charges = charge_options(program, prices)
    places = np.array(solved.scenario.places, dtype=object)
    zone_rank = np.argsort(np.argsort(places))[candidates.zone]
    found = rank(
        candidates,
        solved.scores.points,
        relative_use(solved),
        charges,
        solved.shares,
        zone_rank,
        homeless(solved),
    )
    return found, charges


def requested(solved: Solved, measure: str) -> Floats:
    """(n,) amount asked for: the largest over the zones the project may sit in, its own if none takes it."""
    asked = solved.admission.asked
    largest = asked.largest(asked.amount(measure))
    return np.where(np.isfinite(largest), largest, asked.amounts[measure])


def ratio_columns(solved: Solved, granted: Mapping[str, Floats], shares: Floats) -> dict[str, Floats]:
    """(n,) the ratio of each `per` criterion, as granted where there is a share, else as asked."""
    columns = {}
    for name, criterion in solved.scenario.criteria.items():
        if criterion.per is None:
            continue
        of = np.where(shares > 0, granted[criterion.of], requested(solved, criterion.of))
        per = np.where(shares > 0, granted[criterion.per], requested(solved, criterion.per))
        with np.errstate(divide="ignore", invalid="ignore"):
            columns[f"ratios.{name}"] = np.where(per != 0, of / per, np.nan)
    return columns


def trim_columns(solved: Solved) -> dict[str, Floats]:
    """(n,) asked and allowed amounts where a standard trimmed; over the zones with a share, else the smallest cut."""
    admission, candidates = solved.admission, solved.admission.candidates
    columns = {}
    for measure, allowed in admission.trimmed.items():
        asked = admission.asked.amount(measure)
        cut = (allowed < asked)[admission.kept]
        shares = solved.shares * cut
        preferred = np.lexsort((-allowed[admission.kept], -shares, ~cut, candidates.project))
        projects, first = np.unique(candidates.project[preferred], return_index=True)
        chosen = preferred[first]
        held = cut[chosen]
        for label, amounts in (("asked", asked), ("allowed", allowed)):
            column = np.full(len(candidates), np.nan)
            column[projects[held]] = amounts[admission.kept][chosen[held]]
            columns[f"trimmed.{measure}.{label}"] = column
    return columns


def texts(values: ArrayLike | pd.Series[Any]) -> pd.Series[Any]:
    """A column of Python objects, whatever pandas would make of them."""
    return pd.Series(values, dtype=object)


def charge_columns(charged: ChargesBy, names: Sequence[str]) -> dict[str, object]:
    """(n,) the row that charges most and its points, then the next, as far as any project has one."""
    n = len(charged.start) - 1
    project = np.repeat(np.arange(n), np.diff(charged.start))
    place = np.arange(len(project)) - charged.start[project]
    called = np.array([*names, None], dtype=object)
    columns: dict[str, object] = {}
    for k in range(int(place.max(initial=-1)) + 1):
        row, points = np.full(n, len(names)), np.full(n, np.nan)
        here = place == k
        row[project[here]], points[project[here]] = charged.row[here], charged.points[here]
        columns |= {f"charges_by.{k + 1}.row": texts(called[row]), f"charges_by.{k + 1}.points": points}
    return columns


def project_table(solved: Solved, language: Language) -> pd.DataFrame:
    """The projects of the plan, columns and order as `Allocation` says."""
    scenario, admission = solved.scenario, solved.admission
    asked, candidates = admission.asked, admission.candidates
    n = len(asked)
    shares = solved.account.project_shares()
    decided = decisions(admission, shares)
    found, charges = ranking(solved)
    block = np.array([BLOCKS.get(decision, 1) for decision in DECISIONS])[decided]
    order = ranks(found, shares, np.flatnonzero(block == 1))
    position = np.zeros(n, dtype=np.intp)
    position[order] = np.arange(1, len(order) + 1)
    charged = charges_by_project(candidates, charges, found)
    names = solved.program.row_names
    explainer = Explainer(scenario, admission, solved.program.linear, decided, found, charged, names)
    units = asked.table["units"].to_numpy()
    granted = {m: candidates.total(candidates.amount(m) * solved.shares) for m in scenario.measures}
    columns: dict[str, object] = {
        "id": texts(asked.ids),
        "title": texts(asked.table["title"]),
        **{f"attributes.{a}": texts(asked.attributes[a]) for a in scenario.attributes},
        "rank": pd.array(np.where(position > 0, position, -1), dtype="Int64"),
        "decision": texts(np.array([decision.value for decision in DECISIONS], dtype=object)[decided]),
        "share": shares,
        "units": pd.array(np.where(units > 0, np.round(shares * units), -1).astype(np.int64), dtype="Int64"),
        **{
            f"share@{z}": candidates.total(np.where(candidates.zone == i, solved.shares, 0.0))
            for i, z in enumerate(scenario.zones)
        },
        **{f"requested.{m}": requested(solved, m) for m in scenario.measures},
        **{f"granted.{m}": g for m, g in granted.items()},
        **trim_columns(solved),
        **ratio_columns(solved, granted, shares),
        "points": sheet_points(scenario, asked),
        "value": found.value,
        "charges": found.charges,
        **charge_columns(charged, names),
        "credits": found.credits,
        "index": found.index,
        "assumed": texts(asked.table["assumed"]),
        "reasons": texts(by_project(list(explainer.reasons()), n, language)),
    }
    table = pd.DataFrame(columns)
    for name in ("rank", "units"):
        table[name] = table[name].mask(table[name] < 0)
    return table.iloc[np.lexsort((np.arange(n), position, block))].reset_index(drop=True)


def baseline(solved: Solved) -> Baseline:
    """The scoring sheet's plan for the same candidates and resources."""
    shares, taken = fill(solved.scenario, solved.admission.asked, solved.admission.candidates)
    sheet = Account(solved.scenario, solved.admission, solved.scores, shares, {})
    totals = accounts.criteria_totals(sheet)
    over = [r for r in accounts.resources(sheet, {}) if r.slack < -accounts.KEPT * max(1.0, abs(r.supply))]
    broken = [row.name for row in accounts.rules(sheet) if not row.kept and not row.soft]
    supplies = [f"supply|{r.measure}|{r.zone or ''}" for r in over]
    return Baseline(
        score=accounts.points_of(solved.scores, totals),
        criteria=totals,
        admitted=tuple(taken),
        breaks=tuple(dict.fromkeys([*supplies, *broken])),
    )


def measures(solved: Solved) -> tuple[PlannedMeasure, ...]:
    """The measures with whether they are scarce: a supply somewhere, or some project makes them."""
    scenario = solved.scenario
    supplied = set(scenario.supply) | {m for z in scenario.zones.values() for m in z.supply}
    return tuple(
        PlannedMeasure(
            name=name,
            title=m.title or name,
            unit=m.unit,
            scarce=name in supplied or name in solved.admission.asked.makes,
        )
        for name, m in scenario.measures.items()
    )


def zones(scenario: Scenario) -> tuple[PlannedZone, ...]:
    return tuple(PlannedZone(name=name, title=z.title or name, within=z.within) for name, z in scenario.zones.items())
