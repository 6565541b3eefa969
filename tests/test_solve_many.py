"""Several scenarios and cases in one `landalloc solve`."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_cli import landalloc
from test_tune_cli import tiny

from landalloc.optimizer import pipeline
from landalloc.optimizer.allocation import Allocation
from landalloc.optimizer.read import Reading
from landalloc.optimizer.solve import SolverError

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    tiny("one")
    path = tiny("two", title="Zwei")
    path.write_text(path.read_text(encoding="utf-8").replace("name: tiny", "name: other"), encoding="utf-8")


def written(folder: str) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def table(captured: Captured) -> dict[tuple[str, str], list[str]]:
    """(scenario, case) -> the rest of its line."""
    lines = [line.split() for line in captured.readouterr().out.splitlines()[1:]]
    return {(line[0], line[1]): line[2:] for line in lines}


def test_each_is_what_solve_alone_gives_and_has_a_line(capsys: Captured) -> None:
    for case in ([], ["--case", "less"]):
        for name, file in (("tiny", "one.yaml"), ("other", "two.yaml")):
            to = f"alone/{'-'.join([name, *case[1:]])}"
            assert landalloc("solve", file, *case, "--format", "csv", "-o", to) == 0
    capsys.readouterr()
    many = ("solve", "one.yaml", "two.yaml", "--case", "all", "--format", "csv")
    assert landalloc(*many) == 0
    told = table(capsys)
    assert written("results") == written("alone")
    assert list(told) == [("tiny", "–"), ("tiny", "less"), ("other", "–"), ("other", "less")]
    assert told["other", "less"][-1] == "results/other-less/"
    assert told["tiny", "–"][0] == "optimal"
    assert told["tiny", "–"][2] == "3"  # the road, the bank and the mill
    assert landalloc(*many, "--jobs", "2", "-o", "beside") == 0
    assert written("beside") == written("alone")


def test_cases_that_are_named_and_changes_are_for_all(capsys: Captured) -> None:
    options = ("--case", "less", "--weight", "jobs=80", "--format", "csv")
    assert landalloc("solve", "one.yaml", *options, "-o", "alone/tiny-less") == 0
    capsys.readouterr()
    assert landalloc("solve", "one.yaml", "two.yaml", *options, "-o", "many") == 0
    assert list(table(capsys)) == [("tiny", "less"), ("other", "less")]
    many = written("many")
    assert {name: many[name] for name in written("alone")} == written("alone")
    assert {Path(name).parent.name for name in many} == {"tiny-less", "other-less"}


def test_what_is_wrong_with_one_stops_no_other_and_is_told_at_the_end(capsys: Captured) -> None:
    Path("bad.yaml").write_text("name: [", encoding="utf-8")
    tight = tiny("tight")
    text = tight.read_text(encoding="utf-8").replace("name: tiny", "name: tight").replace("land: 100", "land: 5")
    tight.write_text(text, encoding="utf-8")
    tiny("again")
    files = ("bad.yaml", "tight.yaml", "one.yaml", "again.yaml")
    assert landalloc("solve", *files, "--lang", "en", "--format", "csv") == 3
    out, errors = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["bad.yaml", "tight", "tiny", "tiny"]
    assert [" ".join(line.split()[2:]) for line in out.splitlines()[1:3]] == [
        "failed – – –",
        "no plan – – results/tight/",
    ]
    assert out.splitlines()[4].split()[2] == "failed"
    said = " ".join(errors.split())
    assert "bad.yaml:1:8: error: the file is not valid YAML" in said
    assert "tight: No plan can keep all hard rules." in said
    assert "tiny: results/tiny holds the results of one.yaml, which has the same name" in said
    assert sorted(path.name for path in Path("results").iterdir()) == ["tight", "tiny"]
    assert [path.name for path in Path("results/tight").iterdir()] == ["plan.json"]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("one.yaml", "two.yaml"), 0),
        (("one.yaml", "no.yaml"), 1),
        (("one.yaml", "two.yaml", "--case", "more"), 2),
        (("one.yaml", "two.yaml", "--write-model", "m.lp"), 2),
        (("one.yaml", "two.yaml", "--gap", "-1"), 2),
        (("one.yaml", "two.yaml", "--set", "supply.land=5"), 3),
        (("no.yaml", "one.yaml", "--set", "supply.land=5"), 3),
    ],
)
def test_the_exit_status_is_the_largest(arguments: tuple[str, ...], status: int) -> None:
    assert landalloc("solve", *arguments, "--format", "json") == status


@pytest.mark.parametrize(("error", "status"), [(SolverError("late"), 4), (ZeroDivisionError("oh"), 70)])
def test_one_that_cannot_be_solved(
    error: Exception, status: int, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    allocate = pipeline.allocate
    error.__cause__ = TimeoutError()

    def first_fails(reading: Reading, *rest: object, **options: object) -> Allocation:
        if reading.scenario.name == "tiny":
            raise error
        return allocate(reading, *rest, **options)

    monkeypatch.setattr(pipeline, "allocate", first_fails)
    assert landalloc("solve", "one.yaml", "two.yaml", "--format", "json", "--lang", "en") == status
    out, errors = capsys.readouterr()
    assert [line.split()[2] for line in out.splitlines()[1:]] == ["failed", "optimal"]
    assert ("tiny: Stopped at the time limit" if status == 4 else "ZeroDivisionError oh (test_solve_many.py:") in errors
    assert [path.name for path in Path("results").iterdir()] == ["other"]


def test_a_folder_of_somebody_else_is_left_alone(capsys: Captured) -> None:
    Path("results/tiny").mkdir(parents=True)
    Path("results/tiny/thesis.doc").touch()
    assert landalloc("solve", "one.yaml", "two.yaml", "--format", "csv") == 2
    assert table(capsys)["tiny", "–"][0] == "failed"
    assert [path.name for path in Path("results/tiny").iterdir()] == ["thesis.doc"]
    assert Path("results/other/plan.json").exists()


def test_a_case_may_be_called_all(capsys: Captured) -> None:
    path = Path("one.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace("  less:", "  all:"), encoding="utf-8")
    assert landalloc("solve", "one.yaml", "--case", "all", "--format", "csv") == 0
    assert list(table(capsys)) == [("tiny", "all")]
