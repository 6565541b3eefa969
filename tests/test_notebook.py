"""The three calls of a notebook: the same plan as the command line's, as tables, in silence."""

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_type_hints

import pandas as pd
import pytest
import sample

import landalloc
from landalloc.optimizer import notebook
from landalloc.optimizer.report import json as plan_json

INPUTS = Path(__file__).resolve().parent.parent / "inputs"
HARBOUR = INPUTS / "harbour.yaml"


@pytest.fixture(scope="module")
def plan() -> landalloc.Plan:
    return landalloc.allocate(landalloc.read(HARBOUR), language="en")


def scenario_of(folder: Path, text: str) -> landalloc.Scenario:
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    return landalloc.read(folder / "scenario.yaml")


class Page(HTMLParser):
    """Tags and texts of a piece of HTML; an open tag that is never closed is an error."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


# The door


def test_importing_the_door_loads_nothing_heavy() -> None:
    code = (
        "import landalloc, sys; assert 'read' in dir(landalloc);"
        "print(sorted({'pandas', 'numpy', 'pulp', 'highspy', 'pydantic', 'ruamel', 'jinja2'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("name", landalloc.__all__)
def test_everything_that_the_door_promises_is_behind_it(name: str) -> None:
    assert getattr(landalloc, name) is not None
    assert name in dir(landalloc)


def test_the_door_is_typed() -> None:
    assert get_type_hints(landalloc.read)["return"] is landalloc.Scenario
    assert get_type_hints(landalloc.allocate)["return"] is landalloc.Plan


def test_three_calls_print_nothing_and_write_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    plan = landalloc.allocate(landalloc.read(HARBOUR))
    assert len(plan.ranking) == 10
    assert plan._repr_html_()
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


# Reading


def test_findings_are_those_of_the_reader() -> None:
    scenario = landalloc.read(HARBOUR, changes={"rules.jobs-target.where": "{cluster: none}"})
    assert [finding.code for finding in scenario.findings] == ["unknown-value", "selects-nothing"]
    assert str(scenario.findings[0].what) == "no project has cluster none"
    assert repr(scenario) == "<Scenario 'harbour': 10 candidates, 2 warnings>"


def test_what_is_wrong_is_raised_all_at_once() -> None:
    changes = {"supply.energy": "5 mu", "criteria.jobs.weight": -1}
    with pytest.raises(landalloc.InputError) as raised:
        landalloc.read(HARBOUR, changes=changes)
    assert {finding.place.path for finding in raised.value.findings} == {"supply.energy", "criteria.jobs.weight"}


def test_an_unknown_case_is_an_input_error() -> None:
    with pytest.raises(landalloc.InputError, match="tight-enery"):
        landalloc.read(HARBOUR, case="tight-enery")


@pytest.mark.parametrize(
    ("value", "same"),
    [(50_000, "50000"), (5e4, "5万吨标煤"), ({"amount": 50_000, "assumed": False}, "50000 tce/year")],
)
def test_changes_take_numbers_and_mappings_as_well_as_texts(value: Any, same: str) -> None:
    one, other = (landalloc.read(str(HARBOUR), changes={"supply.energy": v}) for v in (value, same))
    assert one.reading.scenario.supply["energy"].amount == other.reading.scenario.supply["energy"].amount == 50_000


def test_lists_switches_and_nothing_can_be_set() -> None:
    changes = {"projects.coal.zones": ["north"], "projects.coal.committed": True, "projects.yard.shoreline": None}
    candidates = landalloc.read(HARBOUR, changes=changes).reading.candidates
    rows = {one: i for i, one in enumerate(candidates.ids)}
    assert bool(candidates.table["committed"][rows["coal"]])
    assert candidates.amounts["shoreline"][rows["yard"]] == 0
    assert (candidates.project == rows["coal"]).sum() == 1


# Allocating


def test_it_is_the_plan_of_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    command = ["solve", str(HARBOUR), "--case", "tight-energy", "--set", "zones.north.supply.land=1400 mu", "-o", "it"]
    code = "import sys; from landalloc.optimizer.cli import main; main()"
    subprocess.run([sys.executable, "-c", code, *command], capture_output=True, check=True)
    scenario = landalloc.read(HARBOUR, case="tight-energy", changes={"zones.north.supply.land": "1400 mu"})
    made = plan_json.files(landalloc.allocate(scenario).allocation)
    assert made["plan.json"] == (tmp_path / "it" / "plan.json").read_bytes()


def test_no_plan_says_which_scenario_and_what_can_be_done() -> None:
    scenario = landalloc.read(HARBOUR, changes={"projects.coal.committed": True, "supply.energy": 100})
    with pytest.raises(landalloc.NoPlan, match="harbour: no plan can keep all hard rules"):
        landalloc.allocate(scenario)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"gap": -1.0}, "gap"),
        ({"gap": float("nan")}, "gap"),
        ({"time_limit": 0.0}, "time_limit"),
        ({"solver": "hihgs"}, "highs"),
        ({"language": "fr"}, "zh, en"),
    ],
)
def test_arguments_that_are_not_possible_are_told(arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        landalloc.allocate(landalloc.read(HARBOUR), **arguments)


# Tables


def test_the_ranking_has_one_row_a_project_and_plain_columns(plan: landalloc.Plan) -> None:
    ranking, given = plan.ranking, plan.allocation.projects
    assert ranking.index.name == "id"
    assert ranking.index.tolist() == given["id"].tolist()
    assert ranking.columns.is_unique
    assert ranking.columns[:6].tolist() == ["rank", "title", "decision", "cluster", "stage", "zone"]
    assert not any(isinstance(cell, tuple | list | dict) for cell in ranking.to_numpy().flat)
    assert ranking["rank"].dropna().is_monotonic_increasing
    assert ranking["granted.land"].sum() == given["granted.land"].sum() > 0
    assert ranking.loc["axle", "index"] == float("inf")
    assert ranking.loc["bridge", "zone"] == "north"
    assert pd.isna(ranking.loc["coal", "zone"])
    assert set(ranking.query("decision == 'partial'").index) == {"roro", "winery"}


def test_every_call_gives_a_table_of_its_own(plan: landalloc.Plan) -> None:
    ranking, resources = plan.ranking, plan.resources
    ranking["title"], resources["supply"] = "changed", 0.0
    assert plan.ranking.loc["yard", "title"] == "船厂扩建"
    assert (plan.resources["supply"] > 0).all()


def test_resources_and_rules_are_those_of_the_plan(plan: landalloc.Plan) -> None:
    inner = plan.allocation.plan
    resources = plan.resources.set_index("measure")
    energy = next(row for row in inner.resources if row.measure == "energy")
    assert resources.loc["energy", "supply"] == energy.supply == 75_000
    assert pd.isna(resources.loc["energy", "zone"])
    north = plan.resources.query("measure == 'land' and zone == 'north'").iloc[0]
    row = next(r for r in inner.resources if (r.measure, r.zone) == ("land", "north"))
    assert north["price_in.output"] == row.price_in["output"] != 0
    assert plan.rules["name"].tolist() == [rule.name for rule in inner.rules]
    assert plan.rules.set_index("name").loc["jobs-target", "shortfall"] > 0


def test_an_attribute_called_like_a_column_keeps_its_prefix(tmp_path: Path) -> None:
    scenario = scenario_of(
        tmp_path,
        "name: a\nattributes: [rank, value]\nmeasures: {land: {unit: mu}, output: {unit: t}}\nsupply: {land: 5}\n"
        "criteria: {output: {of: output, weight: 1}}\n"
        "projects: [{id: a, rank: high, value: x, land: 3, output: 1, min_share: 0}]\n",
    )
    ranking = landalloc.allocate(scenario).ranking
    assert ranking.columns.is_unique
    assert ranking.loc["a", "rank"] == 1
    assert (ranking.loc["a", "attributes.rank"], ranking.loc["a", "attributes.value"]) == ("high", "x")
    assert ranking["zone"].isna().all()


def test_without_rules_there_is_an_empty_table(tmp_path: Path) -> None:
    scenario = scenario_of(
        tmp_path,
        "name: a\nmeasures: {output: {unit: t}}\ncriteria: {output: {of: output, weight: 1}}\n"
        "projects: [{id: a, output: 1, min_share: 0}]\n",
    )
    plan = landalloc.allocate(scenario)
    assert (len(plan.rules), len(plan.resources)) == (0, 0)
    assert {"name", "limit", "kept"} <= set(plan.rules)
    assert {"measure", "price", "price_in.output"} <= set(plan.resources)
    assert plan.score == pytest.approx(100)
    assert plan._repr_html_()


# What a notebook shows


@pytest.mark.parametrize(("language", "words"), [("en", "one more brings"), ("zh", "再增加1单位")])
def test_the_cell_is_whole_html_in_the_language_asked_for(language: Any, words: str) -> None:
    plan = landalloc.allocate(landalloc.read(HARBOUR), language=language)
    page = Page(plan._repr_html_())
    assert {"div", "p", "table", "th", "td"} <= set(page.tags) <= {
        "div", "p", "b", "br", "table", "thead", "tbody", "tr", "th", "td"
    }  # fmt: skip
    text = "\n".join(page.texts)
    assert "船厂扩建" in text
    assert (words in text) or language == "zh"
    assert ("asked" in text) == (language == "en")


def test_hostile_texts_stay_texts() -> None:
    plan = notebook.Plan(sample.allocation())
    html = plan._repr_html_()
    page = Page(html)
    assert set(page.tags) <= {"div", "p", "b", "br", "table", "thead", "tbody", "tr", "th", "td"}
    assert not any(ord(letter) < 32 or letter in "\u202e\u200b" for letter in html)


def test_a_long_ranking_is_cut_and_counted(tmp_path: Path) -> None:
    rows = "".join(f"  - {{id: p{i:02d}, title: '<b>{i}</b>', land: 1, output: {i + 1}}}\n" for i in range(30))
    scenario = scenario_of(
        tmp_path,
        "name: a\nlanguage: en\nmeasures: {land: {unit: mu}, output: {unit: t}}\nsupply: {land: 5.5}\n"
        "defaults: {min_share: 0}\ncriteria: {output: {of: output, weight: 1}}\nprojects:\n" + rows,
    )
    html = landalloc.allocate(scenario)._repr_html_()
    assert html.count("<tr>") == 1 + 12 + 1 + 1
    assert "… and 18 more" in html
    assert "&lt;b&gt;29&lt;/b&gt;" in html
    assert len(html) < 20_000


def test_the_repr_says_what_became_of_the_candidates(plan: landalloc.Plan) -> None:
    assert repr(plan).startswith("<Plan harbour · 10 candidates: 1 committed, 7 admitted (2 in part)")
