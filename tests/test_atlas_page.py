"""atlas.html in a real browser: by mouse and keyboard, on a screen, a phone and paper, without a request."""

import base64
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import atlases
import numpy as np
import pytest
import sample
from ruamel.yaml import YAML
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select
from test_page import DESK, FAINT, OUTSIDE, OVERLAPS, PHONE, Browser, launched, tab_to
from test_report_html import HOSTILE

import landalloc
from landalloc.models.atlas import Atlas, Cell, StoredPlan
from landalloc.models.plan import Decision
from landalloc.optimizer.allocation import Allocation
from landalloc.optimizer.pipeline import allocate
from landalloc.optimizer.read import read
from landalloc.optimizer.report import atlas
from landalloc.optimizer.solve import Limits
from landalloc.optimizer.tuning import atlas as tuning
from landalloc.optimizer.tuning.opened import open_space

Show = Callable[..., Browser]
Found = tuple[Allocation, Atlas]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    found = launched(tmp_path_factory.mktemp("browser"))
    yield found
    found.quit()


@pytest.fixture(scope="module")
def thirty(tmp_path_factory: pytest.TempPathFactory) -> Found:
    return atlases.thirty(tmp_path_factory.mktemp("thirty"))


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Show:
    """Open the page of an atlas in a window of a width; what was logged before is forgotten."""

    def opened(found: Found, language: str = "zh", width: int = DESK) -> Browser:
        path = tmp_path / atlas.NAME
        path.write_bytes(atlas.page(*found, "zh" if language == "zh" else "en"))
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width == PHONE}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        for kind in ("performance", "browser"):
            browser.get_log(kind)
        browser.get(path.as_uri())
        settle(browser)
        return browser

    return opened


def settle(browser: Browser) -> None:
    """Until what was asked for is drawn, rows that follow later included."""
    browser.execute_async_script("setTimeout(() => requestAnimationFrame(() => arguments[0]()), 250)")


def weigh(browser: Browser, weights: Sequence[float]) -> None:
    """Type weights into the boxes."""
    browser.execute_script(
        """
        arguments[0].forEach((weight, i) => {
          const box = document.getElementById(`n${i}`);
          box.value = weight;
          box.dispatchEvent(new Event("input", { bubbles: true }));
        });
        """,
        list(weights),
    )
    settle(browser)


def text_of(browser: Browser, id_: str) -> str:
    return str(browser.find_element(By.ID, id_).get_property("textContent"))


def cells(browser: Browser, id_: str) -> list[list[str]]:
    """The texts of a table's body."""
    script = """return [...document.getElementById(arguments[0]).rows].map((row) =>
        [...row.querySelectorAll("th, td")].map((cell) => cell.textContent.trim()))"""
    found: list[list[str]] = browser.execute_script(script, id_)
    return found


def titles(browser: Browser) -> list[str]:
    script = "return [...document.querySelectorAll('#rows th > span')].map((one) => one.textContent)"
    found: list[str] = browser.execute_script(script)
    return found


def number(text: str) -> float:
    return float(re.sub(r"[%*\s]", "", text))


def normal(weights: Sequence[float]) -> list[float]:
    return [w / sum(weights) for w in weights]


def worth(allocation: Allocation, plan: StoredPlan, weights: Sequence[float]) -> float:
    """100 · Σ w_c · F_c / N_c, written down once more."""
    pairs = zip(allocation.plan.criteria, normal(weights), strict=True)
    return 100 * sum(w * plan.criteria[c.name] / c.scale for c, w in pairs)


def best(found: Found, weights: Sequence[float]) -> StoredPlan:
    """The best stored plan; of equals the first, which is the present one."""
    allocation, stored = found
    totals = [worth(allocation, plan, weights) - plan.penalty for plan in stored.plans]
    return stored.plans[next(k for k, total in enumerate(totals) if total >= max(totals) - 1e-9)]


