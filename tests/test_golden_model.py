"""The rows of every rule kind, as text that can be read: tests/golden/model, each file checked against docs/model.md.

Write them anew after a change that is meant: LANDALLOC_GOLDEN=write pytest tests/test_golden_model.py, then read the
difference.
"""

import os
from pathlib import Path

import numpy as np
import pytest
from build import Raw, build

from landalloc.optimizer.formulate import formulate
from landalloc.optimizer.pipeline import prepare
from landalloc.optimizer.program import SYMBOL, Program, Sense

GOLDEN = Path(__file__).parent / "golden" / "model"


def number(value: float) -> str:
    return f"{value:.10g}"


def terms(values: np.ndarray, columns: np.ndarray, names: list[str]) -> str:
    """+ 3 x|yard|north − 1 g|shore|, columns in their order."""
    text = "".join(
        f" {'-' if value < 0 else '+'} {number(abs(value))} {names[column]}"
        for value, column in zip(values.tolist(), columns.tolist(), strict=True)
    )
    return text.strip() or "0"


def bounds(program: Program, column: int) -> str:
    low, high = number(program.lower[column]), number(program.upper[column])
    kind = " whole" if program.integer[column] else ""
    return f"  {low} <= {program.column_names[column]} <= {high}{kind}"


def text(program: Program) -> str:
    """The programme line by line: objective, rows (a project's own last), columns."""
    names = program.column_names
    held = np.flatnonzero(program.cost)
    lines = ["maximise", f"  {terms(program.cost[held], held, names)}", "subject to"]
    own: list[str] = []
    for i, name in enumerate(program.row_names):
        entries = slice(program.start[i], program.start[i + 1])
        row = terms(program.value[entries], program.index[entries], names)
        line = f"  {name}: {row} {SYMBOL[Sense(program.sense[i])]} {number(program.limit[i])}"
        (own if program.own[i] else lines).append(line)
    lines += ["projects' own", *own] if own else []
    return "\n".join([*lines, "columns", *(bounds(program, j) for j in range(len(names)))]) + "\n"


def project(name: str, **figures: object) -> Raw:
    return {"id": name, **figures}


PLACES: Raw = {"east": {"supply": {"land": 8.0}}, "north": {"supply": {"land": 5.0}}}
MILL = project("mill", cluster="port", land=4.0, output=6.0, min_share=1.0)
INN = project("inn", cluster="town", land=2.0, output=3.0)
QUAY = project("quay", cluster="port", land=3.0, output=5.0, units=3, min_units=2)
PARK = project("park", cluster="town", land=6.0, output=2.0, min_share=0.4)


def scenario(*rules: Raw, **more: object) -> Raw:
    """Four projects of every kind on one supply of land; output counts, a unit of it one point."""
    return {
        "measures": ["land", "output"],
        "attributes": ["cluster"],
        "supply": {"land": 10.0},
        "projects": [MILL, INN, QUAY, PARK],
        "criteria": {"output": {"of": "output", "weight": 1.0, "reference": 100.0}},
        "rules": [{"name": "rule", **rule} for rule in rules],
        **more,
    }


TOTAL = {"of": "output", "at_least": 5.0, "at_most": 9.0, "existing": 1.0}
RATIO = {"of": "output", "per": "land", "at_least": 2.0, "existing": {"of": 3.0, "per": 1.0}}
TOWN, PORT = {"cluster": "town"}, {"cluster": "port"}

