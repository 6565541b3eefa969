"""A plan on the terminal: one screen for whoever decides, at least 80 columns, a Chinese character counting two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from ...models.finding import Message
from ...models.plan import Decision, Plan, Resource
from ..allocation import Allocation
from . import answers, numbers, sentences
from .layout import GAP, Column, across, folded, laid_out, padded
from .numbers import Language
from .words import clean, say, title

NARROWEST, WIDEST = 80, 160
MOST_ROWS = 60
"""Ranked projects that are shown; of more, those at the top and around the cut."""
AROUND_CUT = 10
LEAST_GAIN = 24
"""Cells that what one more unit brings should have."""
MOST_SENTENCES = 8
"""Lines of a block of sentences before "and so many more"."""

STYLES = {
    Decision.COMMITTED: "bold",
    Decision.ADMITTED: "green",
    Decision.PARTIAL: "cyan",
    Decision.REJECTED: "dim",
}


def show(
    allocation: Allocation,
    console: Console,
    language: Language,
    written: tuple[Path, Sequence[str]] | None = None,
    ask: str = sentences.ASK,
) -> None:
    """Print a plan. `written`: the folder of results and the names of the files in it; `ask`: how to ask about it."""
    width = min(max(console.width, NARROWEST), WIDEST)
    for line in lines(allocation, language, width, written, ask):
        console.print(line, soft_wrap=True)


def lines(
    allocation: Allocation,
    language: Language,
    width: int = NARROWEST,
    written: tuple[Path, Sequence[str]] | None = None,
    ask: str = sentences.ASK,
) -> Iterator[Text]:
    """The report line by line, none wider than `width`."""
    plan, projects = allocation.plan, allocation.projects
    blocks = [
        _answer(plan, projects, language, width),
        _ranking(allocation, language, width),
        _refused(projects, language, width),
        _waiting(allocation, language, width, ask),
        _scarce(allocation, language, width),
        _rules(plan, language, width),
        _costs(allocation, language, width),
        _files(plan, written, language, width),
    ]
    filled = [block for block in map(list, blocks) if block]
    for i, block in enumerate(filled):
        if i:
            yield Text()
        yield from block


def _answer(plan: Plan, projects: pd.DataFrame, language: Language, width: int) -> Iterator[Text]:
    for line in folded(sentences.headline(plan, projects, language), width):
        yield Text(line, style="bold")
    separator = "" if language == "zh" else "  "
    told = sentences.quality(plan, language) + separator + sentences.merit(plan, language)
    yield from map(Text, folded(told, width))


def _ranking(allocation: Allocation, language: Language, width: int) -> Iterator[Text]:
    """Committed projects in a block of their own, then the ranked ones with a line where the list is cut."""
    projects = allocation.projects
    committed = projects.index[projects["decision"] == Decision.COMMITTED].tolist()
    ranked = projects.index[projects["rank"].notna()].tolist()
    reserve = (projects["decision"][ranked] == Decision.REJECTED).to_numpy()
    cut = int(reserve.argmax()) if reserve.any() else len(ranked)
    shown = _chosen(len(ranked), cut)
    rows = [*committed[:MOST_ROWS], *(ranked[i] for i in shown)]
    if not rows:
        return
    columns = list(across(_columns(allocation, rows, language), width))
    head, body = laid_out(columns, width)
    yield from (Text(line, style="bold") for line in head)
    styled = [Text(line, style=STYLES.get(projects["decision"][row], "")) for row, line in zip(rows, body, strict=True)]
    above = len(committed[:MOST_ROWS])
    yield from styled[:above]
    if len(committed) > above:
        yield _more(len(committed) - above, language)
    if above and ranked:
        yield Text(" " + "─" * (width - 2), style="dim")
    yield from _cut_list(styled[above:], shown, cut, len(ranked), width, language)
    if any(column.starred for column in columns):
        yield _note(Message("* assumed"), language)


def _cut_list(
    body: Sequence[Text], shown: Sequence[int], cut: int, count: int, width: int, language: Language
) -> Iterator[Text]:
    """The ranked projects that are shown, with the line where the list is cut and how many are left out between."""
    before = -1
    for i, line in zip(shown, body, strict=True):
        if i == cut and before >= 0:
            yield Text(_cut_line(width, language), style="bold")
        elif i > before + 1:
            yield _more(i - before - 1, language)
        yield line
        before = i
    if count > before + 1:
        yield _more(count - before - 1, language)


def _chosen(count: int, cut: int) -> list[int]:
    """Places in the ranking that are shown: those around the cut, and from the top as many as there is room for."""
    around = range(max(0, cut - AROUND_CUT), min(count, cut + AROUND_CUT))
    return sorted(list(dict.fromkeys([*around, *range(count)]))[:MOST_ROWS])


def _cut_line(width: int, language: Language) -> str:
    word = f" {say('cut', language)} "
    side = (width - 2 - cell_len(word)) // 2
    return " " + "─" * side + word + "─" * (width - 2 - side - cell_len(word))


def _more(count: int, language: Language) -> Text:
    return Text("     " + say("… and {count} more", language, count=count), style="dim")


def _note(template: Message, language: Language) -> Text:
    return Text("  " + say(template, language), style="dim")


def _columns(allocation: Allocation, rows: Sequence[int], language: Language) -> Iterator[Column]:
    """The columns of the ranking in the order in which room is given to them; `place` is where they stand."""
    plan, projects = allocation.plan, allocation.projects.loc[list(rows)]
    records = projects.to_dict("records")
    ranks = ["" if pd.isna(rank) else str(rank) for rank in projects["rank"]]
    yield Column(say("#", language), "", ranks, place=0)
    names = [clean(name) for name in projects["title"]]
    yield Column(say("project", language), "", names, place=1, right=False, least=20, most=40)
    yield Column(
        say("decision", language), "", [sentences.decision(r, language) for r in records], place=2, right=False, most=18
    )
    if plan.zones:
        yield Column(
            say("zone", language),
            "",
            [sentences.zones(r, plan, language) for r in records],
            place=3,
            right=False,
            most=12,
        )
    yield Column(
        say("index", language), "", [numbers.index(value, language) for value in projects["index"]], place=10_000
    )
    order = [measure.name for measure in plan.measures]
    scarce = [_amounts(plan, projects, name, 10 + order.index(name), language) for name in _asked_for(plan, projects)]
    ratios = [
        _ratios(plan, projects, criterion.name, 5000 + i, language)
        for i, criterion in enumerate(c for c in plan.criteria if c.per is not None)
    ]
    yield from (*scarce[:2], *ratios[:2], *scarce[2:], *ratios[2:])


def _asked_for(plan: Plan, projects: pd.DataFrame) -> list[str]:
    """The scarce measures that one of these projects asks for, those first that the plan pays most for."""
    asked = [m.name for m in plan.measures if m.scarce and (projects[f"requested.{m.name}"] != 0).any()]
    paid = dict.fromkeys(asked, 0.0)
    for row in plan.resources:
        if row.measure in paid:
            paid[row.measure] += row.price * row.used
    return sorted(asked, key=lambda name: -paid[name])


def _amounts(plan: Plan, projects: pd.DataFrame, name: str, place: int, language: Language) -> Column:
    """What was granted, or what was asked for where nothing was."""
    measure = next(m for m in plan.measures if m.name == name)
    amounts = projects[f"granted.{name}"].where(projects["share"] > 0, projects[f"requested.{name}"])
    how = numbers.style(measure.unit, language, largest=float(amounts.abs().max()), compact=True)
    cells = [numbers.figure(value, how, language) for value in amounts]
    marks = [name in assumed for assumed in projects["assumed"]]
    return Column(clean(title(measure, language), 40), _yearless(how.unit), cells, place=place, marks=marks)


def _ratios(plan: Plan, projects: pd.DataFrame, name: str, place: int, language: Language) -> Column:
    criterion = next(c for c in plan.criteria if c.name == name)
    how = sentences.ratio_style(plan, name, language, float(projects[f"ratios.{name}"].abs().max()))
    cells = [numbers.figure(value, how, language) for value in projects[f"ratios.{name}"]]
    name = clean(title(criterion, language), 40)
    if language == "en" and len(name) > 10:
        name = f"{clean(criterion.of)[:3]}/{clean(str(criterion.per))[:4]}"
    return Column(name, _yearless(how.unit), cells, place=place)


def _yearless(unit: str) -> str:
    return unit.removesuffix("/year").removesuffix("/年")


def _refused(projects: pd.DataFrame, language: Language, width: int) -> Iterator[Text]:
    """What is left to the meeting, then what is not admissible, each with its reasons."""
    for code in (Decision.DISCUSS, Decision.INADMISSIBLE):
        found = projects[projects["decision"] == code]
        for name, reasons in zip(found["title"][:MOST_SENTENCES], found["reasons"], strict=False):
            told = ("" if language == "zh" else " ").join(clean(text) for _, text in reasons)
            yield from map(Text, folded(f"{clean(name, 60)}  {told}", width, indent="  "))
        if len(found) > MOST_SENTENCES:
            yield _more(len(found) - MOST_SENTENCES, language)


def _waiting(allocation: Allocation, language: Language, width: int, ask: str) -> Iterator[Text]:
    """Who is next in line, why out, and what it would take, or how to ask that."""
    waiting = sentences.next_in_line(allocation.projects)
    if waiting.empty:
        return
    yield Text(say("Next in line", language), style="bold")
    known = {one.id: one.takes for one in answers.waiting(allocation)}
    for id_, name, reasons in zip(waiting["id"], waiting["title"], waiting["reasons"], strict=True):
        told = ("" if language == "zh" else " ").join(clean(text) for _, text in reasons)
        yield from map(Text, folded(f"{clean(id_, 40)}  {clean(name, 60)}  {told}", width, indent="  "))
        for taking in known.get(id_, ()):
            found = answers.change(allocation.plan, taking, language)
            words = Message("it would take {what} from {before} to {after}:")
            change = say(words, language, what=found.what, before=found.texts[0], after=found.texts[1])
            yield from map(Text, folded(change, width, indent="    "))
            yield Text("      " + found.setting)  # in one piece, to be copied
    if not known:
        yield Text("  " + say("What would admit them:", language))
        yield Text("    " + sentences.asks(allocation.projects, ask))


def _costs(allocation: Allocation, language: Language, width: int) -> Iterator[Text]:
    """What rules cost, where that was asked; those that cost nothing are left out."""
    held = allocation.answers.rules if allocation.answers is not None else ()
    dear = [cost for cost in held if isinstance(cost.cost, tuple) or abs(cost.cost) > answers.DUST]
    if dear:
        yield Text(say("What each rule costs:", language), style="bold")
    for cost in dear[: 2 * MOST_SENTENCES]:
        name, points = answers.rule_title(allocation.plan, cost, language), answers.cost_words(cost, language)
        yield from map(Text, folded(f"{name}{say(': ', language)}{points}", width, indent="  "))
    if len(dear) > 2 * MOST_SENTENCES:
        yield _more(len(dear) - 2 * MOST_SENTENCES, language)


def _scarce(allocation: Allocation, language: Language, width: int) -> Iterator[Text]:
    """Each scarce resource: asked, available, granted, and what one more would bring."""
    plan = allocation.plan
    rows = [row for row in plan.resources if row.requested > 0 or row.used > 0]
    tight = [row for row in rows if row.shortage > 0 or row.price > sentences.NEGLIGIBLE]
    shown = rows if len(rows) <= 2 * MOST_SENTENCES else tight[: 2 * MOST_SENTENCES]
    if not shown:
        return
    cells = list(zip(*(_balance(plan, row, language) for row in shown), strict=True))
    heads = [Message("Scarce"), Message("asked"), Message("available"), Message("short"), Message("granted")]
    columns = [
        Column(say(head, language), None, list(column), place=i, right=i > 0, most=14 if i else 28)
        for i, (head, column) in enumerate(zip(heads, cells, strict=True))
    ]
    if sum(column.width() + GAP for column in columns) + LEAST_GAIN > width:
        del columns[3]  # asked and available say it too
    room = sum(column.width() + GAP for column in columns)
    head, body = laid_out(columns, room)
    yield Text(padded(head[-1], room) + say("one more brings", language), style="bold")
    for row, line in zip(shown, body, strict=True):
        told = answers.one_more(allocation, row, language) or sentences.one_more(plan, row, language)
        brings = folded(told, max(12, width - room))
        yield Text((padded(line, room) + brings[0]).rstrip())
        yield from (Text(" " * room + more) for more in brings[1:])
    if len(rows) > len(shown):
        yield _more(len(rows) - len(shown), language)
    if answers.divided(allocation, language) and any(row.price > sentences.NEGLIGIBLE for row in shown):
        yield _note(Message("(worked out as if every project could be divided)"), language)
    if any(row.assumed for row in shown):
        yield _note(Message("* assumed"), language)


def _balance(plan: Plan, row: Resource, language: Language) -> list[str]:
    """Name with unit, asked, available, short and granted of one supply."""
    available = row.supply + row.made
    how = numbers.fitting(row.unit, language, max(row.requested, available, row.used))
    name = sentences.place(plan, row.measure, row.zone, language)
    unit = _yearless(how.unit)
    figures = [numbers.figure(value, how, language) for value in (row.requested, available, row.shortage, row.used)]
    figures[1] += "*" if row.assumed else ""
    return [say("{measure} ({unit})", language, measure=name, unit=unit) if unit else name, *figures]


def _rules(plan: Plan, language: Language, width: int) -> Iterator[Text]:
    """How many rules are kept; targets and whatever is short, each in a line."""
    if not plan.rules:
        return
    kept, short = sentences.counted(plan.rules)
    words = (
        Message("Rules and targets: {kept} kept, {short} not kept")
        if short
        else Message("Rules and targets: {kept} kept")
    )
    yield Text(say(words, language, kept=kept, short=short), style="bold")
    broken = [row for row in plan.rules if not row.kept]
    for row in broken[: 2 * MOST_SENTENCES]:
        for line in folded(sentences.rule(row, language), width, indent="  "):
            yield Text(line, style="yellow")
    if len(broken) > 2 * MOST_SENTENCES:
        yield _more(len(broken) - 2 * MOST_SENTENCES, language)
    felt = [row for row in plan.rules if row.kept and not row.soft and (row.price or 0.0) > sentences.NEGLIGIBLE]
    names = tuple(dict.fromkeys(clean(title(row, language), 40) for row in felt))
    if names:
        yield from map(
            Text, folded(say("kept, and holding the plan back: {rules}", language, rules=names), width, indent="  ")
        )


def _files(plan: Plan, written: tuple[Path, Sequence[str]] | None, language: Language, width: int) -> Iterator[Text]:
    if written is None:
        return
    folder, names = written
    yield from map(Text, folded(f"{clean(str(folder))}/: {'  '.join(names)}", width, indent="  "))
