"""Text tables that are headings and projects and nothing else -> columns, a stretch of rows at a time.

Whatever is not plain (titles, totals, sections, rows of other lengths, broken quotes) is left to the careful way, which
looks at the whole grid and tells what it finds. Both ways read the same.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...models.finding import Place
from .block import Block, Column
from .body import Kinds
from .cells import Cells, Coded, Coder, Codes, Figures, joined
from .grid import Cell, Grid
from .header import DEEP, TALL, Header, numbered_columns
from .headings import Key, Vocabulary
from .match import Match
from .pieces import Lines, Piece, pieces, rows_of
from .table import delimiter, encoding

NUMBERS = ("at", "makes", "min_share", "units", "min_units")
"""Keys besides the measures whose cells are mostly plain figures."""
NAMES = (("id",), ("title",))
"""Keys whose cells are mostly all different."""


@dataclass(frozen=True, eq=False)
class TextTable:
    """A text table, of which only the first rows were looked at."""

    file: str
    data: bytes
    encoding: str
    delimiter: str
    top: Grid
    """The rows among which the headings are, and some below them."""
    read: dict[object, Body | None] = field(default_factory=dict)
    """What was read before, by what the columns hold."""


@dataclass(frozen=True, eq=False)
class Body:
    """n projects in columns."""

    lines: NDArray[np.int32]
    """(n,) the line in which each begins"""
    columns: dict[int, Cells]


def text_table(file: str, data: bytes) -> TextTable | None:
    """The table in a file; None if it is no text that can be read, which the careful way tells."""
    known = encoding(data) if data.strip() and not data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) else None
    if known is None:
        return None
    start = data[: 1 << 20].decode(known, errors="ignore")
    by = delimiter(start)
    rows: list[list[Cell]] = []
    numbers: list[int] = []
    try:
        for lines, some in rows_of(data, known, by, 1):
            if any(map(str.strip, some[0])):
                rows.append([text.strip() or None for text in some[0]])
                numbers.append(lines[0])
            if len(rows) > DEEP + TALL:
                break
    except csv.Error:
        return None
    return TextTable(file, data, known, by, Grid(file, rows, numbers)) if rows else None


def plain_block(table: TextTable, header: Header, matched: Match, words: Vocabulary) -> Block | None:
    """The block of a table whose headings are known; None if it is not plain."""
    plain = header.top == 0 and header.bottom == 1 and all(head.parts for head in header.heads)
    if not plain or not matched.labels or matched.numbers in matched.labels or len(table.top.rows) < 2:
        return None
    kinds = {j: _kind(key, words) for j, key in matched.keys.items()}
    known = (tuple(sorted(kinds.items())), tuple(matched.labels), matched.numbers)
    if known not in table.read:
        table.read[known] = _Body(table, header, matched, kinds).read()
    body = table.read[known]
    if body is None:
        return None
    numbers = {key: j for j, key in matched.keys.items()}

    def position(row: int, key: Key) -> Place:
        return Place(table.file, int(body.lines[row]), numbers.get(key, 0) + 1)

    block = Block(len(body.lines), position)
    for j, key in sorted(matched.keys.items()):
        block.columns[key] = Column(body.columns[j], matched.plain.get(j), table.top.place(header.heads[j].row, j))
    return block


def _kind(key: Key, words: Vocabulary) -> str:
    """How the cells of a key are held."""
    if key in NAMES:
        return "names"
    return "figures" if key[0] in NUMBERS or key[0] in words.measures else "codes"


class _Body:
    """Reads the rows below the headings, as long as they are plain."""

    def __init__(self, table: TextTable, header: Header, matched: Match, kinds: dict[int, str]) -> None:
        self.table = table
        self.header = header
        self.matched = matched
        self.kinds = kinds
        self.width = len(header.heads)
        self.length = len(table.top.rows[0])
        self.telling = Kinds.telling(header, matched)
        self.lines: list[NDArray[np.int32]] = []
        self.figures: dict[int, list[Figures]] = {j: [] for j, kind in kinds.items() if kind == "figures"}
        self.names: dict[int, list[str | None]] = {j: [] for j, kind in kinds.items() if kind == "names"}
        self.codes: dict[int, tuple[Coder, list[NDArray[np.int32]]]] = {
            j: (Coder(), []) for j, kind in kinds.items() if kind == "codes"
        }

    def read(self) -> Body | None:
        """The body; None at the first row that is not plain."""
        table = self.table
        if numbered_columns(table.top.rows[1]):
            return None
        kinds = {**dict.fromkeys((*self.telling, *range(self.width, self.length)), "names"), **self.kinds}
        kinds |= dict.fromkeys(self.telling, "names")
        heading = table.top.numbers[0]
        try:
            for lines, piece in pieces(table.data, table.encoding, table.delimiter, self.length, heading, kinds):
                if piece is None or not self._take(lines, piece):
                    return None
        except csv.Error:
            return None
        return Body(np.concatenate(self.lines), self._columns())

    def _take(self, lines: Lines, piece: Piece) -> bool:
        """Add some rows, and whether all of them are plain projects."""
        if any(any(map(str.strip, piece.texts(j))) for j in range(self.width, self.length)):
            return False
        telling = {j: [text.strip() for text in piece.texts(j)] for j in self.telling}
        if not self._projects(telling, piece):
            return False
        self.lines.append(np.array(lines, dtype=np.int32))
        for j, parts in self.figures.items():
            parts.append(piece.figures(j))
        for j, names in self.names.items():
            names += [text or None for text in telling[j]]
        for j, (coder, numbers) in self.codes.items():
            numbers.append(coder.codes(piece.texts(j)) if j in telling else piece.codes(j, coder))
        return True

    def _projects(self, telling: dict[int, list[str]], piece: Piece) -> bool:
        """Whether every row has a name, and a number where rows are numbered, and none says that it is none."""
        labels = [telling[j] for j in self.matched.labels]
        if not all(labels[0]) and not all(any(texts) for texts in zip(*labels, strict=True)):
            return False
        serial = self.matched.numbers
        if serial is not None and not all(text.isascii() and text.isdigit() for text in telling[serial]):
            return False
        suspects = Kinds.suspects_in(telling, self.header)
        if not suspects:
            return True
        cells: list[list[Cell]] = [[text.strip() or None for text in piece.row(i)] for i in sorted(suspects)]
        grid = Grid(self.table.file, [self.table.top.rows[0], *cells], list(range(len(cells) + 1)))
        return Kinds(grid, self.header, self.matched).plain()

    def _columns(self) -> dict[int, Cells]:
        columns: dict[int, Cells] = {j: joined(parts) for j, parts in self.figures.items()}
        columns |= self.names
        for j, (coder, numbers) in self.codes.items():
            columns[j] = _stripped(coder, np.concatenate(numbers))
        return columns


def _stripped(coder: Coder, codes: Codes) -> Coded:
    """Texts by number, without the blanks around them, in the order in which they occur first."""
    again = Coder()
    meant = again.codes([text.strip() or None for text in coder])
    numbers, kept = pd.factorize(meant[codes])
    every = list(again)
    return Coded(numbers.astype(np.int32), [every[code] for code in kept.tolist()])
