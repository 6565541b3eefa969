"""A scenario in the contract's own words with some of its limits lifted, for conflicts found by trying everything."""

from collections.abc import Iterator
from copy import deepcopy
from itertools import combinations
from typing import Any

from brute import Search
from build import Raw, build
from contract import Candidate, Site

from landalloc.models.finding import Place
from landalloc.models.scenario import Scenario
from landalloc.optimizer.candidates import Candidates
from landalloc.optimizer.read import Reading

Key = tuple[str, str, str, str]
"""Kind, name, place or value of `each`, bound: what tells one limit from another."""
ENDLESS = 1e9


class Lifted(Search):
    """Every pattern, without some limits. Who is no longer obliged stays excused from the standards."""

    def __init__(self, scenario: Scenario, columns: Candidates, lifted: set[Key]) -> None:
        self.lifted, self.at = lifted, ("", "")
        off = {name for kind, name, _, _ in lifted if kind == "admission"}
        off |= {name for kind, name, each, bound in lifted if kind == "rule" and not bound}
        super().__init__(
            scenario.model_copy(update={"rules": tuple(r for r in scenario.rules if r.name not in off)}), columns
        )

    def _admit(self, candidate: Candidate) -> None:
        super()._admit(candidate)
        if ("commitment", candidate.id, "", "") in self.lifted:
            candidate.committed = False

    def _supply(self, measure: str) -> None:
        first = len(self.rows)
        super()._supply(measure)
        for (name, zone), row in self.supplies.items():
            if ("supply", name, zone, "at_most") in self.lifted:
                row.hi = ENDLESS
        if len(self.rows) > first:
            zones, noun = self.scenario.zones, self.scenario.measures[measure]
            levels = [z for z in self.zones if not z or zones[z].within is None] if noun.balance == "zone" else [""]
            kept = [("must_use", measure, z, "at_least") not in self.lifted for z in levels]
            self.rows[first:] = [row for row, stays in zip(self.rows[first:], kept, strict=True) if stays]

    def _each(self, rule: Any) -> Iterator[tuple[str, list[Site]]]:
        for value, sites in super()._each(rule):
            self.at = (rule.name, value)
            yield value, sites

    def _bound(self, bound: str, *args: Any, **terms: Any) -> None:
        if ("rule", *self.at, bound) not in self.lifted:
            super()._bound(bound, *args, **terms)

    def _requires(self, rule: Any) -> None:
        self.at = ("", "")
        super()._requires(rule)

    def _exclusive(self, rule: Any) -> None:
        self.at = ("", "")
        super()._exclusive(rule)

    def _mix(self, rule: Any) -> None:
        first = len(self.mixes)
        super()._mix(rule)
        values = [value for value, _ in super()._each(rule)]
        kept = [("rule", rule.name, value, "at_most") not in self.lifted for value in values]
        self.mixes[first:] = [mix for mix, stays in zip(self.mixes[first:], kept, strict=True) if stays]

    def possible(self) -> bool:
        """Whether there is a plan."""
        return any(self.answer(pattern, None, []) is not None for pattern in self.patterns())


def changed(raw: Raw, changes: dict[str, str]) -> Raw:
    """What `build` takes, with changes as `--set` takes them."""
    raw = deepcopy(raw)
    for path, value in changes.items():
        head, name, *rest = path.split(".")
        match head:
            case "supply":
                raw["supply"][name] = float(value)
            case "zones":
                raw["zones"][name].setdefault("supply", {})[rest[1]] = float(value)
            case "measures":
                raw["measures"][name]["must_use"] = float(value)
            case "projects":
                next(p for p in raw["projects"] if p["id"] == name)["committed"] = value == "true"
            case "rules" if not rest:
                raw["rules"] = [r for r in raw["rules"] if r["name"] != name]
            case "rules":
                rule = next(r for r in raw["rules"] if r["name"] == name)
                body = next(v for k, v in rule.items() if isinstance(v, dict) and rest[0] in v)
                body[rest[0]] = int(float(value)) if "mix" in rule else float(value)
    return raw


class Places:
    """Everything stands in one place."""

    def __getitem__(self, path: str) -> Place:
        return Place("test.yaml", 1, 1, path=path)


def reading(raw: Raw, changes: dict[str, str] | None = None) -> Reading:
    """A reading without a file, changed or not."""
    scenario, candidates = build(changed(raw, changes or {}))
    places: Any = Places()
    return Reading(scenario, candidates, scenario, candidates, [], {}, [], places, dict(changes or {}))


def fewest(scenario: Scenario, candidates: Candidates, knobs: list[set[Key]], most: int) -> int | None:
    """How many knobs must be lifted at least for a plan to be there; None where `most` are not enough."""
    for count in range(most + 1):
        for some in combinations(knobs, count):
            if Lifted(scenario, candidates, set().union(*some)).possible():
                return count
    return None
