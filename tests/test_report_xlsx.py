"""report.xlsx as another library reads it: formulas beside their values, formats, hostile text, the same bytes."""

import functools
import math
import re
import subprocess
import sys
from io import BytesIO
from itertools import product
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
import sample
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from landalloc.models.plan import Decision
from landalloc.optimizer.allocation import Allocation
from landalloc.optimizer.pipeline import allocate
from landalloc.optimizer.read import read
from landalloc.optimizer.report import folder, xlsx, xlsx_left_out, xlsx_ranking
from landalloc.optimizer.report import json as plan_json
from landalloc.optimizer.report.xlsx_ranking import FIRST, HEADS, MOST_LISTED
from landalloc.optimizer.solve import Limits

INPUTS = Path(__file__).resolve().parent.parent / "inputs"
LANGUAGES = ("zh", "en")
SUMMARY, RANKING, SUPPLIES, RULES, LEFT_OUT, MEETING, ANNEX = range(7)
FUNCTIONS = {"SUM", "SUBTOTAL", "SUMPRODUCT", "EXACT", "COUNTIF", "ROWS", "IF", "OR", "ROUND", "MAX", "ABS"}
HOSTILE = {
    "jinglu": '=HYPERLINK("http://example.org","click")',
    "dajin": "<script>alert(1)</script>&amp;",
    "floor": "../../x\x00\x1b[31m\u202eright to left",
    "beiben": "很长" * 150,
    "roro": "+1\ufffe\uffff _x0041_ \ud800",
    "estate": '@SUM(A1)","',
    "coal": "-2+3&G&P\n=1",
}


@functools.cache
def solved(name: str) -> Allocation:
    return allocate(read(INPUTS / f"{name}.yaml"), Limits(), language="zh")


def content(allocation: Allocation, language: str = "zh") -> bytes:
    return xlsx.files(allocation, language)["report.xlsx"]


def formulas(data: bytes) -> Workbook:
    return openpyxl.load_workbook(BytesIO(data))


def values(data: bytes) -> Workbook:
    return openpyxl.load_workbook(BytesIO(data), data_only=True)


def sheet(book: Workbook, number: int) -> Worksheet:
    return book.worksheets[number]


def column(paper: Worksheet, head: str, row: int = HEADS) -> int:
    """The column whose heading begins with this text, counted from 1."""
    found = [cell.column for cell in paper[row + 1] if str(cell.value or "").replace("\n", "").startswith(head)]
    assert found, f"no heading {head!r} in {[cell.value for cell in paper[row + 1]]}"
    return found[0]


def heading_row(paper: Worksheet, first: str) -> int:
    """The row whose first cell is this heading, counted from 0."""
    return next(row[0].row - 1 for row in paper.iter_rows() if row[0].value == first)


def cells(book: Workbook) -> list[Cell]:
    return [cell for paper in book for row in paper.iter_rows() for cell in row if cell.value is not None]


def is_formula(cell: Cell) -> bool:
    return cell.data_type == "f"


# --- what is in it


def test_the_sheets_stand_in_the_order_of_a_paper() -> None:
    names = ["概要", "项目排序", "要素平衡", "目标和约束", "未安排项目", "提请会议研究", "附件"]
    assert formulas(content(sample.allocation())).sheetnames == names


def test_columns_follow_the_measures_of_the_file_and_the_criteria() -> None:
    paper = sheet(values(content(sample.allocation(), "en")), RANKING)
    heads = [str(cell.value).replace("\n", " ") for cell in paper[HEADS + 1]]
    asked = [head for head in heads if ", asked" in head]
    assert asked == [
        "land, asked (mu)", "shoreline, asked (m)", "deep shoreline, asked (m)", "energy, asked (tce/year)",
        "investment, asked (亿元)", "output, asked (亿元/year)", "tax, asked (万元/year)", "jobs, asked (people)",
    ]  # fmt: skip
    ratios = heads.index("investment intensity (万元/mu)")
    assert heads[ratios : ratios + 4] == [
        "investment intensity (万元/mu)", "output per area (万元/mu)", "tax per area (万元/mu)", "index",
    ]  # fmt: skip
    assert len(set(heads)) == len(heads)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_project_stands_there_with_its_figures(language: str) -> None:
    allocation = sample.allocation()
    data = content(allocation, language)
    paper, live = sheet(values(data), RANKING), sheet(formulas(data), RANKING)
    place = {key: column(paper, head) for key, head in _heads(language).items()}
    for i, project in enumerate(allocation.projects.to_dict("records")):
        row = FIRST + 1 + i
        assert paper.cell(row, place["title"]).value == project["title"]
        assert paper.cell(row, place["asked"]).value == pytest.approx(project["requested.land"])
        assert paper.cell(row, place["granted"]).value == pytest.approx(project["granted.land"])
        found = paper.cell(row, place["ratio"]).value
        ratio = project["ratios.investment_intensity"]
        assert is_formula(live.cell(row, place["ratio"]))
        if math.isnan(ratio):
            assert found == "–"
        elif project["id"] not in ("beiben", "jinglu"):  # the sample's ratios are as asked; those two differ
            assert found == pytest.approx(ratio * 1e4, rel=1e-3)


