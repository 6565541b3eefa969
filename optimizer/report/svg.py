"""Charts as SVG, drawn by hand: a bar for one resource, a scatter of two ratios. No style in them, only classes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT = 480, 350
LEFT, RIGHT, TOP, BOTTOM = 58, 14, 26, 48
"""The scatter's frame in the units of its viewBox; it is scaled to the width of the page."""
RADIUS = 4.5
MOST_TICKS = 6
FAR = 2.5
"""A point this many times beyond all but one in twenty of the others stands at the edge: it would press them together."""


@dataclass(frozen=True, slots=True)
class Point:
    """One project in the scatter."""

    x: float
    y: float
    kind: str
    """class of the mark: chosen, committed, reserve or out"""
    anchor: str
    """id of its row, "" where it has none"""
    label: str
    """short text beside the mark where there is room: its rank"""
    title: str
    """what it is, with its figures"""


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: what it shows, with its unit, and where its standard lies."""

    title: str
    standard: float | None
    standard_title: str


def bar(asked: float, available: float, granted: float, label: str) -> Markup:
    """Asked (light), granted (dark) and available (a line) of one resource, on one scale.

    >>> bar(200.0, 100.0, 50.0, "a < b")
    Markup('<svg class="bar" viewBox="0 0 200 16" preserveAspectRatio="none" role="img" aria-label="a &lt; b">\
<rect class="asked" x="1" y="2" width="198" height="12"/><rect class="granted" x="1" y="4.5" width="49.5" height="7"/>\
<path class="available" d="M100 0V16"/></svg>')
    """
    largest = max(asked, available, granted, 0.0) or 1.0
    scale = 198 / largest
    parts = [
        Markup('<rect class="asked" x="1" y="2" width="{}" height="12"/>').format(_n(max(asked, 0.0) * scale)),
        Markup('<rect class="granted" x="1" y="4.5" width="{}" height="7"/>').format(_n(max(granted, 0.0) * scale)),
        Markup('<path class="available" d="M{} 0V16"/>').format(_n(1 + max(available, 0.0) * scale)),
    ]
    head = Markup('<svg class="bar" viewBox="0 0 200 16" preserveAspectRatio="none" role="img" aria-label="{}">')
    return head.format(label) + Markup("").join(parts) + Markup("</svg>")


def scatter(points: Sequence[Point], x: Axis, y: Axis, label: str) -> Markup:
    """Marks over two axes; those far beyond the others stand at the edge, as triangles."""
    across, up = _scale([p.x for p in points], x.standard), _scale([p.y for p in points], y.standard)
    placed = [(p, LEFT + across.at(p.x) * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up.at(p.y) * (HEIGHT - TOP - BOTTOM))
              for p in points]  # fmt: skip
    beyond = [p.x > across.end or p.y > up.end for p in points]
    parts = [
        Markup('<svg class="scatter" viewBox="0 0 {} {}" role="group" aria-label="{}">').format(WIDTH, HEIGHT, label),
        _grid(across, up),
        _standards(x, y, across, up),
        *_axis_titles(x, y),
        *(_mark(p, px, py, far) for (p, px, py), far in zip(placed, beyond, strict=True)),
        *_labels(placed),
        Markup("</svg>"),
    ]
    return Markup("").join(parts)


@dataclass(frozen=True, slots=True)
class _Scale:
    """From 0 (or a round figure below it) to a round figure, with a tick at every step."""

    start: float
    end: float
    step: float

    def at(self, value: float) -> float:
        """Where a value lies, 0 … 1."""
        return min(1.0, max(0.0, (value - self.start) / (self.end - self.start)))

    def ticks(self) -> list[float]:
        return [self.start + i * self.step for i in range(round((self.end - self.start) / self.step) + 1)]


def _scale(values: Iterable[float], standard: float | None) -> _Scale:
    """A scale that holds the values but those far beyond all others, and the standard."""
    ordered = sorted(values) or [1.0]
    usual = ordered[max(0, math.ceil(0.95 * len(ordered)) - 1)]
    largest = ordered[-1] if ordered[-1] <= FAR * usual else usual
    largest = max(largest, standard or 0.0, 0.0) or 1.0
    smallest = min(ordered[0], 0.0)
    step = _round_step((largest - smallest) / (MOST_TICKS - 1))
    return _Scale(math.floor(smallest / step) * step, math.ceil(largest / step + 1e-9) * step, step)


def _round_step(least: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten.

    >>> _round_step(110.0), _round_step(0.3), _round_step(0.0021)
    (200.0, 0.5, 0.0025)
    """
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= least * (1 - 1e-9))


