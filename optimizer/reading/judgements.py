"""Judgements of weights as people write them -> figures with their places: comparisons, marks, best and worst."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched

from ...models.finding import Place
from .findings import Findings, listed, shown
from .grid import Cell

FARTHEST = 1000.0
"""No two criteria are farther apart than that; beyond, sums would lose the smaller one."""
Range = tuple[float, float]
"""The least and the largest figure that is taken."""
POINTS, SWING, RANKS, TIMES = (0.0, 1e9), (0.0, 100.0), (0.0, 1e6), (1.0, 9.0)
ROUNDED = 0.06
"""How far two reciprocals may be off for being rounded: 0.13 for 1/8."""
SCALE = 9.0
EXAMPLES = {"pairs": '"investment>jobs=3"', "rank": '"investment > jobs = output > tax"', "mark": "jobs=40"}

_PART = re.compile(r'"[^"]*"|[^"<>=]+|[<>=]')
_SIGNS = str.maketrans("＞＜＝“”", '><=""')


@dataclass(frozen=True)
class Comparison:
    """Somebody's judgement that criterion `i` is `value` times as important as criterion `j`."""

    judge: str
    i: int
    j: int
    value: float
    place: Place


@dataclass(frozen=True)
class Mark:
    """A figure that was given to a criterion."""

    value: float
    place: Place


Marks = dict[int, Mark]


@dataclass(frozen=True)
class Names:
    """The criteria by their names, and by their titles where these tell them apart."""

    names: list[str]
    titles: Mapping[str, str | None]
    found: Findings

    def at(self, text: str, place: Place) -> int | None:
        """Which criterion a text means; None with the reason among the findings."""
        name = text.strip().strip('"').strip()
        if name in self.names:
            return self.names.index(name)
        called = [i for i, one in enumerate(self.names) if self.titles[one] == name]
        if len(called) == 1:
            return called[0]
        self.found.unknown("unknown-criterion", place, name, self.names)
        return None

    def knows(self, cell: object) -> bool:
        """Whether a cell names a criterion."""
        name = str(cell).strip()
        return name in self.names or name in self.titles.values()


@dataclass
class Judgements:
    """What was read of one kind; contradictions within it are told."""

    names: Names
    comparisons: dict[tuple[str, int, int], Comparison] = field(default_factory=dict)
    """By judge and pair (i < j), as it was given first."""
    read: int = 0
    """How many were read, those that only say the same again among them."""

    @property
    def found(self) -> Findings:
        return self.names.found

    def compare(self, judge: str, i: int, j: int, value: float, place: Place, code: str = "judgement-twice") -> None:
        """Note a comparison. The same one again, either way round, is passed over; another value is an error."""
        self.read += 1
        if i == j:
            self.found.add("judgement-self", place, name=self.names.names[i])
            return
        key = (judge, min(i, j), max(i, j))
        before = self.comparisons.get(key)
        if before is None:
            if not 1 / SCALE * (1 - ROUNDED) <= value <= SCALE * (1 + 1e-9):
                self.found.add("judgement-scale", place, text=shown(value))
            self.comparisons[key] = Comparison(judge, i, j, value, place)
            return
        first = before.value if before.i == i else 1 / before.value
        if abs(math.log(value / first)) > ROUNDED:
            pair = f"{self.names.names[i]} > {self.names.names[j]}"
            other = shown(before.value) if code == "matrix-reciprocal" else f"{first:.4g}"
            self.found.add(code, place, pair=pair, value=shown(value), other=other, first=before.place)

    def by_judge(self) -> dict[str, list[tuple[int, int, float]]]:
        """Judge -> their comparisons; judges in the order in which they were read."""
        judged: dict[str, list[tuple[int, int, float]]] = {}
        for one in self.comparisons.values():
            judged.setdefault(one.judge, []).append((one.i, one.j, one.value))
        return judged


