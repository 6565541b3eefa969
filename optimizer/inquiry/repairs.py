"""Least changes after which some plan keeps every limit: which limits to move, and by how much.

One elastic programme: every knob gets a column e ≥ 0, by how much of its size it is eased (a supply of 600 mu by
30 mu: 0.05), and a mark y ∈ {0, 1} with e ≤ largest · y; what can only hold or not (a commitment, a veto, an
exclusive) has a mark alone, which counts as 1. Then Σ e + Σ marks of what is dropped is least, or that with the fewest
marks; every further answer must leave some limit of each earlier one where it is. Every answer is written as changes,
read again with them, and solved. A fraction (a ratio, a must_use) is eased in its row and then taken from the plan,
until no plan reaches a better one (Dinkelbach).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...models.explanation import Repair, Step
from ...models.finding import InputError
from ...models.scenario import Scenario
from ..admit import admit
from ..candidates import Candidates, Floats, Ints
from ..chosen_prices import two_sided
from ..formulate import formulate
from ..pipeline import NoPlan, solve_scenario
from ..program import Program, Sense
from ..read import Reading
from ..score import scales, score
from ..solve import Answer, Clock, Limits, SolverError, Termination, solve
from .ask import with_rows
from .demands import Demand, demands, owners
from .knobs import Knob, fraction_sizes, knobs, outward, reached, steps
from .least import with_columns

Reread = Callable[[Mapping[str, str]], Reading]
"""Reads the scenario again with further changes, path -> value. Raises InputError."""
Row = tuple[str, Sense, float, Ints, Floats]

MOST = 4
"""Repairs that are offered at most."""
TRIES = 12
"""Sets of limits that are tried at most."""
MARK = 0.01
"""What moving a limit at all counts: nobody moves two to spare one a thousandth."""
MOVED = 1e-8
"""A limit eased by no more than this part of its size stays."""
EXTRA = 2e-6
"""A figure that proved too near for the solver's tolerance is eased by so much of itself more."""
FRACTIONS = ("ratio", "must_use")


@dataclass(frozen=True, eq=False)
class Elastic:
    """The elastic programme of a scenario: the columns of its programme, then e, then y of every knob."""

    scenario: Scenario
    candidates: Candidates
    listed: list[Knob]
    bare: Program
    """the programme without the new columns, equalities as two rows each"""
    rows: list[list[int]]
    """the rows of `bare` that each knob eases"""
    program: Program

    @property
    def eases(self) -> Ints:
        """(knobs,) the columns e."""
        return len(self.bare.cost) + np.arange(len(self.listed))

    @property
    def marks(self) -> Ints:
        """(knobs,) the columns y."""
        return self.eases + len(self.listed)

    @property
    def change(self) -> Floats:
        """(n,) what is to be least: Σ e, 1 for whatever is dropped, next to nothing for a mark."""
        figures = np.array([k.moves for k in self.listed], dtype=bool)
        cost = np.zeros(len(self.program.cost))
        cost[self.eases] = figures
        cost[self.marks] = [MARK + (0.0 if k.moves else k.size) for k in self.listed]
        return cost

    def least(self, cost: Floats, rows: Sequence[Row], clock: Clock, low: dict[int, float] | None = None) -> Answer:
        """Minimise a cost under further rows. With `low`, only these knobs are free, from their lower ends on."""
        program = replace(with_rows(self.program, rows), cost=-cost, ties=())
        if low is not None:
            upper, lower = program.upper.copy(), program.lower.copy()
            upper[self.marks] = 0.0
            lower[self.eases[list(low)]] = list(low.values())
            program = replace(program, lower=lower, upper=upper)
        return solve(program, clock.left(program, gap=0.0))

    def moved(self, values: Floats) -> list[int]:
        """The knobs that an answer moves."""
        e, y = values[self.eases], values[self.marks] > 0.5
        return [i for i, k in enumerate(self.listed) if y[i] and (not k.moves or e[i] > MOVED)]

    def figure(self, i: int, values: Floats, extra: float) -> float | None:
        """What a knob must be moved to for the plan of an answer, and a little more; None where it is dropped."""
        k = self.listed[i]
        if not k.moves or k.now is None:
            return None
        bare = values[: len(self.bare.cost)]
        if k.kind in FRACTIONS:
            to = reached(self.scenario, self.candidates, k, np.clip(self.bare.shares(bare), 0.0, 1.0))
            if to is None:
                return None
        else:
            over = (self.bare.activity(bare) - self.bare.limit)[self.rows[i]]
            to = k.now + float(over.max() if k.up else over.min())
        if k.kind in ("count", "mix"):
            return float(round(to))
        if k.exact:
            return outward(to, up=True, digits=12)
        return outward(to + (extra if k.up else -extra) * abs(to), up=k.up)


