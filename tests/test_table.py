"""Projects beside plan.json, as columns: read back strictly, and verified column by column."""

import json
from pathlib import Path

import pandas as pd
import pytest
import sample

from landalloc.models.finding import InputError
from landalloc.optimizer.pipeline import allocate
from landalloc.optimizer.read import read
from landalloc.optimizer.report import folder, table
from landalloc.optimizer.report import json as plan_json
from landalloc.optimizer.solve import Limits
from landalloc.optimizer.verify import verify

HARBOUR = Path(__file__).resolve().parent.parent / "inputs" / "harbour.yaml"


@pytest.fixture
def result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A result whose projects stand beside its plan.json."""
    monkeypatch.setattr(plan_json, "MOST_NESTED", 5)
    folder.write(tmp_path / "result", plan_json.files(allocate(read(HARBOUR), Limits(), language="en")))
    return tmp_path / "result"


def test_what_is_read_back_is_what_was_written(result: Path) -> None:
    allocation = allocate(read(HARBOUR), Limits(), language="en")
    again = plan_json.load(result).projects
    pd.testing.assert_frame_equal(again, allocation.projects, rtol=1e-11)


def test_a_table_is_verified(result: Path) -> None:
    assert verify(result, HARBOUR) == []


def changed(result: Path, project: str, column: str, value: object) -> list[str]:
    """The places that `verify` finds wrong when one cell says something else."""
    path = result / table.NAME
    cells = pd.read_csv(path, dtype=object, keep_default_na=False)
    cells.loc[cells["id"] == project, column] = value
    cells.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    return [found.place.path for found in verify(result, HARBOUR)]


@pytest.mark.parametrize(
    ("project", "column", "value"),
    [
        ("axle", "granted.land", "1"),
        ("axle", "rank", "9"),
        ("axle", "title", "another"),
        ("axle", "units", "3"),
        ("coal", "index", "inf"),
        ("coal", "charges_by.1.points", "7"),
        ("coal", "charges_by.1.row", "supply|land|south"),
        ("coal", "reasons", json.dumps([["charges", "because"]])),
        ("coal", "decision", "inadmissible"),
    ],
)
def test_every_cell_that_was_changed_is_found(result: Path, project: str, column: str, value: str) -> None:
    assert changed(result, project, column, value) == ["digest", f"projects.{project}.{column}"]


def broken(tmp_path: Path, old: bytes, new: bytes) -> str:
    """What is said of a table in which something was put in another's place."""
    path = tmp_path / table.NAME
    whole = b"".join(table.parts(sample.projects()))
    assert old in whole
    path.write_bytes(whole.replace(old, new, 1))
    with pytest.raises((ValueError, InputError)) as caught:
        table.read(path, sample.plan())
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"id,title,", b"id,id,", "twice"),
        (b"id,title,", b"id,name,", "no column title"),
        (b"granted.land", b"granted.sea", "no column granted.land"),
        (b"charges_by.1.row", b"charges_by.0.row", "charges_by.0.row that no plan has"),
        (b",admitted,", b",perhaps,", "no decision that there is"),
        (b'"[[""', b'"[[[""', "delimiter"),
        (b'"[[""', b'"{[""', "double quotes"),
        (b",admitted,", b",admitted,,", "Expected 43 fields"),
        (b",admitted,1,", b",admitted,,", "no figure under share"),
    ],
)
def test_a_table_of_another_form_is_refused(tmp_path: Path, old: bytes, new: bytes, said: str) -> None:
    assert said in broken(tmp_path, old, new)


def test_a_row_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    last = b"".join(table.parts(sample.projects())).splitlines(keepends=True)[-1]
    assert "too few cells" in broken(tmp_path, last, b",".join(last.split(b",")[:5]) + b"\r\n")
