"""Pages from the templates beside this module: everything is escaped, and a policy lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files as resource_files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from .numbers import Language
from .words import say, visible

_TEMPLATES = "templates"


def environment(language: Language) -> Environment:
    """Templates that escape everything, fail on unknown names and speak one language."""
    found = Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["_"] = lambda template, **args: say(template, language, **args)
    found.globals["language"] = language
    return found


def source(name: str) -> str:
    """A template, style or script as it stands in its file."""
    return (resource_files(__package__) / _TEMPLATES / name).read_text(encoding="utf-8")


def digest(text: str) -> str:
    """How a Content-Security-Policy names the one inline text that it allows."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _shown(value: object) -> object:
    """Whatever a template writes: without characters that hide, steer or turn the direction of writing."""
    return value if isinstance(value, Markup) else visible(str(value))
