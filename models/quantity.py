"""Quantities with units: ``15 亿元``, ``600 亩``, ``9e5 tce/year``, ``95%`` -> a number in the unit of its place.

A unit is a power of ten times a product of names, ``亿元/mu/year`` = 10^8 · 元 · mu^-1 · year^-1. Most conversions
are therefore a shift of the decimal point (万元 -> 亿元, kt -> t, 公顷 -> m²); the few that are not (mu and m², months
and years) are pint's, with the definitions below. pint is imported when the first of them is met: it costs half a
second that most scenarios need not spend.

Texts are data from outside: they are matched, never evaluated.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from .finding import Message

DEFINITIONS = """
m = [length]
year = [time]
month = 1/12 * year
day = 1/365 * year
hour = 1/24 * day
mu = 2000/3 * m ** 2
"""
"""What pint is told; every other name is a dimension of its own (1 mu = 1/15 hectare)."""

NAMES = """
0 m: m 米 meter metre meters metres
3 m: km 公里 千米
0 m2: m2 平方米 平米 sqm
4 m2: ha 公顷 hectare hectares
6 m2: km2 平方公里 平方千米
0 m3: m3 立方米 方 立方
0 mu: mu 亩
0 year: year years yr y a 年
0 month: month months 月 个月
0 day: day days d 天 日
0 hour: hour hours h 小时 时
0 元: 元 yuan CNY RMB 人民币
0 美元: 美元 USD
0 person: person persons people 人 job jobs
0 t: t 吨 ton tons tonne tonnes
-3 t: kg 公斤 千克
3 t: kt
6 t: Mt
0 DWT: DWT dwt 载重吨
0 tce: tce 吨标准煤 吨标煤 吨标准煤当量 吨煤当量
-3 tce: kgce 千克标准煤 公斤标准煤
3 tce: ktce
6 tce: Mtce
0 W: W 瓦
3 W: kW 千瓦
6 W: MW 兆瓦
9 W: GW 吉瓦
0 kWh: kWh 千瓦时 度
3 kWh: MWh 兆瓦时
6 kWh: GWh 吉瓦时
0 GJ: GJ 吉焦
3 GJ: TJ 太焦
-2 1: % 百分点
-3 1: ‰
0 1: 1
"""
"""Power of ten, name: spellings. 载重吨 (what a ship carries) is no 吨, and tce is no energy in kWh: never mixed."""

MULTIPLIERS = {
    "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12,
    "hundred": 2, "thousand": 3, "million": 6, "billion": 9,
}  # fmt: skip
"""Words for powers of ten: 万台 is 10^4 台 whatever 台 is; ``8 million yuan``."""

LARGEST = 1e15
"""Beyond this a figure is a slip: sums of such figures lose whole units in double precision."""

LONGEST = 100
"""Characters of the longest text that is taken for a quantity."""

_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?(?:[eE][+-]?\d+)?|[+-]?\.\d+(?:[eE][+-]?\d+)?)\s*(.*)")
_NOT_FINITE = re.compile(r"[+-]?\.?(?:nan|inf|infinity)", re.IGNORECASE)
_FACTOR = re.compile(r"([^\W\d_]\w*|[%‰]|1)(?:\^(-?[1-9]))?")
_CHINESE = sorted((m for m in MULTIPLIERS if not m.isascii()), key=len, reverse=True)
_DEFINED = frozenset(line.split(" = ")[0] for line in DEFINITIONS.strip().split("\n"))
_TIMES = ("year", "month", "day", "hour")


class QuantityError(ValueError):
    """A text that is no quantity of the unit wanted. `code` is the code of the finding, `message` says what."""

    def __init__(self, code: str, message: Message) -> None:
        self.code = code
        self.message = message
        super().__init__(str(message))


@dataclass(frozen=True, slots=True)
class Unit:
    """10^power times a product of names with exponents, sorted by name; `text` is how it was written."""

    text: str
    power: int
    factors: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        return self.text

    def __truediv__(self, other: Unit) -> Unit:
        """The unit of a ratio.

        >>> print(unit("亿元/year") / unit("mu"), unit("t") / unit("kt"))
        亿元/year/mu t/kt
        """
        text = "1" if self == other else f"{self.text}/{other.text.replace('/', '·')}"
        inverse = tuple((name, -exponent) for name, exponent in other.factors)
        return Unit(text, self.power - other.power, _product(self.factors + inverse))


def _product(factors: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    exponents: dict[str, int] = {}
    for name, exponent in factors:
        exponents[name] = exponents.get(name, 0) + exponent
    return tuple(sorted((name, exponent) for name, exponent in exponents.items() if exponent))


def _spellings() -> dict[str, tuple[int, tuple[tuple[str, int], ...]]]:
    powers_of_m = {"m2": ("m", 2), "m3": ("m", 3)}
    table: dict[str, tuple[int, tuple[tuple[str, int], ...]]] = {}
    for line in NAMES.split("\n"):
        head, _, spellings = line.partition(": ")
        power, _, name = head.partition(" ")
        for spelling in spellings.split():
            table[spelling] = (int(power), () if name == "1" else (powers_of_m.get(name, (name, 1)),))
    return table


_SPELLINGS = _spellings()


@lru_cache(maxsize=4096)
def unit(text: str) -> Unit:
    """A unit from its text: products with ``·``, ``*`` or a space, quotients with ``/`` (weaker: 万元/亩·年).

    A noun that nobody declared (台, vehicle) is a unit of its own.

    >>> unit("亿元/year").power, unit("亿元/year").factors
    (8, (('year', -1), ('元', 1)))

    Raises:
        QuantityError: the text is no unit.
    """
    clean = unicodedata.normalize("NFKC", text).strip()
    power, factors = 0, []
    for at, part in enumerate(clean.split("/") if len(clean) <= LONGEST else [""]):
        sign = -1 if at else 1
        inner = part.strip()
        inner = inner[1:-1] if inner.startswith("(") and inner.endswith(")") else inner
        for word in re.split(r"\s*[·⋅•*×]\s*|\s+", inner.strip()):
            match = _FACTOR.fullmatch(word)
            if match is None:
                raise QuantityError("not-a-unit", Message("{text} is not a unit", {"text": _short(text)}))
            exponent = sign * int(match[2] or 1)
            shift, names = _named(match[1])
            power += shift * exponent
            factors += [(name, one * exponent) for name, one in names]
    return Unit(clean, power, _product(tuple(factors)))


def familiar_unit(text: str) -> Unit | None:
    """A unit in which every name is one that we know; None for nouns, which any word may be, and for no units.

    >>> str(familiar_unit("万元/亩")), familiar_unit("台"), familiar_unit("其中 新增")
    ('万元/亩', None, None)
    """
    try:
        one = unit(text)
    except QuantityError:
        return None
    known = {name for _, names in _SPELLINGS.values() for name, _ in names}
    return one if one.text != "1" and all(name in known for name, _ in one.factors) else None


def _named(word: str) -> tuple[int, tuple[tuple[str, int], ...]]:
    """Power of ten and names of one word: a spelling we know, a multiplier of one, or a noun of its own."""
    if word in _SPELLINGS:
        return _SPELLINGS[word]
    if word in MULTIPLIERS:
        return MULTIPLIERS[word], ()
    for multiplier in _CHINESE:
        if word.startswith(multiplier):
            power, names = _named(word[len(multiplier) :])
            return MULTIPLIERS[multiplier] + power, names
    return 0, ((word, 1),)


PURE = unit("1")
"""The unit of pure numbers, shares and counts."""


def number(value: object, target: Unit, plain: Unit | None = None) -> float:
    """A figure in the unit `target`. A bare number is in the unit `plain`, which is `target` unless given.

    >>> number("15 亿元", unit("万元")), number("95%", unit("1")), number("600 亩", unit("公顷"))
    (150000.0, 0.95, 40.0)
    >>> number("30 亿元", unit("亿元/year")), number("250 万元/mu", unit("亿元/year") / unit("mu"))
    (30.0, 0.025)

    Raises:
        QuantityError: not a number, not finite, too large, or of another dimension.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise QuantityError("not-a-number", Message("{text} is not a number", {"text": _short(value)}))
    if isinstance(value, str):
        return _from_text(value, target, plain)
    return _checked(_finite(value), value, plain, target)


