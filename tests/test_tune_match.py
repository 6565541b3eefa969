"""The weights that decisions imply, against the nearest of every plan's own weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from build import Raw
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import linprog
from weighing import NEAR, Everything, fresh, generic, law, space_of, weighed

from landalloc.models.tuning import Match
from landalloc.optimizer.tuning.match import Decisions, match
from landalloc.optimizer.tuning.space import WeightSpace

LINKS = ("total", "count", "exclusive", "requires", "ratio", "veto")
CLOSE = 3e-4
"""Parts of the sum of weights to which the nearest are found, and points by which they must be ahead."""


def decided(everything: Everything, inside: Sequence[str], outside: Sequence[str]) -> Decisions:
    rows = [str(i) for i in everything.columns.ids]
    return Decisions(tuple(rows.index(p) for p in inside), tuple(rows.index(p) for p in outside))


def undominated(planes: Sequence[Any]) -> Any:
    """(k, c) those that no other is as good as at every weighting."""
    kept = np.unique(np.array(planes), axis=0) if planes else np.empty((0, 0))
    return np.array([p for i, p in enumerate(kept) if not np.delete((kept >= p).all(axis=1), i).any()])


class Brute:
    """Every whole plan, split into those that agree with some decisions and those that do not."""

    def __init__(self, everything: Everything, inside: Sequence[str], outside: Sequence[str]) -> None:
        self.present = everything.present
        self.agree, self.others = [], []
        for shares, plane in everything.fixed:
            there = {p for (p, _), share in shares.items() if share > 0}
            kept = there.issuperset(inside) and there.isdisjoint(outside)
            # (c,) points at weights that add up to 1: the penalty counts at all of them
            (self.agree if kept else self.others).append(plane.reached + plane.extra.sum(axis=0) - plane.penalty)

    def ahead(self, weights: Any) -> float:
        """Points by which the best plan that agrees is ahead of the best that does not."""
        best = [float(np.max(np.array(group) @ weights)) if group else -np.inf for group in (self.agree, self.others)]
        return best[0] - best[1]

    def nearest(self, margin: float) -> float | None:
        """½ Σ |w − present| of the nearest weights that do so by a margin; None where there are none."""
        found = [self._cone(plane, margin) for plane in undominated(self.agree)]
        return min((value for value in found if value is not None), default=None)

    def _cone(self, plane: Any, margin: float) -> float | None:
        # w = present + up − down, at least 0, with the same sum
        c = len(plane)
        if not self.others:
            return 0.0
        gaps = undominated(self.others) - plane
        answer = linprog(
            np.full(2 * c, 0.5),
            A_ub=np.vstack([np.hstack([gaps, -gaps]), np.hstack([-np.eye(c), np.eye(c)])]),
            b_ub=np.concatenate([-margin - gaps @ self.present, self.present]),
            A_eq=[[1.0] * c + [-1.0] * c], b_eq=[0.0], bounds=(0, None),
        )  # fmt: skip
        return float(answer.fun) if answer.status == 0 else None


def weights_of(found: Match, everything: Everything) -> Any:
    assert found.weights is not None
    assert list(found.weights) == everything.names
    weights = np.array(list(found.weights.values()))
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1.0)
    return weights


def in_the_file(raw: Raw, found: Match) -> list[float]:
    """The weights of the file after the changes that are proposed."""
    weights = {name: c["weight"] for name, c in raw["criteria"].items()}
    for step in found.changes:
        kind, name, key = step.path.split(".")
        assert (kind, key) == ("criteria", "weight")
        assert step.from_ == weights[name]
        weights[name] = float(step.to)
    assert sum(weights.values()) == pytest.approx(sum(c["weight"] for c in raw["criteria"].values()), rel=1e-6)
    return list(weights.values())


def agrees_anew(raw: Raw, found: Match, inside: Sequence[str], outside: Sequence[str]) -> None:
    """A solve of its own with the proposed changes decides the same way."""
    share = fresh(raw, in_the_file(raw, found)).ranking["share"]
    assert all(share[p] > 0 for p in inside)
    assert all(share[p] == 0 for p in outside)


def checked(
    raw: Raw, everything: Everything, space: WeightSpace, inside: Sequence[str], outside: Sequence[str]
) -> Match:
    """A match beside what trying everything gives."""
    found = match(space, decided(everything, inside, outside))
    brute = Brute(everything, inside, outside)
    assert [(d.project, d.wanted) for d in found.decisions] == [
        *((p, "in") for p in inside), *((p, "out") for p in outside)
    ]  # fmt: skip
    assert found.proved
    if not brute.agree:
        assert (found.found, found.loss) == (False, None)
        return found
    held = max(float(plane @ everything.present) for plane in brute.agree)
    assert found.loss == pytest.approx(everything.value(everything.present) - held, abs=NEAR)
    easy, hard = brute.nearest(0.0), brute.nearest(CLOSE)
    if hard is not None:
        assert found.found
    if easy is None:
        assert not found.found
    if found.found:
        weights = weights_of(found, everything)
        assert brute.ahead(weights) >= 0.5e-4
        assert all(d.agrees and d.explained for d in found.decisions)
        assert found.moved == pytest.approx(np.abs(weights - everything.present).sum() / 2, abs=1e-6)
        assert easy is not None
        assert found.moved >= easy - 1e-6
        assert hard is None or found.moved <= hard + CLOSE
        agrees_anew(raw, found, inside, outside)
    else:
        at_best(raw, everything, found, inside, outside)
    return found


def at_best(raw: Raw, everything: Everything, found: Match, inside: Sequence[str], outside: Sequence[str]) -> None:
    """Where none agree: which decisions no weighting explains, and which the proposed weights do."""
    for d in found.decisions:
        one = ([d.project], []) if d.wanted == "in" else ([], [d.project])
        alone = Brute(everything, *one)
        if alone.nearest(CLOSE) is not None:
            assert d.explained, d.project
        if alone.nearest(0.0) is None:
            assert d.explained is False, d.project
    if found.weights is None:
        assert not any(d.agrees for d in found.decisions)
        return
    share = fresh(raw, in_the_file(raw, found)).ranking["share"]
    for d in found.decisions:
        assert d.agrees == ((share[d.project] > 0) == (d.wanted == "in")), d.project


def whole(raw: Raw) -> bool:
    return not any(0 < p.get("min_share", 1.0) < 1 for p in raw["projects"])


@law(18)
@given(
    weighed(divisible=False, least=2, criteria=4, rules=2, kinds=LINKS).filter(whole),
    st.data(),
)  # fmt: skip
def test_any_decisions_on_whole_projects(raw: Raw, data: Any) -> None:
    everything, space = Everything(raw), space_of(raw)
    projects = [c.id for c in everything.candidates.values() if c.allowed]
    assume(projects)
    asked = data.draw(st.lists(st.sampled_from(projects), min_size=1, max_size=3, unique=True))
    inside = sorted(p for p in asked if data.draw(st.booleans()))
    checked(raw, everything, space, inside, sorted(set(asked) - set(inside)))


@pytest.mark.parametrize("seed", range(3))
def test_any_decisions_among_figures_that_are_not_round(seed: int) -> None:
    raw = generic(seed + 30, projects=7, criteria=3)
    everything, space = Everything(raw), space_of(raw)
    rng = np.random.default_rng(seed)
    for _ in range(3):
        asked = rng.permutation([f"p{i}" for i in range(7)])[:3].tolist()
        checked(raw, everything, space, sorted(asked[:2]), sorted(asked[2:]))


@pytest.mark.parametrize(("criteria", "seed"), [(2, 1), (3, 2), (3, 3), (4, 4), (5, 5)])
def test_hidden_weights_are_recovered(criteria: int, seed: int) -> None:
    """What some other weights would decide is decided so by the proposed ones, which are no further away."""
    raw = generic(seed + 60, projects=7, criteria=criteria)
    everything, space = Everything(raw), space_of(raw)
    hidden = np.random.default_rng(seed).dirichlet(np.full(criteria, 0.5))
    share = fresh(raw, hidden).ranking["share"]
    inside, outside = sorted(share.index[share > 0]), sorted(share.index[share == 0])
    found = checked(raw, everything, space, inside, outside)
    assert found.found
    assert found.moved is not None
    assert found.moved <= np.abs(hidden - everything.present).sum() / 2 + CLOSE


@pytest.mark.parametrize(("part", "seed"), [(0.0, 1), (0.0, 2), (0.0, 3), (0.4, 4), (0.4, 5)])
def test_hidden_weights_of_divisible_projects_are_recovered(part: float, seed: int) -> None:
    raw = generic(seed + 90, projects=6, criteria=3, part=part)
    everything, space = Everything(raw), space_of(raw)
    hidden = np.random.default_rng(seed).dirichlet(np.full(3, 0.5))
    share = fresh(raw, hidden).ranking["share"]
    inside, outside = sorted(share.index[share > 0]), sorted(share.index[share == 0])
    found = match(space, decided(everything, inside, outside))
    assert found.found
    assert found.moved is not None
    assert found.moved <= np.abs(hidden - everything.present).sum() / 2 + CLOSE
    assert found.moved == pytest.approx(np.abs(weights_of(found, everything) - everything.present).sum() / 2, abs=1e-6)
    agrees_anew(raw, found, inside, outside)


def test_decisions_that_the_present_weights_make_need_no_change() -> None:
    raw = generic(3, projects=7, criteria=3)
    everything, space = Everything(raw), space_of(raw)
    share = fresh(raw, everything.present).ranking["share"]
    inside, outside = sorted(share.index[share > 0]), sorted(share.index[share == 0])
    found = checked(raw, everything, space, inside, outside)
    assert found.found
    assert found.moved == pytest.approx(0.0, abs=1e-9)
    assert found.changes == ()
    assert found.loss == pytest.approx(0.0, abs=1e-6)


# By hand


def three() -> Raw:
    """Room for one: a brings 4 and 1, b 1 and 2, c what a does in either but a little less."""
    return {
        "measures": ["land", "jobs", "output"],
        "supply": {"land": 1.0},
        "projects": [
            {"id": "a", "land": 1.0, "jobs": 4.0, "output": 1.0, "min_share": 1.0},
            {"id": "b", "land": 1.0, "jobs": 1.0, "output": 2.0, "min_share": 1.0},
            {"id": "c", "land": 1.0, "jobs": 3.0, "output": 0.5, "min_share": 1.0},
        ],
        "criteria": {
            "jobs": {"of": "jobs", "weight": 1.0, "reference": 100.0},
            "output": {"of": "output", "weight": 1.0, "reference": 100.0},
        },
    }


def test_b_in_by_hand() -> None:
    """b while w ≤ 1/4: from 1/2, a quarter of the weights changes hands, and a margin's worth."""
    raw = three()
    everything, space = Everything(raw), space_of(raw)
    found = checked(raw, everything, space, ["b"], [])
    assert found.moved == pytest.approx(0.25, abs=CLOSE)
    assert found.weights == pytest.approx({"jobs": 0.25, "output": 0.75}, abs=CLOSE)
    assert found.loss == pytest.approx(1.0)
    assert {step.path for step in found.changes} == {"criteria.jobs.weight", "criteria.output.weight"}


