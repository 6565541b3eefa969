# ruff: noqa: E501 -- a case or an entry of the file to a line reads best
"""A small scenario that uses every part of the format, for the tests of reading."""

from pathlib import Path

HARBOUR = """\
name: harbour
title: 临港片区要素配置方案
language: zh
measures:
  land:           {unit: mu, title: 用地}
  deep_shoreline: {unit: m, title: 深水岸线}
  shoreline:      {unit: m, title: 普通岸线, also_served_by: deep_shoreline}
  energy:         {unit: tce/year, title: 综合能耗}
  steam:          {unit: kt/year, title: 蒸汽, balance: zone, must_use: 95%}
  investment:     {unit: 亿元, title: 固定资产投资}
  output:         {unit: 亿元/year, title: 产值}
  jobs:           {unit: person, title: 就业}
attributes: [cluster, sector, industry]
supply:
  energy: {amount: 900000 tce/year, source: 能耗控制目标, assumed: true}
zones:
  north:
    title: 北港
    supply: {land: 5200 mu, shoreline: 4100 m, deep_shoreline: 1900 m}
    accepts: {cluster: [port, energy]}
  south:
    supply: {land: {amount: 300 公顷, assumed: true}}
  basin: {within: south, supply: {land: 1500}}
defaults: {min_share: 0}
projects:
  - id: yard
    title: 船厂扩建
    cluster: port
    sector: ships
    industry: 3731
    land: 600 mu
    shoreline: 900 m
    energy: 12000
    investment: 15 亿元
    output: 30 亿元
    jobs: 3000
    zones: [north]
    min_share: 100%
    at: {north: {shoreline: 850 m}}
    assumed: [energy]
  - {id: chp, cluster: energy, sector: power, industry: 44, land: 420, energy: {amount: 5.2 万吨标煤, assumed: true}, min_share: 1,
     output: 11, jobs: 260, investment: 27, makes: {steam: 30}}
  - {id: mill, cluster: light, sector: services, industry: 17, land: 80, steam: 20, output: 5, jobs: 400, investment: 3}
  - {id: roro, title: 滚装泊位, cluster: port, sector: ships, industry: 55, units: 5, min_units: 3, land: 300, shoreline: 1500, output: 3.4}
  - {id: bridge, cluster: energy, sector: power, industry: 48, committed: true, land: 80, zones: [north]}
  - {table: candidates.csv, columns: {集群: cluster}}
criteria:
  investment_intensity: {of: investment, per: land, weight: 30, standard: 150 万元/mu, full_marks: 500 万元/mu}
  jobs:                 {of: jobs, weight: 40%}
  energy_saving:        {of: energy, per: output, better: lower, weight: 20, standard: 0.4 tce/万元, full_marks: 0.05 tce/万元}
  output:               {of: output, weight: 10, reference: 500 亿元}
tiers:
  - {cluster: port}
rules:
  - {name: land-standard, standard: {of: investment, per: land, at_least: 20 万元/mu, otherwise: discuss}, where: {cluster: port}}
  - {name: by-industry, standard: {of: investment, per: land, at_least: {table: standards.csv, key: industry, column: 投资强度, default: 150}}}
  - {name: veto-list, veto: true, where: {sector: power, output: {at_most: 1}, id: bridge}}
  - {name: output, total: {of: output, at_least: 20, existing: 1200 万元/year}, soft: 0.05}
  - {name: big-firms, count: {at_least: 1}, where: {output: {at_least: 10 亿元}, not: {zone: south}}}
  - {name: services, ratio: {of: output, per: output, at_least: 1%, existing: {of: 40, per: 130}}, of_where: {sector: services}}
  - {name: port-first, requires: {project: mill, needs: [yard]}}
  - {name: one-site, exclusive: [yard, chp]}
  - {name: together, together: [mill, shop]}
  - {name: chain, synergy: {projects: [yard, roro], adds: {output: 2 亿元}}}
  - {name: trades, mix: {of: cluster, at_most: 2}, each: zone}
  - {name: fair, even_use: {of: land, within: 5%}, soft: {points: 1}}
cases:
  dry-year: {supply.energy: 80 万吨标煤, criteria.jobs.weight: 40, projects.shop.land: 70 mu}
"""

CANDIDATES = """\
id,title,集群,sector,industry,用地(公顷),shoreline@north,makes.steam,output (万元/年),jobs,assumed,zones
shop,,light,services,3412,4,,,12000,50,land;jobs,basin、south
"""

STANDARDS = """\
行业代码,行业,投资强度(万元/公顷)
34-38,装备,3000
3731,造船,900
17、18,纺织,
"""


def write(folder: Path, text: str = HARBOUR, **files: str | bytes) -> Path:
    """Write a scenario and its tables (`candidates`, `standards`, or other names with their ending after __)."""
    tables: dict[str, str | bytes] = {"candidates": CANDIDATES, "standards": STANDARDS}
    for name, content in (tables | files).items():
        path = folder / (name.replace("__", ".") if "__" in name else f"{name}.csv")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    scenario = folder / "harbour.yaml"
    scenario.write_text(text, encoding="utf-8")
    return scenario
