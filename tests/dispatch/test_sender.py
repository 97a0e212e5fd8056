"""One attempt over real sockets: what the other side does, and what we say came of it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from service.dispatch.outcome import Category, Outcome
from service.dispatch.outgoing import Resolve
from service.dispatch.parcel import Parcel
from service.dispatch.sender import MOST_READ, Sender

Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"


@asynccontextmanager
async def partner(talk: Conversation, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def answering(answer: bytes, heard: list[bytes] | None = None) -> Conversation:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in request.split(b"\r\n") if line.lower().startswith(b"content-length"))
        request += await reader.readexactly(length)
        if heard is not None:
            heard.append(request)
        writer.write(answer)
        await writer.drain()

    return talk


def leading_to(*addresses: str, asked: list[str] | None = None) -> Resolve:
    async def resolve(host: str, port: int) -> Sequence[str]:
        if asked is not None:
            asked.append(host)
        return addresses

    return resolve


def parcel(url: str) -> Parcel:
    return Parcel(
        url, b'{"specversion":"1.0"}', {"Content-Type": "application/cloudevents+json", "webhook-id": "msg_1"}
    )


async def tried(answer: bytes) -> Outcome:
    async with partner(answering(answer)) as port:
        return await Sender(loopback_allowed=True)(parcel(f"http://127.0.0.1:{port}/in"))


async def test_the_bytes_and_headers_arrive_as_they_were_signed() -> None:
    heard: list[bytes] = []
    async with partner(answering(TAKEN, heard)) as port:
        outcome = await Sender(loopback_allowed=True)(parcel(f"http://127.0.0.1:{port}/in?x=1"))
    assert outcome == Outcome(Category.TAKEN, 202, outcome.latency_ms)
    head, _, body = heard[0].partition(b"\r\n\r\n")
    assert body == b'{"specversion":"1.0"}'
    assert head.startswith(b"POST /in?x=1 HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{port}".encode() in head
    for field in (b"webhook-id: msg_1", b"Content-Type: application/cloudevents+json", b"Accept-Encoding: identity"):
        assert field in head


@pytest.mark.parametrize(
    ("status", "category"),
    [
        (b"200 OK", Category.TAKEN),
        (b"204 No Content", Category.TAKEN),
        (b"302 Found\r\nLocation: http://169.254.169.254/", Category.REDIRECTED),
        (b"401 Unauthorized", Category.REFUSED),
        (b"410 Gone", Category.GONE),
        (b"500 Internal Server Error", Category.FAILED),
    ],
)
async def test_only_a_two_hundred_counts_and_a_redirect_is_not_followed(status: bytes, category: Category) -> None:
    outcome = await tried(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
    assert (outcome.category, outcome.http_status) == (category, int(status[:3]))


async def test_a_wish_to_be_left_alone_is_brought_back() -> None:
    outcome = await tried(b"HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n")
    assert (outcome.category, outcome.retry_after) == (Category.SLOWER, "120")


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    written = 0

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while True:
            writer.write(b"x" * MOST_READ)
            written += MOST_READ
            await writer.drain()

    async with partner(pour) as port:
        outcome = await Sender(loopback_allowed=True)(parcel(f"http://127.0.0.1:{port}/"))
    assert outcome.category is Category.TAKEN
    assert written < 500 * MOST_READ


async def test_an_answer_that_drips_ends_at_the_deadline_of_the_whole_attempt() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-Drip: drop\r\n")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with partner(drip) as port:
        outcome = await Sender(loopback_allowed=True, deadline=0.4)(parcel(f"http://127.0.0.1:{port}/"))
    assert outcome.category is Category.TIMEOUT
    assert outcome.http_status is None
    assert 350 <= outcome.latency_ms < 5000


@pytest.mark.parametrize("answer", [b"", b"not http at all\r\n\r\n", b"HTTP/1.1 2"])
async def test_a_broken_conversation_is_an_outcome_without_words(answer: bytes) -> None:
    assert (await tried(answer)).category is Category.UNREACHABLE


async def test_nobody_listening_is_unreachable() -> None:
    async with partner(answering(TAKEN)) as port:
        pass
    outcome = await Sender(loopback_allowed=True)(parcel(f"http://127.0.0.1:{port}/"))
    assert outcome.category is Category.UNREACHABLE


async def test_an_unknown_name_is_told_as_such() -> None:
    outcome = await Sender()(parcel("https://partner.invalid/in"))
    assert outcome.category is Category.UNKNOWN_HOST


@pytest.mark.parametrize(
    "addresses", [("169.254.169.254",), ("127.0.0.1",), ("93.184.215.14", "10.0.0.5"), ("::ffff:10.0.0.5",)]
)
async def test_a_name_that_leads_inside_is_never_connected_to(addresses: tuple[str, ...]) -> None:
    outcome = await Sender(resolve=leading_to(*addresses))(parcel("https://partner.example.org/in"))
    assert outcome.category is Category.BLOCKED_ADDRESS


async def test_a_network_that_somebody_opened_is_connected_to_and_that_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sender = Sender(deadline=0.2, allowed=[ip_network("192.0.2.0/24")], resolve=leading_to("192.0.2.5"))
    with caplog.at_level("INFO"):
        outcome = await sender(parcel("https://partner.example.org/in"))
    assert outcome.category is not Category.BLOCKED_ADDRESS
    assert "NRM_ALLOWED_NETWORKS" in caplog.text
    assert "192.0.2" not in caplog.text


async def test_what_came_back_is_given_to_whoever_waits_as_far_as_it_is_read() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nwelcome"
    async with partner(answering(answer)) as port:
        reply = await asyncio.to_thread(Sender(loopback_allowed=True).carry, parcel(f"http://127.0.0.1:{port}/in"))
    assert (reply.outcome.category, reply.body) == (Category.TAKEN, b"welcome")


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1"])
async def test_another_spelling_of_this_machine_is_still_this_machine(host: str) -> None:
    assert (await Sender()(parcel(f"https://{host}/in"))).category is Category.BLOCKED_ADDRESS


async def test_a_name_is_resolved_once_and_the_connection_goes_where_the_check_looked() -> None:
    asked: list[str] = []
    heard: list[bytes] = []
    async with partner(answering(TAKEN, heard)) as port:
        sender = Sender(loopback_allowed=True, resolve=leading_to("127.0.0.1", asked=asked))
        outcome = await sender(parcel(f"http://partner.example.org:{port}/in"))
    assert outcome.category is Category.TAKEN
    assert asked == ["partner.example.org"]
    assert f"Host: partner.example.org:{port}".encode() in heard[0]


async def test_the_next_address_is_tried_when_the_first_does_not_answer() -> None:
    async with partner(answering(TAKEN)) as port:
        sender = Sender(loopback_allowed=True, resolve=leading_to("127.0.0.2", "127.0.0.1"))
        outcome = await sender(parcel(f"http://partner.example.org:{port}/in"))
    assert outcome.category is Category.TAKEN


async def test_plain_http_beyond_this_machine_is_refused() -> None:
    outcome = await Sender(loopback_allowed=True, resolve=leading_to("93.184.215.14"))(parcel("http://example.org/"))
    assert outcome.category is Category.INSECURE


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "https:///in", "https://user:word@example.org/", "", "https://example.org/\x00"]
)
async def test_an_address_that_is_none_is_our_own_fault(url: str) -> None:
    assert (await Sender()(parcel(url))).category is Category.OWN_FAULT


async def test_the_certificate_must_be_of_the_name_that_was_meant(tmp_path: Path) -> None:
    server, client = certificates("partner.example.org", tmp_path)
    async with partner(answering(TAKEN), server) as port:
        known = Sender(loopback_allowed=True, resolve=leading_to("127.0.0.1"), verify=client)
        assert (await known(parcel(f"https://partner.example.org:{port}/"))).category is Category.TAKEN
        assert (await known(parcel(f"https://other.example.org:{port}/"))).category is Category.INSECURE
        stranger = Sender(loopback_allowed=True, resolve=leading_to("127.0.0.1"))
        assert (await stranger(parcel(f"https://partner.example.org:{port}/"))).category is Category.INSECURE


def certificates(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    alternatives = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address("192.0.2.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "partner.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))
