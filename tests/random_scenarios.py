"""Small random scenarios with every feature of the contract, for laws that must hold of all of them.

Figures are small whole numbers, so that ties, zeros and exactly kept limits are common.
"""

from collections.abc import Callable
from typing import Any

from build import Raw
from hypothesis import strategies as st

ZONES = ("east", "north", "old-north")
CLUSTERS = ("port", "energy", "town")
WHOLE, PART, UNITS, DIVISIBLE = "whole", "part", "units", "divisible"

amounts = st.integers(0, 9).map(float)
positive = st.integers(1, 9).map(float)


KINDS = (
    "standard", "veto", "total", "ratio", "count", "requires", "exclusive", "together", "synergy", "mix", "even_use",
)  # fmt: skip


@st.composite
def scenarios(
    draw: Any, *, most: int = 4, divisible: bool = True, kinds: tuple[str, ...] = KINDS, rules: int = 2,
    tiers: bool = True,
) -> Raw:  # fmt: skip
    """What `build` takes; `most` projects and `rules` rules at most, of these kinds."""
    zones = _zones(draw)
    ids = [f"p{number}" for number in range(draw(st.integers(2, most)))]
    sizes = [WHOLE, PART, UNITS, *([DIVISIBLE] * 2 if divisible else [])]
    kind_of = {i: draw(st.sampled_from(sizes)) for i in ids}
    projects = [_project(draw, i, kind_of[i], zones) for i in ids]
    whole = [i for i in ids if kind_of[i] != DIVISIBLE]
    raw: Raw = {
        "measures": {
            "land": {},
            "deep": {},
            "shore": {"also_served_by": "deep"} if draw(st.booleans()) else {},
            "steam": {"balance": draw(st.sampled_from(["region", "zone"])), "must_use": _must_use(draw)},
            "output": {},
            "jobs": {},
        },
        "attributes": ["cluster", "code"],
        "supply": _supply(draw, ["land", "deep", "shore", "steam"]),
        "zones": zones,
        "projects": projects,
        "criteria": _criteria(draw),
        "rules": [_rule(draw, f"r{n}", kinds, ids, whole, zones) for n in range(draw(st.integers(0, rules)))],
    }
    if tiers and draw(st.integers(0, 3)) == 0:
        raw["tiers"] = [{"cluster": c} for c in CLUSTERS[: draw(st.integers(1, 2))]]
    return raw


def _must_use(draw: Any) -> float | None:
    return draw(st.sampled_from([None, None, 0.5, 1.0]))


def _supply(draw: Any, measures: list[str]) -> dict[str, float]:
    return {m: float(draw(st.integers(0, 15))) for m in measures if draw(st.booleans())}


def _zones(draw: Any) -> Raw:
    zones: Raw = {}
    for name in ZONES[: draw(st.integers(0, 3))]:
        zones[name] = {"supply": _supply(draw, ["land", "deep", "shore", "steam"])}
        if draw(st.integers(0, 3)) == 0:
            zones[name]["accepts"] = {"cluster": draw(st.lists(st.sampled_from(CLUSTERS), min_size=1, max_size=2))}
    if "old-north" in zones and draw(st.booleans()):
        zones["old-north"]["within"] = "north"
    return zones


def _project(draw: Any, name: str, kind: str, zones: Raw) -> Raw:
    project: Raw = {
        "id": name,
        "cluster": draw(st.sampled_from(CLUSTERS)),
        "code": draw(st.sampled_from(["34", "351", "40", None])),
        "land": draw(amounts),
        "deep": draw(st.sampled_from([0.0, 0.0, 2.0, 5.0])),
        "shore": draw(st.sampled_from([0.0, 3.0, 4.0])),
        "steam": draw(st.sampled_from([0.0, 0.0, 1.0, 2.0])),
        "output": float(draw(st.integers(-2, 9))),
        "jobs": draw(amounts),
    }
    match kind:
        case "whole":
            project["min_share"] = 1.0
        case "part":
            project["min_share"] = draw(st.sampled_from([0.25, 0.5]))
        case "units":
            project["units"] = draw(st.integers(1, 3))
            project["min_units"] = draw(st.integers(1, project["units"]))
    if draw(st.integers(0, 2)) == 0:
        project["makes"] = {draw(st.sampled_from(["steam", "land"])): draw(positive)}
    taken_by = [z for z in zones if project["cluster"] in zones[z].get("accepts", {"cluster": CLUSTERS})["cluster"]]
    if taken_by and draw(st.booleans()):
        there = draw(st.sampled_from(taken_by))
        project["at"] = {there: {draw(st.sampled_from(["land", "output", "shore"])): draw(amounts)}}
        if draw(st.booleans()):
            project["zones"] = [there]
    if (taken_by or not zones) and draw(st.integers(0, 5)) == 0:
        project["committed"] = True
    return project


