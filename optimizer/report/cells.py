"""CSV that opens right in a spreadsheet and never runs there: UTF-8 with BOM, CRLF, no cell that is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a text must not begin with: a spreadsheet would take it for a formula."""


def sheet(rows: Iterable[Iterable[object]]) -> bytes:
    """Rows of cells as a file. Texts are made harmless, figures stay figures, None is a blank.

    >>> sheet([["=1+1", -2.5, None, "a,b"]])
    b'\\xef\\xbb\\xbf\\'=1+1,-2.5,,"a,b"\\r\\n'
    """
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", errors="replace")


def _cell(value: object) -> object:
    if isinstance(value, str):
        return quoted(value)
    return "" if value is None else value


def quoted(text: str) -> str:
    """A text that no spreadsheet runs; `unquoted` takes it back.

    >>> quoted("@SUM(A1)"), quoted("plain"), unquoted(quoted("'90s")), unquoted("plain")
    ("'@SUM(A1)", 'plain', "'90s", 'plain')
    """
    return "'" + text if text.lstrip(" \u00a0\u3000").startswith((*RUNS, "'")) else text


def unquoted(text: str) -> str:
    """The inverse of `quoted`."""
    return text.removeprefix("'")
