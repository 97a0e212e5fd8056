"""One attempt over real sockets: what the other side does, and what we say came of it."""

import asyncio
from ipaddress import ip_network

import pytest

from service.dispatch.outcome import Category, Outcome
from service.dispatch.sender import Sender
from tests.dispatch.wire import TAKEN, answering, leading_to, parcel, partner, tried


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
