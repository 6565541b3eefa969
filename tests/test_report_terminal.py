"""The plan on the screen: what it says, how wide it is, and that nothing in it can steer the console."""

import io
import math
from pathlib import Path

import pytest
import sample
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from landalloc.models.plan import Status
from landalloc.optimizer.allocation import Allocation
from landalloc.optimizer.report import layout, sentences, terminal
from landalloc.optimizer.report.numbers import THIN, Language

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES: list[Language] = ["zh", "en"]
WRITTEN = (Path("results/harbour"), ["plan.json", "ranking.csv", "resources.csv"])


def printed(allocation: Allocation, language: Language, width: int = 80) -> str:
    return "".join(line.plain + "\n" for line in terminal.lines(allocation, language, width, WRITTEN))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_screen_as_it_should_be(language: Language) -> None:
    golden = GOLDEN / f"report-{language}.txt"
    shown = printed(sample.allocation(), language)
    assert shown == golden.read_text(encoding="utf-8"), f"if the change is wanted: write the new text to {golden}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_line_is_too_wide(language: Language, width: int) -> None:
    assert max(map(cell_len, printed(sample.allocation(), language, width).splitlines())) <= width


def test_more_room_shows_more_columns() -> None:
    def heading(width: int) -> str:
        return next(line for line in printed(sample.allocation(), "zh", width).splitlines() if line.startswith("#"))

    assert "税" not in heading(80)
    assert "亩均税收" in heading(160)


HOSTILE = {
    "jinglu": "[red]red[/red] [link=http://x]y[/link]",
    "dajin": "\x1b[2J\x1b]0;title\x07",
    "floor": "\u202e\u2066right to left\u200f",
    "beiben": "x" * 300,
    "roro": "船" * 300,
    "estate": "line\nbreak\r\n\ttab",
    "coal": "{0.__class__} %s :smile:",
    "smelter": "\x9b31m" + "e\u0301" * 50,
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_change_nothing_but_themselves(language: Language) -> None:
    shown = printed(sample.allocation(HOSTILE), language)
    assert max(map(cell_len, shown.splitlines())) <= 80
    assert len(shown.splitlines()) <= len(printed(sample.allocation(), language).splitlines()) + 2
    assert all(line.isprintable() or THIN in line for line in shown.splitlines())
    assert not {"\x1b", "\x9b", "\u202e", "\u2066", "\u200f", "\r", "\x07"} & set(shown)
    assert "[red]red[/red]" in shown
    assert "{0.__class__} %s" in shown


def test_plain_when_piped() -> None:
    stream = io.StringIO()
    terminal.show(sample.allocation(HOSTILE), Console(file=stream, width=80), "zh", WRITTEN)
    assert "\x1b" not in stream.getvalue()


def test_colour_on_a_terminal_says_nothing_that_words_do_not() -> None:
    stream = io.StringIO()
    console = Console(
        file=stream, width=80, force_terminal=True, color_system="standard", markup=False, highlight=False
    )
    terminal.show(sample.allocation(), console, "zh", WRITTEN)
    coloured = stream.getvalue()
    assert "\x1b[" in coloured
    bare = io.StringIO()
    terminal.show(sample.allocation(), Console(file=bare, width=80, no_color=True), "zh", WRITTEN)
    assert "入选" in bare.getvalue()


@pytest.mark.parametrize("count", [0, 1, 59, 60, 61, 500])
def test_long_lists_show_the_top_and_the_cut(count: int) -> None:
    allocation = sample.large(count) if count else Allocation(sample.plan(), sample.projects().iloc[:0])
    shown = printed(allocation, "en")
    rows = [line for line in shown.splitlines() if "项目" in line and line.lstrip()[0].isdigit()]
    assert len(rows) == min(count, terminal.MOST_ROWS)
    if count > 1:
        assert " cut " in shown
    if count == 500:
        assert f"… and {250 - 10 - 40} more" in shown
        assert f"… and {250 - 10} more" in shown


def test_there_is_no_cut_where_all_are_in() -> None:
    allocation = sample.allocation()
    kept = allocation.projects[allocation.projects["decision"] != "rejected"].reset_index(drop=True)
    assert "cut" not in printed(Allocation(allocation.plan, kept), "en")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": Status.OPTIMAL}, "Optimal by the solver's word; every limit was checked again."),
        ({"status": Status.WITHIN_GAP, "bound": 63.48}, "At most 0.50 points below the best possible."),
        ({"status": Status.LIMIT, "bound": 65.0}, "Stopped at the limit: the best plan so far, at most 2.02 points"),
        ({"status": Status.LIMIT, "bound": math.inf}, "Stopped at the limit: the best plan so far."),
    ],
)
def test_how_good_the_plan_is(changes: dict[str, object], said: str) -> None:
    assert sentences.quality(sample.plan(**changes), "en").startswith(said)


