"""What report.html says of the answers about a plan, section by section, as texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ...models.explanation import Alternative, Answers, Curve, CurveStep, RuleCost, Swap
from ...models.finding import Message
from ...models.plan import Plan, Resource
from ..allocation import Allocation
from . import answers, numbers, page, sentences, svg
from .answers import Change
from .explained import STANDINGS
from .numbers import Language
from .page import MOST_NAMED, MOST_ROWS, Item, Listed
from .words import clean, say

MOST_STEPS = 12
"""Steps of a curve in its table, those around the supply there is; prices.csv has them all."""
ROWS_A_CURVE = 5
"""Where so many rows of a table are shown, so many times fewer curves are: those that move the plan most."""


@dataclass(frozen=True, slots=True)
class Wanting:
    """A project that is left out and what would admit it."""

    item: Item
    changes: Sequence[tuple[Change, str, bool]]
    """each with the points of the plan then, and whether it is proved"""
    note: str


@dataclass(frozen=True, slots=True)
class Standby:
    """A project that could withdraw or be forced in: what that loses, who comes and who goes."""

    item: Item
    near: Sequence[str]
    """its standing over all plans within each distance"""
    loss: str
    enters: Listed
    leaves: Listed
    proved: bool


@dataclass(frozen=True, slots=True)
class StepRow:
    """One range of a supply."""

    range: str
    price: str
    value: str
    enters: Listed
    leaves: Listed
    here: bool
    """the supply there is lies in it"""


@dataclass(frozen=True, slots=True)
class Steps:
    """The curve of one supply."""

    name: str
    unit: str
    told: str
    chart: Markup
    rows: Sequence[StepRow]
    more: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What one rule costs."""

    name: str
    points: str
    enforced: bool
    gains: Sequence[str]


@dataclass(frozen=True, slots=True)
class Other:
    """A plan that is clearly different and nearly as good."""

    points: str
    less: str
    enters: Listed
    leaves: Listed
    gains: Sequence[str]


@dataclass(frozen=True, slots=True)
class Said:
    """Everything that the page says of the answers."""

    otherwise: str
    takes: Sequence[Wanting]
    takes_more: int
    takes_none: Listed
    """those whom no change of a single figure admits, as far as that was tried"""
    takes_open: str
    steps: Sequence[Steps]
    steps_more: int
    still: str
    """supplies of which more or less changes nothing"""
    steps_open: str
    distances: Sequence[str]
    withdrawn: Sequence[Standby]
    forced: Sequence[Standby]
    reserve_more: int
    reserve_open: str
    costs: Sequence[Cost]
    costs_open: str
    others: Sequence[Other]

    @property
    def wanted(self) -> bool:
        """Whether there is anything to say of what it would take."""
        return bool(self.takes or self.takes_none.items or self.takes_open)


