"""Findings as people read them: place first, errors before warnings, in their language."""

import pytest

from landalloc.models.finding import Finding, Message, Place, Severity
from landalloc.optimizer.report import findings
from landalloc.optimizer.report.numbers import Language


def finding(severity: Severity, place: Place, name: str = "nroth") -> Finding:
    return Finding(
        severity,
        "unknown-zone",
        place,
        Message("there is no zone {name}", {"name": name}),
        Message("nothing can sit there"),
        Message("zones: {known}", {"known": "north, south"}),
    )


def lines(found: list[Finding], language: Language, width: int = 80) -> list[str]:
    return [line.plain for line in findings.lines(found, language, width)]


def test_a_finding_says_where_what_why_and_what_to_do() -> None:
    found = [finding(Severity.ERROR, Place("harbour.yaml", 12, 9, path="projects.yard.zones"))]
    assert lines(found, "en") == [
        "harbour.yaml:12:9: error: there is no zone nroth",
        "    nothing can sit there",
        "    → zones: north, south",
        "1 error",
    ]
    assert lines(found, "zh") == [
        "harbour.yaml:12:9: 错误：没有片区nroth",
        "    不能在那里安排项目",
        "    → 片区：north, south",
        "1处错误",
    ]


def test_errors_come_first_and_are_counted() -> None:
    places = [Place("a.yaml", line, 1) for line in (1, 2, 3)]
    kinds = [Severity.WARNING, Severity.ERROR, Severity.WARNING]
    shown = lines([finding(kind, place) for kind, place in zip(kinds, places, strict=True)], "en")
    assert [line.split(":")[1] for line in shown if line.startswith("a.yaml")] == ["2", "1", "3"]
    assert shown[-1] == "1 error, 2 warnings"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place("list.xlsx", sheet="项目", cell="C7"), "list.xlsx 项目!C7: "),
        (Place("--set supply.enrgy"), "--set supply.enrgy: "),
        (Place(path="criteria"), "criteria: "),
        (Place(), "error"),
    ],
)
def test_places_of_every_kind(place: Place, said: str) -> None:
    assert lines([finding(Severity.ERROR, place)], "en")[0].startswith(said)


def test_hostile_names_stay_in_their_line() -> None:
    shown = lines([finding(Severity.ERROR, Place("a\nb.yaml", 1, 1), "\x1b[31m\nx" + "y" * 5000)], "en")
    assert len(shown) == 4
    assert all(line.isprintable() for line in shown)
    assert len(shown[0]) < 1200


def test_nothing_found() -> None:
    assert lines([], "zh") == ["未发现问题"]
