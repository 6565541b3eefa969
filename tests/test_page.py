"""report.html in a real browser: by mouse and keyboard, on a screen, a phone and paper, without a request."""

import base64
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sample
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select
from test_report_html import HOSTILE

from landalloc.optimizer.allocation import Allocation
from landalloc.optimizer.report import html

FLAGS = [
    "--headless=new",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESK, PHONE = 1280, 380

Browser = webdriver.Chrome
Shown = Callable[..., Browser]


def installed(*names: str) -> str | None:
    return next((path for path in map(shutil.which, names) if path), None)


def launched(profile: Path) -> Browser:
    """A Chromium of its own; the test is skipped where there is none, unless one is wanted."""
    chromium = installed("chromium", "chromium-browser", "google-chrome")
    driver = installed("chromedriver")
    if chromium is None or driver is None:
        if os.environ.get("LANDALLOC_NEEDS_BROWSER"):
            pytest.fail("no Chromium with its driver here, and LANDALLOC_NEEDS_BROWSER wants one")
        pytest.skip("no Chromium with its driver here: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    for flag in [*FLAGS, *root, f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    found = webdriver.Chrome(options=options, service=Service(driver))
    found.set_page_load_timeout(60)
    return found


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    found = launched(tmp_path_factory.mktemp("browser"))
    yield found
    found.quit()


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Shown:
    """Open the page of a plan in a window of a width; what was logged before is forgotten."""

    def opened(allocation: Allocation | None = None, language: str = "zh", width: int = DESK) -> Browser:
        path = tmp_path / "report.html"
        path.write_bytes(html.files(allocation or sample.allocation(), "zh" if language == "zh" else "en")[path.name])
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width == PHONE}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        for kind in ("performance", "browser"):
            browser.get_log(kind)
        browser.get(path.as_uri())
        return browser

    return opened


def ranks(browser: Browser) -> list[str]:
    """First cells of the ranked rows that are shown, from the top."""
    rows = browser.find_elements(By.CSS_SELECTOR, "tbody.ranked tr.row")
    return [row.find_element(By.CSS_SELECTOR, "td").text for row in rows if row.is_displayed()]


def column(browser: Browser, head: str) -> WebElement:
    heads = browser.find_elements(By.CSS_SELECTOR, "#table thead th")
    return next(one for one in heads if one.text.split("\n")[0] == head)


def cells(browser: Browser, head: str) -> list[str]:
    place = browser.execute_script("return arguments[0].cellIndex", column(browser, head))
    rows = browser.find_elements(By.CSS_SELECTOR, "tbody.ranked tr.row")
    return [browser.execute_script("return arguments[0].cells[arguments[1]].textContent", row, place) for row in rows]


def card_of(browser: Browser, anchor: str) -> tuple[WebElement, WebElement]:
    """The button that opens a card, and the card."""
    return browser.find_element(By.CSS_SELECTOR, f"#{anchor} button"), browser.find_element(By.ID, f"{anchor}c")


def focused(browser: Browser) -> WebElement:
    return browser.switch_to.active_element


def tab_to(browser: Browser, wanted: WebElement) -> None:
    """Go there by the Tab key alone."""
    for _ in range(120):
        if focused(browser) == wanted:
            return
        focused(browser).send_keys(Keys.TAB)
    pytest.fail("the Tab key does not lead there")


def test_nothing_is_asked_for_and_nothing_goes_wrong(show: Shown) -> None:
    browser = show(sample.allocation(HOSTILE))
    browser.find_element(By.ID, "all").click()
    browser.find_element(By.ID, "find").send_keys("x")
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    assert set(asked) == {browser.current_url}
    assert browser.get_log("browser") == []


def test_the_policy_stops_whatever_would_ask(show: Shown) -> None:
    browser = show()
    stopped = browser.execute_async_script(
        """
        const done = arguments[arguments.length - 1];
        const found = [];
        document.addEventListener("securitypolicyviolation", (event) => {
          found.push(event.effectiveDirective);
          if (found.length === 4) done(found);
        });
        const image = new Image();
        image.src = "http://127.0.0.1:9/x.png";
        fetch("http://127.0.0.1:9/").catch(() => {});
        const script = document.createElement("script");
        script.textContent = "window.hacked = true";
        document.body.append(script);
        const style = document.createElement("p");
        style.setAttribute("style", "color: red");
        setTimeout(() => done(found), 5000);
        """
    )
    assert set(stopped) == {"img-src", "connect-src", "script-src-elem", "style-src-attr"}
    assert browser.execute_script("return window.hacked === undefined")


def test_columns_sort_by_click(show: Shown) -> None:
    browser = show()
    assert ranks(browser) == [str(i) for i in range(1, 9)]
    head = column(browser, "产值")
    head.find_element(By.CSS_SELECTOR, "span").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert cells(browser, "产值")[:3] == ["33.00", "28.00", "24.00"]
    assert not browser.find_element(By.CSS_SELECTOR, "tr.cut").is_displayed()
    head.find_element(By.CSS_SELECTOR, "span").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert cells(browser, "产值")[-1] == "33.00"
    column(browser, "#").find_element(By.CSS_SELECTOR, "span").click()
    assert ranks(browser) == [str(i) for i in range(1, 9)]
    assert browser.find_element(By.CSS_SELECTOR, "tr.cut").is_displayed()
    index = column(browser, "指数")
    index.find_element(By.CSS_SELECTOR, "span").click()
    assert cells(browser, "指数")[0] == "∞"


def test_columns_sort_by_keyboard(show: Shown) -> None:
    browser = show()
    head = column(browser, "安排意见").find_element(By.CSS_SELECTOR, "span")
    tab_to(browser, head)
    head.send_keys(Keys.ENTER)
    first = ranks(browser)
    head.send_keys(Keys.SPACE)
    assert column(browser, "安排意见").get_attribute("aria-sort") == "descending"
    assert ranks(browser) != first
    assert sorted(ranks(browser)) == sorted(first)


def test_cards_follow_their_rows(show: Shown) -> None:
    browser = show()
    column(browser, "产值").find_element(By.CSS_SELECTOR, "span").click()
    rows = browser.find_elements(By.CSS_SELECTOR, "tbody.ranked tr.row")
    after = [browser.execute_script("return arguments[0].nextElementSibling.id", row) for row in rows]
    assert after == [f"{row.get_attribute('id')}c" for row in rows]


def test_a_card_opens_in_place_by_click_and_by_keyboard(show: Shown) -> None:
    browser = show()
    button, card = card_of(browser, "p3")
    assert not card.is_displayed()
    button.click()
    assert card.is_displayed()
    assert button.get_attribute("aria-expanded") == "true"
    assert "dajin" in card.text
    tab_to(browser, button)
    button.send_keys(Keys.ENTER)
    assert not card.is_displayed()
    button.send_keys(Keys.SPACE)
    assert card.is_displayed()
    browser.find_element(By.ID, "all").click()
    assert all(one.is_displayed() for one in browser.find_elements(By.CSS_SELECTOR, "tr.card"))


def test_rows_are_filtered_by_words_decision_group_and_zone(show: Shown) -> None:
    browser = show()
    find, count = browser.find_element(By.ID, "find"), browser.find_element(By.ID, "count")
    assert count.text == "显示11个，共11个"
    find.send_keys("大金")
    assert ranks(browser) == ["2"]
    assert count.text == "显示1个，共11个"
    assert not browser.find_element(By.CSS_SELECTOR, "tbody.unranked").is_displayed()
    find.clear()
    find.send_keys(Keys.SPACE)
    Select(browser.find_element(By.ID, "decision")).select_by_value("rejected")
    assert ranks(browser) == ["7", "8"]
    Select(browser.find_element(By.ID, "decision")).select_by_value("")
    Select(browser.find_element(By.ID, "group")).select_by_visible_text("parts")
    assert ranks(browser) == ["3", "4"]
    Select(browser.find_element(By.ID, "zone")).select_by_visible_text("北港")
    assert ranks(browser) == []
    Select(browser.find_element(By.ID, "group")).select_by_value("")
    assert ranks(browser) == ["1", "2", "5"]


def test_a_mark_of_the_scatter_leads_to_its_row(show: Shown) -> None:
    browser = show()
    browser.find_element(By.ID, "find").send_keys("no such project")
    mark = browser.find_element(By.CSS_SELECTOR, 'svg a[href="#p3"] .mark')
    browser.execute_script("arguments[0].parentElement.dispatchEvent(new MouseEvent('click', {bubbles: true}))", mark)
    button, card = card_of(browser, "p3")
    browser.execute_async_script("setTimeout(arguments[0], 300)")
    assert card.is_displayed()
    assert focused(browser) == button


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [DESK, 800, PHONE])
@pytest.mark.parametrize("hostile", [None, HOSTILE], ids=["plain", "hostile"])
@pytest.mark.parametrize("made", [sample.allocation, sample.answered], ids=["plan", "answers"])
def test_the_page_is_as_wide_as_the_window_and_nothing_overlaps(
    show: Shown, language: str, width: int, hostile: dict[str, str] | None, made: Callable[..., Allocation]
) -> None:
    browser = show(made(hostile), language, width)
    browser.find_element(By.ID, "all").click()
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert browser.execute_script(OUTSIDE, width) == []
    assert browser.execute_script(OVERLAPS) == []


