"""A plan made by hand for the tests of the reports: every decision, hostile names, a rule that is short."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd

from landalloc.models.explanation import Explanation
from landalloc.models.plan import (
    Baseline,
    Certificate,
    Group,
    Plan,
    PlannedCriterion,
    PlannedMeasure,
    PlannedTier,
    PlannedZone,
    Provenance,
    Resource,
    RuleRow,
    Status,
)
from landalloc.optimizer.allocation import Allocation

MEASURES = [
    ("land", "用地", "mu", True),
    ("shoreline", "普通岸线", "m", True),
    ("deep_shoreline", "深水岸线", "m", True),
    ("energy", "综合能耗", "tce/year", True),
    ("investment", "固定资产投资", "亿元", False),
    ("output", "产值", "亿元/year", False),
    ("tax", "税收", "万元/year", False),
    ("jobs", "就业", "person", False),
]

# id, title, cluster, owner, decision, rank, share, units, zone,
# land, shoreline, deep, energy, investment, output, tax, jobs
PROJECTS: list[tuple[Any, ...]] = [
    ("bridge", "跨海通道接线工程", "port", "交通局", "committed", None, 1.0, None, "north",
     80, 0, 0, 200, 3.0, 0.0, 0, 40),
    ("jinglu", "京鲁造船舾装码头", "port", "京鲁船业", "admitted", 1, 1.0, None, "north",
     300, 900, 0, 9500, 14.2, 24.0, 8952, 4000),
    ("dajin", "大金重工海工基地", "port", "大金重工", "admitted", 2, 1.0, None, "north",
     500, 220, 560, 7200, 12.0, 28.0, 8652, 900),
    ("floor", "标准厂房零用地技改", "parts", "开发区公司", "admitted", 3, 1.0, None, "south",
     0, 0, 0, 900, 1.1, 2.4, 620, 260),
    ("beiben", "重卡扩能", "parts", "北奔重汽", "admitted", 4, 1.0, None, "south",
     452.5, 0, 0, 16000, 9.05, 33.0, 9900, 1350),
    ("roro", "滚装泊位", "port", "港航集团", "partial", 5, 0.8, 4, "north",
     240, 1240, 0, 3600, 3.24, 3.4, 900, 320),
    ("estate", "荒山光伏", "energy", "（在谈）", "partial", 6, 0.37, None, "south",
     123.6, 0, 0, 0, 0.44, 0.05, 21, 4),
    ("coal", "10万吨级煤炭码头", "port", "（待定）", "rejected", 7, 0.0, None, "",
     260, 300, 560, 42000, 3.0, 2.5, 1100, 180),
    ("chp", "2×300MW热电联产", "energy", "（待定）", "rejected", 8, 0.0, None, "",
     420, 0, 0, 520000, 27.0, 11.0, 5269, 260),
    ("flagship", "龙头整车项目", "parts", "（在谈）", "discuss", None, 0.0, None, "",
     900, 0, 0, 30000, 12.6, 60.0, 21000, 3200),
    ("smelter", "电解铝", "energy", "（在谈）", "inadmissible", None, 0.0, None, "",
     700, 0, 0, 880000, 6.7, 21.0, 4000, 900),
]  # fmt: skip

REASONS = {
    "bridge": ("committed", "刚性保障。"),
    "coal": ("charges", "效益0.95分，占用要素折算1.04分，其中深水岸线0.61分。"),
    "flagship": ("discuss", "一事一议：用地标准：140万元/亩，不低于200万元/亩，相差60万元/亩。"),
    "smelter": ("inadmissible", "不予准入：用地标准：96万元/亩，不低于200万元/亩，相差104万元/亩。"),
}


def projects(hostile: dict[str, str] | None = None) -> pd.DataFrame:
    """The projects as columns; `hostile` gives some of them other titles."""
    rows = []
    for id_, title, cluster, owner, decision, rank, share, units, zone, *amounts in PROJECTS:
        asked = [a / share if share else a for a in map(float, amounts)]
        granted = [float(a) if share else 0.0 for a in amounts]
        out = decision in ("discuss", "inadmissible")
        value = math.nan if out else amounts[5] / 4 + 0.1
        charges = math.nan if out else (0.0 if id_ == "floor" else amounts[0] / 200 + amounts[2] / 500 + 0.05)
        row: dict[str, Any] = {
            "id": id_,
            "title": (hostile or {}).get(id_, title),
            "attributes.cluster": cluster,
            "attributes.owner": owner,
            "attributes.stage": None if id_ == "bridge" else "拟建",
            "rank": rank,
            "decision": decision,
            "share": share,
            "units": units,
            "share@north": share if zone == "north" else 0.0,
            "share@south": share if zone == "south" else 0.0,
        }
        row |= {f"requested.{measure}": a for (measure, *_), a in zip(MEASURES, asked, strict=True)}
        row |= {f"granted.{measure}": g for (measure, *_), g in zip(MEASURES, granted, strict=True)}
        cut = id_ == "beiben"
        row |= {
            "requested.land": 505.0 if cut else row["requested.land"],
            "trimmed.land.asked": 505.0 if cut else math.nan,
            "trimmed.land.allowed": 452.5 if cut else math.nan,
            "ratios.investment_intensity": asked[4] / asked[0] if asked[0] else math.nan,
            "ratios.output_per_area": asked[5] / asked[0] if asked[0] else math.nan,
            "ratios.tax_per_area": asked[6] / asked[0] if asked[0] else math.nan,
            "points": min(100.0, asked[5] * 2),
            "value": value,
            "charges": charges,
            "credits": math.nan if out else 0.0,
            "index": math.inf
            if id_ == "floor"
            else math.nan
            if out
            else 1.0
            if decision == "partial"
            else value / charges,
            "charges_by.1.row": None if out or not charges else "supply|land|north",
            "charges_by.1.points": math.nan if out or not charges else charges * 0.7,
            "charges_by.2.row": None if out or not charges else "supply|energy|",
            "charges_by.2.points": math.nan if out or not charges else charges * 0.3,
            "assumed": ("energy",) if id_ in ("dajin", "coal") else (),
            "reasons": (REASONS.get(id_, ("worth", f"效益{value:.2f}分，占用要素折算{charges:.2f}分。")),),
        }
        if cut:
            row["reasons"] += (("trimmed", "用地由505亩核减为453亩。"),)
        rows.append(row)
    return framed(rows)


def framed(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as the columns of an `Allocation`, with its dtypes."""
    names = list(rows[0])
    charges = [name for name in names if name.startswith("charges_by.")]
    order = [*names[: names.index("value")], "value", "charges", *charges, "credits", "index", "assumed", "reasons"]
    columns: dict[str, Any] = {}
    for name in order:
        values = [row[name] for row in rows]
        if name in ("rank", "units"):
            columns[name] = pd.array(values, dtype="Int64")
        else:
            kind = float if all(isinstance(value, float) for value in values) else object
            columns[name] = pd.Series(values, dtype=kind)
    return pd.DataFrame(columns)


