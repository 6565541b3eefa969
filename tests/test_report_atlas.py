"""atlas.html before it is opened: what it computes with, what it may hold, how large it is."""

import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import atlases
import numpy as np
import pytest
import sample
from pydantic import ValidationError
from ruamel.yaml import YAML
from test_report_html import HOSTILE, Page

from landalloc.models.atlas import Atlas, Cell
from landalloc.models.finding import InputError
from landalloc.models.plan import PlannedZone
from landalloc.optimizer.allocation import Allocation
from landalloc.optimizer.commands.changes import changes_of
from landalloc.optimizer.report import atlas, atlas_data, atlas_words
from landalloc.optimizer.report.numbers import Language
from landalloc.optimizer.report.words import catalogue

LANGUAGES: list[Language] = ["zh", "en"]
BAD = "</script><script>alert(1)</script><!--\u202e\x00\"'&amp;"


def held(content: bytes) -> dict[str, Any]:
    """The data of a page, as the browser will parse it."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', content.decode(), re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def unpacked(data: dict[str, Any], plan: int) -> set[tuple[int, int, float]]:
    """A stored plan as the script reads it: project, zone, share."""
    letters = data["letters"]
    whole = {(p, letters.index(code), 1.0) for p, code in enumerate(data["codes"][plan]) if code != "."}
    rest = data["parts"][plan]
    return whole | {(p, z, s / data["steps"]) for p, z, s in zip(rest[::3], rest[1::3], rest[2::3], strict=True)}


def test_an_atlas_goes_through_json_and_back() -> None:
    _, found = atlases.harbour()
    assert Atlas.model_validate_json(found.model_dump_json()) == found
    with pytest.raises(ValidationError):
        Atlas.model_validate(found.model_dump() | {"more": 1})
    with pytest.raises(ValidationError):
        Cell(weights=((0.5, 0.5),), plan=0, bound=-1.0)


def test_values_at_the_present_weights_are_those_of_the_plan() -> None:
    allocation, _ = atlases.harbour()
    weights = np.array([c.weight for c in allocation.plan.criteria])
    found = weights / weights.sum() @ atlas_data.values(allocation)
    values = allocation.projects["value"].to_numpy()
    told = ~np.isnan(values)
    assert told.sum() > 5
    assert found[told] == pytest.approx(values[told], abs=1e-9)


def test_the_present_plan_is_among_the_stored_ones_once(tmp_path: Path) -> None:
    allocation, found = atlases.thirty(tmp_path)
    first = atlas_data.stored(allocation, found)
    assert (first.present, len(first.entries)) == (0, len(found.plans))
    others = found.model_copy(update={"plans": found.plans[1:]})
    last = atlas_data.stored(allocation, others)
    assert last.present == len(others.plans) == len(last.entries) - 1
    assert last.entries[-1] == first.entries[0]
    assert last.criteria[:, -1] == pytest.approx(first.criteria[:, 0])


def test_committed_projects_belong_to_every_plan(tmp_path: Path) -> None:
    allocation, found = atlases.thirty(tmp_path)
    without = tuple(
        plan.model_copy(update={"shares": {i: s for i, s in plan.shares.items() if i != "p03"}}) for plan in found.plans
    )
    assert all("p03" in plan.shares for plan in found.plans)
    assert (
        atlas_data.stored(allocation, found.model_copy(update={"plans": without})).entries
        == atlas_data.stored(allocation, found).entries
    )


def test_every_share_comes_through_the_codes() -> None:
    allocation, found = atlases.harbour()
    data = held(atlas.page(allocation, found, "en"))
    ids, zones = allocation.projects["id"].tolist(), [zone.name for zone in allocation.plan.zones]
    for k, plan in enumerate(found.plans):
        wanted = {(ids.index(i), zones.index(z), s) for i, where in plan.shares.items() for z, s in where.items()}
        got = unpacked(data, k)
        assert {one[:2] for one in got} == {one[:2] for one in wanted}
        assert sorted(got) == [pytest.approx(one, abs=1e-5) for one in sorted(wanted)]


def test_more_zones_than_letters_are_written_out() -> None:
    many = len(atlas_data.LETTERS)
    entries = ((0, many - 1, 1.0), (1, many, 1.0), (2, 0, 1e-9))
    code, rest = next(atlas_data.codes([entries], 4))
    assert code == atlas_data.LETTERS[-1] + "..."
    assert rest == [1, many, atlas_data.STEPS, 2, 0, 1]


def test_projects_in_all_some_and_none_of_the_plans(tmp_path: Path) -> None:
    allocation, found = atlases.thirty(tmp_path)
    inside = atlas_data.stored(allocation, found).inside(len(allocation.projects))
    wanted = [sum(i in plan.shares for plan in found.plans) for i in allocation.projects["id"]]
    assert inside.tolist() == wanted
    assert {0, len(found.plans)} < set(wanted)


def test_resources_can_be_worked_out_where_the_atlas_does_not_tell(tmp_path: Path) -> None:
    told = atlas_data.stored(*atlases.thirty(tmp_path)).resources
    (tmp_path / "again").mkdir()
    worked_out = atlas_data.stored(*atlases.thirty(tmp_path / "again", resources=False)).resources
    assert worked_out == pytest.approx(told, rel=1e-6)


def test_resources_that_cannot_be_worked_out_are_left_out() -> None:
    allocation, found = atlases.harbour()
    silent = found.model_copy(
        update={"plans": tuple(plan.model_copy(update={"resources": ()}) for plan in found.plans)}
    )
    exact = atlas_data.stored(allocation, found).resources
    worked_out = atlas_data.stored(allocation, silent).resources
    known = ~np.isnan(worked_out).any(axis=(1, 2))
    assert known.any()
    assert worked_out[known] == pytest.approx(exact[known], rel=1e-6)
    assert not known.all()
    assert f"{(~known).sum()} rows are left out" in atlas.page(allocation, silent, "en").decode()


def test_a_nested_zone_counts_in_the_outer_one() -> None:
    plan = sample.plan()
    nested = plan.model_copy(update={"zones": (plan.zones[0], PlannedZone(name="south", title="南园", within="north"))})
    assert atlas_data._within(nested, "north") == [0, 1]
    assert atlas_data._within(nested, "south") == [1]
    assert atlas_data._within(nested, None) == [0, 1]


def wrong(found: Atlas) -> list[Atlas]:
    plan = found.plans[0]
    return [
        found.model_copy(update={"criteria": found.criteria[1:]}),
        found.model_copy(
            update={"criteria": tuple(c.model_copy(update={"scale": 2 * c.scale}) for c in found.criteria)}
        ),
        found.model_copy(update={"plans": (plan.model_copy(update={"shares": {"nobody": {"north": 1.0}}}),)}),
        found.model_copy(update={"plans": (plan.model_copy(update={"shares": {"yard": {"west": 1.0}}}),)}),
        found.model_copy(update={"plans": (plan.model_copy(update={"criteria": {}}),)}),
        found.model_copy(update={"cells": (Cell(weights=((1.0, 0.0, 0.0, 0.0),), plan=99, bound=0.0),)}),
        found.model_copy(update={"cells": (Cell(weights=((1.0, 0.0),), plan=0, bound=0.0),)}),
    ]


@pytest.mark.parametrize("which", range(7))
def test_an_atlas_of_another_scenario_is_refused(which: int) -> None:
    allocation, found = atlases.harbour()
    with pytest.raises(InputError, match="not of the same scenario"):
        atlas.page(allocation, wrong(found)[which], "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_asks_for_nothing_outside_itself(language: Language) -> None:
    text = atlas.page(*atlases.harbour(), language).decode()
    parsed = Page(text)
    assert {tag for tag, _ in parsed.tags} & {"img", "link", "iframe", "object", "embed", "base", "video"} == set()
    for _, attributes in parsed.tags:
        assert not [n for n in attributes if n.startswith("on") or n in ("style", "src", "srcset", "action")]
        assert (attributes.get("href") or "#").startswith("#")
    policy = parsed.all("meta", http_equiv="Content-Security-Policy")[0]["content"] or ""
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    ids = [found["id"] for _, found in parsed.tags if "id" in found]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_stays_text(language: Language) -> None:
    plain = sample.plan(case=BAD)
    plan = plain.model_copy(
        update={
            "title": BAD,
            "criteria": tuple(
                c.model_copy(update={"name": f"{BAD}{i}", "title": BAD}) for i, c in enumerate(plain.criteria)
            ),
            "zones": tuple(z.model_copy(update={"title": BAD}) for z in plain.zones),
            "measures": tuple(m.model_copy(update={"title": BAD}) for m in plain.measures),
        }
    )
    projects = sample.projects(HOSTILE | {"roro": BAD})
    projects = projects.rename(columns={f"ratios.{c.name}": f"ratios.{BAD}{i}" for i, c in enumerate(plain.criteria)})
    allocation = Allocation(plan, projects)
    content = atlas.page(allocation, atlases.pretended(allocation, 5), language)
    text = content.decode()
    assert len(re.findall("<script", text)) == len(re.findall("</script", text)) == 2
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", text)
    data = held(content)
    assert "</script><script>alert(1)</script><!-- \"'&amp;" in data["projects"]["title"]
    assert '=HYPERLINK("x","y")<script>alert(1)</script>' in data["projects"]["title"]


@pytest.mark.parametrize("name", ["jobs", "产值", "on", "a: b", "a=b c", "x'y", "1", "a.b", '- "', "#", "null", "é-1"])
def test_names_come_back_from_the_copied_texts(name: str) -> None:
    text = f"criteria:\n  {atlas.yaml_key(name)}: {{weight: 40}}\n"
    assert YAML(typ="safe").load(text) == {"criteria": {name: {"weight": 40}}}
    if '"' not in name:  # no name with a quote can be written in a path
        (argument,) = shlex.split(atlas.flag(name) + "2.5")
        (path,) = changes_of([], [argument])
        assert path.replace('"', "") == f"criteria.{name}.weight"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_is_in_the_language_of_the_page(language: Language) -> None:
    content = atlas.page(sample.allocation(case="dry"), atlases.pretended(sample.allocation(), 3), language)
    known = catalogue("zh")
    other = set(known) - set(known.values()) if language == "zh" else set(known.values()) - set(known)
    users = {"sample", "port", "parts", "energy", "用地", "产值"}
    parsed = Page(content.decode())
    labels = set(parsed.texts) | {v for _, t in parsed.tags for n, v in t.items() if n in ("aria-label", "title") and v}
    assert (labels | set(held(content)["text"].values())) & (other - users) == set()


def test_what_the_script_says_is_what_it_is_given() -> None:
    script = "".join(map(atlas.source, atlas._SCRIPTS))
    asked = set(re.findall(r"\btext\.(\w+)", script))
    chosen = {"committed", "admitted", "partial", "rejected", "discuss", "inadmissible", "enters", "leaves"}
    assert asked | chosen == set(atlas_words.TEXTS) | set(atlas_words.SIGNS["zh"])
    page = Page(atlas.page(*atlases.harbour(), "en").decode())
    there = {found["id"] for _, found in page.tags if "id" in found}
    assert set(re.findall(r'\bby\("(\w+)"\)', script)) - {"map"} <= there  # a map only of three criteria with cells


def test_nothing_scarce_and_no_plan_but_the_present_one() -> None:
    allocation = sample.allocation(resources=(), zones=(), tiers=(), rules=())
    shares = [name for name in allocation.projects if str(name).startswith("share@")]
    bare = Allocation(allocation.plan, allocation.projects.drop(columns=shares))
    empty = atlases.pretended(bare, 0)
    content = atlas.page(bare, empty, "en")
    assert held(content)["present"] == 0
    assert 'id="balance"' not in content.decode()


def test_a_proved_atlas_says_how_near_its_plans_come() -> None:
    allocation, found = atlases.harbour()
    corners = tuple(tuple(float(i == j) for j in range(4)) for i in range(4))
    cell = Cell(weights=corners, plan=2, bound=0.25)
    proved = found.model_copy(update={"cells": (cell,), "proved": True, "eps": 0.25})
    content = atlas.page(allocation, proved, "en")
    assert "at most 0.25 points below the best possible: proved, not sampled" in content.decode()
    data = held(content)
    assert data["eps"] == 0.25
    assert data["cells"] == [[2, 0.25, 0, 0, 0, 0, 1, 1, 1, 1]]
    assert data["homes"] == {"2": [0.25, 0.25, 0.25, 0.25]}
    assert held(atlas.page(allocation, found, "en"))["eps"] is None


def test_a_page_of_a_thousand_projects_and_five_hundred_plans_stays_small() -> None:
    content = atlas.page(*atlases.large(1000, 500), "zh")
    assert len(content) < 3_000_000
    assert len(held(content)["codes"]) == 501


def test_the_same_atlas_is_the_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "import hashlib, atlases, sample; from landalloc.optimizer.report import atlas\n"
        "page = atlas.page(sample.allocation(), atlases.pretended(sample.allocation(), 9), 'zh')\n"
        "print(hashlib.sha256(page).hexdigest())"
    )
    ran = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(sample.__file__).parent)},
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    page = atlas.page(sample.allocation(), atlases.pretended(sample.allocation(), 9), "zh")
    assert ran == {hashlib.sha256(page).hexdigest()}
