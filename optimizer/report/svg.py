"""Charts as SVG, drawn by hand: a bar for one resource, a scatter of two ratios, a line in steps. No style in them,
only classes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 480, 350
LEFT, RIGHT, TOP = 58, 14, 26
FOOT = HEIGHT - 48
"""The scatter's frame in the units of its viewBox; it is scaled to the width of the page."""
LOW_FOOT = 148
"""Where the frame of a line in steps ends; it is less high."""
LETTER = 6.8
"""Width of a digit at an axis."""
RADIUS = 4.5
MOST_TICKS = 6
FAR = 2.5
"""A point this many times beyond all but one in twenty stands at the edge: it would press the others together."""


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
    frame = _Frame(_scale([p.x for p in points], x.standard), _scale([p.y for p in points], y.standard))
    parts = [
        Markup('<svg class="scatter" viewBox="0 0 {} {}" role="group" aria-label="{}">').format(WIDTH, HEIGHT, label),
        *_grid(frame),
        *_standards(x, y, frame),
        *_axis_titles(x, y, HEIGHT),
        *(_mark(point, frame) for point in points),
        *_labels(points, frame),
        Markup("</svg>"),
    ]
    return Markup("").join(parts)


Run = tuple[float, float, float, float]
"""A straight piece of a line: x and y where it begins, x and y where it ends."""


