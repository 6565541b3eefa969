"""A scenario with the shape of real candidate lists, of any size.

    python benchmarks/generate.py 1000 DIR [--zones 5] [--whole 0.0] [--seed 0] [--criteria 5] [--format csv] [--real]
        [--fit 3] [--worth-by-zone] [--links 0.05] [--committed 0.01] [--missing 0.02] [--chinese] [--standards]

writes DIR/scenario.yaml and DIR/candidates.csv: lognormal sizes (most projects small, a few huge), four clusters with
their own ratios, land by zone, energy and water of the region, about half of what is asked for to be had. `--real` is
all of the second line at these figures, as in a list that an office keeps; without any of it every project is complete,
alone, and may sit in every zone.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pandas as pd

CLUSTERS = {
    # investment, output, tax and jobs per mu of land, energy (tce) and water (10,000 m³) per mu; medians
    "equipment": (0.035, 0.060, 0.0022, 0.55, 0.4, 0.05),
    "chemicals": (0.050, 0.110, 0.0060, 0.30, 4.0, 0.20),
    "food": (0.022, 0.045, 0.0015, 0.90, 0.6, 0.25),
    "logistics": (0.018, 0.030, 0.0010, 0.35, 0.2, 0.02),
}
FIGURES = ("investment", "output", "tax", "jobs", "energy", "water")

SCENARIO = """\
name: benchmark
language: en
measures:
  land:       {{unit: mu}}
  energy:     {{unit: tce/year}}
  water:      {{unit: 万立方米/年}}
  investment: {{unit: 亿元}}
  output:     {{unit: 亿元/year}}
  tax:        {{unit: 亿元/year}}
  jobs:       {{unit: person}}
attributes: [cluster, industry, owner]
supply:
  energy: {energy:.0f} tce/year
  water:  {water:.0f} 万立方米/年
