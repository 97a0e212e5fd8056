"""Decides what happens after an attempt: delivered, tried again at an instant, or put on a person's desk.

It decides and does not act. Own faults and missing endpoints follow the same ladder, so that a partner who comes to
listen later still gets what waited for it.
"""

import hashlib
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from service.dispatch.outcome import Category, Outcome

SCHEDULE: Final = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long each attempt waits after the one before it; the example ladder of Standard Webhooks 1.0.0, 75.6 hours."""

JITTER: Final = 0.2
"""Largest part by which a wait is made shorter or longer, so that messages do not come back all at once."""

LONGEST_WISH: Final = timedelta(hours=24)
"""The most that a receiver's Retry-After can ask for."""

_SECONDS: Final = re.compile(r"\d{1,9}(\.\d{1,9})?")


@dataclass(frozen=True)
class Delivered:
    """The partner's system took the message."""


@dataclass(frozen=True)
class RetryAt:
    """The message is tried again, not before this instant."""

    at: datetime


@dataclass(frozen=True)
class DeadLetter:
    """The ladder is used up; the message is kept and a person hands the referral over."""


@dataclass(frozen=True)
class DisableEndpoint:
    """The partner's system says that it is gone for good (410): stop sending there, and a person hands over."""


Decision = Delivered | RetryAt | DeadLetter | DisableEndpoint


def decide(outcome: Outcome, attempt: int, now: datetime, jitter: float) -> Decision:
    """Decide what an attempt's outcome means for the message.

    Args:
        outcome: how the attempt ended.
        attempt: its number, from 1.
        now: the instant at which it ended, aware.
        jitter: where in the allowed spread the next wait falls, from 0 (shortest) to 1 (longest).
    """
    if outcome.category is Category.TAKEN:
        return Delivered()
    if outcome.category is Category.GONE:
        return DisableEndpoint()
    # A message that was given up and sent after all starts the ladder again; its attempts are counted on.
    step = attempt % len(SCHEDULE)
    if step == 0 and outcome.category is not Category.NO_ENDPOINT:
        return DeadLetter()
    # Where nobody listens nothing was tried: the message waits on, first for the longest time.
    wait = SCHEDULE[step or -1] * (1 + JITTER * (2 * jitter - 1))
    if outcome.category is Category.SLOWER:
        wait = max(wait, wished_wait(outcome.retry_after, now))
    return RetryAt(now + wait)


def wished_wait(retry_after: str | None, now: datetime) -> timedelta:
    """Read how long a receiver asks to be left alone; what cannot be read is no wish.

    Args:
        retry_after: seconds or an HTTP date (RFC 9110 section 10.2.3); parts of a second are rounded up.
        now: the instant from which a date is counted, aware.
    """
    wish = (retry_after or "").strip()
    if _SECONDS.fullmatch(wish):
        return min(timedelta(seconds=math.ceil(float(wish))), LONGEST_WISH)
    try:
        until = parsedate_to_datetime(wish)
    except ValueError:
        return timedelta(0)
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(timedelta(0), min(until - now, LONGEST_WISH))


def spread(message_id: str, attempt: int) -> float:
    """Give a message's place in the jitter, from 0 to 1: even over all messages, the same when asked again.

    Args:
        message_id: the message.
        attempt: the attempt that has just ended, from 1.
    """
    drawn = hashlib.sha256(f"{message_id}:{attempt}".encode()).digest()[:4]
    return int.from_bytes(drawn) / (2**32 - 1)
