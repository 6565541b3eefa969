"""The commands as users call them: what they print, what they write, and how they end."""

import csv
import inspect
import io
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sample

from landalloc.models.plan import Status
from landalloc.optimizer import cli, pipeline
from landalloc.optimizer.commands import check, formats, guard, init, screen, solve
from landalloc.optimizer.read import read
from landalloc.optimizer.report import folder
from landalloc.optimizer.solve import SolverError

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")
MAIN = "from landalloc.optimizer.cli import main; main()"
COMMANDS = ["init", "check", "solve", "verify", "report", "schema"]
BARE = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "COLUMNS")}


def landalloc(*arguments: object) -> int:
    """Call a command in this process; its exit status."""
    with pytest.raises(SystemExit) as ended:
        cli.app([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def process(*arguments: object, code: str = MAIN, **options: Any) -> subprocess.Popen[bytes]:
    """Start a command as a process of its own."""
    plain: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": BARE}
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], **plain | options)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES", guard.DEBUG, "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """The small scenario that `init` writes."""
    for name, content in init.files_of("harbour").items():
        (tmp_path / name).write_bytes(content)
    return tmp_path / "harbour.yaml"


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the solver answer with the plan made by hand, or fail."""

    def answer(outcome: Exception | None = None, **changes: Any) -> None:
        def allocate(*_: object, **__: object) -> object:
            if outcome is not None:
                raise outcome
            return sample.allocation(**changes)

        monkeypatch.setattr(pipeline, "allocate", allocate)

    return answer


# Help


def test_help_is_there_at_once() -> None:
    """CPU, not the clock: others may be busy on this machine."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(3):
        run = process("--help")
        out, _ = run.communicate()
        assert run.returncode == 0
        assert all(command.encode() in out for command in COMMANDS)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 3 < 0.3


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["solve", "--help"]])
def test_nothing_heavy_is_loaded_for_help(arguments: list[str]) -> None:
    code = (
        "import atexit, sys; heavy = {'pandas', 'numpy', 'pulp', 'highspy', 'rich', 'babel', 'ruamel', 'jinja2'};"
        "atexit.register(lambda: print(sorted(heavy & set(sys.modules)), file=sys.stderr));" + MAIN
    )
    run = process(*arguments, code=code)
    _, errors = run.communicate()
    assert (run.returncode, errors.decode().strip()) == (0, "[]")


