"""A document is fetched through the guarded way out, and only a whole, small, found one is used."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from service.dispatch.fetcher import LARGEST, Document, NotFetched, fetch
from service.dispatch.outcome import Category
from service.dispatch.outgoing import Outgoing

SET = b'{"keys": []}'


@asynccontextmanager
async def publisher(answer: bytes, heard: list[bytes] | None = None) -> AsyncIterator[str]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        if heard is not None:
            heard.append(request)
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/keys"


async def fetched(url: str) -> Document:
    return await asyncio.to_thread(fetch, Outgoing(loopback_allowed=True, deadline=5), url)


def found(body: bytes, *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.mark.parametrize(
    ("header", "max_age"),
    [
        ("Cache-Control: public, max-age=3600, must-revalidate", 3600),
        ("Cache-Control: MAX-AGE=60", 60),
        ("Cache-Control: s-maxage=7", None),
        ("Cache-Control: max-age=soon", None),
        ("X-Nothing: 1", None),
    ],
)
async def test_a_found_document_comes_with_how_long_it_is_fresh(header: str, max_age: int | None) -> None:
    heard: list[bytes] = []
    async with publisher(found(SET, header), heard) as url:
        document = await fetched(url)

    assert (document.body, document.max_age) == (SET, max_age)
    assert heard[0].startswith(b"GET /keys HTTP/1.1\r\n")
    assert b"authorization" not in heard[0].lower()


@pytest.mark.parametrize(
    "answer",
    [
        found(b"x" * (LARGEST + 1)),
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf",
        b"nonsense\r\n\r\n",
    ],
    ids=["too large", "not found", "elsewhere", "half", "no HTTP"],
)
async def test_what_is_not_whole_small_and_found_is_not_used(answer: bytes) -> None:
    async with publisher(answer) as url:
        with pytest.raises(NotFetched) as refusal:
            await fetched(url)

    assert str(refusal.value) in set(Category)


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "::1"])
def test_a_name_that_leads_inside_is_not_followed(address: str) -> None:
    async def inside(_host: str, _port: int) -> Sequence[str]:
        return [address]

    with pytest.raises(NotFetched) as refusal:
        fetch(Outgoing(loopback_allowed=False, deadline=5, resolve=inside), "https://login.example.org/keys")

    assert refusal.value.category is Category.BLOCKED_ADDRESS
