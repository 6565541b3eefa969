"""What the optimum is worth over one supply, as exact lines.

With V(t) the optimum at the supply t, V never falls. In a linear programme V is concave: where two of its tangents
meet, V either lies on both (then the corner is found) or gives a third tangent (parametric simplex by re-solving:
exact, nothing is sampled). With whole projects V is the upper envelope of such concave curves, one for every choice
of the whole columns (a pattern), and may jump. A line v + r · (t − a) of the known patterns' envelope on [a, b] is
proved by one programme with the supply as a column,

    max  worth − r · t   over  a ≤ t ≤ b     is     v − r · a,

else its plan is a pattern that was not known.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..candidates import Floats
from ..program import Program
from ..resolve import Resolver
from ..solve import Answer, Limits, Termination
from .ask import PROVED, Value, valued
from .least import with_columns

SAME = 1e-8
"""Values nearer than this, relative to max(1, |value|), are one: the solver's own tolerance."""
EDGE = 1e-7
"""A jump is told from the point just before it at this part of the curve's length."""
NUDGE = 1e-9
"""A least supply is exceeded by this part of the length, or rounding might leave no plan there."""
FIRST = 0.0625
"""The first stretch above the supply that is proved, as a part of all above it; every next one is twice as long."""


@dataclass(frozen=True, eq=False)
class Point:
    """V, or one pattern's V, at one supply: points, a tangent's slope, and the plan."""

    at: float
    value: float
    slope: float
    values: Floats

    def reaches(self, other: Point) -> bool:
        """Whether the tangent here passes through another point."""
        return near(self.value + self.slope * (other.at - self.at), other.value, SAME)


@dataclass(frozen=True, eq=False)
class Piece:
    """A stretch on which V is a line, with the whole columns of the plans that reach it."""

    low: float
    high: float
    value: float
    """at `low`, points"""
    slope: float
    whole: Floats

    @property
    def end(self) -> float:
        """Points at `high`."""
        return self.value + self.slope * (self.high - self.low)

    def continues(self, before: Piece) -> bool:
        """Whether it goes on in the line of the piece before it."""
        line = before.end + before.slope * (self.high - self.low)
        return near(self.value, before.end, PROVED) and near(self.end, line, PROVED)


@dataclass(frozen=True, eq=False)
class Pattern:
    """One choice of the whole columns: corners of its curve from its least supply on, ascending."""

    whole: Floats
    at: Floats
    value: Floats
    slope: Floats
    """(len(at) − 1,) between the corners"""

    def line_to(self, t: float) -> tuple[float, float, float]:
        """(limit at t from below, slope there, where that line begins), for t from the least supply on."""
        i = min(max(int(np.searchsorted(self.at, t, side="left")) - 1, 0), len(self.slope) - 1)
        return float(self.value[i] + self.slope[i] * (t - self.at[i])), float(self.slope[i]), float(self.at[i])


def near(a: float, b: float, tolerance: float) -> bool:
    return abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))


def told(program: Program, answer: Answer) -> bool:
    """Whether the plan of an optimal answer is worth what the solver says it is."""
    return answer.values is None or near(float(program.cost @ answer.values), answer.bound, PROVED)


