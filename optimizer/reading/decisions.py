"""Decisions about projects, from the command line or a table, held against a scenario."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...models.finding import Place
from .files import Files
from .findings import Findings
from .grid import as_text

HEADS = (
    ("id", "project code", "code", "项目代码", "项目编号", "代码", "编号", "project", "项目"),
    ("decision", "decided", "决定", "安排意见", "结论", "是否入选", "安排"),
)
"""Headings of the column of projects, and of that of decisions, the better one first."""
VERDICTS = {
    **dict.fromkeys(["in", "yes", "y", "1", "true", "approved", "committed", "admitted", "partial", "in part"], True),
    **dict.fromkeys(["admitted, trimmed"], True),
    **dict.fromkeys(["入选", "入选（予以安排）", "保障", "部分安排", "予以安排", "核减安排", "是", "同意"], True),
    **dict.fromkeys(["out", "no", "n", "0", "false", "rejected", "in reserve"], False),
    **dict.fromkeys(["inadmissible", "not admissible", "discuss", "case by case"], False),
    **dict.fromkeys(["暂缓", "暂缓安排", "落选", "不予准入", "一事一议", "否", "不同意"], False),
}
"""What a decision may be called; those of ranking.csv are among them."""
PARTS = re.compile(r"(in part, |部分安排)\d[\d.]*%|(部分安排)?[1-9]\d*( of |/)\d+")
"""How ranking.csv says how much of a project is carried out."""


@dataclass(frozen=True)
class Given:
    """One decision, and where it stands."""

    project: str
    inside: bool
    place: Place


def named(lists: Sequence[str], option: str, *, inside: bool) -> Iterator[Given]:
    """Decisions as ``--in P1,P7`` gives them; an id with a comma in it stands by itself, in quotes."""
    for text in lists:
        quoted = len(text) > 1 and text[0] == text[-1] == '"'
        for one in [text[1:-1]] if quoted else text.split(","):
            if one.strip():
                yield Given(one.strip(), inside, Place(option, path=one.strip()))


def tabulated(path: Path, found: Findings) -> Iterator[Given]:
    """Decisions from a .csv or .xlsx with a column of projects and one of decisions."""
    place = Place(path.name)
    sheet = Files(path.parent).table(path.name, None, place, found)
    if sheet is None:
        return
    heads = [head.strip().casefold() for head in sheet.headings]
    places = [next((heads.index(head) for head in known if head in heads), None) for known in HEADS]
    ids, verdicts = places
    if ids is None or verdicts is None:
        found.add("decision-columns", sheet.position(-1, 0))
        return
    for i in range(len(sheet)):
        project, verdict = (as_text(sheet.columns[j][i]) or "" for j in (ids, verdicts))
        if not project and not verdict:
            continue
        said = verdict.strip().casefold()
        inside = True if PARTS.fullmatch(said) else VERDICTS.get(said)
        if inside is None:
            found.add("decision-verdict", sheet.position(i, verdicts), text=verdict)
        else:
            yield Given(project.strip(), inside, sheet.position(i, ids))


def chosen(
    given: Sequence[Given], ids: Sequence[str], committed: Sequence[bool], competes: Sequence[bool], found: Findings
) -> Mapping[int, bool]:
    """Project -> whether it is to be in, by the rows of `ids`; only those that weights can move.

    All that is unknown, said twice or cannot be meant is among the findings.
    """
    rows = {project: p for p, project in enumerate(ids)}
    wanted: dict[int, bool] = {}
    before = found.errors
    for one in given:
        p = rows.get(one.project)
        if p is None:
            found.unknown("decision-project", one.place, name=one.project, known=ids)
        elif wanted.setdefault(p, one.inside) is not one.inside:
            found.add("decision-both", one.place, project=one.project)
        elif one.inside and not competes[p]:
            found.add("decision-inadmissible", one.place, project=one.project)
        elif not one.inside and committed[p]:
            found.add("decision-committed", one.place, project=one.project)
    left = {p: inside for p, inside in wanted.items() if competes[p] and not committed[p]}
    if given and not left and found.errors == before:
        found.add("decision-idle", given[0].place)
    return left
