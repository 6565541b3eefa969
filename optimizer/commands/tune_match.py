"""`landalloc tune match`: the nearest weights under which the optimal plan agrees with given decisions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...models.finding import Message
from ..assemble import Solved
from ..reading.decisions import Given, chosen, named, tabulated
from ..reading.findings import Findings
from ..report import tuned_match
from ..tuning.match import made, match
from ..tuning.nearest import Decisions
from .outcome import Exit, Stopped
from .screen import Listener
from .tuned import Asked, Opened, Told, names_of, told
from .tuned import run as run_tuned


def run(inside: Sequence[str], outside: Sequence[str], source: Path | None, **options: Any) -> Exit:
    """Answer; see `cli_tune.match` for the options."""
    if not (inside or outside or source):
        raise Stopped(Exit.USAGE, Message("match takes decisions: --in P1,P7 --out P3, or --from FILE"))
    asked = Asked(**options)

    def verb(opened: Opened, listen: Listener) -> Told:
        found = Findings()
        given = [*named(inside, "--in", inside=True), *named(outside, "--out", inside=False)]
        given += tabulated(source, found) if source is not None else []
        decisions = held_against(given, opened.space.solved, found)
        listen(Message("looking for weights"))
        result = match(opened.space, decisions, until=opened.until)
        document = tuned_match.match(result, names_of(opened), str(asked.scenario))
        return told("match", result, document, opened, {})

    return run_tuned(asked, verb)


def held_against(given: Sequence[Given], solved: Solved, found: Findings) -> Decisions:
    """Decisions by the rows of their projects. Raises InputError with all that is wrong about them."""
    asked = solved.admission.asked
    committed = asked.table["committed"].tolist()
    competes = np.isin(np.arange(len(asked)), solved.admission.candidates.project).tolist()
    wanted = chosen(given, asked.ids.tolist(), committed, competes, found)
    found.stop_if_wrong()
    return made(list(wanted.items()))
