"""The only module that opens an outgoing connection: one POST, one outcome, and no word of what went wrong inside.

A name is resolved once, every address it resolves to must be allowed, and the connection goes to one of exactly those
addresses; so a name cannot lead elsewhere between check and use.
"""

import asyncio
import functools
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import httpx

from service.dispatch.addresses import may_receive
from service.dispatch.outcome import Category, Outcome, category_of
from service.dispatch.parcel import Parcel

DEADLINE: Final = 20.0
"""Seconds for one attempt altogether: resolving, connecting, writing and reading."""

MOST_READ: Final = 16 * 1024
"""Bytes of an answer that are read; they are thrown away, because only the status counts."""

USER_AGENT: Final = "nrm-dispatch/1"

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class _Refused(Exception):
    """An attempt that ended before a connection was opened."""

    def __init__(self, category: Category) -> None:
        super().__init__(category.value)
        self.category = category


async def resolve_name(host: str, port: int) -> Sequence[str]:
    """Ask the operating system for a host's addresses, in the order in which it would try them.

    Args:
        host: name or literal address.
        port: TCP port.
    """
    loop = asyncio.get_running_loop()
    answers = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


@dataclass(frozen=True)
class Sender:
    """Sends parcels; calling it is one attempt.

    Attributes:
        loopback_allowed: whether `http://` to this machine itself is allowed, for trying the service out.
        deadline: seconds for one attempt altogether; a lease must be at least twice as long.
        resolve: how a name becomes addresses.
        verify: whom to trust over TLS: the public authorities, or a context with a partner's own.
    """

    loopback_allowed: bool = False
    deadline: float = DEADLINE
    resolve: Resolve = resolve_name
    verify: ssl.SSLContext | None = None

    async def __call__(self, parcel: Parcel) -> Outcome:
        """Try once to hand a parcel over; every failure is an outcome, none is an exception.

        Args:
            parcel: what to send and where.
        """
        started = time.monotonic()
        try:
            async with asyncio.timeout(self.deadline):
                status, retry_after = await self._attempt(parcel)
        except Exception as failure:  # noqa: BLE001 -- whatever happens inside must end as an outcome, never as a text
            return Outcome(_category_of_failure(failure), latency_ms=_milliseconds_since(started))
        return Outcome(category_of(status), status, _milliseconds_since(started), retry_after)

    async def _attempt(self, parcel: Parcel) -> tuple[int, str | None]:
        url = httpx.URL(parcel.url)
        addresses = await self._vetted(url)
        for address in addresses[:-1]:
            try:
                return await self._post(url, address, parcel)
            except httpx.ConnectError as failure:
                if _is_insecure(failure):
                    raise
        return await self._post(url, addresses[-1], parcel)

    async def _vetted(self, url: httpx.URL) -> Sequence[str]:
        if url.scheme not in {"http", "https"} or not url.host or url.userinfo:
            raise _Refused(Category.OWN_FAULT)
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = await self.resolve(url.host, port)
        if not addresses:
            raise _Refused(Category.UNKNOWN_HOST)
        if not all(may_receive(address, loopback_allowed=self.loopback_allowed) for address in addresses):
            raise _Refused(Category.BLOCKED_ADDRESS)
        if url.scheme == "http" and not all(_is_loopback(address) for address in addresses):
            raise _Refused(Category.INSECURE)
        return addresses

    async def _post(self, url: httpx.URL, address: str, parcel: Parcel) -> tuple[int, str | None]:
        host = url.netloc.decode("ascii")
        async with (
            httpx.AsyncClient(
                trust_env=False,
                follow_redirects=False,
                timeout=self.deadline,
                verify=self.verify or _public_authorities(),
                # A kept connection would be reused for another name on this address, its certificate unchecked.
                limits=httpx.Limits(max_keepalive_connections=0),
            ) as client,
            client.stream(
                "POST",
                url.copy_with(host=address),
                content=parcel.body,
                headers={
                    **parcel.headers,
                    "Host": host,
                    "User-Agent": USER_AGENT,
                    "Accept-Encoding": "identity",
                },
                extensions={"sni_hostname": url.host},
            ) as answer,
        ):
            read = 0
            async for piece in answer.aiter_raw():
                read += len(piece)
                if read >= MOST_READ:
                    break
            return answer.status_code, answer.headers.get("retry-after")


@functools.cache
def _public_authorities() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _category_of_failure(failure: Exception) -> Category:
    match failure:
        case _Refused():
            return failure.category
        case TimeoutError() | httpx.TimeoutException():
            return Category.TIMEOUT
        case socket.gaierror() | UnicodeError():
            return Category.UNKNOWN_HOST
        case httpx.ConnectError() if _is_insecure(failure):
            return Category.INSECURE
        case httpx.TransportError() | OSError():
            return Category.UNREACHABLE
        case _:
            return Category.OWN_FAULT


def _is_insecure(failure: BaseException) -> bool:
    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _is_loopback(address: str) -> bool:
    return may_receive(address, loopback_allowed=True) and not may_receive(address)


def _milliseconds_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
