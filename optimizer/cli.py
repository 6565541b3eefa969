"""The commands: parse, call, print, exit status. No work is done here."""

from importlib.metadata import version
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"landalloc {version('landalloc')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="The version, and exit.")
    ] = False,
) -> None:
    """Allocates scarce land, shoreline, energy and water among candidate projects."""


def main() -> None:
    """The console entry point `landalloc`."""
    app()
