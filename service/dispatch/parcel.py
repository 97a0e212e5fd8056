"""What goes over the wire in one attempt, and the shape of whoever carries it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from service.dispatch.outcome import Outcome


@dataclass(frozen=True)
class Parcel:
    """One signed message on its way to one address.

    Attributes:
        url: where the partner's system listens.
        body: the exact bytes that were signed.
        headers: media type and signature headers of this attempt.
    """

    url: str
    body: bytes
    headers: Mapping[str, str]


Send = Callable[[Parcel], Awaitable[Outcome]]
"""One attempt: carries a parcel and tells how it ended, whatever happens."""


@dataclass(frozen=True)
class Reply:
    """How one attempt ended, and what came back; it is somebody else's text, read as far as was allowed."""

    outcome: Outcome
    body: bytes = b""


Carry = Callable[[Parcel], Reply]
"""One attempt while the caller waits, with what came back; called from a thread without an event loop."""
