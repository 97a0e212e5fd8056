"""Files that hold keys or cases: readable by their owner alone, whole or not there, and kept through a power cut."""

import os
import threading
from pathlib import Path
from typing import Final

_OWNER_ONLY: Final = 0o600
_OWN_FOLDER: Final = 0o700


def own_folder(folder: Path) -> None:
    """Make a folder for its owner alone, and those above it that are missing; what is there stays as it is.

    Args:
        folder: where.
    """
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        missing.mkdir(mode=_OWN_FOLDER, exist_ok=True)


def make_empty(file: Path) -> None:
    """Make an empty file for its owner alone unless it is there.

    Args:
        file: where; its folder is made for its owner alone.
    """
    own_folder(file.parent)
    # Opening and closing a file that is in use would take away its locks.
    if not file.exists():
        file.touch(mode=_OWNER_ONLY)


def make_once(file: Path, text: str) -> bool:
    """Write a file for its owner alone unless it is there; of two processes at once, one writes.

    Args:
        file: where; its folder is made for its owner alone.
        text: the content, ASCII.

    Returns:
        Whether this call made it.
    """
    draft = _draft(file, text)
    try:
        os.link(draft, file)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    _keep_folder(file)
    return True


def put_in_place(file: Path, text: str) -> None:
    """Write a file for its owner alone, whole or not at all, over whatever was there.

    Args:
        file: where; its folder is made for its owner alone.
        text: the content, ASCII.
    """
    _draft(file, text).replace(file)
    _keep_folder(file)


def _draft(file: Path, text: str) -> Path:
    own_folder(file.parent)
    draft = file.with_name(f".{file.name}.{os.getpid()}.{threading.get_ident()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return draft


def _keep_folder(file: Path) -> None:
    """Make sure that a power cut does not take the file's name away; a lost key loses every case under it."""
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
