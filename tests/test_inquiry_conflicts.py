"""When nothing fits: conflicts against trying everything, repairs against the changed scenario."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pytest
from build import Raw
from hypothesis import HealthCheck, assume, given, settings
from lifted import Key, Lifted, changed, fewest, reading
from random_scenarios import CLUSTERS, KINDS, scenarios

from landalloc.models.explanation import Conflict, Repair
from landalloc.optimizer.admit import admit
from landalloc.optimizer.formulate import formulate
from landalloc.optimizer.inquiry.conflicts import Court, conflicts
from landalloc.optimizer.inquiry.demands import Demand, demands
from landalloc.optimizer.inquiry.knobs import knobs
from landalloc.optimizer.read import Reading, read
from landalloc.optimizer.score import scales, score
from landalloc.optimizer.solve import Clock, Limits, solve

EXACT = Limits(gap=0.0)
INPUTS = Path(__file__).parents[1] / "inputs"


def law(examples: int) -> Any:
    return settings(max_examples=examples, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


def key(demand: Demand) -> Key:
    return demand.kind, demand.name, demand.at, demand.bound


def strict(raw: Raw) -> Raw:
    """The scenario with every rule hard and two projects committed, where some zone takes them."""
    raw = deepcopy(raw)
    for rule in raw["rules"]:
        rule.pop("soft", None)
    for project in raw["projects"][:2]:
        zones = {n: z for n, z in raw["zones"].items() if n in project.get("zones", [n])}
        accepted = [z.get("accepts", {}).get("cluster", CLUSTERS) for z in zones.values()]
        if not raw["zones"] or any(project["cluster"] in clusters for clusters in accepted):
            project["committed"] = True
    return raw


def asked(raw: Raw) -> tuple[list[Conflict], list[Repair], list[str]]:
    return conflicts(reading(raw), EXACT, lambda more: reading(raw, dict(more)), language="en")


def written(repair: Repair) -> dict[str, str]:
    return {step.path: step.to if isinstance(step.to, str) else repr(step.to) for step in repair.changes}


def found_by(raw: Raw) -> tuple[list[Demand], list[list[int]]]:
    """The demands of a scenario, and its conflicts as they are found."""
    one = reading(raw)
    listed = demands(one.scenario, one.candidates)
    court, among = Court(one.scenario, one.candidates, listed, Clock(EXACT)), list(range(len(listed)))
    members: list[list[int]] = []
    while (conflict := court.conflict(among)) is not None:
        members.append(conflict)
        among.remove(conflict[-1])
    return listed, members


@law(35)
@given(scenarios(tiers=False, rules=4, most=3).map(strict))
def test_conflicts_are_irreducible_and_all_of_them_are_found(raw: Raw) -> None:
    one = reading(raw)
    told, _, unproved = asked(raw)
    assert not [name for name in unproved if name.startswith("conflicts")]
    listed, members = found_by(raw)
    assert [[listed[i].path for i in conflict] for conflict in members] == [
        [member.path for member in conflict.members] for conflict in told
    ]
    every = {key(d) for d in listed}

    def possible(lifted: set[Key]) -> bool:
        return Lifted(one.scenario, one.candidates, lifted).possible()

    assert possible(set()) == (not told)
    for conflict in members:
        own = {key(listed[i]) for i in conflict}
        assert not possible(every - own)
        for member in own:
            assert possible(every - own | {member})
    assert possible({key(listed[conflict[-1]]) for conflict in members})


@law(35)
@given(scenarios(tiers=False, rules=3, most=3, kinds=tuple(k for k in KINDS if k != "even_use")).map(strict))
def test_repairs_work_and_no_smaller_step_does(raw: Raw) -> None:
    told, mended, unproved = asked(raw)
    assume(told)
    assert mended
    assert unproved == []
    for repair in mended:
        assert possible_with(raw, written(repair))
        if len(repair.changes) == 1 and isinstance(repair.changes[0].to, float):
            step = repair.changes[0]
            now = 0.0 if step.from_ is None else float(step.from_)
            rule = next((r for r in raw["rules"] if step.path.startswith(f"rules.{r['name']}.")), {})
            whole = "count" in rule or "mix" in rule
            short = step.to - (1.0 if step.to > now else -1.0) if whole else now + 0.999 * (step.to - now)
            if "exactly" not in step.path and not ("mix" in rule and short < 1):
                assert not possible_with(raw, {step.path: repr(short)})
    one = reading(raw)
    listed = demands(one.scenario, one.candidates)
    found = [k for k in knobs(one.scenario, one.candidates, listed) if not k.last]
    least = fewest(one.scenario, one.candidates, [{key(listed[i]) for i in k.demands} for k in found], 2)
    if least is not None and not any(k.exact and len(k.demands) > 1 for k in found):
        assert min(len(repair.changes) for repair in mended) == least


def possible_with(raw: Raw, changes: Mapping[str, str]) -> bool:
    one = reading(raw, dict(changes))
    return Lifted(one.scenario, one.candidates, set()).possible()


SMALL: Raw = {
    "measures": ["land", "jobs", "deep"],
    "attributes": ["trade"],
    "supply": {"land": 10.0},
    "criteria": {"jobs": {"of": "jobs", "weight": 1.0, "reference": 100.0}},
    "projects": [
        {"id": "a", "land": 6.0, "jobs": 6.0, "min_share": 1.0, "trade": "ships"},
        {"id": "b", "land": 6.0, "jobs": 5.0, "min_share": 1.0, "trade": "wind"},
        {"id": "c", "land": 4.0, "jobs": 3.0, "min_share": 1.0, "trade": "wine"},
    ],
}


def small(*rules: Raw, committed: str = "", **more: Any) -> Raw:
    projects = [{**p, "committed": p["id"] in committed} for p in SMALL["projects"]]
    named = [{"name": f"r{i}", **rule} for i, rule in enumerate(rules)]
    return {**SMALL, "projects": projects, "rules": named, **more}


def paths(found: list[Conflict]) -> list[list[str]]:
    return [[member.path for member in conflict.members] for conflict in found]


def figures(found: list[Repair]) -> list[dict[str, str | float]]:
    return [{step.path: step.to for step in repair.changes} for repair in found]


TARGET = {"total": {"of": "jobs", "at_least": 12.0}}
HAND: dict[str, tuple[Raw, list[list[str]], dict[str, str | float]]] = {
    "commitments beyond supply": (
        small(committed="ab"),
        [["supply.land", "projects.a.committed", "projects.b.committed"]],
        {"supply.land": 12.0},
    ),
    "a target out of reach": (
        small({"total": {"of": "jobs", "at_least": 20.0}}),
        [["rules.r0"]],
        {"rules.r0.at_least": 9.0},
    ),
    "a target that supply does not allow": (small(TARGET), [["supply.land", "rules.r0"]], {"rules.r0.at_least": 9.0}),
    "contradictory rules": (
        small(
            {"count": {"at_least": 2.0}},
            {"exclusive": ["a", "b"]},
            {"exclusive": ["a", "c"]},
            {"exclusive": ["b", "c"]},
            supply={"land": 16.0},
        ),
        [["rules.r0", "rules.r1", "rules.r2", "rules.r3"]],
        {"rules.r0.at_least": 1.0},
    ),
    "a veto against a target": (
        small({"veto": True, "where": {"trade": ["ships", "wind"]}}, {"total": {"of": "jobs", "at_least": 5.0}}),
        [["rules.r0", "rules.r1"]],
        {"rules.r1.at_least": 3.0},
    ),
    "two conflicts at once": (
        small({"total": {"of": "jobs", "at_least": 20.0}}, committed="ab"),
        [["supply.land", "projects.a.committed", "projects.b.committed"], ["rules.r0"]],
        {"rules.r0.at_least": 11.0, "supply.land": 12.0},
    ),
    "a share of what there is none of": (
        small({"ratio": {"of": "jobs", "per": "jobs", "at_least": 0.5}, "of_where": {"trade": "wine"}}, committed="a"),
        [["projects.a.committed", "rules.r0"]],
        {"rules.r0.at_least": 3 / 9},
    ),
    "together, where only one fits": (
        small({"together": ["a", "b"]}, committed="a"),
        [["supply.land", "projects.a.committed", "rules.r0"]],
        {"supply.land": 12.0},
    ),
    "nobody makes enough": (
        {
            **small(committed="a"),
            "measures": {"land": {}, "jobs": {}, "deep": {"must_use": 0.5}},
            "projects": [
                {"id": "a", "land": 1.0, "jobs": 1.0, "min_share": 1.0, "committed": True, "makes": {"deep": 4.0}},
                {"id": "b", "land": 1.0, "jobs": 1.0, "deep": 1.0, "min_share": 1.0},
            ],
        },
        [["projects.a.committed", "measures.deep.must_use"]],
        {"measures.deep.must_use": 0.25},
    ),
}


@pytest.mark.parametrize("name", HAND)
def test_conflicts_and_least_changes_known_by_hand(name: str) -> None:
    raw, conflict, least = HAND[name]
    found, mended, unproved = asked(raw)
    assert unproved == []
    assert paths(found) == conflict
    assert figures(mended)[0] == {
        path: to if isinstance(to, str) else pytest.approx(to, rel=1e-5) for path, to in least.items()
    }
    assert len({tuple(sorted(one)) for one in figures(mended)}) == len(mended)


def test_a_scenario_that_fits_has_no_conflict() -> None:
    assert asked(small()) == ([], [], [])


def test_whole_projects_conflict_where_parts_of_them_would_not() -> None:
    raw = small(TARGET, supply={"land": 13.0})
    assert paths(asked(raw)[0]) == [["supply.land", "rules.r0"]]  # b and c, or a and c; 12 jobs need 13.2 in parts
    parts = {**raw, "projects": [{**p, "min_share": 0.0} for p in raw["projects"]], "supply": {"land": 13.5}}
    assert asked(parts) == ([], [], [])


def test_three_commitments_are_told_two_by_two() -> None:
    found, mended, _ = asked(small(committed="abc", supply={"land": 6.0}))
    assert paths(found) == [
        ["supply.land", "projects.a.committed", "projects.b.committed"],
        ["supply.land", "projects.a.committed", "projects.c.committed"],
    ]
    assert {"supply.land": 16.0} in figures(mended)


def test_a_zone_that_names_no_supply_is_part_of_the_conflict() -> None:
    zones = {"north": {"supply": {"land": 9.0}}, "south": {"supply": {"jobs": 100.0}}}
    raw = small(committed="a", zones=zones, supply={})
    raw["projects"][0]["zones"] = ["south"]
    found, mended, _ = asked(raw)
    assert paths(found) == [["zones.south.supply.land", "projects.a.committed"]]
    assert "none" in found[0].members[0].text
    assert {"zones.south.supply.land": 6.0} in figures(mended)


def test_a_supply_is_moved_with_what_its_figure_contains() -> None:
    raw = small(committed="a", measures={"land": {"includes": "deep"}, "jobs": {}, "deep": {}})
    raw["supply"] = {"land": 4.0, "deep": 3.0}  # as read: 4 beside the 3 that the file's 7 contain
    raw["projects"][0]["deep"] = 5.0
    one = reading(raw)
    listed = demands(one.scenario, one.candidates)
    assert {d.path for d in listed} == {"supply.deep", "supply.land", "projects.a.committed"}
    _, mended, _ = conflicts(one, EXACT, lambda more: reading(raw, netted(more)), language="en")
    moved = [{s.path: (s.from_, s.to) for s in one.changes} for one in mended]
    assert {"supply.deep": (3.0, 5.0), "supply.land": (7.0, 11.0)} in moved


def netted(more: Mapping[str, str]) -> dict[str, str]:
    """Totals of the file as the reader nets them."""
    left = dict(more)
    if "supply.land" in left:
        left["supply.land"] = repr(float(left["supply.land"]) - float(left.get("supply.deep", "3.0")))
    return left


VARIANTS: dict[str, tuple[str, dict[str, str], int]] = {
    "harbour: less land than is committed": ("harbour", {"zones.north.supply.land": "50 mu"}, 1),
    "harbour: a target that land does not allow": ("harbour", {"rules.jobs-target.soft": ""}, 1),
    "penglai: targets out of reach": (
        "penglai",
        {f"rules.{name}.soft": "" for name in ("ships", "conventional", "vehicles")},
        3,
    ),
    "penglai: a share nobody reaches": (
        "penglai",
        {"rules.services-share.soft": "", "rules.services-share.at_least": "60%"},
        1,
    ),
    "penglai: less land than is committed": ("penglai", {"zones.大辛店镇.supply.land": "40 亩", "supply.fund": "0"}, 1),
    "qinbei: commitments, and a target": (
        "qinbei",
        {"rules.output-180.soft": "", "rules.output-180.at_least": "400", "zones.化工园.supply.land": "100"},
        3,
    ),
    "towns: a commitment, and a target": (
        "towns",
        {"rules.rural-labour.soft": "", "rules.rural-labour.at_least": "30000", "zones.白塔镇.supply.land": "1"},
        2,
    ),
    "dalian: two rules": ("dalian", {"rules.northern-leads.at_least": "40", "rules.two-trades.at_most": "1"}, 1),
    "zhongshan: commitments beyond land": (
        "zhongshan",
        {"projects.gz-smart.committed": "true", "projects.gz-trad.committed": "true", "zones.古镇.supply.land": "20"},
        1,
    ),
}

FEW = "- {name: few, count: {at_most: 1}, where: {id: [%s]}}\n  - {name: many, count: {at_least: 2}, where: {id: [%s]}}"
"""Two rules that contradict each other."""
ADDED: dict[str, tuple[str, str, dict[str, str], list[set[str]]]] = {
    "qinbei: two pairs of contradictory rules": (
        "qinbei",
        FEW % ("al-powder, al-hub", "al-powder, al-hub")
        + "\n  - {name: either, exclusive: [al-house, al-panel]}"
        + "\n  - {name: both, count: {at_least: 2}, where: {id: [al-house, al-panel]}}",
        {},
        [{"rules.few", "rules.many"}, {"rules.either", "rules.both"}],
    ),
    "zhongshan: a target out of reach, and contradictory rules": (
        "zhongshan",
        FEW % ("xl-press, sx-dye", "xl-press, sx-dye")
        + "\n  - {name: more, total: {of: output, at_least: 9000 亿元/年}}",
        {},
        [{"rules.few", "rules.many"}, {"rules.more"}],
    ),
    "towns: contradictory rules, and a second kind of works": (
        "towns",
        FEW % ("board, casting", "board, casting")
        + "\n  - {name: full, count: {at_least: 1}, where: {id: [seven-baita]}}",
        {"projects.five-baita.committed": "true"},
        [{"rules.few", "rules.many"}, {"rules.works-baita", "rules.full", "projects.five-baita.committed"}],
    ),
    "penglai: contradictory rules, and a berth without its channel": (
        "penglai",
        FEW % ("casting, printing", "casting, printing")
        + "\n  - {name: no-channel, count: {at_most: 0}, where: {id: [channel200]}}",
        {"projects.berth200.committed": "true"},
        [{"rules.few", "rules.many"}, {"rules.no-channel", "rules.berth-channel", "projects.berth200.committed"}],
    ),
}


@pytest.mark.parametrize("name", ADDED)
def test_infeasible_variants_with_rules_added(name: str, tmp_path: Path) -> None:
    scenario, rules, changes, expected = ADDED[name]
    copytree(INPUTS, tmp_path, dirs_exist_ok=True)
    path = tmp_path / f"{scenario}.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count("\nrules:\n") == 1
    path.write_text(text.replace("\nrules:\n", f"\nrules:\n  {rules}\n"), encoding="utf-8")
    members = every_claim_holds(path, changes, len(expected))
    assert all(one in members for one in expected)


def feasible(one: Reading, lifted: list[Demand]) -> bool:
    """Whether a scenario with some limits lifted has a plan, by reading it again as a file would hold it."""
    scenario, candidates = one.scenario, one.candidates
    off = {d.name for d in lifted if d.kind in ("rule", "admission")}
    scenario = scenario.model_copy(update={"rules": tuple(r for r in scenario.rules if r.name not in off)})
    competing = admit(scenario, candidates).candidates
    freed = np.isin(competing.ids, [d.name for d in lifted if d.kind == "commitment"])
    committed = competing.table["committed"].to_numpy(dtype=bool) & ~freed
    competing = type(competing)(**{**vars(competing), "table": competing.table.assign(committed=committed)})
    program = formulate(scenario, competing, score(scenario, competing, scales(scenario, candidates)))
    open_ = [
        program.row_names.index(d.row)
        for d in lifted
        if d.kind in ("supply", "must_use") and d.row in program.row_names
    ]
    program.limit[open_] = [1e12 if program.sense[i] == 1 else -1e12 for i in open_]
    program.cost[:] = 0.0
    return solve(program, EXACT).values is not None


@pytest.mark.parametrize("name", VARIANTS)
def test_infeasible_variants_of_the_inputs(name: str) -> None:
    scenario, changes, count = VARIANTS[name]
    every_claim_holds(INPUTS / f"{scenario}.yaml", changes, count)


def every_claim_holds(path: Path, changes: dict[str, str], count: int) -> list[set[str]]:
    """The members of every conflict of an infeasible file, each irreducible, each repair a plan."""
    scenario = path.stem
    one = read(path, changes=changes)
    found, mended, unproved = conflicts(one, Limits(gap=1e-3), lambda more: read(path, changes={**changes, **more}))
    assert len(found) >= count
    assert unproved == []
    listed = demands(one.scenario, one.candidates)
    for conflict in found:
        own = {member.path for member in conflict.members}
        assert not feasible(one, [d for d in listed if d.path not in own])
        for member in own:
            assert feasible(one, [d for d in listed if d.path not in own or d.path == member])
        for member in conflict.members:
            assert member.where.startswith((f"{scenario}.yaml:", f"{scenario}/", "--set "))
            assert member.text
    assert mended
    for repair in mended:
        told = {step.path: step.to if isinstance(step.to, str) else f"{step.to:.12g}" for step in repair.changes}
        assert feasible(read(path, changes={**changes, **told}), [])
        assert np.isfinite(repair.objective)
    return [{member.path for member in conflict.members} for conflict in found]


def test_changes_are_made_as_the_reader_makes_them() -> None:
    """The mended scenario of the tests is that of the product's reader."""
    raw = small(TARGET, committed="a", zones={"north": {"supply": {"land": 4.0}}}, supply={})
    one = changed(raw, {"zones.north.supply.land": "9", "projects.a.committed": "false", "rules.r0.at_least": "3"})
    assert one["zones"]["north"]["supply"]["land"] == 9.0
    assert one["projects"][0]["committed"] is False
    assert one["rules"][0]["total"]["at_least"] == 3.0
    assert changed(raw, {"rules.r0": "off"})["rules"] == []


def test_what_cannot_be_told_in_time_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Court, "decided", lambda court, kept: None)
    assert asked(small(TARGET)) == ([], [], ["conflicts"])


def test_what_is_not_proved_irreducible_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    decided = Court.decided
    monkeypatch.setattr(Court, "decided", lambda court, kept: decided(court, kept) and None)
    found, mended, unproved = asked(small(TARGET))
    assert paths(found) == [["supply.land", "rules.r0"]]
    assert "conflicts|1" in unproved
    assert mended
