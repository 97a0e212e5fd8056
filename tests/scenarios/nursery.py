"""Workers as processes of their own that are there at once: forked from one that has read the whole program before."""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event

from service.cli.main import main
from service.dispatch.outgoing import _public_authorities
from service.worker import running
from tests.scenarios.dying import arm
from tests.scenarios.mutants import MUTANTS

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__, "service.cli.worker"])
# Read once for all workers: it takes longer than sending a message.
_public_authorities()


class Worker:
    """One `nrm worker`."""

    def __init__(self, environment: Mapping[str, str], *points: str, mutant: str | None = None) -> None:
        """Start it.

        Args:
            environment: what it finds around it.
            points: where it is to die or to stand still.
            mutant: what is taken from the program before it starts.
        """
        self._stands_still = _FORKS.Event()
        told = (dict(environment), points, mutant, self._stands_still)
        self._process: BaseProcess = _FORKS.Process(target=_work, args=told)
        self._process.start()

    def wait_for_death(self) -> None:
        """Wait until it has killed itself."""
        self._process.join(30)
        assert self._process.exitcode == -signal.SIGKILL

    def wait_until_it_stands_still(self) -> None:
        """Wait until it has stopped itself."""
        assert self._stands_still.wait(30)

    def wake(self) -> None:
        """Let it go on where it stood."""
        os.kill(self.pid, signal.SIGCONT)

    def stop(self) -> None:
        """Ask it to stop and wait until it has."""
        self._process.terminate()
        self._process.join(30)
        assert self._process.exitcode == 0

    def kill(self) -> None:
        """End it, whatever it is doing; nothing when it has ended."""
        self._process.kill()
        self._process.join(30)

    @property
    def pid(self) -> int:
        """Give its number."""
        assert self._process.pid is not None
        return self._process.pid


def _work(environment: dict[str, str], points: tuple[str, ...], mutant: str | None, stands_still: Event) -> None:
    os.environ.update(environment)
    vars(running)["sweep"] = _wait
    if mutant is not None:
        MUTANTS[mutant]()
    for point in points:
        arm(point, stands_still.set)
    sys.argv = ["nrm", "worker"]
    main()


async def _wait(_: object, stop: asyncio.Event) -> None:
    """Write nothing beside what is sent: on SQLite, whoever stands still in the middle of writing stops everybody."""
    await stop.wait()
