"""The answers about a plan in its reports: what they say, with which words and figures, and whose they may be."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sample
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from test_report_html import HOSTILE, Page
from typer.testing import CliRunner

from landalloc.models.explanation import Curve, CurveStep, Explanation
from landalloc.models.finding import InputError
from landalloc.optimizer.allocation import Allocation
from landalloc.optimizer.cli import app
from landalloc.optimizer.report import answered, answers, explained, html, page_answers, svg, terminal, xlsx
from landalloc.optimizer.report import csv as tables
from landalloc.optimizer.report import json as plan_json
from landalloc.optimizer.report.numbers import THIN, Language
from landalloc.optimizer.report.words import catalogue

INPUTS = Path(__file__).resolve().parent.parent / "inputs"
LANGUAGES: list[Language] = ["zh", "en"]
SHEETS = ["More or less of it", "What rules cost", "What it would take", "Reserve list", "Other plans"]


def page(allocation: Allocation, language: Language = "en") -> tuple[str, Page]:
    text = html.files(allocation, language)[html.NAME].decode()
    return text, Page(text)


def book(allocation: Allocation, language: Language = "en") -> Any:
    return openpyxl.load_workbook(io.BytesIO(xlsx.files(allocation, language)[xlsx.NAME]), data_only=True)


def rows(paper: Any, first: str) -> list[dict[str, Any]]:
    """The rows under the heading that begins with this cell, by heading, up to the first blank one."""
    lines = [[cell.value for cell in row] for row in paper.iter_rows()]
    start = next(i for i, line in enumerate(lines) if line[0] == first)
    heads = [str(head).replace("\n", " ") for head in lines[start]]
    body = [line for line in lines[start + 1 :] if line[1] is not None]
    return [dict(zip(heads, line, strict=True)) for line in body]


# --- html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_answer_has_its_section_in_order(language: Language) -> None:
    text, parsed = page(sample.answered(), language)
    sections = [found["id"] for found in parsed.all("section")]
    assert sections == [
        "balance", "principles", "ranking", "supplies", "steps", "left-out", "takes", "reserve", "rules", "costs",
        "meeting", "others", "annex",
    ]  # fmt: skip
    linked = {str(found["href"]) for found in parsed.all("a")}
    assert {"#steps", "#takes", "#reserve", "#costs", "#others"} <= linked
    ids = [str(found["id"]) for _, found in parsed.tags if "id" in found]
    assert len(ids) == len(set(ids))
    assert {href.removeprefix("#") for href in linked} <= set(ids)
    assert "landalloc explain SCENARIO" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_of_the_answers_is_in_the_language_of_the_page(language: Language) -> None:
    _, parsed = page(sample.answered(), language)
    known = catalogue("zh")
    other = set(known) - set(known.values()) if language == "zh" else set(known.values()) - set(known)
    users = {"sample", "port", "parts", "energy", "用地", "产值"}
    labels = set(parsed.texts) | {
        v for _, found in parsed.tags for n, v in found.items() if n in ("aria-label", "data-h") and v
    }
    assert labels & (other - users) == set()


def test_without_answers_the_page_says_how_to_ask() -> None:
    text, parsed = page(sample.allocation())
    assert "landalloc explain SCENARIO coal chp" in text
    assert not {"steps", "takes", "reserve", "costs", "others"} & {found["id"] for found in parsed.all("section")}


def test_a_change_stands_there_with_its_units_and_as_a_command_takes_it() -> None:
    said = page_answers.said(sample.answered(), {}, "en")
    assert said is not None
    (coal,) = said.takes
    land, supply, weight = coal.changes
    assert (land[0].what, *land[0].texts, land[0].part) == ("land", "260 mu", "243 mu", "-6.7%")
    assert land[0].setting == "--set projects.coal.land=242.515"
    assert supply[0].what == "supply of land, north"
    assert (weight[0].what, *weight[0].texts) == ("weight of output", "40", "55.12")
    assert [proved for _, _, proved in coal.changes] == [True, True, False]
    assert [item.name for item in said.takes_none.items] == ["2×300MW热电联产"]
    assert said.takes_open == "Not proved within the time: 10万吨级煤炭码头."


def test_the_reserve_list_leaves_out_whom_it_is_about_and_gives_intervals() -> None:
    said = page_answers.said(sample.answered(), {"estate": "p7"}, "en")
    assert said is not None
    jinglu, roro = said.withdrawn
    assert [item.name for item in jinglu.enters.items] == ["10万吨级煤炭码头", "2×300MW热电联产"]
    assert [(item.name, item.anchor) for item in jinglu.leaves.items] == [("荒山光伏", "p7")]
    assert (roro.loss, roro.proved, list(roro.near)) == ("0.80 to 1.25", False, ["in every plan", "in some"])
    coal, chp = said.forced
    assert (coal.loss, coal.enters.items) == ("0.35", [])
    assert chp.loss == "∞"


def test_rules_and_other_plans_in_points_and_in_their_own_units() -> None:
    said = page_answers.said(sample.answered(), {}, "en")
    assert said is not None
    standard, ships, fair = said.costs
    assert (standard.points, list(standard.gains)) == (
        "0.75 points", ["output +300 million yuan/year", "tax per area −4.10 million yuan/year"],
    )  # fmt: skip
    assert (ships.points, ships.enforced) == ("no plan can keep it to the full", True)
    assert fair.points == "0.00 to 1.50 points"
    (other,) = said.others
    assert (other.points, other.less, list(other.gains)) == (
        "62.50",
        "0.48",
        ["output +1 100 million yuan/year".replace(" 100", f"{THIN}100")],
    )


def test_a_card_tells_what_was_asked_about_its_project() -> None:
    text, _ = page(sample.answered())
    card = text.partition('id="p8c"')[2].partition("</tr>")[0]
    assert "If it is forced in, the plan loses 0.35 points, out: 荒山光伏" in card
    assert "land from 260 mu to 243 mu <code>--set projects.coal.land=242.515</code>" in card


def test_a_page_with_answers_about_many_stays_small() -> None:
    many = sample.large(2000)
    ids = many.projects["id"].tolist()
    (coal,) = [one for one in sample.answers().projects if one.id == "coal"]
    forced = coal.forced
    assert forced is not None
    crowd = forced.model_copy(update={"enters": tuple(ids[:50]), "leaves": tuple(ids[50:100])})
    people = tuple(coal.model_copy(update={"id": id_, "forced": crowd, "withdrawn": crowd}) for id_ in ids)
    asked = sample.answers().model_copy(update={"projects": people, "prices": (curve(400, ids),) * 60})
    data = html.files(replace(many, answers=asked), "zh")[html.NAME]
    assert len(data) < html.LARGEST
    assert "其余" in data.decode()
    assert 'class="row ' in data.decode()


def test_hostile_names_stay_text_among_the_answers() -> None:
    for language in LANGUAGES:
        text, parsed = page(sample.answered(HOSTILE), language)
        assert len(parsed.all("script")) == 1
        assert not parsed.all("img")
        assert "\x00" not in text


# --- what more of a supply brings


def curve(count: int, ids: list[str]) -> Curve:
    steps = [
        CurveStep(
            from_=10.0 * i,
            to=10.0 * i + 10,
            objective=(float(i), float(i)),
            enters=tuple(ids[:20]),
            leaves=tuple(ids[20:40]),
        )
        for i in range(count)
    ]
    return Curve(measure="land", zone="north", price=(0.0, 0.0), steps=tuple(steps))


def steps(*parts: tuple[float, float, float, float], price: tuple[float, float] = (0.0, 0.0)) -> Curve:
    listed = tuple(CurveStep(from_=a, to=b, objective=(u, v), enters=("coal",), leaves=()) for a, b, u, v in parts)
    return Curve(measure="land", zone="north", price=price, steps=listed)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (steps((0, 1200, 1, 1), (1200, 3000, 4, 4)), "80 mu more brings 3.00 points, in: 10万吨级煤炭码头"),
        (steps((0, 1119.6, 1, 1), (1119.6, 1120.2, 2, 2), (1120.2, 2000, 3, 3)),
         "1 mu more brings 1.00 points, in: 10万吨级煤炭码头"),
        (steps((0, 1000, 0, 0), (1000, 1500, 0, 5)), "0.01 points per mu, up to 380 mu more"),
        (steps((0, 1200, 1, 1), (1200, 1300, 1, 2)), "from 80 mu more on 0.01 points per mu, up to 180 mu more"),
        (steps((0, 1120, 1, 1), (1120, 2000, 2, 2)), "nothing up to 880 mu more"),
        (steps((2000, 3000, 1, 1)), ""),
    ],
)  # fmt: skip
def test_the_next_real_step_is_what_more_of_it_brings(asked: Curve, said: str) -> None:
    held = sample.answers().model_copy(update={"prices": (asked,)})
    allocation = replace(sample.allocation(), answers=held)
    row = next(r for r in allocation.plan.resources if (r.measure, r.zone) == ("land", "north"))
    assert answers.one_more(allocation, row, "en") == said
    assert "divid" not in said


@given(st.lists(st.tuples(st.floats(0.01, 100), st.floats(0, 10), st.floats(0, 10)), min_size=1, max_size=8),
       st.floats(0, 1))  # fmt: skip
def test_the_next_step_is_the_first_supply_at_which_the_curve_rises(
    parts: list[tuple[float, float, float]], where: float
) -> None:
    found, t, v = [], 0.0, 0.0
    for wide, jump, rise in parts:
        v += jump
        found.append((t, t + wide, v, v + rise))
        t, v = t + wide, v + rise
    supply = where * t
    step = answers.next_step(steps(*found), supply)
    assert step is not None

    def value(at: float) -> float:
        inside = [p for p in found if p[0] <= at + 1e-9 * max(1.0, supply)] or found[:1]
        a, b, low, high = inside[-1]
        return low + (high - low) * min(1.0, (at - a) / (b - a))

    now, room = value(supply), 1e-5 * (1 + v)
    if step.more == float("inf"):
        assert v - now <= room
        return
    if step.more > 0:
        assert value(supply + step.more * 0.999) - now <= room
    assert value(supply + step.more) + step.slope * (step.until - step.more) - now > 0
    assert step.gain <= value(supply + step.more + 1e-12) - now + room


def test_a_price_that_is_not_unique_is_an_interval_in_every_table() -> None:
    asked = sample.answers().model_copy(update={"prices": (steps((0, 3000, 0, 9), price=(0.8, 1.2)),)})
    allocation = replace(sample.allocation(linear=True), answers=asked)
    said = "0.8 to 1.2 points per mu, by direction"
    assert said in page(allocation)[0]
    assert said in tables.resources(allocation, "en").decode("utf-8-sig")
    assert said in {row["one more brings"] for row in rows(book(allocation)["Balance by zone"], "scarce resource")}
    shown = "".join(line.plain for line in terminal.lines(allocation, "en", 160))
    assert said in shown
    unique = sample.answers().model_copy(update={"prices": (steps((0, 3000, 0, 9), price=(0.003, 0.003)),)})
    text, _ = page(replace(allocation, answers=unique))
    assert "one mu more brings" in text  # in the reader's own terms


@given(st.lists(st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9)), min_size=1, max_size=30), st.floats(0, 1e9))
def test_a_line_stays_within_its_frame(ends: list[tuple[float, float]], supply: float) -> None:
    runs = [(float(i), a, i + 1.0, b) for i, (a, b) in enumerate(ends)]
    drawn = str(svg.line(runs, svg.Axis("x", supply, "now"), svg.Axis("y", None, ""), "label"))
    path = drawn.partition('class="course" d="M')[2].partition('"')[0]
    for spot in path.split("L"):
        x, y = map(float, spot.split(" "))
        assert svg.LEFT - 0.1 <= x <= svg.WIDTH - svg.RIGHT + 0.1
        assert svg.TOP - 0.1 <= y <= svg.LOW_FOOT + 0.1


# --- xlsx, csv, terminal


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_has_a_sheet_for_each_kind_of_answer(language: Language) -> None:
    names = book(sample.answered(), language).sheetnames
    wanted = [catalogue(language).get(name, name) for name in SHEETS]
    assert [name for name in names if name in wanted] == wanted
    assert len(names) == 12
    assert xlsx.files(sample.answered(), language) == xlsx.files(sample.answered(), language)


def test_the_sheets_hold_the_figures() -> None:
    found = book(sample.answered(HOSTILE))
    land, supply, weight = rows(found["What it would take"], "project code")
    assert (land["from"], land["to"], land["unit"], land["to copy"]) == (
        260, 242.515, "mu", "--set projects.coal.land=242.515",
    )  # fmt: skip
    assert (supply["points of the plan then"], supply["not proved"]) == (63.5, None)
    assert weight["not proved"] == "not proved"
    reserve = rows(found["Reserve list"], "project code")
    assert [row["what happens"] for row in reserve] == ["withdrawn", "withdrawn", "forced in", "forced in"]
    assert [row["the plan loses (points)"] for row in reserve] == [6.25, 1.25, 0.35, "∞"]
    assert [row["not proved"] for row in reserve] == [None, "0.80 to 1.25", None, None]
    ranges = rows(found["More or less of it"], "scarce resource")
    assert [row["now"] for row in ranges] == [None, 1120, None, 900000]
    assert ranges[0]["one more is worth (points)"] == pytest.approx(30 / 900)
    standard, ships, fair = rows(found["What rules cost"], "rule")
    assert standard["output without it (亿元/year)"] == 3
    assert (ships["it costs (points)"], fair["not proved"]) == ("∞", "0.00 to 1.50")
    (other,) = rows(found["Other plans"], "points of the plan")
    assert other["output, change (亿元/year)"] == pytest.approx(11.0)


def test_tables_come_with_the_answers() -> None:
    found = tables.files(sample.answered(), "en")
    assert set(found) == {"ranking.csv", "resources.csv", "takes.csv", "reserve.csv", "prices.csv", "rules.csv"}
    read = list(csv.DictReader(io.StringIO(found["resources.csv"].decode("utf-8-sig"))))
    assert "30 mu more brings 1.50 points, in: 10万吨级煤炭码头, out: 荒山光伏" in {r["one more brings"] for r in read}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("hostile", [None, HOSTILE], ids=["plain", "hostile"])
def test_the_terminal_tells_the_next_in_line_what_it_would_take(language: Language, hostile: Any) -> None:
    lines = [line.plain for line in terminal.lines(sample.answered(hostile), language)]
    assert max(map(cell_len, lines)) <= 80
    assert any("--set projects.coal.land=242.515" in line for line in lines)
    assert not any("landalloc explain" in line for line in lines)


def test_where_the_exact_optimum_decides_otherwise_the_reports_say_so() -> None:
    asked = sample.answers()
    other = [one.model_copy(update={"decision": "rejected"}) if one.id == "roro" else one for one in asked.projects]
    allocation = replace(sample.allocation(), answers=asked.model_copy(update={"projects": tuple(other)}))
    assert "decides otherwise on 滚装泊位." in page(allocation)[0]
    assert answers.other_optimum(sample.answered(), "en") == ""


# --- explain.json beside a plan


@pytest.fixture
def result(tmp_path: Path) -> Path:
    """A folder with a plan and the answers about it."""
    target = tmp_path / "result"
    target.mkdir()
    for name, content in {**plan_json.files(sample.allocation()), **explained.files(sample.answers(), "zh")}.items():
        (target / name).write_bytes(content)
    return target


def report(target: Path, *options: str) -> tuple[int, str]:
    ran = CliRunner().invoke(app, ["report", str(target), "--lang", "en", *options])
    return ran.exit_code, ran.output


def test_answers_come_back_as_they_were_written(result: Path) -> None:
    found, findings = answered.load(result, sample.allocation())
    assert findings == []
    assert found.answers == sample.answers()
    assert answered.load(result.parent, sample.allocation())[0].answers is None


@pytest.mark.parametrize("format_", ["html", "xlsx", "csv"])
def test_report_takes_the_answers_in(result: Path, format_: str) -> None:
    status, _ = report(result, "--format", format_)
    assert status == 0
    held = replace(plan_json.load(result), answers=sample.answers())
    expected = {"html": html.files, "xlsx": xlsx.files, "csv": tables.files}[format_](held, "en")
    assert {name: (result / name).read_bytes() for name in expected} == expected


def test_report_on_the_terminal_takes_them_in(result: Path) -> None:
    status, told = report(result)
    assert status == 0
    assert "--set projects.coal.land=242.515" in told


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "not json",
        lambda text: "[1, 2]",
        lambda text: "{}{",
        lambda text: "[" * 100_000,
        lambda text: '{"projects": NaN}',
        lambda text: '{"projects": 7}',
        lambda text: '{"surprise": 1}',
        lambda text: text.replace('"loss": 6.25', '"loss": "=1+1"'),
        lambda text: text.replace('"to": 2000', '"to": 1e999'),
        lambda text: text.replace('"id": "coal"', '"id": "\\u001b[31m\\ud800"'),
        lambda text: text.replace('"measure": "land"', '"measure": "sand"'),
        lambda text: text.replace('"zone": "north"', '"zone": "west"'),
        lambda text: text.replace('"enters": ["chp"]', '"enters": ["nobody"]'),
        lambda text: text.replace('"cost_in": {"output"', '"cost_in": {"input"'),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_a_finding_and_nothing_is_written(result: Path, spoil: Callable[[str], str]) -> None:
    path = result / explained.EXPLAIN
    text = path.read_text(encoding="utf-8")
    spoiled = spoil(text)
    assert spoiled != text
    path.write_text(spoiled, encoding="utf-8")
    with pytest.raises(InputError):
        answered.load(result, sample.allocation())
    status, told = report(result, "--format", "html")
    assert status == 1
    assert "explain.json: error:" in told
    assert "Traceback" not in told
    assert "\x1b" not in told
    assert not (result / html.NAME).exists()


@pytest.mark.parametrize("field", ["inputs", "case", "set", "nothing"])
def test_answers_about_other_inputs_are_left_out_with_a_warning(result: Path, field: str) -> None:
    other = {"inputs": {"harbour.yaml": "1" * 64}, "case": "dry", "set": {"criteria.jobs.weight": "40"}}
    origin = None if field == "nothing" else sample.plan().provenance.model_copy(update={field: other[field]})
    asked = sample.answers().model_copy(update={"provenance": origin})
    (result / explained.EXPLAIN).write_bytes(explained.files(asked, "zh")[explained.EXPLAIN])
    status, told = report(result, "--format", "html")
    assert status == 0
    assert "are about other inputs" in told
    assert (result / html.NAME).read_bytes() == html.files(plan_json.load(result), "en")[html.NAME]


# --- explain refreshes what stands there


SMALL = """\
name: small
language: en
measures: {land: {unit: mu}, jobs: {unit: person}}
supply: {land: 10}
criteria: {jobs: {of: jobs, weight: 1}}
projects:
  - {id: a, land: 8, jobs: 5, min_share: 1}
  - {id: b, land: 6, jobs: 4, min_share: 1}
  - {id: c, land: 3, jobs: 2, min_share: 1}
