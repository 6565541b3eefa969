"""Amounts as offices write them in cells: 约300亩, 200-250, 3万多人, — ; and what was made of them.

Only what `number` cannot read comes here, so that plain figures cost nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from ...models.quantity import LONGEST, MULTIPLIERS, QuantityError, Unit, familiar_unit, number
from ...models.scenario import Scenario
from .block import Block

ABOUT, HIGH, LOW = "cells-about", "cells-range-high", "cells-range-low"
NONE, TIMES, TEXT = "cells-none", "cells-times", "cells-text"
"""Codes of the findings: not exact, a range; a sign for nothing, a bare 万 or 亿, a number stored as text."""
ASSUMED = (ABOUT, HIGH, LOW)
"""What makes an amount an assumption."""

_NUM = r"\d[\d,]*(?:\.\d+)?"
_REST = r"[^\d~～—–至到-]*"
_BEFORE = re.compile(
    r"^(大?约为?|接近|将近|近|预计|预估|暂[估定]|估[算计]?|初步|不?超过?|逾|不[少低]于|不[高大]于|至少|最多|[≈~≥≤<>]=?|>=|<="
    r"|ca\.?|about|approx\.?|around)\s*(?=\d)",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s*([(]?(左右|上下|以上|以下|以内|估|暂估|暂定|估算|预计|约)[)]?|\+)$")
_WITHIN = re.compile(r"(?<=[\d百千万亿])\s*[余多来](?=[^\d]|$)")
_RANGE = re.compile(rf"({_NUM})\s*({_REST}?)\s*(?:-{{1,2}}|~|—{{1,2}}|–|至|到)\s*({_NUM})\s*({_REST})")
_NOTHING = re.compile(r"[-–—/\\~*]+|无|没有|暂无|不涉及|n/?a|nil|none|\.{3,}|…+", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_MULTIPLIED = re.compile(rf"[+-]?{_NUM}\s*([^\x00-\x7f]+)")


@dataclass(eq=False)
class Loose:
    """What was made of the cells of a column: code -> (row, text)."""

    high: bool
    """Of a range its upper end: of what a project needs, not of what it brings."""
    cells: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def note(self, code: str, row: int, text: str) -> None:
        self.cells.setdefault(code, []).append((row, text))

    @property
    def assumed(self) -> list[int]:
        """Rows whose amounts are assumptions."""
        return sorted({row for code in ASSUMED for row, _ in self.cells.get(code, ())})


def taken_measures(scenario: Scenario, blocks: list[Block]) -> frozenset[str]:
    """The measures of which less is better: scarce ones, and those that a criterion divides by or saves.

    Of a range such as 200-250 a careful reader takes the upper end of these, of all others the lower.
    """
    taken = {*scenario.supply, *(key[1] for block in blocks for key in block.columns if key[0] == "makes")}
    for zone in scenario.zones.values():
        taken |= zone.supply.keys()
    for criterion in scenario.criteria.values():
        lower = criterion.better == "lower"
        if lower or criterion.per is not None:
            taken.add(criterion.of if lower else str(criterion.per))
    return frozenset(taken)


def read_loosely(text: str, target: Unit, plain: Unit | None, high: bool) -> tuple[float | None, str] | None:
    """A figure that is not written as one, in the unit `target`, and the code of what was made of it.

    None for the figure if the text says that there is none; None in all if it cannot be read this way either, or
    could mean two things.
    """
    clean = unicodedata.normalize("NFKC", text).strip().replace("\N{MINUS SIGN}", "-")
    if len(clean) > LONGEST:
        return None
    if _NOTHING.fullmatch(clean):
        return None, NONE
    bare = _bare(clean)
    try:
        if (ends := _RANGE.fullmatch(bare)) is not None:
            low, above = _ends(ends, target, plain)
            return (above if high else low, HIGH if high else LOW) if low <= above else None
        return number(bare, target, plain), TEXT if _THOUSANDS.sub("", clean) == bare else ABOUT
    except QuantityError:
        return None


def figure_unit(cell: str | float) -> str | None:
    """The unit that a figure names, however loosely it is written; empty if none, None for what is no figure.

    >>> [figure_unit(one) for one in ("约300亩", "1.5亿元", "200-250", 3.0, "北园", "3期工程")]
    ['亩', '亿元', '', '', None, None]
    """
    if isinstance(cell, float):
        return ""
    clean = _bare(unicodedata.normalize("NFKC", cell).strip())
    ends = _RANGE.fullmatch(clean)
    figure = re.fullmatch(rf"[+-]?{_NUM}\s*(.*)", clean) if ends is None else None
    if len(clean) > LONGEST or (ends is None and figure is None):
        return None
    of = (ends[4] if ends is not None else figure[1] if figure is not None else "").strip()
    if of in ("", *MULTIPLIERS):
        return ""
    return of if familiar_unit(of) else None


def _bare(clean: str) -> str:
    """A text without the words that make its figure less than exact."""
    return _WITHIN.sub("", _THOUSANDS.sub("", _AFTER.sub("", _BEFORE.sub("", clean, count=1))))


def _ends(ends: re.Match[str], target: Unit, plain: Unit | None) -> tuple[float, float]:
    """Both ends of a range; the first has the unit of the second unless it has one of its own."""
    low, first, above, second = ends.groups()
    return number(low + (first or second), target, plain), number(above + second, target, plain)


def multiplied(text: str) -> bool:
    """Whether a cell is a number with a bare 万 or 亿 behind it, whose noun stands elsewhere.

    >>> multiplied("1.5亿"), multiplied("1.5亿元"), multiplied("3000")
    (True, False, False)
    """
    match = _MULTIPLIED.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return match is not None and match[1].strip() in MULTIPLIERS
