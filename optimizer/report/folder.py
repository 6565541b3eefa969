"""A folder of results, written whole or not at all.

The new folder is built beside the old one and takes its place in one step, so that whoever looks, and whenever a run
is killed, finds one whole result. What others put into the folder stays in it.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ...models.finding import Message

COMPARED = frozenset(["compare.json", "compare.html", "compare.xlsx", "compare-projects.csv", "compare-totals.csv"])
"""What `landalloc compare` writes."""
OURS = frozenset(
    [
        "plan.json",
        "projects.csv",
        "ranking.csv",
        "resources.csv",
        "report.html",
        "report.xlsx",
        "explain.json",
        "takes.csv",
        "reserve.csv",
        "prices.csv",
        "rules.csv",
        "atlas.json",
        "atlas.html",
        "elicit.json",
        "match.html",
        "match.json",
        "pareto.csv",
        "pareto.html",
        "pareto.json",
        "stability.csv",
        "stability.html",
        "stability.json",
        "sweep.csv",
        "sweep.html",
        "sweep-projects.csv",
        *COMPARED,
    ]
)
"""Names that a result may have; those that a new result does not have are gone with the old one."""
ANSWERS = OURS - {"plan.json", "projects.csv", "ranking.csv", "resources.csv", "report.html", "report.xlsx"}
"""What may stand in a folder before there is a plan in it."""
Content = bytes | Iterable[bytes]
"""Of a file: as a whole, or part by part, worked out while it is written."""
LARGEST_HEAD = 1 << 20
"""Bytes of a plan.json that are enough to tell whose it is."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says where there is no room."""
_NEW, _OLD = ".landalloc-new-", ".landalloc-old-"


@dataclass(frozen=True, slots=True)
class Stream:
    """A file part by part, made anew for whoever asks."""

    parts: Callable[[], Iterator[bytes]]

    def __iter__(self) -> Iterator[bytes]:
        return self.parts()


class FolderError(Exception):
    """The folder cannot be written; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


def check(directory: Path) -> None:
    """See, before anything is computed, that results can be written there.

    Raises:
        FolderError: it is a file, somebody's folder with other things in it, or cannot be written.
    """
    target = _target(directory)
    with _told(directory):
        there = next(parent for parent in target.parents if parent.exists())
        if there != target.parent:  # nothing is made before there is something to put into it
            tempfile.TemporaryFile(dir=there).close()
            return
    with _told(directory), _locked(target.parent):
        _recover(target)
        _refuse(target, directory)
        probe = tempfile.mkdtemp(prefix=_prefix(target, _NEW), dir=target.parent)
        Path(probe).rmdir()


def write(directory: Path, files: Mapping[str, Content], drop: Collection[str] = OURS) -> None:
    """Replace the result in a folder by these files: name -> content. Other files stay, but for those in `drop`.

    Raises:
        FolderError: as `check`, or the disk is full.
    """
    target = _target(directory)
    with _told(directory), _locked(target.parent):
        _recover(target)
        _refuse(target, directory)
        new = Path(tempfile.mkdtemp(prefix=_prefix(target, _NEW), dir=target.parent))
        try:
            _fill(new, files)
            if target.exists():
                _keep(target, new, {*files, *drop})
            else:
                new.chmod(0o777 & ~_umask())
            _sync_folder(new)
            _take_place(new, target)
        finally:
            shutil.rmtree(new, ignore_errors=True)
        _sync_folder(target.parent)


def _target(directory: Path) -> Path:
    """The real place: a link stays a link to it."""
    target = Path(os.path.realpath(directory))
    if target in (Path.cwd(), *Path.cwd().parents) or os.path.ismount(target):
        message = Message("{folder} cannot be replaced as a whole: name a folder inside it", {"folder": str(directory)})
        raise FolderError(message)
    return target


@contextmanager
def _told(directory: Path) -> Iterator[None]:
    """Whatever the system refuses, as a sentence."""
    try:
        yield
    except OSError as error:
        name = {"folder": str(directory), "why": error.strerror or str(error)}
        if error.errno in FULL:
            message = Message(
                "no room on the disk: {folder} stays as it was ({why}). Make room, or name a folder elsewhere with -o",
                name,
            )
        elif isinstance(error, PermissionError) or error.errno == errno.EROFS:
            message = Message("nothing may be written to {folder} ({why}): name another folder with -o", name)
        else:
            message = Message("{folder} cannot be written ({why}): name another folder with -o", name)
        raise FolderError(message) from None


@contextmanager
def _locked(parent: Path) -> Iterator[None]:
    """One writer at a time in a folder of results; the lock goes with the process, however that ends."""
    parent.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(parent, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network drives have no locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _recover(target: Path) -> None:
    """Clear away what a killed run left, and put back a folder that it had moved aside."""
    for left in sorted(target.parent.glob(f"{_prefix(target, _OLD)}*")):
        if not target.exists():
            left.rename(target)
        else:
            shutil.rmtree(left, ignore_errors=True)
    for left in target.parent.glob(f"{_prefix(target, _NEW)}*"):
        shutil.rmtree(left, ignore_errors=True)


def _prefix(target: Path, kind: str) -> str:
    """How the folders beside the target are called: by a digest, for the target's own name may be as long as it can."""
    return f"{kind}{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:12]}-"


