"""What a run says of the time left: from what it took so far, and nothing that would be a guess."""

from dataclasses import dataclass

import pytest

from landalloc.optimizer.commands import remaining, screen
from landalloc.optimizer.commands.remaining import Remaining, usual


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def run(steps: list[tuple[str, float]], expected: dict[str, float | None], limit: float | None = None) -> Remaining:
    """A run that entered each stage and stayed in it so many seconds."""
    clock = Clock()
    found = Remaining(expected, limit, clock)
    for stage, seconds in steps:
        found.enter(stage)
        clock.now += seconds
    return found


FOUR: dict[str, float | None] = {"read": 1.0, "solve": 2.0, "rank": 3.0, "write": 4.0}


def test_before_anything_is_known_nothing_is_said() -> None:
    assert run([("read", 5.0)], FOUR).left() is None


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([("read", 10.0), ("solve", 0.0)], "about 2 min left"),  # 90 s at ten seconds a share
        ([("read", 10.0), ("solve", 15.0)], "about 1 min left"),
        ([("read", 1.0), ("solve", 2.0), ("rank", 1.0)], "about a few seconds left"),
        ([("read", 5.0), ("solve", 10.0), ("rank", 15.0), ("write", 8.0)], "about 10 s left"),
        ([("read", 10.0), ("solve", 40.0), ("rank", 0.0)], "about 2 min left"),  # slower than thought: so is the rest
    ],
)
def test_the_rest_is_as_slow_as_what_is_over(steps: list[tuple[str, float]], said: str) -> None:
    assert str(run(steps, FOUR).left()) == said


def test_a_stage_that_takes_far_longer_than_thought_promises_nothing() -> None:
    assert run([("read", 1.0), ("solve", 30.0)], FOUR).left() is None


def test_whole_projects_take_at_most_what_time_they_are_given() -> None:
    expected = FOUR | {"solve": None}
    assert str(run([("read", 1.0), ("solve", 10.0)], expected, 60.0).left()) == "at most 60 s left"  # 50 + 7
    assert str(run([("read", 1.0)], {"check": 1.0, **expected}, 60.0).left()) == "None"
    assert run([("read", 1.0), ("solve", 10.0)], expected).left() is None
    assert (
        str(run([("read", 1.0), ("solve", 70.0), ("rank", 0.0)], expected, 60.0).left()) == "about a few seconds left"
    )


def test_only_stages_that_are_known_count() -> None:
    found = run([("read", 1.0), ("somewhere", 5.0)], FOUR)
    assert found.stage == "read"
    assert found.place == (1, 4)


def test_formats_take_their_time() -> None:
    less, more = usual(["csv"])["write"], usual(["csv", "xlsx", "html"])["write"]
    assert less is not None
    assert more is not None
    assert less < more
    assert set(usual([])) <= set(screen.STAGES)
    assert set(remaining.WRITING) < {"html", "xlsx", "csv"}
