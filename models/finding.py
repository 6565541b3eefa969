"""What is wrong or suspicious about an input: where it stands, what it is, why it matters, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """An error stops the run; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence that is not yet in any language.

    `text` is the English template and at the same time the key of the translation catalogue;
    `args` fill its named places: ``Message("zone {zone} is unknown", {"zone": "nroth"})``. An argument may be a
    plain value, a `Quantity` or another `Message`.
    """

    text: str
    args: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format_map(self.args)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure in a sentence: the report writes it in the reader's language, with the unit, rounded as it should be."""

    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.value:.6g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: ``file:line:column`` in a text file, ``Sheet!Cell`` in a workbook,
    ``file!column row 3`` in a table whose columns have names and whose rows are only numbered.

    `file` is relative to the scenario's folder, as the user wrote it; lines and columns count from 1;
    `path` is the dotted path inside the scenario (``zones.north.supply.land``), also what ``--set`` takes.
    """

    file: str = ""
    line: int | None = None
    column: int | None = None
    sheet: str | None = None
    cell: str | None = None
    path: str = ""

    def __str__(self) -> str:
        if self.cell is not None:
            return f"{self.file} {self.sheet}!{self.cell}" if self.sheet else f"{self.file}!{self.cell}"
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part not in (None, ""))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in an input. `code` is short and stable (``unknown-zone``), the rest is for people."""

    severity: Severity
    code: str
    place: Place
    what: Message
    why: Message
    remedy: Message


class InputError(Exception):
    """The input cannot be used; `findings` holds every reason at once (warnings among them)."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__("; ".join(f"{f.place}: {f.what}" for f in findings if f.severity is Severity.ERROR))

    def __reduce__(self) -> tuple[type[InputError], tuple[list[Finding]]]:
        """As it is made, for who is told of it in another process."""
        return InputError, (self.findings,)
