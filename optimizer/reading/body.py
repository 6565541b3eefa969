"""Which rows below the headings are projects, and which are totals, sections, notes or headings once more.

A table that is nothing but headings and projects has no such rows, and is not looked at row by row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ...models.finding import Place
from .findings import Findings, listed
from .grid import Cell, Grid, as_text, is_figure
from .header import SECTION, Header, numbered_columns
from .match import Match

Kind = Literal[
    "project", "total", "section", "note", "repeated", "numbers", "empty", "lone", "doubtful", "skipped"
]  # fmt: skip

_TOTAL = re.compile(
    r"(其中\s*[:：]?.+|.{0,20}?(合计|小计|总计|共计)([(（\[：:].*|\d+[个项家].*)?|(grand|sub)?[ -]?totals?[.:]?)",
    re.IGNORECASE | re.DOTALL,
)
_NOTES = (
    "注|附注|备注|说明|填报|填表|制表|审核|审批|复核|负责人|联系|经办|电话|日期"
    "|数据来源|资料来源|来源|notes?|remarks?|sources?"
)
_NOTE = re.compile(rf"({_NOTES})\w{{0,6}}\s*[:：].*|注\s*[\d.．、(（].*|[*※].*", re.IGNORECASE | re.DOTALL)
_SUSPECT = re.compile(
    r"^其中|合\s*计|小\s*计|总\s*计|共\s*计|^(?:grand|sub)?[ -]?total|^[(（]?[一二三四五六七八九十]+\s*[、.．,，:：)）]"
    rf"|^第[一二三四五六七八九十百]+|^[(（]?[一二三四五六七八九十]+[)）]?[、.．]?$|^({_NOTES})\w{{0,6}}\s*[:：]|^注|^[*※]",
    re.IGNORECASE | re.MULTILINE,
)
_COUNT = re.compile(r"\s*[(（]?\s*共?\s*\d+\s*[个项家宗].{0,4}[)）]?\s*[:：]?$")
_NUMERAL = re.compile(r"[(（]?[一二三四五六七八九十]+[)）]?[、.．]?")
_SERIAL = re.compile(r"[(（]?\d+(\.0)?([.\-]\d+)*[)）]?[、.．]?")


@dataclass(frozen=True, eq=False)
class Body:
    """The rows of the projects, and the sections in which they stand."""

    rows: list[int]
    sections: dict[str, list[str | None]]
    """section, subsection -> its name, for each of the rows."""
    totals: list[int] = field(default_factory=list)
    """Rows that add others up."""


def body_of(grid: Grid, header: Header, match: Match, skip: Skip | None, found: Findings) -> Body:
    """The projects of a table. Rows that are passed over are told; those that could be either are errors."""
    kinds = Kinds(grid, header, match).all() if skip is None else skip.kinds(grid, header, found)
    rows = [i for i in range(header.bottom, len(grid.rows)) if kinds.get(i, "project") == "project"]
    sections: dict[str, list[str | None]] = {}
    if kinds:
        sections = _sections(grid, header, match, kinds, rows)
        _tell(grid, match, kinds, found)
    return Body(rows, sections, sorted(i for i, kind in kinds.items() if kind == "total"))


class Kinds:
    """Tells the kinds of the rows below the headings; only of those that are no plain projects."""

    def __init__(self, grid: Grid, header: Header, match: Match) -> None:
        self.grid = grid
        self.header = header
        self.match = match
        self.all_rows = range(header.bottom, len(grid.rows))
        width = len(header.heads)
        self.labels = match.labels or [j for j in range(width) if j != match.numbers][:1]
        self.columns = self.telling(header, match)
        self.wide = {
            r0: c0
            for r0, c0, r1, c1 in grid.merged
            if r0 == r1 >= header.bottom and c1 > c0 and c0 <= max(self.columns)
        }
        self.suspects = self._suspects() | self.wide.keys()
        self.serial = self._numbered()

    @staticmethod
    def telling(header: Header, match: Match) -> list[int]:
        """The columns in which a row would say that it is no project."""
        labels = match.labels or [j for j in range(len(header.heads)) if j != match.numbers][:1]
        numbers = () if match.numbers is None else (match.numbers,)
        return sorted({*labels, *range(min(labels, default=0) + 1), *numbers})

    @staticmethod
    def suspects_in(columns: Mapping[int, Sequence[str]], header: Header) -> set[int]:
        """The rows of these columns, stripped and blank where empty, that may be no projects by what they say."""
        found: set[int] = set()
        for j, texts in columns.items():
            if _SUSPECT.search("\n".join(text for text in texts if text)):
                found |= {i for i, text in enumerate(texts) if text and _SUSPECT.search(text)}
            for part in header.heads[j].parts if j < len(header.heads) else ():
                if part in texts:
                    found |= {i for i, text in enumerate(texts) if text == part}
        return found

    def plain(self) -> bool:
        """Whether no row says that it is no project."""
        return all(self._kind(i) is None for i in self.all_rows)

    def all(self) -> dict[int, Kind]:
        kinds: dict[int, Kind] = {}
        for i in sorted(self.suspects):
            kind = self._kind(i)
            if kind is not None:
                kinds[i] = kind
        for i in [i for i, kind in kinds.items() if kind == "repeated"]:
            for k in range(1, self.header.bottom - self.header.top):  # the lower rows of the headings
                if i + k < len(self.grid.rows) and self._row(i + k) == self._row(self.header.top + k):
                    kinds[i + k] = "repeated"
        tail = any(not self._named(i) for i in self.all_rows[-5:])
        if kinds or self.serial or tail or self.header.bottom > 1 or self.grid.merged:
            odd = bool(kinds)
            for i in self.all_rows:
                if i not in kinds and (kind := self._plain(i, odd)) is not None:
                    kinds[i] = kind
            self._settle(kinds)
        return {i: kind for i, kind in kinds.items() if kind != "project"}

    def _suspects(self) -> set[int]:
        columns = {
            j: [cell if j < len(row) and isinstance(cell := row[j], str) else "" for row in self._rows()]
            for j in self.columns
        }
        found = {self.header.bottom + i for i in self.suspects_in(columns, self.header)}
        first = self.header.bottom
        return found | ({first} if self.all_rows and numbered_columns(self._row(first)) else set())

    def _rows(self) -> list[list[Cell]]:
        return self.grid.rows[self.header.bottom :]

    def _row(self, i: int) -> list[Cell]:
        return self.grid.rows[i]

    def _texts(self, i: int) -> list[tuple[int, str]]:
        """The texts of the columns that name, in order."""
        row = self._row(i)
        return [(j, text) for j in self.columns if j < len(row) and (text := as_text(row[j])) is not None]

    def _lone(self, i: int) -> bool:
        """Whether a row holds nothing but one text."""
        cells = [cell for cell in self._row(i) if cell is not None]
        return len(cells) == 1 and not is_figure(cells[0])

    def _kind(self, i: int) -> Kind | None:
        """The kind of a row that says itself what it is."""
        row = self._row(i)
        if any(row == self._row(k) for k in range(self.header.top, self.header.bottom)):
            return "repeated"
        if i == self.header.bottom and numbered_columns(row):
            return "numbers"
        texts = [text for _, text in self._texts(i)]
        squeezed = [re.sub(r"\s+", "", text) for text in texts]
        if any(_TOTAL.fullmatch(text) for text in squeezed) and not self._is_numbered(i):
            return "total"
        if any(_NOTE.fullmatch(text) for text in texts[:1]) and not self._is_numbered(i):
            return "note"
        if self._sectional(i) and not self._is_numbered(i):
            sure = self._lone(i) or i in self.wide or self.serial
            return "section" if sure else "doubtful"
        if i in self.wide and self._lone(i):
            return "lone"
        return None

    def _sectional(self, i: int) -> bool:
        serial = self._serial_cell(i)
        if serial is not None and _NUMERAL.fullmatch(serial):
            return True
        return any(SECTION.fullmatch(text) for _, text in self._texts(i)[:2])

    def _serial_cell(self, i: int) -> str | None:
        j, row = self.match.numbers, self._row(i)
        return as_text(row[j]) if j is not None and j < len(row) else None

    def _is_numbered(self, i: int) -> bool:
        serial = self._serial_cell(i)
        return serial is not None and _SERIAL.fullmatch(serial) is not None

    def _numbered(self) -> bool:
        """Whether there is a column that numbers most of the projects."""
        if self.match.numbers is None:
            return False
        numbered = [self._is_numbered(i) for i in self.all_rows if i not in self.suspects]
        return sum(numbered) * 2 > len(numbered)

    def _plain(self, i: int, odd: bool) -> Kind | None:
        """The kind of a row without a word that tells: of one text only, or without the number all others have."""
        cells = [cell for cell in self._row(i) if cell is not None]
        if self.serial and len(cells) == 1 and self._is_numbered(i):
            return "empty"
        if self._lone(i):
            return "lone" if odd or self.serial or not self._named(i) else None
        if not self._named(i):
            texts = not any(map(is_figure, cells)) and any(_NOTE.fullmatch(as_text(cell) or "") for cell in cells)
            return "note" if texts else None
        return "doubtful" if self.serial and not self._is_numbered(i) else None

    def _named(self, i: int) -> bool:
        row = self._row(i)
        return any(j < len(row) and row[j] is not None for j in self.labels)

    def _settle(self, kinds: dict[int, Kind]) -> None:
        """What a row of one text is: a note below the last project, a section where it is merged across, stands
        before the names or has no number; else it could be a project without figures."""
        last = max((i for i in self.all_rows if kinds.get(i, "project") == "project"), default=-1)
        sectional = sum(kind in ("section", "doubtful") for kind in kinds.values())
        plain = len(self.all_rows) - len(kinds)
        for i, kind in kinds.items():
            if kind == "lone":
                sure = self.serial or i in self.wide or not self._named(i)
                ended = any(other in ("total", "note") for k, other in kinds.items() if last < k < i)
                if i > last and (sure or ended):
                    kinds[i] = "note"
                else:
                    kinds[i] = "section" if sure else "doubtful"
            elif kind == "doubtful" and not self.serial and plain == 0 and sectional == len(kinds):
                kinds[i] = "project"  # every project is numbered so


def _sections(
    grid: Grid, header: Header, match: Match, kinds: dict[int, Kind], rows: Sequence[int]
) -> dict[str, list[str | None]]:
    """The names of the sections around each project, for the levels that are asked for."""
    names: dict[str, list[str | None]] = {name: [] for name in match.sections}
    if not names:
        return {}
    outer = inner = None
    projects = set(rows)
    found = {i: _section_name(grid.rows[i]) for i, kind in kinds.items() if kind in ("section", "skipped")}
    numbered = any(level for level, _ in found.values())
    for i in range(header.bottom, len(grid.rows)):
        if i in found:
            level, name = found[i]
            if name is not None and (kinds[i] == "section" or level):
                within = level == 2 or (level == 0 and numbered and outer is not None)
                outer, inner = (outer, name) if within else (name, None)
        elif i in projects:
            for key, name in (("section", outer), ("subsection", inner)):
                if key in names:
                    names[key].append(name)
    return names


def _section_name(row: list[Cell]) -> tuple[int, str | None]:
    """Level and name of a section: 1 and 临港工业 of 一、临港工业（3个）; level 0 where no numeral tells."""
    texts = [text for cell in row if isinstance(cell, str) and (text := cell.strip())]
    for text in texts:
        if found := SECTION.fullmatch(text):
            return (1, _bare(found["a"])) if found["a"] else (2, _bare(found["b"]))
    numeral = next((text for text in texts if _NUMERAL.fullmatch(text)), None)
    named = next((text for text in texts if text != numeral), None)
    level = 0 if numeral is None else 2 if numeral[0] in "(（" else 1
    return level, None if named is None else _bare(named)


def _bare(text: str) -> str:
    return _COUNT.sub("", re.sub(r"\s+", " ", text)).strip(" :：") or text


_TOLD: tuple[tuple[Kind, str], ...] = (
    ("repeated", "rows-repeated"),
    ("numbers", "rows-numbers"),
    ("empty", "rows-empty"),
    ("total", "rows-total"),
    ("section", "rows-section"),
    ("note", "rows-note"),
    ("skipped", "rows-skipped"),
    ("doubtful", "row-doubtful"),
)


def _tell(grid: Grid, match: Match, kinds: dict[int, Kind], found: Findings) -> None:
    """One finding for all rows of a kind, with the first of them."""
    for kind, code in _TOLD:
        rows = sorted(i for i, one in kinds.items() if one == kind)
        if kind == "section" and match.sections:
            code = "rows-section-used"
        if rows:
            cells = [cell_and_text(grid, i) for i in rows]
            found.add(code, start(grid, rows[0]), count=len(rows), cells=listed(cells))


def start(grid: Grid, row: int) -> Place:
    """Where the first cell of a row stands that holds anything."""
    return grid.place(row, next(j for j, cell in enumerate(grid.rows[row]) if cell is not None))


def cell_and_text(grid: Grid, row: int) -> str:
    """The first text of a row with its cell: A9 (合计)."""
    cells = list(enumerate(grid.rows[row]))
    j, cell = next(((j, c) for j, c in cells if isinstance(c, str)), next((j, c) for j, c in cells if c is not None))
    text = re.sub(r"\s+", " ", as_text(cell) or "")
    return f"{grid.cell(row, j)} ({text[:20]}{'…' if len(text) > 20 else ''})"


@dataclass(frozen=True)
class Skip:
    """`skip` of a table: exactly these rows are no projects."""

    entries: tuple[tuple[str, Place], ...]

    def kinds(self, grid: Grid, header: Header, found: Findings) -> dict[int, Kind]:
        kinds: dict[int, Kind] = {}
        for text, place in self.entries:
            rows = self._rows(text, grid, header)
            if not rows:
                found.add("skip-nothing", place, text=listed([text]))
            kinds |= dict.fromkeys(rows, "skipped")
        return kinds

    def _rows(self, text: str, grid: Grid, header: Header) -> list[int]:
        below = range(header.bottom, len(grid.rows))
        numbers = row_numbers(text)
        if numbers is not None:
            return [i for i in below if numbers[0] <= grid.numbers[i] <= numbers[1]]
        wanted = re.sub(r"\s+", "", text)
        return [i for i in below if self._first(grid.rows[i]).startswith(wanted)]

    @staticmethod
    def _first(row: Iterable[Cell]) -> str:
        return next((re.sub(r"\s+", "", cell) for cell in row if isinstance(cell, str)), "")


def row_numbers(text: str) -> tuple[int, int] | None:
    """A row or a range of rows.

    >>> row_numbers("3"), row_numbers("3-4"), row_numbers("合计")
    ((3, 3), (3, 4), None)
    """
    match = re.fullmatch(r"\s*(\d{1,7})\s*(?:[-–~～]\s*(\d{1,7})\s*)?", text)
    return None if match is None else (int(match[1]), int(match[2] or match[1]))
