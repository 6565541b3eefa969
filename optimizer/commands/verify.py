"""`landalloc verify`: the certificate of a result again, from the files alone."""

from __future__ import annotations

from pathlib import Path

from ...models.finding import InputError, Message, Severity
from ..report import findings as findings_report
from ..report.numbers import Language
from ..report.words import text
from ..verify import verify
from . import screen
from .outcome import Exit


def run(directory: Path, scenario: Path, lang: Language | None) -> Exit:
    """Print whether the plan in a folder is what it says it is."""
    language = screen.language_of(scenario, lang)
    try:
        found = screen.waited(lambda _: verify(directory, scenario), language, "certify")
    except InputError as error:
        found = error.findings
    if any(one.severity is Severity.ERROR for one in found):
        findings_report.show(found, screen.out(), language)
        return Exit.INPUT
    right = Message("All is right: every figure follows from the scenario, the shares and the prices of the plan.")
    screen.out().print(text(right, language), soft_wrap=True)
    return Exit.DONE
