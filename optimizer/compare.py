"""Plans -> the same plans side by side, on the terms of the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import pandas as pd

from ..models.comparison import (
    Change,
    ComparedCriterion,
    ComparedMeasure,
    ComparedPlan,
    ComparedResource,
    ComparedRule,
    ComparedZone,
    Comparison,
)
from ..models.finding import Finding, InputError, Message, Place, Quantity, Severity
from ..models.plan import Decision, PlannedMeasure, Resource, RuleRow, Status
from ..models.quantity import QuantityError
from . import changed, terms
from .comparison import Compared, Entry
from .terms import Factors


def compare(entries: Sequence[Entry]) -> Compared:
    """Two or more plans side by side; the first is what the others are compared with.

    Raises:
        InputError: a plan has a project twice or a measure that it does not declare, measures of one name are of
            different kinds, or no project of a plan is one of the first.
    """
    wrong = [finding for entry in entries for finding in (*_twice(entry), *_undeclared(entry))]
    if wrong:
        raise InputError(wrong)
    factors, converted = terms.common_units(entries)
    _something_in_common(entries)
    criteria, counted = terms.criteria(entries, factors)
    measures = _measures(entries, factors)
    projects = changed.columns(entries, factors, [m.name for m in measures if m.scarce])
    hints = [*_limited(entries), *changed.renamed(projects, entries), *changed.retitled(entries)]
    comparison = Comparison(
        plans=tuple(_plan(entry, i, criteria, projects) for i, entry in enumerate(entries)),
        measures=measures,
        zones=_zones(entries),
        criteria=criteria,
        resources=_resources(entries, factors, measures),
        rules=_rules(entries),
    )
    return Compared(comparison, projects, [*converted, *counted, *hints])


def _twice(entry: Entry) -> Iterator[Finding]:
    ids = entry.allocation.projects["id"]
    for name in ids[ids.duplicated()].drop_duplicates():
        yield Finding(
            Severity.ERROR,
            "duplicate-id",
            Place(entry.source),
            Message("project {project} stands there twice", {"project": name}),
            Message("Projects are matched by code (id)."),
            Message("run landalloc solve again, or name the folder of another result"),
        )


def _undeclared(entry: Entry) -> Iterator[Finding]:
    """Measures that a plan counts or supplies and does not declare: no plan as landalloc writes it."""
    plan = entry.allocation.plan
    used = [name for c in plan.criteria for name in (c.of, c.per) if name is not None]
    for name in sorted({*used, *(row.measure for row in plan.resources)} - {measure.name for measure in plan.measures}):
        yield Finding(
            Severity.ERROR,
            "not-a-plan",
            Place(entry.source),
            Message("this is no plan of landalloc: {why}", {"why": name}),
            Message("It names a measure that it does not declare."),
            Message("run landalloc solve again, or name the folder of another result"),
        )


def _limited(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Plans that stopped at a limit: what differs may be the limit's doing."""
    for entry in entries:
        plan = entry.allocation.plan
        if plan.status is Status.LIMIT:
            below = plan.bound - plan.objective
            what = Message("the solver stopped at a limit, and a better plan may exist")
            if below < float("inf"):
                names = {"points": Quantity(below, "points")}
                what = Message("the solver stopped at a limit, up to {points} below the best possible", names)
            why = Message("Some of what differs may come from that.")
            yield Finding(Severity.WARNING, "limit", Place(entry.source), what, why, Message(""))


def _something_in_common(entries: Sequence[Entry]) -> None:
    """Every plan shares a project with the first.

    Raises:
        InputError: one does not.
    """
    known = set(entries[0].allocation.projects["id"])
    titles = set(entries[0].allocation.projects["title"])
    findings = []
    for entry in entries[1:]:
        projects = entry.allocation.projects
        if known.isdisjoint(projects["id"]):
            names = {"first": entries[0].label, "count": int(projects["title"].isin(titles).sum())}
            remedy = Message("Name plans of the same candidates.")
            if names["count"]:
                remedy = Message(
                    "{count} projects have a title that is in {first} too: give them the same code.", names
                )
            findings.append(
                Finding(
                    Severity.ERROR,
                    "nothing-in-common",
                    Place(entry.source),
                    Message("no project here is one of {first}", names),
                    Message("Projects are matched by code (id)."),
                    remedy,
                )
            )
    if findings:
        raise InputError(findings)


def _plan(entry: Entry, i: int, criteria: Sequence[ComparedCriterion], projects: pd.DataFrame) -> ComparedPlan:
    plan = entry.allocation.plan
    points = [criterion.points[i] for criterion in criteria]
    decisions = entry.allocation.projects["decision"].value_counts().to_dict()
    kinds = projects[f"change@{i}"].value_counts().to_dict() if i else {}
    return ComparedPlan(
        label=entry.label,
        source=entry.source,
        kind=entry.kind,
        name=plan.name,
        title=plan.title,
        case=plan.case,
        set={path: str(value) for path, value in plan.provenance.set.items()},
        status=plan.status,
        linear=plan.linear,
        score=None if any(one is None for one in points) else sum(one for one in points if one is not None),
        own_score=plan.score,
        penalty=plan.penalty,
        decisions={code: int(decisions[code]) for code in Decision if code in decisions},
        changes={kind: int(kinds[kind]) for kind in Change if kind in kinds},
        moved=int(projects[f"moved@{i}"].sum()) if i else 0,
    )


