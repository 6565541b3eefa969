"""Names of the many columns and rows of a programme, written only when somebody reads them.

A programme of a million projects has several million names, which nobody needs but who writes it to a file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import overload


class Lazy(Sequence[str]):
    """So many names, which `write` writes down at once when the first of them is read."""

    def __init__(self, length: int, write: Callable[[], list[str]]) -> None:
        self._length = length
        self._write = write

    @cached_property
    def written(self) -> list[str]:
        names = self._write()
        assert len(names) == self._length
        return names

    def __reduce__(self) -> tuple[type[list[str]], tuple[list[str]]]:
        """Other processes get the names themselves."""
        return list, (self.written,)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        return self.written[at]

    def __iter__(self) -> Iterator[str]:
        return iter(self.written)


class Names(Sequence[str]):
    """Names in parts, one after the other; only the parts that are read are written.

    >>> names = Names([Lazy(2, lambda: ["own|a", "own|b"]), ["supply|land|"]])
    >>> len(names), names[2], names[-3], names == ["own|a", "own|b", "supply|land|"]
    (3, 'supply|land|', 'own|a', True)
    """

    def __init__(self, parts: Iterable[Sequence[str]]) -> None:
        self._parts = [part for part in parts if len(part)]
        self._starts = [0]
        for part in self._parts:
            self._starts.append(self._starts[-1] + len(part))

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        i = at + len(self) if at < 0 else at
        if not 0 <= i < len(self):
            raise IndexError(at)
        part = bisect_right(self._starts, i) - 1
        return self._parts[part][i - self._starts[part]]

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._parts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return NotImplemented if not isinstance(other, Sequence) else False
        return self is other or all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]
