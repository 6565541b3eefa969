"""Scenario -> Program. Every row is written down, with its name, in docs/model.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..models.scenario import Scenario
from .candidates import Bools, Candidates, Floats, Ints
from .geography import Geography
from .names import Lazy
from .program import Draft, Program, Sense, by_rank
from .rules import add_rules
from .score import Scores
from .sheet import Sheet

WHOLE = 1.0

Labels = Callable[[Ints], list[str]]
"""options -> PROJECT|ZONE of each"""


@dataclass(frozen=True, eq=False)
class SupplyRow:
    """One supply: the limit at a place and the options it counts."""

    measure: str
    zone: str
    supply: float
    counts: Bools
    named: bool
    """the file names it; else an implied 0 or the balance of a made measure"""
    implied: bool = False
    """nobody names it here because others do: nothing can be moved down from it"""

    @property
    def name(self) -> str:
        return f"supply|{self.measure}|{self.zone}"


def supply_rows(scenario: Scenario, geography: Geography) -> list[SupplyRow]:
    """Which supplies there are: named ones, implied zeros and the balances of made measures."""
    rows: list[SupplyRow] = []
    made = geography.candidates.makes
    for measure in sorted(scenario.measures):
        naming = [z for z in sorted(scenario.zones) if measure in scenario.zones[z].supply]
        if measure in scenario.supply:
            rows.append(SupplyRow(measure, "", scenario.supply[measure].amount, geography.within(""), True))
        for zone in naming:
            amount = scenario.zones[zone].supply[measure].amount
            rows.append(SupplyRow(measure, zone, amount, geography.within(zone), True))
        if naming:
            rows += [
                SupplyRow(measure, zone, 0.0, geography.at(zone), False, implied=True)
                for zone in sorted(scenario.zones)
                if set(naming).isdisjoint(scenario.outer(zone))
            ]
        elif measure in made and measure not in scenario.supply:
            rows += [
                SupplyRow(measure, zone, 0.0, geography.within(zone), False)
                for zone in balance_places(scenario, geography, measure)
            ]
    return rows


def balance_places(scenario: Scenario, geography: Geography, measure: str) -> list[str]:
    """Where a made measure is balanced: the region, or every outermost zone."""
    if scenario.measures[measure].balance == "zone":
        return sorted(geography.outermost())
    return [""]


def is_whole(candidates: Candidates) -> Bools:
    """(n,) projects carried out whole or not at all, in one zone: b and x are one."""
    table = candidates.table
    whole = table["committed"] | (table["units"] == 1) | ((table["units"] == 0) & (table["min_share"] >= WHOLE))
    return whole.to_numpy(dtype=bool)


def add_shares(draft: Draft, candidates: Candidates, order: Ints, names: Labels) -> tuple[Ints, Floats, Ints]:
    """The columns x, u and b of every option, in the order given: (share column, step, site column)."""
    table = candidates.table
    whole = is_whole(candidates)[candidates.project]
    committed = table["committed"].to_numpy()[candidates.project]
    units = np.where(whole, 0, table["units"].to_numpy()[candidates.project])
    min_share = table["min_share"].to_numpy()[candidates.project]
    options_of = np.bincount(candidates.project, minlength=len(candidates))[candidates.project]
    fixed = committed & (options_of == 1)
    sited = ~whole & ((units > 0) | (min_share > 0))

    share, site = np.zeros(len(order), dtype=np.intp), np.full(len(order), -1, dtype=np.intp)
    step = np.where(units > 0, 1.0 / np.maximum(units, 1), 1.0)
    upper = np.where(units > 0, units, 1).astype(float)

    def shares_by_name() -> list[str]:
        kinds = np.where(units > 0, "u|", "x|")[order].tolist()
        return [f"{kind}{name}" for kind, name in zip(kinds, names(order), strict=True)]

    share[order] = draft.columns(
        Lazy(len(order), shares_by_name),
        np.where(fixed, 1.0, 0.0)[order],
        upper[order],
        ((whole & ~fixed) | (units > 0))[order],
    )
    site[whole] = share[whole]
    at = order[sited[order]]
    site[at] = draft.columns(
        Lazy(len(at), lambda: [f"b|{name}" for name in names(at)]),
        np.zeros(len(at)),
        np.ones(len(at)),
        np.ones(len(at), dtype=bool),
    )
    return share, step, site


def add_own_rows(draft: Draft, candidates: Candidates, order: Ints, names: Labels, share: Ints, site: Ints) -> None:
    """Σ x ≤ 1 (committed: = 1) or Σ b ≤ 1, and  min_share · b ≤ x ≤ b,  min_units · b ≤ u ≤ units · b."""
    table, project = candidates.table, candidates.project
    committed = table["committed"].to_numpy(dtype=bool)
    options_of = np.bincount(project, minlength=len(candidates))
    # one row for every project with a choice of zones; a committed one without any zone has an empty row: no plan
    sums = (options_of > 1) | (committed & (options_of == 0))
    number = np.cumsum(sums) - 1
    chosen = sums[project]
    main = np.where(site >= 0, site, share)
    draft.own_rows(
        Lazy(int(sums.sum()), lambda: [f"own|{p}" for p in candidates.ids[sums]]),
        np.where(committed, int(Sense.EQUAL), int(Sense.AT_MOST))[sums],
        np.ones(int(sums.sum())),
        number[project[chosen]],
        main[chosen],
        np.ones(int(chosen.sum())),
    )
    sited = order[((site >= 0) & (site != share))[order]]
    p = project[sited]
    units = table["units"].to_numpy(dtype=float)[p]
    most = np.where(units > 0, units, 1.0)
    least = np.where(units > 0, table["min_units"].to_numpy(dtype=float)[p], table["min_share"].to_numpy()[p])
    row = np.arange(len(sited))
    for label, sense, bound in (("most", Sense.AT_MOST, most), ("least", Sense.AT_LEAST, least)):
        draft.own_rows(
            Lazy(len(sited), lambda label=label: [f"own|{name}|{label}" for name in names(sited)]),  # type: ignore[misc]
            np.full(len(sited), int(sense)),
            np.zeros(len(sited)),
            np.concatenate([row, row]),
            np.concatenate([share[sited], site[sited]]),
            np.concatenate([np.ones(len(sited)), -bound]),
        )


def add_supplies(draft: Draft, scenario: Scenario, sheet: Sheet) -> None:
    """Σ needs · x − Σ makes · x ≤ supply, with what a higher grade gives; and Σ needs ≥ f · Σ makes."""
    geography, candidates = sheet.geography, sheet.candidates
    rows = supply_rows(scenario, geography)
    held = {(row.measure, row.zone) for row in rows}
    sources = {(row.measure, row.zone) for row in rows if not row.implied}
    moved: dict[tuple[str, str], list[tuple[int, float]]] = {key: [] for key in held}
    for row in rows:
        higher = scenario.measures[row.measure].also_served_by
        if higher is not None and (higher, row.zone) in sources:
            g = draft.helper(f"g|{row.measure}|{row.zone}")
            moved[row.measure, row.zone].append((g, -1.0))
            moved[higher, row.zone].append((g, 1.0))
    for row in rows:
        net = candidates.amount(row.measure) - candidates.made(row.measure)
        grades = moved[row.measure, row.zone]
        part = (np.array([g for g, _ in grades], dtype=np.intp), np.array([c for _, c in grades]))
        if grades or net[row.counts].any():
            draft.row(row.name, Sense.AT_MOST, row.supply, sheet.shares(row.counts, net), part)
    for measure in sorted(candidates.makes):
        fraction = scenario.measures[measure].must_use
        if fraction is None:
            continue
        made = candidates.made(measure)
        for zone in balance_places(scenario, geography, measure):
            inside = geography.within(zone)
            if made[inside].any():
                used = candidates.amount(measure) - fraction * made
                draft.row(f"must_use|{measure}|{zone}", Sense.AT_LEAST, 0.0, sheet.shares(inside, used))


def formulate(scenario: Scenario, candidates: Candidates, scores: Scores, held: Sequence[float] = ()) -> Program:
    """The programme of the last stage, `held` being the values that the earlier tiers reached."""
    draft = Draft()
    zones = scenario.places
    ids = candidates.ids

    def names(options: Ints) -> list[str]:
        pairs = zip(candidates.project[options].tolist(), candidates.zone[options].tolist(), strict=True)
        return [f"{ids[p]}|{zones[z]}" for p, z in pairs]

    zone_rank = np.argsort(np.argsort(np.array(zones, dtype=object)))
    order = np.lexsort((zone_rank[candidates.zone], candidates.project))
    share, step, site = add_shares(draft, candidates, order, names)
    add_own_rows(draft, candidates, order, names, share, site)
    sheet = Sheet(scenario, candidates, Geography(scenario, candidates), share, step, site)
    add_supplies(draft, scenario, sheet)
    add_rules(draft, sheet, scores)
    for k, value in enumerate(held):
        chosen = tier_options(scenario, sheet.geography, k)
        draft.row(f"tier|{k + 1}", Sense.AT_LEAST, value, sheet.shares(chosen, scores.points))
    return draft.finish(scores.points, share, step, site, tie_costs(draft, scenario, sheet, zone_rank))


def tie_costs(draft: Draft, scenario: Scenario, sheet: Sheet, zone_rank: Ints) -> list[Floats]:
    """What chooses among optimal plans: least substitution of grades, least use, then the order of the ids.

    Substitution and use count as parts of the supply they draw on, so that no unit matters; a substitution that draws
    on a supply of 0 (on what is made) counts as it is. The order of the ids is that of the projects, then of the zones:
    one programme whose weights fall with the rank of (project, zone), a project's infinitely more than a zone's.
    """
    candidates, geography = sheet.candidates, sheet.geography
    held = {(row.measure, row.zone): row for row in supply_rows(scenario, geography)}
    substitution, use, first, place = (np.zeros(draft.width) for _ in range(4))
    for name, column in draft.helpers.items():
        kind, measure, zone = (*name.split("|"), "", "")[:3]
        if kind == "g":
            supply = held[scenario.measures[measure].also_served_by or "", zone].supply
            substitution[column] = -1.0 / supply if supply > 0 else -1.0
    for row in held.values():
        if row.supply > 0:
            columns, needs = sheet.shares(row.counts, candidates.amount(row.measure) / row.supply)
            np.add.at(use, columns, -needs)
    weights = by_rank(candidates.project, zone_rank[candidates.zone])
    for cost, weight in zip((first, place), weights, strict=True):
        cost[sheet.share] = sheet.step * weight
    return [cost for cost in (substitution, use, first, place) if cost.any()]


def tier_options(scenario: Scenario, geography: Geography, stage: int) -> Bools:
    """(k,) options of one class of the first call: those it matches and no earlier class did."""
    earlier = np.zeros(len(geography.candidates.project), dtype=bool)
    for where in scenario.tiers[:stage]:
        earlier |= geography.matches(where)
    return geography.matches(scenario.tiers[stage]) & ~earlier


def tier_cost(scenario: Scenario, candidates: Candidates, program: Program, scores: Scores, stage: int) -> Floats:
    """(n,) cost of the stage that maximises one class alone: no penalties, no synergies, the others free."""
    chosen = tier_options(scenario, Geography(scenario, candidates), stage)
    cost = np.zeros(len(program.cost))
    layout = program.layout
    np.add.at(cost, layout.share[chosen], (scores.points * layout.step)[chosen])
    return cost
