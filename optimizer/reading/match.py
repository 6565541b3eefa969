"""Headings of a table -> keys of projects: as `columns` says, else as they stand, else by their parts."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...models.finding import Place
from ...models.quantity import Unit
from .findings import Findings, listed
from .grid import Grid
from .header import Header, Meant
from .headings import Head, Key, Vocabulary, heading_unit
from .yaml import Node

SECTIONS = ("section", "subsection")
"""Keys of `columns` that are no headings: the names of the sections in which projects stand, and of those within."""

USUAL = {
    **dict.fromkeys(("项目名称", "项目", "名称", "Project", "Project name", "project", "project name"), "title"),
    **dict.fromkeys(("备注", "Remarks", "remarks"), "note"),
    **dict.fromkeys(("数据来源", "资料来源"), "source"),
}
"""Headings that every office has, and what they are if nobody says otherwise."""

NUMBERS = frozenset({"序号", "No", "No.", "NO", "NO.", "no.", "№", "#", "Nr.", "S/N"})
"""Headings of columns that only number the rows."""


@dataclass(eq=False)
class Match:
    """What the columns of a table hold."""

    keys: dict[int, Key] = field(default_factory=dict)
    """Column -> key."""
    plain: dict[int, Unit] = field(default_factory=dict)
    """Column -> unit of its bare numbers, where a heading or `columns` gives one."""
    sections: dict[str, Key] = field(default_factory=dict)
    """section, subsection -> attribute that gets their names."""
    numbers: int | None = None
    """The column that numbers the rows."""

    @property
    def labels(self) -> list[int]:
        """The columns that name projects."""
        return sorted(j for j, key in self.keys.items() if key in (("id",), ("title",)))


@dataclass(frozen=True, eq=False)
class Renamed:
    """`columns` of a table: heading -> key, None for a column that is not read."""

    nodes: dict[str, Node]

    @classmethod
    def of(cls, node: Node, found: Findings) -> Renamed:
        assert isinstance(node.value, dict)
        columns = node.value.get("columns")
        if columns is None or columns.value is None:
            return cls({})
        if not isinstance(columns.value, dict):
            found.add("not-a-mapping", columns.start, key="columns")
            return cls({})
        nodes = {}
        for heading, child in columns.value.items():
            if isinstance(child.value, dict | list):
                found.add("not-text", child.start, key=heading)
            else:
                nodes[heading] = child
        return cls(nodes)

    def meant(self, words: Vocabulary) -> Meant:
        """How the rows of the headings are told from the others."""

        parts = {part for name in self.nodes if "/" in name for part in name.split("/")}

        def key(text: str) -> Key | None:
            whole, lower, _ = Head((text,), 0).names()
            for name in (*whole, *lower):
                if name in self.nodes:
                    value = self.nodes[name].value
                    return words.key(heading_unit(str(value))[0]) or ("",) if value is not None else ("",)
            usual = (
                ("",) if name in NUMBERS or name in parts else words.key(USUAL.get(name, name))
                for name in (*whole, *lower)
            )
            return next((one for one in usual if one is not None), None)

        return Meant(
            lambda text: key(text) is not None,
            lambda text: key(text) in (("id",), ("title",)) or text in NUMBERS,
        )


def match(grid: Grid, header: Header, words: Vocabulary, renamed: Renamed, found: Findings) -> Match:
    """What the columns hold. Headings that mean nothing are errors, those that were interpreted are told."""
    matcher = _Matcher(grid, header, words, found)
    matcher.rename(renamed)
    matcher.by_name()
    matcher.rest()
    return matcher.result


class _Matcher:
    """Gives keys to columns; the surer way of naming one comes first."""

    def __init__(self, grid: Grid, header: Header, words: Vocabulary, found: Findings) -> None:
        self.grid = grid
        self.heads = header.heads
        self.words = words
        self.found = found
        self.names = [head.names() for head in self.heads]
        self.result = Match()
        self.open = set(range(len(self.heads)))
        self.told: dict[int, str] = {}
        first = header.bottom
        self.filled = {
            j for j in self.open if any(j < len(row) and row[j] is not None for row in grid.rows[first:])
        } if any(not head.parts for head in self.heads) else self.open.copy()  # fmt: skip

    def place(self, j: int) -> Place:
        return self.grid.place(self.heads[j].row, j)

    def rename(self, renamed: Renamed) -> None:
        for name, node in renamed.nodes.items():
            columns = self._called(name)
            if name in SECTIONS and not columns:
                self._section(name, node)
            elif not columns:
                known = [head.text for head in self.heads if head.parts]
                self.found.unknown("unknown-column", node.key or node.place, name, known, file=self.grid.file)
            elif len(columns) > 1:
                texts = listed(f"{self.grid.cell(self.heads[j].row, j)} {self.heads[j].text}" for j in columns)
                self.found.add("column-doubtful", node.key or node.place, name=name, headings=texts)
                self.open -= set(columns)
            elif columns[0] in self.open:
                self._rename(columns[0], node)

    def _called(self, name: str) -> list[int]:
        """The columns with a name; as a whole before a part."""
        for tier in range(3):
            columns = [j for j, names in enumerate(self.names) if name in names[tier]]
            if columns:
                return columns
        return []

    def _section(self, name: str, node: Node) -> None:
        key = self.words.key(str(node.value)) if node.value is not None else None
        if key is not None and key[0] in self.words.attributes:
            self.result.sections[name] = key
        elif node.value is not None:
            self.found.unknown("unknown-attribute", node.place, str(node.value), self.words.attributes)

    def _rename(self, j: int, node: Node) -> None:
        self.open.discard(j)
        if any(one in NUMBERS for one in self.names[j][0]):
            self.result.numbers = j
        if node.value is None:
            return
        text = str(node.value)
        bare, plain = heading_unit(text)
        key = self.words.key(text) or self.words.key(bare)
        if key is None:
            self._unknown(bare, self.place(j))
        else:
            self._take(j, key, None if self.words.key(text) else plain)

    def _take(self, j: int, key: Key, plain: Unit | None = None) -> None:
        taken = next((other for other, one in self.result.keys.items() if one == key), None)
        if taken is not None:
            self.found.add("heading-twice", self.place(j), name=self.heads[j].text, first=self.heads[taken].text)
            return
        self.result.keys[j] = key
        plain = plain or self.heads[j].unit
        if plain is not None:
            self.result.plain[j] = plain

    def by_name(self) -> None:
        for tier in range(3):
            claims: dict[Key, list[int]] = {}
            for j in sorted(self.open):
                key = next((key for name in self.names[j][tier] if (key := self.words.key(name)) is not None), None)
                if key is not None and (tier == 0 or key not in self.result.keys.values()):
                    claims.setdefault(key, []).append(j)
            for key, columns in claims.items():
                self.open -= set(columns)
                if tier and len(columns) > 1:
                    texts = listed(f"{self.grid.cell(self.heads[j].row, j)} {self.heads[j].text}" for j in columns)
                    self.found.add("heading-doubtful", self.place(columns[0]), headings=texts, key=".".join(key))
                    continue
                for j in columns:
                    self._take(j, key)
                    if tier or self._interpreted(j, key):
                        self._tell(j, key)

    def _interpreted(self, j: int, key: Key) -> bool:
        """Whether a heading is not simply the name that was declared."""
        head = self.heads[j]
        return len(head.parts) > 1 or not any(
            self.words.key(name) == key for name in (*head.parts, *self.names[j][0][:2])
        )

    def _tell(self, j: int, key: Key) -> None:
        self.told[j] = f"{self.grid.cell(self.heads[j].row, j)} {self.heads[j].text} = {'.'.join(key)}"

    def rest(self) -> None:
        """Headings that every office has; blank columns; and those that mean nothing."""
        for j in sorted(self.open):
            head, names = self.heads[j], (*self.names[j][0], *self.names[j][1])
            usual = next((USUAL[name] for name in names if name in USUAL), None)
            if not head.parts and j not in self.filled:
                continue
            if any(name in NUMBERS for name in names):
                self.result.numbers = j
                self.told[j] = f"{self.grid.cell(head.row, j)} {head.text} = –"
            elif usual is not None and (usual,) not in self.result.keys.values():
                self._take(j, (usual,))
                self._tell(j, (usual,))
            else:
                self._unknown(heading_unit(head.text)[0] if len(head.parts) < 2 else head.text, self.place(j))
        if self.told:
            rows = [(head.row, j) for j, head in enumerate(self.heads) if head.parts]
            self.found.add(
                "headings-taken",
                self.grid.place(*rows[0]),
                headings=listed([self.told[j] for j in sorted(self.told)], 12),
            )

    def _unknown(self, text: str, place: Place) -> None:
        if text in self.words.ambiguous:
            self.found.add("heading-ambiguous", place, name=text)
            return
        name, at, zone = text.rpartition("@")
        if at and self.words.key(name) is not None:
            self.found.unknown("unknown-zone", place, zone, self.words.zones)
            return
        self.found.unknown("unknown-heading", place, text, self.words.known())
