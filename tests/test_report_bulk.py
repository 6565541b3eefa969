"""A table written by columns is, byte for byte, the one that is written cell by cell."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landalloc.optimizer.report import bulk, cells, columns
from landalloc.optimizer.report import csv as tables
from landalloc.optimizer.report.words import clean

decimals = st.builds(lambda m, e: m * 10.0**e, st.integers(-(10**13), 10**13), st.integers(-20, 9))
figures = st.one_of(st.floats(), decimals, st.integers(-(10**16), 10**16).map(float))
texts = st.one_of(st.text(), st.text(st.characters(codec="ascii")), st.sampled_from(["=1", "'x", " a ", "，", "a,b"]))


def written(column: bulk.Column, n: int) -> bytes:
    return b"".join(bulk.parts({"head": column, "last": bulk.Coded(np.zeros(n, dtype=np.intp), ["z"])}, n))


def cell_by_cell(values: list[object]) -> bytes:
    return cells.sheet([["head", "last"], *([value, "z"] for value in values)])


@given(st.lists(figures, max_size=30))
def test_figures_of_plan_json(values: list[float]) -> None:
    column = bulk.Figures(np.array(values, dtype=float), columns.DIGITS, columns.canonical)
    assert written(column, len(values)) == cell_by_cell(list(columns.canonical_column(values)))


@given(st.lists(figures, max_size=30))
def test_figures_of_tables(values: list[float]) -> None:
    column = bulk.Figures(np.array(values, dtype=float), tables.DIGITS, tables._single, ties=True)
    assert written(column, len(values)) == cell_by_cell([tables._single(value) for value in values])


@pytest.mark.parametrize(
    "value",
    [0.0, -0.0, 1.0, 0.1, 9.9999999999999, 99999999.95, 1e-4, 9.99999999e-5, 0.00012345678949999, 1e-9, 1e15, 1e14,
     -123456789.5, 1.000000005, math.inf, -math.inf, math.nan, 5e-324, 1.7e308],
)  # fmt: skip
def test_figures_at_the_edges(value: float) -> None:
    for digits, said in ((tables.DIGITS, tables._single), (columns.DIGITS, lambda v: columns.canonical_column([v])[0])):
        column = bulk.Figures(np.array([value]), digits, said, ties=digits == tables.DIGITS)
        assert written(column, 1) == cell_by_cell([said(value)])


@given(st.lists(st.one_of(st.none(), st.integers(-(10**15), 10**15)), max_size=30))
def test_whole_numbers(values: list[int | None]) -> None:
    missing = np.array([value is None for value in values], dtype=bool)
    column = bulk.Whole(np.array([value or 0 for value in values], dtype=np.int64), missing)
    assert written(column, len(values)) == cell_by_cell(list(values))


@given(st.lists(st.one_of(st.none(), texts), max_size=30))
def test_texts(values: list[str | None]) -> None:
    assert written(bulk.Texts(values), len(values)) == cell_by_cell(list(values))


@given(st.lists(st.one_of(texts, st.just("x" * 30)), max_size=30))
def test_texts_as_they_are_shown(values: list[str]) -> None:
    column = bulk.Texts(values, lambda text: clean(text, 20))
    assert written(column, len(values)) == cell_by_cell([clean(value, 20) for value in values])


@given(st.lists(texts, min_size=1, max_size=5), st.lists(st.integers(0, 4), max_size=30))
def test_texts_of_which_many_are_the_same(known: list[str], chosen: list[int]) -> None:
    code = np.array([i % len(known) for i in chosen], dtype=np.intp)
    assert written(bulk.Coded(code, known), len(code)) == cell_by_cell([known[i] for i in code.tolist()])


def test_parts_come_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "ROWS", 7)
    values = [float(i) / 3 for i in range(20)]
    column = bulk.Figures(np.array(values), columns.DIGITS, columns.canonical)
    table = {"head": column, "last": bulk.Coded(np.zeros(20, dtype=np.intp), ["z"])}
    assert [part.count(b"\r\n") for part in bulk.parts(table, 20)] == [1, 7, 7, 6]
    assert written(column, 20) == cell_by_cell(list(columns.canonical_column(values)))
