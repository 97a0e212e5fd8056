"""The processes of a rehearsal: started with their own settings, waited for until they answer, always stopped."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import ClassVar, Final, TypeVar

import httpx

from service.kernel.errors import DomainError, Kind

Seen = TypeVar("Seen")

_PATIENCE: Final = 60.0
_LOOK_AGAIN: Final = 0.25
_STOP_WITHIN: Final = 10.0


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


@contextmanager
def running(commands: Mapping[str, Sequence[str]], environment: Mapping[str, str], logs: Path) -> Iterator[None]:
    """Run commands of `nrm` beside each other, and stop them all at the end.

    Args:
        commands: the words of each command, by the name of its log file.
        environment: every variable that they find.
        logs: folder for what they print.
    """
    with ExitStack() as stack:
        for name, words in commands.items():
            log = stack.enter_context((logs / f"{name}.log").open("wb"))
            command = [sys.executable, "-m", "service", *words]
            process = subprocess.Popen(
                command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            stack.callback(_stop, process)
        yield


def answers(url: str) -> bool:
    """Tell whether a server answers at an address."""
    try:
        return httpx.get(url, trust_env=False, timeout=1.0).is_success
    except httpx.HTTPError:
        return False


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


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
