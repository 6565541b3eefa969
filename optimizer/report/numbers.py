"""Figures as a reader writes them: integers for 亩, 米, 人 and 万元/亩, two decimals for 亿元, one for percentages.

Two doors: `style` for the figures of one table column (one unit for all of them, named in the heading) and
`quantity` for one figure in a sentence (the unit that fits the figure). Units are those of `models.quantity`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ...models.quantity import MULTIPLIERS, NAMES, QuantityError, Unit
from ...models.quantity import unit as parsed

Language = Literal["zh", "en"]

THIN = "\N{THIN SPACE}"
"""Groups thousands in English text; Chinese text does not group."""
NOTHING = "\N{EN DASH}"
"""Stands where there is no figure."""

EXACT = {"mu", "m", "person", "DWT", "tce", "元"}
"""Names whose figures are whole numbers."""
WHOLE = {"万元/mu", "万元/公顷", "万元/m"}
"""Intensities whose figures are whole numbers."""
POINTS = "points"
"""The unit of the score."""
_ENGLISH_POWERS = {2: "hundred", 3: "thousand", 4: "10 thousand", 5: "100 thousand", 6: "million", 7: "10 million",
                   8: "100 million", 9: "billion", 10: "10 billion", 11: "100 billion", 12: "trillion"}  # fmt: skip
_ENGLISH = {"person": "people", "m2": "m²", "m3": "m³", "km2": "km²", "人次": "visits", "辆": "vehicles", "台": "sets",
            "家": "firms", "座": "sites", "个": "items", "件": "pieces", "套": "sets", "根": "pieces", "标箱": "TEU",
            "points": "points", "1": "", "%": "%", "‰": "‰"}  # fmt: skip
_CHINESE = {"kt": "千吨", "Mt": "百万吨", "ktce": "千吨标准煤", "Mtce": "百万吨标准煤", "points": "分", "vehicle": "辆",
            "vehicles": "辆", "TEU": "标箱", "1": "", "%": "%", "‰": "‰"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Style:
    """How the figures of one unit are written: value · factor, with so many decimals, in `unit`."""

    factor: float
    decimals: int
    unit: str
    """as the reader reads it; empty for a pure number"""


def _spellings() -> dict[str, tuple[str, str]]:
    """Every spelling of a unit -> (Chinese, English), the first of each kind in the table of names."""
    table: dict[str, tuple[str, str]] = {}
    for line in NAMES.strip().split("\n"):
        words = line.partition(": ")[2].split()
        english = next((word for word in words if word.isascii()), words[0])
        chinese = next((word for word in words if not word.isascii()), words[0])
        pair = _CHINESE.get(english, chinese), _ENGLISH.get(english, english)
        table |= dict.fromkeys(words, pair)
    table["元"] = table["yuan"] = "元", "yuan"
    return table


_WORDS = _spellings()
_PREFIXES = sorted((word for word in MULTIPLIERS if not word.isascii()), key=len, reverse=True)


def unit_name(text: str, language: Language, *, compact: bool = False) -> str:
    """A unit as the reader reads it; `compact` keeps 万元 and 亿元 in the narrow headings of an English table.

    >>> unit_name("tce/year", "zh"), unit_name("亿元/year", "en"), unit_name("万元/亩", "en", compact=True)
    ('吨标准煤/年', '100 million yuan/year', '万元/mu')
    """
    parts = [_part_name(part.strip(), language, compact) for part in text.split("/")]
    return "/".join([parts[0], *("person" if part == "people" else part for part in parts[1:])]).strip("/")


def _part_name(word: str, language: Language, compact: bool) -> str:
    if word in _WORDS:
        return _WORDS[word][language == "en"]
    if language == "zh":
        return _CHINESE.get(word, word)
    if word in _ENGLISH:
        return _ENGLISH[word]
    prefix = next((p for p in _PREFIXES if word.startswith(p) and len(word) > len(p)), None)
    if prefix is None or (compact and word.endswith("元")):
        return word
    return f"{_ENGLISH_POWERS[MULTIPLIERS[prefix]]} {_part_name(word[len(prefix) :], language, compact)}"


@lru_cache(maxsize=1024)
def _unit(text: str) -> Unit | None:
    try:
        return parsed(text)
    except QuantityError:
        return None


def _intensity(unit: Unit) -> tuple[str, int] | None:
    """The unit, and its power of ten, for money per something and for energy per money; None for others."""
    names = {name: exponent for name, exponent in unit.factors if name != "year"}
    if names == {"元": 1, "m": -2}:
        return "万元/公顷", 0  # 1 元/m² is 1 万元/公顷
    if names == {"tce": 1, "元": -1}:
        return "tce/万元", -4
    if len(names) == 2 and names.pop("元", 0) == 1 and set(names.values()) == {-1}:
        return f"万元/{next(iter(names))}", 4
    return None


def decimals(value: float) -> int:
    """Decimals that keep three significant digits of a figure, two of a very small one.

    >>> decimals(141.2), decimals(14.12), decimals(1.412), decimals(0.0041)
    (0, 1, 2, 4)
    """
    size = abs(value)
    if not math.isfinite(size) or size >= 100 or size == 0:
        return 0
    if size >= 0.01:
        return 1 if size >= 10 else 2
    return min(12, 1 - math.floor(math.log10(size)))


def style(text: str, language: Language, *, largest: float = 0.0, tax: bool = False, compact: bool = False) -> Style:
    """How the figures of a column are written. `largest` is its largest figure, which sets the decimals where no
    custom does; `tax` per mu has one decimal more than other money per mu.

    >>> style("亿元/mu", "zh"), style("亿元", "zh").decimals, style("mu", "en").decimals
    (Style(factor=10000.0, decimals=0, unit='万元/亩'), 2, 0)
    """
    unit = _unit(text)
    if unit is None or text == POINTS:
        return Style(1.0, 2 if text == POINTS else decimals(largest), unit_name(text, language, compact=compact))
    intensity = _intensity(unit)
    if intensity is not None:
        name, power = intensity
        factor = 10.0 ** (unit.power - power)
        places = (1 if tax else 0) if name in WHOLE else max(2, decimals(largest * factor))
        return Style(factor, places, unit_name(name, language, compact=compact))
    if not unit.factors and "/" in text:
        return Style(100.0 * 10.0**unit.power, 1, "%")
    return Style(1.0, _places(unit, largest), unit_name(text, language, compact=compact))


def fitting(text: str, language: Language, largest: float) -> Style:
    """How the figures of one row are written: much energy in 万吨标准煤 in Chinese, as in a sentence.

    >>> fitting("tce/year", "zh", 912000.0).unit, fitting("tce/year", "zh", 900.0).unit
    ('万吨标准煤/年', '吨标准煤/年')
    """
    unit = _unit(text)
    names = [name for name, _ in unit.factors if name != "year"] if unit is not None else []
    if unit is not None and names == ["tce"] and language == "zh" and abs(largest) * 10.0**unit.power >= 1e4:
        per = "/" + text.partition("/")[2] if "/" in text else ""
        return Style(10.0 ** (unit.power - 4), 2, unit_name(f"万吨标准煤{per}", language))
    return style(text, language, largest=largest, compact=True)


def _places(unit: Unit, largest: float) -> int:
    """Decimals of figures in a unit: custom first, else as many as the largest figure needs."""
    names = [name for name, _ in unit.factors if name != "year"]
    if names == ["元"]:
        return 2 if unit.power >= 6 else 0
    if names == ["tce"]:
        return 2 if unit.power >= 3 else 0
    if not names and unit.power == 0 and math.isfinite(largest) and largest == round(largest):
        return 0
    if len(names) == 1 and unit.power == 0 and (names[0] in EXACT or names[0] not in _WORDS):
        return 0
    return decimals(largest)


def figure(value: float | None, how: Style, language: Language) -> str:
    """A figure without its unit. Nothing is shown as a bare 0 unless it is one.

    >>> metres = Style(1.0, 0, "m")
    >>> figure(1240.0, metres, "zh"), figure(0.4, metres, "zh"), figure(-0.0, Style(1, 1, ""), "zh")
    ('1240', '0.40', '0.0')
    """
    if value is None or math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    shown = value * how.factor
    places = how.decimals
    if shown and abs(shown) <= 0.5 * 10.0**-places:
        places = decimals(float(f"{shown:.2g}"))
    return plain(shown, places, language)


def plain(value: float, places: int, language: Language) -> str:
    """A number with its decimals, thousands grouped in English only.

    >>> plain(912000.4, 0, "zh"), plain(912000.4, 0, "en").replace(THIN, "_"), plain(-0.001, 1, "en")
    ('912000', '912_000', '0.0')
    """
    rounded = round(value, places) + 0.0  # + 0.0: no minus before a zero
    if language == "zh":
        return f"{rounded:.{places}f}"
    return f"{rounded:,.{places}f}".replace(",", THIN)


def any_number(value: float, language: Language) -> str:
    """A number of no known unit, to at most six significant digits and without empty decimals.

    >>> any_number(0.3, "zh"), any_number(1234567.0, "zh"), any_number(2.0, "en")
    ('0.3', '1234567', '2')
    """
    if not math.isfinite(value):
        return NOTHING if math.isnan(value) else "∞" if value > 0 else "-∞"
    places = 0 if value == 0 else max(0, min(12, 5 - math.floor(math.log10(abs(value)))))
    text = plain(value, places, language)
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: float, language: Language, places: int = 1) -> str:
    """A share as a percentage.

    >>> percent(0.9543, "zh")
    '95.4%'
    """
    return plain(share * 100, places, language) + "%"


def score(points: float, language: Language) -> str:
    """Points of the score, to one decimal."""
    return plain(points, 1, language)


def index(value: float | None, language: Language) -> str:
    """The index: two decimals, ∞ where nothing is charged."""
    return figure(value, Style(1.0, 2, ""), language)


def quantity(value: float, text: str, language: Language, *, tax: bool = False) -> str:
    """One figure with its unit, as a sentence holds it.

    >>> quantity(300, "mu", "zh"), quantity(912000, "tce/year", "zh"), quantity(0.02, "亿元/mu", "zh")
    ('300亩', '91.20万吨标准煤/年', '200万元/亩')
    >>> quantity(15.2, "亿元", "en").replace(THIN, "_"), quantity(0.3, "亿元/亿元", "en")
    ('1_520 million yuan', '30.0%')
    >>> quantity(29.84, "万元/year/mu", "zh", tax=True)
    '29.8万元/亩'
    """
    how = _in_a_sentence(value, text, language, tax)
    number = figure(value, how, language)
    if not how.unit or how.unit in ("%", "‰"):
        return number + how.unit
    return number + how.unit if language == "zh" else f"{number} {how.unit}"


def _in_a_sentence(value: float, text: str, language: Language, tax: bool) -> Style:
    """The style of one figure: a larger unit for much energy in Chinese, powers of ten as words in English."""
    how = style(text, language, largest=value, tax=tax)
    unit = _unit(text)
    if unit is None or text == POINTS:
        return how
    if language == "en" and how.unit.startswith("10 thousand yuan/") and _intensity(unit) is not None:
        whole = how.decimals < 2
        places = how.decimals + 2 if whole else decimals(value * how.factor / 100)
        return Style(how.factor / 100, places, how.unit.replace("10 thousand", "million"))
    if how.factor != 1.0 or _intensity(unit) is not None:
        return how
    if language == "zh":
        return fitting(text, language, value)
    if text[:1] in MULTIPLIERS and not text.isascii():
        return _english(value, unit, text)
    return how


def _english(value: float, unit: Unit, text: str) -> Style:
    """15.2 亿元 is 1 520 million yuan; 3 万立方米 is 30 000 m³."""
    head = text.partition("/")[0]
    prefix = next(p for p in _PREFIXES if head.startswith(p))
    power = MULTIPLIERS[prefix]
    name = unit_name(text[len(prefix) :], "en")
    if abs(value) * 10.0**power >= 1e6:
        return Style(10.0 ** (power - 6), decimals(value * 10.0 ** (power - 6)), f"million {name}")
    return Style(10.0**power, 0, name)


def about(value: float, text: str, language: Language) -> str:
    """A change worked out at the margin, to two significant digits and in a unit that needs few zeros.

    >>> about(0.00813, "亿元/year", "zh"), about(0.00813, "亿元/year", "en"), about(0.4567, "person", "zh")
    ('81万元', '0.81 million yuan', '0.46人')
    """
    unit = _unit(text)
    rounded = float(f"{value:.2g}")
    if unit is not None and [name for name, _ in unit.factors if name != "year"] == ["元"]:
        return _money(rounded * 10.0**unit.power, language)
    head = text.partition("/")[0]
    if unit is not None and [name for name, _ in unit.factors if name != "year"] == ["tce"]:
        head, rounded = "tce", rounded * 10.0**unit.power
        if language == "zh" and abs(rounded) >= 1e4:
            head, rounded = "万吨标准煤", rounded / 1e4
    places = max(0, decimals(rounded) if abs(rounded) < 10 else 0)
    number = plain(rounded, places, language)
    number = number.rstrip("0").rstrip(".") if "." in number else number
    name = unit_name(head, language)
    return number + name if language == "zh" else f"{number} {name}".strip()


_STEPS: Mapping[Language, tuple[tuple[float, str], ...]] = {
    "zh": ((1e8, "亿元"), (1e4, "万元"), (1.0, "元")),
    "en": ((1e9, " billion yuan"), (1e5, " million yuan"), (1e3, " thousand yuan"), (1.0, " yuan")),
}


def _money(yuan: float, language: Language) -> str:
    """Money to two significant digits: 81万元, 0.81 million yuan."""
    least, name = next((step for step in _STEPS[language] if abs(yuan) >= step[0]), _STEPS[language][-1])
    shown = float(f"{yuan / (1e6 if name == ' million yuan' else least):.2g}")
    text = plain(shown, 0 if abs(shown) >= 10 else decimals(shown), language)
    return (text.rstrip("0").rstrip(".") if "." in text else text) + name


def times(value: float) -> str:
    """How many times, as people say it.

    >>> times(3.0), times(2.449), times(0.4)
    ('3', '2.4', '1/2.5')
    """
    return f"{value:.2g}" if value >= 1 else f"1/{1 / value:.2g}"
