"""Who is measured, and the page that `peers.py` writes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from programmes import KINDS
from task import PHASES

LOOSE = 1e-7
"""An objective or a row that is off by more than this is told."""


@dataclass(frozen=True)
class Peer:
    """One way to solve a programme."""

    title: str
    function: str
    """in solvers.py or layers.py"""
    algorithm: str | None = "choose"
    """None: the one that bare HiGHS was quicker with"""
    linear: bool = True
    whole: bool = False


PEERS = {
    "core": Peer("landalloc, prices and core", "core"),
    "one": Peer("landalloc, the one answer", "one", whole=True),
    "simplex": Peer("HiGHS, simplex", "highs", "simplex", whole=True),
    "ipm": Peer("HiGHS, ipm and crossover", "highs", "ipm"),
    "pdlp": Peer("HiGHS, PDLP", "highs", "pdlp"),
    "pulp": Peer("PuLP, default", "by_pulp", "default", whole=True),
    "pulp-highs": Peer("PuLP, HiGHS", "by_pulp", "highs", whole=True),
    "linopy": Peer("linopy", "by_linopy", None, whole=True),
    "cvxpy": Peer("CVXPY", "by_cvxpy", None, whole=True),
    "pyomo": Peer("Pyomo", "by_pyomo", None, whole=True),
    "glop": Peer("OR-Tools, GLOP", "by_ortools", "glop"),
    "ortools-pdlp": Peer("OR-Tools, PDLP", "by_ortools", "pdlp"),
    "ortools-highs": Peer("OR-Tools, HiGHS", "by_ortools", "highs", whole=True),
    "scip": Peer("OR-Tools, SCIP", "by_ortools", "scip", linear=False, whole=True),
}


@dataclass(frozen=True)
class Record:
    """One run."""

    kind: str
    projects: int
    peer: str
    algorithm: str
    result: dict[str, Any]

    @property
    def over(self) -> bool:
        return "over" in self.result

    def last(self, seconds: float) -> bool:
        """Whether no other run follows: it failed, or took longer than that."""
        return not self.ended or seconds_of(self.result) > seconds

    @property
    def ended(self) -> bool:
        return "phases" in self.result


def seconds_of(result: dict[str, Any]) -> float:
    """CPU seconds of all phases together."""
    return float(sum(result["phases"].values()))


def best_of(records: Sequence[Record]) -> str:
    """The algorithm with which bare HiGHS was quicker on this programme; its own choice where it never ended."""
    took = {p: median(s) for p in ("simplex", "ipm") if (s := all_seconds(records, p))}
    return min(took, key=lambda p: took[p]) if took else "choose"


def all_seconds(records: Sequence[Record], peer: str) -> list[float]:
    return [seconds_of(r.result) for r in records if r.peer == peer and r.ended]


@dataclass(frozen=True)
class Cell:
    """The runs of one peer with one programme, medians."""

    peer: str
    records: Sequence[Record]

    @property
    def ended(self) -> list[dict[str, Any]]:
        return [r.result for r in self.records if r.ended]

    @property
    def seconds(self) -> float | None:
        return median(map(seconds_of, self.ended)) if self.ended else None

    @property
    def over(self) -> float | None:
        return next((float(r.result["over"]) for r in self.records if r.over), None)

    def of(self, key: str) -> Any:
        return self.ended[0].get(key) if self.ended else None

    @property
    def kept(self) -> bool:
        """Whether there is a plan that keeps every row."""
        return self.of("objective") is not None and self.of("missed") <= LOOSE

    def middle(self, key: str) -> float:
        return median(r[key] for r in self.ended)


def short(x: float) -> str:
    """Two digits, no exponent."""
    return f"{x:,.0f}" if x >= 9.95 else f"{x:.1f}" if x >= 0.995 else f"{x:.2f}" if x >= 0.0095 else "0"


def times(cell: Cell | None, base: Cell | None) -> str:
    """How many times the base's seconds; a lower bound where it was stopped."""
    if cell is None or base is None or base.seconds is None:
        return ""
    if cell.seconds is not None:
        return short(cell.seconds / base.seconds)
    return f"> {short(cell.over / base.seconds)}" if cell.over else ""


def cells(records: Sequence[Record], kind: str, projects: int) -> dict[str, Cell]:
    """Every peer's cell of one programme; one that gave up with fewer projects says so there."""
    result = {}
    for peer in PEERS:
        mine = [r for r in records if (r.kind, r.peer) == (kind, peer)]
        here = [r for r in mine if r.projects == projects] or [r for r in mine if r.over and r.projects < projects]
        if here:
            result[peer] = Cell(peer, here)
    return result


def reference(found: dict[str, Cell]) -> float | None:
    """The objective that others are held against: landalloc's, else that of the first who solved it."""
    good = (c for c in found.values() if c.of("status") == "optimal" and c.kept)
    return next((float(c.of("objective")) for c in good), None)


def remark(cell: Cell, found: dict[str, Cell], projects: int) -> str:
    """What is to be said of an answer: the difference of its objective, what it misses, and what it says itself."""
    first = cell.records[0]
    failed = next((r.result["error"] for r in cell.records if "error" in r.result), None)
    if failed is not None:
        return f"failed: {failed}".replace("|", "/")
    if not cell.ended:
        return f"over {cell.over:g} s" + ("" if first.projects == projects else f" at {first.projects:,}")
    whole, peer = first.kind == "whole", PEERS[cell.peer]
    words = [*gaps(cell, found)] if whole else [difference(cell, found)]
    if cell.of("status") not in (("optimal", "limit", "feasible") if whole else ("optimal",)):
        words.insert(0, f"says {cell.of('status')}")
    if cell.of("missed") is not None and cell.of("missed") > LOOSE:
        words.append(f"misses a row by {cell.of('missed'):.0e}")
    words += [first.algorithm if peer.algorithm is None and not whole else "", cell.of("note")]
    return "; ".join(word for word in words if word)