def order(allocation: Allocation, plan: StoredPlan, weights: Sequence[float]) -> list[str]:
    """Titles: committed, in full, in part, out, case by case, not admissible; in each by value."""
    keyed = []
    for i, row in enumerate(allocation.projects.to_dict("records")):
        share = sum(plan.shares.get(row["id"], {}).values())
        late = {Decision.DISCUSS: 4, Decision.INADMISSIBLE: 5}.get(row["decision"], 3)
        kind = 0 if row["decision"] == Decision.COMMITTED else 1 if share > 1 - 1e-6 else 2 if share > 0 else late
        value = 0.0
        for c, w in zip(allocation.plan.criteria, normal(weights), strict=True):
            of = row[f"requested.{c.of}"]
            f = of - (c.standard or 0.0) * row[f"requested.{c.per}"] if c.per else of
            value += 100 * w * (f if c.better == "higher" else -f) / c.scale
        keyed.append((kind, -round(value, 4), i, row["title"]))
    return [title for *_, title in sorted(keyed)]


def test_nothing_is_asked_for_and_nothing_goes_wrong(show: Show) -> None:
    allocation = sample.allocation(HOSTILE)
    browser = show((allocation, atlases.pretended(allocation, 30)))
    weigh(browser, [1, 2, 3, 90])
    browser.find_element(By.CSS_SELECTOR, "summary").click()
    browser.find_element(By.CSS_SELECTOR, "[data-copies=yaml]").click()
    browser.find_element(By.ID, "find").send_keys("x")
    settle(browser)
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    assert set(asked) == {browser.current_url}
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert browser.get_log("browser") == []


def test_the_policy_stops_whatever_would_ask(show: Show) -> None:
    browser = show(atlases.harbour())
    stopped = browser.execute_async_script(
        """
        const done = arguments[arguments.length - 1], found = [];
        document.addEventListener("securitypolicyviolation", (event) => {
          found.push(event.effectiveDirective);
          if (found.length === 3) done(found);
        });
        new Image().src = "http://127.0.0.1:9/x.png";
        fetch("http://127.0.0.1:9/").catch(() => {});
        const script = document.createElement("script");
        script.textContent = "window.hacked = true";
        document.body.append(script);
        setTimeout(() => done(found), 5000);
        """
    )
    assert set(stopped) == {"img-src", "connect-src", "script-src-elem"}
    assert browser.execute_script("return window.hacked === undefined")


def test_at_the_present_weights_the_page_shows_the_present_plan(show: Show) -> None:
    allocation, found = atlases.harbour()
    browser = show((allocation, found), "en")
    assert number(text_of(browser, "score")) == pytest.approx(allocation.plan.score, abs=0.005)
    assert f"penalty {allocation.plan.penalty:.2f}" in text_of(browser, "penalty")
    assert text_of(browser, "changes") == "The plan is the same as at the present weights."
    assert text_of(browser, "bound") == "How much better a plan can be at these weights is not proved."
    rows = {row[1]: row for row in cells(browser, "rows")}
    for project in allocation.projects.to_dict("records"):
        row = next(row for name, row in rows.items() if name.startswith(project["title"]))
        if project["share"] > 0:
            land = project["granted.land"]
            assert (number(row[6]) if row[6] else 0.0) == pytest.approx(land, abs=0.51)
        if project["decision"] not in (Decision.INADMISSIBLE, Decision.DISCUSS):
            assert number(row[5]) == pytest.approx(project["value"], abs=0.006)


@pytest.mark.parametrize("which", ["harbour", "thirty"])
def test_every_figure_is_what_the_atlas_says_at_random_weightings(show: Show, thirty: Found, which: str) -> None:
    found = atlases.harbour() if which == "harbour" else thirty
    allocation, _ = found
    browser = show(found)
    random = np.random.default_rng(20)
    seen = set()
    for _ in range(5):
        weights = [round(float(w) * 100, 2) for w in random.dirichlet(np.ones(len(allocation.plan.criteria)) * 0.6)]
        weigh(browser, weights)
        plan = best(found, weights)
        seen.add(str(plan.shares))
        assert number(text_of(browser, "score")) == pytest.approx(worth(allocation, plan, weights), abs=0.0051)
        for i, (c, row) in enumerate(zip(allocation.plan.criteria, cells(browser, "reached"), strict=True)):
            assert number(text_of(browser, f"p{i}")) == pytest.approx(100 * normal(weights)[i], abs=0.051)
            assert number(row[1]) == pytest.approx(100 * plan.criteria[c.name] / c.scale, abs=0.051)
            assert number(row[2]) == pytest.approx(100 * c.achieved, abs=0.051)
        for (used, available), row in zip(plan.resources, cells(browser, "supplies"), strict=True):
            assert number(row[4]) == pytest.approx(100 * used / available, abs=0.051)
        assert titles(browser) == order(allocation, plan, weights)
    assert len(seen) > (1 if which == "harbour" else 2)