class Tape:
    """A programme with one supply as a column t, its last:  Σ needs − Σ makes − t ≤ 0."""

    def __init__(self, program: Program, row: int, limits: Limits, until: float) -> None:
        limit = program.limit.copy()
        limit[row] = 0.0
        entry = np.array([row]), np.array([0]), np.array([-1.0])
        self.program = with_columns(replace(program, limit=limit), np.array([np.inf]), entry)
        self.relaxed = self.program.relaxed()
        self.row, self.limits, self.until = row, limits, until
        self.engines = {True: Resolver(limits), False: Resolver(limits)}

    @property
    def late(self) -> bool:
        return time.monotonic() >= self.until

    def solved(self, program: Program, cost: Floats, low: float, high: float) -> tuple[Program, Answer]:
        """A programme at some cost with t between two supplies."""
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[-1], upper[-1] = low, high
        program = replace(program, cost=cost, lower=lower, upper=upper)
        given = [self.limits.seconds, None if self.until == np.inf else max(0.1, self.until - time.monotonic())]
        limits = replace(self.limits, gap=0.0, seconds=min((s for s in given if s is not None), default=None))
        answer = self.engines[program.linear].solve(program, limits)
        if not program.linear and answer.termination is Termination.OPTIMAL and not told(program, answer):
            # HiGHS may hand back the start it was given in place of the better solution that it speaks of
            self.engines[False] = Resolver(self.limits)
            answer = self.engines[False].solve(program, limits)
        return program, answer

    def most(self, low: float, high: float, slope: float) -> Value:
        """max worth − slope · t over low ≤ t ≤ high."""
        cost = self.program.cost.copy()
        cost[-1] = -slope
        return valued(*self.solved(self.program, cost, low, high))

    def least(self, low: float, high: float, whole: Floats | None = None) -> Value:
        """max −t over low ≤ t ≤ high: minus the least supply that leaves a plan, or a plan of a pattern."""
        cost = np.zeros_like(self.program.cost)
        cost[-1] = -1.0
        return valued(*self.solved(self.program if whole is None else self.fixed(whole), cost, low, high))

    def fixed(self, whole: Floats) -> Program:
        """The linear programme of a pattern."""
        lower, upper = self.relaxed.lower.copy(), self.relaxed.upper.copy()
        lower[self.program.integer] = upper[self.program.integer] = whole
        return replace(self.relaxed, lower=lower, upper=upper)

    def point(self, t: float, whole: Floats) -> Point | None:
        """A pattern's curve at t; None where it has no plan or no time is left."""
        program, answer = self.solved(self.fixed(whole), self.relaxed.cost, t, t)
        if answer.values is None or answer.duals is None:
            return None
        return Point(t, float(program.cost @ answer.values), max(0.0, float(answer.duals[self.row])), answer.values)

    def pattern_of(self, values: Floats) -> Floats:
        return np.round(values[np.flatnonzero(self.program.integer)])


def segments(
    look: Callable[[float], Point | None], near_end: Point, far: Point
) -> Iterator[tuple[Point, Point, float]]:
    """The lines of a concave curve between two points, from the first point on: (end, other end, slope)."""
    open_ = [(near_end, far)]
    while open_:
        p, q = open_.pop()
        if p.reaches(q) or q.reaches(p):
            yield p, q, p.slope if p.reaches(q) and not q.reaches(p) else q.slope
            continue
        t = (q.value - p.value + p.slope * p.at - q.slope * q.at) / (p.slope - q.slope)
        corner = look(t) if min(p.at, q.at) < t < max(p.at, q.at) else None
        if corner is None:
            return
        if p.reaches(corner) and q.reaches(corner):
            yield p, corner, p.slope
            yield corner, q, q.slope
        else:
            open_ += [(corner, q), (p, corner)]


def linear_pieces(tape: Tape, base: float, end: float) -> Iterator[list[Piece]]:
    """The pieces of a linear programme's curve from the supply there is towards another, one by one."""
    nothing = np.zeros(0)
    start, far = tape.point(base, nothing), tape.point(end, nothing)
    if start is None or far is None:
        return
    for p, q, slope in segments(lambda t: None if tape.late else tape.point(t, nothing), start, far):
        low, high = (p, q) if p.at < q.at else (q, p)
        yield [Piece(low.at, high.at, low.value, slope, nothing)]


