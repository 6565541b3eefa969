"""Known answers: cases solved by hand and published ones, with the source of each.

Every criterion here has the reference 100, so that a point of the score is a unit of what counts and published values
stand as they were printed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from build import Raw

INF = float("inf")


@dataclass(frozen=True)
class Known:
    """A scenario with what is known of its answer; what is empty is not known."""

    source: str
    raw: Raw
    objective: float
    shares: dict[str, float] = field(default_factory=dict)
    prices: dict[str, float] = field(default_factory=dict)
    index: dict[str, float] = field(default_factory=dict)
    ranks: list[str] = field(default_factory=list)
    """ids in the order of their rank"""
    price_in: dict[tuple[str, str], float] = field(default_factory=dict)
    """(row, measure) -> change of the measure's granted total per unit more"""


VALUE: Raw = {"value": {"of": "value", "weight": 1.0, "reference": 100.0}}


def knapsack(supply: dict[str, float], *items: tuple[object, ...], whole: bool = False) -> Raw:
    """Items (id, value, need of each supply in turn), divisible or all or nothing."""
    return {
        "measures": [*supply, "value"],
        "supply": supply,
        "projects": [
            {"id": name, "value": value, "min_share": float(whole), **dict(zip(supply, needs, strict=True))}
            for name, value, *needs in items
        ],
        "criteria": VALUE,
    }


