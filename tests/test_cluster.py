"""A real Dask scheduler and real workers, each a process; one of them is killed in the middle."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import util
from pathlib import Path

import clusters
import pytest
from test_cli import landalloc

from landalloc.optimizer.commands import init
from landalloc.optimizer.crew import cluster, others
from landalloc.optimizer.crew.cluster import Cluster
from landalloc.optimizer.crew.work import CrewError, versions
from landalloc.optimizer.read import read
from landalloc.optimizer.solve import Limits
from landalloc.optimizer.tuning.opened import open_space
from landalloc.optimizer.tuning.sweep import grid, sweep

Captured = pytest.CaptureFixture[str]
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture(autouse=True)
def harbour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small scenario that `init` writes, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name, content in init.files_of("harbour").items():
        Path(name).write_bytes(content)
    return tmp_path / "harbour.yaml"


def written(folder: str) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


@POSIX
def test_a_cluster_gives_the_bytes_of_one_process(
    harbour: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """One test, since a cluster is slow to start: no worker, two, one of them killed at work, other versions."""
    solve = ("solve", harbour, "--case", "all", "--lang", "en", "--format", "csv")
    atlas = ("tune", "atlas", harbour, "--eps", "2")
    explain = ("explain", harbour.name, "coal", "yard", "parts", "heat", "roro")
    assert landalloc(*solve, "-o", "here") == 0
    assert landalloc(*explain, "-o", "here/why") == 0
    assert landalloc(*atlas, "-o", "here/atlas") == 0
    space = open_space(read(harbour), Limits(gap=0.0))
    weightings = grid(4, 6)
    serial = sweep(space, weightings)
    capsys.readouterr()
    with ExitStack() as running:
        address = running.enter_context(clusters.scheduler(tmp_path))
        with monkeypatch.context() as change:
            change.setattr(cluster, "CONNECTING", 0.5)
            assert landalloc(*solve, "-o", "there", "--scheduler", address) == 2
            assert f"The scheduler at {address} has no workers." in capsys.readouterr().err

        monkeypatch.setattr(cluster, "CONNECTING", 60.0)  # others may be busy on this machine
        first = running.enter_context(clusters.worker(address, tmp_path / "first"))
        with Cluster(space, address) as crew:  # all that is known of the base is lost with the first
            running.enter_context(clusters.worker(address, tmp_path / "second"))
            crew.client.wait_for_workers(2, timeout=60)

            def kill(done: int) -> None:
                first.kill()

            shared = sweep(space, weightings, crew=crew, on_solve=kill)
        assert first.wait(60) != 0
        assert shared.table.equals(serial.table)
        assert shared.frequency.equals(serial.frequency)
        assert (shared.shares == serial.shares).all()

        assert landalloc(*solve, "-o", "there", "--scheduler", address) == 0
        assert landalloc(*atlas, "-o", "there/atlas", "--scheduler", address) == 0
        assert landalloc(*explain, "-o", "there/why", "--scheduler", address) == 0
        assert written("there") == written("here")
        with Cluster(clusters.Numbers([1.0]), address) as crew:
            with pytest.raises(ValueError, match="stopped") as caught:
                list(crew.each(clusters.failing, range(5)))
            assert isinstance(caught.value.__cause__, TimeoutError)

        monkeypatch.setattr(cluster, "versions", lambda: versions() | {"highspy": "0.1"})
        with pytest.raises(CrewError, match=r"highspy \d.*; here \('highspy 0\.1',\)"):
            Cluster(clusters.Numbers([1.0]), address)


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of something that listens and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"


def test_nobody_there_is_told_before_anything_is_begun(silent: str, capsys: Captured) -> None:
    free = silent.rsplit(":", 1)[0]
    for given, told in {
        f"{free}:1": "No Dask scheduler is reached at tcp://127.0.0.1:1: Connection refused.",
        "tcp://no-such-host.invalid:8786": "No Dask scheduler is reached at tcp://no-such-host.invalid:8786",
        "127.0.0.1:8786": "--scheduler takes the address of a Dask scheduler",
        "inproc://127.0.0.1:8786": "--scheduler takes the address of a Dask scheduler",
    }.items():
        assert landalloc("tune", "sweep", "no.yaml", "--grid", "2", "--lang", "en", "--scheduler", given) == 2
        assert told in " ".join(capsys.readouterr().err.split())


def test_who_listens_may_not_be_a_scheduler(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECTING", 0.5)
    with pytest.raises(CrewError, match="No Dask scheduler is reached"):
        Cluster(clusters.Numbers([]), silent)


def test_without_dask_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda name: None if name == "distributed" else util.find_spec(name))
    assert landalloc("solve", "harbour.yaml", "--lang", "en", "--scheduler", "tcp://127.0.0.1:1") == 2
    assert 'pip install "landalloc[cluster]"' in capsys.readouterr().err


def test_a_cluster_and_processes_are_not_asked_for_together(capsys: Captured) -> None:
    options = ("--lang", "en", "--scheduler", "tcp://127.0.0.1:1", "--jobs", "2")
    assert landalloc("solve", "harbour.yaml", *options) == 2
    assert "--jobs is for this machine" in capsys.readouterr().err


def test_the_first_of_the_versions_that_differ_are_named() -> None:
    ours = dict.fromkeys("abcde", "1")
    told = str(others.differing({"a": "1", "b": "2", "c": "2", "d": "2"}, ours, "tcp://x:1"))
    assert "('b 2', 'c 2', 'd 2'); here ('b 1', 'c 1', 'd 1')" in told