def followed(tape: Tape, whole: Floats, low: float, high: float, nudge: float) -> Pattern | None:
    """A pattern's curve between two supplies; None where it has none or it cannot be followed in the time left."""
    least, start = low, tape.point(low, whole)
    if start is None:
        found = tape.least(low, high, whole)
        if found.values is None:
            return None
        least = -found.low
        start = tape.point(least, whole) or tape.point(min(high, least + nudge), whole)
    last = tape.point(high, whole)
    if start is None or last is None:
        return None
    lines = [(start, last, 0.0)]
    if start.at < last.at:
        lines = list(segments(lambda t: None if tape.late else tape.point(t, whole), start, last))
    if not lines or lines[-1][1] is not last:
        return None
    at = np.array([least, *(q.at for _, q, _ in lines)])
    slope = np.array([0.0 if near(p.value, q.value, SAME) else r for p, q, r in lines])
    return Pattern(whole, at, np.array([p.value for p, _, _ in lines]), slope)


class Envelope:
    """V of a programme with whole columns between two supplies, as far as its patterns are known."""

    def __init__(self, tape: Tape, low: float, high: float, length: float) -> None:
        self.tape, self.low, self.high, self.length = tape, low, high, length
        self.patterns: dict[bytes, Pattern] = {}

    def learn(self, whole: Floats) -> bool:
        """Add a pattern's curve; False where it cannot be followed in the time left."""
        if whole.tobytes() not in self.patterns:
            pattern = followed(self.tape, whole, self.low, self.high, NUDGE * self.length)
            if pattern is None:
                return False
            self.patterns[whole.tobytes()] = pattern
        return True

    def left_of(self, t: float) -> tuple[Pattern | None, float, float, float]:
        """The line that is highest just below t: (pattern, limit at t, slope, where it begins)."""
        lines = [(pattern, *pattern.line_to(t)) for pattern in self.patterns.values() if pattern.at[0] < t]
        if not lines:
            return None, -np.inf, 0.0, self.low
        highest = max(value for _, value, _, _ in lines)
        equal = [line for line in lines if line[1] >= highest - SAME * max(1.0, abs(highest))]
        return min(equal, key=lambda line: line[2])

    def value_at(self, t: float) -> float:
        """The highest known value at t."""
        return max((p.line_to(t)[0] for p in self.patterns.values() if p.at[0] <= t), default=-np.inf)

    def down_to(self, t: float, value: float, slope: float, begin: float) -> float:
        """Down to where no known pattern is above the line that ends at t."""
        room = PROVED * max(1.0, abs(value))
        for pattern in self.patterns.values():
            for i in range(len(pattern.slope)):
                low, high = max(float(pattern.at[i]), begin), min(float(pattern.at[i + 1]), t)
                if low >= high:
                    continue
                line = pattern.value[i] - pattern.slope[i] * pattern.at[i]
                above = [line + pattern.slope[i] * s - (value + slope * (s - t)) for s in (low, high)]
                if above[1] > room:
                    begin = max(begin, high)
                elif above[0] > room:
                    begin = max(begin, low + (high - low) * above[0] / (above[0] - min(0.0, above[1])))
        return min(begin, t)

    def sweep(self) -> Iterator[Piece]:
        """Proved pieces from the upper end down; they end early where something stays open."""
        t, ceiling = self.high, Value(-np.inf, np.inf, None)
        while t > self.low and not self.tape.late:
            pattern, value, slope, begin = self.left_of(t)
            room = PROVED * max(1.0, abs(value)) if pattern is not None else 0.0
            end = t - EDGE * self.length if self.value_at(t) > value + room else t
            begin = self.down_to(t, value, slope, begin)
            if pattern is None or begin < end:
                level = value - slope * t
                flat = slope == 0 and value >= ceiling.high - room  # V never falls: less supply is worth no more
                answer = ceiling if flat else self.tape.most(min(begin, end), end, slope)
                if answer.low > level + room and answer.values is not None:
                    known = len(self.patterns)
                    if not self.learn(self.tape.pattern_of(answer.values)):
                        return
                    ceiling = answer if slope == 0 else ceiling
                    if len(self.patterns) > known:  # else the excess is the solver's tolerance
                        continue
                elif answer.values is None or answer.high > level + room:
                    return
            assert pattern is not None  # what has no level has been left or learned
            yield Piece(begin, t, value - slope * (t - begin), slope, pattern.whole)
            t = begin


