"""`landalloc tune` as users call it: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from test_cli import landalloc

from landalloc.optimizer.commands import guard, init
from landalloc.optimizer.report import folder

Captured = pytest.CaptureFixture[str]
TINY = """
name: tiny
title: {title}
language: en
measures: {{land: {{unit: mu}}, output: {{unit: 万元/year}}, jobs: {{unit: person}}, tax: {{unit: 万元/year}}}}
supply: {{land: 100}}
defaults: {{min_share: 1}}
criteria:
  output: {{of: output, weight: 50, title: {criterion}}}
  jobs: {{of: jobs, weight: 30}}
  tax: {{of: tax, weight: 20}}
projects:
  - {{id: road, land: 10, output: 0, jobs: 0, tax: 0, committed: true}}
  - {{id: plant, title: {project}, land: 50, output: 900, jobs: 40, tax: 30}}
  - {{id: mill, land: 45, output: 300, jobs: 400, tax: 20}}
  - {{id: bank, land: 40, output: 350, jobs: 60, tax: 300}}
  - {{id: shop, land: 30, output: 260, jobs: 120, tax: 60}}
  - {{id: farm, land: 35, output: 30, jobs: 30, tax: 5}}
  - {{id: dump, land: 20, output: 500, jobs: 90, tax: 50}}
rules:
  - {{name: clean, veto: true, where: {{id: dump}}}}
cases:
  less: {{supply.land: 70}}
