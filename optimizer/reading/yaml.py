"""YAML text -> a tree of nodes that know where they stand.

Every scalar stays text (``034`` keeps its zero, ``1.10`` its second digit); only an empty scalar, ``~`` and ``null``
are None. What a text means is decided by the noun it is for. The tree is built from the parser's events, without
recursion, so that nesting and aliases are counted before they cost anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from ...models.finding import Place
from .findings import Findings

DEEPEST = 40
"""Levels of nesting; the deepest a scenario can mean is about ten."""
MOST_ALIASED = 100_000
"""Nodes that aliases may stand for, written out: what stops an alias bomb."""

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TAGS = frozenset({"!", "tag:yaml.org,2002:str"})


@dataclass(slots=True)
class Node:
    """A value with its place. Nodes are shared between aliases and cases, hence never changed once built."""

    value: str | dict[str, Node] | list[Node] | None
    place: Place
    key: Place | None = None
    """Where its key stands."""
    size: int = 1
    depth: int = 1

    @property
    def start(self) -> Place:
        """Where a reader should look: the key of a mapping or list, the text itself."""
        return self.key if self.key is not None and isinstance(self.value, dict | list) else self.place

    @property
    def children(self) -> list[Node]:
        if isinstance(self.value, dict):
            return list(self.value.values())
        return self.value if isinstance(self.value, list) else []

    def plain(self) -> Any:
        """The value without places: texts, None, dicts and lists."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value


class _Refused(Exception):
    """The file is refused as a whole; the reason is among the findings."""


def parse(text: str, file: str, found: Findings) -> Node | None:
    """The tree of a YAML text; None if it is refused, with the reason among the findings."""
    builder = _Builder(file, found)
    try:
        for event in _events(text, file, found):
            builder.take(event)
    except _Refused:
        return None
    return builder.root


def parse_item(text: str, file: str, line: int, found: Findings) -> Node | None:
    """The only entry of a list that begins in some line of a file; None if it is anything else, or not by itself: names
    what stands elsewhere, or is what others name."""
    builder = _Builder(file, found, above=line - 1, around=1)
    try:
        for event in _events(text, file, found):
            builder.take(event)
    except _Refused:
        return None
    entries = builder.root.value if builder.root is not None else None
    return entries[0] if isinstance(entries, list) and len(entries) == 1 and not builder.anchors else None


def _events(text: str, file: str, found: Findings) -> Iterator[Any]:
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MemoryError:  # nothing is wrong with the file
        raise
    except Exception as error:  # the parser trips over some bytes with errors of its own; all mean bad YAML
        place = Place(file)
        problem = str(error).split("\n")[0]
        if isinstance(error, MarkedYAMLError):
            mark = error.problem_mark or error.context_mark
            place = place if mark is None else Place(file, mark.line + 1, mark.column + 1)
            problem = str(error.problem or error.context or problem)
        elif isinstance(position := getattr(error, "position", None), int):
            before = text[:position]
            place = Place(file, before.count("\n") + 1, position - before.rfind("\n"))
        found.add("yaml", place, problem=problem.strip())
        raise _Refused from None


class _Builder:
    """Collects events into nodes; `open` holds the unfinished containers, outermost first."""

    def __init__(self, file: str, found: Findings, above: int = 0, around: int = 0) -> None:
        self.file = file
        self.above = above
        """Lines above the text."""
        self.around = around
        """Containers around it."""
        self.found = found
        self.root: Node | None = None
        self.open: list[_Open] = []
        self.anchors: dict[str, Node] = {}
        self.documents = 0
        self.aliased = 0

    def take(self, event: Any) -> None:
        match event:
            case ScalarEvent():
                self._refuse_tag(event)
                null = event.style is None and event.value in NULLS
                self._finish(Node(None if null else event.value, self._at(event)), event.anchor)
            case MappingStartEvent() | SequenceStartEvent():
                self._refuse_tag(event)
                if len(self.open) + self.around >= DEEPEST:
                    self._refuse("yaml-depth", event, most=DEEPEST)
                value: Any = {} if isinstance(event, MappingStartEvent) else []
                self.open.append(_Open(Node(value, self._at(event)), event.anchor))
            case MappingEndEvent() | SequenceEndEvent():
                done = self.open.pop()
                node = done.closed()
                self._finish(node, done.anchor)
            case AliasEvent():
                self._alias(event)
            case DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self._refuse("yaml-documents", event)

    def _at(self, event: Any) -> Place:
        return Place(self.file, self.above + event.start_mark.line + 1, event.start_mark.column + 1)

    def _refuse(self, code: str, event: Any, **args: object) -> None:
        self.found.add(code, self._at(event), **args)
        raise _Refused

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is not None and str(event.tag) not in _TAGS:
            self._refuse("yaml-tag", event, tag=str(event.tag)[:60])

    def _alias(self, event: Any) -> None:
        node = self.anchors.get(event.anchor)
        if node is None:  # also an alias inside its own anchor
            self._refuse("yaml-anchor", event, name=event.anchor)
            return
        self.aliased += node.size
        if self.aliased > MOST_ALIASED:
            self._refuse("yaml-aliases", event, most=MOST_ALIASED)
        if len(self.open) + node.depth > DEEPEST:
            self._refuse("yaml-depth", event, most=DEEPEST)
        self._finish(replace(node, key=None), None)

    def _finish(self, node: Node, anchor: str | None) -> None:
        """Put a finished node where it belongs: as the root, into a list, as a key or as the value of one."""
        if anchor is not None:
            self.anchors[anchor] = node
        if not self.open:
            self.root = node
            return
        outer = self.open[-1]
        if isinstance(outer.node.value, list):
            outer.node.value.append(node)
        elif outer.pending is None:
            if isinstance(node.value, dict | list):
                self.found.add("yaml-key", node.place)
                raise _Refused
            outer.pending = ("" if node.value is None else node.value, node.place)
        else:
            self._pair(outer, *outer.pending, node)
            outer.pending = None

    def _pair(self, outer: _Open, name: str, place: Place, node: Node) -> None:
        mapping = outer.node.value
        assert isinstance(mapping, dict)
        if name == "<<":
            outer.merges += node.value if isinstance(node.value, list) else [node]
            if not all(isinstance(one.value, dict) for one in outer.merges):
                self.found.add("yaml-merge", place)
        elif name in mapping:
            self.found.add("duplicate-key", place, name=name, first=mapping[name].key or mapping[name].place)
        else:
            mapping[name] = replace(node, key=place)


class _Open:
    """A mapping or list that is not finished yet."""

    def __init__(self, node: Node, anchor: str | None) -> None:
        self.node = node
        self.anchor = anchor
        self.pending: tuple[str, Place] | None = None
        self.merges: list[Node] = []

    def closed(self) -> Node:
        """The node with what it merges (``<<``) and its size."""
        if isinstance(self.node.value, dict):
            for merged in self.merges:
                for key, child in merged.value.items() if isinstance(merged.value, dict) else ():
                    self.node.value.setdefault(key, child)
        children = self.node.children
        self.node.size += sum(child.size for child in children)
        self.node.depth += max((child.depth for child in children), default=0)
        return self.node
