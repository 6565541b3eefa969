"""A comparison in every format: the same figures, whatever it is called, however many plans there are."""

from __future__ import annotations

import csv
import io
import json
import re

import openpyxl
import pytest
import sample
from comparisons import entries, made
from jsonschema import validate
from openpyxl.workbook import Workbook
from rich.cells import cell_len
from test_report_html import Page

from landalloc.models.comparison import ComparisonFile
from landalloc.models.finding import Finding, Message, Place, Severity
from landalloc.optimizer.allocation import Allocation
from landalloc.optimizer.compare import compare
from landalloc.optimizer.comparison import Compared, Entry
from landalloc.optimizer.report import compared, compared_terminal, folder
from landalloc.optimizer.report.numbers import THIN, Language

LANGUAGES: list[Language] = ["zh", "en"]
ALL = ("html", "xlsx", "csv")
HOSTILE = {
    "jinglu": '=HYPERLINK("x","y")<script>alert(1)</script>',
    "dajin": "\u202eesrever\u200f \x1b[31m \x00",
    "floor": "长" * 300,
    "beiben": "+1\ufffe\uffff _x0041_ \ud800 [red]x[/red]",
    "roro": "&G&P {{ 7 * 7 }} {shown} %s",
    "coal": "-2+3\n=1",
    "chp": '@SUM(A1)","',
}


def changed(hostile: dict[str, str] | None = None) -> Allocation:
    """The sample with less of one project, one out, one in another zone, and one new."""
    found = sample.allocation(hostile, score=60.0, penalty=0.0, case="dry")
    rows = found.projects.set_index("id")
    names = [name for name in rows if str(name).startswith(("granted.", "share"))]
    rows.loc["roro", names] = rows.loc["roro", names] * 0.75
    rows.loc["beiben", [*names, "rank"]] = [0.0] * len(names) + [9]
    rows.loc["beiben", "decision"] = "rejected"
    rows.loc["floor", ["share@north", "share@south"]] = [1.0, 0.0]
    rows.loc["coal", ["share", "share@north", "granted.land"]] = [1.0, 1.0, 260.0]
    rows.loc["coal", "decision"] = "admitted"
    return Allocation(found.plan, rows.reset_index())


def pair(hostile: dict[str, str] | None = None) -> Compared:
    one, other = sample.allocation(hostile), changed(hostile)
    label = (hostile or {}).get("jinglu", "tight")
    return compare([Entry("harbour", "harbour.yaml", "scenario", one), Entry(label, f"{label}.yaml", "plan", other)])


def many(count: int) -> Compared:
    return compare(entries(sample.allocation(), *(changed() for _ in range(count - 1))))


def printed(found: Compared, language: Language, width: int = 80) -> str:
    return "".join(line.plain + "\n" for line in compared_terminal.lines(found, language, width))


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def book(found: Compared, language: Language = "en", *, values: bool = False) -> Workbook:
    content = compared.files(found, ["xlsx"], language)["compare.xlsx"]
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


# Terminal


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [80, 120, 160])
@pytest.mark.parametrize("found", [pair(), pair(HOSTILE), many(3), many(12)], ids=["two", "hostile", "three", "twelve"])
def test_no_line_is_too_wide(found: Compared, language: Language, width: int) -> None:
    shown = printed(found, language, width)
    assert max(map(cell_len, shown.splitlines())) <= width
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u200f\ud800-\udfff]", shown)


def test_the_screen_says_who_comes_and_goes() -> None:
    shown = printed(pair(), "en")
    assert "B tight against A harbour: 1 new, 1 moved out, 1 trimmed, 5 stay, 1 in another" in shown
    rows = shown.splitlines()
    for change, title in (
        ("new", "10万吨级煤炭码头"),
        ("trimmed", "滚装泊位"),
        ("moved out", "重卡扩能"),
        ("in another zone", "标准厂房零用地技改"),
    ):
        assert [row for row in rows if row.startswith(f"{change} ") and title in row], change
    assert "标准厂房零用地技改: south → north" in shown
    assert "jinglu" not in shown


