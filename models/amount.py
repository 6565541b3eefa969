"""The types of figures in a scenario: what the file may say, and what is left of it once read.

In the file an amount is a number in the unit of its place, a text with a unit (``5300 mu``, ``15 亿元``) or a
mapping ``{amount, source, note, assumed}``. The reader turns each into a plain number in the unit of its place;
so inside the product a figure is a `float` and needs no unit any more.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

FIGURE: dict[str, Any] = {
    "type": ["number", "string"],
    "description": "a number in the unit of its place, or a text with its unit, such as 5300 mu or 95%",
}


def or_figure(mapping: dict[str, Any]) -> dict[str, Any]:
    """JSON Schema of a noun that a bare figure may stand for."""
    return {"anyOf": [{"type": FIGURE["type"]}, mapping], "description": FIGURE["description"]}


class Noun(BaseModel):
    """Base of all nouns: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False)


Figure = Annotated[float, WithJsonSchema(FIGURE)]
"""A finite number in the unit of its place; in the file a text with a unit will do."""

Share = Annotated[float, Field(ge=0, le=1), WithJsonSchema(FIGURE)]
"""A part of a whole, 0 to 1; in the file ``40%`` will do."""


Yes = Annotated[
    Literal[True],
    BeforeValidator(lambda value: value in (True, "true", "True", "yes")),
    Field(json_schema_extra={"const": True}),
]
"""Stands where only `true` makes sense; in the file any way of writing it."""


def form(value: object) -> str:
    """Tells a mapping from a figure where the file may hold either, so that a finding speaks of the right one."""
    return "mapping" if isinstance(value, dict | BaseModel) else "figure"


class Amount(Noun):
    """A figure with where it comes from. A bare figure is an amount without a source."""

    amount: Figure = Field(description="the figure, in the unit of its measure")
    source: str | None = Field(None, description="where it comes from: document number, page, seed fact")
    note: str | None = Field(None, description="anything a reader should know about it")
    assumed: bool = Field(False, description="true: an assumption, not a fact; reports mark it")

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: object) -> object:
        return value if isinstance(value, dict | cls) else {"amount": value}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        return or_figure(handler(core))
