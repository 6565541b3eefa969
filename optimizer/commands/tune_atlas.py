"""`landalloc tune atlas`: plans for every weighting, proved, and a page to move the weights on."""

from __future__ import annotations

from typing import Any

from ...models.atlas import Atlas
from ...models.finding import Message
from .. import pipeline
from ..crew.hire import hire
from ..report import atlas as atlas_page
from ..report import json as plan_json
from ..report import numbers
from ..report.numbers import Language
from ..report.tuned import STAGES_HELD
from ..report.words import say
from ..solve import Limits
from ..tuning.atlas import atlas
from .outcome import Exit, Stopped
from .screen import Listener
from .tuned import PER_SOLVE, Asked, Opened, Told
from .tuned import run as run_tuned


def run(eps: float, **options: Any) -> Exit:
    """Answer; see `cli_tune.atlas` for the options."""
    if not 0 < eps < float("inf"):
        raise Stopped(Exit.USAGE, Message("--eps takes points of the score, more than 0, such as 0.5"))

    def verb(opened: Opened, listen: Listener) -> Told:
        def on_round(plans: int) -> None:
            listen(Message("{plans} plans so far", {"plans": plans}))

        with hire(opened.space, opened.hands) as crew:
            found = atlas(opened.space, eps, crew=crew, until=opened.until, on_round=on_round)
        limits = Limits(seconds=PER_SOLVE, gap=0.0)
        plan = pipeline.allocate(opened.reading, limits, language=opened.language, case=opened.case)
        files = {"atlas.json": plan_json.document(found), "atlas.html": atlas_page.page(plan, found, opened.language)}
        return Told(files, lines(found, bool(opened.space.solved.tiers), opened.language))

    return run_tuned(Asked(**options), verb)


def lines(found: Atlas, held: bool, language: Language) -> list[str]:
    """The short of it."""
    worst = max((cell.bound for cell in found.cells), default=0.0)
    count, points = len(found.plans), numbers.about(found.eps, numbers.POINTS, language)
    if found.proved and found.eps == 0:
        told = say("{count} plans: for every weighting one of them is the best, proved.", language, count=count)
    elif found.proved:
        told = say(
            "{count} plans: for every weighting one of them is within {points} of the best, proved.",
            language, count=count, points=points,
        )  # fmt: skip
    else:
        told = say(
            "{count} plans; some weightings stayed open: there the best may be up to {worst} better. "
            "Allow more with --time-limit, or a larger --eps.",
            language, count=count, worst=numbers.about(worst, numbers.POINTS, language),
        )  # fmt: skip
    return [told, *([say(STAGES_HELD, language)] if held else [])]