def _criteria(draw: Any) -> Raw:
    criteria = {
        "jobs": {"of": "jobs", "weight": 2},
        "intensity": {"of": "output", "per": "land", "weight": 3, "standard": 1.0},
        "saving": {"of": "steam", "per": "output", "better": "lower", "weight": 1, "standard": 0.5},
        "lean": {"of": "land", "better": "lower", "weight": 1},
        "plain": {"of": "output", "weight": 1, "reference": 20.0},
    }
    chosen = draw(st.lists(st.sampled_from(sorted(criteria)), min_size=1, max_size=3, unique=True))
    return {name: criteria[name] for name in chosen}


def _where(draw: Any, zones: Raw) -> Raw:
    options: list[Raw] = [
        {},
        {"cluster": draw(st.sampled_from(CLUSTERS))},
        {"jobs": {"at_least": draw(amounts)}},
        {"not": {"cluster": draw(st.sampled_from(CLUSTERS)), "land": {"at_most": 5.0}}},
        *({"zone": z} for z in zones),
    ]
    return draw(st.sampled_from(options))


def _bounds(draw: Any, limit: Any) -> Raw:
    bounds = draw(st.sampled_from([("at_least",), ("at_most",), ("exactly",), ("at_least", "at_most")]))
    values = sorted(draw(limit) for _ in bounds)
    return dict(zip(bounds, values, strict=True))


def _soft(draw: Any, *, often: bool = True) -> Raw:
    forms: list[Any] = [None, 0.5, 3.0, {"points": 4.0, "per": 2.0}] if often else [None, None, 2.0]
    soft = draw(st.sampled_from(forms))
    return {} if soft is None else {"soft": soft}


def _each(draw: Any, zones: Raw) -> Raw:
    each = draw(st.sampled_from([None, None, "cluster", *(["zone"] if zones else [])]))
    return {} if each is None else {"each": each}


def _rule(draw: Any, name: str, kinds: tuple[str, ...], ids: list[str], whole: list[str], zones: Raw) -> Raw:
    kind = draw(st.sampled_from(kinds))
    # Only whole projects may be counted, required or exclusive.
    if len(whole) < {"requires": 1, "count": 1, "exclusive": 2}.get(kind, 0):
        kind = "total"
    return {"name": name, **BODIES[kind](draw, ids, whole, zones)}


def _standard(draw: Any, ids: list[str], whole: list[str], zones: Raw) -> Raw:
    otherwise = draw(st.sampled_from(["reject", "trim", "discuss"]))
    table = {"table": "t.csv", "key": "code", "column": "limit", "limits": {"34-38": 0.5, "351": 2.0}}
    limit = draw(st.sampled_from([0.5, 1.0, {**table, "default": 1.0}, table]))
    bound = "at_least" if otherwise == "trim" else draw(st.sampled_from(["at_least", "at_most"]))
    # Cutting land to what a negative output allows means nothing, so trims are tested on jobs.
    of = "jobs" if otherwise == "trim" else "output"
    return {
        "standard": {"of": of, "per": "land", bound: limit, "otherwise": otherwise},
        "where": _where(draw, zones),
    }


def _veto(draw: Any, ids: list[str], whole: list[str], zones: Raw) -> Raw:
    return {"veto": True, "where": {"cluster": draw(st.sampled_from(CLUSTERS)), "jobs": {"at_most": draw(amounts)}}}


