"""report.xlsx worked out again by LibreOffice, without the values that we stored: every formula comes to our number."""

import os
import re
import shutil
import subprocess
from io import BytesIO
from itertools import product
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
import sample

from landalloc.optimizer.allocation import Allocation
from landalloc.optimizer.pipeline import allocate
from landalloc.optimizer.read import read
from landalloc.optimizer.report import xlsx
from landalloc.optimizer.solve import Limits

INPUTS = Path(__file__).resolve().parent.parent / "inputs"
SCENARIOS = sorted(path.stem for path in INPUTS.glob("*.yaml"))
CASES = [*product(SCENARIOS, ("zh",)), ("harbour", "en"), ("sample", "zh"), ("sample", "en")]
NEEDED = "LANDALLOC_NEEDS_OFFICE"
"""Set where LibreOffice must be there: CI."""
SECONDS = 180
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
_FORMULA = re.compile(r'(<c r="[A-Z]+\d+"[^>]*?)( t="str")?(><f>.*?</f>)<v>[^<]*</v>')


def allocation(name: str) -> Allocation:
    if name == "sample":
        return sample.allocation({"jinglu": '=HYPERLINK("http://example.org","x")', "beiben": "很长" * 150})
    return allocate(read(INPUTS / f"{name}.yaml"), Limits(), language="zh")


def without_values(data: bytes) -> tuple[bytes, int]:
    """The workbook with every stored value of a formula taken out, and how many there were."""
    out, count = BytesIO(), 0
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text, found = _FORMULA.subn(r"\1\3", part.decode())
                part, count = text.encode(), count + found
            new.writestr(name, part)
    return out.getvalue(), count


@pytest.fixture(scope="module")
def office() -> str:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None and os.environ.get(NEEDED):
        pytest.fail(f"{NEEDED} is set, and there is no LibreOffice: install libreoffice-calc-nogui")
    if found is None:
        pytest.skip("no LibreOffice here to work the formulas out again: install libreoffice-calc-nogui")
    return found


@pytest.fixture(scope="module")
def recalculated(office: str, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[bytes, bytes]]:
    """Case -> the workbook as we wrote it, and as LibreOffice worked it out."""
    home = tmp_path_factory.mktemp("office")
    (home / "profile" / "user").mkdir(parents=True)
    (home / "profile" / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    written = {}
    solved = {name: allocation(name) for name, _ in CASES}
    for name, language in CASES:
        written[name, language] = xlsx.files(solved[name], language)[xlsx.NAME]
        bare, count = without_values(written[name, language])
        assert count > 100
        (home / f"{name}-{language}.xlsx").write_bytes(bare)
    command = [office, f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx"]
    files = [str(home / f"{name}-{language}.xlsx") for name, language in CASES]
    ran = subprocess.run(
        [*command, "--outdir", str(home / "out"), *files], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return {(n, lang): (written[n, lang], (home / "out" / f"{n}-{lang}.xlsx").read_bytes()) for n, lang in CASES}


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_every_formula_comes_to_our_number(
    case: tuple[str, str], recalculated: dict[tuple[str, str], tuple[bytes, bytes]]
) -> None:
    ours, theirs = recalculated[case]
    live = openpyxl.load_workbook(BytesIO(ours))
    stored = openpyxl.load_workbook(BytesIO(ours), data_only=True)
    again = openpyxl.load_workbook(BytesIO(theirs), data_only=True)
    assert again.sheetnames == stored.sheetnames
    wrong, seen = [], 0
    for paper in live:
        for cell in (cell for row in paper.iter_rows() for cell in row if cell.data_type == "f"):
            mine, found = (book[paper.title][cell.coordinate].value for book in (stored, again))
            seen += 1
            if mine != (found if isinstance(mine, str) else pytest.approx(found, rel=1e-9, abs=1e-9)):
                wrong.append(f"{paper.title}!{cell.coordinate} {cell.value}: {mine!r}, worked out {found!r}")
    assert not wrong
    assert seen > 100
