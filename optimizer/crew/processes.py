"""A crew of processes on this machine, each with one pipe to us.

They end with us, however we end: an interrupt is ours alone to hear, and each of them waits for our end. The base is
written to a file once and mapped into all of them, so that its arrays are in memory once until somebody changes them.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import pickle
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Collection, Iterator
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from ...models.finding import Message
from .others import Answer, Lost, Others
from .work import Base, CrewError, Shared, Work, failed, run

ALIGNED = 64
"""Arrays begin at multiples of so many bytes."""
SPAWN = get_context("spawn")


class Hand:
    """One process beside this one."""

    def __init__(self, file: Path) -> None:
        self.pipe, theirs = SPAWN.Pipe()
        self.process = SPAWN.Process(target=serve, args=(theirs, file), daemon=True)
        self.process.start()
        theirs.close()

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()


class Processes[B: Base](Others[B, int]):
    """`jobs` processes of this machine, started as they are needed."""

    def __init__(self, base: B, jobs: int) -> None:
        super().__init__(base)
        self.hands: list[Hand | None] = [None] * jobs
        self.queues: list[deque[tuple[int, Work]]] = [deque() for _ in range(jobs)]
        """of every hand: what it does now, then what is for it next"""
        self.file: Path | None = None
        self.count = 0

    def close(self) -> None:
        for hand in self.hands:
            if hand is not None:
                hand.end()
        self.hands = []
        if self.file is not None:
            self.file.unlink(missing_ok=True)

    def room(self) -> int:
        return len(self.hands)

    def begin(self, work: Work) -> int:
        loads = [len(queue) for queue in self.queues]
        i = loads.index(min(loads)) if work.place is None else work.place % len(self.hands)
        self.count += 1
        self.queues[i].append((self.count, work))
        if len(self.queues[i]) == 1:
            self._send(i)
        return self.count

    def _send(self, i: int) -> None:
        """Give a hand what it is to do next: one piece at a time, or we might both wait to be listened to."""
        self.file = self.file or written(self.shared)
        hand = self.hands[i] = self.hands[i] or Hand(self.file)
        with contextlib.suppress(OSError):  # it is gone, as will be found when its answer is waited for
            hand.pipe.send(self.queues[i][0])

    def answers(self, begun: Collection[int]) -> Iterator[tuple[int, Answer]]:
        pipes = {hand.pipe: i for i, hand in enumerate(self.hands) if hand is not None and self.queues[i]}
        for pipe in wait(list(pipes)):
            assert isinstance(pipe, Connection)
            i = pipes[pipe]
            try:
                piece, answer = pipe.recv()
            except (EOFError, OSError):
                yield from self._gone(i)
                continue
            self.queues[i].popleft()
            if self.queues[i]:
                self._send(i)
            yield piece, answer

    def _gone(self, i: int) -> Iterator[tuple[int, Answer]]:
        """All that a lost process had; another takes its place when there is work for it."""
        hand = self.hands[i]
        assert hand is not None
        hand.end()
        self.hands[i] = None
        pieces = [piece for piece, _ in self.queues[i]]
        self.queues[i].clear()
        for piece in pieces:
            yield piece, Lost()


def written(shared: Shared) -> Path:
    """A file with a base: its arrays as they are, then the rest, then where each of them ends. Raises CrewError."""
    arrays: list[Any] = []  # pickle.PickleBuffer, whose `raw` typeshed takes for a sequence
    rest = pickle.dumps(shared, protocol=5, buffer_callback=arrays.append)
    handle, name = tempfile.mkstemp(prefix="landalloc-")
    try:
        with os.fdopen(handle, "wb") as file:
            ends = []
            for part in (*(array.raw() for array in arrays), rest):
                file.write(part)
                ends.append(file.tell())
                file.write(bytes(-file.tell() % ALIGNED))
            index = pickle.dumps(ends)
            file.write(index)
            file.write(len(index).to_bytes(8, "little"))
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        names = {"file": name, "why": error.strerror or str(error)}
        raise CrewError(Message("{file} cannot be written: {why}", names)) from None
    return Path(name)


def loaded(path: Path) -> Shared:
    """The base that a file holds. Its arrays are the file's own pages, which all processes share; whoever changes one
    gets a page of its own."""
    with path.open("rb") as file:
        whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
    size = int.from_bytes(whole[-8:], "little")
    ends: list[int] = pickle.loads(whole[-8 - size : -8])
    starts = [0, *(end + -end % ALIGNED for end in ends)]
    *arrays, rest = (whole[start:end] for start, end in zip(starts, ends, strict=False))
    shared: Shared = pickle.loads(rest, buffers=arrays)
    return shared


def serve(pipe: Connection, file: Path) -> None:
    """What a process of the crew does: one piece of work after the other, until there is nobody to do it for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for all processes of a terminal
    threading.Thread(target=end_with_parent, args=(file,), daemon=True).start()
    shared: Shared | None = None
    with contextlib.suppress(EOFError, OSError):
        while True:
            piece, work = pipe.recv()
            shared = shared or loaded(file)
            answer = run(shared, work)
            try:
                pipe.send((piece, answer))
            except (pickle.PicklingError, TypeError, AttributeError) as error:
                pipe.send((piece, failed(error)))


def end_with_parent(file: Path) -> None:
    """Whoever is killed cannot tidy up: the file goes, and this process, in the middle of a solve if need be."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)
    os._exit(1)
