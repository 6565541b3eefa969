"""The verbs in a row: read, admit, score, formulate, solve, rank, certify."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version as installed
from typing import Protocol

import numpy as np

from ..models.finding import Message, Quantity
from ..models.plan import Certificate, Plan, PlannedTier, Provenance, Status
from ..models.scenario import Scenario
from . import account as accounts
from .admit import Admission, admit
from .allocation import Allocation
from .assemble import Solved, baseline, measures, project_table, zones
from .candidates import Candidates
from .certify import certify
from .core import large_answer
from .formulate import formulate, tier_cost
from .optimum import Optimum, continue_from
from .program import Program
from .read import Reading
from .report.numbers import Language
from .respond import price_in
from .score import Scores, scales, score
from .solve import Clock, FiguresApart, Limits, SolverError, Termination, solve, version
from .whole import best_plan, whole_answer

OPTIMAL = 1e-9
"""A gap that counts as none."""


class NoPlan(Exception):
    """No plan can keep the hard rules."""


class Listener(Protocol):
    """Told which stage a run has come to, and again whenever there is something new to say about it."""

    def __call__(self, stage: str, detail: Message | None = None) -> None: ...


def quiet(stage: str, detail: Message | None = None) -> None:
    """A listener that does not listen."""


def closing(gap: float) -> Message:
    """What a search says of itself: how far its best plan can be from the best there is, relative to its value."""
    return Message("solving, at most {gap} from the best", {"gap": Quantity(100 * gap, "%")})


def prepare(scenario: Scenario, candidates: Candidates, kept: Mapping[str, float] | None) -> tuple[Admission, Scores]:
    """Admission and scores; `kept` are the N_c of the base scenario, None to take them here."""
    admission = admit(scenario, candidates)
    return admission, score(scenario, admission.candidates, kept or scales(scenario, candidates))


def climb(scenario: Scenario, admission: Admission, scores: Scores, clock: Clock) -> list[PlannedTier]:
    """The stages of the first call: what each class reaches alone, with what the classes before it reached held."""
    tiers: list[PlannedTier] = []
    for k in range(len(scenario.tiers)):
        program = formulate(scenario, admission.candidates, scores, [t.value for t in tiers])
        stage = replace(program, cost=tier_cost(scenario, admission.candidates, program, scores, k), ties=())
        limits = clock.left(stage)
        answer = large_answer(stage, limits) or whole_answer(stage, limits) or solve(stage, limits)
        if answer.termination is Termination.INFEASIBLE:
            raise NoPlan
        if answer.values is None:
            raise SolverError("stopped at the limit without a plan") from TimeoutError()
        value = float(stage.cost @ continue_from(stage, answer.values, clock))
        bound = value if stage.linear else max(value, answer.bound)
        tiers.append(PlannedTier(name=str(k + 1), value=value, bound=bound))
    return tiers


def formulated(scenario: Scenario, admission: Admission, scores: Scores, tiers: list[PlannedTier]) -> Program:
    """The programme of the last stage."""
    return formulate(scenario, admission.candidates, scores, [t.value for t in tiers])


def program(reading: Reading) -> Program:
    """The programme of a scenario's last stage, for writing it to a file. Earlier stages are solved on the way."""
    kept = scales(reading.base_scenario, reading.base_candidates)
    admission, scores = prepare(reading.scenario, reading.candidates, kept)
    tiers = climb(reading.scenario, admission, scores, Clock(Limits()))
    return formulated(reading.scenario, admission, scores, tiers)


def solve_scenario(
    scenario: Scenario,
    candidates: Candidates,
    limits: Limits,
    *,
    kept: Mapping[str, float] | None = None,
    on_stage: Listener = quiet,
) -> tuple[Solved, Optimum]:
    """Shares and prices of a scenario.

    Raises NoPlan, and SolverError where the solver fails or stops without a plan.
    """
    clock = Clock(limits)
    on_stage("admit")
    admission, scores = prepare(scenario, candidates, kept)
    on_stage("solve")
    tiers = climb(scenario, admission, scores, clock)
    program = formulated(scenario, admission, scores, tiers)
    optimum = best_plan(program, clock.left(program), lambda gap: on_stage("solve", closing(gap)))
    if optimum is None:
        raise NoPlan
    shares = np.clip(program.shares(optimum.values), 0.0, 1.0)
    shares[shares < OPTIMAL] = 0.0
    shares[shares > 1.0 - OPTIMAL] = 1.0
    prices = {name: float(optimum.prices[row]) for row, name in program.shared_rows()}
    return Solved(scenario, admission, scores, program, shares, prices, tuple(tiers)), optimum


