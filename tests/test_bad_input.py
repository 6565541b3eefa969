# ruff: noqa: E501 -- a case or an entry of the file to a line reads best
"""Wrong scenarios: each gives its finding, where it stands, and what to do; nothing but InputError is ever raised."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from scenarios import CANDIDATES, HARBOUR, STANDARDS, write

from landalloc.models.finding import Finding, InputError, Severity
from landalloc.optimizer.read import read


def findings(path: Path, **options: object) -> list[Finding]:
    """Everything found, whether or not it stops the reading."""
    try:
        reading = read(path, **options)  # type: ignore[arg-type]
        return [one for one in reading.findings if one.code != "scale"]  # of a few candidates one is always half
    except InputError as error:
        return error.findings


def told(finding: Finding) -> str:
    """The whole finding as text; every template must find its arguments."""
    return f"{finding.what}\n{finding.why}\n{finding.remedy}"


@dataclass(frozen=True)
class Wrong:
    """A scenario with one thing wrong: `old` is replaced by `new`; the finding stands in a line with `line`."""

    code: str
    old: str
    new: str
    line: str
    remedy: str
    warning: bool = False
    also: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        return f"{self.code}: {self.new[:50] or self.old[:50]}".replace("\n", " ")


def workbook(rows: list[list[object]], sheets: int = 1, merge: bool = False) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for number in range(sheets):
            sheet = book.add_worksheet(f"s{number}")
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
            if merge:
                sheet.merge_range(1, 0, 2, 0, "m")
    return buffer.getvalue()


def formula_without_value() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "land"])
        sheet.write(1, 0, "a")
        sheet.write_formula(1, 1, "=1+1", None, "")
    return buffer.getvalue()


def zip_of(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def far_cell() -> bytes:
    """A workbook whose only figure stands in the last cell of the sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "land"])
        sheet.write(1_048_575, 16_383, 1)
    return buffer.getvalue()


TABLE = "  - {table: candidates.csv, columns: {集群: cluster}}\n"
XLSX = "  - {table: book.xlsx}\n"
YARD = "    land: 600 mu\n"
RULES = "rules:\n"
AREA = "  - {name: land-standard, "
BOMB = "x: &a [1,2,3,4,5,6,7,8,9]\n" + "".join(
    f"x{n}: &{chr(97 + n)} [{','.join(['*' + chr(96 + n)] * 9)}]\n" for n in range(1, 9)
)

