"""Judgements, as options and files give them -> weights, or what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...models.elicitation import Method
from ...models.finding import Message, Place
from ..candidates import Floats
from ..reading.findings import listed, shown
from ..reading.judgement_files import add_comparisons, columns_in
from ..reading.judgements import (
    POINTS,
    RANKS,
    SWING,
    TIMES,
    Judgements,
    Mark,
    Marks,
    Names,
    Range,
    add_comparison,
    complete,
    of_ranking,
    of_texts,
)
from ..report.numbers import times
from . import elicit
from . import elicit_pairs as matrices
from .elicit import Derived
from .elicit_best_worst import BestWorst

YOURS = ""
"""The judge of what the command line says itself."""


@dataclass(frozen=True)
class Given:
    """What the user gave, as text; see `cli_tune.elicit` for what each means."""

    pairs: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    best: str | None = None
    worst: str | None = None
    best_to: tuple[str, ...] = ()
    to_worst: tuple[str, ...] = ()
    rank: str | None = None
    swing: tuple[str, ...] = ()
    points: tuple[str, ...] = ()

    def place(self, option: str) -> Place:
        """Where a reader should look for what is missing as a whole."""
        return Place(self.files[0].name) if self.files else Place(option)


def derive(method: Method, given: Given, names: Names) -> Derived | None:
    """Weights by a method of judgement; None with the reasons among the findings of `names`."""
    if method == "ahp":
        return _pairs(given, names)
    if method == "bwm":
        return _best_worst(given, names)
    option, texts, allowed = {
        "swing": ("--swing", given.swing, SWING),
        "points": ("--points", given.points, POINTS),
    }.get(method, ("--rank", (), RANKS))
    marks = of_ranking(given.rank, names) if given.rank is not None else of_texts(texts, option, names, allowed)
    marks = _with_files(given, [marks], names, allowed)[0]
    place = given.place(option)
    figures = _figures(marks, names, place)
    if figures is None:
        return None
    if method in ("swing", "points") and not figures.any():
        names.found.add("judgement-zero", place)
        return None
    if method == "swing" and figures.max() < SWING[1]:
        names.found.add("judgement-top", place)
    return elicit.from_marks(method, figures)


def _pairs(given: Given, names: Names) -> Derived | None:
    judged, place = Judgements(names), given.place("--pairs")
    for text in given.pairs:
        add_comparison(text, None, YOURS, Place(f"--pairs {text}"), judged)
    stems = [path.stem for path in given.files]
    for path in given.files:
        add_comparisons(path, path.stem if stems.count(path.stem) == 1 else str(path), judged)
    if names.found.errors:
        return None
    by_judge = judged.by_judge()
    together = [one for comparisons in by_judge.values() for one in comparisons]
    parts = matrices.parts(matrices.matrix(len(names.names), together))
    if len(parts) > 1:
        told = "; ".join(listed(names.names[i] for i in part) for part in parts)
        names.found.add("judgement-parts", place, parts=told)
        return None
    derived = elicit.from_pairs(names.names, by_judge)
    _tell_consistency(derived, names, place)
    return derived


def _best_worst(given: Given, names: Names) -> Derived | None:
    found, place = names.found, given.place("--best")
    columns = [of_texts(given.best_to, "--best-to", names, TIMES), of_texts(given.to_worst, "--to-worst", names, TIMES)]
    to_best, to_worst = _with_files(given, columns, names, TIMES)
    best = _end(given.best, to_best, "--best", names, place)
    worst = _end(given.worst, to_worst, "--worst", names, place)
    if best is None or worst is None:
        return None
    if best == worst:
        found.add("best-worst-same", place, name=names.names[best])
        return None
    for marks, end in ((to_best, best), (to_worst, worst)):
        own = marks.setdefault(end, Mark(1.0, place))
        if own.value != 1:
            found.add("matrix-diagonal", own.place, name=names.names[end], value=shown(own.value))
    _span(to_best, to_worst, best, worst, names)
    first = _figures(to_best, names, given.place("--best-to"))
    second = _figures(to_worst, names, given.place("--to-worst"))
    if found.errors or first is None or second is None:
        return None
    judged = BestWorst(best, worst, first, second)
    if _out_of_order(judged, (to_best, to_worst), names):
        return None
    derived = elicit.from_best_worst(names.names, judged)
    _tell_consistency(derived, names, place)
    return derived


def _end(text: str | None, marks: Marks, option: str, names: Names, place: Place) -> int | None:
    """The best or the worst criterion: as named, else the only one that is 1 against it."""
    if text is not None:
        return names.at(text, Place(f"{option} {text}"))
    ones = [i for i, mark in marks.items() if mark.value == 1]
    if len(ones) == 1:
        return ones[0]
    which = Message("best") if option == "--best" else Message("worst")
    names.found.add("best-worst-missing", place, which=which, example=f"{option} {names.names[0]}")
    return None


def _span(to_best: Marks, to_worst: Marks, best: int, worst: int, names: Names) -> None:
    """The best against the worst stands in both lists; once is enough, twice must be the same."""
    one, other = to_best.get(worst), to_worst.get(best)
    if one is not None and other is not None and one.value != other.value:
        pair = f"{names.names[best]} > {names.names[worst]}"
        names.found.add(
            "judgement-twice",
            other.place,
            pair=pair,
            value=shown(other.value),
            other=shown(one.value),
            first=one.place,
        )
    both = one or other
    if both is not None:
        to_best[worst] = to_worst[best] = both


def _out_of_order(judged: BestWorst, marks: tuple[Marks, Marks], names: Names) -> bool:
    """Whether anything is farther from the best than the worst is, or from the worst than the best is; told if so."""
    for end, other, figures, given in (
        (judged.best, judged.worst, judged.to_best, marks[0]),
        (judged.worst, judged.best, judged.to_worst, marks[1]),
    ):
        for j in np.flatnonzero(figures > judged.span).tolist():
            called = {"name": names.names[j], "end": names.names[end], "other": names.names[other]}
            names.found.add(
                "best-worst-order", given[j].place, **called, value=shown(figures[j]), span=shown(judged.span)
            )
    return bool((judged.to_best > judged.span).any() or (judged.to_worst > judged.span).any())


def _with_files(given: Given, columns: list[Marks], names: Names, allowed: Range) -> list[Marks]:
    """Marks of the command line, and those of files; a criterion that has both is told."""
    for path in given.files:
        for marks, more in zip(columns, columns_in(path, len(columns), names, allowed), strict=True):
            for i in marks.keys() & more.keys():
                names.found.add("judgement-again", more[i].place, name=names.names[i], first=marks[i].place)
            marks.update(more)
    return columns


def _figures(marks: Marks, names: Names, place: Place) -> Floats | None:
    """(n,) the figures; None if any is missing."""
    complete(marks, range(len(names.names)), names, place)
    if names.found.errors:
        return None
    return np.array([marks[i].value for i in range(len(names.names))])


def _tell_consistency(derived: Derived, names: Names, place: Place) -> None:
    """A warning where judgements contradict each other more than is taken, with the one to revisit."""
    consistency, revisit = derived.consistency, derived.revisit
    if consistency is None or consistency.acceptable:
        return
    args: dict[str, object] = {"ratio": f"{consistency.ratio:.2f}", "limit": f"{consistency.limit:.2f}"}
    if revisit is None:
        names.found.add("judgement-incoherent", place, **args)
        return
    args |= {"first": revisit.first, "second": revisit.second, "then": f"{revisit.ratio:.2f}"}
    args |= {"given": times(revisit.given), "consistent": times(revisit.consistent)}
    names.found.add("judgement-inconsistent", place, **args)