def test_a_dominated_project_is_never_in() -> None:
    raw = three()
    everything, space = Everything(raw), space_of(raw)
    found = checked(raw, everything, space, ["c"], [])
    assert (found.found, found.proved) == (False, True)
    assert [d.explained for d in found.decisions] == [False]
    assert found.loss == pytest.approx(0.5 * (1.0 + 0.5))


def test_one_that_is_better_in_all_is_never_out() -> None:
    raw = three()
    raw["projects"].append({"id": "d", "land": 0.0, "jobs": 1.0, "output": 1.0, "min_share": 1.0})
    everything, space = Everything(raw), space_of(raw)
    found = checked(raw, everything, space, ["b"], ["d"])
    assert (found.found, found.proved) == (False, True)
    assert {d.project: (d.explained, d.agrees) for d in found.decisions} == {"b": (True, True), "d": (False, False)}


def test_each_alone_but_not_together() -> None:
    """a and b are each best somewhere, and there is room for one: two decisions, each explained, never both."""
    raw = three()
    everything, space = Everything(raw), space_of(raw)
    found = checked(raw, everything, space, ["a", "b"], [])
    assert [d.explained for d in found.decisions] == [True, True]
    assert sum(d.agrees for d in found.decisions) == 1


def test_as_many_decisions_as_any_weights_explain() -> None:
    raw = generic(41, projects=7, criteria=3)
    everything, space = Everything(raw), space_of(raw)
    rng = np.random.default_rng(2)
    seen = 0
    for _ in range(6):
        asked = rng.permutation([f"p{i}" for i in range(7)])[:4].tolist()
        inside, outside = sorted(asked[:2]), sorted(asked[2:])
        found = match(space, decided(everything, inside, outside))
        if found.found or found.loss is None:
            continue
        seen += 1
        counts = [
            sum((s.get(p, 0) > 0) for p in inside) + sum((s.get(p, 0) == 0) for p in outside)
            for s in (present_in(everything, w) for w in np.random.default_rng(1).dirichlet(np.ones(3), 400))
        ]
        assert sum(d.agrees for d in found.decisions) >= max(counts)
    assert seen


