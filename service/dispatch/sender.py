"""Carries a message out: one POST, one outcome, and no word of what went wrong inside."""

import asyncio
import ssl
import time
from dataclasses import dataclass
from typing import Final

from service.dispatch.addresses import Networks
from service.dispatch.outcome import Outcome, category_of
from service.dispatch.outgoing import Outgoing, Question, Resolve, resolve_name, why_not
from service.dispatch.parcel import Parcel, Reply

DEADLINE: Final = 20.0
"""Seconds for one attempt altogether: resolving, connecting, writing and reading."""

MOST_READ: Final = 16 * 1024
"""Bytes of an answer that are read; they are thrown away where only the status counts."""

USER_AGENT: Final = "nrm-dispatch/1"


@dataclass(frozen=True)
class Sender:
    """Sends parcels; calling it is one attempt.

    Attributes:
        loopback_allowed: whether `http://` to this machine itself is allowed, for trying the service out.
        deadline: seconds for one attempt altogether; a lease must be at least twice as long.
        allowed: closed networks into which messages may go all the same.
        resolve: how a name becomes addresses.
        verify: whom to trust over TLS: the public authorities, or a context with a partner's own.
    """

    loopback_allowed: bool = False
    deadline: float = DEADLINE
    allowed: Networks = ()
    resolve: Resolve = resolve_name
    verify: ssl.SSLContext | None = None

    async def __call__(self, parcel: Parcel) -> Outcome:
        """Try once to hand a parcel over; every failure is an outcome, none is an exception.

        Args:
            parcel: what to send and where.
        """
        return (await self._tried(parcel)).outcome

    def carry(self, parcel: Parcel) -> Reply:
        """Try once to hand a parcel over and give what came back; for a thread that has no event loop.

        Args:
            parcel: what to send and where.
        """
        return asyncio.run(self._tried(parcel))

    async def _tried(self, parcel: Parcel) -> Reply:
        started = time.monotonic()
        outgoing = Outgoing(self.loopback_allowed, self.deadline, self.allowed, self.resolve, self.verify)
        question = Question("POST", parcel.url, parcel.body, {**parcel.headers, "User-Agent": USER_AGENT})
        try:
            answer = await outgoing.ask(question, MOST_READ)
        except Exception as failure:  # noqa: BLE001 -- whatever happens inside must end as an outcome, never as a text
            return Reply(Outcome(why_not(failure), latency_ms=_milliseconds_since(started)))
        latency = _milliseconds_since(started)
        outcome = Outcome(category_of(answer.status), answer.status, latency, answer.headers.get("retry-after"))
        return Reply(outcome, answer.body)


def _milliseconds_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