def _refuse(target: Path, directory: Path) -> None:
    """Never replace what is not a result."""
    name = {"folder": str(directory)}
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise FolderError(Message("{folder} is a file: name another folder with -o", name))
    if any(path.name not in ANSWERS for path in target.iterdir()) and not is_result(target):
        raise FolderError(
            Message("{folder} holds other things and no result of landalloc: name another folder with -o", name)
        )


def is_result(directory: Path) -> bool:
    """Whether a folder holds a plan or a comparison as landalloc writes it: its first line and a key tell."""
    return _begins(directory / "plan.json", b"name", b"status") or _begins(
        directory / "compare.json", b"measures", b"zones"
    )


def _begins(path: Path, first: bytes, further: bytes) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(LARGEST_HEAD)
    except OSError:
        return False
    return head.startswith(b'{\n"' + first + b'": ') and b'\n"' + further + b'": ' in head


def _fill(folder: Path, files: Mapping[str, Content]) -> None:
    for name, content in files.items():
        with (folder / name).open("xb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
            file.flush()
            os.fsync(file.fileno())


def _keep(old: Path, new: Path, ours: Collection[str]) -> None:
    """What others put into the old folder, in the new one too: as links where the system has them, else as copies."""
    for found in old.iterdir():
        if found.name in ours:
            continue
        if found.is_dir() and not found.is_symlink():
            shutil.copytree(found, new / found.name, symlinks=True, copy_function=_link)
        else:
            _link(str(found), str(new / found.name))
    shutil.copystat(old, new)


def _link(source: str, to: str) -> str:
    try:
        os.link(source, to, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(source, to, follow_symlinks=False)
    return to


def _take_place(new: Path, target: Path) -> None:
    """Put the new folder in place of the old, which is then where the new one was."""
    if not target.exists():
        new.rename(target)
        return
    if _exchange is not None and _exchange(new, target):
        return
    # The next best: for an instant there is no folder, and `_recover` puts the old one back if we die just then.
    aside = new.with_name(new.name.replace(_NEW, _OLD))
    target.rename(aside)
    try:
        new.rename(target)
    except OSError:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _exchanger() -> Callable[[Path, Path], bool] | None:
    """The system's call that swaps two names at once, where there is one: Linux and macOS."""
    name, here, flag = {"linux": ("renameat2", -100, 2), "darwin": ("renameatx_np", -2, 2)}.get(
        sys.platform, ("", 0, 0)
    )
    call = getattr(ctypes.CDLL(None), name, None) if name else None
    if call is None:
        return None
    call.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    call.restype = ctypes.c_int
    return lambda one, other: call(here, os.fsencode(one), here, os.fsencode(other), flag) == 0


_exchange = _exchanger()


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder last, where a folder can be opened."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
