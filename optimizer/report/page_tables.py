"""The tables of report.html on supplies, rules and prices, as texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ...models.finding import Message
from ...models.plan import Plan, Resource, RuleRow
from . import numbers, page, sentences, svg
from .numbers import Language
from .page import MOST_ROWS, SHORT
from .words import clean, say, title

MOST_DECIMALS = 4
_POINTS = numbers.Style(1.0, 2, "")

KINDS: Mapping[str, Message] = {
    "standard": Message("admission standard"),
    "veto": Message("veto"),
    "total": Message("target total"),
    "ratio": Message("ratio of two totals"),
    "count": Message("number of projects"),
    "requires": Message("one needs another"),
    "exclusive": Message("one of several"),
    "together": Message("to the same share"),
    "synergy": Message("bring more together"),
    "mix": Message("number of trades"),
    "even_use": Message("even use of zones"),
}
BOUNDS: Mapping[str, Message] = {
    "at_least": Message("at least {limit}"),
    "at_most": Message("at most {limit}"),
    "exactly": Message("exactly {limit}"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """The rules of one kind, by their titles."""

    name: str
    titles: str


def kinds(plan: Plan, language: Language) -> list[Kind]:
    """Which rules there are, in file order within each kind."""
    titles: dict[str, dict[str, str]] = {}
    for row in plan.rules:
        titles.setdefault(row.kind, {})[row.name] = clean(title(row, language), SHORT)
    return [Kind(say(KINDS[kind], language), page.named(list(t.values()), language)) for kind, t in titles.items()]


@dataclass(frozen=True, slots=True)
class SupplyRow:
    """The balance of one supply, as texts."""

    name: str
    zone: str
    unit: str
    supply: str
    made: str
    """part of it that projects of the plan make"""
    moved: str
    asked: str
    committed: str
    granted: str
    left: str
    use: str
    bar: Markup
    brings: str
    assumed: bool
    tight: bool


def supplies(plan: Plan, language: Language) -> list[SupplyRow]:
    """Every supply that somebody asks for or uses, in file order; the tightest ones where there are too many."""
    rows = [row for row in plan.resources if row.requested > 0 or row.used > 0]
    if len(rows) > MOST_ROWS:
        tightest = sorted(range(len(rows)), key=lambda i: (-rows[i].price * rows[i].supply, -rows[i].shortage))
        rows = [rows[i] for i in sorted(tightest[:MOST_ROWS])]
    return [_supply(plan, row, language) for row in rows]


def _supply(plan: Plan, row: Resource, language: Language) -> SupplyRow:
    available = row.supply + row.made
    how = page.row_style(row.unit, language, max(row.requested, available, row.used))

    def figure(value: float) -> str:
        return numbers.figure(value, how, language)

    def some(value: float) -> str:
        return figure(value) if abs(value) > sentences.NEGLIGIBLE else ""

    zone = next((clean(title(zone, language), SHORT) for zone in plan.zones if zone.name == row.zone), None)
    label = say("{measure}: asked {asked}, available {available}, granted {granted}", language,
                measure=sentences.place(plan, row.measure, row.zone, language),
                asked=figure(row.requested), available=figure(available), granted=figure(row.used))  # fmt: skip
    return SupplyRow(
        name=clean(title(page.by_name(plan)[row.measure], language), SHORT),
        zone=zone or say("whole region", language),
        unit=how.unit,
        supply=figure(available),
        made=some(row.made),
        moved=("+" if row.substituted > 0 else "") + some(row.substituted),
        asked=figure(row.requested),
        committed=figure(row.committed),
        granted=figure(row.used),
        left=figure(_left(row)),
        use=page.use(row.used, available + row.substituted, language),
        bar=svg.bar(row.requested, available + row.substituted, row.used, label),
        brings=one_more(plan, row, language),
        assumed=row.assumed,
        tight=row.shortage > 0,
    )


def _left(row: Resource) -> float:
    """What is left, without the noise of sums."""
    return row.slack if abs(row.slack) > 1e-7 * max(1.0, row.supply) else 0.0


def one_more(plan: Plan, row: Resource, language: Language) -> str:
    """What one more unit would bring, as a sentence in the reader's terms."""
    brings = sentences.gain(plan, row, language)
    if not brings:
        return sentences.one_more(plan, row, language)
    unit = numbers.unit_name(row.unit, language)
    unit = unit.removesuffix("/year").removesuffix("/年")
    return say("one {unit} more brings {change}", language, unit=unit, change=brings)


