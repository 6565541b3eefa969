"""`landalloc compare` as users call it: what may be compared, what it says where it cannot be, what it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sample
from selenium.webdriver.common.by import By
from test_cli import landalloc
from test_page import Browser, browser  # noqa: F401  a fixture

from landalloc.models.plan import Status
from landalloc.optimizer import cli, pipeline
from landalloc.optimizer.allocation import Allocation
from landalloc.optimizer.commands import guard, init
from landalloc.optimizer.report import folder
from landalloc.optimizer.report import json as plan_json

QINBEI = Path(__file__).resolve().parent.parent / "inputs" / "qinbei.yaml"
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES", guard.DEBUG, "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, content in init.files_of("harbour").items():
        Path(name).write_bytes(content)


def wrote(name: str, found: Allocation | None = None) -> Path:
    """A folder of results with a plan made by hand."""
    folder.write(Path(name), plan_json.files(found or sample.allocation()))
    return Path(name)


def told(captured: Captured) -> str:
    """What was said in a row of words, wherever."""
    return " ".join("".join(captured.readouterr()).split())


def document(directory: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(Path(directory, "compare.json").read_bytes())
    return found


def labels(directory: str) -> list[str]:
    plans = document(directory)["plans"]
    assert isinstance(plans, list)
    return [plan["label"] for plan in plans]


# What is compared


def test_a_scenario_and_a_case_of_it(capsys: Captured) -> None:
    assert landalloc("compare", "harbour.yaml", "harbour.yaml#tight-energy", "--lang", "en") == 0
    said = told(capsys)
    assert "1 moved out, 1 raised, 6 stay" in said
    assert "results/compare-harbour-tight-energy/: compare.json compare.html compare.xlsx" in said
    assert {path.name for path in Path("results/compare-harbour-tight-energy").iterdir()} == folder.COMPARED
    before = {path.name: path.read_bytes() for path in Path("results/compare-harbour-tight-energy").iterdir()}
    assert landalloc("compare", "harbour.yaml", "--case", "tight-energy", "--lang", "en") == 0
    after = {path.name: path.read_bytes() for path in Path("results/compare-harbour-tight-energy").iterdir()}
    assert before == after


def test_other_weights() -> None:
    variants = ["--variant", "jobs:jobs=70", "--variant", "money:output=10,investment_intensity=90"]
    assert landalloc("compare", "harbour.yaml", *variants, "-o", "w", "--format", "csv") == 0
    assert labels("w") == ["harbour", "jobs", "money"]
    criteria = document("w")["criteria"]
    assert isinstance(criteria, list)
    weights = {one["name"]: one["weights"] for one in criteria}
    assert weights["jobs"] == pytest.approx([0.2, 70 / 150, 20 / 130])
    assert {path.name for path in Path("w").iterdir()} == {"compare.json", "compare-projects.csv", "compare-totals.csv"}


def test_last_years_plan_and_this_years_scenario(capsys: Captured) -> None:
    assert landalloc("solve", "harbour.yaml", "--case", "tight-energy", "-o", "last", "--format", "json") == 0
    Path("kept").mkdir()
    Path("kept/plan-2025.json").write_bytes(Path("last/plan.json").read_bytes())
    capsys.readouterr()
    for earlier in ("last", "last/plan.json", "kept/plan-2025.json"):
        assert landalloc("compare", earlier, "harbour.yaml", "-o", "out", "--lang", "en") == 0
        assert "1 new, 1 trimmed, 6 stay" in told(capsys)
    assert landalloc("compare", "harbour.yaml#tight-energy", "last", "-o", "same", "--lang", "en") == 0
    assert "7 stay. Score 84.0, the same." in told(capsys)


def test_a_large_real_scenario(capsys: Captured) -> None:
    assert landalloc("compare", QINBEI, f"{QINBEI}#tax-first", "-o", "q", "--lang", "en") == 0
    assert "B tax-first against A qinbei:" in told(capsys)


def test_names_that_hold_a_number_sign() -> None:
    Path("a#b.yaml").write_bytes(Path("harbour.yaml").read_bytes())
    assert landalloc("compare", "a#b.yaml", "a#b.yaml#tight-energy", "-o", "out") == 0
    assert labels("out") == ["harbour", "tight-energy"]


def test_plans_with_their_projects_in_a_table() -> None:
    count = plan_json.MOST_NESTED + 1
    one, other = sample.large(count), sample.large(count)
    other.projects.loc[0, ["share", "share@north", "granted.land"]] = 0.0
    wrote("one", one)
    wrote("other", other)
    assert Path("one/projects.csv").exists()
    assert landalloc("compare", "one", "other", "-o", "out", "--lang", "en", "--format", "csv") == 0
    plans = document("out")["plans"]
    assert isinstance(plans, list)
    assert plans[1]["changes"]["out"] == 1
    assert len(Path("out/compare-projects.csv").read_bytes().splitlines()) == count + 1


def test_the_same_name_twice_gets_two_labels() -> None:
    wrote("a")
    wrote("b")
    assert landalloc("compare", "a", "b", "a", "-o", "out") == 0
    assert labels("out") == ["a (1)", "b", "a (2)"]


# What cannot be compared


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["harbour.yaml"], 2, "one plan alone cannot be compared"),
        (["harbour.yaml"] * 20, 2, "20 plans cannot be read side by side: compare at most 12 at a time"),
        (["harbour.yaml", "nowhere"], 2, "there is no file or folder nowhere"),
        (["harbour.yaml", "x" * 5000], 2, "there is no file or folder x"),
        (["harbour.yaml", "notes.txt#a"], 2, "neither a scenario"),
        (["harbour.yaml", "notes.txt"], 2, "neither a scenario"),
        (["harbour.yaml", "plan#tight-energy"], 2, "neither a scenario"),
        (["harbour.yaml", "harbour.yaml#tight"], 1, "tight-energy"),
        (["harbour.yaml", "--case", "none"], 1, "there is no case none"),
        (["harbour.yaml", "--variant", "jobs=40"], 2, "jobs=40 is no weighting"),
        (["harbour.yaml", "--variant", ":jobs=40"], 2, "is no weighting"),
        (["harbour.yaml", "--variant", "x:nothing=40"], 1, "--variant x"),
        (["harbour.yaml", "--variant", "x:jobs=-1"], 1, "--variant x"),
        (["plan", "--variant", "x:jobs=1"], 2, "plan is no scenario"),
        (["harbour.yaml", "empty"], 1, "empty/plan.json: error: it cannot be read"),
        (["harbour.yaml", "broken"], 1, "broken/plan.json: error: this is not JSON"),
        (["harbour.yaml", "foreign"], 1, "foreign/plan.json: error: name: Field required"),
        (["harbour.yaml", "old"], 1, "old/plan.json: error: linear: Field required"),
        (["harbour.yaml", "infeasible"], 1, "infeasible/plan.json: error: harbour holds no plan"),
        (["harbour.yaml", "others.yaml"], 1, "no project here is one of harbour"),
        (["harbour.yaml", "metres.yaml"], 1, "land is in m here and in mu in harbour"),
        (["harbour.yaml", "impossible.yaml"], 3, "impossible.yaml: no plan can keep all hard rules"),
        (["harbour.yaml", "--case", "tight-energy", "--gap", "-1"], 2, "--gap"),
        (["harbour.yaml", "--case", "tight-energy", "-o", "harbour.yaml"], 2, "harbour.yaml is a file"),
        (["harbour.yaml", "--case", "tight-energy", "-o", "mine"], 2, "mine holds other things"),
    ],
)
def test_what_cannot_be_compared(arguments: list[str], status: int, words: str, capsys: Captured) -> None:
    for name in ("empty", "broken", "foreign", "old", "infeasible", "mine"):
        Path(name).mkdir()
    Path("mine/thesis.docx").write_bytes(b"")
    Path("notes.txt").write_bytes(b"")
    wrote("plan")
    data = json.loads(Path("plan/plan.json").read_bytes())
    Path("broken/plan.json").write_bytes(Path("plan/plan.json").read_bytes()[:-100])
    Path("foreign/plan.json").write_text('{"plan": "of somebody else"}', encoding="utf-8")
    Path("old/plan.json").write_text(json.dumps({k: v for k, v in data.items() if k != "linear"}), encoding="utf-8")
    Path("infeasible/plan.json").write_text('{"name": "harbour", "status": "infeasible"}', encoding="utf-8")
    scenario = (
        "name: {name}\nmeasures: {{land: {{unit: {unit}}}}}\nsupply: {{land: 5}}\n"
        "criteria: {{land: {{of: land, weight: 1}}}}\nprojects:\n"
    )
    rows = "  - {{id: {id}, land: 6{more}}}\n"
    for name, unit, one, more in (
        ("others", "mu", "x", ""),
        ("metres", "m", "yard", ""),
        ("impossible", "mu", "yard", ", committed: true"),
    ):
        text = scenario.format(name=name, unit=unit) + rows.format(id=one, more=more)
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    assert landalloc("compare", *arguments, "--lang", "en") == status
    out, errors = capsys.readouterr()
    assert words in " ".join(errors.split())
    assert out == ""
    assert not Path("results").exists()


def test_short_of_a_gap_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "allocate", lambda *_, **__: sample.allocation(status=Status.LIMIT))
    arguments = ["compare", "harbour.yaml", "--case", "tight-energy", "--format", "json"]
    assert landalloc(*arguments) == 0
    assert landalloc(*arguments, "--gap", "0") == 4
    assert Path("results/compare-harbour-tight-energy/compare.json").exists()


def test_a_plan_that_was_changed_is_compared_with_a_warning(capsys: Captured) -> None:
    wrote("plan")
    path = Path("plan/plan.json")
    path.write_bytes(path.read_bytes().replace(b'"score": 63.38', b'"score": 63.39'))
    assert landalloc("compare", "plan", "plan", "-o", "out", "--lang", "en") == 0
    assert "plan/plan.json: warning: The digest does not belong to this file." in told(capsys)


def test_a_comparison_replaces_an_earlier_one_and_nothing_else() -> None:
    arguments = ["compare", "harbour.yaml", "--case", "tight-energy", "-o", "out"]
    assert landalloc(*arguments) == 0
    Path("out/minutes.docx").write_bytes(b"mine")
    assert landalloc(*arguments, "--format", "json") == 0
    assert {path.name for path in Path("out").iterdir()} == {"compare.json", "minutes.docx"}


def test_a_comparison_beside_a_plan_leaves_the_plan() -> None:
    wrote("plan")
    before = Path("plan/plan.json").read_bytes()
    assert landalloc("compare", "harbour.yaml", "--case", "tight-energy", "-o", "plan", "--format", "html") == 0
    assert Path("plan/plan.json").read_bytes() == before
    assert Path("plan/compare.html").exists()


def test_help_names_the_command(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        cli.app(["--help"])
    assert "compare" in capsys.readouterr().out


# The page in a browser


@pytest.mark.parametrize("width", [1280, 380])
def test_the_page_in_a_browser(browser: Browser, width: int) -> None:  # noqa: F811
    assert landalloc("compare", "harbour.yaml", "--case", "tight-energy", "-o", "out", "--lang", "zh") == 0
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width == 380}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    for kind in ("performance", "browser"):
        browser.get_log(kind)
    browser.get(Path("out/compare.html").absolute().as_uri())
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = {e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"}
    assert asked == {browser.current_url}
    assert browser.get_log("browser") == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    shown = browser.find_element(By.CSS_SELECTOR, "#projects table").text
    assert "滚装泊位" in shown
    assert "+120亩" in shown
    same = browser.find_element(By.CSS_SELECTOR, "details table")
    assert not same.is_displayed()
    browser.find_element(By.TAG_NAME, "summary").click()
    assert same.is_displayed()
    assert "船厂扩建" in same.text
