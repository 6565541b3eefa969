"""Charts by Altair, as pictures in the page: they need no script, print, and look the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
import vl_convert
from markupsafe import Markup

WIDTH, HEIGHT = 560, 280
INK, ACCENT, WARM = "#17212b", "#0b5394", "#b45f06"
MOST_BARS = 40
"""Projects in a chart of bars; the table has all of them."""


def picture(chart: Any) -> Markup:
    """A chart as SVG."""
    # Whatever texts it shows are written as text by the renderer, escaped; it has neither links nor scripts.
    return Markup(vl_convert.vegalite_to_svg(chart.configure(font="sans-serif").to_dict()))


def lines(table: pd.DataFrame, x: str, y: str, kind: str, present: float | None = None) -> Markup:
    """Lines over one weight: columns x, y and the line that a row belongs to; a rule at the present weight."""
    chart = (
        alt.Chart(table, width=WIDTH, height=HEIGHT)
        .mark_line(point=alt.OverlayMarkDef(size=18))
        .encode(
            x=alt.X(f"{x}:Q", axis=alt.Axis(format="%")),
            y=alt.Y(f"{y}:Q", axis=alt.Axis(format="%"), scale=alt.Scale(zero=False)),
            color=alt.Color(f"{kind}:N", sort=None, legend=alt.Legend(title=None, orient="bottom", columns=2)),
            strokeDash=alt.StrokeDash(f"{kind}:N", sort=None, legend=None),
        )
    )
    if present is None:
        return picture(chart)
    rule = alt.Chart(pd.DataFrame({x: [present]})).mark_rule(color=INK, strokeDash=[3, 3]).encode(x=f"{x}:Q")
    return picture(alt.layer(chart, rule))


def bars(table: pd.DataFrame, name: str, part: str) -> Markup:
    """A bar a row: columns name and part (0 … 1), in the order given."""
    shown = table.head(MOST_BARS)
    chart = (
        alt.Chart(shown, width=WIDTH, height=alt.Step(15))
        .mark_bar(color=ACCENT)
        .encode(
            x=alt.X(f"{part}:Q", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
            y=alt.Y(f"{name}:N", sort=None, title=None, axis=alt.Axis(labelLimit=190)),
        )
    )
    return picture(chart)


def spans(table: pd.DataFrame, name: str, low: str, high: str, now: str, title: str) -> Markup:
    """A span a row, with a mark in it: columns name, low, high and now (0 … 1)."""
    base = alt.Chart(table, width=WIDTH, height=alt.Step(24)).encode(
        y=alt.Y(f"{name}:N", sort=None, title=None, axis=alt.Axis(labelLimit=190))
    )
    span = base.mark_bar(color=ACCENT, opacity=0.35, height=12).encode(
        x=alt.X(f"{low}:Q", title=title, axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])), x2=f"{high}:Q"
    )
    mark = base.mark_tick(color=INK, thickness=2, height=16).encode(x=alt.X(f"{now}:Q", title=title))
    return picture(alt.layer(span, mark))


def frontier(table: pd.DataFrame, x: str, y: str, kinds: Sequence[str]) -> Markup:
    """Points of a frontier: columns v0, v1, kind (one of four `kinds`) and line; rows of one line ≥ 0 are joined."""
    scale = alt.Scale(zero=False, nice=True)
    base = alt.Chart(table, width=WIDTH, height=HEIGHT).encode(
        x=alt.X("v0:Q", title=x, scale=scale), y=alt.Y("v1:Q", title=y, scale=scale)
    )
    joined = base.transform_filter("datum.line >= 0").mark_line(color=ACCENT, opacity=0.5).encode(detail="line:N")
    colour = alt.Scale(domain=list(kinds), range=[ACCENT, "#8fb3d9", WARM, INK])
    shape = alt.Scale(domain=list(kinds), range=["circle", "circle", "diamond", "cross"])
    legend = alt.Legend(title=None, orient="bottom", columns=2)
    marks = base.mark_point(filled=True, size=55, opacity=1).encode(
        color=alt.Color("kind:N", scale=colour, legend=legend), shape=alt.Shape("kind:N", scale=shape, legend=legend)
    )
    return picture(alt.layer(joined, marks))
