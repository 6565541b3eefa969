"""The certificate again, from the files alone.

Everything in plan.json that follows from the scenario, the shares and the prices is worked out anew: twice where two
independent ways exist (the tables by which the plan was made, and the certificate's own count). The rest is covered
by the digest.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from ..models.finding import Finding, Message, Place, Severity
from ..models.plan import Provenance, Status
from .allocation import Allocation
from .assemble import Solved, project_table
from .candidates import Floats
from .certify import certify
from .pipeline import compose, formulated, full_shares, prepare
from .read import Reading, read
from .recount import Recount, recount
from .report import json as plan_json
from .score import scales

PLAN = plan_json.PLAN
MOST = 30
"""Differences that are listed; a plan that is wrong in more places is simply wrong."""
NEAR = 1e-7
"""Relative difference of two ways of adding up the same: plan.json has twelve digits of shares and prices."""

WHY = Message("It does not follow from the scenario, the shares and the prices that the plan states.", {})
REMEDY = Message("Do not use this file; solve the scenario again.", {})


def problem(code: str, path: str, what: Message, why: Message = WHY, remedy: Message = REMEDY) -> Finding:
    """An error in plan.json."""
    return Finding(Severity.ERROR, code, Place(file=PLAN, path=path), what, why, remedy)


def verify(directory: Path, scenario: Path) -> list[Finding]:
    """What is wrong with a result, nothing if all is well.

    Raises InputError where the scenario or the plan cannot be read at all.
    """
    allocation = plan_json.load(directory)
    findings = [] if plan_json.digest_ok(directory) else [touched()]
    origin = allocation.plan.provenance
    reading = read(scenario, case=allocation.plan.case, changes={k: str(v) for k, v in origin.set.items()})
    findings += other_inputs(origin, reading)
    kept = scales(reading.base_scenario, reading.base_candidates)
    solved = replayed(allocation, reading, kept)
    if isinstance(solved, Finding):
        return [*findings, solved]
    again = rebuilt(allocation, reading, solved, kept)
    wrong = [*violated(again), *compare(again, allocation), *recounted(allocation, reading, solved, kept)]
    return [*findings, *wrong[:MOST]]


def touched() -> Finding:
    return problem(
        "digest",
        "digest",
        Message("The digest does not belong to this file.", {}),
        Message("Something in it was changed after it was written.", {}),
    )


def other_inputs(origin: Provenance, reading: Reading) -> list[Finding]:
    """Files that are not those the plan was made from."""
    return [
        problem(
            "other-input",
            f"provenance.inputs.{name}",
            Message("{file} is not the file that the plan was made from.", {"file": name}),
            Message("Its SHA-256 differs.", {}),
            Message("Verify with the files of that time, or solve again.", {}),
        )
        for name in sorted(set(origin.inputs) | set(reading.inputs))
        if origin.inputs.get(name) != reading.inputs.get(name)
    ]


def replayed(allocation: Allocation, reading: Reading, kept: Mapping[str, float]) -> Solved | Finding:
    """The shares and prices of the plan, put into the scenario."""
    scenario, asked = reading.scenario, reading.candidates
    admission, scores = prepare(scenario, asked, kept)
    tiers = list(allocation.plan.tiers)
    if len(tiers) != len(scenario.tiers):
        return problem("tiers", "tiers", Message("The plan has other tiers than the scenario.", {}))
    program = formulated(scenario, admission, scores, tiers)
    table = allocation.projects
    if sorted(table["id"]) != asked.ids.tolist():
        return problem("projects", "projects", Message("The plan has other projects than the scenario.", {}))
    table = table.sort_values("id", ignore_index=True)  # as candidates stand
    by_zone = [table[f"share@{z}"].to_numpy() for z in scenario.zones] or [table["share"].to_numpy()]
    stated = np.column_stack(by_zone)
    candidates = admission.candidates
    shares: Floats = stated[candidates.project, candidates.zone].astype(float)
    if not math.isclose(float(stated.sum()), float(shares.sum()), rel_tol=NEAR, abs_tol=NEAR):
        return problem("zones", "projects", Message("A project sits where it is not admissible.", {}))
    prices = {name: allocation.plan.certificate.prices.get(name, 0.0) for _, name in program.shared_rows()}
    return Solved(scenario, admission, scores, program, shares, prices, tuple(tiers))


def rebuilt(allocation: Allocation, reading: Reading, solved: Solved, kept: Mapping[str, float]) -> Allocation:
    """The plan that these shares and prices give."""
    stated = allocation.plan
    certificate = certify(
        reading.scenario,
        reading.candidates,
        full_shares(solved),
        stated.certificate.prices,
        scales=kept,
        tier_values=[t.value for t in solved.tiers],
        objective=stated.objective,
        bound_solver=stated.certificate.bound_solver,
    )
    responses = {
        f"supply|{r.measure}|{r.zone or ''}": r.price_in for r in stated.resources
    }  # they follow from the basis, which no file keeps: the digest covers them
    plan = compose(solved, certificate, responses, stated.provenance, stated.language)
    if plan.status is not Status.OPTIMAL and stated.status is Status.LIMIT:
        plan = plan.model_copy(update={"status": Status.LIMIT})
    return Allocation(plan, project_table(solved, stated.language))


def violated(again: Allocation) -> list[Finding]:
    """The certificate's verdict on the shares."""
    certificate = again.plan.certificate
    if certificate.max_violation <= certificate.tolerance:
        return []
    what = Message("The plan breaks a limit by {size} of it.", {"size": certificate.max_violation})
    return [problem("violation", "certificate.max_violation", what)]


