"""The command line: parse, call, exit status. No work is done here, and nothing heavy is imported here.

Each command hands its options to the module of its name in `commands`, which is loaded only then.
"""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .cli_options import Jobs, Language, Scenario, Scheduler
from .cli_options import run as _run
from .cli_tune import tune

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
app.add_typer(tune, name="tune")


class File(StrEnum):
    """Formats that are written beside plan.json."""

    JSON = "json"
    HTML = "html"
    XLSX = "xlsx"
    CSV = "csv"


class Method(StrEnum):
    """How a scenario is solved; see docs/large.md."""

    AUTO = "auto"
    WHOLE = "whole"
    CORE = "core"


class Report(StrEnum):
    """Formats that can be made again from plan.json."""

    TERMINAL = "terminal"
    HTML = "html"
    XLSX = "xlsx"
    CSV = "csv"


Results = Annotated[Path, typer.Argument(metavar="DIR", help="A folder that solve has written.", show_default=False)]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"landalloc {version('landalloc')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="The version, and exit.")
    ] = False,
) -> None:
    """Allocates scarce land, shoreline, energy and water among candidate projects."""


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write it.", show_default=False)],
    example: Annotated[
        str | None, typer.Option(metavar="NAME", help="harbour (if absent), or a larger example: penglai, …")
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="LIST", help="Your own list of projects: an .xlsx or .csv file.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(metavar="NAME", help="Sheet of the list, if it has several.")] = None,
    lang: Language = None,
) -> None:
    """A commented scenario to start from: an example, or one for your own list. Nothing is overwritten."""
    _run("init", directory=directory, example=example, source=source, sheet=sheet, lang=lang)


@app.command()
def check(scenario: Scenario, lang: Language = None) -> None:
    """Every finding at once: file:line:column or Sheet!Cell, what, why, what to do."""
    _run("check", scenario=scenario, lang=lang)


@app.command()
def solve(
    scenarios: Annotated[
        list[Path], typer.Argument(metavar="SCENARIO...", help="One scenario or several.", show_default=False)
    ],
    cases: Annotated[
        list[str] | None,
        typer.Option("--case", metavar="CASE", help="A case of the scenario, or all; repeatable: each is solved."),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="PATH=VALUE", help="Change anything: supply.energy=8e5, rules.ships=off. Repeatable."
        ),
    ] = None,
    weights: Annotated[
        list[str] | None,
        typer.Option("--weight", metavar="CRITERION=NUMBER", help="Change a weight: jobs=40. Repeatable."),
    ] = None,
    solver: Annotated[str, typer.Option(metavar="NAME", help="highs, cbc or any other that PuLP finds.")] = "highs",
    time_limit: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Then the best plan so far; 60 for whole projects if absent."),
    ] = None,
    gap: Annotated[
        float | None,
        typer.Option(metavar="GAP", help="Stop when the plan is known to be this near to the best; 1e-4 if absent."),
    ] = None,
    method: Annotated[
        Method, typer.Option(help="All of it to the solver, or prices and cores; of a linear scenario the same answer.")
    ] = Method.AUTO,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR",
            help="Folder of results; results/NAME[-CASE] if absent. Of several: the folder of their folders.",
        ),
    ] = None,
    formats: Annotated[
        list[File] | None, typer.Option("--format", help="Files beside plan.json; all if absent. Repeatable.")
    ] = None,
    lang: Language = None,
    model: Annotated[
        Path | None, typer.Option("--write-model", metavar="FILE", help="Write the programme too: .lp or .mps.")
    ] = None,
    jobs: Jobs = 1,
    scheduler: Scheduler = None,
) -> None:
    """Solve a scenario: a ranked, certified plan on the screen and as files. Several, side by side: a table of them.

    Exit status, of several the largest: 0 a plan; 1 the input is wrong; 2 the command line is wrong; 3 no plan can
    keep the hard rules; 4 stopped at a limit without a plan, or short of the gap asked for; 70 a defect of landalloc.
    """
    given = {
        "scenario": scenarios[0],
        "settings": settings or [],
        "weights": weights or [],
        "solver": solver,
        "time_limit": time_limit,
        "gap": gap,
        "method": method,
        "output": output,
        "wanted": formats or list(File),
        "lang": lang,
    }
    asked = cases or []
    if len(scenarios) == 1 and len(asked) <= 1 and "all" not in asked and scheduler is None:
        _run("solve", case=asked[0] if asked else None, model=model, **given)
    if model is not None:
        raise typer.BadParameter("it is of one scenario alone, solved here", param_hint="--write-model")
    _run("solve_many", others=scenarios[1:], cases=asked, jobs=jobs, scheduler=scheduler, **given)


