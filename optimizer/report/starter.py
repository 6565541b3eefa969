"""A Draft -> the text of a first scenario, with comments in the reader's language on what to fill in and check."""

from __future__ import annotations

import json
import re

from ..draft import Draft, DraftMeasure
from . import words
from .numbers import Language, quantity
from .words import clean

_PLAIN = re.compile(r"[^\W\d_][\w/]*(?:[ -][\w/]+)*")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_CRITERIA = (
    ("investment_intensity", "investment", "land"),
    ("output_per_area", "output", "land"),
    ("tax_per_area", "tax", "land"),
    ("value_added_per_area", "value_added", "land"),
    ("jobs", "jobs", None),
    ("throughput", "throughput", None),
)


def starter(draft: Draft, name: str, language: Language) -> str:
    """The scenario file for a list; supplies are left to be filled in."""
    say = _Comments(language)
    lines = [
        "# yaml-language-server: $schema=scenario.schema.json",
        "#",
        say("# A first scenario for {file}: {count} projects. Everything in it is a guess from headings and cells.",
             file=clean(draft.file), count=draft.projects),
        say("# Look for `fill in`; then landalloc check {name}.yaml and landalloc solve {name}.yaml", name=name),
        f"name: {_quoted(name)}",
        f"title: {_quoted(clean(draft.title or name))}",
        f"language: {language}",
        "",
        say("# What the list counts. A measure with a supply below is scarce, any other is what projects bring."),
        *_measures(draft, say),
        "",
        *_attributes(draft, say),
        *_supplies(draft, say, language),
        say("# Who says nothing is carried out whole or not at all; min_share: 0 lets projects be cut or phased."),
        "defaults: {min_share: 1}",
        "",
        *_table(draft, say),
        "",
        *_criteria(draft, say),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


class _Comments:
    """Says a comment in the language of the scenario."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __call__(self, template: str, **args: object) -> str:
        return words.say(template, self.language, **args)


def _measures(draft: Draft, say: _Comments) -> list[str]:
    if not draft.measures:
        return ["measures: {}   " + say("# fill in: no column of figures was found")]
    lines = ["measures:"]
    for one in draft.measures:
        entry = f"  {_quoted(one.key)}: {{unit: {_quoted(one.unit)}, title: {_quoted(clean(one.title))}}}"
        if one.guessed:
            entry += "   " + say("# check: the list names no unit, this one is a guess")
        elif one.part_of is not None:
            entry += "   " + say("# part of {whole}, counted besides", whole=one.part_of)
        lines.append(entry)
    return lines


def _attributes(draft: Draft, say: _Comments) -> list[str]:
    if not draft.attributes:
        return []
    entries = ", ".join(map(_quoted, draft.attributes))
    return [say("# What else projects carry, for rules and subtotals."), f"attributes: [{entries}]", ""]


def _supplies(draft: Draft, say: _Comments, language: Language) -> list[str]:
    """Places for the supplies: of land and shore by zone where there are zones, of the rest in the whole region."""
    scarce = [one for one in draft.measures if one.scarce]
    local = [one for one in scarce if draft.zones and not one.unit.endswith("year")]
    lines = [say("# What there is. Write the figure behind each key, with its unit if you like.")]
    wide = [one for one in scarce if one not in local]
    if wide:
        lines += ["supply:", *(_place(one, "  ", say, language) for one in wide)]
    elif not local:
        lines += [
            say("# fill in: no heading looks like something scarce; a measure becomes scarce by a supply"),
            "supply: {}",
        ]
    if draft.zones:
        lines += [
            "",
            say("# Places, by the column of the list; leave a line out where a place has none of it."),
            "zones:",
        ]
        for zone in draft.zones:
            lines += [f"  {_quoted(zone)}:" + ("" if local else " {}"), *(["    supply:"] if local else [])]
            lines += [_place(one, "      ", say, language) for one in local]
    return [*lines, ""]


def _place(one: DraftMeasure, indent: str, say: _Comments, language: Language) -> str:
    asked = quantity(one.total, one.unit, language)
    comment = say("# fill in ({unit}); the list asks for {asked} in all", unit=one.unit, asked=asked)
    return f"{indent}{_quoted(one.key)}:   {comment}"


def _table(draft: Draft, say: _Comments) -> list[str]:
    lines = [
        say("# The list. Under columns: heading as in the list, and what it is; null is not read."),
        "projects:",
        f"  - table: {_quoted(draft.file)}",
    ]
    if draft.sheet is not None:
        lines.append(f"    sheet: {_quoted(draft.sheet)}")
    if draft.header is not None:
        lines.append(f"    header: {draft.header}   " + say("# check: other rows could be the headings, too"))
    lines.append("    columns:")
    lines += [
        f"      {_quoted(heading)}: {'null' if key is None else _quoted(key)}" for heading, key in draft.columns.items()
    ]
    return lines


def _criteria(draft: Draft, say: _Comments) -> list[str]:
    """What usually speaks for a project, each with the same weight."""
    keys = {one.key for one in draft.measures}
    entries = []
    for name, of, per in _CRITERIA:
        if of in keys:
            within = f", per: {per}" if per in keys else ""
            entries.append(f"  {name if within or per is None else of}: {{of: {of}{within}, weight: 1}}")
    if not entries:
        brings = [one.key for one in draft.measures if not one.scarce]
        entries = [f"  {_quoted(key)}: {{of: {_quoted(key)}, weight: 1}}" for key in brings[:3]]
    head = say(
        "# What a plan should have more of. Weights count by their share; standard: and full_marks: may be added."
    )
    if not entries:
        return [head, "criteria: {}   " + say("# fill in: what speaks for a project")]
    return [head, "criteria:", *entries]


def _quoted(text: str) -> str:
    """A text as YAML reads it back: bare where that is safe, else in quotes, with what cannot be seen escaped."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in quoted)
