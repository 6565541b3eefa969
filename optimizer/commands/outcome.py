"""How a command ends."""

from __future__ import annotations

from enum import IntEnum

from ...models.finding import Message


class Exit(IntEnum):
    """Exit status of every command."""

    DONE = 0
    """a plan, or all is well"""
    INPUT = 1
    """the input is wrong"""
    USAGE = 2
    """the command line is wrong, a place to write to among it"""
    NO_PLAN = 3
    """no plan can keep the hard rules"""
    LIMIT = 4
    """stopped at a limit, of time or of memory, without a plan, or short of a gap that was asked for"""
    DEFECT = 70
    """a defect of ours"""
    INTERRUPTED = 130
    """Ctrl-C"""


class Stopped(Exception):
    """The command cannot go on; `message` tells the user why and what to do."""

    def __init__(self, status: Exit, message: Message) -> None:
        self.status = status
        self.message = message
        super().__init__(str(message))
