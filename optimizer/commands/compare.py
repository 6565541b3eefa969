"""`landalloc compare`: scenarios, cases, weightings and earlier plans side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ...models.finding import Finding, InputError, Message, Place, Severity
from ...models.plan import Status
from .. import pipeline, terms
from ..allocation import Allocation
from ..compare import compare
from ..comparison import Entry
from ..read import Reading, read
from ..report import compared, folder
from ..report import json as plan_json
from ..report.numbers import Language
from ..report.words import clean, text
from ..solve import Limits, SolverError
from . import screen
from .changes import changes_of
from .outcome import Exit, Stopped
from .solve import DEFAULT_GAP, check_limits, failure, folder_name

MOST = 12
"""Plans that can be read side by side."""
MOST_MISFITS = 3
"""Places of a file that is no plan that are named."""
SCENARIOS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Source:
    """One of the things to compare, as the command line names it."""

    given: str
    path: Path
    case: str | None = None
    variant: str = ""
    changes: Mapping[str, str] = field(default_factory=dict)

    @property
    def solved(self) -> bool:
        """A scenario; else a plan that was solved before."""
        return self.path.suffix.lower() in SCENARIOS and not self.path.is_dir()


def run(
    sources: Sequence[str],
    cases: Sequence[str],
    variants: Sequence[str],
    time_limit: float | None,
    gap: float | None,
    output: Path | None,
    wanted: Sequence[str],
    lang: Language | None,
) -> Exit:
    """Compare; see `cli.compare` for the options."""
    limits = Limits(seconds=time_limit, gap=DEFAULT_GAP if gap is None else gap)
    check_limits(limits)
    named = sources_of(sources, cases, variants)
    language = lang or (screen.language_of(named[0].path, None) if named[0].solved else screen.spoken())
    try:
        readings = _opened(named, language)
        first = readings[0]
        language = lang or (first.plan.language if isinstance(first, Allocation) else first.scenario.language)
        labels = labels_of(named, readings)
        target = output or Path("results") / folder_name(f"compare-{labels[0]}", "-".join(labels[1:]))
        folder.check(target)
        entries = _solved(named, readings, labels, limits, language)
        found = screen.waited(lambda _: compare(entries), language, "compare")
    except InputError as error:
        screen.show(error.findings, language)
        return Exit.INPUT
    except Stopped as error:  # here, for the language is known
        screen.err().print(clean(text(error.message, language), 2000), soft_wrap=True)
        return error.status
    screen.show(found.findings, language)
    files = compared.files(found, wanted, language)
    folder.write(target, files, drop=folder.COMPARED)
    compared.show(found, screen.out(), language, (target, list(files)))
    short = [entry for entry in entries if entry.kind == "scenario" and entry.allocation.plan.status is Status.LIMIT]
    return Exit.LIMIT if gap is not None and short else Exit.DONE


def sources_of(given: Sequence[str], cases: Sequence[str], variants: Sequence[str]) -> list[Source]:
    """What is to be compared, in order: as named, then the cases and the weightings of the first.

    Raises:
        Stopped: there is no such file, it is neither scenario nor plan, or they are too few or too many.
    """
    named = [_source(one) for one in given]
    if (cases or variants) and not named[0].solved:
        raise Stopped(
            Exit.USAGE,
            Message("--case and --variant are of the first file, and {name} is no scenario", {"name": named[0].given}),
        )
    named += [replace(named[0], given=f"{named[0].path}#{case}", case=case) for case in cases]
    named += [_variant(named[0], one) for one in variants]
    if len(named) < 2:
        raise Stopped(
            Exit.USAGE,
            Message("one plan alone cannot be compared: name another file, a case (FILE.yaml#CASE or --case CASE) or "
                    "other weights (--variant NAME:CRITERION=NUMBER)"),
        )  # fmt: skip
    if len(named) > MOST:
        names = {"count": len(named), "most": MOST}
        raise Stopped(
            Exit.USAGE, Message("{count} plans cannot be read side by side: compare at most {most} at a time", names)
        )
    return named


def _source(given: str) -> Source:
    """A file or folder; where there is none of that name, what stands after a # is a case."""
    path, case = Path(given), None
    for i in (i for i, letter in enumerate(given) if letter == "#" and not _exists(path)):
        if _exists(Path(given[:i])):
            path, case = Path(given[:i]), given[i + 1 :]
    source = Source(given, path, case)
    if not _exists(path):
        raise Stopped(Exit.USAGE, Message("there is no file or folder {name}", {"name": given}))
    if not source.solved and (case is not None or not (path.is_dir() or path.suffix.lower() == ".json")):
        raise Stopped(
            Exit.USAGE,
            Message("{name} is neither a scenario (.yaml, with a case after #) nor a result: name a folder that "
                    "landalloc solve has written, or its plan.json", {"name": given}),
        )  # fmt: skip
    return source


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # too long, or with a character that no name has
        return False


