"""Messages about the wire itself: the challenge by which a partner proves whose an address is, and the try-out.

They are CloudEvents like every message and hold no `dataref`: there is nothing to fetch and nothing to keep.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from service.dispatch.envelope import SOURCE
from service.kernel.canonical_json import canonical_bytes


class ProbeKind(StrEnum):
    """What a message about the wire asks."""

    CHALLENGE = "nl.verwijsmechanisme.webhook.uitdaging.v1"
    TEST = "nl.verwijsmechanisme.webhook.test.v1"


@dataclass(frozen=True)
class Probe:
    """One message about the wire.

    Attributes:
        message_id: its `webhook-id`, new for each.
        kind: what it asks.
        endpoint_id: the endpoint that is tried.
        at: real time, aware.
        challenge: what must stand in the answer; None where nothing is asked.
    """

    message_id: str
    kind: ProbeKind
    endpoint_id: str
    at: datetime
    challenge: str | None = None


def probe_bytes(probe: Probe) -> bytes:
    """Write a probe as it is signed and sent."""
    data: Mapping[str, str] = {} if probe.challenge is None else {"challenge": probe.challenge}
    return canonical_bytes(
        {
            "specversion": "1.0",
            "id": probe.message_id,
            "source": SOURCE,
            "type": probe.kind.value,
            "subject": probe.endpoint_id,
            "time": probe.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "data": data,
        }
    )


def is_echoed(challenge: str, answer: bytes) -> bool:
    """Tell whether an answer holds what was asked for, in whatever form."""
    return challenge.encode("ascii") in answer
