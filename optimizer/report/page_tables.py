"""The tables of report.html on supplies, rules and prices, as texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from ...models.finding import Message
from ...models.plan import Plan, Resource, RuleRow
from . import numbers, page, sentences, svg
from .numbers import Language
from .page import MOST_ROWS, SHORT
from .words import clean, say, title

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
    moved: str
    asked: str
    committed: str
    granted: str
    left: str
    short: str
    use: str
    bar: Markup
    brings: str
    source: str
    assumed: bool
    tight: bool


def supplies(plan: Plan, language: Language) -> list[SupplyRow]:
    """Every supply that somebody asks for or uses, in file order; the tightest ones where there are too many."""
    rows = [row for row in plan.resources if row.requested > 0 or row.used > 0]
    if len(rows) > MOST_ROWS:
        first = sorted(rows, key=lambda row: (-row.price * max(row.supply, 1.0), -row.shortage))[:MOST_ROWS]
        kept = {id(row) for row in first}
        rows = [row for row in rows if id(row) in kept]
    zones = {zone.name: clean(title(zone, language), SHORT) for zone in plan.zones}
    measures = page.by_name(plan)
    return [
        _supply(plan, row, clean(title(measures[row.measure], language), SHORT),
                zones.get(row.zone, row.zone) if row.zone else say("whole region", language), language)
        for row in rows
    ]  # fmt: skip


def _supply(plan: Plan, row: Resource, name: str, zone: str, language: Language) -> SupplyRow:
    available = row.supply + row.made
    how = numbers.style(row.unit, language, largest=max(row.requested, available, row.used), compact=True)
    asked, supplied, granted = (numbers.figure(v, how, language) for v in (row.requested, available, row.used))
    label = say("{measure}: asked {asked}, available {available}, granted {granted}", language,
                measure=f"{name} {zone}", asked=asked, available=supplied, granted=granted)  # fmt: skip
    moved = numbers.figure(row.substituted, how, language) if abs(row.substituted) > sentences.NEGLIGIBLE else ""
    return SupplyRow(
        name=name, zone=zone, unit=how.unit, supply=supplied, moved=moved if row.substituted <= 0 else f"+{moved}",
        asked=asked, committed=numbers.figure(row.committed, how, language), granted=granted,
        left=numbers.figure(_none_left(row), how, language), short=numbers.figure(row.shortage, how, language),
        use=page.use(row.used, available + row.substituted, language),
        bar=svg.bar(row.requested, available + row.substituted, row.used, label),
        brings=one_more(plan, row, language), source=clean(row.source or ""), assumed=row.assumed,
        tight=row.shortage > 0,
    )  # fmt: skip


def _none_left(row: Resource) -> float:
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
class RuleLine:
    """One rule, or one value of its `each`, as texts."""

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


def rules(plan: Plan, language: Language) -> list[RuleLine]:
    """Limit, what stands, what the plan adds, kept or short, what it costs; those that are short first if many."""
    rows: Iterable[RuleRow] = plan.rules
    if len(plan.rules) > MOST_ROWS:
        rows = sorted(plan.rules, key=lambda row: (row.kept, not row.price))[:MOST_ROWS]
    return [_rule(plan, row, language) for row in rows]


def _rule(plan: Plan, row: RuleRow, language: Language) -> RuleLine:
    zones = {zone.name: zone for zone in plan.zones}
    name = clean(title(row, language), SHORT)
    if row.each:
        value = title(zones[row.each], language) if row.each in zones else row.each
        name = say("{rule} ({value})", language, rule=name, value=clean(value, SHORT))
    stands = row.existing is not None and row.value is not None and row.kind in ("total", "count")
    adds = row.value - row.existing if stands and row.value is not None and row.existing is not None else None
    return RuleLine(
        name=name,
        kind=say(KINDS[row.kind], language),
        source=clean(row.source or ""),
        limit=say(BOUNDS[row.bound], language, limit=_figure(row.limit, row, language))
        if row.bound and row.limit is not None
        else "",
        existing=_figure(row.existing, row, language) if row.existing else "",
        adds=_figure(adds, row, language),
        value=_reached(row, language),
        kept=row.kept,
        result=_result(row, language),
        cost=_cost(row, language),
    )


def _figure(value: float | None, row: RuleRow, language: Language) -> str:
    """A figure of a rule; shares as percentages."""
    if value is None:
        return ""
    if row.kind == "even_use":
        return numbers.percent(value, language)
    return numbers.any_number(float(f"{value:.6g}"), language)


def _reached(row: RuleRow, language: Language) -> str:
    """What the plan reaches, in the words of the kind."""
    if row.value is None:
        return ""
    if row.kind in ("standard", "veto"):
        count = round(row.value)
        return say("fails nobody", language) if count == 0 else say("{count} fail", language, count=count)
    if row.kind == "synergy":
        return say("at work", language) if row.value > sentences.NEGLIGIBLE else say("not at work", language)
    return _figure(row.value, row, language)


def _result(row: RuleRow, language: Language) -> str:
    if row.kind in ("standard", "veto", "synergy"):
        return ""
    if row.kept:
        return say("kept", language)
    if row.kind in ("total", "count") and row.shortfall > 0:
        words = Message("{shortfall} too much") if row.bound == "at_most" else Message("{shortfall} short")
        return say(words, language, shortfall=_figure(row.shortfall, row, language))
    return say("not kept", language)


def _cost(row: RuleRow, language: Language) -> str:
    """What missing it costs; "holds the plan back" where easing it would gain something."""
    if row.penalty > sentences.NEGLIGIBLE:
        return say("{points} points off", language, points=numbers.score(row.penalty, language))
    if row.kept and row.price is not None and abs(row.price) > sentences.NEGLIGIBLE:
        return say("holds the plan back", language)
    return ""


@dataclass(frozen=True, slots=True)
class Price:
    """One row of the table of prices in the annex."""

    name: str
    price: str


def prices(plan: Plan, language: Language) -> list[Price]:
    """Rows that have a price, largest effect first: points per unit."""
    worth = {f"supply|{row.measure}|{row.zone or ''}": row.price * row.supply for row in plan.resources}
    found = [(name, price) for name, price in plan.certificate.prices.items() if abs(price) > sentences.NEGLIGIBLE]
    found.sort(key=lambda one: (-abs(worth.get(one[0], 0.0)), one[0]))
    return [
        Price(sentences.row_name(plan, name, language), numbers.any_number(float(f"{price:.3g}"), language))
        for name, price in found[:MOST_ROWS]
    ]
