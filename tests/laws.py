"""What the tests of the core share: scenario in, answer out; and the properties that every answer must have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from build import Raw, build

from landalloc.models.plan import Certificate, Resource, RuleRow
from landalloc.models.scenario import Scenario
from landalloc.optimizer import account as accounts
from landalloc.optimizer.assemble import Solved, project_table
from landalloc.optimizer.candidates import Candidates
from landalloc.optimizer.certify import certify
from landalloc.optimizer.optimum import Optimum
from landalloc.optimizer.pipeline import NoPlan, full_shares, solve_scenario
from landalloc.optimizer.score import scales
from landalloc.optimizer.solve import Limits


@dataclass(frozen=True, eq=False)
class Answer:
    """A scenario with its plan, as the commands put it together, but from plain Python."""

    scenario: Scenario
    candidates: Candidates
    solved: Solved
    optimum: Optimum
    table: pd.DataFrame
    """the projects in the order of the plan, by `Allocation.projects`"""
    kept: dict[str, float]
    """N_c"""

    @property
    def objective(self) -> float:
        """Score less penalty, added up from the tables of the plan."""
        score, penalty = accounts.score_and_penalty(self.solved.account)
        return score - penalty

    @property
    def linear(self) -> bool:
        return self.solved.program.linear

    @property
    def prices(self) -> dict[str, float]:
        return self.solved.prices

    @property
    def rules(self) -> list[RuleRow]:
        return accounts.rules(self.solved.account)

    @property
    def resources(self) -> list[Resource]:
        return accounts.resources(self.solved.account, {})

    @property
    def shares(self) -> dict[tuple[str, str], float]:
        """(project, zone) -> share, only where there is one."""
        found = self.candidates
        full = full_shares(self.solved)
        return {
            (str(found.ids[p]), self.scenario.places[z]): float(full[o])
            for o, (p, z) in enumerate(zip(found.project, found.zone, strict=True))
            if full[o]
        }

    def column(self, name: str) -> dict[str, Any]:
        """project -> value of a column of the table."""
        return dict(zip(self.table["id"], self.table[name], strict=True))

    @property
    def ranks(self) -> dict[str, int]:
        """project -> rank, of those that have one."""
        return {i: int(rank) for i, rank in self.column("rank").items() if not pd.isna(rank)}

    def certificate(self) -> Certificate:
        return certify(
            self.scenario,
            self.candidates,
            full_shares(self.solved),
            self.prices,
            scales=self.kept,
            tier_values=[t.value for t in self.solved.tiers],
            objective=self.objective,
            bound_solver=self.optimum.bound,
        )


def answer(raw: Raw, *, solver: str = "highs", kept: Mapping[str, float] | None = None) -> Answer | None:
    """The plan of what `build` takes, exact for whole projects too; None where no plan keeps the hard rules."""
    scenario, candidates = build(raw)
    scale = dict(kept or scales(scenario, candidates))
    try:
        solved, optimum = solve_scenario(scenario, candidates, Limits(solver=solver, gap=0.0), kept=scale)
    except NoPlan:
        return None
    return Answer(scenario, candidates, solved, optimum, project_table(solved, "en"), scale)


def close(a: float, b: float, tolerance: float = 1e-7) -> bool:
    """Equal up to rounding, relative to 1 or the larger."""
    return abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))


def same_plan(one: Answer, other: Answer, tolerance: float = 1e-7) -> bool:
    """The same shares."""
    keys = one.shares.keys() | other.shares.keys()
    return all(abs(one.shares.get(k, 0.0) - other.shares.get(k, 0.0)) <= tolerance for k in keys)


def same_order(one: Answer, other: Answer) -> bool:
    """The same projects in the same order with the same decisions and ranks."""
    columns = ["id", "decision", "rank"]
    return bool(one.table[columns].equals(other.table[columns]))


def same_index(one: Answer, other: Answer, tolerance: float = 1e-6) -> bool:
    a = one.table.set_index("id")["index"].sort_index().to_numpy(dtype=float)
    b = other.table.set_index("id")["index"].sort_index().to_numpy(dtype=float)
    return bool(np.allclose(a, b, rtol=tolerance, atol=tolerance, equal_nan=True))


# The same scenario, said otherwise


def fresh(node: Any) -> Any:
    """A copy in which nothing is shared, not even what the scenario shares within itself."""
    if isinstance(node, dict):
        return {key: fresh(value) for key, value in node.items()}
    return [fresh(value) for value in node] if isinstance(node, list) else node


def times(node: Any, factor: float) -> Any:
    """A figure, or a mapping of figures, in a unit that is `factor` times as small."""
    return {key: times(value, factor) for key, value in node.items()} if isinstance(node, dict) else node * factor


def in_other_unit(raw: Raw, measures: tuple[str, ...], factor: float) -> Raw:
    """The same scenario with measures in a unit `factor` times as small, so that all their figures grow."""
    raw = fresh(raw)

    def unit(name: str | None) -> float:
        return factor if name in measures else 1.0

    amounts = [raw["supply"], *(zone["supply"] for zone in raw["zones"].values())]
    for project in raw["projects"]:
        amounts += [project, project.get("makes", {}), *project.get("at", {}).values()]
    amounts += [rule["synergy"]["adds"] for rule in raw["rules"] if "synergy" in rule]
    amounts += _conditions(raw)
    for held in amounts:
        held |= {m: times(held[m], factor) for m in measures if m in held}
    for criterion in raw["criteria"].values():
        _limits(criterion, unit(criterion["of"]) / unit(criterion.get("per")), "standard", "full_marks")
        _limits(criterion, unit(criterion["of"]), "reference")
    for rule in raw["rules"]:
        for kind in rule.keys() & {"standard", "total", "ratio"}:
            _body(rule, kind, unit(rule[kind]["of"]), unit(rule[kind].get("per")))
    return raw


def _body(rule: Raw, kind: str, of: float, per: float) -> None:
    body = rule[kind]
    _limits(body, of / per, "at_least", "at_most", "exactly")
    if kind == "total":
        _limits(body, of, "existing")
    if kind == "ratio" and "existing" in body:
        for existing in [body["existing"]] if "of" in body["existing"] else body["existing"].values():
            _limits(existing, of, "of")
            _limits(existing, per, "per")
    if rule.get("soft") is not None:
        rule["soft"] = _soft(rule["soft"], kind, of)


def _limits(body: Raw, factor: float, *keys: str) -> None:
    for key in keys:
        if isinstance(body.get(key), dict) and "limits" in body[key]:
            table = body[key]
            body[key] = table | {k: times(table[k], factor) for k in ("limits", "default") if k in table}
        elif body.get(key) is not None:
            body[key] = times(body[key], factor)


def _soft(soft: Any, kind: str, of: float) -> Any:
    """Points per unit of shortfall stay what they are; a total's bare points are per 1 % of its limit, in no unit."""
    if isinstance(soft, dict):
        return soft | {"per": soft["per"] * of}
    return {"points": soft, "per": of} if kind == "ratio" else soft


