"""`landalloc tune sweep`: many weightings, what they reach and who is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ...models.finding import Message
from ..candidates import Floats
from ..crew.hire import hire
from ..report import tuned_sweep
from ..report.drawing import charts
from ..report.words import clean
from ..tuning.space import WeightSpace
from ..tuning.sweep import MOST, Sweep, at_random, grid, grid_size, one_weight, sweep
from .changes import changes_of
from .outcome import Exit, Stopped
from .screen import Listener
from .solve import cases_of
from .tuned import Asked, Opened, Told, names_of, sheet, told
from .tuned import run as run_tuned

STEPS = 20
"""Steps of one weight where nothing else is asked for."""


def run(
    one: str | None,
    by_grid: int | None,
    random: int | None,
    seed: int,
    steps: int,
    cases: Sequence[str],
    **options: Any,
) -> Exit:
    """Answer, for one case after the other into folders of their own; see `cli_tune.sweep` for the options."""
    if sum(x is not None for x in (one, by_grid, random)) != 1:
        raise Stopped(Exit.USAGE, Message("sweep takes one of --one CRITERION, --grid STEPS, --random NUMBER"))

    def verb(opened: Opened, listen: Listener) -> Told:
        moved = opened.criterion(one) if one is not None else None
        found = weightings(opened.space, moved, by_grid, random, seed, steps)

        def on_solve(done: int) -> None:
            listen(Message("weighting {done} of {all}", {"done": done, "all": len(found)}))

        with hire(opened.space, opened.hands) as crew:
            result = sweep(opened.space, found, crew=crew, until=opened.until, on_solve=on_solve)
        document = tuned_sweep.sweep(result.table, result.frequency, names_of(opened), charts, one, len(found))
        return told("sweep", None, document, opened, tables(result), hint=charts is None)

    wanted = cases_of(options["scenario"], cases, changes_of(options["settings"], options["weights"]))
    asked = Asked(**options, several=len(wanted) > 1)
    return max(run_tuned(replace(asked, case=case), verb) for case in wanted)


def weightings(
    space: WeightSpace, moved: int | None, by_grid: int | None, random: int | None, seed: int, steps: int
) -> Floats:
    """The weightings that are asked for. Raises Stopped where they are too many."""
    criteria = len(space.names)
    count = random or (grid_size(criteria, by_grid) if by_grid is not None else steps + 1)
    if count > MOST:
        names = {"count": count, "most": MOST}
        raise Stopped(Exit.USAGE, Message("{count} weightings are too many: at most {most}; take fewer steps", names))
    if moved is not None:
        return one_weight(space, moved, steps)
    return grid(criteria, by_grid) if by_grid is not None else at_random(criteria, random or 0, seed)


def tables(result: Sweep) -> dict[str, bytes]:
    """sweep.csv, a weighting a row; sweep-projects.csv, a project a row."""
    projects = result.frequency.assign(title=[clean(str(title)) for title in result.frequency["title"]])
    return {
        name: sheet([[str(head) for head in table], *table.itertuples(index=False)])
        for name, table in (("sweep.csv", result.table), ("sweep-projects.csv", projects))
    }
