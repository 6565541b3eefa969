# ruff: noqa: E501 -- a row of a list or a finding to a line reads best
"""Lists as offices keep them: what is read of each, cell by cell, and which findings come, with their cells."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import SCENARIO, Book, Read, listed

from landalloc.models.finding import Severity


def scenario_with(old: str, new: str) -> str:
    assert old in SCENARIO
    return SCENARIO.replace(old, new)


# --- workbooks that are read


def test_titles_units_numbers_and_a_total(tmp_path: Path) -> None:
    rows = [
        ["2025年临港片区重点项目要素需求表"],
        [None, None, None, "单位：亩、万元"],
        ["序号", "项目名称", "用地", "总投资", "备注"],
        [1, "船厂", 600, 150000, "已备案"],
        [2, "粮库", 80, 20000],
        ["合  计", None, 680, 170000],
    ]
    read = listed(tmp_path, Book(rows, merged=["A1:E1"]))
    assert read.amounts("land", "investment") == {"船厂": [600, 15], "粮库": [80, 2]}
    assert read.found() == [("headings-taken", "A3"), ("rows-above", "A1"), ("rows-total", "A6"), ("unit-line", "A3")]
    assert read.told("headings-taken") == "headings taken for: A3 序号 = –, B3 项目名称 = title, E3 备注 = note"
    assert read.told("rows-above").endswith("2: A1 (2025年临港片区重点项目要素需求表), D2 (单位：亩、万元)")
    assert read.told("unit-line") == "the units named in D2 are taken: 亩: 用地, 万元: 总投资"
    assert read.told("rows-total") == "rows of totals are not read, 1: A6 (合 计)"


TWO_ROWS = [
    ["序号", "项目名称", "用地（亩）", None, "投资（万元）", None, "就业"],
    [None, None, "申请", "其中新增", "总投资", "设备", None],
    [1, "甲", 300, 200, 15000, 9000, 100],
    [2, "乙", 50, 50, 8000, 3000, 60],
]
MERGED = ["A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:G2"]


def test_headings_merged_over_two_rows(tmp_path: Path) -> None:
    read = listed(tmp_path, Book(TWO_ROWS, MERGED), "columns: {投资/设备: ~}")
    assert read.amounts("land", "new_land", "investment", "jobs") == {
        "甲": [300, 200, 1.5, 100],
        "乙": [50, 50, 0.8, 60],
    }
    assert read.found() == [("headings-taken", "A1")]
    assert read.told("headings-taken") == (
        "headings taken for: A1 序号 = –, B1 项目名称 = title, C2 用地（亩）/申请 = land, D2 用地（亩）/其中新增 = new_land, "
        "E2 投资（万元）/总投资 = investment"
    )


def test_what_a_heading_includes_is_netted(tmp_path: Path) -> None:
    nets = listed(
        tmp_path,
        Book(TWO_ROWS, MERGED),
        "columns: {设备: ~}",
        scenario_with("title: 用地", "title: 用地, includes: new_land"),
    )
    assert nets.amounts("land", "new_land") == {"甲": [100, 200], "乙": [0, 50]}


@pytest.mark.parametrize("name", ["用地（亩）/申请", "用地/申请", "用地申请", "用地-申请", "用地(申请)", "申请"])
def test_columns_names_a_joined_heading_in_several_ways(tmp_path: Path, name: str) -> None:
    """The upper heading alone would mean the new land here, as it is the only one left."""
    scenario = scenario_with("land: {unit: mu, title: 用地}", "land: {unit: mu}")
    read = listed(tmp_path, Book(TWO_ROWS, MERGED), f'columns: {{"{name}": land, 设备: ~}}', scenario)
    assert read.amounts("land", "new_land") == {"甲": [300, 200], "乙": [50, 50]}


def test_headings_over_three_rows_with_units_below(tmp_path: Path) -> None:
    rows = [
        ["项目名称", "要素需求", None, "效益", None],
        [None, "用地", "新增用地", "总投资", "年产值"],
        [None, "公顷", "（亩）", "（万元）", "亿元"],
        ["甲", 2, 15, 3000, 0.5],
    ]
    read = listed(tmp_path, Book(rows, ["A1:A3", "B1:C1", "D1:E1"]))
    assert read.amounts("land", "new_land", "investment", "output") == {"甲": [30, 15, 0.3, 0.5]}
    assert read.found() == [("headings-taken", "A1")]


def test_a_year_below_a_merged_heading_belongs_to_the_headings(tmp_path: Path) -> None:
    rows = [["项目名称", "总投资（亿元）", None, "就业"], [None, 2025, 2026, None], ["甲", 1, 2, 30]]
    read = listed(tmp_path, Book(rows, ["A1:A2", "B1:C1", "D1:D2"]), "columns: {总投资（亿元）/2025: ~}")
    assert read.amounts("investment", "jobs") == {"甲": [2, 30]}


def test_two_rows_of_headings_in_gb18030_text_without_any_merged_cell(tmp_path: Path) -> None:
    text = """\
