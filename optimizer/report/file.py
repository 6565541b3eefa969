"""One file of the user's, written anew: whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from ...models.finding import Message
from .folder import FolderError


def put(path: Path, content: bytes, before: bytes) -> None:
    """Put new content in the place of a file that still holds `before`; its links, owner's mode and name stay.

    The new file is written beside the old one and takes its name in one step: whoever looks, and whenever we are
    killed, there is one whole file.

    Raises:
        FolderError: somebody else has written the file meanwhile, or it cannot be written.
    """
    target = Path(os.path.realpath(path))
    name = {"file": str(path)}
    try:
        if target.read_bytes() != before:
            raise FolderError(Message("{file} was changed meanwhile and stays as it is: run the command again", name))
        handle, beside = tempfile.mkstemp(prefix=f".{target.name[:100]}-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            shutil.copymode(target, beside)
            Path(beside).replace(target)
        finally:
            Path(beside).unlink(missing_ok=True)
    except OSError as error:
        names = {**name, "why": error.strerror or str(error)}
        raise FolderError(Message("{file} cannot be written: {why}", names)) from None
