"""`landalloc check`: everything that is wrong or suspicious in a scenario, its cases included, at once."""

from __future__ import annotations

from pathlib import Path

from ...models.finding import Finding, InputError, Severity
from ..read import Reading, read
from ..report import findings as findings_report
from ..report.numbers import Language
from . import screen
from .outcome import Exit


def run(scenario: Path, lang: Language | None) -> Exit:
    """Print the findings of a scenario."""
    language = screen.language_of(scenario, lang)
    found = screen.waited(lambda _: findings_of(scenario), language, "read")
    findings_report.show(found, screen.out(), language)
    return Exit.INPUT if any(one.severity is Severity.ERROR for one in found) else Exit.DONE


def findings_of(scenario: Path) -> list[Finding]:
    """The findings of the scenario and, where it can be used, of each of its cases; each finding once."""
    reading, found = _read(scenario, None)
    for case in reading.base_scenario.cases if reading is not None else ():
        found += [one for one in _read(scenario, case)[1] if one not in found]
    return found


def _read(scenario: Path, case: str | None) -> tuple[Reading | None, list[Finding]]:
    try:
        reading = read(scenario, case=case)
    except InputError as error:
        return None, list(error.findings)
    return reading, list(reading.findings)