def _heads(language: str) -> dict[str, str]:
    names = {"zh": ("项目", "用地申请量", "用地安排量", "投资强度"),
             "en": ("project", "land, asked", "land, granted", "investment intensity")}[language]  # fmt: skip
    return dict(zip(("title", "asked", "granted", "ratio"), names, strict=True))


@pytest.mark.parametrize("name", ["harbour", "penglai"])
def test_ratios_are_those_of_the_plan(name: str) -> None:
    allocation = solved(name)
    paper = sheet(values(content(allocation)), RANKING)
    for criterion in (c for c in allocation.plan.criteria if c.per is not None):
        place = column(paper, criterion.title)
        for i, ratio in enumerate(allocation.projects[f"ratios.{criterion.name}"]):
            found = paper.cell(FIRST + 1 + i, place).value
            factor = found / ratio if isinstance(found, float) and ratio else 1.0
            assert found == "–" if math.isnan(ratio) else found == pytest.approx(ratio * _power_of_ten(factor))


def _power_of_ten(factor: float) -> float:
    return 10.0 ** round(math.log10(factor))


@pytest.mark.parametrize("name", ["harbour", "penglai"])
def test_totals_and_subtotals_are_those_of_the_plan(name: str) -> None:
    allocation = solved(name)
    data = content(allocation)
    paper, live = sheet(values(data), RANKING), sheet(formulas(data), RANKING)
    total = FIRST + 1 + len(allocation.projects)
    assert str(paper.cell(total, 2).value).startswith("合计")
    for measure, words in product([m for m in allocation.plan.measures if m.scarce], ("申请量", "安排量")):
        key = "requested" if words == "申请量" else "granted"
        place = column(paper, measure.title + words)
        expected = allocation.projects[f"{key}.{measure.name}"].sum()
        assert paper.cell(total, place).value == pytest.approx(expected)
        assert str(live.cell(total, place).value).startswith("=SUM(")
        assert str(live.cell(HEADS, place).value).startswith("=SUBTOTAL(109,")
    group = {g.value: g for g in allocation.plan.groups if g.by == "cluster"}
    land, label = column(paper, "用地安排量"), column(paper, "产业集群")
    rows = [row for row in range(total + 1, paper.max_row + 1) if paper.cell(row, label).value in group]
    assert {paper.cell(row, label).value for row in rows} == group.keys()
    for row in rows:
        expected = group[paper.cell(row, label).value].granted["land"]
        assert paper.cell(row, land).value == pytest.approx(expected)
        assert is_formula(live.cell(row, land))


@pytest.mark.parametrize("name", ["harbour", "penglai"])
def test_the_balance_is_that_of_the_plan(name: str) -> None:
    allocation = solved(name)
    paper = sheet(values(content(allocation)), SUPPLIES)
    row = heading_row(paper, "紧缺要素")
    places = {word: column(paper, word, row) for word in ("片区", "结余", "缺口", "使用率", "可供合计")}
    listed = {(line[0].value, line[places["片区"] - 1].value): line for line in paper.iter_rows(min_row=row + 2)}
    titles = {m.name: m.title for m in allocation.plan.measures}
    zones = {z.name: z.title for z in allocation.plan.zones} | {None: "全区"}
    for supply in allocation.plan.resources:
        found = {word: listed[titles[supply.measure], zones[supply.zone]][at - 1].value for word, at in places.items()}
        assert found["结余"] == pytest.approx(supply.slack, abs=1e-6)
        assert found["缺口"] == pytest.approx(supply.shortage, abs=1e-6)
        available = supply.supply + supply.made + supply.substituted
        assert found["使用率"] == (pytest.approx(supply.used / available) if available > 0 else "–")


