"""Projects as they stand in the file or in tables -> blocks of columns, their cells still as written."""

from __future__ import annotations

from dataclasses import replace

from ..models.finding import Place
from ..models.project import Table
from .read_block import Block, Column
from .read_files import Files
from .read_findings import Findings
from .read_headings import Key, Vocabulary, heading_unit
from .read_inline import from_rows
from .read_table import Sheet
from .read_yaml import Node


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
    for i, node in enumerate(projects.value):
        if not isinstance(node.value, dict):
            found.add("not-a-mapping", replace(node.start, path=f"projects.{i}"), key=f"projects[{i}]")
        elif "table" in node.value:
            sheet = _sheet(node, i, files, found)
            if sheet is not None:
                blocks.append(_from_table(sheet, node, words, found))
        else:
            rows.append(node)
    if rows:
        blocks.insert(0, from_rows(rows, words, found))
    if not sum(block.length for block in blocks):
        found.add("no-projects", replace(projects.start, path="projects"))
    return blocks


def _sheet(node: Node, i: int, files: Files, found: Findings) -> Sheet | None:
    assert isinstance(node.value, dict)
    texts = {}
    for name, child in node.value.items():
        place = replace(child.key or child.place, path=f"projects.{i}.{name}")
        if name not in Table.model_fields:
            found.unknown("unknown-key", place, name, Table.model_fields)
        elif isinstance(child.value, str):
            texts[name] = child.value
        elif name != "columns":
            found.add("not-text", place, key=name)
    if "table" not in texts:
        return None
    place = replace(node.value["table"].place, path=f"projects.{i}.table")
    return files.table(texts["table"], texts.get("sheet"), place, found)


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
