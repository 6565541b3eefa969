"""What was found in an input, for the terminal: place, what, why, what to do; errors first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from ...models.finding import Finding, Message, Severity
from .layout import folded
from .numbers import Language
from .words import clean, say, text

LONGEST = 1000
"""Characters of a sentence that are shown."""
_LABELS = {Severity.ERROR: Message("error"), Severity.WARNING: Message("warning")}
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow"}


def show(findings: Iterable[Finding], console: Console, language: Language) -> None:
    """Print findings, and how many there are."""
    for line in lines(findings, language, max(40, min(console.width, 120))):
        console.print(line, soft_wrap=True)


def lines(findings: Iterable[Finding], language: Language, width: int) -> Iterator[Text]:
    """The findings line by line; the first line of each is file:line:column for editors that jump there."""
    colon = "：" if language == "zh" else ": "
    ordered = sorted(findings, key=lambda one: one.severity is not Severity.ERROR)
    for one in ordered:
        place = clean(str(one.place) or one.place.path, LONGEST)
        label = say(_LABELS[one.severity], language)
        first = Text.assemble(f"{place}: " if place else "", (label, _STYLES[one.severity]), colon)
        first.append(clean(text(one.what, language), LONGEST))
        yield first
        for message in (one.why, one.remedy):
            said = clean(text(message, language), LONGEST)
            prefix = "" if message is one.why else "→ "
            if said:
                yield from map(Text, folded(prefix + said, width, indent="    "))
    yield Text(count(ordered, language), style="bold")


def count(findings: Iterable[Finding], language: Language) -> str:
    """How many errors and warnings there are."""
    found = list(findings)
    errors = sum(one.severity is Severity.ERROR for one in found)
    warnings = len(found) - errors
    if not found:
        return say("nothing found", language)
    told = [(Message("1 error") if errors == 1 else Message("{count} errors"), errors)] if errors else []
    told += [(Message("1 warning") if warnings == 1 else Message("{count} warnings"), warnings)] if warnings else []
    return (", " if language == "en" else "，").join(say(words, language, count=number) for words, number in told)