@lru_cache(maxsize=65536)
def _from_text(text: str, target: Unit, plain: Unit | None) -> float:
    clean = unicodedata.normalize("NFKC", text).strip().replace("\N{MINUS SIGN}", "-")
    if _NOT_FINITE.fullmatch(clean):
        raise QuantityError("not-finite", Message("{text} is not a finite number", {"text": _short(text)}))
    match = _NUMBER.fullmatch(clean) if len(clean) <= LONGEST else None
    if match is None:
        raise QuantityError("not-a-number", Message("{text} is not a number", {"text": _short(text)}))
    value = _finite(match[1].replace(",", ""))
    written = match[2]
    if not written or written == target.text:
        return _checked(value, text, plain if not written else None, target)
    try:
        source = unit(written)
    except QuantityError:
        raise QuantityError("not-a-number", Message("{text} is not a number", {"text": _short(text)})) from None
    if written in MULTIPLIERS:
        source = _multiplied(written, plain or target)
    return _checked(value, text, source, target)


def _multiplied(word: str, of: Unit) -> Unit:
    """A unit with a multiplier in place of its own: nobody writes 1.5亿 among 万元 for 1.5 亿万元.

    >>> str(_multiplied("亿", unit("万元/mu"))), str(_multiplied("万", unit("亩")))
    ('亿元/mu', '万亩')
    """
    head = re.split(r"[/·⋅•*×\s]", of.text, maxsplit=1)[0]
    own = next((m for m in _CHINESE if head.startswith(m) and head not in _SPELLINGS), "")
    rest = of.text.removeprefix(own)
    return Unit(word + rest, of.power + MULTIPLIERS[word] - MULTIPLIERS.get(own, 0), of.factors)


