"""All blocks of projects as one, read a key at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from ...models.finding import Place
from ..candidates import Floats
from .block import Block, Column
from .cells import Coded
from .columns import Objects, Where, lists, numbers, texts
from .figures import Units
from .findings import Findings, listed
from .headings import Key
from .loose import Loose
from .paths import join

MOST_NAMED = 6
"""Cells that a finding about many names one by one."""


class Reader:
    """Reads one key of all blocks at a time; rows count through, block by block."""

    def __init__(self, blocks: list[Block], units: Units, taken: frozenset[str], found: Findings) -> None:
        self.blocks = blocks
        self.units = units
        self.taken = taken
        self.found = found
        self.loose: dict[int, list[Key]] = {}
        """Row -> amounts that are assumptions by the way they are written: 约300, 200-250."""
        self._amounts: dict[Key, Floats] = {}
        self.starts = np.cumsum([0, *(block.length for block in blocks)])
        self.ids: Objects = np.zeros(0, dtype=object)

    def __len__(self) -> int:
        return int(self.starts[-1])

    def place(self, row: int, key: Key) -> Place:
        return self.placer()(row, key)

    def placer(self) -> Callable[[int, Key], Place]:
        """What finds the place of a cell by row and key, without the columns."""
        starts, ids, positions = self.starts, self.ids, [block.position for block in self.blocks]

        def place(row: int, key: Key) -> Place:
            b = int(np.searchsorted(starts, row, side="right")) - 1
            path = ["projects", ids[row], *key] if row < len(ids) else ["projects", str(row), *key]
            return replace(positions[b](row - int(starts[b]), key), path=join(path))

        return place

    def each(self, key: Key, read: Callable[[Column, Where], Any], absent: Callable[[int], Any]) -> list[Any]:
        """What `read` makes of the key's column in each block; `absent` of its length where it has none."""
        parts = []
        for start, block in zip(self.starts, self.blocks, strict=False):
            column = block.columns.get(key)
            if column is None:
                parts.append(absent(block.length))
            else:
                parts.append(read(column, partial(self._place_in, int(start), key)))
        return parts

    def _place_in(self, start: int, key: Key, row: int) -> Place:
        return self.place(start + row, key)

    def floats(self, key: Key, read: Callable[[Column, Where], Floats]) -> Floats:
        parts = self.each(key, read, lambda length: np.full(length, np.nan))
        return np.concatenate(parts) if parts else np.zeros(0)

    def texts(self, key: Key) -> Objects:
        """(n,) texts, None where blank or absent."""
        parts = self.each(key, lambda column, _: texts(column), lambda length: np.full(length, None, dtype=object))
        return np.concatenate(parts) if parts else np.zeros(0, dtype=object)

    def lists[T](self, key: Key, names: Mapping[str, T], code: str) -> Coded:
        """Names in cells by what they mean: a tuple for each distinct cell."""
        parts: list[Coded] = self.each(
            key,
            lambda column, place: lists(column, names, code, place, self.found),
            lambda length: Coded(np.zeros(length, dtype=np.int32), [()]),
        )
        starts = np.cumsum([0, *(len(part.distinct) for part in parts)])
        codes = [part.codes + np.int32(start) for part, start in zip(parts, starts, strict=False)]
        distinct = [one for part in parts for one in part.distinct]
        return Coded(np.concatenate(codes) if codes else np.zeros(0, dtype=np.int32), distinct)

    def amounts(self, key: Key) -> Floats:
        """(n,) an amount in the unit of its measure; NaN where it is blank or absent."""
        target = self.units.of.get(key[-1])
        if target is None:  # the unit of the measure is a finding of its own
            return np.zeros(len(self))
        if key not in self._amounts:
            parts = [np.zeros(0)]
            for start, block in zip(self.starts, self.blocks, strict=False):
                column = block.columns.get(key)
                if column is None:
                    parts.append(np.full(block.length, np.nan))
                    continue
                loose = Loose(high=key[0] != "makes" and key[-1] in self.taken) if column.heading is not None else None
                parts.append(numbers(column, target, partial(self._place_in, int(start), key), self.found, loose))
                if loose is not None:
                    self._tell(loose, int(start), key)
            self._amounts[key] = np.concatenate(parts)
        return self._amounts[key]

    def _tell(self, loose: Loose, start: int, key: Key) -> None:
        """One finding for all cells of a column that were read in the same way."""
        for code, cells in loose.cells.items():
            places = [self._place_in(start, key, row) for row, _ in cells[:MOST_NAMED]]
            told = [
                f"{place.cell or f'{place.line}:{place.column}'} ({text[:30]})"
                for place, (_, text) in zip(places, cells, strict=False)
            ]
            more = [""] * (len(cells) - len(told))
            self.found.add(code, places[0], name=".".join(key), count=len(cells), cells=listed([*told, *more]))
        for row in loose.assumed:
            self.loose.setdefault(start + row, []).append(key)
