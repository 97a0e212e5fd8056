"""The life of a referral, from proposal to its end, and who must act next at every step of it."""

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
    HAND_OVER = "hand_over"
    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"
    DECLINE = "decline"
    START = "start"
    COMPLETE = "complete"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


class Answer(StrEnum):
    """What a partner can say to a referral."""

    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"
    START = "start"
    COMPLETE = "complete"
    DECLINE = "decline"


class DeclineReason(StrEnum):
    """Why nothing comes of a referral at a partner; a code, so that no story about a person travels back.

    All but one are the partner's no. `person_declined` is the person's, and is never counted as the partner's.
    """

    NO_CAPACITY = "no_capacity"
    OUTSIDE_AREA = "outside_area"
    OUTSIDE_TARGET_GROUP = "outside_target_group"
    NOT_ELIGIBLE = "not_eligible"
    NOT_ENOUGH_KNOWN = "not_enough_known"
    KNOWN_ALREADY = "known_already"
    SAFETY = "safety"
    PERSON_DECLINED = "person_declined"


class Consequence(StrEnum):
    """What a no leads to."""

    ASK_NEXT = "ask_next"
    ASK_ANOTHER_GROUP = "ask_another_group"
    LOOK_INTO_IT = "look_into_it"
    TALK_TO_THE_PERSON = "talk_to_the_person"


class Decliner(StrEnum):
    """Whose no it is."""

    PARTNER = "partner"
    PERSON = "person"


class WithdrawReason(StrEnum):
    """Why a referral was taken back; what partners are told is that it was, and never why."""

    SUPERSEDED = "superseded"
    WITHHELD = "withheld"
    NOT_ASKED = "not_asked"
    CONSENT_GONE = "consent_gone"
    TAKEN_ELSEWHERE = "taken_elsewhere"
    PERSON_DECIDED = "person_decided"
    MISTAKE = "mistake"
    SAFETY = "safety"


BY_A_PERSON: Final = frozenset({WithdrawReason.PERSON_DECIDED, WithdrawReason.MISTAKE, WithdrawReason.SAFETY})
"""The reasons that a coordinator gives; the others follow from what was decided."""

CONSEQUENCES: Final[Mapping[DeclineReason, Consequence]] = {
    # Another partner may have what this one lacks, or be safe where this one is not.
    DeclineReason.NO_CAPACITY: Consequence.ASK_NEXT,
    DeclineReason.OUTSIDE_AREA: Consequence.ASK_NEXT,
    DeclineReason.OUTSIDE_TARGET_GROUP: Consequence.ASK_NEXT,
    DeclineReason.SAFETY: Consequence.ASK_NEXT,
    # Whoever helps the same people would find the same: the person fits the group and not its conditions.
    DeclineReason.NOT_ELIGIBLE: Consequence.ASK_ANOTHER_GROUP,
    # Every partner would say so.
    DeclineReason.NOT_ENOUGH_KNOWN: Consequence.LOOK_INTO_IT,
    DeclineReason.KNOWN_ALREADY: Consequence.LOOK_INTO_IT,
    # Whoever asked on would send somebody from door to door who has said no.
    DeclineReason.PERSON_DECLINED: Consequence.TALK_TO_THE_PERSON,
}
"""What each no leads to; no two are mixed, and every one leads somewhere."""

UNANSWERED: Final = frozenset({ReferralState.QUEUED, ReferralState.DELIVERED, ReferralState.ACKNOWLEDGED})
"""The states in which a partner was asked and has not yet said whether it takes the referral."""

TAKEN: Final = frozenset({ReferralState.ACCEPTED, ReferralState.IN_PROGRESS, ReferralState.COMPLETED})
"""The states in which a partner has taken the referral."""

READABLE: Final = UNANSWERED | {ReferralState.ACCEPTED, ReferralState.IN_PROGRESS}
"""The states in which the partner may read the content: not before it was released, not after its work has ended."""

