"""report.html: one page of text, whatever the projects are called, in both languages and of any size."""

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
import sample

from landalloc.models.plan import Decision, PlannedZone
from landalloc.optimizer.allocation import Allocation
from landalloc.optimizer.report import html, page, page_chart, page_ranking, page_tables, svg
from landalloc.optimizer.report.numbers import Language
from landalloc.optimizer.report.words import catalogue

LANGUAGES: list[Language] = ["zh", "en"]
VOID = {"meta", "input", "rect", "path"}
HOSTILE = {
    "jinglu": '=HYPERLINK("x","y")<script>alert(1)</script>',
    "dajin": "\u202eesrever\u200f \x1b[31m \x00",
    "floor": "长" * 300,
    "coal": "W" * 300,
    "chp": "../../x {{ 7 * 7 }} {% raw %} {shown}",
    "flagship": "\ufeffمشروع",
    "smelter": "\ud800&amp;\"'><img src=x onerror=alert(1)>",
}


class Page(HTMLParser):
    """Tags with their attributes, and the texts that a reader sees."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.inline: dict[str, list[str]] = {"style": [], "script": []}
        self._within = ""
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), "an attribute stands twice"
        self.tags.append((tag, dict(attrs)))
        self._within = tag

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within in self.inline:
            self.inline[self._within].append(data)
        elif data.strip():
            self.texts.append(data.strip())

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [found for name, found in self.tags if name == tag and wanted.items() <= found.items()]


def made(allocation: Allocation, language: Language = "zh") -> tuple[str, Page]:
    content = html.files(allocation, language)
    assert list(content) == ["report.html"]
    assert len(content["report.html"]) < html.LARGEST
    text = content["report.html"].decode("utf-8")
    return text, Page(text)


def rows_of(parsed: Page) -> list[dict[str, str | None]]:
    return [found for _, found in parsed.tags if (found.get("class") or "").startswith("row ")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_every_part_in_order(language: Language) -> None:
    text, parsed = made(sample.allocation(), language)
    assert text.startswith("<!doctype html>")
    assert parsed.all("html")[0]["lang"] == {"zh": "zh-CN", "en": "en"}[language]
    sections = [found["id"] for found in parsed.all("section")]
    assert sections == ["balance", "principles", "ranking", "supplies", "left-out", "rules", "meeting", "annex"]
    linked = [found["href"] for found in parsed.all("a") if found["href"] != "#ranking"]
    ids = [found["id"] for _, found in parsed.tags if "id" in found]
    assert len(ids) == len(set(ids))
    assert {href for href in linked if href} <= {f"#{id_}" for id_ in ids}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("hostile", [None, HOSTILE], ids=["plain", "hostile"])
def test_the_page_asks_for_nothing_outside_itself(language: Language, hostile: dict[str, str] | None) -> None:
    _, parsed = made(sample.allocation(hostile), language)
    assert {tag for tag, _ in parsed.tags} & {"img", "link", "iframe", "object", "embed", "base", "video"} == set()
    for _, attributes in parsed.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset", "action")
        ]
        assert (attributes.get("href") or "#").startswith("#")
    assert len(parsed.all("script")) == len(parsed.all("style")) == 1
    assert "url(" not in parsed.inline["style"][0]
    assert "@import" not in parsed.inline["style"][0]


def test_the_policy_allows_the_one_style_and_the_one_script_and_no_request() -> None:
    _, parsed = made(sample.allocation(HOSTILE))
    policy = parsed.all("meta", http_equiv="Content-Security-Policy")[0]["content"] or ""
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for name in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256("".join(parsed.inline[name]).encode()).digest()).decode()
        assert rules[f"{name}-src"] == f"'sha256-{digest}'"
    before = [tag for tag, _ in parsed.tags]
    assert before.index("meta") < before.index("style")


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_stays_text(language: Language) -> None:
    text, parsed = made(sample.allocation(HOSTILE), language)
    plain, _ = made(sample.allocation(), language)
    assert re.findall("<script|</script", text) == re.findall("<script|</script", plain)
    assert '=HYPERLINK("x","y")<script>alert(1)</script>' in parsed.texts
    assert "../../x {{ 7 * 7 }} {% raw %} {shown}" in parsed.texts
    assert "长" * 300 in parsed.texts
    assert "W" * 300 in parsed.texts
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", text)


def test_hostile_words_everywhere_else_stay_text_too() -> None:
    bad = "</style><script>alert(2)</script>\u202e\x00"
    plan = sample.plan(title=bad, case=bad, zones=(PlannedZone(name=bad, title=bad, within=None),))
    named = {
        "measures": tuple(m.model_copy(update={"title": bad, "unit": m.unit}) for m in plan.measures),
        "criteria": tuple(c.model_copy(update={"title": bad}) for c in plan.criteria),
        "rules": tuple(r.model_copy(update={"title": bad, "source": bad, "each": bad}) for r in plan.rules),
        "resources": tuple(r.model_copy(update={"zone": bad, "source": bad}) for r in plan.resources[1:2]),
        "provenance": plan.provenance.model_copy(update={"inputs": {bad: bad}, "set": {bad: bad}, "solver": bad}),
    }
    projects = sample.projects().rename(columns={"share@north": f"share@{bad}"}).drop(columns="share@south")
    projects["attributes.cluster"] = [bad, f"{bad}2"] + [bad] * (len(projects) - 2)
    projects["id"] = [f"{bad}{i}" for i in range(len(projects))]
    text, parsed = made(Allocation(plan.model_copy(update=named), projects))
    assert len(re.findall("<script", text)) == 1
    assert len(re.findall("</style", text)) == 1
    assert "\u202e" not in text
    assert len(rows_of(parsed)) == len(projects)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_is_in_the_language_of_the_page(language: Language) -> None:
    _, parsed = made(sample.allocation(case="dry"), language)
    known = catalogue("zh")
    other = set(known) - set(known.values()) if language == "zh" else set(known.values()) - set(known)
    users = {"sample", "port", "parts", "energy", "用地", "产值"}
    labels = set(parsed.texts) | {
        v for _, found in parsed.tags for n, v in found.items() if n in ("aria-label", "data-h") and v
    }
    assert labels & (other - users) == set()


def test_the_same_plan_is_the_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "import hashlib, sample; from landalloc.optimizer.report import html\n"
        "print(hashlib.sha256(html.files(sample.allocation(), 'zh')['report.html']).hexdigest())"
    )
    path = str(Path(sample.__file__).parent)
    ran = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    here = hashlib.sha256(html.files(sample.allocation(), "zh")["report.html"]).hexdigest()
    assert ran == {here}


def test_committed_stand_apart_and_the_list_is_cut_before_the_first_in_reserve() -> None:
    text, parsed = made(sample.allocation())
    codes = [(found["class"] or "").removeprefix("row ") for found in rows_of(parsed)]
    assert codes == sample.projects()["decision"].tolist()
    blocks = re.split('<tbody class="(committed|ranked|unranked)">', text)[1:]
    held = dict(zip(blocks[::2], blocks[1::2], strict=True))
    assert held["committed"].count('class="row ') == 1
    assert held["unranked"].count('class="row ') >= 2
    cut = held["ranked"].index('class="cut"')
    assert held["ranked"].index('class="row partial"') < cut < held["ranked"].index('class="row rejected"')
    assert 'class="row admitted"' not in held["ranked"][cut:]


def test_no_cut_where_nothing_is_cut() -> None:
    allocation = sample.allocation()
    admitted = allocation.projects[allocation.projects["decision"] != Decision.REJECTED].reset_index(drop=True)
    text, _ = made(Allocation(allocation.plan, admitted))
    assert 'class="cut"' not in text


def test_a_card_holds_reasons_what_was_asked_and_granted_charges_and_ratios() -> None:
    text, _ = made(sample.allocation())
    card = text[text.index('id="p5c"') :]
    card = card[: card.index('<tr class="row')]
    shown = Page(card).texts
    assert "效益8.35分，占用要素折算2.31分。" in shown
    assert {"505", "452", "核减至452", "1.60", "万吨标准煤/年"} <= set(shown)
    assert "200万元/亩" in shown
    assert {"8.35", "2.31", "1.62"} <= set(shown)  # value, charges, and the larger of these
    assumed = text[text.index('id="p3c"') : text.index('id="p4"')]
    assert "7200（估）" in Page(assumed).texts


def test_ranking_marks_assumed_figures_and_shows_what_was_asked_where_it_differs() -> None:
    table = page_ranking.columns(sample.allocation(), "zh")
    columns = {column.head: column for column in table}
    rows = sample.projects()["id"].tolist()
    assert columns["综合能耗"].cells[rows.index("dajin")] == "7200*"
    assert columns["综合能耗"].under[rows.index("dajin")] == ""
    assert (columns["用地"].cells[rows.index("roro")], columns["用地"].under[rows.index("roro")]) == ("240", "300")
    assert (columns["综合能耗"].cells[rows.index("coal")], columns["综合能耗"].under[rows.index("coal")]) == (
        "",
        "42000*",
    )
    assert (columns["普通岸线"].cells[rows.index("floor")], columns["普通岸线"].under[rows.index("floor")]) == ("", "")
    assert columns["投资强度"].unit == "万元/亩"
    assert columns["投资强度"].cells[rows.index("jinglu")] == "473"


@pytest.mark.parametrize("count", [0, 1, 2000, 6000])
def test_a_page_of_many_projects_stays_small_and_says_how_many_more(count: int) -> None:
    allocation = sample.large(count) if count else Allocation(sample.plan(), sample.projects().iloc[:0])
    text, parsed = made(allocation, "en")
    shown = len(rows_of(parsed))
    assert shown == min(count, html.MOST_ROWS)
    cards = len(parsed.all("tr", class_="card"))
    assert cards == shown if count < 100 else 0 < cards < shown
    assert ("do not fit on this page" in text) == (count > shown)
    if count > shown:
        assert f"{count - shown:,} more projects".replace(",", "") in text
    if cards < shown:
        assert f"The first {cards} projects open" in text
        assert text.count('aria-expanded="false"') == cards
    anchors = {found["id"] for found in rows_of(parsed)}
    links = {found["href"] for found in parsed.all("a") if re.fullmatch(r"#p\d+", found["href"] or "")}
    assert links <= {f"#{anchor}" for anchor in anchors}


def test_long_names_take_room_from_rows_not_from_the_limit() -> None:
    allocation = sample.large(3000)
    allocation.projects["title"] = pd.Series(["长" * 300] * 3000, dtype=object)
    text, parsed = made(allocation)
    shown = len(rows_of(parsed))
    assert 100 < shown < html.MOST_ROWS
    assert f"另有{3000 - shown}个项目未列入本页" in text
    links = {found["href"] for found in parsed.all("a") if re.fullmatch(r"#p\d+", found["href"] or "")}
    assert links <= {f"#p{i}" for i in range(1, shown + 1)}


def test_a_plan_of_the_least_there_can_be() -> None:
    plan = sample.plan(
        zones=(), tiers=(), rules=(), groups=(), resources=(), linear=True, criteria=sample.plan().criteria[:1]
    )
    projects = sample.projects()
    bare = projects.drop(columns=[c for c in projects.columns if c.startswith(("share@", "attributes.", "ratios."))])
    text, parsed = made(Allocation(plan, bare))
    assert 'id="rules"' not in text
    assert "scatter" not in [found.get("class") for found in parsed.all("svg")]
    assert len(rows_of(parsed)) == len(bare)


def test_supplies_of_zones_add_up_to_the_region() -> None:
    plan = sample.plan()
    assert [row.zone for row in page.outermost(plan, "land")] == ["north", "south"]
    assert [row.zone for row in page.outermost(plan, "energy")] == [None]
    nested = plan.model_copy(update={"zones": (plan.zones[0], PlannedZone(name="south", title="南园", within="north"))})
    assert [row.zone for row in page.outermost(nested, "land")] == ["north"]
    region = sample.resource("land", None, "mu", 3000.0, 4299.0, 1696.0)
    both = plan.model_copy(update={"resources": (*plan.resources, region)})
    assert [row.zone for row in page.outermost(both, "land")] == [None]


def test_the_balance_is_what_was_asked_what_there_is_and_what_was_granted() -> None:
    found = {one.name: one for one in page.balances(sample.allocation(), "zh")}
    land = found["用地"]
    assert (land.asked, land.available, land.short, land.granted, land.use) == (
        "4299",
        "1696",
        "2603",
        "1696",
        "100.0%",
    )
    energy = found["综合能耗"]
    assert (energy.available, energy.unit, energy.assumed) == ("90.00", "万吨标准煤/年", True)


def test_what_one_more_unit_brings_is_said_in_the_users_own_terms() -> None:
    rows = page_tables.supplies(sample.plan(), "zh")
    deep = next(row for row in rows if row.name == "深水岸线")
    assert deep.brings == "每增加1米，可增加年产值约8万元"
    assert deep.moved == "-60"
    assert next(row for row in rows if row.name == "综合能耗").brings == "不紧缺（有结余）"


def test_targets_have_more_decimals_where_a_miss_would_not_show() -> None:
    row = sample.RULES[1]
    targets = page_tables.targets(sample.plan(rules=(row,)), "zh")
    assert [(t.limit, t.existing, t.adds, t.value, t.result, t.cost) for t in targets] == [
        ("不低于2000000", "1200000", "640000", "1840000", "差160000", "扣0.4分")
    ]
    near = row.model_copy(update={"limit": 65.0, "existing": 37.0, "value": 64.998, "shortfall": 0.002})
    found = page_tables.targets(sample.plan(rules=(near,)), "zh")[0]
    assert (found.limit, found.value, found.result) == ("不低于65.000", "64.998", "差0.002")
    spread = page_tables.targets(sample.plan(rules=(sample.RULES[2],)), "zh")[0]
    assert (spread.limit, spread.value) == ("不超过5.0%", "0.0%")


def test_targets_are_in_the_unit_of_their_rule() -> None:
    row = sample.RULES[1]
    income = row.model_copy(
        update={"unit": "亿元/year", "limit": 65.0, "existing": 37.2, "value": 52.153, "kept": False}
    )
    share = row.model_copy(
        update={"kind": "ratio", "unit": "1", "limit": 0.2222, "existing": 0.2, "value": 0.1442, "shortfall": 41.9}
    )
    found = page_tables.targets(sample.plan(rules=(income, share)), "zh")
    assert [(t.unit, t.limit, t.existing, t.adds, t.value, t.result) for t in found] == [
        ("亿元/年", "不低于65.00", "37.20", "14.95", "52.15", "差12.85"),
        ("", "不低于22.2%", "20.0%", "", "14.4%", "差7.8%"),
    ]


def test_the_meeting_sees_what_a_project_takes_and_what_is_lacking() -> None:
    listed = page.items(sample.allocation(), Decision.DISCUSS, "zh", {})
    (flagship,) = listed.items
    assert flagship.texts == ["一事一议：用地标准：140万元/亩，不低于200万元/亩，相差60万元/亩。"]
    carry, *others = flagship.choices
    assert "需用地900亩" in carry
    assert "须从其他项目调剂用地900亩" in carry
    assert "综合能耗" not in carry.split("调剂")[1]
    assert len(others) == 2


def test_the_sheet_differs_by_name() -> None:
    found = page.differences(sample.allocation(), {"chp": "p9"})
    assert {item.name for item in found.enters.items} >= {"京鲁造船舾装码头", "标准厂房零用地技改"}
    assert [(item.name, item.anchor) for item in found.leaves.items] == [("2×300MW热电联产", "p9")]


def test_the_scatter_takes_the_first_two_criteria_per_the_same_measure() -> None:
    allocation = sample.allocation()
    pair = page_chart.scattered(allocation.plan)
    assert pair is not None
    assert [criterion.name for criterion in pair] == ["investment_intensity", "output_per_area"]
    chart = page_chart.chart(allocation, {}, "zh")
    assert chart is not None
    marks = re.findall('class="mark (\\w+)"', chart.svg)
    projects = allocation.projects
    counted = projects[projects["ratios.output_per_area"].notna()]
    assert len(marks) == len(counted)
    assert marks.count("chosen") == counted["decision"].isin(["admitted", "partial"]).sum()
    assert chart.without == len(projects) - len(counted) == 1
    other = sample.plan(criteria=sample.plan().criteria[:2])
    assert page_chart.chart(Allocation(other, projects), {}, "zh") is None


def points(values: Iterator[tuple[float, float]]) -> list[svg.Point]:
    return [svg.Point(x, y, "chosen", "", str(i), f"{i}") for i, (x, y) in enumerate(values)]


def test_one_far_point_does_not_press_the_others_together() -> None:
    near = points((float(i), float(i)) for i in range(40))
    far = [*near, svg.Point(5000.0, 10.0, "chosen", "p9", "far", "far <b>")]
    axes = svg.Axis("x", None, ""), svg.Axis("y", 20.0, "at <20>")
    drawn = svg.scatter(far, *axes, "a & b")
    assert ">40</text>" in drawn
    assert ">5000</text>" not in drawn
    assert drawn.count("l5 9h-10z") == 1
    assert "far &lt;b&gt;" in drawn
    assert 'aria-label="a &amp; b"' in drawn
    assert drawn.count('class="standard"') == 1
    pairs = {tuple(map(float, found)) for found in re.findall(r'd="M([\d.]+) ([\d.]+)', drawn)}
    assert all(0 <= x <= svg.WIDTH and 0 <= y <= svg.HEIGHT for x, y in pairs)


@pytest.mark.parametrize("values", [[(0.0, 0.0)], [(1e-9, 3e7)], [(-5.0, 2.0), (7.0, -1.0)]])
def test_scales_hold_whatever_there_is(values: list[tuple[float, float]]) -> None:
    drawn = svg.scatter(points(iter(values)), svg.Axis("x", None, ""), svg.Axis("y", None, ""), "")
    assert drawn.count('class="mark') == len(values)
    assert "nan" not in drawn
    assert "inf" not in drawn


def test_labels_never_lie_on_each_other() -> None:
    crowd = points((float(i % 7), float(i % 5)) for i in range(60))
    drawn = svg.scatter(crowd, svg.Axis("x", None, ""), svg.Axis("y", None, ""), "")
    found = re.findall(
        r'class="rank" x="([\d.]+)" y="([\d.]+)" text-anchor|class="rank" x="([\d.]+)" y="([\d.]+)">(\d+)', drawn
    )
    spots = [(float(x), float(y), len(label) * 6.0) for *_, x, y, label in found]
    assert spots
    for i, (x, y, width) in enumerate(spots):
        for other, up, wide in spots[i + 1 :]:
            assert x + width <= other or other + wide <= x or abs(y - up) >= 7.9