WRONG = [
    # YAML
    Wrong("yaml", "name: harbour\n", "name: [harbour\n", "", "bracket"),
    Wrong("yaml", "title: 临港", "title: a: 临港", "title: a", "colon"),
    Wrong("yaml", "language: zh", "\tlanguage: zh", "language", "tab"),
    Wrong("duplicate-key", "language: zh", "language: zh\nlanguage: en", "language: en", "take one"),
    Wrong("duplicate-key", "land: 420, ", "land: 420, land: 40, ", "id: chp", "take one"),
    Wrong("yaml-tag", "language: zh", "language: !!python/name:os.system x", "language", "tag"),
    Wrong("yaml-anchor", "language: zh", "language: *nowhere", "language", "&nowhere"),
    Wrong("yaml-aliases", "language: zh", BOMB, "x", "write the values out"),
    Wrong("yaml-depth", "language: zh", "x: " + "[" * 60 + "]" * 60, "x: ", "closed"),
    Wrong("yaml-depth", "language: zh", "x: " + "[" * 5_000_000, "x: ", "closed"),
    Wrong("yaml-documents", "language: zh", "language: zh\n---\nname: b", "---", "file of its own"),
    Wrong("yaml-key", "language: zh", "? [a]\n: 1", "[a]", "quote"),
    Wrong("yaml-merge", "language: zh", "<<: 5", "<<", "mapping"),
    # form
    Wrong("unknown-key", "language: zh", "langauge: zh", "langauge", "did you mean language?"),
    Wrong("unknown-key", "title: 用地}", "titel: 用地}", "titel", "did you mean title?"),
    Wrong("unknown-key", "weight: 40%", "wieght: 40%", "wieght", "did you mean weight?"),
    Wrong("unknown-key", "at_least: 20 万元/mu", "atleast: 20 万元/mu", "land-standard", "did you mean at_least?"),
    Wrong("unknown-key", "source: 能耗控制目标", "sorce: 能耗", "sorce", "did you mean source?"),
    Wrong("unknown-key", "accepts: {cluster: [port, energy]}", "acepts: {}", "acepts", "did you mean accepts?"),
    Wrong("unknown-key", "soft: {points: 1}", "soft: {point: 1}", "fair", "did you mean points?"),
    Wrong(
        "unknown-key", "existing: {of: 40, per: 130}", "existing: {of: 40, par: 130}", "services", "did you mean per?"
    ),
    Wrong(
        "unknown-key", "table: standards.csv", "tables: x, table: standards.csv", "by-industry", "did you mean table?"
    ),
    Wrong("unknown-key", "{table: candidates.csv, ", "{table: candidates.csv, colums: {}, ", "colums", "columns?"),
    Wrong("unknown-project-key", YARD, "    lnad: 600 mu\n", "lnad", "did you mean land?"),
    Wrong("unknown-project-key", YARD, "    用地: 600 mu\n", "用地: 600", "did you mean land?"),
    Wrong("unknown-project-key", YARD, "    owner: x\n", "owner", "attributes"),
    Wrong("missing-key", "{of: jobs, weight: 40%}", "{of: jobs}", "jobs:", "add weight"),
    Wrong("missing-key", "name: harbour\n", "", "", "add name"),
    Wrong(
        "missing-key",
        "requires: {project: mill, needs: [yard]}",
        "requires: {project: mill}",
        "port-first",
        "add needs",
    ),
    Wrong("missing-key", "energy: {amount: 5.2 万吨标煤, assumed", "energy: {assumed", "energy", "add amount"),
    Wrong("rule-kind", "veto: true, ", "", "veto-list", "exactly one of"),
    Wrong("rule-kind", "veto: true, ", "veto: true, exclusive: [yard, chp], ", "veto-list", "exactly one of"),
    Wrong("not-one-of", "language: zh", "language: de", "language", "zh"),
    Wrong("not-one-of", "better: lower", "better: lowest", "lowest", "higher"),
    Wrong("not-a-mapping", "makes: {steam: 30}", "makes: [steam]", "makes", "key: value"),
    Wrong("not-a-mapping", "{of: jobs, weight: 40%}", "40%", "jobs:", "key: value"),
    Wrong("not-a-list", "exclusive: [yard, chp]", "exclusive: {yard: chp}", "one-site", "[a, b]"),
    Wrong("not-text", "title: 船厂扩建", "title: {a: b}", "title: {a", "text"),
    Wrong("too-few", "exclusive: [yard, chp]", "exclusive: [yard]", "one-site", "add"),
    Wrong("empty", "name: land-standard", 'name: ""', "standard:", "text"),
    Wrong("not-yes-no", "committed: true", "committed: maybe", "committed", "true or false"),
    Wrong("out-of-range", "weight: 40%", "weight: -4", "weight: -4", "≥ 0"),
    Wrong("out-of-range", "reference: 500 亿元", "reference: 0", "reference", "> 0"),
    Wrong("out-of-range", "must_use: 95%", "must_use: 95", "must_use", "≤ 1"),
    # figures
    Wrong("not-a-number", YARD, "    land: about 600\n", "about", "600 亩"),
    Wrong("not-a-number", YARD, "    land: 9**9**9\n", "9**9**9", "write a number"),
    Wrong("not-a-number", YARD, "    land: __import__('os')\n", "__import__", "write a number"),
    Wrong("not-a-number", YARD, "    land: true\n", "land: true", "write a number"),
    Wrong("not-a-number", YARD, "    land: [600]\n", "land:", "write a number"),
    Wrong("not-a-number", YARD, f"    land: {'9' * 3000}\n", "999", "write a number"),
    Wrong("not-finite", YARD, "    land: .nan\n", ".nan", "figure itself"),
    Wrong("not-finite", YARD, "    land: inf\n", "inf", "figure itself"),
    Wrong("not-finite", YARD, "    land: 1e999999\n", "1e999999", "figure itself"),
    Wrong("not-finite", "land: 5200 mu", "land: -.inf", "-.inf", "figure itself"),
    Wrong("too-large", YARD, "    land: 1e308\n", "1e308", "its unit"),
    Wrong("too-large", "land: 5200 mu", "land: 1e308 mu", "1e308", "its unit"),
    Wrong("wrong-unit", YARD, "    land: 600 m\n", "600 m", "mu"),
    Wrong("wrong-unit", YARD, "    land: 95%\n", "95%", "mu"),
    Wrong("wrong-unit", "energy: 12000\n", "energy: 12000 吨\n", "12000 吨", "tce/year"),
    Wrong("wrong-unit", "standard: 150 万元/mu", "standard: 150 万元", "investment_intensity", "亿元/mu"),
    Wrong("wrong-unit", "land: 1500}", "land: 1500 m}", "basin", "mu"),
    Wrong("wrong-unit", "existing: 1200 万元/year", "existing: 1200 mu", "output, total", "亿元/year"),
    Wrong("wrong-unit", "output: {at_most: 1}", "output: {at_most: 1 mu}", "veto-list", "亿元/year"),
    Wrong("wrong-unit", "adds: {output: 2 亿元}", "adds: {output: 2 人}", "chain", "亿元/year"),
    Wrong("wrong-unit", "within: 5%", "within: 5 mu", "fair", "plain number"),
    Wrong("not-a-unit", "unit: mu,", "unit: '??',", "??", "亿元/year"),
    Wrong("share-range", "min_share: 100%", "min_share: 40", "min_share: 40", "40%"),
    Wrong("units-range", "units: 5,", "units: 2.5,", "roro", "whole number"),
    Wrong("units-range", "units: 5,", "units: 0,", "roro", "whole number"),
    Wrong("supply-negative", "land: 5200 mu", "land: -5200 mu", "-5200", "0 or more"),
    # names
    Wrong("unknown-measure", "land: 5200 mu, ", "lnad: 5200 mu, ", "lnad", "did you mean land?"),
    Wrong("unknown-measure", "{of: jobs, weight", "{of: job, weight", "of: job,", "did you mean jobs?"),
    Wrong("unknown-measure", "makes: {steam: 30}", "makes: {stream: 30}", "makes", "did you mean steam?"),
    Wrong("unknown-measure", "at: {north: {shoreline: 850 m}}", "at: {north: {shore: 850 m}}", "shore:", "shoreline?"),
    Wrong(
        "unknown-measure", "also_served_by: deep_shoreline", "also_served_by: deep", "also_served_by", "deep_shoreline"
    ),
    Wrong("unknown-measure", "even_use: {of: land", "even_use: {of: lands", "fair", "did you mean land?"),
    Wrong(
        "unknown-attribute",
        "where: {cluster: port}}",
        "where: {clutser: port}}",
        "land-standard",
        "did you mean cluster?",
    ),
    Wrong("unknown-attribute", "mix: {of: cluster", "mix: {of: custer", "trades", "did you mean cluster?"),
    Wrong("unknown-attribute", "key: industry", "key: indutry", "by-industry", "did you mean industry?"),
    Wrong("unknown-attribute", "accepts: {cluster: ", "accepts: {clusters: ", "accepts", "did you mean cluster?"),
    Wrong("unknown-attribute", "  - {cluster: port}\n", "  - {clster: port}\n", "clster", "did you mean cluster?"),
    Wrong("unknown-zone", "zones: [north]\n", "zones: [nroth]\n", "nroth", "did you mean north?"),
    Wrong("unknown-zone", "at: {north: {", "at: {nroth: {", "nroth", "did you mean north?"),
    Wrong("unknown-zone", "not: {zone: south}", "not: {zone: suoth}", "big-firms", "did you mean south?"),
    Wrong("unknown-zone", "within: south", "within: suoth", "basin", "did you mean south?"),
    Wrong("unknown-zone", "defaults: {min_share: 0}", "defaults: {min_share: 0, zones: [x]}", "defaults", "zones: "),
    Wrong("unknown-project", "needs: [yard]", "needs: [yrad]", "port-first", "did you mean yard?"),
    Wrong("unknown-project", "together: [mill, shop]", "together: [mil, shop]", "together", "did you mean mill?"),
    Wrong("unknown-project", "id: bridge}}", "id: brigde}}", "veto-list", "did you mean bridge?"),
    Wrong("unknown-assumed", "assumed: [energy]", "assumed: [enrgy]", "enrgy", "did you mean energy?"),
    Wrong(
        "unknown-value", "where: {cluster: port}}", "where: {cluster: prot}}", "land-standard", "port?", warning=True
    ),
    Wrong("reserved-name", "jobs:           {unit", "zones:           {unit", "zones:  ", "something else"),
    Wrong("reserved-name", "attributes: [cluster", "attributes: [not, cluster", "attributes", "something else"),
    Wrong("name-twice", "attributes: [cluster", "attributes: [land, cluster", "attributes", "another name"),
    Wrong("name-sign", "name: fair", "name: fa|ir", "fa|ir", "without |"),
    Wrong("name-sign", "  basin:", "  ba@sin:", "ba@sin", "without @"),
    Wrong("folder-name", "name: harbour", "name: ../../etc", "etc", "letters"),
    Wrong("folder-name", "  dry-year:", "  dry/year:", "dry/year", "letters"),
    Wrong("duplicate-rule", "name: fair", "name: trades", "trades", "another name"),
    Wrong("duplicate-project", "id: chp", "id: yard", "id: yard", "another id"),
    Wrong("project-id", "{id: mill, ", "{", "cluster: light", "id or a title"),
    Wrong("where-measure", "where: {cluster: port}}", "where: {land: 5}}", "land-standard", "at_least"),
    Wrong("where-bounds", "output: {at_most: 1}", "output: {}", "veto-list", "at_most"),
    # what contradicts itself
    Wrong("cycle", "north:\n    title", "north:\n    within: north\n    title", "within", "take one"),
    Wrong("cycle", "south:\n", "south:\n    within: basin\n", "with", "take one"),
    Wrong("cycle", "title: 深水岸线}", "title: 深水岸线, also_served_by: shoreline}", "also_served_by", "take one"),
    Wrong(
        "cycle",
        RULES,
        RULES + "  - {name: back, requires: {project: yard, needs: [roro]}}\n"
        "  - {name: on, requires: {project: roro, needs: [yard]}}\n",
        "back",
        "take one",
    ),
    Wrong("grade-unit", "deep_shoreline: {unit: m,", "deep_shoreline: {unit: km,", "shoreline", "same unit"),
    Wrong(
        "limits-crossed",
        "at_least: 20, existing",
        "at_least: 20, at_most: 19, existing",
        "output, total",
        "one of the two",
    ),
    Wrong("limits-crossed", "output: {at_most: 1}", "output: {at_most: 1, at_least: 2}", "veto-list", "one of the two"),
    Wrong(
        "limits-both", "at_least: 20, existing", "at_least: 20, exactly: 30, existing", "output, total", "keep exactly"
    ),
    Wrong("no-limit", "count: {at_least: 1}", "count: {}", "big-firms", "add at_least"),
    Wrong("no-limit", "at_least: 20 万元/mu, otherwise", "otherwise", "land-standard", "add at_least"),
    Wrong("soft-zero", "at_least: 20, existing: 1200 万元/year", "at_least: 0", "output, total", "points"),
    Wrong("existing-each", "existing: 1200 万元/year", "existing: {north: 5}", "output, total", "add each"),
    Wrong("full-marks", "full_marks: 500 万元/mu", "full_marks: 100 万元/mu", "full_marks", "better side"),
    Wrong("full-marks", "full_marks: 0.05 tce/万元", "full_marks: 5 tce/万元", "full_marks", "better side"),
    Wrong(
        "standard-missing",
        "standard: 0.4 tce/万元, full_marks: 0.05 tce/万元",
        "title: x",
        "energy_saving",
        "add standard",
    ),
    Wrong("per-missing", "{of: jobs, weight: 40%", "{of: jobs, standard: 5, weight: 40%", "standard: 5", "add per"),
    Wrong("share-and-units", "units: 5,", "units: 5, min_share: 1,", "roro", "keep units"),
    Wrong("min-units", "min_units: 3", "min_units: 6", "roro", "mend"),
    Wrong("min-units-alone", "units: 5, ", "", "roro", "add units"),
    Wrong(
        "divisible",
        "count: {at_least: 1}, where: {output: {at_least: 10 亿元}, not: {zone: south}}",
        "count: {at_least: 1}",
        "big-firms",
        "min_share: 100%",
    ),
    Wrong("divisible", "exclusive: [yard, chp]", "exclusive: [yard, mill]", "one-site", "min_share: 100%"),
    Wrong("divisible", "project: mill, needs: [yard]", "project: yard, needs: [mill]", "port-first", "min_share: 100%"),
    Wrong("project-repeated", "exclusive: [yard, chp]", "exclusive: [yard, yard]", "one-site", "take one"),
    Wrong(
        "trim-per",
        "per: land, at_least: 20 万元/mu, otherwise: discuss",
        "at_least: 2, otherwise: trim",
        "land-standard",
        "per",
    ),
    Wrong(
        "trim-at-most",
        "at_least: 20 万元/mu, otherwise: discuss",
        "at_most: 9, otherwise: trim",
        "land-standard",
        "reject",
    ),
    Wrong("need-negative", YARD, "    land: -600 mu\n", "-600", "makes"),
    Wrong("need-negative", "shoreline: 850 m", "shoreline: -850 m", "-850", "makes"),
    Wrong("makes-negative", "makes: {steam: 30}", "makes: {steam: -30}", "makes", "amount of the measure"),
    Wrong(
        "zone-refuses",
        "jobs: 400, investment: 3}",
        "jobs: 400, investment: 3, zones: [north]}",
        "mill",
        "out of its list",
    ),
    Wrong("committed-nowhere", "id: bridge, cluster: energy", "id: bridge, cluster: light", "bridge", "committed"),
    Wrong("ratio-negative", "output: 5, jobs: 400", "output: -5, jobs: 400", "services", "where"),
    Wrong(
        "includes-more",
        "deep_shoreline: {unit: m,",
        "deep_shoreline: {unit: m, includes: shoreline,",
        "shoreline: 4100",
        "total",
    ),
    Wrong(
        "zones-missing",
        HARBOUR[HARBOUR.index("zones:\n") : HARBOUR.index("defaults:")],
        "",
        "each: zone",
        "declare zones",
    ),
    Wrong(
        "committed-exclusive",
        "exclusive: [yard, chp]",
        "exclusive: [bridge, chp]",
        "one-site",
        "all but one",
        also=(("id: chp, ", "id: chp, committed: true, "),),
    ),
    Wrong("no-projects", HARBOUR[HARBOUR.index("  - id: yard") : HARBOUR.index("criteria:")], "", "", "table"),
    # suspicious
    Wrong(
        "selects-nothing",
        "where: {cluster: port}}",
        "where: {cluster: port, sector: power}}",
        "land-standard",
        "spelt",
        warning=True,
    ),
    Wrong(
        "selects-nothing",
        "  - {cluster: port}\n",
        "  - {cluster: port, sector: power}\n",
        "sector: power}",
        "spelt",
        warning=True,
    ),
    Wrong("region-is-sum", "supply:\n  energy", "supply:\n  land: 9700\n  energy", "land: 9700", "out", warning=True),
    Wrong(
        "supply-unneeded",
        "jobs:           {unit: person, title: 就业}\nattributes: [cluster, sector, industry]\nsupply:\n",
        "jobs:           {unit: person}\n  water: {unit: m3}\nattributes: [cluster, sector, industry]\nsupply:\n  water: 5\n",
        "water: 5",
        "projects",
        warning=True,
    ),
    Wrong(
        "fits-nowhere",
        "  south:\n",
        "  south:\n    accepts: {cluster: port}\n",
        "mill",
        "accept",
        warning=True,
        also=(("  basin: {", "  basin: {accepts: {cluster: port}, "),),
    ),
    Wrong("too-big", YARD, "    land: 80000\n", "80000", "unit", warning=True),
    Wrong("even-use-alone", "even_use: {of: land", "even_use: {of: shoreline", "fair", "zones", warning=True),
    Wrong("may-be-cut", "defaults: {min_share: 0}\n", "", "", "min_share: 100%", warning=True),
    Wrong("at-unused", "at: {north: {", "at: {south: {", "south", "sit there", warning=True),
    Wrong(
        "never-both",
        "exclusive: [yard, chp]",
        "exclusive: [yard, chp]}\n  - {name: n, requires: {project: chp, needs: [yard]}",
        "name: n",
        "two rules",
        warning=True,
    ),
    Wrong(
        "synergy-apart",
        "synergy: {projects: [yard, roro]",
        "synergy: {projects: [yard, mill]",
        "chain",
        "same_zone",
        warning=True,
    ),
    Wrong("made-unneeded", "steam: 20, ", "", "steam", "who needs it", warning=True),
    Wrong("must-use-unmade", ", makes: {steam: 30}", "", "must_use", "makes", warning=True),
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.id)
def test_a_wrong_scenario_is_told_with_its_place_and_a_remedy(wrong: Wrong, tmp_path: Path) -> None:
    assert HARBOUR.count(wrong.old) >= 1, "the table no longer fits the scenario"
    text = HARBOUR
    for old, new in [(wrong.old, wrong.new), *wrong.also]:
        text = text.replace(old, new, 1)
    found = findings(write(tmp_path, text))
    mine = [one for one in found if one.code == wrong.code]
    assert mine, [str(one.what) for one in found]
    one = mine[0]
    assert one.severity is (Severity.WARNING if wrong.warning else Severity.ERROR)
    assert one.place.file == "harbour.yaml"
    assert wrong.remedy.lower() in told(one).lower()
    if wrong.line:
        assert one.place.line is not None
        assert wrong.line in text.splitlines()[one.place.line - 1]


