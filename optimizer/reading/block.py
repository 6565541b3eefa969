"""Blocks: projects as columns of cells still as written, from the rows of the file or from one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ...models.finding import Place
from ...models.quantity import Unit
from .cells import Cells
from .headings import Key


@dataclass(eq=False)
class Column:
    """Cells of one key: texts, numbers, lists of texts, or None where blank or absent."""

    cells: Cells
    plain: Unit | None = None
    """Unit of bare numbers, where the heading gives one."""
    heading: Place | None = None
    """Where the heading stands, in a table."""
    own: frozenset[int] = frozenset()
    """Rows whose bare numbers are in the measure's own unit whatever the heading says: changed ones."""

    @property
    def in_workbook(self) -> bool:
        """Whether its cells may be numbers, so that digits in a text are odd."""
        return self.heading is not None and self.heading.sheet is not None


@dataclass(eq=False)
class Block:
    """Projects from one source."""

    length: int
    position: Callable[[int, Key], Place]
    """(row, key) -> place; of the row itself for an empty key."""
    columns: dict[Key, Column] = field(default_factory=dict)
    assumed: dict[int, list[Key]] = field(default_factory=dict)
    """Amounts that say themselves that they are assumed, by row."""
