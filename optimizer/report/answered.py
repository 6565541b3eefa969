"""explain.json beside a plan.json, read back: the answers about that plan, or why they are not used."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ...models.explanation import Explanation
from ...models.finding import Finding, InputError, Message, Place, Severity
from ...models.plan import Provenance
from ..allocation import Allocation
from .explained import EXPLAIN
from .json import LARGEST, MOST_FINDINGS, document, parsed
from .words import clean

EXPLAIN_AGAIN = Message("run landalloc explain again, or remove the file")


def load(directory: Path, allocation: Allocation) -> tuple[Allocation, list[Finding]]:
    """The plan with the answers that stand beside it, and a warning where they are about another one.

    Raises:
        InputError: the file cannot be read, or is not in the form of explain.json.
    """
    path = directory / EXPLAIN
    if not path.exists():
        return allocation, []
    explanation = _validated(_mapping(path))
    if explanation.provenance is None or not same_inputs(explanation.provenance, allocation.plan.provenance):
        what = Message("the answers are about other inputs than the plan beside them: they are left out")
        return allocation, [_finding("other-inputs", what, severity=Severity.WARNING)]
    unknown = sorted({*_names(explanation)} - {*_known(allocation)})
    if unknown:
        what = Message("{name} is not in the plan beside it", {"name": clean(unknown[0], 80)})
        raise InputError([_finding("not-answers", what)])
    return replace(allocation, answers=explanation), []


def canonical(explanation: Explanation) -> Explanation:
    """The same answers with figures as the file has them, so that a report made now is the one made later from it."""
    return _validated(parsed(document(explanation)))


def together(directory: Path, found: Explanation) -> Explanation | None:
    """The answers that stand in a folder with these among them, in place of older ones about the same projects.

    None where none about the same inputs stand there.
    """
    path = directory / EXPLAIN
    try:
        before = _validated(_mapping(path)) if path.exists() else None
    except InputError:
        return None  # it is about to be replaced
    if before is None or before.provenance is None or found.provenance is None:
        return None
    if not same_inputs(before.provenance, found.provenance):
        return None
    new = {one.id: one for one in found.projects}
    still_open = [name for name in before.unproved if name.partition("|")[2].partition("|")[0] not in new]
    kept = [new.pop(one.id, one) for one in before.projects]
    people, unproved = (*kept, *new.values()), (*still_open, *found.unproved)
    return before.model_copy(update={"projects": people, "unproved": unproved, "provenance": found.provenance})


def same_inputs(one: Provenance, other: Provenance) -> bool:
    """Whether two results come from the same files, case and changes."""
    return (one.inputs, one.case, one.set) == (other.inputs, other.case, other.set)


def _mapping(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            raise InputError([_finding("too-large", Message("the file is too large to be read"))])
        data = parsed(path.read_bytes())
    except OSError as error:
        why = Message("it cannot be read: {why}", {"why": error.strerror or str(error)})
        raise InputError([_finding("no-answers", why)]) from None
    except (ValueError, RecursionError) as error:
        raise InputError(
            [_finding("not-json", Message("this is not JSON: {why}", {"why": clean(str(error))}))]
        ) from None
    if not isinstance(data, dict):
        why = Message("these are no answers of landalloc: {why}", {"why": type(data).__name__})
        raise InputError([_finding("not-answers", why)])
    return data


def _validated(data: dict[str, Any]) -> Explanation:
    try:
        return Explanation.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        raise InputError([_misfit(one) for one in error.errors()[:MOST_FINDINGS]]) from None


def _misfit(error: Any) -> Finding:
    """What pydantic says of one place, as a finding."""
    path = ".".join(str(step) for step in error["loc"])
    return _finding("not-answers", Message("{path}: {why}", {"path": path, "why": error["msg"]}), path)


def _finding(code: str, what: Message, path: str = "", severity: Severity = Severity.ERROR) -> Finding:
    why = Message("answers stand in a report only as landalloc explain wrote them, about the plan beside them")
    return Finding(severity, code, Place(EXPLAIN, path=path), what, why, EXPLAIN_AGAIN)


def _names(explanation: Explanation) -> Iterator[str]:
    """Every noun that the answers name, as KIND NAME."""

    def people(ids: Collection[str]) -> Iterator[str]:
        yield from (f"project {id_}" for id_ in ids)

    for answers in explanation.projects:
        yield f"project {answers.id}"
        for swap in (answers.forced, answers.withdrawn):
            if swap is not None:
                yield from people([*swap.enters, *swap.leaves])
    for curve in explanation.prices:
        yield f"measure {curve.measure}"
        if curve.zone is not None:
            yield f"zone {curve.zone}"
        for step in curve.steps:
            yield from people([*step.enters, *step.leaves])
    for cost in explanation.rules:
        yield from (f"criterion {name}" for name in cost.cost_in)
    for other in explanation.alternatives:
        yield from people([*other.enters, *other.leaves])
        yield from (f"criterion {name}" for name in other.criteria)


def _known(allocation: Allocation) -> Iterator[str]:
    plan = allocation.plan
    yield from (f"project {id_}" for id_ in allocation.projects["id"])
    yield from (f"measure {noun.name}" for noun in plan.measures)
    yield from (f"zone {noun.name}" for noun in plan.zones)
    yield from (f"criterion {noun.name}" for noun in plan.criteria)
