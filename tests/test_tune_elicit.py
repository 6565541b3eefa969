"""`landalloc tune elicit`: published weights found again, contradictions named, and only weights change in the file."""

from __future__ import annotations

import itertools
import json
import math
import shutil
import statistics
from pathlib import Path

import ahpy
import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrepo_mcda import weighting_methods as pyrepo
from typer.testing import CliRunner

import landalloc
from landalloc.models.elicitation import Elicitation
from landalloc.optimizer.cli import app
from landalloc.optimizer.read import read
from landalloc.optimizer.reading.weights import CannotWrite, rewritten
from landalloc.optimizer.report import file as report_file
from landalloc.optimizer.report.folder import FolderError
from landalloc.optimizer.tuning import elicit_best_worst as best_worst
from landalloc.optimizer.tuning import elicit_data as data
from landalloc.optimizer.tuning import elicit_marks as marks
from landalloc.optimizer.tuning import elicit_pairs as pairs
from landalloc.optimizer.tuning.elicit import from_pairs, of_100

INPUTS = Path(__file__).resolve().parent.parent / "inputs"

DRINKS = [
    [1, 9, 5, 2, 1, 1, 1 / 2],
    [1 / 9, 1, 1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9],
    [1 / 5, 3, 1, 1 / 3, 1 / 4, 1 / 3, 1 / 9],
    [1 / 2, 9, 3, 1, 1 / 2, 1, 1 / 3],
    [1, 9, 4, 2, 1, 2, 1 / 2],
    [1, 9, 3, 1, 1 / 2, 1, 1 / 3],
    [2, 9, 9, 3, 2, 3, 1],
]
"""Which drink is consumed more in the USA: Saaty (2008), Int. J. Services Sciences 1(1), table 2."""

SMALL = """\
name: small
language: en
measures:
  land: {unit: mu}
  jobs: {unit: person}
  tax: {unit: 亿元}
supply: {land: 10}
criteria:
  # what counts
  jobs: {of: jobs, weight: 1, title: 就业}
  tax:
    of: tax      # 亿元
    weight: 2    # per head: 2
  lean: {of: land, better: lower, weight: 1}
projects:
  - {id: a, land: 8, jobs: 5, tax: 1}
  - {id: b, land: 6, jobs: 5, tax: 4}
  - {id: c, land: 3, jobs: 5, tax: 2}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(INPUTS / "harbour.yaml", tmp_path)
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def elicit(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["tune", "elicit", "small.yaml", "--lang", "en", *arguments])
    return result.exit_code, result.output


def found(name: str = "small") -> Elicitation:
    """The elicit.json that was written."""
    return Elicitation.model_validate_json(Path("results", name, "elicit.json").read_bytes())


def weights_of(result: Elicitation) -> dict[str, float]:
    return {one.criterion: one.elicited for one in result.weights}


# --- pairwise comparisons


def power_iteration(matrix: np.ndarray) -> tuple[np.ndarray, float]:
    """The principal eigenvector and value by another way than the product's."""
    w = np.ones(len(matrix)) / len(matrix)
    for _ in range(2000):
        w = matrix @ w
        w /= w.sum()
    return w, float((matrix @ w / w).mean())


def test_saaty_s_drinks() -> None:
    ratios = np.array(DRINKS)
    assert pairs.weights(ratios).round(3).tolist() == [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327]
    w, largest = power_iteration(ratios)
    assert pairs.weights(ratios) == pytest.approx(w, abs=1e-9)
    assert pairs.ratio(ratios) == pytest.approx((largest - 7) / 6 / 1.32, abs=1e-9)
    assert pairs.ratio(ratios) == pytest.approx(0.022, abs=0.002)  # as published


@given(st.lists(st.floats(0.05, 1), min_size=1, max_size=8), st.data())
@settings(max_examples=60, deadline=None)
def test_consistent_comparisons_give_their_weights_however_few(weights: list[float], draw: st.DataObject) -> None:
    true = np.array(weights) / sum(weights)
    n = len(true)
    tree = [(draw.draw(st.integers(0, i - 1)), i) for i in range(1, n)]
    more = [p for p in itertools.combinations(range(n), 2) if p not in tree and draw.draw(st.booleans())]
    ratios = pairs.matrix(n, [(i, j, true[i] / true[j]) for i, j in tree + more])
    assert pairs.parts(ratios) == [list(range(n))]
    assert pairs.weights(ratios) == pytest.approx(true, rel=1e-6)
    assert pairs.ratio(ratios) == pytest.approx(0, abs=1e-9)
    assert pairs.suspect(ratios) is None


