"""A .parquet file -> columns, as they are typed in it. Its rows are projects, each of them; nothing is looked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...models.finding import Place
from .block import Block, Column
from .cells import Cells, Coded, Coder, Figures
from .findings import Findings
from .grid import Cell, Grid
from .headings import Key
from .inline import LISTS
from .match import Match

MOST_CELLS = 200_000_000
"""Cells of the largest table, by its own account: a few bytes can stand for a column of one value."""
MOST_BYTES = 4_000_000_000
"""Bytes of the largest table once unpacked, by its own account."""

_INDEX = re.compile(r"__index_level_\d+__")
"""Columns that pandas writes for the numbers of its rows."""
_BETWEEN = "\x1f"
"""Parts the names of a list while it is held as one text; no name has it."""


@dataclass(frozen=True, eq=False)
class Named(Grid):
    """The headings, and rows where they are wanted; a place is the name of a column and the number of a row."""

    def place(self, row: int, column: int) -> Place:
        return _place(self.file, str(self.rows[0][column]) if column < len(self.rows[0]) else "", row)


@dataclass(frozen=True, eq=False)
class ParquetTable:
    """A table whose columns are still Arrow's."""

    file: str
    table: Any
    """pyarrow.Table"""
    top: Grid


def _place(file: str, column: str, row: int) -> Place:
    """Rows count from 1; 0 is the column as a whole."""
    return Place(file, cell=f"{column} row {row}".strip() if row else column)


def parquet_table(file: str, data: bytes, place: Place, found: Findings) -> ParquetTable | None:
    """The table in a file; None if it cannot be read, with the reason among the findings."""
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError:
        found.add("parquet-extra", place, file=file)
        return None
    try:
        source = parquet.ParquetFile(arrow.BufferReader(data))
        about = source.metadata
        size = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
        if about.num_rows * about.num_columns > MOST_CELLS or size > MOST_BYTES:
            found.add("table-large", place, file=file)
            return None
        texts = [one.name for one in source.schema_arrow if arrow.types.is_string(one.type)]
        table = parquet.ParquetFile(arrow.BufferReader(data), read_dictionary=texts).read(use_threads=False)
        table = table.select([i for i, name in enumerate(table.column_names) if not _INDEX.fullmatch(name)])
        table.validate(full=True)
    except MemoryError:  # nothing is wrong with the file
        raise
    except Exception as error:  # damaged files fail in many ways; all mean that nothing can be read
        found.add("parquet-broken", place, file=file, problem=str(error).split("\n")[0][:100])
        return None
    if not table.num_rows or not table.num_columns:
        found.add("table-empty", place, file=file)
        return None
    names: list[Cell] = [name.strip() or None for name in table.column_names]
    return ParquetTable(file, table, Named(file, [names], [1]))


def parquet_block(table: ParquetTable, matched: Match, found: Findings) -> Block:
    """The block of a table whose columns are known."""
    names = {key: str(table.top.rows[0][j]) for j, key in matched.keys.items()}

    def position(row: int, key: Key) -> Place:
        return _place(table.file, names.get(key, ""), row + 1)

    block = Block(table.table.num_rows, position)
    for j, key in sorted(matched.keys.items()):
        cells = _cells(table.table.column(j).combine_chunks(), key)
        heading = _place(table.file, names[key], 0)
        if cells is None:
            found.add("parquet-type", heading, name=names[key], kind=str(table.table.schema.field(j).type))
        else:
            block.columns[key] = Column(cells, matched.plain.get(j), heading)
    return block


def parquet_grid(table: ParquetTable) -> Grid:
    """All cells, row by row, for small tables that are read so: limits by code, decisions."""
    columns: list[list[Cell]] = []
    for j in range(table.table.num_columns):
        cells = _cells(table.table.column(j).combine_chunks(), ("id",))
        columns.append(_as_cells(Coded(np.zeros(table.table.num_rows, np.int32), [None]) if cells is None else cells))
    rows = [list(row) for row in zip(*columns, strict=True)]
    full = [i for i, row in enumerate(rows) if any(cell is not None for cell in row)]
    return Named(table.file, [table.top.rows[0], *(rows[i] for i in full)], [0, *(i + 1 for i in full)])


def _as_cells(cells: Cells) -> list[Cell]:
    if isinstance(cells, Coded):
        return [cells.distinct[code] for code in cells.codes.tolist()]
    assert isinstance(cells, Figures)
    return [None if np.isnan(value) else value for value in cells.values.tolist()]


def _cells(array: Any, key: Key) -> Cells | None:
    """A column as figures or codes, by its type; None for a type that means nothing here."""
    try:
        return _typed(array, key)
    except (ValueError, TypeError, KeyError, NotImplementedError):  # what Arrow cannot turn into anything usual
        return None


def _typed(array: Any, key: Key) -> Cells | None:
    from pyarrow import compute, types

    kind = array.type
    if types.is_null(kind):
        return Figures(np.full(len(array), np.nan))
    if types.is_list(kind) or types.is_large_list(kind):
        return _lists(array) if key[0] in LISTS else None
    if types.is_dictionary(kind):
        return _coded(array) if types.is_string(kind.value_type) or types.is_large_string(kind.value_type) else None
    if types.is_integer(kind) and np.nanmax(np.abs(_floats(array)), initial=0.0) >= 2.0**53:
        return _coded(compute.cast(array, "string").dictionary_encode())  # codes of many digits stay as they are
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        values = _floats(array)
        infinite = np.flatnonzero(np.isinf(values)).tolist()
        return Figures(np.where(np.isinf(values), np.nan, values), {i: float(values[i]) for i in infinite})
    if types.is_boolean(kind) or types.is_temporal(kind) or types.is_string(kind) or types.is_large_string(kind):
        return _coded(compute.cast(array, "string").dictionary_encode())
    return None


def _floats(array: Any) -> NDArray[np.float64]:
    """Numbers of any type; NaN where blank."""
    from pyarrow import compute

    values: NDArray[np.float64] = compute.cast(array, "float64", safe=False).to_numpy(zero_copy_only=False)
    return values


def _coded(array: Any) -> Coded:
    """Texts by number, without the blanks around them."""
    codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    coder = Coder()
    meant: NDArray[np.int32] = coder.codes([(text or "").strip() or None for text in array.dictionary.to_pylist()])
    nothing = coder[None]
    return Coded(np.concatenate([meant, np.array([nothing], dtype=np.int32)])[codes], list(coder))


def _lists(array: Any) -> Coded | None:
    """Lists of names by number."""
    import pyarrow as arrow
    from pyarrow import compute, types

    kind = array.type.value_type
    kind = kind.value_type if types.is_dictionary(kind) else kind
    if not types.is_string(kind) and not types.is_large_string(kind):
        return None
    texts = compute.binary_join(compute.cast(array, arrow.list_(arrow.string())), _BETWEEN)
    coded = _coded(texts.dictionary_encode())
    return Coded(coded.codes, [None if one is None else one.split(_BETWEEN) for one in coded.distinct])
