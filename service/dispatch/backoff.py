"""Decides what happens after an attempt: delivered, tried again at an instant, held back, or put on a person's desk.

It decides and does not act. Only attempts that reached out to the partner's system climb the ladder: what is our own
fault, and a partner that listens nowhere, let a message wait for as long as it takes.
"""

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final

from service.dispatch.outcome import NOTHING_TRIED, Category, Outcome

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

MOST_REFUSALS: Final = 3
"""Attempts after which a message that the partner's system refuses (4xx) is given up: waiting will not change it."""

FAILURES_BEFORE_WARNING: Final = 4
"""Failed attempts after which a person is told that a message is hard to deliver, although it is tried on."""

LONGEST_FAILURE: Final = timedelta(hours=120)
"""How long an endpoint may have failed without a success before the next message that is given up disables it."""

_LOOK_AGAIN: Final[Mapping[Category, timedelta]] = {
    # Whoever comes to listen wakes everything that waits; this is only in case nobody did.
    Category.NO_ENDPOINT: timedelta(hours=24),
    Category.OWN_FAULT: timedelta(minutes=5),
}
_SECONDS: Final = re.compile(r"\d{1,9}(\.\d{1,9})?")


@dataclass(frozen=True)
class Tries:
    """What a message has met since it was queued, or since it was given another chance.

    Attributes:
        failed: attempts that failed; so many steps of the ladder are behind it.
        refused: how many of them the partner's system refused to take at all.
    """

    failed: int = 0
    refused: int = 0

    def after(self, outcome: Outcome) -> "Tries":
        """Give what it has met after one more attempt.

        Args:
            outcome: how the attempt ended.
        """
        if outcome.category in NOTHING_TRIED | {Category.TAKEN}:
            return self
        return Tries(self.failed + 1, self.refused + (outcome.category is Category.REFUSED))


@dataclass(frozen=True)
class Delivered:
    """The partner's system took the message."""


@dataclass(frozen=True)
class RetryAt:
    """The message is tried again, not before this instant."""

    at: datetime


@dataclass(frozen=True)
class HoldUntil:
    """Nothing was tried; the message is looked at again at this instant, or when somebody has put things right."""

    at: datetime


@dataclass(frozen=True)
class DeadLetter:
    """The ladder is used up or the message was refused too often: it is kept, and a person hands the referral over."""


@dataclass(frozen=True)
class DisableEndpoint:
    """The partner's system says that it is gone for good (410): stop sending there, and a person hands over."""


Decision = Delivered | RetryAt | HoldUntil | DeadLetter | DisableEndpoint


class Trouble(StrEnum):
    """What a person is told about a message that does not arrive."""

    NOBODY_LISTENS = "nobody_listens"
    HARD_TO_REACH = "hard_to_reach"
    GIVEN_UP = "given_up"


def decide(outcome: Outcome, tries: Tries, now: datetime, jitter: float) -> Decision:
    """Decide what an attempt's outcome means for the message.

    Args:
        outcome: how the attempt ended.
        tries: what the message has met, this attempt included.
        now: the instant at which it ended, aware.
        jitter: where in the allowed spread the next wait falls, from 0 (shortest) to 1 (longest).
    """
    if outcome.category is Category.TAKEN:
        return Delivered()
    if outcome.category is Category.GONE:
        return DisableEndpoint()
    if outcome.category in NOTHING_TRIED:
        return HoldUntil(now + _LOOK_AGAIN[outcome.category])
    if tries.failed >= len(SCHEDULE) or tries.refused >= MOST_REFUSALS:
        return DeadLetter()
    wait = SCHEDULE[tries.failed] * (1 + JITTER * (2 * jitter - 1))
    if outcome.category is Category.SLOWER:
        wait = max(wait, wished_wait(outcome.retry_after, now))
    return RetryAt(now + wait)


def trouble_with(decision: Decision, outcome: Outcome, tries: Tries) -> Trouble | None:
    """Say what a person must be told of after an attempt, if anything.

    Args:
        decision: what follows for the message.
        outcome: how the attempt ended.
        tries: what the message has met, this attempt included.
    """
    match decision:
        case DeadLetter() | DisableEndpoint():
            return Trouble.GIVEN_UP
        case HoldUntil():
            return Trouble.NOBODY_LISTENS if outcome.category is Category.NO_ENDPOINT else Trouble.HARD_TO_REACH
        case RetryAt() if tries.failed >= FAILURES_BEFORE_WARNING:
            return Trouble.HARD_TO_REACH
        case _:
            return None


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