@given(st.integers(3, 6), st.data())
@settings(max_examples=40, deadline=None)
def test_missing_comparisons_by_logarithmic_least_squares(n: int, draw: st.DataObject) -> None:
    scale = st.sampled_from([1 / 9, 1 / 5, 1 / 3, 1 / 2, 1.0, 2.0, 4.0, 7.0])
    every = list(itertools.combinations(range(n), 2))
    made = [(i, j, draw.draw(scale)) for i, j in every if j == i + 1 or (j < n - 1 and draw.draw(st.booleans()))]
    ratios = pairs.matrix(n, made)
    assert pairs.missing(ratios) == len(every) - len(made) > 0
    w = pairs.weights(ratios)
    rows, wanted = np.zeros((len(made), n)), np.log([value for _, _, value in made])
    for k, (i, j, _) in enumerate(made):
        rows[k, i], rows[k, j] = 1, -1
    logs = np.linalg.lstsq(rows, wanted)[0]
    assert w == pytest.approx(np.exp(logs) / np.exp(logs).sum(), rel=1e-6)
    assert w[n - 2] / w[n - 1] == pytest.approx(made[-1][2])  # compared only once: nothing contradicts that
    _, largest = power_iteration(np.where(np.isnan(ratios), w[:, None] / w[None, :], ratios))
    assert pairs.index(ratios) == pytest.approx((largest - n) / (n - 1), abs=1e-7)


@pytest.mark.parametrize("seed", range(6))
def test_no_other_change_of_one_judgement_mends_more(seed: int) -> None:
    generator = np.random.default_rng(seed)
    n = 4 + seed % 2
    every = list(itertools.combinations(range(n), 2))
    given_ = [(i, j, float(generator.choice([1 / 7, 1 / 3, 1, 2, 5, 8]))) for i, j in every if (i, j) != (0, 3)]
    ratios = pairs.matrix(n, given_)
    suspect = pairs.suspect(ratios)
    assert suspect is not None

    def changed(i: int, j: int, value: float) -> float:
        return pairs.ratio(pairs.matrix(n, [(a, b, value if (a, b) == (i, j) else v) for a, b, v in given_]))

    assert changed(suspect.i, suspect.j, suspect.value) == pytest.approx(suspect.ratio, abs=1e-6)
    grid = np.exp(np.linspace(-math.log(9), math.log(9), 61))
    least = min(changed(i, j, value) for i, j, _ in given_ for value in grid)
    assert suspect.ratio <= least + 1e-6


def test_a_planted_slip_is_the_judgement_to_revisit() -> None:
    true = np.array([0.4, 0.3, 0.2, 0.1])
    names = ["a", "b", "c", "d"]
    judged = [(i, j, true[i] / true[j]) for i, j in itertools.combinations(range(4), 2)]
    judged[3] = (1, 2, 1 / 6)  # meant: 1.5
    derived = from_pairs(names, {"": judged})
    assert derived.consistency is not None
    assert not derived.consistency.acceptable
    assert derived.revisit is not None
    assert (derived.revisit.first, derived.revisit.second) == ("c", "b")
    assert derived.revisit.given == pytest.approx(6)
    assert derived.revisit.consistent == pytest.approx(1 / 1.5, rel=1e-4)
    assert derived.revisit.ratio == pytest.approx(0, abs=1e-6)


def test_several_judges_by_geometric_mean(folder: Path) -> None:
    Path("judges.csv").write_text(
        "judge,a,b,times\nLi,jobs,tax,2\nWang,jobs,tax,8\nLi,tax,lean,3\nWang,lean,tax,1/3\n", encoding="utf-8"
    )
    assert elicit("--from", "judges.csv")[0] == 0
    exact = {one.criterion: one.exact for one in found().weights}
    assert exact["jobs"] / exact["tax"] == pytest.approx(4)
    assert exact["tax"] / exact["lean"] == pytest.approx(3)
    assert [(judge.name, judge.comparisons, judge.ratio) for judge in found().judges] == [("Li", 2, 0), ("Wang", 2, 0)]


@pytest.mark.parametrize("form", ["matrix.csv", "rows.csv", "m.xlsx", "map.yaml", "list.yaml", "judges.yaml"])
def test_every_form_of_a_file_says_the_same(folder: Path, form: str) -> None:
    texts = {
        "matrix.csv": "这些,tax,就业,lean\ntax,1,0.33,2\njobs,3,1,5\nlean,,1/5,\n",
        "rows.csv": "jobs;tax;3\njobs;lean;5\ntax;lean;2\n",
        "map.yaml": "jobs>tax: 3\n就业>lean: 5\nlean<tax: 2\n",
        "list.yaml": "- jobs>tax=3\n- jobs>lean=5\n- tax>lean=2\n",
        "judges.yaml": "one: {jobs>tax: 3, jobs>lean: 5, tax>lean: 2}\nother: [jobs>tax=3, jobs>lean=5, tax>lean=2]\n",
    }
    if form == "m.xlsx":
        book = openpyxl.Workbook()
        for row in ([None, "jobs", "tax", "lean"], ["jobs", 1, 3, 5], ["tax", None, 1, 2], ["lean", None, None, 1]):
            book.active.append(row)
        book.save(form)
    else:
        Path(form).write_text(texts[form], encoding="utf-8")
    assert elicit("--from", form)[0] == 0
    w, _ = power_iteration(np.array([[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]]))
    assert [one.exact for one in found().weights] == pytest.approx(100 * w, abs=0.3 if form == "matrix.csv" else 1e-8)


