"""The seeds are figures with their place, and every scenario that claims one has the same figure."""

from __future__ import annotations

import ast
import csv
import operator
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
SEEDS, INPUTS = ROOT / "seeds", ROOT / "inputs"
INVENTED = {"harbour"}  # what `init` starts from; it claims no place and no essay
SCENARIOS = [path for path in sorted(INPUTS.glob("*.yaml")) if path.stem not in INVENTED]
WITHOUT_FIGURES = {"zhongshan"}  # its essay, the first, has none: every figure is assumed
ESSAYS = {1: (1, 7), 2: (8, 40), 3: (41, 62), 4: (63, 85), 5: (86, 110)}  # first and last line of each
RULES = {
    "standard",
    "veto",
    "total",
    "count",
    "ratio",
    "requires",
    "together",
    "exclusive",
    "synergy",
    "mix",
    "even_use",
}
CARRIERS = RULES | {"criterion", "tiers", "supply", "zone", "project", "none"}
FACT, COEFFICIENT = re.compile(r"\bF\d{3}\b"), re.compile(r"\bK\d{2}\b")
EXPRESSION = r"\(*(?:F\d{3}|\d+(?:\.\d+)?)\)*(?:\s*[-+*/]\s*\(*(?:F\d{3}|\d+(?:\.\d+)?)\)*)*"


