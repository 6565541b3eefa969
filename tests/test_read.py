# ruff: noqa: E501 -- a case to a line reads best
"""Reading: from the file and its tables to numbers in columns."""

from __future__ import annotations

import contextlib
import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter
from scenarios import HARBOUR, write

from landalloc.models.codes import limit_for
from landalloc.models.finding import Finding, InputError
from landalloc.models.rule import CountRule, LimitTable, RatioRule, StandardRule, SynergyRule, TotalRule, VetoRule
from landalloc.optimizer.candidates import Candidates
from landalloc.optimizer.read import Reading, read

SMALL = """\
name: small
measures: {land: {unit: mu, title: 用地}, output: {unit: 亿元/year}, steam: {unit: t}}
attributes: [cluster]
supply: {land: 100}
zones: {north: {title: 北港}, south: {}}
criteria: {output: {of: output, weight: 1}}
defaults: {min_share: 0}
projects:
"""


def small(folder: Path, projects: str, **files: str | bytes) -> Reading:
    return read(write(folder, SMALL + projects, **files))


def row(candidates: Candidates, one: str) -> int:
    return candidates.ids.tolist().index(one)


def amount(candidates: Candidates, one: str, measure: str) -> float:
    return float(candidates.amounts[measure][row(candidates, one)])


