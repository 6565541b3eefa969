"""Pieces of a text table: some rows of it, by column. Where no cell is quoted pandas parses them, else Python's reader.

pandas is some times quicker, and gives figures without a text for each. It pads short rows without a word and has its
own idea of broken quotes, so it only gets rows that were counted to be of one length.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .cells import Coder, Codes, Figures, figures_of_texts, usual

STEP = 1_000
"""Rows that Python's reader takes at a time: texts that stay within the processor's cache."""
BYTES = 4_000_000
"""Bytes that pandas takes at a time."""
LONGEST = 100_000
"""Bytes of the longest row that pandas gets; Python's reader refuses longer cells than 131,072."""

_EXACT: dict[str, Any] = (
    {} if tuple(map(int, pd.__version__.split(".")[:2])) >= (3, 1) else {"float_precision": "round_trip"}
)
"""What makes pandas read figures to the last digit, as Python does; from 3.1 on it always does."""

Lines = Sequence[int] | NDArray[np.int64]


class Piece(Protocol):
    """Rows of one length, none of them blank."""

    def texts(self, j: int) -> Sequence[str]:
        """The cells of a column as they stand."""

    def figures(self, j: int) -> Figures: ...

    def codes(self, j: int, coder: Coder) -> Codes: ...

    def row(self, i: int) -> list[str]: ...


@dataclass(frozen=True, eq=False)
class Written:
    """Rows as Python's reader gives them."""

    rows: list[list[str]]

    @cached_property
    def columns(self) -> list[tuple[str, ...]]:
        return list(zip(*self.rows, strict=True))

    def texts(self, j: int) -> Sequence[str]:
        return self.columns[j]

    def figures(self, j: int) -> Figures:
        return figures_of_texts(self.columns[j])

    def codes(self, j: int, coder: Coder) -> Codes:
        return coder.codes(self.columns[j])

    def row(self, i: int) -> list[str]:
        return self.rows[i]


@dataclass(frozen=True, eq=False)
class Parsed:
    """Rows as pandas parses them: `data` has `length` cells in every line, and no quotes."""

    data: bytes
    ends: NDArray[np.int64]
    """Where each line ends."""
    by: str
    length: int
    kinds: dict[int, str]
    """Column -> figures, codes or names"""

    @cached_property
    def frame(self) -> pd.DataFrame:
        return self._read(list(self.kinds), {j: object for j, kind in self.kinds.items() if kind != "figures"})

    def _read(self, columns: list[int], types: dict[int, Any]) -> pd.DataFrame:
        frame: pd.DataFrame = pd.read_csv(
            io.BytesIO(self.data),
            header=None,
            names=range(self.length),
            usecols=columns,
            dtype=types,
            sep=self.by,
            quoting=csv.QUOTE_NONE,
            keep_default_na=False,
            na_values=[""],
            skip_blank_lines=False,
            index_col=False,
            low_memory=False,
            encoding="utf-8",
            engine="c",
            **_EXACT,
        )
        return frame

    def texts(self, j: int) -> list[str]:
        column = self._read([j], {j: object})[j] if self.kinds[j] == "figures" else self.frame[j]
        cells: list[str] = column.to_list()
        return ["" if cell != cell else cell for cell in cells] if column.hasnans else cells

    def figures(self, j: int) -> Figures:
        column = self.frame[j]
        if column.dtype.kind in "iuf":
            values = column.to_numpy(dtype=np.float64)
            if usual(values, int(column.isna().sum())):
                return Figures(values)
        return figures_of_texts(self.texts(j))

    def codes(self, j: int, coder: Coder) -> Codes:
        return coder.codes(self.texts(j))

    def row(self, i: int) -> list[str]:
        start = int(self.ends[i - 1]) + 1 if i else 0
        return self.data[start : int(self.ends[i])].decode().rstrip("\r").split(self.by)


def pieces(
    data: bytes, known: str, by: str, length: int, heading: int, kinds: dict[int, str]
) -> Iterator[tuple[Lines, Piece | None]]:
    """The rows of a text below the line `heading`, blank ones left out, with the lines in which they begin; None in
    place of rows that are not all of `length` cells. Raises csv.Error."""
    if b'"' in data or data.count(b"\r") != data.count(b"\r\n") or length < 2:
        for lines, rows in rows_of(data, known, by, STEP):
            below = sum(line <= heading for line in lines[:heading])
            yield from _by_reader(lines[below:], rows[below:], length)
        return
    if known != "utf-8-sig":
        data = data.decode(known).encode()
    start = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    for _ in range(heading):
        start = _end(data, start)
    line = heading + 1
    while start < len(data):
        stop = _end(data, start + BYTES)
        piece = data[start:stop]
        ends = np.flatnonzero(np.frombuffer(piece, np.uint8) == ord("\n"))
        if not piece.endswith(b"\n"):
            ends = np.append(ends, len(piece))
        numbers = np.arange(line, line + len(ends))
        line, start = line + len(ends), stop
        if _of_one_length(piece, ends, by, length):
            yield numbers, Parsed(piece, ends, by, length, kinds)
        else:
            for at, rows in rows_of(piece, "utf-8", by, len(ends)):
                yield from _by_reader([int(numbers[0]) + i - 1 for i in at], rows, length)


def _end(data: bytes, at: int) -> int:
    """Behind the first line that ends at some place or behind it."""
    return data.find(b"\n", at) + 1 or len(data)


def _of_one_length(piece: bytes, ends: NDArray[np.int64], by: str, length: int) -> bool:
    cuts = np.flatnonzero(np.frombuffer(piece, np.uint8) == ord(by))
    counts = np.diff(np.searchsorted(cuts, ends), prepend=0)
    return bool((counts == length - 1).all()) and int(np.diff(ends, prepend=0).max(initial=0)) <= LONGEST


def _by_reader(lines: Sequence[int], rows: list[list[str]], length: int) -> Iterator[tuple[Lines, Piece | None]]:
    """Without blank rows."""
    if set(map(len, rows)) - {length} or not all(map(any, rows)):
        full = [i for i, row in enumerate(rows) if any(map(str.strip, row))]
        lines, rows = [lines[i] for i in full], [rows[i] for i in full]
    if rows:
        yield lines, None if set(map(len, rows)) - {length} else Written(rows)


def rows_of(data: bytes, known: str, by: str, step: int) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
    """Rows of a text, `step` at a time, with the lines in which they begin. Raises csv.Error."""
    source = io.BytesIO(data)
    if known == "utf-8-sig":  # its own decoder is slow
        known = "utf-8"
        source.seek(len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
    reader = csv.reader(io.TextIOWrapper(source, known, newline=""), strict=True, delimiter=by)
    line = 1
    while rows := list(islice(reader, step)):
        lines: Sequence[int] = range(line, reader.line_num + 1)
        if len(lines) != len(rows):  # cells of several lines
            ends = np.cumsum([1 + sum(map(_breaks, row)) for row in rows])
            lines = [line, *(line + ends[:-1]).tolist()]
        line = reader.line_num + 1
        yield lines, rows


def _breaks(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")
