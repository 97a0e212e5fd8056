"""What messages are about: in whose trail it stands what becomes of one, and by which words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from service.audit.event import SYSTEM_STREAM, Event
from service.dispatch.envelope import MessageKind
from service.dispatch.store import Claim


@dataclass(frozen=True)
class Subject:
    """What a kind of message is about.

    Attributes:
        type: how the trail calls it.
        sending: a message about it is about to be sent.
        sent: it has arrived.
        failed: an attempt has failed.
        parked: it was given up.
    """

    type: str
    sending: Event
    sent: Event
    failed: Event
    parked: Event


_REFERRAL: Final = Subject(
    "referral",
    Event.REFERRAL_SENDING,
    Event.REFERRAL_SENT,
    Event.REFERRAL_DELIVERY_FAILED,
    Event.REFERRAL_DELIVERY_PARKED,
)
_QUESTION: Final = Subject(
    "capacity_question",
    Event.QUESTION_SENDING,
    Event.QUESTION_SENT,
    Event.QUESTION_DELIVERY_FAILED,
    Event.QUESTION_DELIVERY_PARKED,
)
_NUMBER: Final = Subject(
    "signal", Event.NUMBER_SENDING, Event.NUMBER_SENT, Event.NUMBER_DELIVERY_FAILED, Event.NUMBER_DELIVERY_PARKED
)
_OTHERS: Final[Mapping[MessageKind, Subject]] = {
    MessageKind.CAPACITY_ASKED: _QUESTION,
    MessageKind.NUMBER_ANNOUNCED: _NUMBER,
    MessageKind.NUMBER_WITHDRAWN: _NUMBER,
}


def subject_of(claimed: Claim) -> Subject:
    """Say what a message is about.

    Args:
        claimed: the message.
    """
    return _OTHERS.get(claimed.kind, _REFERRAL)


def stream_of(claimed: Claim) -> str:
    """Say in whose trail belongs what becomes of a message: of its case or group, or the system's for a question.

    Args:
        claimed: the message.
    """
    return SYSTEM_STREAM if subject_of(claimed) is _QUESTION else str(claimed.case_id)
