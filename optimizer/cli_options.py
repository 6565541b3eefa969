"""What several commands of the command line share: their options, and how a command is run."""

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer


class Lang(StrEnum):
    """Languages of what people read."""

    ZH = "zh"
    EN = "en"


Scenario = Annotated[Path, typer.Argument(metavar="SCENARIO", help="The scenario, a .yaml file.", show_default=False)]
Language = Annotated[Lang | None, typer.Option("--lang", help="Language of reports; the scenario's own if absent.")]

Jobs = Annotated[int, typer.Option("--jobs", metavar="N", min=1, help="Processes that work side by side.")]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="The workers of a Dask cluster instead, as tcp://192.168.1.20:8786."
    ),
]


def run(command: str, **options: Any) -> None:
    """Load a command, run it, and end with its status. Nothing but a sentence ever reaches the user."""
    start = import_module(f"{__package__}.commands.guard")
    guarded: Callable[..., int] = start.run
    raise typer.Exit(guarded(f"{__package__}.commands.{command}", options))
