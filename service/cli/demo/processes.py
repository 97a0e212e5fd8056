"""The processes of a rehearsal: started with their own settings, waited for until they answer, always stopped."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Final, TypeVar

import httpx

from service.kernel.errors import DomainError, Kind

Seen = TypeVar("Seen")

_PATIENCE: Final = 60.0
_LOOK_AGAIN: Final = 0.1
_STOP_WITHIN: Final = 15.0


class DidNotHappen(DomainError):
    """Something that the rehearsal waited for did not come."""

    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    code: ClassVar[str] = "did-not-happen"
    title: ClassVar[str] = "The rehearsal waited in vain"


def free_port() -> int:
    """Ask the machine for a TCP port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Processes:
    """Programs beside each other, each with a log of its own."""

    def __init__(self, logs: Path) -> None:
        """Start with none.

        Args:
            logs: folder for what they print.
        """
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, module: str, words: Sequence[str], environment: Mapping[str, str]) -> None:
        """Run a Python module as a program.

        Args:
            name: how its log is called.
            module: which module.
            words: its command line.
            environment: every variable that it finds.
        """
        with (self._logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def stop(self, *names: str) -> None:
        """Ask programs to stop, all at once, and wait until they have; one that does not is killed."""
        stopping = [self._running.pop(name) for name in names]
        for process in stopping:
            process.terminate()
        for process in stopping:
            try:
                process.wait(_STOP_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def stop_all(self) -> None:
        """Stop whatever still runs."""
        self.stop(*self._running)


@contextmanager
def processes(logs: Path) -> Iterator[Processes]:
    """Give a place for programs, all of which are stopped at the end.

    Args:
        logs: folder for what they print.
    """
    started = Processes(logs)
    try:
        yield started
    finally:
        started.stop_all()


def answers(url: str) -> bool:
    """Tell whether a server answers at an address."""
    try:
        return httpx.get(url, trust_env=False, timeout=1.0).is_success
    except httpx.HTTPError:
        return False


def fetched(url: str) -> bytes | None:
    """Give what a server answers; nothing when it has nothing there.

    Args:
        url: where.
    """
    answer = httpx.get(url, trust_env=False, timeout=10.0)
    return answer.content if answer.is_success else None


def wait_for(look: Callable[[], Seen | None], what: str) -> Seen:
    """Look until there is something to see.

    Args:
        look: gives something true once it has happened.
        what: what is waited for, in words.

    Raises:
        DidNotHappen: it took too long.
    """
    deadline = time.monotonic() + _PATIENCE
    tick = threading.Event()
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise DidNotHappen(f"in {_PATIENCE:.0f} seconds this did not happen: {what}")
        tick.wait(_LOOK_AGAIN)
    return seen