BY_HAND = {
    "fractional-knapsack": Known(
        "by hand: fill by value per land; the price is that of the item that breaks, 30 / 5",
        knapsack(
            {"land": 12.0}, ("a", 60.0, 6.0), ("b", 32.0, 4.0), ("c", 30.0, 5.0), ("d", 9.0, 3.0), ("e", 1.0, 0.0)
        ),
        60 + 32 + 0.4 * 30 + 1,
        {"a": 1.0, "b": 1.0, "c": 0.4, "d": 0.0, "e": 1.0},
        {"supply|land|": 6.0},
        {"a": 10 / 6, "b": 8 / 6, "c": 1.0, "d": 3 / 6, "e": INF},
        ["e", "a", "b", "c", "d"],
        {("supply|land|", "value"): 6.0, ("supply|land|", "land"): 1.0},
    ),
    "knapsack-without-a-break": Known(
        "by hand: a and b fill it exactly, any price from 6 to 8 is optimal; the least one is chosen",
        knapsack({"land": 10.0}, ("a", 60.0, 6.0), ("b", 32.0, 4.0), ("c", 30.0, 5.0)),
        92.0,
        {"a": 1.0, "b": 1.0, "c": 0.0},
        {"supply|land|": 6.0},
        {"a": 10 / 6, "b": 8 / 6, "c": 1.0},
        ["a", "b", "c"],
    ),
    "nothing-scarce": Known(
        "by hand: everything fits, so nothing has a price",
        knapsack({"land": 15.0}, ("a", 60.0, 6.0), ("b", 32.0, 4.0), ("c", 30.0, 5.0)),
        122.0,
        {"a": 1.0, "b": 1.0, "c": 1.0},
        {"supply|land|": 0.0},
        {"a": INF, "b": INF, "c": INF},
        ["a", "b", "c"],
    ),
    "twins": Known(
        "by hand: three of a make for room for one and a half; the ids decide",
        knapsack({"land": 7.5}, ("c", 10.0, 5.0), ("a", 10.0, 5.0), ("b", 10.0, 5.0)),
        15.0,
        {"a": 1.0, "b": 0.5, "c": 0.0},
        {"supply|land|": 2.0},
        {"a": 1.0, "b": 1.0, "c": 1.0},
        ["a", "b", "c"],
    ),
    "leaner-of-two": Known(
        "by hand: land has no price, so a and b are worth the same; the plan takes the one that uses less of it",
        knapsack({"energy": 4.0, "land": 9.0}, ("a", 8.0, 4.0, 6.0), ("b", 8.0, 4.0, 5.0)),
        8.0,
        {"a": 0.0, "b": 1.0},
        {"supply|energy|": 2.0, "supply|land|": 0.0},
        {"a": 1.0, "b": 1.0},
        ["b", "a"],
    ),
    "two-by-two": Known(
        "by hand: 4a + 2b = 14 and 2a + 4b = 10 give the prices 3 and 1; 4x + 2y = 2x + 4y = 4.5 the shares",
        knapsack({"land": 4.5, "energy": 4.5}, ("p", 14.0, 4.0, 2.0), ("q", 10.0, 2.0, 4.0)),
        18.0,
        {"p": 0.75, "q": 0.75},
        {"supply|land|": 3.0, "supply|energy|": 1.0},
        {"p": 1.0, "q": 1.0},
        ["p", "q"],
        {("supply|land|", "value"): 3.0, ("supply|land|", "energy"): 0.0, ("supply|energy|", "value"): 1.0},
    ),
    "zone-and-region": Known(
        "by hand: the one zone and the region run out together; the price may stand on either row, and stands on the "
        "later one by name, for the weights fall",
        {
            **knapsack({"land": 5.0}, ("a", 20.0, 10.0)),
            "zones": {"north": {"supply": {"land": 5.0}}},
        },
        10.0,
        {"a": 0.5},
        {"supply|land|": 0.0, "supply|land|north": 2.0},
        {"a": 1.0},
    ),
    "grades": Known(
        "by hand: deep shore serves what ordinary shore cannot; at the margin a metre of either is worth the same",
        {
            "measures": {"deep": {}, "shore": {"also_served_by": "deep"}, "value": {}},
            "supply": {"deep": 10.0, "shore": 4.0},
            "projects": [{"id": "quay", "deep": 6.0, "value": 60.0}, {"id": "yard", "shore": 16.0, "value": 32.0}],
            "criteria": VALUE,
        },
        60.0 + 0.5 * 32,
        {"quay": 1.0, "yard": 0.5},
        {"supply|deep|": 2.0, "supply|shore|": 2.0},
        {"quay": 5.0, "yard": 1.0},
        ["quay", "yard"],
        {("supply|deep|", "value"): 2.0, ("supply|deep|", "shore"): 1.0, ("supply|deep|", "deep"): 0.0},
    ),
    "reclaimed-land": Known(
        "by hand: dredging makes 6 of land for 3 points, at a price of 5; the last of it goes to b at 5 a piece",
        {
            "measures": ["land", "value"],
            "supply": {"land": 2.0},
            "projects": [
                {"id": "dredge", "value": -3.0, "makes": {"land": 6.0}},
                {"id": "a", "land": 4.0, "value": 40.0},
                {"id": "b", "land": 8.0, "value": 40.0},
            ],
            "criteria": VALUE,
        },
        -3.0 + 40 + 20,
        {"dredge": 1.0, "a": 1.0, "b": 0.5},
        {"supply|land|": 5.0},
        {"dredge": 10.0, "a": 2.0, "b": 1.0},
        ["dredge", "a", "b"],
    ),
    "soft-target": Known(
        "by hand: two jobs are wanted, at 2 points each short; x brings 4 of them and 1 point for 5 of land, y and z 8 "
        "points; half of x will do, and at land 1.6 and jobs 1.75 all three are worth just what they take",
        {
            **knapsack({"land": 10.0}, ("x", 1.0, 5.0), ("y", 8.0, 5.0), ("z", 8.0, 5.0)),
            "measures": ["land", "value", "jobs"],
            "projects": [
                {"id": "x", "value": 1.0, "land": 5.0, "jobs": 4.0},
                {"id": "y", "value": 8.0, "land": 5.0},
                {"id": "z", "value": 8.0, "land": 5.0},
            ],
            "rules": [{"name": "jobs", "total": {"of": "jobs", "at_least": 2.0}, "soft": {"points": 2.0, "per": 1.0}}],
        },
        0.5 * 1 + 1.5 * 8,
        {"x": 0.5, "y": 1.0, "z": 0.5},
        {"supply|land|": 1.6, "rule|jobs||at_least": 1.75},
        {"x": 1.0, "y": 1.0, "z": 1.0},
    ),
}


# Published


def petersen() -> Raw:
    """The first problem of C. C. Petersen, Computational experience with variants of the Balas algorithm (1967)."""
    needs = [
        (8, 12, 13, 64, 22, 41),
        (8, 12, 13, 75, 22, 41),
        (3, 6, 4, 18, 6, 4),
        (5, 10, 8, 32, 6, 12),
        (5, 13, 8, 42, 6, 20),
        (5, 13, 8, 48, 6, 20),
        (0, 0, 0, 0, 8, 0),
        (3, 0, 4, 0, 8, 0),
        (3, 2, 4, 0, 8, 4),
        (3, 2, 4, 8, 8, 4),
    ]
    room = (80, 96, 20, 36, 44, 48, 10, 18, 22, 24)
    values = (100, 600, 1200, 2400, 500, 2000)
    items = [(f"x{j + 1}", float(v), *(float(row[j]) for row in needs)) for j, v in enumerate(values)]
    return knapsack({f"r{i}": float(b) for i, b in enumerate(room)}, *items, whole=True)


