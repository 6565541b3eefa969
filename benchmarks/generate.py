"""A scenario with the shape of real candidate lists, of any size.

    python benchmarks/generate.py 1000 DIR [--zones 5] [--whole 0.0] [--seed 0] [--criteria 5]

writes DIR/scenario.yaml and DIR/candidates.csv: lognormal sizes (most projects small, a few huge), four clusters with
their own ratios, land by zone, energy and water of the region, about half of what is asked for to be had.
"""

from __future__ import annotations

import argparse
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
  - {{table: candidates.csv}}
criteria:
{criteria}
rules:
  - {{name: land-standard, standard: {{of: investment, per: land, at_least: 0.008 亿元/mu}}}}
  - {{name: jobs-target, total: {{of: jobs, at_least: {jobs:.0f}}}, soft: 0.5}}
  - {{name: food-share, ratio: {{of: land, per: land, at_least: 15%}}, of_where: {{cluster: food}}}}
  - {{name: chemicals, total: {{of: land, at_most: {chemicals:.0f}}}, where: {{cluster: chemicals}}}}
"""

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


def scenario(table: pd.DataFrame, zones: int, criteria: int) -> str:
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
    )


def generate(directory: Path, n: int, zones: int = 5, whole: float = 0.0, seed: int = 0, criteria: int = 5) -> Path:
    """Write the scenario, with the first so many criteria, and its table; the scenario's path."""
    directory.mkdir(parents=True, exist_ok=True)
    table = candidates(n, zones, whole, seed)
    table.to_csv(directory / "candidates.csv", index=False)
    path = directory / "scenario.yaml"
    path.write_text(scenario(table, zones, criteria), encoding="utf-8")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description="A scenario with the shape of real candidate lists.")
    parser.add_argument("projects", type=int)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--zones", type=int, default=5)
    parser.add_argument("--whole", type=float, default=0.0, help="part of the projects that are all or nothing")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--criteria", type=int, choices=range(1, 6), default=5, help="the first so many")
    options = parser.parse_args()
    where = generate(options.directory, options.projects, options.zones, options.whole, options.seed, options.criteria)
    print(where)  # noqa: T201


if __name__ == "__main__":
    main()
