"""Large scenario files: their projects read as texts are what the parser makes of them, findings and places too."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from test_stream import columns

from landalloc.models.finding import Finding, InputError
from landalloc.optimizer.read import read
from landalloc.optimizer.reading import bulk
from landalloc.optimizer.reading.bulk import meaning
from landalloc.optimizer.reading.findings import Findings
from landalloc.optimizer.reading.yaml import Node
from landalloc.optimizer.reading.yaml import parse as parse_yaml

HEAD = """\
# a list
name: list
title: 'two
  lines'
measures:
  land: {unit: mu, title: 用地}
  investment: {unit: 亿元}
  steam: {unit: t}
attributes: [cluster, code]
supply: {land: 1000}
zones: {north: {title: 北港, accepts: {cluster: [port, 034]}}, south: {}}
criteria: {investment: {of: investment, weight: 1}}
defaults: {min_share: 0}
projects:
"""
TAIL = "rules:\n  - {name: veto, veto: true, where: {cluster: x}}\n"

SCALARS = [
    *(
        "port",
        "034",
        "1.10",
        "~",
        "null",
        '"null"',
        "''",
        "'it''s'",
        '"a: b, {c}"',
        "x y",
        "12 亩",
        "-4",
        "1_0",
        "1e400",
    ),
    *(
        ".nan",
        ".5",
        "nan",
        "3万",
        "约3",
        "yes",
        "是",
        "船厂  二期",
        "a:b",
        "a #b",
        "'#'",
        "<<",
        "=",
        "*a",
        "&a b",
        "!x 1",
    ),
    *('"\\u4e2d"', "[", "a, b", "north", "'two words'", "2026-01-02", "| x", "%", "@x", "`", "- 1", "?", "0x1F", "é"),
]
LISTS = [
    "[north]",
    "[north, south]",
    "[]",
    "[ 'north' , south ]",
    "[north,south]",
    "[nroth]",
    "[a, [b]]",
    "[~]",
    "[north,]",
]
MAPPINGS = [
    *(
        "{steam: 30}",
        "{steam: 30, steam: 4}",
        "{}",
        "{amount: 5 公顷, assumed: true}",
        "{amount: 5, sorce: x}",
        "{a: {b: c}}",
    ),
    *(
        "{north: {land: 5}}",
        "{北港: {land: '7', investment: {amount: 2, assumed: 是}}}",
        "{north: 5}",
        "{steam: -1, x: 2}",
    ),
    *("{ steam: 1 }", "{steam: }", "{assumed: true}", "{null: 1}"),
]
KEYS = ["id", "title", "land", "investment", "cluster", "code", "zones", "min_share", "units", "committed", "assumed"]
KEYS += ["at", "makes", "source", "note", "lnad", "steam", "用地", "null"]
VALUES = {
    "land": ["12", "3.5", "0", *SCALARS[:14], MAPPINGS[3], MAPPINGS[4]],
    "investment": ["12", "3.5", "2 亿元", ".nan"],
    "cluster": ["port", "x", "034", "'port'", "~"],
    "zones": ["north", "north; south", *LISTS],
    "assumed": ["land", "[land, investment]", "[lnad]"],
    "min_share": ["40%", "1", "0.5", "x"],
    "units": ["3", "2.5", "~"],
    "committed": ["true", "no", "maybe"],
    "at": [MAPPINGS[6], MAPPINGS[7], MAPPINGS[8], "{nroth: {land: 5}}"],
    "makes": [MAPPINGS[0], MAPPINGS[1], MAPPINGS[9], MAPPINGS[10]],
}
ANY = [*SCALARS, *LISTS, *MAPPINGS, ""]


@st.composite
def projects(draw: st.DrawFn) -> str:
    """Some projects in YAML: on a line each or by lines; most of them sound."""
    indent = draw(st.sampled_from(["", "  ", "    "]))
    shape = draw(st.lists(st.sampled_from(KEYS[1:12]), max_size=5, unique=True))
    lines: list[str] = []
    for number in range(draw(st.integers(1, 6))):
        keys = list(shape)
        if draw(st.integers(0, 9)) == 0:
            keys.append(draw(st.sampled_from(KEYS)))
        pairs = [("id", draw(st.sampled_from([f"P{number}", f"P{number}", f"P{number}", "P0", "'P 9'"])))]
        for key in keys:
            odd = draw(st.integers(0, 19)) == 0
            pairs.append((key, draw(st.sampled_from(ANY if odd else VALUES.get(key, SCALARS[:16])))))
        lines += draw(st.sampled_from([on_a_line, by_lines, spread]))(indent, pairs)
        lines += draw(st.sampled_from([[], [], [], [""], ["  # note: this"], ["     "], ["#"]]))
    return "".join(line + draw(st.sampled_from(["", "", "", " "])) + "\n" for line in lines)


def on_a_line(indent: str, pairs: list[tuple[str, str]]) -> list[str]:
    return [indent + "- {" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"]


def by_lines(indent: str, pairs: list[tuple[str, str]]) -> list[str]:
    return [f"{indent}{'  ' if i else '- '}{key}: {value}".rstrip() for i, (key, value) in enumerate(pairs)]


def spread(indent: str, pairs: list[tuple[str, str]]) -> list[str]:
    """Lists and mappings on lines of their own."""
    lines = []
    for i, (key, value) in enumerate(pairs):
        begin = f"{indent}{'  ' if i else '- '}{key}:"
        if value in ("[north, south]", "[land, investment]"):
            deep = "    " if len(pairs) % 2 else "  "
            lines += [begin, *(f"{indent}{deep}- {one}" for one in value[1:-1].split(", "))]
        elif value in ("{steam: 30}", "{amount: 5 公顷, assumed: true}"):
            lines += [begin, *(f"{indent}    {one}" for one in value[1:-1].split(", "))]
        elif value == "{north: {land: 5}}":
            lines += [begin, f"{indent}    north:", f"{indent}      land: 5"]
        else:
            lines.append(f"{begin} {value}".rstrip())
    return lines


def seen(path: Path, large: int) -> tuple[Any, ...]:
    """All that a reader of the scenario could tell, from a file that is taken for large or not."""
    with patch.object(bulk, "LARGE", large):
        try:
            reading = read(path)
        except InputError as error:
            return ("wrong", *in_order(error.findings))
    keys = [f"projects.{one}" for one in reading.candidates.ids]
    places = [str(reading.places[f"{key}.{name}"]) for key in keys for name in ("id", "land", "zones", "at.north.land")]
    return ("right", in_order(reading.findings), reading.assumed, places, *columns(reading.candidates))


def in_order(findings: list[Finding]) -> list[str]:
    return sorted(str(one) for one in findings)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=projects(), breaks=st.sampled_from(["\n", "\r\n"]), tail=st.sampled_from([TAIL, "", "# end", "x: [\n"]))
@example(text="- {id: a, land: &x 1}\n- {id: b, land: *x}\n", breaks="\n", tail=TAIL)
@example(text="  - id: a\n    title: two\n      lines\n  - {id: b,\n  - c}\n", breaks="\n", tail=TAIL)
@example(text="- {id: a, title: 'one\n- {id: b'}\n", breaks="\n", tail="")
@example(text="  - {table: a.csv}\n  - {id: b, land: 1}\n  - {id: c, land: 1, id: d}\n", breaks="\n", tail=TAIL)
@example(text="  - {id: b, land: 1}\n  - {id: c, land: 2}\nprojects: []\n", breaks="\n", tail=TAIL)
@example(
    text="- id: a\n  title: |\n    x: 1\n\n  land: 3\n- just text\n- {id: c, <<: {land: 4}}\n", breaks="\n", tail=""
)
@example(text="- {id: a, makes: {steam: 3, steam: 4}}\n- {id: b, makes: {steam: 5}}\n", breaks="\n", tail=TAIL)
@example(text=" - {id: a, zones: [nroth]}\n - {id: b, zones: north, cluster: x}\n", breaks="\r\n", tail=TAIL)
@example(text="- {id: a, x: 1}\n- {id: b, land: 1, # {c: 2}\n   title: c}\n", breaks="\n", tail=TAIL)
def test_both_ways_read_the_same(text: str, breaks: str, tail: str, tmp_path: Path) -> None:
    path = tmp_path / "list.yaml"
    path.write_bytes((HEAD + text + tail).replace("\n", breaks).encode())
    assert seen(path, 0) == seen(path, 10**9)


def plain(node: Node) -> Any:
    return node.plain()


@settings(max_examples=300, deadline=None)
@given(value=st.one_of(st.sampled_from(ANY), st.text("ab1: ,[]{}'\"#-~\\%.é&*!|>\u3000", max_size=12)))
@example(value="{a: 'x: {y', b: [c, 'd, e'], e: {f: {g: 1}}}")
@example(value='"\\x41"')
def test_values_mean_what_the_parser_makes_of_them(value: str) -> None:
    for text in (f"projects:\n- {{id: a, k: {value}}}\n", f"projects:\n  - id: a\n    k: {value}\n    l: 1\n"):
        found = Findings()
        with patch.object(bulk, "LARGE", 0):
            root = bulk.parse(text, "f", Findings())
        listed = root.value["projects"] if root is not None and isinstance(root.value, dict) else None
        assume(isinstance(listed, bulk.Listed))
        assert isinstance(listed, bulk.Listed)
        assert listed.items is not None
        expected = parse_yaml(text, "f", found)
        assert expected is not None
        for keys, (numbers, cells) in listed.items.shapes.items():
            assert numbers == [0]
            made = expected.plain()["projects"]
            try:
                assert [dict(zip(keys, map(meaning, cells[0]), strict=True))] == made
            except ValueError:
                assert "null" in value or "~" in value or found.errors


def test_most_projects_are_read_as_texts() -> None:
    text = HEAD + "".join(
        f"  - {{id: P{i}, land: {i}.5, zones: [north], at: {{north: {{land: 2}}}}}}\n" for i in range(9)
    )
    text += "  - id: x\n    zones:\n    - north\n    makes:\n      steam: 30\n    at:\n      north:\n        land: 2\n"
    with patch.object(bulk, "LARGE", 0):
        root = bulk.parse(text + TAIL, "f", Findings())
    assert root is not None
    listed = root.value["projects"]  # type: ignore[index, call-overload]
    assert isinstance(listed, bulk.Listed)
    assert listed.items is not None
    assert [len(numbers) for numbers, _ in listed.items.shapes.values()] == [9, 1]
    assert not listed.items.odd


@pytest.mark.parametrize(
    "text", ["projects:\n  - {" + "a: {" * 5000, "projects:\n  - " + "[" * 3000, "projects:\n" + "  - {a: b\n" * 99]
)
def test_hostile_nesting_is_refused(text: str) -> None:
    found = Findings()
    with patch.object(bulk, "LARGE", 0):
        assert bulk.parse(text, "f", found) is None
    assert found.errors


@pytest.mark.parametrize("piece", ["a ", "' ", "a: ", "{a: b, ", "[a, ", "- ", "'' "])
def test_matching_takes_no_longer_than_the_text(piece: str) -> None:
    """Long values of any kind are matched or refused at once; a pattern that tries every split would never end."""
    for text in (f"projects:\n- {{id: {piece * 3000}\n", f"projects:\n- id: {piece * 3000}'\n  k: 1\n"):
        with (
            patch.object(bulk, "LARGE", 0),
            patch.object(bulk.yaml, "parse", lambda *_: None),
            patch.object(bulk.yaml, "parse_item", lambda *_: None),
        ):
            assert bulk.parse(text, "f", Findings()) is None