def test_what_is_the_same_is_said_to_be() -> None:
    shown = printed(compare(entries(sample.allocation(), sample.allocation())), "en")
    assert "moved out" not in shown
    assert "7 stay. Score" in shown.replace("\n", " ")
    assert "Targets and rules: the same in all plans" in shown


def test_prices_of_whole_projects_say_so() -> None:
    note = "What one more brings is worked out as if every project could be divided."
    whole = compare(entries(made({"a": None}), made({"a": (1.0, "north")})))
    assert note in printed(whole, "en").replace("\n  ", " ")
    exact = compare(entries(made({"a": None}, linear=True), made({"a": (1.0, "north")}, linear=True)))
    assert note not in printed(exact, "en")
    assert note.encode() not in compared.files(exact, ["html"], "en")["compare.html"]
    assert note.encode() in compared.files(pair(), ["html"], "en")["compare.html"]


def test_all_plans_stand_somewhere() -> None:
    shown = printed(many(12), "zh")
    assert {letter for letter in "BCDEFGHIJKL" if f"{letter} plan" in shown} == set("BCDEFGHIJKL")


# JSON


@pytest.mark.parametrize("found", [pair(), pair(HOSTILE), many(4)])
def test_json_has_the_form_that_the_models_say(found: Compared) -> None:
    content = compared.files(found, [], "en")["compare.json"]
    data = json.loads(content)
    again = ComparisonFile.model_validate_json(content)
    assert [p.id for p in again.projects] == sorted(found.projects["id"])
    validate(data, ComparisonFile.model_json_schema(mode="serialization"))
    count = len(data["plans"])
    for part in ("measures", "criteria", "resources", "rules", "projects"):
        for row in data[part]:
            assert {len(value) for value in row.values() if isinstance(value, list)} == {count}, part


def test_json_of_one_project() -> None:
    data = json.loads(compared.files(pair(), [], "en")["compare.json"])
    roro = next(one for one in data["projects"] if one["id"] == "roro")
    assert roro["change"] == [None, "trimmed"]
    assert roro["decision"] == ["partial", "partial"]
    assert roro["share"] == [0.8, pytest.approx(0.6)]
    assert roro["granted"]["land"] == [240, 180]
    assert roro["zones"] == [{"north": 0.8}, {"north": pytest.approx(0.6)}]
    assert roro["moved"] == [None, False]


def test_remarks_are_in_the_file() -> None:
    note = Finding(Severity.WARNING, "renamed", Place("b.yaml"), Message("nothing found"), Message(""), Message(""))
    plain = pair()
    found = Compared(plain.comparison, plain.projects, [note])
    data = json.loads(compared.files(found, [], "zh")["compare.json"])
    assert data["remarks"] == [{"code": "renamed", "text": "b.yaml: 未发现问题"}]
    assert "未发现问题" in compared.files(found, ["html"], "zh")["compare.html"].decode()


def test_the_same_plans_are_the_same_bytes() -> None:
    assert compared.files(pair(), ALL, "zh") == compared.files(pair(), ALL, "zh")
    assert set(compared.files(pair(), ALL, "zh")) == folder.COMPARED


# CSV


@pytest.mark.parametrize("language", LANGUAGES)
def test_csv_tables(language: Language) -> None:
    files = compared.files(pair(), ["csv"], language)
    projects, totals = (table(files[name]) for name in (compared.PROJECTS, compared.TOTALS))
    assert len(projects) == 1 + len(sample.PROJECTS)
    assert len({len(row) for row in projects}) == len({len(row) for row in totals}) == 1
    assert projects[1][0] == "coal"  # what is new comes first
    land = next(row for row in totals if row[2] in ("用地", "land"))
    one, other, difference = map(float, land[4:])
    assert difference == pytest.approx(other - one)


