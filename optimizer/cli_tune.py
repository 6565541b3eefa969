"""The command line of `landalloc tune`: like cli.py, it only parses and calls."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from .cli_options import Jobs, Lang, Language, Scenario, Scheduler, run

tune = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Priority weights: what they do, and where they come from."
)


@tune.callback()
def _group() -> None:
    """Priority weights: what they do, and where they come from."""


Case = Annotated[str | None, typer.Option("--case", metavar="CASE", help="A case of the scenario.")]
Settings = Annotated[list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="As for solve. Repeatable.")]
Weights = Annotated[list[str] | None, typer.Option("--weight", metavar="CRITERION=NUMBER", help="As for solve.")]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit", metavar="SECONDS", help="Then what is proved so far; 300 if absent and projects are whole."
    ),
]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="DIR", help="Folder of results, as for solve.")]
Eps = Annotated[float, typer.Option("--eps", metavar="POINTS", help="How near to the best the plans shall be.")]


def _asked(
    scenario: Path,
    case: str | None,
    settings: list[str] | None,
    weights: list[str] | None,
    time_limit: float | None,
    jobs: int,
    scheduler: str | None,
    output: Path | None,
    lang: Lang | None,
) -> dict[str, Any]:
    """What all these commands take, by its names in `commands.tuned.Asked`."""
    return {
        "scenario": scenario,
        "case": case,
        "settings": settings or [],
        "weights": weights or [],
        "time_limit": time_limit,
        "jobs": jobs,
        "scheduler": scheduler,
        "output": output,
        "lang": lang,
    }


@tune.command()
def stability(
    scenario: Scenario,
    case: Case = None,
    settings: Settings = None,
    weights: Weights = None,
    time_limit: TimeLimit = None,
    jobs: Jobs = 1,
    scheduler: Scheduler = None,
    output: Output = None,
    lang: Language = None,
) -> None:
    """How far each weight may move before the plan changes, what changes first, and what each criterion could reach."""
    run("tune_stability", **_asked(scenario, case, settings, weights, time_limit, jobs, scheduler, output, lang))


@tune.command()
def sweep(
    scenario: Scenario,
    one: Annotated[str | None, typer.Option("--one", metavar="CRITERION", help="One weight from 0 to all.")] = None,
    grid: Annotated[
        int | None, typer.Option("--grid", metavar="STEPS", min=1, help="All weightings in multiples of 1/STEPS.")
    ] = None,
    random: Annotated[
        int | None, typer.Option("--random", metavar="NUMBER", min=1, help="So many weightings at random.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="SEED", min=0, help="Of the random ones.")] = 0,
    steps: Annotated[int, typer.Option(metavar="STEPS", min=1, help="Steps of --one.")] = 20,
    cases: Annotated[
        list[str] | None, typer.Option("--case", metavar="CASE", help="A case of the scenario, or all. Repeatable.")
    ] = None,
    settings: Settings = None,
    weights: Weights = None,
    time_limit: TimeLimit = None,
    jobs: Jobs = 1,
    scheduler: Scheduler = None,
    output: Output = None,
    lang: Language = None,
) -> None:
    """Many weightings: what they reach, who is in, and how often."""
    asked = _asked(scenario, None, settings, weights, time_limit, jobs, scheduler, output, lang)
    run("tune_sweep", cases=cases or [], one=one, by_grid=grid, random=random, seed=seed, steps=steps, **asked)


@tune.command()
def atlas(
    scenario: Scenario,
    eps: Eps = 0.5,
    case: Case = None,
    settings: Settings = None,
    weights: Weights = None,
    time_limit: TimeLimit = None,
    jobs: Jobs = 1,
    scheduler: Scheduler = None,
    output: Output = None,
    lang: Language = None,
) -> None:
    """Plans for every weighting, proved, and atlas.html, a page on which to move the weights."""
    run("tune_atlas", eps=eps, **_asked(scenario, case, settings, weights, time_limit, jobs, scheduler, output, lang))


@tune.command()
def pareto(
    scenario: Scenario,
    criteria: Annotated[list[str], typer.Argument(metavar="CRITERION...", help="Two or three.", show_default=False)],
    eps: Eps = 0.5,
    case: Case = None,
    settings: Settings = None,
    weights: Weights = None,
    time_limit: TimeLimit = None,
    jobs: Jobs = 1,
    scheduler: Scheduler = None,
    output: Output = None,
    lang: Language = None,
) -> None:
    """The efficient frontier of two criteria, exact; of three to within --eps points."""
    asked = _asked(scenario, case, settings, weights, time_limit, jobs, scheduler, output, lang)
    run("tune_pareto", criteria=criteria, eps=eps, **asked)


@tune.command()
def match(
    scenario: Scenario,
    inside: Annotated[
        list[str] | None, typer.Option("--in", metavar="P1,P7", help="Projects that shall be in. Repeatable.")
    ] = None,
    outside: Annotated[
        list[str] | None, typer.Option("--out", metavar="P3", help="Projects that shall be out. Repeatable.")
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Decisions in a .csv or .xlsx; ranking.csv too.")
    ] = None,
    case: Case = None,
    settings: Settings = None,
    weights: Weights = None,
    time_limit: TimeLimit = None,
    output: Output = None,
    lang: Language = None,
) -> None:
    """The nearest weights under which the optimal plan agrees with given decisions; or a proof that none do."""
    asked = _asked(scenario, case, settings, weights, time_limit, 1, None, output, lang)
    run("tune_match", inside=inside or [], outside=outside or [], source=source, **asked)


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