zones:
{zones}
defaults: {{min_share: 0}}
projects:
{projects}
criteria:
{criteria}
rules:
  - {{name: land-standard, standard: {{of: investment, per: land, at_least: {standard}}}}}
  - {{name: jobs-target, total: {{of: jobs, at_least: {jobs:.0f}}}, soft: 0.5}}
  - {{name: food-share, ratio: {{of: land, per: land, at_least: 15%}}, of_where: {{cluster: food}}}}
  - {{name: chemicals, total: {{of: land, at_most: {chemicals:.0f}}}, where: {{cluster: chemicals}}}}
{links}"""

CRITERIA = (
    "investment_intensity: {of: investment, per: land, weight: 25, standard: 0.02 亿元/mu, full_marks: 0.08 亿元/mu}",
    "output_per_area: {of: output, per: land, weight: 30, standard: 0.03 亿元/mu/year, full_marks: 0.2 亿元/mu/year}",
    "tax: {of: tax, weight: 20}",
    "jobs: {of: jobs, weight: 15}",
    "energy_saving: {of: energy, per: output, better: lower, weight: 10, standard: 40 tce/亿元}",
)


def candidates(n: int, zones: int, whole: float, seed: int) -> pd.DataFrame:
    """n projects; each may sit in any zone, land prices aside every zone is as good as any other."""
    random = np.random.default_rng(seed)
    names = list(CLUSTERS)
    cluster = random.choice(len(names), n, p=[0.4, 0.15, 0.25, 0.2])
    land = np.maximum(3.0, np.round(random.lognormal(np.log(60), 0.9, n), 1))
    medians = np.array([CLUSTERS[name] for name in names])[cluster]
    figures = medians * land[:, None] * random.lognormal(0.0, 0.45, (n, len(FIGURES)))
    table = pd.DataFrame(
        {
            "id": [f"P{i:06}" for i in range(n)],
            "cluster": [names[c] for c in cluster],
            "industry": [f"C{code}" for code in random.integers(13, 44, n)],
            "owner": [f"owner {o}" for o in random.integers(0, max(1, n // 3), n)],
            "land": land,
            **{name: np.round(figures[:, i], 4) for i, name in enumerate(FIGURES)},
            "zones": ["; ".join(f"zone{z + 1}" for z in range(zones))] * n,
            "min_share": np.where(random.random(n) < whole, 1, 0),
        }
    )
    table["jobs"] = np.round(table["jobs"])
    return table


@dataclass(frozen=True)
class Shape:
    """What makes a list like those that offices keep; by default nothing."""

    fit: int = 0
    """zones that a project may sit in, on average; 0: all"""
    worth_by_zone: bool = False
    links: float = 0.0
    """part that a rule ties to another: together or synergy; exclusive or requires where both are whole"""
    committed: float = 0.0
    """part that is carried out whatever it costs, in a zone of its own"""
    missing: float = 0.0
    """part of the cells for tax, water and owner that is empty"""
    chinese: bool = False
    standards: bool = False
    """the least investment per land by industry, from a table"""


REAL = Shape(fit=3, worth_by_zone=True, links=0.05, committed=0.01, missing=0.02, chinese=True, standards=True)
TITLES = {"equipment": "装备制造", "chemicals": "精细化工", "food": "食品加工", "logistics": "港口物流"}
MOST_COMMITTED = 200.0
"""mu; so that what must be carried out fits"""


def shaped(table: pd.DataFrame, zones: int, shape: Shape, seed: int) -> pd.DataFrame:
    """The candidates with what the shape asks for."""
    random, n = np.random.default_rng([seed, 1]), len(table)
    names = np.array([f"zone{z + 1}" for z in range(zones)])
    count = random.integers(1, max(2, 2 * shape.fit), n).clip(max=zones) if shape.fit else np.full(n, zones)
    fits = random.random((n, zones)).argsort(axis=1).argsort(axis=1) < count[:, None]
    if shape.committed:
        at = np.flatnonzero((random.random(n) < shape.committed) & (table["land"] < MOST_COMMITTED))
        table["committed"] = np.isin(np.arange(n), at)
        fits[at] &= fits[at].cumsum(axis=1) == 1
    if shape.fit or shape.committed:
        table["zones"] = ["; ".join(names[row]) for row in fits]
    if shape.worth_by_zone:
        better = random.lognormal(0.0, 0.15, (n, zones))
        for z, name in enumerate(names):
            there = np.round(table["output"] * better[:, z], 4)
            table[f"output@{name}"] = there.where(fits[:, z])
    for column in ("tax", "water", "owner") if shape.missing else ():
        table[column] = table[column].where(random.random(n) >= shape.missing)
    if shape.chinese:
        title = table["cluster"].map(TITLES) + "项目（" + table["id"] + "）"
        table.insert(1, "title", title)
    return table


def link_rules(table: pd.DataFrame, part: float, seed: int) -> list[str]:
    """Pairs of projects that a rule ties, as lines of the file."""
    random = np.random.default_rng([seed, 2])
    free = ~table["committed"] if "committed" in table else np.ones(len(table), dtype=bool)
    chosen = random.permutation(table.index[free])[: 2 * int(part * len(table) / 2)]
    lines = []
    for number, (p, q) in enumerate(chosen.reshape(-1, 2).tolist()):
        ids, whole = f"{table.at[p, 'id']}, {table.at[q, 'id']}", table.loc[[p, q], "min_share"].eq(1).all()
        if number % 2:
            alike = f"exclusive: [{ids}]" if whole else f"together: [{ids}]"
        elif whole:
            alike = f"requires: {{project: {table.at[p, 'id']}, needs: [{table.at[q, 'id']}]}}"
        else:
            gain = 0.05 * table.loc[[p, q], "output"].sum()
            alike = f"synergy: {{projects: [{ids}], adds: {{output: {gain:.4f}}}, same_zone: false}}"
        lines.append(f"  - {{name: link-{number + 1}, {alike}}}")
    return lines


def project_lines(table: pd.DataFrame) -> str:
    """The candidates written into the scenario, one line each."""
    lines = []
    for row in table.to_dict("records"):
        held = {str(k): v for k, v in row.items() if v == v}  # NaN is not itself
        project = {k: v for k, v in held.items() if "@" not in k} | {"zones": str(row["zones"]).split("; ")}
        there = {k.split("@")[1]: {k.split("@")[0]: v} for k, v in held.items() if "@" in k}
        lines.append(f"  - {json.dumps(project | ({'at': there} if there else {}), ensure_ascii=False)}")
    return "\n".join(lines)


def scenario(table: pd.DataFrame, zones: int, criteria: int, projects: str, standard: str, links: list[str]) -> str:
    """The scenario around the candidates: about half of what they ask for is to be had."""
    parts = np.linspace(1.5, 0.5, zones) / zones * 0.5 * table["land"].sum()
    lines = [f"  zone{z + 1}: {{supply: {{land: {part:.0f} mu}}}}" for z, part in enumerate(parts)]
    chemicals = table["land"][table["cluster"] == "chemicals"].sum()
    return SCENARIO.format(
        energy=0.45 * table["energy"].sum(),
        water=0.5 * table["water"].sum(),
        jobs=0.6 * table["jobs"].sum(),
        chemicals=0.5 * chemicals,
        zones="\n".join(lines),
        criteria="\n".join(f"  {line}" for line in CRITERIA[:criteria]),
        projects=projects,
        standard=standard,
        links="".join(f"{line}\n" for line in links),
    )


def generate(
    directory: Path,
    n: int,
    zones: int = 5,
    whole: float = 0.0,
    seed: int = 0,
    criteria: int = 5,
    shape: Shape | None = None,
    form: str = "csv",
) -> Path:
    """Write the scenario, with the first so many criteria, and its tables (csv, parquet, or yaml: in it); its path."""
    directory.mkdir(parents=True, exist_ok=True)
    shape = shape or Shape()
    table = shaped(candidates(n, zones, whole, seed), zones, shape, seed)
    projects = f"  - {{table: candidates.{form}}}"
    if form == "yaml":
        projects = project_lines(table)
    elif form == "parquet":
        table.to_parquet(directory / "candidates.parquet", index=False)  # needs pyarrow
    else:
        table.to_csv(directory / "candidates.csv", index=False)
    standard = "0.008 亿元/mu"
    if shape.standards:
        standard = "{table: standards.csv, key: industry, column: 投资强度, default: 0.008}"
        least = np.round(0.004 + 0.012 * np.random.default_rng([seed, 3]).random(31), 4)
        codes = pd.DataFrame({"industry": [f"C{code}" for code in range(13, 44)], "投资强度": least})
        codes.to_csv(directory / "standards.csv", index=False)
    path = directory / "scenario.yaml"
    text = scenario(table, zones, criteria, projects, standard, link_rules(table, shape.links, seed))
    path.write_text(text, encoding="utf-8")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description="A scenario with the shape of real candidate lists.")
    parser.add_argument("projects", type=int)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--zones", type=int, default=5)
    parser.add_argument("--whole", type=float, default=0.0, help="part of the projects that are all or nothing")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--criteria", type=int, choices=range(1, 6), default=5, help="the first so many")
    parser.add_argument("--format", choices=("csv", "parquet", "yaml"), default="csv", help="parquet needs pyarrow")
    parser.add_argument("--real", action="store_true", help="all that follows, as in a list that an office keeps")
    parser.add_argument("--fit", type=int, default=0, help="zones of a project on average; else all")
    parser.add_argument("--worth-by-zone", action="store_true", help="another output in every zone")
    parser.add_argument("--links", type=float, default=0.0, help="part of the projects tied to another by a rule")
    parser.add_argument("--committed", type=float, default=0.0, help="part that is carried out in any case")
    parser.add_argument("--missing", type=float, default=0.0, help="part of some cells that are empty")
    parser.add_argument("--chinese", action="store_true", help="Chinese titles")
    parser.add_argument("--standards", action="store_true", help="standards by industry, from a table")
    options = vars(parser.parse_args())
    asked = {f.name: options[f.name] for f in fields(Shape) if options[f.name]}
    shape = replace(REAL if options["real"] else Shape(), **asked)
    keys = ("zones", "whole", "seed", "criteria")
    where = generate(
        options["directory"], options["projects"], **{k: options[k] for k in keys}, shape=shape, form=options["format"]
    )
    print(where)  # noqa: T201


if __name__ == "__main__":
    main()