2025年项目表,,,,,
序号,项目名称,用地,,总投资（万元）,年产值
,,申请（亩）,其中：新增,,（亿元）
1,甲,"1,100",50,3000,1
2,乙,80～90,—,5000万,2亿
合计,,1190,50,,
制表人：王,,,,,
"""
    read = listed(tmp_path, text.encode("gb18030"), scenario=scenario_with("land: 1000", "land: 9000"))
    assert read.amounts("land", "new_land", "investment", "output") == {"甲": [1100, 50, 0.3, 1], "乙": [90, 0, 0.5, 2]}
    assert read.assumed() == {"乙": ("land",)}
    assert read.found() == [
        ("blank-zero", "3:4"),
        ("cells-none", "5:4"),
        ("cells-range-high", "5:3"),
        ("cells-times", "5:5"),
        ("cells-times", "5:6"),
        ("headings-taken", "2:1"),
        ("rows-above", "1:1"),
        ("rows-note", "7:1"),
        ("rows-total", "6:1"),
    ]


SECTIONS = [
    ["项目名称", "用地", "就业"],
    ["一、临港工业（2个）"],
    ["（一）化工"],
    ["甲", 30, 10],
    ["（二）装备"],
    ["乙", 40, 20],
    ["小计", 70, 30],
    ["二、现代服务业"],
    ["丙", 5, 50],
    ["总计", 75, 80],
]


def test_sections_give_their_names_where_columns_says_so(tmp_path: Path) -> None:
    read = listed(tmp_path, Book(SECTIONS), "columns: {section: cluster, subsection: kind}")
    assert read.amounts("land", "jobs") == {"甲": [30, 10], "乙": [40, 20], "丙": [5, 50]}
    assert read.texts("cluster") == {"甲": "临港工业", "乙": "临港工业", "丙": "现代服务业"}
    assert read.texts("kind") == {"甲": "化工", "乙": "装备", "丙": None}
    assert read.found() == [("headings-taken", "A1"), ("rows-section-used", "A2"), ("rows-total", "A7")]
    assert read.told("rows-total").endswith("2: A7 (小计), A10 (总计)")


def test_sections_are_passed_over_with_a_hint_else(tmp_path: Path) -> None:
    read = listed(tmp_path, Book(SECTIONS))
    assert list(read.amounts("land")) == ["丙", "乙", "甲"]
    assert ("rows-section", "A2") in read.found()
    assert "4: A2 (一、临港工业（2个）), A3 (（一）化工), A5 (（二）装备), A8 (二、现代服务业)" in read.told(
        "rows-section"
    )
    assert "section: ATTRIBUTE" in read.remedy("rows-section")


def test_sections_with_their_sums_where_a_column_numbers_the_projects(tmp_path: Path) -> None:
    rows = [
        ["序号", "项目名称", "用地", "就业"],
        ["一", "临港工业", 70, 30],
        [1, "甲", 30, 10],
        [2, "乙", 40, 20],
        ["二", "现代服务业", 5, 50],
        [3, "丙", 5, 50],
        [4],
        [5],
    ]
    read = listed(tmp_path, Book(rows), "columns: {section: cluster}")
    assert read.amounts("land") == {"甲": [30], "乙": [40], "丙": [5]}
    assert read.texts("cluster") == {"甲": "临港工业", "乙": "临港工业", "丙": "现代服务业"}
    assert read.found() == [("headings-taken", "A1"), ("rows-empty", "A7"), ("rows-section-used", "A2")]


def test_sections_merged_across_without_a_numeral(tmp_path: Path) -> None:
    rows = [["项目名称", "用地", "就业"], ["北港"], ["甲", 30, 10], ["南园"], ["乙", 40, 20], ["说明文字一行"]]
    read = listed(tmp_path, Book(rows, ["A2:C2", "A4:C4", "A6:C6"]), "columns: {section: park}")
    assert read.texts("park") == {"甲": "北港", "乙": "南园"}
    assert read.found() == [("headings-taken", "A1"), ("rows-note", "A6"), ("rows-section-used", "A2")]


CELLS = [
    ["id", "land", "investment", "jobs"],
    ["a", "约300亩", "1.5亿", "3千多人"],
    ["b", "200-250", "3000万", "300～500"],
    ["c", "２００", "2，500万元", "1,200"],
    ["d", "—", "0.8", "无"],
    ["e", "不超过80亩", "1-1.5亿元", "100人左右"],
    ["f", 60, 2, "80余人"],
]


def test_cells_as_offices_write_them(tmp_path: Path) -> None:
    read = listed(tmp_path, Book(CELLS))
    assert read.amounts("land", "investment", "jobs") == {
        "a": [300, 1.5, 3000],
        "b": [250, 0.3, 300],
        "c": [200, 0.25, 1200],
        "d": [0, 0.8, 0],
        "e": [80, 1, 100],
        "f": [60, 2, 80],
    }
    assert read.assumed() == {
        "a": ("land", "jobs"), "b": ("land", "jobs"), "e": ("land", "investment", "jobs"), "f": ("jobs",),
    }  # fmt: skip
    assert read.found() == [
        ("blank-zero", "B1"),
        ("blank-zero", "D1"),
        ("cells-about", "B2"),
        ("cells-about", "D2"),
        ("cells-none", "B5"),
        ("cells-none", "D5"),
        ("cells-range-high", "B3"),
        ("cells-range-low", "C6"),
        ("cells-range-low", "D3"),
        ("cells-text", "B4"),
        ("cells-text", "C5"),
        ("cells-text", "D4"),
        ("cells-times", "C2"),
    ]
    assert [str(one.what) for one in read.findings if one.code == "cells-times"] == [
        "investment: a bare 万 or 亿 is taken with the unit of the column, 2: C2 (1.5亿), C3 (3000万)"
    ]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("200至250", 250), ("200—250亩", 250), ("200亩-250亩", 250), ("1~2公顷", 30), ("200到250亩", 250), ("200–250", 250),
        ("约200-250亩", 250), ("200-250亩左右", 250), ("近300", 300), ("300亩（估）", 300), ("≈300", 300), (">300", 300), ("300亩以上", 300),
        ("about 300 mu", 300), ("300多亩", 300), ("1 200", 1200), ("300亩+", 300), ("暂定300", 300), ("n/a", 0), ("/", 0), ("………", 0),
    ],
)  # fmt: skip
def test_loose_amounts(tmp_path: Path, cell: str, value: float) -> None:
    read = listed(tmp_path, f"id,land\na,{cell}\nb,1\n")
    assert read.amounts("land")["a"] == [value]
    assert [one.code for one in read.findings if one.code.startswith("cells-")] != []


@pytest.mark.parametrize(
    "cell", ["250-200", "待定", "2024-05-10", "300亩100", "约", "200-250米", "三百亩", "200-", "1-2-3"]
)
def test_what_is_no_amount_stays_an_error(tmp_path: Path, cell: str) -> None:
    read = listed(tmp_path, f"id,land\na,{cell}\nb,1\n")
    assert read.errors in (["not-a-number"], ["wrong-unit"])
    assert read.found()[0][1] == "2:2"


def test_the_scenario_itself_is_exact(tmp_path: Path) -> None:
    """Only tables are read loosely: who writes a scenario can mark an amount as assumed."""
    scenario = scenario_with("projects:\n", "projects:\n  - {id: x, land: 约300}\n")
    assert listed(tmp_path, "id,land\na,1\n", scenario=scenario).errors == ["not-a-number"]


def test_of_a_range_the_end_that_promises_less(tmp_path: Path) -> None:
    """Land without a supply is taken all the same where a criterion divides by it; what is made is promised."""
    scenario = scenario_with("supply: {land: 1000, new_land: 500}", "supply: {new_land: 500}")
    read = listed(tmp_path, "id,land,investment,makes.new_land\na,20-30,4-5,6-7\n", scenario=scenario)
    assert read.amounts("land", "investment") == {"a": [30, 4]}
    assert read.candidates is not None
    assert read.candidates.makes["new_land"].tolist() == [6]


def test_sixty_cells_alike_are_one_finding(tmp_path: Path) -> None:
    rows = [["id", "land"], *([f"p{i:02}", f"约{i + 1}亩"] for i in range(60))]
    read = listed(tmp_path, Book(rows))
    assert read.found() == [("cells-about", "B2")]
    assert read.told("cells-about").endswith(
        "60: B2 (约1亩), B3 (约2亩), B4 (约3亩), B5 (约4亩), B6 (约5亩), B7 (约6亩), … (60)"
    )
    assert len(read.assumed()) == 60


def test_hidden_rows_and_columns_are_read_and_told(tmp_path: Path) -> None:
    rows = [["id", "land", "jobs", "旧数据"], ["a", 1, 10, 5], ["b", 2, 20, 5], ["c", 3, 30, 5]]
    book = Book(rows, hidden_rows=[2], hidden_columns=["C:D"])
    read = listed(tmp_path, book, "columns: {旧数据: ~}")
    assert read.amounts("land", "jobs") == {"a": [1, 10], "b": [2, 20], "c": [3, 30]}
    assert read.found() == [("columns-hidden", "C2"), ("rows-hidden", "A3")]
    assert (read.told("rows-hidden"), read.told("columns-hidden")) == (
        "hidden rows are read, 1: A3 (b)",
        "hidden columns are read, 1: jobs",
    )
    read = listed(tmp_path, book, "columns: {旧数据: ~, jobs: ~}, skip: [3]")
    assert (list(read.amounts("land")), read.found()) == (["a", "c"], [("rows-skipped", "A3")])


def test_blank_and_hidden_sheets_are_no_choice(tmp_path: Path) -> None:
    rows = [["id", "land"], ["a", 1]]
    others = Book([], name="Sheet2"), Book([["id", "land"], ["old", 9]], name="旧")
    read = listed(tmp_path, Book(rows, name="项目").bytes(*others, hidden_sheets=["旧"]))
    assert read.amounts("land") == {"a": [1]}
    assert "sheet 项目 is read; hidden or blank: Sheet2, 旧" in read.told("sheet-chosen")
    read = listed(tmp_path, Book(rows, name="项目").bytes(*others, hidden_sheets=["旧"]), "sheet: 旧")
    assert (read.amounts("land"), read.found()) == ({"old": [9]}, [])


def test_a_text_merged_down_a_column_is_that_of_each_row(tmp_path: Path) -> None:
    rows = [
        ["项目名称", "park", "zones", "用地"],
        ["甲", "北港", None, 1], ["乙", None, None, 2], ["丙", None, None, 3],
        ["小计", None, None, 6],
        ["丁", "南园", None, 4], ["戊", None, None, 5],
    ]  # fmt: skip
    read = listed(tmp_path, Book(rows, ["B2:B4", "A5:C5", "B6:B7"]))
    assert read.texts("park") == {"甲": "北港", "乙": "北港", "丙": "北港", "丁": "南园", "戊": "南园"}
    assert read.amounts("land") == {"甲": [1], "乙": [2], "丙": [3], "丁": [4], "戊": [5]}
    assert read.found() == [("headings-taken", "A1"), ("merged-down", "B2"), ("rows-total", "A5")]
    assert read.told("merged-down").endswith("2: B2:B4, B6:B7")


def test_headings_repeated_for_printing_columns_numbered_and_signatures(tmp_path: Path) -> None:
    rows = [
        ["项目名称", "park", "用地", "就业", "总投资"],
        ["甲", "乙", 1, 2, 3],
        ["船厂", "北港", 600, 3000, 15],
        ["项目名称", "park", "用地", "就业", "总投资"],
        ["粮库", "南园", 80, 120, 2],
        ["注：1.用地含道路", None, None, None, None],
        ["审核：李", None, "制表：王", None, "2025年5月"],
    ]
    read = listed(tmp_path, Book(rows))
    assert read.amounts("land", "jobs", "investment") == {"船厂": [600, 3000, 15], "粮库": [80, 120, 2]}
    assert read.found() == [
        ("headings-taken", "A1"), ("rows-note", "A6"), ("rows-numbers", "A2"), ("rows-repeated", "A4"),
    ]  # fmt: skip


def test_headings_of_two_rows_repeated_for_printing(tmp_path: Path) -> None:
    rows = [*TWO_ROWS[:3], *TWO_ROWS[:2], TWO_ROWS[3]]
    read = listed(tmp_path, Book(rows, [*MERGED, "A4:A5", "B4:B5", "C4:D4", "E4:F4", "G4:G5"]), "columns: {设备: ~}")
    assert read.amounts("land") == {"甲": [300], "乙": [50]}
    assert ("rows-repeated", "A4") in read.found()


def test_an_english_list(tmp_path: Path) -> None:
    rows = [
        ["Projects applying for land, 2025"],
        ["No.", "Project name", "land (ha)", "output (million yuan)", "jobs"],
        [1, "Yard", "about 10", 300, 900],
        [2, "Mill", 4, "50-60", 100],
        ["Subtotal", None, 14, None, 1000],
        ["Total", None, 14, None, 1000],
        ["Source: survey"],
    ]
    read = listed(tmp_path, Book(rows))
    assert read.amounts("land", "output", "jobs") == {"Yard": [150, 3, 900], "Mill": [60, 0.5, 100]}
    assert [code for code, _ in read.found()] == [
        "cells-about", "cells-range-low", "headings-taken", "rows-above", "rows-note", "rows-total",
    ]  # fmt: skip


def test_line_breaks_and_blanks_in_headings(tmp_path: Path) -> None:
    rows = [["项 目 名 称", "用  地\n（公顷）", "就\n业"], ["甲", 2, 5]]
    read = listed(tmp_path, Book(rows))
    assert read.amounts("land", "jobs") == {"甲": [30, 5]}
    assert read.found() == [("headings-taken", "A1")]


def test_columns_gives_a_unit(tmp_path: Path) -> None:
    read = listed(tmp_path, "id,投资\na,3000\n", "columns: {投资: investment (万元)}")
    assert (read.amounts("investment"), read.found()) == ({"a": [0.3]}, [])


# --- settings


def test_skip_is_exact(tmp_path: Path) -> None:
    read = listed(tmp_path, Book(SECTIONS), "skip: [小 计, 总计, 2-3, 5, 8], columns: {section: cluster}")
    assert read.texts("cluster") == {"甲": "临港工业", "乙": "临港工业", "丙": "现代服务业"}
    assert read.found() == [("headings-taken", "A1"), ("rows-skipped", "A2")]
    assert read.told("rows-skipped").startswith("rows left out, 6: A2 (一、临港工业（2个）), A3")
    read = listed(tmp_path, "id,land\n合计,5\n小计,6\n", "skip: []")
    assert (read.amounts("land"), read.found()) == ({"合计": [5], "小计": [6]}, [])
    read = listed(tmp_path, "id,land\na,5\nb,6\n", "skip: b")
    assert (read.amounts("land"), read.found()) == ({"a": [5]}, [("rows-skipped", "3:1")])


@pytest.mark.parametrize(("setting", "title"), [("header: 3", "用地"), ("header: 2-3", "一期/用地")])
def test_header_says_where_the_headings_stand(tmp_path: Path, setting: str, title: str) -> None:
    rows = [["用地", "就业"], ["id", "一期"], ["id", "用地"], ["甲", 5]]
    read = listed(tmp_path, Book(rows), f'{setting}, columns: {{"{title}": land}}')
    assert read.amounts("land") == {"甲": [5]}
    assert ("rows-above", "A1") in read.found()


# --- what could mean two things


def no_wrong_words(read: Read) -> bool:
    return all(f"{one.what}{one.why}{one.remedy}" for one in read.findings)


DOUBTFUL = [
    pytest.param("header-doubtful", "A5", "header:", Book([["id", "land", "jobs"], ["a", 1, 2], [], [], ["id", "land", "investment"], ["a", 1, 2]]), "", id="two lists on a sheet"),
    pytest.param("heading-doubtful", "B2", "columns", Book([["id", "用地", None], [None, "一期", "二期"], ["a", 1, 2]], ["A1:A2", "B1:C1"]), "", id="two halves of a heading"),
    pytest.param("column-doubtful", "13:34", "columns", Book([["id", "用地", None, "用海", None], [None, "申请", "备用", "申请", "备用"], ["a", 1, 2, 3, 4]], ["A1:A2", "B1:C1", "D1:E1"]), "columns: {申请: land}", id="a half of two headings"),
    pytest.param("unit-doubtful", "B2", "columns", Book([["单位：亩、平方米"], ["id", "用地"], ["a", 1]]), "", id="two units for one column"),
    pytest.param("row-doubtful", "A3", "skip", Book([["id", "land"], ["a", 1], ["一、二期工程", 3], ["b", 2]]), "", id="a section with figures"),
    pytest.param("row-doubtful", "B4", "skip", Book([["序号", "id", "land"], [1, "a", 1], [2, "b", 2], [None, "北港", 3], [3, "c", 3]]), "", id="a row without its number"),
    pytest.param("row-doubtful", "A2", "skip", Book([["id", "land"], ["北港"], ["a", 1], ["合计", 1]]), "", id="a name without a figure"),
    pytest.param("table-merged", "B2", "unmerge", Book([["id", "land"], ["a", 5], ["b", None]], ["B2:B3"]), "", id="a figure over two rows"),
    pytest.param("table-merged", "A2", "unmerge", Book([["id", "land"], ["a", 5], [None, 6]], ["A2:A3"]), "", id="a name over two rows"),
    pytest.param("table-merged", "A2", "unmerge", Book([["id", "park", "land"], ["a", None, 5]], ["A2:B2"]), "", id="a name over two columns"),
    pytest.param("skip-nothing", "13:31", "mend", Book([["id", "land"], ["a", 5]]), "skip: [合计]", id="nothing to skip"),
    pytest.param("header-missing", "13:32", "row", Book([["id", "land"], ["a", 5]]), "header: 9", id="no such row"),
    pytest.param("not-rows", "13:32", "3-4", Book([["id", "land"], ["a", 5]]), "header: first", id="no row at all"),
    pytest.param("unknown-attribute", "13:43", "attributes", Book(SECTIONS), "columns: {section: clutser}", id="no such attribute"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "place", "setting", "book", "entry"), DOUBTFUL)
def test_what_could_mean_two_things_says_what_decides(
    tmp_path: Path, code: str, place: str, setting: str, book: Book, entry: str
) -> None:
    read = listed(tmp_path, book, entry)
    assert code in read.errors
    assert (code, place) in read.found()
    assert setting in read.remedy(code)


def test_the_settings_decide(tmp_path: Path) -> None:
    two = Book([["id", "land", "jobs"], ["a", 1, 2], [], [], ["id", "land", "investment"], ["a", 1, 2]])
    assert listed(tmp_path, two, "header: 1, skip: 5-6").amounts("land", "jobs") == {"a": [1, 2]}
    assert listed(tmp_path, two, "header: 5").amounts("land", "investment") == {"a": [1, 2]}
    halves = Book([["id", "用地", None], [None, "一期", "二期"], ["a", 1, 2]], ["A1:A2", "B1:C1"])
    assert listed(tmp_path, halves, "columns: {用地/一期: land, 用地/二期: ~}").amounts("land") == {"a": [1]}
    units = Book([["单位：亩、平方米"], ["id", "用地"], ["a", 1]])
    assert listed(tmp_path, units, "columns: {用地: land (亩)}").amounts("land") == {"a": [1]}
    section = Book([["id", "land"], ["a", 1], ["一、二期工程", 3], ["b", 2]])
    assert listed(tmp_path, section, "skip: []").amounts("land") == {"a": [1], "一、二期工程": [3], "b": [2]}
    assert listed(tmp_path, section, "skip: [3]").amounts("land") == {"a": [1], "b": [2]}


def test_several_sheets_are_an_error_that_names_them(tmp_path: Path) -> None:
    rows = [["id", "land"], ["a", 1]]
    read = listed(tmp_path, Book(rows, name="甲").bytes(Book(rows, name="乙")))
    assert "table-sheets" in read.errors
    assert "甲, 乙" in read.told("table-sheets")
    assert "sheet:" in read.remedy("table-sheets")


# --- plain tables stay plain


@pytest.mark.parametrize(
    "table",
    [
        "id,land\n合计科技园,1\n总计量中心,2\n注册中心,3\n备注软件,4\n小计算力,5\n",
        "id,land\n一、船厂,1\n二、粮库,2\n三、码头,3\n",
        "id,land\ns1,1\nn2,2\nr3,3\ne4,4\ntotally,5\n",
        "id,land\n1,2\n2,3\n3,4\n",
        "title,cluster,land\n第一机床厂,一,1\n十里铺,二,2\n三星,三,3\n",
    ],
)
def test_names_that_only_look_like_totals_sections_or_notes(tmp_path: Path, table: str) -> None:
    read = listed(tmp_path, table)
    assert read.found() == []
    assert len(read.amounts("land")) == table.count("\n") - 1


def test_a_name_without_figures_is_a_project_where_nothing_else_is_odd(tmp_path: Path) -> None:
    read = listed(tmp_path, "id,land\na,5\nb,\n")
    assert (read.amounts("land"), read.found()) == ({"a": [5], "b": [0]}, [("blank-zero", "1:2")])


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    long = "长" * 300
    rows = [
        ['=HYPERLINK("http://x","y")'],
        ["<script>alert(1)</script>"],
        ["序号", "项目名称", "用地"],
        [1, '=HYPERLINK("a")', 1],
        [2, "../../x", 2],
        [3, long, 3],
        [4, "{0.__class__}", 4],
        ["合计" + "\u202e" + "计", None, 10],
    ]
    read = listed(tmp_path, Book(rows), "skip: [合]")
    assert read.amounts("land") == {'=HYPERLINK("a")': [1], "../../x": [2], long: [3], "{0.__class__}": [4]}
    assert no_wrong_words(read)


CELL = st.sampled_from(
    [None, None, "序号", "项目名称", "用地", "申请", "其中新增", "合计", "小计", "一、甲", "（二）乙", "注：x", "一", "丙", 1.0, 2.0,
     "约300亩", "200-250", "—", "1.5亿", "单位：万元、亩", "（亩）", "id", "land", "1", "x" * 400, "{x}"]
)  # fmt: skip
ENTRY = st.sampled_from(
    ["", "header: 2", "header: 2-3, skip: [合计, 4]", "skip: []", "columns: {section: cluster, 用地/申请: land}"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(CELL, max_size=5), max_size=8),
    ENTRY,
    st.sampled_from([(), ("A1:B1",), ("A1:A2", "B1:C1"), ("B2:B4",), ("A3:C3",)]),
)
def test_no_list_shows_a_traceback(
    tmp_path: Path, rows: list[list[object]], entry: str, merged: tuple[str, ...]
) -> None:
    height = 4 if merged else 0
    filled = [[*row, *[None] * (5 - len(row))] for row in [*rows, *[[] for _ in range(height - len(rows))]]]
    read = listed(tmp_path, Book(filled, merged), entry)
    assert no_wrong_words(read)
    assert (read.candidates is None) == any(one.severity is Severity.ERROR for one in read.findings)


def test_what_a_total_is_made_of_is_no_project(tmp_path: Path) -> None:
    rows = [["id", "land"], ["a", 10], ["b", 20], ["合计", 30], ["其中：在建", 10], ["其中新建项目", 20]]
    read = listed(tmp_path, Book(rows))
    assert (read.amounts("land"), read.found()) == ({"a": [10], "b": [20]}, [("rows-total", "A4")])


def test_formulas_without_a_value_matter_only_where_they_are_read(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "land", "亩均投资"])
        sheet.write_row(1, 0, ["a", 10])
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        sheet.write(2, 0, "合计")
        sheet.write_formula(2, 1, "=SUM(B2:B2)", None, "")
    content = buffer.getvalue()
    read = listed(tmp_path, content, "columns: {亩均投资: ~}")
    assert (read.amounts("land"), read.found()) == ({"a": [10]}, [("rows-total", "A3")])
    read = listed(tmp_path, content, "columns: {亩均投资: investment}, skip: []")
    assert [one for one in read.found() if one[0].startswith("formula")] == [
        ("formula-empty", "B3"),
        ("formula-error", "C2"),
    ]


def test_a_list_that_does_not_begin_in_the_first_cell(tmp_path: Path) -> None:
    rows = [[], [None, "重点项目"], [], [None, "序号", "项目名称", "用地"], [None, 1, "甲", 5], [None, None, "合计", 5]]
    read = listed(tmp_path, Book(rows, ["B2:D2"]))
    assert read.amounts("land") == {"甲": [5]}
    assert read.found() == [("headings-taken", "B4"), ("rows-above", "B2"), ("rows-total", "C6")]


# --- totals as a check


def test_a_total_that_the_projects_do_not_add_up_to(tmp_path: Path) -> None:
    rows = [["id", "land", "jobs", "investment"], ["a", 10, "10-20", 1.23], ["b", 20, 30, 2.34], ["合计", 45, 40, 3.57]]
    read = listed(tmp_path, Book(rows))
    assert read.found() == [("cells-range-low", "C2"), ("rows-total", "A4"), ("total-differs", "B4")]
    assert read.told("total-differs") == "land: the list says 45 in all, its projects add up to 30"


def test_totals_of_sections_are_not_compared(tmp_path: Path) -> None:
    rows = [["id", "land"], ["a", 10], ["合计", 10], ["b", 20], ["合计", 20]]
    assert listed(tmp_path, Book(rows)).found() == [("rows-total", "A3")]
