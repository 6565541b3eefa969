"""What every plan must keep, or pay for breaking: one class per kind of rule.

In the file a rule is a mapping whose one body key (``standard``, ``total``, …) tells its kind. Amounts are in the
unit of the measure, limits of ratios in unit(of)/unit(per).
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from .amount import Figure, Noun, Yes, form, or_figure
from .where import Where

Existing = Annotated[
    Annotated[Figure, Tag("figure")] | Annotated[dict[str, Figure], Tag("mapping")], Discriminator(form)
]
"""What stands already: one figure for every row of the rule, or one by value of `each`."""


class Soft(Noun):
    """The price of breaking a rule: `points` of the score per `per` units of shortfall.

    A bare number in the file means points per 1 % of the limit (total, count) or per unit (the other kinds): then
    `per` is absent.
    """

    points: Annotated[Figure, Field(gt=0)] = Field(description="points of the score")
    per: Figure | None = Field(None, gt=0, description="per so much shortfall; absent: 1 % of the limit, or one unit")

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: object) -> object:
        return value if isinstance(value, dict | cls) else {"points": value}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        return or_figure(handler(core))


class Rule(Noun):
    """What every kind has."""

    kind: ClassVar[str]

    name: str = Field(min_length=1, description="unique name")
    title: str | None = Field(None, description="for reports; the name if absent")
    source: str | None = Field(None, description="the document it rests on")
    note: str | None = Field(None, description="anything a reader should know")

    @property
    def label(self) -> str:
        return self.title or self.name


class LimitTable(Noun):
    """Limits by an attribute of the project: the longest code prefix wins, ranges such as 34-38 are allowed."""

    table: str = Field(
        description="a .csv, .xlsx or .parquet file beside the scenario; its first column holds the codes"
    )
    key: str = Field(description="attribute of the project that is looked up")
    column: str = Field(description="heading of the limits' column, with its unit if it has one")
    default: Figure | None = Field(None, description="limit where no code matches; absent: the standard does not apply")
    sheet: str | None = Field(None, description="sheet of a workbook")
    limits: dict[str, Figure] = Field(
        {}, exclude=True, json_schema_extra={"readOnly": True}, description="filled when read"
    )


Limit = Annotated[Annotated[Figure, Tag("figure")] | Annotated[LimitTable, Tag("mapping")], Discriminator(form)]
"""One limit for all, or one by an attribute of the project."""


class Standard(Noun):
    """An admission test; its limits are in unit(of)/unit(per)."""

    of: str = Field(description="measure that is tested")
    per: str | None = Field(None, description="measure it is divided by; absent: the amount itself is tested")
    at_least: Limit | None = Field(None, description="of ≥ at_least · per")
    at_most: Limit | None = Field(None, description="of ≤ at_most · per")
    otherwise: Literal["reject", "trim", "discuss"] = Field(
        "reject", description="reject; trim `per` to what the limit allows; or leave to the meeting (discuss)"
    )


class Bounded(Noun):
    """A limit: at_least, at_most (both, too) or exactly."""

    at_least: Figure | None = Field(None, description="no less than this")
    at_most: Figure | None = Field(None, description="no more than this")
    exactly: Figure | None = Field(None, description="this and nothing else")

    def bounds(self) -> list[tuple[str, float]]:
        """The bounds that are set: [("at_least", 3.0), …], in this order."""
        named = [("at_least", self.at_least), ("at_most", self.at_most), ("exactly", self.exactly)]
        return [(name, value) for name, value in named if value is not None]


class Total(Bounded):
    of: str = Field(description="measure that is summed")
    existing: Existing = Field(0.0, description="what stands already, added to the sum")


class Count(Bounded):
    existing: Existing = Field(0.0, description="how many stand already, added to the count")


class RatioExisting(Noun):
    of: Figure = 0.0
    per: Figure = 0.0


def _one_or_each(value: object) -> str:
    each = isinstance(value, dict) and value and all(isinstance(one, dict | RatioExisting) for one in value.values())
    return "each" if each else "one"


class Ratio(Bounded):
    of: str = Field(description="measure above the line")
    per: str = Field(description="measure below the line")
    existing: Annotated[
        Annotated[RatioExisting, Tag("one")] | Annotated[dict[str, RatioExisting], Tag("each")],
        Discriminator(_one_or_each),
    ] = Field(RatioExisting(), description="what stands already: {of: …, per: …}, or that by value of `each`")


class Requires(Noun):
    project: str = Field(description="the project that needs the others")
    needs: tuple[str, ...] = Field(min_length=1, description="projects that must be admitted for it")


class Synergy(Noun):
    projects: tuple[str, ...] = Field(min_length=2, description="members")
    adds: dict[str, Annotated[Figure, Field(ge=0)]] = Field(description="what they bring besides: {measure: amount}")
    same_zone: bool = Field(True, description="only where all members sit in one zone")


class Mix(Noun):
    of: str = Field(description="attribute")
    at_most: int = Field(ge=1, description="how many different values")


class EvenUse(Noun):
    of: str = Field(description="measure whose use is compared between zones")
    within: Figure = Field(ge=0, description="largest minus smallest used/supply, as a share: 5% = 5 percentage points")


class StandardRule(Rule):
    """Admission test, project by project and zone by zone: of ≥ limit · per (or ≤)."""

    kind: ClassVar[str] = "standard"
    standard: Standard
    where: Where = Where()


class VetoRule(Rule):
    """Who matches is inadmissible."""

    kind: ClassVar[str] = "veto"
    veto: Yes
    where: Where


class Measured(Rule):
    """Kinds that may be soft and may make a row per value of `each`."""

    soft: Soft | None = Field(None, description="points per 1 % of the limit, or {points, per}; absent: hard")
    each: str | None = Field(None, description="a row per value: zone or an attribute")


class TotalRule(Measured):
    """existing + Σ of · x ≥, ≤ or = limit."""

    kind: ClassVar[str] = "total"
    total: Total
    where: Where = Where()


class CountRule(Measured):
    """existing + number admitted ≥, ≤ or = limit."""

    kind: ClassVar[str] = "count"
    count: Count
    where: Where = Where()


class RatioRule(Measured):
    """Σ of ≥, ≤ or = limit · Σ per, existing included."""

    kind: ClassVar[str] = "ratio"
    ratio: Ratio
    where: Where = Field(Where(), description="holds for both sums")
    of_where: Where = Field(Where(), description="who counts above the line")
    per_where: Where = Field(Where(), description="who counts below the line")


class RequiresRule(Rule):
    """A project only where the ones it needs are admitted: s[p] ≤ b[q]."""

    kind: ClassVar[str] = "requires"
    requires: Requires
    soft: Soft | None = None


class ExclusiveRule(Rule):
    """At most one of them: Σ b ≤ 1."""

    kind: ClassVar[str] = "exclusive"
    exclusive: tuple[str, ...] = Field(min_length=2, description="projects, at most one of which is admitted")
    soft: Soft | None = None


class TogetherRule(Rule):
    """All to the same share."""

    kind: ClassVar[str] = "together"
    together: tuple[str, ...] = Field(min_length=2, description="projects carried out to the same share")
    soft: Soft | None = None


class SynergyRule(Rule):
    """What members bring besides when all are in: y ≤ x of each member."""

    kind: ClassVar[str] = "synergy"
    synergy: Synergy


class MixRule(Measured):
    """At most so many different values of an attribute among the admitted."""

    kind: ClassVar[str] = "mix"
    mix: Mix
    where: Where = Where()


class EvenUseRule(Rule):
    """Zones use a measure evenly: largest minus smallest used/supply."""

    kind: ClassVar[str] = "even_use"
    even_use: EvenUse
    soft: Soft | None = None


KINDS: dict[str, type[Rule]] = {
    c.kind: c
    for c in (
        StandardRule, VetoRule, TotalRule, RatioRule, CountRule, RequiresRule, ExclusiveRule, TogetherRule,
        SynergyRule, MixRule, EvenUseRule,
    )
}  # fmt: skip


def kind_of(value: Any) -> str | None:
    """The kind of a rule by its body key; None if it has none or several."""
    if isinstance(value, Rule):
        return value.kind
    kinds = [kind for kind in KINDS if isinstance(value, dict) and kind in value]
    return kinds[0] if len(kinds) == 1 else None


AnyRule = Annotated[
    Annotated[StandardRule, Tag("standard")]
    | Annotated[VetoRule, Tag("veto")]
    | Annotated[TotalRule, Tag("total")]
    | Annotated[RatioRule, Tag("ratio")]
    | Annotated[CountRule, Tag("count")]
    | Annotated[RequiresRule, Tag("requires")]
    | Annotated[ExclusiveRule, Tag("exclusive")]
    | Annotated[TogetherRule, Tag("together")]
    | Annotated[SynergyRule, Tag("synergy")]
    | Annotated[MixRule, Tag("mix")]
    | Annotated[EvenUseRule, Tag("even_use")],
    Discriminator(kind_of),
]
"""A rule of any kind, told by its body key."""
