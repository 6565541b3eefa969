"""`landalloc explain` as a user meets it: answers in the file, each change tried on the scenario, conflicts named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from landalloc.models.explanation import Explanation
from landalloc.optimizer.cli import app
from landalloc.optimizer.crew.hire import Hands
from landalloc.optimizer.inquiry import explanation, standing
from landalloc.optimizer.inquiry.explanation import Question, explain
from landalloc.optimizer.pipeline import solve_scenario
from landalloc.optimizer.read import read
from landalloc.optimizer.score import scales
from landalloc.optimizer.solve import Limits

INPUTS = Path(__file__).resolve().parent.parent / "inputs"
EXACT = Limits(gap=0.0)

TOO_MUCH = """\
name: bad
measures: {land: {unit: mu}, jobs: {unit: person}}
supply: {land: 10}
criteria: {jobs: {of: jobs, weight: 1}}
projects:
  - {id: a, land: 8, jobs: 5, committed: true}
  - {id: b, land: 6, jobs: 5, committed: true}
  - {id: c, land: 3, jobs: 5, min_share: 1}
rules:
  - {name: many, count: {at_least: 5}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(INPUTS / "harbour.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def share(path: Path, project: str, changes: dict[str, str]) -> float:
    """The share of a project in the exact optimum of a changed scenario."""
    reading = read(path, changes=changes)
    kept = scales(reading.base_scenario, reading.base_candidates)
    solved, _ = solve_scenario(reading.scenario, reading.candidates, EXACT, kept=kept)
    return float(solved.account.project_shares()[reading.candidates.ids == project].sum())


def test_what_it_would_take_is_true_of_the_changed_file(folder: Path) -> None:
    status, told = run("explain", "harbour.yaml", "coal", "--lang", "en")
    assert status == 0
    answers: dict[str, Any] = json.loads((folder / "results/harbour/explain.json").read_text(encoding="utf-8"))
    (coal,) = Explanation.model_validate(answers).projects
    assert coal.id == "coal"
    assert coal.takes
    for taking in coal.takes:
        (step,) = taking.changes
        assert f"--set {step.path}=" in told
        start, to = float(step.from_ or 0.0), float(step.to)
        before = to / 1.001 * 0.999 if to > start else to / 0.999 * 1.001
        assert share(folder / "harbour.yaml", "coal", {step.path: f"{to!r}"}) > 0
        assert share(folder / "harbour.yaml", "coal", {step.path: f"{before!r}"}) == 0


def test_everything_about_everybody(folder: Path) -> None:
    found = explain(Question(folder / "harbour.yaml", None, {}, EXACT, "en"))
    standing = {a.id: a.over_plans["0"] for a in found.projects}
    assert standing["bridge"] == "must"
    assert standing["coal"] == "never"
    assert {a.id for a in found.projects if a.withdrawn} >= {"yard", "parts", "heat"}
    assert {r.name for r in found.rules} == {"land-standard", "jobs-target", "one-quay"}
    assert {(c.measure, c.zone) for c in found.prices} >= {("land", "north"), ("land", "south")}
    assert found.unproved == ()


def test_workers_give_the_same_answers(folder: Path) -> None:
    question = Question(folder / "harbour.yaml", None, {}, EXACT, "en", projects=("coal", "yard"))
    assert explain(question, hands=Hands(2)) == explain(question)


def test_past_the_time_what_is_open_is_named(folder: Path) -> None:
    question = Question(folder / "harbour.yaml", None, {}, EXACT, "en", projects=("coal",), seconds=0.0)
    found = explain(question)
    assert found.projects[0].takes == ()
    assert found.projects[0].forced is not None
    assert found.unproved == ("takes|coal",)


def test_many_are_told_together_what_few_are_told_one_by_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = ("yard", "coal", "heat", "parts")
    question = Question(folder / "harbour.yaml", None, {}, EXACT, "en", projects=ids)
    few = explain(question)
    monkeypatch.setattr(standing, "FEW", 0)
    monkeypatch.setattr(explanation, "FEW", 0)
    assert explain(question) == few
    assert explain(question, hands=Hands(2)) == few


def test_past_the_time_many_are_told_what_is_known(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explanation, "FEW", 0)
    question = Question(folder / "harbour.yaml", None, {}, EXACT, "en", projects=("coal", "yard"), seconds=0.0)
    found = explain(question)
    assert [(a.forced, a.withdrawn, a.proved) for a in found.projects] == [(None, None, False)] * 2
    assert {a.over_plans["0"] for a in found.projects} == {"could"}
    assert set(found.unproved) >= {"forced|coal", "takes|coal", "withdrawn|yard", "over_plans|coal"}


def test_where_nothing_fits_the_limits_are_named_and_repairs_work(folder: Path) -> None:
    (folder / "bad.yaml").write_text(TOO_MUCH, encoding="utf-8")
    status, told = run("explain", "bad.yaml", "--lang", "en")
    assert status == 3
    assert "bad.yaml:3  supply.land" in told
    answers = json.loads((folder / "results/bad/explain.json").read_text(encoding="utf-8"))
    found = Explanation.model_validate(answers)
    members = [{m.path for m in conflict.members} for conflict in found.conflicts]
    assert {"supply.land", "projects.a.committed", "projects.b.committed"} in members
    assert {"rules.many"} in members
    assert found.repairs
    for repair in found.repairs:
        assert share(folder / "bad.yaml", "a", {step.path: str(step.to) for step in repair.changes}) == 1


def test_an_unknown_project_is_told(folder: Path) -> None:
    status, _ = run("explain", "harbour.yaml", "cool")
    assert status == 2
