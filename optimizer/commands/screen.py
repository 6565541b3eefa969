"""What commands print on: UTF-8 wherever it goes, plain where it is piped, something readable on an old console."""

from __future__ import annotations

import codecs
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol, TextIO

from rich.console import Console
from rich.status import Status
from rich.text import Text

from ...models.finding import Finding, Message
from ..report import findings as findings_report
from ..report.numbers import Language
from ..report.words import say, text
from .remaining import Remaining

PIPED = 80
"""Columns of what is not printed on a terminal."""
PATIENCE = 2.0
"""Seconds before a run says what it is doing."""

_ASCII = {"─": "-", "…": "...", "∞": "inf", "–": "-", "·": "-", "→": "->", "\N{THIN SPACE}": " ", "≥": ">=",
          "≤": "<=", "×": "x", "²": "2", "³": "3", "，": ", ", "。": ". ", "：": ": ", "；": "; ",
          "（": "(", "）": ")"}  # fmt: skip
_LANGUAGE = re.compile(rb"^language:[ \t]*['\"]?(zh|en)\b", re.MULTILINE)


def _readable(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_ASCII.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


codecs.register_error("landalloc.readable", _readable)


def utf8(stream: TextIO) -> None:
    """UTF-8 for a stream; a console of another encoding keeps it, and gets plain signs for what it cannot show."""
    change = getattr(stream, "reconfigure", None)
    if change is None:
        return
    if stream.isatty() and codecs.lookup(stream.encoding or "ascii").name != "utf-8":
        change(errors="landalloc.readable")
    else:
        change(encoding="utf-8", errors="backslashreplace")


class Screen(Console):
    """A console that is plain when piped and quiet when nobody reads any more."""

    def __init__(self, stream: TextIO) -> None:
        width = None if stream.isatty() else PIPED
        super().__init__(file=stream, width=width, highlight=False, markup=False, emoji=False)

    def on_broken_pipe(self) -> None:
        """Whoever reads has had enough, as in ``landalloc solve … | head``: that is no failure."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def out() -> Screen:
    """Where results go."""
    return Screen(sys.stdout)


def err() -> Screen:
    """Where warnings, errors and progress go."""
    return Screen(sys.stderr)


def show(findings: Iterable[Finding], language: Language) -> None:
    """Findings beside the results, if there are any."""
    found = list(findings)
    if found:
        findings_report.show(found, err(), language)


def language_of(scenario: Path, wanted: Language | None) -> Language:
    """The language for messages about a scenario that perhaps cannot be read: as asked, else as it says itself."""
    if wanted is not None:
        return wanted
    try:
        with scenario.open("rb") as file:
            found = _LANGUAGE.search(file.read(1 << 16))
    except OSError:
        return spoken()
    return "en" if found is not None and found[1] == b"en" else "zh"


def spoken() -> Language:
    """The language of whoever sits there, by the environment: Chinese or else English."""
    setting = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if setting.lower().startswith(("zh", "chinese")) else "en"


STAGES = {
    "read": Message("reading"),
    "admit": Message("testing who may compete"),
    "solve": Message("solving"),
    "prices": Message("working out what one more unit brings"),
    "certify": Message("checking the result again"),
    "rank": Message("ranking"),
    "write": Message("writing"),
    "compare": Message("comparing"),
}


class Listener(Protocol):
    """Told the stage of a run, a name in `STAGES` or a sentence, and what more there is to say about it."""

    def __call__(self, stage: str | Message, detail: Message | None = None) -> None: ...


def waited[Result](
    work: Callable[[Listener], Result],
    language: Language,
    stage: str,
    about: str = "",
    remaining: Remaining | None = None,
) -> Result:
    """What the work returns, or what it raises. It is told a listener for its stages, and runs beside this thread:
    a solver does not hear Ctrl-C, this thread does. A long run on a terminal shows where it is, `about` what, and how
    long it still takes where `remaining` knows that."""
    results: list[Result] = []
    errors: list[BaseException] = []
    current: list[tuple[str | Message, Message | None]] = [(stage, None)]

    def listen(stage: str | Message, detail: Message | None = None) -> None:
        current[0] = (stage, detail)
        if remaining is not None and isinstance(stage, str):
            remaining.enter(stage)

    def run() -> None:
        try:
            results.append(work(listen))
        except BaseException as error:  # handed on to the thread that waits
            errors.append(error)

    listen(stage)
    worker = threading.Thread(target=run, daemon=True)
    try:
        worker.start()
    except RuntimeError:  # no memory for another thread
        raise MemoryError from None
    _watch(worker, lambda seconds: about + _told(*current[0], seconds, remaining, language), remaining)
    if errors:
        raise errors[0]
    return results[0]


def _watch(worker: threading.Thread, told: Callable[[float], str], remaining: Remaining | None) -> None:
    """Wait for the worker; a run of more than two seconds tells on a terminal what it is doing, given its seconds."""
    started = remaining.started if remaining is not None else time.monotonic()
    status: Status | None = None
    try:
        while worker.is_alive():
            worker.join(0.2)
            seconds = time.monotonic() - started
            if seconds > PATIENCE and worker.is_alive() and sys.stderr.isatty():
                line = Text(told(seconds))
                if status is None:
                    status = err().status(line, refresh_per_second=4)
                    status.start()
                status.update(line)
    finally:
        if status is not None:
            status.stop()


def _told(
    stage: str | Message, detail: Message | None, seconds: float, remaining: Remaining | None, language: Language
) -> str:
    """The stage, what more there is to say about it, how long it all took so far and how long it still takes."""
    named = stage if isinstance(stage, Message) else STAGES.get(stage, Message(stage))
    parts = [text(named, language) + " …"]
    left = None
    if remaining is not None:
        number, count = remaining.place
        parts.insert(0, f"{number}/{count}")
        left = remaining.left()
    if detail is not None:
        parts.append(text(detail, language))
    parts.append(f"{seconds:.0f} s" + (say(" · {left}", language, left=left) if left is not None else ""))
    return " ".join(parts)
