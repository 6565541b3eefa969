"""The command line of `landalloc tune`: like cli.py, it only parses and calls."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .cli_options import Language, Scenario, run

tune = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Priority weights: what they do, and where they come from."
)


@tune.callback()
def _group() -> None:
    """Priority weights: what they do, and where they come from."""


class Elicit(StrEnum):
    """Ways to weights."""

    AHP = "ahp"
    BWM = "bwm"
    RANK_ORDER = "rank-order"
    RANK_SUM = "rank-sum"
    RANK_RECIPROCAL = "rank-reciprocal"
    SWING = "swing"
    POINTS = "points"
    ENTROPY = "entropy"
    CRITIC = "critic"


@tune.command()
def elicit(
    scenario: Scenario,
    method: Annotated[
        Elicit | None, typer.Option(help="Needed for entropy and critic, and to choose among the rank methods.")
    ] = None,
    pairs: Annotated[
        list[str] | None, typer.Option(metavar="A>B=N", help="A is N times as important as B. Repeatable.")
    ] = None,
    files: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="FILE", help="Judgements in a .csv, .xlsx or .yaml file. Repeatable for ahp."),
    ] = None,
    best: Annotated[str | None, typer.Option(metavar="C", help="The most important criterion, for bwm.")] = None,
    worst: Annotated[str | None, typer.Option(metavar="C", help="The least important criterion, for bwm.")] = None,
    best_to: Annotated[
        list[str] | None, typer.Option(metavar="C=N", help="The best is N times as important as C. Repeatable.")
    ] = None,
    to_worst: Annotated[
        list[str] | None, typer.Option(metavar="C=N", help="C is N times as important as the worst. Repeatable.")
    ] = None,
    rank: Annotated[str | None, typer.Option(metavar="A>B=C>D", help="The order of importance; = for ties.")] = None,
    swing: Annotated[
        list[str] | None,
        typer.Option(metavar="C=POINTS", help="From nothing to all that is applied for; 100 the best. Repeatable."),
    ] = None,
    points: Annotated[list[str] | None, typer.Option(metavar="C=POINTS", help="Points at will. Repeatable.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Put the weights into the scenario file.")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Folder of results, as for solve.")
    ] = None,
    lang: Language = None,
) -> None:
    """Weights from judgements (pairs, best and worst, rank, swing, points) or from the candidates' own data."""
    run(
        "tune_elicit",
        scenario=scenario,
        method=method,
        pairs=pairs or [],
        files=files or [],
        best=best,
        worst=worst,
        best_to=best_to or [],
        to_worst=to_worst or [],
        rank=rank,
        swing=swing or [],
        points=points or [],
        write=write,
        output=output,
        lang=lang,
    )