def resource(
    measure: str, zone: str | None, unit: str, supply: float, asked: float, used: float, **more: Any
) -> Resource:
    """A supply, with what is seldom there as `more`."""
    plain: dict[str, Any] = {
        "made": 0.0,
        "committed": 0.0,
        "substituted": 0.0,
        "price": 0.0,
        "price_in": {},
        "source": None,
    }
    known = plain | {"assumed": False} | more
    slack = supply + known["made"] + known["substituted"] - used
    shortage = max(0.0, asked - supply - known["made"])
    return Resource(
        measure=measure,
        zone=zone,
        unit=unit,
        supply=supply,
        requested=asked,
        used=used,
        slack=slack,
        shortage=shortage,
        **known,
    )


RESOURCES = (
    resource("energy", None, "tce/year", 900000.0, 1514925.0, 37400.0, committed=200.0,
             source="能耗控制目标", assumed=True),
    resource("land", "north", "mu", 1120.0, 1985.0, 1120.0, committed=80.0, price=0.004,
             price_in={"land": 1.0, "investment": 0.0135, "output": 0.0141, "tax": 3.75, "jobs": 1.3333}),
    resource("land", "south", "mu", 576.1, 2354.0, 576.1, price=0.0021, price_in={"land": 1.0, "output": 0.00036}),
    resource("shoreline", "north", "m", 2300.0, 2970.0, 2360.0, substituted=60.0, price=0.0009,
             price_in={"jobs": -0.2}),
    resource("deep_shoreline", "north", "m", 620.0, 1120.0, 560.0, substituted=-60.0, price=0.0013,
             price_in={"shoreline": 1.0, "output": 0.0008, "jobs": 0.26}),
)  # fmt: skip

