"""Partners' systems that lie, drip, pour, tear down and pretend: each ends as an outcome, in bounded time."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.dispatch.outcome import Category
from service.dispatch.sender import MOST_READ, Sender
from tests.dispatch.wire import TAKEN, answering, certificates, leading_to, parcel, partner, tried


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


async def test_the_certificate_must_be_of_the_name_that_was_meant(tmp_path: Path) -> None:
    server, client = certificates("partner.example.org", tmp_path)
    async with partner(answering(TAKEN), server) as port:
        known = Sender(loopback_allowed=True, resolve=leading_to("127.0.0.1"), verify=client)
        assert (await known(parcel(f"https://partner.example.org:{port}/"))).category is Category.TAKEN
        assert (await known(parcel(f"https://other.example.org:{port}/"))).category is Category.INSECURE
        stranger = Sender(loopback_allowed=True, resolve=leading_to("127.0.0.1"))
        assert (await stranger(parcel(f"https://partner.example.org:{port}/"))).category is Category.INSECURE


async def test_a_status_counts_whatever_becomes_of_the_body_and_a_dripping_one_holds_up_nobody() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Type: text/plain\r\n\r\n")
        while True:
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with partner(drip) as port:
        outcome = await Sender(loopback_allowed=True)(parcel(f"http://127.0.0.1:{port}/"))
    assert (outcome.category, outcome.http_status) == (Category.TAKEN, 202)
    assert outcome.latency_ms < 10_000


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 202 Accepted\r\nContent-Length: 1000000000\r\n\r\nshort",
        b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nlonger than it said",
        b"HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nx",
        b"HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\nno length at all",
        b"HTTP/1.1 202 Accepted\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x00\x00",
    ],
    ids=["too short", "too long", "a chunk that never ends", "a chunk without a length", "not what it is packed as"],
)
async def test_lies_about_the_body_change_nothing_about_the_status(answer: bytes) -> None:
    assert (await tried(answer)).category is Category.TAKEN


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello",
        b"HTTP/1.1 202 Accepted\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 202 Accepted\r\nX-Long: " + b"x" * 1_000_000 + b"\r\n\r\n",
        b"HTTP/2 202 Accepted\r\n\r\n",
    ],
    ids=["two lengths", "a negative length", "a header without end", "another language"],
)
async def test_an_answer_that_cannot_be_read_is_none(answer: bytes) -> None:
    outcome = await tried(answer)
    assert (outcome.category, outcome.http_status) == (Category.UNREACHABLE, None)


async def test_a_connection_that_is_torn_down_is_unreachable() -> None:
    async def tear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.abort()

    async with partner(tear) as port:
        outcome = await Sender(loopback_allowed=True)(parcel(f"http://127.0.0.1:{port}/"))
    assert outcome.category is Category.UNREACHABLE


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\n\r\n"])
async def test_whoever_never_comes_to_the_point_is_left_at_the_deadline(said: bytes) -> None:
    async def put_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        while True:
            writer.write(said)
            await writer.drain()
            await asyncio.sleep(0.02)

    async with partner(put_off) as port:
        outcome = await Sender(loopback_allowed=True, deadline=0.4)(parcel(f"http://127.0.0.1:{port}/"))
    assert outcome.category is Category.TIMEOUT


async def test_each_attempt_looks_a_name_up_anew_and_what_leads_inside_by_then_is_not_connected_to() -> None:
    answers, connections = [["127.0.0.1"], ["10.0.0.5"], ["127.0.0.1", "169.254.169.254"]], list[bytes]()

    async def resolve(host: str, port: int) -> Sequence[str]:
        return answers.pop(0)

    async with partner(answering(TAKEN, connections)) as port:
        sender = Sender(loopback_allowed=True, resolve=resolve)
        met = [(await sender(parcel(f"http://partner.example.org:{port}/in"))).category for _ in range(3)]
    assert met == [Category.TAKEN, Category.BLOCKED_ADDRESS, Category.BLOCKED_ADDRESS]
    assert len(connections) == 1


async def test_no_connection_is_kept_for_another_name_at_the_same_address(tmp_path: Path) -> None:
    server, client = certificates("partner.example.org", tmp_path)
    opened: list[object] = []

    async def stay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(writer)
        while True:
            await answering(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n")(
                reader, writer
            )

    async with partner(stay, server) as port:
        sender = Sender(loopback_allowed=True, resolve=leading_to("127.0.0.1"), verify=client)
        names = ("partner.example.org", "other.example.org", "partner.example.org")
        met = [(await sender(parcel(f"https://{name}:{port}/"))).category for name in names]
    assert met == [Category.TAKEN, Category.INSECURE, Category.TAKEN]
    assert len(opened) == 2


async def test_whoever_does_not_speak_tls_is_not_spoken_to_in_the_clear() -> None:
    heard: list[bytes] = []

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(3))
        writer.write(TAKEN)
        await writer.drain()

    async with partner(plain) as port:
        sender = Sender(loopback_allowed=True, resolve=leading_to("127.0.0.1"))
        outcome = await sender(parcel(f"https://partner.example.org:{port}/"))
    assert outcome.category is Category.INSECURE
    assert heard[0].startswith(b"\x16\x03")


async def test_a_certificate_that_has_run_out_is_none(tmp_path: Path) -> None:
    server, client = certificates("partner.example.org", tmp_path, valid_until=datetime.now(UTC) - timedelta(hours=1))
    async with partner(answering(TAKEN), server) as port:
        sender = Sender(loopback_allowed=True, resolve=leading_to("127.0.0.1"), verify=client)
        assert (await sender(parcel(f"https://partner.example.org:{port}/"))).category is Category.INSECURE
