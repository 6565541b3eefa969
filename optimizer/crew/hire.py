"""Who does the work that the command line asks for."""

from __future__ import annotations

from dataclasses import dataclass

from .cluster import Cluster
from .crew import Crew
from .processes import Processes
from .work import Base


@dataclass(frozen=True)
class Hands:
    """So many processes of this machine, or the workers of the Dask scheduler at an address."""

    jobs: int = 1
    scheduler: str | None = None


def hire[B: Base](base: B, hands: Hands) -> Crew[B]:
    """A crew that does tasks with this base. Raises CrewError."""
    if hands.scheduler is not None:
        return Cluster(base, hands.scheduler)
    return Processes(base, hands.jobs) if hands.jobs > 1 else Crew(base)
