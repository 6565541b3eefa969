"""Files of judgements, .yaml, .csv or .xlsx -> comparisons and marks, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...models.finding import Place
from . import yaml as read_yaml
from .files import Files
from .findings import Findings
from .grid import Cell, Grid, as_text, is_figure
from .judgements import EXAMPLES, Judgements, Marks, Names, Range, add_comparison, add_mark, misshapen, number, ratio
from .table import decoded, tell_faults
from .workbook import sheet_names
from .yaml import Node

LARGEST = 5_000_000
"""Bytes of the largest file of judgements."""
YAML = (".yaml", ".yml")


def add_comparisons(path: Path, judge: str, judged: Judgements) -> None:
    """The comparisons of a file: a matrix a sheet, a row each, or YAML (``a>b: 3``, by judge or not).

    They are the `judge`'s where the file does not say whose; of several sheets, that of the sheet's name.
    """
    before = judged.read, judged.found.errors
    if path.suffix.lower() in YAML:
        root = _tree(path, judged.found)
        if root is not None:
            _of_tree(root, judge, judged)
    else:
        grids = _grids(path, judged.found)
        for grid in grids:
            _of_grid(grid, grid.sheet if grid.sheet and len(grids) > 1 else judge, judged)
    if before == (judged.read, judged.found.errors):
        judged.found.add("judgement-none", Place(path.name), file=path.name)


def columns_in(path: Path, count: int, names: Names, allowed: Range) -> list[Marks]:
    """`count` marks of each criterion: the columns of a table whose first one names it, or YAML (``jobs: 40``)."""
    marks: list[Marks] = [{} for _ in range(count)]
    found = names.found
    if path.suffix.lower() in YAML:
        root = _tree(path, found)
        for name, node in _items(root):
            values = node.value if isinstance(node.value, list) else [node]
            if len(values) != count:
                misshapen(name, EXAMPLES["mark"].replace("=", ": "), node.start, found)
            for column, one in zip(marks, values, strict=False):
                add_mark(column, name, number(_scalar(one) or "", one.place, found, allowed), one.place, names)
        return marks
    for grid in _grids(path, found):
        for i, row in _rows(grid):
            for k, column in enumerate(marks, 1):
                cell = row[k] if k < len(row) else None
                if cell is not None:
                    value = number(cell, grid.place(i, k), found, allowed)
                    add_mark(column, as_text(row[0]) or "", value, grid.place(i, k), names)
    return marks


def _rows(grid: Grid) -> Iterator[tuple[int, list[Cell]]]:
    """The rows without their headings: a first row whose last cell is no figure."""
    for i, row in enumerate(grid.rows):
        filled = [cell for cell in row if cell is not None]
        if (i > 0 or _judges(filled[-1])) and row[0] is not None:
            yield i, row


def _judges(cell: Cell) -> bool:
    """Whether a cell is a figure or a fraction."""
    return is_figure(cell) or all(is_figure(part.strip()) for part in str(cell).split("/"))


def _of_grid(grid: Grid, judge: str, judged: Judgements) -> None:
    first = grid.rows[0]
    down = [row[0] for row in grid.rows[1:]]
    heads = {cell for cell in first[1:] if cell is not None}
    if len(heads & set(down)) * 2 > max(len(heads), len(down)) or (
        first[0] is None and any(map(judged.names.knows, heads))
    ):
        _of_matrix(grid, judge, judged)
        return
    for i, row in _rows(grid):
        cells = [(as_text(cell) or "", grid.place(i, j)) for j, cell in enumerate(row) if cell is not None]
        if len(cells) not in (3, 4):
            misshapen(" ".join(text for text, _ in cells), "a, b, 3", grid.place(i, 0), judged.found)
            continue
        who = cells[0][0] if len(cells) == 4 else judge
        (one, at_one), (other, at_other), (figure, at_figure) = cells[-3:]
        a, b = judged.names.at(one, at_one), judged.names.at(other, at_other)
        value = ratio(figure, at_figure, judged.found)
        if a is not None and b is not None and value is not None:
            judged.compare(who, a, b, value, at_figure)


def _of_matrix(grid: Grid, judge: str, judged: Judgements) -> None:
    """A square matrix: the criteria across and down, in any order; a blank cell was not judged."""
    found, names = judged.found, judged.names
    across = {
        j: names.at(as_text(cell) or "", grid.place(0, j))
        for j, cell in enumerate(grid.rows[0])
        if j and cell is not None
    }
    down = {
        i: names.at(as_text(row[0]) or "", grid.place(i, 0))
        for i, row in enumerate(grid.rows)
        if i and row[0] is not None
    }
    if None in across.values() or None in down.values():
        return
    if sorted(map(str, across.values())) != sorted(map(str, down.values())):
        found.add("matrix-size", grid.place(0, 0), rows=len(down), columns=len(across))
        return
    for i, a in down.items():
        for j, b in across.items():
            cell = grid.rows[i][j] if j < len(grid.rows[i]) else None
            if cell is None or a is None or b is None:
                continue
            place = grid.place(i, j)
            value = ratio(cell, place, found)
            if value is None:
                continue
            if a != b:
                judged.compare(judge, a, b, value, place, "matrix-reciprocal")
            elif value != 1:
                found.add("matrix-diagonal", place, name=names.names[a], value=f"{value:g}")


def _of_tree(root: Node, judge: str, judged: Judgements) -> None:
    """``a>b: 3``, a list of ``a>b=3``, or either of them by judge."""
    if isinstance(root.value, list):
        for one in root.value:
            add_comparison(_scalar(one) or "", None, judge, one.place, judged)
        return
    for name, node in _items(root):
        if isinstance(node.value, dict | list):
            _of_tree(node, name, judged)
        else:
            add_comparison(name, _scalar(node) or "", judge, node.key or node.place, judged)


def _items(root: Node | None) -> list[tuple[str, Node]]:
    return list(root.value.items()) if root is not None and isinstance(root.value, dict) else []


def _scalar(node: Node) -> str | None:
    return node.value if isinstance(node.value, str) else None


def _tree(path: Path, found: Findings) -> Node | None:
    """The tree of a YAML file; None with the reason among the findings."""
    data = Files(path.parent).bytes(path.name, Place(path.name), found, LARGEST)
    if data is None:
        return None
    text = decoded(data)
    if text is None:
        found.add("table-text", Place(path.name), file=path.name)
        return None
    return read_yaml.parse(text, path.name, found)


def _sheets(path: Path) -> list[str]:
    return sheet_names(path.read_bytes()) if path.suffix.lower() == ".xlsx" else []


def _grids(path: Path, found: Findings) -> list[Grid]:
    """The tables of a file: one, or every sheet of a workbook that is seen and holds anything."""
    place, files = Place(path.name), Files(path.parent)
    sheets: list[str | None] = [*_sheets(path)] or [None]
    grids = [files.grid(path.name, sheet, place, found) for sheet in sheets]
    for grid in grids:
        if grid is not None:
            tell_faults(grid, range(len(grid.rows)), None, found)
    return [grid for grid in grids if grid is not None]
