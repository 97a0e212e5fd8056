"""Notices that a time has come: a clock rings, a partner is silent too long, a message late; until told to stop."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Final

from service.casework.context import Context
from service.casework.deliveries.warn_of_late_delivery import late_delivery, warn_of_late_delivery
from service.casework.firing.fire_clock import due_clock, fire_clock
from service.casework.firing.tell_of_hindrance import tell_of_clock, tell_of_question, tell_of_silence
from service.casework.places.hold_place import expire_hold, hold_over
from service.casework.places.notice_silence import notice_silence, unanswered_question
from service.casework.referrals.escalate_silence import escalate_silence, overdue

PAUSE: Final = 1.0
"""Seconds between two looks: as late may it be noticed."""

PATIENCE: Final = 5
"""How many looks in a row something may fail before a person hears of it; it goes on being tried."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Watch:
    """One kind of thing whose time can come.

    Attributes:
        of: what it is, for the log.
        find: gives the one that has waited longest, besides some; None when the time of none has come.
        act: does what is due.
        tell: puts on a desk that the act fails; None where nothing is lost when it does.
        failed: how many looks in a row each has failed, as far as this process has seen.
    """

    of: str
    find: Callable[[Context, Collection[Any]], object]
    act: Callable[[Context, Any], object]
    tell: Callable[[Context, Any, Exception], object] | None = None
    failed: Counter[object] = field(default_factory=Counter)


async def wake(context: Context, stop: asyncio.Event, pause: float = PAUSE) -> None:
    """Act on everything whose time has come until told to stop, on what has waited longest first.

    Args:
        context: the service's own.
        stop: set when the process is to end.
        pause: seconds between two looks when nothing is due.
    """
    watched = (
        _Watch("the clock", due_clock, fire_clock, tell_of_clock),
        _Watch("the silence about", overdue, escalate_silence, tell_of_silence),
        _Watch("the silence on", unanswered_question, notice_silence, tell_of_question),
        # Whoever is late falls silent, and a place that is held no longer can be held by others all the same.
        _Watch("the lateness of", late_delivery, warn_of_late_delivery),
        _Watch("the end of the hold", hold_over, expire_hold),
    )
    while not stop.is_set():
        for watch in watched:
            await _act_on_all(watch, context, stop)
        try:
            await asyncio.wait_for(stop.wait(), pause)
        except TimeoutError:
            continue


async def _act_on_all(watch: _Watch, context: Context, stop: asyncio.Event) -> None:
    """Act on all there are now; what cannot be acted on waits for the next look and hinders nothing."""
    hindered: set[object] = set()
    try:
        while not stop.is_set() and (found := await asyncio.to_thread(watch.find, context, hindered)) is not None:
            try:
                await asyncio.to_thread(watch.act, context, found)
            except Exception as failure:  # noqa: BLE001 -- one that fails must not keep the others waiting
                hindered.add(found)
                _log.warning("%s %s could not be acted on: %s", watch.of, found, type(failure).__name__)
                await _bear(watch, context, found, failure)
        for former in watch.failed.keys() - hindered:
            del watch.failed[former]
    except Exception as failure:  # noqa: BLE001 -- the loop outlives a database that is away
        _log.warning("nobody could look for %s anything: %s", watch.of, type(failure).__name__)


async def _bear(watch: _Watch, context: Context, found: object, failure: Exception) -> None:
    """Count that something failed, and have a person hear of it when it does so again and again."""
    watch.failed[found] += 1
    if watch.tell is None or watch.failed[found] % PATIENCE:
        return
    try:
        await asyncio.to_thread(watch.tell, context, found, failure)
    except Exception as untold:  # noqa: BLE001 -- it is tried again, and must not keep the others waiting
        _log.warning("nobody could be told of %s %s: %s", watch.of, found, type(untold).__name__)