def workbook(*sheets: list[list[object]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        percent = book.add_format({"num_format": "0%"})
        for rows in sheets:
            sheet = book.add_worksheet()
            for i, cells in enumerate(rows):
                for j, cell in enumerate(cells):
                    sheet.write(i, j, cell, percent if cell == 0.4 else None)
    return buffer.getvalue()


def told(reading: Reading) -> list[Finding]:
    """The findings, but for those of scale: of a few made-up candidates one is always half of everything."""
    return [one for one in reading.findings if one.code != "scale"]


# --- the scenario that uses every part


def test_the_whole_format_is_read_without_a_warning(tmp_path: Path) -> None:
    reading = read(write(tmp_path))
    assert told(reading) == []
    assert reading.candidates.ids.tolist() == ["bridge", "chp", "mill", "roro", "shop", "yard"]
    assert reading.base_scenario is reading.scenario
    assert reading.base_candidates is reading.candidates
    assert reading.changes == {}


def test_amounts_are_in_the_unit_of_their_measure(tmp_path: Path) -> None:
    candidates = read(write(tmp_path)).candidates
    assert amount(candidates, "yard", "land") == 600
    assert amount(candidates, "yard", "output") == 30
    assert amount(candidates, "chp", "energy") == 52000
    assert amount(candidates, "shop", "land") == 60  # 4 公顷
    assert amount(candidates, "shop", "output") == 1.2  # 12000 万元
    assert amount(candidates, "bridge", "jobs") == 0
    assert candidates.makes["steam"][row(candidates, "chp")] == 30
    assert set(candidates.makes) == {"steam"}


def test_the_table_of_candidates(tmp_path: Path) -> None:
    table = read(write(tmp_path)).candidates.table.set_index("id")
    assert table.loc["yard", ["title", "min_share", "units"]].tolist() == ["船厂扩建", 1.0, 0]
    assert table.loc["roro", ["min_share", "units", "min_units"]].tolist() == [0.0, 5, 3]
    assert table.loc["mill", ["title", "min_share", "units", "min_units"]].tolist() == ["mill", 0.0, 0, 1]
    assert table["committed"].to_dict() == dict.fromkeys(table.index, False) | {"bridge": True}
    assert table.loc["shop", "assumed"] == ("land", "jobs")


def test_attributes_stay_text(tmp_path: Path) -> None:
    text = HARBOUR.replace("industry: 3731", "industry: 0131").replace("industry: 44", "industry: 1.10")
    candidates = read(write(tmp_path, text)).candidates
    assert candidates.attributes["industry"][row(candidates, "yard")] == "0131"
    assert candidates.attributes["industry"][row(candidates, "chp")] == "1.10"
    assert candidates.attributes["cluster"][row(candidates, "shop")] == "light"


def test_options_are_the_zones_that_accept_and_are_listed(tmp_path: Path) -> None:
    reading = read(write(tmp_path))
    places, candidates = reading.scenario.places, reading.candidates
    options = [(candidates.ids[p], places[z]) for p, z in zip(candidates.project, candidates.zone, strict=True)]
    assert places == ("north", "south", "basin")
    assert options == [
        ("bridge", "north"),
        *(("chp", zone) for zone in places),
        ("mill", "south"),
        ("mill", "basin"),
        *(("roro", zone) for zone in places),
        ("shop", "south"),
        ("shop", "basin"),
        ("yard", "north"),
    ]


def test_an_amount_that_differs_by_zone(tmp_path: Path) -> None:
    candidates = read(write(tmp_path)).candidates
    (option,) = np.flatnonzero(candidates.project == row(candidates, "yard"))
    assert candidates.amount("shoreline")[option] == 850
    assert amount(candidates, "yard", "shoreline") == 900


def test_figures_of_the_scenario(tmp_path: Path) -> None:
    scenario = read(write(tmp_path)).scenario
    assert scenario.supply["energy"].amount == 900000
    assert scenario.zones["south"].supply["land"].amount == 4500
    criteria = scenario.criteria
    assert criteria["investment_intensity"].standard == pytest.approx(0.015, rel=1e-15)
    assert criteria["energy_saving"].full_marks == pytest.approx(500, rel=1e-15)
    assert (criteria["jobs"].weight, criteria["output"].reference) == (0.4, 500)
    assert scenario.measures["steam"].must_use == 0.95
    rules = {rule.name: rule for rule in scenario.rules}
    assert isinstance(total := rules["output"], TotalRule)
    assert total.soft is not None
    assert (total.total.at_least, total.total.existing, total.soft.points) == (20, 0.12, 0.05)
    assert isinstance(ratio := rules["services"], RatioRule)
    assert ratio.ratio.at_least == 0.01
    assert isinstance(count := rules["big-firms"], CountRule)
    assert count.where.measures["output"].at_least == 10
    assert count.where.exclude is not None
    assert count.where.exclude.zone == ("south",)
    assert isinstance(synergy := rules["chain"], SynergyRule)
    assert synergy.synergy.adds == {"output": 2}
    assert isinstance(veto := rules["veto-list"], VetoRule)
    assert veto.where.id == ("bridge",)


def test_a_table_of_standards(tmp_path: Path) -> None:
    rules = {rule.name: rule for rule in read(write(tmp_path)).scenario.rules}
    assert isinstance(rule := rules["by-industry"], StandardRule)
    assert isinstance(limit := rule.standard.at_least, LimitTable)
    assert limit.limits == pytest.approx({"34-38": 0.02, "3731": 0.006}, rel=1e-15)  # 万元/公顷 -> 亿元/mu
    assert limit.default == pytest.approx(0.001, rel=1e-15)  # a plain default has the unit of its column
    assert limit_for(limit.limits, "3720", limit.default) == pytest.approx(0.02)
    assert limit_for(limit.limits, "3731", limit.default) == pytest.approx(0.006)
    assert limit_for(limit.limits, "17", limit.default) == pytest.approx(0.001)


def test_inputs_and_assumptions(tmp_path: Path) -> None:
    path = write(tmp_path)
    reading = read(path)
    assert list(reading.inputs) == ["harbour.yaml", "standards.csv", "candidates.csv"]
    assert reading.inputs["harbour.yaml"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert reading.assumed == [
        "supply.energy",
        "zones.south.supply.land",
        "projects.chp.energy",
        "projects.shop.land",
        "projects.shop.jobs",
        "projects.yard.energy",
    ]


@pytest.mark.parametrize(
    ("path", "line", "text"),
    [
        ("supply.energy", "  energy: {amount: 900000", "harbour.yaml"),
        ("zones.north.supply.land", "5200 mu", "harbour.yaml"),
        ("projects.yard.land", "    land: 600 mu", "harbour.yaml"),
        ("projects.yard.at.north.shoreline", "850 m", "harbour.yaml"),
        ("projects.roro", "id: roro", "harbour.yaml"),
        ("rules.output.total.at_least", "name: output, total", "harbour.yaml"),
        ("criteria.jobs.weight", "{of: jobs, weight: 40%}", "harbour.yaml"),
        ("supply.energy.nothing.here", "  energy: {amount: 900000", "harbour.yaml"),
    ],
)
def test_places(path: str, line: str, text: str, tmp_path: Path) -> None:
    place = read(write(tmp_path)).places[path]
    assert place.line is not None
    assert (place.file, place.path) == (text, path)
    assert line in HARBOUR.splitlines()[place.line - 1]


def test_the_place_of_a_cell(tmp_path: Path) -> None:
    places = read(write(tmp_path)).places
    assert str(places["projects.shop.land"]) == "candidates.csv:2:6"
    book = workbook([["id", "land"], ["a", 5]])
    places = small(tmp_path, "  - {table: t.xlsx}\n", t__xlsx=book).places
    assert str(places["projects.a.land"]) == "t.xlsx Sheet1!B2"


def test_the_order_of_rows_is_no_matter(tmp_path: Path) -> None:
    lines = [
        "  - {id: b, land: 2}\n",
        "  - {id: a, land: 1, zones: [south]}\n",
        "  - {id: c, land: 3, at: {south: {land: 4}}}\n",
    ]
    one = small(tmp_path, "".join(lines)).candidates
    other = small(tmp_path, "".join(reversed(lines))).candidates
    assert one.table.equals(other.table)
    for name in ("land", "output"):
        np.testing.assert_array_equal(one.amount(name), other.amount(name))
    np.testing.assert_array_equal(one.zone, other.zone)


# --- cases and --set


CHANGES = [
    ("supply.energy", "8e5", lambda r: r.scenario.supply["energy"].amount, 800000),
    ("supply.energy.amount", "8e5", lambda r: r.scenario.supply["energy"].source, "能耗控制目标"),
    ("supply.land", "300 公顷", lambda r: r.scenario.supply["land"].amount, 4500),
    ("zones.north.supply.land", "5300 mu", lambda r: r.scenario.zones["north"].supply["land"].amount, 5300),
    ("zones.north.accepts.cluster", "[port, energy, x]", lambda r: r.scenario.zones["north"].accepts["cluster"], ("port", "energy", "x")),
    ("zones.south.supply.land.assumed", "false", lambda r: r.scenario.zones["south"].supply["land"].assumed, False),
    ("projects.yard.land", "560 mu", lambda r: amount(r.candidates, "yard", "land"), 560),
    ("projects.shop.land", "70", lambda r: amount(r.candidates, "shop", "land"), 70),  # mu, not 公顷 as the heading
    ("projects.shop.energy", "9", lambda r: amount(r.candidates, "shop", "energy"), 9),  # a key the table has not
    ("projects.shop.makes.steam", "9", lambda r: r.candidates.makes["steam"][4], 9),
    ("projects.shop.at.basin.land", "9", lambda r: r.candidates.at["land"][1].tolist(), [9]),
    ("projects.shop.committed", "true", lambda r: bool(r.candidates.table["committed"][4]), True),
    ("projects.shop.zones", "basin", lambda r: (r.candidates.project == 4).sum(), 1),
    ("projects.mill.zones", "[basin, south]", lambda r: (r.candidates.project == 2).sum(), 2),
    ("projects.shop.cluster", "port", lambda r: r.candidates.attributes["cluster"][4], "port"),
    ("projects.yard.min_share", "40%", lambda r: r.candidates.table["min_share"][5], 0.4),
    ('projects."shop".land', "71", lambda r: amount(r.candidates, "shop", "land"), 71),
    ("criteria.jobs.weight", "41", lambda r: r.scenario.criteria["jobs"].weight, 41),
    ("criteria.jobs.reference", "9000", lambda r: r.scenario.criteria["jobs"].reference, 9000),
    ("rules.output.at_least", "190000 万元", lambda r: _total(r).total.at_least, 19),
    ("rules.output.total.at_least", "19", lambda r: _total(r).total.at_least, 19),
    ("rules.output.soft", "0.5", lambda r: _total(r).soft.points, 0.5),
    ("rules.output.soft", "", lambda r: _total(r).soft, None),
    ("rules.output.where.cluster", "port", lambda r: _total(r).where.attributes, {"cluster": ("port",)}),
    ("rules.fair", "off", lambda r: [one.name for one in r.scenario.rules if one.name == "fair"], []),
    ("rules.one-site.exclusive", "[yard, roro]", lambda r: r.scenario.rules[7].exclusive, ("yard", "roro")),
    ("tiers.0.cluster", "light", lambda r: r.scenario.tiers[0].attributes, {"cluster": ("light",)}),
    ("measures.steam.must_use", "50%", lambda r: r.scenario.measures["steam"].must_use, 0.5),
    ("defaults.min_share", "1", lambda r: r.candidates.table["min_share"][2], 1),
    ("title", "改", lambda r: r.scenario.title, "改"),
]  # fmt: skip


SAME = ("supply.energy.amount", "projects.mill.zones")
"""Changes after which what is looked at is as before: the source stays, and both zones were open."""


def _total(reading: Reading) -> TotalRule:
    rule = next(rule for rule in reading.scenario.rules if rule.name == "output")
    assert isinstance(rule, TotalRule)
    return rule


@pytest.mark.parametrize(
    ("path", "value", "look", "expected"), CHANGES, ids=lambda one: "look" if callable(one) else str(one)[:40]
)
def test_a_change(path: str, value: str, look: object, expected: object, tmp_path: Path) -> None:
    scenario = write(tmp_path)
    reading = read(scenario, changes={path: value})
    assert look(reading) == expected  # type: ignore[operator]
    assert reading.changes == {path: value}
    base = read(scenario)
    assert reading.base_scenario == base.scenario
    assert reading.base_candidates.table.equals(base.candidates.table)
    with contextlib.suppress(KeyError):  # what is not in the file before
        assert look(base) != expected or path in SAME  # type: ignore[operator]


def test_a_case_and_then_changes(tmp_path: Path) -> None:
    path = write(tmp_path)
    reading = read(path, case="dry-year")
    assert reading.scenario.supply["energy"].amount == 800000
    assert reading.scenario.criteria["jobs"].weight == 40
    assert amount(reading.candidates, "shop", "land") == 70
    assert reading.base_scenario.supply["energy"].amount == 900000
    assert amount(reading.base_candidates, "shop", "land") == 60
    assert reading.changes == {}
    both = read(path, case="dry-year", changes={"supply.energy": "7e5"})
    assert both.scenario.supply["energy"].amount == 700000
    assert both.scenario.criteria["jobs"].weight == 40


def test_cases_know_nothing_of_each_other(tmp_path: Path) -> None:
    """One may switch off the rule that the next one changes."""
    path = write(tmp_path, HARBOUR + "  free: {rules.fair: off}\n  strict: {rules.fair.within: 1%}\n")
    assert told(read(path)) == []
    assert "fair" not in [rule.name for rule in read(path, case="free").scenario.rules]
    assert "fair" in [rule.name for rule in read(path, case="strict").scenario.rules]


def test_an_id_with_a_dot(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL + "  - {id: a.b, land: 5}\n")
    reading = read(path, changes={'projects."a.b".land': "6"})
    assert amount(reading.candidates, "a.b", "land") == 6
    assert reading.places['projects."a.b".land'].file == '--set projects."a.b".land'
    assert reading.places['projects."a.b"'].line == 9


def test_a_change_that_empties_a_key_takes_it_away(tmp_path: Path) -> None:
    assert read(write(tmp_path), changes={"supply.energy": ""}).scenario.supply == {}


# --- tables


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("comma", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_separators(encoding: str, comma: str, end: str, tmp_path: Path) -> None:
    table = end.join([comma.join(["title", "用地（公顷）", "cluster"]), comma.join(["京鲁造船", "2", '"甲，乙"']), ""])
    candidates = small(tmp_path, "  - {table: t.csv}\n", t=table.encode(encoding)).candidates
    assert candidates.ids.tolist() == ["京鲁造船"]  # the id defaults to the title
    assert amount(candidates, "京鲁造船", "land") == 30
    assert candidates.attributes["cluster"].tolist() == ["甲，乙"]


@pytest.mark.parametrize(
    ("heading", "cell", "expected"),
    [
        ("land", "5", 5),
        ("用地", "5", 5),
        ("land (公顷)", "5", 75),
        ("用地(亩)", "5", 5),
        ("用地【平方公里】", "0.1", 150),
        ("land(公顷)", "5 亩", 5),
        ("land", '"1,234"', 1234),
        ("land", " 5 ", 5),
        ("land", "1e2", 100),
    ],
)
def test_units_in_headings(heading: str, cell: str, expected: float, tmp_path: Path) -> None:
    candidates = small(tmp_path, "  - {table: t.csv}\n", t=f"id,{heading}\na,{cell}\n").candidates
    assert amount(candidates, "a", "land") == expected


def test_headings_for_zones_and_products(tmp_path: Path) -> None:
    table = "id,land,land@north,用地@south (公顷),makes.steam (kt),zones\na,5,6,,2,北港、south\nb,7,,1,,\n"
    candidates = small(tmp_path, "  - {table: t.csv}\n", t=table).candidates
    assert candidates.amount("land").tolist() == [6, 5, 7, 15]
    assert candidates.makes["steam"].tolist() == [2000, 0]


def test_columns_by_another_name_or_left_out(tmp_path: Path) -> None:
    entry = "  - {table: t.csv, columns: {编号: id, 面积: land, 序号: ~}}\n"
    candidates = small(tmp_path, entry, t="序号,编号,面积（公顷）\n1,a,2\n").candidates
    assert amount(candidates, "a", "land") == 30


def test_blank_lines_and_trailing_commas_are_nothing(tmp_path: Path) -> None:
    table = "\nid,land,,\n\na,5,,\n,,,\nb,6,,\n"
    assert small(tmp_path, "  - {table: t.csv}\n", t=table).candidates.ids.tolist() == ["a", "b"]


def test_blanks_are_zero_with_one_warning_or_absent(tmp_path: Path) -> None:
    reading = small(tmp_path, "  - {table: t.csv}\n", t="id,land,min_share,cluster,units\na,5,,,\nb,,,x,\nc,,1,,\n")
    (warning,) = told(reading)
    assert (warning.code, warning.what.args["blanks"], str(warning.place)) == ("blank-zero", 2, "t.csv:1:2")
    assert reading.candidates.attributes["cluster"].tolist() == [None, "x", None]
    assert reading.candidates.table["min_share"].tolist() == [0, 0, 1]


def test_blanks_may_be_refused(tmp_path: Path) -> None:
    text = SMALL.replace("title: 用地", "title: 用地, blank: error") + "  - {table: t.csv}\n"
    with pytest.raises(InputError) as error:
        read(write(tmp_path, text, t="id,land\na,5\nb,\n"))
    assert [(one.code, str(one.place)) for one in error.value.findings] == [("blank-error", "t.csv:3:2")]


def test_a_workbook(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["id", "用地(公顷)", "cluster", "min_share", "committed", "zones"],
        [101, 2, 3, 0.4, False, "北港;south"],
        ["b", "30 亩", "x", "", True, "south"],
    ]
    entry = "  - {table: t.xlsx, sheet: Sheet2}\n"
    candidates = small(tmp_path, entry, t__xlsx=workbook([["nothing"]], rows)).candidates
    assert candidates.ids.tolist() == ["101", "b"]
    assert candidates.amounts["land"].tolist() == [30, 30]
    assert candidates.attributes["cluster"].tolist() == ["3", "x"]
    assert candidates.table["min_share"].tolist() == [0.4, 0]
    assert candidates.table["committed"].tolist() == [False, True]


def test_several_sources_make_one_list(tmp_path: Path) -> None:
    entry = "  - {id: m, land: 1}\n  - {table: t.csv}\n  - {id: a, land: 2}\n  - {table: u.csv}\n"
    candidates = small(tmp_path, entry, t="id,land\nz,3\n", u="id,用地(公顷)\nb,4\n").candidates
    assert candidates.ids.tolist() == ["a", "b", "m", "z"]
    assert candidates.amounts["land"].tolist() == [2, 60, 1, 3]


# --- the rest of the format


def test_totals_are_netted_of_what_they_include(tmp_path: Path) -> None:
    text = """\
name: shore
measures:
  all:  {unit: m, includes: deep}
  deep: {unit: m, includes: deepest}
  deepest: {unit: m}
zones:
  a: {supply: {all: 100, deep: 60, deepest: 10}}
  b: {supply: {all: 50}}
criteria: {c: {of: all, weight: 1}}
defaults: {min_share: 0}
projects:
  - {id: p, all: 30, deep: 20, deepest: 5, at: {b: {deep: 25}}}
  - {id: q, all: 7, makes: {all: 9, deep: 4}}
"""
    reading = read(write(tmp_path, text))
    supply = {name: one.amount for name, one in reading.scenario.zones["a"].supply.items()}
    assert supply == {"all": 40, "deep": 50, "deepest": 10}
    assert reading.scenario.zones["b"].supply["all"].amount == 50
    candidates = reading.candidates
    assert candidates.amount("all").tolist() == [10, 5, 7, 7]
    assert candidates.amount("deep").tolist() == [15, 20, 0, 0]
    assert candidates.amount("deepest").tolist() == [5, 5, 0, 0]
    assert {name: made.tolist() for name, made in candidates.makes.items()} == {"all": [0, 5], "deep": [0, 4]}


@pytest.mark.parametrize(
    ("projects", "place"),
    [
        ("  - {id: p, all: 30, deep: 31}\n", "all: 30"),
        ("  - {id: p, all: 30, deep: 30, at: {a: {deep: 31}}}\n", "all: 30"),
        ("  - {id: p, all: 30, deep: 30, at: {a: {all: 29}}}\n", "all: 29"),
    ],
)
def test_a_total_below_its_part_is_an_error(projects: str, place: str, tmp_path: Path) -> None:
    text = (
        "name: x\nmeasures: {all: {unit: m, includes: deep}, deep: {unit: m}}\nzones: {a: {supply: {all: 99}}}\n"
        "criteria: {c: {of: all, weight: 1}}\ndefaults: {min_share: 0}\nprojects:\n" + projects
    )
    with pytest.raises(InputError) as error:
        read(write(tmp_path, text))
    (one,) = [one for one in error.value.findings if one.code == "includes-more"]
    line, column = one.place.line, one.place.column
    assert line is not None
    assert column is not None
    assert text.splitlines()[line - 1][column - 1 :].startswith(place.split(": ")[1]) or place in projects


def test_without_zones_there_is_one_place(tmp_path: Path) -> None:
    text = SMALL.replace("zones: {north: {title: 北港}, south: {}}\n", "") + "  - {id: a, land: 5}\n  - {id: b}\n"
    reading = read(write(tmp_path, text))
    assert reading.scenario.places == ("",)
    assert reading.candidates.project.tolist() == [0, 1]


def test_defaults_for_projects_that_say_nothing(tmp_path: Path) -> None:
    text = SMALL.replace("{min_share: 0}", "{min_share: 60%, zones: [south]}")
    entry = "  - {id: a}\n  - {id: b, min_share: 0, zones: [north]}\n  - {id: c, units: 2}\n"
    candidates = read(write(tmp_path, text + entry)).candidates
    assert candidates.table["min_share"].tolist() == [0.6, 0, 0]
    assert candidates.zone.tolist() == [1, 0, 1]


def test_anchors_and_merges(tmp_path: Path) -> None:
    entry = "  - &a {id: a, land: 5, cluster: x}\n  - {<<: *a, id: b, land: 6}\n"
    candidates = small(tmp_path, entry).candidates
    assert candidates.amounts["land"].tolist() == [5, 6]
    assert candidates.attributes["cluster"].tolist() == ["x", "x"]


def test_a_zone_that_says_nothing(tmp_path: Path) -> None:
    text = SMALL.replace("zones: {north: {title: 北港}, south: {}}", "zones:\n  north:\n  south:")
    assert read(write(tmp_path, text + "  - {id: a}\n")).scenario.places == ("north", "south")


def test_chinese_keys_and_units_everywhere(tmp_path: Path) -> None:
    text = """\
name: 临港
measures: {用地: {unit: 亩}, 产值: {unit: 亿元/年}, 泊位: {unit: 座}}
attributes: [集群]
zones: {北港: {supply: {用地: 3 公顷, 泊位: 5}, accepts: {集群: 港口}}}
criteria: {亩均产值: {of: 产值, per: 用地, weight: 1, standard: 250 万元/亩}}
defaults: {min_share: 0}
projects:
  - {id: 船厂, 集群: 港口, 用地: 20, 产值: 5000 万元, 泊位: 2 座}
"""
    reading = read(write(tmp_path, text))
    assert told(reading) == []
    assert reading.scenario.zones["北港"].supply["用地"].amount == 45
    assert reading.candidates.amounts["产值"].tolist() == [0.5]
    assert reading.scenario.criteria["亩均产值"].standard == 0.025


def test_ten_thousand_rows_are_read_by_column(tmp_path: Path) -> None:
    """No time is measured here: the same figures must come out of the fast way and of the one for mixed cells."""
    rows = [f"p{i:05},{i % 97 + 1},{i / 7!r}" for i in range(10_000)]
    table = "id,用地(公顷),output\n" + "\n".join(rows) + "\n"
    fast = small(tmp_path, "  - {table: t.csv}\n", t=table).candidates
    mixed = small(tmp_path, "  - {table: t.csv}\n", t=table.replace("p00003,4,", "p00003,60 亩,")).candidates
    np.testing.assert_array_equal(fast.amounts["land"], mixed.amounts["land"])
    assert fast.amounts["land"][10] == 15 * 11
    assert fast.amounts["output"][9_999] == 9_999 / 7


# --- scales


def test_one_project_that_is_half_of_everything_and_a_criterion_without_points_are_told(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "name: s\n"
        "measures: {land: {unit: mu}, output: {unit: 亿元}, jobs: {unit: person}}\n"
        "supply: {land: 10}\n"
        "criteria: {output: {of: output, weight: 1}, jobs: {of: jobs, weight: 1}}\n"
        "projects:\n"
        "  - {id: a, land: 5, output: 90}\n"
        "  - {id: b, land: 5, output: 1}\n"
        "  - {id: c, land: 5, output: 1}\n",
        encoding="utf-8",
    )
    doubts = [one for one in read(tmp_path / "s.yaml").findings if one.code == "scale"]
    assert [(one.place.path, one.place.line, one.what.args.get("project")) for one in doubts] == [
        ("criteria.output", 4, "a"),
        ("criteria.jobs", 4, None),
    ]
