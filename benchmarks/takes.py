"""What it would take, for everybody in a scenario, and every answer tried on the file: how long, and is it true.

    uv run python benchmarks/takes.py [SCENARIO ...] [--seconds S]

SCENARIO is a name in inputs/ (all of them if none is given). Every change is applied through the public door
(`landalloc.read(changes=...)`, `landalloc.allocate(gap=0)`): the project must be in at `to`, and out 0.1 % before the
threshold. CPU seconds of finding the answers and of trying them are told apart.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import landalloc
from landalloc.models.explanation import Taking
from landalloc.optimizer.inquiry.answers import takings
from landalloc.optimizer.inquiry.explanation import Question, subject_of
from landalloc.optimizer.solve import Limits

INPUTS = Path(__file__).resolve().parents[1] / "inputs"
PAST = 1e-3


def before(taking: Taking) -> float:
    """The figure 0.1 % before the threshold; `to` is 0.1 % past it."""
    (step,) = taking.changes
    to = float(step.to)
    sign = 1.0 if to > float(step.from_ or 0.0) else -1.0
    return to / (1.0 + sign * PAST) * (1.0 - sign * PAST)


def carried_out(path: Path, project: str, figure: str, value: float) -> bool:
    """Whether the project is in, in the exact plan of the changed file."""
    plan = landalloc.allocate(landalloc.read(path, changes={figure: value}), gap=0.0)
    found = plan.allocation.projects
    return float(found.loc[found["id"] == project, "share"].iloc[0]) >= 0.01


def measure(path: Path, seconds: float | None, tell: Callable[[str], None]) -> None:
    """Find and try all answers about one scenario, and tell what came of it."""
    clock = time.process_time
    start = clock()
    subject = subject_of(Question(path, None, {}, Limits(gap=0.0, seconds=seconds), "en"))
    inquiry = subject.inquiry
    outside = [
        (p, str(project))
        for p, project in enumerate(inquiry.solved.admission.asked.ids)
        if inquiry.force[p] >= 0 and not inquiry.is_in(inquiry.best)[p]
    ]
    found: list[tuple[str, Taking]] = []
    open_: list[str] = []
    for p, project in outside:
        takes, left_open = takings(subject, p)
        found += [(project, taking) for taking in takes]
        open_ += left_open
    searched = clock()
    wrong = [
        f"{project} {taking.changes[0].path}={taking.changes[0].to}"
        for project, taking in found
        if not carried_out(path, project, taking.changes[0].path, float(taking.changes[0].to))
        or carried_out(path, project, taking.changes[0].path, before(taking))
    ]
    tell(
        f"{path.stem}: {len(outside)} left out, {len(found)} answers, {len(open_)} open, {len(wrong)} wrong; "
        f"found in {searched - start:.0f} s, tried in {clock() - searched:.0f} s"
    )
    for line in [*(f"  wrong: {one}" for one in wrong), *(f"  open: {one}" for one in open_)]:
        tell(line)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO")
    parser.add_argument("--seconds", type=float, default=20.0, help="for any one programme")
    options = parser.parse_args()
    for name in options.scenarios or sorted(path.stem for path in INPUTS.glob("*.yaml")):
        measure(INPUTS / f"{name}.yaml", options.seconds, print)