def number(text: Cell, place: Place, found: Findings, allowed: Range) -> float | None:
    """A figure or a fraction between two limits; None with the reason among the findings.

    >>> number("1/4", Place(), Findings(), POINTS), number(0.5, Place(), Findings(), POINTS)
    (0.25, 0.5)
    """
    least, most = allowed
    try:
        if isinstance(text, str):
            top, bar, bottom = text.replace("／", "/").partition("/")
            value = float(top) / (float(bottom) if bar else 1.0)
        else:
            value = float(text or 0)
    except (ValueError, ZeroDivisionError, OverflowError):
        found.add("judgement-number", place, text=listed([text]))
        return None
    if not least <= value <= most:  # also what is not a number at all
        found.add("judgement-range", place, text=listed([text]), least=f"{least:g}", most=f"{most:g}")
        return None
    return value


def ratio(text: Cell, place: Place, found: Findings) -> float | None:
    """How many times as important one criterion is as another."""
    return number(text, place, found, (1 / FARTHEST, FARTHEST))


def misshapen(text: str, example: str, place: Place, found: Findings) -> None:
    """Tell that a text is no judgement, and how one is written."""
    found.add("judgement-form", place, text=listed([text or "–"]), example=example)


def _parts(text: str) -> list[str]:
    """Names, signs and figures of a judgement.

    >>> _parts('"a=b" > c=3')
    ['"a=b"', '>', 'c', '=', '3']
    """
    return [part.strip() for part in _PART.findall(text.translate(_SIGNS)) if part.strip()]


def add_comparison(text: str, value: Cell, judge: str, place: Place, judged: Judgements) -> None:
    """``a>b=3``, ``a<b=3``, ``a=b``; or ``a>b`` with the value beside it."""
    parts, found = _parts(text), judged.found
    match parts:
        case [one, ">" | "<", other, "=", figure] if value is None:
            value = figure
        case [one, "=", other] if value is None:
            value = 1.0
        case [one, ">" | "<", other] if value is not None:
            pass
        case _:
            misshapen(text, EXAMPLES["pairs"], place, found)
            return
    first, second = judged.names.at(one, place), judged.names.at(other, place)
    times = ratio(value, place, found)
    if first is not None and second is not None and times is not None:
        i, j = (second, first) if parts[1] == "<" else (first, second)
        judged.compare(judge, i, j, times, place)


def add_mark(marks: Marks, name: str, value: float | None, place: Place, names: Names) -> None:
    """Give a criterion its figure; a second one is an error."""
    i = names.at(name, place)
    if i is not None and i in marks:
        names.found.add("judgement-again", place, name=names.names[i], first=marks[i].place)
    elif i is not None and value is not None:
        marks[i] = Mark(value, place)


def of_texts(texts: Iterable[str], option: str, names: Names, allowed: Range) -> Marks:
    """Marks of ``c=40``, … as the command line gives them."""
    marks: Marks = {}
    for text in texts:
        place = Place(f"{option} {text}")
        match _parts(text):
            case [name, "=", figure]:
                add_mark(marks, name, number(figure, place, names.found, allowed), place, names)
            case _:
                misshapen(text, f"{option} {EXAMPLES['mark']}", place, names.found)
    return marks


def of_ranking(text: str, names: Names) -> Marks:
    """Ranks of ``a > b = c > d``."""
    place, marks, rank = Place(f"--rank {text}"), Marks(), 1.0
    parts = [">", *_parts(text)]
    if len(parts) % 2:
        misshapen(text, f"--rank {EXAMPLES['rank']}", place, names.found)
        return marks
    for sign, name in batched(parts, 2):
        if sign not in (">", "=") or name in ("<", ">", "="):
            misshapen(text, f"--rank {EXAMPLES['rank']}", place, names.found)
            return marks
        rank += sign == ">"
        add_mark(marks, name, rank, place, names)
    return marks


def complete(marks: Marks, needed: Sequence[int], names: Names, place: Place) -> None:
    """Tell the criteria that have no mark."""
    missing = [names.names[i] for i in needed if i not in marks]
    if missing:
        names.found.add("judgement-missing", place, names=listed(missing))
