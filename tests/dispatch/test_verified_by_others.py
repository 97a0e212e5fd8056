"""What reaches a partner, captured on the wire, is read by programs that we did not write."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from sqlmodel import update
from standardwebhooks import Webhook

from service.casework.deliveries.deliver_referrals import record
from service.dispatch.signature import SignatureKind, public_half, signed_headers
from service.dispatch.tables import Lane
from service.wiring import Service
from tests.casework.sending import prepared
from tests.factories import listen_at, opened_case
from tests.javascript.node import answer
from tests.second_opinions import Captured

PARTNER = "comensha"
LEASE = timedelta(minutes=1)


@dataclass(frozen=True)
class Vector:
    """A message whose signature the authors of Standard Webhooks have published."""

    secret: str
    checks_with: str
    signature: str
    id: str = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    timestamp: int = 1614265330
    body: str = '{"test": 2432232314}'


VECTORS = (
    Vector(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
    Vector(
        "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==",
        "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=",
        "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
    ),
)
VERSIONS = {SignatureKind.SYMMETRIC: "v1", SignatureKind.ASYMMETRIC: "v1a"}


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


KINDS = pytest.mark.parametrize("kind", SignatureKind)


@KINDS
async def test_the_first_attempt_and_a_later_one_verify(service: Service, kind: SignatureKind) -> None:
    with listening(503, 202) as wire:
        key = listen_at(service.operator(), PARTNER, wire.url, kind).checks_with
        opened_case(service)
        await send_what_is_due(service)
        await send_what_is_due(service)

    first, again = wire.captured
    (told,) = first.read_with(key)
    assert told is not None
    assert again.read_with(key) == [told]
    assert told["id"] == first.headers["webhook-id"] == again.headers["webhook-id"]
    assert first.body == again.body
    assert first.versions == again.versions == [VERSIONS[kind]]


@KINDS
async def test_a_byte_more_or_another_key_is_refused(service: Service, kind: SignatureKind) -> None:
    with listening(202) as wire:
        key = listen_at(service.operator(), PARTNER, wire.url, kind).checks_with
        opened_case(service)
        await send_what_is_due(service)

    (captured,) = wire.captured
    assert Captured(captured.headers, captured.body + b" ").read_with(key) == [None]
    assert captured.read_with(*[vector.checks_with for vector in VECTORS]) == [None, None]


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


@pytest.mark.parametrize("vector", VECTORS)
def test_the_published_vectors_are_signed_alike_by_us_and_by_others_and_verify(vector: Vector) -> None:
    at = datetime.fromtimestamp(vector.timestamp, UTC)
    headers = signed_headers(vector.id, at, vector.body.encode(), [vector.secret], public_half(vector.secret))
    (javascripts,) = answer("sign.js", [vars(vector)])
    assert headers["webhook-signature"] == javascripts == vector.signature
    if vector is VECTORS[0]:
        assert Webhook(vector.secret).sign(vector.id, at, vector.body) == vector.signature
    else:
        assert Captured(headers, vector.body.encode()).read_with(vector.checks_with) == [json.loads(vector.body)]
