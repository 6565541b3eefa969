"""Exactly rounded sums, and names that are written only when they are read."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from landalloc.optimizer.certificate import sums
from landalloc.optimizer.certificate.sums import exact_sum
from landalloc.optimizer.names import Lazy, Names

FINITE = st.floats(-1e200, 1e200, allow_subnormal=True)


@given(arrays(np.float64, st.integers(0, 60), elements=FINITE))
def test_the_sum_is_that_of_fsum(terms: np.ndarray) -> None:
    assert exact_sum(np.tile(terms, 20)) == math.fsum(np.tile(terms, 20).tolist())
    if len(terms):
        assert math.fsum(sums._halves(terms)) == math.fsum(terms.tolist())


def test_terms_of_all_sizes_cancel_exactly() -> None:
    random = np.random.default_rng(1)
    sizes = random.standard_normal(4000) * 10.0 ** random.integers(-300, 290, 4000)
    small = np.array([5e-324, 1e-310, -3e-308])
    assert exact_sum(np.concatenate([sizes, small, -sizes])) == math.fsum(small.tolist())
    assert exact_sum(random.permutation(np.concatenate([sizes, -sizes]))) == 0.0


def test_long_columns_are_summed_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "MOST", 700)
    terms = np.random.default_rng(2).lognormal(0.0, 9.0, 5000)
    assert exact_sum(terms) == math.fsum(terms.tolist())


def test_what_is_no_number_is_left_to_fsum() -> None:
    assert math.isnan(exact_sum(np.full(1000, np.nan)))
    assert exact_sum(np.full(1000, np.inf)) == math.inf


def test_names_are_written_when_they_are_read() -> None:
    written: list[str] = []

    def own() -> list[str]:
        written.append("own")
        return ["own|a", "own|b"]

    names = Names([Lazy(2, own), [], ["supply|land|"]])
    assert (len(names), names[2], names[-1]) == (3, "supply|land|", "supply|land|")
    assert written == []
    assert list(names) == ["own|a", "own|b", "supply|land|"] == names[:]
    assert (names[0], names.index("own|b"), "own|c" in names) == ("own|a", 1, False)
    assert written == ["own"]
    assert names == ["own|a", "own|b", "supply|land|"]
    assert names != ["own|a", "own|b"]
    with pytest.raises(IndexError):
        names[3]