def _conditions(raw: Raw) -> list[Raw]:
    """Every condition of a scenario, those within `not` too."""
    found = [rule[key] for rule in raw["rules"] for key in ("where", "of_where", "per_where") if key in rule]
    found += raw.get("tiers", [])
    return found + [where["not"] for where in found if "not" in where]


def in_unit(row: str, raw: Raw, measures: tuple[str, ...], factor: float) -> float:
    """What the price of a row is divided by when the unit of measures becomes `factor` times as small."""
    kind, name, *_ = row.split("|")
    if kind in ("supply", "must_use"):
        return factor if name in measures else 1.0
    rules = {rule["name"]: rule for rule in raw["rules"]}
    body = rules[name].get("total") or rules[name].get("ratio") or {} if kind == "rule" else {}
    return factor if body.get("of") in measures else 1.0


def in_order(raw: Raw, order: Any) -> Raw:
    """The same scenario with everything that is listed in another order; `order` shuffles a list."""
    raw = fresh(raw)
    for key in ("projects", "rules"):
        raw[key] = order(raw[key])
    for key in ("measures", "criteria", "supply"):
        raw[key] = {name: raw[key][name] for name in order(sorted(raw[key]))}
    return raw


def plain(raw: Raw) -> Raw:
    """The scenario without what may turn a law round: tiers, each, mix, even_use, must_use, exactly, commitments."""
    raw = fresh(raw)
    raw.pop("tiers", None)
    raw["measures"]["steam"].pop("must_use", None)
    for project in raw["projects"]:
        project.pop("committed", None)
    raw["rules"] = [
        rule
        for rule in raw["rules"]
        if not rule.keys() & {"each", "mix", "even_use"}
        and not any("exactly" in rule.get(kind, {}) for kind in ("total", "ratio", "count"))
    ]
    return raw


def split(raw: Raw, zone: str, part: float) -> Raw:
    """The scenario with a zone cut in two: what it supplied is split, whoever could sit there may sit in either."""
    raw = fresh(raw)
    new = f"{zone}-new"
    whole = raw["zones"][zone]
    raw["zones"][zone] = whole | {"supply": times(whole["supply"], part)}
    raw["zones"][new] = whole | {"supply": times(whole["supply"], 1.0 - part)}
    for project in raw["projects"]:
        if zone in project.get("zones", ()):
            project["zones"] = [*project["zones"], new]
        if zone in project.get("at", {}):
            project["at"] = project["at"] | {new: project["at"][zone]}
    for where in _conditions(raw):
        if where.get("zone") == zone:
            where["zone"] = [zone, new]
    return raw
