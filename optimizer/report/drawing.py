"""The charts, where the packages that draw them are installed."""

from __future__ import annotations

from types import ModuleType

charts: ModuleType | None
try:
    from . import charts
except ModuleNotFoundError as error:
    if (error.name or "").split(".")[0] not in ("altair", "vl_convert"):
        raise
    charts = None
