"""What contradicts itself or means nothing in the rules."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ...models.codes import limit_for
from ...models.rule import (
    Bounded,
    CountRule,
    EvenUseRule,
    ExclusiveRule,
    LimitTable,
    Measured,
    MixRule,
    RatioRule,
    RequiresRule,
    Rule,
    StandardRule,
    SynergyRule,
    TogetherRule,
    TotalRule,
    VetoRule,
)
from ...models.where import Where
from ..candidates import Bools, Candidates
from .checks import Checker
from .findings import listed


def check_rules(checker: Checker) -> None:
    """Every rule by itself, then what they say together."""
    names: set[str] = set()
    for rule in checker.scenario.rules:
        place = checker.places.at("rules", rule.name, "name")
        if rule.name in names:
            checker.found.add("duplicate-rule", place, name=rule.name)
        if "|" in rule.name:
            checker.found.add("name-sign", place, name=rule.name, sign="|")
        names.add(rule.name)
        _check(checker, rule)
    _requires_together(checker)


def _check(checker: Checker, rule: Rule) -> None:
    match rule:
        case StandardRule():
            _standard(checker, rule)
        case VetoRule():
            _selects(checker, rule, rule.where)
        case TotalRule() | CountRule():
            _sum(checker, rule)
        case RatioRule():
            _ratio(checker, rule)
        case RequiresRule() | ExclusiveRule() | TogetherRule():
            _link(checker, rule)
        case SynergyRule():
            _synergy(checker, rule)
        case MixRule():
            if checker.attribute(rule.mix.of, "rules", rule.name, "mix", "of"):
                _each(checker, rule)
                _selects(checker, rule, rule.where)
        case EvenUseRule():
            _even_use(checker, rule)


def _sum(checker: Checker, rule: TotalRule | CountRule) -> None:
    if isinstance(rule, TotalRule):
        known = checker.measure(rule.total.of, "rules", rule.name, "total", "of")
        _measured(checker, rule, rule.total, rule.total.of if known else "1", rule.total.existing)
        _selects(checker, rule, rule.where)
        return
    _measured(checker, rule, rule.count, "1", rule.count.existing)
    selected = _selects(checker, rule, rule.where)
    if selected is not None and checker.projects is not None:
        _whole(checker, rule, np.unique(checker.projects.candidates.project[selected]))


def _link(checker: Checker, rule: RequiresRule | ExclusiveRule | TogetherRule) -> None:
    match rule:
        case RequiresRule():
            _members(checker, rule, [rule.requires.project], "requires", "project")
            _whole(checker, rule, _members(checker, rule, rule.requires.needs, "requires", "needs"))
        case ExclusiveRule():
            members = _members(checker, rule, rule.exclusive, "exclusive")
            _whole(checker, rule, members)
            _all_committed(checker, rule, members)
        case TogetherRule():
            _members(checker, rule, rule.together, "together")


def _measured(checker: Checker, rule: Measured, body: Bounded, unit: str, existing: object) -> None:
    """Limits, existing, each and soft of a rule with bounds."""
    at = ("rules", rule.name, rule.kind)
    place = checker.places.at(*at)
    limits = dict(body.bounds())
    if not limits and checker.sound(*at):
        checker.found.add("no-limit", place)
    if "exactly" in limits and len(limits) > 1:
        checker.found.add("limits-both", place)
    checker.crossed(body.at_least, body.at_most, *at)
    _each(checker, rule)
    if isinstance(existing, dict):
        _existing(checker, rule, existing)
    one_percent = rule.soft is not None and rule.soft.per is None and not isinstance(rule, RatioRule)
    if one_percent and 0 in limits.values():
        measure = checker.scenario.measures.get(unit)
        soft = checker.places.at("rules", rule.name, "soft")
        checker.found.add("soft-zero", soft, unit=measure.unit if measure else unit)


def _existing(checker: Checker, rule: Measured, existing: Iterable[str]) -> None:
    at = ("rules", rule.name, rule.kind, "existing")
    if rule.each is None:
        checker.found.add("existing-each", checker.places.at(*at))
    for value in existing:
        if rule.each == "zone":
            checker.zone(value, *at, value)
        elif rule.each in checker.scenario.attributes:
            checker.values(rule.each, [value], *at, value)


def _each(checker: Checker, rule: Measured) -> None:
    at = ("rules", rule.name, "each")
    if rule.each == "zone" and not checker.scenario.zones:
        checker.found.add("zones-missing", checker.places.at(*at), key="each: zone")
    elif rule.each is not None and rule.each != "zone":
        checker.attribute(rule.each, *at)


def _selects(checker: Checker, rule: Rule, *wheres: Where, key: str = "where") -> Bools | None:
    """(k,) the options that match every condition; None if one is not sound. Noted if there are none."""
    at = ("rules", rule.name, key)
    checker.where(wheres[-1], *at)
    if checker.projects is None or not checker.sound(*at) or not checker.sound("rules", rule.name, "where"):
        return None
    selected = checker.selected(*wheres)
    if checker.complete and not selected.any():
        checker.found.add("selects-nothing", checker.places.at(*at))
    return selected


def _standard(checker: Checker, rule: StandardRule) -> None:
    body, at = rule.standard, ("rules", rule.name, "standard")
    checker.measure(body.of, *at, "of")
    checker.measure(body.per, *at, "per")
    selected = _selects(checker, rule, rule.where)
    if body.at_least is None and body.at_most is None and checker.sound(*at):
        checker.found.add("no-limit", checker.places.at(*at))
    if isinstance(body.at_least, float) and isinstance(body.at_most, float):
        checker.crossed(body.at_least, body.at_most, *at)
    if body.otherwise == "trim" and body.per is None:
        checker.found.add("trim-per", checker.places.at(*at, "otherwise"))
    if body.otherwise == "trim" and body.at_most is not None:
        checker.found.add("trim-at-most", checker.places.at(*at, "otherwise"))
    for key, limit in (("at_least", body.at_least), ("at_most", body.at_most)):
        if isinstance(limit, LimitTable) and checker.attribute(limit.key, *at, key, "key"):
            _unmatched(checker, limit, selected, *at, key)


def _unmatched(checker: Checker, limit: LimitTable, selected: Bools | None, *at: str) -> None:
    if checker.projects is None or selected is None or limit.default is not None or not checker.sound(*at):
        return
    candidates = checker.projects.candidates
    codes = candidates.attributes[limit.key]
    missing = [
        candidates.ids[row]
        for row in np.unique(candidates.project[selected])
        if limit_for(limit.limits, codes[row], None) is None
    ]
    if missing:
        checker.found.add("code-unmatched", checker.places.at(*at), count=len(missing), names=listed(missing))


def _ratio(checker: Checker, rule: RatioRule) -> None:
    body, at = rule.ratio, ("rules", rule.name, "ratio")
    checker.measure(body.of, *at, "of")
    known = checker.measure(body.per, *at, "per")
    _measured(checker, rule, body, body.of, body.existing)
    _selects(checker, rule, rule.where)
    _selects(checker, rule, rule.where, rule.of_where, key="of_where")
    selected = _selects(checker, rule, rule.where, rule.per_where, key="per_where")
    if known and selected is not None and checker.projects is not None:
        candidates = checker.projects.candidates
        negative = selected & (candidates.amount(body.per) < 0)
        if negative.any():
            names = listed(candidates.ids[np.unique(candidates.project[negative])])
            checker.found.add("ratio-negative", checker.places.at(*at, "per"), names=names, measure=body.per)


def _members(checker: Checker, rule: Rule, members: Iterable[str], *at: str) -> list[int]:
    """Rows of the projects that a rule names; unknown and repeated ones are noted."""
    place = checker.places.at("rules", rule.name, *at)
    if checker.projects is None:
        return []
    rows = {one: row for row, one in enumerate(checker.projects.candidates.ids)}
    seen: dict[str, int] = {}
    for one in members:
        checker.project(one, "rules", rule.name, *at)
        if one in seen:
            checker.found.add("project-repeated", place, name=one)
        elif one in rows:
            seen[one] = rows[one]
    return list(seen.values())


def whole(candidates: Candidates) -> Bools:
    """(n,) projects that are carried out whole, in units or from a least share on, and so are in or out."""
    table = candidates.table
    result: Bools = ((table["min_share"] > 0) | (table["units"] > 0) | table["committed"]).to_numpy(dtype=bool)
    return result


def _whole(checker: Checker, rule: Rule, rows: Iterable[int]) -> None:
    if checker.projects is None:
        return
    candidates = checker.projects.candidates
    is_whole = whole(candidates)
    names = [candidates.ids[row] for row in rows if not is_whole[row]]
    if names:
        checker.found.add("divisible", checker.places.at("rules", rule.name), names=listed(names))


def _all_committed(checker: Checker, rule: ExclusiveRule, members: Iterable[int]) -> None:
    if checker.projects is not None and rule.soft is None:
        candidates = checker.projects.candidates
        committed = candidates.table["committed"].to_numpy()
        names = [candidates.ids[row] for row in members if committed[row]]
        if len(names) > 1:
            place = checker.places.at("rules", rule.name, "exclusive")
            checker.found.add("committed-exclusive", place, names=listed(names))


def _synergy(checker: Checker, rule: SynergyRule) -> None:
    body, at = rule.synergy, ("rules", rule.name, "synergy")
    for name in body.adds:
        checker.measure(name, *at, "adds", name)
    rows = _members(checker, rule, body.projects, "synergy", "projects")
    if body.same_zone and checker.projects is not None and len(rows) > 1:
        candidates = checker.projects.candidates
        zones = [set(candidates.zone[candidates.project == row].tolist()) for row in rows]
        if not set.intersection(*zones):
            names = listed(candidates.ids[rows])
            checker.found.add("synergy-apart", checker.places.at(*at), names=names)


def _even_use(checker: Checker, rule: EvenUseRule) -> None:
    at = ("rules", rule.name, "even_use")
    zones = checker.scenario.zones
    if not zones:
        checker.found.add("zones-missing", checker.places.at(*at), key="even_use")
    elif checker.measure(rule.even_use.of, *at, "of"):
        supplied = [zone for zone in zones.values() if rule.even_use.of in zone.supply]
        if len(supplied) < 2:
            checker.found.add("even-use-alone", checker.places.at(*at, "of"), name=rule.even_use.of)


def _requires_together(checker: Checker) -> None:
    """Circles of requires, and needs that another rule shuts out."""
    rules = checker.scenario.rules
    needs: dict[str, list[str]] = {}
    at: dict[str, tuple[str | int, ...]] = {}
    for rule in rules:
        if isinstance(rule, RequiresRule):
            needs.setdefault(rule.requires.project, []).extend(rule.requires.needs)
            at.setdefault(rule.requires.project, ("rules", rule.name))
    checker.acyclic(needs, "requires", at)
    exclusive = [(rule.name, set(rule.exclusive)) for rule in rules if isinstance(rule, ExclusiveRule)]
    for one, others in needs.items():
        for other in others:
            for name, members in exclusive:
                if one != other and {one, other} <= members:
                    place = checker.places.at(*at[one])
                    checker.found.add("never-both", place, name=one, other=other, rule=name)
