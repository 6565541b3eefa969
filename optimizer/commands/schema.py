"""`landalloc schema`: the JSON Schema by which an editor completes and checks a scenario."""

from __future__ import annotations

import json
import sys

from ...models.plan import PlanFile
from ..read import schema
from .outcome import Exit


def run(plan: bool) -> Exit:
    """Print the schema of the scenario, or of plan.json."""
    wanted = PlanFile.model_json_schema() if plan else schema()
    sys.stdout.write(json.dumps(wanted, ensure_ascii=False, indent=2) + "\n")
    return Exit.DONE
