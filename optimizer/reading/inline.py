"""Projects written in the scenario file itself -> a block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...models.amount import Amount
from ...models.finding import Place
from .block import Block, Column
from .findings import Findings, listed, nearest
from .headings import FIELDS, Key, Vocabulary
from .yaml import Node

LISTS = ("zones", "assumed")
"""Fields that hold several names."""

YES = frozenset({"true", "yes", "on", "1", "是", "√"})
NO = frozenset({"false", "no", "off", "0", "否"})


def from_rows(rows: list[Node], words: Vocabulary, found: Findings) -> Block:
    """The block of projects that are mappings in the file, in their order."""
    reader = Rows(rows, words, found)
    for row in range(len(rows)):
        reader.read(row)
    return reader.block()


class Rows:
    """Turns mappings into columns; cells and nodes are kept by row and key."""

    def __init__(self, rows: Sequence[Node], words: Vocabulary, found: Findings) -> None:
        self.rows = rows
        self.words = words
        self.found = found
        self.cells: dict[Key, dict[int, Any]] = {}
        self.nodes: dict[tuple[int, Key], Node] = {}
        self.assumed: dict[int, list[Key]] = {}

    def block(self) -> Block:
        columns = {
            key: Column([values.get(row) for row in range(len(self.rows))]) for key, values in self.cells.items()
        }
        return Block(len(self.rows), self.position, columns, self.assumed)

    def position(self, row: int, key: Key) -> Place:
        return self.nodes.get((row, key), self.rows[row]).start

    def read(self, row: int) -> None:
        for name, node in self._entries(self.rows[row], "project"):
            if self.words.measures.get(name) == name:
                self._amount(row, (name,), node)
            elif name == "makes":
                self._amounts(row, ("makes",), node)
            elif name == "at":
                self._at(row, node)
            elif name in self.words.attributes or name in FIELDS:
                self._text(row, (name,), node)
            else:
                known = [*self.words.known(), "at", "makes"]
                meant = self.words.measures.get(name) or nearest(name, known)
                told = {"name": name, "known": listed(known, 12)}
                self.found.misspelt("unknown-project-key", node.key or node.place, meant, **told)

    def _entries(self, node: Node, key: str) -> list[tuple[str, Node]]:
        if isinstance(node.value, dict):
            return list(node.value.items())
        if node.value is not None:
            self.found.add("not-a-mapping", node.start, key=key)
        return []

    def _put(self, row: int, key: Key, node: Node, value: Any) -> None:
        self.cells.setdefault(key, {})[row] = value
        self.nodes[row, key] = node

    def _at(self, row: int, node: Node) -> None:
        for zone, inner in self._entries(node, "at"):
            if zone in self.words.zones:
                self._amounts(row, ("at", self.words.zones[zone]), inner)
            else:
                self.found.unknown("unknown-zone", inner.key or inner.place, zone, self.words.zones)

    def _amounts(self, row: int, outer: Key, node: Node) -> None:
        for name, inner in self._entries(node, ".".join(outer)):
            if self.words.measures.get(name) == name:
                self._amount(row, (*outer, name), inner)
            else:
                known = dict.fromkeys(self.words.measures.values())
                self.found.unknown("unknown-measure", inner.key or inner.place, name, known)

    def _amount(self, row: int, key: Key, node: Node) -> None:
        """An amount: a text, or a mapping {amount, source, note, assumed}."""
        if isinstance(node.value, dict):
            for name, inner in node.value.items():
                if name not in Amount.model_fields:
                    self.found.unknown("unknown-key", inner.key or inner.place, name, Amount.model_fields)
            if "amount" not in node.value:
                self.found.add("missing-key", node.start, key="amount")
                return
            assumed = node.value.get("assumed")
            if assumed is not None and as_yes_no(assumed.value, assumed.place, "assumed", self.found):
                self.assumed.setdefault(row, []).append(key)
            node = node.value["amount"]
        if isinstance(node.value, dict | list):
            self.found.add("not-a-number", node.start, text=key[-1])
            return
        self._put(row, key, node, node.value)

    def _text(self, row: int, key: Key, node: Node) -> None:
        names = [one.value for one in node.value] if isinstance(node.value, list) and key[0] in LISTS else [{}]
        if node.value is None or isinstance(node.value, str):
            self._put(row, key, node, node.value)
        elif all(isinstance(one, str) for one in names):
            self._put(row, key, node, names)
        else:
            self.found.add("not-text", node.start, key=key[0])


def as_yes_no(value: Any, place: Place, key: str, found: Findings) -> bool:
    """A yes or a no as people write them; blank is no."""
    text = str(value).strip().lower().removesuffix(".0") if value is not None else "no"
    if text not in YES | NO:
        found.add("not-yes-no", place, key=key, text=listed([value]))
    return text in YES
