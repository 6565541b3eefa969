"""plan.json: canonical, whole, strictly read back, and every touch is seen."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sample
from hypothesis import given
from hypothesis import strategies as st

from landalloc.models.finding import InputError
from landalloc.models.plan import Infeasible, PlanFile, Provenance, Status
from landalloc.optimizer.allocation import Allocation
from landalloc.optimizer.report import cells, columns, folder, table
from landalloc.optimizer.report import json as plan_json


def whole(content: folder.Content) -> bytes:
    return content if isinstance(content, bytes) else b"".join(content)


def written(place: Path, allocation: Allocation) -> Path:
    for name, content in plan_json.files(allocation).items():
        (place / name).write_bytes(whole(content))
    return place


def codes(place: Path) -> set[str]:
    with pytest.raises(InputError) as caught:
        plan_json.load(place)
    return {found.code for found in caught.value.findings}


def test_read_back_is_what_was_written(tmp_path: Path) -> None:
    allocation = sample.allocation()
    again = plan_json.load(written(tmp_path, allocation))
    assert again.plan == allocation.plan
    pd.testing.assert_frame_equal(again.projects, allocation.projects, rtol=1e-11)
    assert plan_json.files(again) == plan_json.files(allocation)
    assert plan_json.digest_ok(tmp_path)


def test_many_projects_stand_beside_as_columns(tmp_path: Path) -> None:
    allocation = sample.large(plan_json.MOST_NESTED + 1)
    streams = plan_json.files(allocation)
    files = {name: whole(content) for name, content in streams.items()}
    assert files == {name: whole(content) for name, content in streams.items()}  # as often as anybody asks
    assert list(files) == ["projects.csv", "plan.json"]
    assert json.loads(files["plan.json"])["projects"] == {"table": "projects.csv"}
    assert whole(plan_json.files(allocation)["plan.json"]) == files["plan.json"]  # without writing the table before
    again = plan_json.load(written(tmp_path, allocation))
    pd.testing.assert_frame_equal(again.projects, allocation.projects, rtol=1e-11)
    assert plan_json.digest_ok(tmp_path)
    beside = tmp_path / "projects.csv"
    beside.write_bytes(beside.read_bytes().replace(b",300,", b",301,", 1))
    assert not plan_json.digest_ok(tmp_path)


def test_keys_stand_in_the_order_of_the_contract() -> None:
    names = list(json.loads(plan_json.files(sample.allocation())["plan.json"]))
    assert names[:4] == ["name", "title", "language", "case"]
    assert names.index("criteria") + 1 == names.index("projects") == names.index("resources") - 1
    assert names[-2:] == ["digest", "provenance"]


def test_the_file_is_the_form_that_the_schema_describes() -> None:
    content = plan_json.files(sample.allocation())["plan.json"]
    assert PlanFile.model_validate_json(content).digest == json.loads(content)["digest"]


def test_figures_have_twelve_digits_and_no_form_that_json_has_not() -> None:
    allocation = sample.allocation(bound=math.inf, gap=math.inf, score=1 / 3)
    content = plan_json.files(allocation)["plan.json"].decode()
    data = json.loads(content, parse_constant=pytest.fail)
    assert (data["bound"], data["score"], data["gap"]) == ("inf", 0.333333333333, "inf")
    zero_land = next(project for project in data["projects"] if project["id"] == "floor")
    assert zero_land["index"] == "inf"
    assert zero_land["ratios"]["investment_intensity"] is None


def test_infinite_figures_are_read_back(tmp_path: Path) -> None:
    again = plan_json.load(written(tmp_path, sample.allocation(bound=math.inf, gap=math.inf)))
    assert again.plan.bound == math.inf
    assert again.projects["index"].max() == math.inf


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=30))
def test_columns_round_like_single_figures(values: list[float]) -> None:
    assert columns.canonical_column(values) == [columns.canonical(value) for value in values]


@given(st.lists(st.floats(min_value=-1e15, max_value=1e15), min_size=1, max_size=30))
def test_rounding_twice_changes_nothing(values: list[float]) -> None:
    once = columns.canonical_column(values)
    assert columns.canonical_column(np.array(once, dtype=float)) == once


def test_same_plan_same_bytes() -> None:
    assert plan_json.files(sample.allocation()) == plan_json.files(sample.allocation())


HOSTILE = [
    '=HYPERLINK("http://x")',
    "[red]x[/red]",
    "a\nb\r\nc\td",
    "\u202eabc\u200f",
    "x" * 300,
    "'quote",
    "\x00\x1b[31m",
    "{0}",
]


def test_any_title_comes_back_as_it_was(tmp_path: Path) -> None:
    ids = [row[0] for row in sample.PROJECTS]
    titles = dict(zip(ids, HOSTILE, strict=False))
    again = plan_json.load(written(tmp_path, sample.allocation(titles)))
    shown = dict(zip(again.projects["id"], again.projects["title"], strict=True))
    assert {id_: shown[id_] for id_ in titles} == titles
    assert plan_json.digest_ok(tmp_path)


def test_half_a_character_becomes_a_question_mark(tmp_path: Path) -> None:
    again = plan_json.load(written(tmp_path, sample.allocation({"jinglu": "a\ud800b"})))
    assert "a?b" in again.projects["title"].tolist()
    assert plan_json.digest_ok(tmp_path)


def test_any_title_comes_back_from_the_table(tmp_path: Path) -> None:
    titles = dict(zip([row[0] for row in sample.PROJECTS], HOSTILE, strict=False))
    projects, path = sample.projects(titles), tmp_path / "projects.csv"
    path.write_bytes(b"".join(table.parts(projects)))
    assert table.read(path, sample.plan())["title"].tolist() == projects["title"].tolist()


@given(st.text())
def test_quoted_texts_come_back(text: str) -> None:
    assert cells.unquoted(cells.quoted(text)) == text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"score": 63.38', '"score": 63.39'),
        ('"score": 63.38', '"score":  63.38'),
        ('"score": 63.38', '"score": 63.380'),
        ('"share": 0.8', '"share": 0.9'),
        ('"decision": "rejected"', '"decision": "admitted"'),
        ("港航集团", "港航公司"),
        ('"solver": "highs"', '"solver": "cbc"'),
        ('"digest": "', '"digest": "0'),
    ],
)
def test_whatever_is_touched_is_seen(tmp_path: Path, old: str, new: str) -> None:
    path = written(tmp_path, sample.allocation()) / "plan.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert not plan_json.digest_ok(tmp_path)


BROKEN = {
    "empty": ("", "not-json"),
    "cut off": ('{"name": "x", ', "not-json"),
    "no mapping": ("[1, 2]", "not-a-plan"),
    "other mapping": ('{"name": "x"}', "not-a-plan"),
    "nan": ('{"name": NaN}', "not-json"),
    "twice": ('{"name": "x", "name": "y"}', "not-json"),
    "deep": ("[" * 100_000, "not-json"),
    "huge integer": ('{"name": ' + "9" * 5000 + "}", "not-json"),
    "no plan": ('{"name": "x", "case": null, "status": "infeasible", "provenance": {}}', "no-plan"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_no_plan_is_said(tmp_path: Path, kind: str) -> None:
    text, code = BROKEN[kind]
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    assert codes(tmp_path) == {code}


def test_no_folder_no_file(tmp_path: Path) -> None:
    assert codes(tmp_path) == {"no-result"}
    assert codes(tmp_path / "nowhere") == {"no-result"}


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('"score": 63.38', '"score": "63.38"', "score"),
        ('"score": 63.38', '"score": 63.38, "extra": 1', "extra"),
        ('"status": "optimal"', '"status": "best"', "status"),
        ('"decision": "rejected"', '"decision": "denied"', "7.decision"),
    ],
)
def test_the_form_is_strict(tmp_path: Path, old: str, new: str, path: str) -> None:
    file = written(tmp_path, sample.allocation()) / "plan.json"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        plan_json.load(tmp_path)
    assert path in [found.place.path for found in caught.value.findings]


def test_an_infeasible_result_says_so(tmp_path: Path) -> None:
    origin = Provenance(version="0", solver="highs", solver_version="1", inputs={}, case=None, set={}, assumed=())
    result = Infeasible(name="x", case=None, status=Status.INFEASIBLE, provenance=origin)
    files = plan_json.infeasible(result)
    assert set(json.loads(files["plan.json"])) == {"name", "case", "status", "provenance"}
    (tmp_path / "plan.json").write_bytes(files["plan.json"])
    assert codes(tmp_path) == {"no-plan"}