@pytest.mark.parametrize("name", ["harbour", "penglai"])
def test_the_score_adds_up_to_that_of_the_plan(name: str) -> None:
    allocation = solved(name)
    data = content(allocation)
    paper, live = sheet(values(data), ANNEX), sheet(formulas(data), ANNEX)
    row = heading_row(paper, "评价指标")
    points, by_sheet = column(paper, "得分", row), column(paper, "打分排序法得分", row)
    score, penalty, objective = (heading_row(paper, name) + 1 for name in ("综合得分", "扣分", "综合得分减扣分"))
    assert paper.cell(score, points).value == pytest.approx(allocation.plan.score)
    assert paper.cell(score, by_sheet).value == pytest.approx(allocation.plan.baseline.score)
    assert paper.cell(penalty, points).value == pytest.approx(allocation.plan.penalty, abs=1e-9)
    assert paper.cell(objective, points).value == pytest.approx(allocation.plan.objective)
    assert all(is_formula(live.cell(r, points)) for r in (score, penalty, objective))
    front = sheet(values(data), SUMMARY)
    assert front.cell(heading_row(front, "综合得分") + 1, 3).value == pytest.approx(allocation.plan.score)


def test_rules_tell_what_is_short_and_what_it_costs() -> None:
    paper = sheet(values(content(sample.allocation())), RULES)
    row = heading_row(paper, "约束条件")
    ships = heading_row(paper, "造船能力") + 1
    words = ("限值", "现状", "本方案新增", "相差", "结论", "扣分")
    told = {word: paper.cell(ships, column(paper, word, row)).value for word in words}
    assert told == {"限值": 2e6, "现状": 1.2e6, "本方案新增": 640000, "相差": 160000, "结论": "未达到", "扣分": 0.4}
    assert paper.cell(heading_row(paper, "合计") + 1, column(paper, "扣分", row)).value == pytest.approx(0.4)


def test_who_is_left_out_stands_there_with_the_reason() -> None:
    allocation = sample.allocation()
    book = values(content(allocation))
    for number, decisions in ((LEFT_OUT, (Decision.REJECTED, Decision.INADMISSIBLE)), (MEETING, (Decision.DISCUSS,))):
        paper = sheet(book, number)
        row = heading_row(paper, "位次")
        names, reasons = column(paper, "项目", row), column(paper, "理由", row)
        listed = {line[names - 1].value: line[reasons - 1].value for line in paper.iter_rows(min_row=row + 2)}
        chosen = allocation.projects[allocation.projects["decision"].isin(decisions)]
        assert listed == {p["title"]: " ".join(text for _, text in p["reasons"]) for p in chosen.to_dict("records")}


def test_assumed_figures_carry_a_star_and_a_note() -> None:
    allocation = sample.allocation()
    paper = sheet(values(content(allocation)), RANKING)
    place = column(paper, "综合能耗申请量")
    for i, assumed in enumerate(allocation.projects["assumed"]):
        shown = paper.cell(FIRST + 1 + i, place).number_format
        assert ("\\*" in shown) == ("energy" in assumed)
    assert "估" in str(paper.cell(2, 1).value)


# --- how it looks


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_can_be_worked_with_and_printed(language: str) -> None:
    book = formulas(content(sample.allocation(), language))
    for paper in book:
        setup = paper.page_setup
        assert (setup.orientation, setup.paperSize) == ("landscape", 9), paper.title
        assert paper.sheet_properties.pageSetUpPr.fitToPage, paper.title
        assert setup.fitToWidth in (None, 1, 2), paper.title
        assert paper.print_area, paper.title
    for number in (RANKING, SUPPLIES, RULES, LEFT_OUT, MEETING):
        paper = sheet(book, number)
        assert paper.freeze_panes, paper.title
        assert paper.auto_filter.ref, paper.title
        assert paper.print_title_rows, paper.title
    assert sheet(book, RANKING).freeze_panes == f"C{FIRST + 1}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_show_what_stands_in_the_cells(language: str) -> None:
    with ZipFile(BytesIO(content(sample.allocation(), language))) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "/charts/chart" in name]
    assert len(charts) == 2
    for chart in charts:  # a viewer that does not calculate draws from these
        assert len(re.findall("<c:numCache>", chart)) == len(re.findall("<c:val>", chart))
        assert all(float(value) > 0 for value in re.findall(r"<c:numCache>.*?<c:v>([^<]+)", chart))