def _grid(across: _Scale, up: _Scale) -> Markup:
    parts = []
    for tick in across.ticks():
        px = LEFT + across.at(tick) * (WIDTH - LEFT - RIGHT)
        parts.append(Markup('<path class="grid" d="M{} {}V{}"/>').format(_n(px), TOP, HEIGHT - BOTTOM))
        parts.append(
            Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(_n(px), HEIGHT - BOTTOM + 15, _t(tick))
        )
    for tick in up.ticks():
        py = HEIGHT - BOTTOM - up.at(tick) * (HEIGHT - TOP - BOTTOM)
        parts.append(Markup('<path class="grid" d="M{} {}H{}"/>').format(LEFT, _n(py), WIDTH - RIGHT))
        parts.append(Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(LEFT - 6, _n(py + 4), _t(tick)))
    return Markup("").join(parts)


def _standards(x: Axis, y: Axis, across: _Scale, up: _Scale) -> Markup:
    """What the standards ask for, as dashed lines."""
    parts = []
    if x.standard:
        px = LEFT + across.at(x.standard) * (WIDTH - LEFT - RIGHT)
        parts.append(
            Markup('<path class="standard" d="M{} {}V{}"><title>{}</title></path>').format(
                _n(px), TOP, HEIGHT - BOTTOM, x.standard_title
            )
        )
    if y.standard:
        py = HEIGHT - BOTTOM - up.at(y.standard) * (HEIGHT - TOP - BOTTOM)
        parts.append(
            Markup('<path class="standard" d="M{} {}H{}"><title>{}</title></path>').format(
                LEFT, _n(py), WIDTH - RIGHT, y.standard_title
            )
        )
    return Markup("").join(parts)


def _axis_titles(x: Axis, y: Axis) -> list[Markup]:
    return [
        Markup('<text class="axis" x="{}" y="{}" text-anchor="end">{} →</text>').format(
            WIDTH - RIGHT, HEIGHT - 10, x.title
        ),
        Markup('<text class="axis" x="{}" y="14">↑ {}</text>').format(4, y.title),
    ]


def _mark(point: Point, px: float, py: float, beyond: bool) -> Markup:
    """A circle (a square if committed, a triangle at the edge), a link to its row where it has one."""
    if beyond:
        shape = Markup('d="M{} {}l5 9h-10z"').format(_n(px), _n(py - 5))
    elif point.kind == "committed":
        shape = Markup('d="M{} {}h9v9h-9z"').format(_n(px - 4.5), _n(py - 4.5))
    else:
        shape = Markup('d="M{} {}a{r} {r} 0 1 0 .01 0z"').format(_n(px), _n(py - RADIUS), r=RADIUS)
    mark = Markup('<path class="mark {}" {}><title>{}</title></path>').format(point.kind, shape, point.title)
    # The table is the way to the same figures by keyboard: a hundred more stops on the way to it would help nobody.
    return Markup('<a href="#{}" tabindex="-1">{}</a>').format(point.anchor, mark) if point.anchor else mark


def _labels(placed: Sequence[tuple[Point, float, float]]) -> list[Markup]:
    """Each mark's label at its right, left, upper or lower side, wherever nothing else stands; else none."""
    taken = [(px - RADIUS, py - RADIUS, px + RADIUS, py + RADIUS) for _, px, py in placed]
    labels = []
    for point, px, py in placed:
        if not point.label:
            continue
        width = 6.2 * len(point.label)
        for tx, ty in (
            (px + 6, py + 3.5),
            (px - 6 - width, py + 3.5),
            (px - width / 2, py - 7),
            (px - width / 2, py + 14),
        ):
            box = (tx, ty - 8, tx + width, ty)
            if (
                box[0] > LEFT
                and box[2] < WIDTH
                and box[1] >= TOP
                and box[3] < HEIGHT - BOTTOM
                and not any(_meet(box, t) for t in taken)
            ):
                taken.append(box)
                labels.append(Markup('<text class="rank" x="{}" y="{}">{}</text>').format(_n(tx), _n(ty), point.label))
                break
    return labels


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _n(value: float) -> str:
    """A coordinate to a tenth."""
    return f"{round(value, 1) + 0.0:g}"


def _t(value: float) -> Markup:
    """The figure at a tick."""
    return escape(f"{float(f'{value:.6g}') + 0.0:g}")
