"""What processes asked the system to do and when, as strace writes it down: one file for each process and thread."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MISSING = "This test watches system calls with strace: sudo apt-get install strace"

_CALLS = "trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg"
_LINE = re.compile(r"(?P<began>\d+\.\d+) (?P<said>.+) = \S+.*<(?P<took>\d+\.\d+)>")


@dataclass(frozen=True)
class Call:
    """One call: whose it was, when it began and ended in seconds of real time, and what it said."""

    whose: str
    began: float
    ended: float
    said: str


def watched(notes: Path) -> tuple[str, ...]:
    """Give the beginning of a command that notes the calls of the rest of it and of all that it starts.

    The rest is the child of whoever runs the command, and strace stands beside it: signals reach the program itself.

    Args:
        notes: a new folder, which another account may write into.
    """
    strace = shutil.which("strace")
    assert strace, MISSING
    notes.mkdir()
    notes.chmod(0o777)
    return (strace, "-D", "-ff", "-qq", "-ttt", "-T", "-y", "-s", "24", "-e", _CALLS, "-o", str(notes / "calls"))


def calls_in(notes: Path) -> list[Call]:
    """Read what was noted; a call that never ended is left out."""
    return [call for file in notes.iterdir() for call in _read(file)]


def _read(file: Path) -> Iterator[Call]:
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        found = _LINE.fullmatch(line)
        if found is not None:
            began = float(found["began"])
            yield Call(file.name, began, began + float(found["took"]), found["said"])
