"""Questions about large linear scenarios: by prices and core the answers are the solver's, within time and memory."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from build import build
from test_core import mixed
from test_resolve import CORE, small_cores

from landalloc.models.explanation import Answers
from landalloc.optimizer.inquiry import explanation, known
from landalloc.optimizer.inquiry.ask import inquire
from landalloc.optimizer.inquiry.explanation import Question, explain
from landalloc.optimizer.inquiry.known import Known, remembered
from landalloc.optimizer.inquiry.least import with_columns
from landalloc.optimizer.pipeline import solve_scenario
from landalloc.optimizer.read import read
from landalloc.optimizer.solve import Limits, Method, SolverError
from landalloc.optimizer.tuning.atlas import atlas
from landalloc.optimizer.tuning.opened import open_space
from landalloc.optimizer.tuning.stability import stability
from landalloc.optimizer.tuning.sweep import at_random, sweep

WHOLE = Limits(method=Method.WHOLE)


def scenario(folder: Path, n: int = 120) -> Path:
    """n divisible projects in two zones, more than there is room for, with a rule of either direction."""
    random = np.random.default_rng(n)
    figures = {m: random.lognormal(1.0, 0.8, n).round(3) for m in ("land", "energy", "output", "jobs")}
    rows = [",".join(["id", "kind", *figures])]
    rows += [
        ",".join([f"p{i:03}", "port" if i % 3 == 0 else "town", *(f"{f[i]}" for f in figures.values())])
        for i in range(n)
    ]
    (folder / "list.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    total = {m: float(f.sum()) for m, f in figures.items()}
    ports = {"of": "land", "at_most": round(0.1 * total["land"], 3)}
    raw: dict[str, Any] = {
        "name": "many",
        "language": "en",
        "measures": {
            "land": {"unit": "mu"}, "energy": {"unit": "tce/year"}, "output": {"unit": "亿元/year"},
            "jobs": {"unit": "person"},
        },
        "attributes": ["kind"],
        "supply": {"energy": round(0.4 * total["energy"], 3)},
        "zones": {z: {"supply": {"land": round(part * total["land"], 3)}} for z, part in (("a", 0.2), ("b", 0.15))},
        "defaults": {"min_share": 0},
        "projects": [{"table": "list.csv"}],
        "criteria": {
            "output": {"of": "output", "weight": 4}, "jobs": {"of": "jobs", "weight": 2},
            "saving": {"of": "energy", "per": "output", "better": "lower", "weight": 1, "standard": "2 tce/亿元"},
        },
        "rules": [
            {"name": "port", "total": ports, "where": {"kind": "port"}},
            {"name": "work", "total": {"of": "jobs", "at_least": round(0.5 * total["jobs"], 3)}, "soft": 0.5},
        ],
    }  # fmt: skip
    path = folder / "many.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    return path


def same(one: Answers, other: Answers) -> None:
    """Two answers about a project: figures to well below the 0.1 % by which a change passes its threshold."""
    assert (one.id, one.decision, one.over_plans, one.proved) == (
        other.id,
        other.decision,
        other.over_plans,
        other.proved,
    )
    for mine, theirs in ((one.forced, other.forced), (one.withdrawn, other.withdrawn)):
        assert (mine is None) == (theirs is None)
        if mine is not None and theirs is not None:
            assert mine.loss == pytest.approx(theirs.loss, abs=1e-6)
            assert (mine.enters, mine.leaves) == (theirs.enters, theirs.leaves)
    assert [t.changes[0].path for t in one.takes] == [t.changes[0].path for t in other.takes]
    for taking, again in zip(one.takes, other.takes, strict=True):
        assert taking.changes[0].to == pytest.approx(again.changes[0].to, rel=5e-5)
        assert taking.objective == pytest.approx(again.objective, rel=1e-5)


def test_explain_by_prices_and_core_answers_as_the_solver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = scenario(tmp_path)
    reading = read(path)
    space = open_space(reading, WHOLE)
    shares = space.project_shares(space.now().plan)
    ids = reading.candidates.ids
    wanted = (str(ids[shares == 0][0]), str(ids[shares == 1][0]), str(ids[(shares > 0) & (shares < 1)][0]))
    whole = explain(Question(path, None, {}, WHOLE, "en", projects=wanted))
    assert any(answers.takes for answers in whole.projects)
    with small_cores() as handed:
        by_core = explain(Question(path, None, {}, CORE, "en", projects=wanted))
    for one, other in zip(by_core.projects, whole.projects, strict=True):
        same(one, other)
    assert by_core.unproved == whole.unproved
    assert len(handed) < 40, "never by prices and core"


def test_weights_by_prices_and_core_are_those_of_the_solver(tmp_path: Path) -> None:
    reading = read(scenario(tmp_path))
    weights = at_random(3, 8, 1)
    whole = open_space(reading, WHOLE)
    one, two, three = stability(whole), sweep(whole, weights), atlas(whole, 1.0)
    with small_cores():
        space = open_space(reading, CORE)
        same_ranges, same_rows, plans = stability(space), sweep(space, weights), atlas(space, 1.0)
    for mine, theirs in zip(same_ranges.ranges, one.ranges, strict=True):
        assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), abs=1e-6)
        assert mine.proved
    assert [p.best for p in same_ranges.payoff] == pytest.approx([p.best for p in one.payoff], rel=1e-6)
    assert np.allclose(same_rows.table["objective"], two.table["objective"], atol=1e-6)
    assert np.allclose(same_rows.shares, two.shares, atol=1e-6)
    assert plans.proved
    assert three.proved


def test_plans_are_remembered_as_far_as_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    solved, _ = solve_scenario(*build(mixed(1, 30)), Limits())
    n, m = len(solved.program.cost), len(solved.program.limit)
    assert remembered(1000, n + m) == 1000
    monkeypatch.setattr(known, "BYTES", 8 * (n + m) * 10)
    plans = Known(solved.program)
    for k in range(25):
        plans.add(np.full(n, float(k)))
    assert [values[0] for values, _ in plans.plans.values()] == list(range(15, 25))


def test_new_columns_stand_in_their_rows_in_any_order() -> None:
    solved, _ = solve_scenario(*build(mixed(1, 30)), Limits())
    program, n = solved.program, len(solved.program.cost)
    rows = np.array([len(program.limit) - 1, 0, 3, 3])
    wider = with_columns(program, np.full(4, np.inf), (rows, np.arange(4), np.arange(1.0, 5.0)))
    random = np.random.default_rng(0).random(n + 4)
    expected = program.activity(random[:n])
    np.add.at(expected, rows, np.arange(1.0, 5.0) * random[n:])
    assert wider.activity(random) == pytest.approx(expected)


def test_past_its_end_an_inquiry_is_not_asked() -> None:
    solved, _ = solve_scenario(*build(mixed(1, 30)), Limits())
    inquiry = inquire(solved, Limits())
    assert inquiry.until(None).forced(0).possible
    late = inquiry.until(0.0)
    assert late.late
    assert late.forced(0).possible, "what is known is told"
    with pytest.raises(SolverError):
        late.forced(1)


def test_a_large_scenario_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = scenario(tmp_path)
    monkeypatch.setattr(explanation, "LARGE", 10)
    monkeypatch.setattr(explanation, "PATIENCE", 0.0)
    found = explain(Question(path, None, {}, WHOLE, "en"))
    assert len(found.projects) == 120
    assert sum(name.startswith(("forced|", "withdrawn|")) for name in found.unproved) > 100