def difference(cell: Cell, found: dict[str, Cell]) -> str:
    """By how much the objective differs from landalloc's."""
    objective, base = cell.of("objective"), reference(found)
    if objective is None or base is None or abs(objective - base) <= 1e-9 * abs(base):
        return ""
    return f"objective {(objective - base) / abs(base):+.0e}"


def gaps(cell: Cell, found: dict[str, Cell]) -> list[str]:
    """How far a plan of whole projects is from the best bound of all tools, and from its own."""
    objective, own = cell.of("objective"), cell.of("bound")
    if not cell.kept:
        return ["no plan"]
    best = max(c.of("objective") for c in found.values() if c.kept)
    # a bound below a plan is none: CBC tells such a one where it has no plan
    bounds = [c.of("bound") for c in found.values() if (c.of("bound") or -1.0) >= best * (1 - LOOSE)]
    words = [f"gap {(min(bounds) - objective) / abs(objective):.1e}"] if bounds else []
    return [*words, f"by its own bound {(own - objective) / abs(objective):.1e}"] if own is not None else words


def programme_table(records: Sequence[Record], kind: str, projects: int) -> list[str]:
    """One programme: a row for every peer."""
    found = cells(records, kind, projects)
    lines = [
        f"### {kind}, {projects:,} projects",
        "",
        f"| | {' | '.join(PHASES)} | all | × core | peak MB | before | |",
        f"|---|{'---|' * (len(PHASES) + 4)}---|",
    ]
    for peer, cell in found.items():
        figures = [""] * (len(PHASES) + 4)
        if cell.ended:
            figures = [short(median(r["phases"][phase] for r in cell.ended)) for phase in PHASES]
            figures += [short(cell.seconds or 0.0), "", *(f"{cell.middle(m):,.0f}" for m in ("peak", "before"))]
        figures[len(PHASES) + 1] = times(cell, found.get("core"))
        lines.append(f"| {PEERS[peer].title} | {' | '.join(figures)} | {remark(cell, found, projects)} |")
    return [*lines, ""]


def summary(records: Sequence[Record], programmes: Sequence[tuple[str, int]]) -> list[str]:
    """One row for every linear programme: how many times landalloc's time others take."""
    lines = [
        "| | projects | core | one answer | best of HiGHS | PuLP, default | best other layer | memory of HiGHS |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for kind, projects in programmes:
        found = cells(records, kind, projects)
        core = found.get("core")
        if kind == "whole" or core is None or core.seconds is None:
            continue
        bare = quickest(found, ("simplex", "ipm"))
        other = quickest(found, ("linopy", "cvxpy", "pyomo", "glop", "ortools-highs"))
        memory = f"{core.middle('peak') / bare.middle('peak'):.2f}" if bare and bare.ended else ""
        row = [
            short(core.seconds) + " s",
            *(times(c, core) for c in (found.get("one"), bare, found.get("pulp"), other)),
        ]
        lines.append(f"| {kind} | {projects:,} | {' | '.join(row)} | {memory} |")
    return [*lines, ""]


def wrong(cell: Cell, base: float | None) -> bool:
    """Whether an answer is not that of the others, for which no time counts."""
    return cell.kept and base is not None and abs(cell.of("objective") - base) > LOOSE * abs(base)


def quickest(found: dict[str, Cell], peers: Sequence[str]) -> Cell | None:
    """The cell of a right answer with the least seconds, else the one that was stopped last."""
    base = reference(found)
    some = [found[p] for p in peers if p in found and not wrong(found[p], base)]
    ended = [c for c in some if c.seconds is not None]
    return min(ended or some, key=lambda c: c.seconds or -(c.over or 0.0), default=None)


def page(head: dict[str, Any], records: Sequence[Record]) -> str:
    """The page, in the same order whatever came first."""
    order = {kind: i for i, kind in enumerate(KINDS)}
    programmes = sorted({(r.kind, r.projects) for r in records}, key=lambda p: (order[p[0]], p[1]))
    versions = ", ".join(f"{name} {number}" for name, number in head["versions"].items())
    lines = [
        "# landalloc and its peers",
        "",
        "Written by `peers.py`; `programmes.py` explains the kinds. The same arrays for everybody, one thread.",
        f"CPU seconds, the median of up to {head['runs']} runs, each a process of its own, stopped after",
        f"{head['limit']:g} s. Memory is the process's peak; *before* is what was held before the first phase,",
        "libraries and arrays. Objectives are held against landalloc's; where nothing is said they agree to 1e-9",
        "and every row is kept to 1e-7.",
        "",
        f"{versions}.",
        "",
        "## In short",
        "",
        "Times of *core*. Linear programmes; *one answer* adds what makes it the same from every solver.",
        "",
        *summary(records, programmes),
        "## Programme by programme",
        "",
    ]
    for kind, projects in programmes:
        lines += programme_table(records, kind, projects)
    return "\n".join(lines)