def elastic(scenario: Scenario, asked: Candidates) -> Elastic:
    """The elastic programme: commitments, standards, vetoes and links by their marks, all figures by e.

    Nobody is obliged or kept out but by rows of their own.
    """
    listed = demands(scenario, asked)
    kept_out = {d.name for d in listed if d.kind == "admission"}
    open_ = scenario.model_copy(update={"rules": tuple(r for r in scenario.rules if r.name not in kept_out)})
    admitted = admit(open_, asked).candidates
    candidates = replace(admitted, table=admitted.table.assign(committed=False))
    named = formulate(open_, candidates, score(open_, candidates, scales(scenario, asked)))
    bare, origin = two_sided(named)
    bare = replace(bare, row_names=[named.row_names[i] for i in origin])
    found = knobs(scenario, asked, listed)
    owner, count = owners(bare, listed), len(found)
    parts = [eased_rows(scenario, candidates, bare, k, owner, listed) for k in found]
    entries = [
        (row, i if k.moves else count + i, -size if (k.up if k.exact else bare.sense[row] == Sense.AT_MOST) else size)
        for i, (k, part) in enumerate(zip(found, parts, strict=True))
        for row, size in part
    ]
    row, column, value = zip(*entries, strict=True) if entries else ((), (), ())
    loose = spread(bare, admitted)
    upper = np.concatenate([np.full(count, np.inf), np.ones(count + len(loose))])
    added = np.array(row, dtype=np.intp), np.array(column, dtype=np.intp), np.array(value, dtype=float)
    program = with_columns(bare, upper, added)
    program.integer[len(bare.cost) + count :] = True
    model = Elastic(scenario, candidates, found, bare, [[row for row, _ in part] for part in parts], program)
    rows = [*largest_rows(model, parts), *obliging_rows(model, admitted, loose), *kept_out_rows(model, asked)]
    return replace(model, program=with_rows(program, rows))


def eased_rows(
    scenario: Scenario, candidates: Candidates, bare: Program, k: Knob, owner: Ints, listed: Sequence[Demand]
) -> list[tuple[int, float]]:
    """The rows that a knob eases, each with what easing it by its whole size means there."""
    rows = np.flatnonzero(np.isin(owner, k.demands)).tolist()
    if k.kind == "mix":  # only the number of values; who has which stays as it is
        heads = {listed[d].row for d in k.demands}
        return [(i, k.size) for i in rows if bare.row_names[i] in heads]
    if k.kind == "even_use":
        return [(i, k.size) for i in rows if bare.row_names[i] == f"rule|{k.name}||"]
    if k.kind in FRACTIONS:
        sizes = dict(zip(k.demands, fraction_sizes(scenario, candidates, k), strict=True))
        return [(i, sizes[int(owner[i])]) for i in rows]
    if k.moves:
        return [(i, k.size) for i in rows]
    missed = worst(bare)
    return [(i, max(1.0, float(missed[i]))) for i in rows]


def worst(program: Program) -> Floats:
    """(m,) by how much any plan can miss each row at most."""
    row, upper = program.row_of_entry(), program.upper.copy()
    endless = np.flatnonzero(np.isinf(upper))
    upper[endless] = 0.0
    for _ in range(len(endless) and 4):  # a substitution is no more than what the row it serves can lack, and so on
        most = np.bincount(
            row, weights=np.maximum(program.value * upper[program.index], 0.0), minlength=len(program.limit)
        )
        for j in endless.tolist():
            at = np.flatnonzero((program.index == j) & (program.value < 0) & (program.sense[row] == Sense.AT_MOST))
            lacks = (most[row[at]] + np.abs(program.limit[row[at]])) / -program.value[at]
            upper[j] = max(lacks.tolist(), default=0.0)
    part = program.value * upper[program.index]
    least = np.bincount(row, weights=np.minimum(part, 0.0), minlength=len(program.limit))
    most = np.bincount(row, weights=np.maximum(part, 0.0), minlength=len(program.limit))
    return np.maximum(np.where(program.sense == Sense.AT_MOST, most - program.limit, program.limit - least), 0.0)


