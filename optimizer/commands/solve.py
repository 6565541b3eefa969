"""`landalloc solve`: from a scenario to a plan, on the screen and as files."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from ...models.finding import InputError, Message, Severity
from ...models.plan import Infeasible, Status
from .. import pipeline
from ..allocation import Allocation
from ..read import Reading, read
from ..report import folder, terminal
from ..report import json as plan_json
from ..report.numbers import Language
from ..report.words import text
from ..solve import PATIENCE, FiguresApart, Limits, Method, SolverError, solvers, write_model
from . import formats, screen
from .changes import changes_of
from .outcome import Exit, Stopped
from .remaining import Remaining, usual

DEFAULT_GAP = 1e-4
ALL = "all"
"""In place of a case: the scenario as it stands, and every case."""
MODELS = (".lp", ".mps")
NO_PLAN = Message(
    "No plan can keep all hard rules. What cannot hold together, and what would do: landalloc explain SCENARIO"
)


def run(
    scenario: Path,
    case: str | None,
    settings: Sequence[str],
    weights: Sequence[str],
    solver: str,
    time_limit: float | None,
    gap: float | None,
    method: str,
    output: Path | None,
    wanted: Sequence[str],
    lang: Language | None,
    model: Path | None,
) -> Exit:
    """Solve a scenario; see `cli.solve` for the options."""
    language = screen.language_of(scenario, lang)
    changes = changes_of(settings, weights)
    limits = Limits(solver, time_limit, DEFAULT_GAP if gap is None else gap, Method(method))
    see(limits, model)
    remaining = Remaining(usual(wanted))
    try:
        reading = screen.waited(
            lambda _: read(scenario, case=case, changes=changes), language, "read", remaining=remaining
        )
    except InputError as error:
        screen.show(error.findings, language)
        return Exit.USAGE if of_the_command_line(error) else Exit.INPUT
    language = lang or reading.scenario.language
    screen.show(reading.findings, language)
    target = output or Path("results") / folder_name(reading.scenario.name, case)
    folder.check(target)
    if model is not None:
        _write_model(reading, model)
    if _whole(reading):
        remaining.expected, remaining.limit = usual(wanted, whole=True), limits.seconds or PATIENCE
    try:
        allocation = screen.waited(
            lambda listen: pipeline.allocate(reading, limits, language=language, case=case, on_stage=listen),
            language,
            "admit",
            remaining=remaining,
        )
    except pipeline.NoPlan:
        return _no_plan(reading, limits, case, target, language)
    except SolverError as error:
        return _failed(error, language)
    ask = question(scenario, case, settings, weights, output)
    names = screen.waited(
        lambda listen: _write(allocation, target, wanted, language, listen), language, "write", remaining=remaining
    )
    terminal.show(allocation, screen.out(), language, (target, names), ask)
    short = gap is not None and allocation.plan.status is Status.LIMIT
    return Exit.LIMIT if short else Exit.DONE


def check_limits(limits: Limits) -> None:
    """Refuse limits that mean nothing, before anything is read."""
    if not limits.gap >= 0 or limits.gap == float("inf"):
        raise Stopped(Exit.USAGE, Message("--gap takes a number from 0 upwards, such as 0.001"))
    if limits.seconds is not None and not limits.seconds > 0:
        raise Stopped(Exit.USAGE, Message("--time-limit takes seconds, more than 0"))


def see(limits: Limits, model: Path | None = None) -> None:
    """Whatever can be refused before anything is read."""
    check_limits(limits)
    if model is not None and model.suffix not in MODELS:
        raise Stopped(Exit.USAGE, Message("--write-model takes a file that ends in .lp or .mps"))
    if limits.solver not in solvers():
        names = {"solver": limits.solver, "known": tuple(solvers())}
        raise Stopped(Exit.USAGE, Message("solver {solver} is not installed here; there is: {known}", names))


def of_the_command_line(error: InputError) -> bool:
    """Whether every error is about a change or a case that the command line names, none about a file."""
    wrong = [found for found in error.findings if found.severity is Severity.ERROR]
    return all(found.code == "unknown-case" or found.place.file.startswith("--") for found in wrong)


def folder_name(name: str, case: str | None) -> str:
    """The folder for a scenario's results: its name as far as any file system takes it.

    >>> folder_name("penglai", None), folder_name("../a b", "dry/year"), folder_name("...", None)
    ('penglai', 'a-b-dry-year', 'scenario')
    """
    parts = [re.sub(r"[^\w.]+", "-", part)[:60].strip("-.") for part in (name, case or "")]
    return "-".join(part for part in parts if part) or "scenario"


def cases_of(path: Path, cases: Sequence[str], changes: Mapping[str, str]) -> list[str | None]:
    """The cases that are asked for; `all`: the scenario as it stands and every case, unless a case has that name."""
    if tuple(cases) != (ALL,):
        return list(cases) or [None]
    try:
        names = list(read(path, changes=changes).scenario.cases)
    except InputError:
        names = []  # the file itself is told
    return [ALL] if ALL in names else [None, *names]


def _whole(reading: Reading) -> bool:
    """Whether solving takes what time it is given: some project is whole, or has a least share."""
    table = reading.candidates.table
    return bool((~table["committed"] & ((table["units"] > 0) | (table["min_share"] > 0))).any())


def _write_model(reading: Reading, path: Path) -> None:
    try:
        write_model(pipeline.program(reading), path)
    except OSError as error:
        names = {"file": str(path), "why": error.strerror or str(error)}
        raise Stopped(Exit.USAGE, Message("{file} cannot be written: {why}", names)) from None


def question(
    scenario: Path, case: str | None, settings: Sequence[str], weights: Sequence[str], output: Path | None
) -> str:
    """The command that asks about the same plan, with nothing to name but a project.

    >>> question(Path("a b.yaml"), "dry", ["supply.energy=8e5 tce"], [], None)
    "landalloc explain 'a b.yaml' --case dry --set 'supply.energy=8e5 tce'"
    """
    words = ["landalloc", "explain", str(scenario), *(["--case", case] if case else [])]
    for flag, values in (("--set", settings), ("--weight", weights), ("-o", [] if output is None else [str(output)])):
        words += [word for value in values for word in (flag, value)]
    return shlex.join(words)


def _write(
    allocation: Allocation, target: Path, wanted: Sequence[str], language: Language, listen: screen.Listener
) -> list[str]:
    """Write the files and name them. They stand before anything is shown: whoever stops reading has the plan."""
    files: dict[str, folder.Content] = {}
    for name in (name for name in formats.WRITERS if name in wanted):
        listen("write", Message("{format}", {"format": name}))
        files |= formats.files(allocation, [name], language)
    listen("write")
    files |= plan_json.files(allocation)
    folder.write(target, files)
    return list(files)


def _no_plan(reading: Reading, limits: Limits, case: str | None, target: Path, language: Language) -> Exit:
    folder.write(target, files_without_plan(reading, limits, case))
    screen.err().print(text(NO_PLAN, language), soft_wrap=True)
    return Exit.NO_PLAN


def files_without_plan(reading: Reading, limits: Limits, case: str | None) -> dict[str, bytes]:
    """What is written where the hard rules cannot all be kept."""
    origin = pipeline.provenance(reading, limits.solver, case)
    return plan_json.infeasible(
        Infeasible(name=reading.scenario.name, case=case, status=Status.INFEASIBLE, provenance=origin)
    )


def _failed(error: SolverError, language: Language) -> Exit:
    status, why = failure(error)
    screen.err().print(text(why, language), soft_wrap=True)
    return status


def failure(error: SolverError) -> tuple[Exit, Message]:
    """How a run ends without a plan, and why."""
    if isinstance(error.__cause__, TimeoutError):
        return Exit.LIMIT, Message("Stopped at the time limit without a plan: allow more time with --time-limit.")
    if isinstance(error, FiguresApart):
        return Exit.INPUT, Message(
            "The figures are too far apart: no solver keeps every limit. Choose units in which the figures of a "
            "measure lie between 0.001 and 1,000,000, and soft rules that cost no more than they need to."
        )
    return Exit.DEFECT, Message("The solver failed: {why}", {"why": str(error)})
