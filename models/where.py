"""Which projects a rule or tier is about."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from .amount import FIGURE, Figure, Noun


class Bounds(Noun):
    """A comparison on a measure, in the measure's unit; both sides may be given."""

    at_least: Figure | None = None
    at_most: Figure | None = None


def as_texts(value: object) -> object:
    """One text or a list of texts -> a tuple of texts; numbers, as codes often are, become text."""
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(str(v) if isinstance(v, int | float) and not isinstance(v, bool) else v for v in values)


class Where(Noun):
    """A condition; every key must match, any of a list.

    In the file: ``{cluster: [port, energy], id: yard, zone: north, output: {at_least: 5 亿元/year}, not: {…}}``.
    It is decided zone by zone on the amounts as asked; `zone` also takes the zones that lie within it.
    """

    id: tuple[str, ...] = Field((), description="any of these projects")
    zone: tuple[str, ...] = Field((), description="where it sits: any of these zones or one within them")
    attributes: dict[str, tuple[str, ...]] = Field({}, description="attribute: any of these values")
    measures: dict[str, Bounds] = Field({}, description="comparisons on the amounts asked for")
    exclude: Where | None = Field(None, description="what `not` holds: who matches it does not match")

    @model_validator(mode="before")
    @classmethod
    def _sort_keys(cls, value: object) -> object:
        """Sort the free keys of the file into attributes (texts) and measures (comparisons)."""
        if not isinstance(value, dict) or {"attributes", "measures"} & value.keys():
            return value
        sorted_: dict[str, Any] = {"attributes": {}, "measures": {}}
        for key, item in value.items():
            if key in ("id", "zone"):
                sorted_[key] = as_texts(item)
            elif key == "not":
                sorted_["exclude"] = item
            elif isinstance(item, dict | Bounds):
                sorted_["measures"][key] = item
            else:
                sorted_["attributes"][key] = as_texts(item)
        return sorted_

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        made = handler(core)
        tree = handler.resolve_ref_schema(made)
        texts = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
        limits = {"type": "object", "properties": {"at_least": FIGURE, "at_most": FIGURE}}
        tree["description"] = "every key must match, any of a list; keys are attributes, or measures to compare"
        tree["properties"] = {
            "id": {**texts, "description": "any of these projects"},
            "zone": {**texts, "description": "where it sits: any of these zones or one within them"},
            "not": {**tree["properties"]["exclude"], "description": "who matches this does not match"},
        }
        bounds = {**limits, "additionalProperties": False, "minProperties": 1}
        tree["additionalProperties"] = {"anyOf": [*texts["anyOf"], bounds]}
        return made  # type: ignore[no-any-return]
