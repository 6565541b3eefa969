"""Changes of a scenario as the command line gives them: PATH=VALUE."""

from __future__ import annotations

from collections.abc import Iterable

from ...models.finding import Message
from .outcome import Exit, Stopped


def changes_of(settings: Iterable[str], weights: Iterable[str]) -> dict[str, str]:
    """Dotted path -> value, from ``--set PATH=VALUE`` and ``--weight CRITERION=NUMBER``.

    >>> changes_of(['projects."a=b".land=5 mu'], ["jobs=40"])
    {'projects."a=b".land': '5 mu', 'criteria.jobs.weight': '40'}
    """
    changes: dict[str, str] = {}
    for setting in settings:
        _add(changes, *_split(setting, "--set supply.energy=8e5"))
    for setting in weights:
        name, value = _split(setting, "--weight jobs=40")
        _add(changes, f"criteria.{_quoted(name)}.weight", value)
    return changes


def _split(setting: str, example: str) -> tuple[str, str]:
    """Parted at the first equals sign that does not stand in quotes."""
    inside = False
    for i, letter in enumerate(setting):
        if letter == '"':
            inside = not inside
        elif letter == "=" and not inside and setting[:i].strip():
            return setting[:i].strip(), setting[i + 1 :].strip()
    raise Stopped(
        Exit.USAGE, Message("{setting} is no change: write it as {example}", {"setting": setting, "example": example})
    )


def _quoted(name: str) -> str:
    return f'"{name}"' if "." in name and not name.startswith('"') else name


def _add(changes: dict[str, str], path: str, value: str) -> None:
    if path in changes:
        raise Stopped(Exit.USAGE, Message("{path} is changed twice on the command line", {"path": path}))
    changes[path] = value