def compare(again: Allocation, stated: Allocation) -> list[Finding]:
    """Where two plans differ, figure by figure."""
    pairs = list(differences(plan_json.form(again), plan_json.form(stated), ""))
    if len(stated.projects) > plan_json.MOST_NESTED:  # they stand beside the file, as columns
        pairs += islice(differing(again.projects, stated.projects), MOST)
    return [
        problem("figure", path, Message("{path} is {stated}, not {found}.", {"path": path, "stated": b, "found": a}))
        for path, a, b in pairs
        if not path.startswith("certificate.max_violation")
    ]


def differing(found: pd.DataFrame, stated: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """(path, found, stated) wherever two tables of the same projects differ, column by column."""
    if len(found) != len(stated):
        yield "projects", shown(len(found)), shown(len(stated))
        return
    for name in dict.fromkeys([*stated, *found]):
        one, other = (
            table[name] if name in table else pd.Series(np.nan, index=table.index) for table in (found, stated)
        )
        if all(pd.api.types.is_numeric_dtype(column.dtype) for column in (one, other)):
            a, b = (column.to_numpy(dtype=float, na_value=np.nan) for column in (one, other))
            with np.errstate(invalid="ignore"):
                near = np.abs(a - b) <= np.maximum(NEAR, NEAR * np.maximum(np.abs(a), np.abs(b)))
            alike = (near & np.isfinite(a) & np.isfinite(b)) | (a == b) | (np.isnan(a) & np.isnan(b))
        else:
            a, b = one.to_numpy(dtype=object), other.to_numpy(dtype=object)
            alike = (a == b) | (pd.isna(a) & pd.isna(b))
        for i in np.flatnonzero(~alike).tolist():
            yield f"projects.{stated['id'].iloc[i]}.{name}", shown(one.iloc[i]), shown(other.iloc[i])


def differences(found: object, stated: object, path: str) -> Iterator[tuple[str, str, str]]:
    """(path, found, stated) wherever two trees differ by more than the digits that files keep."""
    if isinstance(found, Mapping) and isinstance(stated, Mapping):
        for key in [*stated, *(k for k in found if k not in stated)]:
            yield from differences(found.get(key), stated.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(found, list | tuple) and isinstance(stated, list | tuple) and len(found) == len(stated):
        for i, (a, b) in enumerate(zip(found, stated, strict=True)):
            yield from differences(a, b, f"{path}.{name_of(b, i)}")
    elif not same(found, stated):
        yield path, shown(found), shown(stated)


def name_of(item: object, place: int) -> str:
    """How an item of a list is called: by its id or name if it has one."""
    if isinstance(item, Mapping):
        return str(item.get("id") or item.get("name") or place)
    return str(place)


def shown(value: object) -> str:
    """A value in a finding, cut short."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def same(a: object, b: object) -> bool:
    """Equal, figures but for the last digits."""
    if (
        isinstance(a, int | float)
        and isinstance(b, int | float)
        and not isinstance(a, bool)
        and not isinstance(b, bool)
    ):
        if math.isnan(a) or math.isnan(b):
            return math.isnan(a) and math.isnan(b)
        return a == b or math.isclose(a, b, rel_tol=NEAR, abs_tol=NEAR)
    return a == b


def recounted(allocation: Allocation, reading: Reading, solved: Solved, kept: Mapping[str, float]) -> Iterator[Finding]:
    """The certificate's own count against what the plan states."""
    plan = allocation.plan
    count = recount(reading.scenario, reading.candidates, full_shares(solved), scales=kept)
    claims: list[tuple[str, float, float]] = [
        ("score", count.score, plan.score),
        ("penalty", count.penalty, plan.penalty),
        ("objective", count.objective, plan.objective),
        *((f"criteria.{c.name}.total", count.totals[c.name], c.total) for c in plan.criteria),
        *((f"criteria.{c.name}.scale", count.scales[c.name], c.scale) for c in plan.criteria),
        *counted_rows(count, allocation),
    ]
    for path, found, stated in claims:
        if not same(found, stated):
            what = Message("{path} is {stated}, not {found}.", {"path": path, "stated": stated, "found": found})
            yield problem("recount", path, what)


def counted_rows(count: Recount, allocation: Allocation) -> Iterator[tuple[str, float, float]]:
    """Resources and rules, both ways."""
    plan = allocation.plan
    resources = {(r.measure, r.zone): r for r in count.resources}
    for r in plan.resources:
        found = resources.get((r.measure, r.zone))
        for field in ("supply", "made", "requested", "committed", "used", "substituted", "slack", "shortage"):
            value = getattr(found, field) if found else math.nan
            yield f"resources.{r.measure}.{r.zone or ''}.{field}", value, getattr(r, field)
    rules = {(r.name, r.each, r.bound): r for r in count.rules}
    for row in plan.rules:
        counted = rules.get((row.name, row.each, row.bound))
        for field in ("shortfall", "penalty"):
            value = getattr(counted, field) if counted else math.nan
            yield f"rules.{row.name}.{row.each or ''}.{field}", value, getattr(row, field)
