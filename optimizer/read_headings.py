"""Keys of projects: what a heading or a key of a row stands for.

A key is a tuple, the rest of the dotted path behind the project's id: ("land",), ("at", "north", "land"),
("makes", "steam").
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from ..models.project import Project
from ..models.quantity import QuantityError, Unit, unit

Key = tuple[str, ...]

FIELDS = tuple(name for name in Project.model_fields if name not in ("at", "makes"))
"""Keys of a project that hold one text, number or list, whatever the scenario declares."""

_UNIT = re.compile(r"(.*?)\s*[(\[【]\s*([^()\[\]【】]*?)\s*[)\]】]")


def heading_unit(heading: str) -> tuple[str, Unit | None]:
    """A heading without its unit, and the unit: 用地(亩), 用地（亩）, land (mu).

    >>> name, of = heading_unit("用地（亩）"); name, str(of)
    ('用地', '亩')
    """
    match = _UNIT.fullmatch(unicodedata.normalize("NFKC", heading).strip())
    if match is None or not match[2]:
        return heading.strip(), None
    try:
        return match[1], unit(match[2])
    except QuantityError:
        return match[1], None


@dataclass(frozen=True)
class Vocabulary:
    """The names that a scenario declares."""

    measures: dict[str, str]
    """key or title -> key"""
    attributes: tuple[str, ...]
    zones: dict[str, str]
    """id or title -> id"""
    ambiguous: frozenset[str]
    """Titles that several measures have."""

    @classmethod
    def of(cls, tree: dict[str, Any]) -> Vocabulary:
        """From the tree of a scenario, also one that is not sound."""
        measures, twice = _by_title(tree.get("measures"))
        attributes = tree.get("attributes")
        names = attributes if isinstance(attributes, list) else [attributes] if attributes else []
        zones, _ = _by_title(tree.get("zones"))
        return cls(measures, tuple(map(str, names)), zones, twice)

    def key(self, text: str) -> Key | None:
        """What a heading or an entry of `columns` means; None if nothing that was declared."""
        text = text.strip()
        if text in self.measures:
            return (self.measures[text],)
        if text in self.attributes or text in FIELDS:
            return (text,)
        name, at, zone = text.rpartition("@")
        if at and name.strip() in self.measures and zone.strip() in self.zones:
            return ("at", self.zones[zone.strip()], self.measures[name.strip()])
        head, dot, name = text.partition(".")
        if dot and head == "makes" and name in self.measures:
            return ("makes", self.measures[name])
        return None

    def amounts(self) -> dict[str, Key]:
        """Every way of naming an amount of a project -> its key."""
        names = {name: (key,) for name, key in self.measures.items()}
        made = {f"makes.{name}": ("makes", key) for name, key in self.measures.items()}
        there = {
            f"{name}@{zone}": ("at", one, key)
            for name, key in self.measures.items()
            for zone, one in self.zones.items()
        }
        return {**names, **made, **there}

    def known(self) -> list[str]:
        """Every key that a project may have."""
        return [*self.measures, *self.attributes, *FIELDS]


def _by_title(body: Any) -> tuple[dict[str, str], frozenset[str]]:
    """Key or title -> key, and the titles that are not unique."""
    names: dict[str, str] = {}
    twice = set()
    entries = body.items() if isinstance(body, dict) else ()
    for key, one in entries:
        title = one.get("title") if isinstance(one, dict) else None
        if isinstance(title, str) and names.setdefault(title, key) != key:
            twice.add(title)
    for title in twice:
        del names[title]
    names |= {key: key for key, _ in entries}
    return names, frozenset(twice - {key for key, _ in entries})