def test_two_files_of_one_name_are_two_judges(folder: Path) -> None:
    for judge, value in (("li", 2), ("wang", 8)):
        Path(judge).mkdir()
        Path(judge, "m.yaml").write_text(f"jobs>tax: {value}\njobs>lean: {value}\n", encoding="utf-8")
    assert elicit("--from", "li/m.yaml", "--from", "wang/m.yaml")[0] == 0
    assert [judge.name for judge in found().judges] == ["li/m.yaml", "wang/m.yaml"]
    assert weights_of(found()) == {"jobs": 66.6, "tax": 16.7, "lean": 16.7}


def test_every_sheet_of_a_workbook_is_a_judge(folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Li"
    for sheet, value in ((book.active, 2), (book.create_sheet("Wang"), 8)):
        for row in (
            [None, "jobs", "tax", "lean"],
            ["jobs", 1, value, value],
            ["tax", None, 1, 1],
            ["lean", None, None, 1],
        ):
            sheet.append(row)
    book.save("judges.xlsx")
    assert elicit("--from", "judges.xlsx")[0] == 0
    assert [judge.name for judge in found().judges] == ["Li", "Wang"]
    assert weights_of(found()) == {"jobs": 66.6, "tax": 16.7, "lean": 16.7}


@given(st.lists(st.sampled_from([1 / 7, 1 / 3, 1.0, 2.0, 5.0, 8.0]), min_size=10, max_size=10))
@settings(max_examples=30, deadline=None)
def test_another_library_weighs_comparisons_the_same(values: list[float]) -> None:
    judged = [(i, j, value) for (i, j), value in zip(itertools.combinations(range(5), 2), values, strict=True)]
    ratios = pairs.matrix(5, judged)
    theirs = ahpy.Compare("all", {(str(i), str(j)): value for i, j, value in judged}, precision=8, random_index="saaty")
    assert pairs.weights(ratios) == pytest.approx([theirs.local_weights[str(i)] for i in range(5)], abs=1e-6)
    assert pairs.index(ratios) == pytest.approx(theirs.consistency_ratio * 1.11, abs=1e-6)  # theirs is 1.11 for 5


# --- best-worst


def by_vertices(to_best: list[float], to_worst: list[float], best: int, worst: int) -> tuple[float, np.ndarray]:
    """The linear best-worst model by trying every vertex of it: n + 1 equations out of all its limits."""
    n = len(to_best)
    rows = [np.eye(n + 1)[j] for j in range(n + 1)]
    for j in range(n):
        for first, factor, second in ((best, to_best[j], j), (j, to_worst[j], worst)):
            for sign in (1, -1):
                row = np.zeros(n + 1)
                row[first] -= sign
                row[second] += sign * factor
                row[n] += 1
                rows.append(row)
    limits, total = np.array(rows), np.append(np.ones(n), 0.0)
    least: tuple[float, np.ndarray] = (math.inf, np.zeros(n))
    for chosen in itertools.combinations(range(len(limits)), n):
        system = np.vstack([limits[list(chosen)], total])
        if abs(np.linalg.det(system)) < 1e-9:
            continue
        point = np.linalg.solve(system, np.append(np.zeros(n), 1.0))
        if (limits @ point >= -1e-9).all() and point[n] < least[0] - 1e-12:
            least = float(point[n]), point[:n]
    return least


def test_rezaei_s_car_is_fully_consistent() -> None:
    car = best_worst.BestWorst(1, 4, np.array([2.0, 1, 4, 2, 8]), np.array([4.0, 8, 2, 4, 1]))  # Rezaei (2015)
    weights, xi = best_worst.weights(car)
    assert weights == pytest.approx(np.array([4, 8, 2, 4, 1]) / 19, abs=1e-8)
    assert xi == pytest.approx(0, abs=1e-8)
    assert best_worst.ratio(car) == 0
    assert best_worst.suspect(car) is None


def test_rezaei_s_transport_by_the_linear_model() -> None:
    mode = best_worst.BestWorst(2, 0, np.array([8.0, 2, 1]), np.array([1.0, 5, 8]))  # Rezaei (2016)
    weights, xi = best_worst.weights(mode)
    least, at = by_vertices([8, 2, 1], [1, 5, 8], 2, 0)
    assert xi == pytest.approx(least, abs=1e-8)
    assert weights == pytest.approx(at, abs=1e-8)
    assert weights == pytest.approx(np.array([2, 9, 17]) / 28, abs=1e-8)
    assert xi == pytest.approx(1 / 28, abs=1e-8)
    assert best_worst.ratio(mode) == pytest.approx((2 * 5 - 8) / (64 - 8))
    suspect = best_worst.suspect(mode)
    assert suspect is not None
    assert suspect.ratio == 0


@pytest.mark.parametrize("seed", range(4))
def test_best_worst_weights_are_the_optimum(seed: int) -> None:
    generator = np.random.default_rng(seed)
    span = float(generator.integers(3, 9))
    to_best = np.array([1.0, *generator.integers(1, span + 1, 2), span])
    to_worst = np.array([span, *generator.integers(1, span + 1, 2), 1.0])
    weights, xi = best_worst.weights(best_worst.BestWorst(0, 3, to_best, to_worst))
    least, at = by_vertices(to_best.tolist(), to_worst.tolist(), 0, 3)
    assert xi == pytest.approx(least, abs=1e-8)
    assert weights == pytest.approx(at, abs=1e-7)


BEST_WORST = ("--best", "jobs", "--worst", "lean", "--best-to", "tax=2", "--best-to", "lean=8")


def test_best_and_worst_on_the_command_line_and_in_a_file(folder: Path) -> None:
    assert elicit(*BEST_WORST, "--to-worst", "tax=4")[0] == 0
    assert weights_of(found()) == {"jobs": 61.5, "tax": 30.8, "lean": 7.7}
    assert found().consistency.ratio == 0  # type: ignore[union-attr]
    Path("bwm.csv").write_text("criterion,best to it,it to worst\njobs,1,8\ntax,2,4\nlean,8,1\n", encoding="utf-8")
    Path("bwm.yaml").write_text("jobs: [1, 8]\ntax: [2, 4]\nlean: [8, 1]\n", encoding="utf-8")
    for file in ("bwm.csv", "bwm.yaml"):
        assert elicit("--method", "bwm", "--from", file, "-o", f"of-{file}")[0] == 0
        written = Elicitation.model_validate_json(Path(f"of-{file}", "elicit.json").read_bytes())
        assert weights_of(written) == {"jobs": 61.5, "tax": 30.8, "lean": 7.7}


# --- ranks and points


def test_rank_weights() -> None:
    ranks = np.array([1.0, 2, 3, 4])
    corners = [np.append(np.ones(k) / k, np.zeros(4 - k)) for k in range(1, 5)]  # of all weights in this order
    assert marks.of_ranks(ranks, "rank-order") == pytest.approx(np.mean(corners, axis=0))
    assert marks.of_ranks(ranks, "rank-sum").tolist() == [0.4, 0.3, 0.2, 0.1]
    assert marks.of_ranks(ranks, "rank-reciprocal") == pytest.approx(np.array([12, 6, 4, 3]) / 25)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=7), st.sampled_from(sorted(marks.RANKS)))
