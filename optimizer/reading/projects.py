"""Blocks of columns -> the candidates of a scenario: converted, sorted by id, with their options."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...models.finding import Place
from ...models.quantity import PURE
from ...models.scenario import Scenario
from ..candidates import Bools, Candidates, Floats
from .block import Block, Column
from .cells import Cells
from .changes import Change
from .columns import Objects, flags, shares, wholes
from .figures import Units
from .findings import Findings
from .headings import Key, Vocabulary
from .inline import LISTS
from .loose import taken_measures
from .options import amounts_there, options_of
from .paths import join
from .reader import Reader


@dataclass(frozen=True, eq=False)
class Projects:
    """The candidates as read, before anything is netted, and what the checks need besides."""

    candidates: Candidates
    place: Callable[[str, Key], Place | None]
    """(id, key) -> place of a cell; of the row where the key is not there."""
    assumed: list[str]
    """Dotted paths of the amounts that are assumptions."""
    unsaid: Bools
    """(n,) nothing says that the project is whole, or that it is not."""


def read_projects(
    blocks: list[Block],
    changes: list[Change],
    proposed: list[Change],
    scenario: Scenario,
    units: Units,
    words: Vocabulary,
    found: Findings,
) -> Projects | None:
    """The candidates in the blocks with the changes made; None if they cannot be told apart.

    `proposed` are changes of cases that are not made here, only whether they could be.
    """
    reader = Reader(blocks, units, taken_measures(scenario, blocks), found)
    titles = reader.texts(("title",))
    ids = reader.texts(("id",))
    reader.ids = _first_said(ids, titles)
    if not _all_distinct(reader):
        return None
    order = _by_id(reader.ids)
    rows = Rows(ordered(reader.ids, order), order)
    for change in proposed:
        _aim(change, rows, words, found)
    reader.blocks = _changed(reader, changes, rows, words)
    table, unsaid = _table(reader, scenario, titles, order)
    zones = reader.lists(("zones",), words.zones, "unknown-zone")
    amounts = {name: ordered(_measure(reader, name, scenario), order) for name in scenario.measures}
    makes = _makes(reader, scenario, order)
    for key in dict.fromkeys(key for block in blocks for key in block.columns if key[0] == "at"):
        reader.amounts(key)
    assumed = _assumed(reader, words, table, order)
    candidates = Candidates(
        table,
        {name: ordered(reader.texts((name,)), order) for name in scenario.attributes},
        amounts,
        makes,
        *options_of(scenario, reader, zones, order),
    )
    candidates = replace(candidates, at=amounts_there(reader, candidates, scenario, order))
    place = reader.placer()
    return Projects(
        candidates,
        lambda one, key: place(row, key) if (row := rows.get(one)) is not None else None,
        assumed,
        unsaid,
    )


def _first_said(ids: Objects, titles: Objects) -> Objects:
    """(n,) the id of each project, else its title, else nothing."""
    blank = ids == None  # noqa: E711 (of an array)
    return np.where(blank, np.where(titles == None, "", titles), ids) if blank.any() else ids  # noqa: E711


def _by_id(ids: Objects) -> NDArray[np.intp]:
    """(n,) the rows in order of their ids."""
    if (ids[1:] > ids[:-1]).all():
        return np.arange(len(ids))
    return np.array(sorted(range(len(ids)), key=ids.tolist().__getitem__), dtype=np.intp)


def ordered[T: np.generic](values: NDArray[T], order: NDArray[np.intp]) -> NDArray[T]:
    """The values in some order; themselves where it is their own."""
    return values if len(order) < 2 or (order[1:] > order[:-1]).all() else values[order]


@dataclass(frozen=True, eq=False)
class Rows(Mapping[str, int]):
    """Project id -> its row in the file."""

    ids: Objects
    """(n,) ascending"""
    rows: NDArray[np.intp]

    def __getitem__(self, one: str) -> int:
        at = bisect_left(self.ids, one)
        if at == len(self.ids) or self.ids[at] != one:
            raise KeyError(one)
        return int(self.rows[at])

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)

    def __len__(self) -> int:
        return len(self.ids)


def _all_distinct(reader: Reader) -> bool:
    """Whether every project has an id of its own."""
    if len(reader) and reader.ids.all() and pd.Index(reader.ids).is_unique:
        return True
    first: dict[str, int] = {}
    for row, one in enumerate(reader.ids):
        if not one:
            reader.found.add("project-id", replace(reader.place(row, ()), path=""))
        elif first.setdefault(one, row) != row:
            place = replace(reader.place(row, ("id",)), path=join(["projects", one, "id"]))
            reader.found.add("duplicate-project", place, name=one, first=reader.place(first[one], ("id",)))
    return len(first) == len(reader) > 0


def _changed(reader: Reader, changes: list[Change], rows: Mapping[str, int], words: Vocabulary) -> list[Block]:
    """The blocks with the changes made; those given stay as they are."""
    blocks = list(reader.blocks)
    for change in changes:
        aim = _aim(change, rows, words, reader.found)
        if aim is not None:
            row, key, value = aim
            b = int(np.searchsorted(reader.starts, row, side="right")) - 1
            blocks[b] = _with_cell(blocks[b], row - int(reader.starts[b]), key, value, change.place)
    return blocks


def _aim(change: Change, rows: Mapping[str, int], words: Vocabulary, found: Findings) -> tuple[int, Key, Any] | None:
    """Row, key and value of a change; None with the reason among the findings."""
    one, *rest = change.parts[1:]
    key = _key(tuple(rest), words)
    value: Any = change.value.value
    if isinstance(value, list) and all(isinstance(item.value, str) for item in value):
        value = [item.value for item in value]
    if one not in rows:
        found.unknown("unknown-path", change.place, one, rows)
    elif key is None or key == ("id",):
        found.unknown("unknown-path", change.place, join(rest), [*words.known(), "at", "makes"])
    elif isinstance(value, dict) or (isinstance(value, list) and key[0] not in LISTS):
        found.add("path-value", change.place)
    else:
        return rows[one], key, value
    return None


def _key(rest: Key, words: Vocabulary) -> Key | None:
    match rest:
        case ("at", zone, measure) if zone in words.zones and measure in words.measures:
            return ("at", words.zones[zone], words.measures[measure])
        case ("makes", measure) if measure in words.measures:
            return ("makes", words.measures[measure])
        case (name,):
            return words.key(name)
    return None


def _with_cell(block: Block, row: int, key: Key, value: Any, place: Place) -> Block:
    old = block.columns.get(key) or Column([None] * block.length)
    if isinstance(old.cells, list):
        cells: Cells = [*old.cells[:row], value, *old.cells[row + 1 :]]
    else:
        cells = old.cells.with_cell(row, value)
    column = replace(old, cells=cells, own=old.own | {row})
    position = block.position

    def moved(i: int, of: Key) -> Place:
        return place if (i, of) == (row, key) else position(i, of)

    return replace(block, columns={**block.columns, key: column}, position=moved)


def _table(reader: Reader, scenario: Scenario, titles: Objects, order: NDArray[np.intp]) -> tuple[pd.DataFrame, Bools]:
    """The table of Candidates but its `assumed`, and who says nothing about being whole; both in order of id."""
    found = reader.found
    share = reader.floats(("min_share",), lambda c, place: shares(c, PURE, place, found))
    units = reader.floats(("units",), lambda c, place: wholes(c, PURE, place, found))
    least = reader.floats(("min_units",), lambda c, place: wholes(c, PURE, place, found))
    parts = reader.each(
        ("committed",),
        lambda c, place: flags(c, "committed", place, found),
        lambda length: np.zeros(length, dtype=bool),
    )
    committed = np.concatenate(parts)
    for row in np.flatnonzero(~np.isnan(share) & ~np.isnan(units)):
        found.add("share-and-units", reader.place(int(row), ("min_share",)))
    for row in np.flatnonzero(least > units):
        found.add("min-units", reader.place(int(row), ("min_units",)), least=int(least[row]), units=int(units[row]))
    for row in np.flatnonzero(~np.isnan(least) & np.isnan(units)):
        found.add("min-units-alone", reader.place(int(row), ("min_units",)))
    default = scenario.defaults.min_share
    said = ~np.isnan(share) | ~np.isnan(units) | committed
    table = pd.DataFrame(
        {
            "id": pd.Series(reader.ids, dtype=object),
            "title": pd.Series(_first_said(titles, reader.ids), dtype=object),
            "committed": committed,
            "min_share": np.where(np.isnan(units), np.where(np.isnan(share), default or 0.0, share), 0.0),
            "units": np.nan_to_num(units).astype(np.int64),
            "min_units": np.where(np.isnan(least), 1.0, least).astype(np.int64),
            "source": pd.Series(reader.texts(("source",)), dtype=object),
        }
    )
    unsaid = ~said if default is None else np.zeros(len(reader), dtype=bool)
    in_order = bool((order[1:] > order[:-1]).all())
    return table if in_order else table.iloc[order].reset_index(drop=True), unsaid[order]


def _measure(reader: Reader, name: str, scenario: Scenario) -> Floats:
    """(n,) what each project takes or brings of a measure. Blank cells of a table are 0, and are counted."""
    values = reader.amounts((name,))
    for start, block in zip(reader.starts, reader.blocks, strict=False):
        column = block.columns.get((name,))
        if column is None or column.heading is None:
            continue
        blank = np.flatnonzero(np.isnan(values[start : start + block.length]))
        if len(blank) and scenario.measures[name].blank == "error":
            for row in blank[:20]:
                reader.found.add("blank-error", reader.place(int(start) + int(row), (name,)), name=name)
        elif len(blank):
            place = replace(column.heading, path=join(["measures", name, "blank"]))
            reader.found.add("blank-zero", place, name=name, blanks=len(blank), rows=block.length)
    return np.nan_to_num(values)


def _makes(reader: Reader, scenario: Scenario, order: NDArray[np.intp]) -> dict[str, Floats]:
    made = {}
    for name in scenario.measures:
        values = np.nan_to_num(reader.amounts(("makes", name)))
        for row in np.flatnonzero(values < 0)[:20]:
            reader.found.add("makes-negative", reader.place(int(row), ("makes", name)))
        if values.any():
            made[name] = ordered(values, order)
    return made


def _assumed(reader: Reader, words: Vocabulary, table: pd.DataFrame, order: NDArray[np.intp]) -> list[str]:
    """Paths of the amounts that are assumptions; the table gets their measures by project."""
    said = reader.lists(("assumed",), words.amounts(), "unknown-assumed")
    holds = np.array([bool(one) for one in said.distinct], dtype=bool)
    keys: dict[int, list[Key]] = {}
    for row in np.flatnonzero(holds[said.codes]).tolist():
        keys[row] = list(said.distinct[said.codes[row]])
    further = [(int(start), block.assumed) for start, block in zip(reader.starts, reader.blocks, strict=False)]
    for start, by_row in [*further, (0, reader.loose)]:
        for row, own in by_row.items():
            held = keys.setdefault(start + row, [])
            held += [key for key in own if key not in held]
    assumed = np.empty(len(reader), dtype=object)
    assumed[:] = [()] * len(reader)
    for row, own in keys.items():
        assumed[row] = tuple(dict.fromkeys(key[-1] for key in own))
    table["assumed"] = pd.Series(assumed[order], dtype=object)
    place = np.argsort(order)
    return [
        join(["projects", reader.ids[row], *key]) for row in sorted(keys, key=place.__getitem__) for key in keys[row]
    ]
