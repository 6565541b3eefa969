"""What README and docs show is what happens: commands are run, scenarios are read and solved."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from landalloc.optimizer.read import read

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LANDALLOC = "import sys; from landalloc.optimizer.cli import main; sys.argv[0] = 'landalloc'; main()"


def blocks(language: str) -> list[object]:
    """The blocks of a language in every page, named by page and number."""
    return [
        pytest.param(body, id=f"{page.relative_to(ROOT)}-{number}")
        for page in PAGES
        for number, (kind, body) in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")))
        if kind == language
    ]


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


def run(command: str, folder: Path) -> list[str]:
    """What a command prints; it must succeed."""
    words = re.findall(r'"[^"]*"|\S+', command)
    assert words[0] == "landalloc"
    done = subprocess.run(
        [sys.executable, "-c", LANDALLOC, *(w.strip('"') for w in words[1:])],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "80"},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip("\n").splitlines()


@pytest.mark.parametrize("block", blocks("console"))
def test_commands_print_what_is_shown(block: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "inputs", tmp_path / "inputs")
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *shown = part.rstrip("\n").splitlines()
        printed = run(command, tmp_path)
        assert first_difference(shown, printed) is None, "\n".join(printed)


@pytest.mark.parametrize("block", blocks("yaml"))
def test_whole_scenarios_are_right(block: str, tmp_path: Path) -> None:
    if not block.startswith("name:"):
        pytest.skip("a part of a scenario")
    (tmp_path / "scenario.yaml").write_text(block, encoding="utf-8")
    assert read(tmp_path / "scenario.yaml").scenario.name


def test_every_link_leads_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert "://" in target or (page.parent / target).exists(), f"{page.name}: {target}"
