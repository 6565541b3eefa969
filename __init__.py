"""landalloc: from a scenario to a certified, ranked allocation plan.

    scenario = landalloc.read("inputs/harbour.yaml")
    plan = landalloc.allocate(scenario)
    plan.ranking

This is the short public door. What is behind it is imported when it is first asked for, so that
`landalloc --help` need not wait for a solver.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models.finding import Finding, InputError
    from .optimizer.notebook import Plan, Scenario, allocate, read
    from .optimizer.pipeline import NoPlan
    from .optimizer.solve import SolverError

    __version__: str

__all__ = [
    "Finding",
    "InputError",
    "NoPlan",
    "Plan",
    "Scenario",
    "SolverError",
    "__version__",
    "allocate",
    "read",
]

_BEHIND = {
    "Finding": "models.finding",
    "InputError": "models.finding",
    "NoPlan": "optimizer.pipeline",
    "Plan": "optimizer.notebook",
    "Scenario": "optimizer.notebook",
    "SolverError": "optimizer.solve",
    "allocate": "optimizer.notebook",
    "read": "optimizer.notebook",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("importlib.metadata").version("landalloc")
    if name in _BEHIND:
        return getattr(import_module(f"landalloc.{_BEHIND[name]}"), name)
    raise AttributeError(f"module 'landalloc' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
