"""Quantities: every unit of the contract, what is never mixed, and texts that mean harm."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landalloc.models.quantity import LARGEST, QuantityError, convert, number, unit


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("600 亩", "mu", 600),
        ("600亩", "亩", 600),
        ("15 mu", "公顷", 1),
        ("1 平方公里", "mu", 1500),
        ("1 km2", "公顷", 100),
        ("3 m²", "平方米", 3),
        ("1.5 公里", "米", 1500),
        ("850 m", "km", 0.85),
        ("3000 人", "person", 3000),
        ("1.2 万人", "人", 12000),
        ("15 亿元", "万元", 150000),
        ("4.5 万元", "亿元", 0.00045),
        ("800 元", "万元", 0.08),
        ("8 million yuan", "万元", 800),
        ("3 万吨", "kt", 30),
        ("3 万吨", "t", 30000),
        ("250 公斤", "t", 0.25),
        ("200 万载重吨", "载重吨", 2_000_000),
        ("60 万 DWT", "DWT", 600_000),
        ("90 万吨标煤", "tce", 900_000),
        ("90 万吨标准煤", "吨标准煤/年", 900_000),
        ("9e5 tce/year", "吨标准煤/年", 900_000),
        ("1200 万立方米", "m3", 12_000_000),
        ("500 万人次", "万人次/年", 500),
        ("20 年", "year", 20),
        ("600 MW", "万千瓦", 60),
        ("1 GWh", "kWh", 1_000_000),
        ("3 台", "台", 3),
        ("2 万标箱", "标箱", 20000),
        ("12 vehicle", "vehicle", 12),
        ("3 nan/day", "nan/year", 1095),
        ("95%", "1", 0.95),
        ("5‰", "1", 0.005),
        ("12 kt/month", "kt/year", 144),
        ("1 t/day", "t/year", 365),
        ("  1,234.5 mu ", "mu", 1234.5),
        ("１２３　亩", "亩", 123),
        ("\N{MINUS SIGN}5 mu", "mu", -5),
        ("9万", "mu", 90000),
        (".5 mu", "mu", 0.5),
        (7, "mu", 7),
        (0.1, "mu", 0.1),
        ("1e-3", "mu", 0.001),
    ],
)
def test_units_of_the_contract(text: str | float, wanted: str, expected: float) -> None:
    assert number(text, unit(wanted)) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "of", "per", "expected"),
    [
        ("150 万元/mu", "亿元", "mu", 0.015),
        ("250 万元/mu/year", "亿元/year", "mu", 0.025),
        ("250 万元/mu", "亿元/year", "mu", 0.025),
        ("250 万元/亩·年", "万元/year", "亩", 250),
        ("250 万元/(亩·年)", "万元/year", "亩", 250),
        ("0.4 tce/万元", "tce/year", "亿元/year", 4000),
        ("0.4 吨标准煤/万元", "tce/year", "万元/year", 0.4),
        ("0.05 mu/person", "mu", "person", 0.05),
        ("30%", "亿元/year", "亿元/year", 0.3),
        ("0.3", "亿元/year", "亿元/year", 0.3),
        ("30 万元/公顷", "万元", "mu", 2),
        ("2 亩/万元", "mu", "亿元/year", 20000),
    ],
)
def test_ratios(text: str, of: str, per: str, expected: float) -> None:
    assert number(text, unit(of) / unit(per)) == pytest.approx(expected, rel=1e-15)


def test_a_flow_without_its_year_is_a_years() -> None:
    assert number("30 亿元", unit("亿元/year")) == 30
    assert number("12 kt", unit("kt/month")) == pytest.approx(1, rel=1e-15)


def test_a_plain_number_may_be_in_the_unit_of_a_heading() -> None:
    assert number("4", unit("mu"), unit("公顷")) == 60
    assert number("4 亩", unit("mu"), unit("公顷")) == 4


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("5 吨", "载重吨"),
        ("5 载重吨", "t"),
        ("5 kWh", "tce"),
        ("5 tce", "t"),
        ("5 MW", "kWh/year"),
        ("5 mu", "m"),
        ("5 m", "mu"),
        ("95%", "mu"),
        ("95%", "年"),
        ("5 mu", "1"),
        ("5 美元", "元"),
        ("5 台", "座"),
        ("5 nan", "inf"),
        ("5 人次", "人"),
        ("5 亿元/year", "亿元"),
        ("5 mu/person", "person/mu"),
    ],
)
def test_what_is_never_mixed(text: str, wanted: str) -> None:
    with pytest.raises(QuantityError) as error:
        number(text, unit(wanted))
    assert error.value.code == "wrong-unit"
    assert unit(wanted).text in str(error.value)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("nan", "not-finite"),
        (".nan", "not-finite"),
        ("-inf", "not-finite"),
        ("infinity", "not-finite"),
        (float("nan"), "not-finite"),
        (float("inf"), "not-finite"),
        ("1e999999", "not-finite"),
        ("1e309 mu", "not-finite"),
        (10**400, "not-finite"),
        ("1e308", "too-large"),
        (1e308, "too-large"),
        ("1e12 万亩", "too-large"),
        ("", "not-a-number"),
        ("about 600", "not-a-number"),
        ("约600亩", "not-a-number"),
        ("300~500", "not-a-number"),
        ("9**9**9", "not-a-number"),
        ("__import__('os').system('x')", "not-a-number"),
        ("5 __import__('os')", "not-a-number"),
        ("5 mu^99", "not-a-number"),
        ("5 mu//m", "not-a-number"),
        ("1" * 5000, "not-a-number"),
        ("5 " + "m·" * 5000 + "m", "not-a-number"),
        ("0x10", "wrong-unit"),
        (True, "not-a-number"),
        (None, "not-a-number"),
        ([5], "not-a-number"),
        ("5\x00", "not-a-number"),
    ],
)
def test_texts_that_are_no_quantity(value: object, code: str) -> None:
    with pytest.raises(QuantityError) as error:
        number(value, unit("mu"))
    assert error.value.code == code
    assert len(str(error.value)) < 200


@pytest.mark.parametrize("text", ["", "??", "5 mu", "mu^0", "mu//m", "(", "m" * 200, "/year", "a" * 101])
def test_texts_that_are_no_unit(text: str) -> None:
    with pytest.raises(QuantityError) as error:
        unit(text)
    assert error.value.code == "not-a-unit"


@given(st.text(max_size=60))
def test_any_text_is_a_finite_number_or_an_error(text: str) -> None:
    try:
        value = number(text, unit("亿元/year"))
    except QuantityError:
        return
    assert abs(value) <= LARGEST


@given(
    st.floats(-1e9, 1e9, allow_nan=False),
    st.sampled_from([("mu", "公顷"), ("亿元", "万元"), ("t/day", "kt/year"), ("km2", "mu"), ("tce/万元", "tce/亿元")]),
)
def test_there_and_back(value: float, units: tuple[str, str]) -> None:
    there, back = unit(units[0]), unit(units[1])
    assert convert(convert(value, there, back), back, there) == pytest.approx(value, rel=1e-14, abs=1e-300)


def test_everyday_conversions_do_not_import_pint() -> None:
    """It costs half a second; 万元 in a column of 亿元 must not."""
    code = (
        "import sys; from landalloc.models.quantity import number, unit;"
        "number('15 亿元', unit('万元')); number('5', unit('mu'));"
        "number('250 万元/mu', unit('亿元/year') / unit('mu'));"
        "assert 'pint' not in sys.modules; number('1 公顷', unit('mu')); assert 'pint' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
