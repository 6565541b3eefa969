"""`landalloc report`: any format again, from the plan.json of a result and the answers beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...models.finding import InputError, Message
from ..report import answered, folder, terminal
from ..report import findings as findings_report
from ..report import json as plan_json
from ..report.numbers import Language
from ..report.words import text
from . import formats, screen
from .outcome import Exit


def run(directory: Path, wanted: Sequence[str], lang: Language | None) -> Exit:
    """Write or print reports of a result. The reasons of its projects stay in the language of the plan."""
    try:
        allocation = plan_json.load(directory)
        untouched = plan_json.digest_ok(directory)
        allocation, found = answered.load(directory, allocation)
    except InputError as error:
        findings_report.show(error.findings, screen.err(), lang or screen.spoken())
        return Exit.INPUT
    language = lang or allocation.plan.language
    if not untouched:
        changed = Message("Warning: plan.json was changed after it was written; landalloc verify tells where.")
        screen.err().print(text(changed, language), soft_wrap=True)
    if found:
        findings_report.show(found, screen.err(), language)
    files = formats.files(allocation, wanted, language)
    if files:
        folder.write(directory, files, drop=())
    if "terminal" in wanted:
        terminal.show(allocation, screen.out(), language)
    return Exit.DONE
