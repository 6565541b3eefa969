"""The JSON Schema: current, and agreeing with the reader about what a scenario is."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML
from scenarios import HARBOUR

from landalloc.optimizer.read import schema

ROOT = Path(__file__).resolve().parent.parent
INPUTS = sorted((ROOT / "inputs").glob("*.yaml"))


def problems(text: str) -> list[str]:
    """What an editor would underline: path and message."""
    tree: Any = YAML(typ="safe", pure=True).load(text)
    validator = jsonschema.Draft202012Validator(schema())
    return [f"{'.'.join(map(str, one.absolute_path))}: {one.message}" for one in validator.iter_errors(tree)]


def test_it_is_a_schema_and_the_file_in_the_root_is_current() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    written = (ROOT / "scenario.schema.json").read_text(encoding="utf-8")
    assert json.loads(written) == schema(), "landalloc schema > scenario.schema.json"


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_every_example_keeps_it_and_names_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert problems(text) == []
    assert re.match(r"# yaml-language-server: \$schema=(\.\./)?scenario\.schema\.json\n", text)


def test_there_are_examples() -> None:
    assert INPUTS


def test_a_scenario_that_uses_every_part_keeps_it() -> None:
    assert problems(HARBOUR) == []


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("language: zh", "langauge: zh", ": Additional"),
        ("language: zh", "language: de", "language"),
        ("weight: 40%", "wieght: 40%", "criteria.jobs"),
        ("at_least: 20 万元/mu", "atleast: 20 万元/mu", "rules.0.standard"),
        ("veto: true, ", "", "rules.2"),
        ("within: 5%", "withing: 5%", "rules.11.even_use"),
        ("units: 5,", "units: 0,", "projects.3"),
        ("output: {at_most: 1}", "output: {at_mots: 1}", "rules.2.where"),
        ("{amount: 900000 tce/year", "{amuont: 900000 tce/year", "supply.energy"),
        ("within: south", "witihn: south", "zones.basin"),
        ("soft: {points: 1}", "soft: {point: 1}", "rules.11.soft"),
    ],
)
def test_an_editor_underlines_the_place(old: str, new: str, at: str) -> None:
    assert old in HARBOUR
    assert any(one.startswith(at) for one in problems(HARBOUR.replace(old, new, 1)))


def test_every_key_is_described() -> None:
    """Completion shows the description; a body of a rule is described by its own parts."""
    for noun, form in schema()["$defs"].items():
        for key, one in form.get("properties", {}).items():
            described = "description" in one or "$ref" in json.dumps(one) or one.get("const")
            assert described or key in ("name", "of", "per"), (noun, key)
