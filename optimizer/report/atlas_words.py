"""What atlas.js says, by the key that it says it by; the places in braces are filled there."""

from __future__ import annotations

from collections.abc import Mapping

from ...models.finding import Message
from .numbers import Language

TEXTS: Mapping[str, Message] = {
    "committed": Message("committed"),
    "admitted": Message("admitted"),
    "partial": Message("in part, {share}"),
    "units": Message("{units} of {all}"),
    "rejected": Message("in reserve"),
    "inadmissible": Message("not admissible"),
    "discuss": Message("case by case"),
    "enters": Message("enters"),
    "leaves": Message("leaves"),
    "was": Message("before: {share}"),
    "all": Message("in all"),
    "some": Message("in {count} of {all}"),
    "none": Message("in none"),
    "shown": Message("{shown} of {all} shown"),
    "more": Message(" and {count} more"),
    "penalty": Message("penalty {points}, total {total}"),
    "proved": Message("At these weights no plan is more than {points} points better: proved."),
    "best": Message("At these weights no plan is better: proved."),
    "unproved": Message("How much better a plan can be at these weights is not proved."),
    "number": Message("stored plan {number} of {all}"),
    "same": Message("The plan is the same as at the present weights."),
    "behind": Message("At these weights the present plan is {points} points behind."),
    "level": Message("At these weights the present plan is as good."),
    "entering": Message("Enter ({count}): {names}."),
    "leaving": Message("Leave ({count}): {names}."),
    "sharing": Message("Other share ({count}): {names}."),
    "zero": Message("A weight is a number of at least 0, and one of them must be above 0: nothing was changed."),
    "copied": Message("Copied."),
    "marked": Message("Marked: press Ctrl+C (⌘C) to copy."),
    "dot": Message("Plan {number}: {x} {first}, {y} {second}"),
    "present": Message("the present plan"),
    "current": Message("the plan at these weights"),
    "go": Message("Press Enter for weights at which it is best."),
}
SIGNS: Mapping[Language, Mapping[str, str]] = {"zh": {"comma": "、", "stop": "。"}, "en": {"comma": ", ", "stop": "."}}
