"""Candidates: the projects as columns, and the options they have.

An *option* is a pair (project, zone): a project that may sit in a zone. Amounts a[p, m, z] are columns over
options; most are the project's own, the few that differ by zone are kept apart.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..models.where import Where

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Candidates:
    """n projects, sorted by id, with k options, sorted by project and then by zone in file order.

    Amounts are in the unit of their measure, for the whole project.
    """

    table: pd.DataFrame
    """(n rows) id, title: str; committed: bool; min_share: float (0 divisible); units: int (0: not in units);
    min_units: int (≥ 1); assumed: tuple of measures; source: str or None."""
    attributes: dict[str, NDArray[np.object_]]
    """attribute -> (n,) text or None; every declared attribute is there."""
    amounts: dict[str, Floats]
    """measure -> (n,) what it takes or brings; every declared measure is there."""
    makes: dict[str, Floats]
    """measure -> (n,) what it gives to others; only measures that some project makes."""
    project: Ints
    """(k,) row of the option's project."""
    zone: Ints
    """(k,) place of the option's zone in `scenario.places`."""
    at: dict[str, tuple[Ints, Floats]] = field(default_factory=dict)
    """measure -> (options, amounts there), where an amount differs by zone; options ascending, no repeats."""
    asked: dict[str, Floats] = field(default_factory=dict)
    """measure -> (k,) what was asked for, where something was trimmed since: conditions look at that"""

    def __len__(self) -> int:
        return len(self.table)

    @property
    def ids(self) -> NDArray[np.object_]:
        """(n,) project ids."""
        return self.table["id"].to_numpy(dtype=object)

    def row_of(self, project: str) -> int:
        """The row of a project by its id; −1 if there is none."""
        ids = self.ids
        row = bisect_left(ids, project)
        return row if row < len(ids) and ids[row] == project else -1

    def column(self, name: str) -> NDArray[np.generic]:
        """(n,) a column of the table as an array."""
        return self.table[name].to_numpy()

    def amount(self, measure: str) -> Floats:
        """(k,) a[p, measure, z] for every option."""
        values = self.amounts[measure][self.project]
        if measure in self.at:
            options, there = self.at[measure]
            values[options] = there
        return values

    def made(self, measure: str) -> Floats:
        """(k,) what each option's project gives of the measure."""
        if measure not in self.makes:
            return np.zeros(len(self.project))
        return self.makes[measure][self.project]

    def total(self, per_option: Floats) -> Floats:
        """(n,) sum over the options of each project."""
        return np.bincount(self.project, weights=per_option, minlength=len(self))

    def largest(self, per_option: Floats) -> Floats:
        """(n,) largest over the options of each project; −inf for a project without options."""
        best = np.full(len(self), -np.inf)
        np.maximum.at(best, self.project, per_option)
        return best

    def keep(self, options: Bools) -> Candidates:
        """The same projects with only these options, (k,) bool."""
        if options.all():
            return self
        new = np.cumsum(options) - 1
        at = {m: (new[o[options[o]]], a[options[o]]) for m, (o, a) in self.at.items()}
        asked = {m: amounts[options] for m, amounts in self.asked.items()}
        return replace(self, project=self.project[options], zone=self.zone[options], at=at, asked=asked)

    def trimmed(self, measure: str, per_option: Floats) -> Candidates:
        """The same candidates with less of one measure, (k,) per option; conditions still see what was asked for."""
        changed = np.flatnonzero(per_option != self.amounts[measure][self.project])
        asked = {measure: self.amount(measure), **self.asked}
        return replace(self, at={**self.at, measure: (changed, per_option[changed])}, asked=asked)

    def matches(self, where: Where, places: tuple[str, ...], outer: dict[str, tuple[str, ...]]) -> Bools:
        """(k,) which options a condition selects, on the amounts as asked.

        `outer` maps each place to the zones it lies within, itself included.
        """
        hit = np.ones(len(self.project), dtype=bool)
        if where.id:
            hit &= np.isin(self.ids, where.id)[self.project]
        if where.zone:
            inside = np.array([not set(where.zone).isdisjoint(outer[place]) for place in places])
            hit &= inside[self.zone]
        for name, values in where.attributes.items():
            hit &= np.isin(self.attributes[name], values)[self.project]
        for name, bounds in where.measures.items():
            amount = self.asked[name] if name in self.asked else self.amount(name)
            if bounds.at_least is not None:
                hit &= amount >= bounds.at_least
            if bounds.at_most is not None:
                hit &= amount <= bounds.at_most
        if where.exclude is not None:
            hit &= ~self.matches(where.exclude, places, outer)
        return hit
