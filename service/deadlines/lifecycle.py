"""The life of a deadline: it runs until it is met, missed or no longer needed, and may stand still in between."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class DeadlineState(StrEnum):
    """Where a deadline can be."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    MET = "met"
    MISSED = "missed"
    CANCELLED = "cancelled"


class DeadlineEvent(StrEnum):
    """What can happen to a deadline; `ring` is the moment itself where nobody had to do anything before it."""

    SUSPEND = "suspend"
    RESUME = "resume"
    MEET = "meet"
    RING = "ring"
    MISS = "miss"
    CANCEL = "cancel"


LIVE: Final = frozenset({DeadlineState.RUNNING, DeadlineState.SUSPENDED})
"""The states in which something is still to come."""

LIFECYCLE: Final[Mapping[tuple[DeadlineState, DeadlineEvent], DeadlineState]] = {
    (DeadlineState.RUNNING, DeadlineEvent.RING): DeadlineState.MET,
    (DeadlineState.RUNNING, DeadlineEvent.MISS): DeadlineState.MISSED,
    (DeadlineState.RUNNING, DeadlineEvent.MEET): DeadlineState.MET,
    (DeadlineState.RUNNING, DeadlineEvent.SUSPEND): DeadlineState.SUSPENDED,
    (DeadlineState.RUNNING, DeadlineEvent.CANCEL): DeadlineState.CANCELLED,
    (DeadlineState.SUSPENDED, DeadlineEvent.RESUME): DeadlineState.RUNNING,
    (DeadlineState.SUSPENDED, DeadlineEvent.MEET): DeadlineState.MET,
    (DeadlineState.SUSPENDED, DeadlineEvent.CANCEL): DeadlineState.CANCELLED,
    # Done too late is done; when it had to be done stays visible.
    (DeadlineState.MISSED, DeadlineEvent.MEET): DeadlineState.MET,
    # What the rules no longer ask for can be asked for again, and then somebody has to do it.
    (DeadlineState.MISSED, DeadlineEvent.CANCEL): DeadlineState.CANCELLED,
}


class SuspendReason(StrEnum):
    """Why a deadline stands still; a code, so that no story about a person stands in a list of clocks."""

    WAITING_FOR_PARTNER = "waiting_for_partner"
    WAITING_FOR_AUTHORITY = "waiting_for_authority"
    PERSON_ILL = "person_ill"
    PERSON_ABSENT = "person_absent"
    PERSON_ASKED = "person_asked"
    OTHER = "other"


REFLECTION_END: Final = "reflection_end"
"""Kind of the clock that says when a reflection period is over."""

REFLECTION_WARNING: Final = "reflection_warning"
"""Kind of the clocks that say beforehand that a reflection period will be over."""

ESCALATION: Final = "escalation"
"""Kind of the clock after which somebody else hears of a deadline that was missed; its key is the deadline's id."""

RECALL_ACKNOWLEDGEMENT: Final = "recall_acknowledgement"
"""Kind of the clock that says until when a recipient tells what it did after consent ended; its key is the recall."""

SUSPENSION_REVIEW: Final = "suspension_review"
"""Kind of the clock after which somebody looks whether a deadline must stand still any longer; its key names it."""

PLACEMENT_WAITING: Final = "placement_waiting"
"""Kind of the clock after which CoMensha is asked to help, because nobody has found a place; its key is the placement.
"""

REFERRAL_TAKEN: Final = "referral_taken"
"""Kind of the clock by which somebody must have taken what a partner was silent about; its key is the first ask."""

CONSULTATION_FOLLOW_UP: Final = "consultation_follow_up"
"""Kind of the clock by which something agreed in a consultation must be done; its key says which."""

NOT_BY_HAND: Final = frozenset(
    {
        *(REFLECTION_END, REFLECTION_WARNING, ESCALATION, RECALL_ACKNOWLEDGEMENT),
        *(PLACEMENT_WAITING, REFERRAL_TAKEN, SUSPENSION_REVIEW, CONSULTATION_FOLLOW_UP),
    }
)
"""Kinds that no person stops or meets: a period is as long as the decision says, whatever a clock would say, what was
missed is done and not hushed up, what a recipient says stands where it says it, whoever waits for a place or for an
answer waits until there is one, and what was agreed is moved and done as a task."""

_PUNCTUAL: Final = timedelta(minutes=1)


def lateness(rings_at: datetime, fired_at: datetime) -> timedelta | None:
    """Give by how much a clock fired too late; None when it was in time, as far as anybody would notice."""
    late_by = fired_at - rings_at
    return late_by if late_by > _PUNCTUAL else None
