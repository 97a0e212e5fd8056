"""Forgets what may be kept for a day only, again and again, until it is told to stop."""

import asyncio
import logging
from typing import Final

from service.casework.context import Context
from service.casework.upkeep.forget_answers import forget_answers

PAUSE: Final = 600.0
"""Seconds between two looks: as long may something be kept beyond its day."""

_log = logging.getLogger(__name__)


async def sweep(context: Context, stop: asyncio.Event, pause: float = PAUSE) -> None:
    """Forget what has had its day until told to stop.

    Args:
        context: the service's own.
        stop: set when the process is to end.
        pause: seconds between two looks.
    """
    while not stop.is_set():
        try:
            await asyncio.to_thread(forget_answers, context)
        except Exception as failure:  # noqa: BLE001 -- the loop outlives a database that is away
            _log.warning("nothing could be forgotten: %s", type(failure).__name__)
        try:
            await asyncio.wait_for(stop.wait(), pause)
        except TimeoutError:
            continue
