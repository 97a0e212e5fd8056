"""The one way out: every connection that the service opens by itself goes through here.

A name is resolved once, every address it resolves to must be allowed, and the connection goes to one of exactly those
addresses; so a name cannot lead elsewhere between check and use.
"""

import asyncio
import functools
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import httpx

from service.dispatch.addresses import Networks, is_within, may_receive
from service.dispatch.outcome import Category

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_log = logging.getLogger(__name__)

BODY_SECONDS: Final = 2.0
"""Seconds that the body of an answer may take, once its status is known; whoever drips it holds up nobody for long."""

_PORTS: Final = {"http": 80, "https": 443}


class Refused(Exception):
    """A connection that was not opened."""

    def __init__(self, category: Category) -> None:
        """Say why.

        Args:
            category: what kept it from being opened.
        """
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
class Question:
    """What is asked of another system."""

    method: str
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back, read as far as was allowed; it is somebody else's text.

    Attributes:
        status: how the other system answered; nothing that becomes of the body changes that.
        headers: the answer's header fields.
        body: what was read of its body.
        whole: whether the body came to its end, or as far as was allowed.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool = True


@dataclass(frozen=True)
class Outgoing:
    """Asks one question of another system.

    Attributes:
        loopback_allowed: whether `http://` to this machine itself is allowed, for trying the service out.
        deadline: seconds for one question altogether: resolving, connecting, writing and reading.
        allowed: closed networks into which questions may go all the same; every use is logged.
        resolve: how a name becomes addresses.
        verify: whom to trust over TLS: the public authorities, or a context with somebody's own.
    """

    loopback_allowed: bool
    deadline: float
    allowed: Networks = ()
    resolve: Resolve = resolve_name
    verify: ssl.SSLContext | None = None

    async def ask(self, question: Question, most: int) -> Answer:
        """Ask once; a redirect is an answer and is not followed.

        Args:
            question: what to ask and where.
            most: bytes of the answer's body after which no more is read.

        Raises:
            Exception: whatever kept the answer from coming; `why_not` tells its category.
        """
        async with asyncio.timeout(self.deadline):
            url = httpx.URL(question.url)
            addresses = await self._vetted(url)
            for address in addresses[:-1]:
                try:
                    return await self._ask_at(url, address, question, most)
                except httpx.ConnectError as failure:
                    if _is_insecure(failure):
                        raise
            return await self._ask_at(url, addresses[-1], question, most)

    async def _vetted(self, url: httpx.URL) -> Sequence[str]:
        if url.scheme not in _PORTS or not url.host or url.userinfo:
            raise Refused(Category.OWN_FAULT)
        addresses = await self.resolve(url.host, url.port or _PORTS[url.scheme])
        if not addresses:
            raise Refused(Category.UNKNOWN_HOST)
        if not all(self._is_open(address) for address in addresses):
            raise Refused(Category.BLOCKED_ADDRESS)
        if url.scheme == "http" and not all(_is_loopback(address) for address in addresses):
            raise Refused(Category.INSECURE)
        return addresses

    def _is_open(self, address: str) -> bool:
        if not may_receive(address, loopback_allowed=self.loopback_allowed, allowed=self.allowed):
            return False
        if is_within(address, self.allowed):
            _log.info("a connection goes into a network that was opened by NRM_ALLOWED_NETWORKS")
        return True

    async def _ask_at(self, url: httpx.URL, address: str, question: Question, most: int) -> Answer:
        async with self._answering(url, address, question) as answer:
            body = bytearray()
            try:
                async with asyncio.timeout(BODY_SECONDS):
                    async for piece in answer.aiter_raw():
                        body += piece
                        if len(body) >= most:
                            break
            except (TimeoutError, httpx.TransportError):
                return Answer(answer.status_code, answer.headers, bytes(body), whole=False)
            return Answer(answer.status_code, answer.headers, bytes(body))

    @asynccontextmanager
    async def _answering(self, url: httpx.URL, address: str, question: Question) -> AsyncIterator[httpx.Response]:
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
                question.method,
                url.copy_with(host=address),
                content=question.body or None,
                headers={**question.headers, "Host": url.netloc.decode("ascii"), "Accept-Encoding": "identity"},
                extensions={"sni_hostname": url.host},
            ) as answer,
        ):
            yield answer


def why_not(failure: Exception) -> Category:
    """Say in one word what kept an answer from coming.

    Args:
        failure: what `ask` raised.
    """
    match failure:
        case Refused():
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


@functools.cache
def _public_authorities() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _is_insecure(failure: BaseException) -> bool:
    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _is_loopback(address: str) -> bool:
    return may_receive(address, loopback_allowed=True) and not may_receive(address)