@dataclass(frozen=True, slots=True)
class Target:
    """A limit and how the plan stands to it, as texts."""

    name: str
    kind: str
    source: str
    limit: str
    existing: str
    adds: str
    value: str
    kept: bool
    result: str
    cost: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule without a figure to reach, as texts."""

    name: str
    kind: str
    source: str
    kept: bool
    result: str
    cost: str


def _has_figure(row: RuleRow) -> bool:
    return row.limit is not None and row.value is not None and row.kind not in ("standard", "veto")


def _some(rows: Sequence[RuleRow]) -> Sequence[RuleRow]:
    """All, or those that are missed or hold the plan back first where there are too many."""
    if len(rows) <= MOST_ROWS:
        return rows
    return sorted(rows, key=lambda row: (row.kept, not row.price))[:MOST_ROWS]


def targets(plan: Plan, language: Language) -> list[Target]:
    """Limits of figures: what stands, what the plan adds, kept or short, what that costs."""
    return [_target(plan, row, language) for row in _some([row for row in plan.rules if _has_figure(row)])]


def _target(plan: Plan, row: RuleRow, language: Language) -> Target:
    figure = _figures(row, language)
    stands = row.existing is not None and row.value is not None and row.kind in ("total", "count")
    bound = BOUNDS[row.bound or "at_most"]
    return Target(
        name=_rule_name(plan, row, language),
        kind=say(KINDS[row.kind], language),
        source=clean(row.source or ""),
        limit=say(bound, language, limit=_figures(row, language, own=True)(row.limit)),
        existing=figure(row.existing) if row.existing else "",
        adds=figure((row.value or 0.0) - (row.existing or 0.0)) if stands else "",
        value=figure(row.value),
        kept=row.kept,
        result=_result(row, figure, language),
        cost=_cost(row, language),
    )


def _rule_name(plan: Plan, row: RuleRow, language: Language) -> str:
    name = clean(title(row, language), SHORT)
    if not row.each:
        return name
    zone = next((zone for zone in plan.zones if zone.name == row.each), None)
    return say("{rule} ({value})", language, rule=name, value=clean(title(zone, language) if zone else row.each, SHORT))


def _figures(row: RuleRow, language: Language, *, own: bool = False) -> Callable[[float | None], str]:
    """How the figures of a rule are written: as many decimals as its limit and what stands have, more where a miss
    would not show; `own`: as many as the limit alone has.
    """
    factor, sign = (100.0, "%") if row.kind == "even_use" else (1.0, "")
    limit, value = (row.limit or 0.0) * factor, (row.value or 0.0) * factor
    places = max(_decimals(limit), 0 if own else _decimals((row.existing or 0.0) * factor))
    while not own and not row.kept and places < MOST_DECIMALS and round(limit, places) == round(value, places):
        places += 1

    def figure(number: float | None) -> str:
        return numbers.plain(number * factor, places, language) + sign if number is not None else numbers.NOTHING

    return figure


def _decimals(value: float) -> int:
    """Decimals of a figure as people gave it: 0.75 has two, a third has `MOST_DECIMALS`.

    >>> _decimals(0.75), _decimals(3800.0), _decimals(1 / 3)
    (2, 0, 4)
    """
    return next(
        (n for n in range(MOST_DECIMALS) if abs(round(value, n) - value) <= 1e-9 * max(1.0, abs(value))), MOST_DECIMALS
    )


def _result(row: RuleRow, figure: Callable[[float | None], str], language: Language) -> str:
    if row.kept:
        return say("kept", language)
    if row.kind in ("total", "count") and row.bound != "exactly":
        words = Message("{shortfall} too much") if row.bound == "at_most" else Message("{shortfall} short")
        return say(words, language, shortfall=figure(row.shortfall))
    return say("not kept", language)


def _cost(row: RuleRow, language: Language) -> str:
    """What missing it costs, or that it holds the plan back where easing it would gain something."""
    if row.penalty > sentences.NEGLIGIBLE:
        return say("{points} points off", language, points=numbers.score(row.penalty, language))
    if row.kept and row.price is not None and abs(row.price) > sentences.NEGLIGIBLE:
        return say("holds the plan back", language)
    return ""


def others(plan: Plan, language: Language) -> list[Rule]:
    """Rules that are kept or not, at work or not, and whom they exclude."""
    return [
        Rule(
            name=_rule_name(plan, row, language),
            kind=say(KINDS[row.kind], language),
            source=clean(row.source or ""),
            kept=row.kept,
            result=_state(row, language),
            cost=_cost(row, language),
        )
        for row in _some([row for row in plan.rules if not _has_figure(row)])
    ]


def _state(row: RuleRow, language: Language) -> str:
    """How a rule without a figure stands."""
    if row.kind in ("standard", "veto") and row.value is not None:
        count = round(row.value)
        return say("{count} fail", language, count=count) if count else say("fails nobody", language)
    if row.kind == "synergy" and row.value is not None:
        return say("at work", language) if row.value > sentences.NEGLIGIBLE else say("not at work", language)
    return say("kept", language) if row.kept else say("not kept", language)


def tiers(plan: Plan, language: Language) -> list[str]:
    """What each class of the first call reached."""
    words = Message("First call, class {class_}: it reaches {points} points, which later classes may not lower.")
    return [say(words, language, class_=t.name, points=numbers.score(t.value, language)) for t in plan.tiers]


def proof(plan: Plan, language: Language) -> str:
    """What was worked out again, and how good the plan is known to be."""
    found = plan.certificate
    violation = numbers.any_number(float(f"{found.max_violation:.1g}"), language)
    tolerance = numbers.any_number(found.tolerance, language)
    kept = (
        say(
            "Worked out again from the scenario alone: every limit is kept (to {tolerance}).",
            language,
            tolerance=tolerance,
        )
        if found.max_violation <= found.tolerance
        else say(
            "Worked out again from the scenario alone: a limit is missed by {violation}.", language, violation=violation
        )
    )
    bound = say("No plan can have more than {bound} points, penalties taken off; this one has {objective}.", language,
                bound=numbers.figure(plan.bound, _POINTS, language),
                objective=numbers.figure(plan.objective, _POINTS, language))  # fmt: skip
    whose = "" if plan.linear else say(
        "That is the solver's word; for projects that could all be divided, the prices prove {proved}.", language,
        proved=numbers.figure(found.bound_proved, _POINTS, language))  # fmt: skip
    return page.sentence([sentences.quality(plan, language), kept, bound, whose], language)


@dataclass(frozen=True, slots=True)
class Price:
    """One supply in the table of prices in the annex."""

    name: str
    unit: str
    price: str


def prices(plan: Plan, language: Language) -> list[Price]:
    """Supplies that have a price, in points per unit, those worth most first."""
    rows = sorted(
        (row for row in plan.resources if row.price > sentences.NEGLIGIBLE), key=lambda row: -row.price * row.supply
    )
    return [
        Price(
            sentences.place(plan, row.measure, row.zone, language),
            numbers.unit_name(row.unit, language),
            numbers.any_number(float(f"{row.price:.3g}"), language),
        )
        for row in rows[:MOST_ROWS]
    ]


def assumptions(plan: Plan, language: Language) -> list[tuple[str, str]]:
    """Supplies that are assumed: what and how much, and why."""
    return [
        (
            page.sentence(
                [
                    sentences.place(plan, row.measure, row.zone, language),
                    numbers.quantity(row.supply, row.unit, language),
                ],
                language,
            ),
            clean(row.source or ""),
        )
        for row in plan.resources[:MOST_ROWS]
        if row.assumed
    ]
