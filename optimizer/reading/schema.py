"""The JSON Schema of the scenario file, by which an editor completes and checks it."""

from __future__ import annotations

from typing import Any

from ...models.rule import KINDS
from ...models.scenario import ScenarioFile


def schema() -> dict[str, Any]:
    """The schema, from the nouns themselves.

    Where a name or sentence belongs, a number will do (an industry code, a year as title): to the reader every scalar
    of the file is text.
    """
    tree: dict[str, Any] = ScenarioFile.model_json_schema()
    del tree["$defs"]["LimitTable"]["properties"]["limits"]  # filled by the reader, never written
    amount = {"$ref": "#/$defs/Amount"}  # of a measure; an attribute is a text, and may be blank
    tree["$defs"]["Project"]["additionalProperties"] = {"anyOf": [amount, {"type": "null"}]}
    tree["properties"]["rules"]["items"] = _rule(tree["$defs"])
    tree["title"] = "landalloc scenario"
    tree["description"] = "What is measured, what there is of it, which projects apply, and by which policy to choose."
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_lenient(tree)}


def _rule(nouns: dict[str, Any]) -> dict[str, Any]:
    """Any rule. The body key picks the kind, so that an editor finds fault with that kind only, not with all eleven."""
    bodies = {kind: nouns[noun.__name__]["properties"][kind] for kind, noun in KINDS.items()}
    return {
        "type": "object",
        "title": "Rule",
        "properties": {"name": nouns["TotalRule"]["properties"]["name"], **bodies},
        "required": ["name"],
        "oneOf": [{"required": [kind]} for kind in KINDS],
        "allOf": [
            {"if": {"required": [kind]}, "then": {"$ref": f"#/$defs/{noun.__name__}"}} for kind, noun in KINDS.items()
        ],
    }


def _lenient(node: Any) -> Any:
    if isinstance(node, list):
        return [_lenient(one) for one in node]
    if not isinstance(node, dict):
        return node
    node = {key: _lenient(one) for key, one in node.items()}
    if node.get("type") == "string" and "enum" not in node:
        node["type"] = ["string", "number"]
    return node
