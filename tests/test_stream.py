"""Plain text tables go straight into columns: the same candidates and findings as by the grid, row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from scenarios import write

from landalloc.models.finding import InputError
from landalloc.optimizer.candidates import Candidates
from landalloc.optimizer.read import read
from landalloc.optimizer.reading import pieces, rows, stream

SCENARIO = """\
name: list
measures:
  land: {unit: mu, title: 用地}
  investment: {unit: 亿元}
  steam: {unit: t}
attributes: [cluster, code]
supply: {land: 1000}
zones: {north: {accepts: {cluster: [port, 'a,b', 034]}}, south: {}}
criteria: {investment: {of: investment, weight: 1}}
defaults: {min_share: 0}
projects:
  - {table: candidates.csv}
"""

FIGURES = st.one_of(
    st.sampled_from(["1", "2.50", ".5", "7.", "0012", "1e3", "３.５", "12亩", "1.5公顷", "3万", "1,200", "-4"]),
    st.sampled_from(["约300", "200-250", "—", "1_0", "1e400", "nan", "inf", "x", "9e99", "+", "٣"]),
)
BLANK = st.sampled_from(["", "", " ", "  "])
NAMES = st.sampled_from(
    [
        "A",
        "B1",
        "码头",
        "合计",
        "其中：新增",
        "一、工业",
        "注：估算",
        "注塑机",
        "统计中心",
        "id",
        "*",
        "x y",
        "0012",
        "12",
        "",
    ]
)
TEXTS = st.sampled_from(
    ["port", " port", "a,b", 'say "x"', "two\nlines", "034", "1.10", "", "合计", "null", "土\r\n地"]
)
ZONES = st.sampled_from(["", "north", "north; south", "south、north", "nroth", " south "])
CELLS: dict[str, st.SearchStrategy[str]] = {
    "id": NAMES,
    "title": NAMES,
    "序号": st.sampled_from(["1", "2", "(3)", "", "x", "四"]),
    "land": st.one_of(FIGURES, BLANK),
    "用地(公顷)": st.one_of(FIGURES, BLANK),
    "investment": st.one_of(FIGURES, BLANK),
    "land@north": st.one_of(FIGURES, BLANK),
    "makes.steam": st.one_of(st.sampled_from(["1", "2.5"]), BLANK),
    "cluster": TEXTS,
    "code": TEXTS,
    "zones": ZONES,
    "min_share": st.sampled_from(["", "1", "40%", "0.5", "2"]),
    "units": st.sampled_from(["", "", "3", "2.5"]),
    "committed": st.sampled_from(["", "no", "是", "true", "maybe"]),
    "assumed": st.sampled_from(["", "land", "land; investment", "lnad"]),
    "": st.sampled_from(["", "", "x"]),
}
TIDY = {
    "title": st.sampled_from(["A", "码头", "注塑机", "x y", "0012", ""]),
    "序号": st.sampled_from(["1", "2", "30"]),
    "": st.just(""),
}


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A table as text; now and then with ragged, blank or doubled rows."""
    heads = draw(st.permutations(["id", *draw(st.lists(st.sampled_from(sorted(CELLS)), max_size=6, unique=True))]))
    heads = list(dict.fromkeys(heads))
    tidy = draw(st.sampled_from([True, True, False]))
    cells = CELLS | (TIDY if tidy else {})
    body: list[list[str]] = []
    for i in range(draw(st.integers(0, 8))):
        row = [draw(cells[head]) for head in heads]
        if tidy or draw(st.integers(0, 3)):
            row[heads.index("id")] = f"P{draw(st.integers(100, 999))}{i}"
        match draw(st.integers(2 if tidy else 0, 30)):
            case 0:
                row = row[:-1]
            case 1:
                row += [""]
            case 2:
                row = [""] * len(heads)
            case 3:
                row = []
            case 4 if not tidy:
                row = list(heads)
        body.append(row)
    text = io.StringIO()
    by = draw(st.sampled_from(",;\t"))
    csv.writer(text, delimiter=by, lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"]))).writerows([heads, *body])
    above = draw(st.sampled_from(["", "\n"] if tidy else ["", "list of 2026\n"]))
    return above + text.getvalue() + draw(st.sampled_from(["", "", "", '"x']))


def seen(path: Path) -> tuple[Any, ...]:
    """All that a reader of the scenario could tell."""
    try:
        reading = read(path)
    except InputError as error:
        return ("wrong", error.findings)
    return ("right", reading.findings, reading.assumed, reading.inputs, *columns(reading.candidates))


def columns(candidates: Candidates) -> list[Any]:
    table = candidates.table
    figures = {**candidates.amounts, **{f"makes {m}": a for m, a in candidates.makes.items()}}
    return [
        {name: (str(table[name].dtype), table[name].tolist()) for name in table},
        {name: values.tolist() for name, values in candidates.attributes.items()},
        {name: values.tolist() for name, values in figures.items()},
        (candidates.project.tolist(), candidates.zone.tolist()),
        {name: (options.tolist(), values.tolist()) for name, (options, values) in candidates.at.items()},
    ]


def by_grid(path: Path) -> tuple[Any, ...]:
    with patch.object(rows, "plain_block", lambda *_: None):
        return seen(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=tables(), encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]), step=st.sampled_from([1, 3, 1000]))
