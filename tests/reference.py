"""docs/model.md in columns, from what `build` takes: a second formulation for sizes that brute force cannot reach.

Written from the contract alone. It shares nothing with the product: not its reader, its candidates or its rows. It can

- be solved by bare HiGHS: `Reference.optimum()`,
- add up a plan by itself: `Reference.add_up(shares)`, and
- prove a bound from prices by weak duality: `Reference.bound(prices)`.

A plan whose value meets a bound is the best, whoever found it; neither needs a solver or a tolerance on figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

import highspy
import numpy as np
from build import Raw
from scipy.sparse import csr_matrix

Array = Any
Terms = tuple[Array, Array]
"""columns and coefficients"""


@dataclass
class Row:
    name: str
    lo: float
    hi: float
    columns: Array
    values: Array
    hard: bool = True
    """whether what breaks it breaks the plan: a soft row has its shortfall in it"""


@dataclass
class Column:
    """A helper: everything that is no share."""

    cost: float
    largest: float
    """its largest sensible value"""
    fill: Callable[[Array], float]
    """its best value, given the values of the shares and of the helpers before it"""
    whole: bool = False


@dataclass
class Sum:
    """A plan added up."""

    objective: float
    broken: dict[str, float]
    """row -> by how much it is broken, relative to its terms and limit; what is below 1e-12 is left out"""

    @property
    def worst(self) -> float:
        return max(self.broken.values(), default=0.0)


class Reference:
    """A scenario as one mixed-integer programme. `held` are the values of the tiers, held in the last stage."""

    def __init__(self, raw: Raw, held: tuple[float, ...] = (), kept: Mapping[str, float] | None = None) -> None:
        self.raw, self.held = raw, held
        measures = raw["measures"]
        self.measures: Raw = measures if isinstance(measures, dict) else {m: {} for m in measures}
        self.projects, self.zones = raw["projects"], raw.get("zones") or {}
        self.places = list(self.zones) or [""]
        self.row_of = {p["id"]: i for i, p in enumerate(self.projects)}
        self.supply: Raw = raw.get("supply") or {}
        self.rules: list[Raw] = raw.get("rules") or []
        self._options()
        self._admit()
        self._score(kept)
        self._shares()
        self.rows: list[Row] = []
        self._supplies()
        for rule in self.rules:
            for kind in ("total", "ratio", "count", "requires", "exclusive", "together", "synergy", "mix", "even_use"):
                if kind in rule:
                    getattr(self, f"_{kind}")(rule, rule[kind])
        self._tiers()

    # Who may sit where, and what it needs there

    def _options(self) -> None:
        """Options (project, zone) and the amounts asked for, one array per measure."""
        pairs = [(i, k) for i, p in enumerate(self.projects) for k, z in enumerate(self.places) if self._takes(p, z)]
        self.p = np.array([i for i, _ in pairs], dtype=int)
        self.z = np.array([k for _, k in pairs], dtype=int)
        own = {m: np.array([float(p.get(m, 0.0)) for p in self.projects]) for m in self.measures}
        self.asked = {m: own[m][self.p] for m in self.measures}
        for o, (i, k) in enumerate(pairs):
            for m, amount in self.projects[i].get("at", {}).get(self.places[k], {}).items():
                self.asked[m][o] = amount
        self.made = {
            m: np.array([float(p.get("makes", {}).get(m, 0.0)) for p in self.projects])[self.p] for m in self.measures
        }
        self.inside = np.array([[self._lies(a, b) for b in self.places] for a in self.places], dtype=bool)

    def _takes(self, project: Raw, place: str) -> bool:
        listed = project.get("zones")
        accepts = self.zones[place].get("accepts", {}) if place in self.zones else {}
        return (listed is None or place in listed) and all(
            project.get(key) in ([values] if isinstance(values, str) else values) for key, values in accepts.items()
        )

    def _lies(self, inner: str | None, outer: str) -> bool:
        while inner is not None:
            if inner == outer:
                return True
            inner = self.zones[inner].get("within") if inner in self.zones else None
        return False

    def _in(self, place: str) -> Array:
        """Whether each option lies in a zone or in one within it; everything lies in the region ("")."""
        if place not in self.zones:
            return np.ones(len(self.p), dtype=bool)
        return self.inside[self.z, self.places.index(place)]

    def attribute(self, name: str) -> Array:
        return np.array([p.get(name) for p in self.projects], dtype=object)[self.p]

    def matches(self, where: Raw | None) -> Array:
        found = np.ones(len(self.p), dtype=bool)
        for key, value in (where or {}).items():
            listed = value if isinstance(value, list) else [value]
            if key == "not":
                found &= ~self.matches(value)
            elif key == "zone":
                found &= np.any([self._in(z) for z in listed], axis=0)
            elif key == "id":
                found &= np.isin(self.p, [self.row_of[i] for i in listed])
            elif key in self.measures:
                found &= self.asked[key] >= value.get("at_least", -inf)
                found &= self.asked[key] <= value.get("at_most", inf)
            else:
                found &= np.isin(self.attribute(key).astype(str), listed)
        return found

    def _admit(self) -> None:
        """Admissible options are kept; `amount` is what they need after trims."""
        self.amount = {m: a.copy() for m, a in self.asked.items()}
        committed = np.array([bool(p.get("committed")) for p in self.projects])[self.p]
        out = np.zeros(len(self.p), dtype=bool)
        for rule in self.rules:
            if rule.get("veto"):
                out |= self.matches(rule.get("where")) & ~committed
            if "standard" not in rule:
                continue
            body = rule["standard"]
            of, per = self.asked[body["of"]], self.asked[body["per"]] if "per" in body else 1.0
            low, high = self._limit(body.get("at_least"), -inf), self._limit(body.get("at_most"), inf)
            with np.errstate(invalid="ignore"):
                fails = (np.isfinite(low) & (of < low * per)) | (np.isfinite(high) & (of > high * per))
            fails &= self.matches(rule.get("where")) & ~committed
            if body.get("otherwise") == "trim":
                cut = np.maximum(0.0, of / low)
                self.amount[body["per"]] = np.where(
                    fails, np.minimum(self.amount[body["per"]], cut), self.amount[body["per"]]
                )
            else:
                out |= fails
        self.open = ~out

    def _limit(self, limit: Any, none: float) -> Array:
        """(k,) a standard's limit for each option; a table goes by an attribute, the longest prefix wins."""
        if not isinstance(limit, dict):
            return np.full(len(self.p), none if limit is None else float(limit))
        default = none if limit.get("default") is None else limit["default"]
        return np.array([_looked_up(limit["limits"], code, default) for code in self.attribute(limit["key"])])

    # What counts

    def _summand(self, criterion: Raw, amounts: Mapping[str, Any]) -> Any:
        of, per = amounts[criterion["of"]], amounts[criterion["per"]] if "per" in criterion else 0.0
        standard = criterion.get("standard") or 0.0
        return standard * per - of if criterion.get("better") == "lower" else of - standard * per

    def _score(self, kept: Mapping[str, float] | None) -> None:
        criteria = self.raw["criteria"]
        self.scale = dict(kept or {name: self._scale(c) for name, c in criteria.items()})
        whole = sum(c["weight"] for c in criteria.values())
        self.points_per = {
            name: 100.0 * c["weight"] / whole / self.scale[name] if self.scale[name] else 0.0
            for name, c in criteria.items()
        }
        self.points = self._worth(self.amount)

    def _worth(self, amounts: Mapping[str, Any]) -> Any:
        return sum(self.points_per[n] * self._summand(c, amounts) for n, c in self.raw["criteria"].items())

    def _scale(self, criterion: Raw) -> float:
        if criterion.get("reference") is not None:
            return float(criterion["reference"])
        summand, n = self._summand(criterion, self.asked), len(self.projects)
        for sign in (1.0, -1.0):
            best = np.zeros(n)
            np.maximum.at(best, self.p, sign * summand)
            if best.sum() > 0:
                return float(best.sum())
        return 0.0

    # Columns

    def _shares(self) -> None:
        """Columns of the shares, and of what says that a project is there, with every project's own rows."""
        kinds = [self._kind(p) for p in self.projects]
        self.kind = np.array(kinds, dtype=object)[self.p]
        units = np.array([float(p.get("units") or 1) for p in self.projects])[self.p]
        order = np.flatnonzero(self.open)
        self.order = order
        self.xcol = np.full(len(self.p), -1)
        self.xcol[order] = np.arange(len(order))
        self.factor = np.where(self.kind == "units", 1.0 / units, 1.0)
        self.bcol = self.xcol.copy()
        apart = order[np.isin(self.kind[order], ["part", "units"])]
        self.bcol[apart] = len(order) + np.arange(len(apart))
        self.apart = apart
        self.width = len(order) + len(apart)
        self.owner = np.concatenate([self.p[order], self.p[apart]])
        self.top = np.ones(self.width)
        self.top[self.xcol[order]] = np.where(self.kind[order] == "units", units[order], 1.0)
        self.helpers: list[Column] = []

    @staticmethod
    def _kind(project: Raw) -> str:
        if project.get("committed"):
            return "committed"
        if project.get("units"):
            return "units"
        share = project.get("min_share") or 0.0
        return "whole" if share == 1 else "part" if share > 0 else "divisible"

    def x(self, chosen: Array, amounts: Any = 1.0) -> Terms:
        """Σ amounts · x over the chosen options that are admissible."""
        here = np.flatnonzero(chosen & self.open)
        amounts = np.broadcast_to(amounts, self.p.shape)[here]
        return self.xcol[here], amounts * self.factor[here]

    def b(self, chosen: Array, amounts: Any = 1.0) -> Terms:
        here = np.flatnonzero(chosen & self.open)
        return self.bcol[here], np.broadcast_to(amounts, self.p.shape)[here].astype(float)

    def helper(self, cost: float, largest: float, fill: Callable[[Array], float], *, whole: bool = False) -> int:
        self.helpers.append(Column(cost, largest, fill, whole))
        return self.width + len(self.helpers) - 1

    def row(self, name: str, lo: float, hi: float, *terms: Terms, hard: bool = True) -> Row:
        columns = np.concatenate([np.asarray(c, dtype=int) for c, _ in terms])
        values = np.concatenate([np.asarray(v, dtype=float) for _, v in terms])
        self.rows.append(Row(name, lo, hi, columns, values, hard))
        return self.rows[-1]

    def soft_row(self, name: str, lo: float, hi: float, cost: float | None, *terms: Terms) -> None:
        """A row, with what it falls short by and its cost where it is soft."""
        row = self.row(name, lo, hi, *terms, hard=cost is None)
        if cost is None:
            return
        columns, values = row.columns, row.values

        def reached(v: Array) -> float:
            return float(values @ v[columns])

        reach = self._reach(columns, values)
        new: list[tuple[int, float]] = []
        if lo > -inf:
            short = self.helper(-cost, reach + abs(lo), lambda v: max(0.0, lo - reached(v)))
            new.append((short, 1.0))
        if hi < inf:
            over = self.helper(-cost, reach + abs(hi), lambda v: max(0.0, reached(v) - hi))
            new.append((over, -1.0))
        row.columns = np.append(columns, [c for c, _ in new])
        row.values = np.append(values, [a for _, a in new])

    def _reach(self, columns: Array, values: Array) -> float:
        """What the terms can come to at most, either way: each project sits in one place, or in parts of several."""
        own = columns < self.width
        best = np.zeros(len(self.projects))
        np.maximum.at(best, self.owner[columns[own]], np.abs(values[own]) * self.top[columns[own]])
        helpers = [self.helpers[c - self.width].largest for c in columns[~own]]
        return float(best.sum() + np.abs(values[~own]) @ np.array(helpers))

    # Supplies

    def _net(self, m: str, chosen: Array, made: float = 1.0) -> Terms:
        return self.x(chosen, self.amount[m] - made * self.made[m])

    def _supplies(self) -> None:
        limits: dict[tuple[str, str], float] = {}
        chosen: dict[tuple[str, str], Array] = {}
        named: set[tuple[str, str]] = set()
        outermost = [z for z in self.places if z not in self.zones or not self.zones[z].get("within")]
        for m, noun in self.measures.items():
            made = any(m in p.get("makes", {}) for p in self.projects)
            levels = outermost if noun.get("balance") == "zone" else [""]
            here = {z: self.zones[z]["supply"][m] for z in self.zones if m in self.zones[z].get("supply", {})}
            if m in self.supply:
                here[""] = self.supply[m]
            if made and not here:
                here = dict.fromkeys(levels, 0.0)
            namers = [z for z in here if z and z in self.zones and m in self.zones[z].get("supply", {})]
            for z, limit in here.items():
                named.add((m, z))
                limits[m, z], chosen[m, z] = float(limit), self._in(z)
            for k, z in enumerate(self.places):
                if namers and not any(self.inside[k, self.places.index(n)] for n in namers):
                    limits[m, z], chosen[m, z] = 0.0, self.z == k
            if noun.get("must_use") and made:
                for z in levels:
                    self.row(f"must_use|{m}|{z}", 0.0, inf, self._net(m, self._in(z), noun["must_use"]))
        rows = {key: self.row(f"supply|{key[0]}|{key[1]}", -inf, limits[key], self._net(key[0], chosen[key]))
                for key in limits}  # fmt: skip
        self._moves(rows, named)

    def _moves(self, rows: dict[tuple[str, str], Row], named: set[tuple[str, str]]) -> None:
        """g[m, level], the lowest grade first."""

        def height(m: str) -> int:
            above = self.measures[m].get("also_served_by")
            return 1 + height(above) if above else 0

        graded = sorted((m for m in self.measures if height(m)), key=height, reverse=True)
        for low, z in [(m, z) for m in graded for k, z in rows if k == m]:
            high = self.measures[low]["also_served_by"]
            if (high, z) not in named:
                continue
            row = rows[low, z]
            before = (row.columns, row.values, row.hi)

            def needed(v: Array, before: Any = before) -> float:
                columns, values, limit = before
                terms = values * v[columns]
                over = float(terms.sum()) - limit
                return over if over > 1e-9 * (abs(limit) + np.abs(terms).sum()) else 0.0  # the last digit moves nothing

            largest = float(np.abs(self.amount[low][self.open]).sum()) + float(self.made[low].sum())
            g = self.helper(0.0, largest, needed)
            for r, sign in ((row, -1.0), (rows[high, z], 1.0)):
                r.columns, r.values = np.append(r.columns, g), np.append(r.values, sign)

    # Rules

    def each(self, rule: Raw) -> Iterator[tuple[str, Array]]:
        each = rule.get("each")
        if each is None:
            yield "", np.ones(len(self.p), dtype=bool)
        elif each == "zone":
            yield from ((z, self._in(z)) for z in self.places)
        else:
            values = self.attribute(each)
            for value in sorted({p.get(each) for p in self.projects} - {None}):
                yield value, values == value

    @staticmethod
    def cost(rule: Raw, unit: float) -> float | None:
        soft = rule.get("soft")
        if soft is None:
            return None
        return soft["points"] / (soft.get("per") or unit) if isinstance(soft, dict) else soft / unit

    def _bounds(self, rule: Raw, body: Raw, value: str, unit: Any, standing: float, terms: Any) -> None:
        for bound in ("at_least", "at_most", "exactly"):
            if body.get(bound) is not None:
                limit = body[bound]
                room, row = terms(limit)
                lo = -inf if bound == "at_most" else room - standing
                hi = inf if bound == "at_least" else room - standing
                self.soft_row(f"rule|{rule['name']}|{value}|{bound}", lo, hi, self.cost(rule, unit(limit)), row)

    def _total(self, rule: Raw, body: Raw) -> None:
        where = self.matches(rule.get("where"))
        for value, there in self.each(rule):
            row = self.x(where & there, self.amount[body["of"]])
            standing = _standing(body, value)
            self._bounds(rule, body, value, lambda k: abs(k) / 100, standing, lambda k, row=row: (k, row))

    def _count(self, rule: Raw, body: Raw) -> None:
        where = self.matches(rule.get("where"))
        for value, there in self.each(rule):
            row, standing = self.b(where & there), _standing(body, value)
            self._bounds(rule, body, value, lambda k: abs(k) / 100, standing, lambda k, row=row: (k, row))

    def ratio_sums(self, rule: Raw, there: Array) -> tuple[Array, Array]:
        """(k,) what counts above and below in each option."""
        body, both = rule["ratio"], self.matches(rule.get("where")) & there
        above = np.where(both & self.matches(rule.get("of_where")), self.amount[body["of"]], 0.0)
        below = np.where(both & self.matches(rule.get("per_where")), self.amount[body["per"]], 0.0)
        return above, below

    def _ratio(self, rule: Raw, body: Raw) -> None:
        for value, there in self.each(rule):
            above, below = self.ratio_sums(rule, there)
            of, per = ratio_standing(body, value)

            def terms(r: float, above: Array = above, below: Array = below, per: float = per) -> Any:
                return r * per, self.x((above != 0) | (below != 0), above - r * below)

            self._bounds(rule, body, value, lambda _: 1.0, of, terms)

    def of(self, project: str) -> Array:
        return self.p == self.row_of[project]

    def _requires(self, rule: Raw, body: Raw) -> None:
        for needed in body["needs"]:
            row = self.x(self.of(body["project"])), self.b(self.of(needed), -1.0)
            self.soft_row(f"rule|{rule['name']}|||{needed}", -inf, 0.0, self.cost(rule, 1.0), *row)

    def _exclusive(self, rule: Raw, body: list[str]) -> None:
        chosen = np.any([self.of(m) for m in body], axis=0)
        self.soft_row(f"rule|{rule['name']}||", -inf, 1.0, self.cost(rule, 1.0), self.b(chosen))

    def _together(self, rule: Raw, body: list[str]) -> None:
        first, *others = sorted(body)
        cost = self.cost(rule, 1.0)
        if cost is None:
            for m in others:
                self.row(f"rule|{rule['name']}|||{m}", 0.0, 0.0, self.x(self.of(m)), self.x(self.of(first), -1.0))
        else:
            uses = {f"rule|{rule['name']}|||{m}:": self.x(self.of(m)) for m in sorted(body)}
            self._spread(uses, cost)

    def _spread(self, uses: dict[str, Terms], cost: float) -> tuple[int, int]:
        """hi and lo of several sums; row names end in hi and lo."""

        def sums(v: Array) -> list[float]:
            return [float(values @ v[columns]) for columns, values in uses.values()]

        largest = max(self._reach(*terms) for terms in uses.values())
        hi = self.helper(-cost, largest, lambda v: max(0.0, *sums(v)))
        lo = self.helper(cost, largest, lambda v: max(0.0, min(sums(v))))
        for name, (columns, values) in uses.items():
            self.row(f"{name}hi", -inf, 0.0, (columns, values), ([hi], [-1.0]))
            self.row(f"{name}lo", 0.0, inf, (columns, values), ([lo], [-1.0]))
        return hi, lo

    def _synergy(self, rule: Raw, body: Raw) -> None:
        added = {m: float(body["adds"].get(m, 0.0)) for m in self.measures}
        gain, members = float(self._worth(added)), body["projects"]
        alike = body.get("same_zone", True)
        for place in self.places if alike else [""]:
            here = self.z == self.places.index(place) if alike else np.ones(len(self.p), dtype=bool)
            own = {m: self.x(self.of(m) & here) for m in members}
            if gain <= 0 or not all(len(columns) for columns, _ in own.values()):
                continue

            def least(v: Array, own: dict[str, Terms] = own) -> float:
                return min(1.0, *(float(values @ v[columns]) for columns, values in own.values()))

            y = self.helper(gain, 1.0, least)
            for m, (columns, values) in own.items():
                zone = place if alike else ""
                self.row(f"rule|{rule['name']}|{zone}||{m}", -inf, 0.0, (columns, -values), ([y], [1.0]))

    def _mix(self, rule: Raw, body: Raw) -> None:
        where, values = self.matches(rule.get("where")) & self.open, self.attribute(body["of"])
        for each, there in self.each(rule):
            here = where & there & np.array([v is not None for v in values], dtype=bool)
            present = sorted(set(values[here]))
            if not present:
                continue
            w = {}
            for value in present:
                columns, _ = self.b(here & (values == value))
                w[value] = self.helper(0.0, 1.0, lambda v, c=columns: float(v[c].max() > 0), whole=True)
            row = (list(w.values()), np.ones(len(w)))
            name = f"rule|{rule['name']}|{each}|at_most"
            self.soft_row(name, -inf, body["at_most"], self.cost(rule, 1.0), row)
            for project in sorted(set(self.p[here])):
                own = here & (self.p == project)
                value = self.projects[project][body["of"]]
                self.row(f"{name}|{self.projects[project]['id']}", -inf, 0.0, self.b(own), ([w[value]], [-1.0]))

    def even_supplies(self, of: str) -> dict[str, float]:
        """Zones that are compared, with what they supply."""
        found = {}
        for z, zone in self.zones.items():
            supply = zone.get("supply", {}).get(of, 0.0)
            needs, here = np.zeros(len(self.projects)), self._in(z) & self.open
            np.maximum.at(needs, self.p[here], self.amount[of][here])
            if supply > 0 and needs.sum() >= supply:
                found[z] = supply
        return found if len(found) > 1 else {}

    def _even_use(self, rule: Raw, body: Raw) -> None:
        supplies, name = self.even_supplies(body["of"]), f"rule|{rule['name']}"
        if supplies:
            uses = {f"{name}|{z}||": self.x(self._in(z), self.amount[body["of"]] / s) for z, s in supplies.items()}
            hi, lo = self._spread(uses, 0.0)
            cost = self.cost(rule, 0.01)
            if isinstance(rule.get("soft"), dict) and rule["soft"].get("per"):
                cost = 100 * rule["soft"]["points"] / rule["soft"]["per"]
            self.soft_row(f"{name}||", -inf, body["within"], cost, ([hi, lo], [1.0, -1.0]))

    def _tiers(self) -> None:
        free, self.classes = self.open.copy(), []
        for where in self.raw.get("tiers", []):
            self.classes.append(free & self.matches(where))
            free &= ~self.classes[-1]
        for k, value in enumerate(self.held):
            self.row(f"tier|{k + 1}", value, inf, self.x(self.classes[k], self.points))

    # What it is good for

    def _cost(self, stage: int | None) -> Array:
        cost = np.zeros(self.width + len(self.helpers))
        columns, values = self.x(self.open if stage is None else self.classes[stage], self.points)
        cost[columns] = values
        if stage is None:
            cost[self.width :] = [h.cost for h in self.helpers]
        return cost

    def optimum(self, stage: int | None = None, *, whole: bool = False, seconds: float = inf) -> float | None:
        """The largest value by bare HiGHS, of the relaxation unless `whole`; None where there is no plan."""
        solver = highspy.Highs()
        for option, value in {
            "output_flag": False, "threads": 1, "mip_rel_gap": 0.0, "time_limit": seconds,
            "primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9, "mip_feasibility_tolerance": 1e-9,
        }.items():  # fmt: skip
            solver.setOptionValue(option, value)
        solver.passModel(self._programme(stage, whole))
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"HiGHS: {status}")
        return float(solver.getInfo().objective_function_value)

    def _programme(self, stage: int | None, whole: bool) -> Any:
        n = self.width + len(self.helpers) + 1  # HiGHS looks at no row of a programme without columns
        starts, lo, hi = [0, 1], [-inf], [inf]
        columns, values = [np.array([n - 1])], [np.ones(1)]
        cost, upper = np.append(self._cost(stage), 0.0), np.full(n, inf)
        upper[: self.width] = self.top
        upper[self.width :] = [*(1.0 if h.whole or h.cost > 0 else inf for h in self.helpers), 0.0]
        for low, high, c, v in [*self._own(), *((r.lo, r.hi, r.columns, r.values) for r in self.rows)]:
            lo.append(low), hi.append(high)
            columns.append(c), values.append(v)
            starts.append(starts[-1] + len(c))
        matrix = csr_matrix((np.concatenate(values), np.concatenate(columns), starts), shape=(len(lo), n))
        matrix.sum_duplicates()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_, lp.sense_ = n, len(lo), highspy.ObjSense.kMaximize
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.zeros(n), upper
        lp.row_lower_, lp.row_upper_ = np.array(lo), np.array(hi)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        if whole:
            kinds = np.full(n, highspy.HighsVarType.kContinuous, dtype=object)
            integer = np.isin(self.kind[self.order], ["whole", "committed", "units"])
            kinds[self.xcol[self.order[integer]]] = highspy.HighsVarType.kInteger
            kinds[self.bcol[self.apart]] = highspy.HighsVarType.kInteger
            kinds[[self.width + k for k, h in enumerate(self.helpers) if h.whole]] = highspy.HighsVarType.kInteger
            lp.integrality_ = list(kinds)
        return lp

    def _own(self) -> Iterator[tuple[float, float, Array, Array]]:
        """Every project's own rows."""
        by_project: dict[int, list[int]] = {}
        for o in self.order:
            by_project.setdefault(int(self.p[o]), []).append(int(o))
        for i, project in enumerate(self.projects):
            own = by_project.get(i, [])
            if project.get("committed"):
                yield 1.0, 1.0, self.xcol[own], np.ones(len(own))
            elif own:
                yield -inf, 1.0, self.bcol[own], np.ones(len(own))
        for o in self.apart:
            least, most = self._span(self.projects[self.p[o]])
            yield 0.0, inf, np.array([self.xcol[o], self.bcol[o]]), np.array([1.0, -least])
            yield -inf, 0.0, np.array([self.xcol[o], self.bcol[o]]), np.array([1.0, -most])

    @staticmethod
    def _span(project: Raw) -> tuple[float, float]:
        """Least and most of the share's column where the project is there."""
        if project.get("units"):
            return float(project.get("min_units", 1)), float(project["units"])
        return float(project["min_share"]), 1.0

    def add_up(self, shares: Mapping[tuple[str, str], float]) -> Sum:
        """The value of a plan {(project, zone): share}, and what it breaks."""
        v, broken = np.zeros(self.width + len(self.helpers)), {}
        place = {z: k for k, z in enumerate(self.places)}
        option = {(int(i), int(k)): o for o, (i, k) in enumerate(zip(self.p, self.z, strict=True))}
        for (project, zone), share in shares.items():
            o = option.get((self.row_of[project], place[zone]))
            if o is None or not self.open[o]:
                broken[f"{project} may not sit in {zone}"] = share
                continue
            v[self.xcol[o]] = share / self.factor[o]
            if self.bcol[o] != self.xcol[o]:
                v[self.bcol[o]] = float(share > 0)
        self._whole(v, broken)
        for k, helper in enumerate(self.helpers):
            v[self.width + k] = helper.fill(v)
        for row in self.rows:
            terms = row.values * v[row.columns]
            off, size = max(row.lo - terms.sum(), terms.sum() - row.hi), np.abs(terms).sum()
            size = max([size, *(abs(k) for k in (row.lo, row.hi) if abs(k) < inf)])
            if off > 1e-12 * size:
                broken[row.name] = off / size
        return Sum(float(self._cost(None) @ v), broken)

    def _whole(self, v: Array, broken: dict[str, float]) -> None:
        """What breaks a project's own rows."""
        own = np.zeros(len(self.projects))
        np.add.at(own, self.p[self.order], v[self.bcol[self.order]])
        for i, project in enumerate(self.projects):
            over = abs(own[i] - 1.0) if project.get("committed") else own[i] - 1.0
            if over > 1e-12:
                broken[f"{project['id']} itself"] = float(over)
        for o in self.order:
            share, kind = v[self.xcol[o]], self.kind[o]
            if kind in ("units", "whole", "committed") and abs(share - round(share)) > 1e-12:
                broken[f"{self.projects[self.p[o]]['id']} is not whole"] = float(abs(share - round(share)))
            if kind in ("units", "part") and share > 0:
                least, _ = self._span(self.projects[self.p[o]])
                if share < least * (1 - 1e-12):
                    broken[f"{self.projects[self.p[o]]['id']} is too small"] = float(least - share)

    def bound(self, prices: Mapping[str, float]) -> float:
        """What no plan exceeds, by weak duality; -inf if a price has the wrong sign.

        A project's own set has whole corners, so that the bound is that of the relaxation.
        """
        worth, size, bound = self._cost(None), np.abs(self._cost(None)), 0.0
        for row in self.rows:
            price = prices.get(row.name, 0.0)
            if price < -1e-12 and row.lo != row.hi:
                return -inf
            at_least = row.hi == inf
            gain = -price if at_least else price
            bound += gain * (row.lo if at_least else row.hi) if gain else 0.0
            np.subtract.at(worth, row.columns, gain * row.values)
            np.add.at(size, row.columns, np.abs(gain * row.values))
        worth[np.abs(worth) <= 1e-12 * size] = 0.0
        for k, helper in enumerate(self.helpers):
            bound += max(0.0, worth[self.width + k]) * helper.largest
        return bound + self._best(worth)

    def _best(self, worth: Array) -> float:
        """Σ of the most that each project's own set can come to."""
        first = np.where(self.open, worth[self.xcol], 0.0) if len(worth) else np.zeros(len(self.p))
        for o in self.apart:
            least, most = self._span(self.projects[self.p[o]])
            there = worth[self.bcol[o]]
            first[o] = max(least * worth[self.xcol[o]] + there, most * worth[self.xcol[o]] + there)
        committed = np.array([bool(p.get("committed")) for p in self.projects])
        best = np.where(committed, -inf, 0.0)
        np.maximum.at(best, self.p[self.order], first[self.order])
        return float(best.sum())


def _standing(body: Raw, value: str) -> float:
    standing = body.get("existing") or 0.0
    return float(standing.get(value, 0.0)) if isinstance(standing, dict) else float(standing)


def ratio_standing(body: Raw, value: str) -> tuple[float, float]:
    standing = body.get("existing") or {}
    if standing and "of" not in standing:
        standing = standing.get(value, {})
    return float(standing.get("of", 0.0)), float(standing.get("per", 0.0))


def _looked_up(limits: Mapping[str, float], code: str | None, default: float) -> float:
    best, found = 0, default
    for key, value in limits.items() if code else ():
        first, _, last = key.partition("-")
        head = str(code)[: len(first)]
        fits = int(first) <= int(head) <= int(last) if last and head.isdigit() else head == first
        if fits and len(first) > best:
            best, found = len(first), value
    return found
