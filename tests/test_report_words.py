"""Every sentence that the product can say has a Chinese translation with the same places to fill."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment

from landalloc.models.finding import Message, Quantity
from landalloc.optimizer.reading.words import DID_YOU_MEAN, WORDS
from landalloc.optimizer.report import words

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "optimizer" / "report" / words.CATALOGUE
SPEAKERS = {"Message", "say"}
"""Calls whose first argument is a template."""


def templates_of(source: str) -> Iterator[str]:
    """Templates that stand in a source as the first argument of a `Message` or a `say`, both ways of a condition."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name) and node.func.id in SPEAKERS:
            first = node.args[0]
            for part in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


def templates_of_page(source: str) -> Iterator[str]:
    """Templates that stand in a Jinja template as the first argument of `_`."""
    for _, _, found in Environment(extensions=["jinja2.ext.i18n"]).extract_translations(source):
        yield found if isinstance(found, str) else str(found[0])


def templates() -> dict[str, str]:
    """Every template -> where it stands."""
    found: dict[str, str] = {}
    for wing in ("models", "optimizer"):
        for path in sorted((ROOT / wing).rglob("*.py")):
            for template in templates_of(path.read_text(encoding="utf-8")):
                found.setdefault(template, path.relative_to(ROOT).as_posix())
    for path in sorted((ROOT / "optimizer" / "report" / "templates").glob("*.html")):
        for template in templates_of_page(path.read_text(encoding="utf-8")):
            found.setdefault(template, path.relative_to(ROOT).as_posix())
    for code, sentences in WORDS.items():
        for template in (sentences.what, sentences.why, sentences.remedy, DID_YOU_MEAN):
            found.setdefault(template, f"finding {code}")
    return found


def says_something(template: str) -> bool:
    """A template of places and signs only may be the same in every language."""
    return any(letter.isalpha() for text, *_ in string.Formatter().parse(template) for letter in text)


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_templates_are_found_in_a_source() -> None:
    source = 'Message("a {b}", {}); say("c", x); say("d" if y else "e", x); other("f")'
    assert set(templates_of(source)) == {"a {b}", "c", "d", "e"}


def test_every_template_is_translated() -> None:
    known = words.catalogue("zh")
    missing = [
        f"{place}: {template!r}"
        for template, place in templates().items()
        if says_something(template) and template not in known
    ]
    assert missing == []


def test_translations_fill_the_same_places() -> None:
    wrong = {t: known for t, known in words.catalogue("zh").items() if places(t) != places(known)}
    assert wrong == {}


def test_no_translation_is_left_over() -> None:
    assert sorted(set(words.catalogue("zh")) - templates().keys()) == []


def test_the_catalogue_has_no_doubtful_entry() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh", abort_invalid=True)
    assert [entry.id for entry in catalogue if entry.id and entry.fuzzy] == []
    assert not catalogue.obsolete


FORBIDDEN = {
    "影子价格": "边际效益",
    "否决": "暂缓安排",
    "淘汰": "暂缓安排",
    "拒绝": "暂缓安排",
    "区域": "片区",
    "免费": "不紧缺",
}
"""What the glossary says is not to be written, and what stands instead."""


@pytest.mark.parametrize("word", FORBIDDEN)
def test_words_that_the_glossary_forbids(word: str) -> None:
    said = [text.replace("一票否决", "") for text in words.catalogue("zh").values()]
    assert [text for text in said if word in text] == []


def test_english_never_says_shadow_price() -> None:
    assert [t for t in templates() if "shadow price" in t.lower()] == []


def test_a_message_in_both_languages() -> None:
    message = Message("It brings {value} and takes nothing that is scarce.", {"value": Quantity(1.234, "points")})
    assert words.text(message, "en") == "It brings 1.23 points and takes nothing that is scarce."
    assert "1.23分" in words.text(message, "zh")


def test_messages_within_messages_and_lists() -> None:
    inner = Message("error")
    assert words.text(Message("{a}: {b}", {"a": inner, "b": ("x", 2, 0.5)}), "en") == "error: x, 2, 0.5"
    assert words.text(Message("{a}: {b}", {"a": inner, "b": ("x", 2, 0.5)}), "zh") == "错误: x、2、0.5"


def test_what_users_write_is_never_a_template() -> None:
    hostile = "{0.__class__} %s {value!r}"
    assert hostile in words.text(Message("there is no file {file}", {"file": hostile}), "zh")


@pytest.mark.parametrize(
    "letter", ["\x1b", "\x00", "\n", "\r", "\u202e", "\u200f", "\u2066", "\u2028", "\ufeff", "\x9b", "\ud800"]
)
def test_clean_leaves_nothing_that_steers(letter: str) -> None:
    assert words.clean(f"a{letter}b") == "a b"
