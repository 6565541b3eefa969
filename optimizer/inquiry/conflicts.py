"""When nothing fits: which limits of the user's cannot hold together, and the least changes after which they do.

A conflict is a set of limits that no plan can keep, while without any one of them some plan could: QuickXplain
(Junker 2004) over the limits, each question a programme of its own, then every member tried once more. It holds for
whole projects as for divisible ones. A limit that is left out is lifted altogether: the supply without end, the rule
off, the project no longer obliged (but still allowed as it was).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ...models.explanation import Cited, Conflict, Repair
from ...models.scenario import Scenario
from ..admit import admit
from ..candidates import Bools, Candidates, Floats, Ints
from ..face import only_rows
from ..formulate import formulate
from ..program import Program, Sense
from ..read import Reading
from ..report.numbers import Language
from ..report.words import text
from ..resolve import Resolver
from ..score import scales, score
from ..solve import Clock, Limits, Termination
from .demands import Demand, demands, owners
from .repairs import Reread, repairs

MOST = 10
"""Conflicts that are looked for at most, one after the other."""
KEPT = 1e-7
"""A row missed by no more than this, relative to max(1, |limit|), is kept by a plan that was found before."""


@dataclass(eq=False)
class Court:
    """Tells whether some plan keeps a set of demands."""

    scenario: Scenario
    asked: Candidates
    listed: list[Demand]
    clock: Clock
    programs: dict[frozenset[int], tuple[Program, Ints]] = field(default_factory=dict)
    plans: dict[frozenset[int], list[Floats]] = field(default_factory=dict)
    told: dict[frozenset[int], bool | None] = field(default_factory=dict)

    def possible(self, kept: frozenset[int]) -> bool | None:
        """Whether some plan keeps these demands; None where the time was too short to tell."""
        if kept not in self.told:
            self.told[kept] = self.decided(kept)
        return self.told[kept]

    def decided(self, kept: frozenset[int]) -> bool | None:
        dropped = frozenset(range(len(self.listed))) - kept
        key = frozenset(i for i in dropped if not self.listed[i].row)
        program, owner = self.program(key)
        stays = ~np.isin(owner, sorted(dropped))
        if any(keeps(program, stays, plan) for plan in self.plans.get(key, [])):
            return True
        asked = only_rows(replace(program, cost=np.zeros_like(program.cost), ties=()), stays)
        limits = self.clock.left(asked)
        answer = Resolver(limits).solve(asked, limits)
        if answer.values is not None:
            self.plans.setdefault(key, []).append(answer.values)
            return True
        return False if answer.termination is Termination.INFEASIBLE else None

    def program(self, key: frozenset[int]) -> tuple[Program, Ints]:
        """The programme without some commitments and admission rules, and the demand of each of its rows.

        Who is no longer obliged keeps the amounts as asked and stays excused from the standards.
        """
        if key not in self.programs:
            gone = {(self.listed[i].kind, self.listed[i].name) for i in key}
            rules = tuple(r for r in self.scenario.rules if ("admission", r.name) not in gone)
            scenario = self.scenario.model_copy(update={"rules": rules})
            admitted = admit(scenario, self.asked).candidates
            free = np.array([("commitment", p) in gone for p in admitted.ids], dtype=bool)
            obliged = admitted.table["committed"].to_numpy(dtype=bool) & ~free
            candidates = replace(admitted, table=admitted.table.assign(committed=obliged))
            program = formulate(scenario, candidates, score(scenario, candidates, scales(scenario, self.asked)))
            self.programs[key] = program, owners(program, self.listed)
        return self.programs[key]

    def conflict(self, among: Sequence[int]) -> list[int] | None:
        """An irreducible conflict among some demands; None where some plan keeps them all or it cannot be told."""
        if self.possible(frozenset(among)) is not False:
            return None
        found = self.explain([], [], list(among))
        for member in list(found):  # lifting one limit may even do harm, as where an even use gains a zone
            if self.possible(frozenset(found) - {member}) is False:
                found.remove(member)
        return sorted(found)

    def explain(self, held: list[int], added: list[int], among: list[int]) -> list[int]:
        """QuickXplain: the members among some demands of a conflict with those held."""
        if added and self.possible(frozenset(held)) is False:
            return []
        if len(among) == 1:
            return among
        first, second = among[: len(among) // 2], among[len(among) // 2 :]
        right = self.explain([*held, *first], first, second)
        return [*self.explain([*held, *right], right, first), *right]

    def sure(self, found: Sequence[int]) -> bool:
        """Whether a conflict is proved: none keeps it, and without any one member some plan does."""
        whole = frozenset(found)
        return self.possible(whole) is False and all(self.possible(whole - {m}) for m in whole)


def keeps(program: Program, stays: Bools, values: Floats) -> bool:
    """Whether a plan keeps some rows of a programme."""
    over = program.activity(values) - program.limit
    missed = np.where(
        program.sense == Sense.AT_MOST, over, np.where(program.sense == Sense.AT_LEAST, -over, np.abs(over))
    )
    return bool((missed <= KEPT * np.maximum(1.0, np.abs(program.limit)))[stays].all())


def cited(reading: Reading, demand: Demand, language: Language) -> Cited:
    """A demand as it stands in the file."""
    place = replace(reading.places[demand.path], column=None)
    return Cited(path=demand.path, where=str(place), text=text(demand.text, language))


def conflicts(
    reading: Reading,
    limits: Limits,
    reread: Reread,
    *,
    language: Language = "zh",
    on_stage: Callable[[str], None] = lambda stage: None,
) -> tuple[list[Conflict], list[Repair], list[str]]:
    """(conflicts, repairs, what was left open) of a scenario that no plan can keep; nothing where some plan does.

    Conflicts are found one after the other, the last member of each left aside; so two of them may share members, but
    none contains another. `reread` reads the scenario again with further changes. Raises SolverError if the solver
    fails.
    """
    listed = demands(reading.scenario, reading.candidates)
    court = Court(reading.scenario, reading.candidates, listed, Clock(limits))
    among, found, unproved = list(range(len(listed))), list[Conflict](), list[str]()
    on_stage("conflicts")
    while len(found) < MOST and (members := court.conflict(among)):
        found.append(Conflict(members=tuple(cited(reading, listed[i], language) for i in members)))
        if not court.sure(members):
            unproved.append(f"conflicts|{len(found)}")
        among.remove(members[-1])
    if court.possible(frozenset(among)) is not True:
        unproved.append("conflicts")
    if not found:
        return found, [], unproved
    on_stage("repairs")
    mended, open_ = repairs(reading, limits, reread)
    return found, mended, [*unproved, *open_]