def stretches(base: float, end: float) -> Iterator[tuple[float, float]]:
    """(low, high) from one supply up to another, each twice as long as the last."""
    at, width = base, FIRST * (end - base)
    while at < end:
        after = end if at + 1.5 * width >= end else at + width
        yield at, after
        at, width = after, width * 2.0


def whole_pieces(tape: Tape, carried: Floats, supply: float, end: float) -> Iterator[list[Piece]]:
    """Proved pieces of a curve with jumps from the supply there is towards another.

    The sweep goes down, so that to the left one does; to the right each of several must come down to its lower end.
    """
    if end < supply:
        envelope = Envelope(tape, end, supply, supply - end)
        if envelope.learn(carried):
            yield from ([piece] for piece in envelope.sweep())
        return
    for low, high in stretches(supply, end):
        envelope = Envelope(tape, low, high, end - supply)
        if not envelope.learn(carried):
            return
        pieces = list(envelope.sweep())[::-1]
        if not pieces or pieces[0].low > low:
            return
        yield pieces
        carried = pieces[-1].whole


def floor(tape: Tape, low: float, supply: float) -> float | None:
    """The least supply from `low` on that leaves a plan; None where that is not found in the time left."""
    least = tape.least(low, supply)
    if least.values is None or not least.proved:
        return None
    for t in (-least.low, -least.low + NUDGE * (supply - low)):
        if t >= supply or tape.most(t, t, 0.0).possible:
            return min(t, supply)
    return None


def side(tape: Tape, whole: Floats, supply: float, end: float, most: int) -> tuple[list[Piece], bool]:
    """The curve on one side of the supply there is: its proved pieces, ascending, and whether that is all of it."""
    found: list[Piece] = []
    if supply == end:
        return found, True
    linear = tape.program.linear
    for pieces in linear_pieces(tape, supply, end) if linear else whole_pieces(tape, whole, supply, end):
        found = merged([*found, *pieces] if end > supply else [*pieces, *found])
        if len(found) >= most or tape.late:
            break
    return found, bool(found) and end in (found[0].low, found[-1].high)


def merged(pieces: Sequence[Piece]) -> list[Piece]:
    """The same line without joints in it."""
    result: list[Piece] = []
    for piece in pieces:
        if result and piece.continues(result[-1]):
            first = result.pop()
            slope = first.slope if first.high - first.low >= piece.high - piece.low else piece.slope
            piece = Piece(first.low, piece.high, first.value, slope, piece.whole)
        result.append(piece)
    return result


@dataclass(frozen=True, eq=False)
class Course:
    """V as far as it is proved on both sides of the supply there is."""

    supply: float
    left: list[Piece]
    right: list[Piece]
    bottom: bool
    """whether any less supply leaves no plan"""
    closed: bool

    @property
    def price(self) -> tuple[float, float]:
        """The slopes on both sides, the smaller first: inf where less would leave no plan, or V jumps at the supply.

        A side that is not known could have any slope.
        """
        above = [piece.slope for piece in self.right[:1]] or [0.0, np.inf]
        below = [piece.slope for piece in self.left[-1:]] or [np.inf if self.bottom else 0.0, np.inf]
        if self.left and self.right and not near(self.left[-1].end, self.right[0].value, PROVED):
            below = [np.inf]
        return min(*above, *below), max(*above, *below)


def course(tape: Tape, whole: Floats, supply: float, end: float, most: int) -> Course:
    """Follow V to both sides, first to more (so that the engines take their scaling from the score)."""
    right, closed = side(tape, whole, supply, end, most)
    lowest = 0.0 if supply > 0 else -FIRST * end
    bottom = floor(tape, lowest, supply)
    if bottom is None:
        return Course(supply, [], right, False, False)
    left, closed_below = side(tape, whole, supply, bottom, most)
    return Course(supply, left, right, bottom == supply, closed and (closed_below or supply <= 0))
