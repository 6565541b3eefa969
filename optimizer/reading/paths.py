"""Dotted paths into a scenario: ``zones.north.supply.land``, ``rules.ships.total.at_least``, ``projects."a.b".land``.

Rules and projects go by their name and id, other entries of lists by their number from 0.
"""

from __future__ import annotations

from collections.abc import Iterable

from .yaml import Node


def split(path: str) -> list[str]:
    """The parts of a dotted path; a part in double quotes may hold dots.

    >>> split('projects."a.b".land')
    ['projects', 'a.b', 'land']

    Raises:
        ValueError: an empty part, or a quote that is not closed.
    """
    parts: list[str] = []
    rest = path.strip()
    while True:
        if rest.startswith('"'):
            part, quote, rest = rest[1:].partition('"')
            if not quote or (rest and not rest.startswith(".")):
                raise ValueError(path)
            dot, rest = rest[:1], rest[1:]
        else:
            part, dot, rest = rest.partition(".")
            part = part.strip()
        if not part:
            raise ValueError(path)
        parts.append(part)
        if not dot:
            return parts


def join(parts: Iterable[str | int]) -> str:
    """The dotted path of parts.

    >>> join(["projects", "a.b", "land"])
    'projects."a.b".land'
    """
    return ".".join(f'"{part}"' if "." in str(part) else str(part) for part in parts)


def index_of(items: list[Node], name: str, key: str) -> int | None:
    """Which of the mappings in a list has this text under `key`; else the number `name` itself, if it is one."""
    for i, item in enumerate(items):
        if isinstance(item.value, dict) and key in item.value and item.value[key].value == name:
            return i
    return int(name) if name.isascii() and name.isdigit() and int(name) < len(items) else None


def step(node: Node, part: str | int, outer: str = "") -> Node | None:
    """The child of a node by its key, its name (in the list `outer`: rules, projects) or its number."""
    if isinstance(node.value, dict):
        return node.value.get(str(part))
    if isinstance(node.value, list):
        i = part if isinstance(part, int) else index_of(node.value, part, "id" if outer == "projects" else "name")
        return node.value[i] if i is not None and i < len(node.value) else None
    return None


def named(root: Node, parts: Iterable[str | int]) -> list[str | int]:
    """The same path with the names of rules in place of their numbers, where they have one."""
    path = list(parts)
    if len(path) > 1 and path[0] == "rules" and isinstance(path[1], int):
        rules = step(root, "rules")
        rule = None if rules is None else step(rules, path[1])
        name = None if rule is None else step(rule, "name")
        if name is not None and isinstance(name.value, str):
            path[1] = name.value
    return path