def test_tied_ranks_weigh_the_same_and_order_is_kept(ranks: list[int], method: str) -> None:
    weights = marks.of_ranks(np.array(ranks, dtype=float), method)
    assert weights.sum() == pytest.approx(1)
    for (a, wa), (b, wb) in itertools.combinations(zip(ranks, weights, strict=True), 2):
        assert (wa > wb) == (a < b)
        assert (wa == wb) == (a == b)


def test_ranks_swing_and_points_on_the_command_line_and_in_files(folder: Path) -> None:
    assert elicit("--rank", "tax > jobs = lean", "--method", "rank-sum")[0] == 0
    assert weights_of(found()) == {"jobs": 25, "tax": 50, "lean": 25}
    Path("ranks.csv").write_text("criterion,rank\n就业,2\ntax,1\nlean,2\n", encoding="utf-8")
    assert elicit("--from", "ranks.csv", "--method", "rank-sum")[0] == 0
    assert weights_of(found()) == {"jobs": 25, "tax": 50, "lean": 25}
    assert elicit("--swing", "jobs=100", "--swing", "tax=60", "--swing", "lean=40")[0] == 0
    assert weights_of(found()) == {"jobs": 50, "tax": 30, "lean": 20}
    Path("points.yaml").write_text("jobs: 1\ntax: 3\nlean: 0\n", encoding="utf-8")
    assert elicit("--from", "points.yaml", "--method", "points")[0] == 0
    assert weights_of(found()) == {"jobs": 25, "tax": 75, "lean": 0}