@pytest.mark.parametrize(
    "arguments",
    [
        ["init", "d"],
        ["check", "s"],
        ["solve", "s"],
        [
            "solve",
            "s",
            "--case",
            "c",
            "--set",
            "a=1",
            "--set",
            "b=2",
            "--weight",
            "c=3",
            "--solver",
            "cbc",
            "--gap",
            "0",
        ],
        ["solve", "s", "t", "--case", "all", "--jobs", "2", "-o", "d"],
        ["solve", "s", "--case", "a", "--case", "b", "--scheduler", "tcp://h:1"],
        ["solve", "s", "--time-limit", "5", "-o", "d", "--format", "csv", "--lang", "en", "--write-model", "m.lp"],
        ["verify", "d", "s", "--lang", "zh"],
        ["report", "d", "--format", "terminal", "--format", "csv"],
        ["schema", "--plan"],
    ],
)
def test_options_fit_what_the_commands_take(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def run(module: str, options: dict[str, Any]) -> int:
        bound = inspect.signature(import_module(module).run).bind(**options)
        assert set(bound.arguments) == set(inspect.signature(import_module(module).run).parameters)
        return 0

    monkeypatch.setattr(guard, "run", run)
    assert landalloc(*arguments) == 0


# Solve, verify, report


def test_from_the_first_scenario_to_a_verified_plan(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert landalloc("solve", harbour) == 0
    shown, errors = capsys.readouterr()
    assert errors == ""
    assert shown.startswith("临港片区要素配置方案")
    assert "results/harbour/: report.html  report.xlsx  ranking.csv  resources.csv" in shown
    results = Path("results/harbour")
    assert sorted(path.name for path in results.iterdir()) == [
        "plan.json",
        "ranking.csv",
        "report.html",
        "report.xlsx",
        "resources.csv",
    ]
    assert landalloc("verify", results, harbour) == 0
    assert landalloc("report", results) == 0
    verified, again = capsys.readouterr().out.split("\n", 1)
    assert verified.startswith("经复核无误")
    known = shown.replace(f"landalloc explain {harbour} ", "landalloc explain SCENARIO ")
    assert again.strip() == known.rsplit("\n\n", 1)[0].strip()


def test_two_runs_give_the_same_bytes(harbour: Path) -> None:
    assert landalloc("solve", harbour, "-o", "one") == 0
    assert landalloc("solve", harbour, "-o", "two") == 0
    one, two = ({path.name: path.read_bytes() for path in Path(name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert landalloc("solve", harbour, "-o", "one") == 0
    assert {path.name: path.read_bytes() for path in Path("one").iterdir()} == two


def test_changes_are_made_and_kept_in_the_plan(harbour: Path) -> None:
    options = [
        "--case",
        "tight-energy",
        "--set",
        "zones.south.supply.land=950 mu",
        "--weight",
        "jobs=40",
        "--lang",
        "en",
    ]
    assert landalloc("solve", harbour, *options) == 0
    plan = json.loads(Path("results/harbour-tight-energy/plan.json").read_bytes())
    assert plan["language"] == "en"
    assert (plan["case"], plan["provenance"]["case"]) == ("tight-energy", "tight-energy")
    assert plan["provenance"]["set"] == {"zones.south.supply.land": "950 mu", "criteria.jobs.weight": "40"}
    assert next(one["weight"] for one in plan["criteria"] if one["name"] == "jobs") == 40
    assert landalloc("verify", "results/harbour-tight-energy", harbour) == 0


def test_only_the_formats_asked_for(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert landalloc("solve", harbour, "--format", "json", "-o", "plan") == 0
    assert [path.name for path in Path("plan").iterdir()] == ["plan.json"]
    assert landalloc("report", "plan", "--format", "csv", "--lang", "en") == 0
    rows = list(csv.DictReader(io.StringIO((Path("plan") / "ranking.csv").read_text(encoding="utf-8-sig"))))
    assert rows[0]["decision"] == "committed"
    assert sorted(path.name for path in Path("plan").iterdir()) == ["plan.json", "ranking.csv", "resources.csv"]
    assert landalloc("verify", "plan", harbour) == 0


def test_a_touched_plan_is_seen(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert landalloc("solve", harbour, "-o", "plan") == 0
    plan = Path("plan/plan.json")
    plan.write_text(plan.read_text(encoding="utf-8").replace('"score": ', '"score": 1'), encoding="utf-8")
    assert landalloc("verify", "plan", harbour, "--lang", "en") == 1
    assert "The digest does not belong to this file." in capsys.readouterr().out
    assert landalloc("report", "plan", "--lang", "en") == 0
    assert "changed after it was written" in capsys.readouterr().err


def test_no_plan_keeps_the_rules(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert landalloc("solve", harbour, "-o", "plan") == 0
    assert landalloc("solve", harbour, "-o", "plan", "--set", "zones.north.supply.land=10 mu", "--lang", "en") == 3
    assert "No plan can keep all hard rules" in capsys.readouterr().err
    assert [path.name for path in Path("plan").iterdir()] == ["plan.json"]
    assert set(json.loads(Path("plan/plan.json").read_bytes())) == {"name", "case", "status", "provenance"}
    assert landalloc("report", "plan") == 1


@pytest.mark.parametrize("model", ["model.lp", "model.mps"])
def test_the_programme_is_written_too(harbour: Path, model: str) -> None:
    assert landalloc("solve", harbour, "--write-model", model) == 0
    assert len(Path(model).read_text(encoding="utf-8").splitlines()) > 20


def test_a_gap_that_was_asked_for_and_not_reached(harbour: Path, by_hand: Callable[..., None]) -> None:
    by_hand(status=Status.LIMIT, bound=70.0)
    assert landalloc("solve", harbour, "--gap", "0.001", "-o", "plan") == 4
    assert Path("plan/ranking.csv").exists()
    assert landalloc("solve", harbour, "-o", "plan") == 0


def test_a_limit_without_a_plan(
    harbour: Path, by_hand: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    error = SolverError("stopped")
    error.__cause__ = TimeoutError()
    by_hand(error)
    assert landalloc("solve", harbour, "--lang", "en") == 4
    assert "--time-limit" in capsys.readouterr().err
    assert not Path("results").exists()


def test_a_solver_that_fails(harbour: Path, by_hand: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    by_hand(SolverError("lost a coefficient"))
    assert landalloc("solve", harbour) == 70
    assert "lost a coefficient" in capsys.readouterr().err


# What is wrong with the command line or the input


@pytest.mark.parametrize(
    "options",
    [
        ["--solver", "nobodys"],
        ["--gap", "-1"],
        ["--gap", "nan"],
        ["--gap", "inf"],
        ["--time-limit", "0"],
        ["--time-limit", "nan"],
        ["--write-model", "model.txt"],
        ["--set", "supply.energy"],
        ["--set", "=5"],
        ["--set", "supply.enrgy=5"],
        ["--set", "supply.energy=much"],
        ["--set", "supply.energy=5", "--set", "supply.energy=6"],
        ["--weight", "jobs"],
        ["--weight", "job=5"],
        ["--case", "drought"],
        ["--format", "docx"],
        ["--lang", "fr"],
        ["-o", "taken"],
        ["-o", "."],
        ["--nonsense"],
    ],
)
def test_a_wrong_command_line_ends_with_two_and_writes_nothing(harbour: Path, options: list[str]) -> None:
    Path("taken").write_bytes(b"mine")
    assert landalloc("solve", harbour, *options) == 2
    assert sorted(path.name for path in Path().iterdir()) == ["harbour.yaml", "taken"]


def test_a_wrong_scenario_ends_with_one_and_writes_nothing(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = harbour.read_text(encoding="utf-8")
    harbour.write_text(
        text.replace("land: 600 mu", "land: 600 kg").replace("cluster: wine", "clutser: wine"), encoding="utf-8"
    )
    for command in ("solve", "check"):
        assert landalloc(command, harbour) == 1
        shown = "".join(capsys.readouterr())
        assert "harbour.yaml:" in shown
        assert "2处错误" in shown
        assert "Traceback" not in shown
    assert [path.name for path in Path().iterdir()] == ["harbour.yaml"]


def test_a_case_that_is_wrong_is_found_by_check(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = harbour.read_text(encoding="utf-8")
    harbour.write_text(text.replace("supply.energy: 50000 tce/year", "supply.enrgy: 5"), encoding="utf-8")
    assert landalloc("check", harbour, "--lang", "en") == 1
    shown = capsys.readouterr().out
    assert "enrgy" in shown
    assert shown.rstrip().endswith("1 error")


def test_findings_are_told_once(harbour: Path) -> None:
    assert check.findings_of(harbour) == []
    text = harbour.read_text(encoding="utf-8")
    harbour.write_text(text.replace("weight: 20", "weight: 0"), encoding="utf-8")
    found = check.findings_of(harbour)
    assert len(found) == len(set(map(str, found)))


@pytest.mark.parametrize(
    ("first", "environment", "expected"),
    [
        ("language: en", "zh_CN.UTF-8", "en"),
        ('language: "en"', "zh_CN.UTF-8", "en"),
        ("language: zh", "en_US.UTF-8", "zh"),
        ("name: x", "en_US.UTF-8", "zh"),
        (None, "zh_CN.UTF-8", "zh"),
        (None, "C", "en"),
    ],
)
def test_the_language_of_a_scenario_that_may_be_wrong(
    first: str | None, environment: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", environment)
    path = Path("x.yaml")
    if first is not None:
        path.write_text(f"# comment\n{first}\nmeasures: [", encoding="utf-8")
    assert screen.language_of(path, None) == expected
    assert screen.language_of(path, "en") == "en"


# Init and schema


def test_init_writes_what_solves_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert landalloc("init", "my project") == 0
    assert "landalloc solve 'my project/harbour.yaml'" in capsys.readouterr().out
    assert landalloc("check", "my project/harbour.yaml") == 0
    assert capsys.readouterr().out == "未发现问题\n"
    assert json.loads(Path("my project/scenario.schema.json").read_bytes())["$defs"]


def test_init_never_overwrites(capsys: pytest.CaptureFixture[str]) -> None:
    Path("here").mkdir()
    Path("here/harbour.yaml").write_bytes(b"mine")
    assert landalloc("init", "here") == 2
    assert "harbour.yaml" in capsys.readouterr().err
    assert [(path.name, path.read_bytes()) for path in Path("here").iterdir()] == [("harbour.yaml", b"mine")]
    assert landalloc("init", "here/harbour.yaml") == 2
    assert landalloc("init", "there", "--example", "../../secrets") == 2
    assert not Path("there").exists()


def test_every_example_comes_with_its_tables() -> None:
    assert landalloc("init", "p", "--example", "penglai") == 0
    assert len(read(Path("p/penglai.yaml")).candidates) > 60


def test_schemas_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert landalloc("schema") == 0
    assert "projects" in json.loads(capsys.readouterr().out)["properties"]
    assert landalloc("schema", "--plan") == 0
    assert "certificate" in json.loads(capsys.readouterr().out)["properties"]


# Defects, signals, pipes, consoles


def test_a_defect_is_one_sentence(
    harbour: Path, by_hand: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    by_hand(ZeroDivisionError("division by\x1b zero"))
    assert landalloc("solve", harbour, "--lang", "en") == 70
    out, errors = capsys.readouterr()
    assert out == ""
    assert "a defect of landalloc" in errors
    assert "ZeroDivisionError division by zero" in " ".join(errors.split())
    assert "Traceback" not in errors
    assert "\x1b" not in errors


def test_a_defect_shows_all_to_whoever_asks(
    harbour: Path, by_hand: Callable[..., None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(guard.DEBUG, "1")
    by_hand(ZeroDivisionError("division by zero"))
    assert landalloc("solve", harbour) == 70
    assert "Traceback" in capsys.readouterr().err


SLOW = """
import sys, time
from landalloc.models.plan import Status
from landalloc.optimizer import cli, pipeline
def allocate(*args, **kwargs):
    print("solving", flush=True)
    time.sleep(60)
pipeline.allocate = allocate
cli.main()
"""


@POSIX
def test_ctrl_c_ends_at_once_and_leaves_nothing(harbour: Path) -> None:
    # A shell's background jobs ignore Ctrl-C, and so does all that they start: not here.
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    run = process("solve", harbour, code=SLOW, preexec_fn=heard)
    assert run.stdout is not None
    assert run.stdout.readline() == b"solving\n"
    run.send_signal(signal.SIGINT)
    started = time.monotonic()
    _, errors = run.communicate(timeout=30)
    assert run.returncode == 130
    assert time.monotonic() - started < 10
    assert errors.strip() == b""
    assert [path.name for path in Path().iterdir()] == ["harbour.yaml"]


@POSIX
def test_a_reader_that_has_had_enough_is_no_failure(harbour: Path) -> None:
    for arguments in (["schema"], ["solve", harbour, "-o", "two"]):
        reading, writing = os.pipe()
        os.close(reading)
        run = process(*arguments, stdout=writing)
        os.close(writing)
        _, errors = run.communicate()
        assert (run.returncode, errors) == (0, b"")
    assert Path("two/ranking.csv").exists()


def test_what_is_piped_is_utf8_and_plain(harbour: Path) -> None:
    assert landalloc("solve", harbour, "-o", "plan") == 0
    run = process("report", "plan", env=BARE | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "TERM": "xterm-256color"})
    out, errors = run.communicate()
    assert (run.returncode, errors) == (0, b"")
    assert "入选截止线" in out.decode("utf-8")
    assert b"\x1b" not in out


@POSIX
def test_an_old_console_gets_signs_that_it_can_show(harbour: Path) -> None:
    assert landalloc("solve", harbour, "-o", "plan") == 0
    old = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "TERM": "dumb"}
    shown, status = on_a_terminal("report", "plan", "--lang", "en", environment=old)
    assert status == 0
    assert "---- cut ----" in shown
    assert shown.isascii()


@POSIX
def test_a_terminal_of_today_gets_colour(harbour: Path) -> None:
    assert landalloc("solve", harbour, "-o", "plan") == 0
    shown, status = on_a_terminal("report", "plan", environment={"LC_ALL": "C.UTF-8", "TERM": "xterm-256color"})
    assert status == 0
    assert "\x1b[" in shown
    assert "入选截止线" in shown


def on_a_terminal(*arguments: object, environment: dict[str, str]) -> tuple[str, int]:
    """What a command shows on a terminal, and its exit status."""
    import pty

    ours, theirs = pty.openpty()
    run = process(*arguments, env=BARE | environment, stdout=theirs, stderr=theirs, stdin=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other side is closed
            part = b""
        if not part:
            break
        shown += part
    os.close(ours)
    return shown.decode("utf-8"), run.wait()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_long_run_says_what_it_is_doing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "PATIENCE", 0.0)
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)

    def work(listen: screen.Listener) -> int:
        listen("solve")
        time.sleep(0.5)
        return 7

    assert screen.waited(work, "en", "read") == 7
    assert "solving … 0 s" in shown.getvalue()
    assert "\x1b[2K" in shown.getvalue().rpartition("solving")[2]  # the line is gone when it is over


def test_a_long_run_that_is_piped_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "PATIENCE", 0.0)
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    screen.waited(lambda _: time.sleep(0.3), "en", "read")
    assert shown.getvalue() == ""


def test_what_the_work_raises_is_raised() -> None:
    def work(_: Callable[[str], None]) -> None:
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        screen.waited(work, "en", "read")


def test_every_format_has_a_writer() -> None:
    assert set(cli.File) - {"json"} == set(cli.Report) - {"terminal"} == set(formats.WRITERS)
    assert set(formats.files(sample.allocation(), formats.WRITERS, "en")) < folder.OURS


def test_every_stage_has_words() -> None:
    source = inspect.getsource(pipeline)
    stages = {part.split('"')[1] for part in source.split("on_stage(")[1:] if part.startswith('"')}
    assert stages
    assert stages <= set(screen.STAGES)


@pytest.mark.parametrize(
    ("name", "case", "expected"),
    [
        ("penglai", None, "penglai"),
        ("蓬莱 方案", "枯水/年", "蓬莱-方案-枯水-年"),
        ("../../etc/passwd", None, "etc-passwd"),
        ("a\x00b\nc", None, "a-b-c"),
        ("...", None, "scenario"),
        ("x" * 500, "y" * 500, "x" * 60 + "-" + "y" * 60),
    ],
)
def test_folders_of_results_stay_where_they_belong(name: str, case: str | None, expected: str) -> None:
    assert solve.folder_name(name, case) == expected
