"""Collects what the reader finds, all of it, so that a user mends a file in one go."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from ...models.finding import Finding, InputError, Message, Place, Severity
from ...models.quantity import QuantityError
from .words import DID_YOU_MEAN, WORDS

MOST = 1000
"""Findings that are kept; a table with a wrong column would otherwise bury the reader."""


@dataclass
class Findings:
    """Findings so far. Those of one place and kind are told once."""

    items: list[Finding] = field(default_factory=list)
    _seen: set[tuple[str, Place, str]] = field(default_factory=set)
    _touched: set[str] = field(default_factory=set)

    def add(self, code: str, place: Place, /, **args: object) -> None:
        """Note a finding in the words of its code, with `args` for what stands in braces there."""
        self._note(code, place, args, Message(WORDS[code].what, args), Message(WORDS[code].remedy, args))

    def misspelt(self, code: str, place: Place, /, meant: str | None, **args: object) -> None:
        """Note a finding about a name; `meant` is what it was probably to be, None if nothing is near."""
        remedy = Message(WORDS[code].remedy, args)
        if meant:
            remedy = Message(DID_YOU_MEAN, {"meant": meant, "remedy": remedy})
        self._note(code, place, args, Message(WORDS[code].what, args), remedy)

    def unknown(self, code: str, place: Place, /, name: str, known: Iterable[str], **args: object) -> None:
        """Note a name that nobody declared, with the nearest one that somebody did."""
        names = [str(one) for one in known]
        ordered = listed(sorted(names, key=partial(_unlike, name)))
        self.misspelt(code, place, nearest(name, names), name=_cut(name), known=ordered, **args)

    def quantity(self, error: QuantityError, place: Place, /, **args: object) -> None:
        """Note a text that is no quantity of the unit of its place; the error says what is wrong."""
        args = {**error.message.args, **args}
        self._note(error.code, place, args, error.message, Message(WORDS[error.code].remedy, args))

    def take(self, others: Findings) -> None:
        """Note what was found elsewhere, as if it had been found here."""
        for one in others.items:
            self._keep(one)

    def _note(self, code: str, place: Place, args: dict[str, object], what: Message, remedy: Message) -> None:
        words = WORDS[code]
        severity = Severity.WARNING if words.warning else Severity.ERROR
        self._keep(Finding(severity, code, place, what, Message(words.why, args), remedy))

    def _keep(self, one: Finding) -> None:
        known = (one.code, one.place, str(one.what))
        if known in self._seen or len(self.items) >= MOST:
            return
        self._seen.add(known)
        if one.severity is Severity.ERROR:
            path = one.place.path
            dots = [i for i, letter in enumerate(path) if letter == "."]
            self._touched |= {path, *(path[:i] for i in dots)}
        self.items.append(one)

    @property
    def errors(self) -> int:
        """How many errors are among them."""
        return sum(one.severity is Severity.ERROR for one in self.items)

    def under(self, path: str) -> bool:
        """Whether an error was noted at this path or at one below it."""
        return path in self._touched

    def stop_if_wrong(self) -> None:
        """Raise what was found if there is an error among it.

        Raises:
            InputError: with every finding, errors first.
        """
        if self.errors:
            raise InputError(sorted(self.items, key=lambda one: one.severity is not Severity.ERROR))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a misspelt one most likely means.

    >>> nearest("nroth", ["south", "north"]), nearest("moon", ["north"])
    ('north', None)
    """
    names = {one.casefold(): one for one in reversed(list(known))}
    cutoff = 0.65 if name.isascii() else 0.5  # one wrong character of two, where a character is a word
    close = difflib.get_close_matches(name.casefold()[:100], names, n=1, cutoff=cutoff)
    return names[close[0]] if close else None


def listed(names: Iterable[object], most: int = 6) -> str:
    """Names as a sentence holds them: the first few, and how many more.

    >>> listed("abcdefgh", 3)
    'a, b, c, … (8)'
    """
    texts = [_cut(str(one)) for one in names]
    if not texts:
        return "–"
    return ", ".join(texts) if len(texts) <= most else f"{', '.join(texts[:most])}, … ({len(texts)})"


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


def shown(value: float) -> str:
    """A figure as findings write it.

    >>> shown(80000.0), shown(0.1 + 0.2)
    ('80000', '0.3')
    """
    return f"{value:.10g}"


def _unlike(name: str, other: str) -> float:
    return 1 - difflib.SequenceMatcher(None, name.casefold()[:100], other.casefold()[:100]).ratio()
