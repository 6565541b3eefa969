"""Headings of the lists that offices keep -> what they most likely are: for a first scenario, never for reading."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Usual:
    """A measure that lists often have."""

    heading: re.Pattern[str]
    key: str
    unit: str
    """where neither heading nor cells name one"""
    scarce: bool
    """Whether there is only so much of it, rather than as much as projects bring."""


def _usual(heading: str, key: str, unit: str, scarce: bool = False) -> Usual:
    return Usual(re.compile(heading, re.IGNORECASE), key, unit, scarce)


MEASURES = (
    _usual(r"深水.*岸线|岸线.*深水|deep.?(water)? ?(shoreline|quay)", "deep_shoreline", "m", True),
    _usual(r"岸线|shoreline|quay|waterfront", "shoreline", "m", True),
    _usual(r"海域|用海|sea area", "sea_area", "公顷", True),
    _usual(r"林地|forest", "forest_land", "亩", True),
    _usual(r"耕地|农用地|farm ?land|arable", "farmland", "亩", True),
    _usual(r"新增.*(用地|土地|建设)|(用地|土地).*新增|new.*land|land.*new", "new_land", "亩", True),
    _usual(r"建筑面积|厂房|floor", "floor_space", "m2"),
    _usual(r"用地|占地|土地|\bland\b|site area|面积", "land", "亩", True),
    _usual(r"能耗|标准?煤|用能|energy|\btce\b", "energy", "tce/year", True),
    _usual(r"用电|电量|electricity", "electricity", "万kWh/year", True),
    _usual(r"用水|取水|水量|\bwater\b", "water", "万m3/year", True),
    _usual(r"天然气|用气|蒸汽|用热|\bgas\b|steam", "heat", "万m3/year", True),
    _usual(r"COD|氨氮|排放|emission|discharge", "emissions", "t/year", True),
    _usual(r"投资|invest|capex", "investment", "万元"),
    _usual(r"产值|产出|营收|营业收入|销售|output|revenue|turnover|sales", "output", "万元/year"),
    _usual(r"增加值|value added|\bgdp\b", "value_added", "万元/year"),
    _usual(r"税|\btax", "tax", "万元/year"),
    _usual(r"利润|profit", "profit", "万元/year"),
    _usual(r"就业|用工|人数|岗位|劳动|从业|jobs?\b|employ|staff|workers", "jobs", "人"),
    _usual(r"吞吐|throughput|cargo", "throughput", "万t/year"),
)
"""The first that fits counts."""

RATIO = re.compile(
    r"强度|亩均|地均|单位.*(产值|能耗|用地)|容积率|比[例重]|占比|intensity|per\b|ratio|share|%", re.IGNORECASE
)
"""Figures that cannot be added up: the optimiser works them out itself."""
NO_AMOUNT = re.compile(
    r"年[份度月]$|时间|日期|开工|竣工|投产|工期|年限|电话|编[号码]|代码|排[名序]|得分|\byear\b|date|phone|code|rank|score|start|end\b",
    re.IGNORECASE,
)
"""Figures that count nothing."""
FLOWS = frozenset(
    {"output", "value_added", "tax", "profit", "energy", "electricity", "water", "heat", "emissions", "throughput"}
)
"""What is counted by the year."""
TITLE = re.compile(r"(项目|企业|单位|工程|建设)?名称|项目(名)?|project( name| title)?|name|title", re.IGNORECASE)
ID = re.compile(r"(项目)?(编[号码]|代码)|id|project (id|no\.?|code)", re.IGNORECASE)
ZONE = re.compile(
    r"园区|片区|区域|板块|乡镇|街道|镇街|选址|地点|落户|落地|所在|位置|岸段|zone|park|site|location|district|town",
    re.IGNORECASE,
)
ATTRIBUTE = re.compile(
    r"行业|产业|类[别型]|性质|阶段|状态|industry|sector|cluster|type|stage|class|owner", re.IGNORECASE
)
ENGLISH = {"亩": "mu", "公顷": "ha", "人": "person", "万元": "million yuan"}
"""Units that are guessed where the headings are English."""
OF_WHICH = re.compile(r"其中|of which|thereof|including", re.IGNORECASE)
PARTS = (
    (re.compile(r"新增|new", re.IGNORECASE), "new"),
    (re.compile(r"深水|deep", re.IGNORECASE), "deep"),
    (re.compile(r"固定|fixed", re.IGNORECASE), "fixed"),
    (re.compile(r"设备|equipment", re.IGNORECASE), "equipment"),
    (re.compile(r"当年|本年|年度|年内|this year", re.IGNORECASE), "this_year"),
)
"""Parts of an amount: the key of a part is this and the key of the whole."""
