"""Runs a command so that whatever happens ends in a status and a sentence, never in a traceback."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from ...models.finding import Message
from ..crew.work import CrewError
from ..report.folder import FULL, FolderError
from ..report.words import clean, text
from . import screen
from .outcome import Exit, Stopped

DEBUG = "LANDALLOC_DEBUG"
SHORT = Message(
    "There is not enough memory for this. Close other programs, or ask for less: --format csv instead of everything, "
    "fewer --jobs. Results that stood there before are whole."
)
NO_ROOM = Message(
    "no room on the disk ({why}). Make room, or write fewer files with --format; results that stood there before are "
    "whole"
)
HERE = Path(__file__).resolve().parents[2]


def run(module: str, options: Mapping[str, Any]) -> Exit:
    """The status of a command, given the name of its module and its options."""
    for stream in (sys.stdout, sys.stderr):
        screen.utf8(stream)
    try:
        status: Exit = import_module(module).run(**options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        sys.stderr.flush()
        os._exit(Exit.INTERRUPTED)  # at once: a solver beside us would not let go
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except Stopped as error:
        return _told(error.status, error.message, options)
    except FolderError as error:
        return _told(Exit.USAGE, error.message, options)
    except CrewError as error:
        return _told(Exit.LIMIT if error.lost else Exit.USAGE, error.message, options)
    except Exception as error:
        return _failed(error, options)
    return status


def _failed(error: Exception, options: Mapping[str, Any]) -> Exit:
    """What nobody caught: the machine has no room for it, or it is our fault."""
    if isinstance(error, MemoryError):
        return _told(Exit.LIMIT, SHORT, options)
    if isinstance(error, OSError) and error.errno in FULL:
        return _told(Exit.USAGE, Message(NO_ROOM.text, {"why": error.strerror or str(error)}), options)
    return _defect(error, options)


def _told(status: Exit, message: Message, options: Mapping[str, Any]) -> Exit:
    lang, scenario = options.get("lang"), options.get("scenario")
    language = screen.language_of(scenario, lang) if scenario is not None else lang or screen.spoken()
    said = text(message, language)
    screen.err().print(clean(said, 2000), soft_wrap=True)
    return status


def _defect(error: Exception, options: Mapping[str, Any]) -> Exit:
    """One line that says it is our fault, and where; all of it for whoever asks."""
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    return _told(Exit.DEFECT, defect(error), options)


def defect(error: Exception) -> Message:
    """That an error is our fault, and where it is."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(HERE)] or frames
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    what = f"{type(error).__name__} {error}".strip()
    names = {"what": clean(what), "place": place, "debug": f"{DEBUG}=1"}
    return Message(
        "This is a defect of landalloc, not of your input: {what} ({place}). "
        "Please report this line with the scenario; {debug} shows more.",
        names,
    )