TEXTS = """
    const seen = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode, holder = node.parentElement;
      if (!node.textContent.trim() || holder.closest("script, style, title, option, .unseen, .skip, thead")) continue;
      if (!holder.checkVisibility()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.width > 0.5) seen.push({ holder, box, text: node.textContent.trim().slice(0, 40) });
      }
    }
"""
OUTSIDE = (
    TEXTS
    + """
    return seen.filter(({ holder, box }) => !holder.closest(".wide") && (box.left < -1 || box.right > arguments[0] + 1))
      .map(({ text }) => text);
"""
)
OVERLAPS = (
    TEXTS
    + """
    // A line's box is taller than its letters: a quarter is taken off above and below.
    const boxes = seen.filter(({ holder }) => !holder.closest("svg")).map(({ box, text }) => ({
      text, left: box.left + 1, right: box.right - 1,
      top: box.top + box.height / 4, bottom: box.bottom - box.height / 4,
    })).sort((a, b) => a.top - b.top);
    const found = [];
    boxes.forEach((a, i) => {
      for (let j = i + 1; j < boxes.length && boxes[j].top < a.bottom; j++) {
        const b = boxes[j];
        if (a.left < b.right && b.left < a.right) found.push(`${a.text} / ${b.text}`);
      }
    });
    return found;
"""
)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_letters_stand_out_from_their_ground(show: Shown, width: int) -> None:
    browser = show(sample.answered(), width=width)
    browser.find_element(By.ID, "all").click()
    assert browser.execute_script(FAINT) == []