@app.command()
def explain(
    scenario: Scenario,
    projects: Annotated[
        list[str] | None, typer.Argument(metavar="[PROJECT]...", help="In full about these; all if absent.")
    ] = None,
    case: Annotated[str | None, typer.Option(metavar="CASE", help="A case of the scenario.")] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="As for solve.")] = None,
    weights: Annotated[list[str] | None, typer.Option("--weight", metavar="CRITERION=NUMBER")] = None,
    time_limit: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="For all answers together; what is left open is named.")
    ] = None,
    jobs: Jobs = 1,
    scheduler: Scheduler = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Folder of results, as for solve.")
    ] = None,
    lang: Language = None,
) -> None:
    """Why a project is in or out, what it would take, what prices and rules cost; what gives when nothing fits."""
    _run(
        "explain",
        scenario=scenario,
        projects=projects or [],
        case=case,
        settings=settings or [],
        weights=weights or [],
        time_limit=time_limit,
        jobs=jobs,
        scheduler=scheduler,
        output=output,
        lang=lang,
    )


@app.command()
def compare(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="A [B]...",
            help="Scenarios (FILE.yaml), cases (FILE.yaml#CASE), results (a folder that solve has written, or its "
            "plan.json). The first is what the others are compared with.",
            show_default=False,
        ),
    ],
    cases: Annotated[
        list[str] | None, typer.Option("--case", metavar="CASE", help="A case of the first file too. Repeatable.")
    ] = None,
    variants: Annotated[
        list[str] | None,
        typer.Option(
            "--variant", metavar="NAME:CRITERION=NUMBER,...", help="The first with other weights too. Repeatable."
        ),
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="For each that is solved, as for solve.")
    ] = None,
    gap: Annotated[float | None, typer.Option(metavar="GAP", help="For each that is solved, as for solve.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Folder; results/compare-A-B if absent.")
    ] = None,
    formats: Annotated[
        list[File] | None, typer.Option("--format", help="Files beside compare.json; all if absent. Repeatable.")
    ] = None,
    lang: Language = None,
) -> None:
    """Scenarios, cases, weightings or earlier plans side by side: who is new, out, raised, trimmed, and what changes.

    The scales of the first hold for all, so that scores compare. Exit status as for solve.
    """
    _run(
        "compare",
        sources=sources,
        cases=cases or [],
        variants=variants or [],
        time_limit=time_limit,
        gap=gap,
        output=output,
        wanted=formats or list(File),
        lang=lang,
    )


@app.command()
def verify(directory: Results, scenario: Scenario, lang: Language = None) -> None:
    """The certificate of a result again, from the files alone."""
    _run("verify", directory=directory, scenario=scenario, lang=lang)


@app.command()
def report(
    directory: Results,
    formats: Annotated[list[Report] | None, typer.Option("--format", help="terminal if absent. Repeatable.")] = None,
    lang: Language = None,
) -> None:
    """Any format again, from plan.json alone."""
    _run("report", directory=directory, wanted=formats or [Report.TERMINAL], lang=lang)


@app.command()
def schema(
    plan: Annotated[bool, typer.Option("--plan", help="Of plan.json instead of the scenario.")] = False,
) -> None:
    """JSON Schema of the scenario, for editors."""
    _run("schema", plan=plan)


def main() -> None:
    """The console entry point `landalloc`."""
    try:
        app()
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        os._exit(130)
