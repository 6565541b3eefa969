"""`landalloc tune pareto`: the efficient frontier of two or three criteria."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...models.finding import Message
from ...models.tuning import Frontier
from ..crew.crew import Crew
from ..crew.hire import hire
from ..report import tuned_frontier
from ..report.drawing import charts
from ..tuning.pareto import pareto
from ..tuning.space import WeightSpace
from .outcome import Exit, Stopped
from .screen import Listener
from .tuned import Asked, Opened, Told, names_of, sheet, told
from .tuned import run as run_tuned


def run(criteria: Sequence[str], eps: float, **options: Any) -> Exit:
    """Answer; see `cli_tune.pareto` for the options."""
    if len(set(criteria)) != len(criteria) or not 2 <= len(criteria) <= 3:
        raise Stopped(Exit.USAGE, Message("pareto takes two or three different criteria of the scenario"))
    if not 0 < eps < float("inf"):
        raise Stopped(Exit.USAGE, Message("--eps takes points of the score, more than 0, such as 0.5"))

    def verb(opened: Opened, listen: Listener) -> Told:
        def on_point(points: int) -> None:
            listen(Message("{plans} plans so far", {"plans": points}))

        def crew(few: WeightSpace) -> Crew[WeightSpace]:
            return hire(few, opened.hands)

        chosen = [opened.criterion(name) for name in criteria]
        result = pareto(opened.space, chosen, eps=eps, until=opened.until, on_point=on_point, crew=crew)
        document = tuned_frontier.pareto(result, names_of(opened), charts)
        return told("pareto", result, document, opened, {"pareto.csv": table(result)}, hint=charts is None)

    return run_tuned(Asked(**options), verb)


def table(result: Frontier) -> bytes:
    """The present plan, then a plan of the frontier a row: the keys of pareto.json."""
    names = list(result.present.criteria)
    heads = ["plan", *names, "objective", "penalty", "supported", "knee", "goes_on", "more", "less"]
    rows = [
        [
            i or "present", *(plan.criteria[n] for n in names), plan.objective, plan.penalty, plan.supported, plan.knee,
            plan.goes_on, "; ".join(plan.more), "; ".join(plan.less),
        ]
        for i, plan in enumerate([result.present, *result.plans])
    ]  # fmt: skip
    return sheet([heads, *rows])