def _existing(draw: Any, each: Raw, figure: Any) -> Raw:
    if each.get("each") == "cluster" and draw(st.booleans()):
        return {"existing": {"port": figure}}
    return {"existing": figure} if draw(st.booleans()) else {}


def _total(draw: Any, ids: list[str], whole: list[str], zones: Raw) -> Raw:
    each = _each(draw, zones)
    body = {"of": draw(st.sampled_from(["output", "jobs", "land"])), **_bounds(draw, st.integers(1, 12).map(float))}
    return {
        "total": {**body, **_existing(draw, each, 2.0)},
        "where": _where(draw, zones),
        **each,
        **_soft(draw),
    }


def _count(draw: Any, ids: list[str], whole: list[str], zones: Raw) -> Raw:
    each = _each(draw, zones)
    body = {**_bounds(draw, st.integers(1, 3).map(float)), **_existing(draw, each, 1.0)}
    where = {"id": whole, **({} if not zones else draw(st.sampled_from([{}, *({"zone": z} for z in zones)])))}
    return {"count": body, "where": where, **each, **_soft(draw)}


def _ratio(draw: Any, ids: list[str], whole: list[str], zones: Raw) -> Raw:
    each = _each(draw, zones)
    # `per` is never negative, and output may be.
    of, per = draw(st.sampled_from([("output", "land"), ("output", "jobs"), ("jobs", "jobs")]))
    body = {"of": of, "per": per}
    body |= _bounds(draw, st.sampled_from([0.25, 0.5, 1.0]))
    return {
        "ratio": {**body, **_existing(draw, each, {"of": 1.0, "per": 2.0})},
        "of_where": _where(draw, zones),
        "per_where": _where(draw, zones),
        **each,
        **_soft(draw),
    }


def _requires(draw: Any, ids: list[str], whole: list[str], zones: Raw) -> Raw:
    needed = draw(st.lists(st.sampled_from(whole), min_size=1, max_size=2, unique=True))
    return {"requires": {"project": draw(st.sampled_from(ids)), "needs": needed}, **_soft(draw, often=False)}


def _members(draw: Any, ids: list[str]) -> list[str]:
    return draw(st.lists(st.sampled_from(ids), min_size=2, max_size=3, unique=True))


def _exclusive(draw: Any, ids: list[str], whole: list[str], zones: Raw) -> Raw:
    return {"exclusive": _members(draw, whole), **_soft(draw, often=False)}


def _together(draw: Any, ids: list[str], whole: list[str], zones: Raw) -> Raw:
    return {"together": _members(draw, ids), **_soft(draw, often=False)}


def _synergy(draw: Any, ids: list[str], whole: list[str], zones: Raw) -> Raw:
    adds = {draw(st.sampled_from(["output", "jobs", "land"])): draw(positive)}
    return {"synergy": {"projects": _members(draw, ids), "adds": adds, "same_zone": draw(st.booleans())}}


def _mix(draw: Any, ids: list[str], whole: list[str], zones: Raw) -> Raw:
    body = {"of": draw(st.sampled_from(["cluster", "code"])), "at_most": draw(st.integers(1, 2))}
    return {"mix": body, "where": _where(draw, zones), **_each(draw, zones), **_soft(draw, often=False)}


def _even_use(draw: Any, ids: list[str], whole: list[str], zones: Raw) -> Raw:
    body = {"of": draw(st.sampled_from(["land", "shore"])), "within": draw(st.sampled_from([0.0, 0.25, 0.5]))}
    return {"even_use": body, **_soft(draw, often=False)}


BODIES: dict[str, Callable[[Any, list[str], list[str], Raw], Raw]] = {
    "standard": _standard,
    "veto": _veto,
    "total": _total,
    "ratio": _ratio,
    "count": _count,
    "requires": _requires,
    "exclusive": _exclusive,
    "together": _together,
    "synergy": _synergy,
    "mix": _mix,
    "even_use": _even_use,
}
