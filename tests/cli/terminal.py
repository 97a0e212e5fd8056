"""Types commands: in a process of its own as an operator does, or in this one when many are to be typed."""

import io
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from rich.console import RenderableType

from service.cli.main import main
from service.cli.rules_screen import show

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Heard:
    """What a command left behind."""

    code: int
    out: bytes
    err: str

    @property
    def screen(self) -> str:
        """What was printed, as text."""
        return self.out.decode()


def started(
    *words: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None, seconds: float = 60
) -> Heard:
    """Start `nrm` as a program, 80 columns wide and with nobody watching, and wait for its end."""
    done = subprocess.run(
        [sys.executable, "-m", "service", *words],
        cwd=ROOT,
        input=stdin,
        env=around(environment),
        capture_output=True,
        check=False,
        timeout=seconds,
    )
    return Heard(done.returncode, done.stdout, done.stderr.decode())


def nrm(home: Path, *words: str, **variables: str) -> Heard:
    """Type a command in this process, with a home folder and settings of its own."""
    with patch.dict(os.environ, around({"NRM_HOME": str(home), **variables}), clear=True):
        return typed(*words)


def around(settings: Mapping[str, str] | None) -> dict[str, str]:
    """Give the environment of a command: no settings but these, 80 columns wide and with nobody watching."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NRM_", "FORCE_COLOR", "TTY_", "PYTHON"))
    }
    return {**kept, "COLUMNS": "80", **(settings or {})}


def typed(*words: str, stdin: bytes = b"") -> Heard:
    """Run `nrm` in this process: the same command line, without waiting for a program to start."""
    out, err = _paper(), _paper()
    with patch.object(sys, "argv", ["nrm", *words]), patch.object(sys, "stdin", _paper(stdin)), _written(out, err):
        try:
            main()
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 0 if left.code is None else 1
    return Heard(code, out.buffer.getvalue(), err.buffer.getvalue().decode())


def printed(parts: Iterable[RenderableType]) -> str:
    """Show parts of a screen as a command does, and give what was printed."""
    out = _paper()
    with redirect_stdout(out):
        show(parts)
    return out.buffer.getvalue().decode()


class _Paper(io.TextIOWrapper):
    """A stream of text over bytes in memory."""

    buffer: io.BytesIO


def _paper(written: bytes = b"") -> _Paper:
    return _Paper(io.BytesIO(written), encoding="utf-8", newline="", write_through=True)


@contextmanager
def _written(out: _Paper, err: _Paper) -> Iterator[None]:
    with redirect_stdout(out), redirect_stderr(err):
        yield
