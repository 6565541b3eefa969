"""What is answered about a plan: the form of explain.json.

Distances are points of the score. A claim that could not be proved within the limits says so (`proved`), gives an
interval, and is named in `unproved`.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from .plan import Decision, Part, Provenance, Reason

_WORDS = {"inf": math.inf, "-inf": -math.inf}
Points = Annotated[float, BeforeValidator(lambda v: _WORDS.get(v, v) if isinstance(v, str) else v)]
"""Points that may be infinite: JSON has words for that."""
Finite = Annotated[float, Field(allow_inf_nan=False)]


class Step(Part):
    """A change as `--set` takes it."""

    path: str
    from_: str | float | None = Field(alias="from", description="what stands now")
    to: str | float


class Taking(Part):
    """What would admit a project: the least change of one thing, and what the plan is worth then."""

    kind: Literal["need", "outcome", "weight", "supply"]
    changes: tuple[Step, ...]
    objective: Finite = Field(description="of the changed scenario, points")
    admissible: float | None = Field(
        default=None,
        description="of a project that is not admissible: from this figure on it is, which alone is not enough",
    )


class Swap(Part):
    """The plan with a project forced in or kept out: what it loses, who comes and who goes."""

    loss: Points | tuple[Points, Points] = Field(description="points; an interval where it is not proved")
    enters: tuple[str, ...]
    leaves: tuple[str, ...]


class Answers(Part):
    """Everything about one project."""

    id: str
    decision: Decision
    over_plans: dict[str, Literal["must", "could", "never"]] = Field(
        description="over all plans within so many points of the best"
    )
    takes: tuple[Taking, ...]
    forced: Swap | None = Field(
        description="for one left out; for one not admissible, with it exempt from what keeps it out"
    )
    withdrawn: Swap | None = Field(description="for one admitted: the reserve list")
    reasons: tuple[Reason, ...]
    proved: bool


class CurveStep(Part):
    """One range of a supply with one price."""

    from_: Finite = Field(alias="from")
    to: Finite
    objective: tuple[Finite, Finite] = Field(description="points at `from` and at `to`")
    enters: tuple[str, ...]
    leaves: tuple[str, ...]


class Curve(Part):
    """The optimum over one supply."""

    measure: str
    zone: str | None
    price: tuple[Points, Points] = Field(
        description="points per unit on both sides of the supply there is, the smaller first; inf where the plan jumps"
    )
    steps: tuple[CurveStep, ...]


class RuleCost(Part):
    """What a rule costs: the plan without it, or with it enforced if it is soft."""

    name: str
    cost: Points | tuple[Points, Points] = Field(description="points")
    cost_in: dict[str, Finite] = Field(description="criterion: what the plan gains without it, in unit(of)")
    changes: tuple[Step, ...]


class Alternative(Part):
    """A plan that is clearly different and nearly as good."""

    objective: Finite
    enters: tuple[str, ...]
    leaves: tuple[str, ...]
    criteria: dict[str, Finite] = Field(description="F_c of each criterion, synergies included")


class Cited(Part):
    """A limit as it stands in the file."""

    path: str
    where: str
    text: str


class Conflict(Part):
    """Limits that cannot hold together; without any one of them they could."""

    members: tuple[Cited, ...]


class Repair(Part):
    """Changes after which there is a plan."""

    changes: tuple[Step, ...]
    objective: float


class Explanation(Part):
    """explain.json."""

    projects: tuple[Answers, ...] = ()
    prices: tuple[Curve, ...] = ()
    rules: tuple[RuleCost, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    repairs: tuple[Repair, ...] = ()
    unproved: tuple[str, ...] = ()
    provenance: Provenance | None = Field(None, description="whose answers these are: inputs, case and changes")
