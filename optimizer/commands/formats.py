"""The formats of a result that are files, each made from the plan alone."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from ..allocation import Allocation
from ..report.folder import Content
from ..report.numbers import Language

WRITERS = ("html", "xlsx", "csv")
"""Names for --format: modules of `report`, loaded only where they are wanted. plan.json is always there, the terminal
is no file."""


def files(allocation: Allocation, formats: Iterable[str], language: Language) -> dict[str, Content]:
    """The files of these formats: name -> content."""
    wanted, found = set(formats), dict[str, Content]()
    for name in (name for name in WRITERS if name in wanted):
        found |= import_module(f"..report.{name}", __package__).files(allocation, language)
    return found
