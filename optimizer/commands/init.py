"""`landalloc init`: a commented scenario to start from, one of the examples with its tables, or one for a list."""

from __future__ import annotations

import json
import re
import shlex
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ...models.finding import InputError, Message
from ..draft import draft_of
from ..read import schema
from ..report.numbers import Language
from ..report.starter import starter
from ..report.words import text
from . import screen
from .outcome import Exit, Stopped

STARTER = "harbour"
SCHEMA = "scenario.schema.json"


def run(directory: Path, example: str | None, source: Path | None, sheet: str | None, lang: Language | None) -> Exit:
    """Write an example, or a scenario for the list `source`, into a folder; what is there already is never touched."""
    if source is not None and example is not None:
        raise Stopped(Exit.USAGE, Message("--example and --from exclude each other: name one of them"))
    language = lang or screen.spoken()
    if source is not None:
        try:
            name, content = from_list(source, sheet, language)
        except InputError as error:
            screen.show(error.findings, language)
            return Exit.INPUT
        next_step = "check"
    else:
        name, content = example or STARTER, files_of(example or STARTER)
        next_step = "solve"
    content = {SCHEMA: json.dumps(schema(), ensure_ascii=False, indent=2).encode() + b"\n", **content}
    taken = [one for one in content if (directory / one).exists() and not _is(directory / one, source)]
    if taken:
        names = {"folder": str(directory), "files": tuple(taken)}
        raise Stopped(Exit.USAGE, Message("{folder} already has {files}: name another folder", names))
    content = {one: data for one, data in content.items() if not _is(directory / one, source)}
    try:
        for path, data in content.items():
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            with (directory / path).open("xb") as file:
                file.write(data)
    except OSError as error:
        names = {"file": str(directory), "why": error.strerror or str(error)}
        raise Stopped(Exit.USAGE, Message("{file} cannot be written: {why}", names)) from None
    command = f"landalloc {next_step} {shlex.quote(f'{directory / name}.yaml')}"
    screen.out().print(text(Message("Written: {files}", {"files": tuple(content)}), language), soft_wrap=True)
    if source is not None:
        fill = Message("Fill in what there is of each scarce measure: every place says `fill in`.")
        screen.out().print(text(fill, language), soft_wrap=True)
    screen.out().print(text(Message("Next: {command}", {"command": command}), language), soft_wrap=True)
    return Exit.DONE


def _is(path: Path, source: Path | None) -> bool:
    """Whether a file is the list itself, which may stand in the folder already."""
    return source is not None and path.exists() and source.exists() and path.samefile(source)


def from_list(source: Path, sheet: str | None, language: Language) -> tuple[str, dict[str, bytes]]:
    """Name and files of a first scenario for a list: the scenario, and the list itself beside it."""
    try:
        data = source.read_bytes()
    except OSError as error:
        names = {"file": str(source), "why": error.strerror or str(error)}
        raise Stopped(Exit.USAGE, Message("{file} cannot be read: {why}", names)) from None
    name = re.sub(r"[^\w-]+", "-", source.stem).strip("-_") or "list"
    content = starter(draft_of(source, sheet), name, language)
    return name, {f"{name}.yaml": content.encode(), source.name: data}


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
