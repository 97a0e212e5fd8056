"""Forgets what may be kept for a day only and looks for missing clocks, again and again, until it is told to stop."""

import asyncio
import logging
from typing import Final

from service.casework.context import Context
from service.casework.firing.reconcile_clocks import reconcile_clocks
from service.casework.upkeep.forget_answers import forget_answers

PAUSE: Final = 600.0
"""Seconds between two looks: as long may something be kept beyond its day, or a clock be missing."""

_log = logging.getLogger(__name__)


async def sweep(context: Context, stop: asyncio.Event, pause: float = PAUSE) -> None:
    """Forget what has had its day, and start clocks that should run, until told to stop.

    Args:
        context: the service's own.
        stop: set when the process is to end.
        pause: seconds between two looks.
    """
    while not stop.is_set():
        for broom in (forget_answers, reconcile_clocks):
            try:
                await asyncio.to_thread(broom, context)
            except Exception as failure:  # noqa: BLE001 -- the loop outlives a database that is away, or keys that are
                _log.warning("%s came to nothing: %s", broom.__name__, type(failure).__name__)
        try:
            await asyncio.wait_for(stop.wait(), pause)
        except TimeoutError:
            continue