# --- data


def shannon(column: list[float]) -> float:
    """1 − e of a column, term by term."""
    total = sum(column)
    return 1 + sum(x / total * math.log(x / total) for x in column if x > 0) / math.log(len(column))


@given(st.lists(st.tuples(*[st.integers(1, 50)] * 3), min_size=3, max_size=12, unique=True))
def test_entropy_and_critic_as_worked_out_column_by_column(rows: list[tuple[int, ...]]) -> None:
    columns = [list(map(float, column)) for column in zip(*rows, strict=True)]
    values = np.array(columns).T
    varied = [c for c in columns if len(set(c)) > 1]
    apart = [shannon(c) if len(set(c)) > 1 else 0.0 for c in columns]
    assert data.entropy(values) == pytest.approx(np.array(apart) / sum(apart), abs=1e-9)
    scaled = [[(x - min(c)) / (max(c) - min(c)) for x in c] for c in varied]
    told = [statistics.pstdev(c) * sum(1 - statistics.correlation(c, d) for d in scaled) for c in scaled]
    if len(varied) > 1 and sum(told) > 1e-6:
        rest = iter(told)
        wanted = [next(rest) / sum(told) if len(set(c)) > 1 else 0.0 for c in columns]
        assert data.critic(values) == pytest.approx(wanted, abs=1e-7)


@pytest.mark.parametrize("seed", range(5))
def test_another_library_weighs_data_the_same(seed: int) -> None:
    values = np.random.default_rng(seed).random((12, 4))
    assert data.entropy(values) == pytest.approx(pyrepo.entropy_weighting(values))
    assert data.critic(values) == pytest.approx(pyrepo.critic_weighting(values))


def test_what_data_says_at_its_ends() -> None:
    one_has_all = np.array([[4.0, 1], [0, 1], [0, 1], [0, 2]])
    assert data.entropy(one_has_all)[0] == pytest.approx(1 / (1 + shannon([1, 1, 1, 2])))
    shifted = np.array([[-3.0, 1], [1, 2]])  # counted from the least: 0 and 4
    assert data.entropy(shifted) == pytest.approx(np.array([1, shannon([1, 2])]) / (1 + shannon([1, 2])))
    assert data.critic(np.array([[1.0, 5], [2, 5]])).tolist() == [1, 0]
    for nothing in (np.ones((3, 2)), np.zeros((3, 2)), np.ones((1, 2))):
        with pytest.raises(data.NothingToTell):
            data.entropy(nothing)
    with pytest.raises(data.NothingToTell):
        data.critic(np.array([[1.0, 2], [2, 4], [3, 6]]))  # both say the same


def test_weights_from_the_candidates_as_asked(folder: Path) -> None:
    status, told = elicit("--method", "entropy")
    assert status == 0
    assert "jobs: all candidates are alike" in told
    apart = {"jobs": 0.0, "tax": shannon([1, 4, 2]), "lean": shannon([0, 2, 5])}  # lean: what is saved against 8 mu
    exact = {one.criterion: one.exact for one in found().weights}
    assert exact == pytest.approx({c: 100 * a / sum(apart.values()) for c, a in apart.items()})
    assert found().flat == ("jobs",)


# --- the result


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12).filter(lambda w: sum(w) > 1e-3))
def test_rounded_weights_add_up_and_keep_their_order(weights: list[float]) -> None:
    shares = np.array(weights) / sum(weights)
    rounded = of_100(shares)
    assert math.fsum(rounded) == pytest.approx(100, abs=1e-9)
    assert max(abs(r - 100 * s) for r, s in zip(rounded, shares, strict=True)) < 0.1 + 1e-9
    for (a, ra), (b, rb) in itertools.combinations(zip(shares, rounded, strict=True), 2):
        assert ra >= rb or a < b + 1e-9
        assert rb >= ra or b < a + 1e-9


def test_what_is_printed_can_be_copied_and_written(folder: Path) -> None:
    status, told = elicit("--points", "jobs=5", "--points", "tax=3", "--points", "lean=2")
    assert status == 0
    assert "--weight jobs=50 --weight tax=30 --weight lean=20" in told
    changes = {step.path: step.to for step in found().changes}
    changed = read(Path("small.yaml"), changes={path: str(to) for path, to in changes.items()})
    wanted = {"jobs": 50, "tax": 30, "lean": 20}
    assert {name: one.weight for name, one in changed.scenario.criteria.items()} == wanted
    assert Path("small.yaml").read_text(encoding="utf-8") == SMALL
    assert elicit("--points", "jobs=5", "--points", "tax=3", "--points", "lean=2", "--write")[0] == 0
    assert {name: one.weight for name, one in read(Path("small.yaml")).scenario.criteria.items()} == wanted
    assert [(one.present, one.present_of_100) for one in found().weights] == [(1, 25), (2, 50), (1, 25)]
    status, told = elicit("--points", "jobs=5", "--points", "tax=3", "--points", "lean=2")
    assert "These are the present weights." in told
    assert found().changes == ()