"""


def tiny(name: str = "tiny", *, project: str = "Plant", criterion: str = "Output", title: str = "Tiny") -> Path:
    texts = {"project": project, "criterion": criterion, "title": title}
    path = Path(f"{name}.yaml")
    path.write_text(TINY.format(**{k: json.dumps(v) for k, v in texts.items()}), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES", guard.DEBUG, "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    tiny()


def tune(verb: str, *arguments: object, scenario: str = "tiny.yaml", to: str = "out") -> int:
    return landalloc("tune", verb, scenario, *arguments, "-o", to)


def told(captured: Captured) -> str:
    """What was said in a row of words, wherever."""
    return " ".join("".join(captured.readouterr()).split())


def written(to: str = "out") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(Path(to).iterdir())}


def answer(name: str, to: str = "out") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(to, f"{name}.json").read_bytes())
    return found


def rows(name: str, to: str = "out") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(Path(to, name).read_text(encoding="utf-8-sig"))))


def decisions(*arguments: object) -> dict[str, str]:
    """Who is in and who is out by `landalloc solve`."""
    assert landalloc("solve", "tiny.yaml", *arguments, "-o", "solved", "--format", "json") == 0
    return {p["id"]: p["decision"] for p in json.loads(Path("solved/plan.json").read_bytes())["projects"]}


VERBS = {
    ("stability",): {"stability.json", "stability.csv", "stability.html"},
    ("sweep", "--one", "jobs", "--steps", "4"): {"sweep.csv", "sweep-projects.csv", "sweep.html"},
    ("sweep", "--grid", "3"): {"sweep.csv", "sweep-projects.csv", "sweep.html"},
    ("sweep", "--random", "5"): {"sweep.csv", "sweep-projects.csv", "sweep.html"},
    ("atlas",): {"atlas.json", "atlas.html"},
    ("pareto", "output", "tax"): {"pareto.json", "pareto.csv", "pareto.html"},
    ("pareto", "output", "tax", "jobs"): {"pareto.json", "pareto.csv", "pareto.html"},
    ("match", "--in", "plant", "--out", "mill"): {"match.json", "match.html"},
}
FIRST_WORDS = {
    "stability": ("The weight that decides soonest is", "最敏感的权重是"),
    "sweep": ("weightings:", "组权重："),
    "atlas": ("plans", "个方案"),
    "pareto": ("plans: more of one of", "个方案："),
    "match": ("The nearest weights that agree with every decision", "与全部决定一致且最接近现权重"),
}
"""What each verb answers with, in English and in Chinese."""


# What is written and said


@pytest.mark.parametrize("asked", VERBS, ids=" ".join)
def test_files_languages_and_the_same_bytes_twice(asked: tuple[str, ...], capsys: Captured) -> None:
    assert tune(*asked) == 0
    english = told(capsys)
    first = written()
    assert first.keys() == VERBS[asked]
    assert first.keys() <= folder.OURS
    assert "out/: " + " ".join(sorted(VERBS[asked])) in english or set(VERBS[asked]) <= set(english.split())
    assert tune(*asked) == 0
    assert written() == first
    capsys.readouterr()
    assert tune(*asked, "--lang", "zh", to="zh") == 0
    chinese = told(capsys)
    en, zh = FIRST_WORDS[asked[0]]
    assert en in english
    assert zh in chinese
    figures = {name for name in first if not name.endswith(".html")}
    assert {name: written("zh")[name] for name in figures} == {name: first[name] for name in figures}
    for page in VERBS[asked] - figures:
        assert b'<html lang="zh-CN"' in written("zh")[page]
        assert b'<html lang="en"' in first[page]


def test_results_stand_beside_the_plan_and_leave_it_alone() -> None:
    assert landalloc("solve", "tiny.yaml", "-o", "out") == 0
    before = written()
    assert tune("stability") == 0
    assert tune("match", "--in", "bank") == 0
    after = written()
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() == {
        "stability.json",
        "stability.csv",
        "stability.html",
        "match.json",
        "match.html",
    }


def test_without_a_folder_the_results_are_those_of_the_case() -> None:
    assert landalloc("tune", "sweep", "tiny.yaml", "--grid", "1", "--case", "less") == 0
    assert [path.name for path in Path("results").iterdir()] == ["tiny-less"]


def test_the_same_weightings_of_every_case() -> None:
    assert tune("sweep", "--grid", "2", "--case", "all", to="cases") == 0
    assert tune("sweep", "--grid", "2", "--case", "less", to="alone") == 0
    assert {path.name for path in Path("cases").iterdir()} == {"tiny", "tiny-less"}
    assert rows("sweep.csv", "cases/tiny-less") == rows("sweep.csv", "alone")
    assert rows("sweep.csv", "cases/tiny") != rows("sweep.csv", "alone")
    assert tune("sweep", "--grid", "2", "--case", "less", "--case", "nowhere", to="wrong") == 1


def test_the_tables_are_what_the_json_says() -> None:
    assert tune("stability") == 0
    for row, found in zip(rows("stability.csv"), answer("stability")["ranges"], strict=True):
        assert row["criterion"] == found["criterion"]
        assert float(row["share_from"]) == pytest.approx(found["low"])
        assert float(row["share_to"]) == pytest.approx(found["high"])
        assert (
            row["to"] == "" if found["weights"][1] is None else float(row["to"]) == pytest.approx(found["weights"][1])
        )
    assert tune("pareto", "output", "tax") == 0
    present, *plans = rows("pareto.csv")
    assert present["plan"] == "present"
    found = answer("pareto")
    assert [float(row["output"]) for row in plans] == pytest.approx([p["criteria"]["output"] for p in found["plans"]])
    assert [row["more"].split("; ") if row["more"] else [] for row in plans] == [p["more"] for p in found["plans"]]


def test_just_within_an_interval_the_plan_stays_and_just_outside_it_does_not() -> None:
    assert tune("stability") == 0
    present = decisions()
    tried = 0
    for found in answer("stability")["ranges"]:
        for side, end in zip((1, -1), found["weights"], strict=True):
            if end:
                tried += 1
                name = found["criterion"]
                assert decisions("--weight", f"{name}={end * (1 + side * 1e-4)}") == present
                assert decisions("--weight", f"{name}={end * (1 - side * 1e-4)}") != present
    assert tried >= 3


def test_a_weight_copied_from_the_screen_still_gives_the_plan(capsys: Captured) -> None:
    assert tune("stability") == 0
    present = decisions()
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    shown = {row[0]: row[2:4] for row in lines if len(row) == 8 and row[0] in ("Output", "jobs", "tax")}
    assert len(shown) == 3
    for title, ends in shown.items():
        for end in ends:
            if end not in ("0", "∞"):
                assert decisions("--weight", f"{title.lower()}={end}") == present


def test_a_sweep_of_one_weight_is_what_solve_gives() -> None:
    assert tune("sweep", "--one", "jobs", "--steps", "4") == 0
    table = rows("sweep.csv")
    assert [float(row["weight.jobs"]) for row in table] == [0, 0.25, 0.5, 0.75, 1]
    for row in table:
        weights = [f"--weight={name}={row[f'weight.{name}']}" for name in ("output", "jobs", "tax")]
        decisions(*weights)
        plan = json.loads(Path("solved/plan.json").read_bytes())
        assert float(row["objective"]) == pytest.approx(plan["objective"])
    often = {row["id"]: float(row["frequency"]) for row in rows("sweep-projects.csv")}
    assert (often["road"], often["dump"]) == (1, 0)
    assert 0 < often["plant"] < 1


def test_grid_and_random_weightings() -> None:
    assert tune("sweep", "--grid", "4") == 0
    assert len(rows("sweep.csv")) == 15
    assert tune("sweep", "--random", "7", "--seed", "1", to="one") == 0
    assert tune("sweep", "--random", "7", "--seed", "2", to="two") == 0
    assert len(rows("sweep.csv", "one")) == 7
    assert rows("sweep.csv", "one") != rows("sweep.csv", "two")


def test_of_three_criteria_a_frontier_is_within_eps() -> None:
    assert tune("pareto", "output", "tax", "jobs", "--eps", "5") == 0
    assert answer("pareto")["eps"] == 5
    assert answer("pareto")["proved"]


@pytest.mark.parametrize(
    "change", [("--case", "less"), ("--set", "supply.land=70"), ("--weight", "jobs=80")], ids=" ".join
)
def test_cases_changes_and_weights_count(change: tuple[str, str]) -> None:
    assert tune("stability", to="plain") == 0
    assert tune("stability", *change, to="changed") == 0
    plain, changed = answer("stability", "plain"), answer("stability", "changed")
    decisions(*change)
    assert changed["objective"] == pytest.approx(json.loads(Path("solved/plan.json").read_bytes())["objective"])
    assert changed["objective"] != pytest.approx(plain["objective"])


# Decisions


def test_the_weights_of_a_match_lead_to_the_decisions(capsys: Captured) -> None:
    assert decisions()["plant"] == "rejected"
    assert tune("match", "--in", "plant,road", "--out", "mill", "--out", "dump") == 0
    found = answer("match")
    assert found["found"]
    assert found["proved"]
    assert [(d["project"], d["wanted"]) for d in found["decisions"]] == [("plant", "in"), ("mill", "out")]
    line = next(line for line in capsys.readouterr().out.splitlines() if "landalloc solve" in line)
    assert shlex.split(line)[:3] == ["landalloc", "solve", "tiny.yaml"]
    then = decisions(*shlex.split(line)[3:])
    assert (then["plant"], then["mill"]) == ("admitted", "rejected")


def test_decisions_that_stand_already(capsys: Captured) -> None:
    assert tune("match", "--in", "mill") == 0
    assert "The present weights already agree with every decision." in told(capsys)
    assert answer("match")["moved"] == pytest.approx(0)
    assert answer("match")["changes"] == []


def test_decisions_that_no_weights_explain(capsys: Captured) -> None:
    assert tune("match", "--in", "farm,bank") == 0
    said = told(capsys)
    assert "No weights lead to all of these decisions; 1 of 2 can agree." in said
    found = answer("match")
    assert (found["found"], found["proved"]) == (False, True)
    assert [d["explained"] for d in found["decisions"]] == [False, True]


def test_decisions_that_no_plan_keeps(capsys: Captured) -> None:
    assert tune("match", "--in", "plant,mill,farm") == 0
    assert "No plan keeps all of these decisions" in told(capsys)
    assert answer("match")["loss"] is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_ranking_of_last_time(language: str) -> None:
    """What `solve` wrote is taken as it stands, whatever weights it was written with."""
    options = ["--weight", "output=90", "--lang", language, "--format", "csv", "-o", "last"]
    assert landalloc("solve", "tiny.yaml", *options) == 0
    assert tune("match", "--from", "last/ranking.csv") == 0
    found = answer("match")
    assert found["found"]
    assert len(found["decisions"]) == 5
    assert {d["project"] for d in found["decisions"] if d["wanted"] == "in"} == {"bank", "plant"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_units_and_parts_in_a_ranking_are_in(language: str, capsys: Captured) -> None:
    for name, content in init.files_of("harbour").items():
        Path(name).write_bytes(content)
    assert landalloc("solve", "harbour.yaml", "--lang", language, "--format", "csv", "-o", "last") == 0
    capsys.readouterr()
    assert tune("match", "--from", "last/ranking.csv", "--lang", "en", scenario="harbour.yaml") == 0
    assert "already agree" in told(capsys)
    wanted = {d["project"]: d["wanted"] for d in answer("match")["decisions"]}
    assert (wanted["roro"], wanted["winery"], wanted["coal"]) == ("in", "in", "out")


def workbook(path: str, table: list[list[str]]) -> None:
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    book.save(path)


@pytest.mark.parametrize("form", ["utf-8-sig", "gb18030", "xlsx"])
def test_tables_of_past_decisions(form: str) -> None:
    table = [["项目代码", "项目", "安排意见"], ["bank", "某银行", "入选"], ["plant", "某厂", "暂缓安排"]]
    if form == "xlsx":
        workbook("past.xlsx", table)
    else:
        Path("past.csv").write_text("\n".join(map(",".join, table)), encoding=form)
    assert tune("match", "--from", "past.xlsx" if form == "xlsx" else "past.csv") == 0
    assert tune("match", "--in", "bank", "--out", "plant", to="same") == 0
    assert written()["match.json"] == written("same")["match.json"]


# Side by side


@pytest.mark.parametrize(
    ("asked", "files"),
    [
        (("stability",), ["stability.json"]),
        (("sweep", "--grid", "6"), ["sweep.csv", "sweep-projects.csv"]),
        (("atlas", "--eps", "0.1"), ["atlas.json"]),
    ],
    ids=["stability", "sweep", "atlas"],
)
def test_jobs_change_nothing(asked: tuple[str, ...], files: list[str]) -> None:
    assert tune(*asked) == 0
    assert tune(*asked, "--jobs", "2", to="two") == 0
    for name in files:
        assert written("two")[name] == written()[name]


# Limits, and what cannot be answered


@pytest.mark.parametrize(
    "asked", [("stability",), ("pareto", "output", "tax"), ("match", "--in", "bank")], ids=" ".join
)
def test_out_of_time_says_so(asked: tuple[str, ...], capsys: Captured) -> None:
    assert tune(*asked, "--time-limit", "1e-9", "--lang", "en") == 0
    assert not answer(asked[0])["proved"]
    said = told(capsys)
    assert "--time-limit" in said or "were found" in said
    assert re.search("--time-limit|were found", Path("out", f"{asked[0]}.html").read_text(encoding="utf-8"))


def test_a_sweep_out_of_time_tells_how_far_it_came(capsys: Captured) -> None:
    assert tune("sweep", "--random", "40", "--time-limit", "1e-9", "--lang", "en") == 0
    rows = list(csv.reader(io.StringIO(written()["sweep.csv"].decode("utf-8-sig"))))
    assert 1 < len(rows) - 1 < 40
    assert f"after {len(rows) - 1} of 40 weightings" in told(capsys)


def test_an_atlas_out_of_time_is_not_proved() -> None:
    assert tune("atlas", "--eps", "1e-3", "--time-limit", "1e-9") == 0
    assert not answer("atlas")["proved"]


IMPOSSIBLE = ("--set", "supply.land=5")


@pytest.mark.parametrize("asked", VERBS, ids=" ".join)
def test_where_no_plan_fits(asked: tuple[str, ...], capsys: Captured) -> None:
    assert tune(*asked, *IMPOSSIBLE, "--lang", "en") == 3
    assert "landalloc explain" in told(capsys)
    assert not Path("out").exists()


WRONG: list[tuple[tuple[str, ...], int, str]] = [
    (("sweep", "--one", "job"), 2, "there is no criterion job; did you mean jobs?"),
    (("sweep", "--one", "zzzzzzzz"), 2, "there is no criterion zzzzzzzz; there are: output, jobs, tax"),
    (("sweep", "--one", "[red]=1+1"), 2, "there is no criterion [red]=1+1"),
    (("pareto", "output", "taxes"), 2, "did you mean tax?"),
    (("pareto", "output"), 2, "two or three different criteria"),
    (("pareto", "output", "output"), 2, "two or three different criteria"),
    (("pareto", "output", "jobs", "tax", "output"), 2, "two or three different criteria"),
    (("pareto", "output", "jobs", "--eps", "0"), 2, "--eps takes points"),
    (("pareto", "output", "jobs", "--eps", "nan"), 2, "--eps takes points"),
    (("atlas", "--eps", "-1"), 2, "--eps takes points"),
    (("atlas", "--eps", "inf"), 2, "--eps takes points"),
    (("atlas", "--eps", "much"), 2, "--eps"),
    (("sweep",), 2, "one of --one CRITERION, --grid STEPS, --random NUMBER"),
    (("sweep", "--one", "jobs", "--grid", "3"), 2, "one of --one CRITERION"),
    (("sweep", "--grid", "100000"), 2, "weightings are too many: at most 100000"),
    (("sweep", "--random", "100001"), 2, "100001 weightings are too many"),
    (("sweep", "--one", "jobs", "--steps", "100000"), 2, "too many"),
    (("sweep", "--grid", "0"), 2, "--grid"),
    (("stability", "--time-limit", "0"), 2, "--time-limit takes seconds, more than 0"),
    (("stability", "--time-limit", "nan"), 2, "--time-limit takes seconds, more than 0"),
    (("stability", "--jobs", "0"), 2, "--jobs"),
    (("stability", "--weight", "jobs=-1"), 1, "jobs"),
    (("stability", "--weight", "jobs=0", "--weight", "output=0", "--weight", "tax=0"), 1, "weight"),
    (("stability", "--case", "lesss"), 1, "less"),
    (("match",), 2, "match takes decisions: --in P1,P7 --out P3, or --from FILE"),
    (("match", "--in", "bank", "--out", "bank"), 1, "bank is to be in and out at once"),
    (("match", "--in", "dump"), 1, "dump is not admissible and cannot be in"),
    (("match", "--out", "road"), 1, "road is committed and cannot be out"),
    (("match", "--in", "bnak"), 1, "there is no project bnak"),
    (("match", "--in", "road", "--out", "dump"), 1, "none of these decisions depends on weights"),
    (("match", "--from", "nowhere.csv"), 1, "nowhere.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "status", "said"), WRONG, ids=[" ".join(asked) for asked, _, _ in WRONG])
def test_what_is_wrong_is_said(asked: tuple[str, ...], status: int, said: str, capsys: Captured) -> None:
    assert tune(*asked, "--lang", "en") == status
    shown = told(capsys)
    assert said in shown
    assert "defect" not in shown
    assert not Path("out").exists()


def test_all_that_is_wrong_about_decisions_at_once(capsys: Captured) -> None:
    assert tune("match", "--in", "bnak,dump,mill", "--out", "road,mill", "--lang", "en") == 1
    said = told(capsys)
    for what in ("no project bnak", "dump is not admissible", "road is committed", "mill is to be in and out"):
        assert what in said
    assert "did you mean bank?" in said


def test_what_is_wrong_in_a_table_of_decisions_is_said_where_it_stands(capsys: Captured) -> None:
    Path("past.csv").write_text("id,decision\nbank,perhaps\nnobody,in\ndump,in\n,out\n", encoding="utf-8")
    assert tune("match", "--from", "past.csv", "--lang", "en") == 1
    said = told(capsys)
    assert "past.csv:2:2: error: perhaps is no decision" in said
    assert "past.csv:3:1: error: there is no project nobody" in said
    assert "past.csv:4:1: error: dump is not admissible" in said
    Path("past.csv").write_text("name,verdict\nbank,in\n", encoding="utf-8")
    assert tune("match", "--from", "past.csv", "--lang", "en") == 1
    assert "no column of projects and of decisions is found" in told(capsys)


# Hostile titles, and without the packages for charts

HOSTILE = '=HYPERLINK("x")</text></svg><script>alert(1)</script>\u202eRTL[0].a\\'
EXCEL_READS = ("=", "+", "-", "@", "\t", "\r")


@pytest.mark.parametrize("asked", VERBS, ids=" ".join)
def test_hostile_titles_stay_text(asked: tuple[str, ...], capsys: Captured) -> None:
    tiny(project=HOSTILE, criterion=HOSTILE, title=HOSTILE)
    assert tune(*asked) == 0
    assert "\u202e" not in "".join(capsys.readouterr())
    for name, content in written().items():
        text = content.decode("utf-8-sig")
        if name.endswith(".html") and name != "atlas.html":  # that one has scripts of its own, and tests of its own
            assert "<script" not in text.lower()
            assert "href" not in text.lower()
        if name.endswith((".html", ".csv")):
            assert "\u202e" not in text
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
            assert not [cell for cell in cells if cell.startswith(EXCEL_READS) and not re.fullmatch(r"-[\d.e-]+", cell)]


@pytest.mark.parametrize(
    "asked", [("stability",), ("sweep", "--one", "jobs", "--steps", "2"), ("pareto", "output", "tax")], ids=" ".join
)
def test_without_the_packages_for_charts(
    asked: tuple[str, ...], capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tune(*asked, to="drawn") == 0
    assert "<svg" in Path("drawn", f"{asked[0]}.html").read_text(encoding="utf-8")
    assert "landalloc[charts]" not in told(capsys)
    monkeypatch.setitem(sys.modules, "altair", None)
    for module in ("report.charts", "report.drawing", f"commands.tune_{asked[0]}"):
        monkeypatch.delitem(sys.modules, f"landalloc.optimizer.{module}")
    monkeypatch.delattr("landalloc.optimizer.report.charts")
    assert tune(*asked) == 0
    assert 'pip install "landalloc[charts]"' in told(capsys)
    assert "<svg" not in Path("out", f"{asked[0]}.html").read_text(encoding="utf-8")
    assert {n: c for n, c in written().items() if not n.endswith(".html")} == {
        n: c for n, c in written("drawn").items() if not n.endswith(".html")
    }
