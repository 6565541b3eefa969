"""atlas.html: the plan for every weighting on one page that needs nothing else. The reader moves the weights.

What is computed here is what does not depend on weights; atlas.js takes the best stored plan and writes the rest.
"""

from __future__ import annotations

import json
import math
import re
import shlex
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from ...models.atlas import Atlas
from ...models.plan import Decision, Plan, PlannedCriterion, PlannedMeasure
from ..allocation import Allocation
from . import atlas_data, atlas_words, numbers, page_ranking, sentences
from . import page as page_texts
from .atlas_data import Floats, Stored
from .numbers import Language, Style
from .templating import digest, environment, source
from .words import catalogue, clean, say, title, visible

NAME = "atlas.html"
FIGURES = 9
"""Significant digits of what scores are worked out from."""
SHOWN = 6
"""Significant digits of what is only shown."""
MOST_SCARCE, MOST_OUTCOMES = 5, 3
"""Columns of amounts in the ranked list."""
_SCRIPTS = ("atlas_state.js", "atlas_table.js", "atlas_plot.js", "atlas_map.js", "atlas.js")
_PLAIN = re.compile(r"[^\W\d][\w-]*")
"""A key that YAML takes for a text as it stands, but for its own words."""
_YAML_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def page(allocation: Allocation, atlas: Atlas, language: Language) -> bytes:
    """The page of an atlas and of the present plan of the same scenario; the same bytes for the same input.

    Raises:
        InputError: the two do not belong together.
    """
    plan = allocation.plan
    plans = atlas_data.stored(allocation, atlas)
    data = _data(allocation, atlas, plans, language)
    style = source("style.css") + source("atlas.css")
    script = "(() => {\n" + "\n".join(map(source, _SCRIPTS)) + "})();\n"
    rendered = (
        environment(language)
        .get_template("atlas.html")
        .render(
            plan=plan,
            title=clean(title(plan, language), 120),
            proof=_proof(len(plans.entries), atlas, language),
            criteria=_sliders(plan, language),
            columns=_heads(allocation, language),
            map=bool(data["map"]),
            resources=data["resources"],
            assumed=any(row["assumed"] for row in data["resources"]),
            unknown=len(plan.resources) - len(data["resources"]),
            data=Markup(_embedded(data)),
            style=Markup(style),
            script=Markup(script),
            style_hash=digest(style),
            script_hash=digest(script),
        )
    )
    return rendered.encode("utf-8")


