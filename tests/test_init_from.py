# ruff: noqa: E501 -- a row of a list to a line reads best
"""`landalloc init DIR --from LIST`: a first scenario for a list, which says what is missing and solves once that is filled in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from offices import Book
from ruamel.yaml import YAML

from landalloc.models.finding import InputError, Severity
from landalloc.optimizer import cli
from landalloc.optimizer.draft import draft_of
from landalloc.optimizer.pipeline import allocate
from landalloc.optimizer.read import read
from landalloc.optimizer.solve import Limits

OFFICE = Book(
    [
        ["附件1：2025年重点项目要素需求表"],
        [None, None, None, None, None, "单位：亩、万元、人"],
        [
            "序号",
            "项目名称",
            "所在园区",
            "行业",
            "用地",
            None,
            "总投资",
            "预计年产值",
            "综合能耗（吨标准煤）",
            "就业",
            "亩均投资",
            "开工年份",
            "备注",
        ],
        [None, None, None, None, "申请", "其中：新增", None, None, None, None, None, None, None],
        ["一、在建项目"],
        [1, "船厂", "北港", "船舶", "约300亩", 200, "1.5亿", 30000, 12000, "3千多人", 50, 2025, "已备案"],
        [2, "粮库", "南园", "食品", 50, None, 8000, 10000, "500-600", 60, 160, 2026, None],
        ["二、拟建项目"],
        [3, "=HYPERLINK", "北港", "船舶", 80, 80, 9000, 12000, 900, 90, 112, 2026, "x: y # z"],
        [4, "码头", "南园", "物流", 120, 20, 20000, 9000, 700, 150, 166, 2027, None],
        ["合计", None, None, None, 550, 300, 52000, 61000, 14200, 3300],
    ],
    merged=["A1:M1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:F3", "A5:M5", "A8:M8"],
)
ENGLISH = Book(
    [
        [
            "No.",
            "Project name",
            "District",
            "Sector",
            "Land (ha)",
            "Quay length (m)",
            "Investment",
            "Annual output (million yuan)",
            "Jobs",
            "Output per ha",
        ],
        [1, "Yard", "North", "Ships", 20, 300, 800, 1200, 900, 60],
        [2, "Mill", "South", "Food", 5, 0, 90, 200, 150, 40],
        [3, "Tank farm", "North", "Chemicals", "about 12", 220, 400, 650, 80, 54],
        ["Total", None, None, None, 37, 520, 1290, 2050, 1130],
    ]
)
CSV = """\
编号,企业名称,行业类别,总投资（万元）,用地面积,预计税收
P1,甲公司,化工,12000,50亩,600
P2,乙公司,机械,8000,40亩,300
P3,丙公司,食品,3亿,100亩,900
""".encode("gb18030")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def landalloc(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.app([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def started(content: Book | bytes, name: str, *options: str) -> tuple[str, Any]:
    """The scenario that is written for a list: its text, and what YAML makes of it."""
    Path(name).write_bytes(content.bytes() if isinstance(content, Book) else content)
    assert landalloc("init", "d", "--from", name, *options) == 0
    text = next(Path("d").glob("*.yaml")).read_text(encoding="utf-8")
    return text, YAML(typ="safe", pure=True).load(text)


def errors(path: Path) -> list[tuple[str, str]]:
    """Code and path of what is wrong with a scenario."""
    with pytest.raises(InputError) as error:
        read(path)
    return [(one.code, one.place.path) for one in error.value.findings if one.severity is Severity.ERROR]


def filled(text: str, figure: float) -> str:
    """The scenario with the same figure behind every place to fill in."""
    return re.sub(r":   # (fill in|待填)", f": {figure:g}   # ", text)


def test_a_list_as_an_office_keeps_it() -> None:
    _, tree = started(OFFICE, "重点 项目.xlsx", "--lang", "zh")
    assert (tree["name"], tree["title"], tree["language"]) == ("重点-项目", "2025年重点项目要素需求表", "zh")
    assert tree["measures"] == {
        "land": {"unit": "亩", "title": "用地"},
        "new_land": {"unit": "亩", "title": "新增用地"},
        "investment": {"unit": "万元", "title": "总投资"},
        "output": {"unit": "万元/year", "title": "预计年产值"},
        "energy": {"unit": "吨标准煤/year", "title": "综合能耗"},
        "jobs": {"unit": "人", "title": "就业"},
    }
    assert tree["attributes"] == ["行业", "类别"]
    assert tree["supply"] == {"energy": None}
    assert tree["zones"] == {zone: {"supply": {"land": None, "new_land": None}} for zone in ("北港", "南园")}
    assert tree["projects"] == [
        {
            "table": "重点 项目.xlsx",
            "columns": {
                "项目名称": "title", "所在园区": "zones", "行业": "行业", "用地/申请": "land", "用地/其中：新增": "new_land",
                "总投资": "investment", "预计年产值": "output", "综合能耗（吨标准煤）": "energy", "就业": "jobs",
                "亩均投资": None, "开工年份": None, "备注": "note", "section": "类别",
            },
        }
    ]  # fmt: skip
    assert tree["criteria"] == {
        "investment_intensity": {"of": "investment", "per": "land", "weight": 1},
        "output_per_area": {"of": "output", "per": "land", "weight": 1},
        "jobs": {"of": "jobs", "weight": 1},
    }


def test_check_says_what_is_missing_and_nothing_else_is_wrong() -> None:
    text, _ = started(OFFICE, "list.xlsx", "--lang", "zh")
    assert errors(Path("d/list.yaml")) == [
        ("figure-missing", "supply.energy"),
        *(
            ("figure-missing", f"zones.{zone}.supply.{name}")
            for zone in ("北港", "南园")
            for name in ("land", "new_land")
        ),
    ]
    line = next(i for i, line in enumerate(text.splitlines(), 1) if line.startswith("  energy:") and "待填" in line)
    with pytest.raises(InputError) as error:
        read(Path("d/list.yaml"))
    assert error.value.findings[0].place.line == line
    assert "清单共申请14200吨标准煤" in text or "清单共申请1.42万吨标准煤" in text


def test_it_solves_once_the_supplies_are_filled_in() -> None:
    text, _ = started(OFFICE, "list.xlsx", "--lang", "zh")
    Path("d/list.yaml").write_text(filled(text, 350), encoding="utf-8")
    reading = read(Path("d/list.yaml"))
    amounts = reading.candidates.amounts
    assert reading.candidates.ids.tolist() == ["=HYPERLINK", "码头", "粮库", "船厂"]
    assert amounts["land"].tolist() == [80, 120, 50, 300]
    assert amounts["new_land"].tolist() == [80, 20, 0, 200]
    assert amounts["investment"].tolist() == [9000, 20000, 8000, 15000]
    assert amounts["energy"].tolist() == [900, 700, 600, 12000]
    assert amounts["jobs"].tolist() == [90, 150, 60, 3000]
    assert reading.candidates.attributes["类别"].tolist() == ["拟建项目", "拟建项目", "在建项目", "在建项目"]
    Path("d/list.yaml").write_text(filled(text, 20000), encoding="utf-8")
    projects = allocate(read(Path("d/list.yaml")), Limits()).projects
    assert projects["decision"].tolist() == ["admitted"] * 4


def test_an_english_list() -> None:
    text, tree = started(ENGLISH, "projects.xlsx")
    assert tree["measures"] == {
        "land": {"unit": "ha", "title": "Land"},
        "shoreline": {"unit": "m", "title": "Quay length"},
        "investment": {"unit": "million yuan", "title": "Investment"},
        "output": {"unit": "million yuan/year", "title": "Annual output"},
        "jobs": {"unit": "person", "title": "Jobs"},
    }
    assert (tree["language"], tree["attributes"], list(tree["zones"])) == ("en", ["Sector"], ["North", "South"])
    assert tree["projects"][0]["columns"]["Output per ha"] is None
    guessed = [line for line in text.splitlines() if "this one is a guess" in line]
    assert [line.split(":")[0].strip() for line in guessed] == ["investment", "jobs"]
    assert not re.search(r"[\u4e00-\u9fff]", text)


def test_a_text_in_gb18030_with_units_in_its_cells() -> None:
    text, tree = started(CSV, "list.csv", "--lang", "zh")
    assert tree["measures"] == {
        "investment": {"unit": "万元", "title": "总投资"},
        "land": {"unit": "亩", "title": "用地面积"},
        "tax": {"unit": "万元/year", "title": "预计税收"},
    }
    assert (tree["supply"], tree.get("zones")) == ({"land": None}, None)
    assert list(tree["criteria"]) == ["investment_intensity", "tax_per_area"]
    assert "land:   # 待填（亩）；清单共申请190亩" in text
    Path("d/list.yaml").write_text(filled(text, 150), encoding="utf-8")
    projects = allocate(read(Path("d/list.yaml")), Limits()).projects.set_index("id")
    assert projects["decision"].to_dict() == {"P1": "admitted", "P2": "rejected", "P3": "admitted"}


def test_the_list_is_copied_and_the_next_step_named(capsys: pytest.CaptureFixture[str]) -> None:
    started(CSV, "my list.csv", "--lang", "en")
    said = capsys.readouterr().out
    assert "Written: scenario.schema.json, my-list.yaml, my list.csv" in said
    assert "landalloc check d/my-list.yaml" in said
    assert Path("d/my list.csv").read_bytes() == CSV
    assert landalloc("init", "d", "--from", "my list.csv") == 2  # nothing is overwritten
    assert "already has" in capsys.readouterr().err


def test_a_list_that_stands_in_the_folder_already_stays_there() -> None:
    Path("d").mkdir()
    Path("d/list.csv").write_bytes(CSV)
    assert landalloc("init", "d", "--from", "d/list.csv") == 0
    assert Path("d/list.csv").read_bytes() == CSV
    assert landalloc("check", "d/list.yaml") == 1


def test_several_sheets_need_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [["项目名称", "用地（亩）"], ["甲", 5], ["乙", 7]]
    Path("two.xlsx").write_bytes(Book(rows, name="一期").bytes(Book(rows, name="二期")))
    assert landalloc("init", "d", "--from", "two.xlsx") == 1
    assert "一期, 二期" in capsys.readouterr().err
    assert not Path("d").exists()
    assert landalloc("init", "d", "--from", "two.xlsx", "--sheet", "二期") == 0
    assert YAML(typ="safe", pure=True).load(Path("d/two.yaml"))["projects"][0]["sheet"] == "二期"


def test_rows_that_could_be_headings_too_are_settled_and_marked() -> None:
    rows = [["项目名称", "用地（亩）"], ["甲", 5], [], ["项目名称", "总投资"], ["乙", 7]]
    text, tree = started(Book(rows), "two.xlsx", "--lang", "en")
    assert tree["projects"][0]["header"] == 1
    assert "# check: other rows could be the headings, too" in text


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--from", "none.xlsx"], 2, "cannot be read"),
        (["--from", "list.csv", "--example", "penglai"], 2, "exclude each other"),
        (["--from", "empty.csv"], 1, "is empty"),
        (["--from", "list.ods"], 1, ".xlsx"),
    ],
)
def test_what_cannot_be_started_from(
    arguments: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("list.csv").write_bytes(CSV)
    Path("empty.csv").write_bytes(b"")
    Path("list.ods").write_bytes(b"x")
    assert landalloc("init", "d", *arguments) == status
    assert said in capsys.readouterr().err
    assert not Path("d").exists()


HOSTILE = [
    ["项目名称", "用地: {a}", "a\u202eb", "null", "true", "- x", "#行业", "x@y.z", 'q"uo\\te', "share"],
    ["<script>", 1, 2, 3, 4, 5, "化工", 6, 7, 8],
    ["../../x", 1, 2, 3, 4, 5, "化工", 6, 7, 8],
    ["长" * 300, 1, 2, 3, 4, 5, "化工", 6, 7, 8],
]


def test_hostile_headings_stay_texts() -> None:
    text, tree = started(Book(HOSTILE), "xx.xlsx", "--lang", "en")
    assert "\u202e" not in text
    assert list(tree["projects"][0]["columns"])[:3] == ["项目名称", "用地: {a}", "a\u202eb"]
    Path("d/xx.yaml").write_text(filled(text, 10), encoding="utf-8")
    reading = read(Path("d/xx.yaml"))
    assert set(reading.candidates.ids) == {"<script>", "../../x", "长" * 300}


@pytest.mark.parametrize("rows", [[["a"]], [["甲", "乙"], ["丙", "丁"]], [["项目名称"], ["甲"]], [["用地"], [5], [6]]])
def test_lists_of_next_to_nothing(rows: list[list[object]]) -> None:
    """There is little to guess, and still the scenario is YAML, and what is missing is told."""
    _, tree = started(Book(rows), "list.xlsx", "--lang", "en")
    assert tree["projects"][0]["table"] == "list.xlsx"
    assert errors(Path("d/list.yaml"))


def test_the_draft_counts_what_the_list_asks_for(tmp_path: Path) -> None:
    (tmp_path / "list.xlsx").write_bytes(OFFICE.bytes())
    draft = draft_of(tmp_path / "list.xlsx")
    assert draft.projects == 4
    assert {one.key: one.total for one in draft.measures} == {
        "land": 550, "new_land": 300, "investment": 52000, "output": 61000, "energy": 14200, "jobs": 3300,
    }  # fmt: skip
    assert {one.key: one.part_of for one in draft.measures if one.part_of} == {"new_land": "land"}
    assert [one.key for one in draft.measures if one.scarce] == ["land", "new_land", "energy"]
