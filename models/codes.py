"""Limits by industry code: which entry of a table of standards a code falls under."""

from __future__ import annotations

import re
from collections.abc import Mapping

_RANGE = re.compile(r"([A-Za-z]?\d+)\s*[-–—~～至]\s*([A-Za-z]?\d+)")


def code_range(text: str) -> tuple[str, str] | None:
    """The two ends of a range of codes, of equal length; None if the text is a code.

    >>> code_range("34-38"), code_range("3411")
    (('34', '38'), None)
    """
    match = _RANGE.fullmatch(text.strip())
    if match is None or len(match[1]) != len(match[2]) or match[1] > match[2]:
        return None
    return (match[1], match[2]) if match[1][0].isdigit() == match[2][0].isdigit() else None


def limit_for(limits: Mapping[str, float], code: str | None, default: float | None) -> float | None:
    """The limit of the longest entry that the code begins with; a range counts with the length of its ends.

    >>> limits = {"34-38": 270.0, "36": 300.0, "3612": 320.0}
    >>> [limit_for(limits, code, 150.0) for code in ("35", "3670", "3612", "13", None)]
    [270.0, 300.0, 320.0, 150.0, 150.0]
    """
    best, longest = default, 0.0
    for entry, limit in limits.items():
        ends = code_range(entry)
        if code is None or not (ends[0] <= code[: len(ends[0])] <= ends[1] if ends else code.startswith(entry)):
            continue
        length = len(entry) if ends is None else len(ends[0]) - 0.5  # at equal length the code itself wins
        if length > longest:
            best, longest = limit, length
    return best
