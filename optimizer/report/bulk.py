"""A long table as CSV, by columns: rows are put together as matrices of bytes, some thousands at a time.

The text is the same, byte for byte, as that of `cells.sheet`, which writes one cell after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from . import cells

ROWS = 8_192
"""Rows of a part of the table."""
TIE = 1e-6
"""So near to halfway between two figures binary rounding is not to be trusted."""

Bytes = NDArray[np.uint8]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Cells = tuple[Bytes, Bools]
"""(n, w) letters, and which of them are shown."""
_POWERS = 10 ** np.arange(19, dtype=np.int64)
_PLAIN = frozenset("=+-@'＝＋－＠ ")
"""What a text that needs no second look does not begin with; see `cells.RUNS`."""


class Column(Protocol):
    """A column that can write its cells."""

    def cells(self, rows: slice) -> Cells: ...


@dataclass(frozen=True, eq=False)
class Texts:
    """Texts or None, each as it is or as `said` shows it."""

    values: Sequence[object] | NDArray[np.object_]
    said: Callable[[str], str] = str

    def cells(self, rows: slice) -> Cells:
        texts = ["" if value is None else str(value) for value in self.values[rows]]
        whole = "".join(texts)
        if harmless(texts, whole) and all(map(str.__eq__, map(self.said, _longest(texts)), _longest(texts))):
            return _laid(whole.encode(), _sizes(texts, whole))
        return _laid_out([_cell(self.said(text)) for text in texts])


@dataclass(frozen=True, eq=False)
class Coded:
    """Texts of which many are the same: `texts[code[i]]` stands in row i."""

    code: NDArray[np.intp]
    texts: Sequence[str]

    def cells(self, rows: slice) -> Cells:
        code, used = np.unique(self.code[rows], return_inverse=True)
        written = [_cell(self.texts[i]) for i in code.tolist()]
        return _laid_out([written[i] for i in used.tolist()])


@dataclass(frozen=True, eq=False)
class Whole:
    """Whole numbers; blank where missing."""

    values: Ints
    missing: Bools

    def cells(self, rows: slice) -> Cells:
        size = np.abs(self.values[rows])
        letters, shown = _integers(size)
        sign = (self.values[rows] < 0)[:, None]
        letters = np.hstack([np.full_like(letters[:, :1], ord("-")), letters])
        return letters, np.hstack([sign, shown]) & ~self.missing[rows, None]


@dataclass(frozen=True, eq=False)
class Figures:
    """Figures at so many significant digits, written as Python writes them, whole ones without a point; nan is blank.

    `said` writes those for which columns are no shorter way: very large and very small ones, and where `ties` matter
    those halfway between two figures.
    """

    values: Floats
    digits: int
    said: Callable[[float], object]
    ties: bool = False

    def cells(self, rows: slice) -> Cells:
        values = self.values[rows]
        mantissa, places, hard = rounded(values, self.digits)
        if self.ties:
            hard = hard | _near_a_tie(values, self.digits)
        blank = np.isnan(values)
        hard &= ~blank
        letters, shown = _decimals(np.abs(mantissa), places)
        letters = np.hstack([np.full_like(letters[:, :1], ord("-")), letters])
        shown = np.hstack([(mantissa < 0)[:, None], shown]) & ~blank[:, None]
        if not hard.any():
            return letters, shown
        others, seen = _laid_out([_written(self.said(value)) for value in values[hard].tolist()])
        more = max(0, others.shape[1] - letters.shape[1])
        letters, shown = np.pad(letters, ((0, 0), (0, more))), np.pad(shown, ((0, 0), (0, more)))
        shown[hard] = False
        letters[hard, : others.shape[1]], shown[hard, : others.shape[1]] = others, seen
        return letters, shown


def parts(columns: Mapping[str, Column], n: int) -> Iterator[bytes]:
    """A table of n rows under these headings, part by part."""
    yield cells.sheet([columns])
    for begin in range(0, n, ROWS):
        rows = slice(begin, min(n, begin + ROWS))
        count = rows.stop - begin
        written: list[Cells] = []
        for i, column in enumerate(columns.values()):
            between = "\r\n" if i == len(columns) - 1 else ","
            after = np.tile(np.frombuffer(between.encode(), dtype=np.uint8), (count, 1))
            written += [column.cells(rows), (after, np.ones(after.shape, dtype=bool))]
        letters, shown = (np.hstack([part[side] for part in written]) for side in (0, 1))
        yield letters[shown].tobytes()


def powers(values: Floats, digits: int) -> tuple[Floats, Floats, Bools]:
    """(up, down, quick): x · up / down has so many digits before the point, where a power of ten is exact in binary."""
    size = np.abs(values)
    quick = (size > 1e-9) & (size < 1e15)
    exponent = np.floor(np.log10(np.where(quick, size, 1.0))).astype(int)
    up = np.power(10.0, np.clip(digits - 1 - exponent, 0, 22))
    down = np.power(10.0, np.clip(exponent - digits + 1, 0, 22))
    return up, down, quick


def rounded(values: Floats, digits: int) -> tuple[Ints, NDArray[np.intp], Bools]:
    """(m, k, hard): a figure is m / 10^k at so many significant digits, unless it is a hard one."""
    up, down, quick = powers(values, digits)
    mantissa = np.rint(np.where(quick, values, 0.0) * up / down)
    places = np.rint(np.log10(up)).astype(np.intp)
    return (mantissa * down).astype(np.int64), places, ~quick & (values != 0)


def _near_a_tie(values: Floats, digits: int) -> Bools:
    up, down, quick = powers(values, digits)
    scaled = np.abs(np.where(quick, values, 0.0) * up / down)
    near: Bools = np.abs(scaled - np.floor(scaled) - 0.5) < TIE
    return near


def _decimals(mantissa: Ints, places: NDArray[np.intp]) -> Cells:
    """m / 10^k without sign and needless zeros; below 0.0001 with an exponent."""
    tiny = (mantissa > 0) & (places > 4) & (mantissa < _POWERS[np.maximum(places - 4, 0)])
    length = np.searchsorted(_POWERS, mantissa, side="right")
    exponent = np.where(tiny, places - length + 1, 0)
    places = np.where(tiny, length - 1, places)
    unit = _POWERS[places]
    above = mantissa // unit
    below = _digits((mantissa - above * unit) * _POWERS[16 - places])
    used = below != ord("0")
    length = np.where(used.any(axis=1), 16 - np.argmax(used[:, ::-1], axis=1), 0)
    most = int(length.max(initial=0))
    letters, shown = _integers(above)
    point = np.full((len(mantissa), 1), ord("."), dtype=np.uint8)
    written = [letters, point, below[:, :most]]
    seen = [shown, (length > 0)[:, None], np.arange(most) < length[:, None]]
    if tiny.any():
        head = np.tile(np.frombuffer(b"e-", dtype=np.uint8), (len(mantissa), 1))
        written += [head, _digits(exponent)[:, -2:]]
        seen.append(np.repeat(tiny[:, None], 4, axis=1))
    return np.hstack(written), np.hstack(seen)


def _integers(values: Ints) -> Cells:
    """Whole numbers from 0 to below 10^16, without leading zeros."""
    length = np.maximum(1, np.searchsorted(_POWERS, values, side="right"))
    most = int(length.max(initial=1))
    return _digits(values)[:, 16 - most :], np.arange(most - 1, -1, -1) < length[:, None]


def _digits(values: Ints) -> Bytes:
    """(n, 16) digits of whole numbers from 0 to below 10^16."""
    four = _fours()
    groups = [four[values // 10_000**i % 10_000] for i in (3, 2, 1, 0)]
    return np.stack(groups, axis=1).view(np.uint8)


@lru_cache(maxsize=1)
def _fours() -> NDArray[np.uint32]:
    """The four digits of 0 … 9999, four bytes in one number."""
    return np.frombuffer("".join(f"{i:04}" for i in range(10_000)).encode(), dtype=np.uint32)


def harmless(texts: Sequence[str], whole: str) -> bool:
    """Whether texts, `whole` together, can stand in a CSV file just as they are."""
    if not whole.isprintable() or '"' in whole or "," in whole:
        return False
    ends = {text[-1:] for text in texts} if " " in whole else set()
    return _PLAIN.isdisjoint({text[:1] for text in texts}) and " " not in ends


def _longest(texts: Sequence[str]) -> list[str]:
    """The longest text: if that is shown as it is, those that look no worse are."""
    return [max(texts, key=len)] if texts else []


def _sizes(texts: Sequence[str], whole: str) -> NDArray[np.intp]:
    """Bytes of each text."""
    count = len if whole.isascii() else (lambda text: len(text.encode()))
    return np.fromiter(map(count, texts), dtype=np.intp, count=len(texts))


def _cell(text: str) -> bytes:
    """A text as `csv.writer` writes it, made harmless."""
    text = cells.quoted(text)
    if any(letter in text for letter in ',"\r\n'):
        doubled = text.replace('"', '""')
        text = f'"{doubled}"'
    return text.encode("utf-8", errors="replace")


def _written(value: object) -> bytes:
    """A single figure, or a word for it, or nothing."""
    return _cell(value) if isinstance(value, str) else b"" if value is None else repr(value).encode()


def _laid_out(texts: Sequence[bytes]) -> Cells:
    return _laid(b"".join(texts), np.fromiter(map(len, texts), dtype=np.intp, count=len(texts)))


def _laid(whole: bytes, sizes: NDArray[np.intp]) -> Cells:
    """Texts that stand one after the other, each in a row of its own."""
    shown: Bools = np.arange(int(sizes.max(initial=0))) < sizes[:, None]
    letters = np.zeros(shown.shape, dtype=np.uint8)
    letters[shown] = np.frombuffer(whole, dtype=np.uint8)
    return letters, shown
