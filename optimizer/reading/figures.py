"""Figures of a scenario: where they stand, in which unit, and what they are as numbers.

The amounts of projects are columns and are read elsewhere (read_columns).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...models.quantity import PURE, QuantityError, Unit, number, unit
from .findings import Findings
from .places import Places

Parts = tuple[str | int, ...]
BOUNDS = ("at_least", "at_most", "exactly")


@dataclass(frozen=True)
class Units:
    """The units of the measures, by name; a measure whose unit cannot be read is not there."""

    of: dict[str, Unit]

    def ratio(self, of: object, per: object) -> Unit | None:
        """unit(of)/unit(per), or unit(of) without per; None where a measure is unknown."""
        above = self.of.get(of) if isinstance(of, str) else None
        if per is None or above is None:
            return above
        below = self.of.get(per) if isinstance(per, str) else None
        return None if below is None else above / below


def units_of(tree: dict[str, Any], places: Places, found: Findings) -> Units:
    """The units of the measures of a scenario."""
    units = {}
    for name, measure in _items(tree, "measures"):
        text = measure.get("unit") if isinstance(measure, dict) else None
        if isinstance(text, str):
            try:
                units[name] = unit(text)
            except QuantityError as error:
                found.quantity(error, places.at("measures", name, "unit"))
    return Units(units)


def resolve(tree: dict[str, Any], units: Units, places: Places, found: Findings) -> None:
    """Turn every figure of a scenario into a number in the unit of its place, in place.

    What cannot be read stays text, with a finding; a figure whose measure is unknown becomes 1, as the unknown name
    is a finding of its own.
    """
    for parts, target in figures(tree, units):
        holder = tree
        for part in parts[:-1]:
            holder = holder[part]  # type: ignore[index]
        value = holder[parts[-1]]  # type: ignore[index]
        if target is None:
            holder[parts[-1]] = 1.0  # type: ignore[index]
            continue
        if value is None:
            found.add("figure-missing", places.key(*parts), path=".".join(map(str, parts)))
            continue
        try:
            holder[parts[-1]] = number(value, target)  # type: ignore[index]
        except QuantityError as error:
            found.quantity(error, places.at(*parts), wanted=target.text)


def figures(tree: dict[str, Any], units: Units) -> Iterator[tuple[Parts, Unit | None]]:
    """(path, unit) of every figure of a scenario but those of its projects."""
    yield from _amounts(tree.get("supply"), ("supply",), units)
    for zone, body in _items(tree, "zones"):
        yield from _amounts(_get(body, "supply"), ("zones", zone, "supply"), units)
    for name, body in _items(tree, "measures"):
        yield from _present(body, ("measures", name), PURE, "must_use")
    yield from _present(tree.get("defaults"), ("defaults",), PURE, "min_share")
    for name, body in _items(tree, "criteria"):
        at: Parts = ("criteria", name)
        yield from _present(body, at, PURE, "weight")
        yield from _present(body, at, units.ratio(_get(body, "of"), _get(body, "per")), "standard", "full_marks")
        yield from _present(body, at, units.ratio(_get(body, "of"), None), "reference")
    for key in ("tiers", "rules"):
        entries = tree.get(key)
        for i, body in enumerate(entries if isinstance(entries, list) else ()):
            yield from _rule(body, (key, i), units) if key == "rules" else _where(body, (key, i), units)


def _rule(rule: Any, at: Parts, units: Units) -> Iterator[tuple[Parts, Unit | None]]:
    per_unit: Unit | None = PURE  # in which a shortfall is measured
    for kind, body in rule.items() if isinstance(rule, dict) else ():
        inside: Parts = (*at, kind)
        match kind:
            case "total" | "count" | "ratio" | "standard":
                of, per = (None, None) if kind == "count" else (_get(body, "of"), _get(body, "per"))
                limit = PURE if kind == "count" else units.ratio(of, per)
                if kind != "standard":
                    per_unit = PURE if kind == "count" else units.ratio(of, None)
                yield from _present(body, inside, limit, *BOUNDS)
                yield from _existing(_get(body, "existing"), (*inside, "existing"), (of, per), units, kind)
            case "synergy":
                yield from _amounts(_get(body, "adds"), (*inside, "adds"), units)
            case "even_use":
                yield from _present(body, inside, PURE, "within")
            case "where" | "of_where" | "per_where":
                yield from _where(body, inside, units)
    soft = _get(rule, "soft")
    if isinstance(soft, dict):
        yield from _present(soft, (*at, "soft"), PURE, "points")
        yield from _present(soft, (*at, "soft"), per_unit, "per")
    else:
        yield from _present(rule, at, PURE, "soft")


def _existing(
    value: Any, at: Parts, measures: tuple[Any, Any], units: Units, kind: str
) -> Iterator[tuple[Parts, Unit | None]]:
    """What stands already: a figure, or one by value of `each`; of a ratio {of, per} in place of a figure."""
    if kind == "ratio":
        if isinstance(value, dict) and value and all(isinstance(one, dict) for one in value.values()):
            for name, one in value.items():
                yield from _existing(one, (*at, name), measures, units, kind)
        else:
            for key, measure in zip(("of", "per"), measures, strict=True):
                yield from _present(value, at, units.ratio(measure, None), key)
        return
    target = PURE if kind == "count" else units.ratio(measures[0], None)
    if isinstance(value, dict):
        yield from _present(value, at, target, *value)
    elif value is not None:
        yield at, target


def _where(where: Any, at: Parts, units: Units) -> Iterator[tuple[Parts, Unit | None]]:
    for key, value in where.items() if isinstance(where, dict) else ():
        if key == "not":
            yield from _where(value, (*at, key), units)
        elif isinstance(value, dict):
            yield from _present(value, (*at, key), units.of.get(key), *BOUNDS[:2])


def _amounts(body: Any, at: Parts, units: Units) -> Iterator[tuple[Parts, Unit | None]]:
    for name, value in body.items() if isinstance(body, dict) else ():
        if isinstance(value, dict):
            yield from _present(value, (*at, name), units.of.get(name), "amount")
        else:
            yield (*at, name), units.of.get(name)


def _present(body: Any, at: Parts, target: Unit | None, *keys: str) -> Iterator[tuple[Parts, Unit | None]]:
    """The keys of a mapping that hold a figure. A mapping in the place of a figure is no figure (a table of limits)."""
    for key in keys:
        if isinstance(body, dict) and body.get(key) is not None and not isinstance(body[key], dict):
            yield (*at, key), target


def _get(body: Any, key: str) -> Any:
    return body.get(key) if isinstance(body, dict) else None


def _items(tree: dict[str, Any], key: str) -> Iterator[tuple[str, Any]]:
    body = tree.get(key)
    yield from body.items() if isinstance(body, dict) else ()