@example(text='id,land,cluster\r\nA,1,two\r\nB,2,"a\nb"\r\nB,x,port\r\n', encoding="utf-8", step=3)
@example(text="id,land\nA,1\nB,1e400\nC,nan\nD,1_0\nE,\n", encoding="utf-8", step=1000)
@example(text="序号,id,land\n1,A,1\n2,B,2\n,C,3\n", encoding="utf-8", step=1000)
@example(text="id,title,land\n,A,1\nB,,2\n", encoding="utf-8", step=1)
def test_both_ways_read_the_same(text: str, encoding: str, step: int, tmp_path: Path) -> None:
    path = write(tmp_path, SCENARIO, candidates=text.encode(encoding, errors="replace"))
    with patch.object(pieces, "STEP", step), patch.object(pieces, "BYTES", 7 * step):
        assert seen(path) == by_grid(path)


def used(path: Path) -> bool:
    """Whether the table of a scenario goes straight into columns."""
    blocks: list[object] = []
    plain: Callable[..., object] = stream.plain_block

    def watched(*args: object) -> object:
        blocks.append(plain(*args))
        return blocks[-1]

    with patch.object(rows, "plain_block", watched):
        read(path)
    return blocks[0] is not None


PLAIN = "序号,id,title,land,investment,cluster,zones\n" + "".join(
    f'{i},P{i:03},注塑机 {i},{i}.5,{"" if i % 3 else "2亿元"},"a,b",north; south\n' for i in range(1, 60)
)


def test_lists_without_anything_odd_go_straight_into_columns(tmp_path: Path) -> None:
    assert used(write(tmp_path, SCENARIO, candidates=PLAIN))
    assert used(write(tmp_path, SCENARIO, candidates=PLAIN.replace("\n", "\r\n").encode("gb18030")))


@pytest.mark.parametrize("row", ["60,合计,,1800,,,\n", ",一、工业,,,,,\n"])
def test_lists_with_totals_and_sections_do_not(tmp_path: Path, row: str) -> None:
    assert not used(write(tmp_path, SCENARIO, candidates=PLAIN + row.replace("60", "")))


def test_findings_name_the_line_in_which_a_project_begins(tmp_path: Path) -> None:
    text = 'id,cluster,land\nA,"two\nlines",1\n\nB,port,"12 x"\n'
    with pytest.raises(InputError) as wrong:
        read(write(tmp_path, SCENARIO, candidates=text))
    assert [str(one.place) for one in wrong.value.findings if one.code == "wrong-unit"] == ["candidates.csv:5:3"]


def test_many_wrong_cells_are_told_a_few_times(tmp_path: Path) -> None:
    text = "id,land\n" + "".join(f"P{i},wrong {i % 7}\n" for i in range(500))
    with pytest.raises(InputError) as wrong:
        read(write(tmp_path, SCENARIO, candidates=text))
    assert sum(one.code == "not-a-number" for one in wrong.value.findings) == 20


def test_a_changed_cell_is_in_the_unit_of_its_measure(tmp_path: Path) -> None:
    path = write(tmp_path, SCENARIO, candidates="id,用地(公顷),cluster\nA,1,x\nB,2,port\n")
    reading = read(path, changes={"projects.A.land": "7", "projects.A.cluster": "port"})
    assert reading.candidates.amounts["land"].tolist() == [7.0, 30.0]
    assert reading.candidates.attributes["cluster"].tolist() == ["port", "port"]
    assert np.array_equal(reading.base_candidates.amounts["land"], [15.0, 30.0])