def test_the_same_judgements_give_the_same_bytes_beside_a_plan(folder: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(app, ["solve", "small.yaml"]).exit_code == 0
    assert elicit("--method", "critic")[0] == 0
    first = Path("results/small/elicit.json").read_bytes()
    assert elicit("--method", "critic")[0] == 0
    assert Path("results/small/elicit.json").read_bytes() == first
    assert Path("results/small/plan.json").exists()
    assert json.loads(first)["method"] == "critic"


def test_in_chinese(folder: Path) -> None:
    result = CliRunner().invoke(app, ["tune", "elicit", "harbour.yaml", "--method", "critic"])
    assert result.exit_code == 0
    assert "权重（合计100），方法：备选项目数据（CRITIC法）" in result.output
    assert "投资强度" in result.output


# --- writing


def figures(text: str, **weights: str) -> str:
    """SMALL with other weights, by plain replacement."""
    for name, (old, new) in {
        "jobs": ("jobs, weight: 1", "jobs, weight: "),
        "tax": ("    weight: 2 ", "    weight: "),
        "lean": ("lower, weight: 1", "lower, weight: "),
    }.items():
        if name in weights:
            text = text.replace(old, new + weights[name] + (" " if name == "tax" else ""))
    return text


@pytest.mark.parametrize("line", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_only_the_figures_change(folder: Path, line: str, mark: str) -> None:
    Path("small.yaml").write_bytes((mark + SMALL.replace("\n", line)).encode())
    Path("small.yaml").chmod(0o640)
    assert elicit("--points", "jobs=5", "--points", "tax=3.5", "--points", "lean=1.5", "--write")[0] == 0
    wanted = mark + figures(SMALL, jobs="50", tax="35", lean="15").replace("\n", line)
    assert Path("small.yaml").read_bytes().decode() == wanted
    assert Path("small.yaml").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in folder.iterdir()) == ["harbour.yaml", "results", "small.yaml"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: {of: m}  # no weight", "a: {of: m, weight: 7}  # no weight"),
        ("a:\n    of: m # x\n    title: t", "a:\n    weight: 7\n    of: m # x\n    title: t"),
        ("a: {of: m, weight: }", "a: {of: m, weight: 7 }"),
        ("a:\n    weight:   # not yet\n    of: m", "a:\n    weight: 7   # not yet\n    of: m"),
        ("a: {of: m, weight: ~}", "a: {of: m, weight: 7}"),
        ('a: {"weight": "30", of: m}', 'a: {"weight": 7, of: m}'),
        ("a: {of: m, weight: &w 30}", "a: {of: m, weight: &w 7}"),
        ("a: {of: m, weight: &w 30}\n  b: {of: m, weight: *w}", "a: {of: m, weight: &w 7}\n  b: {of: m, weight: 8}"),
        ("a: &c {of: m, weight: 3}\n  b: *c", "a: &c {of: m, weight: 7}\n  b: {<<: *c, weight: 8}"),
        ("a: &c {of: m, weight: 3}\n  b:\n    <<: *c", "a: &c {of: m, weight: 7}\n  b:\n    weight: 8\n    <<: *c"),
        ("甲: {of: m, weight: 30 }", "甲: {of: m, weight: 7 }"),
    ],
)
def test_where_a_weight_may_stand(before: str, after: str) -> None:
    weights = dict(zip([name for name in ("a", "甲", "b") if f"{name}:" in before], ["7", "8"], strict=False))
    text = "x: {weight: 1}\ncriteria:\n  {}\ny: [weight, 2]\n"
    assert rewritten(text.replace("{}", before), weights) == text.replace("{}", after)


@pytest.mark.parametrize(
    "criteria",
    [
        "{a: {of: m, weight: &w 30}}\nsupply: {land: *w}",
        "*elsewhere",
        "{<<: *elsewhere}",
    ],
)
def test_what_would_change_something_else_is_refused(criteria: str) -> None:
    with pytest.raises(CannotWrite):
        rewritten(f"z: &elsewhere {{a: {{of: m, weight: 3}}}}\ncriteria: {criteria}\n", {"a": "7"})