RULES = (
    RuleRow(name="standard", title="用地标准", kind="standard", source="鲁政办字〔2022〕9号", soft=False, each=None,
            bound="at_least", limit=0.02, value=None, existing=None, shortfall=0.0, penalty=0.0, price=None, kept=True),
    RuleRow(name="ships", title="造船能力", kind="total", source=None, soft=True, each=None, bound="at_least",
            limit=2000000.0, value=1840000.0, existing=1200000.0, shortfall=160000.0, penalty=0.4,
            price=2.5e-6, kept=False),
    RuleRow(name="fair", title="片区均衡", kind="even_use", source=None, soft=False, each=None, bound="at_most",
            limit=0.05, value=0.0, existing=None, shortfall=0.0, penalty=0.0, price=0.0, kept=True),
)  # fmt: skip


def plan(**changes: Any) -> Plan:
    """The plan of the projects above."""
    granted = {name: 0.0 for name, *_ in MEASURES}
    plain = Plan(
        name="harbour",
        title="临港片区要素配置方案",
        language="zh",
        case=None,
        status=Status.OPTIMAL,
        objective=62.98,
        score=63.38,
        penalty=0.4,
        bound=62.98,
        gap=0.0,
        linear=False,
        measures=tuple(PlannedMeasure(name=n, title=t, unit=u, scarce=s) for n, t, u, s in MEASURES),
        zones=(
            PlannedZone(name="north", title="北港", within=None),
            PlannedZone(name="south", title="南园", within=None),
        ),
        tiers=(PlannedTier(name="1", value=12.5, bound=12.5),),
        criteria=(
            criterion("output", "产值", "output", None, 40.0, 90.85, 187.35),
            criterion("investment_intensity", "投资强度", "investment", "land", 30.0, 18.03, 58.7),
            criterion("output_per_area", "亩均产值", "output", "land", 20.0, 70.1, 101.0),
            criterion("tax_per_area", "亩均税收", "tax", "land", 10.0, 22000.0, 41000.0),
        ),
        resources=RESOURCES,
        rules=RULES,
        groups=(
            Group(by="cluster", value="port", projects=4, granted=granted | {"land": 1120.0}),
            Group(by="zone", value="north", projects=4, granted=granted | {"land": 1120.0}),
        ),
        certificate=Certificate(
            max_violation=1e-12,
            bound_proved=63.5,
            bound_solver=62.98,
            gap_proved=0.0082,
            prices={"supply|energy|": 0.0, "supply|land|north": 0.004},
            checked=("supplies", "rules"),
            tolerance=1e-6,
        ),
        baseline=Baseline(
            score=57.9,
            criteria={"output": 80.0},
            admitted=("bridge", "dajin", "chp"),
            breaks=("ships", "supply|land|south"),
        ),
        provenance=Provenance(
            version="0.1.0",
            solver="highs",
            solver_version="1.11.0",
            inputs={"harbour.yaml": "0" * 64},
            case=None,
            set={},
            assumed=("supply.energy",),
        ),
    )
    return plain.model_copy(update=changes)


def criterion(
    name: str, title: str, of: str, per: str | None, weight: float, total: float, scale: float
) -> PlannedCriterion:
    unit = next(u for n, _, u, _ in MEASURES if n == of)
    return PlannedCriterion(
        name=name, title=title, of=of, per=per, better="higher", standard=0.0 if per else None,
        unit=unit, weight=weight, total=total, scale=scale, achieved=round(total / scale, 9),
    )  # fmt: skip


def allocation(hostile: dict[str, str] | None = None, **changes: Any) -> Allocation:
    """The whole hand-made result; `changes` are to fields of the plan."""
    return Allocation(plan(**changes), projects(hostile))


