"""Projects as they stand in the file or in tables -> blocks of columns, their cells still as written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ..models.finding import Place
from ..models.project import Table
from ..models.quantity import Unit
from .read_files import Files
from .read_findings import Findings, listed, nearest
from .read_headings import FIELDS, Key, Vocabulary, heading_unit
from .read_places import Places
from .read_table import Sheet
from .read_yaml import Node

LISTS = ("zones", "assumed")
"""Fields that hold several names."""


@dataclass(eq=False)
class Column:
    """Cells of one key: texts, numbers, lists of texts, or None where blank or absent."""

    cells: list[Any]
    plain: Unit | None = None
    """Unit of bare numbers, where the heading gives one."""
    heading: Place | None = None
    """Where the heading stands, in a table."""
    own: frozenset[int] = frozenset()
    """Rows whose bare numbers are in the measure's own unit whatever the heading says: changed ones."""


@dataclass(eq=False)
class Block:
    """Projects from one source: the rows of the file, or one table."""

    length: int
    position: Callable[[int, Key], Place]
    """(row, key) -> place; of the row itself for an empty key."""
    columns: dict[Key, Column] = field(default_factory=dict)
    assumed: dict[int, list[Key]] = field(default_factory=dict)
    """Amounts that say themselves that they are assumed, by row."""


def read_rows(root: Node, words: Vocabulary, files: Files, places: Places, found: Findings) -> list[Block]:
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
    for i, node in enumerate(projects.value):
        if not isinstance(node.value, dict):
            found.add("not-a-mapping", replace(node.start, path=f"projects.{i}"), key=f"projects[{i}]")
        elif "table" in node.value:
            sheet = _sheet(node, i, files, places, found)
            if sheet is not None:
                blocks.append(_from_table(sheet, node, words, found))
        else:
            rows.append(node)
    if rows:
        blocks.insert(0, _from_rows(rows, words, found))
    if not sum(block.length for block in blocks):
        found.add("no-projects", replace(projects.start, path="projects"))
    return blocks


def _sheet(node: Node, i: int, files: Files, places: Places, found: Findings) -> Sheet | None:
    assert isinstance(node.value, dict)
    texts = {}
    for name, child in node.value.items():
        place = replace(child.key or child.place, path=f"projects.{i}.{name}")
        if name not in Table.model_fields:
            found.unknown("unknown-key", place, name, Table.model_fields)
        elif name != "columns" and not isinstance(child.value, str):
            found.add("not-text", place, key=name)
        else:
            texts[name] = child.value
    if not isinstance(texts.get("table"), str):
        return None
    place = replace(node.value["table"].place, path=f"projects.{i}.table")
    return files.table(str(texts["table"]), texts.get("sheet"), place, found)  # type: ignore[arg-type]


def _from_table(sheet: Sheet, node: Node, words: Vocabulary, found: Findings) -> Block:
    renamed = _renamed(node, sheet, found)
    numbers: dict[Key, int] = {}
    block = Block(len(sheet), lambda row, key: sheet.position(row, numbers.get(key, 0)))
    for j, heading in enumerate(sheet.headings):
        place = sheet.position(-1, j)
        bare, plain = heading_unit(heading)
        text = next((renamed[name] for name in (heading, bare) if name in renamed), heading)
        if text is None or (not heading and all(cell is None for cell in sheet.columns[j])):
            continue
        key = words.key(text) or words.key(bare if text == heading else text)
        if key is None:
            _note_heading(bare if text == heading else text, place, words, found)
        elif key in numbers:
            found.add("heading-twice", place, name=heading, first=sheet.headings[numbers[key]])
        else:
            numbers[key] = j
            block.columns[key] = Column(list(sheet.columns[j]), plain, place)
    if ("id",) not in numbers and ("title",) not in numbers:
        found.add("no-id-column", sheet.position(-1, 0), file=sheet.file)
    return block


def _renamed(node: Node, sheet: Sheet, found: Findings) -> dict[str, str | None]:
    """`columns`: heading, with or without its unit -> key; None for a column that is not read."""
    assert isinstance(node.value, dict)
    columns = node.value.get("columns")
    if columns is None or columns.value is None:
        return {}
    if not isinstance(columns.value, dict):
        found.add("not-a-mapping", columns.start, key="columns")
        return {}
    headings = {*sheet.headings, *(heading_unit(heading)[0] for heading in sheet.headings)}
    renamed: dict[str, str | None] = {}
    for heading, child in columns.value.items():
        if heading not in headings:
            found.unknown("unknown-column", child.key or child.place, heading, sheet.headings, file=sheet.file)
        elif isinstance(child.value, dict | list):
            found.add("not-text", child.start, key=heading)
        else:
            renamed[heading] = child.value
    return renamed