def _shown(cell: Cell) -> str:
    """A figure as its format shows it, the room of a star included."""
    places = len(re.match(r"#,##0(?:\.(0*))?", cell.number_format)[1] or "")
    percent = "%" in cell.number_format.split(";")[0]
    return f"{cell.value * (100 if percent else 1):,.{places}f}" + "%" * percent + "*"


@pytest.mark.parametrize(("name", "language"), [*product(("harbour", "penglai"), LANGUAGES)])
def test_no_figure_is_wider_than_its_column(name: str, language: str) -> None:
    book = values(content(solved(name), language))
    seen = 0
    for cell in cells(book):
        if isinstance(cell.value, int | float):
            assert cell.number_format.startswith("#,##0"), f"{cell.parent.title}!{cell.coordinate}"
            width = cell.parent.column_dimensions[cell.column_letter].width
            assert len(_shown(cell)) + 0.5 <= width, f"{cell.parent.title}!{cell.coordinate}: {_shown(cell)}"
            seen += 1
    assert seen > 100


def test_a_small_figure_is_never_shown_as_nothing() -> None:
    allocation = sample.allocation()
    allocation.projects.loc[1, ["requested.land", "granted.land"]] = 0.04
    paper = sheet(values(content(allocation)), RANKING)
    assert paper.cell(FIRST + 2, column(paper, "用地申请量")).number_format.startswith("#,##0.00")


# --- hostile text


def hostile() -> Allocation:
    """Everything that users name, named by somebody who means ill."""
    bad = "=cmd|' /C calc'!A0"
    allocation = sample.allocation(HOSTILE)
    projects, plan = allocation.projects, allocation.plan
    projects["attributes.cluster"] = [f"{bad}{i % 3}" for i in range(len(projects))]
    projects["id"] = [f"={id_}" for id_ in projects["id"]]
    projects["reasons"] = [(("worth", bad),) for _ in range(len(projects))]
    return Allocation(
        plan.model_copy(update={
            "title": "+方案&D&T", "name": bad, "case": bad,
            "zones": tuple(zone.model_copy(update={"title": f"@{zone.title}"}) for zone in plan.zones),
            "measures": tuple(m.model_copy(update={"title": f"={m.title}"}) for m in plan.measures),
            "criteria": tuple(c.model_copy(update={"title": f"-{c.title}"}) for c in plan.criteria),
            "rules": tuple(r.model_copy(update={"title": bad, "source": bad}) for r in plan.rules),
            "resources": tuple(r.model_copy(update={"source": bad}) for r in plan.resources),
            "groups": tuple(g.model_copy(update={"value": f"{bad}0"}) for g in plan.groups if g.by == "cluster"),
        }),
        projects,
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_users_write_is_text_and_never_runs(language: str) -> None:
    data = content(hostile(), language)
    book = formulas(data)
    ours = [cell for cell in cells(book) if is_formula(cell)]
    assert len(ours) > 100
    for cell in ours:
        text = re.sub(r'"[^"]*"|\'[^\']*\'', "", str(cell.value))  # without texts and names of sheets
        assert set(re.findall(r"[A-Z]{2,}(?=\()", text)) <= FUNCTIONS
        assert "cmd" not in str(cell.value)
        assert "HYPERLINK" not in str(cell.value)
    texts = {str(cell.value) for cell in cells(book) if cell.data_type == "s"}
    assert HOSTILE["jinglu"] in texts
    assert any("<script>" in text for text in texts)
    with ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name).decode() for name in names}
    assert not [name for name in names if "externalLink" in name or "vba" in name or "connections" in name]
    assert not [name for name, part in parts.items() if "<hyperlink" in part or "ddeLink" in part]


def test_texts_come_back_as_they_were() -> None:
    paper = sheet(values(content(sample.allocation(HOSTILE))), RANKING)
    names = [paper.cell(FIRST + 1 + i, 2).value for i in range(len(sample.PROJECTS))]
    assert "_x0041_" in names[5]
    assert names[4] == "很长" * 150
    assert not any(set(str(name)) & set("\x00\x1b\u202e\ufffe\uffff\n") for name in names)


