"""Answers about a plan: explain.json, a table of what it would take, and the short of it on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import Console

from ...models.explanation import Answers, Conflict, Curve, Explanation, Repair, RuleCost, Step, Swap
from ...models.finding import Message
from . import cells, numbers
from . import json as plan_json
from .layout import folded
from .numbers import Language
from .words import clean, joined, say

EXPLAIN, TAKES, RESERVE, STEPS, RULES = "explain.json", "takes.csv", "reserve.csv", "prices.csv", "rules.csv"
WIDTH = 80
MOST_PEOPLE = 100
"""Projects whose answers are shown; the files have all of them."""
MOST_NAMES = 6
"""Projects that are named before "and so many more"."""

STANDINGS = {
    "must": Message("in every plan"),
    "could": Message("in some"),
    "never": Message("in none"),
}
KINDS = {
    "need": Message("a smaller need"),
    "outcome": Message("a larger outcome"),
    "weight": Message("another weight"),
    "supply": Message("a larger supply"),
}


def files(explanation: Explanation, language: Language) -> dict[str, bytes]:
    """explain.json and its tables: name -> content."""
    return {EXPLAIN: plan_json.document(explanation), **tables(explanation, language)}


def tables(explanation: Explanation, language: Language) -> dict[str, bytes]:
    """The tables that have something in them: name -> content."""
    found = {
        TAKES: takes(explanation, language) if explanation.projects else b"",
        RESERVE: reserve(explanation, language) if explanation.projects else b"",
        STEPS: steps(explanation, language) if explanation.prices else b"",
        RULES: rule_table(explanation, language) if explanation.rules else b"",
    }
    return {name: table for name, table in found.items() if table}


def takes(explanation: Explanation, language: Language) -> bytes:
    """What would admit each project, one change a row."""
    heads = [
        Message("project code"), Message("what changes"), Message("change"), Message("from"), Message("to"),
        Message("objective then (points)"),
    ]  # fmt: skip
    rows = [
        [answers.id, say(KINDS[taking.kind], language), step.path, step.from_, step.to, taking.objective]
        for answers in explanation.projects
        for taking in answers.takes
        for step in taking.changes
    ]
    return cells.sheet([[say(head, language) for head in heads], *rows])


def reserve(explanation: Explanation, language: Language) -> bytes:
    """The reserve list: what a withdrawal, or forcing one in, would lose, and who comes and goes."""
    heads = [
        Message("project code"), Message("what changes"), Message("loss (points)"),
        Message("enters"), Message("leaves"),
    ]  # fmt: skip
    kinds = (Message("withdrawn"), Message("forced in"))
    rows = [
        [answers.id, say(kind, language), at_most(swap.loss), names_of(swap.enters), names_of(swap.leaves)]
        for answers in explanation.projects
        for kind, swap in zip(kinds, (answers.withdrawn, answers.forced), strict=True)
        if swap is not None
    ]
    return cells.sheet([[say(head, language) for head in heads], *rows])


def steps(explanation: Explanation, language: Language) -> bytes:
    """The steps of every supply: one range of one price a row."""
    heads = [
        Message("scarce resource"), Message("zone"), Message("supply from"), Message("supply to"),
        Message("objective at from (points)"), Message("objective at to (points)"),
        Message("enters"), Message("leaves"),
    ]  # fmt: skip
    rows = [
        [c.measure, c.zone or "", s.from_, s.to, *s.objective, names_of(s.enters), names_of(s.leaves)]
        for c in explanation.prices
        for s in c.steps
    ]
    return cells.sheet([[say(head, language) for head in heads], *rows])


def rule_table(explanation: Explanation, language: Language) -> bytes:
    """What every rule costs, in points and by criterion."""
    criteria = sorted({name for cost in explanation.rules for name in cost.cost_in})
    heads = [say(Message("rule"), language), say(Message("cost (points)"), language), *criteria]
    rows = [[r.name, at_most(r.cost), *(r.cost_in.get(c, "") for c in criteria)] for r in explanation.rules]
    return cells.sheet([heads, *rows])


def at_most(points: float | tuple[float, float]) -> float:
    """A figure, or the upper end of an interval that is not closed."""
    return points[1] if isinstance(points, tuple) else points


def names_of(ids: tuple[str, ...]) -> str:
    """Ids in one cell."""
    return "; ".join(ids)


def show(explanation: Explanation, titles: Mapping[str, str], console: Console, language: Language) -> None:
    """Print the answers: in full about few projects, in short about many."""
    for line in lines(explanation, titles, language):
        console.print(line, soft_wrap=True)


def lines(explanation: Explanation, titles: Mapping[str, str], language: Language) -> Iterator[str]:
    """The answers line by line, none wider than the terminal's 80 columns where the words allow it."""
    yield from persons(explanation.projects, titles, language)
    if explanation.prices:
        yield ""
        yield say("What one unit more or less is worth:", language)
        for curve in explanation.prices:
            if f"supply|{curve.measure}|{curve.zone or ''}" not in explanation.unproved:
                yield from folded(price(curve, language), WIDTH, "  ")
    if explanation.rules:
        yield ""
        yield say("What each rule costs:", language)
        for cost in explanation.rules:
            yield from folded(rule(cost, language), WIDTH, "  ")
    for conflict in explanation.conflicts:
        yield from clash(conflict, language)
    for repair in explanation.repairs:
        yield from mend(repair, language)
    if explanation.unproved:
        yield ""
        names = {"number": len(explanation.unproved)}
        yield say("{number} claims stayed open at a limit; explain.json names them.", language, **names)


