"""The walls of the house: one installed name, who may import whom, and how large a room may grow."""

import ast
import doctest
import importlib
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import landalloc

ROOT = Path(__file__).resolve().parent.parent
MODELS = sorted((ROOT / "models").rglob("*.py"))
OPTIMIZER = sorted((ROOT / "optimizer").rglob("*.py"))
ROOMS = [ROOT / "__init__.py", *MODELS, *OPTIMIZER]
SOLVERS = {"pulp", "highspy"}
DOORS = [ROOT / "optimizer" / name for name in ("solve.py", "engine.py")]  # the first solve, and the ones after it
LARGEST_FILE = 450  # about 400 is the aim; the rest is room to finish a sentence


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_name(path: Path) -> str:
    parts = ("landalloc", *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@dataclass(frozen=True)
class Import:
    name: str  # absolute; `from . import a` names the package and, as it may be a module, package.a
    line: int
    in_function: bool

    @property
    def ours(self) -> bool:
        return self.within("landalloc")

    def within(self, package: str) -> bool:
        return self.name == package or self.name.startswith(package + ".")


def imports(source: str, package: str) -> list[Import]:
    """Every import of a source that stands in `package`, also those for types only and those by a call."""
    return list(_imports(ast.parse(source), package, in_function=False))


def _imports(node: ast.AST, package: str, in_function: bool) -> Iterator[Import]:
    for name in _imported_names(node, package):
        yield Import(name, getattr(node, "lineno", 0), in_function)
    inside = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for child in ast.iter_child_nodes(node):
        yield from _imports(child, package, inside)


def _imported_names(node: ast.AST, package: str) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=module, names=names, level=level):
            up = package.split(".")[: len(package.split(".")) - level + 1] if level else []
            base = ".".join([*up, *([module] if module else [])])
            return [base, *(f"{base}.{alias.name}" for alias in names)]
        case ast.Call(
            func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            return [importlib.util.resolve_name(name, package)]
    return []


def imports_of(path: Path) -> list[Import]:
    package = ".".join(("landalloc", *path.parent.relative_to(ROOT).parts))
    return imports(path.read_text(encoding="utf-8"), package)


def reached_from(path: Path) -> set[str]:
    """Names of our modules that importing this file brings along, directly or by others."""
    files = {module_name(room): room for room in ROOMS}
    reached: set[str] = set()
    ahead = [path]
    while ahead:
        names = {found.name for found in imports_of(ahead.pop())} & files.keys()
        ahead += [files[name] for name in sorted(names - reached)]
        reached |= names
    return reached


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import pulp", "pulp"),
        ("import pulp.apis as p", "pulp.apis"),
        ("from ..optimizer.solve import solve", "landalloc.optimizer.solve"),
        ("from ..optimizer import solve", "landalloc.optimizer.solve"),
        ("from .. import optimizer", "landalloc.optimizer"),
        ("from landalloc.optimizer import read", "landalloc.optimizer.read"),
        ("def f():\n    import pulp", "pulp"),
        ("if TYPE_CHECKING:\n    from highspy import Highs", "highspy"),
        ("importlib.import_module('pulp')", "pulp"),
        ("lambda: import_module('..optimizer.read', __package__)", "landalloc.optimizer.read"),
        ("__import__('highspy')", "highspy"),
    ],
)
def test_no_way_of_importing_is_overlooked(source: str, expected: str) -> None:
    assert expected in {found.name for found in imports(source, "landalloc.models")}


def test_imports_know_whether_they_stand_in_a_function() -> None:
    found = imports("import a\nclass C:\n    import b\n    def f(self):\n        import c", "landalloc.models")
    assert {one.name: one.in_function for one in found} == {"a": False, "b": False, "c": True}


def test_the_wings_are_not_empty() -> None:
    assert ROOT / "models" / "__init__.py" in MODELS
    assert ROOT / "optimizer" / "cli.py" in OPTIMIZER


@pytest.mark.parametrize("path", MODELS, ids=place)
def test_models_know_no_verb_no_table_no_solver_and_no_file(path: Path) -> None:
    shut = ["landalloc.optimizer", "pandas", *SOLVERS, "ruamel", "python_calamine", "typer", "rich"]
    assert [found for found in imports_of(path) if any(found.within(name) for name in shut)] == []


@pytest.mark.parametrize("path", [path for path in ROOMS if path not in DOORS], ids=place)
def test_only_solve_imports_a_solver(path: Path) -> None:
    assert [found for found in imports_of(path) if any(found.within(name) for name in SOLVERS)] == []


@pytest.mark.parametrize(
    "path",
    [path for path in OPTIMIZER if path.name == "certify.py" or "report" in path.relative_to(ROOT).parts],
    ids=place,
)
def test_certificate_and_reports_do_not_reach_the_solver(path: Path) -> None:
    assert "landalloc.optimizer.solve" not in reached_from(path)


@pytest.mark.parametrize("path", MODELS + OPTIMIZER, ids=place)
def test_no_function_imports_a_module_of_ours(path: Path) -> None:
    sent = {"landalloc.optimizer.crew.work"} if path.name == "cluster.py" else set()  # where landalloc may not be
    assert [found for found in imports_of(path) if found.ours and found.in_function and found.name not in sent] == []


@pytest.mark.parametrize("path", ROOMS, ids=place)
def test_no_room_is_too_large(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LARGEST_FILE


@pytest.mark.parametrize("path", ROOMS, ids=place)
def test_examples_in_docstrings(path: Path) -> None:
    # Imported by name, as users do: collected by path, the root package would be named like the folder.
    module = importlib.import_module(module_name(path))
    assert module.__file__ == str(path), "the tests run another checkout's landalloc: uv sync"
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("name", ["models", "optimizer", "inputs", "report"])
def test_only_one_name_is_installed(name: str, tmp_path: Path) -> None:
    # Isolated (-I): neither this folder nor PYTHONPATH helps, what is found is what was installed.
    code = f"import importlib.util, landalloc.models; print(importlib.util.find_spec({name!r}))"
    ran = subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "None"


def test_a_folder_of_the_same_name_beside_the_user_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "__init__.py").write_text("THEIRS = True", encoding="utf-8")
    code = "import landalloc.models, models; print(models.THEIRS, landalloc.models.__name__)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True", "landalloc.models"]


def test_the_door_tells_the_version_and_nothing_it_does_not_have() -> None:
    assert landalloc.__version__.count(".") == 2
    with pytest.raises(AttributeError, match="no attribute 'modles'"):
        landalloc.modles  # noqa: B018
