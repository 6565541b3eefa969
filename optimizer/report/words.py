"""Labels become text at this door: a `Message` in English or, by the catalogue in locale/, in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Protocol, cast

from ...models.finding import Message, Quantity
from . import numbers
from .numbers import Language

CATALOGUE = "locale/zh/LC_MESSAGES/landalloc.po"
LONGEST = 300
"""Characters of a text of the user's that are shown; the files have all of it."""

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]+"
)
"""Control characters, those that turn the direction of writing, and those that nobody sees."""


class Named(Protocol):
    """What has a name for the machine and a title for people: a measure, a zone, a criterion, a rule."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str | None: ...


@lru_cache(maxsize=2)
def catalogue(language: Language) -> dict[str, str]:
    """English template -> template in the language; empty for English, whose templates are the keys."""
    if language == "en":
        return {}
    from babel.messages.pofile import read_po

    with (files(__package__) / CATALOGUE).open("rb") as file:
        entries = list(read_po(file, locale="zh", abort_invalid=True))
    return {cast(str, entry.id): cast(str, entry.string) for entry in entries if entry.id and entry.string}


def text(message: Message, language: Language) -> str:
    """The sentence in a language, its quantities written by the rules of `numbers`.

    >>> text(Message("{measure} cut", {"measure": Quantity(300, "mu")}), "en")
    '300 mu cut'
    """
    template = catalogue(language).get(message.text, message.text)
    return template.format_map({name: said(value, language) for name, value in message.args.items()})


def say(template: Message | str, language: Language, **args: object) -> str:
    """A template with its arguments; a short way to `text`."""
    key = template if isinstance(template, str) else template.text
    return text(Message(key, args), language)


def said(value: object, language: Language) -> str:
    """An argument of a sentence, in a language."""
    match value:
        case Message():
            return text(value, language)
        case Quantity():
            return numbers.quantity(value.value, value.unit, language)
        case bool() | int() | str():
            return str(value)
        case float():
            return numbers.any_number(value, language)
        case None:
            return numbers.NOTHING
        case list() | tuple():
            return joined((said(one, language) for one in value), language)
    return str(value)


def joined(parts: Iterable[str], language: Language) -> str:
    """A list as a sentence holds it: 甲、乙 or a, b."""
    return ("、" if language == "zh" else ", ").join(parts)


def title(noun: Named, language: Language) -> str:
    """What a noun is called: its title, but in English its name where only that can be read."""
    if noun.title and (language == "zh" or noun.title.isascii() or not noun.name.isascii()):
        return noun.title
    return noun.name if language == "zh" else noun.name.replace("_", " ")


def clean(value: str, longest: int = LONGEST) -> str:
    """A text of the user's that may be shown: one line, nothing in it that steers the console or hides.

    >>> clean("a\\nb\\x1b[31mc\\u202ed"), clean("x" * 400, 5)
    ('a b [31mc d', 'xxxx…')
    """
    shown = visible(value).strip()
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def visible(value: str) -> str:
    """A text without what steers the console, turns the direction of writing or hides; spaces stay.

    >>> visible(" a\\nb")
    ' a b'
    """
    return _UNSEEN.sub(" ", value)
