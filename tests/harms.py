"""What input may do to a scenario: figures far apart, units of any size, nothing to gain, one that dwarfs others."""

from collections.abc import Callable
from typing import Any

import numpy as np
from build import Raw
from laws import fresh, in_other_unit

MEASURES = ("land", "energy", "deep", "shore", "steam", "output", "jobs", "tax")
GROUPS = (("land",), ("energy",), ("deep", "shore"), ("steam",), ("output",), ("jobs",), ("tax",))


def units(raw: Raw, random: Any) -> Raw:
    """Every measure in a unit of its own, from a millionth to a billion times as large."""
    for measures in GROUPS:
        raw = in_other_unit(raw, measures, float(10.0 ** random.integers(-6, 10)))
    return raw


def times(project: Raw, factor: Callable[[], float]) -> None:
    for held in (project, *project.get("at", {}).values()):
        held |= {m: held[m] * factor() for m in MEASURES if m in held}


def giant(raw: Raw, random: Any) -> Raw:
    """One project a million times as large as it was."""
    raw = fresh(raw)
    times(raw["projects"][int(random.integers(len(raw["projects"])))], lambda: 1e6)
    return raw


def sizes(raw: Raw, random: Any) -> Raw:
    """Projects from a millionth to a million times as large."""
    raw = fresh(raw)
    for project in raw["projects"]:
        factor = float(10.0 ** random.integers(-6, 7))
        times(project, lambda factor=factor: factor)
    return raw


def entries(raw: Raw, random: Any) -> Raw:
    """Every single figure from a millionth to a million times as large."""
    raw = fresh(raw)
    for project in raw["projects"]:
        times(project, lambda: float(10.0 ** random.integers(-6, 7)))
    return raw


def weights(raw: Raw, random: Any) -> Raw:
    """Weights from 1e-9 to 1e9."""
    raw = fresh(raw)
    for criterion in raw["criteria"].values():
        criterion["weight"] = float(10.0 ** random.integers(-9, 10))
    return raw


def supplies(raw: Raw, random: Any) -> Raw:
    """Supplies of nothing, next to nothing, and far more than anybody needs."""
    raw = fresh(raw)
    for supply in (raw["supply"], *(zone["supply"] for zone in raw["zones"].values())):
        for measure in supply:
            supply[measure] *= float(random.choice([0.0, 1e-9, 1e-6, 1.0, 1e3, 1e6, 1e9]))
    return raw


def softs(raw: Raw, random: Any) -> Raw:
    """Soft rules that cost from 1e-9 to 1e9 points."""
    raw = fresh(raw)
    for rule in raw["rules"]:
        if rule.get("soft") is not None:
            rule["soft"] = float(10.0 ** random.integers(-9, 10))
    return raw


def losses(raw: Raw, random: Any) -> Raw:
    """Nobody brings any output, all lose some."""
    raw = fresh(raw)
    for held in [held for p in raw["projects"] for held in (p, *p.get("at", {}).values())]:
        held |= {"output": -abs(held["output"])} if "output" in held else {}
    return raw


def nothing(raw: Raw, random: Any) -> Raw:
    """No criterion counts for anybody."""
    raw = fresh(raw)
    for held in [held for p in raw["projects"] for held in (p, *p.get("at", {}).values())]:
        held |= {m: 0.0 for m in ("output", "jobs", "tax", "energy") if m in held}
    return raw


HARMS = {f.__name__: f for f in (units, giant, sizes, entries, weights, supplies, softs, losses, nothing)}


def harmed(name: str, raw: Raw, seed: int) -> Raw:
    return HARMS[name](raw, np.random.default_rng(seed))