"""


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "results" / "small"


def test_explain_refreshes_the_reports_of_the_same_plan(small: Path) -> None:
    assert run("solve", "small.yaml")[0] == 0
    before = {name: (small / name).read_bytes() for name in ("report.html", "report.xlsx", "plan.json")}
    status, told = run("explain", "small.yaml")
    assert status == 0
    assert "With these answers now: ranking.csv, report.html, report.xlsx, resources.csv" in told.replace("\n", " ")
    assert (small / "plan.json").read_bytes() == before["plan.json"]
    page = (small / "report.html").read_text(encoding="utf-8")
    assert "--set projects.a.land=" in page
    assert (small / "report.xlsx").read_bytes() != before["report.xlsx"]
    after = {path.name: path.read_bytes() for path in small.iterdir()}
    assert run("report", str(small), "--format", "html", "--format", "xlsx")[0] == 0
    assert {path.name: path.read_bytes() for path in small.iterdir()} == after
    assert run("solve", "small.yaml")[0] == 0  # a new plan has no old answers
    assert (small / "report.html").read_bytes() == before["report.html"]
    assert not (small / "explain.json").exists()


def test_explain_leaves_the_reports_of_another_plan_alone(small: Path) -> None:
    assert run("solve", "small.yaml", "--format", "html", "--set", "supply.land=9")[0] == 0
    before = (small / "report.html").read_bytes()
    status, told = run("explain", "small.yaml")
    assert status == 0
    assert "is of other inputs" in told.replace("\n", " ")
    assert (small / "report.html").read_bytes() == before
    assert not (small / "report.xlsx").exists()
    status, told = run("report", str(small), "--format", "html")
    assert (status, "other inputs" in told) == (0, True)
    assert (small / "report.html").read_bytes() == before


def test_explain_leaves_reports_alone_where_the_plan_was_touched_or_lost(small: Path) -> None:
    assert run("solve", "small.yaml", "--format", "html")[0] == 0
    before = (small / "report.html").read_bytes()
    plan = small / "plan.json"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace('"title": "small"', '"title": "great"'), encoding="utf-8")
    status, told = run("explain", "small.yaml")
    assert (status, "was changed after it was written" in told.replace("\n", " ")) == (0, True)
    plan.write_text(text.replace('"gap"', '"gab"'), encoding="utf-8")
    status, told = run("explain", "small.yaml")
    assert (status, "cannot be read" in told.replace("\n", " ")) == (0, True)
    assert (small / "report.html").read_bytes() == before


def test_explain_where_nothing_stands_writes_no_report(small: Path) -> None:
    assert run("explain", "small.yaml", "-o", str(small))[0] == 0
    assert sorted(path.name for path in small.iterdir()) == ["explain.json", "prices.csv", "reserve.csv", "takes.csv"]
    written = Explanation.model_validate(json.loads((small / "explain.json").read_text(encoding="utf-8")))
    assert written.provenance is not None
    assert list(written.provenance.inputs) == ["small.yaml"]


def test_a_question_about_one_keeps_the_answers_about_the_others(small: Path) -> None:
    assert run("solve", "small.yaml", "--format", "html")[0] == 0
    assert run("explain", "small.yaml", "a")[0] == 0  # alone it is no reason to write the page again
    assert "--set projects.a.land=" not in (small / "report.html").read_text(encoding="utf-8")
    assert run("explain", "small.yaml")[0] == 0
    whole = {path.name: path.read_bytes() for path in small.iterdir()}
    assert run("explain", "small.yaml", "b")[0] == 0
    assert {path.name: path.read_bytes() for path in small.iterdir()} == whole
    assert run("explain", "small.yaml", "b", "--set", "supply.land=9", "-o", str(small))[0] == 0
    alone = json.loads((small / "explain.json").read_text(encoding="utf-8"))
    assert [one["id"] for one in alone["projects"]] == ["b"]


def test_older_answers_give_way(result: Path) -> None:
    (coal,) = [one for one in sample.answers().projects if one.id == "coal"]
    newer = coal.model_copy(update={"takes": ()})
    one = Explanation(projects=(newer,), unproved=("over_plans|coal",), provenance=sample.plan().provenance)
    found = answered.together(result, one)
    assert found is not None
    assert [a.id for a in found.projects] == [a.id for a in sample.answers().projects]
    assert newer in found.projects
    assert found.prices == sample.answers().prices
    assert found.unproved == ("over_plans|roro", "supply|land|south", "rules.fair", "over_plans|coal")


def test_solve_names_the_next_in_line_and_how_to_ask(small: Path) -> None:
    status, told = run("solve", "small.yaml", "--set", "supply.land=9", "-o", "x y")
    assert status == 0
    assert "What would admit them:\n    landalloc explain small.yaml --set supply.land=9 -o 'x y' a\n" in told
    shutil.rmtree("x y")