def test_a_long_name_does_not_stretch_its_row() -> None:
    paper = sheet(formulas(content(sample.allocation(HOSTILE))), RANKING)
    assert paper.row_dimensions[FIRST + 5].height <= 4 * 15 + 3


# --- the same bytes


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_runs_write_the_same_bytes(language: str, tmp_path: Path) -> None:
    code = (
        "import sys, sample\n"
        "from landalloc.optimizer.report import xlsx\n"
        f"sys.stdout.buffer.write(xlsx.files(sample.allocation(), {language!r})['report.xlsx'])"
    )
    here = {"PYTHONPATH": str(Path(__file__).parent), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    ran = subprocess.run([sys.executable, "-c", code], env=here, cwd=tmp_path, capture_output=True, check=True)
    assert ran.stdout == content(sample.allocation(), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_plan_json_alone_it_is_the_same(language: str, tmp_path: Path) -> None:
    allocation = solved("harbour")
    folder.write(tmp_path / "result", plan_json.files(allocation))
    assert content(plan_json.load(tmp_path / "result"), language) == content(allocation, language)


def test_nobody_else_waits_for_the_library(tmp_path: Path) -> None:
    code = "import sys, landalloc.optimizer.report.xlsx; print('xlsxwriter' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


# --- large and small


def test_a_large_list_shows_its_first_rows_and_adds_up_all() -> None:
    count = MOST_LISTED + 600
    allocation = sample.large(count)
    book = CalamineWorkbook.from_filelike(BytesIO(content(allocation)))
    rows = book.get_sheet_by_index(RANKING).to_python()
    shown = rows[FIRST : FIRST + MOST_LISTED]
    assert [row[1] for row in shown] == [f"项目{i + 1}" for i in range(MOST_LISTED)]
    assert str(rows[1][0]).startswith(f"按位次列出前{MOST_LISTED}个，其余600个见ranking.csv；合计为全部项目。")
    heads = [str(head).replace("\n", "") for head in rows[HEADS]]
    land, granted = heads.index("用地申请量(亩)"), heads.index("用地安排量(亩)")
    asked, given = (allocation.projects[f"{group}.land"].sum() for group in ("requested", "granted"))
    assert rows[HEADS - 1][land] == pytest.approx(sum(row[land] for row in shown))
    total, *subtotals = rows[FIRST + MOST_LISTED :]
    assert total[1] == f"合计{count}个，安排{count // 2}个"
    assert (total[land], total[granted]) == (pytest.approx(asked), pytest.approx(given))
    by_decision = {row[heads.index("安排意见")]: row[1] for row in subtotals}
    assert by_decision["入选"] == f"小计{count // 2}个，安排{count // 2}个"
    assert by_decision["暂缓安排"] == f"小计{count // 2}个，安排0个"
    left_out = book.get_sheet_by_index(LEFT_OUT).to_python()
    assert [row[1] for row in left_out if str(row[1]).startswith("项目")][1:3] == [
        f"项目{count // 2 + 1}", f"项目{count // 2 + 2}",
    ]  # fmt: skip


def test_lists_that_are_cut_say_how_many_more(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (xlsx_ranking, xlsx_left_out):
        monkeypatch.setattr(module, "MOST_LISTED", 400)
    book = CalamineWorkbook.from_filelike(BytesIO(content(sample.large(1000), "en")))
    left_out = book.get_sheet_by_index(LEFT_OUT).to_python()
    assert sum(str(row[1]).startswith("项目") for row in left_out) == 400
    assert left_out[-1][0] == "… and 100 more"
    annex = [row[0] for row in book.get_sheet_by_index(ANNEX).to_python()]
    assert "… and 200 more" in annex  # of 500 on no sheet of points, 300 are listed


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_of_nothing_is_a_workbook_too(language: str) -> None:
    nothing = {"zones": (), "rules": (), "resources": (), "groups": (), "criteria": (), "tiers": ()}
    plan = sample.plan(**nothing)
    projects = sample.projects().iloc[:0].drop(columns=["share@north", "share@south"])
    book = values(content(Allocation(plan, projects), language))
    assert len(book.sheetnames) == 7
    assert not [cell for cell in cells(book) if str(cell.value).startswith("#")]
