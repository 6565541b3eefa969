"""The scenario: what is measured, what there is of it, where, and by which policy it is handed out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from .amount import Amount, Noun, Share
from .criterion import Criterion
from .project import Defaults, Row
from .rule import AnyRule
from .where import Where, as_texts

Texts = Annotated[
    tuple[str, ...],
    BeforeValidator(as_texts),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
"""Several texts; in the file one alone needs no brackets."""


class Measure(Noun):
    """A named quantity with a unit."""

    unit: str = Field(description='unit of its plain numbers: mu, m, 亿元/year, person, "1" for a pure number')
    title: str | None = Field(None, description="for reports and as a table heading")
    also_served_by: str | None = Field(None, description="a higher grade that may serve it, never the reverse")
    includes: str | None = Field(None, description="figures in the file contain this other measure's; netted when read")
    balance: Literal["region", "zone"] = Field("region", description="where a made measure without supply is balanced")
    must_use: Share | None = Field(None, description="part of what is made that must be used")
    blank: Literal["zero", "error"] = Field("zero", description="what a blank cell in its column means")


class Zone(Noun):
    """A place that supplies and accepts: an industrial park, a shoreline section, a town."""

    title: str | None = Field(None, description="for reports")
    within: str | None = Field(None, description="outer zone, against which its use counts too")
    supply: dict[str, Amount] = Field({}, description="how much of each measure there is here")
    accepts: dict[str, Texts] = Field({}, description="functional zoning: attribute: values; absent: everything")


class Scenario(Noun):
    """Everything but the candidates, which are columns. Every figure is a number in the unit of its place."""

    name: str = Field(min_length=1, description="short name, used for the folder of results")
    title: str | None = Field(None, description="for reports")
    language: Literal["zh", "en"] = Field("zh", description="of reports")
    measures: dict[str, Measure] = Field(min_length=1, description="the quantities that projects need or bring")
    attributes: Texts = Field((), description="what projects carry besides measures: cluster, sector, owner, …")
    supply: dict[str, Amount] = Field({}, description="how much of each measure there is in the whole region")
    zones: dict[str, Zone] = Field({}, description="places; absent: one, the region")
    defaults: Defaults = Field(Defaults(), description="for projects that say nothing")
    criteria: dict[str, Criterion] = Field(min_length=1, description="what makes a plan good, with weights")
    tiers: tuple[Where, ...] = Field((), description="first call: the score of each class is maximised in turn")
    rules: tuple[AnyRule, ...] = Field((), description="what every plan must keep, or pay for breaking")
    cases: dict[str, dict[str, Any]] = Field({}, description="named variations: {dotted path: value}")

    @property
    def places(self) -> tuple[str, ...]:
        """Zone ids in file order; without zones the region alone, whose id is empty."""
        return tuple(self.zones) or ("",)

    def outer(self, zone: str) -> tuple[str, ...]:
        """The zone and the declared ones it lies within, from the inside out; also of a scenario under examination."""
        chain = [zone]
        while (last := self.zones.get(chain[-1])) and last.within in self.zones and last.within not in chain:
            chain.append(str(last.within))
        return tuple(chain)


class ScenarioFile(Scenario):
    """The scenario as a file: with its projects."""

    projects: tuple[Row, ...] = Field(description="candidates, as rows or from tables")
