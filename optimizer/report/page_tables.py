"""The tables of report.html on supplies, rules and prices, as texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from ...models.finding import Message
from ...models.plan import Plan, Resource, RuleRow
from . import numbers, page, sentences, svg
from .numbers import Language
from .page import MOST_ROWS, SHORT
from .words import clean, say, title

MOST_DECIMALS = 6
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


def supplies(plan: Plan, language: Language, by_curve: Callable[[Resource], str] = lambda row: "") -> list[SupplyRow]:
    """Every supply that somebody asks for or uses, in file order; the tightest ones where there are too many.

    `by_curve`: what more of a supply brings by its curve, "" where none is known.
    """
    rows = [row for row in plan.resources if row.requested > 0 or row.used > 0]
    if len(rows) > MOST_ROWS:
        tightest = sorted(range(len(rows)), key=lambda i: (-rows[i].price * rows[i].supply, -rows[i].shortage))
        rows = [rows[i] for i in sorted(tightest[:MOST_ROWS])]
    return [_supply(plan, row, by_curve(row), language) for row in rows]


def _supply(plan: Plan, row: Resource, by_curve: str, language: Language) -> SupplyRow:
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
        brings=by_curve or one_more(plan, row, language),
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
    unit: str
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
    how = _style(row, language)

    def figure(value: float | None) -> str:
        return numbers.NOTHING if value is None else numbers.plain(value * how.factor, how.decimals, language) + sign

    sign = how.unit if how.unit == "%" else ""
    adds = row.value is not None and row.existing is not None and row.kind in ("total", "count")
    return Target(
        name=_rule_name(plan, row, language),
        unit="" if sign else how.unit,
        kind=say(KINDS[row.kind], language),
        source=clean(row.source or ""),
        limit=say(BOUNDS[row.bound or "at_most"], language, limit=figure(row.limit)),
        existing=figure(row.existing) if row.existing else "",
        adds=figure((row.value or 0.0) - (row.existing or 0.0)) if adds else "",
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


def _style(row: RuleRow, language: Language) -> numbers.Style:
    """How the figures of a rule are written: by its unit, shares as percentages; more decimals where a miss would
    not show.
    """
    known = [abs(value) for value in (row.limit, row.value, row.existing) if value is not None]
    largest = max(known, default=0.0)
    if row.unit not in (None, "1"):
        how = page.row_style(str(row.unit), language, largest)
    elif row.kind in ("ratio", "even_use"):
        how = numbers.Style(100.0, 1, "%")
    else:
        whole = all(value == round(value) for value in known)
        how = numbers.Style(1.0, 0 if whole else max(2, numbers.decimals(largest)), "")
    if row.kept or row.limit is None or row.value is None:
        return how
    limit, value, places = row.limit * how.factor, row.value * how.factor, how.decimals
    while places < MOST_DECIMALS and round(limit, places) == round(value, places):
        places += 1
    return replace(how, decimals=places)


def _result(row: RuleRow, figure: Callable[[float | None], str], language: Language) -> str:
    """Kept, or by how much not; a ratio's own shortfall is in the unit of what stands above its line."""
    if row.kept:
        return say("kept", language)
    if row.bound == "exactly" or row.value is None or row.limit is None:
        return say("not kept", language)
    words = Message("{shortfall} too much") if row.bound == "at_most" else Message("{shortfall} short")
    return say(words, language, shortfall=figure(abs(row.value - row.limit)))


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
