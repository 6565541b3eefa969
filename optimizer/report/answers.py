"""What was asked about a plan, in the words of every format: intervals where a figure is not proved, changes with
their units, names instead of codes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...models.explanation import Answers, Curve, CurveStep, Explanation, RuleCost, Taking
from ...models.finding import Message
from ...models.plan import Decision, Plan, PlannedCriterion, Resource
from ..allocation import Allocation
from ..reading import paths
from . import numbers, sentences
from .explained import setting
from .numbers import Language
from .words import clean, joined, say, title

DUST = 1e-9
"""Points below this are rounding."""
MOST_NAMED = 6
"""Projects that a sentence names before "and so many more"."""
SHORT = 40
"""Characters of a title inside a sentence."""
POINTS = numbers.Style(1.0, 2, "")


def points(value: float | tuple[float, float], language: Language) -> str:
    """Points, or the interval in which they lie.

    >>> points(0.354, "en"), points((0.0, 1.2), "en"), points((0.8, float("inf")), "en"), points(float("inf"), "en")
    ('0.35', '0.00 to 1.20', 'at least 0.80', '∞')
    """
    if not isinstance(value, tuple):
        return numbers.figure(0.0 if abs(value) < DUST else value, POINTS, language)
    low, high = (points(one, language) for one in value)
    if low == high:
        return low
    if math.isinf(value[1]):
        return say("at least {low}", language, low=low)
    return say("{low} to {high}", language, low=low, high=high)


def titles(allocation: Allocation) -> dict[str, str]:
    """Project code -> what it is called in a sentence."""
    projects = allocation.projects
    return {id_: clean(name, SHORT) for id_, name in zip(projects["id"], projects["title"], strict=True)}


def named(ids: Sequence[str], called: Mapping[str, str], language: Language) -> str:
    """Some projects by their titles, and how many more."""
    told = joined([called.get(id_, clean(id_, SHORT)) for id_ in ids[:MOST_NAMED]], language)
    more = len(ids) - MOST_NAMED
    return told + say(" and {count} more", language, count=more) if more > 0 else told


def moves(enters: Sequence[str], leaves: Sequence[str], called: Mapping[str, str], language: Language) -> list[str]:
    """Who comes and who goes, each as a part of a sentence; nothing where nobody does."""
    told = []
    if enters:
        told.append(say("in: {names}", language, names=named(enters, called, language)))
    if leaves:
        told.append(say("out: {names}", language, names=named(leaves, called, language)))
    return told


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that would have to change, as texts."""

    what: str
    unit: str
    before: float | None
    after: float | None
    """figures in the unit; None where what stands there is no figure"""
    texts: tuple[str, str]
    """before and after with their units, told apart"""
    part: str
    """by how much of what stands now"""
    setting: str
    """as a command takes it"""

    @property
    def ends(self) -> tuple[float | None, float | None]:
        return self.before, self.after


def change(plan: Plan, taking: Taking, language: Language) -> Change:
    """The first change of a taking; there is one in each."""
    step = taking.changes[0]
    what, unit = _figure_of(plan, step.path, taking.kind, language)
    before, after = (v if isinstance(v, int | float) else None for v in (step.from_, step.to))
    part = ""
    if before and after is not None:
        part = f"{'+' if after > before else ''}{numbers.percent(after / before - 1.0, language)}"
    return Change(
        what, unit, before, after, _apart(step.from_, step.to, unit, language), part, clean(setting(step), 2000)
    )


def _figure_of(plan: Plan, path: str, kind: str, language: Language) -> tuple[str, str]:
    """What a path leads to in words, and its unit."""
    try:
        parts = paths.split(path)
    except ValueError:
        return clean(path), "1"
    if kind == "weight":
        criterion = next((c for c in plan.criteria if c.name in parts), None)
        name = clean(title(criterion, language), SHORT) if criterion else clean(path)
        return say("weight of {criterion}", language, criterion=name), "1"
    measure = next((m for m in plan.measures if m.name == parts[-1]), None)
    if measure is None:
        return clean(path), "1"
    if kind == "supply":
        zone = parts[1] if parts[0] == "zones" else None
        place = sentences.place(plan, measure.name, zone, language)
        return say("supply of {resource}", language, resource=place), measure.unit
    return clean(title(measure, language), SHORT), measure.unit