def test_a_scenario_whose_weights_cannot_be_written_stays(folder: Path) -> None:
    tied = SMALL.replace("jobs, weight: 1", "jobs, weight: &w 1").replace("supply: {land: 10}", "")
    tied += "supply: {land: *w}\n"
    Path("small.yaml").write_text(tied, encoding="utf-8")
    status, told = elicit("--points", "jobs=5", "--points", "tax=3", "--points", "lean=2", "--write")
    assert status == 1
    assert "an anchor or a merge ties" in told
    assert Path("small.yaml").read_text(encoding="utf-8") == tied


def test_criteria_without_weights_get_them(folder: Path) -> None:
    Path("small.yaml").write_text(SMALL.replace(", weight: 1", "").replace("    weight: 2", "    weight:"), "utf-8")
    assert elicit("--rank", "tax>jobs>lean", "--write")[0] == 0
    assert [(one.present, one.present_of_100) for one in found().weights] == [(None, None)] * 3
    weights = {name: one.weight for name, one in read(Path("small.yaml")).scenario.criteria.items()}
    assert weights == {"jobs": 27.8, "tax": 61.1, "lean": 11.1}


def test_a_file_that_cannot_be_replaced_stays_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = Path("small.yaml")
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(FolderError, match="No space left"):
            report_file.put(path, b"new", SMALL.encode())
    with pytest.raises(FolderError, match="changed meanwhile"):
        report_file.put(path, b"new", b"something older")
    assert path.read_text(encoding="utf-8") == SMALL
    assert [one.name for one in folder.iterdir() if one.name.startswith(".")] == []


def test_a_link_to_a_scenario_stays_one(folder: Path) -> None:
    (folder / "real").mkdir()
    shutil.move("small.yaml", "real/small.yaml")
    Path("small.yaml").symlink_to("real/small.yaml")
    assert elicit("--points", "jobs=5", "--points", "tax=3", "--points", "lean=2", "--write")[0] == 0
    assert Path("small.yaml").is_symlink()
    assert Path("real/small.yaml").read_text("utf-8") == figures(SMALL, jobs="50", tax="30", lean="20")


# --- bad input

PAIRS = ("--pairs", "jobs>tax=3", "--pairs", "tax>lean=2")


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        ((*PAIRS, "--pairs", "jbos>lean=2"), 1, "did you mean jobs?"),
        ((*PAIRS, "--pairs", "tax>jobs=2"), 1, "is judged twice"),
        ((*PAIRS, "--pairs", "jobs>lean=0"), 1, "0 is not between 0.001 and 1000"),
        ((*PAIRS, "--pairs", "jobs>lean=-2"), 1, "-2 is not between"),
        ((*PAIRS, "--pairs", "jobs>lean=nan"), 1, "nan is not between"),
        ((*PAIRS, "--pairs", "jobs>lean=1/0"), 1, "1/0 is not a number"),
        ((*PAIRS, "--pairs", "jobs>lean=much"), 1, "much is not a number"),
        ((*PAIRS, "--pairs", "jobs>jobs=1"), 1, "compared with itself"),
        ((*PAIRS, "--pairs", "jobs"), 1, "is no judgement of this kind"),
        ((*PAIRS, "--pairs", "jobs>lean=12"), 0, "beyond the scale of 1/9 to 9"),
        ((*PAIRS, "--pairs", "lean>jobs=5"), 0, "the judgements contradict each other"),
        (("--pairs", "jobs>tax=3"), 1, "the comparisons fall into parts that nothing connects: jobs, tax; lean"),
        (("--rank", "jobs>tax"), 1, "nothing is said about lean"),
        (("--rank", "jobs>>tax"), 1, "is no judgement of this kind"),
        (("--rank", "jobs>tax=jobs>lean"), 1, "jobs stands here a second time"),
        (("--points", "jobs=0", "--points", "tax=0", "--points", "lean=0"), 1, "all points are 0"),
        (("--swing", "jobs=120"), 1, "120 is not between 0 and 100"),
        (("--swing", "jobs=80", "--swing", "tax=1", "--swing", "lean=1"), 0, "no criterion has 100 points"),
        (BEST_WORST, 1, "nothing is said about tax"),
        ((*BEST_WORST, "--to-worst", "tax=12"), 1, "12 is not between 1 and 9"),
        ((*BEST_WORST, "--to-worst", "tax=9"), 1, "farther from lean than jobs is: 9 against 8"),
        ((*BEST_WORST, "--to-worst", "tax=8"), 0, "contradict each other: consistency ratio 0.14"),
        ((*BEST_WORST, "--to-worst", "tax=4", "--to-worst", "jobs=7"), 1, "is judged twice"),
        (("--best", "jobs", "--worst", "jobs"), 1, "both the best and the worst"),
        (("--worst", "jobs"), 1, "the best criterion is not named"),
        ((), 2, "there is nothing to take weights from"),
        (("--method", "ahp"), 2, "there is nothing to take weights from"),
        ((*PAIRS, "--rank", "jobs>tax>lean"), 2, "belong to different methods"),
        ((*PAIRS, "--method", "entropy"), 2, "does not belong to --method entropy"),
        (("--from", "x.csv", "--method", "critic"), 2, "does not belong to --method critic"),
        (("--from", "nowhere.csv"), 2, "nowhere.csv cannot be read: No such file"),
        (("--from", "."), 2, ". cannot be read: Is a directory"),
        ((*PAIRS, "--pairs", ""), 1, "– is no judgement of this kind"),
    ],
)
def test_what_is_wrong_is_said(folder: Path, arguments: tuple[str, ...], status: int, told: str) -> None:
    ended, output = elicit(*arguments)
    assert told in " ".join(output.split())
    assert ended == status
    assert "Traceback" not in output
    assert Path("results").exists() == (status == 0)