def weingartner(room: float) -> Raw:
    """H. M. Weingartner and D. N. Ness, Methods for the solution of the multidimensional knapsack problem (1967)."""
    values = """1898 440 22507 270 14148 3100 4650 30800 615 4975 1160 4225 510 11880 479 440 490 330 110 560 24355 2885
        11748 4550 750 3720 1950 10500"""
    first = "45 0 85 150 65 95 30 0 170 0 40 25 20 0 0 25 0 0 25 0 165 0 85 0 0 0 0 100"
    second = "30 20 125 5 80 25 35 73 12 15 15 40 5 10 10 12 10 9 0 20 60 40 50 36 49 40 19 150"
    columns = zip(*([float(x) for x in text.split()] for text in (values, first, second)), strict=True)
    items = [(f"x{j + 1:02}", *column) for j, column in enumerate(columns)]
    return knapsack({"first": room, "second": room}, *items, whole=True)


def assignment(better: str) -> Raw:
    """Five agents, fifteen jobs, each done by one agent: jobs are committed projects, agents are zones."""
    worth = """17 21 22 18 24 15 20 18 19 18 16 22 24 24 16
        23 16 21 16 17 16 19 25 18 21 17 15 25 17 24
        16 20 16 25 24 16 17 19 19 18 20 16 17 21 24
        19 19 22 22 20 16 19 17 21 19 25 23 25 25 25
        18 19 15 15 21 25 16 16 23 15 22 17 19 22 24"""
    hours = """8 15 14 23 8 16 8 25 9 17 25 15 10 8 24
        15 7 23 22 11 11 12 10 17 16 7 16 10 18 22
        21 20 6 22 24 10 24 9 21 14 11 14 11 19 16
        20 11 8 14 9 5 6 19 19 7 6 6 13 9 18
        8 13 13 13 10 20 25 16 16 17 10 10 5 12 23"""
    values, needs = ([[float(x) for x in row.split()] for row in text.splitlines()] for text in (worth, hours))
    agents = [f"agent{i + 1}" for i in range(5)]
    return {
        "measures": ["hours", "value"],
        "zones": {a: {"supply": {"hours": h}} for a, h in zip(agents, (36.0, 34.0, 38.0, 27.0, 33.0), strict=True)},
        "projects": [
            {
                "id": f"job{j + 1:02}",
                "committed": True,
                "at": {a: {"value": values[i][j], "hours": needs[i][j]} for i, a in enumerate(agents)},
            }
            for j in range(15)
        ],
        "criteria": {"value": {**VALUE["value"], "better": better}},
    }


LEARY: Raw = {
    "measures": ["land", "labour", "profit", "wheat", "corn"],
    "supply": {"land": 45.0, "labour": 0.0},
    "projects": [
        {"id": "wheat", "land": 45.0, "labour": 6.0 * 45, "wheat": 5.0 * 45, "profit": 150.0 * 45},
        {"id": "corn", "land": 45.0, "labour": 10.0 * 45, "corn": 4.0 * 45, "profit": 200.0 * 45},
        {"id": "hired", "makes": {"labour": 350.0}, "profit": -10.0 * 350},
    ],
    "criteria": {"profit": {"of": "profit", "weight": 1.0, "reference": 100.0}},
    "rules": [
        {"name": "wheat", "total": {"of": "wheat", "at_most": 140.0}},
        {"name": "corn", "total": {"of": "corn", "at_most": 120.0}},
    ],
}

JONES: Raw = {
    "measures": ["land", "labour", "revenue", "corn"],
    "supply": {"land": 7.0, "labour": 40.0},
    "projects": [
        {"id": "corn", "land": 7.0, "labour": 4.0 * 7, "corn": 10.0 * 7, "revenue": 30.0 * 7},
        {"id": "wheat", "land": 7.0, "labour": 10.0 * 7, "revenue": 100.0 * 7},
    ],
    "criteria": {"revenue": {"of": "revenue", "weight": 1.0, "reference": 100.0}},
    "rules": [{"name": "corn", "total": {"of": "corn", "at_least": 30.0}}],
}

