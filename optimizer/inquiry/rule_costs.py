"""What each rule costs: the plan without a hard rule, with a soft one enforced, with one project exempt.

Each is the optimum of the changed scenario, admission and first call included: what `--set` with the same change
gives. A rule may cost less than nothing: a synergy brings points, a standard that trims frees land for others.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...models.explanation import RuleCost, Step, Swap
from ...models.rule import AnyRule, StandardRule, VetoRule
from ...models.scenario import Scenario
from .. import account as accounts
from ..account import Account
from ..admit import Admission
from ..candidates import Floats
from ..core import by_core, large_answer
from ..face import choose
from ..optimum import continue_from
from ..pipeline import NoPlan, climb, formulated, prepare
from ..program import Program
from ..score import Scores
from ..solve import Clock, Limits, SolverError, solve
from .ask import NOTHING, PROVED, Inquiry, Value, inquire, valued
from .vary import formulated_with, quoted

NOISE = 1e-9
"""A difference below this part of the criterion's scale is none."""
OPEN = Value(-np.inf, np.inf, None)
"""Nothing is known: a limit was reached before any plan."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a changed scenario is worth, points, and what its plan reaches by criterion, in unit(of)."""

    value: Value
    totals: dict[str, float]


@dataclass(frozen=True, eq=False)
class Exemption:
    """One project excused from the standards and vetoes that keep it out."""

    rules: tuple[str, ...]
    cost: RuleCost
    """what these rules cost as far as this project goes: the optimum decides whether it comes in"""
    forced: Swap
    """the plan with the project carried out; a loss below zero is a gain"""


def totals(scenario: Scenario, admission: Admission, scores: Scores, program: Program, v: Floats) -> dict[str, float]:
    """F_c of a plan, synergies included."""
    shares = np.clip(program.shares(v), 0.0, 1.0)
    return accounts.criteria_totals(Account(scenario, admission, scores, shares, {}))


def outcome(inquiry: Inquiry, scenario: Scenario, limits: Limits) -> Outcome:
    """The exact optimum of a changed scenario, its first call taken anew; scales stay."""
    solved = inquiry.solved
    clock = Clock(replace(limits, gap=0.0))
    admission, scores = prepare(scenario, solved.admission.asked, solved.scores.scales)
    try:
        program = formulated(scenario, admission, scores, climb(scenario, admission, scores, clock))
    except NoPlan:
        return Outcome(NOTHING, {})
    except SolverError as error:
        if not isinstance(error.__cause__, TimeoutError):
            raise
        return Outcome(OPEN, {})
    answer = large_answer(program, clock.left(program)) or solve(program, clock.left(program))
    found = valued(program, answer)
    if found.values is None:
        return Outcome(found, {})
    if answer.duals is not None and by_core(program, limits):
        clean = choose(program, found.values, answer.duals, program.ties, clock.left(program))
    else:
        clean = continue_from(program, found.values, clock)
    low = float(program.cost @ clean)
    value = Value(low, low if program.linear else max(low, found.high), clean)
    return Outcome(value, totals(scenario, admission, scores, program, clean))


def base(inquiry: Inquiry) -> Outcome:
    """The plan that is asked about."""
    solved = inquiry.solved
    assert inquiry.best.values is not None
    reached = totals(solved.scenario, solved.admission, solved.scores, solved.program, inquiry.best.values)
    return Outcome(inquiry.best, reached)


def difference(better: Value, worse: Value) -> float | tuple[float, float]:
    """How much more one plan is worth than another, an interval where one of the two is not proved."""
    if not worse.possible:
        return np.inf
    least, most = better.low - worse.high, better.high - worse.low
    room = PROVED * max(1.0, abs(better.low), abs(worse.low))
    if most - least > 2.0 * room:
        return least, most
    exact = better.low - worse.low
    return 0.0 if abs(exact) <= room else exact


def without(scenario: Scenario, name: str) -> Scenario:
    """The scenario without one rule."""
    return scenario.model_copy(update={"rules": tuple(r for r in scenario.rules if r.name != name)})


def with_rule(scenario: Scenario, rule: AnyRule) -> Scenario:
    """The scenario with another rule of the same name."""
    rules = tuple(rule if r.name == rule.name else r for r in scenario.rules)
    return scenario.model_copy(update={"rules": rules})


def costed(
    name: str, free: Outcome, bound: Outcome, changes: tuple[Step, ...], scales: Mapping[str, float]
) -> RuleCost:
    """What a rule costs, from the plan that is free of it and the one that is bound by it.

    Where it costs nothing, one plan is optimal either way, whichever of the equal ones were found.
    """
    cost = difference(free.value, bound.value)
    gains = {c: free.totals[c] - bound.totals[c] for c in free.totals if c in bound.totals}
    real = {c: 0.0 if cost == 0 or abs(gain) <= NOISE * scales[c] else gain for c, gain in gains.items()}
    return RuleCost(name=name, cost=cost, cost_in=real, changes=changes)


