"""Sends whatever is due, several partners at once, until it is told to stop; then it finishes what is under way."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from service.casework.context import Context
from service.casework.deliveries.deliver_referrals import Sending, heard, prepare, record, until_due
from service.dispatch.circuit import AT_ONCE
from service.dispatch.parcel import Send
from service.kernel.pulse import Pulse

LONGEST_PAUSE: Final = 0.5
"""Seconds after which the loop looks again although nothing was said to be due: another process may have queued."""

_SHORTEST_PAUSE: Final = 0.05
_AT_ONCE: Final = 32
_CLAIMED_AT_ONCE: Final = 8

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Deliveries:
    """What the loop works with.

    Attributes:
        context: the service's own, as a caller that may deliver.
        send: one attempt over the wire.
        lease: how long a claimed lane is ours; at least twice the deadline of `send`.
        longest_pause: seconds after which to look again at the latest.
        at_once: messages that may be under way to one partner at the same time, on all machines together.
        pulse: beaten at every look.
    """

    context: Context
    send: Send
    lease: timedelta
    longest_pause: float = LONGEST_PAUSE
    at_once: int = AT_ONCE
    pulse: Pulse = field(default_factory=Pulse)


async def deliver(deliveries: Deliveries, stop: asyncio.Event) -> None:
    """Send whatever is due until told to stop, then wait for what is under way.

    Args:
        deliveries: what to work with.
        stop: set when nothing new may be started.
    """
    under_way: set[asyncio.Task[None]] = set()
    woken, loop = asyncio.Event(), asyncio.get_running_loop()
    stopping = asyncio.create_task(stop.wait())
    stopping.add_done_callback(lambda _: woken.set())
    with heard(deliveries.context, lambda: loop.call_soon_threadsafe(woken.set)):
        while not stop.is_set():
            deliveries.pulse.beat()
            woken.clear()
            pause = await _start_what_is_due(deliveries, under_way, stop, woken)
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), pause)
    await asyncio.gather(*under_way)


async def _start_what_is_due(
    deliveries: Deliveries, under_way: set[asyncio.Task[None]], stop: asyncio.Event, woken: asyncio.Event
) -> float:
    """Start as many sendings as there is room for; give the seconds until it is worth looking again."""
    try:
        while (room := _AT_ONCE - len(under_way)) and not stop.is_set():
            # Looking first keeps an idle worker from taking the writer's turn.
            wait = await asyncio.to_thread(until_due, deliveries.context, deliveries.at_once)
            if wait is None or wait:
                return deliveries.longest_pause if wait is None else _bounded(deliveries, wait)
            prepared = await asyncio.to_thread(
                prepare, deliveries.context, deliveries.lease, deliveries.at_once, min(room, _CLAIMED_AT_ONCE)
            )
            if prepared is None:
                # Another worker was quicker and is just claiming it.
                return _SHORTEST_PAUSE
            for sending in prepared:
                task = asyncio.create_task(_send(deliveries, sending))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
                task.add_done_callback(lambda _: woken.set())
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