def present_in(everything: Everything, w: Any) -> dict[str, float]:
    x, _ = max(everything.fixed, key=lambda pair: float(pair[1].worth(w)))
    return {s[0]: v for s, v in x.items()}


@pytest.mark.parametrize("rule", [
    {"count": {"at_most": 0.0}, "where": {"id": "b"}},
    {"requires": {"project": "b", "needs": ["a"]}},
])  # fmt: skip
def test_what_hard_rules_forbid_no_weights_bring(rule: Raw) -> None:
    raw = {**three(), "rules": [{"name": "r", **rule}]}
    everything, space = Everything(raw), space_of(raw)
    found = checked(raw, everything, space, ["b"], [])
    assert (found.found, found.proved, found.loss) == (False, True, None)
    assert [d.explained for d in found.decisions] == [False]


def test_a_committed_project_is_never_out() -> None:
    raw = three()
    raw["projects"][1]["committed"] = True
    everything, space = Everything(raw), space_of(raw)
    assert not checked(raw, everything, space, [], ["b"]).found
    assert checked(raw, everything, space, ["b"], []).moved == pytest.approx(0.0, abs=1e-9)


def test_twins_cannot_be_told_apart() -> None:
    """Of two projects that are the same no weights bring one before the other."""
    raw = three()
    raw["projects"][2] |= {"jobs": 4.0, "output": 1.0}
    everything, space = Everything(raw), space_of(raw)
    found = checked(raw, everything, space, ["c"], ["a"])
    assert (found.found, found.proved) == (False, True)


@law(6)
@given(weighed(divisible=False, least=2, criteria=3, rules=1, kinds=("total", "exclusive")).filter(
    lambda raw: whole(raw) and "tiers" in raw))  # fmt: skip
def test_with_stage_values_held(raw: Raw) -> None:
    everything, space = Everything(raw), space_of(raw)
    assume(len(everything.fixed) > 1)
    inside = sorted({s[0] for s, v in everything.fixed[-1][0].items() if v > 0})[:2]
    assume(inside)
    found = match(space, decided(everything, inside, []))
    assert found.tiers_held
    brute = Brute(everything, inside, [])
    if brute.nearest(CLOSE) is not None:
        assert found.found
    if brute.nearest(0.0) is None:
        assert not found.found
    if found.found:
        assert brute.ahead(weights_of(found, everything)) >= 0.5e-4