def line(runs: Sequence[Run], x: Axis, y: Axis, label: str) -> Markup:
    """A line of straight pieces, with jumps between them; `x.standard`: where we stand."""
    foot, height = LOW_FOOT, LOW_FOOT + HEIGHT - FOOT
    values = [v for run in runs for v in (run[1], run[3])]
    frame = _Frame(
        _between(min(runs[0][0], x.standard or 0.0), max(runs[-1][2], x.standard or 0.0)),
        _between(min(values), max(values)),
        foot,
    )
    spots = [(_n(frame.x(a)), _n(frame.y(b))) for run in runs for a, b in (run[:2], run[2:])]
    drawn = [f"{a} {b}" for i, (a, b) in enumerate(spots) if not i or (a, b) != spots[i - 1]]
    parts = [
        Markup('<svg class="line" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, height, label),
        *_grid(frame),
        *_standards(x, y, frame),
        *_axis_titles(x, y, height),
        Markup('<path class="course" d="M{}"/></svg>').format("L".join(drawn)),
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


@dataclass(frozen=True, slots=True)
class _Frame:
    """Two scales laid over the picture."""

    across: _Scale
    up: _Scale
    foot: float = FOOT

    def x(self, value: float) -> float:
        return LEFT + self.across.at(value) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return self.foot - self.up.at(value) * (self.foot - TOP)

    def holds(self, point: Point) -> bool:
        return point.x <= self.across.end and point.y <= self.up.end


def _scale(values: Iterable[float], standard: float | None) -> _Scale:
    """A scale that holds the values but those far beyond all others, and the standard."""
    ordered = sorted(values)
    usual = ordered[math.ceil(0.95 * len(ordered)) - 1]
    largest = ordered[-1] if ordered[-1] <= FAR * usual else usual
    largest = max(largest, standard or 0.0, 0.0) or 1.0
    smallest = min(ordered[0], 0.0)
    step = _round_step((largest - smallest) / (MOST_TICKS - 1))
    return _Scale(math.floor(smallest / step) * step, math.ceil(largest / step + 1e-9) * step, step)


def _between(low: float, high: float) -> _Scale:
    """A scale from a round figure to another that holds both ends.

    >>> _between(72.6, 93.8)
    _Scale(start=70.0, end=95.0, step=5.0)
    """
    step = _round_step(max(high - low, 1e-9 * max(1.0, abs(high))) / (MOST_TICKS - 1))
    return _Scale(math.floor(low / step) * step, max(math.ceil(high / step), math.floor(low / step) + 1) * step, step)


def _round_step(least: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten.

    >>> _round_step(110.0), _round_step(0.3), _round_step(0.0021)
    (200.0, 0.5, 0.0025)
    """
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= least * (1 - 1e-9))


_LINE = Markup('<path class="grid" d="{}"/>')
_TICK = Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>')
_STANDARD = Markup('<path class="standard" d="{}"><title>{}</title></path>')


def _grid(frame: _Frame) -> Iterator[Markup]:
    for tick in frame.across.ticks():
        x, figure = frame.x(tick), _t(tick)
        inside = min(x, WIDTH - LETTER / 2 * len(figure))  # the last one may be long
        yield _LINE.format(f"M{_n(x)} {TOP}V{frame.foot}") + _TICK.format(_n(inside), frame.foot + 15, "middle", figure)
    for tick in frame.up.ticks():
        y = frame.y(tick)
        yield _LINE.format(f"M{LEFT} {_n(y)}H{WIDTH - RIGHT}") + _TICK.format(LEFT - 6, _n(y + 4), "end", _t(tick))


def _standards(x: Axis, y: Axis, frame: _Frame) -> Iterator[Markup]:
    """What the criteria measure against, as dashed lines."""
    if x.standard is not None:
        yield _STANDARD.format(f"M{_n(frame.x(x.standard))} {TOP}V{frame.foot}", x.standard_title)
    if y.standard is not None:
        yield _STANDARD.format(f"M{LEFT} {_n(frame.y(y.standard))}H{WIDTH - RIGHT}", y.standard_title)


def _axis_titles(x: Axis, y: Axis, height: float) -> Iterator[Markup]:
    place = Markup('<text class="axis" x="{}" y="{}" text-anchor="{}">{}</text>')
    yield place.format(WIDTH - RIGHT, height - 10, "end", f"{x.title} →")
    yield place.format(4, 14, "start", f"↑ {y.title}")


def _mark(point: Point, frame: _Frame) -> Markup:
    """A circle (a square if committed, a triangle at the edge), a link to its row where it has one."""
    x, y = frame.x(point.x), frame.y(point.y)
    if not frame.holds(point):
        shape = f"M{_n(x)} {_n(y - 5)}l5 9h-10z"
    elif point.kind == "committed":
        shape = f"M{_n(x - RADIUS)} {_n(y - RADIUS)}h9v9h-9z"
    else:
        shape = f"M{_n(x)} {_n(y - RADIUS)}a{RADIUS} {RADIUS} 0 1 0 .01 0z"
    mark = Markup('<path class="mark {}" d="{}"><title>{}</title></path>').format(point.kind, shape, point.title)
    # The table is the way to the same figures by keyboard: a hundred more stops on the way to it would help nobody.
    return Markup('<a href="#{}" tabindex="-1">{}</a>').format(point.anchor, mark) if point.anchor else mark


_Box = tuple[float, float, float, float]


def _labels(points: Sequence[Point], frame: _Frame) -> Iterator[Markup]:
    """Each mark's label at its right, left, upper or lower side, wherever nothing else stands; else none."""
    spots = [(frame.x(p.x), frame.y(p.y)) for p in points]
    taken = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in spots]
    for point, (x, y) in zip(points, spots, strict=True):
        width = 6.2 * len(point.label)
        sides = ((x + 6, y + 3.5), (x - 6 - width, y + 3.5), (x - width / 2, y - 7), (x - width / 2, y + 14))
        boxes = ((left, base - 8, left + width, base) for left, base in sides)
        box = next((b for b in boxes if _inside(b) and not any(_meet(b, other) for other in taken)), None)
        if box is not None and point.label:
            taken.append(box)
            yield Markup('<text class="rank" x="{}" y="{}">{}</text>').format(_n(box[0]), _n(box[3]), point.label)


def _inside(box: _Box) -> bool:
    return box[0] > LEFT and box[2] < WIDTH and box[1] >= TOP and box[3] < FOOT


def _meet(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _n(value: float) -> str:
    """A coordinate to a tenth."""
    return f"{round(value, 1) + 0.0:g}"


def _t(value: float) -> str:
    """The figure at a tick."""
    return f"{float(f'{value:.6g}') + 0.0:g}"