def load(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


FACTS: dict[str, dict[str, Any]] = {fact["id"]: fact for fact in load(SEEDS / "facts.yaml")["facts"]}
MECHANISMS: list[dict[str, Any]] = load(SEEDS / "mechanisms.yaml")["mechanisms"]
COEFFICIENTS = {row["id"]: row for row in rows(SEEDS / "coefficients.csv")}

# --- a small arithmetic of its own, so that a fault in the product's units cannot hide one here

SAME = {"mu": "亩", "person": "人", "t": "吨", "m": "米", "tce": "吨标准煤", "DWT": "载重吨"}
SCALE = {"亿": 1e8, "万": 1e4}
COUNTED = {"家", "座", "个"}  # firms, chateaux, berths, parks: a count in a rule or in units has no unit


def in_base(value: float, unit: str) -> tuple[float, str]:
    """A figure in the unit without 亿, 万, % and /year: (22.3, "亿元") -> (2.23e9, "元")."""
    unit = re.sub(r"/(年|year)$", "", unit.strip())
    if unit == "%":
        return value / 100, ""
    factor = SCALE.get(unit[:1], 1.0)
    unit = unit[1:] if unit[:1] in SCALE else unit
    unit = SAME.get(unit, unit)
    return value * factor, "" if unit in COUNTED else unit


def parse(amount: object) -> tuple[float, str]:
    """A figure as a scenario writes it: 648, "648 MW", "22.22%"."""
    match = re.fullmatch(r"\s*([-+\d.eE]+)\s*(.*?)\s*", str(amount))
    assert match, f"not a figure: {amount!r}"
    return in_base(float(match[1]), match[2])


OPERATORS: dict[type[ast.operator], Any] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


def evaluate(expression: str) -> list[tuple[float, str]]:
    """Fact ids, numbers, + - * / and brackets -> what they may mean: one value, or both ends of a range."""

    def walk(node: ast.expr, end: str) -> tuple[float, str]:
        if isinstance(node, ast.BinOp):
            (a, unit), (b, other) = walk(node.left, end), walk(node.right, end)
            if isinstance(node.op, ast.Add | ast.Sub):
                assert unit == other, f"{expression}: {unit} and {other} do not add"
            if isinstance(node.op, ast.Div) and other:
                unit = "" if other == unit else f"{unit}/{other}"
            return OPERATORS[type(node.op)](a, b), unit
        if isinstance(node, ast.Constant):
            return float(str(node.value)), ""
        assert isinstance(node, ast.Name), expression
        fact = FACTS[node.id]
        return in_base(float(fact.get(end, fact["value"])), fact["unit"])

    tree = ast.parse(expression, mode="eval").body
    return [walk(tree, "value"), walk(tree, "to")]


def claims_of_rule(rule: dict[str, Any]) -> Iterator[tuple[str, object, str]]:
    """(what, figure, expression) of 目标 (limit), 现状 (existing), 门槛 (comparison) in a rule's source."""
    source = str(rule.get("source", ""))
    body: dict[str, Any] = next((rule[k] for k in ("total", "count", "ratio", "standard") if k in rule), {})
    claim = rf"(目标|现状|门槛)\s*({EXPRESSION})(?:\s*比\s*({EXPRESSION}))?"
    for word, expression, below in re.findall(claim, source):
        label = f"{rule['name']} {word}"
        if word == "目标":
            limits = [body[k] for k in ("at_least", "at_most", "exactly") if k in body]
            assert limits, f"{label}: no limit to claim"
            yield from ((label, limit, expression) for limit in limits)
        elif word == "现状":
            existing = body["existing"]
            yield label, existing["of"] if below else existing, expression
            if below:
                yield f"{label} 比", existing["per"], below
        else:
            bounds = [v for test in rule["where"].values() if isinstance(test, dict) for v in test.values()]
            assert bounds, f"{label}: no comparison to claim"
            yield from ((label, bound, expression) for bound in bounds)


def claims_of_amounts(node: Any, path: str = "") -> Iterator[tuple[str, object, str]]:
    """(path, figure, expression) of every mapping {amount, source: F…} below a node."""
    if isinstance(node, dict):
        match = re.match(EXPRESSION, str(node.get("source", "")))
        if "amount" in node and match and FACT.search(match[0]):
            yield path, node["amount"], match[0]
        for key, value in node.items():
            yield from claims_of_amounts(value, f"{path}.{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from claims_of_amounts(value, f"{path}[{number}]")


def tables(scenario: dict[str, Any], folder: Path) -> Iterator[tuple[dict[str, str], list[dict[str, str]]]]:
    """(heading: key, rows) of every table of candidates."""
    for entry in scenario["projects"]:
        if "table" in entry and str(entry["table"]).endswith(".csv"):
            yield {str(k): str(v) for k, v in entry.get("columns", {}).items()}, rows(folder / entry["table"])


def stem(heading: str) -> str:
    return re.sub(r"[(（].*[)）]$", "", heading).strip()


def unit_of(heading: str) -> str:
    match = re.search(r"[(（](.*)[)）]$", heading)
    return match[1] if match else ""


def claims_of_tables(scenario: dict[str, Any], folder: Path) -> Iterator[tuple[str, object, str]]:
    """(id and heading, figure, expression) of every `heading F…` in a row's source."""
    for columns, table in tables(scenario, folder):
        named = {key: heading for heading, key in columns.items()}
        headings = {stem(heading): heading for heading in table[0]}
        for row in table:
            for title, expression in re.findall(rf"([^\s；，、;,]+) ({EXPRESSION})", row[named["source"]]):
                if FACT.search(expression):
                    heading = headings[title]
                    figure = f"{row[heading]} {unit_of(heading)}"
                    yield f"{row[named['id']]} {title}", figure, expression


def claims(path: Path) -> list[tuple[str, object, str]]:
    scenario = load(path)
    found = list(claims_of_amounts(scenario)) + list(claims_of_tables(scenario, path.parent))
    for rule in scenario.get("rules", []):
        found += claims_of_rule(rule)
    return found


# --- the seeds themselves


def test_facts_are_figures_with_their_place() -> None:
    listed = load(SEEDS / "facts.yaml")["facts"]
    assert len(FACTS) == len(listed), "an id stands twice"
    for fact in listed:
        assert re.fullmatch(r"F\d{3}", fact["id"])
        first, last = ESSAYS[fact["essay"]]
        assert first <= fact["line"] <= last, fact["id"]
        assert fact["kind"] in {"actual", "plan", "target"}, fact["id"]
        assert ("value" in fact and "unit" in fact) != ("date" in fact), fact["id"]
        if "number" in fact:
            assert fact["number"] * fact["each"] == fact["value"], fact["id"]
    assert {fact["essay"] for fact in listed} == {2, 3, 4, 5}, "the first essay has no figures"


def test_seeds_keep_no_text_of_the_essays() -> None:
    for fact in FACTS.values():
        assert "quote" not in fact
        for key in ("place", "cluster", "subject", "what", "note"):
            assert re.fullmatch("[^。！？]{0,32}", fact.get(key, "")), (fact["id"], key)
    for mechanism in MECHANISMS:
        assert re.fullmatch("[^。；！？]{4,20}", mechanism["does"]), mechanism["id"]


def test_mechanisms_name_existing_facts_and_lines() -> None:
    assert len({m["id"] for m in MECHANISMS}) == len(MECHANISMS)
    assert {m["essay"] for m in MECHANISMS} == set(ESSAYS)
    for mechanism in MECHANISMS:
        first, last = ESSAYS[mechanism["essay"]]
        assert first <= min(mechanism["line"]) <= max(mechanism["line"]) <= last, mechanism["id"]
        essays = {FACTS[f]["essay"] for f in mechanism.get("facts", [])}
        assert essays <= {mechanism["essay"]}, mechanism["id"]
        assert mechanism["carries"] in CARRIERS, mechanism["id"]
        assert mechanism["how"], mechanism["id"]


@pytest.mark.parametrize("name", ["industry_standards.csv", "industry_ratios.csv", "coefficients.csv"])
def test_public_figures_are_numbers_with_a_source(name: str) -> None:
    assert (SEEDS / name).read_bytes().startswith(b"\xef\xbb\xbf"), "without the mark Excel garbles Chinese"
    listed = rows(SEEDS / name)
    assert len(listed) > 20
    for row in listed:
        assert row["source"], row
        assert row["confidence"] in {"H", "M", "L"}, row
        figures = [v for k, v in row.items() if ("(" in k or k in {"value", "far_min"}) and v]
        assert min(float(v) for v in figures) >= 0, row
    if "id" in listed[0]:
        assert len({row["id"] for row in listed}) == len(listed)


# --- the scenarios against the seeds


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_every_figure_that_claims_the_essays_is_the_essays(path: Path) -> None:
    found = claims(path)
    assert bool(found) != (path.stem in WITHOUT_FIGURES), "a scenario of an essay claims the figures it has"
    for what, figure, expression in found:
        value, unit = parse(figure)
        meant = evaluate(expression)
        assert any(value == pytest.approx(v, rel=1e-3) for v, _ in meant), (what, figure, expression, meant)
        assert unit in {"", meant[0][1]}, (what, figure, expression, meant)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_every_id_named_in_a_scenario_exists(path: Path) -> None:
    scenario = load(path)
    text = path.read_text(encoding="utf-8")
    text += " ".join(cell for _, table in tables(scenario, path.parent) for r in table for cell in r.values())
    assert set(FACT.findall(text)) <= set(FACTS)
    assert set(COEFFICIENT.findall(text)) <= set(COEFFICIENTS)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_no_supply_without_source_or_reason(path: Path) -> None:
    scenario = load(path)
    supplies = [(f"{key}.{measure}", amount) for key, zone in scenario.get("zones", {}).items()
                for measure, amount in zone.get("supply", {}).items()]  # fmt: skip
    supplies += [(measure, amount) for measure, amount in scenario.get("supply", {}).items()]
    for where, amount in supplies:
        assert isinstance(amount, dict), f"{where}: a bare figure"
        assert amount.get("source"), f"{where}: neither fact nor reason"
        assert amount.get("assumed") or FACT.search(amount["source"]), f"{where}: neither fact nor assumed"


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_no_amount_of_a_candidate_without_source_or_mark(path: Path) -> None:
    scenario = load(path)
    titles = {spec.get("title", name): name for name, spec in scenario["measures"].items()}
    checked = 0
    for columns, table in tables(scenario, path.parent):
        named = {key: heading for heading, key in columns.items()}
        for row in table:
            assumed = set(re.split("[;；、]", row[named["assumed"]]))
            for heading, cell in row.items():
                measure = titles.get(stem(heading))
                if measure and cell and float(cell) and not assumed & {measure, stem(heading)}:
                    checked += 1
                    proof = row[named["source"]]
                    assert FACT.search(proof) or COEFFICIENT.search(proof), (row[named["id"]], heading)
    assert bool(checked) != (path.stem in WITHOUT_FIGURES), "a scenario of an essay has figures that are not assumed"