def _apart(before: object, after: object, unit: str, language: Language) -> tuple[str, str]:
    """Two figures of one unit, with more digits where they would look the same."""

    def told(value: object) -> str:
        if isinstance(value, int | float):
            if unit != "1":
                return numbers.quantity(value, unit, language)
            return numbers.any_number(float(f"{value:.4g}"), language)
        return numbers.NOTHING if value is None else clean(str(value), SHORT)

    one, other = told(before), told(after)
    if one != other or not isinstance(before, int | float) or not isinstance(after, int | float):
        return one, other
    name, gap = numbers.unit_name(unit, language), "" if language == "zh" else " "
    exact = [f"{numbers.any_number(value, language)}{gap}{name}".strip() for value in (before, after)]
    return exact[0], exact[1]


@dataclass(frozen=True, slots=True)
class Next:
    """What more of a supply brings first. `more`: so much more of it is needed before anything happens."""

    more: float
    gain: float
    """points at once"""
    slope: float
    """points per unit from there on"""
    until: float
    """up to so much more than there is"""
    step: CurveStep


def next_step(curve: Curve, supply: float) -> Next | None:
    """The next real step of a curve above a supply; one without gain and slope where none is known."""
    tiny = 1e-9 * max(1.0, abs(supply))
    i = here(curve, supply)
    at = curve.steps[i]
    if at.from_ > supply + tiny:
        return None
    now = at.objective[0] + slope_of(at) * (supply - at.from_)
    room = 1e-7 * max(1.0, abs(now))
    if at.to > supply + tiny and at.objective[1] - now > room:
        return Next(0.0, 0.0, slope_of(at), at.to - supply, at)
    for step in curve.steps[i + 1 :]:
        gain = step.objective[0] - now
        if gain > room or step.objective[1] - now > room:
            return Next(step.from_ - supply, gain if gain > room else 0.0, slope_of(step), step.to - supply, step)
    return Next(math.inf, 0.0, 0.0, curve.steps[-1].to - supply, curve.steps[-1])


def here(curve: Curve, supply: float) -> int:
    """Which step a supply lies in; the first where there is no plan with so little."""
    return max(
        (i for i, step in enumerate(curve.steps) if step.from_ <= supply + 1e-9 * max(1.0, abs(supply))), default=0
    )


def slope_of(step: CurveStep) -> float:
    """Points per unit within a step."""
    wide = step.to - step.from_
    rise = step.objective[1] - step.objective[0]
    return rise / wide if wide > 0 and abs(rise) > DUST else 0.0


def curve_of(answers: Explanation | None, resource: Resource) -> Curve | None:
    """The curve of one supply, where it was asked for."""
    curves = answers.prices if answers is not None else ()
    return next((c for c in curves if (c.measure, c.zone) == (resource.measure, resource.zone) and c.steps), None)


def one_more(allocation: Allocation, resource: Resource, language: Language) -> str:
    """What more of a supply brings by its curve; "" where it has none, or its price in a linear plan is unique."""
    curve = curve_of(allocation.answers, resource)
    if curve is None:
        return ""
    low, high = curve.price
    if allocation.plan.linear:
        return "" if near(low, high) else interval(curve, resource.unit, language)
    found = next_step(curve, resource.supply)
    if found is None:
        return ""
    return next_words(found, resource.unit, titles(allocation), language)


