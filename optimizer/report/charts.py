"""Charts by Altair, as pictures in the page: they need no script, print, and look the same everywhere.

Columns have names of ours and titles beside them: a user's word may hold what Altair reads as its own signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
import vl_convert
from markupsafe import Markup

WIDTH, HEIGHT = 420, 260
LABELS = 170
"""Pixels for the names beside bars."""
TEXT = 13
"""Pixels of all texts: still to be read on a phone, where the picture is as wide as the page."""
INK, ACCENT, WARM = "#17212b", "#0b5394", "#b45f06"
LINES = [ACCENT, WARM, "#2e7d32", "#8e24aa", "#c62828", "#00695c", "#5d4037", "#455a64"]
MOST_BARS = 40
"""Projects in a chart of bars; the table has all of them."""


def picture(chart: Any) -> Markup:
    """A chart as SVG."""
    text = {"labelFontSize": TEXT, "titleFontSize": TEXT, "labelColor": INK, "titleColor": INK}
    chart = chart.configure(font="sans-serif", axis={**text, "titleFontWeight": "normal"}, legend=text)
    # Whatever texts it shows are written as text by the renderer, escaped; it has neither links nor scripts.
    return Markup(vl_convert.vegalite_to_svg(chart.to_dict()))


def lines(table: pd.DataFrame, x: str, y: str, present: float | None = None) -> Markup:
    """Lines over one weight: columns x and y (parts) and the line, kind, of a row; a rule at the present weight.

    `x` and `y` are the titles of the axes.
    """
    legend = alt.Legend(title=None, orient="bottom", columns=2, symbolType="stroke", symbolSize=400)
    chart = (
        alt.Chart(table, width=WIDTH, height=HEIGHT)
        .mark_line(point=alt.OverlayMarkDef(size=18))
        .encode(
            x=alt.X("x:Q", title=x, axis=alt.Axis(format="%")),
            y=alt.Y("y:Q", title=y, axis=alt.Axis(format="%"), scale=alt.Scale(zero=False)),
            color=alt.Color("kind:N", sort=None, legend=legend, scale=alt.Scale(range=LINES)),
            strokeDash=alt.StrokeDash("kind:N", sort=None, legend=legend),
        )
    )
    if present is None:
        return picture(chart)
    rule = alt.Chart(pd.DataFrame({"x": [present]})).mark_rule(color=INK, strokeDash=[3, 3]).encode(x="x:Q")
    return picture(alt.layer(chart, rule))


def bars(table: pd.DataFrame, part: str) -> Markup:
    """A bar a row: columns name and part (0 … 1), in the order given; `part` is the title of the axis."""
    chart = (
        alt.Chart(table.head(MOST_BARS), width=WIDTH, height=alt.Step(18))
        .mark_bar(color=ACCENT)
        .encode(
            x=alt.X("part:Q", title=part, axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=LABELS)),
        )
    )
    return picture(chart)


def spans(table: pd.DataFrame, title: str) -> Markup:
    """A span a row, with a mark in it: columns name, low, high and now (0 … 1); `title` is that of the axis."""
    base = alt.Chart(table, width=WIDTH, height=alt.Step(26)).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=LABELS))
    )
    span = base.mark_bar(color=ACCENT, opacity=0.35, height=12).encode(
        x=alt.X("low:Q", title=title, axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])), x2="high:Q"
    )
    mark = base.mark_tick(color=INK, thickness=2, height=16).encode(x=alt.X("now:Q", title=title))
    return picture(alt.layer(span, mark))


def frontier(table: pd.DataFrame, x: str, y: str, kinds: Sequence[str], gap: str) -> Markup:
    """Points of a frontier: columns v0, v1, kind (one of four `kinds`) and line; rows of one line ≥ 0 are joined.

    `x` and `y` are the titles of the axes, `gap` stands between thousands.
    """
    scale = alt.Scale(zero=False, nice=True)
    axis = alt.Axis(labelExpr=f"replace(format(datum.value, ',~f'), /,/g, '{gap}')")
    base = alt.Chart(table, width=WIDTH, height=HEIGHT).encode(
        x=alt.X("v0:Q", title=x, scale=scale, axis=axis), y=alt.Y("v1:Q", title=y, scale=scale, axis=axis)
    )
    joined = base.transform_filter("datum.line >= 0").mark_line(color=ACCENT, opacity=0.5).encode(detail="line:N")
    legend = alt.Legend(title=None, orient="bottom", columns=2)

    def by_kind(of: list[Any]) -> dict[str, Any]:
        return {"shorthand": "kind:N", "legend": legend, "scale": alt.Scale(domain=list(kinds), range=of)}

    marks = base.mark_point(opacity=1, strokeWidth=2).encode(
        shape=alt.Shape(**by_kind(["circle", "circle", "diamond", "square"])),
        stroke=alt.Stroke(**by_kind([ACCENT, ACCENT, WARM, INK])),
        fill=alt.Fill(**by_kind([ACCENT, "#ffffff", WARM, "transparent"])),
        size=alt.Size(**by_kind([50, 50, 70, 220])),
    )
    return picture(alt.layer(joined, marks))
