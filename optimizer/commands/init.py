"""`landalloc init`: a commented scenario to start from, or one of the examples with its tables."""

from __future__ import annotations

import json
import shlex
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ...models.finding import Message
from ..read import schema
from ..report.words import text
from . import screen
from .outcome import Exit, Stopped

STARTER = "harbour"
SCHEMA = "scenario.schema.json"


def run(directory: Path, example: str) -> Exit:
    """Write an example into a folder; what is there already is never touched."""
    content = {SCHEMA: json.dumps(schema(), ensure_ascii=False, indent=2).encode() + b"\n", **files_of(example)}
    taken = [name for name in content if (directory / name).exists()]
    if taken:
        names = {"folder": str(directory), "files": tuple(taken)}
        raise Stopped(Exit.USAGE, Message("{folder} already has {files}: name another folder", names))
    try:
        for name, data in content.items():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            with (directory / name).open("xb") as file:
                file.write(data)
    except OSError as error:
        names = {"file": str(directory), "why": error.strerror or str(error)}
        raise Stopped(Exit.USAGE, Message("{file} cannot be written: {why}", names)) from None
    command = f"landalloc solve {shlex.quote(f'{directory / example}.yaml')}"
    screen.out().print(text(Message("Written: {files}", {"files": tuple(content)}), screen.spoken()), soft_wrap=True)
    screen.out().print(text(Message("Next: {command}", {"command": command}), screen.spoken()), soft_wrap=True)
    return Exit.DONE


def files_of(example: str) -> dict[str, bytes]:
    """The scenario of an example and the tables that it names: path inside the folder -> content."""
    inputs = files("landalloc") / "inputs"
    known = sorted(entry.name.removesuffix(".yaml") for entry in inputs.iterdir() if entry.name.endswith(".yaml"))
    if example not in known:
        names = {"example": example, "known": tuple(known)}
        raise Stopped(Exit.USAGE, Message("there is no example {example}; there is: {known}", names))
    scenario = (inputs / f"{example}.yaml").read_bytes()
    tables = {path: file for path, file in _beside(inputs, "") if path.encode() in scenario}
    return {f"{example}.yaml": scenario} | {path: file.read_bytes() for path, file in tables.items()}


def _beside(folder: Traversable, path: str) -> list[tuple[str, Traversable]]:
    """Every file under a folder but the scenarios, by its path with slashes."""
    found: list[tuple[str, Traversable]] = []
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            found += _beside(entry, f"{path}{entry.name}/")
        elif not entry.name.endswith((".yaml", ".json")):
            found.append((path + entry.name, entry))
    return found
