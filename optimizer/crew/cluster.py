"""A crew of the workers of a running Dask cluster, wherever they are.

Dask gives the work to whoever is free, and gives it to another where a worker is lost. The base is sent out once and
stays with the workers until we leave. No file is shared, and nothing is installed on the way: workers have the same
landalloc as we have, which is checked.
"""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import threading
import time
from collections.abc import Collection, Iterator
from concurrent.futures import CancelledError
from importlib.util import find_spec
from typing import Any

from ...models.finding import Message
from .others import Answer, Lost, Others, differing, lost
from .work import Base, CrewError, Work, run, versions

ADDRESS = re.compile(r"(tcp|tls)://(?P<host>\[[0-9a-fA-F:.]+\]|[^\s:/\[\]]+):(?P<port>\d{1,5})")
CONNECTING = 10.0
"""Seconds that a scheduler may take to answer."""
NOBODY = 60.0
"""Seconds without any worker that are waited for one."""
LOOKING = 5.0
"""Seconds between two looks whether there is still somebody."""


class Cluster[B: Base](Others[B, str]):
    """The workers of the Dask scheduler at an address, ``tcp://host:port`` or ``tls://host:port``.

    Raises CrewError where it is not reached, has no workers, or they have other versions; also later, when they are
    lost.
    """

    def __init__(self, base: B, address: str) -> None:
        super().__init__(base)
        self.shared.versions = versions()
        self.address = address
        self.client = connected(address)
        self.futures: dict[str, Any] = {}
        self.count = 0
        self.seen = time.monotonic()
        """when there was a worker last"""
        try:
            self._agree()
            self.base = self._sent()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        with contextlib.suppress(Exception):  # it is given up, whatever state it is in
            self.client.close(timeout=2)

    def workers(self) -> list[str]:
        """The addresses of the workers that there are."""
        return sorted(self.client.scheduler_info(n_workers=-1)["workers"])

    def room(self) -> int:
        return max(2, 2 * len(self.workers()))

    def begin(self, work: Work) -> str:
        self.count += 1
        options: dict[str, Any] = {}
        if work.place is not None and (there := self.workers()):
            options = {"workers": [there[work.place % len(there)]], "allow_other_workers": True}
        key = f"landalloc-{self.client.id}-{self.count}"
        self.futures[key] = self.client.submit(run, self.base, work, key=key, **options)
        return key

    def answers(self, begun: Collection[str]) -> Iterator[tuple[str, Answer]]:
        from distributed import wait

        futures = [self.futures[key] for key in begun]
        try:
            wait(futures, timeout=LOOKING, return_when="FIRST_COMPLETED")  # type: ignore[no-untyped-call]
        except TimeoutError:
            self._look()
            return
        except CancelledError:
            pass  # found below, with what is done besides
        ended = [future for future in futures if future.done()]
        answers = [(future.key, self._answer(future)) for future in ended]
        if any(isinstance(answer, Lost) for _, answer in answers):
            self._look()
            self.base = self._sent()
        for key, answer in answers:
            del self.futures[key]
            yield key, answer

    def _answer(self, future: Any) -> Answer:
        """What came of a piece of work. `run` raises nothing, so that what is raised here is Dask's own."""
        from distributed import KilledWorker

        try:
            answer: Answer = future.result(timeout=CONNECTING)
        except KilledWorker:  # begun as often as the scheduler allows
            raise lost() from None
        except Exception:  # the only worker that had the base, or the result, is gone
            return Lost()
        return answer

    def _look(self) -> None:
        """Raise CrewError where there is nobody left to do the work."""
        if self.client.status != "running":
            raise CrewError(
                Message("The connection to the scheduler at {address} was lost.", {"address": self.address}), lost=True
            )
        if self.workers():
            self.seen = time.monotonic()
        elif time.monotonic() - self.seen > NOBODY:
            raise nobody(self.address, lost=True)

    def _sent(self) -> Any:
        """The base, with every worker that there is; those that come later fetch it from these."""
        try:
            self.client.wait_for_workers(1, timeout=NOBODY)
        except TimeoutError:
            raise nobody(self.address, lost=True) from None
        return self.client.scatter(self.shared, broadcast=True, hash=False)

    def _agree(self) -> None:
        """Raise CrewError unless there are workers, and all of them have our versions."""
        with contextlib.suppress(TimeoutError):
            self.client.wait_for_workers(1, timeout=CONNECTING)
        there = asked(self.client)
        if not there:
            raise nobody(self.address)
        for worker, theirs in sorted(there.items()):
            if theirs != self.shared.versions:
                raise differing(theirs, self.shared.versions or {}, worker)


def reach(address: str) -> None:
    """Raise CrewError at once where nobody will answer at an address, before anything long is begun."""
    parts = ADDRESS.fullmatch(address)
    if parts is None:
        names = {"given": address}
        raise CrewError(
            Message("--scheduler takes the address of a Dask scheduler: tcp://192.168.1.20:8786, not {given}", names)
        )
    if find_spec("distributed") is None:
        raise CrewError(
            Message('A cluster needs one more package, here and on every worker: pip install "landalloc[cluster]".')
        )
    try:
        socket.create_connection((parts["host"].strip("[]"), int(parts["port"])), CONNECTING).close()
    except (OSError, OverflowError, UnicodeError) as error:
        raise unreached(address, getattr(error, "strerror", None) or str(error)) from None


def connected(address: str) -> Any:
    """A client of the scheduler at an address. Raises CrewError."""
    reach(address)
    from distributed import Client

    for name in ("distributed", "distributed.client", "distributed.core", "distributed.comm", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what is wrong is told in our own words
    made: list[Any] = []

    def connect() -> None:
        try:
            made.append(Client(address, timeout=CONNECTING))  # type: ignore[no-untyped-call]
        except Exception as error:  # no certificate, not a scheduler, no answer: each another class
            made.append(error)

    thread = threading.Thread(target=connect, daemon=True)  # who listens and says nothing is waited for for ever
    thread.start()
    thread.join(CONNECTING + 2.0)
    answer = made[0] if made else TimeoutError("it does not answer as a Dask scheduler")
    if isinstance(answer, Exception):
        raise unreached(address, str(answer) or type(answer).__name__)
    return answer


def unreached(address: str, why: str) -> CrewError:
    names = {"address": address, "why": why}
    return CrewError(Message("No Dask scheduler is reached at {address}: {why}. Start one with: dask scheduler", names))


def asked(client: Any) -> dict[str, dict[str, str]]:
    """Worker -> its versions. Asked by a function that Dask sends as it is, since landalloc may not be there."""

    def here() -> dict[str, str]:
        try:
            from importlib import import_module

            found: dict[str, str] = import_module("landalloc.optimizer.crew.work").versions()
        except ImportError:
            return {"landalloc": "–"}
        return found

    found: dict[str, dict[str, str]] = client.run(here)
    return found


def nobody(address: str, *, lost: bool = False) -> CrewError:
    return CrewError(
        Message("The scheduler at {address} has no workers. Start some with: dask worker {address}",
                {"address": address}), lost=lost
    )  # fmt: skip
