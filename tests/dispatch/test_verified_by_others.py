"""What reaches a partner, captured on the wire, is read by libraries that we did not write."""

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from sqlmodel import update
from standardwebhooks import Webhook, WebhookVerificationError

from service.casework.deliver_referrals import record
from service.dispatch.signature import signed_headers
from service.dispatch.tables import Lane
from service.wiring import Service
from tests.casework.sending import prepared
from tests.factories import listen_at, opened_case
from tests.javascript.node import answer

PARTNER = "comensha"
LEASE = timedelta(minutes=1)


@dataclass(frozen=True)
class Vector:
    """A message whose signature the authors of Standard Webhooks have published."""

    secret: str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    id: str = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    timestamp: int = 1614265330
    body: str = '{"test": 2432232314}'
    signature: str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@dataclass(frozen=True)
class Captured:
    """One request as it came: header names in lower case, the raw bytes of the body."""

    headers: dict[str, str]
    body: bytes


@dataclass
class Wire:
    """A partner's end of the line: writes down what comes and answers with the next status."""

    url: str
    statuses: list[int]
    captured: list[Captured] = field(default_factory=list)


@contextmanager
def listening(*statuses: int) -> Iterator[Wire]:
    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            wire.captured.append(Captured({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(wire.statuses.pop(0))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        wire = Wire(f"http://127.0.0.1:{server.server_port}/in", list(statuses))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield wire
        server.shutdown()
        thread.join()


async def send_what_is_due(service: Service) -> None:
    """Make one attempt at the partner's message, as the worker does."""
    with service.database.writer.begin() as connection:
        connection.execute(update(Lane).values(next_due=datetime.now(UTC) - LEASE))
    sending = prepared(service)
    assert record(service.system(), sending, await service.send(sending.parcel))


def by_python(secret: str, captured: Captured) -> dict[str, Any]:
    try:
        event: dict[str, Any] = Webhook(secret).verify(captured.body, captured.headers)
    except WebhookVerificationError as refusal:
        return {"refused": str(refusal)}
    return event


def by_javascript(secret: str, captured: Captured) -> dict[str, Any]:
    body = base64.b64encode(captured.body).decode()
    said: list[dict[str, Any]] = answer("verify.js", [{"secret": secret, "headers": captured.headers, "body": body}])
    return said[0]


Verified = Callable[[str, Captured], dict[str, Any]]
LIBRARIES = pytest.mark.parametrize("verified", [by_python, by_javascript])


@LIBRARIES
async def test_the_first_attempt_and_a_later_one_verify(service: Service, verified: Verified) -> None:
    with listening(503, 202) as wire:
        secret = listen_at(service.operator(), PARTNER, wire.url).secret
        opened_case(service)
        await send_what_is_due(service)
        await send_what_is_due(service)

    first, again = wire.captured
    told = [verified(secret, captured) for captured in wire.captured]
    assert told[0] == told[1]
    assert told[0]["id"] == first.headers["webhook-id"] == again.headers["webhook-id"]
    assert first.body == again.body


@LIBRARIES
async def test_a_byte_more_or_another_secret_is_refused(service: Service, verified: Verified) -> None:
    with listening(202) as wire:
        secret = listen_at(service.operator(), PARTNER, wire.url).secret
        opened_case(service)
        await send_what_is_due(service)

    (captured,) = wire.captured
    changed = Captured(captured.headers, captured.body + b" ")
    assert verified(secret, changed) == verified(Vector.secret, captured) == {"refused": "No matching signature found"}


async def test_a_captured_delivery_is_a_cloudevent(service: Service) -> None:
    with listening(202) as wire:
        listen_at(service.operator(), PARTNER, wire.url)
        opened_case(service)
        await send_what_is_due(service)

    (captured,) = wire.captured
    event = from_http_event(HTTPMessage(captured.headers, captured.body))
    assert event.get_id() == captured.headers["webhook-id"]
    assert event.get_type() == "nl.verwijsmechanisme.verwijzing.verzonden.v1"
    assert event.get_time() is not None
    assert event.get_extension("dataref").endswith(f"/v1/referrals/{event.get_subject()}")


def test_the_published_vector_is_signed_alike_by_us_and_by_both_libraries() -> None:
    at = datetime.fromtimestamp(Vector.timestamp, UTC)
    ours = signed_headers(Vector.id, at, Vector.body.encode(), [Vector.secret])["webhook-signature"]
    pythons = Webhook(Vector.secret).sign(Vector.id, at, Vector.body)
    (javascripts,) = answer("sign.js", [vars(Vector())])
    assert ours == pythons == javascripts == Vector.signature
