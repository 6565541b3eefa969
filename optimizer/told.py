"""Sentences about many projects: what is the same is said once, however many it is said of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..models.finding import Message
from .candidates import Floats, Ints
from .report.alike import classes
from .report.numbers import Language
from .report.words import said, text

Pair = tuple[str, str]
"""code, sentence"""


@dataclass(frozen=True, eq=False)
class Column:
    """An argument of a sentence for m projects: `values[code[i]]` is that of project i."""

    code: Ints
    """(m,)"""
    values: Sequence[object]


@dataclass(frozen=True, eq=False)
class Told:
    """One sentence about m projects; what differs between them stands in its columns."""

    projects: Ints
    """(m,)"""
    code: str
    words: Message
    args: Mapping[str, Column]


def points_alike(values: Floats) -> tuple[Ints, Ints]:
    """(class of each of n values, first value of each class): a class is what `numbers.quantity` says alike of points.

    >>> points_alike(np.array([0.1234, 0.0041, 0.12, 0.00412, 0.13]))
    (array([1, 0, 1, 0, 2]), array([1, 0, 4]))
    """
    size = np.abs(values)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        places = np.where((size > 0.005) | (size == 0), 2.0, np.minimum(12.0, 1 - np.floor(np.log10(size))))
        scaled = size * 10.0**places
        nearest = np.rint(scaled)
        # Halfway between two figures rounding is a matter of the last bit: there every value is a class of its own.
        clear = np.isfinite(scaled) & (np.abs(np.abs(scaled - nearest) - 0.5) > 1e-6) & (scaled < 1e9)
        clear &= (nearest > 0) | (size == 0)
        shown = np.where(clear, np.copysign(nearest / 10.0**places, values), values)
    _, first, code = np.unique(shown, return_index=True, return_inverse=True)
    return code, first


def pairs(told: Told, language: Language) -> tuple[Ints, list[Pair]]:
    """(class of each project, code and sentence of each class)."""
    found, first = classes([column.code for column in told.args.values()], len(told.projects))
    words = {name: [said(value, language) for value in column.values] for name, column in told.args.items()}
    chosen = {name: column.code[first].tolist() for name, column in told.args.items()}
    sentences = []
    for i in range(len(first)):
        args = {name: words[name][chosen[name][i]] for name in words}
        sentences.append((told.code, text(Message(told.words.text, args), language)))
    return found, sentences


def by_project(sentences: Sequence[Told], n: int, language: Language) -> NDArray[np.object_]:
    """(n,) a tuple of (code, sentence) for every project, in the order of the sentences; equal ones are one object."""
    known: list[Pair] = []
    projects, numbers = [np.zeros(0, dtype=np.intp)], [np.zeros(0, dtype=np.intp)]
    for told in sentences:
        found, said = pairs(told, language)
        projects.append(told.projects)
        numbers.append(found + len(known))
        known += said
    project, number = np.concatenate(projects), np.concatenate(numbers)
    order = np.argsort(project, kind="stable")
    project, number = project[order], number[order]
    place = np.arange(len(project)) - np.searchsorted(project, project)
    slots = np.zeros((int(place.max(initial=-1)) + 1, n), dtype=np.intp)
    slots[place, project] = number + 1  # 0: nothing more is said
    found, first = classes(list(slots), n)
    distinct = np.empty(len(first), dtype=object)
    for i, p in enumerate(first.tolist()):
        distinct[i] = tuple(known[j - 1] for j in slots[:, p].tolist() if j)
    return distinct[found]
