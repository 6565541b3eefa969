"""plan.json: the whole result in one file, byte for byte the same for the same plan, and back.

The canonical file is what `render` makes of it: keys in the order of the contract, one item of a list a line,
figures at twelve significant digits. The digest is the SHA-256 of the canonical file without its digest line,
followed by projects.csv where there is one.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel, TypeAdapter, ValidationError

from ...models.finding import Finding, InputError, Message, Place, Severity
from ...models.plan import Infeasible, Plan, PlanFile, PlannedProject, ProjectsTable
from ..allocation import Allocation
from . import columns, table
from .folder import Content, Stream

PLAN = "plan.json"
MOST_NESTED = 10_000
"""Projects that are written into plan.json itself; more stand beside it as a table."""
LARGEST = 2 << 30
"""Bytes of a file that is read back."""
MOST_FINDINGS = 20

_ORDER = [name for name in PlanFile.model_fields if name not in ("projects", "digest", "provenance")]
_ORDER.insert(_ORDER.index("criteria") + 1, "projects")
_ORDER += ["digest", "provenance"]
_INFINITE = ("bound", "gap", "bound_solver", "bound_proved", "gap_proved")
"""Fields that may be infinite besides the index: a run that stopped early knows no bound."""


def files(allocation: Allocation) -> dict[str, Content]:
    """plan.json and, for many projects, projects.csv, which is written first: name -> content."""
    data = form(allocation)
    if len(allocation.projects) > MOST_NESTED:
        beside = _Beside(data, allocation.projects)
        return {table.NAME: Stream(beside.table), PLAN: Stream(beside.plan)}
    return {PLAN: render(data | {"digest": digest(data)})}


def form(allocation: Allocation) -> dict[str, Any]:
    """What plan.json holds, its digest aside."""
    data: dict[str, Any] = _canonical(allocation.plan.model_dump(mode="python"))
    if len(allocation.projects) > MOST_NESTED:
        return data | {"projects": {"table": table.NAME}}
    return data | {"projects": list(columns.rows(columns.flat_columns(allocation.projects)))}


@dataclass
class _Beside:
    """projects.csv and the plan.json beside it, which has the digest of both."""

    data: dict[str, Any]
    projects: pd.DataFrame
    found: str | None = None

    def table(self) -> Iterator[bytes]:
        taken = hashlib.sha256(_bare(self.data))
        for part in table.parts(self.projects):
            taken.update(part)
            yield part
        self.found = taken.hexdigest()

    def plan(self) -> Iterator[bytes]:
        if self.found is None:  # nobody has written the table
            deque(self.table(), maxlen=0)
        yield render(self.data | {"digest": self.found})


def document(result: BaseModel) -> bytes:
    """Any other result as a canonical file, by its names in files."""
    return render(_canonical(result.model_dump(mode="python", by_alias=True)))


def infeasible(result: Infeasible) -> dict[str, bytes]:
    """plan.json where no plan can keep the hard rules."""
    return {PLAN: render(_canonical(result.model_dump(mode="python")))}


def digest(data: Mapping[str, object], beside: Iterable[bytes] = ()) -> str:
    """SHA-256 over the canonical file without its digest and the table beside it, in hexadecimal."""
    taken = hashlib.sha256(_bare(data))
    for part in beside:
        taken.update(part)
    return taken.hexdigest()


def _bare(data: Mapping[str, object]) -> bytes:
    return render({key: value for key, value in data.items() if key != "digest"})


def render(data: Mapping[str, object]) -> bytes:
    """The canonical file: one key a line, one item of a list a line."""
    known = [key for key in _ORDER if key in data]
    lines = [f"{_dump(key)}: {_block(data[key])}" for key in [*known, *(key for key in data if key not in _ORDER)]]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8", errors="replace")  # half a character has no UTF-8


def _block(value: object) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n  " + ",\n  ".join(map(_dump, value)) + "\n]"
    return _dump(value)


_dump = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(", ", ": ")).encode


def _canonical(value: Any) -> Any:
    """A tree of plain values with every figure canonical."""
    if isinstance(value, BaseModel):
        return _canonical(value.model_dump(mode="python"))
    if isinstance(value, Mapping):
        return {str(key): _canonical(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(one) for one in value]
    return columns.canonical(value) if isinstance(value, float) else value


def load(directory: Path, name: str = PLAN) -> Allocation:
    """The plan of a folder of results, strictly checked. Whether it was touched is what `digest_ok` tells.

    Raises:
        InputError: there is no plan, or it is not in the form of plan.json.
    """
    data = _read(directory, name)
    if data.get("status") == "infeasible":
        what = Message("{name} holds no plan: no plan can keep the hard rules", {"name": data.get("name")})
        raise _error("no-plan", what, SOLVE_AGAIN)
    listed = data.pop("projects", None)
    data.pop("digest", None)
    try:
        plan = Plan.model_validate_json(json.dumps(_infinite(data)), strict=True)
        if isinstance(listed, dict):
            ProjectsTable.model_validate(listed)
            return Allocation(plan, table.read(_readable(directory / table.NAME), plan))
        projects = _PROJECTS.validate_json(json.dumps(listed), strict=True)
        return Allocation(plan, columns.table(projects, plan))
    except ValidationError as error:
        raise InputError([_misfit(one) for one in error.errors()[:MOST_FINDINGS]]) from None
    except (KeyError, ValueError) as error:
        raise _error(
            "not-a-plan", Message("this is no plan of landalloc: {why}", {"why": str(error)}), SOLVE_AGAIN
        ) from None


def digest_ok(directory: Path, name: str = PLAN) -> bool:
    """Whether the files are, byte for byte, what their digest was taken of.

    Raises:
        InputError: there is no plan.json, or it is not JSON.
    """
    data = _read(directory, name)
    written = (directory / name).read_bytes()
    try:
        beside = _parts(_readable(directory / table.NAME)) if isinstance(data.get("projects"), dict) else ()
        return render(data) == written and data.get("digest") == digest(data, beside)
    except ValueError:
        return False


SOLVE_AGAIN = Message("run landalloc solve again, or name the folder of another result")
_PROJECTS = TypeAdapter(tuple[PlannedProject, ...])


def _read(directory: Path, name: str) -> dict[str, Any]:
    """plan.json as a mapping."""
    try:
        data = parsed(b"".join(_parts(_readable(directory / name))))
    except (ValueError, RecursionError) as error:
        raise _error("not-json", Message("this is not JSON: {why}", {"why": str(error)}), SOLVE_AGAIN) from None
    if not isinstance(data, dict):
        raise _error(
            "not-a-plan", Message("this is no plan of landalloc: {why}", {"why": type(data).__name__}), SOLVE_AGAIN
        )
    return data


def parsed(content: bytes) -> Any:
    """What stands in a JSON file in which every key stands once and every figure is one.

    Raises:
        ValueError: it is no such JSON.
        RecursionError: it is nested too deep.
    """
    return json.loads(content, object_pairs_hook=_unique, parse_constant=_no_constant)


def _readable(path: Path) -> Path:
    """A file that is there, can be read and is no larger than `LARGEST`."""
    try:
        if path.stat().st_size > LARGEST:
            raise _error("too-large", Message("the file is too large to be read"), SOLVE_AGAIN, path.name)
        path.open("rb").close()
    except OSError as error:
        why = Message("it cannot be read: {why}", {"why": error.strerror or str(error)})
        raise _error("no-result", why, Message("name a folder that landalloc solve has written"), path.name) from None
    return path


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            yield part


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    data = dict(pairs)
    if len(data) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} stands twice")
    return data


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _infinite(data: dict[str, Any]) -> dict[str, Any]:
    """The plan with the figures that may be infinite as figures."""
    certificate = data.get("certificate")
    inner = _infinite(certificate) if isinstance(certificate, dict) else certificate
    words = {"inf": math.inf, "-inf": -math.inf}
    changed = {key: words[data[key]] for key in _INFINITE if isinstance(data.get(key), str) and data[key] in words}
    return data | changed | ({"certificate": inner} if "certificate" in data else {})


def _misfit(error: Any) -> Finding:
    """What pydantic says of one place, as a finding."""
    path = ".".join(str(step) for step in error["loc"])
    what = Message("{path}: {why}", {"path": path, "why": error["msg"]})
    return _finding("not-a-plan", what, SOLVE_AGAIN, PLAN, path)


def _error(code: str, what: Message, remedy: Message, file: str = PLAN) -> InputError:
    return InputError([_finding(code, what, remedy, file)])


def _finding(code: str, what: Message, remedy: Message, file: str, path: str = "") -> Finding:
    why = Message("a report is made from plan.json alone, as landalloc wrote it")
    return Finding(Severity.ERROR, code, Place(file, path=path), what, why, remedy)
