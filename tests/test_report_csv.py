"""ranking.csv and resources.csv: they open right in a spreadsheet, and nothing in them runs."""

import csv
import io
import math
from pathlib import Path

import pytest
import sample
from hypothesis import given
from hypothesis import strategies as st

from landalloc.optimizer.report import cells
from landalloc.optimizer.report import csv as tables
from landalloc.optimizer.report.numbers import Language

GOLDEN = Path(__file__).parent / "golden"

HOSTILE = {
    "jinglu": '=HYPERLINK("http://x","y")',
    "dajin": "+1+1",
    "floor": "-2+3",
    "beiben": "@SUM(A1)",
    "roro": "\t=1",
    "estate": "\r=1",
    "coal": "  =1",
    "chp": "＝1+1",
    "flagship": "a\x00b\x1b[31mc\u202ed",
    "smelter": '"quoted", and ' + "x" * 3000,
}


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["ranking.csv", "resources.csv"])
def test_files_as_they_should_be(language: Language, name: str) -> None:
    content = tables.files(sample.allocation(), language)[name]
    golden = GOLDEN / f"report-{language}-{name}"
    assert content == golden.read_bytes(), f"if the change is wanted: write the new content to {golden}"


def test_a_spreadsheet_knows_the_encoding_and_the_lines() -> None:
    for content in tables.files(sample.allocation(), "zh").values():
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.count(b"\r\n") == content.count(b"\n")


def test_every_project_has_a_row_in_the_order_of_the_plan() -> None:
    rows = read(b"".join(tables.ranking(sample.allocation(), "en")))
    assert [row["project code"] for row in rows] == [project[0] for project in sample.PROJECTS]
    assert [row["rank"] for row in rows] == ["", *map(str, range(1, 9)), "", ""]


def test_figures_are_figures_in_the_unit_of_the_heading() -> None:
    rows = {row["项目代码"]: row for row in read(b"".join(tables.ranking(sample.allocation(), "zh")))}
    assert float(rows["beiben"]["用地申请量（亩）"]) == 505
    assert float(rows["beiben"]["用地安排量（亩）"]) == 452.5
    assert float(rows["jinglu"]["投资强度（万元/亩）"]) == pytest.approx(14.2e4 / 300)
    assert rows["floor"]["投资强度（万元/亩）"] == ""
    assert rows["floor"]["要素产出效率指数"] == "∞"
    assert rows["roro"]["安排意见"] == "部分安排4/5"
    assert rows["smelter"]["要素产出效率指数"] == ""


def test_resources_balance() -> None:
    for row in read(tables.resources(sample.allocation(), "en")):
        supply, made, moved, used, left = (
            float(row[name]) for name in ("supply", "made", "moved between grades", "granted", "left")
        )
        assert math.isclose(supply + made + moved - used, left, abs_tol=1e-6)


def test_hostile_names_neither_run_nor_break_the_table() -> None:
    rows = read(b"".join(tables.ranking(sample.allocation(HOSTILE), "en")))
    assert len(rows) == len(sample.PROJECTS)
    titles = {row["project code"]: row["project"] for row in rows}
    for title in titles.values():
        assert not title.lstrip().startswith(cells.RUNS)
        assert title.isprintable()
    assert titles["jinglu"] == "'" + HOSTILE["jinglu"]
    assert len(titles["smelter"]) == 2000


def test_headings_of_users_do_not_run_either_and_stay_different() -> None:
    allocation = sample.allocation()
    allocation.projects.insert(3, "attributes.=cmd()", "x")
    allocation.projects.insert(4, "attributes.rank", "y")
    rows = read(b"".join(tables.ranking(allocation, "en")))
    assert rows[0]["'=cmd()"] == "x"
    assert (rows[1]["rank"], rows[1]["rank 2"]) == ("1", "y")


@given(st.text(max_size=20), st.sampled_from(cells.RUNS))
def test_no_text_begins_like_a_formula(text: str, sign: str) -> None:
    (cell,) = next(csv.reader(io.StringIO(cells.sheet([[sign + text]]).decode("utf-8-sig"), newline="")))
    assert cell.startswith("'")


def test_same_plan_same_bytes() -> None:
    assert tables.files(sample.allocation(), "zh") == tables.files(sample.allocation(), "zh")
