"""Elicited weights: elicit.json, and what the terminal says about them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console

from ...models.elicitation import Consistency, Elicitation, Revisit
from ...models.finding import Message
from . import json as plan_json
from . import numbers
from .explained import WIDTH
from .layout import Column, folded, laid_out
from .numbers import Language
from .words import clean, say, title

ELICIT = "elicit.json"
METHODS = {
    "ahp": Message("pairwise comparisons (AHP)"),
    "bwm": Message("best-worst method"),
    "rank-order": Message("rank order, centroid"),
    "rank-sum": Message("rank order, rank sum"),
    "rank-reciprocal": Message("rank order, reciprocal"),
    "swing": Message("swing points"),
    "points": Message("points"),
    "entropy": Message("entropy of the candidates' data"),
    "critic": Message("CRITIC, from the candidates' data"),
}


@dataclass(frozen=True)
class _Named:
    name: str
    title: str | None


def files(found: Elicitation) -> dict[str, bytes]:
    """elicit.json: name -> content."""
    return {ELICIT: plan_json.document(found)}


def show(found: Elicitation, console: Console, language: Language, written: str | None = None) -> None:
    """Print the weights. `written`: the scenario file that has them now."""
    for line in lines(found, language, written):
        console.print(line, soft_wrap=True)


def lines(found: Elicitation, language: Language, written: str | None = None) -> Iterator[str]:
    """The weights as a table, how consistent the judgements are, and what to copy."""
    yield say("Weights of 100, by {method}", language, method=METHODS[found.method])
    heads, body = laid_out(list(_columns(found, language)), WIDTH)
    yield from heads
    yield from body
    if found.consistency is not None:
        yield ""
        yield from folded(_consistent(found.consistency, language), WIDTH)
    if found.revisit is not None:
        yield from folded(_revisit(found.revisit, language), WIDTH)
    for judge in found.judges:
        ratio = numbers.NOTHING if judge.ratio is None else numbers.plain(judge.ratio, 2, language)
        name = clean(judge.name, 40) or "--pairs"
        sentence = Message("{judge}: {count} comparisons, ratio {ratio}")
        yield "  " + say(sentence, language, judge=name, count=judge.comparisons, ratio=ratio)
    yield ""
    if written is not None:
        yield from folded(say("Written into {file}; nothing else in it has changed.", language, file=written), WIDTH)
    elif found.changes:
        yield say("To use them:", language)
        yield "  " + settings(found)
    else:
        yield say("These are the present weights.", language)


def settings(found: Elicitation) -> str:
    """All weights as a command takes them; those left out would keep a weight on another scale."""
    return " ".join(f"--weight {_quoted(one.criterion, one.elicited)}" for one in found.weights)


def _quoted(name: str, weight: float) -> str:
    return shlex.quote(f'"{name}"={weight:g}' if "=" in name else f"{name}={weight:g}")


def _columns(found: Elicitation, language: Language) -> Iterator[Column]:
    places = max(1, *(len(f"{one.elicited:g}".partition(".")[2]) for one in found.weights))

    def figures(values: list[float | None]) -> list[str]:
        return [numbers.NOTHING if v is None else numbers.plain(v, places, language) for v in values]

    names = [clean(title(_Named(one.criterion, one.title), language), 40) for one in found.weights]
    yield Column(say("criterion", language), None, names, 0, right=False, least=12, most=40)
    yield Column(
        say("present weight", language), None, figures([one.present_of_100 for one in found.weights]), 1, least=9
    )
    yield Column(say("elicited weight", language), None, figures([one.elicited for one in found.weights]), 2, least=9)


def _consistent(consistency: Consistency, language: Language) -> str:
    figures = {
        "ratio": numbers.plain(consistency.ratio, 2, language),
        "limit": numbers.plain(consistency.limit, 2, language),
        "missing": consistency.missing,
    }
    if consistency.missing:
        told = Message("Consistency ratio {ratio} (at most {limit} is fine); pairs not compared: {missing}.")
    else:
        told = Message("Consistency ratio {ratio} (at most {limit} is fine).")
    return say(told, language, **figures)


def _revisit(revisit: Revisit, language: Language) -> str:
    sentence = Message(
        "Most at odds with the others: {first} against {second}, {given} was given, {consistent} agrees best."
    )
    names = {"first": clean(revisit.first, 40), "second": clean(revisit.second, 40)}
    given, consistent = numbers.times(revisit.given), numbers.times(revisit.consistent)
    return say(sentence, language, **names, given=given, consistent=consistent)