@pytest.fixture(scope="module")
def proved() -> Found:
    """Harbour with the atlas that is computed for it."""
    reading = read(atlases.INPUTS / "harbour.yaml")
    limits = Limits(gap=0.0)
    return allocate(reading, limits, language="zh"), tuning.atlas(open_space(reading, limits), 0.5)


def written(text: str) -> float:
    """The first number of a text."""
    return float(re.findall(r"\d+(?:\.\d+)?", text)[0])


def test_an_atlas_that_was_computed_keeps_its_promise_at_a_dozen_weightings(show: Show, proved: Found) -> None:
    present, found = proved
    assert found.proved
    assert found.eps == 0.5
    assert all(len(plan.resources) == len(present.plan.resources) for plan in found.plans)
    browser = show(proved, "en")
    random = np.random.default_rng(5)
    seen = set()
    for _ in range(12):
        weights = [round(float(w) * 100, 2) for w in random.dirichlet(np.ones(len(found.criteria)) * 0.6)]
        weigh(browser, weights)
        changes = {f"criteria.{c.name}.weight": w for c, w in zip(found.criteria, weights, strict=True)}
        fresh = landalloc.allocate(landalloc.read(atlases.INPUTS / "harbour.yaml", changes=changes), gap=0.0)
        best = fresh.score - fresh.penalty

        plan = found.plans[int(text_of(browser, "number").removeprefix("stored plan ").split()[0]) - 1]
        seen.add(str(plan.shares))
        points = [100 * plan.criteria[c.name] / c.scale for c in found.criteria]
        score = number(text_of(browser, "score"))
        penalty = written(text_of(browser, "penalty") or "0")
        assert score == pytest.approx(float(np.dot(normal(weights), points)), abs=0.0051)
        assert penalty == pytest.approx(plan.penalty, abs=0.0051)
        assert best - found.eps - 0.011 <= score - penalty <= best + 0.011

        bound = text_of(browser, "bound")
        assert bound.endswith("proved.")
        shown = 0.0 if "no plan is better" in bound else written(bound)
        distance = best - (float(np.dot(normal(weights), points)) - plan.penalty)
        assert distance - 1e-6 <= shown <= found.eps + 1e-9

        for row, reached in zip(cells(browser, "reached"), points, strict=True):
            assert number(row[1]) == pytest.approx(reached, abs=0.051)
        for row, (used, available) in zip(cells(browser, "supplies"), plan.resources, strict=True):
            assert number(row[4]) == pytest.approx(100 * used / available, abs=0.051)
    assert len(seen) > 1