PUBLISHED = {
    "petersen-1": Known(
        "Petersen (1967), Management Science 13(9), problem 1: 6 items, 10 rows; OR-Library mknap1: optimum 3800",
        petersen(),
        3800.0,
        {"x1": 0.0, "x2": 1.0, "x3": 1.0, "x4": 0.0, "x5": 0.0, "x6": 1.0},
    ),
    "weingartner-1": Known(
        "Weingartner and Ness (1967), Operations Research 15(1); OR-Library mknap2, WEING1: optimum 141278",
        weingartner(600.0),
        141278.0,
    ),
    "weingartner-2": Known(
        "the same, WEING2: optimum 130883",
        weingartner(500.0),
        130883.0,
    ),
    "assignment-most": Known(
        "Cattrysse, Salomon and Van Wassenhove (1994), EJOR 72; OR-Library gap1, c515-1: largest 336",
        assignment("higher"),
        336.0,
    ),
    "assignment-least": Known("the same: smallest 261", assignment("lower"), -261.0),
    "farmer-leary": Known(
        "Winston, Operations Research: Applications and Algorithms, Farmer Leary (wheat and corn on 45 acres): profit "
        "4250, 25 and 20 acres, 350 hours hired; dual prices: acre 75, hour used 12.50, hour for hire 2.50, markets 0",
        LEARY,
        4250.0,
        {"wheat": 25 / 45, "corn": 20 / 45, "hired": 1.0},
        {"supply|land|": 75.0, "supply|labour|": 12.5, "rule|wheat||at_most": 0.0, "rule|corn||at_most": 0.0},
        {"wheat": 1.0, "corn": 1.0, "hired": 12.5 / 10},
        ["hired", "corn", "wheat"],
        # one acre more: 2.5 acres of wheat for 1.5 of corn, so that the hours stay the same
        {("supply|land|", "wheat"): 12.5, ("supply|land|", "corn"): -6.0, ("supply|land|", "profit"): 75.0},
    ),
    "farmer-jones": Known(
        "Winston, the same, Farmer Jones (7 acres, 40 hours, at least 30 bushels of corn): 3 acres of corn, 2.8 of "
        "wheat, revenue 370; by hand: an hour is worth 10, a bushel less of corn would bring 1",
        JONES,
        370.0,
        {"corn": 3 / 7, "wheat": 2.8 / 7},
        {"supply|land|": 0.0, "supply|labour|": 10.0, "rule|corn||at_least": 1.0},
        {"corn": 1.0, "wheat": 1.0},
        ["wheat", "corn"],
        {("supply|labour|", "revenue"): 10.0, ("supply|labour|", "corn"): 0.0},
    ),
}


def cohon(first: float, second: float) -> Raw:
    """Two criteria, 5 x1 − 2 x2 and −x1 + 4 x2, after J. L. Cohon, Multiobjective Programming and Planning (1978).

    −x1 + x2 ≤ 3,  x1 + x2 ≤ 8,  x1 ≤ 6,  x2 ≤ 4; a point is a unit of either criterion, times its weight.
    """
    scale = 100.0 / (first + second)
    return {
        "measures": ["room", "lead", "z1", "z2", "x1", "x2"],
        "supply": {"room": 8.0},
        "projects": [
            {"id": "x1", "x1": 6.0, "room": 6.0, "lead": -6.0, "z1": 30.0, "z2": -6.0},
            {"id": "x2", "x2": 4.0, "room": 4.0, "lead": 4.0, "z1": -8.0, "z2": 16.0},
        ],
        "criteria": {
            "z1": {"of": "z1", "weight": first, "reference": scale},
            "z2": {"of": "z2", "weight": second, "reference": scale},
        },
        "rules": [{"name": "lead", "total": {"of": "lead", "at_most": 3.0}}],
    }


COHON = {
    (4.0, 1.0): (6.0, 0.0),
    (1.0, 1.0): (6.0, 2.0),
    (1.0, 3.0): (4.0, 4.0),
    (1.0, 9.0): (1.0, 4.0),
}
"""Weights -> the noninferior vertex (x1, x2) that is best at them; they meet at the ratios 1/2, 7/5 and 5."""