LIFECYCLE: Final[Mapping[tuple[ReferralState, ReferralEvent], ReferralState]] = {
    # A person, or the rules by themselves, release what was proposed.
    (ReferralState.PROPOSED, ReferralEvent.QUEUE): ReferralState.QUEUED,
    (ReferralState.PROPOSED, ReferralEvent.WITHDRAW): ReferralState.WITHDRAWN,
    # It reaches the partner: by its message, or by telephone.
    (ReferralState.QUEUED, ReferralEvent.DELIVER): ReferralState.DELIVERED,
    (ReferralState.QUEUED, ReferralEvent.HAND_OVER): ReferralState.DELIVERED,
    (ReferralState.DELIVERED, ReferralEvent.HAND_OVER): ReferralState.DELIVERED,
    (ReferralState.ACKNOWLEDGED, ReferralEvent.HAND_OVER): ReferralState.ACKNOWLEDGED,
    # The partner answers, until its term is over.
    (ReferralState.DELIVERED, ReferralEvent.ACKNOWLEDGE): ReferralState.ACKNOWLEDGED,
    (ReferralState.DELIVERED, ReferralEvent.ACCEPT): ReferralState.ACCEPTED,
    (ReferralState.DELIVERED, ReferralEvent.DECLINE): ReferralState.DECLINED,
    (ReferralState.ACKNOWLEDGED, ReferralEvent.ACCEPT): ReferralState.ACCEPTED,
    (ReferralState.ACKNOWLEDGED, ReferralEvent.DECLINE): ReferralState.DECLINED,
    (ReferralState.QUEUED, ReferralEvent.EXPIRE): ReferralState.EXPIRED,
    (ReferralState.DELIVERED, ReferralEvent.EXPIRE): ReferralState.EXPIRED,
    (ReferralState.ACKNOWLEDGED, ReferralEvent.EXPIRE): ReferralState.EXPIRED,
    # It does what it took on, or what was asked is taken back from it.
    (ReferralState.ACCEPTED, ReferralEvent.START): ReferralState.IN_PROGRESS,
    (ReferralState.IN_PROGRESS, ReferralEvent.COMPLETE): ReferralState.COMPLETED,
    (ReferralState.QUEUED, ReferralEvent.WITHDRAW): ReferralState.WITHDRAWN,
    (ReferralState.DELIVERED, ReferralEvent.WITHDRAW): ReferralState.WITHDRAWN,
    (ReferralState.ACKNOWLEDGED, ReferralEvent.WITHDRAW): ReferralState.WITHDRAWN,
    (ReferralState.ACCEPTED, ReferralEvent.WITHDRAW): ReferralState.WITHDRAWN,
    (ReferralState.IN_PROGRESS, ReferralEvent.WITHDRAW): ReferralState.WITHDRAWN,
    # A partner that has the message may answer before the worker has noted that it arrived, and one without a system
    # answers what it found in its inbox: the answer proves that it arrived.
    (ReferralState.QUEUED, ReferralEvent.ACKNOWLEDGE): ReferralState.ACKNOWLEDGED,
    (ReferralState.QUEUED, ReferralEvent.ACCEPT): ReferralState.ACCEPTED,
    (ReferralState.QUEUED, ReferralEvent.DECLINE): ReferralState.DECLINED,
    (ReferralState.ACKNOWLEDGED, ReferralEvent.DELIVER): ReferralState.ACKNOWLEDGED,
    (ReferralState.ACCEPTED, ReferralEvent.DELIVER): ReferralState.ACCEPTED,
    (ReferralState.IN_PROGRESS, ReferralEvent.DELIVER): ReferralState.IN_PROGRESS,
    (ReferralState.COMPLETED, ReferralEvent.DELIVER): ReferralState.COMPLETED,
    (ReferralState.DECLINED, ReferralEvent.DELIVER): ReferralState.DECLINED,
    # A late answer is not lost: yes counts until somebody else has said yes, when this one is taken back; no
    # settles what was left open.
    (ReferralState.EXPIRED, ReferralEvent.ACCEPT): ReferralState.ACCEPTED,
    (ReferralState.EXPIRED, ReferralEvent.DECLINE): ReferralState.DECLINED,
    (ReferralState.EXPIRED, ReferralEvent.WITHDRAW): ReferralState.WITHDRAWN,
    # A message under way when a referral is withdrawn or expires still arrives; that changes nothing. One that a worker
    # sends twice after a crash has been delivered already.
    (ReferralState.WITHDRAWN, ReferralEvent.DELIVER): ReferralState.WITHDRAWN,
    (ReferralState.EXPIRED, ReferralEvent.DELIVER): ReferralState.EXPIRED,
    (ReferralState.DELIVERED, ReferralEvent.DELIVER): ReferralState.DELIVERED,
}


def declined_by(reason: DeclineReason) -> Decliner:
    """Say whose no it is: help goes on only with the person's agreement, so the person may say it too."""
    return Decliner.PERSON if reason is DeclineReason.PERSON_DECLINED else Decliner.PARTNER
