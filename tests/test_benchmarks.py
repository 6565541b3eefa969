"""What the benchmarks make and write: scenarios that solve, programmes with one optimum, a table that is true."""

import json
from pathlib import Path

import numpy as np
import pytest
from generate import REAL, Shape, generate
from peers import Store
from peers_table import Record, page
from programmes import KINDS, programme

import landalloc
from landalloc.optimizer.core import Sizes, priced_answer, solve_large
from landalloc.optimizer.engine import Engine
from landalloc.optimizer.solve import Clock, Limits, Termination

SMALL = Sizes(sample=60, core=40, per_row=0)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_one_optimum_by_prices_and_by_the_solver(kind: str) -> None:
    program = programme(300, kind).relaxed()
    whole, large = Engine(Limits()).solve(program), solve_large(program, Limits(), SMALL)
    if kind == "infeasible":
        assert whole.termination is large.termination is Termination.INFEASIBLE
        return
    assert whole.values is not None
    assert large.values is not None
    assert program.cost @ large.values == pytest.approx(program.cost @ whole.values, rel=1e-9)


@pytest.mark.parametrize("kind", [k for k in KINDS if k not in ("infeasible", "rows")])
def test_prices_and_core_certify_every_kind(kind: str) -> None:
    assert priced_answer(programme(300, kind).relaxed(), Clock(Limits()), SMALL) is not None


def test_kinds_are_what_they_say() -> None:
    made = {kind: programme(300, kind) for kind in KINDS}
    shared = {kind: int((~program.own).sum()) for kind, program in made.items()}
    assert shared["plain"] == 28
    assert shared["rows"] == 278
    assert shared["degenerate"] == 28 + 2 * 20 + 4
    assert (np.ptp(made["equal"].cost.reshape(-1, 3), axis=1) == 0).all()
    assert len(np.unique(made["ties"].cost.round(9))) <= 4 * 3 * 4 * 3
    entries = np.abs(made["scales"].value[made["scales"].start[300] :])
    assert entries.max() / entries.min() > 1e15
    assert made["whole"].integer.all()
    with pytest.raises(KeyError):
        programme(10, "unknown")


@pytest.mark.parametrize("form", ["csv", "yaml"])
@pytest.mark.parametrize("whole", [0.0, 0.5])
def test_a_list_as_an_office_keeps_it_is_read_and_solved(tmp_path: Path, form: str, whole: float) -> None:
    scenario = landalloc.read(generate(tmp_path, 120, whole=whole, shape=REAL, form=form))
    plan = landalloc.allocate(scenario, gap=0.01, language="en")
    assert {"committed", "admitted"} <= set(plan.ranking["decision"])
    assert any("blank" in str(finding) for finding in scenario.findings) == (form == "csv")
    assert plan.rules["name"].str.startswith("link-").any()


def test_both_forms_of_a_list_are_the_same_scenario(tmp_path: Path) -> None:
    shape = Shape(fit=3, worth_by_zone=True, links=0.1, committed=0.05, chinese=True, standards=True)
    plans = [
        landalloc.allocate(landalloc.read(generate(tmp_path / form, 60, shape=shape, form=form)))
        for form in ("csv", "yaml")
    ]
    assert plans[0].ranking.equals(plans[1].ranking)


def test_zones_of_a_project_differ(tmp_path: Path) -> None:
    generate(tmp_path, 200, zones=12, shape=Shape(fit=3))
    lines = (tmp_path / "candidates.csv").read_text(encoding="utf-8").splitlines()[1:]
    counts = [line.split(",")[-2].count(";") + 1 for line in lines]
    assert (min(counts), max(counts)) == (1, 5)


def run(peer: str, projects: int = 50, *, kind: str = "plain", **result: object) -> Record:
    phases = {"build": 0.0, "hand over": 0.0, "solve": result.pop("seconds", 1.0), "read back": 0.0}
    held = {"phases": phases, "peak": 90.0, "before": 60.0, "status": "optimal", "note": "", "bound": None}
    return Record(kind, projects, peer, "simplex", held | {"objective": 8.0, "missed": 0.0} | result)