def test_a_slider_moves_by_mouse(show: Show, thirty: Found) -> None:
    browser = show(thirty, "en")
    before, score = titles(browser), text_of(browser, "score")
    slider = browser.find_element(By.ID, "w2")
    width = slider.size["width"]
    ActionChains(browser).move_to_element_with_offset(slider, -width // 2 + 8 + width // 5, 0).click().perform()
    there = slider.get_property("value")
    ActionChains(browser).click_and_hold(slider).move_by_offset(width, 0).release().perform()
    settle(browser)
    assert float(str(slider.get_property("value"))) == 10.0 != there
    assert browser.find_element(By.ID, "n2").get_property("value") == "10"
    assert text_of(browser, "score") != score
    assert titles(browser) != before
    assert titles(browser) == order(thirty[0], best(thirty, [5, 3, 10]), [5, 3, 10])
    assert text_of(browser, "changes").startswith("At these weights the present plan is")
    assert browser.find_elements(By.CSS_SELECTOR, "#rows .leaves")


def test_a_slider_moves_by_keyboard(show: Show, thirty: Found) -> None:
    browser = show(thirty, "en")
    slider = browser.find_element(By.ID, "w0")
    tab_to(browser, slider)
    slider.send_keys(Keys.ARROW_LEFT)
    settle(browser)
    assert browser.find_element(By.ID, "n0").get_property("value") == "4.9"
    assert slider.get_attribute("aria-valuetext") == "4.9, 49.5%"
    slider.send_keys(Keys.HOME)
    settle(browser)
    weights = [0, 3, 2]
    assert [text_of(browser, f"p{i}") for i in range(3)] == ["0.0%", "60.0%", "40.0%"]
    assert titles(browser) == order(thirty[0], best(thirty, weights), weights)
    tab_to(browser, browser.find_element(By.ID, "reset"))
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    settle(browser)
    assert browser.find_element(By.ID, "n0").get_property("value") == "5"
    assert text_of(browser, "changes") == "The plan is the same as at the present weights."


def test_weights_that_are_none_change_nothing(show: Show, thirty: Found) -> None:
    browser = show(thirty, "en")
    before = titles(browser), text_of(browser, "score")
    weigh(browser, [0, 0, 0])
    assert text_of(browser, "wrong").startswith("A weight is a number")
    weigh(browser, [5, 3, -2])
    assert text_of(browser, "wrong").startswith("A weight is a number")
    weigh(browser, [1e308, 1e308, 1e308])
    assert text_of(browser, "wrong").startswith("A weight is a number")
    weigh(browser, [5, 3, 2])
    box = browser.find_element(By.ID, "n2")
    box.clear()
    box.send_keys(Keys.TAB)
    assert box.get_property("value") == "2"
    weigh(browser, [5, 3, 2])
    assert text_of(browser, "wrong") == ""
    assert (titles(browser), text_of(browser, "score")) == before


@pytest.mark.parametrize("clipboard", [True, False])
def test_weights_are_copied(show: Show, thirty: Found, clipboard: bool) -> None:
    browser = show(thirty, "en")
    if not clipboard:
        browser.execute_script(
            "Object.defineProperty(navigator, 'clipboard', { value: undefined });document.execCommand = () => false;"
        )
    weigh(browser, [12.5, 0, 3])
    browser.find_element(By.CSS_SELECTOR, "summary").click()
    yaml = str(browser.find_element(By.ID, "yaml").get_property("value"))
    assert YAML(typ="safe").load(yaml) == {
        "criteria": {"output": {"weight": 12.5}, "jobs": {"weight": 0}, "saving": {"weight": 3}}
    }
    flags = browser.find_element(By.ID, "flags").get_property("value")
    assert flags == "--weight output=12.5 --weight jobs=0 --weight saving=3"
    browser.find_element(By.CSS_SELECTOR, "[data-copies=flags]").click()
    settle(browser)
    assert text_of(browser, "copied") == ("Copied." if clipboard else "Marked: press Ctrl+C (⌘C) to copy.")
    if not clipboard:
        assert browser.execute_script("return document.activeElement.id + getSelection().toString()") == f"flags{flags}"


def triangle() -> Found:
    """Two criteria, three plans, and their true cells, with bounds made up."""
    allocation = sample.allocation()
    criteria = allocation.plan.criteria[:2]
    plan = allocation.plan.model_copy(update={"criteria": criteria, "penalty": 0.0})
    totals = [(0.9, 0.1), (0.1, 0.9), (0.6, 0.6)]
    plans = [
        StoredPlan(
            criteria={c.name: t * c.scale for c, t in zip(criteria, each, strict=True)},
            penalty=0.0,
            shares={"roro": {"north": 0.2 + 0.2 * k}},
        )
        for k, each in enumerate(totals)
    ]
    cells = (
        Cell(weights=((1.0, 0.0), (0.625, 0.375)), plan=0, bound=0.1),
        Cell(weights=((0.625, 0.375), (0.375, 0.625)), plan=2, bound=0.234),
        Cell(weights=((0.375, 0.625), (0.0, 1.0)), plan=1, bound=0.0),
    )
    own = tuple(c.model_copy(update={"total": 0.0, "achieved": 0.0}) for c in criteria)
    names = [{"name": c.name, "scale": c.scale} for c in criteria]
    found = Atlas.model_validate({"eps": 0.3, "criteria": names, "plans": plans, "cells": cells, "proved": True})
    return Allocation(plan.model_copy(update={"criteria": own}), allocation.projects), found


def test_the_proved_bound_is_that_of_the_cell(show: Show) -> None:
    browser = show(triangle(), "en")
    told = {}
    for share in (1.0, 0.8, 0.5, 0.2, 0.0):
        weigh(browser, [100 * share, 100 - 100 * share])
        told[share] = text_of(browser, "bound")
    worse = "At these weights no plan is more than {} points better: proved."
    none = "At these weights no plan is better: proved."
    assert list(told.values()) == [worse.format("0.10"), worse.format("0.10"), worse.format("0.24"), none, none]
    weigh(browser, [62.5, 37.5])  # where two cells meet, the larger holds
    assert text_of(browser, "bound") == worse.format("0.24")


def mapped() -> Found:
    """Three criteria, a plan for each corner, and the three cells round the middle of the triangle."""
    allocation = sample.allocation()
    criteria = allocation.plan.criteria[:3]
    corners = [[float(i == c) for i in range(3)] for c in range(3)]
    plans = [
        {
            "criteria": {c.name: share * c.scale for c, share in zip(criteria, corner, strict=True)},
            "penalty": 0.0,
            "shares": {"roro": {"north": 0.2 + 0.2 * k}},
        }
        for k, corner in enumerate(corners)
    ]

    def half(one: int, other: int) -> list[float]:
        return [0.5 * (corners[one][i] + corners[other][i]) for i in range(3)]

    cells = [
        {"weights": [corners[k], [1 / 3] * 3, half(k, (k + 1) % 3), half(k, (k + 2) % 3)], "plan": k, "bound": 0.0}
        for k in range(3)
    ]
    names = [{"name": c.name, "scale": c.scale} for c in criteria]
    found = Atlas.model_validate({"eps": 0.0, "criteria": names, "plans": plans, "cells": cells, "proved": True})
    plan = allocation.plan.model_copy(
        update={"criteria": tuple(c.model_copy(update={"total": 0.0, "achieved": 0.0}) for c in criteria)}
    )
    return Allocation(plan, allocation.projects), found


def test_three_criteria_have_a_map_of_cells(show: Show) -> None:
    browser = show(mapped(), "en")
    cells = browser.find_elements(By.CSS_SELECTOR, "#map polygon.cell")
    assert len(cells) == 3
    sizes = browser.execute_script(
        """return [...document.querySelectorAll("#map .cell")].map((one) => {
            const p = [...one.points];
            return Math.abs(p.reduce((s, a, i) => s + a.x * p[(i + 1) % 4].y - p[(i + 1) % 4].x * a.y, 0)) / 2;
        })"""
    )
    third = 300**2 * 3**0.5 / 4 / 3
    assert sizes == [pytest.approx(third, rel=1e-3)] * 3  # each in the order of its edge, none crossing itself
    ActionChains(browser).move_to_element_with_offset(browser.find_element(By.ID, "map"), 0, -60).click().perform()
    settle(browser)
    weights = [number(text_of(browser, f"p{i}")) for i in range(3)]
    assert weights[0] == pytest.approx(weights[1], abs=2)
    assert weights[2] > 50
    assert ["now" in str(cell.get_attribute("class")) for cell in cells] == [False, False, True]
    assert text_of(browser, "bound") == "At these weights no plan is better: proved."
    assert browser.execute_script(OVERLAPS) == []


def test_rows_are_filtered(show: Show, thirty: Found) -> None:
    browser = show(thirty, "en")
    assert text_of(browser, "count") == "30 of 30 shown"
    weights = [1, 3, 9]
    weigh(browser, weights)
    plan = best(thirty, weights)
    rows = thirty[0].projects
    present = {i: s for i, s in zip(rows["id"], rows["share"], strict=True) if s > 0}
    changed = {i for i in rows["id"] if abs(present.get(i, 0.0) - sum(plan.shares.get(i, {}).values())) > 1e-4}
    only = Select(browser.find_element(By.ID, "only"))
    for value, wanted in {
        "changed": changed,
        "in": set(plan.shares),
        "depends": {i for i in rows["id"] if 0 < sum(i in p.shares for p in thirty[1].plans) < len(thirty[1].plans)},
    }.items():
        only.select_by_value(value)
        assert set(titles(browser)) == wanted
    only.select_by_value("")
    browser.find_element(By.ID, "find").send_keys("P1")
    assert set(titles(browser)) == {f"p{i}" for i in range(10, 20)}


def test_a_long_list_is_cut_until_all_is_asked_for(show: Show) -> None:
    found = atlases.large(1000, 20)
    browser = show(found)
    assert len(titles(browser)) == 60
    assert text_of(browser, "count") == "显示60个，共1000个"
    browser.find_element(By.ID, "whole").click()
    weigh(browser, [10, 80, 10, 0])
    browser.execute_async_script("setTimeout(arguments[0], 1500)")
    assert titles(browser) == order(found[0], best(found, [10, 80, 10, 0]), [10, 80, 10, 0])
    browser.find_element(By.ID, "whole").click()
    assert len(titles(browser)) == 60


def test_plans_are_named_by_mouse_and_by_keyboard(show: Show) -> None:
    browser = show(triangle(), "en")
    plot = browser.find_element(By.ID, "plot")
    assert "the plan at these weights" in text_of(browser, "dot")
    tab_to(browser, plot)
    names = set()
    for _ in range(6):
        plot.send_keys(Keys.ARROW_RIGHT)
        names.add(text_of(browser, "dot").split(":")[0])
    for _ in range(6):
        plot.send_keys(Keys.ARROW_LEFT)
        names.add(text_of(browser, "dot").split(":")[0])
    assert names == {"Plan 1", "Plan 2", "Plan 3", "Plan 4"}
    dots = browser.find_elements(By.CSS_SELECTOR, "#plot .dot")
    ActionChains(browser).move_to_element(dots[1]).perform()
    assert text_of(browser, "dot").startswith("Plan 2: output 10.0%, investment intensity 90.0%")
    ActionChains(browser).click(dots[1]).perform()
    settle(browser)
    assert [text_of(browser, f"p{i}") for i in range(2)] == ["18.8%", "81.3%"]
    assert "stored plan 2 of 4" in text_of(browser, "number")
    Select(browser.find_element(By.ID, "across")).select_by_index(1)
    assert "investment intensity 90.0%, investment intensity 90.0%" in text_of(browser, "dot")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [DESK, 800, PHONE])
