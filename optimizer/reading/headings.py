"""Keys of projects: what a heading or a key of a row stands for.

A key is a tuple, the rest of the dotted path behind the project's id: ("land",), ("at", "north", "land"),
("makes", "steam").
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from ...models.project import Project
from ...models.quantity import QuantityError, Unit, familiar_unit, unit

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
class Head:
    """The heading of a column: its parts from the top down, one where headings stand in one row."""

    parts: tuple[str, ...]
    row: int
    """Row of the grid in which the lowest part stands."""

    @property
    def text(self) -> str:
        """As findings and `columns` call it: 用地/申请."""
        return "/".join(_flat(part) for part in self.parts) if len(self.parts) > 1 else "".join(self.parts)

    @property
    def unit(self) -> Unit | None:
        """The unit that the lowest part with any gives: 用地（亩）, or a part that is nothing but a unit."""
        for part in reversed(self.parts):
            bare, of = heading_unit(part)
            of = of or (familiar_unit(bare) if len(self.parts) > 1 else None)
            if of is not None:
                return of
        return None

    def names(self) -> tuple[list[str], list[str], list[str]]:
        """What it may be called: as a whole, by its lower part, by its upper ones.

        >>> whole, lower, upper = Head(("用地（亩）", "其中：新增"), 1).names()
        >>> "用地/其中：新增" in whole, "新增用地" in whole, "新增" in lower, upper
        (True, True, True, ['用地（亩）', '用地'])
        """
        if len(self.parts) < 2:
            whole = [name for part in self.parts for name in (part, heading_unit(part)[0])]
            flat = [_flat(name) for name in whole]
            return [*whole, *(name for name in flat if name not in whole)], [_OF_WHICH.sub("", one) for one in flat], []
        bares = [_flat(heading_unit(part)[0]) for part in self.parts if not familiar_unit(_flat(part))]
        bares = [one for one in bares if one]
        written = [_flat(part) for part in self.parts]
        whole = [between.join(parts) for parts in (written, bares) for between in ("/", "", " ", "-", "_", ".", "·")]
        if len(bares) > 1:
            last = _OF_WHICH.sub("", bares[-1])
            whole += ["".join(bares[:-1]) + last, last + "".join(bares[:-1]), f"{bares[0]}({bares[-1]})"]
        lower = [written[-1], *bares[-1:], *(_OF_WHICH.sub("", one) for one in bares[-1:])] if len(bares) > 1 else []
        return whole, lower, [name for one in reversed(self.parts[:-1]) for name in (_flat(one), *bares[:-1]) if name]


_OF_WHICH = re.compile(r"^其中\s*[:：]?\s*")


def _flat(text: str) -> str:
    """A heading in one line: broken lines and the blanks that stretch Chinese headings are only how it is set."""
    text = re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", text.strip())
    return re.sub(r"\s+", " ", text)


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
    units: dict[str, str] = field(default_factory=dict)
    """Measure -> its unit as written."""

    @classmethod
    def of(cls, tree: dict[str, Any]) -> Vocabulary:
        """From the tree of a scenario, also one that is not sound."""
        measures, twice = _by_title(tree.get("measures"))
        attributes = tree.get("attributes")
        names = attributes if isinstance(attributes, list) else [attributes] if attributes else []
        zones, _ = _by_title(tree.get("zones"))
        return cls(measures, tuple(map(str, names)), zones, twice, _units(tree.get("measures")))

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


def _units(measures: Any) -> dict[str, str]:
    entries = measures.items() if isinstance(measures, dict) else ()
    return {key: one["unit"] for key, one in entries if isinstance(one, dict) and isinstance(one.get("unit"), str)}


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
