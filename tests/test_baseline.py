"""The scoring sheet's plan in runs is the one that is found one project after the other."""

import build
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_scenarios import scenarios

from landalloc.models.scenario import Scenario
from landalloc.optimizer import baseline
from landalloc.optimizer.admit import Admission, admit
from landalloc.optimizer.candidates import Floats
from landalloc.optimizer.limits import hard_limits


def one_by_one(scenario: Scenario, admission: Admission) -> tuple[Floats, list[str]]:
    """The list from its top, again after each that made room."""
    candidates = admission.candidates
    limits = hard_limits(scenario, candidates)
    shares = np.zeros(len(candidates.project))
    filling = baseline.Filling(candidates, limits, limits.limit.copy(), baseline.mixes(scenario, candidates), shares)
    queue = baseline.queue_of(candidates, limits)
    points = baseline.sheet_points(scenario, admission.asked)
    order = np.lexsort((np.arange(len(points)), -np.round(points, 9), ~queue.committed))
    waiting = [p for p in order.tolist() if queue.start[p] < queue.start[p + 1]]
    taken: list[str] = []
    i = 0
    while i < len(waiting):
        p = waiting[i]
        if not baseline.admitted(filling, queue, p):
            i += 1
            continue
        taken.append(str(candidates.ids[p]))
        del waiting[i]
        if any(limits.eases(o) for o in range(queue.start[p], queue.start[p + 1])):
            i = 0
    return filling.shares, taken


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenarios(most=12, rules=4, tiers=False), st.sampled_from([1, 2, 5, 32]))
def test_runs_are_the_same_as_one_by_one(raw: build.Raw, size: int) -> None:
    scenario, candidates = build.build(raw)
    admission = admit(scenario, candidates)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(baseline, "LEAST_RUN", size)
        shares, taken = baseline.fill(scenario, admission.asked, admission.candidates)
    expected, ids = one_by_one(scenario, admission)
    assert taken == ids
    assert shares.tolist() == expected.tolist()