@pytest.mark.parametrize(
    ("file", "text", "place", "told"),
    [
        (
            "m.csv",
            ",jobs,tax,lean\njobs,1,3,5\ntax,1/2,1,2\nlean,,,1\n",
            "m.csv:3:2",
            "the other way round at m.csv:2:3",
        ),
        ("m.csv", ",jobs,tax,lean\njobs,2,3,5\ntax,,1,2\nlean,,,1\n", "m.csv:2:2", "jobs against itself is 2"),
        ("m.csv", ",jobs,tax,lean\njobs,1,3,5\ntax,,1,x\nlean,,,1\n", "m.csv:3:4", "x is not a number"),
        ("m.csv", ",jobs,tax,lean\njobs,1,3,5\ntax,,1,2\n", "m.csv:1:1", "2 rows and 3 columns"),
        ("m.csv", ",jobs,tacks,lean\njobs,1,3,5\ntacks,,1,2\nlean,,,1\n", "m.csv:1:3", "no criterion tacks"),
        ("r.csv", "a,b,times\njobs,tax,3\ntax,leen,2\n", "r.csv:3:2", "did you mean lean?"),
        ("r.csv", "a,b,times\njobs,tax,3\njobs,tax,2\n", "r.csv:3:3", "judged twice, 2 here and 3 at r.csv:2:3"),
        ("r.csv", "a,b\njobs,3\n", "r.csv:2:1", "no judgement of this kind"),
        ("e.csv", "a,b,times\n", "e.csv", "there is no judgement in e.csv"),
        ("y.yaml", "jobs>tax: 3\njobs>leen: x\n", "y.yaml:2:1", "did you mean lean?"),
        ("y.yaml", "[\n", "y.yaml:2:1", "not valid YAML"),
        ("y.yaml", "3\n", "y.yaml", "there is no judgement in y.yaml"),
        ("t.txt", "jobs>tax=3\n", "t.txt", "neither .csv, .xlsx nor .parquet"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_where_it_stands(
    folder: Path, file: str, text: str, place: str, told: str
) -> None:
    Path(file).write_text(text, encoding="utf-8")
    ended, output = elicit("--from", file)
    assert ended == 1
    assert any(line.startswith(f"{place}: error") for line in output.splitlines()), output
    assert told in " ".join(output.split())


def test_a_cell_of_a_workbook_is_named(folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Li"
    for row in ([None, "jobs", "tax", "lean"], ["jobs", 1, 3, -5], ["tax", None, 1, 2], ["lean", None, None, 1]):
        book.active.append(row)
    book.save("m.xlsx")
    ended, output = elicit("--from", "m.xlsx")
    assert ended == 1
    assert "m.xlsx Li!D2: error: -5" in output


def test_the_scenario_s_own_errors_come_first(folder: Path) -> None:
    Path("small.yaml").write_text(SMALL.replace("of: tax ", "of: tacks "), encoding="utf-8")
    ended, output = elicit("--rank", "jobs>tax>lean")
    assert ended == 1
    assert "tacks" in output
    with pytest.raises(landalloc.InputError):
        landalloc.read("small.yaml")


def test_names_that_could_be_signs_or_markup(folder: Path) -> None:
    odd = SMALL.replace("  tax:\n    of", '  "[red]a=b.c":\n    of')
    Path("small.yaml").write_text(odd, encoding="utf-8")
    assert elicit("--rank", '"[red]a=b.c" > jobs > lean', "--write")[0] == 0
    assert read(Path("small.yaml")).scenario.criteria["[red]a=b.c"].weight == 61.1
    assert elicit("--points", '"[red]a=b.c"=1', "--points", "jobs=1", "--points", "lean=2")[0] == 0
    changes = {step.path: str(step.to) for step in found().changes}
    assert read(Path("small.yaml"), changes=changes).scenario.criteria["[red]a=b.c"].weight == 25
