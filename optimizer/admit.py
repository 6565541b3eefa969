"""Who may compete: standards and vetoes, project by project and zone by zone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..models.codes import limit_for
from ..models.rule import LimitTable, Standard, StandardRule, VetoRule
from ..models.scenario import Scenario
from .candidates import Bools, Candidates, Floats, Ints
from .geography import Geography

ROUNDING = 1e-9
"""Relative slack of a test: 200 万元/mu written as 13.3333 万元/… must not fail its own limit by rounding."""


@dataclass(frozen=True, eq=False)
class Failure:
    """The options that fail one rule. figure and limit are ratios in unit(of)/unit(per); nan for a veto."""

    rule: str
    otherwise: str
    """reject, trim or discuss"""
    bound: str
    options: Ints
    figure: Floats
    limit: Floats


@dataclass(frozen=True, eq=False)
class Admission:
    """The outcome of the tests: what competes, and what does not and why."""

    asked: Candidates
    """everything, as asked"""
    candidates: Candidates
    """the options that compete, trimmed amounts"""
    kept: Ints
    """(k,) the option of `asked` that each competing option is"""
    competes: Bools
    """(n,)"""
    discuss: Bools
    """(n,) left to the meeting"""
    failures: tuple[Failure, ...]
    """in the order of the rules; options counted in `asked`"""
    trimmed: dict[str, Floats]
    """measure -> (k of asked,) amount allowed, where some amount was trimmed"""


def limits(standard: Standard, bound: str, candidates: Candidates) -> Floats:
    """(n,) the limit that holds for each project; nan where the standard does not apply."""
    limit = getattr(standard, bound)
    if limit is None:
        return np.full(len(candidates), np.nan)
    if not isinstance(limit, LimitTable):
        return np.full(len(candidates), float(limit))
    codes = candidates.attributes[limit.key]
    known = {code: limit_for(limit.limits, code, limit.default) for code in set(codes.tolist())}
    return np.array([np.nan if known[c] is None else known[c] for c in codes.tolist()], dtype=float)


def test(rule: StandardRule, geography: Geography) -> list[Failure]:
    """Options that fail a standard:  of ≥ at_least · per,  of ≤ at_most · per,  multiplied out."""
    asked = geography.candidates
    standard = rule.standard
    of = asked.amount(standard.of)
    per = asked.amount(standard.per) if standard.per else np.ones_like(of)
    applies = geography.matches(rule.where) & ~asked.table["committed"].to_numpy()[asked.project]
    failures = []
    for bound in ("at_least", "at_most"):
        limit = limits(standard, bound, asked)[asked.project]
        needed = np.where(np.isnan(limit), 0.0, limit) * per
        slack = ROUNDING * np.maximum(np.abs(of), np.abs(needed))
        wrong = of < needed - slack if bound == "at_least" else of > needed + slack
        options = np.flatnonzero(wrong & applies & ~np.isnan(limit))
        with np.errstate(divide="ignore", invalid="ignore"):
            figure = of[options] / per[options]
        failures.append(Failure(rule.name, standard.otherwise, bound, options, figure, limit[options]))
    return [f for f in failures if len(f.options)]


def veto(rule: VetoRule, geography: Geography) -> Failure:
    """Options that a veto excludes."""
    asked = geography.candidates
    hit = geography.matches(rule.where) & ~asked.table["committed"].to_numpy()[asked.project]
    options = np.flatnonzero(hit)
    nothing = np.full(len(options), np.nan)
    return Failure(rule.name, "reject", "", options, nothing, nothing)


def trim(rule: StandardRule, failure: Failure, asked: Candidates, allowed: dict[str, Floats]) -> None:
    """Cut `per` to of / limit, the tightest cut of all standards."""
    per, of = str(rule.standard.per), asked.amount(rule.standard.of)
    cut = allowed.setdefault(per, asked.amount(per))
    cut[failure.options] = np.minimum(cut[failure.options], np.maximum(of[failure.options] / failure.limit, 0.0))


def admit(scenario: Scenario, asked: Candidates) -> Admission:
    """Put every candidate to the tests of the scenario. Committed ones stay as they are, whatever they fail."""
    geography = Geography(scenario, asked)
    out: NDArray[np.bool_] = np.zeros(len(asked.project), dtype=bool)
    rejected, discussed = out.copy(), out.copy()
    failures: list[Failure] = []
    allowed: dict[str, Floats] = {}
    for rule in scenario.rules:
        if isinstance(rule, VetoRule):
            found = [veto(rule, geography)]
        elif isinstance(rule, StandardRule):
            found = test(rule, geography)
        else:
            continue
        for failure in found:
            if failure.otherwise == "trim" and isinstance(rule, StandardRule):
                trim(rule, failure, asked, allowed)
            else:
                (discussed if failure.otherwise == "discuss" else rejected)[failure.options] = True
        failures += found
    kept = ~(rejected | discussed)
    competing = asked
    for measure, amounts in allowed.items():
        competing = competing.trimmed(measure, amounts)
    competing = competing.keep(kept)
    competes = np.zeros(len(asked), dtype=bool)
    competes[competing.project] = True
    meeting = np.zeros(len(asked), dtype=bool)
    meeting[asked.project[discussed & ~rejected]] = True
    return Admission(asked, competing, np.flatnonzero(kept), competes, meeting & ~competes, tuple(failures), allowed)