def persons(people: tuple[Answers, ...], titles: Mapping[str, str], language: Language) -> Iterator[str]:
    """Everything about some projects. Of very many those come first that were asked about more than their standing."""
    shown = people
    if len(people) > MOST_PEOPLE:
        shown = tuple(sorted(people, key=lambda one: not (one.takes or one.forced or one.withdrawn)))[:MOST_PEOPLE]
    for answers in shown:
        yield from person(answers, titles, language)
    if len(shown) < len(people):
        yield ""
        yield say("… and {count} more in the files", language, count=len(people) - len(shown))


def person(answers: Answers, titles: Mapping[str, str], language: Language) -> Iterator[str]:
    """Everything about one project."""
    yield ""
    yield f"{answers.id}  {clean(titles.get(answers.id, ''), 60)}".rstrip()
    told = [reason.text for reason in answers.reasons]
    told += [
        say("Within {points} points of the best: {standing}.", language, points=distance, standing=STANDINGS[standing])
        for distance, standing in answers.over_plans.items()
    ]
    if answers.forced is not None:
        told.append(swapped(answers.forced, Message("Forced in, the plan loses {points}"), language))
    if answers.withdrawn is not None:
        told.append(swapped(answers.withdrawn, Message("If it withdraws, the plan loses {points}"), language))
    for sentence in told:
        yield from folded(sentence, WIDTH, "  ")
    if answers.takes:
        yield "  " + say("What it would take, each alone:", language)
    for taking in answers.takes:
        yield f"    {' '.join(map(setting, taking.changes))}"
        if taking.admissible is not None:
            yield "      " + say(
                "(admissible from {figure} on, which alone is not enough)", language, figure=plain(taking.admissible)
            )


def plain(figure: float) -> str:
    """A figure as a command takes it."""
    return f"{figure:.6g}"


def setting(step: Step) -> str:
    """A change as a command takes it."""
    value = plain(step.to) if isinstance(step.to, float) else str(step.to)
    change = f"{step.path}={value}"
    return f'--set "{change}"' if " " in change else f"--set {change}"


def swapped(swap: Swap, template: Message, language: Language) -> str:
    """What a swap loses, who enters and who leaves."""
    told = [say(template, language, points=numbers.about(float(at_most(swap.loss)), numbers.POINTS, language))]
    if swap.enters:
        told.append(say("in: {names}", language, names=names(swap.enters, language)))
    if swap.leaves:
        told.append(say("out: {names}", language, names=names(swap.leaves, language)))
    return joined(told, language)


def names(ids: tuple[str, ...], language: Language) -> str:
    """Some ids, and how many more."""
    told = [clean(i, 40) for i in ids[:MOST_NAMES]]
    more = len(ids) - len(told)
    return joined([*told, *([say("{number} more", language, number=more)] if more else [])], language)


def price(curve: Curve, language: Language) -> str:
    """What one unit of a supply is worth; two figures where one more and one less differ, ∞ where the plan jumps."""
    where = f"{curve.measure}{f' @ {curve.zone}' if curve.zone else ''}"
    low, high = (numbers.any_number(float(f"{p:.3g}"), language) for p in curve.price)
    if low == high:
        return say("{resource}: one unit is worth {price} points", language, resource=where, price=low)
    sentence = Message("{resource}: one unit is worth {low} to {high} points, by direction")
    return say(sentence, language, resource=where, low=low, high=high)


def rule(cost: RuleCost, language: Language) -> str:
    """What one rule costs."""
    points = at_most(cost.cost)
    if points == float("inf"):
        return say("{rule}: no plan can keep it", language, rule=cost.name)
    shown = numbers.any_number(float(f"{points:.3g}"), language)
    return say("{rule}: {points} points", language, rule=cost.name, points=shown)


def clash(conflict: Conflict, language: Language) -> Iterator[str]:
    """Limits that cannot hold together."""
    yield ""
    yield say("These cannot hold together; without any one of them they could:", language)
    for member in conflict.members:
        yield from folded(f"{member.where}  {member.path}  {member.text}", WIDTH, "  ")


def mend(repair: Repair, language: Language) -> Iterator[str]:
    """Changes after which there is a plan."""
    yield ""
    yield say("This would do (objective {points}):", language, points=numbers.score(repair.objective, language))
    for step in repair.changes:
        yield f"    {setting(step)}"