def full_shares(solved: Solved) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The shares over all options that were asked for, 0 where not admissible."""
    full = np.zeros(len(solved.admission.asked.project))
    full[solved.admission.kept] = solved.shares
    return full


def status_of(gap: float, limits: Limits) -> Status:
    """optimal: no gap is left; within_gap: as close as was asked; limit: the best plan so far."""
    if gap <= OPTIMAL:
        return Status.OPTIMAL
    if gap <= limits.gap:
        return Status.WITHIN_GAP
    return Status.LIMIT


def allocate(
    reading: Reading,
    limits: Limits,
    *,
    language: Language | None = None,
    case: str | None = None,
    kept: Mapping[str, float] | None = None,
    on_stage: Listener = quiet,
) -> Allocation:
    """The plan of a scenario that was read; `kept` are N_c that another plan was made with. Raises NoPlan and
    SolverError."""
    scenario = reading.scenario
    kept = scales(reading.base_scenario, reading.base_candidates) | dict(kept or {})
    solved, optimum = solve_scenario(scenario, reading.candidates, limits, kept=kept, on_stage=on_stage)
    on_stage("prices")
    responses = price_in(
        solved.program.relaxed(), solved.admission.candidates, optimum.relaxation, optimum.prices, scenario.measures
    )
    on_stage("certify")
    certificate = certified(reading, solved, kept, optimum.bound)
    if certificate.max_violation > certificate.tolerance:
        raise FiguresApart(f"its plan breaks a limit by {certificate.max_violation:.0e} of it")
    plan = compose(
        solved,
        certificate,
        responses,
        provenance(reading, limits.solver, case),
        language or scenario.language,
    )
    plan = plan.model_copy(update={"status": status_of(plan.gap, limits)})
    on_stage("rank")
    return Allocation(plan, project_table(solved, plan.language))


def certified(reading: Reading, solved: Solved, kept: Mapping[str, float], bound: float) -> Certificate:
    """The certificate of shares and prices; `bound` is the solver's."""
    reached, penalty = accounts.score_and_penalty(solved.account)
    return certify(
        reading.scenario,
        reading.candidates,
        full_shares(solved),
        solved.prices,
        scales=kept,
        tier_values=[t.value for t in solved.tiers],
        objective=reached - penalty,
        bound_solver=max(bound, reached - penalty),
    )


def compose(
    solved: Solved,
    certificate: Certificate,
    responses: Mapping[str, Mapping[str, float]],
    origin: Provenance,
    language: Language,
) -> Plan:
    """Put the plan together, everything but its projects; its status says only whether the gap is closed."""
    scenario, linear = solved.scenario, solved.program.linear
    reached, penalty = accounts.score_and_penalty(solved.account)
    objective = reached - penalty
    bound = certificate.bound_proved if linear else certificate.bound_solver
    gap = max(0.0, bound - objective) / max(1.0, abs(objective))
    return Plan(
        name=scenario.name,
        title=scenario.title or scenario.name,
        language=language,
        case=origin.case,
        status=status_of(gap, Limits(gap=np.inf)),
        objective=objective,
        score=reached,
        penalty=penalty,
        bound=bound,
        gap=gap,
        linear=linear,
        measures=measures(solved),
        zones=zones(scenario),
        tiers=solved.tiers,
        criteria=tuple(accounts.criteria(solved.account)),
        resources=tuple(accounts.resources(solved.account, responses)),
        rules=tuple(accounts.rules(solved.account)),
        groups=tuple(accounts.groups(solved.account)),
        certificate=certificate,
        baseline=baseline(solved),
        provenance=origin,
    )


def provenance(reading: Reading, solver: str, case: str | None) -> Provenance:
    """What the plan came from: no clock time and no machine in it."""
    return Provenance(
        version=installed("landalloc"),
        solver=solver,
        solver_version=version(solver),
        inputs=dict(sorted(reading.inputs.items())),
        case=case,
        set=dict(reading.changes),
        assumed=tuple(reading.assumed),
    )
