"""The projects of a large scenario file as texts, without a node for every value.

A node with its place takes a hundred times longer than the text that it holds. So the projects are cut out of the
file, and those that are written in the usual few ways (a mapping on one line, or a key to a line, with plain or quoted
values, lists and mappings of them) are matched as a whole. Any other project is given to the parser proper, by itself;
so is every project about which something is to be told, for the places. Anchors, and whatever else cannot be cut up,
leave the file to the parser as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from . import yaml
from .findings import Findings
from .yaml import NULLS, Node

LARGE = 300_000
"""Characters of a file from which on its projects are read so."""

Shape = tuple[str, ...]
"""The keys of a project, in order."""

_UNUSUAL = re.compile("[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""Tabs, breaks and signs that YAML has rules of its own for."""
_PROJECTS = re.compile(r"^projects:(?: +#[^\n]*| *)\n(?:(?: *#[^\n]*| *)\n)*(?= *- )", re.MULTILINE)

_FIRST = r"(?:[^\s\-?:,\[\]{}#&*!|>'\"%@`<=]|-(?=[0-9.]))"
_PLAIN = rf"{_FIRST}[^\s:,\[\]{{}}#]*(?: +[^\s:,\[\]{{}}#]+)*"
_QUOTED = r"'(?:[^'\n]|'')*'|\"[^\"\\\n]*\""
_SCALAR = rf"(?:{_PLAIN}|{_QUOTED})"
_KEY = r"[^\s\-?:,\[\]{}#&*!|>'\"%@`<=~][^\s:,\[\]{}#]{0,99}"
_LIST = rf"\[(?: *{_SCALAR}(?: *, *{_SCALAR})*)? *\]"


def _mapping(value: str) -> str:
    return rf"\{{(?: *{_KEY}: +{value}(?: *, *{_KEY}: +{value})*)? *\}}"


_INNER = rf"(?:{_SCALAR}|{_LIST})"
_MIDDLE = rf"(?:{_SCALAR}|{_LIST}|{_mapping(_INNER)})"
_VALUE = rf"(?:{_SCALAR}|{_LIST}|{_mapping(_MIDDLE)})"
_PAIR = re.compile(rf"({_KEY}): +({_VALUE})")
_ONE = re.compile(_SCALAR)
_ON_A_LINE = re.compile(rf" *- \{{( *{_KEY}: +{_VALUE}(?: *, *{_KEY}: +{_VALUE})*) *\}} *\n(?:(?: *#[^\n]*| *)\n)*")


@dataclass(eq=False)
class Items:
    """n projects as they stand in the file."""

    file: str
    text: str
    starts: list[int]
    """Where each begins in the text, and where the last one ends."""
    lines: list[int]
    """The line in which each begins, from 1."""
    shapes: dict[Shape, tuple[list[int], list[tuple[str, ...]]]] = field(default_factory=dict)
    """Keys -> which projects have them, and their values as written (see `meaning`)."""
    odd: dict[int, Node] = field(default_factory=dict)
    """Projects that are written in any other way."""
    found: Findings = field(default_factory=Findings)
    """What is wrong with how they are written."""

    def __len__(self) -> int:
        return len(self.lines)

    def node(self, number: int) -> Node:
        """A project with its places."""
        if number in self.odd:
            return self.odd[number]
        node = yaml.parse_item(self.written(number), self.file, self.lines[number], Findings())
        assert node is not None  # what was matched is also what the parser makes of it
        return node

    def written(self, number: int) -> str:
        return self.text[self.starts[number] : self.starts[number + 1]]

    def parsed(self, number: int) -> bool:
        """Let the parser look at an odd project by itself; False if it needs its surroundings, or is none."""
        node = yaml.parse_item(self.written(number), self.file, self.lines[number], self.found)
        if node is not None:
            self.odd[number] = node
        return node is not None


@dataclass(slots=True)
class Listed(Node):
    """The node of `projects`: its value holds nothing, the items all."""

    items: Items | None = None


def parse(text: str, file: str, found: Findings) -> Node | None:
    """The tree of a scenario's text: with `Listed` projects where they are many and can be cut out."""
    if len(text) >= LARGE:
        root = _in_bulk(text.replace("\r\n", "\n"), file, found)
        if root is not None:
            return root
    return yaml.parse(text, file, found)


def tell_written(root: Node, found: Findings) -> None:
    """Note what is wrong with how projects are written, as far as they were looked at by now."""
    projects = root.value.get("projects") if isinstance(root.value, dict) else None
    if isinstance(projects, Listed) and projects.items is not None:
        found.take(projects.items.found)


