"""Scenario file and tables -> Scenario and candidates, or everything that is wrong with them, each with its place.

Amounts become numbers in the unit of their place at this one door. Nothing is taken on trust: sizes, nesting,
aliases, paths and texts are checked before they are used, and no text is ever evaluated.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..models.finding import Finding, InputError, Place
from ..models.scenario import Scenario
from .candidates import Candidates
from .reading import bulk
from .reading import changes as read_changes
from .reading.changes import Change
from .reading.checks import Checker, check_scenario
from .reading.checks_projects import check_projects
from .reading.checks_rules import check_rules
from .reading.figures import resolve, units_of
from .reading.files import Files
from .reading.findings import Findings
from .reading.headings import Vocabulary
from .reading.limits import fill_limits
from .reading.netting import net_projects, net_supplies
from .reading.places import Places
from .reading.projects import read_projects
from .reading.rows import read_rows
from .reading.scenario import to_scenario
from .reading.schema import schema
from .reading.weights import with_weights
from .reading.yaml import Node
from .score import doubts

__all__ = ["Reading", "read", "schema"]

LARGEST = 30_000_000
"""Bytes of the largest scenario file; more candidates than that holds belong in a table."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What a scenario says, ready to be solved. Figures are numbers in the unit of their place."""

    scenario: Scenario
    candidates: Candidates
    base_scenario: Scenario
    """Without case and changes; the same object where there are none. Scales (N_c) are taken on it."""
    base_candidates: Candidates
    findings: list[Finding]
    """Warnings."""
    inputs: dict[str, str]
    """File as the scenario names it -> sha256 of its bytes; the scenario itself first."""
    assumed: list[str]
    """Dotted paths of the figures that are assumptions."""
    places: Places
    """Dotted path -> Place, for messages later on."""
    changes: dict[str, str]
    """The changes that were asked for besides the case."""


def read(
    path: Path,
    *,
    case: str | None = None,
    changes: Mapping[str, str] | None = None,
    weightless: bool = False,
    contents: Mapping[str, bytes] | None = None,
) -> Reading:
    """Read a scenario, with one of its cases and with changes (dotted path -> value) where they are given.

    `weightless`: criteria may still lack a weight, which is then 1. `contents`: the files of the scenario as it names
    them, where they are not at hand.

    Raises:
        InputError: the scenario cannot be used; it holds every error and warning, each with its place.
    """
    found = Findings()
    with contextlib.suppress(OSError, RuntimeError, ValueError):  # told below, when the file cannot be read
        path = path.resolve()  # a link to a scenario stands for the scenario itself, with the tables beside it
    files = Files(path.parent, contents)
    root = _root(path, files, found)
    if root is None:
        raise InputError(found.items)
    root = with_weights(root) if weightless else root
    wanted = read_changes.of_case(root, case, found) if case is not None else []
    wanted += read_changes.of_settings(changes or {}, found)
    base = final = _assemble(root, [], read_changes.of_cases(root, found), files, found)
    if wanted:
        found = found if found.errors else Findings()  # warnings are those of what is solved
        changed, of_projects = read_changes.write(root, wanted, found)
        final = _assemble(changed, of_projects, [], files, found)
    found.stop_if_wrong()
    assert base is not None  # else there would be an error
    assert final is not None
    found.items.extend(doubts(base.scenario, base.candidates, base.places.__getitem__))
    return Reading(
        final.scenario,
        final.candidates,
        base.scenario,
        base.candidates,
        found.items,
        dict(files.digests),
        final.assumed,
        final.places,
        dict(changes or {}),
    )


@dataclass(frozen=True, eq=False)
class _Read:
    scenario: Scenario
    candidates: Candidates
    assumed: list[str]
    places: Places


def _assemble(root: Node, changes: list[Change], proposed: list[Change], files: Files, found: Findings) -> _Read | None:
    """From a tree to a scenario and its candidates, with changes made to projects and others only looked at.

    None if there are errors that leave no whole scenario; they are among the findings.
    """
    places = Places(root)
    assert isinstance(root.value, dict)
    tree = {name: node.plain() for name, node in root.value.items() if name != "projects"}
    units = units_of(tree, places, found)
    fill_limits(tree, units, files, places, found)
    resolve(tree, units, places, found)
    words = Vocabulary.of(tree)
    before = found.errors
    blocks = read_rows(root, words, files, found)
    complete = found.errors == before
    bulk.tell_written(root, found)
    scenario = to_scenario(tree, places, found)
    if scenario is None:
        return None
    proposed = proposed if complete else []  # else names may be missing for another reason
    projects = read_projects(blocks, changes, proposed, scenario, units, words, found)
    if projects is not None:
        places = replace(places, of_project=projects.place)
    checker = Checker(scenario, projects, complete, places, found)
    check_scenario(checker)
    check_rules(checker)
    if projects is None:
        return None
    scenario = net_supplies(scenario, places, found)
    projects = replace(projects, candidates=net_projects(scenario, projects, found))
    check_projects(replace(checker, scenario=scenario, projects=projects), projects)
    return _Read(scenario, projects.candidates, _assumed(scenario) + projects.assumed, places)


def _root(path: Path, files: Files, found: Findings) -> Node | None:
    """The tree of the scenario file, a mapping; None with the reason among the findings."""
    place = Place(path.name)
    data = files.bytes(path.name, place, found, LARGEST)
    if data is None:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        found.add("not-utf8", place)
        return None
    root = bulk.parse(text, path.name, found)
    if root is not None and isinstance(root.value, dict):
        return root
    if root is not None or not found.errors:
        found.add("not-a-scenario", place)
    return None


def _assumed(scenario: Scenario) -> list[str]:
    """Dotted paths of the supplies that are assumptions."""
    at = [("supply", scenario.supply)] + [(f"zones.{z}.supply", zone.supply) for z, zone in scenario.zones.items()]
    return [f"{path}.{name}" for path, supply in at for name, one in supply.items() if one.assumed]