def spread(bare: Program, admitted: Candidates) -> Ints:
    """The options of committed projects that could spread over zones were they not; each gets a column z."""
    committed = admitted.table["committed"].to_numpy(dtype=bool)[admitted.project]
    several = np.bincount(admitted.project, minlength=len(admitted))[admitted.project] > 1
    return np.flatnonzero(committed & several & (bare.layout.site < 0))


def obliging_rows(model: Elastic, admitted: Candidates, loose: Ints) -> list[Row]:
    """Who is committed is carried out whole, Σ x + y ≥ 1, in one zone: x ≤ z + y, Σ z ≤ 1, z ∈ {0, 1}."""
    layout, first = model.bare.layout, len(model.bare.cost) + 2 * len(model.listed)
    seat = {int(option): first + i for i, option in enumerate(loose)}
    rows: list[Row] = []
    for i, k in enumerate(model.listed):
        if k.kind != "commitment":
            continue
        mark = model.marks[i]
        options = np.flatnonzero(admitted.ids[admitted.project] == k.name)
        columns, values = np.append(layout.share[options], mark), np.append(layout.step[options], 1.0)
        rows.append((f"whole|{k.name}", Sense.AT_LEAST, 1.0, columns, values))
        seats = np.array([seat[o] for o in options.tolist() if o in seat], dtype=np.intp)
        if len(seats):
            rows.append((f"one|{k.name}", Sense.AT_MOST, 1.0, seats, np.ones(len(seats))))
        for o in options.tolist() if len(seats) else ():
            columns = np.array([layout.share[o], seat[o], mark])
            rows.append((f"sits|{k.name}", Sense.AT_MOST, 0.0, columns, np.array([1.0, -1.0, -1.0])))
    return rows


def largest_rows(model: Elastic, parts: Sequence[Sequence[tuple[int, float]]]) -> list[Row]:
    """e ≤ largest · y for every figure."""
    missed = worst(model.bare)
    rows: list[Row] = []
    for i, (k, part) in enumerate(zip(model.listed, parts, strict=True)):
        if k.moves:
            largest = max((float(missed[row]) / size for row, size in part), default=0.0)
            columns, values = np.array([model.eases[i], model.marks[i]]), np.array([1.0, -largest])
            held = values != 0  # what nobody can miss is not eased at all
            rows.append((f"eased|{k.path}", Sense.AT_MOST, 0.0, columns[held], values[held]))
    return rows


def kept_out_rows(model: Elastic, asked: Candidates) -> list[Row]:
    """x ≤ y for every option that a standard or veto keeps out, y the mark of that rule; for one of a committed
    project only where that is dropped: x ≤ y + 1 − y of the commitment."""
    layout, upper = model.bare.layout, model.bare.upper
    rules = {k.name: model.marks[i] for i, k in enumerate(model.listed) if k.kind == "admission"}
    duties = {k.name: model.marks[i] for i, k in enumerate(model.listed) if k.kind == "commitment"}
    rows: list[Row] = []
    nobody = replace(asked, table=asked.table.assign(committed=False))
    for failure in admit(model.scenario, nobody).failures:
        for option in failure.options.tolist() if failure.otherwise != "trim" else ():
            x = layout.site[option] if layout.site[option] >= 0 else layout.share[option]
            duty = duties.get(str(asked.ids[asked.project[option]]))
            terms = {x: 1.0, rules.get(failure.rule): -upper[x], duty: upper[x]}
            terms.pop(None, None)
            limit = 0.0 if duty is None else float(upper[x])
            rows.append((f"out|{failure.rule}", Sense.AT_MOST, limit, np.array([*terms]), np.array([*terms.values()])))
    return rows