def answers() -> Explanation:
    """What was asked about this plan: every kind of answer, some proved and some not."""
    rejected = {"0": "never", "1": "could"}
    people = [
        {"id": "jinglu", "decision": "admitted", "over_plans": {"0": "must", "1": "must"}, "proved": True,
         "withdrawn": {"loss": 6.25, "enters": ["coal", "chp"], "leaves": ["jinglu", "estate"]}},
        {"id": "roro", "decision": "partial", "over_plans": {"0": "must", "1": "could"}, "proved": False,
         "withdrawn": {"loss": [0.8, 1.25], "enters": [], "leaves": ["roro"]}},
        {"id": "coal", "decision": "rejected", "over_plans": rejected, "proved": True,
         "takes": [taking("need", "projects.coal.land", 260, 242.515, 63.01),
                   taking("supply", "zones.north.supply.land", 1120, 1204.21, 63.5),
                   taking("weight", "criteria.output.weight", 40, 55.1234, 61.2)],
         "forced": {"loss": 0.35, "enters": ["coal"], "leaves": ["estate"]}},
        {"id": "chp", "decision": "rejected", "over_plans": rejected, "proved": True,
         "forced": {"loss": "inf", "enters": ["chp"], "leaves": []}},
    ]  # fmt: skip
    plain = {"takes": [], "forced": None, "withdrawn": None, "reasons": []}
    steps = [(0, 900, 20.0, 50.0), (900, 1150, 50.0, 50.0), (1150, 2000, 51.5, 51.5)]
    return Explanation.model_validate({
        "projects": [plain | person for person in people],
        "prices": [
            {"measure": "land", "zone": "north", "price": [0, 0], "steps": [
                {"from": low, "to": high, "objective": [at, end], "enters": ["coal"] if low == 1150 else [],
                 "leaves": ["estate"] if low == 1150 else []} for low, high, at, end in steps]},
            {"measure": "energy", "zone": None, "price": [0, 0], "steps": [
                {"from": 0, "to": 2e6, "objective": [50.0, 50.0], "enters": [], "leaves": []}]},
        ],
        "rules": [
            {"name": "standard", "cost": 0.75, "cost_in": {"output": 3.0, "tax_per_area": -410.0},
             "changes": [{"path": "rules.standard", "from": None, "to": "off"}]},
            {"name": "ships", "cost": "inf", "cost_in": {},
             "changes": [{"path": "rules.ships.soft", "from": 0.05, "to": ""}]},
            {"name": "fair", "cost": [0.0, 1.5], "cost_in": {},
             "changes": [{"path": "rules.fair", "from": None, "to": "off"}]},
        ],
        "alternatives": [{"objective": 62.5, "enters": ["chp"], "leaves": ["estate"], "criteria": {"output": 101.85}}],
        "unproved": ["takes|coal|criteria.output.weight", "over_plans|roro", "supply|land|south", "rules.fair"],
        "provenance": plan().provenance.model_dump(),
    })  # fmt: skip


def taking(kind: str, path: str, now: float, to: float, objective: float) -> dict[str, Any]:
    """One change of one figure."""
    return {"kind": kind, "changes": [{"path": path, "from": now, "to": to}], "objective": objective}


def answered(hostile: dict[str, str] | None = None, **changes: Any) -> Allocation:
    """The hand-made result with what was asked about it."""
    return replace(allocation(hostile, **changes), answers=answers())


def large(count: int, **changes: Any) -> Allocation:
    """The same plan with this many projects: admitted down to the middle, then in reserve."""
    pattern = projects().iloc[[1, 7]].reset_index(drop=True)
    frame = pattern.iloc[[0 if i < count // 2 else 1 for i in range(count)]].reset_index(drop=True)
    frame["id"] = pd.Series([f"p{i:06}" for i in range(count)], dtype=object)
    frame["title"] = pd.Series([f"项目{i + 1}" for i in range(count)], dtype=object)
    frame["rank"] = pd.array(range(1, count + 1), dtype="Int64")
    frame["index"] = [2.0 - i / count for i in range(count)]
    return Allocation(plan(**changes), frame)
