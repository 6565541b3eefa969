"""Where things stand: dotted path -> Place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from ...models.finding import Place
from .paths import join, named, split, step
from .yaml import Node


@dataclass(frozen=True, eq=False)
class Places:
    """The places of a scenario, looked up when they are asked for.

    A path that stands nowhere gets the place of what should hold it, so that every finding has one.
    """

    root: Node
    of_project: Callable[[str, tuple[str, ...]], Place | None] | None = None
    """(project id, rest of the path) -> place, once the projects are read."""

    def __reduce__(self) -> tuple[type[Places], tuple[Node]]:
        """Other processes get no places: what is wrong with the input was told here, and the tree is large."""
        return Places, (replace(self.root, value={}),)

    def __getitem__(self, path: str) -> Place:
        try:
            return self.at(*split(path))
        except ValueError:
            return replace(self.root.place, path=path)

    def at(self, *parts: str | int) -> Place:
        """The place of a path given by its parts."""
        path = join(named(self.root, parts))
        if self.of_project is not None and len(parts) > 1 and parts[0] == "projects":
            place = self.of_project(str(parts[1]), tuple(map(str, parts[2:])))
            if place is not None:
                return replace(place, path=path)
        return replace(self._deepest(parts).start, path=path)

    def key(self, *parts: str | int) -> Place:
        """The place of the last part of a path itself, where it is a key."""
        node = self._deepest(parts)
        return replace(node.key or node.start, path=join(named(self.root, parts)))

    def _deepest(self, parts: Iterable[str | int]) -> Node:
        node, outer = self.root, ""
        for part in parts:
            child = step(node, part, outer)
            if child is None:
                break
            node, outer = child, str(part)
        return node
