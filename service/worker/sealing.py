"""Seals the log where many processes write it, again and again, until it is told to stop."""

import asyncio
import logging
from typing import Final

from service.casework.context import Context
from service.casework.trail.seal_log import seal_log
from service.kernel.errors import DomainError
from service.kernel.ids import new_id

PAUSE: Final = 0.5
"""Seconds between two looks: as long may an entry wait for its place."""

_log = logging.getLogger(__name__)


async def seal(context: Context, stop: asyncio.Event, pause: float = PAUSE) -> None:
    """Seal what waits until told to stop, and once more then.

    Args:
        context: the service's own.
        stop: set when the process is to end.
        pause: seconds between two looks when nothing waits.
    """
    holder = f"{context.origin[1][:24]}-{new_id()}"
    while not stop.is_set():
        if not await _sealed(context, holder):
            await _wait(stop, pause)
    await _sealed(context, holder)


async def _sealed(context: Context, holder: str) -> bool:
    try:
        return await asyncio.to_thread(seal_log, context, holder)
    except DomainError as refusal:
        _log.error("the log is not sealed: %s", refusal.detail)
    except Exception as failure:  # noqa: BLE001 -- the loop outlives a database that is away; entries wait meanwhile
        _log.warning("nothing could be sealed: %s", type(failure).__name__)
    return False


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
