"""Sends whatever is due, several partners at once, until it is told to stop; then it finishes what is under way."""

import asyncio
import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from service.casework.context import Context
from service.casework.deliver_referrals import Instead, Sending, prepare, record, until_due
from service.dispatch.parcel import Send
from service.worker.sealing import seal
from service.worker.sweeping import sweep

LONGEST_PAUSE: Final = 0.5
"""Seconds after which the loop looks again although nothing was said to be due: another process may have queued."""

_SHORTEST_PAUSE: Final = 0.05
_AT_ONCE: Final = 8

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Deliveries:
    """What the loop works with.

    Attributes:
        context: the service's own, as a caller that may deliver.
        send: one attempt over the wire.
        lease: how long a claimed lane is ours; at least twice the deadline of `send`.
        longest_pause: seconds after which to look again at the latest.
    """

    context: Context
    send: Send
    lease: timedelta
    longest_pause: float = LONGEST_PAUSE


def work_until_told_to_stop(deliveries: Deliveries, ready: Callable[[], None]) -> None:
    """Run the loops in this process until SIGTERM or SIGINT.

    Args:
        deliveries: what to work with.
        ready: called once when signals are listened for.
    """

    async def work() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        ready()
        async with asyncio.TaskGroup() as loops:
            loops.create_task(deliver(deliveries, stop))
            loops.create_task(seal(deliveries.context, stop))
            loops.create_task(sweep(deliveries.context, stop))

    asyncio.run(work())


async def deliver(deliveries: Deliveries, stop: asyncio.Event) -> None:
    """Send whatever is due until told to stop, then wait for what is under way.

    Args:
        deliveries: what to work with.
        stop: set when nothing new may be started.
    """
    under_way: set[asyncio.Task[None]] = set()
    stopping = asyncio.create_task(stop.wait())
    while not stop.is_set():
        pause = await _start_what_is_due(deliveries, under_way, stop)
        await asyncio.wait({stopping, *under_way}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
        under_way = {task for task in under_way if not task.done()}
    await stopping
    await asyncio.gather(*under_way)


async def _start_what_is_due(deliveries: Deliveries, under_way: set[asyncio.Task[None]], stop: asyncio.Event) -> float:
    """Start as many sendings as there is room for; give the seconds until it is worth looking again."""
    try:
        while len(under_way) < _AT_ONCE and not stop.is_set():
            # Looking first keeps an idle worker from taking the writer's turn.
            wait = await asyncio.to_thread(until_due, deliveries.context)
            if wait is None or wait:
                return deliveries.longest_pause if wait is None else _bounded(deliveries, wait)
            prepared = await asyncio.to_thread(prepare, deliveries.context, deliveries.lease)
            if prepared is Instead.NOTHING_DUE:
                # Another worker was quicker and is just claiming it.
                return _SHORTEST_PAUSE
            if isinstance(prepared, Sending):
                under_way.add(asyncio.create_task(_send(deliveries, prepared)))
    except Exception as failure:  # noqa: BLE001 -- the loop outlives a database that is away; nothing is lost by waiting
        _log.warning("nothing could be claimed: %s", type(failure).__name__)
    return deliveries.longest_pause


def _bounded(deliveries: Deliveries, wait: timedelta) -> float:
    return min(max(wait.total_seconds(), _SHORTEST_PAUSE), deliveries.longest_pause)


async def _send(deliveries: Deliveries, sending: Sending) -> None:
    try:
        outcome = await deliveries.send(sending.parcel)
        await asyncio.to_thread(record, deliveries.context, sending, outcome)
    except Exception as failure:  # noqa: BLE001 -- the lease runs out and the message is sent again
        _log.warning("what came of %s could not be kept: %s", sending.claimed.message_id, type(failure).__name__)