def divided(allocation: Allocation, language: Language) -> bool:
    """Whether a figure of what one more brings is that of projects that could all be divided."""
    rows = (row for row in allocation.plan.resources if row.price > sentences.NEGLIGIBLE)
    known = allocation.answers is not None and all(one_more(allocation, row, language) for row in rows)
    return not allocation.plan.linear and not known


def near(low: float, high: float) -> bool:
    """Whether a price is one figure: the ends of its interval are the same but for rounding."""
    return low == high or abs(high - low) <= 1e-6 * max(abs(low), abs(high))


def interval(curve: Curve, unit: str, language: Language) -> str:
    """A price that is not unique: one less costs more than one more brings."""
    low, high = (numbers.any_number(float(f"{p:.3g}"), language) for p in curve.price)
    name = unit_of(unit, language)
    if math.isinf(curve.price[1]):
        return say("{low} points per {unit}, and one {unit} less is worth more", language, low=low, unit=name)
    return say("{low} to {high} points per {unit}, by direction", language, low=low, high=high, unit=name)


def unit_of(unit: str, language: Language) -> str:
    """A unit as "one mu more" has it: a year's flow without the year."""
    return numbers.unit_name(unit, language).removesuffix("/year").removesuffix("/年")


def next_words(found: Next, unit: str, called: Mapping[str, str], language: Language) -> str:
    """What more of a supply brings first, as a sentence."""
    if math.isinf(found.more):
        return say("nothing up to {amount} more", language, amount=amount(found.until, unit, language))
    name, more = unit_of(unit, language), amount(found.more, unit, language, up=True)
    price = numbers.any_number(float(f"{found.slope:.2g}"), language)
    if found.more <= 0 or not found.gain:
        upto = amount(found.until, unit, language)
        if found.more <= 0:
            return say("{price} points per {unit}, up to {amount} more", language, price=price, unit=name, amount=upto)
        words = Message("from {more} more on {price} points per {unit}, up to {amount} more")
        return say(words, language, more=more, price=price, unit=name, amount=upto)
    told = [say("{amount} more brings {points} points", language, amount=more, points=points(found.gain, language))]
    told += moves(found.step.enters, found.step.leaves, called, language)
    return ("，" if language == "zh" else ", ").join(told)


def amount(value: float, unit: str, language: Language, *, up: bool = False) -> str:
    """A figure with its unit; `up`: rounded so that it is enough.

    >>> amount(12.2, "mu", "en"), amount(12.2, "mu", "en", up=True)
    ('12 mu', '13 mu')
    """
    how = numbers.fitting(unit, language, value)
    if up and math.isfinite(value):
        scale = how.factor * 10.0**how.decimals
        value = math.ceil(value * scale * (1 - 1e-12)) / scale
    number, name = numbers.figure(value, how, language), how.unit.removesuffix("/year").removesuffix("/年")
    return number + name if language == "zh" or not name else f"{number} {name}"


def gains(plan: Plan, changes: Mapping[str, float], language: Language) -> list[str]:
    """Changes of criteria, each in its own unit with its sign; those that stay where they are left out."""
    return [
        say("{criterion} {change}", language, criterion=clean(title(c, language), SHORT),
            change=signed(changes[c.name], c, language))
        for c in plan.criteria
        if abs(changes.get(c.name, 0.0)) > DUST * max(1.0, abs(c.scale))
    ]  # fmt: skip


def signed(value: float, criterion: PlannedCriterion, language: Language) -> str:
    """A change of a criterion, with sign and unit."""
    told = numbers.quantity(abs(value), criterion.unit, language)
    return f"{'+' if value > 0 else '−'}{told}"


def rule_title(plan: Plan, cost: RuleCost, language: Language) -> str:
    """What a rule is called."""
    rule = next((row for row in plan.rules if row.name == cost.name), None)
    return clean(title(rule, language) if rule else cost.name, 60)


def enforced(cost: RuleCost) -> bool:
    """Whether the cost is that of keeping a soft rule to the full, and not that of having a hard one."""
    return any(step.path.endswith(".soft") for step in cost.changes)


