"""What README and docs show is what happens: commands are run, scenarios are read and solved, Python is executed.

A page is walked from top to bottom in a folder of its own, which holds inputs/ and what lies in the folder of the
page's name (docs/tutorial/ for docs/tutorial.md):

```yaml that begins with ``name:`` is written there as NAME.yaml, and must be free of errors
```csv whose first line is ``# NAME`` is written there under that name
```console is run, `$` by `$`; what is printed must be what is shown, … standing for lines left out
```python is run, as a doctest where it has prompts
```yaml without ``name:`` in docs/reference.md is added to the first scenario there and solved; the ```text after it is
the outcome, as `outcome` writes it
"""

from __future__ import annotations

import csv
import doctest
import io
import re
import shutil
import typing
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import python_calamine as calamine
from ruamel.yaml import YAML

import landalloc
from landalloc.models import amount, atlas, criterion, plan, project, rule, scenario, tuning, where
from landalloc.models.quantity import MULTIPLIERS, NAMES
from landalloc.optimizer import cli
from landalloc.optimizer.report import csv as csv_report
from landalloc.optimizer.report import xlsx
from landalloc.optimizer.report.words import title

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
REFERENCE = ROOT / "docs" / "reference.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WORDS = {"discuss": "case by case", "inadmissible": "not admissible"}


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[tuple[str, str]]:
    """(language, text) of every block of a page."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def first_difference(shown: list[str], printed: list[str]) -> str | None:
    """The first line shown that was not printed in its place, … standing for any number of lines."""
    at, loose = 0, False
    for line in shown:
        if line == "…":
            loose = True
            continue
        found = next((i for i in range(at, len(printed)) if printed[i].rstrip() == line.rstrip()), None)
        if found is None or (found > at and not loose):
            return line
        at, loose = found + 1, False
    return None if loose or at == len(printed) else "(more was printed)"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a page is worked through, on a screen of 80 columns and in English where nothing else is said."""
    shutil.copytree(ROOT / "inputs", tmp_path / "inputs")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for variable in ("LC_ALL", "LC_MESSAGES", "FORCE_COLOR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    return tmp_path


def write_table(folder: Path, block: str) -> None:
    """A table whose first line is its name after a #."""
    head, _, table = block.partition("\n")
    (folder / head.removeprefix("# ")).write_text(table, encoding="utf-8")


def run_commands(block: str, captured: pytest.CaptureFixture[str]) -> None:
    """Every command of a block must succeed and print what is shown."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *shown = part.replace("\N{THIN SPACE}", " ").rstrip("\n").splitlines()
        words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', command)]
        assert words[0] == "landalloc", command
        captured.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.app(words[1:])
        printed = captured.readouterr()
        assert not ended.value.code, f"{command}: {printed.err}"
        lines = printed.out.replace("\N{THIN SPACE}", " ").strip("\n").splitlines()
        assert first_difference(shown, lines) is None, f"{command}\n" + "\n".join(lines)


def run_python(block: str, names: dict[str, Any], where_: str) -> None:
    """A block with prompts is a doctest, any other is merely run."""
    if ">>>" not in block:
        exec(compile(block, where_, "exec"), names)
        return
    test = doctest.DocTestParser().get_doctest(block, names, where_, None, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    told: list[str] = []
    runner.run(test, out=told.append, clear_globs=False)
    names.update(test.globs)
    assert not told, "".join(told)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_a_page_shows_is_what_happens(
    page: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if page.with_suffix("").is_dir() and page.parent.name == "docs":
        shutil.copytree(page.with_suffix(""), folder, dirs_exist_ok=True)
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, (language, body) in enumerate(blocks(page)):
        if language == "yaml" and body.startswith("name:"):
            path = folder / f"{body.splitlines()[0].removeprefix('name:').strip()}.yaml"
            path.write_text(body, encoding="utf-8")
            assert landalloc.read(path)
        elif language == "csv":
            write_table(folder, body)
        elif language == "console":
            run_commands(body, capsys)
        elif language == "python":
            run_python(body, names, f"{name(page)}, block {number}")


def merged(base: Any, part: Any) -> Any:
    """`part` on top of `base`: mappings key by key, null taking a key away; lists of what has an id or a name entry by
    entry."""
    if isinstance(base, dict) and isinstance(part, dict):
        both = base | {key: merged(base.get(key), value) for key, value in part.items()}
        return {key: value for key, value in both.items() if part.get(key, "") is not None}
    if isinstance(base, list) and isinstance(part, list) and all(isinstance(one, dict) for one in base + part):
        entries = {one.get("id", one.get("name", i)): one for i, one in enumerate(base)}
        for i, one in enumerate(part, len(base)):
            key = one.get("id", one.get("name", i))
            entries[key] = merged(entries.get(key), one)
        return list(entries.values())
    return part


def outcome(path: Path) -> str:
    """What becomes of each project, in the order of the file, and the score; or what is wrong."""
    try:
        result = landalloc.allocate(landalloc.read(path))
    except landalloc.InputError as error:
        return "error: " + "; ".join(str(f.what) for f in error.findings if f.severity == "error")
    except landalloc.NoPlan:
        return "no plan"
    made, ranking = result.allocation.plan, result.ranking
    sits = result.allocation.projects.set_index("id")
    first = [entry["id"] for entry in YAML(typ="safe").load(path)["projects"] if "id" in entry]
    told = []
    for one in [*first, *(one for one in ranking.index if one not in first)]:
        zones = [(zone.name, sits.loc[one, f"share@{zone.name}"]) for zone in made.zones]
        where_ = " + ".join(f"{part:.4g} {zone}" for zone, part in zones if part > 0)
        told.append(f"{one} {WORDS.get(ranking.loc[one, 'decision']) or where_ or f'{ranking.loc[one, "share"]:.4g}'}")
    penalty = f", penalty {result.penalty:.4g}" if result.penalty > 1e-9 else ""
    return f"{', '.join(told)}; score {result.score:.4g}{penalty}"


def examples() -> Iterator[Any]:
    """(scenario so far, part that is added, outcome shown, tables beside it) of every example of the reference."""
    base = ""
    tables: list[str] = []
    found = blocks(REFERENCE) if REFERENCE.exists() else []
    for number, ((language, body), (after, shown)) in enumerate(pairwise([*found, ("", "")])):
        if language == "csv":
            tables = [*tables, body]
        elif language == "yaml" and body.startswith("name:"):
            base = base or body
            yield pytest.param(body, "{}", shown, tables, id=f"{number}-whole")
        elif language == "yaml":
            assert after == "text", f"example without its outcome:\n{body}"
            yield pytest.param(base, body, shown, tables, id=f"{number}-{body.split()[-1][:20]}")


@pytest.mark.parametrize(("base", "part", "shown", "tables"), list(examples()))
def test_an_example_of_the_reference_ends_as_shown(
    base: str, part: str, shown: str, tables: Sequence[str], tmp_path: Path
) -> None:
    for table in tables:
        write_table(tmp_path, table)
    yaml = YAML(typ="safe")
    with (tmp_path / "example.yaml").open("w", encoding="utf-8") as file_:
        yaml.dump(merged(yaml.load(base), yaml.load(part)), file_)
    assert outcome(tmp_path / "example.yaml") == " ".join(shown.split())


KEYS = {
    field
    for noun in (
        amount.Amount, criterion.Criterion, project.Project, project.Table, project.Defaults, scenario.Measure,
        scenario.Zone, scenario.ScenarioFile, rule.Soft, rule.LimitTable, rule.Standard, rule.Bounded, rule.Total,
        rule.Requires, rule.Synergy, rule.EvenUse, rule.Mix, where.Bounds, *rule.KINDS.values(),
    )
    for field, info in noun.model_fields.items()
    if not info.exclude
}  # fmt: skip
CHOICES = {
    choice
    for noun in (criterion.Criterion, rule.Standard, scenario.Measure, scenario.Scenario)
    for info in noun.model_fields.values()
    if typing.get_origin(info.annotation) is typing.Literal
    for choice in typing.get_args(info.annotation)
}


@pytest.mark.parametrize("key", sorted(KEYS | CHOICES | {"not", "id", "zone"}))
def test_the_reference_explains_every_key(key: str) -> None:
    assert re.search(rf"`[^`\n]*\b{re.escape(key)}\b[^`\n]*`", REFERENCE.read_text(encoding="utf-8"))


def test_the_reference_lists_every_spelling_of_every_unit() -> None:
    listed = set(re.findall(r"`([^`\n]+)`", REFERENCE.read_text(encoding="utf-8")))
    spellings = {word for line in NAMES.strip().split("\n") for word in line.partition(": ")[2].split()}
    assert (spellings | MULTIPLIERS.keys()) - listed == set()


def test_every_link_leads_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert "://" in target or (page.parent / target).exists(), f"{page.name}: {target}"


RESULTS = ROOT / "docs" / "results.md"
PARTS = [
    plan.PlanFile, plan.PlannedProject, plan.PlannedMeasure, plan.PlannedZone, plan.PlannedTier,
    plan.PlannedCriterion, plan.Resource, plan.RuleRow, plan.Group, plan.Certificate, plan.Baseline,
    plan.Provenance, plan.Charge, plan.Reason, atlas.Atlas, atlas.AtlasCriterion, atlas.StoredPlan, atlas.Cell,
    tuning.Change, tuning.Range, tuning.Payoff, tuning.Stability, tuning.FrontierPlan, tuning.Frontier, tuning.Decided,
    tuning.Match,
]  # fmt: skip


def test_the_page_on_results_explains_every_field() -> None:
    told = set(re.findall(r"`([^`\n]+)`", RESULTS.read_text(encoding="utf-8")))
    fields = {field for part in PARTS for field in part.model_fields}
    assert (fields | {status.value for status in plan.Status}) - told == set()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_on_results_explains_every_heading(language: typing.Literal["en", "zh"]) -> None:
    told = set(re.findall(r"`([^`\n]+)`", RESULTS.read_text(encoding="utf-8")))
    allocation = landalloc.allocate(landalloc.read(ROOT / "inputs" / "harbour.yaml")).allocation
    heads = {}
    for file, content in csv_report.files(allocation, language).items():
        heads[file] = next(csv.reader(content.decode("utf-8-sig").splitlines()))
    own = [title(noun, language) for noun in (*allocation.plan.measures, *allocation.plan.criteria)]
    own += ["cluster", "stage"]  # attributes
    ours = [head for head in heads["ranking.csv"] if not head.startswith(tuple(own))]
    assert len(ours) == 14
    assert {*ours, *heads["resources.csv"]} - told == set()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_on_results_names_every_sheet(language: typing.Literal["en", "zh"]) -> None:
    told = set(re.findall(r"`([^`\n]+)`", RESULTS.read_text(encoding="utf-8")))
    allocation = landalloc.allocate(landalloc.read(ROOT / "inputs" / "harbour.yaml")).allocation
    with calamine.CalamineWorkbook.from_filelike(io.BytesIO(xlsx.files(allocation, language)["report.xlsx"])) as book:
        assert set(book.sheet_names) - told == set()
