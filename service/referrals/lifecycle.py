"""The life of a referral, from proposal to its end."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ReferralState(StrEnum):
    """Where a referral can be."""

    PROPOSED = "proposed"
    QUEUED = "queued"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class ReferralEvent(StrEnum):
    """What can happen to a referral."""

    QUEUE = "queue"
    DELIVER = "deliver"
    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"
    DECLINE = "decline"
    START = "start"
    COMPLETE = "complete"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


class DeclineReason(StrEnum):
    """Why a partner cannot take a referral; a code, so that no story about a person travels back."""

    NO_CAPACITY = "no_capacity"
    OUTSIDE_AREA = "outside_area"
    OUTSIDE_TARGET_GROUP = "outside_target_group"
    NOT_ENOUGH_KNOWN = "not_enough_known"
    KNOWN_ALREADY = "known_already"
    SAFETY = "safety"


READABLE: Final = frozenset(
    {
        ReferralState.QUEUED,
        ReferralState.DELIVERED,
        ReferralState.ACKNOWLEDGED,
        ReferralState.ACCEPTED,
        ReferralState.IN_PROGRESS,
        ReferralState.COMPLETED,
    }
)
"""The states in which the partner may read the content: not before it was released, not after its need ended."""

LIFECYCLE: Final[Mapping[tuple[ReferralState, ReferralEvent], ReferralState]] = {
    (ReferralState.PROPOSED, ReferralEvent.QUEUE): ReferralState.QUEUED,
    (ReferralState.PROPOSED, ReferralEvent.WITHDRAW): ReferralState.WITHDRAWN,
    (ReferralState.QUEUED, ReferralEvent.DELIVER): ReferralState.DELIVERED,
    (ReferralState.QUEUED, ReferralEvent.WITHDRAW): ReferralState.WITHDRAWN,
    (ReferralState.QUEUED, ReferralEvent.EXPIRE): ReferralState.EXPIRED,
    (ReferralState.DELIVERED, ReferralEvent.ACKNOWLEDGE): ReferralState.ACKNOWLEDGED,
    (ReferralState.DELIVERED, ReferralEvent.ACCEPT): ReferralState.ACCEPTED,
    (ReferralState.DELIVERED, ReferralEvent.DECLINE): ReferralState.DECLINED,
    (ReferralState.DELIVERED, ReferralEvent.WITHDRAW): ReferralState.WITHDRAWN,
    (ReferralState.DELIVERED, ReferralEvent.EXPIRE): ReferralState.EXPIRED,
    (ReferralState.ACKNOWLEDGED, ReferralEvent.ACCEPT): ReferralState.ACCEPTED,
    (ReferralState.ACKNOWLEDGED, ReferralEvent.DECLINE): ReferralState.DECLINED,
    (ReferralState.ACKNOWLEDGED, ReferralEvent.WITHDRAW): ReferralState.WITHDRAWN,
    (ReferralState.ACKNOWLEDGED, ReferralEvent.EXPIRE): ReferralState.EXPIRED,
    (ReferralState.ACCEPTED, ReferralEvent.START): ReferralState.IN_PROGRESS,
    (ReferralState.ACCEPTED, ReferralEvent.WITHDRAW): ReferralState.WITHDRAWN,
    (ReferralState.IN_PROGRESS, ReferralEvent.COMPLETE): ReferralState.COMPLETED,
    (ReferralState.IN_PROGRESS, ReferralEvent.WITHDRAW): ReferralState.WITHDRAWN,
    # A partner that has the message may answer before the worker has noted that it arrived: the answer proves it.
    (ReferralState.QUEUED, ReferralEvent.ACKNOWLEDGE): ReferralState.ACKNOWLEDGED,
    (ReferralState.QUEUED, ReferralEvent.ACCEPT): ReferralState.ACCEPTED,
    (ReferralState.QUEUED, ReferralEvent.DECLINE): ReferralState.DECLINED,
    (ReferralState.ACKNOWLEDGED, ReferralEvent.DELIVER): ReferralState.ACKNOWLEDGED,
    (ReferralState.ACCEPTED, ReferralEvent.DELIVER): ReferralState.ACCEPTED,
    (ReferralState.IN_PROGRESS, ReferralEvent.DELIVER): ReferralState.IN_PROGRESS,
    (ReferralState.COMPLETED, ReferralEvent.DELIVER): ReferralState.COMPLETED,
    (ReferralState.DECLINED, ReferralEvent.DELIVER): ReferralState.DECLINED,
    # A message under way when a referral is withdrawn or expires still arrives; that changes nothing. One that a worker
    # sends twice after a crash has been delivered already.
    (ReferralState.WITHDRAWN, ReferralEvent.DELIVER): ReferralState.WITHDRAWN,
    (ReferralState.EXPIRED, ReferralEvent.DELIVER): ReferralState.EXPIRED,
    (ReferralState.DELIVERED, ReferralEvent.DELIVER): ReferralState.DELIVERED,
}