def _in_bulk(text: str, file: str, found: Findings) -> Node | None:
    """The tree with its projects as items; None if the file must be read as a whole."""
    text = text if text.endswith("\n") else text + "\n"
    heads = [] if _UNUSUAL.search(text) else list(_PROJECTS.finditer(text))
    if len(heads) != 1:
        return None
    first = heads[0].end()
    indent = len(text) - len(text[first:].lstrip(" ")) - first
    end = re.compile(r"^(?![ #\n]|- )" if indent == 0 else r"^(?![ #\n])", re.MULTILINE).search(text, first)
    last = len(text) if end is None else end.start()
    items = _items(text, file, first, last, indent)
    if items is None:
        return None
    line = text.count("\n", 0, heads[0].start()) + 1
    rest = f"{text[: heads[0].start()]}projects: []\n" + "\n" * text.count("\n", heads[0].start(), last)
    seen = Findings()
    root = yaml.parse(rest[:-1] + text[last:], file, seen)
    projects = root.value.get("projects") if root is not None and isinstance(root.value, dict) else None
    if root is None or projects is None or projects.value != [] or projects.place.line != line:
        return None
    found.take(items.found)
    found.take(seen)
    assert isinstance(root.value, dict)
    place = replace(projects.place, line=items.lines[0], column=indent + 1)
    listed = Listed([], place, projects.key, items=items)
    return replace(root, value={**root.value, "projects": listed})


def _items(text: str, file: str, first: int, last: int, indent: int) -> Items | None:
    """The projects between two places of the text."""
    begins = re.compile(rf"^{' ' * indent}- ", re.MULTILINE)
    starts = [one.start() for one in begins.finditer(text, first, last)]
    if not starts or starts[0] != first:
        return None
    items = Items(file, text, [*starts, last], list(_lines(text, starts)))
    by_lines, pairs = _by_lines(indent)
    for number, (start, stop) in enumerate(pairwise(items.starts)):
        if one := _ON_A_LINE.fullmatch(text, start, stop):
            found = _PAIR.findall(text, one.start(1), one.end(1))
        elif by_lines.fullmatch(text, start, stop):
            found = pairs.findall(text, start, stop)
        elif items.parsed(number):
            continue
        else:
            return None
        keys, values = zip(*found, strict=True)
        rows, cells = items.shapes.setdefault(keys, ([], []))
        rows.append(number)
        cells.append(values)
    for keys in [keys for keys in items.shapes if len(set(keys)) < len(keys) or not NULLS.isdisjoint(keys)]:
        for number in items.shapes.pop(keys)[0]:  # a key twice is a finding, one that is null no text
            if not items.parsed(number):
                return None
    return items


def _lines(text: str, starts: list[int]) -> Iterator[int]:
    line = text.count("\n", 0, starts[0]) + 1
    yield line
    for start, following in pairwise(starts):
        line += text.count("\n", start, following)
        yield line


def _by_lines(indent: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A project with a key to a line, and one key of it with its value; lists and mappings may stand on lines below."""
    at = " " * (indent + 2)
    scalar = rf"(?:{_FIRST}[^\s:#]*(?: +[^\s:#]+)*|{_QUOTED})"
    on_line = rf"(?: +(?:{scalar}|{_LIST}|{_mapping(_MIDDLE)}))?"
    inner = rf"(?:\n{at}  {_KEY}:(?: +(?:{scalar}|{_LIST}|{_mapping(_INNER)})|(?:\n{at}    {_KEY}: +{scalar})+))+"
    below = rf"(?:\n{at}- {scalar})+|(?:\n{at}  - {scalar})+|{inner}"
    value = rf"(?:{below}|{on_line})"
    gap = r" *\n(?:(?: *#[^\n]*| *)\n)*"
    begin = " " * indent + "- "
    whole = re.compile(rf"{begin}{_KEY}:{value}{gap}(?:{at}{_KEY}:{value}{gap})*")
    return whole, re.compile(rf"^(?:{begin}|{at})({_KEY}):({value}) *$", re.MULTILINE)


def meaning(written: str) -> Any:
    """What a value means: a text, None, a list of texts, or a mapping of any of these.

    Raises:
        ValueError: a mapping with a key twice or a key that is null.
    """
    raw = written.strip(" ")
    if raw.startswith("\n"):
        return _below(raw)
    if raw.startswith("{"):
        return _unique([(key, meaning(value)) for key, value in _PAIR.findall(raw, 1)])
    if raw.startswith("["):
        return [_scalar(one) for one in _ONE.findall(raw, 1)]
    return _scalar(raw)


def _scalar(raw: str) -> str | None:
    if raw.startswith("'"):
        return raw[1:-1].replace("''", "'")
    if raw.startswith('"'):
        return raw[1:-1]
    return None if raw in NULLS else raw


def _below(raw: str) -> Any:
    """A list or a mapping on the lines below its key."""
    lines = [(len(line) - len(line.lstrip(" ")), line.strip(" ")) for line in raw[1:].split("\n")]
    indent = lines[0][0]
    if lines[0][1].startswith("- "):
        return [_scalar(line[2:].strip(" ")) for _, line in lines]
    pairs: list[tuple[str, str]] = []
    for deep, line in lines:
        if deep > indent:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]}\n{' ' * deep}{line}")
        else:
            key, _, value = line.partition(":")
            pairs.append((key, value))
    return _unique([(key, meaning(value)) for key, value in pairs])


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs) or not NULLS.isdisjoint(found):
        raise ValueError
    return found
