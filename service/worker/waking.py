"""Notices that a partner has been silent for too long, again and again, until it is told to stop."""

import asyncio
import logging
from typing import Final
from uuid import UUID

from service.casework.context import Context
from service.casework.escalate_silence import escalate_silence, overdue

PAUSE: Final = 1.0
"""Seconds between two looks: as late may a silence be noticed."""

_log = logging.getLogger(__name__)


async def wake(context: Context, stop: asyncio.Event, pause: float = PAUSE) -> None:
    """Let what is overdue expire until told to stop, the longest silence first.

    Args:
        context: the service's own.
        stop: set when the process is to end.
        pause: seconds between two looks when nothing is overdue.
    """
    while not stop.is_set():
        await _act_on_silence(context, stop)
        try:
            await asyncio.wait_for(stop.wait(), pause)
        except TimeoutError:
            continue


async def _act_on_silence(context: Context, stop: asyncio.Event) -> None:
    """Act on every silence that there is now; what cannot be acted on waits for the next look and hinders nothing."""
    hindered: set[UUID] = set()
    try:
        while not stop.is_set() and (referral_id := await asyncio.to_thread(overdue, context, hindered)) is not None:
            try:
                await asyncio.to_thread(escalate_silence, context, referral_id)
            except Exception as failure:  # noqa: BLE001 -- one that fails must not keep the others waiting
                hindered.add(referral_id)
                _log.warning("the silence about %s could not be acted on: %s", referral_id, type(failure).__name__)
    except Exception as failure:  # noqa: BLE001 -- the loop outlives a database that is away
        _log.warning("nobody could look for silence: %s", type(failure).__name__)