def _note_heading(text: str, place: Place, words: Vocabulary, found: Findings) -> None:
    if text in words.ambiguous:
        found.add("heading-ambiguous", place, name=text)
        return
    name, at, zone = text.rpartition("@")
    if at and words.key(name) is not None:
        found.unknown("unknown-zone", place, zone, words.zones)
        return
    found.unknown("unknown-heading", place, text, words.known())


def _from_rows(rows: list[Node], words: Vocabulary, found: Findings) -> Block:
    cells: dict[Key, dict[int, Any]] = {}
    nodes: dict[tuple[int, Key], Node] = {}
    block = Block(len(rows), lambda row, key: nodes[row, key].start if (row, key) in nodes else rows[row].start)

    def put(row: int, key: Key, node: Node, value: Any) -> None:
        cells.setdefault(key, {})[row] = value
        nodes[row, key] = node

    for row, project in enumerate(rows):
        assert isinstance(project.value, dict)
        for name, node in project.value.items():
            if name in words.measures and words.measures[name] == name:
                _put_amount(row, (name,), node, put, block, found)
            elif name == "makes":
                _put_amounts(row, ("makes",), node, words, put, block, found)
            elif name == "at":
                for zone, inner in _mapping(node, "at", found):
                    if zone not in words.zones:
                        found.unknown("unknown-zone", inner.key or inner.place, zone, words.zones)
                    else:
                        _put_amounts(row, ("at", zone), inner, words, put, block, found)
            elif name in words.attributes or name in FIELDS:
                _put_text(row, (name,), node, put, found)
            else:
                known = [*words.known(), "at", "makes"]
                meant = words.measures.get(name) or nearest(name, known)
                found.add(
                    "unknown-project-key", node.key or node.place, meant=meant, name=name, known=listed(known, 12)
                )
    for key, values in cells.items():
        block.columns[key] = Column([values.get(row) for row in range(len(rows))])
    return block


def _mapping(node: Node, key: str, found: Findings) -> list[tuple[str, Node]]:
    if isinstance(node.value, dict):
        return list(node.value.items())
    if node.value is not None:
        found.add("not-a-mapping", node.start, key=key)
    return []


def _put_amounts(row: int, outer: Key, node: Node, words: Vocabulary, put: Any, block: Block, found: Findings) -> None:
    for name, inner in _mapping(node, ".".join(outer), found):
        if words.measures.get(name) != name:
            found.unknown("unknown-measure", inner.key or inner.place, name, set(words.measures.values()))
        else:
            _put_amount(row, (*outer, name), inner, put, block, found)


def _put_amount(row: int, key: Key, node: Node, put: Any, block: Block, found: Findings) -> None:
    """An amount: a text, or a mapping {amount, source, note, assumed}."""
    if isinstance(node.value, dict):
        for name, inner in node.value.items():
            if name not in ("amount", "source", "note", "assumed"):
                known = ("amount", "source", "note", "assumed")
                found.unknown("unknown-key", inner.key or inner.place, name, known)
        if "amount" not in node.value:
            found.add("missing-key", node.start, key="amount")
            return
        assumed = node.value.get("assumed")
        if assumed is not None and as_yes_no(assumed.value, assumed.place, "assumed", found):
            block.assumed.setdefault(row, []).append(key)
        node = node.value["amount"]
    if isinstance(node.value, dict | list):
        found.add("not-a-number", node.start, key=key[-1], text=listed([key[-1]]))
        return
    put(row, key, node, node.value)


def _put_text(row: int, key: Key, node: Node, put: Any, found: Findings) -> None:
    if isinstance(node.value, dict) or (isinstance(node.value, list) and key[0] not in LISTS):
        found.add("not-text", node.start, key=key[0])
        return
    value: Any = node.value
    if isinstance(value, list):
        if not all(isinstance(one.value, str) for one in value):
            found.add("not-text", node.start, key=key[0])
            return
        value = [one.value for one in value]
    put(row, key, node, value)


_YES = frozenset({"true", "yes", "on", "1", "是", "√"})
_NO = frozenset({"false", "no", "off", "0", "否"})


def as_yes_no(value: Any, place: Place, key: str, found: Findings) -> bool:
    """A yes or a no as people write them; blank is no."""
    text = str(value).strip().lower() if value is not None else "no"
    text = text.removesuffix(".0")
    if text not in _YES | _NO:
        found.add("not-yes-no", place, key=key, text=listed([value]))
    return text in _YES
