"""Projects as they stand in the file or in tables -> blocks of columns, their cells still as written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ...models.finding import Place
from ...models.project import Table
from .block import Block, Column
from .body import Body, Skip, body_of, cell_and_text, row_numbers, start
from .bulk import Listed
from .bulk_rows import from_items
from .files import Files
from .findings import Findings, listed
from .grid import Grid
from .header import Header, find_header, header_of
from .headings import Vocabulary
from .inline import from_rows
from .match import Match, Renamed, match
from .merged import fill_merged
from .parquet import parquet_block
from .stream import plain_block
from .table import ragged, tell_faults
from .totals import compare_totals
from .unit_lines import apply_units
from .yaml import Node

_SCALARS = ("table", "sheet", "header")


def read_rows(root: Node, words: Vocabulary, files: Files, found: Findings) -> list[Block]:
    """All projects of a scenario, in the order of the file: runs of rows, and tables."""
    projects = root.value.get("projects") if isinstance(root.value, dict) else None
    if projects is None or projects.value is None:
        found.add("no-projects", replace(root.place, path="projects"))
        return []
    if not isinstance(projects.value, list):
        found.add("not-a-list", replace(projects.start, path="projects"), key="projects")
        return []
    rows: list[Node] = []
    blocks: list[Block] = []
    entries: Iterable[tuple[int, Node]] = enumerate(projects.value)
    if isinstance(projects, Listed) and projects.items is not None:
        items = projects.items
        written, others = from_items(items, words, found)
        blocks += [written] if written.length else []
        entries = ((i, items.node(i)) for i in others)
    for i, node in entries:
        if not isinstance(node.value, dict):
            found.add("not-a-mapping", replace(node.start, path=f"projects.{i}"), key=f"projects[{i}]")
        elif "table" in node.value:
            entry = _Entry.of(node, i, found)
            block = None if entry is None else _from_file(entry, files, words, found)
            blocks += [] if block is None else [block]
        else:
            rows.append(node)
    if rows:
        blocks.insert(0, from_rows(rows, words, found))
    if not sum(block.length for block in blocks):
        found.add("no-projects", replace(projects.start, path="projects"))
    return blocks


@dataclass(frozen=True, eq=False)
class _Entry:
    """An entry of `projects` that names a table, and where it says what."""

    table: str
    sheet: str | None
    place: Place
    header: tuple[tuple[int, int], Place] | None
    skip: Skip | None
    renamed: Renamed

    @classmethod
    def of(cls, node: Node, i: int, found: Findings) -> _Entry | None:
        assert isinstance(node.value, dict)
        texts: dict[str, Node] = {}
        for name, child in node.value.items():
            place = replace(child.key or child.place, path=f"projects.{i}.{name}")
            if name not in Table.model_fields:
                found.unknown("unknown-key", place, name, Table.model_fields)
            elif isinstance(child.value, str):
                texts[name] = child
            elif name in _SCALARS:
                found.add("not-text", place, key=name)
        if "table" not in texts:
            return None
        place = replace(node.value["table"].place, path=f"projects.{i}.table")
        sheet = texts["sheet"].value if "sheet" in texts else None
        header = None
        if "header" in texts:
            numbers = row_numbers(str(texts["header"].value))
            if numbers is None:
                found.add("not-rows", texts["header"].place, text=listed([texts["header"].value]))
            else:
                header = numbers, texts["header"].place
        skip = _skip(node.value.get("skip"), found)
        return cls(
            str(texts["table"].value),
            None if sheet is None else str(sheet),
            place,
            header,
            skip,
            Renamed.of(node, found),
        )


def _skip(node: Node | None, found: Findings) -> Skip | None:
    """The rows that `skip` lists; None if it is not there, so that they are found by what they look like."""
    if node is None or node.value is None:
        return None
    entries = []
    for one in node.value if isinstance(node.value, list) else [node]:
        if isinstance(one.value, str):
            entries.append((one.value, one.place))
        else:
            found.add("not-text", one.start, key="skip")
    return Skip(tuple(entries))


def _from_file(entry: _Entry, files: Files, words: Vocabulary, found: Findings) -> Block | None:
    """The block of a table: straight into columns where it is plain, else by its grid."""
    if entry.table.lower().endswith(".parquet"):
        return _from_parquet(entry, files, words, found)
    text = files.text(entry.table, entry.place, found) if entry.skip is None else None
    if text is not None:
        seen = Findings()  # told only if the table is plain; else the careful way tells
        header = _header(text.top, entry, words, seen)
        matched = None if header is None else match(text.top, header, words, entry.renamed, seen)
        block = None if header is None or matched is None else plain_block(text, header, matched, words)
        if block is not None:
            found.take(seen)
            return block
    grid = files.grid(entry.table, entry.sheet, entry.place, found)
    return None if grid is None else from_table(grid, entry, words, found)


def _from_parquet(entry: _Entry, files: Files, words: Vocabulary, found: Findings) -> Block | None:
    table = files.parquet(entry.table, entry.place, found)
    if table is None:
        return None
    if entry.header is not None or entry.skip is not None or entry.sheet is not None:
        found.add("parquet-setting", entry.place, file=entry.table)
    matched = match(table.top, header_of(table.top, 0, 1), words, entry.renamed, found)
    if not matched.labels:
        found.add("no-id-column", table.top.place(0, 0), file=entry.table)
    return parquet_block(table, matched, found)


def from_table(grid: Grid, entry: _Entry, words: Vocabulary, found: Findings) -> Block | None:
    """The block of a table; None if it has no headings or rows, with the reason found."""
    header = _header(grid, entry, words, found)
    if header is None:
        return None
    if header.bottom >= len(grid.rows):
        found.add("table-empty", entry.place, file=grid.file)
        return None
    matched = match(grid, header, words, entry.renamed, found)
    if not matched.labels:
        found.add("no-id-column", grid.place(header.bottom - 1, 0), file=grid.file)
        return _block(grid, header, matched, Body(list(range(header.bottom, len(grid.rows))), {}), words, found)
    if header.top:
        rows = [cell_and_text(grid, i) for i in range(header.top)]
        found.add("rows-above", start(grid, 0), count=len(rows), cells=listed(rows))
        apply_units(matched, header, grid, words, found)
    body = body_of(grid, header, matched, entry.skip, found)
    _tell_hidden(grid, body, matched, found)
    compare_totals(grid, matched, body.rows, body.totals, words, found)
    return _block(grid, header, matched, body, words, found)


def _header(grid: Grid, entry: _Entry, words: Vocabulary, found: Findings) -> Header | None:
    if entry.header is None:
        return find_header(grid, entry.renamed.meant(words), found)
    (first, last), place = entry.header
    rows = [i for i, number in enumerate(grid.numbers) if first <= number <= last]
    if not rows:
        found.add("header-missing", place, file=grid.file, text=f"{first}-{last}" if last > first else str(first))
        return None
    return header_of(grid, rows[0], rows[-1] + 1)


def _block(grid: Grid, header: Header, matched: Match, body: Body, words: Vocabulary, found: Findings) -> Block:
    numbers = {key: j for j, key in matched.keys.items()}
    rows = body.rows
    block = Block(len(rows), lambda row, key: grid.place(rows[row], numbers.get(key, 0)))
    tell_faults(grid, rows, matched.keys, found)
    columns = ragged(grid, rows, len(header.heads), found)
    if grid.merged:
        fill_merged(columns, grid, rows, matched, words, found)
    for j, key in sorted(matched.keys.items()):
        block.columns[key] = Column(columns[j], matched.plain.get(j), grid.place(header.heads[j].row, j))
    for name, key in matched.sections.items():
        if name in body.sections:
            block.columns.setdefault(key, Column(list(body.sections[name])))
    return block


def _tell_hidden(grid: Grid, body: Body, matched: Match, found: Findings) -> None:
    """Hidden rows and columns are read like any others: who hides them mostly wants to see less, not to have less."""
    rows = [i for i in body.rows if grid.numbers[i] in grid.hidden_rows] if grid.hidden_rows else []
    if rows:
        found.add(
            "rows-hidden", grid.place(rows[0], 0), count=len(rows), cells=listed(cell_and_text(grid, i) for i in rows)
        )
    columns = [j for j in sorted(matched.keys) if j in grid.hidden_columns]
    if columns:
        place = grid.place(body.rows[0] if body.rows else 0, columns[0])
        found.add("columns-hidden", place, count=len(columns), names=listed(".".join(matched.keys[j]) for j in columns))
