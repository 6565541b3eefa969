"""A candidate, as a row of the scenario or of a table."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from .amount import Amount, Figure, Noun, Share


class Project(Noun):
    """A candidate project; its amounts are for the whole project.

    Besides these keys it carries one key per declared measure (an amount) and attribute (a text), which only the
    scenario knows; hence the extra keys, checked by the reader.
    """

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "required": [],
            "anyOf": [{"required": ["id"]}, {"required": ["title"]}],
        },
    )

    id: str = Field(min_length=1, description="unique name; the title if absent")
    title: str | None = Field(None, description="for reports; the id if absent")
    zones: tuple[str, ...] | None = Field(None, description="where it may sit; absent: every zone that accepts it")
    committed: bool = Field(False, description="carried out whole, in one zone, whatever it costs")
    min_share: Share | None = Field(
        None, description="least share it can be carried out at: 1 all or nothing, 0 divisible"
    )
    units: int | None = Field(None, ge=1, le=1_000_000, description="so many equal units (berths, sets, phases)")
    min_units: int | None = Field(None, ge=1, description="least number of units, 1 if absent")
    at: dict[str, dict[str, Amount]] = Field({}, description="amounts that differ by zone: {zone: {measure: amount}}")
    makes: dict[str, Amount] = Field({}, description="what it gives to others: {measure: amount}")
    assumed: tuple[str, ...] = Field((), description="measures whose amounts are assumptions")
    source: str | None = Field(None, description="where the figures come from")
    note: str | None = Field(None, description="anything a reader should know")


class Table(Noun):
    """Projects from a .csv, .xlsx or .parquet file beside the scenario."""

    table: str = Field(description="file name, relative to the scenario")
    sheet: str | None = Field(None, description="sheet of a workbook; needed if it has more than one")
    header: str | None = Field(None, description="rows of the headings, such as 3 or 3-4; found if absent")
    columns: dict[str, str | None] = Field(
        {},
        description="heading: key, where a heading is not a key or a measure's title; null leaves a column out; "
        "headings over two rows are upper/lower; section: attribute takes the names of sections",
    )
    skip: str | tuple[str, ...] | None = Field(
        None,
        description="rows that are no projects: numbers, ranges, or how they begin; absent: totals, sections and notes "
        "are found; [] every row is a project",
    )


class Defaults(Noun):
    """What holds for projects that say nothing."""

    min_share: Figure | None = Field(None, ge=0, le=1, description="share from which a project can be carried out")
    zones: tuple[str, ...] | None = Field(None, description="where projects may sit")


Row = Project | Table
"""An entry of `projects` in the file."""

RESERVED: frozenset[str] = (
    frozenset(Project.model_fields) | frozenset(Table.model_fields) | {"decision", "share", "zone"}
)
"""Words that no measure or attribute may be called."""
