"""Figures as the report writes them, by the rules that readers were promised."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landalloc.optimizer.report import numbers
from landalloc.optimizer.report.numbers import THIN, Language

SENTENCES = [
    # value, unit, Chinese, English (a thin space is written _)
    (300.0, "mu", "300亩", "300 mu"),
    (1240.0, "m", "1240米", "1_240 m"),
    (3000.0, "person", "3000人", "3_000 people"),
    (0.02, "亿元/mu", "200万元/亩", "2.00 million yuan/mu"),
    (0.0141, "亿元/year/mu", "141万元/亩", "1.41 million yuan/mu"),
    (80.0, "万元/m", "80万元/米", "0.80 million yuan/m"),
    (15.2, "亿元", "15.20亿元", "1_520 million yuan"),
    (0.5, "亿元/year", "0.50亿元/年", "50.0 million yuan/year"),
    (8952.0, "万元", "8952万元", "89.5 million yuan"),
    (912000.0, "tce/year", "91.20万吨标准煤/年", "912_000 tce/year"),
    (9500.0, "tce/year", "9500吨标准煤/年", "9_500 tce/year"),
    (4000.0, "tce/亿元", "0.40吨标准煤/万元", "0.40 tce/10 thousand yuan"),
    (0.3, "亿元/亿元", "30.0%", "30.0%"),
    (50.0, "t/kt", "5.0%", "5.0%"),
    (2000000.0, "DWT/year", "2000000载重吨/年", "2_000_000 DWT/year"),
    (12.5, "万人次/year", "12.5万人次/年", "125_000 visits/year"),
    (3.0, "1", "3", "3"),
    (4.0, "座", "4座", "4 sites"),
    (1.234, "points", "1.23分", "1.23 points"),
]


@pytest.mark.parametrize(("value", "unit", "chinese", "english"), SENTENCES)
def test_figures_in_sentences(value: float, unit: str, chinese: str, english: str) -> None:
    assert numbers.quantity(value, unit, "zh") == chinese
    assert numbers.quantity(value, unit, "en").replace(THIN, "_") == english


@pytest.mark.parametrize(
    ("unit", "factor", "decimals", "heading"),
    [
        ("亩", 1.0, 0, "亩"),
        ("米", 1.0, 0, "米"),
        ("人", 1.0, 0, "人"),
        ("亿元", 1.0, 2, "亿元"),
        ("万吨标准煤", 1.0, 2, "万吨标准煤"),
        ("tce", 1.0, 0, "吨标准煤"),
        ("亿元/mu", 1e4, 0, "万元/亩"),
        ("元/m2", 1.0, 0, "万元/公顷"),
        ("亿元/person", 1e4, 2, "万元/人"),
    ],
)
def test_columns_have_one_unit_and_its_decimals(unit: str, factor: float, decimals: int, heading: str) -> None:
    how = numbers.style(unit, "zh")
    assert (how.factor, how.decimals, how.unit) == (pytest.approx(factor), decimals, heading)


def test_tax_per_mu_has_a_decimal_and_other_money_per_mu_none() -> None:
    assert numbers.figure(29.84, numbers.style("万元/mu", "zh", tax=True), "zh") == "29.8"
    assert numbers.figure(473.3, numbers.style("万元/mu", "zh"), "zh") == "473"


def test_no_figure_is_a_dash_and_infinity_a_sign() -> None:
    assert numbers.figure(None, numbers.style("mu", "zh"), "zh") == "–"
    assert numbers.figure(math.nan, numbers.style("mu", "zh"), "zh") == "–"
    assert [numbers.index(value, "en") for value in (math.inf, 3.124, 0.0)] == ["∞", "3.12", "0.00"]


MARGINS = [
    (0.00813, "亿元/year", "81万元", "0.81 million yuan"),
    (0.0000412, "亿元", "4100元", "4.1 thousand yuan"),
    (12.3, "亿元", "12亿元", "1.2 billion yuan"),
    (3.75, "万元/year", "3.8万元", "38 thousand yuan"),
    (1.3333, "person", "1.3人", "1.3 people"),
    (41.7, "person", "42人", "42 people"),
    (0.00456, "kt/year", "0.0046千吨", "0.0046 kt"),
    (123456.0, "tce/year", "12万吨标准煤", "120_000 tce"),
    (0.000912, "points", "0.00091分", "0.00091 points"),
]


@pytest.mark.parametrize(("value", "unit", "chinese", "english"), MARGINS)
def test_margins_have_two_significant_digits(value: float, unit: str, chinese: str, english: str) -> None:
    assert numbers.about(value, unit, "zh") == chinese
    assert numbers.about(value, unit, "en").replace(THIN, "_") == english


@given(
    st.floats(allow_nan=True, allow_infinity=True, width=64),
    st.sampled_from([*(row[1] for row in SENTENCES), "x/y/z", "()"]),
)
def test_no_figure_breaks_the_report(value: float, unit: str) -> None:
    for language in ("zh", "en"):
        spoken: Language = language
        if math.isfinite(value) and abs(value) < 1e15:
            assert "e" not in numbers.quantity(value, "mu", spoken)
        assert numbers.quantity(value, unit, spoken)
        assert numbers.any_number(value, spoken)


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_nothing_but_zero_is_shown_as_zero(value: float) -> None:
    shown = numbers.figure(value, numbers.style("mu", "zh"), "zh")
    assert float(shown) > 0


def test_chinese_text_does_not_group() -> None:
    assert not any(THIN in numbers.quantity(value, unit, "zh") for value, unit, *_ in SENTENCES)


@pytest.mark.parametrize(
    ("value", "shown"), [(0.1 + 0.2, "0.3"), (1e6, "1000000"), (-2.5, "-2.5"), (1e-7, "0.0000001")]
)
def test_numbers_of_no_unit(value: float, shown: str) -> None:
    assert numbers.any_number(value, "zh") == shown
