"""A partner's secret changes while messages go out: nothing is lost, and an old secret ends when it was said to.

The partner's system is the reference receiver; what reaches it is read by programs that we did not write.
"""

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.access.roles import Role
from service.app import build_app
from service.casework.deliveries.deliver_referrals import record
from service.dispatch.outcome import Category, Outcome
from service.dispatch.sender import Sender
from service.dispatch.signature import SignatureKind
from service.receiver.server import Listening, Receiver
from service.wiring import Service
from tests.casework.sending import everything_is_due, prepared
from tests.doubles import FixedClock
from tests.factories import audit_bodies, bearer, left_alone, opened_case
from tests.second_opinions import Captured

PARTNER = "comensha"
GRACE = 3600
KINDS = pytest.mark.parametrize("kind", SignatureKind)


class Listener(Receiver):
    """The reference receiver, which also writes down what reaches it."""

    def __init__(self, listening: Listening) -> None:
        super().__init__(listening)
        self.captured: list[Captured] = []

    def take(self, body: bytes, headers: dict[str, str]) -> bytes:
        self.captured.append(Captured(headers, body))
        return super().take(body, headers)


@dataclass
class System:
    """A partner's system and its keeper, who manages it over the API."""

    listener: Listener
    secrets: Path
    api: httpx.AsyncClient
    headers: dict[str, str]

    async def asks(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answered = await self.api.post(f"/v1/webhook-endpoints{path}", json=body, headers=self.headers)
        assert answered.status_code == HTTPStatus.CREATED, answered.text
        said: dict[str, Any] = answered.json()
        return said

    def puts_in(self, *secrets: str) -> None:
        self.secrets.write_text("\n".join(secrets) + "\n", encoding="utf-8")


@contextmanager
def listening(folder: Path) -> Iterator[Listener]:
    (folder / "secret").write_text("whsec_" + "A" * 32 + "\n", encoding="utf-8")
    (folder / "token").write_text("not used here\n", encoding="utf-8")
    with Listener(Listening(0, folder / "secret", folder / "token", folder / "inbox")) as listener:
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield listener
        finally:
            listener.shutdown()
            thread.join()


@asynccontextmanager
async def partner_s_system(service: Service, folder: Path) -> AsyncIterator[System]:
    reaching = replace(service, carry=Sender(loopback_allowed=True, deadline=5.0).carry)
    transport = httpx.ASGITransport(app=build_app(reaching))
    with listening(folder) as listener:
        async with httpx.AsyncClient(transport=transport, base_url="http://api.example.org") as api:
            yield System(listener, folder / "secret", api, bearer(service, Role.PARTNER, PARTNER))


async def sent(service: Service, system: System) -> tuple[Outcome, Captured]:
    """Make one attempt at the next message, as the worker does; give its outcome and what reached the system."""
    everything_is_due(service)
    sending = prepared(service)
    outcome = await Sender(loopback_allowed=True)(sending.parcel)
    assert record(service.system(), sending, outcome)
    return outcome, system.listener.captured[-1]


async def proved(service: Service, system: System, kind: SignatureKind = SignatureKind.SYMMETRIC) -> tuple[str, str]:
    """Register the system and let it prove itself; give where it is managed, and what it checks signatures with."""
    made = await system.asks("", {"url": system.listener.url, "signature": kind})
    system.puts_in(given(made))
    found = await system.asks(f"/{made['id']}/verifications")
    assert (found["verified"], found["state"]) == (True, "active")
    return f"/{made['id']}", given(made)


def given(made: dict[str, Any]) -> str:
    """Give what an answer hands over to check signatures with: a shared secret or a public key, never both."""
    (key,) = [one for one in (made["secret"], made["publicKey"]) if one is not None]
    return str(key)


@KINDS
async def test_a_system_proves_itself_with_its_key_and_not_without(
    service: Service, tmp_path: Path, kind: SignatureKind
) -> None:
    async with partner_s_system(service, tmp_path) as system:
        made = await system.asks("", {"url": system.listener.url, "signature": kind})
        unready = await system.asks(f"/{made['id']}/verifications")
        left_alone(service.operator(), PARTNER)
        system.puts_in(given(made))
        ready = await system.asks(f"/{made['id']}/verifications")
        tested = await system.asks(f"/{made['id']}/test-deliveries")

    assert (unready["verified"], unready["signed"]["httpStatus"]) == (False, 401)
    assert (ready["verified"], ready["wronglySigned"]["httpStatus"]) == (True, 401)
    assert tested["delivered"]
    assert system.listener.captured[-1].read_with(given(made)) != [None]


@KINDS
async def test_while_a_secret_changes_both_sign_and_afterwards_only_the_new_one(
    service: Service, clock: FixedClock, tmp_path: Path, kind: SignatureKind
) -> None:
    async with partner_s_system(service, tmp_path) as system:
        address, old = await proved(service, system, kind)
        new = given(await system.asks(f"{address}/secrets", {"gracePeriodSeconds": GRACE}))
        opened_case(service)
        outcome, during = await sent(service, system)
        assert outcome.category is Category.TAKEN
        assert None not in during.read_with(old, new)
        assert len(during.versions) == 2

        clock.move(timedelta(seconds=GRACE))
        opened_case(service)
        outcome, refused = await sent(service, system)
        assert outcome.category is Category.REFUSED
        assert [one is None for one in refused.read_with(old, new)] == [True, False]

        system.puts_in(new, old)
        outcome, again = await sent(service, system)
        assert outcome.category is Category.TAKEN
        assert again.headers["webhook-id"] == refused.headers["webhook-id"]
        assert system.listener.inbox.counts()["messages"] == 2
    versions = {version for one in system.listener.captured for version in one.versions}
    assert versions == {"v1" if kind is SignatureKind.SYMMETRIC else "v1a"}


async def test_a_secret_that_leaked_signs_nothing_any_more_and_no_message_is_lost(
    service: Service, tmp_path: Path
) -> None:
    async with partner_s_system(service, tmp_path) as system:
        address, leaked = await proved(service, system)
        new = (await system.asks(f"{address}/secrets", {"gracePeriodSeconds": 0}))["secret"]
        opened_case(service)
        _, refused = await sent(service, system)
        system.puts_in(new)
        outcome, taken = await sent(service, system)

    assert refused.read_with(leaked) == [None]
    assert outcome.category is Category.TAKEN
    assert taken.read_with(new) != [None]
    changes = [one for one in audit_bodies(service, "sys") if one["event"].startswith("endpoint:")]
    assert [one["actor"] for one in changes if one["event"] == "endpoint:rotated"] == ["caller-1"]
    assert not any(secret in str(changes) for secret in (leaked, new))
