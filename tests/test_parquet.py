"""Tables in Parquet: typed columns, the same candidates as from text, findings by column and row."""

from __future__ import annotations

import contextlib
import io
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pytest
from pyarrow import parquet
from scenarios import write
from test_stream import columns

from landalloc.models.finding import InputError, Severity
from landalloc.optimizer.read import Reading, read

SCENARIO = """\
name: list
measures:
  land: {unit: mu, title: 用地}
  investment: {unit: 亿元}
  steam: {unit: t}
attributes: [cluster, code, since]
supply: {land: 1000}
zones: {north: {}, south: {}}
criteria: {investment: {of: investment, weight: 1}}
defaults: {min_share: 0}
projects:
  - {table: candidates.FILE}
"""
CSV = """\
id,title,用地（公顷）,investment,land@north,makes.steam,cluster,code,since,zones,assumed,committed,min_share
P2,码头,1.5,2亿元,20,,port,34,2026-01-02,north; south,land,true,
P1,,2,约3,,1.5,,5,,south,,false,0.4
P3, 酒庄 ,,1,,,port,34,,,,,1
"""


def arrays() -> dict[str, Any]:
    return {
        "id": arrow.array(["P2", "P1", "P3"]),
        "title": arrow.array(["码头", None, " 酒庄 "], arrow.large_string()),
        "用地（公顷）": arrow.array([1.5, 2.0, None], arrow.float32()),
        "investment": arrow.array(["2亿元", "约3", "1"]),
        "land@north": arrow.array([Decimal("20.00"), None, None], arrow.decimal128(10, 2)),
        "makes.steam": arrow.array([None, 1.5, float("nan")]),
        "cluster": arrow.array(["port", None, "port"]).dictionary_encode(),
        "code": arrow.array([34, 5, 34], arrow.int16()),
        "since": arrow.array(["2026-01-02", None, None]).cast(arrow.date32()),
        "zones": arrow.array([["north", "south"], ["south"], None], arrow.list_(arrow.string())),
        "assumed": arrow.array([["land"], [], None], arrow.list_(arrow.string())),
        "committed": arrow.array([True, False, None]),
        "min_share": arrow.array([None, 0.4, 1.0]),
        "__index_level_0__": arrow.array([0, 1, 2]),
    }


def packed(table: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(arrow.table(table), buffer, row_group_size=2)
    return buffer.getvalue()


def reading(folder: Path, table: dict[str, Any] | bytes, text: str = SCENARIO) -> Reading:
    data = table if isinstance(table, bytes) else packed(table)
    return read(write(folder, text.replace("FILE", "parquet"), candidates__parquet=data))


def wrong(folder: Path, table: dict[str, Any] | bytes, text: str = SCENARIO) -> dict[str, str]:
    with pytest.raises(InputError) as error:
        reading(folder, table, text)
    return {one.code: str(one.place) for one in error.value.findings if one.severity is Severity.ERROR}


def test_typed_columns_mean_what_their_texts_would(tmp_path: Path) -> None:
    from_text = read(write(tmp_path, SCENARIO.replace("FILE", "csv"), candidates=CSV))
    typed = reading(tmp_path, arrays())
    assert columns(typed.candidates) == columns(from_text.candidates)
    assert typed.assumed == from_text.assumed
    assert {one.code for one in typed.findings} == {one.code for one in from_text.findings}
    assert list(typed.inputs) == ["harbour.yaml", "candidates.parquet"]


def test_long_whole_numbers_stay_names(tmp_path: Path) -> None:
    ids = [371000000000000123, 371000000000000124]
    found = reading(tmp_path, {"id": arrow.array(ids), "land": arrow.array([1, 2])})
    assert found.candidates.ids.tolist() == [str(one) for one in ids]


def test_findings_name_column_and_row(tmp_path: Path) -> None:
    table = {
        "id": arrow.array(["A", "B", "C", "A"]),
        "land": arrow.array(["1", "x", "2 元", "3"]),
        "investment": arrow.array([1.0, float("inf"), 2.0, 1e16]),
    }
    assert wrong(tmp_path, table) == {"duplicate-project": "candidates.parquet!id row 4"}
    table["id"] = arrow.array(["A", "B", "C", "D"])
    assert wrong(tmp_path, table) == {
        "not-a-number": "candidates.parquet!land row 2",
        "wrong-unit": "candidates.parquet!land row 3",
        "not-finite": "candidates.parquet!investment row 2",
        "too-large": "candidates.parquet!investment row 4",
    }


def test_columns_that_mean_nothing_are_named(tmp_path: Path) -> None:
    table = {"id": arrow.array(["A"]), "lnad": arrow.array([1]), "land": arrow.array([{"north": 1}])}
    found = wrong(tmp_path, table)
    assert found["unknown-heading"] == "candidates.parquet!lnad"
    assert found["parquet-type"] == "candidates.parquet!land"
    assert wrong(tmp_path, {"land": arrow.array([1])})["no-id-column"] == "candidates.parquet!land"
    assert "parquet-type" in wrong(tmp_path, {"id": arrow.array(["A"]), "land": arrow.array([["1"]])})
    assert wrong(tmp_path, {"id": arrow.array([None, "B"])})["project-id"] == "candidates.parquet!row 1"


def test_settings_of_sheets_are_told(tmp_path: Path) -> None:
    text = SCENARIO.replace("candidates.FILE}", "candidates.FILE, header: 1, columns: {用地面积: land, x: null}}")
    table = {"id": arrow.array(["A"]), "用地面积": arrow.array([5]), "x": arrow.array([{"a": 1}])}
    found = reading(tmp_path, table, text)
    assert "parquet-setting" in {one.code for one in found.findings}
    assert found.candidates.amounts["land"].tolist() == [5.0]


@pytest.mark.parametrize("data", [b"PAR1", b"PAR1" + bytes(100) + b"PAR1", b"id,land\nA,1\n", b"\x00" * 9])
def test_what_is_no_parquet_file_is_told(tmp_path: Path, data: bytes) -> None:
    assert wrong(tmp_path, data)["parquet-broken"] == "harbour.yaml:12:13"


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    data = packed(arrays())
    for at in range(4, len(data) - 8, 97):
        harmed = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        with contextlib.suppress(InputError):  # and nothing else
            reading(tmp_path, harmed)


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landalloc.optimizer.reading.parquet.MOST_CELLS", 5)
    assert "table-large" in wrong(tmp_path, {"id": arrow.array(["A"] * 6)})
    assert "table-empty" in wrong(tmp_path, {"id": arrow.array([], arrow.string())})


def test_without_the_library_the_remedy_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed(arrays())
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError) as error:
        reading(tmp_path, data)
    [one] = [one for one in error.value.findings if one.code == "parquet-extra"]
    assert 'pip install "landalloc[parquet]"' in str(one.remedy)


def test_a_table_of_standards_in_parquet(tmp_path: Path) -> None:
    standard = "{table: limits.parquet, key: code, column: 投资强度}"
    text = SCENARIO + f"rules: [{{name: s, standard: {{of: investment, per: land, at_least: {standard}}}}}]\n"
    limits = packed({"行业": arrow.array([34, 5]), "投资强度": arrow.array([0.5, 0.25])})
    (tmp_path / "limits.parquet").write_bytes(limits)
    [rule] = reading(tmp_path, arrays(), text).scenario.rules
    assert rule.standard.at_least.limits == {"34": 0.5, "5": 0.25}  # type: ignore[union-attr]
