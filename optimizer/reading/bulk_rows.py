"""Projects of a large scenario file, read as texts -> a block of columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...models.amount import Amount
from ...models.finding import Place
from .block import Block, Column
from .bulk import Items, meaning
from .cells import Coded, Coder, Figures, figures, figures_of_texts
from .findings import MOST, Findings
from .headings import FIELDS, Key, Vocabulary
from .inline import LISTS, NO, YES, Rows

NUMBERS = ("min_share", "units", "min_units")
"""Fields whose cells are mostly plain figures."""


def from_items(items: Items, words: Vocabulary, found: Findings) -> tuple[Block, list[int]]:
    """The block of the projects, and the numbers of the items that name tables or are no mappings."""
    others = sorted(
        {number for keys, (numbers, _) in items.shapes.items() if "table" in keys for number in numbers}
        | {number for number, node in items.odd.items() if not isinstance(node.value, dict) or "table" in node.value}
    )
    numbers = np.setdiff1d(np.arange(len(items)), others)
    return _Bulk(items, numbers, words, found).block(), others


class _Bulk:
    """Columns in the making; what is not usual about a project is left to `Rows`, with its nodes."""

    def __init__(self, items: Items, numbers: np.ndarray[Any, Any], words: Vocabulary, found: Findings) -> None:
        self.items = items
        self.numbers = numbers
        self.words = words
        self.found = found
        self.row = np.full(len(items), -1)
        self.row[numbers] = np.arange(len(numbers))
        self.odd = {int(self.row[number]) for number in items.odd if self.row[number] >= 0}
        self.figures: dict[Key, tuple[list[int], list[Any]]] = {}
        self.plain: dict[Key, list[tuple[np.ndarray[Any, Any], Figures]]] = {}
        self.texts: dict[Key, list[tuple[np.ndarray[Any, Any], Sequence[Any]]]] = {}
        self.assumed: dict[int, list[Key]] = {}

    def block(self) -> Block:
        for keys, (numbers, values) in self.items.shapes.items():
            if "table" in keys:
                continue
            rows = self.row[numbers]
            if all(self._known(name) for name in keys):
                for name, cells in zip(keys, zip(*values, strict=True), strict=True):
                    self._column(name, rows, cells)
            else:
                self.odd |= set(rows.tolist())
        careful = Rows(_Nodes(self.items, self.numbers), self.words, self.found)
        for row in sorted(self.odd):
            if len(self.found.items) < MOST:
                careful.read(row)
        places = Rows(careful.rows, self.words, Findings())
        looked: set[int] = set()

        def position(row: int, key: Key) -> Place:
            if row not in looked:
                looked.add(row)
                places.read(row)
            return places.position(row, key)

        assumed = {row: keys for row, keys in self.assumed.items() if row not in self.odd} | careful.assumed
        return Block(len(self.numbers), position, self._columns(careful), dict(sorted(assumed.items())))

    def _known(self, name: str) -> bool:
        words = self.words
        return words.measures.get(name) == name or name in (*words.attributes, *FIELDS, "at", "makes")

    def _column(self, name: str, rows: np.ndarray[Any, Any], cells: Sequence[str]) -> None:
        """Add the cells of one key of the projects with one shape."""
        amount = self.words.measures.get(name) == name
        if amount or name in NUMBERS:
            bare = [cell.strip(" ") for cell in cells]
            plain = figures_of_texts(bare)
            self.plain.setdefault((name,), []).append((rows, Figures(plain.values)))
            for i, cell in plain.odd.items():
                self._odd_figure(int(rows[i]), name, cell, amount)
        elif name in ("at", "makes"):
            for row, cell in zip(rows.tolist(), cells, strict=True):
                self._nested(row, name, self._meant(row, cell))
        else:
            self.texts.setdefault((name,), []).append((rows, self._named(name, rows, cells)))

    def _meant(self, row: int, cell: str) -> Any:
        try:
            return meaning(cell)
        except ValueError:  # a key twice, which the parser tells
            self.items.parsed(int(self.numbers[row]))
            self.odd.add(row)
            return None

    def _odd_figure(self, row: int, name: str, cell: str, amount: bool) -> None:
        meant = self._meant(row, cell)
        if amount:
            self._amount(row, (name,), meant)
        elif meant is None or isinstance(meant, str):
            self._figure(row, (name,), meant)
        else:
            self.odd.add(row)

    def _figure(self, row: int, key: Key, cell: Any) -> None:
        rows, cells = self.figures.setdefault(key, ([], []))
        rows.append(row)
        cells.append(cell)

    def _amount(self, row: int, key: Key, meant: Any) -> None:
        """A figure, or a mapping around it of which nothing needs to be told."""
        if isinstance(meant, dict):
            assumed = meant.get("assumed")
            said = str(assumed).strip().lower() if assumed is not None else "no"
            if "amount" not in meant or not meant.keys() <= Amount.model_fields.keys() or said not in YES | NO:
                self.odd.add(row)
                return
            if said in YES:
                self.assumed.setdefault(row, []).append(key)
            meant = meant["amount"]
        if meant is None or isinstance(meant, str):
            self._figure(row, key, meant)
        else:
            self.odd.add(row)

    def _nested(self, row: int, name: str, meant: Any) -> None:
        """What a project makes, or what it takes in its zones."""
        words = self.words
        by_zone: dict[Key, Any] = {(name,): meant}
        if name == "at":
            if not isinstance(meant, dict) or not meant.keys() <= words.zones.keys():
                self.odd.add(row)
                return
            by_zone = {("at", words.zones[zone]): amounts for zone, amounts in meant.items()}
        for outer, amounts in by_zone.items():
            if not isinstance(amounts, dict) or any(words.measures.get(measure) != measure for measure in amounts):
                self.odd.add(row)
                return
            for measure, one in amounts.items():
                self._amount(row, (*outer, measure), one)

    def _named(self, name: str, rows: np.ndarray[Any, Any], cells: Sequence[str]) -> list[Any]:
        """Texts, or lists of them where they may stand."""
        known: dict[str, Any] = {}
        found = []
        for i, cell in enumerate(cells):
            if cell not in known:
                meant = self._meant(int(rows[i]), cell)
                sound = meant is None or isinstance(meant, str)
                if isinstance(meant, list) and name in LISTS and all(isinstance(one, str) for one in meant):
                    sound, meant = True, tuple(meant)
                known[cell] = (meant, sound)
            meant, sound = known[cell]
            if not sound:
                self.odd.add(int(rows[i]))
            found.append(meant if sound else None)
        return found

    def _columns(self, careful: Rows) -> dict[Key, Column]:
        """The columns of the usual projects, with the cells of the odd ones written into them."""
        n, odd = len(self.numbers), np.array(sorted(self.odd), dtype=np.intp)
        columns: dict[Key, Column] = {}
        for key in dict.fromkeys([*self.plain, *self.figures, *self.texts, *careful.cells]):
            own = careful.cells.get(key, {})
            if key in self.texts or (key[0] not in self.words.measures and key[0] not in (*NUMBERS, "at", "makes")):
                columns[key] = Column(_coded(n, odd, self.texts.get(key, []), own))
                continue
            values, further = np.full(n, np.nan), {}
            for rows, part in self.plain.get(key, []):
                values[rows] = part.values
            rows_here, cells = self.figures.get(key, ([], []))
            careful_part = figures([*cells, *own.values()])
            at = np.array([*rows_here, *own], dtype=np.intp)
            values[odd] = np.nan
            kept = np.ones(len(at), dtype=bool)
            kept[: len(rows_here)] = ~np.isin(rows_here, odd)
            values[at[kept]] = careful_part.values[kept]
            further = {int(at[i]): cell for i, cell in careful_part.odd.items() if kept[i]}
            columns[key] = Column(Figures(values, dict(sorted(further.items()))))
        return columns


def _coded(
    n: int,
    odd: np.ndarray[Any, Any],
    parts: list[tuple[np.ndarray[Any, Any], Sequence[Any]]],
    own: dict[int, Any],
) -> Coded:
    coder = Coder({None: 0})
    codes = np.zeros(n, dtype=np.int32)
    for rows, cells in parts:
        codes[rows] = coder.codes(cells)
    codes[odd] = 0
    for row, cell in own.items():
        codes[row] = coder[tuple(cell) if isinstance(cell, list) else cell]
    used, kept = pd.factorize(codes)  # in the order of the rows, as findings are told
    every = list(coder)
    distinct = [every[code] for code in kept.tolist()]
    return Coded(used.astype(np.int32), [list(one) if isinstance(one, tuple) else one for one in distinct])


class _Nodes(Sequence[Any]):
    """The nodes of the projects, parsed when they are asked for."""

    def __init__(self, items: Items, numbers: np.ndarray[Any, Any]) -> None:
        self.items = items
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, row: Any) -> Any:
        return self.items.node(int(self.numbers[row]))