# One thing wrong with a table: (code, files, the projects' entry, where the finding stands, remedy).
ENTRY = "  - {table: candidates.csv, columns: {集群: cluster}}\n"
BOOK = "  - {table: book.xlsx}\n"
TABLES: list[tuple[str, dict[str, str | bytes], str, str, str]] = [
    ("file-missing", {}, "  - {table: candidate.csv}\n", "harbour.yaml:", "did you mean candidates.csv?"),
    ("file-outside", {}, "  - {table: ../x.csv}\n", "harbour.yaml:", "beside the scenario"),
    ("file-outside", {}, "  - {table: /etc/passwd}\n", "harbour.yaml:", "beside the scenario"),
    ("file-outside", {}, "  - {table: link.csv}\n", "harbour.yaml:", "beside the scenario"),
    ("file-missing", {}, '  - {table: "a\\0b.csv"}\n', "harbour.yaml:", "put the file there"),
    ("file-missing", {}, "  - {table: .}\n", "harbour.yaml:", "put the file there"),
    ("table-ending", {"x__ods": "a"}, "  - {table: x.ods}\n", "harbour.yaml:", ".xlsx"),
    ("table-empty", {"candidates": ""}, ENTRY, "harbour.yaml:", "headings first"),
    ("table-empty", {"candidates": "id,land\n"}, ENTRY, "harbour.yaml:", "headings first"),
    ("table-text", {"candidates": b"id,land\n\xff\xff\xff,5\n"}, ENTRY, "harbour.yaml:", "UTF-8"),
    ("table-text", {"candidates": "id,land\na,5\n".encode("utf-16")}, ENTRY, "harbour.yaml:", "UTF-8"),
    ("table-workbook", {"candidates": workbook([["id"]])}, ENTRY, "harbour.yaml:", ".xlsx"),
    ("table-csv", {"candidates": 'id,land\na,"5\n'}, ENTRY, "candidates.csv:2", "quote"),
    ("table-ragged", {"candidates": "id,cluster,land\na,port,5\nb,6\n"}, "  - {table: candidates.csv}\n", "candidates.csv:3", "as many"),
    ("table-ragged", {"candidates": "id,land\na,5,port\n"}, "  - {table: candidates.csv}\n", "candidates.csv:2", "as many"),
    ("unknown-heading", {"candidates": "id,lnad\na,5\n"}, "  - {table: candidates.csv}\n", "candidates.csv:1:2", "land?"),
    ("unknown-column", {}, "  - {table: candidates.csv, columns: {集裙: cluster}}\n", "harbour.yaml:", "did you mean 集群?"),
    ("heading-twice", {"candidates": "id,land,用地(公顷)\na,5,6\n"}, "  - {table: candidates.csv}\n", "candidates.csv:1:3", "null"),
    ("no-id-column", {"candidates": "land\n5\n"}, "  - {table: candidates.csv}\n", "candidates.csv:1:1", "title"),
    ("project-id", {"candidates": "id,land\n,5\n"}, "  - {table: candidates.csv}\n", "candidates.csv:2", "title"),
    ("duplicate-project", {"candidates": "id,land\na,5\na,6\n"}, "  - {table: candidates.csv}\n", "candidates.csv:3:1", "another id"),
    ("not-a-number", {"candidates": "id,land\na,5\nb,x\n"}, "  - {table: candidates.csv}\n", "candidates.csv:3:2", "write a number"),
    ("not-finite", {"candidates": "id,land\na,nan\n"}, "  - {table: candidates.csv}\n", "candidates.csv:2:2", "figure itself"),
    ("not-finite", {"candidates": "id,land\na,-inf\n"}, "  - {table: candidates.csv}\n", "candidates.csv:2:2", "figure itself"),
    ("too-large", {"candidates": "id,land\na,1e300\n"}, "  - {table: candidates.csv}\n", "candidates.csv:2:2", "its unit"),
    ("wrong-unit", {"candidates": "id,land(米)\na,5\n"}, "  - {table: candidates.csv}\n", "candidates.csv:1:2", "mu"),
    ("wrong-unit", {"candidates": "id,land\na,5 m\n"}, "  - {table: candidates.csv}\n", "candidates.csv:2:2", "mu"),
    ("unknown-zone", {"candidates": "id,land@nroth\na,5\n"}, "  - {table: candidates.csv}\n", "candidates.csv:1:2", "north?"),
    ("unknown-zone", {"candidates": "id,zones\na,north;suoth\n"}, "  - {table: candidates.csv}\n", "candidates.csv:2:2", "south?"),
    ("not-yes-no", {"candidates": "id,committed\na,perhaps\n"}, "  - {table: candidates.csv}\n", "candidates.csv:2:2", "true or false"),
    ("blank-zero", {"candidates": "id,land\na,5\nb,\n"}, "  - {table: candidates.csv}\n", "candidates.csv:1:2", "blank: error"),
    ("unit-looks-wrong", {"candidates": "id,land\n" + "".join(f"p{i},{70 + i}\n" for i in range(20)) + "q,80000\n"},
     "  - {table: candidates.csv}\n", "candidates.csv:22:2", "80000"),
    ("table-broken", {"book__xlsx": b"PK\x03\x04 no archive"}, BOOK, "harbour.yaml:", "save it again"),
    ("table-broken", {"book__xlsx": b"id,land\na,5\n"}, BOOK, "harbour.yaml:", "save it again"),
    ("table-broken", {"book__xlsx": zip_of({"a.txt": b"x"})}, BOOK, "harbour.yaml:", "save it again"),
    ("table-broken", {"book__xlsx": zip_of({"xl/workbook.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "xl/_rels/workbook.xml.rels": b"<a/>"})},
     BOOK, "harbour.yaml:", "save it again"),
    ("table-locked", {"book__xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)}, BOOK, "harbour.yaml:", "password"),
    ("table-sheets", {"book__xlsx": workbook([["id"], ["a"]], sheets=2)}, BOOK, "harbour.yaml:", "s0, s1"),
    ("unknown-sheet", {"book__xlsx": workbook([["id"], ["a"]])}, "  - {table: book.xlsx, sheet: s1}\n", "harbour.yaml:", "sheets: s0"),
    ("table-merged", {"book__xlsx": workbook([["id", "land"], ["a", 5], ["b", 6]], merge=True)}, BOOK, "book.xlsx s0!A2", "unmerge"),
    ("table-stretched", {"book__xlsx": far_cell()}, BOOK, "harbour.yaml:", "delete"),
    ("formula-empty", {"book__xlsx": formula_without_value()}, BOOK, "book.xlsx Sheet1!B2", "compute"),
    ("not-a-number", {"book__xlsx": workbook([["id", "land"], ["a", 5], ["b", "x"]])}, BOOK, "book.xlsx s0!B3", "write a number"),
    ("table-empty", {"book__xlsx": workbook([])}, BOOK, "harbour.yaml:", "headings"),
    ("unknown-column", {"standards": STANDARDS.replace("投资强度", "强度")}, ENTRY, "harbour.yaml:", "强度"),
    ("wrong-unit", {"standards": STANDARDS.replace("万元/公顷", "万元/人")}, ENTRY, "standards.csv:1:3", "plain number"),
    ("not-a-number", {"standards": STANDARDS.replace("900", "abc")}, ENTRY, "standards.csv:3:3", "write a number"),
    ("code-twice", {"standards": STANDARDS + "3731,x,800\n"}, ENTRY, "standards.csv:5:3", "keep one"),
    ("code-range", {"standards": STANDARDS.replace("34-38", "38-34")}, ENTRY, "standards.csv:2:1", "34-38"),
    ("code-missing", {"standards": STANDARDS + ",x,800\n"}, ENTRY, "standards.csv:5:1", "first column"),
    ("file-missing", {}, ENTRY + "rules:\n  - {name: s, standard: {of: land, at_most: {table: no.csv, key: industry, column: x}}}\n",
     "harbour.yaml:", "put the file there"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "files", "entry", "place", "remedy"), TABLES, ids=lambda one: str(one)[:40])
def test_a_wrong_table_is_told_with_its_place_and_a_remedy(
    code: str, files: dict[str, str | bytes], entry: str, place: str, remedy: str, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.csv").write_text("id,land\na,5\n", encoding="utf-8")
    (tmp_path / "in" / "link.csv").symlink_to(tmp_path / "secret.csv")
    text = HARBOUR.replace(ENTRY, entry)
    if "rules:" in entry:
        text = text[: text.index("rules:\n  - {name: land")] if text.index("rules:") > text.index("criteria:") else text
        text = HARBOUR[: HARBOUR.index("rules:\n")] + entry[entry.index("rules:") :]
    found = findings(write(tmp_path / "in", text, **files))
    mine = [one for one in found if one.code == code]
    assert mine, [f"{one.code}: {one.what}" for one in found]
    assert str(mine[0].place).startswith(place)
    assert remedy.lower() in told(mine[0]).lower()


@pytest.mark.parametrize(
    ("changes", "code", "remedy"),
    [
        ({"supply.enrgy": "5"}, "unknown-measure", "did you mean energy?"),
        ({"suply.energy": "5"}, "unknown-path", "did you mean supply?"),
        ({"criteria.job.weight": "5"}, "unknown-path", "did you mean jobs?"),
        ({"criteria.jobs.wieght": "5"}, "unknown-key", "did you mean weight?"),
        ({"criteria.jobs.weight": "-1"}, "out-of-range", "≥ 0"),
        ({"projects.yrad.land": "5"}, "unknown-path", "did you mean yard?"),
        ({"projects.yard.lnad": "5"}, "unknown-path", "did you mean land?"),
        ({"projects.yard.land": "5 m"}, "wrong-unit", "mu"),
        ({"projects.shop.land": "x"}, "not-a-number", "write a number"),
        ({"projects.yard": "off"}, "path-project", "projects.ID.KEY"),
        ({"projects.yard.makes": "{steam: 5}"}, "unknown-path", "known here"),
        ({"projects.yard.land": "{amount: 5}"}, "path-value", "name the key"),
        ({"rules.shps.at_least": "5"}, "unknown-path", "known here"),
        ({"rules.fair": "on"}, "rule-off", "rules.fair=off"),
        ({"rules.output.at_leest": "5"}, "unknown-key", "did you mean at_least?"),
        ({"cases.dry-year": "5"}, "unknown-path", "known here"),
        ({"supply..energy": "5"}, "path", "supply.energy"),
        ({'projects."yard.land': "5"}, "path", "supply.energy"),
        ({"supply.energy": "nan"}, "not-finite", "figure itself"),
        ({"supply.energy": "[1, 2"}, "yaml", "bracket"),
        ({"tiers.7.cluster": "x"}, "unknown-path", "known here"),
        ({"zones.nroth.supply.land": "5"}, "unknown-path", "did you mean north?"),
    ],
)
def test_a_wrong_change_is_told(changes: dict[str, str], code: str, remedy: str, tmp_path: Path) -> None:
    found = findings(write(tmp_path), changes=changes)
    mine = [one for one in found if one.code == code]
    assert mine, [f"{one.code}: {one.what}" for one in found]
    assert str(mine[0].place).startswith("--set ")
    assert remedy in told(mine[0])


def test_a_wrong_value_in_a_case_stands_in_the_case(tmp_path: Path) -> None:
    path = write(tmp_path, HARBOUR.replace("supply.energy: 80 万吨标煤", "supply.energy: 80 万亩"))
    assert [one.code for one in findings(path)] == []
    (one,) = findings(path, case="dry-year")
    assert one.code == "wrong-unit"
    assert one.place.line is not None
    assert "dry-year" in HARBOUR.splitlines()[one.place.line - 1]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("supply.energy: 80", "suply.energy: 80", "unknown-path"),
        ("projects.shop.land: 70", "projects.shpo.land: 70", "unknown-path"),
        ("projects.shop.land: 70", "projects.shop.lnad: 70", "unknown-path"),
        ("projects.shop.land: 70 mu", "projects.shop.land: {a: 1}", "path-value"),
        ("criteria.jobs.weight", "criteria.job.weight", "unknown-path"),
        ("supply.energy: 80", "supply..energy: 80", "path"),
    ],
)
def test_paths_of_cases_are_looked_at_though_no_case_is_asked_for(
    old: str, new: str, code: str, tmp_path: Path
) -> None:
    (one,) = findings(write(tmp_path, HARBOUR.replace(old, new)))
    assert one.code == code
    assert one.place.line is not None
    assert "dry-year" in HARBOUR.splitlines()[one.place.line - 1]


def test_a_file_too_large_is_not_even_opened(tmp_path: Path) -> None:
    path = write(tmp_path)
    with path.open("ab") as file:
        file.truncate(50_000_000)
    (one,) = findings(path)
    assert (one.code, "table" in told(one)) == ("file-large", True)


def test_a_folder_or_a_loop_of_links_is_no_scenario(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "b.yaml")
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    for path in (tmp_path, tmp_path / "a.yaml", tmp_path / "none" / "x.yaml"):
        assert [one.code for one in findings(path)] == ["file-missing"]


def test_what_is_wrong_with_a_case_is_told_beside_what_is_wrong_without(tmp_path: Path) -> None:
    text = HARBOUR.replace("supply.energy: 80 万吨标煤", "supply.energy: 80 万亩").replace(
        "zones: [north]\n", "zones: [nroth]\n"
    )
    codes = sorted(one.code for one in findings(write(tmp_path, text), case="dry-year", changes={"supply.land": "x"}))
    assert codes == ["not-a-number", "unknown-zone", "wrong-unit"]


def test_a_link_to_a_scenario_is_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link.yaml").symlink_to(write(tmp_path / "there"))
    assert findings(tmp_path / "link.yaml") == []


def test_an_unknown_case(tmp_path: Path) -> None:
    (one,) = findings(write(tmp_path), case="dry-yaer")
    assert (one.code, "did you mean dry-year?" in told(one)) == ("unknown-case", True)


def test_everything_is_found_at_once(tmp_path: Path) -> None:
    """Misspelt keys, wrong figures, unknown names and a bad cell in one file: all told, none twice."""
    text = HARBOUR
    for old, new in [
        ("language: zh", "langauge: zh"),
        (YARD, "    land: 600 m\n"),
        ("weight: 40%", "wieght: 40%"),
        ("needs: [yard]", "needs: [yrad]"),
        ("count: {at_least: 1}", "count: {at_leest: 1}"),
        ("within: south", "within: suoth"),
    ]:
        text = text.replace(old, new)
    found = findings(write(tmp_path, text, candidates=CANDIDATES.replace(",50,", ",fifty,")))
    errors = sorted(one.code for one in found if one.severity is Severity.ERROR)
    assert errors == sorted(
        [
            "unknown-key", "wrong-unit", "unknown-key", "missing-key", "unknown-project", "unknown-key", "unknown-zone",
            "not-a-number",
        ]
    )  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"5", b"- a", b"name: x", b"~", b"\xef\xbb\xbf", b"a: \x00"])
def test_no_scenario_at_all(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    assert findings(path)


def test_a_missing_scenario(tmp_path: Path) -> None:
    (tmp_path / "harbour.yaml").touch()
    (one,) = findings(tmp_path / "harbor.yaml")
    assert (one.code, str(one.remedy)) == (
        "file-missing",
        "did you mean harbour.yaml? Else: put the file there, or mend its name",
    )


SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SLOW
@given(st.binary(max_size=300))
@example(b"a: &a [*a]\n")
@example(b"{[: ")
def test_random_bytes_never_show_a_traceback(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    assert all(told(one) for one in findings(path))


@SLOW
@given(st.data())
def test_mutated_scenarios_never_show_a_traceback(tmp_path: Path, data: st.DataObject) -> None:
    """Lines dropped, doubled, moved, and pieces overwritten: read, or refused with findings."""
    lines = HARBOUR.splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 4))):
        i = data.draw(st.integers(0, len(lines) - 1))
        line = lines[i]
        a, b = sorted(data.draw(st.tuples(st.integers(0, len(line)), st.integers(0, len(line)))))
        piece = data.draw(
            st.sampled_from(
                ["", "{", "}", "[", ": ", "- ", "~", "5", "-1", "nan", "x", "[]", "{}", "a.b", "*", "!!", "'"]
            )
        )
        lines[i] = data.draw(
            st.sampled_from(
                ["", line * 2, line[:a] + piece + line[b:], lines[data.draw(st.integers(0, len(lines) - 1))]]
            )
        )
    assert all(told(one) for one in findings(write(tmp_path, "".join(lines))))


ODD = [
    None, {}, [], "", 0, -1, 5, 1e308, "nan", "x", "5 mu", "5%", "95", "true", True, [1], ["yard"], {"a": 1}, {"amount": 5},
    {"amount": "x"}, [[]], [None], {"at_least": 1}, {"of": "land"}, "north", "land", "cluster", "~", "|", "a.b", "zone", -5,
    {"table": "candidates.csv"}, {"table": "standards.csv", "key": "industry", "column": "行业"}, "500%", "5 nan/day",
]  # fmt: skip
KEYS = [
    "zzz",
    "land",
    "of",
    "per",
    "soft",
    "each",
    "where",
    "title",
    "at_most",
    "exactly",
    "limits",
    "veto",
    "amount",
    "units",
    "not",
]


def paths(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(deeper for key, one in inner for deeper in paths(one, (*path, key)))]


def at(tree: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        tree = tree[key]
    return tree


@SLOW
@given(st.randoms(use_true_random=False), st.sampled_from([None, "dry-year"]))
def test_scenarios_with_odd_values_in_odd_places_never_show_a_traceback(
    tmp_path: Path, random: Random, case: str | None
) -> None:
    """Valid YAML in which entries are dropped, replaced, added or put where others belong."""
    tree = YAML(typ="safe", pure=True).load(HARBOUR)
    for _ in range(random.choice([1, 1, 2, 3, 6])):
        path = random.choice(paths(tree)[1:])
        holder, what = at(tree, path[:-1]), random.choice(["drop", "replace", "replace", "add", "copy"])
        if what == "drop":
            del holder[path[-1]]
        elif what == "add" and isinstance(holder, dict):
            holder[random.choice(KEYS)] = random.choice(ODD)
        else:
            new = at(tree, random.choice(paths(tree))) if what == "copy" else random.choice(ODD)
            holder[path[-1]] = json.loads(json.dumps(new))
    assert all(told(one) for one in findings(write(tmp_path, json.dumps(tree, ensure_ascii=False)), case=case))


@SLOW
@given(st.binary(max_size=200), st.integers(0, 200), st.sampled_from(["csv", "xlsx"]))
def test_random_tables_never_show_a_traceback(tmp_path: Path, content: bytes, at: int, ending: str) -> None:
    whole = CANDIDATES.encode() if ending == "csv" else workbook([["id", "land"], ["a", 5]])
    at = at * len(whole) // 200
    table = f"table__{ending}"
    text = HARBOUR.replace("candidates.csv", f"table.{ending}")
    assert all(
        told(one)
        for one in findings(write(tmp_path, text, **{table: whole[:at] + content + whole[at + len(content) :]}))
    )
