"""Random scenarios whose optimum is a linear programme, full of ties."""

from typing import Any

from build import Raw
from hypothesis import strategies as st

small = st.integers(0, 4).map(float)
some = st.integers(1, 4).map(float)
CLUSTERS = ("port", "town")


@st.composite
def linear_scenarios(draw: Any, *, most: int = 6, plain: bool = False) -> Raw:
    """Divisible projects, several of the same make, small whole figures: nearly every answer is a tie.

    `plain`: without what may turn a law round (each, even_use, must_use, exactly, commitments, tiers).
    """
    zones = _zones(draw)
    makes = [_make(draw) for _ in range(draw(st.integers(1, 4)))]
    projects = []
    for number in range(draw(st.integers(1, most))):
        project = {"id": f"p{number}", **draw(st.sampled_from(makes))}
        if zones and draw(st.integers(0, 2)) == 0:
            project["zones"] = [draw(st.sampled_from(sorted(zones)))]
            if not plain and draw(st.integers(0, 4)) == 0:
                project["committed"] = True
        projects.append(project)
    ids = [p["id"] for p in projects]
    kinds = [_soft_total, _upper_total, _ratio, _synergy, *([] if plain else [_together, _even_use, _exact])]
    raw: Raw = {
        "measures": {
            "land": {},
            "deep": {},
            "shore": {"also_served_by": "deep"},
            "steam": {} if plain else {"must_use": draw(st.sampled_from([None, None, 0.5]))},
            "output": {},
            "jobs": {},
        },
        "attributes": ["cluster"],
        "supply": {m: draw(small) for m in ("land", "deep", "shore", "steam") if draw(st.booleans())},
        "zones": zones,
        "projects": projects,
        "criteria": _criteria(draw),
        "rules": [{"name": f"r{n}", **draw(st.sampled_from(kinds))(draw, ids)} for n in range(draw(st.integers(0, 2)))],
    }
    if not plain and draw(st.integers(0, 5)) == 0:
        raw["tiers"] = [{"cluster": "port"}]
    return raw


def _zones(draw: Any) -> Raw:
    zones: Raw = {}
    for name in ("b", "a", "c")[: draw(st.integers(0, 3))]:
        zones[name] = {"supply": {m: draw(small) for m in ("land", "deep", "shore") if draw(st.booleans())}}
    if "c" in zones and draw(st.booleans()):
        zones["c"]["within"] = "a"
    return zones


def _make(draw: Any) -> Raw:
    """A make of projects, of which a scenario holds several."""
    make: Raw = {"cluster": draw(st.sampled_from(CLUSTERS)), **{m: draw(small) for m in ("land", "output", "jobs")}}
    make |= {m: draw(st.sampled_from([0.0, 0.0, 1.0, 2.0])) for m in ("deep", "shore", "steam")}
    if draw(st.integers(0, 3)) == 0:
        make["makes"] = {draw(st.sampled_from(["steam", "land"])): draw(some)}
    return make


def _criteria(draw: Any) -> Raw:
    pool = {
        "jobs": {"of": "jobs", "weight": 2.0},
        "intensity": {"of": "output", "per": "land", "weight": 3.0, "standard": 1.0},
        "saving": {"of": "steam", "per": "output", "better": "lower", "weight": 1.0, "standard": 0.5},
        "plain": {"of": "output", "weight": 1.0},
    }
    chosen = draw(st.lists(st.sampled_from(sorted(pool)), min_size=1, max_size=2, unique=True))
    return {name: pool[name] for name in chosen}


def _soft_total(draw: Any, ids: list[str]) -> Raw:
    total = {"of": draw(st.sampled_from(["output", "jobs"])), "at_least": draw(some), "existing": draw(small)}
    return {"total": total, "soft": draw(st.sampled_from([0.5, {"points": 3.0, "per": 2.0}]))}


def _upper_total(draw: Any, ids: list[str]) -> Raw:
    return {"total": {"of": draw(st.sampled_from(["land", "jobs"])), "at_most": draw(some)}}


def _ratio(draw: Any, ids: list[str]) -> Raw:
    bound = {draw(st.sampled_from(["at_least", "at_most"])): draw(st.sampled_from([0.5, 1.0]))}
    soft = draw(st.sampled_from([None, 2.0]))
    return {
        "ratio": {"of": "output", "per": "jobs", **bound, "existing": {"of": 1.0, "per": 1.0}},
        "of_where": {"cluster": draw(st.sampled_from(CLUSTERS))},
        "soft": soft,
    }


def _synergy(draw: Any, ids: list[str]) -> Raw:
    if len(ids) < 2:
        return _upper_total(draw, ids)
    members = draw(st.lists(st.sampled_from(ids), min_size=2, max_size=3, unique=True))
    return {"synergy": {"projects": members, "adds": {"output": draw(some)}, "same_zone": draw(st.booleans())}}


def _together(draw: Any, ids: list[str]) -> Raw:
    if len(ids) < 2:
        return _exact(draw, ids)
    members = draw(st.lists(st.sampled_from(ids), min_size=2, max_size=3, unique=True))
    return {"together": members, "soft": draw(st.sampled_from([None, 2.0]))}


def _even_use(draw: Any, ids: list[str]) -> Raw:
    return {"even_use": {"of": "land", "within": draw(st.sampled_from([0.0, 0.25]))}}


def _exact(draw: Any, ids: list[str]) -> Raw:
    soft = draw(st.sampled_from([None, {"points": 2.0, "per": 1.0}]))
    return {"total": {"of": "jobs", "exactly": draw(small)}, "soft": soft}
