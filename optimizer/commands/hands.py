"""Who does the work, as --jobs and --scheduler say."""

from __future__ import annotations

from ...models.finding import Message
from ..crew.cluster import reach
from ..crew.hire import Hands
from .outcome import Exit, Stopped


def hands_of(jobs: int, scheduler: str | None) -> Hands:
    """Raises Stopped where both are asked for, CrewError where no scheduler is there."""
    if scheduler is not None and jobs > 1:
        raise Stopped(
            Exit.USAGE, Message("--jobs is for this machine, --scheduler for a cluster, which has workers of its own")
        )
    if scheduler is not None:
        reach(scheduler)
    return Hands(jobs, scheduler)
