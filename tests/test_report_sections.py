"""Sections as a page and as lines, and the charts in them."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from markupsafe import Markup
from rich.cells import cell_len
from test_page import Browser, browser  # noqa: F401  a fixture

from landalloc.optimizer.report import charts
from landalloc.optimizer.report.numbers import Language
from landalloc.optimizer.report.sections import MOST_ROWS, Document, Section, Table, lines, page, tabulated
from landalloc.optimizer.report.tuned import distinct

LANGUAGES: list[Language] = ["en", "zh"]
BAD = "</text></svg><script>alert(1)</script>&\"'[0].a:b\\"


def document(table: Table, **changes: Any) -> Document:
    return Document("Title", "The answer " * 20, [Section("Part", ["Words " * 40], table, **changes)])


def shown(document: Document, language: Language = "en") -> list[str]:
    return list(lines(document, language))


# On the terminal

WIDE = Table(
    ["criterion", "weight now", *["no less than", "no more than"] * 2, "part now", "plans"],
    [["投资强度和其他各项指标的名称", "30", "12.69", "165.1", "22.2%", "100.0%", "30.0%", "12"]] * 3,
)
WORDY = Table(
    ["criterion", "with", "what changes first"],
    [["产值", "less weight", "more: " + ", ".join(["滚装泊位（五个泊位）"] * 9)]],
    words=(1, 2),
)
MANY = Table(
    ["name", *[f"criterion {i}" for i in range(20)]],
    [["plan", *["12 345.6"] * 20]],
    units=["", *["万吨标准煤/年"] * 20],
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", [WIDE, WORDY, MANY], ids=["wide", "wordy", "many"])
def test_no_line_is_wider_than_the_terminal(table: Table, language: Language) -> None:
    assert max(map(cell_len, shown(document(table), language))) <= 80


def test_headings_fold_before_names_are_cut_and_figures_never_are() -> None:
    told = list(tabulated(WIDE, "en"))
    assert sum("投资强度和其他" in line for line in told) == 3
    for figure in WIDE.rows[0][1:]:
        assert all(figure in line for line in told[-3:])


def test_words_in_the_last_column_fold_and_nothing_is_lost() -> None:
    told = "".join(line[24:] for line in tabulated(WORDY, "en"))
    assert re.sub(r"\s", "", told).count("滚装泊位（五个泊位）") == 9


def test_columns_for_which_there_is_no_room_are_counted() -> None:
    told = list(tabulated(MANY, "en"))
    there = told[0].count("criterion")
    assert told[-1].strip() == f"… and {20 - there} more columns in the files"
    assert told[3].count("12 345.6") == there or told[2].count("12 345.6") == there


def test_a_long_table_has_its_first_rows_here_and_all_on_the_page() -> None:
    table = Table(["name", "figure"], [[f"p{i}", str(i)] for i in range(MOST_ROWS + 7)])
    told = shown(document(table))
    assert "  … and 7 more in the files" in told
    assert sum(line.strip().startswith("p") for line in told) == MOST_ROWS
    assert page(document(table), "en").decode().count("<tr") == MOST_ROWS + 7 + 1


def test_commands_are_never_folded() -> None:
    command = "landalloc solve a.yaml " + " ".join(f"--weight c{i}=1" for i in range(20))
    assert f"    {command}" in shown(document(WIDE, code=[command]))


def test_a_table_without_rows_is_left_out() -> None:
    empty = document(Table(["name", "figure"], []))
    assert not [line for line in shown(empty) if "figure" in line]
    assert "<table" not in page(empty, "en").decode()


# As a page


@pytest.mark.parametrize(("language", "lang"), [("en", "en"), ("zh", "zh-CN")])
def test_a_page_asks_for_nothing_and_escapes_all(language: Language, lang: str) -> None:
    table = Table([BAD, BAD], [[BAD, BAD]], units=["", BAD], words=(1,), marked=(0,))
    text = page(Document(BAD, BAD, [Section(BAD, [BAD], table, Markup("<svg></svg>"), [BAD])]), language).decode()
    assert f'<html lang="{lang}">' in text
    assert "<script" not in text
    assert "default-src 'none'; style-src 'sha256-" in text
    assert not re.search(r"(href|src|url)\s*[=(]", text)
    assert text.count("<svg>") == 1
    assert '<tr class="marked">' in text
    assert page(document(WIDE), language) == page(document(WIDE), language)


@pytest.mark.parametrize("width", [1280, 380])
@pytest.mark.parametrize("table", [WIDE, WORDY, MANY], ids=["wide", "wordy", "many"])
def test_nothing_is_wider_than_the_screen_and_no_figure_is_broken(
    browser: Browser,  # noqa: F811
    tmp_path: Path,
    table: Table,
    width: int,
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(page(document(table, chart=charts.spans(SPANS, "part"), code=["x" * 300]), "en"))
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width == 380}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get_log("performance")
    browser.get(path.as_uri())
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    box = browser.execute_script(
        "const b = document.querySelector('svg').getBoundingClientRect(); return [b.x, b.right, b.height]"
    )
    assert box[0] >= 0
    assert box[1] <= width
    assert box[2] > 30
    broken = """
        const figures = [...document.querySelectorAll("td:not(.text)")], range = document.createRange();
        const lines = (one) => (range.selectNodeContents(one), range.getClientRects().length);
        return figures.filter((one) => lines(one) > 1).length;
    """
    assert browser.execute_script(broken) == 0
    asked = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = {e["params"]["request"]["url"] for e in asked if e["method"] == "Network.requestWillBeSent"}
    assert urls == {browser.current_url}


# Charts

SPANS = pd.DataFrame({"name": ["a", BAD], "low": [0.1, 0.2], "high": [0.5, 1.0], "now": [0.3, 0.4]})
BARS = pd.DataFrame({"name": [BAD, "b"], "part": [0.25, 0.75]})
LINES = pd.DataFrame({"x": [0.0, 1.0] * 2, "y": [0.5, 1.0, 1.0, 0.9], "kind": ["a", "a", BAD, BAD]})
FRONTIER = pd.DataFrame(
    {
        "v0": [1e6, 2e6, 3e6, 1.5e6],
        "v1": [9.0, 8.0, 2.0, 8.5],
        "kind": ["on", "knee", "on", "now"],
        "line": [0, 0, -1, -1],
    }
)
DRAWN: dict[str, Callable[[], Markup]] = {
    "spans": lambda: charts.spans(SPANS, BAD),
    "bars": lambda: charts.bars(BARS, BAD),
    "lines": lambda: charts.lines(LINES, BAD, BAD, 0.3),
    "frontier": lambda: charts.frontier(FRONTIER, BAD, "y", ["on", "off", "knee", "now"], " "),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_a_chart_is_a_picture_and_nothing_else(kind: str) -> None:
    drawn = DRAWN[kind]()
    assert drawn == DRAWN[kind]()
    picture = ET.fromstring(drawn)
    _, _, width, height = map(float, picture.attrib["viewBox"].split())
    assert 300 < width < 700
    assert height > 20
    tags = {element.tag.rpartition("}")[2] for element in picture.iter()}
    assert not tags & {"script", "a", "image", "foreignObject", "use"}
    names = {name.rpartition("}")[2] for element in picture.iter() for name in element.attrib}
    assert not [name for name in names if name == "href" or name.startswith("on")]
    assert any("alert(1)" in (element.text or "") for element in picture.iter())


def texts(picture: Markup) -> list[str]:
    return [element.text for element in ET.fromstring(picture).iter() if element.tag.endswith("text") and element.text]


def test_two_of_one_name_are_two() -> None:
    names = distinct(["yard", "yard", "yard (2)"])
    assert len(set(names)) == 3
    assert set(names) <= set(texts(charts.bars(pd.DataFrame({"name": names, "part": [0.1, 0.2, 0.3]}), "part")))


def test_bars_keep_their_order_and_are_not_too_many() -> None:
    names = [f"p{i:02}" for i in range(99, 0, -1)]
    told = texts(charts.bars(pd.DataFrame({"name": names, "part": [0.5] * 99}), "part"))
    assert [text for text in told if text.startswith("p") and text != "part"] == names[: charts.MOST_BARS]


def test_thousands_are_parted_as_in_the_tables() -> None:
    kinds = ["on", "off", "knee", "now"]
    assert "2 000 000" in texts(charts.frontier(FRONTIER, "x", "y", kinds, " "))
    assert "2000000" in texts(charts.frontier(FRONTIER, "x", "y", kinds, ""))