def cost_words(cost: RuleCost, language: Language) -> str:
    """What a rule costs, in points; that it costs nothing, or cannot be kept at all."""
    if cost.cost == math.inf:
        return say("no plan can keep it to the full", language)
    if not isinstance(cost.cost, tuple) and abs(cost.cost) <= DUST:
        return say("nothing", language)
    if not isinstance(cost.cost, tuple) and cost.cost < 0:
        return say("it brings {points} points", language, points=points(-cost.cost, language))
    return say("{points} points", language, points=points(cost.cost, language))


def waiting(allocation: Allocation) -> Iterator[Answers]:
    """The answers about projects that compete and are left out, in the order of the plan."""
    yield from (one for one in _ordered(allocation) if one.decision is Decision.REJECTED)


def reserve(allocation: Allocation) -> Iterator[Answers]:
    """The answers about projects that could withdraw or be forced in, in the order of the plan."""
    yield from (one for one in _ordered(allocation) if one.withdrawn is not None or one.forced is not None)


def _ordered(allocation: Allocation) -> list[Answers]:
    if allocation.answers is None:
        return []
    found = {answers.id: answers for answers in allocation.answers.projects}
    return [found[id_] for id_ in allocation.projects["id"] if id_ in found]


def open_takes(allocation: Allocation) -> dict[str, list[str]]:
    """Project -> the figures (paths) about which it stayed open whether they would do; "" for all of them."""
    found: dict[str, list[str]] = {}
    for name in allocation.answers.unproved if allocation.answers is not None else ():
        kind, _, rest = name.partition("|")
        if kind == "takes":
            project, _, path = rest.partition("|")
            found.setdefault(project, []).append(path)
    return found


def open_names(allocation: Allocation, kind: str, language: Language) -> list[str]:
    """What stayed open at a limit, by name. `kind`: takes, over_plans, supply or rules."""
    plan, called = allocation.plan, titles(allocation)
    found = []
    for name in allocation.answers.unproved if allocation.answers is not None else ():
        head, _, rest = name.partition("|")
        if head != kind and not (kind == "rules" and name.startswith("rules.")):
            continue
        if kind == "rules":
            found.append(_rule_of(plan, name, language))
        elif kind == "supply":
            measure, _, zone = rest.partition("|")
            found.append(sentences.place(plan, measure, zone or None, language))
        else:
            id_ = rest.partition("|")[0]
            found.append(called.get(id_, clean(id_, SHORT)))
    return list(dict.fromkeys(found))


def _rule_of(plan: Plan, path: str, language: Language) -> str:
    try:
        name = paths.split(path)[1]
    except (ValueError, IndexError):
        return clean(path)
    rule = next((row for row in plan.rules if row.name == name), None)
    return clean(title(rule, language) if rule else name, SHORT)


def still_open(allocation: Allocation, kind: str, language: Language, most: int = 12) -> str:
    """A sentence that names what stayed open; "" where nothing did."""
    names = open_names(allocation, kind, language)
    if not names:
        return ""
    told = joined(names[:most], language)
    told += say(" and {count} more", language, count=len(names) - most) if len(names) > most else ""
    return say("Not proved within the time: {names}.", language, names=told)


def other_optimum(allocation: Allocation, language: Language) -> str:
    """That the exact optimum, which the answers are about, is another plan than this one; "" where it is not."""
    inside = (Decision.COMMITTED, Decision.ADMITTED, Decision.PARTIAL)
    decided = dict(zip(allocation.projects["id"], allocation.projects["decision"], strict=True))
    moved = [a.id for a in _ordered(allocation) if (a.decision in inside) != (decided[a.id] in inside)]
    if not moved:
        return ""
    words = Message("The answers are about the exact optimum, which decides otherwise on {names}.")
    return say(words, language, names=named(moved, titles(allocation), language))
