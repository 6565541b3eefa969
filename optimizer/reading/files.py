"""Files beside a scenario: read once, never outside its folder, with their fingerprints."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ...models.finding import Place
from .findings import Findings, nearest
from .grid import Grid
from .parquet import ParquetTable, parquet_table
from .stream import TextTable, text_table
from .table import LARGEST, Sheet, plain_sheet, read_grid

type Bytes = bytes
"""As a class calls it that has a method of that name."""


@dataclass(eq=False)
class Files:
    """The folder of a scenario, and what was read from it."""

    folder: Path
    contents: Mapping[str, Bytes] | None = None
    """Files as the scenario names them -> their bytes, where the folder itself is on another machine."""
    digests: dict[str, str] = field(default_factory=dict)
    """File as the scenario names it -> sha256 of its bytes."""
    _texts: dict[str, TextTable | None] = field(default_factory=dict)
    _parquets: dict[str, ParquetTable | None] = field(default_factory=dict)
    _grids: dict[tuple[str, str | None], Grid | None] = field(default_factory=dict)

    def bytes(self, name: str, place: Place, found: Findings, most: int = LARGEST) -> Bytes | None:
        """The bytes of a file; None if it cannot be had, with the reason among the findings."""
        data = None if self.contents is None else self.contents.get(PurePosixPath(name).as_posix())
        if data is None:
            data = self._read(name, place, found, most)
        if data is None:
            return None
        self.digests[PurePosixPath(name).as_posix()] = hashlib.sha256(data).hexdigest()
        return data

    def _read(self, name: str, place: Place, found: Findings, most: int) -> Bytes | None:
        path = self._path(name, place, found)
        if path is None:
            return None
        try:
            if path.stat().st_size > most:
                found.add("file-large", place, file=name, most=most // 1_000_000)
                return None
            return path.read_bytes()
        except OSError as error:
            found.add("file-unreadable", place, file=name, problem=error.strerror or type(error).__name__)
            return None

    def text(self, name: str, place: Place, found: Findings) -> TextTable | None:
        """A text table, of which only the top is read so far; None if it is none or cannot be read, told by `grid`."""
        if PurePosixPath(name).suffix.lower() != ".csv":
            return None
        if name not in self._texts:
            data = self.bytes(name, place, found)
            self._texts[name] = None if data is None else text_table(name, data)
        return self._texts[name]

    def parquet(self, name: str, place: Place, found: Findings) -> ParquetTable | None:
        """The columns of a .parquet file, read once; None with the reason among the findings."""
        if name not in self._parquets:
            data = self.bytes(name, place, found)
            self._parquets[name] = None if data is None else parquet_table(name, data, place, found)
        return self._parquets[name]

    def grid(self, name: str, sheet: str | None, place: Place, found: Findings) -> Grid | None:
        """The cells of a table, read once however often it is named; None with the reason among the findings."""
        if (name, sheet) not in self._grids:
            text = self._texts.get(name)
            data = text.data if text is not None else self.bytes(name, place, found)
            read = None if data is None else read_grid(Path(name), name, data, sheet, place, found)
            self._grids[name, sheet] = read
        return self._grids[name, sheet]

    def table(self, name: str, sheet: str | None, place: Place, found: Findings) -> Sheet | None:
        """A table that begins with its headings; None with the reason among the findings."""
        grid = self.grid(name, sheet, place, found)
        return None if grid is None else plain_sheet(grid, place, found)

    def _path(self, name: str, place: Place, found: Findings) -> Path | None:
        """Where the file is, links followed; nothing outside the folder is ever opened."""
        try:
            path = (self.folder / name).resolve()
            inside = path.is_relative_to(self.folder.resolve())
            if inside and path.is_file():
                return path
        except (OSError, ValueError, RuntimeError):  # a null character, a loop of links, a name too long
            found.add("file-missing", place, file=name[:100])
            return None
        if not inside or Path(name).is_absolute():
            found.add("file-outside", place, file=name)
        else:
            beside = [one.name for one in path.parent.iterdir() if one != path] if path.parent.is_dir() else []
            found.misspelt("file-missing", place, nearest(path.name, beside), file=name)
        return None
