"""Runs the loops until they are told to stop: in a process of their own, or in a thread beside the API."""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable

from service.worker.loop import Deliveries, deliver
from service.worker.sealing import seal
from service.worker.sweeping import sweep
from service.worker.waking import wake

_log = logging.getLogger(__name__)


async def work(deliveries: Deliveries, stop: asyncio.Event) -> None:
    """Run every loop until told to stop; when one dies, all end, because half a worker looks like a whole one.

    Args:
        deliveries: what to work with.
        stop: set when nothing new may be started.
    """
    async with asyncio.TaskGroup() as loops:
        loops.create_task(deliver(deliveries, stop))
        loops.create_task(wake(deliveries.context, stop))
        loops.create_task(seal(deliveries.context, stop))
        loops.create_task(sweep(deliveries.context, stop))


def work_until_signalled(deliveries: Deliveries, ready: Callable[[], None]) -> None:
    """Run the loops in this process until SIGTERM or SIGINT.

    Args:
        deliveries: what to work with.
        ready: called once when signals are listened for.
    """

    async def until_signalled() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        ready()
        await work(deliveries, stop)

    asyncio.run(until_signalled())


class WorkerInside:
    """The loops in a thread with an event loop of its own, so that neither can hold up the API's."""

    def __init__(self, deliveries: Deliveries) -> None:
        """Prepare; nothing runs yet.

        Args:
            deliveries: what to work with; its pulse says how the thread is.
        """
        self._deliveries = deliveries
        self._thread = threading.Thread(target=self._run, name="worker")
        self._has_begun = threading.Event()
        self._tell: Callable[[], object] = lambda: None

    def start(self) -> None:
        """Start the loops, and go on when they can be told to stop."""
        self._deliveries.pulse.beat()
        self._thread.start()
        self._has_begun.wait()

    def tell_to_stop(self) -> None:
        """Let the loops start nothing new; does not wait, and may be said twice."""
        self._tell()

    def stop(self) -> None:
        """Let the loops finish what is under way, which an attempt's deadline bounds, and wait until they have."""
        self.tell_to_stop()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._work())
        except BaseException as failure:  # noqa: BLE001 -- a thread has nobody above it who would hear of it
            _log.error("the worker has died and nothing is sent: %s", type(failure).__name__)
        finally:
            self._tell = lambda: None
            self._deliveries.pulse.end()
            self._has_begun.set()

    async def _work(self) -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        self._tell = lambda: loop.call_soon_threadsafe(stop.set)
        self._has_begun.set()
        await work(self._deliveries, stop)
