"""What is settled before any route: methods, media types, sizes, strict JSON, and the headers of every answer."""

import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import INSTANCE, body_problem, occurrence, our_fault, plain_problem, problem
from service.api.strict_json import NotStrictJson, read_strict

LARGEST_BODY: Final = 256 * 1024
"""Bytes of a request's body that are read at most."""

HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""The headers that the NL API Design Rules ask of every answer (/core/transport/security-headers)."""

_HOST: Final = re.compile(r"(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9.-]{1,253}))(?::[0-9]{1,5})?")
_SENT: Final = ("application/json", "application/problem+json", "application/health+json")
_NOT_AT_ALL: Final = re.compile(r"q\s*=\s*0(\.0{0,3})?")
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


class _TooLarge(Exception):
    """More came than is read."""


class _Away(Exception):
    """The caller left before the whole body came."""


def _nothing_is_asked(_method: str, _path: str) -> bool:
    return False


class Guards:
    """Stands around the application, so that no answer leaves it without its headers."""

    def __init__(
        self,
        app: ASGIApp,
        version: str,
        methods: Callable[[str], frozenset[str]],
        report: Callable[[Exception, str], None],
        hosts: frozenset[str],
        asked: Callable[[str, str], bool] = _nothing_is_asked,
    ) -> None:
        """Put the guards around an application.

        Args:
            app: what is guarded.
            version: the version that every answer names.
            methods: gives the methods that a path serves, none for an unknown path.
            report: is told of an exception that nobody expected, and the answer's instance; must not repeat its text.
            hosts: the names under which the service may be asked for, in small letters.
            asked: tells whether a method of a path can be asked something behind a question mark.
        """
        self._app = app
        self._headers = {"API-Version": version, **HEADERS}
        self._methods = methods
        self._report = report
        self._hosts = hosts
        self._asked = asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        instance = occurrence()
        scope = {**scope, INSTANCE: instance}
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                headers.update(self._headers)
            elif scope["method"] == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._serve(scope, receive, send_with_headers)
        except Exception as error:  # noqa: BLE001 -- the last place before the server, whose log would print the text
            self._report(error, instance)
            if not started:
                await our_fault(instance)(scope, receive, send_with_headers)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refused_host(scope) or _refused_at_once(scope, self._methods(scope["path"]))
        refusal = refusal or _refused_question(scope, self._asked)
        if refusal is None and scope["method"] in _WITH_BODY:
            try:
                body = await _whole_body(receive)
            except _TooLarge:
                refusal = plain_problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            except _Away:
                return
            else:
                refusal = _refused_body(Headers(scope=scope), body)
                receive = _again(body, receive)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        await self._app(inner, receive, send)

    def _refused_host(self, scope: Scope) -> Response | None:
        """Refuse whoever asks for somebody else: a page elsewhere could have its name lead to this machine."""
        names = Headers(scope=scope).getlist("host")
        found = _HOST.fullmatch(names[0]) if len(names) == 1 else None
        if found is not None and (found[1] or found[2]).lower() in self._hosts:
            return None
        detail = "The Host header names nobody who is served here."
        error = {"location": "header", "pointer": "/host", "code": "unknown-host", "detail": detail}
        title = "The request cannot be understood"
        return problem(HTTPStatus.BAD_REQUEST, "invalid-request", title, detail, errors=[error])


def _refused_at_once(scope: Scope, methods: frozenset[str]) -> Response | None:
    if not methods:
        status, detail = HTTPStatus.NOT_FOUND, "Nothing is at this address; /v1/openapi.json describes what there is."
        return problem(status, "not-found", status.phrase, detail)
    allowed = {"Allow": ", ".join(sorted(methods))}
    if scope["method"] == "OPTIONS":
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=allowed)
    if scope["method"] not in methods:
        return plain_problem(HTTPStatus.METHOD_NOT_ALLOWED, allowed)
    if not _acceptable(Headers(scope=scope).getlist("accept")):
        return plain_problem(HTTPStatus.NOT_ACCEPTABLE)
    return None


def _refused_question(scope: Scope, asked: Callable[[str, str], bool]) -> Response | None:
    if not scope["query_string"]:
        return None
    if not asked("GET" if scope["method"] == "HEAD" else scope["method"], scope["path"]):
        return _query_problem("unknown-parameter", "Nothing can be asked in the address.")
    names = [name for name, _ in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)]
    if len(names) != len(set(names)):
        return _query_problem("repeated-parameter", "A parameter stands twice in the address.")
    return None


def _query_problem(code: str, detail: str) -> Response:
    error = {"location": "query", "pointer": "", "code": code, "detail": detail}
    title = "The request cannot be understood"
    return problem(HTTPStatus.BAD_REQUEST, "invalid-request", title, detail, errors=[error])


def _refused_body(headers: Headers, body: bytes) -> Response | None:
    if not body:
        return None
    media_type, _, parameters = headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != "application/json" or not _is_utf8(parameters):
        return plain_problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, {"Accept": "application/json"})
    if headers.get("content-encoding", "identity").lower() != "identity":
        return plain_problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, {"Accept-Encoding": "identity"})
    try:
        read_strict(body)
    except NotStrictJson:
        return body_problem("malformed-json", "The body is not JSON that everybody reads in the same way.")
    return None


def _is_utf8(parameters: str) -> bool:
    return parameters.strip().lower().replace('"', "") in {"", "charset=utf-8"}


def _acceptable(accepts: Iterable[str]) -> bool:
    wanted = [part for line in accepts for part in line.split(",") if part.strip()]
    return not wanted or any(_fits(part) for part in wanted)


def _fits(part: str) -> bool:
    wanted, *parameters = (piece.strip().lower() for piece in part.split(";"))
    if any(_NOT_AT_ALL.fullmatch(parameter) for parameter in parameters):
        return False
    return wanted in {"*/*", "application/*", *_SENT}


async def _whole_body(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Away
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise _TooLarge
        more = message.get("more_body", False)
    return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    given = False

    async def give() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give