FAINT = (
    TEXTS
    + """
    const parts = (color) => (color.match(/[\\d.]+/g) || []).map(Number);
    const light = (rgb) => {
      const [r, g, b] = rgb.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (one) => {
      for (let e = one; e; e = e.parentElement) {
        const [r, g, b, a = 1] = parts(getComputedStyle(e).backgroundColor);
        if (a > 0.99) return [r, g, b];
      }
      return [255, 255, 255];
    };
    return seen.filter(({ holder }) => {
      const style = getComputedStyle(holder);
      const ink = parts(holder.closest("svg") ? style.fill : style.color).slice(0, 3);
      const [a, b] = [light(ink), light(ground(holder))].sort();
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
    }).map(({ text }) => text);
"""
)


def test_on_a_phone_the_list_can_be_sorted_too(show: Shown) -> None:
    browser = show(width=PHONE)
    order = Select(browser.find_element(By.ID, "order"))
    names = [option.text for option in order.options]
    assert "产值 ↓" in names
    order.select_by_visible_text("产值 ↓")
    assert ranks(browser)[0] == "4"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("made", [sample.allocation, sample.answered], ids=["plan", "answers"])
def test_the_page_prints_on_a4(show: Shown, language: str, made: Callable[..., Allocation]) -> None:
    browser = show(made(), language)
    printed: dict[str, Any] = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    paper = base64.b64decode(printed["data"])
    assert paper.startswith(b"%PDF")
    sizes = [tuple(map(float, found)) for found in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)]
    assert 3 <= len(sizes) <= 12
    assert {tuple(sorted(map(round, size))) for size in sizes} == {(595, 842)}
    assert any(width > height for width, height in sizes), "the ranking is printed across"


def test_every_printed_page_of_the_ranking_repeats_its_heading(show: Shown) -> None:
    # A browser repeats a heading only where it has no controls in it.
    browser = show()
    assert browser.find_elements(By.CSS_SELECTOR, "#table thead :is(button, input, select)") == []


def test_without_its_script_the_page_is_whole(show: Shown) -> None:
    browser = show()
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.refresh()
        assert all(card.is_displayed() for card in browser.find_elements(By.CSS_SELECTOR, "tr.card"))
        assert not browser.find_element(By.ID, "filter").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_answers_are_reached_by_keyboard(show: Shown) -> None:
    browser = show(sample.answered())
    for section in ("steps", "takes", "reserve", "costs", "others"):
        link = browser.find_element(By.CSS_SELECTOR, f'nav a[href="#{section}"]')
        browser.execute_script("scrollTo(0, 0); document.activeElement.blur()")
        tab_to(browser, link)
        link.send_keys(Keys.ENTER)
        top = browser.execute_script(
            "return document.getElementById(arguments[0]).getBoundingClientRect().top", section
        )
        bottom = browser.execute_script("return innerHeight")
        assert -5 <= top < bottom


def test_a_name_among_the_answers_leads_to_its_row(show: Shown) -> None:
    browser = show(sample.answered())
    name = browser.find_element(By.CSS_SELECTOR, '#reserve a[href="#p8"]')
    browser.execute_script("arguments[0].focus()", name)
    name.send_keys(Keys.ENTER)
    browser.execute_async_script("setTimeout(arguments[0], 300)")
    button, card = card_of(browser, "p8")
    assert card.is_displayed()
    assert "--set projects.coal.land=242.515" in card.text
    assert focused(browser) == button


def test_the_line_of_a_supply_says_what_it_shows(show: Shown) -> None:
    browser = show(sample.answered(), "en")
    (line,) = browser.find_elements(By.CSS_SELECTOR, "#steps svg.line")
    assert line.get_attribute("aria-label") == "land, north: points of the plan by supply"
    assert line.find_element(By.CSS_SELECTOR, ".standard title").get_attribute("textContent") == "supply now"
