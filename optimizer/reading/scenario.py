"""A tree with its figures resolved -> a Scenario, or what is wrong with its form.

pydantic checks the form. Where it objects, the offending part is noted, taken out, and the rest is tried again, so
that the checks that need a whole scenario still see all that is sound.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ...models.amount import Amount
from ...models.criterion import Criterion
from ...models.project import Defaults
from ...models.rule import KINDS, LimitTable, RatioExisting, Soft, kind_of
from ...models.scenario import Measure, Scenario, ScenarioFile, Zone
from ...models.where import Bounds
from .findings import Findings, listed
from .places import Places

_ROUNDS = 12

_CODES = {
    "missing": "missing-key",
    "extra_forbidden": "unknown-key",
    "literal_error": "not-one-of",
    "string_type": "not-text",
    "string_too_short": "empty",
    "too_short": "too-few",
    "union_tag_not_found": "rule-kind",
    "greater_than": "out-of-range",
    "greater_than_equal": "out-of-range",
    "less_than": "out-of-range",
    "less_than_equal": "out-of-range",
}
_CODES |= dict.fromkeys(("dict_type", "model_type", "model_attributes_type", "mapping_type"), "not-a-mapping")
_CODES |= dict.fromkeys(("tuple_type", "list_type"), "not-a-list")
_CODES |= dict.fromkeys(("float_parsing", "float_type", "finite_number"), "not-a-number")
_CODES |= dict.fromkeys(("int_parsing", "int_type", "int_from_float", "int_parsing_size"), "not-whole")
_CODES |= dict.fromkeys(("bool_parsing", "bool_type"), "not-yes-no")


def to_scenario(tree: dict[str, Any], places: Places, found: Findings) -> Scenario | None:
    """The scenario of a tree without its projects; None if what is sound of it is no scenario at all."""
    tree = _without_blanks(tree)
    numbers = {key: list(range(len(tree[key]))) for key in ("rules", "tiers") if isinstance(tree.get(key), list)}
    for _ in range(_ROUNDS):
        try:
            return Scenario.model_validate(tree)
        except ValidationError as error:
            out = set()
            for detail in error.errors(include_url=False):
                path = _path(detail, tree)
                _note(detail, path, _as_in_file(path, numbers), tree, places, found)
                out.add(tuple(path[:-1] if detail["type"] == "missing" else path))
        if () in out:
            if "name" in tree:
                return None
            tree["name"] = "scenario"  # so that the rest is checked all the same
        for gone in sorted(out - {()}, key=_place_in_lists, reverse=True):  # in lists the last first
            if not any(gone[:i] in out for i in range(1, len(gone))):  # else it goes with what is around it
                _take_out(tree, gone, numbers)
    return None


def _as_in_file(path: list[str | int], numbers: dict[str, list[int]]) -> list[str | int]:
    """The path with the number an entry has in the file, where entries before it were taken out."""
    if len(path) > 1 and path[0] in numbers and isinstance(path[1], int):
        return [path[0], numbers[path[0]][path[1]], *path[2:]]
    return path


def _place_in_lists(path: tuple[str | int, ...]) -> list[tuple[int, str]]:
    return [(part, "") if isinstance(part, int) else (-1, part) for part in path]


def _take_out(tree: Any, path: tuple[str | int, ...], numbers: dict[str, list[int]]) -> None:
    holder = tree
    for part in path[:-1]:
        holder = holder[part]
    if isinstance(holder, list):
        del holder[int(path[-1])]
        if len(path) == 2 and path[0] in numbers:
            del numbers[str(path[0])][int(path[-1])]
    elif isinstance(holder, dict):
        holder.pop(str(path[-1]), None)


def _without_blanks(value: Any, named: bool = False) -> Any:
    """A key without a value is as good as absent (`rules:`), unless it names something (a zone that says nothing)."""
    if isinstance(value, dict):
        kept = {key: {} if named and one is None else one for key, one in value.items()}
        names = ("measures", "zones", "criteria", "cases")
        return {key: _without_blanks(one, key in names) for key, one in kept.items() if one is not None}
    return [_without_blanks(one) for one in value] if isinstance(value, list) else value


def _path(detail: ErrorDetails, tree: Any) -> list[str | int]:
    """pydantic's place of an error without the names of models and tags that are not in the file."""
    path: list[str | int] = []
    node: Any = tree
    loc = list(detail["loc"])
    if loc[:1] == ["rules"] and len(loc) > 2:
        del loc[2]  # the kind of rule, which pydantic puts before the rule's keys
    for i, part in enumerate(loc):
        part = "not" if part == "exclude" else part
        names = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        if part in names:
            path.append(part)
            node = node[part]
        elif i == len(loc) - 1 and detail["type"] == "missing":
            path.append(part)
    return path


def _note(
    detail: ErrorDetails,
    path: list[str | int],
    in_file: list[str | int],
    tree: Any,
    places: Places,
    found: Findings,
) -> None:
    place = places.at(*in_file)
    if found.under(place.path):
        return
    code = _CODES.get(detail["type"], "wrong-value")
    key = str(path[-1]) if path else ""
    if code == "unknown-key":
        found.unknown(code, places.key(*in_file), key, known_keys(path[:-1], tree))
        return
    context = detail.get("ctx", {})
    found.add(
        code,
        place,
        key=key,
        problem=detail["msg"],
        kinds=listed(KINDS, len(KINDS)),
        choices=str(context.get("expected", "")).replace("'", "").replace(" or ", ", "),
        limit=next((f"{sign} {context[name]:g}" for name, sign in _SIGNS if name in context), ""),
        text=listed([detail["input"]]),
    )


_SIGNS = (("gt", ">"), ("ge", "≥"), ("lt", "<"), ("le", "≤"))


def known_keys(path: list[str | int], tree: Any) -> list[str]:
    """The keys that the mapping at a path may have."""
    model = _rule_model(path, tree) if path[:1] == ["rules"] else _model(path)
    return [name for name in model.model_fields if name != "limits"]


def _model(path: list[str | int]) -> type[BaseModel]:
    match path:
        case []:
            return ScenarioFile
        case ["measures", _]:
            return Measure
        case ["zones", _]:
            return Zone
        case ["criteria", _]:
            return Criterion
        case ["defaults"]:
            return Defaults
        case ["tiers", *_]:
            return Bounds
    return Amount


def _rule_model(path: list[str | int], tree: Any) -> type[BaseModel]:
    match path:
        case [_, int(i)]:
            return KINDS[kind_of(tree["rules"][i]) or "total"]
        case [_, _, "soft"]:
            return Soft
        case [_, _, "standard", _]:
            return LimitTable
        case [_, _, "ratio", "existing", *_]:
            return RatioExisting
        case [_, _, str(kind)] if kind in KINDS:
            body = KINDS[kind].model_fields[kind].annotation
            return body if isinstance(body, type) and issubclass(body, BaseModel) else Bounds
    return Bounds
