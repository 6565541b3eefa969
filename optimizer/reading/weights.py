"""The weights of a scenario file: what stands there, and other ones put in their place, all else byte for byte.

The text is edited where the parser's events say that a weight stands, never written anew, so that comments, order and
layout stay. Whatever the edit makes is read again and compared with what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from ...models.finding import Message
from . import yaml as read_yaml
from .findings import Findings
from .paths import step
from .yaml import Node

KEY = "weight"
_ANCHOR = re.compile(r"&\S+\s+")
_COLON = re.compile(r"\s*:")


class CannotWrite(Exception):
    """The weights cannot be put there without touching anything else; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


@dataclass(eq=False)
class _Span:
    """A value of the file: from where to where it stands, and what is in it."""

    event: Any
    pairs: list[tuple[_Span, _Span]] = field(default_factory=list)
    """Of a mapping: keys and values."""

    @property
    def start(self) -> int:
        return int(self.event.start_mark.index)

    @property
    def end(self) -> int:
        return int(self.event.end_mark.index)

    def get(self, name: str) -> tuple[_Span, _Span] | None:
        """The key of this name and its value."""
        return next(((k, v) for k, v in self.pairs if getattr(k.event, "value", None) == name), None)


def with_weights(root: Node) -> Node:
    """The tree in which every criterion that has no weight yet has 1."""
    criteria = step(root, "criteria")
    if criteria is None or not isinstance(criteria.value, dict) or not isinstance(root.value, dict):
        return root
    filled = {name: _weighed(node) for name, node in criteria.value.items()}
    return replace(root, value={**root.value, "criteria": replace(criteria, value=filled)})


def _weighed(criterion: Node) -> Node:
    weight = step(criterion, KEY)
    if not isinstance(criterion.value, dict) or (weight is not None and weight.value is not None):
        return criterion
    return replace(criterion, value={**criterion.value, KEY: Node("1", criterion.place)})


def lacking(root: Node) -> frozenset[str]:
    """The criteria that got their weight from `with_weights`: it stands nowhere, so it has no key."""
    criteria = step(root, "criteria")
    found = criteria.value if criteria is not None and isinstance(criteria.value, dict) else {}
    weights = {name: step(one, KEY) for name, one in found.items()}
    return frozenset(name for name, weight in weights.items() if weight is not None and weight.key is None)


def rewritten(text: str, weights: Mapping[str, str]) -> str:
    """The text of a scenario with these weights, criterion -> figure; every other character stays.

    Raises:
        CannotWrite: anchors or merges tie a weight to something else, or the criteria stand elsewhere.
    """
    criteria = _root(text).get("criteria")
    edits: list[tuple[int, int, str]] = []
    for name, weight in weights.items():
        pair = criteria[1].get(name) if criteria is not None else None
        if pair is None:
            raise _refused(name)
        edits.append(_edit(text, pair[1], weight))
    new = text
    for start, end, put in sorted(edits, reverse=True):
        new = new[:start] + put + new[end:]
    wanted, got = _plain(text), _plain(new)
    for name, weight in weights.items():
        wanted["criteria"][name] = {**wanted["criteria"][name], KEY: weight}
    if got != wanted:
        raise _refused(next(iter(weights)))
    return new


def _refused(name: str) -> CannotWrite:
    return CannotWrite(
        Message(
            "the weights cannot be written: an anchor or a merge ties that of {criterion} to something else. "
            "Write the criteria out, or copy the weights by hand",
            {"criterion": name},
        )
    )


def _edit(text: str, criterion: _Span, weight: str) -> tuple[int, int, str]:
    """From where to where to put what, so that a criterion has this weight."""
    if isinstance(criterion.event, AliasEvent):  # its own weight on top of what it shares
        return criterion.start, criterion.end, f"{{<<: {text[criterion.start : criterion.end]}, {KEY}: {weight}}}"
    pair = criterion.get(KEY)
    if pair is not None:
        key, value = pair
        if isinstance(value.event, ScalarEvent) and value.event.value == "" and value.event.style is None:
            colon = _COLON.match(text, key.end)
            at = colon.end() if colon else key.end
            return at, at, f" {weight}"
        anchor = _ANCHOR.match(text, value.start)
        return (anchor.end() if anchor else value.start), value.end, weight
    key, _ = criterion.pairs[0]  # the reader has seen `of` among them
    if criterion.event.flow_style:
        last = criterion.pairs[-1][1]
        return last.end, last.end, f", {KEY}: {weight}"
    line = "\r\n" if "\r\n" in text else "\n"
    indent = " " * key.event.start_mark.column
    return key.start, key.start, f"{KEY}: {weight}{line}{indent}"


def _root(text: str) -> _Span:
    """The spans of a text that the reader has accepted: one document, not nested deeply."""
    events = iter(YAML(typ="safe", pure=True).parse(text))
    for event in events:
        if isinstance(event, MappingStartEvent):
            return _span(event, events)
    raise _refused("criteria")


def _span(event: Any, events: Iterator[Any]) -> _Span:
    """The span that begins with an event; a container's ends with the event that closes it."""
    span = _Span(event)
    if not isinstance(event, MappingStartEvent | SequenceStartEvent):
        return span
    inner = []
    for event in events:
        if isinstance(event, MappingEndEvent | SequenceEndEvent):
            break
        inner.append(_span(event, events))
    if isinstance(span.event, MappingStartEvent):
        span.pairs = list(zip(inner[::2], inner[1::2], strict=True))
    return span


def _plain(text: str) -> dict[str, Any]:
    root = read_yaml.parse(text, "", Findings())
    tree = root.plain() if root is not None else None
    return tree if isinstance(tree, dict) else {}
