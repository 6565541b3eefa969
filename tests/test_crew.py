"""Crews: whoever does the work, and whatever becomes of them, the results are those of one process."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import clusters
import numpy as np
import pytest

from landalloc.models.finding import Finding, InputError, Message, Place, Severity
from landalloc.optimizer.crew.crew import Crew
from landalloc.optimizer.crew.hire import Hands, hire
from landalloc.optimizer.crew.processes import Processes, loaded, written
from landalloc.optimizer.crew.work import CrewError, Shared, Until, failed

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def base() -> clusters.Numbers:
    return clusters.Numbers(list(range(1000)))


@pytest.fixture(params=[1, 2], ids=["here", "two"], scope="module")
def crew(request: pytest.FixtureRequest) -> Iterator[Crew[clusters.Numbers]]:
    with hire(base(), Hands(request.param)) as crew:
        yield crew


def test_results_come_in_order_and_of_a_fresh_base(crew: Crew[clusters.Numbers]) -> None:
    items = iter(range(5))
    assert list(crew.each(clusters.summed, items)) == [(i * 499_500, [i]) for i in range(5)]
    assert list(crew.each(clusters.summed, [])) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_at_a_place_each_goes_on_from_the_one_before(jobs: int) -> None:
    with hire(base(), Hands(jobs)) as crew:
        first = list(crew.each(clusters.summed, range(5), places=3))
        then = list(crew.each(clusters.summed, [7, 8], places=3))
    assert [seen for _, seen in first] == [[0], [1], [2], [0, 3], [1, 4]]
    assert [seen for _, seen in then] == [[0, 3, 7], [1, 4, 8]]


def test_what_fails_is_raised_in_its_turn_with_its_cause(crew: Crew[clusters.Numbers]) -> None:
    done = []
    with pytest.raises(ValueError, match="stopped") as caught:
        done += crew.each(clusters.failing, range(6))
    assert isinstance(caught.value.__cause__, TimeoutError)
    results = crew.each(clusters.failing, range(6))
    assert [next(results), next(results), next(results)] == [0, 1, 2]


def test_what_one_does_to_its_base_is_not_seen_by_another_process() -> None:
    with hire(base(), Hands(2)) as crew:
        assert set(crew.each(clusters.written, [1, 1])) == {499_500.0}
        with pytest.raises(AttributeError, match="pickle"):
            list(crew.each(clusters.unsendable, [1]))


def test_a_base_is_one_file_that_all_share_and_may_write_to(tmp_path: Path) -> None:
    path = written(Shared(clusters.Numbers(np.arange(1000.0))))
    try:
        one, two = loaded(path).base, loaded(path).base
        assert isinstance(one, clusters.Numbers)
        assert isinstance(two, clusters.Numbers)
        assert not one.array.flags.owndata
        one.array[0] = 5.0
        assert two.array[0] == 0.0
        assert two.array.tolist() == list(range(1000))
    finally:
        path.unlink()


@POSIX
def test_lost_processes_are_made_up_for(tmp_path: Path) -> None:
    """Two die in the middle, each with a place of its own, whose base another makes again."""
    with Processes(base(), 2) as crew:
        found = list(crew.each(clusters.dying, [(i, str(tmp_path)) for i in range(7)], places=2))
    assert found == [(0, [0]), (1, [1]), (2, [0, 2]), (3, [1, 3]), (4, [0, 2, 4]), (5, [1, 3, 5]), (6, [0, 2, 4, 6])]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2", "5"]


@POSIX
def test_work_that_no_process_survives_is_given_up() -> None:
    with Processes(base(), 2) as crew, pytest.raises(CrewError, match="lost 4 times") as caught:
        list(crew.each(clusters.deadly, [1]))
    assert caught.value.lost


def running(pid: int) -> bool:
    """Whether there is such a process; one that has ended and is not waited for does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes in /proc")
@pytest.mark.parametrize("how", ["closed", "killed"])
def test_nobody_is_left_behind(how: str, tmp_path: Path) -> None:
    """Whoever lets go of a crew in the middle ends it at once, and so does whoever is killed."""
    code = (
        "import clusters, os, time\n"
        "from landalloc.optimizer.crew.processes import Processes\n"
        "if __name__ == '__main__':\n"
        "    crew = Processes(clusters.Numbers([]), 2)\n"
        f"    for i in (1, 2): crew.begin(clusters.Work(clusters.sleeping, (600.0, {str(tmp_path)!r})))\n"
        f"    while len(os.listdir({str(tmp_path)!r})) < 2: time.sleep(0.05)\n"
        "    print(crew.file, flush=True)\n"
        + ("    crew.close()\n" if how == "closed" else "    os.kill(os.getpid(), 9)\n")
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    main = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120)
    assert main.returncode == (0 if how == "closed" else -9), main.stderr
    workers = [int(path.name) for path in tmp_path.iterdir()]
    assert len(workers) == 2
    for _ in range(200):
        if not any(map(running, workers)) and not Path(main.stdout.strip()).exists():
            break
        time.sleep(0.1)
    assert not any(map(running, workers))
    assert not Path(main.stdout.strip()).exists()


def test_errors_survive_being_sent() -> None:
    finding = Finding(Severity.ERROR, "a", Place("f"), Message("what"), Message("why"), Message("do"))
    sent = pickle.loads(pickle.dumps(InputError([finding])))
    assert sent.findings == [finding]
    assert str(sent) == str(InputError([finding]))
    odd = failed(type("Odd", (Exception,), {})("of no module"))
    assert isinstance(odd.error, RuntimeError)
    assert str(odd.error) == "Odd: of no module"


def test_an_end_is_sent_as_what_is_left_of_the_time() -> None:
    now = time.monotonic()
    sent = pickle.dumps(Until(now + 50.0))
    assert pickle.loads(sent).moment == pytest.approx(now + 50.0, abs=20.0)
    assert pickle.loads(pickle.dumps(Until(float("inf")))).moment == float("inf")
