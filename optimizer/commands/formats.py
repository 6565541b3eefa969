"""The formats of a result that are files, each made from the plan alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ..allocation import Allocation
from ..report import csv, html, xlsx
from ..report.folder import Content
from ..report.numbers import Language

WRITERS: Mapping[str, Callable[[Allocation, Language], Mapping[str, Content]]] = {
    "html": html.files,
    "xlsx": xlsx.files,
    "csv": csv.files,
}
"""Name for --format -> what writes it; plan.json is always there, the terminal is no file."""


def files(allocation: Allocation, formats: Iterable[str], language: Language) -> dict[str, Content]:
    """The files of these formats: name -> content."""
    wanted = set(formats)
    return {
        name: content
        for format_, write in WRITERS.items()
        if format_ in wanted
        for name, content in write(allocation, language).items()
    }
