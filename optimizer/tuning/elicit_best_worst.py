"""The best-worst method: every criterion against the best and against the worst one.

Rezaei (2015), Omega 53; its linear model: Rezaei (2016), Omega 64.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..candidates import Floats, Ints
from ..program import Draft, Sense
from ..solve import Limits, SolverError, solve

SCALE = 9.0
LIMITS = {
    3: (0.1667, 0.1667, 0.1667, 0.1667, 0.1667, 0.1667, 0.1667),
    4: (0.1121, 0.1529, 0.1898, 0.2206, 0.2527, 0.2577, 0.2683),
    5: (0.1354, 0.1994, 0.2306, 0.2546, 0.2716, 0.2844, 0.2960),
    6: (0.1330, 0.1990, 0.2643, 0.3044, 0.3144, 0.3221, 0.3262),
    7: (0.1294, 0.2457, 0.2819, 0.3029, 0.3144, 0.3251, 0.3403),
    8: (0.1309, 0.2521, 0.2958, 0.3154, 0.3408, 0.3620, 0.3657),
    9: (0.1359, 0.2681, 0.3062, 0.3337, 0.3517, 0.3620, 0.3662),
}
"""Best against worst -> the largest acceptable ratio with 3 … 9 criteria: Liang, Brunelli and Rezaei (2020), Omega 96,
table 3. With best against worst 2 it is 0; beyond the table its edge is taken."""


@dataclass(frozen=True, eq=False)
class BestWorst:
    """n criteria; the best is `to_best[j]` times as important as j, and j `to_worst[j]` times as the worst."""

    best: int
    worst: int
    to_best: Floats
    to_worst: Floats

    @property
    def span(self) -> float:
        """The best against the worst."""
        return float(self.to_best[self.worst])


@dataclass(frozen=True)
class Suspect:
    """The judgement to revisit: i is `given` times as important as j, `value` agrees best with the others."""

    i: int
    j: int
    given: float
    value: float
    ratio: float


def weights(judged: BestWorst) -> tuple[Floats, float]:
    """(n,) weights that add up to 1, and ξ, the largest deviation, by the linear model.

    min ξ   subject to   |w_B − a_Bj w_j| ≤ ξ,   |w_j − a_jW w_W| ≤ ξ,   Σ w = 1,   w ≥ 0
    """
    n = len(judged.to_best)
    draft = Draft()
    share = draft.columns([f"w{j}" for j in range(n)], np.zeros(n), np.ones(n), np.zeros(n, dtype=bool))
    xi = draft.helper("xi", cost=-1.0)
    for j in range(n):
        for name, one, factor, other in (
            ("best", judged.best, judged.to_best[j], j),
            ("worst", j, judged.to_worst[j], judged.worst),
        ):
            for side, sign in (("above", 1.0), ("below", -1.0)):
                columns = np.array([one, other, xi], dtype=np.intp)
                values = np.array([sign, -sign * factor, -1.0])
                draft.row(f"{name}|{j:04}|{side}", Sense.AT_MOST, 0.0, (columns, values))
    draft.row("sum", Sense.EQUAL, 1.0, (share, np.ones(n)))
    nowhere: Ints = np.full(n, -1, dtype=np.intp)
    answer = solve(draft.finish(np.zeros(n), share, np.ones(n), nowhere), Limits())
    if answer.values is None:
        raise SolverError("the best-worst model has no solution")
    found = np.maximum(answer.values[:n], 0.0)
    return found / found.sum(), max(0.0, float(answer.values[xi]))


def ratio(judged: BestWorst) -> float:
    """The input-based consistency ratio, max_j |a_Bj · a_jW − a_BW| / (a_BW² − a_BW): Liang et al. (2020)."""
    span = judged.span
    off = float(np.abs(judged.to_best * judged.to_worst - span).max())
    return off / (span * span - span) if span > 1 else 0.0


def limit(judged: BestWorst) -> float:
    """The largest ratio that is acceptable."""
    span = round(judged.span)
    return LIMITS[min(span, 9)][min(max(len(judged.to_best), 3), 9) - 3] if span >= 3 else 0.0


def suspect(judged: BestWorst) -> Suspect | None:
    """The judgement that, changed to what agrees best with the others, lowers the ratio most; None if none does."""
    now = ratio(judged)
    tried = [one for one in _changed(judged) if one.ratio < now - 1e-9]
    return min(tried, key=lambda one: (round(one.ratio, 9), abs(np.log(one.value / one.given))), default=None)


def _changed(judged: BestWorst) -> list[Suspect]:
    """Every judgement changed by itself to what the others say."""
    best, worst, found = judged.best, judged.worst, []
    others = [j for j in range(len(judged.to_best)) if j not in (best, worst)]
    for j in others:
        for first, second, column, against in (
            (best, j, judged.to_best, judged.to_worst),
            (j, worst, judged.to_worst, judged.to_best),
        ):
            value = float(np.clip(judged.span / against[j], 1.0, SCALE))
            changed = column.copy()
            changed[j] = value
            to_best, to_worst = (changed, judged.to_worst) if column is judged.to_best else (judged.to_best, changed)
            found.append(
                Suspect(first, second, float(column[j]), value, ratio(BestWorst(best, worst, to_best, to_worst)))
            )
    if others:
        products = judged.to_best[others] * judged.to_worst[others]
        value = float(np.clip((products.min() + products.max()) / 2, 1.0, SCALE))
        to_best, to_worst = judged.to_best.copy(), judged.to_worst.copy()
        to_best[worst] = to_worst[best] = value
        found.append(Suspect(best, worst, judged.span, value, ratio(BestWorst(best, worst, to_best, to_worst))))
    return found