def _zones(entries: Sequence[Entry]) -> tuple[ComparedZone, ...]:
    found: dict[str, ComparedZone] = {}
    for entry in entries:
        for zone in entry.allocation.plan.zones:
            found.setdefault(zone.name, ComparedZone(name=zone.name, title=zone.title))
    return tuple(found.values())


def _beside[Key, Row, Value](
    plans: Sequence[Mapping[Key, Row]], key: Key, of: Callable[[Row, int], Value]
) -> tuple[Value | None, ...]:
    """What the row of a key says in each plan, None where a plan has no such row."""
    return tuple(of(own[key], i) if key in own else None for i, own in enumerate(plans))


def _keys[Key, Row](plans: Sequence[Mapping[Key, Row]]) -> list[Key]:
    """The keys of all plans, in the order of the first plan that has them."""
    return list(dict.fromkeys(key for own in plans for key in own))


def _measures(entries: Sequence[Entry], factors: Sequence[Factors]) -> tuple[ComparedMeasure, ...]:
    """The measures of all plans, totals of what was asked for and granted in the common unit."""
    plans = [{measure.name: measure for measure in entry.allocation.plan.measures} for entry in entries]

    def total(group: str) -> Callable[[PlannedMeasure, int], float]:
        def of(measure: PlannedMeasure, i: int) -> float:
            projects = entries[i].allocation.projects
            return float(projects[f"{group}.{measure.name}"].sum()) * factors[i][measure.name]

        return of

    rows = []
    for name in _keys(plans):
        first = next(own[name] for own in plans if name in own)
        rows.append(
            ComparedMeasure(
                name=name,
                title=first.title,
                unit=first.unit,
                scarce=any(own[name].scarce for own in plans if name in own),
                requested=_beside(plans, name, total("requested")),
                granted=_beside(plans, name, total("granted")),
            )
        )
    return tuple(rows)


def _resources(
    entries: Sequence[Entry], factors: Sequence[Factors], measures: Sequence[ComparedMeasure]
) -> tuple[ComparedResource, ...]:
    """The supplies of all plans; prices are points of each plan's own score for one more of the common unit."""
    units = {measure.name: measure.unit for measure in measures}
    plans = [{(row.measure, row.zone): row for row in entry.allocation.plan.resources} for entry in entries]

    def amount(name: str) -> Callable[[Resource, int], float]:
        return lambda row, i: float(getattr(row, name)) * factors[i][row.measure]

    return tuple(
        ComparedResource(
            measure=key[0],
            zone=key[1],
            unit=units[key[0]],
            supply=_beside(plans, key, amount("supply")),
            made=_beside(plans, key, amount("made")),
            requested=_beside(plans, key, amount("requested")),
            used=_beside(plans, key, amount("used")),
            slack=_beside(plans, key, amount("slack")),
            price=_beside(plans, key, lambda row, i: row.price / factors[i][row.measure]),
        )
        for key in _keys(plans)
    )


Rule = tuple[RuleRow, float]
"""a row, and what its figures are multiplied by to be in the unit of the first row of its key"""


def _rules(entries: Sequence[Entry]) -> tuple[ComparedRule, ...]:
    """The rules of all plans, matched by name, kind, value of `each` and bound; of another unit: a row of its own."""
    first: dict[tuple[object, ...], RuleRow] = {}
    plans: list[dict[tuple[object, ...], Rule]] = []
    for entry in entries:
        own: dict[tuple[object, ...], Rule] = {}
        for row in entry.allocation.plan.rules:
            key: tuple[object, ...] = (row.name, row.kind, row.each, row.bound)
            by = _rule_factor(row, first.setdefault(key, row))
            if by is None:
                key, by = (*key, row.unit), 1.0
                first.setdefault(key, row)
            own[key] = row, by
        plans.append(own)
    return tuple(
        ComparedRule(
            **first[key].model_dump(include={"name", "title", "kind", "each", "bound", "unit"}),
            limit=_beside(plans, key, lambda rule, _: _times(rule[0].limit, rule[1])),
            value=_beside(plans, key, lambda rule, _: _times(rule[0].value, rule[1])),
            penalty=_beside(plans, key, lambda rule, _: rule[0].penalty),
            kept=_beside(plans, key, lambda rule, _: rule[0].kept),
        )
        for key in _keys(plans)
    )


def _times(value: float | None, by: float) -> float | None:
    return None if value is None else value * by


def _rule_factor(row: RuleRow, first: RuleRow) -> float | None:
    """What figures of a rule are multiplied by to be in the unit of another; None if they cannot be."""
    if row.unit == first.unit:
        return 1.0
    try:
        return None if row.unit is None or first.unit is None else terms.ratio(row.unit, first.unit)
    except QuantityError:
        return None