def _finite(value: str | float) -> float:
    try:
        result = float(value)
    except OverflowError:  # an integer with more than 308 digits
        result = math.inf
    if not math.isfinite(result):
        raise QuantityError("not-finite", Message("{text} is not a finite number", {"text": _short(value)}))
    return result


def _checked(value: float, text: object, source: Unit | None, target: Unit) -> float:
    result = value if source is None else convert(value, source, target)
    if not abs(result) <= LARGEST:
        raise QuantityError(
            "too-large",
            Message("{text} is too large to be computed with", {"text": _short(text)}),
        )
    return result


def convert(value: float, source: Unit, target: Unit) -> float:
    """The value in another unit.

    >>> convert(2.0, unit("平方公里"), unit("mu")), convert(4.5, unit("万元"), unit("亿元"))
    (3000.0, 0.00045)

    Raises:
        QuantityError: the units measure different things.
    """
    times, by = factor(source, target)
    return value * times / by


@lru_cache(maxsize=4096)
def factor(source: Unit, target: Unit) -> tuple[float, float]:
    """(times, by): a value in `source` is value · times / by in `target`. A flow without its time is a year's.

    Two whole numbers, so that 15 公顷 are 225 mu and 4.5 万元 are 0.00045 亿元 to the last digit.

    Raises:
        QuantityError: the units measure different things, or are more than 10^300 apart.
    """
    factors = source.factors
    if factors and not any(name in _TIMES for name, _ in factors):
        time = sum(exponent for name, exponent in target.factors if name in _TIMES)
        factors = _product((*factors, ("year", time)))
    exact = Fraction(1) if factors == target.factors else _exact(factors, target.factors)
    power = source.power - target.power
    if exact is None or abs(power) > 300:
        raise QuantityError(
            "wrong-unit",
            Message("{unit} cannot be read as {wanted}", {"unit": source.text, "wanted": target.text}),
        )
    exact *= Fraction(10) ** power
    return float(exact.numerator), float(exact.denominator)


@lru_cache(maxsize=4096)
def _exact(source: tuple[tuple[str, int], ...], target: tuple[tuple[str, int], ...]) -> Fraction | None:
    """Exact factor between two products of names; None if they measure different things."""
    registry = _registry()
    have = registry.Quantity(Fraction(1), _container(source))
    want = registry.Unit(_container(target))
    return Fraction(have.to(want).magnitude) if have.is_compatible_with(want) else None


def _container(factors: tuple[tuple[str, int], ...]) -> Any:
    """The product for pint. A noun gets a name that pint cannot take for anything else (nan, e, and)."""
    registry = _registry()
    named = {}
    for name, exponent in factors:
        known = name if name in _DEFINED else f"noun_{name.encode().hex()}"
        if known not in registry:
            registry.define(f"{known} = [{known}]")
        named[known] = exponent
    return registry.UnitsContainer(named)


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry(None, non_int_type=Fraction, autoconvert_to_preferred=False)
    for definition in DEFINITIONS.strip().split("\n"):
        registry.define(definition)
    return registry


def _short(value: object) -> str:
    """A value as findings quote it: never pages of it, and no huge integer written out."""
    text = value if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else ""
    text = text or (repr(value) if not isinstance(value, int) or abs(value) < 10**30 else "a very long number")
    return repr(text) if len(text) <= 40 else repr(text[:40] + "…")