@pytest.mark.parametrize("hostile", [None, HOSTILE], ids=["plain", "hostile"])
def test_the_page_is_as_wide_as_the_window_and_nothing_overlaps(
    show: Show, language: str, width: int, hostile: dict[str, str] | None
) -> None:
    allocation = sample.allocation(hostile)
    browser = show((allocation, atlases.pretended(allocation, 12)), language, width)
    browser.execute_script("document.querySelector('details').open = true")  # a click would scroll the weights
    weigh(browser, [0, 3, 1, 90])
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert browser.execute_script(OUTSIDE, width) == []
    assert browser.execute_script(OVERLAPS) == []
    assert browser.execute_script(FAINT) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_prints_on_a4_with_its_weights(show: Show, thirty: Found, language: str) -> None:
    browser = show(thirty, language)
    weigh(browser, [1, 3, 9])
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        shown = [e.is_displayed() for e in browser.find_elements(By.CSS_SELECTOR, "input, button, textarea, select")]
        assert not any(shown)
        assert browser.find_element(By.ID, "p2").is_displayed()
        assert text_of(browser, "p2") == "69.2%"
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    paper = base64.b64decode(printed["data"])
    sizes = [tuple(map(float, found)) for found in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)]
    assert 3 <= len(sizes) <= 6
    assert {tuple(sorted(map(round, size))) for size in sizes} == {(595, 842)}


def test_without_its_script_the_page_says_so(show: Show, thirty: Found) -> None:
    browser = show(thirty, "en")
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.refresh()
        assert "let it run its script" in browser.find_element(By.TAG_NAME, "body").text
        assert not browser.find_element(By.ID, "w0").is_displayed()
        assert browser.find_element(By.ID, "p0").text == "50.0%"
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_one_criterion_needs_no_trade_off(show: Show) -> None:
    allocation = sample.allocation()
    plan = allocation.plan.model_copy(update={"criteria": allocation.plan.criteria[:1]})
    single = Allocation(plan, allocation.projects)
    browser = show((single, atlases.pretended(single, 4)), "en")
    weigh(browser, [7])
    assert text_of(browser, "p0") == "100.0%"
    assert not browser.find_elements(By.CSS_SELECTOR, "#tradeoff, #triangle")
    assert browser.get_log("browser") == []