def said(allocation: Allocation, anchors: Mapping[str, str], language: Language, most: int = MOST_ROWS) -> Said | None:
    """The answers as the page writes them, `most` rows of each kind; None where nothing was asked."""
    if allocation.answers is None:
        return None
    people = _People(allocation, anchors)
    wanting = _wanting(allocation, people, language)
    open_ = answers.open_takes(allocation)
    hopeless = [one.id for one in answers.waiting(allocation) if not one.takes and one.id not in open_]
    moving, still = _moving(allocation, language)
    shown = sorted(sorted(range(len(moving)), key=lambda i: -_rise(moving[i][0]))[: most // ROWS_A_CURVE])
    withdrawn = [_standby(one, one.withdrawn, people, language) for one in answers.reserve(allocation) if one.withdrawn]
    forced = [_standby(one, one.forced, people, language) for one in answers.reserve(allocation) if one.forced]
    return Said(
        otherwise=answers.other_optimum(allocation, language),
        takes=wanting[:most],
        takes_more=max(0, len(wanting) - most),
        takes_none=people.listed(hopeless),
        takes_open=answers.still_open(allocation, "takes", language),
        steps=[_steps(allocation, *moving[i], people, language) for i in shown],
        steps_more=len(moving) - len(shown),
        still=page.named(still, language),
        steps_open=answers.still_open(allocation, "supply", language),
        distances=distances(allocation, language),
        withdrawn=withdrawn[:most],
        forced=forced[:most],
        reserve_more=max(0, len(withdrawn) - most) + max(0, len(forced) - most),
        reserve_open=answers.still_open(allocation, "over_plans", language),
        costs=[_cost(allocation.plan, cost, language) for cost in allocation.answers.rules[:most]],
        costs_open=answers.still_open(allocation, "rules", language),
        others=[_other(allocation.plan, other, people, language) for other in allocation.answers.alternatives],
    )


class _People:
    """Projects as items: by their titles, with links to their rows."""

    def __init__(self, allocation: Allocation, anchors: Mapping[str, str]) -> None:
        self._anchors = anchors
        self._called = answers.titles(allocation)

    def item(self, id_: str) -> Item:
        return Item(self._anchors.get(id_, ""), self._called.get(id_, clean(id_, answers.SHORT)), ())

    def listed(self, ids: Iterable[str], but: str = "") -> Listed:
        """Some of them, without the one that it is all about."""
        found = [self.item(id_) for id_ in ids if id_ != but]
        return Listed(found[:MOST_NAMED], max(0, len(found) - MOST_NAMED))


def distances(allocation: Allocation, language: Language) -> list[str]:
    """The distances from the best plan at which standings are known, as headings."""
    known = next(iter(allocation.answers.projects), None) if allocation.answers is not None else None
    return [distance(d, language) for d in (known.over_plans if known is not None else ())]


def distance(points: str, language: Language) -> str:
    """One distance from the best plan as a heading."""
    if points == "0":
        return say("among the best plans", language)
    return say("up to {points} below the best (points)", language, points=clean(points, 12))


def _wanting(allocation: Allocation, people: _People, language: Language) -> list[Wanting]:
    open_ = answers.open_takes(allocation)
    found = []
    for one in answers.waiting(allocation):
        if not one.takes:
            continue
        left = open_.get(one.id, [])
        note = say("Whether other figures would do stayed open.", language) if left else ""
        changes = []
        for taking in one.takes:
            then = numbers.figure(taking.objective, answers.POINTS, language)
            proved = taking.changes[0].path not in left
            changes.append((answers.change(allocation.plan, taking, language), then, proved))
        found.append(Wanting(people.item(one.id), changes, note))
    return found


def _standby(one: Answers, swap: Swap | None, people: _People, language: Language) -> Standby:
    assert swap is not None
    return Standby(
        item=people.item(one.id),
        near=[say(STANDINGS[standing], language) for standing in one.over_plans.values()],
        loss=answers.points(swap.loss, language),
        enters=people.listed(swap.enters, one.id),
        leaves=people.listed(swap.leaves, one.id),
        proved=not isinstance(swap.loss, tuple),
    )


def _moving(allocation: Allocation, language: Language) -> tuple[list[tuple[Curve, Resource]], list[str]]:
    """The curves that move, each with its supply, and the names of the others."""
    plan, held = allocation.plan, allocation.answers
    rows = {(row.measure, row.zone): row for row in plan.resources}
    moving, still = [], []
    for curve in held.prices if held is not None else ():
        row = rows.get((curve.measure, curve.zone))
        if row is None or not curve.steps:
            continue
        if _rise(curve) > answers.DUST:
            moving.append((curve, row))
        else:
            still.append(sentences.place(plan, curve.measure, curve.zone, language))
    return moving, still


def _rise(curve: Curve) -> float:
    """How much the plan moves over a curve, points."""
    values = [value for step in curve.steps for value in step.objective]
    return max(values) - min(values)


def _steps(allocation: Allocation, curve: Curve, row: Resource, people: _People, language: Language) -> Steps:
    plan, supply = allocation.plan, row.supply
    name = sentences.place(plan, curve.measure, curve.zone, language)
    how = page.row_style(row.unit, language, curve.steps[-1].to)
    here = answers.here(curve, supply)
    first = max(0, min(here - MOST_STEPS // 2, len(curve.steps) - MOST_STEPS))
    shown = curve.steps[first : first + MOST_STEPS]
    return Steps(
        name=name,
        unit=how.unit,
        told=now(allocation, curve, row, language),
        chart=chart(curve, name, how, supply, language),
        rows=[_step(step, how, people, language, here=first + i == here) for i, step in enumerate(shown)],
        more=len(curve.steps) - len(shown),
    )


def now(allocation: Allocation, curve: Curve, row: Resource, language: Language) -> str:
    """How much there is, and what more of it brings, in a sentence."""
    there = answers.amount(row.supply, row.unit, language)
    low, high = curve.price
    if allocation.plan.linear and not answers.near(low, high):
        more = answers.interval(curve, row.unit, language)
    else:
        found = answers.next_step(curve, row.supply)
        more = answers.next_words(found, row.unit, answers.titles(allocation), language) if found is not None else ""
    return say("There is {amount}. More of it: {more}.", language, amount=there, more=more or numbers.NOTHING)


def chart(curve: Curve, name: str, how: numbers.Style, supply: float, language: Language) -> Markup:
    """The points of the plan over the supply."""
    runs = [(s.from_ * how.factor, s.objective[0], s.to * how.factor, s.objective[1]) for s in curve.steps]
    label = say("{resource}: points of the plan by supply", language, resource=name)
    across = svg.Axis(page.head(say("supply", language), how.unit, language), supply * how.factor,
                      say("supply now", language))  # fmt: skip
    return svg.line(runs, across, svg.Axis(say("points of the plan", language), None, ""), label)


def _step(step: CurveStep, how: numbers.Style, people: _People, language: Language, *, here: bool) -> StepRow:
    ends = [numbers.figure(value, how, language) for value in (step.from_, step.to)]
    values = [numbers.figure(value, answers.POINTS, language) for value in step.objective]
    slope = answers.slope_of(step)
    return StepRow(
        range=say("{low} to {high}", language, low=ends[0], high=ends[1]),
        price=numbers.any_number(float(f"{slope / how.factor:.3g}"), language) if slope else numbers.NOTHING,
        value=values[0] if values[0] == values[1] else say("{low} to {high}", language, low=values[0], high=values[1]),
        enters=people.listed(step.enters),
        leaves=people.listed(step.leaves),
        here=here,
    )


def _cost(plan: Plan, cost: RuleCost, language: Language) -> Cost:
    return Cost(
        name=answers.rule_title(plan, cost, language),
        points=answers.cost_words(cost, language),
        enforced=answers.enforced(cost),
        gains=answers.gains(plan, cost.cost_in, language),
    )


def _other(plan: Plan, other: Alternative, people: _People, language: Language) -> Other:
    changes = {c.name: other.criteria[c.name] - c.total for c in plan.criteria if c.name in other.criteria}
    return Other(
        points=numbers.figure(other.objective, answers.POINTS, language),
        less=answers.points(max(0.0, plan.objective - other.objective), language),
        enters=people.listed(other.enters),
        leaves=people.listed(other.leaves),
        gains=answers.gains(plan, changes, language),
    )


def of_project(
    plan: Plan, one: Answers, called: Mapping[str, str], language: Language
) -> tuple[list[str], list[tuple[str, str]]]:
    """What a project's card says of its answers: sentences, and changes each with what to copy."""
    told = [
        say("Within {points} points of the best: {standing}.", language,
            points=clean(points, 12), standing=STANDINGS[standing])
        for points, standing in one.over_plans.items()
    ]  # fmt: skip
    for swap, words in (
        (one.withdrawn, Message("If it withdraws, the plan loses {points} points")),
        (one.forced, Message("If it is forced in, the plan loses {points} points")),
    ):
        if swap is not None:
            enters, leaves = ([id_ for id_ in ids if id_ != one.id] for ids in (swap.enters, swap.leaves))
            parts = [say(words, language, points=answers.points(swap.loss, language))]
            told.append(
                ("，" if language == "zh" else ", ").join([*parts, *answers.moves(enters, leaves, called, language)])
            )
    changes = []
    for taking in one.takes:
        found = answers.change(plan, taking, language)
        text = say("{what} from {before} to {after}", language, what=found.what,
                   before=found.texts[0], after=found.texts[1])  # fmt: skip
        changes.append((text, found.setting))
    return told, changes
