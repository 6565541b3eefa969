"""`landalloc tune stability`: how far each weight may move before the plan changes."""

from __future__ import annotations

from typing import Any

from ...models.finding import Message
from ...models.tuning import Stability
from ..crew.hire import hire
from ..report import tuned_stability
from ..report.drawing import charts
from ..tuning.stability import stability
from .outcome import Exit
from .screen import Listener
from .tuned import Asked, Opened, Told, names_of, sheet, told
from .tuned import run as run_tuned


def run(**options: Any) -> Exit:
    """Answer; see `cli_tune.stability` for the options."""
    return run_tuned(Asked(**options), verb)


def verb(opened: Opened, listen: Listener) -> Told:
    def on_stage(criterion: str) -> None:
        listen(Message("following the weight of {criterion}", {"criterion": criterion}))

    with hire(opened.space, opened.hands) as crew:
        result = stability(opened.space, crew=crew, until=opened.until, on_stage=on_stage)
    document = tuned_stability.stability(result, names_of(opened), charts)
    return told("stability", result, document, opened, {"stability.csv": table(result)}, hint=charts is None)


def table(result: Stability) -> bytes:
    """One criterion a row: the keys of stability.json."""
    heads = ["criterion", "weight", "from", "to", "share", "share_from", "share_to", "plans", "proved"]
    rows = [
        [r.criterion, r.weight, r.weights[0], r.weights[1], r.share, r.low, r.high, r.plans, r.proved]
        for r in result.ranges
    ]
    return sheet([heads, *rows])
