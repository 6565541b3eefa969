"""The weights that decisions imply, in words and tables."""

from __future__ import annotations

import shlex

from ...models.finding import Message
from ...models.tuning import Match
from .sections import Document, Section, Table
from .tuned import DIGITS, Names, caveats, weight
from .words import say

CLASH = Message("cannot be kept together with the others marked so")
WANTED = {"in": Message("in"), "out": Message("out")}


def match(result: Match, names: Names, scenario: str) -> Document:
    """The weights of decisions."""
    language = names.language
    kept = sum(d.agrees for d in result.decisions)
    counts = {"kept": kept, "all": len(result.decisions)}
    if result.found:
        assert result.moved is not None
        moved = names.percent(result.moved)
        nearest = Message("These weights agree with every decision; {moved} of all weight changes hands.")
        if result.proved:
            nearest = Message(
                "The nearest weights that agree with every decision: {moved} of all weight changes hands."
            )
        if not result.changes:
            nearest = Message("The present weights already agree with every decision.")
        answer = say(nearest, language, moved=moved)
    elif result.loss is None:
        answer = say("No plan keeps all of these decisions under the hard rules, whatever the weights.", language)
    elif result.proved:
        answer = say("No weights lead to all of these decisions; {kept} of {all} can agree.", language, **counts)
    else:
        answer = say(
            "No weights were found that lead to all of these decisions; {kept} of {all} agree.", language, **counts
        )
    sections = [decided(result, names)]
    if result.weights is not None:
        sections.append(weights(result, names, scenario))
    return Document(say("Weights of decisions: {title}", language, title=names.title), answer, sections)


def decided(result: Match, names: Names) -> Section:
    language = names.language
    words = caveats(language, held=result.tiers_held, proved=result.proved or result.found)
    if result.loss is not None:
        words.append(
            say("At the present weights the decisions cost {points}.", language, points=names.points(result.loss))
        )
    told = {True: Message("yes"), False: Message("no weights lead to it"), None: Message("open")}
    rows = [
        [
            names.of([d.project]),
            say(WANTED[d.wanted], language),
            say(CLASH if d.clash else told[d.explained], language),
            say(Message("yes") if d.agrees else Message("no"), language),
        ]
        for d in result.decisions
    ]
    heads = [
        say(h, language)
        for h in (Message("project"), Message("decided"), Message("explained by some weights"), Message("agrees here"))
    ]
    return Section(say("The decisions", language), words, Table(heads, rows, words=(1, 2, 3)))


def weights(result: Match, names: Names, scenario: str) -> Section:
    language = names.language
    assert result.weights is not None
    now = {name: c.weight for name, c in names.scenario.criteria.items()}
    total = sum(now.values())
    rows = [[names.criterion(name), weight(now[name]), weight(total * part)] for name, part in result.weights.items()]
    heads = [say(h, language) for h in (Message("criterion"), Message("weight now"), Message("weight then"))]
    options = [f"--weight {shlex.quote(f'{n}={total * part:.{DIGITS}g}')}" for n, part in result.weights.items()]
    code = [f"landalloc solve {shlex.quote(scenario)} {' '.join(options)}"] if result.changes else []
    return Section(say("The weights", language), [], Table(heads, rows), code=code)