def _embedded(data: object) -> str:
    """JSON that can stand in a script element: nothing in it ends that element or opens another."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _proof(count: int, atlas: Atlas, language: Language) -> str:
    """How good the stored plans are known to be."""
    if atlas.proved:
        eps = numbers.figure(atlas.eps, Style(1.0, 2, ""), language)
        return say("{count} stored plans. At every weighting the best of them is at most {eps} points below the best "
                   "possible: proved, not sampled.", language, count=count, eps=eps)  # fmt: skip
    return say("{count} stored plans. It is not proved for every weighting how near the best of them comes to the best "
               "possible.", language, count=count)  # fmt: skip


def reach(weights: Iterable[float]) -> float:
    """The end of a slider: 1, 2 or 5 times a power of ten, at least twice the largest weight.

    >>> reach([40, 30]), reach([0.4, 0.6]), reach([100])
    (100.0, 2.0, 200.0)
    """
    least = 2.0 * max(weights)
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= least * (1 - 1e-9))


def _sliders(plan: Plan, language: Language) -> list[dict[str, str]]:
    """One slider a criterion, as it stands before anything moves."""
    total, end = sum(c.weight for c in plan.criteria), reach(c.weight for c in plan.criteria)
    return [
        {
            "name": clean(title(c, language), page_texts.SHORT),
            "words": page_texts.criterion_words(plan, c, language),
            "weight": f"{c.weight:.6g}",
            "end": f"{end:g}",
            "part": numbers.percent(c.weight / total, language),
        }
        for c in plan.criteria
    ]


def _measures(allocation: Allocation) -> list[PlannedMeasure]:
    """Measures with a column in the ranked list: the scarce ones, then what criteria count."""
    plan, projects = allocation.plan, allocation.projects
    return [*page_ranking.scarce(plan, projects)[:MOST_SCARCE], *page_texts.outcomes_of(plan)[:MOST_OUTCOMES]]


def _column_style(allocation: Allocation, measure: PlannedMeasure, language: Language) -> Style:
    largest = float(np.abs(atlas_data.amounts(allocation, measure.name)).max(initial=0.0))
    return numbers.style(measure.unit, language, largest=largest, compact=True)


def _heads(allocation: Allocation, language: Language) -> list[tuple[str, str]]:
    """Name and unit of each column of amounts."""
    return [
        (clean(title(m, language), 40), page_ranking.yearless(_column_style(allocation, m, language).unit))
        for m in _measures(allocation)
    ]


def _data(allocation: Allocation, atlas: Atlas, plans: Stored, language: Language) -> dict[str, Any]:
    """Everything that the script computes with. What is a list is by plan, by criterion or by project, in their order.

    worth: points of each plan at full weight, by criterion; codes, parts, letters, steps: what each plan carries out
    (`atlas_data.codes`); present: the allocation's own plan; eps: null where not proved; cells (`atlas_data.reaches`);
    homes: weights at which a plan is best; map: the cells of three criteria.
    """
    plan = allocation.plan
    written = list(atlas_data.codes(plans.entries, len(allocation.projects)))
    scales = np.array([c.scale for c in plan.criteria])
    return {
        "group": "" if language == "zh" else numbers.THIN,
        "text": {key: catalogue(language).get(one.text, one.text) for key, one in atlas_words.TEXTS.items()}
        | dict(atlas_words.SIGNS[language]),
        "criteria": [_criterion(c, plans.criteria[i], language) for i, c in enumerate(plan.criteria)],
        "worth": [_rounded(row, FIGURES) for row in plans.worth(scales)],
        "penalty": _rounded(plans.penalty, FIGURES),
        "codes": [code for code, _ in written],
        "letters": atlas_data.LETTERS,
        "steps": atlas_data.STEPS,
        "parts": [rest for _, rest in written],
        "present": plans.present,
        "eps": atlas.eps if atlas.proved else None,
        "cells": [_rounded(cell, FIGURES) for cell in atlas_data.reaches(atlas)],
        "homes": {str(k): _rounded(home, 4) for k, home in atlas_data.homes(atlas).items()},
        "map": [[k, *(_rounded(v, 4) for v in vertices)] for k, vertices in atlas_data.triangle(atlas)],
        "zones": [clean(title(zone, language), 40) for zone in plan.zones],
        "projects": _projects(allocation, plans, language),
        "resources": _resources(plan, plans, language),
    }


def _criterion(c: PlannedCriterion, totals: Floats, language: Language) -> dict[str, Any]:
    """A criterion: its weight, how a file and a command name it, and the total of each plan as a text."""
    return {
        "title": clean(title(c, language), page_texts.SHORT),
        "weight": c.weight,
        "yaml": yaml_key(c.name),
        "flag": flag(c.name),
        "totals": [numbers.quantity(total, c.unit, language) for total in totals.tolist()],
    }


def yaml_key(name: str) -> str:
    """A name as a key of a YAML mapping.

    >>> yaml_key("产值"), yaml_key("on"), yaml_key("a: b")
    ('产值', '"on"', '"a: b"')
    """
    if _PLAIN.fullmatch(name) and name.lower() not in _YAML_WORDS:
        return name
    return json.dumps(name, ensure_ascii=visible(name) != name)


def flag(name: str) -> str:
    """The argument of ``--weight`` up to its number, as a shell takes it.

    >>> print(flag("jobs"), flag("产值"), flag("a=b c"))
    jobs= '产值'= '"a=b c"'=
    """
    shown = visible(name)
    return shlex.quote(f'"{shown}"' if "=" in shown else shown) + "="


def _projects(allocation: Allocation, plans: Stored, language: Language) -> dict[str, Any]:
    """The projects column by column."""
    projects = allocation.projects
    about = [f"attributes.{name}" for name in page_ranking.ABOUT if f"attributes.{name}" in projects]
    rows = projects[["title", "decision", *about]].to_dict("records")
    carried, share = projects["units"].fillna(0).to_numpy(dtype=float), projects["share"].to_numpy(dtype=float)
    units = np.divide(carried, share, out=np.zeros(len(rows)), where=share > 0)  # not known of those left out
    fixed = {Decision.COMMITTED: "c", Decision.DISCUSS: "d", Decision.INADMISSIBLE: "i"}
    shown = []
    for m in _measures(allocation):
        how = _column_style(allocation, m, language)
        amounts = _rounded(atlas_data.amounts(allocation, m.name) * how.factor, SHOWN)
        shown.append({"places": how.decimals, "amounts": amounts})
    return {
        "title": [clean(row["title"]) for row in rows],
        "about": [" · ".join(clean(str(row[a]), 40) for a in about if row[a] is not None) for row in rows],
        "fixed": "".join(fixed.get(row["decision"], ".") for row in rows),
        "value": [_rounded(row, SHOWN) for row in atlas_data.values(allocation)],
        "units": np.round(units).astype(int).tolist(),
        "inside": plans.inside(len(projects)).tolist(),
        "measures": shown,
    }


def _resources(plan: Plan, plans: Stored, language: Language) -> list[dict[str, Any]]:
    """Used and available of every resource row that can be told, in the unit that is shown."""
    found = []
    for row, figures in zip(plan.resources, plans.resources, strict=True):
        if np.isnan(figures).any():
            continue
        largest = max(row.requested, float(figures.max(initial=0.0)))
        how = page_texts.row_style(row.unit, language, largest)
        used, available = (figures * how.factor).T
        found.append(
            {
                "name": sentences.place(plan, row.measure, row.zone, language),
                "unit": how.unit,
                "places": how.decimals,
                "asked": _rounded([row.requested * how.factor], SHOWN)[0],
                "assumed": row.assumed,
                "used": _rounded(used, SHOWN),
                "available": _rounded(available, SHOWN),
            }
        )
    return found


def _rounded(values: Sequence[float] | Floats, digits: int) -> list[float]:
    """Figures to so many significant digits; whole ones without a point."""
    short = [float(f"{value:.{digits}g}") for value in values]
    return [int(value) if value == int(value) else value for value in short]