def test_no_cell_of_a_csv_is_a_formula() -> None:
    for content in compared.files(pair(HOSTILE), ["csv"], "en").values():
        if content.startswith(b"\xef\xbb\xbf"):
            cells = [cell for row in table(content) for cell in row]
            assert not [cell for cell in cells if cell[:1] in "=@" and cell]
            assert not [c for c in cells if c[:1] in ("+", "-") and not re.fullmatch(r"[-+][\d.e-]+", c)]


# Workbook


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheets_of_the_workbook(language: Language) -> None:
    names = book(pair(), language).sheetnames
    assert names[:2] == (["概要", "项目"] if language == "zh" else ["Summary", "Projects"])
    assert len(names) == 6


def test_differences_are_formulas_with_their_values() -> None:
    formulas, values = book(pair()), book(pair(), values=True)
    seen = 0
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                found = re.fullmatch(r"=([A-Z]+\d+)-([A-Z]+\d+)", str(cell.value))
                assert found, cell.value
                shown = values[sheet.title]
                one, other = (float(shown[name].value or 0) for name in found.groups())
                assert shown[cell.coordinate].value == pytest.approx(one - other)
                seen += 1
    assert seen > 20


def test_hostile_texts_stay_texts() -> None:
    sheet = book(pair(HOSTILE))["Projects"]
    titles = [sheet.cell(row, 2) for row in range(3, sheet.max_row + 1)]
    assert {cell.data_type for cell in titles} == {"s"}
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in titles)


def test_the_list_of_projects_stands_under_its_headings() -> None:
    sheet = book(pair())["Projects"]
    heads = [str(cell.value).replace("\n", " ") for cell in sheet[2]]
    assert heads[:7] == ["project code", "project", "against A B", "decision A", "decision B", "zone A", "zone B"]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=3)}
    land = [heads.index(f"land (mu) {letter}") for letter in "AB"]
    assert [rows["roro"][col].value for col in land] == [240, 180]
    assert rows["floor"][2].value == "in another zone"
    assert sheet.auto_filter.ref.startswith("A2:")


# Page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("found", [pair(), pair(HOSTILE), many(12)], ids=["two", "hostile", "twelve"])
def test_the_page_runs_and_asks_for_nothing(found: Compared, language: Language) -> None:
    content = compared.files(found, ["html"], language)["compare.html"].decode("utf-8")
    page = Page(content)
    assert {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "object", "base", "form"} == set()
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "src")]
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e\u200f]", content)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {attributes["href"] for tag, attributes in page.tags if tag == "a"} <= {f"#{one}" for one in ids}


def test_the_page_has_the_figures() -> None:
    content = compared.files(pair(), ["html"], "en")["compare.html"].decode("utf-8").replace(THIN, "")
    assert re.search(r"land −60 mu", content)
    assert "3 projects that do not change" not in content
    assert content.index("10万吨级煤炭码头") < content.index("<details>") < content.index("京鲁造船舾装码头")


def test_projects_that_are_in_one_plan_only() -> None:
    found = compare(entries(made({"a": None, "b": (1.0, "north")}), made({"a": None, "c": (0.5, "south")})))
    for language in LANGUAGES:
        assert set(compared.files(found, ALL, language)) == folder.COMPARED
    assert "no candidate" in printed(found, "en")


def test_long_codes_that_begin_alike_stay_apart() -> None:
    one, other = sample.allocation(), changed()
    for found in (one, other):
        found.projects["id"] = [f"{'x' * 70}{name}" for name in found.projects["id"]]
    found = compare(entries(one, other))
    listed = table(compared.files(found, ["csv"], "en")[compared.PROJECTS])
    assert {row[0].removeprefix("x" * 70) for row in listed[1:]} == {row[0] for row in sample.PROJECTS}
    assert "10万吨级煤炭码头" in printed(found, "en")
