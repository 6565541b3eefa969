"""What all that is told about weights has in common: names, weights, changes, and tables of totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal

from ...models.finding import Message
from ...models.scenario import Scenario
from ...models.tuning import Change
from . import numbers
from .numbers import Language
from .sections import Table
from .words import clean, joined, say

MOST_NAMES = 8
DIGITS = 8
"""Significant digits of a weight to copy."""
WEIGHT = 4
"""Significant digits of a weight in a table."""
STAGES_HELD = Message(
    "Stages of the first call are held at the values that they have in the present plan; other weights would move them."
)
NOT_PROVED = Message("Some of this could not be proved within the time: allow more with --time-limit.")


class Names:
    """Titles and units of a scenario, as a reader reads them."""

    def __init__(self, scenario: Scenario, projects: Sequence[tuple[str, str]], language: Language) -> None:
        self.scenario, self.language = scenario, language
        self.projects = {key: clean(title, 60) for key, title in projects}

    @property
    def title(self) -> str:
        return clean(self.scenario.title or self.scenario.name, 80)

    def criterion(self, name: str) -> str:
        return clean(self.scenario.criteria[name].title or name, 60)

    def of(self, ids: Sequence[str]) -> str:
        """Some projects, and how many more."""
        told = [self.projects.get(i, clean(i, 40)) for i in ids[:MOST_NAMES]]
        more = len(ids) - len(told)
        return joined([*told, *([say("{number} more", self.language, number=more)] if more else [])], self.language)

    def unit(self, name: str) -> str:
        return self.scenario.measures[self.scenario.criteria[name].of].unit

    def column(self, name: str, values: Sequence[float]) -> tuple[str, list[str]]:
        """(unit, cells) of a criterion's totals in a table."""
        largest = max(map(abs, values), default=0.0)
        how = numbers.fitting(self.unit(name), self.language, largest)
        return how.unit, [numbers.figure(value, how, self.language) for value in values]

    def percent(self, part: float) -> str:
        return numbers.percent(part, self.language)

    def points(self, value: float) -> str:
        return numbers.about(value, numbers.POINTS, self.language)


def weight(value: float | None, rounding: str = ROUND_HALF_EVEN) -> str:
    """A weight as it is written beside the others, rounded as `decimal` says; ∞ where any is enough."""
    if value is None:
        return "∞"
    clear = Decimal(f"{value:.{DIGITS}g}")
    return f"{float(Context(WEIGHT, rounding).create_decimal(clear)):.{WEIGHT}g}"


def distinct(names: Sequence[str]) -> list[str]:
    """Names for a chart, which puts together what has the same: the second of a name has a number.

    >>> distinct(["yard", "quay", "yard"])
    ['yard', 'quay', 'yard (2)']
    """
    told: list[str] = []
    for name in names:
        known, number = name, 1
        while name in told:
            number += 1
            name = f"{known} ({number})"
        told.append(name)
    return told


def caveats(language: Language, *, held: bool, proved: bool) -> list[str]:
    """What limits all of a result."""
    return [say(m, language) for m, told in ((STAGES_HELD, held), (NOT_PROVED, not proved)) if told]


def changed(change: Change | None, names: Names) -> str:
    """What is different in another plan."""
    if change is None:
        return say("nothing, however far", names.language)
    told = []
    if change.more:
        told.append(say("more: {names}", names.language, names=names.of(change.more)))
    if change.less:
        told.append(say("less: {names}", names.language, names=names.of(change.less)))
    return ("；" if names.language == "zh" else "; ").join(told) or say("where projects sit", names.language)


def totals_table(
    heads: Sequence[str], first: Sequence[Sequence[str]], totals: Mapping[str, Sequence[float]], names: Names
) -> Table:
    """Rows of some first cells, then a column of totals a criterion, each with its unit in the heading."""
    columns = [names.column(name, values) for name, values in totals.items()]
    rows = [[*cells, *(column[i] for _, column in columns)] for i, cells in enumerate(first)]
    return Table(
        [*heads, *(names.criterion(name) for name in totals)],
        rows,
        units=[*("" for _ in heads), *(unit for unit, _ in columns)],
    )