def test_certified_is_said_only_where_the_proved_bound_meets_the_objective() -> None:
    proof = sample.plan().certificate
    proved = sample.plan(certificate=proof.model_copy(update={"bound_proved": 62.98}))
    assert sentences.quality(proved, "en") == "Optimal, certified."
    broken = sample.plan(certificate=proof.model_copy(update={"bound_proved": 62.98, "max_violation": 0.1}))
    assert "certified" not in sentences.quality(broken, "en")
    near = sample.plan(certificate=proof.model_copy(update={"bound_proved": 62.99}))
    assert "certified" not in sentences.quality(near, "en")


def test_the_scoring_sheet_is_compared_with_what_it_breaks() -> None:
    plan = sample.plan()
    assert "reaches 57.9 but does not keep: ships, land, south" in sentences.merit(plan, "en")
    clean = sample.plan(baseline=plan.baseline.model_copy(update={"breaks": ()}))
    assert sentences.merit(clean, "zh").endswith("打分排序法为57.9。")


def test_one_more_is_said_in_the_users_own_terms() -> None:
    plan = sample.plan()
    rows = {(row.measure, row.zone): row for row in plan.resources}
    assert sentences.one_more(plan, rows["land", "north"], "zh") == "年产值约140万元"
    assert sentences.one_more(plan, rows["land", "north"], "en") == "1.4 million yuan output a year"
    assert sentences.one_more(plan, rows["energy", None], "zh") == "不紧缺（有结余）"
    assert sentences.one_more(plan, rows["shoreline", "north"], "en") == "0.0009 points of the score"


def test_one_more_here_is_one_more_around_it_too() -> None:
    outer = sample.resource("land", None, "mu", 3000.0, 4000.0, 3000.0, price=0.001, price_in={"output": 0.01})
    inner = sample.resource("land", "north", "mu", 100.0, 200.0, 100.0, price=0.002, price_in={"output": 0.02})
    plan = sample.plan(resources=(outer, inner))
    assert sentences.gain(plan, inner, "zh") == "年产值约300万元"
    assert sentences.gain(plan, outer, "zh") == "年产值约100万元"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_never_says_shadow_price_or_gap(language: Language) -> None:
    shown = printed(sample.allocation(), language).lower()
    assert not [word for word in ("shadow", "gap", "dual", "影子", "对偶") if word in shown]


def test_units_are_told_as_units_and_parts_as_parts() -> None:
    records = {row["id"]: row for row in sample.projects().to_dict("records")}
    told = {id_: sentences.decision(row, "zh") for id_, row in records.items()}
    assert told["roro"] == "部分安排4/5"
    assert told["estate"] == "部分安排37%"
    assert told["beiben"] == "核减安排"
    assert told["coal"] == "暂缓安排"


@given(st.text(max_size=200), st.integers(min_value=10, max_value=120))
def test_folding_loses_nothing_and_keeps_to_the_width(text: str, width: int) -> None:
    lines = layout.folded(text, width, indent="  ")
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in lines)


@given(st.text(max_size=100), st.integers(min_value=2, max_value=50))
def test_cutting_keeps_to_the_width(text: str, width: int) -> None:
    assert cell_len(layout.cut(text, width)) <= width
