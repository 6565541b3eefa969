"""Weights of the criteria from judgements or data, as they are put back into a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ...models.elicitation import Consistency, Elicitation, Judge, Method, Revisit, Weighed
from ...models.explanation import Step
from ...models.scenario import Scenario
from ..candidates import Candidates, Floats
from ..reading.paths import join
from ..score import of_candidates
from . import elicit_best_worst as best_worst
from . import elicit_data as data
from . import elicit_marks as marks
from . import elicit_pairs as pairs
from .elicit_best_worst import BestWorst

MOST_DECIMALS = 4


@dataclass(frozen=True, eq=False)
class Derived:
    """What a method gives: (n,) weights in the order of the criteria, that add up to 1, and what goes with them."""

    weights: Floats
    consistency: Consistency | None = None
    judges: tuple[Judge, ...] = ()
    revisit: Revisit | None = None
    flat: tuple[str, ...] = field(default=())


def from_pairs(criteria: list[str], judged: Mapping[str, list[tuple[int, int, float]]]) -> Derived:
    """From comparisons by judge: (i, j, how many times as important i is as j). Together they connect all criteria."""
    n = len(criteria)
    together = pairs.matrix(n, [one for comparisons in judged.values() for one in comparisons])
    consistency = Consistency(
        measure="CR", ratio=pairs.ratio(together), limit=pairs.LIMIT, index=pairs.index(together),
        missing=pairs.missing(together),
    )  # fmt: skip
    found = pairs.suspect(together)
    revisit = None
    if found is not None:
        given = float(together[found.i, found.j])
        revisit = _revisit(criteria, found.i, found.j, given, found.value, found.ratio)
    judges = []
    for name, comparisons in judged.items() if len(judged) > 1 else ():
        own = pairs.matrix(n, comparisons)
        whole = len(pairs.parts(own)) == 1
        judges.append(Judge(name=name, comparisons=len(comparisons), ratio=pairs.ratio(own) if whole else None))
    return Derived(pairs.weights(together), consistency, tuple(judges), revisit)


def from_best_worst(criteria: list[str], judged: BestWorst) -> Derived:
    """From the best and the worst criterion, and how all the others stand to these two."""
    weights, xi = best_worst.weights(judged)
    consistency = Consistency(
        measure="CR_I", ratio=best_worst.ratio(judged), limit=best_worst.limit(judged), index=xi, missing=0
    )
    found = best_worst.suspect(judged)
    revisit = None
    if found is not None:
        revisit = _revisit(criteria, found.i, found.j, found.given, found.value, found.ratio)
    return Derived(weights, consistency, (), revisit)


def from_marks(method: Method, figures: Floats) -> Derived:
    """From a figure per criterion: its rank, or its points."""
    weights = marks.of_ranks(figures, method) if method in marks.RANKS else marks.of_points(figures)
    return Derived(weights)


def from_data(method: Method, scenario: Scenario, asked: Candidates) -> Derived:
    """From f_c of the candidates as asked, each in its best zone.

    Raises:
        NothingToTell: the data does not tell the candidates apart.
    """
    columns = [asked.largest(of_candidates(criterion, asked)) for criterion in scenario.criteria.values()]
    values = np.array(columns).T
    values = values[np.isfinite(values).all(axis=1)]
    weights = data.entropy(values) if method == "entropy" else data.critic(values)
    dull = data.flat(values)
    return Derived(weights, flat=tuple(c for c, one in zip(scenario.criteria, dull, strict=True) if one))


def elicitation(
    method: Method, titles: Mapping[str, str | None], present: Mapping[str, float | None], derived: Derived
) -> Elicitation:
    """The result in the form of elicit.json; `titles` and `present` weights in the order of the criteria."""
    exact = derived.weights * 100.0
    rounded = of_100(derived.weights)
    known = [weight for weight in present.values() if weight is not None]
    total = sum(known) if len(known) == len(present) else 0.0
    weighed = tuple(
        Weighed(
            criterion=name,
            title=titles[name],
            present=weight,
            present_of_100=100.0 * weight / total if weight is not None and total > 0 else None,
            exact=float(exact[i]),
            elicited=rounded[i],
        )
        for i, (name, weight) in enumerate(present.items())
    )
    changes = tuple(
        Step(path=join(["criteria", one.criterion, "weight"]), from_=one.present, to=one.elicited)
        for one in weighed
        if one.present != one.elicited
    )
    return Elicitation(
        method=method,
        weights=weighed,
        consistency=derived.consistency,
        judges=derived.judges,
        revisit=derived.revisit,
        flat=derived.flat,
        changes=changes,
    )


def of_100(weights: Floats) -> list[float]:
    """Weights that add up to 1 -> of 100, rounded to one decimal by largest remainders: they still add up, and keep
    their order. More decimals only where a weight would vanish.

    >>> of_100(np.array([1, 1, 1]) / 3), of_100(np.array([0.9996, 0.0004]))
    ([33.4, 33.3, 33.3], [99.96, 0.04])
    """
    for decimals in range(1, MOST_DECIMALS + 1):
        scale = 100 * 10**decimals
        units = np.round(weights * scale, 6)  # so that noise decides no remainder
        whole = np.floor(units)
        left = round(scale - whole.sum())
        whole[np.argsort(whole - units, kind="stable")[:left]] += 1
        if not ((whole == 0) & (weights > 10.0 ** -(MOST_DECIMALS + 2))).any():
            break
    return [float(f"{unit / 10**decimals:.{decimals}f}") for unit in whole]


def _revisit(criteria: list[str], i: int, j: int, given: float, value: float, ratio: float) -> Revisit:
    """In the direction in which the judgement was given as 1 or more."""
    if given < 1:
        i, j, given, value = j, i, 1 / given, 1 / value
    return Revisit(first=criteria[i], second=criteria[j], given=given, consistent=value, ratio=ratio)
