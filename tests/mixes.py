"""Random scenarios of 10 to 20,000 projects with a mix of every rule, from one seed each; what `build` takes.

A plan is planted first and limits are set around it, so that nearly all of them can be kept and their rows are tight.
What is planted is no better than any other plan; nothing about the optimum is known beforehand.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from build import Raw
from reference import Reference, ratio_standing

CLUSTERS = ("energy", "port", "town")
OUTCOMES = ("output", "jobs", "tax")
NEEDS = ("land", "energy", "deep", "shore", "steam")
STYLES = ("spread", "equal", "tied", "alike")


class Mix:
    """One scenario in the making.

    style: spread (lognormal, worth differs by zone), equal (worth the same in every zone), tied (a few makes of
    projects, small whole figures), alike (every project the same but for where it may sit).
    """

    def __init__(self, seed: int, n: int, *, style: str | None = None, whole: float = 0.0) -> None:
        self.random = np.random.default_rng([seed, n])
        self.n, self.whole = n, whole
        self.style = style or str(self.random.choice(STYLES, p=[0.5, 0.2, 0.2, 0.1]))
        self.ids = [f"p{i:05}" for i in self.random.permutation(n)]
        self.zones = self._zones()
        self.raw: Raw = {
            "name": f"mix-{seed}-{n}",
            "measures": self._measures(),
            "attributes": ["cluster"],
            "supply": {},
            "zones": self.zones,
            "projects": self._projects(),
            "criteria": self._criteria(),
            "rules": [],
        }
        self._standards()
        self.reference = Reference(self.raw)
        self._plant()
        self._supplies()
        self._rules()
        if self.chance(0.15):
            self.raw["tiers"] = [{"cluster": c} for c in self.pick(CLUSTERS, 2)[: self.whole_number(1, 2)]]

    def chance(self, p: float) -> bool:
        return bool(self.random.random() < p)

    def whole_number(self, low: int, high: int) -> int:
        return int(self.random.integers(low, high + 1))

    def pick(self, items: Any, number: int) -> list[str]:
        chosen = self.random.permutation(len(items))[:number]
        return [items[i] for i in chosen]

    def one(self, *items: Any) -> Any:
        return items[int(self.random.integers(len(items)))]

    # What there is

    def _measures(self) -> Raw:
        return {
            "land": {}, "energy": {}, "deep": {}, "shore": {"also_served_by": "deep"},
            "steam": {"balance": self.one("region", "zone")}, "output": {}, "jobs": {}, "tax": {},
        }  # fmt: skip

    def _zones(self) -> Raw:
        names = [f"z{k}" for k in range(self.one(0, 1, 2, 3, 4, 8))]
        zones: Raw = {z: {"supply": {}} for z in names}
        if len(names) > 2 and self.chance(0.5):
            zones[names[2]]["within"] = names[0]
            if len(names) > 3 and self.chance(0.3):
                zones[names[3]]["within"] = names[2]
        if len(names) > 1 and self.chance(0.3):
            zones[names[1]]["accepts"] = {"cluster": self.pick(CLUSTERS, 2)}
        return zones

    def _projects(self) -> list[Raw]:
        figures = self._figures()
        cluster = self.random.integers(len(CLUSTERS), size=self.n)
        projects: list[Raw] = [
            {"id": name, "cluster": CLUSTERS[c], **{m: float(f[i]) for m, f in figures.items()}}
            for i, (name, c) in enumerate(zip(self.ids, cluster, strict=True))
        ]
        listed = self.chance(0.6)
        for project in projects:
            free = [z for z in self.zones if self._accepts(z, project)]
            if self.zones and not free:
                project["zones"] = []
                continue
            if free and listed:
                project["zones"] = sorted(self.pick(free, self.whole_number(1, min(3, len(free)))))
            self._differs(project, project.get("zones", free))
            self._kind(project, project.get("zones", free))
        for project in projects:  # who may sit nowhere is no candidate here
            if project.get("zones") == []:
                project["cluster"] = self.zones["z1"]["accepts"]["cluster"][0]
                del project["zones"]
        return projects

    def _accepts(self, zone: str, project: Raw) -> bool:
        accepts = self.zones[zone].get("accepts")
        return accepts is None or project["cluster"] in accepts["cluster"]

    def _figures(self) -> dict[str, Any]:
        names = (*NEEDS, *OUTCOMES)
        if self.style in ("tied", "alike"):
            makes = self.random.integers(
                0, 5, size=(1 if self.style == "alike" else self.whole_number(2, 6), len(names))
            )
            makes[:, :1] += 1
            rows = makes[self.random.integers(len(makes), size=self.n)].astype(float)
        else:
            size = self.random.lognormal(3.0, 1.0, size=(self.n, 1))
            rows = np.round(size * self.random.lognormal(0.0, 0.6, size=(self.n, len(names))), 3)
        part = dict(zip(names, rows.T, strict=True))
        if self.style != "alike":
            for m, often in (("deep", 0.2), ("shore", 0.4), ("steam", 0.1), ("land", 0.97)):
                part[m] = np.where(self.random.random(self.n) < often, part[m], 0.0)
            part["output"] = np.where(self.random.random(self.n) < 0.05, -0.3 * part["output"], part["output"])
        return part

    def _differs(self, project: Raw, places: list[str]) -> None:
        """Amounts that differ by zone."""
        if self.style == "spread" and places:
            factors = np.round(self.random.lognormal(0.0, 0.15, len(places)), 4)
            project["at"] = {
                z: {"output": float(round(project["output"] * f, 3))} for z, f in zip(places, factors, strict=True)
            }
            if self.chance(0.1):
                project["at"][places[0]]["land"] = float(round(project["land"] * 1.1, 3))

    def _kind(self, project: Raw, places: list[str]) -> None:
        if self.chance(3.0 / self.n if self.n > 30 else 0.05) and (len(places) <= 1 or self.whole):
            project["committed"] = True
        elif self.chance(self.whole):
            project |= self.one(
                {"min_share": 1.0}, {"min_share": 1.0}, {"min_share": 0.4}, {"units": 3}, {"units": 4, "min_units": 2}
            )
        if self.chance(0.05):
            project["makes"] = {self.one("steam", "steam", "land"): float(round(0.5 * abs(project["output"]) + 1.0, 3))}

    def _criteria(self) -> Raw:
        pool: Raw = {
            "output": {"of": "output", "weight": 2.0},
            "intensity": {"of": "output", "per": "land", "weight": 3.0, "standard": 0.5},
            "saving": {"of": "energy", "per": "output", "better": "lower", "weight": 1.0, "standard": 1.2},
            "lean": {"of": "energy", "better": "lower", "weight": 0.5},
            "jobs": {"of": "jobs", "weight": 1.0},
            "tax": {"of": "tax", "per": "land", "weight": 1.0},
            "fixed": {"of": "tax", "weight": 1.0, "reference": 20.0 * self.n},
        }
        return {name: pool[name] for name in sorted(self.pick(list(pool), self.whole_number(1, 5)))}

    def _standards(self) -> None:
        pool: list[Raw] = [
            {"standard": {"of": "output", "per": "land", "at_least": 0.3}},
            {"standard": {"of": "jobs", "per": "land", "at_least": 0.7, "otherwise": "trim"}},
            {"standard": {"of": "energy", "per": "output", "at_most": 4.0, "otherwise": "discuss"}},
            {"standard": {"of": "tax", "at_least": 1.0}, "where": {"cluster": "town"}},
            {"veto": True, "where": {"cluster": "port", "jobs": {"at_most": 2.0}}},
        ]
        for k, rule in enumerate(pool):
            if self.chance(0.25) and self.style != "alike":
                self.raw["rules"].append({"name": f"a{k}", **rule})

    # The plan that is planted

    def _plant(self) -> None:
        ref = self.reference
        self.x = np.zeros(len(ref.p))
        for i, project in enumerate(self.raw["projects"]):
            own = np.flatnonzero((ref.p == i) & ref.open) if self.n < 200 else self._own(i)
            if not len(own):
                continue
            at = own[int(self.random.integers(len(own)))]
            if project.get("committed"):
                self.x[at] = 1.0
            elif self.chance(0.45):
                whole = project.get("units") or project.get("min_share")
                self.x[at] = 1.0 if whole else self.one(1.0, 1.0, 0.5, 0.25)
        self.present = self.x > 0

    def _own(self, i: int) -> Any:
        if not hasattr(self, "_starts"):
            self._starts = np.searchsorted(self.reference.p, np.arange(self.n + 1))
        own = np.arange(self._starts[i], self._starts[i + 1])
        return own[self.reference.open[own]]

    def total(self, amounts: Any, chosen: Any = True) -> float:
        return float((amounts * self.x)[np.broadcast_to(chosen, self.x.shape)].sum())

    # Supplies

    def _room(self, used: float) -> float:
        """A supply around what the planted plan uses, often just that."""
        return float(np.ceil(used * self.one(1.0, 1.0, 1.05, 1.2) * 1e3) / 1e3)

    def _supplies(self) -> None:
        ref = self.reference
        for m in ("land", "shore", "deep"):
            by_zone = self.zones and self.chance(0.7)
            for z in self.zones if by_zone else ():
                self.zones[z]["supply"][m] = self._room(max(0.0, self.total(ref.amount[m] - ref.made[m], ref._in(z))))
            if not by_zone or self.chance(0.3):
                self.raw["supply"][m] = self._room(max(0.0, self.total(ref.amount[m] - ref.made[m])))
        if self.chance(0.7):
            self.raw["supply"]["energy"] = self._room(self.total(ref.amount["energy"]))
        self._steam()
        self.reference = Reference(self.raw)

    def _steam(self) -> None:
        """Steam is balanced, where the planted plan can; else its supply is named."""
        ref, noun = self.reference, self.raw["measures"]["steam"]
        outermost = [z for z in self.zones if "within" not in self.zones[z]] or [""]
        levels = outermost if noun["balance"] == "zone" else [""]
        needs = [self.total(ref.amount["steam"], ref._in(z)) for z in levels]
        made = [self.total(ref.made["steam"], ref._in(z)) for z in levels]
        if any(a > b for a, b in zip(needs, made, strict=True)):
            self.raw["supply"]["steam"] = self._room(sum(needs))
        parts = [a / b for a, b in zip(needs, made, strict=True) if b > 0]
        part = float(np.floor(min([*parts, 1.0]) * 100) / 100)
        if part > 0 and self.chance(0.5):
            noun["must_use"] = part

    # Rules

    def _rules(self) -> None:
        kinds = ["total", "total", "ratio", "ratio", "together", "synergy", "even_use"]
        self.counted = [p["id"] for p in self.raw["projects"] if p.get("units") or p.get("min_share")]
        if len(self.counted) > 3:
            kinds += ["count", "requires", "exclusive"]
        if self.whole:
            kinds.append("mix")
        for k in range(self.one(0, 2, 4, 6, 10)):
            kind = str(self.one(*kinds))
            rule = getattr(self, f"_{kind}")()
            if rule is not None:
                self.raw["rules"].append({"name": f"r{k:02}", **rule})

    def _where(self) -> Raw:
        options: list[Raw] = [
            {}, {"cluster": self.one(*CLUSTERS)}, {"jobs": {"at_least": 15.0}},
            {"not": {"cluster": self.one(*CLUSTERS), "land": {"at_most": 20.0}}},
        ]  # fmt: skip
        if self.zones:
            options.append({"zone": self.one(*self.zones)})
        return dict(self.one(*options))

    def _each(self) -> Raw:
        each = self.one(None, None, None, "cluster", "zone" if self.zones else None)
        return {} if each is None else {"each": each}

    def _soft(self, p: float = 0.5) -> Raw:
        if not self.chance(p):
            return {}
        return {"soft": self.one(0.05, 0.5, {"points": 2.0, "per": 10.0 + self.n})}

    def _limits(self, reached: list[float], soft: bool) -> Raw:
        """Bounds that what the planted plan reaches keeps; soft ones may ask for more."""
        low, high, more = min(reached), max(reached), 1.2 if soft else 1.0
        kind = self.one("at_least", "at_least", "at_most", "both", "exactly")
        found = {}
        if kind == "exactly" and low == high:
            return {"exactly": float(low)} if low else {}
        if kind != "at_most":
            found["at_least"] = float(np.floor(low * more * self.one(1.0, 0.9, 0.6) * 1e4) / 1e4)
        if kind != "at_least":
            found["at_most"] = float(np.ceil(high / more * self.one(1.0, 1.1, 1.6) * 1e4) / 1e4)
        if found.get("at_least", -1e99) > found.get("at_most", 1e99):
            del found["at_most"]
        return {k: v for k, v in found.items() if v}

    def _total(self) -> Raw | None:
        m = str(self.one("output", "jobs", "tax", "land", "energy"))
        rule = {"where": self._where(), **self._each(), **self._soft()}
        existing = float(self.one(0.0, 0.0, 5.0 * self.n))
        chosen = self.reference.matches(rule["where"])
        reached = [existing + self.total(self.reference.amount[m], chosen & there) for _, there in self._rows(rule)]
        limits = self._limits(reached, "soft" in rule)
        return {"total": {"of": m, "existing": existing, **limits}, **rule} if limits else None

    def _rows(self, rule: Raw) -> list[Any]:
        return list(self.reference.each(rule))

    def _ratio(self) -> Raw | None:
        of, per = self.one(("land", "land"), ("jobs", "land"), ("output", "jobs"), ("tax", "energy"))
        rule = {"of_where": self._where(), "per_where": self._where(), **self._each(), **self._soft()}
        body: Raw = {"of": of, "per": per}
        if self.chance(0.3):
            body["existing"] = {"of": 2.0 * self.n, "per": 3.0 * self.n}
        reached = []
        for value, there in self._rows(rule):
            above, below = self.reference.ratio_sums({"ratio": body, **rule}, there)
            standing = ratio_standing(body, value)
            if (self.total(below) + standing[1]) > 0:
                reached.append((self.total(above) + standing[0]) / (self.total(below) + standing[1]))
            elif np.any(above):
                return None
        limits = self._limits(reached, "soft" in rule) if reached else {}
        # A ratio's limit is in figures of about 1, and what is floored to 4 digits is kept by the planted plan.
        limits.pop("exactly", None)
        return {"ratio": {**body, **limits}, **rule} if limits else None

    def share(self, name: str) -> float:
        return float(self.x[self.reference.of(name)].sum())

    def _together(self) -> Raw | None:
        names = self.pick(self.ids, min(self.n, self.whole_number(2, 4)))
        shares = {self.share(name) for name in names}
        return {"together": names, **({} if len(shares) == 1 else {"soft": self.one(0.5, 3.0)})}

    def _synergy(self) -> Raw | None:
        names = self.pick(self.ids, min(self.n, self.whole_number(2, 4)))
        adds = {str(self.one(*OUTCOMES)): float(self.whole_number(1, 200))}
        return {"synergy": {"projects": names, "adds": adds, "same_zone": self.chance(0.5)}}

    def _even_use(self) -> Raw | None:
        compared = self.reference.even_supplies("land")
        if not compared:
            return None
        ref = self.reference
        used = [self.total(ref.amount["land"], ref._in(z)) / s for z, s in compared.items()]
        spread = float(np.ceil((max(used) - min(used)) * 1e3) / 1e3)
        soft = self.chance(0.4)
        within = min(1.0, spread / 2 if soft else spread)
        return {"even_use": {"of": "land", "within": within}, **({"soft": 0.2} if soft else {})}

    # With whole projects

    def _count(self) -> Raw | None:
        rule = {"where": {"id": sorted(self.pick(self.counted, 200))}, **self._each(), **self._soft(0.3)}
        chosen = self.reference.matches(rule["where"])
        reached = [float((self.present & chosen & there).sum()) for _, there in self._rows(rule)]
        low, high = np.floor(min(reached)), np.ceil(max(reached))
        limits = self.one({"at_least": low}, {"at_most": max(1.0, high)}, {"at_least": low, "at_most": high + 1})
        limits = {k: float(v) for k, v in limits.items() if v}
        return {"count": limits, **rule} if limits else None

    def _requires(self) -> Raw | None:
        name, *needs = [self.one(*self.ids), *self.pick(self.counted, 2)]
        needs = [m for m in needs if m != name]
        kept = all(self.share(m) > 0 for m in needs) or self.share(name) == 0
        return {"requires": {"project": name, "needs": needs}, **({} if kept else {"soft": 2.0})}

    def _exclusive(self) -> Raw | None:
        names = self.pick(self.counted, 3)
        kept = sum(self.share(m) > 0 for m in names) <= 1
        return {"exclusive": names, **({} if kept else {"soft": 2.0})}

    def _mix(self) -> Raw | None:
        where, each = self._where(), self._each()
        here = self.reference.matches(where) & self.present
        values = self.reference.attribute("cluster")
        most = max(len(set(values[here & there])) for _, there in self._rows(each))
        return {"mix": {"of": "cluster", "at_most": max(1, most)}, "where": where, **each}


def mix(seed: int, n: int, *, style: str | None = None, whole: float = 0.0) -> Raw:
    return Mix(seed, n, style=style, whole=whole).raw


def write(raw: Raw, folder: Path, order: Any = None) -> Path:
    """The scenario as files: projects in candidates.csv, in another order where one is given, the rest in YAML."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for p in raw["projects"] if order is None else [raw["projects"][k] for k in order]:
        row = {k: v for k, v in p.items() if k not in ("at", "makes", "zones", "committed")}
        row |= {f"{m}@{z}": v for z, there in p.get("at", {}).items() for m, v in there.items()}
        row |= {f"makes.{m}": v for m, v in p.get("makes", {}).items()}
        row |= {"zones": ";".join(p["zones"])} if "zones" in p else {}
        rows.append(row | ({"committed": "true"} if p.get("committed") else {}))
    table = pd.DataFrame(rows)
    for name in ("units", "min_units"):
        if name in table:
            table[name] = table[name].astype("Int64")
    table.to_csv(folder / "candidates.csv", index=False)
    body = {**raw, "language": "en", "defaults": {"min_share": 0}, "projects": [{"table": "candidates.csv"}]}
    measures = raw["measures"] if isinstance(raw["measures"], dict) else {m: {} for m in raw["measures"]}
    body["measures"] = {m: {"unit": "1", **noun} for m, noun in measures.items()}
    path = folder / "scenario.yaml"
    path.write_text(json.dumps({k: v for k, v in body.items() if v not in ({}, [])}, indent=1), encoding="utf-8")
    return path