def proposals(model: Elastic, clock: Clock, *, dropping: bool) -> Iterator[tuple[list[int], Answer]]:
    """Sets of knobs with the answer that moves them: the least change, that with the fewest limits, then others.

    `dropping`: whether a rule may be dropped whose figure could be moved.
    """
    last = np.array([k.last for k in model.listed], dtype=bool)
    kept: Row = ("kept", Sense.AT_MOST, 0.0, model.marks[last], np.ones(int(last.sum())))
    cuts = [] if dropping or not last.any() else [kept]
    start, count = len(cuts), np.zeros(len(model.program.cost))
    count[model.marks] = 1.0
    found = model.least(count, cuts, clock)
    if found.values is None:
        return
    fewest = round(float(count @ found.values))
    further: list[Row] = []
    for _ in range(TRIES):
        answer = model.least(model.change, [*cuts, *further], clock)
        limited, further = bool(further), []
        if answer.values is not None:
            moved = model.moved(answer.values)
            yield moved, answer
            if len(cuts) == start and len(moved) > fewest:
                further = [("few", Sense.AT_MOST, float(fewest), model.marks, np.ones(len(model.marks)))]
            cuts.append(cut(model, moved))
        elif not limited:
            return


def cut(model: Elastic, moved: Sequence[int]) -> Row:
    """Not all of these again."""
    return "cut", Sense.AT_MOST, len(moved) - 1.0, model.marks[list(moved)], np.ones(len(moved))


def verified(reading: Reading, limits: Limits) -> float | None:
    """What the changed scenario's plan is worth; None where there is none in the time left."""
    kept = scales(reading.base_scenario, reading.base_candidates)
    try:
        _, optimum = solve_scenario(reading.scenario, reading.candidates, limits, kept=kept)
    except NoPlan:
        return None
    except SolverError as error:
        if not isinstance(error.__cause__, TimeoutError):
            raise
        return None
    return optimum.objective


def written(changes: Sequence[Step]) -> dict[str, str]:
    """Changes as `--set` takes them."""
    return {c.path: c.to if isinstance(c.to, str) else f"{c.to:.12g}" for c in changes}


def tightened(model: Elastic, moves: dict[int, float | None], reread: Reread, clock: Clock) -> dict[int, float | None]:
    """Moves with every fraction brought as near to where it stood as the other moves allow."""
    for i in [i for i, to in moves.items() if to is not None and model.listed[i].kind in FRACTIONS]:
        for _ in range(TRIES):
            reading = reread(written(steps(model.scenario, [(model.listed[j], to) for j, to in moves.items()])))
            other = elastic(reading.scenario, reading.candidates)
            same = [j for j, k in enumerate(other.listed) if k.path == model.listed[i].path]
            answer = other.least(other.change, [], clock, {same[0]: -1.0}) if same else None
            to = other.figure(same[0], answer.values, 0.0) if answer and answer.values is not None else None
            before = moves[i]
            assert before is not None
            if to is None or (to >= before if model.listed[i].up else to <= before):
                break
            moves = {**moves, i: to}
    return moves


def repair(
    model: Elastic, moved: Sequence[int], values: Floats, limits: Limits, reread: Reread, clock: Clock
) -> Repair | None:
    """The changes of one answer, tried; None where the reader or the solver will not have them."""
    for extra in (0.0, EXTRA):
        moves = {i: model.figure(i, values, extra) for i in moved}
        try:
            moves = tightened(model, moves, reread, clock)
            changes = steps(model.scenario, [(model.listed[i], to) for i, to in moves.items()])
            objective = verified(reread(written(changes)), limits)
        except InputError:
            return None
        if objective is not None:
            return Repair(changes=tuple(changes), objective=objective)
    return None


def repairs(reading: Reading, limits: Limits, reread: Reread) -> tuple[list[Repair], list[str]]:
    """(repairs, the least change first; what was left open). Each was read, solved, and gave a plan.

    Raises SolverError if the solver fails.
    """
    model, clock = elastic(reading.scenario, reading.candidates), Clock(limits)
    found: list[Repair] = []
    unproved: list[str] = []
    for dropping in (False, True):
        for moved, answer in () if found else proposals(model, clock, dropping=dropping):
            assert answer.values is not None
            one = repair(model, moved, answer.values, limits, reread, clock)
            if one is not None:
                found.append(one)
                if answer.termination is not Termination.OPTIMAL:
                    unproved.append(f"repairs|{len(found)}")
            if len(found) >= MOST:
                break
    return found, unproved if found else ["repairs"]
