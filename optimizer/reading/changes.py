"""Cases and ``--set``: changes by dotted path, written into a tree that keeps the rest.

Changes of projects are kept apart: many of them stand in tables, so they are made on the columns (read_projects).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ...models.finding import Place
from ...models.rule import KINDS, kind_of
from ...models.scenario import ScenarioFile
from . import yaml as read_yaml
from .findings import Findings
from .paths import index_of, join, split, step
from .yaml import Node

OFF = frozenset({"off", "false", "no"})


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `place` is where it was written."""

    path: str
    parts: tuple[str, ...]
    value: Node
    place: Place


def of_case(root: Node, case: str, found: Findings) -> list[Change]:
    """The changes of a case of the scenario."""
    cases = step(root, "cases")
    known = cases.value if cases is not None and isinstance(cases.value, dict) else {}
    if case not in known:
        place = Place(root.place.file) if cases is None else cases.start
        found.unknown("unknown-case", replace(place, path=join(["cases", case])), case, known)
        return []
    body = known[case].value
    return [] if not isinstance(body, dict) else [_change(path, node, node.place, found) for path, node in body.items()]


def of_cases(root: Node, found: Findings) -> list[Change]:
    """The changes that all cases make to projects. What else a case changes is tried, each case by itself."""
    cases = step(root, "cases")
    names = cases.value if cases is not None and isinstance(cases.value, dict) else {}
    return [change for name in names for change in write(root, of_case(root, name, found), found)[1]]


def of_settings(settings: Mapping[str, str], found: Findings) -> list[Change]:
    """The changes of ``--set PATH=VALUE``. A value that starts with [ or { is YAML, any other a text."""
    changes = []
    for path, value in settings.items():
        place = Place(f"--set {path}")
        node: Node | None = Node(value.strip() or None, place)
        if value.lstrip().startswith(("[", "{")):
            node = read_yaml.parse(value, place.file, found)
        if node is not None:
            changes.append(_change(path, node, place, found))
    return changes


def _change(path: str, value: Node, place: Place, found: Findings) -> Change:
    try:
        parts = tuple(split(path))
    except ValueError:
        parts = ()
        found.add("path", replace(place, path=path), text=path)
    return Change(path, parts, value, replace(place, path=path))


def write(root: Node, changes: list[Change], found: Findings) -> tuple[Node, list[Change]]:
    """The tree with the changes made, and those that are for projects. The tree given stays as it is."""
    projects = []
    for change in changes:
        if len(change.parts) > 2 and change.parts[0] == "projects":
            projects.append(change)
        elif change.parts:
            root = _write(root, change, found)
    return root, projects


def _write(root: Node, change: Change, found: Findings) -> Node:
    head, *rest = change.parts
    known = [name for name in ScenarioFile.model_fields if name != "cases"]
    if head not in known:
        found.unknown("unknown-path", change.place, head, known)
        return root
    if head == "projects":
        found.add("path-project", change.place)
        return root
    parts: list[str | int] = list(change.parts)
    if head in ("rules", "tiers") and rest:
        entries = step(root, head)
        items = entries.value if entries is not None and isinstance(entries.value, list) else []
        i = index_of(items, rest[0], "name")
        if i is None:
            found.unknown("unknown-path", change.place, rest[0], _names(items))
            return root
        if head == "rules":
            return _write_rule(root, items, i, change, found)
        parts[1] = i
    elif head in ("measures", "zones", "criteria") and rest:
        entries = step(root, head)
        if entries is None or step(entries, rest[0]) is None:
            names = entries.value if entries is not None and isinstance(entries.value, dict) else {}
            found.unknown("unknown-path", change.place, rest[0], names)
            return root
    return _written(root, parts, change, found)


def _write_rule(root: Node, rules: list[Node], i: int, change: Change, found: Findings) -> Node:
    """``rules.NAME=off`` drops it; else the key is the rule's own, or one of its body."""
    parts: list[str | int] = ["rules", i, *change.parts[2:]]
    if len(parts) == 2:
        if not isinstance(change.value.value, str) or change.value.value.lower() not in OFF:
            found.add("rule-off", change.place, name=change.parts[1])
            return root
        assert isinstance(root.value, dict)
        kept = replace(root.value["rules"], value=[rule for j, rule in enumerate(rules) if j != i])
        return replace(root, value={**root.value, "rules": kept})
    body = rules[i].value
    kind = kind_of(body)
    if kind is not None and isinstance(body, dict) and parts[2] not in {*body, *KINDS[kind].model_fields}:
        parts.insert(2, kind)
    return _written(root, parts, change, found)


def _written(node: Node, parts: list[str | int], change: Change, found: Findings) -> Node:
    """The node with the value at the end of the path; a blank value takes the key away."""
    if not parts:
        return replace(change.value, key=change.place)
    part, *rest = parts
    if isinstance(node.value, list):
        child = step(node, part)
        if child is None:
            found.add("unknown-path", change.place, name=str(part), known=f"0 … {len(node.value) - 1}")
            return node
        i = next(i for i, one in enumerate(node.value) if one is child)
        return replace(node, value=[*node.value[:i], _written(child, rest, change, found), *node.value[i + 1 :]])
    # `supply.energy.assumed` where the file has a bare figure: the figure becomes a mapping.
    mapping = node.value if isinstance(node.value, dict) else {"amount": node} if node.value is not None else {}
    key = str(part)
    if not rest and change.value.value is None:
        return replace(node, value={name: one for name, one in mapping.items() if name != key})
    inner = mapping.get(key) or Node(None, change.place, change.place)
    return replace(node, value={**mapping, key: _written(inner, rest, change, found)})


def _names(items: list[Node]) -> list[str]:
    names = [step(item, "name") for item in items]
    return [name.value for name in names if name is not None and isinstance(name.value, str)]
