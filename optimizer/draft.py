"""A list of projects -> Draft: what its columns most likely are, for a first scenario that people then complete."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..models.finding import InputError, Place
from ..models.project import RESERVED
from ..models.quantity import QuantityError, Unit, factor, familiar_unit, unit
from .draft_words import ATTRIBUTE, ENGLISH, FLOWS, ID, MEASURES, NO_AMOUNT, OF_WHICH, PARTS, RATIO, TITLE, ZONE, Usual
from .reading.block import Column
from .reading.body import body_of
from .reading.columns import numbers
from .reading.files import Files
from .reading.findings import Findings
from .reading.grid import Cell, Grid, as_text
from .reading.header import Header, Meant, header_of, likely_rows
from .reading.headings import Head
from .reading.loose import Loose, figure_unit
from .reading.match import NUMBERS, USUAL, Match
from .reading.unit_lines import units_in

MOST_VALUES = 20
"""Different texts of a column that still sorts projects; beyond, it describes them."""
MOSTLY = 0.6
"""Share of the filled cells of a column that must be figures for it to be a measure."""


@dataclass
class DraftMeasure:
    """A column of amounts."""

    key: str
    title: str
    unit: str
    guessed: bool
    """Nothing in the list names the unit."""
    scarce: bool
    total: float
    """What all candidates ask for, in `unit`."""
    part_of: str | None = None
    """The measure that these amounts are a part of (其中). It is counted besides, not taken off: land and new land
    each have their own supply."""


@dataclass
class Draft:
    """What a list holds, by the best guess."""

    file: str
    sheet: str | None
    title: str | None
    header: str | None = None
    """Rows of the headings, where they had to be guessed among several."""
    columns: dict[str, str | None] = field(default_factory=dict)
    """Heading -> key; None for what is not read."""
    measures: list[DraftMeasure] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)
    projects: int = 0

    @property
    def keys(self) -> set[str]:
        return {one.key for one in self.measures} | set(self.attributes)


def draft_of(path: Path, sheet: str | None = None) -> Draft:
    """What the list in a file most likely holds.

    Raises:
        InputError: the file cannot be read, or it has several sheets and none is named.
    """
    found = Findings()
    grid = Files(path.parent).grid(path.name, sheet, Place(path.name), found)
    if grid is None:
        raise InputError(found.items)
    top, bottom, rivals = likely_rows(grid, Meant(_known, _names_rows))
    header = header_of(grid, top, bottom)
    drafter = _Drafter(grid, header)
    if rivals:
        first, last = grid.numbers[top], grid.numbers[bottom - 1]
        drafter.draft.header = f"{first}-{last}" if last > first else str(first)
    return drafter.run(sheet)


def _name(head: Head) -> str:
    """A heading without its unit, on one line."""
    whole = head.names()[0]
    return min(whole, key=len) if len(head.parts) < 2 and whole else head.text


def _known(text: str) -> bool:
    name = _name(Head((text,), 0))
    usual = any(one.heading.search(name) for one in MEASURES)
    return len(name) <= 20 and (
        usual or _names_rows(text) or any(p.search(name) for p in (ZONE, RATIO)) or name in USUAL
    )


def _names_rows(text: str) -> bool:
    return text in NUMBERS or any(one.fullmatch(_name(Head((text,), 0))) for one in (TITLE, ID))


class _Drafter:
    """Goes over the columns once, each given to the first use that it fits."""

    def __init__(self, grid: Grid, header: Header) -> None:
        self.grid = grid
        self.heads = header.heads
        self.header = header
        self.draft = Draft(grid.file, grid.sheet, _title(grid, header))
        self.units = [one for i in range(header.top) for cell in grid.rows[i] for one in _units(cell)]
        self.names = [_name(head) for head in self.heads]
        self.match = Match(numbers=next((j for j, name in enumerate(self.names) if name in NUMBERS), None))
        self.rows: list[int] = []

    def run(self, sheet: str | None) -> Draft:
        self.draft.sheet = sheet
        named = self._naming()
        self.match.keys = dict(named)
        self.match.sections = {"section": ("section",), "subsection": ("subsection",)}
        body = body_of(self.grid, self.header, self.match, None, Findings())
        self.rows = body.rows
        self.draft.projects = len(body.rows)
        for j, key in sorted(named.items()):
            self.draft.columns[self.heads[j].text] = key[0]
        for j in range(len(self.heads)):
            if j not in named and self.heads[j].parts:
                self._column(j)
        for name, names in body.sections.items():
            if any(names):
                free = self._free("category" if self.names[0].isascii() else "类别" if name == "section" else "子类")
                self.draft.attributes.append(free)
                self.draft.columns[name] = free
        return self.draft

    def _naming(self) -> dict[int, tuple[str]]:
        """The columns that name projects: an id where there is one, and the title."""
        title = next((j for j, name in enumerate(self.names) if TITLE.fullmatch(name)), None)
        below = range(self.header.bottom, len(self.grid.rows))
        if title is None:
            counts = {
                j: len({self._cell(i, j) for i in below}) for j in range(len(self.heads)) if j != self.match.numbers
            }
            texts = {j: n for j, n in counts.items() if all(isinstance(self._cell(i, j), str | None) for i in below)}
            title = max(texts or counts, key=lambda j: (texts or counts)[j], default=None)
        named: dict[int, tuple[str]] = {} if title is None else {title: ("title",)}
        for j, name in enumerate(self.names):
            values = [self._cell(i, j) for i in below if title is None or self._cell(i, title) is not None]
            if j != title and ID.fullmatch(name) and None not in values and len(set(values)) == len(values):
                return {**named, j: ("id",)}
        return named

    def _cell(self, i: int, j: int) -> Cell:
        row = self.grid.rows[i]
        return row[j] if j < len(row) else None

    def _column(self, j: int) -> None:
        head, name = self.heads[j], self.names[j]
        cells = [cell for i in self.rows if (cell := self._cell(i, j)) is not None]
        units = [figure_unit(cell) for cell in cells]
        figures = [one for one in units if one is not None]
        is_amount = len(figures) >= MOSTLY * len(cells) and figures and not NO_AMOUNT.search(name)
        if name in NUMBERS:
            return
        if is_amount and not RATIO.search(name):
            self._measure(j, figures)
        elif is_amount or not cells:
            self.draft.columns[head.text] = None
        elif name in USUAL and USUAL[name] not in self.draft.columns.values():
            self.draft.columns[head.text] = USUAL[name]
        else:
            self._text(j, sorted({as_text(cell) or "" for cell in cells}), len(cells))

    def _measure(self, j: int, units: list[str]) -> None:
        head = self.heads[j]
        whole = "".join(dict.fromkeys(re.sub(r"\s", "", self._bare(part)) for part in head.parts))
        text = whole if not whole.isascii() else " ".join(self._bare(part) for part in head.parts)
        usual = next((one for one in MEASURES if one.heading.search(text)), None)
        parent = self._whole_of(j)
        key = self._key(text, self._bare(head.parts[-1]), usual, parent)
        of, guessed = self._unit(head, [one for one in units if one], len(units), usual, parent)
        total = self._total(j, of)
        if usual is not None and usual.key in FLOWS and "/" not in of:
            of += "/year"
        measure = DraftMeasure(key, self._measure_title(j), of, guessed, usual is not None and usual.scarce, total)
        if parent is not None:
            measure.part_of, measure.scarce = parent.key, parent.scarce
        self.draft.measures.append(measure)
        self.draft.columns[head.text] = key

    @staticmethod
    def _bare(part: str) -> str:
        return _name(Head((part,), 0)) if not familiar_unit(part) else ""

    def _whole_of(self, j: int) -> DraftMeasure | None:
        """The measure of which a column 其中 is a part: the one before it, below the same upper heading."""
        if not self.draft.measures or not OF_WHICH.search(self.heads[j].parts[-1]):
            return None
        key = self.draft.columns.get(self.heads[j - 1].text) if j else None
        last = self.draft.measures[-1]
        whole = next((one for one in self.draft.measures if one.key == last.part_of), last)
        return whole if key == last.key else None

    def _key(self, text: str, lower: str, usual: Usual | None, parent: DraftMeasure | None) -> str:
        if parent is not None:
            part = next((word for pattern, word in PARTS if pattern.search(lower)), _slug(OF_WHICH.sub("", lower)))
            return self._free(f"{part}_{parent.key}")
        return self._free(usual.key if usual is not None and usual.key not in self.draft.keys else _slug(text))

    def _free(self, key: str) -> str:
        """A key that nothing else has."""
        taken = self.draft.keys | RESERVED
        key = key or "column"
        return next(one for one in (key, *(f"{key}_{n}" for n in range(2, 1000))) if one not in taken)

    def _unit(
        self, head: Head, written: list[str], filled: int, usual: Usual | None, parent: DraftMeasure | None
    ) -> tuple[str, bool]:
        """The unit of a column, and whether it had to be guessed: from its heading, its cells, a line above."""
        if head.unit is not None and familiar_unit(head.unit.text):
            return head.unit.text, False
        if parent is not None:
            return parent.unit, parent.guessed
        default = usual.unit if usual is not None else "1"
        if all(part.isascii() for part in head.parts):
            default = "/".join(ENGLISH.get(one, one) for one in default.split("/"))
        common = Counter(written).most_common(1)
        if common and 2 * common[0][1] >= filled:
            return common[0][0], False
        if head.unit is not None:
            return head.unit.text, False
        fitting = next((one for one in self.units if usual is not None and _same(one, default)), None)
        return (fitting.text, False) if fitting is not None else (default, True)

    def _total(self, j: int, of: str) -> float:
        column = Column([self._cell(i, j) for i in self.rows], None, self.grid.place(self.header.top, j))
        values = numbers(column, unit(of), lambda i: self.grid.place(self.rows[i], j), Findings(), Loose(high=True))
        return float(np.nansum(values))

    def _measure_title(self, j: int) -> str:
        """What reports call it: a name that no other column has."""
        parts = [one for part in self.heads[j].parts if (one := self._bare(part))]
        lower = OF_WHICH.sub("", parts[-1]).strip(" :：") if parts else ""
        if len(parts) < 2:
            return lower or self.heads[j].text
        title = parts[0] if not OF_WHICH.search(parts[-1]) else lower + parts[0]
        taken = {one.title for one in self.draft.measures}
        title = title if title.isascii() is False or len(parts) < 2 else " ".join((parts[0], lower))
        return title if title not in taken else f"{parts[0]}{lower}"

    def _text(self, j: int, values: list[str], filled: int) -> None:
        head, name = self.heads[j], self.names[j]
        few = len(values) <= MOST_VALUES and (len(values) < max(3, 0.7 * filled) or ATTRIBUTE.search(name) is not None)
        if not few or max(map(len, values)) > 40:
            self.draft.columns[head.text] = None
        elif ZONE.search(name) and not self.draft.zones:
            parts = [one.strip() for value in values for one in re.split(r"[;；、]", value)]
            self.draft.zones = list(dict.fromkeys(one for one in parts if one))
            self.draft.columns[head.text] = "zones"
        else:
            key = self._free(_slug(name))
            self.draft.attributes.append(key)
            self.draft.columns[head.text] = key


def _slug(text: str) -> str:
    """A key from a heading: letters, digits and signs of writing, nothing that a path or heading gives a meaning."""
    return re.sub(r"\W+", "_", text).strip("_").removeprefix("其中")[:40]


def _units(cell: Cell) -> list[Unit]:
    return units_in(cell) if isinstance(cell, str) else []


def _same(one: Unit, other: str) -> bool:
    try:
        factor(one, unit(other))
    except QuantityError:
        return False
    return True


def _title(grid: Grid, header: Header) -> str | None:
    """The title above the headings: the first text there that is no remark on units, dates or who filled it in."""
    cells = [cell for i in range(header.top) for cell in grid.rows[i] if isinstance(cell, str)]
    titles = (re.sub(r"^附[件表]\s*\d*\s*[:：]?\s*", "", cell) for cell in cells)
    return next((one for one in titles if one and not re.search(r"[:：]", one)), None)
