"""A comparison on the terminal, at least 80 columns: who comes and goes, then the figures side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from ...models.comparison import Change, Comparison
from ..comparison import Compared
from . import numbers
from .compared_projects import ORDER, Measured, Row, Standing, measured, more, rows
from .compared_tables import LETTERS, Group, Line, Table, headline, letter, origin, tables, verdict
from .layout import GAP, Column, across, cut, folded, laid_out, padded
from .numbers import Language
from .words import clean, say

NARROWEST, WIDEST = 80, 160
MOST_ROWS = 40
"""Projects that change and are listed for each plan; the files have all of them."""
SIDE_BY_SIDE = 4
"""Plans besides the first in one table."""
LEAST, MOST_FIGURE = 9, 14
"""Cells of a column of figures."""
LONG = ("resources", "rules")
"""Sections of which only what differs is shown."""
STYLES = {
    Change.NEW: "green",
    Change.RAISED: "cyan",
    Change.TRIMMED: "yellow",
    Change.OUT: "dim",
}


def show(
    compared: Compared, console: Console, language: Language, written: tuple[Path, Sequence[str]] | None = None
) -> None:
    """Print a comparison. `written`: the folder of results and the names of the files in it."""
    width = min(max(console.width, NARROWEST), WIDEST)
    for line in lines(compared, language, width, written):
        console.print(line, soft_wrap=True)


def lines(
    compared: Compared,
    language: Language,
    width: int = NARROWEST,
    written: tuple[Path, Sequence[str]] | None = None,
) -> Iterator[Text]:
    """The comparison line by line, none wider than `width`."""
    comparison = compared.comparison
    yield from _plans(comparison, language, width)
    measures = measured(compared, language)
    listed = rows(compared, measures, language)
    for i in range(1, len(comparison.plans)):
        yield Text()
        for line in folded(verdict(comparison, i, language), width):
            yield Text(line, style="bold")
        yield from _changes(comparison, listed, measures, i, language, width)
    for table in tables(comparison, language):
        yield Text()
        yield from _table(table, comparison, language, width)
    if written is not None:
        folder, names = written
        yield Text()
        yield from map(Text, folded(f"{clean(str(folder))}/: {'  '.join(names)}", width, indent="  "))


def _plans(comparison: Comparison, language: Language, width: int) -> Iterator[Text]:
    """What is compared: the title, then letter, label and where it comes from, a line each."""
    for line in folded(headline(comparison, language), width):
        yield Text(line, style="bold")
    for i in range(len(comparison.plans)):
        yield from map(Text, folded(f"{letter(comparison, i)}  {origin(comparison, i, language)}", width, indent="  "))


def _changes(
    comparison: Comparison, listed: Sequence[Row], measures: Sequence[Measured], i: int, language: Language, width: int
) -> Iterator[Text]:
    """The projects that are in plan i in another way than in the first."""
    still = (Change.KEPT, Change.NEITHER)
    shown = [row for row in listed if row.kinds[i - 1] not in still or row.standings[i].moved]
    shown.sort(key=lambda row: ORDER.index(row.kinds[i - 1]))
    if not shown:
        return
    top = shown[:MOST_ROWS]
    columns = list(across(_columns(top, measures, i, language), width))
    head, body = laid_out(columns, width)
    yield from (Text(line, style="bold") for line in head)
    yield from (Text(line, style=STYLES.get(row.kinds[i - 1], "")) for row, line in zip(top, body, strict=True))
    if len(shown) > len(top):
        yield Text("     " + say("… and {count} more", language, count=len(shown) - len(top)), style="dim")
    for row in (row for row in top if row.standings[i].moved):
        yield from map(Text, folded(f"{cut(row.title, 40)}: {_zones(row, i)}", width, indent="  "))


def _columns(top: Sequence[Row], measures: Sequence[Measured], i: int, language: Language) -> Iterator[Column]:
    """In the order in which room is given to them; `place` is where they stand."""
    pairs = [(row.standings[0], row.standings[i]) for row in top]
    names = [row.title for row in top]
    yield Column(say("against A", language), "", [b.change for _, b in pairs], place=0, right=False, most=20)
    yield Column(say("project", language), "", names, place=1, right=False, least=18, most=40)
    for place, k in ((2, 0), (3, 1)):
        texts = [pair[k].decision for pair in pairs]
        yield Column((LETTERS[0], LETTERS[i])[k], "", texts, place=place, right=False, most=16)
    amounts = []
    for place, measure in enumerate(measures, 10):
        cells = [more(a.granted[place - 10], b.granted[place - 10], measure, language) for a, b in pairs]
        if any(cells):
            amounts.append(Column(measure.title, yearless(measure.how.unit), cells, place=place))
    ranks = [_ranks(a, b) for a, b in pairs]
    yield from amounts[:2]
    if any(ranks):
        yield Column(say("rank", language), "", ranks, place=5)
    yield from amounts[2:]


def _zones(row: Row, i: int) -> str:
    """From where to where a project goes."""
    return f"{row.standings[0].zone} → {row.standings[i].zone}"


def _ranks(before: Standing, after: Standing) -> str:
    if before.rank is None and after.rank is None:
        return ""
    one, other = (numbers.NOTHING if rank is None else str(rank) for rank in (before.rank, after.rank))
    return f"{one}→{other}"


def _table(table: Table, comparison: Comparison, language: Language, width: int) -> Iterator[Text]:
    """One section; of many plans a part at a time, the first in each of them. What is the same everywhere is in the
    files."""
    groups = [
        Group(g.name, [line for line in g.lines if table.code not in LONG or differs(line)]) for g in table.groups
    ]
    shown = replace(table, groups=[group for group in groups if group.lines])
    others = list(range(1, len(comparison.plans)))
    if not shown.groups:
        yield Text(say("{section}: the same in all plans", language, section=table.title))
        return
    for start in range(0, len(others), SIDE_BY_SIDE):
        if start:
            yield Text()
        yield from _part(shown, comparison, [0, *others[start : start + SIDE_BY_SIDE]], language, width)
    if table.note:
        yield from (Text(line, style="dim") for line in folded(table.note, width, indent="  "))


def differs(line: Line) -> bool:
    """Whether a figure or word is another one in one of the plans."""
    if line.words:
        return len(set(line.words)) > 1
    absent = {value is None for value in line.values}
    return len(absent) > 1 or any(line.changed(i) for i in range(1, len(line.values)))


def _part(
    table: Table, comparison: Comparison, chosen: Sequence[int], language: Language, width: int
) -> Iterator[Text]:
    """Some plans of one section; of two the difference too."""
    pair = len(comparison.plans) == 2
    heads = [letter(comparison, i) for i in chosen] + ([f"{LETTERS[1]}-{LETTERS[0]}"] if pair else [])

    def texts(line: Line) -> list[str]:
        figures = [line.text(i, language) for i in chosen]
        return [*figures, line.difference_text(1, language)] if pair else figures

    columns = zip(*(texts(line) for _, line in table.lines), strict=True)
    wide = [
        max(LEAST, min(MOST_FIGURE, cell_len(head)), *map(cell_len, column))
        for head, column in zip(heads, columns, strict=True)
    ]
    room = width - sum(wide) - GAP * len(wide)
    yield Text(_row([table.title, *heads], [room, *wide]), style="bold")
    for group in table.groups:
        if group.name:
            yield Text(cut(group.name, width))
        for line in group.lines:
            unit = _unit(line, language)
            name = ("  " if group.name else "") + line.name
            yield Text(_row([cut(name, max(1, room - cell_len(unit))) + unit, *texts(line)], [room, *wide]))


def _unit(line: Line, language: Language) -> str:
    """The unit of a line after its name."""
    unit = yearless(line.how.unit)
    return say("{measure} ({unit})", language, measure="", unit=unit) if unit and not line.words else ""


def yearless(unit: str) -> str:
    """A unit without the year that all flows have."""
    return unit.removesuffix("/year").removesuffix("/年")


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Cells under each other, the first at the left."""
    texts = [
        padded(cut(cell, width), width, right=k > 0) for k, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return (" " * GAP).join(texts).rstrip()