HEAD = {"versions": {"highspy": "1"}, "limit": 60.0, "runs": 3}


def test_the_table_says_who_was_stopped_who_is_loose_and_who_failed() -> None:
    records = [
        *(run("core", seconds=s) for s in (3.0, 0.5, 1.0)),
        run("simplex", seconds=20.0),
        run("ipm", seconds=2.0, objective=7.99),
        run("pdlp", objective=8.001, missed=1e-4),
        Record("plain", 50, "pulp", "default", {"over": 60.0}),
        Record("plain", 50, "pyomo", "simplex", {"error": "a | b"}),
        run("core", 500, seconds=2.0),
    ]
    lines = page(HEAD, records).splitlines()
    told = {title: [line for line in lines if title in line] for title in ("simplex", "PDLP", "PuLP, d", "Pyomo")}
    assert any("| 20 | 20 |" in line for line in told["simplex"])
    assert any("objective +1e-04; misses a row by 1e-04" in line for line in told["PDLP"])
    assert any("> 60" in line and "over 60 s |" in line for line in told["PuLP, d"])
    assert any("> 30" in line and "over 60 s at 50 |" in line for line in told["PuLP, d"])
    assert any("failed: a / b" in line for line in told["Pyomo"])
    assert "| plain | 50 | 1.0 s |  | 20 | > 60 |" in "\n".join(lines), "a wrong answer is not the best"
    assert page(HEAD, records[::-1]) == page(HEAD, records)


def test_whole_projects_are_told_by_their_gap_to_the_best_bound() -> None:
    records = [
        run("one", kind="whole", objective=8.0, bound=8.8, status="limit"),
        run("simplex", kind="whole", objective=7.5, bound=8.4, status="limit"),
        run("pulp", kind="whole", objective=8.3, missed=0.5, bound=0.0, status="limit"),
        run("scip", kind="whole", objective=None, missed=None, status="limit"),
    ]
    text = page(HEAD, records)
    assert "gap 5.0e-02; by its own bound 1.0e-01" in text
    assert "no plan; misses a row by 5e-01 |" in text
    assert "no plan |" in text


def test_results_are_kept_as_they_come(tmp_path: Path) -> None:
    path = tmp_path / "peers.jsonl"
    Store(path, HEAD).add(run("core"))
    assert [r.peer for r in Store(path, HEAD).of("plain", 50)] == ["core"]
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[0]) == HEAD
    assert Store(path, HEAD | {"limit": 5.0}).records == []


def test_runs_go_on_where_they_stopped(tmp_path: Path) -> None:
    store = Store(tmp_path / "peers.jsonl", HEAD)
    for record in (run("core"), run("one", seconds=50.0), Record("plain", 50, "pulp", "default", {"over": 60.0})):
        store.add(record)
    wants = {(peer, n): store.wants("plain", n, peer, 3, 10.0) for peer in ("core", "one", "pulp") for n in (50, 500)}
    assert [key for key, more in wants.items() if not more] == [("one", 50), ("pulp", 50), ("pulp", 500)]
    assert store.wants("equal", 500, "pulp", 3, 10.0)
    for _ in range(2):
        store.add(run("core"))
    assert not store.wants("plain", 50, "core", 3, 10.0)


def test_what_is_quoted_stands_in_the_table() -> None:
    root = Path(__file__).parent.parent
    table = (root / "benchmarks" / "peers.md").read_text(encoding="utf-8").splitlines()
    for document in (root / "README.md", root / "docs" / "large.md"):
        lines = document.read_text(encoding="utf-8").splitlines()
        quoted = [line for line in lines if line.startswith(tuple(f"| {kind} | " for kind in KINDS))]
        assert quoted
        assert set(quoted) <= set(table)
