"""What a partner is told: that a referral waits, under which number and where to fetch it, and nothing about a person.

Where facts are taken back that a partner has read, it is told which by their names, and never what they said.

The form is CloudEvents 1.0 structured JSON as the Dutch government profile asks for it (NL GOV profile for CloudEvents
1.1). It is written once: the bytes made here are the bytes that are kept, signed and sent, at every attempt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from service.kernel.canonical_json import canonical_bytes

MEDIA_TYPE: Final = "application/cloudevents+json"
"""Media type of a structured CloudEvent (CloudEvents JSON format, section 3)."""

SOURCE: Final = "urn:nld:verwijsmechanisme:systeem:doorverwijzing"
"""Who speaks, when the organisation that runs the service has no number of its own (OIN or KvK) to put here."""

_SEQUENCE_DIGITS: Final = 10


class MessageKind(StrEnum):
    """What a message announces."""

    REFERRAL_SENT = "referral_sent"
    REFERRAL_WITHDRAWN = "referral_withdrawn"
    FACTS_RECALLED = "facts_recalled"
    PERIOD_ENDS_SOON = "period_ends_soon"
    CAPACITY_ASKED = "capacity_asked"
    NUMBER_ANNOUNCED = "number_announced"
    NUMBER_WITHDRAWN = "number_withdrawn"


_EVENT_TYPES: Final[Mapping[MessageKind, str]] = {
    MessageKind.REFERRAL_SENT: "nl.verwijsmechanisme.verwijzing.verzonden.v1",
    MessageKind.REFERRAL_WITHDRAWN: "nl.verwijsmechanisme.verwijzing.ingetrokken.v1",
    MessageKind.FACTS_RECALLED: "nl.verwijsmechanisme.gegevens.ingetrokken.v1",
    MessageKind.PERIOD_ENDS_SOON: "nl.verwijsmechanisme.bedenktijd.eindigt.v1",
    MessageKind.CAPACITY_ASKED: "nl.verwijsmechanisme.capaciteit.gevraagd.v1",
    MessageKind.NUMBER_ANNOUNCED: "nl.verwijsmechanisme.groep.aangekondigd.v1",
    MessageKind.NUMBER_WITHDRAWN: "nl.verwijsmechanisme.groep.ingetrokken.v1",
}
_NAMED: Final[Mapping[MessageKind, str]] = {
    MessageKind.CAPACITY_ASKED: "questionId",
    MessageKind.NUMBER_ANNOUNCED: "groupId",
    MessageKind.NUMBER_WITHDRAWN: "groupId",
}
OF_A_GROUP: Final = frozenset({MessageKind.NUMBER_ANNOUNCED, MessageKind.NUMBER_WITHDRAWN})
"""What is announced of people of whom no more than a number is known."""

ABOUT_NO_CASE: Final = frozenset(_NAMED)
"""What is announced without a person: its number is that of a question or a group, in the lane and as its subject."""


@dataclass(frozen=True)
class Notice:
    """One message to one partner.

    Attributes:
        message_id: the same at every attempt, so that the receiver can drop what it has already.
        kind: what the message announces.
        referral_id: what the message is about, a referral, a question or a group; opaque to whoever may not fetch it.
        sequence: place of the message among those to this partner about this case, from 1.
        recorded_at: the instant at which the service recorded what it announces, aware.
        dataref: absolute address from which the partner fetches the content with its own rights.
        source: URN of the system that speaks.
        codes: what else is told, as ids and codes.
    """

    message_id: str
    kind: MessageKind
    referral_id: str
    sequence: int
    recorded_at: datetime
    dataref: str
    source: str = SOURCE
    codes: Mapping[str, Any] = field(default_factory=dict)


def event_bytes(notice: Notice) -> bytes:
    """Write a notice as it will be kept, signed and sent.

    Args:
        notice: what to say.

    Raises:
        ValueError: the instant has no time zone, or the sequence does not start at 1.
    """
    if notice.sequence < 1:
        message = "a sequence starts at 1"
        raise ValueError(message)
    return canonical_bytes(
        {
            "specversion": "1.0",
            "id": notice.message_id,
            "source": notice.source,
            "type": _EVENT_TYPES[notice.kind],
            "subject": notice.referral_id,
            "time": _utc(notice.recorded_at),
            "sequence": f"{notice.sequence:0{_SEQUENCE_DIGITS}d}",
            "dataref": notice.dataref,
            "datacontenttype": "application/json",
            "data": {_NAMED.get(notice.kind, "referralId"): notice.referral_id} | {**notice.codes},
        }
    )


def _utc(instant: datetime) -> str:
    if instant.tzinfo is None:
        message = "an instant without a time zone says nothing to somebody elsewhere"
        raise ValueError(message)
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
