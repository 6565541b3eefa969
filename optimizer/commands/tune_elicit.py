"""`landalloc tune elicit`: weights of the criteria from judgements or data, and back into the scenario file."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from ...models.elicitation import Elicitation, Method
from ...models.finding import InputError, Message
from ..read import Reading, read
from ..reading.findings import Findings, listed
from ..reading.judgements import Names
from ..reading.weights import CannotWrite, lacking, rewritten
from ..report import elicited, folder
from ..report import file as report_file
from ..report.numbers import Language
from ..tuning import elicit
from ..tuning.elicit import Derived
from ..tuning.elicit_data import NothingToTell
from ..tuning.elicit_judged import Given, derive
from . import screen
from .outcome import Exit, Stopped
from .solve import folder_name

RANK = "rank-order"
DATA = ("entropy", "critic")


def run(
    scenario: Path,
    method: Method | None,
    pairs: Sequence[str],
    files: Sequence[Path],
    best: str | None,
    worst: str | None,
    best_to: Sequence[str],
    to_worst: Sequence[str],
    rank: str | None,
    swing: Sequence[str],
    points: Sequence[str],
    write: bool,
    output: Path | None,
    lang: Language | None,
) -> Exit:
    """Elicit; see `cli_tune.elicit` for the options."""
    language = screen.language_of(scenario, lang)
    given = Given(
        tuple(pairs), tuple(files), best, worst, tuple(best_to), tuple(to_worst), rank, tuple(swing), tuple(points)
    )
    method = method_of(method, given)
    for file in files:
        _see(file)
    before = b""
    with contextlib.suppress(OSError):  # reading it tells why
        before = scenario.read_bytes()
    try:
        reading = read(scenario, weightless=True)
    except InputError as error:
        screen.show(error.findings, language)
        return Exit.INPUT
    language = lang or reading.scenario.language
    target = output or Path("results") / folder_name(reading.scenario.name, None)
    folder.check(target)
    found = Findings()
    derived = _derived(method, given, reading, found)
    screen.show(found.items, language)
    if derived is None:
        return Exit.INPUT
    result = _result(method, reading, derived)
    new = _written(before, result) if write else None
    folder.write(target, elicited.files(result), drop=())
    if new is not None and new != before:
        report_file.put(scenario, new, before)
    elicited.show(result, screen.out(), language, str(scenario) if write else None)
    return Exit.DONE


def _see(file: Path) -> None:
    """Whether a file of judgements can be read at all."""
    try:
        file.open("rb").close()
    except OSError as error:
        names = {"file": str(file), "why": error.strerror or str(error)}
        raise Stopped(Exit.USAGE, Message("{file} cannot be read: {why}", names)) from None


def method_of(method: Method | None, given: Given) -> Method:
    """The method that is asked for, or that the judgements belong to.

    Raises:
        Stopped: they belong to several, to another one, or there are none.
    """
    said: dict[Method, tuple[str, object]] = {
        "ahp": ("--pairs", given.pairs),
        "bwm": ("--best, --worst, --best-to, --to-worst", given.best or given.worst or given.best_to or given.to_worst),
        "rank-order": ("--rank", given.rank),
        "swing": ("--swing", given.swing),
        "points": ("--points", given.points),
    }
    kinds = [kind for kind, (_, value) in said.items() if value]
    options = tuple(said[kind][0] for kind in kinds)
    if len(kinds) > 1:
        message = Message("{options} belong to different methods: give the judgements of one", {"options": options})
        raise Stopped(Exit.USAGE, message)
    kind: Method | None = kinds[0] if kinds else "ahp" if given.files else None
    wanted = method or kind
    if wanted is None or (kind is None and wanted not in DATA):
        raise Stopped(
            Exit.USAGE,
            Message(
                "there is nothing to take weights from: give --pairs, --best and --worst, --rank, --swing, --points "
                "or --from FILE, or --method entropy or critic"
            ),
        )
    family = RANK if wanted.startswith("rank") else wanted
    if (kinds and family != kinds[0]) or (kind is not None and wanted in DATA):
        names = {"options": options or ("--from",), "method": str(wanted)}
        raise Stopped(Exit.USAGE, Message("{options} does not belong to --method {method}", names))
    return wanted


def _derived(method: Method, given: Given, reading: Reading, found: Findings) -> Derived | None:
    """Weights from the judgements or the data; None with the reasons among the findings."""
    criteria = reading.base_scenario.criteria
    if method not in DATA:
        return derive(method, given, Names(list(criteria), {n: one.title for n, one in criteria.items()}, found))
    place = reading.places["criteria"]
    try:
        derived = elicit.from_data(method, reading.base_scenario, reading.base_candidates)
    except NothingToTell:
        found.add("data-nothing", place)
        return None
    if derived.flat:
        found.add("data-flat", place, names=listed(derived.flat))
    return derived


def _result(method: Method, reading: Reading, derived: Derived) -> Elicitation:
    without = lacking(reading.places.root)
    criteria = reading.base_scenario.criteria
    present = {name: None if name in without else one.weight for name, one in criteria.items()}
    titles = {name: one.title for name, one in criteria.items()}
    return elicit.elicitation(method, titles, present, derived)


def _written(before: bytes, result: Elicitation) -> bytes:
    """The bytes of the scenario with the weights in it; a mark of byte order stays."""
    changed = {one.criterion: f"{one.elicited:g}" for one in result.weights if one.present != one.elicited}
    try:
        new = rewritten(before.decode("utf-8-sig"), changed)
    except CannotWrite as error:
        raise Stopped(Exit.INPUT, error.message) from None
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    return mark + new.encode()