MODELS: dict[str, Raw] = {
    "supplies": scenario(zones=PLACES),
    "implied-zero": scenario(zones={**PLACES, "west": {}, "old": {"within": "north"}}),
    "accepts": scenario(zones={"east": PLACES["east"], "north": {**PLACES["north"], "accepts": {"cluster": ["port"]}}}),
    "at": scenario(
        zones=PLACES, projects=[{**INN, "at": {"north": {"land": 1.0, "output": 4.0}}}, {**QUAY, "zones": ["north"]}]
    ),
    "within": scenario(
        zones={"north": PLACES["north"], "old": {"within": "north", "supply": {"land": 3.0}}}, supply={}
    ),
    "grades": scenario(
        measures={"deep": {}, "shore": {"also_served_by": "deep"}, "land": {}, "output": {}},
        supply={"shore": 4.0, "deep": 6.0},
        zones={"east": {"supply": {"deep": 2.0}}, "north": {"supply": {"shore": 3.0}}},
        projects=[project("deep-quay", deep=2.0, output=5.0), project("quay", shore=3.0, output=4.0)],
    ),
    "makes": scenario(projects=[MILL, INN, project("dredge", output=-1.0, makes={"land": 3.0})], supply={"land": 4.0}),
    "makes-by-zone": scenario(
        measures={"steam": {"balance": "zone", "must_use": 0.95}, "land": {}, "output": {}},
        zones={**PLACES, "old": {"within": "north"}},
        projects=[project("plant", output=2.0, makes={"steam": 30.0}), project("mill", output=6.0, steam=10.0)],
    ),
    "must-use": scenario(
        measures={"steam": {"must_use": 0.5}, "land": {}, "output": {}},
        projects=[project("plant", output=2.0, makes={"steam": 30.0}), project("mill", output=6.0, steam=10.0)],
    ),
    "committed": scenario(projects=[{**MILL, "committed": True}, INN]),
    "committed-with-a-choice": scenario(projects=[{**MILL, "committed": True}, INN], zones=PLACES),
    "min-share": scenario(projects=[PARK], zones=PLACES),
    "units": scenario(projects=[QUAY, project("berth", units=1, land=2.0, output=1.0)], zones=PLACES),
    "criteria": scenario(
        criteria={
            "intensity": {"of": "output", "per": "land", "weight": 3.0, "standard": 0.5},
            "saving": {"of": "land", "per": "output", "better": "lower", "weight": 1.0, "standard": 1.0},
        }
    ),
    "standard": scenario({"standard": {"of": "output", "per": "land", "at_least": 1.0}, "where": TOWN}),
    "standard-trim": scenario(
        {"standard": {"of": "output", "per": "land", "at_least": 2.0, "otherwise": "trim"}, "where": TOWN}
    ),
    "standard-discuss": scenario({"standard": {"of": "output", "at_least": 4.0, "otherwise": "discuss"}}),
    "veto": scenario({"veto": True, "where": TOWN}),
    "total": scenario({"total": TOTAL, "where": PORT}),
    "total-exactly": scenario({"total": {"of": "output", "exactly": 5.0}}),
    "total-soft": scenario({"total": TOTAL, "where": PORT, "soft": 0.5}),
    "total-exactly-soft": scenario(
        {"total": {"of": "output", "exactly": 5.0}, "soft": {"points": 5.0, "per": 100.0}},
    ),
    "total-each-zone": scenario(
        {"total": {"of": "output", "at_least": 2.0}, "each": "zone"},
        zones={**PLACES, "old": {"within": "north"}},
        projects=[INN],
    ),
    "total-each-value": scenario(
        {"total": {"of": "land", "at_most": 6.0, "existing": {"port": 2.0}}, "each": "cluster"},
    ),
    "ratio": scenario({"ratio": RATIO, "of_where": PORT}),
    "ratio-soft": scenario({"ratio": RATIO, "of_where": PORT, "per_where": TOWN, "soft": 2.0}),
    "ratio-each-zone": scenario(
        {"ratio": {"of": "land", "per": "output", "at_most": 0.5}, "of_where": TOWN, "per_where": PORT, "each": "zone"},
        zones=PLACES,
        projects=[INN, MILL],
    ),
    "count": scenario({"count": {"at_least": 2.0, "existing": 1.0}, "where": {"not": {"id": "inn"}}}, zones=PLACES),
    "count-soft": scenario(
        {"count": {"exactly": 2.0}, "where": {"output": {"at_least": 5.0}}, "soft": {"points": 3.0, "per": 1.0}}
    ),
    "requires": scenario({"requires": {"project": "inn", "needs": ["quay", "mill"]}}),
    "requires-soft": scenario({"requires": {"project": "mill", "needs": ["park"]}, "soft": 4.0}),
    "exclusive": scenario({"exclusive": ["quay", "mill"]}),
    "exclusive-soft": scenario({"exclusive": ["quay", "mill", "park"], "soft": 4.0}),
    "together": scenario({"together": ["quay", "mill", "inn"]}),
    "together-soft": scenario({"together": ["quay", "mill"], "soft": 4.0}),
    "synergy": scenario(
        {"synergy": {"projects": ["mill", "inn"], "adds": {"output": 2.0}}},
        zones=PLACES,
        projects=[MILL, {**INN, "zones": ["north"]}],
    ),
    "synergy-anywhere": scenario(
        {"synergy": {"projects": ["mill", "inn"], "adds": {"output": 2.0}, "same_zone": False}},
        zones=PLACES,
        projects=[MILL, INN],
    ),
    "mix": scenario({"mix": {"of": "cluster", "at_most": 1}, "each": "zone"}, zones=PLACES),
    "mix-soft": scenario({"mix": {"of": "cluster", "at_most": 1}, "where": {"not": {"id": "park"}}, "soft": 4.0}),
    "even-use": scenario({"even_use": {"of": "land", "within": 0.05}}, zones=PLACES),
    "even-use-soft": scenario(
        {"even_use": {"of": "land", "within": 0.05}, "soft": 2.0},
        zones={**PLACES, "west": {"supply": {"land": 50.0}}},
    ),
    "tiers": scenario(tiers=[PORT, {"id": ["inn"]}]),
}

HELD = {"tiers": [7.0, 2.0]}
"""What the earlier stages reached."""


def model(name: str) -> str:
    found, candidates = build(MODELS[name])
    admission, scores = prepare(found, candidates, None)
    return text(formulate(found, admission.candidates, scores, HELD.get(name, [])))


@pytest.mark.parametrize("name", MODELS)
def test_the_rows_are_those_that_were_read_and_found_right(name: str) -> None:
    path = GOLDEN / f"{name}.txt"
    written = model(name)
    if os.environ.get("LANDALLOC_GOLDEN") == "write":
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")


def test_every_file_has_its_model() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(MODELS)