def _variant(first: Source, given: str) -> Source:
    """The first scenario with other weights: NAME:CRITERION=NUMBER,…"""
    name, colon, weights = given.partition(":")
    if not name.strip() or not colon or "=" in name:
        names = {"setting": given, "example": "--variant more-jobs:jobs=40,output=20"}
        raise Stopped(Exit.USAGE, Message("{setting} is no weighting: write it as {example}", names))
    changes = changes_of([], [part for part in weights.split(",") if part.strip()])
    return replace(first, given=f"{first.given} --variant {given}", variant=name.strip(), changes=changes)


def _opened(named: Sequence[Source], language: Language) -> list[Reading | Allocation]:
    """Every scenario and plan, before any is solved; their warnings are shown, each once.

    Raises:
        InputError: what is wrong with any of them.
    """
    opened: list[Reading | Allocation] = []
    findings: list[Finding] = []
    for source in named:
        try:
            opened.append(_open(source, language))
        except InputError as error:
            findings += _placed(error.findings, source)
            continue
        one = opened[-1]
        if isinstance(one, Reading):
            findings += _placed(one.findings, source)
        elif not plan_json.digest_ok(*_place(source.path)):
            findings.append(_touched(source))
    once = list({f"{one.place} {one.what}": one for one in findings}.values())
    if any(one.severity is Severity.ERROR for one in once):
        raise InputError(once)
    screen.show(once, language)
    return opened


def _open(source: Source, language: Language) -> Reading | Allocation:
    if source.solved:
        return screen.waited(
            lambda _: read(source.path, case=source.case, changes=source.changes), language, "read", _about(source)
        )
    return screen.waited(lambda _: plan_json.load(*_place(source.path)), language, "read", _about(source))


def _place(path: Path) -> tuple[Path, str]:
    """(folder, file name) of a plan."""
    return (path, plan_json.PLAN) if path.is_dir() else (path.parent, path.name)


def _about(source: Source) -> str:
    return f"{clean(source.given, 40)}: "


def _touched(source: Source) -> Finding:
    what = Message("The digest does not belong to this file.")
    why = Message("Something in it was changed after it was written.")
    found = Finding(Severity.WARNING, "digest", Place(plan_json.PLAN), what, why, Message(""))
    return _placed([found], source)[0]


def _placed(findings: Sequence[Finding], source: Source) -> list[Finding]:
    """Findings with the file as it can be found from here; of a file that is no plan only the first few."""
    parent, plan = _place(source.path)
    found = []
    for one in findings[: None if source.solved else MOST_MISFITS]:
        file = one.place.file
        if file.startswith("--set "):
            file = f"--variant {source.variant}"
        elif file:
            file = str(parent / (plan if file == plan_json.PLAN and not source.solved else file))
        found.append(replace(one, place=replace(one.place, file=file)))
    return found


def labels_of(named: Sequence[Source], opened: Sequence[Reading | Allocation]) -> list[str]:
    """A name for each, no two alike: of the weighting, the case or the scenario, longer where two would agree."""
    choices = []
    for source, one in zip(named, opened, strict=True):
        name = one.plan.name if isinstance(one, Allocation) else one.scenario.name
        case = one.plan.case if isinstance(one, Allocation) else source.case
        short = source.variant or case or name
        choices.append([short, f"{name} {short}" if short != name else source.path.resolve().name, source.given])
    labels = [clean(one[0], 40) for one in choices]
    for step in (1, 2):
        labels = [
            clean(one[step], 80) if labels.count(label) > 1 else label
            for one, label in zip(choices, labels, strict=True)
        ]
    return [f"{one} ({labels[:i].count(one) + 1})" if labels.count(one) > 1 else one for i, one in enumerate(labels)]


def _solved(
    named: Sequence[Source],
    opened: Sequence[Reading | Allocation],
    labels: Sequence[str],
    limits: Limits,
    language: Language,
) -> list[Entry]:
    """The plans; those of scenarios are solved, all at the scales of the first.

    Raises:
        Stopped: no plan can keep the hard rules of one, or the solver gives none.
    """
    entries: list[Entry] = []
    for source, one, label in zip(named, opened, labels, strict=True):
        if isinstance(one, Reading):
            plan = _plan(source, one, entries[0].allocation if entries else None, limits, language)
            entries.append(Entry(label, source.given, "scenario", plan))
        else:
            entries.append(Entry(label, source.given, "plan", one))
    return entries


def _plan(source: Source, reading: Reading, first: Allocation | None, limits: Limits, language: Language) -> Allocation:
    kept = terms.kept_scales(first.plan, reading.scenario) if first is not None else None
    try:
        return screen.waited(
            lambda listen: pipeline.allocate(
                reading, limits, language=language, case=source.case, kept=kept, on_stage=listen
            ),
            language,
            "admit",
            _about(source),
        )
    except pipeline.NoPlan:
        why = Message(
            "{name}: no plan can keep all hard rules. What cannot hold together, and what would do: landalloc explain",
            {"name": source.given},
        )
        raise Stopped(Exit.NO_PLAN, why) from None
    except SolverError as error:
        status, why = failure(error)
        raise Stopped(status, Message("{name}: {why}", {"name": source.given, "why": why})) from None
