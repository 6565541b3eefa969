"""A folder of results is whole whenever anybody looks, and nothing of anybody else's is ever lost."""

import errno
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from generations import result

from landalloc.optimizer.report import folder
from landalloc.optimizer.report.folder import FolderError

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and modes of POSIX")
NOT_ROOT = pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is forbidden to root")


def generation(target: Path) -> int:
    """The generation of a folder whose files are all of one and whole."""
    for number in range(1000):
        if all((target / name).read_bytes() == content for name, content in result(number).items()):
            return number
    raise AssertionError(f"a folder of parts: {sorted(target.iterdir())}")


def message(target: Path, files: Mapping[str, bytes]) -> str:
    with pytest.raises(FolderError) as caught:
        folder.write(target, files)
    return str(caught.value)


@pytest.fixture(params=["exchange", "rename"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of replacing a folder: in one step, and with a moment in between."""
    if request.param == "rename":
        monkeypatch.setattr(folder, "_exchange", None)
    elif folder._exchange is None:
        pytest.skip("this system cannot swap two names")
    return str(request.param)


def test_a_new_folder(tmp_path: Path, way: str) -> None:
    target = tmp_path / "results" / "harbour"
    folder.write(target, result(1))
    assert generation(target) == 1
    assert [path.name for path in target.parent.iterdir()] == ["harbour"]


def test_a_later_result_replaces_an_earlier_one(tmp_path: Path, way: str) -> None:
    target = tmp_path / "harbour"
    folder.write(target, result(1, projects_csv=b"old", explain_json=b"old"))
    folder.write(target, result(2))
    assert generation(target) == 2
    assert sorted(path.name for path in target.iterdir()) == ["plan.json", "ranking.csv", "resources.csv"]
    assert [path.name for path in tmp_path.iterdir()] == ["harbour"]


def test_what_others_put_there_stays(tmp_path: Path, way: str) -> None:
    target = tmp_path / "harbour"
    folder.write(target, result(1))
    (target / "notes.docx").write_bytes(b"mine")
    (target / "minutes").mkdir()
    (target / "minutes" / "1.txt").write_bytes(b"mine too")
    (target / "link").symlink_to("notes.docx")
    (target / "nowhere").symlink_to("gone")
    folder.write(target, result(2))
    assert generation(target) == 2
    assert (target / "notes.docx").read_bytes() == b"mine"
    assert (target / "minutes" / "1.txt").read_bytes() == b"mine too"
    assert str((target / "link").readlink()) == "notes.docx"
    assert str((target / "nowhere").readlink()) == "gone"


def test_a_report_is_put_beside_the_plan(tmp_path: Path, way: str) -> None:
    target = tmp_path / "harbour"
    folder.write(target, result(1))
    folder.write(target, {"report.html": b"<html>"}, drop=())
    assert generation(target) == 1
    assert (target / "report.html").read_bytes() == b"<html>"


def test_an_empty_folder_may_be_filled(tmp_path: Path, way: str) -> None:
    (tmp_path / "harbour").mkdir(mode=0o750)
    folder.write(tmp_path / "harbour", result(1))
    assert generation(tmp_path / "harbour") == 1


@POSIX
def test_modes_are_kept_or_as_others(tmp_path: Path, way: str) -> None:
    folder.write(tmp_path / "new", result(1))
    (tmp_path / "usual").mkdir()
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode
    (tmp_path / "new").chmod(0o2770)
    folder.write(tmp_path / "new", result(2))
    assert (tmp_path / "new").stat().st_mode & 0o7777 == 0o2770


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path, way: str) -> None:
    folder.write(tmp_path / "real", result(1))
    (tmp_path / "latest").symlink_to("real")
    folder.write(tmp_path / "latest", result(2))
    assert (tmp_path / "latest").is_symlink()
    assert generation(tmp_path / "real") == 2


def test_names_that_are_as_long_as_can_be(tmp_path: Path, way: str) -> None:
    target = tmp_path / ("船" * 85)
    for number in (1, 2):
        folder.write(target, result(number))
    assert generation(target) == 2


FOREIGN = {
    "letter.docx": b"dear",
    "plan.json": b'{"name": "of another program"}',
    "ranking.csv": b"1,2,3",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_folder_with_other_things_is_never_replaced(tmp_path: Path, name: str) -> None:
    target = tmp_path / "harbour"
    target.mkdir()
    (target / name).write_bytes(FOREIGN[name])
    assert "other things" in message(target, result(1))
    with pytest.raises(FolderError):
        folder.check(target)
    assert (target / name).read_bytes() == FOREIGN[name]
    assert [path.name for path in tmp_path.iterdir()] == ["harbour"]


def test_a_file_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "harbour").write_bytes(b"mine")
    assert "is a file" in message(tmp_path / "harbour", result(1))
    assert (tmp_path / "harbour").read_bytes() == b"mine"


def test_the_folder_where_one_stands_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for here in (Path(), tmp_path, tmp_path.parent, Path("/")):
        assert "cannot be replaced" in message(here, result(1))


def test_checking_makes_nothing(tmp_path: Path) -> None:
    folder.check(tmp_path / "results" / "deep" / "harbour")
    assert list(tmp_path.iterdir()) == []
    folder.check(tmp_path / "harbour")
    assert list(tmp_path.iterdir()) == []


@NOT_ROOT
def test_a_place_that_is_forbidden_is_said_before_anything_is_computed(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        for target in (tmp_path / "harbour", tmp_path / "results" / "harbour"):
            with pytest.raises(FolderError, match="nothing may be written"):
                folder.check(target)
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "no room on the disk"),
        (errno.EFBIG, "no room on the disk"),
        (errno.EROFS, "may be written"),
        (errno.EIO, "cannot be written"),
    ],
)
def test_what_the_system_refuses_leaves_the_old_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    target = tmp_path / "harbour"
    folder.write(target, result(1))

    def refuse(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(folder.os, "fsync", refuse)
    assert said in message(target, result(2))
    monkeypatch.undo()
    assert generation(target) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["harbour"]


def test_what_fails_while_a_file_is_made_leaves_the_old_result(tmp_path: Path, way: str) -> None:
    def parts() -> Iterator[bytes]:
        yield b"the first part"
        raise MemoryError

    target = tmp_path / "harbour"
    folder.write(target, result(1))
    with pytest.raises(MemoryError):
        folder.write(target, result(2) | {"ranking.csv": parts()})
    assert generation(target) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["harbour"]


HALFWAY = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from generations import result
from landalloc.optimizer.report import folder

def parts():
    yield b"x" * 1_000_000
    os.kill(os.getpid(), signal.SIGKILL)

folder.write(Path(sys.argv[2]), result(2) | {"ranking.csv": parts()})
"""


@POSIX
def test_killed_in_the_middle_of_a_file_it_leaves_the_old_result(tmp_path: Path) -> None:
    target = tmp_path / "harbour"
    folder.write(target, result(1))
    ended = subprocess.run([sys.executable, "-c", HALFWAY, str(Path(__file__).parent), str(target)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert generation(target) == 1
    assert len(list(tmp_path.iterdir())) == 2  # what it had begun stands beside, until the next run
    folder.write(target, result(3))
    assert generation(target) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["harbour"]


CHILD = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from generations import result
from landalloc.optimizer.report import folder
if sys.argv[3] == "rename":
    folder._exchange = None
left = int(sys.argv[4])

def die(event, args):
    global left
    if event in EVENTS:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

EVENTS = {"open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "os.chmod", "os.utime"}
sys.addaudithook(die)
folder.write(Path(sys.argv[2]), result(2))
"""


@POSIX
@pytest.mark.parametrize("how", ["exchange", "rename"])
def test_killed_before_any_of_its_steps_it_leaves_a_whole_folder(tmp_path: Path, how: str) -> None:
    """The n-th thing that a run does to files is the last it does, for every n."""
    if how == "exchange" and folder._exchange is None:
        pytest.skip("this system cannot swap two names")
    target = tmp_path / "harbour"
    seen: set[int] = set()
    for step in range(1, 200):
        folder.write(target, result(1))
        (target / "notes.txt").write_bytes(b"mine")
        arguments = [sys.executable, "-c", CHILD, str(Path(__file__).parent), str(target), how, str(step)]
        ended = subprocess.run(arguments, capture_output=True, check=False)
        if how == "exchange":  # there is not even a moment without a folder
            assert generation(target) in (1, 2)
        folder.check(target)
        seen.add(generation(target))
        assert (target / "notes.txt").read_bytes() == b"mine"
        assert [path.name for path in tmp_path.iterdir()] == ["harbour"]
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert step > 10
    assert seen == {1, 2}


LOOP = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from generations import result
from landalloc.optimizer.report import folder
print(flush=True)
for number in range(1000):
    folder.write(Path(sys.argv[2]), result(number))
"""


@POSIX
def test_killed_at_any_moment_it_leaves_a_whole_folder(tmp_path: Path) -> None:
    if folder._exchange is None:
        pytest.skip("this system cannot swap two names")
    target = tmp_path / "harbour"
    folder.write(target, result(0))
    chance = random.Random(7)
    for _ in range(12):
        run = subprocess.Popen(
            [sys.executable, "-c", LOOP, str(Path(__file__).parent), str(target)], stdout=subprocess.PIPE
        )
        assert run.stdout is not None
        run.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.15))
        run.send_signal(signal.SIGKILL)
        run.wait()
        run.stdout.close()
        generation(target)
    folder.check(target)
    assert [path.name for path in tmp_path.iterdir()] == ["harbour"]


@POSIX
def test_two_runs_at_once_leave_one_of_them_whole(tmp_path: Path) -> None:
    target = tmp_path / "harbour"
    arguments = [sys.executable, "-c", LOOP.replace("1000", "40"), str(Path(__file__).parent), str(target)]
    runs = [subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
    for run in runs:
        _, errors = run.communicate()
        assert (run.returncode, errors) == (0, b"")
    assert generation(target) == 39
    assert [path.name for path in tmp_path.iterdir()] == ["harbour"]