def rule_cost(inquiry: Inquiry, rule: AnyRule, limits: Limits) -> RuleCost:
    """A hard rule: the plan without it against the plan; a soft one: the plan against the one that must keep it.

    Where no plan can keep it, an enforced rule costs inf.
    """
    scenario, path = inquiry.solved.scenario, f"rules.{quoted(rule.name)}"
    scales = inquiry.solved.scores.scales
    if getattr(rule, "soft", None) is None:
        free = outcome(inquiry, without(scenario, rule.name), limits)
        return costed(rule.name, free, base(inquiry), (Step(path=path, from_=None, to="off"),), scales)
    bound = outcome(inquiry, with_rule(scenario, rule.model_copy(update={"soft": None})), limits)
    change = Step(path=f"{path}.soft", from_=written(rule), to="")
    return costed(rule.name, base(inquiry), bound, (change,), scales)


def written(rule: AnyRule) -> str | float:
    """The `soft` of a rule as the file may hold it."""
    soft = getattr(rule, "soft", None)
    assert soft is not None
    return soft.points if soft.per is None else f"{{points: {soft.points!r}, per: {soft.per!r}}}"


def excused(scenario: Scenario, rule: AnyRule, project: str, everybody: Sequence[str]) -> tuple[Scenario, Step]:
    """The scenario in which a standard or veto does not look at one project, and the change that makes it so."""
    assert isinstance(rule, StandardRule | VetoRule)
    path, where = f"rules.{quoted(rule.name)}.where", rule.where
    if where.exclude is None and not where.id:
        other = where.model_copy(update={"exclude": type(where)(id=(project,))})
        step = Step(path=f"{path}.not", from_=None, to=f"{{id: {json.dumps([project], ensure_ascii=False)}}}")
    else:
        ids = tuple(i for i in where.id or everybody if i != project)
        other = where.model_copy(update={"id": ids})
        step = Step(path=f"{path}.id", from_=None, to=json.dumps(list(ids), ensure_ascii=False))
        if not ids:  # it was about nobody else
            return without(scenario, rule.name), Step(path=f"rules.{quoted(rule.name)}", from_=None, to="off")
    return with_rule(scenario, rule.model_copy(update={"where": other})), step


def kept_out_by(inquiry: Inquiry, project: int) -> tuple[str, ...]:
    """The standards and vetoes that a project fails in some zone, in file order; trims keep nobody out."""
    asked = inquiry.solved.admission.asked
    failures = [f for f in inquiry.solved.admission.failures if f.otherwise != "trim"]
    hit = [f.rule for f in failures if (asked.project[f.options] == project).any()]
    return tuple(dict.fromkeys(hit))


def exemption(inquiry: Inquiry, project: int, rules: Sequence[str] = ()) -> Exemption | None:
    """What excusing a project from some rules, or all that keep it out, would cost; None if it stays out.

    `project` is its row among the candidates. The forced plan holds the stages of the first call. Raises SolverError
    if no plan is found in time.
    """
    solved = inquiry.solved
    names = tuple(rules) or kept_out_by(inquiry, project)
    ids = solved.admission.asked.ids.tolist()
    scenario, changes = solved.scenario, list[Step]()
    for rule in [r for r in scenario.rules if r.name in names]:
        scenario, change = excused(scenario, rule, ids[project], ids)
        changes.append(change)
    admission, scores = prepare(scenario, solved.admission.asked, solved.scores.scales)
    if not changes or not admission.competes[project]:
        return None
    held = formulated_with(inquiry, scenario, solved.admission.asked)
    other = inquire(
        replace(solved, scenario=scenario, admission=admission, scores=scores, program=held), inquiry.limits
    )
    found = other.forced(project)
    before = inquiry.is_in(inquiry.best)
    after = other.is_in(found) if found.values is not None else before
    moved = np.array(ids, dtype=object)
    enters, leaves = moved[after & ~before], moved[before & ~after]
    swap = Swap(loss=difference(inquiry.best, found), enters=tuple(enters), leaves=tuple(leaves))
    free = outcome(inquiry, scenario, inquiry.limits)
    return Exemption(names, costed(", ".join(names), free, base(inquiry), tuple(changes), solved.scores.scales), swap)


def rule_costs(
    inquiry: Inquiry, *, seconds: float | None = None, on_rule: Callable[[str], None] = lambda name: None
) -> tuple[list[RuleCost], list[str]]:
    """What every rule costs, in file order, and the paths (``rules.NAME``) of those that are not proved.

    A rule for which no time is left has no cost, only its name among the unproved.
    """
    found: list[RuleCost] = []
    unproved: list[str] = []
    start = time.monotonic()
    for rule in inquiry.solved.scenario.rules:
        on_rule(rule.name)
        left = None if seconds is None else start + seconds - time.monotonic()
        given = [s for s in (left, inquiry.limits.seconds) if s is not None]
        if left is not None and left <= 0:
            unproved.append(f"rules.{quoted(rule.name)}")
            continue
        one = rule_cost(inquiry, rule, replace(inquiry.limits, seconds=min(given, default=None)))
        if isinstance(one.cost, tuple):
            unproved.append(f"rules.{quoted(rule.name)}")
        found.append(one)
    return found, unproved
