"""Every answer has its headers, every refusal is a problem, and the protocol is kept to the letter."""

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from service.access.roles import Role
from service.api import cases
from service.api.guards import HEADERS, LARGEST_BODY, Guards
from service.api.openapi import VERSION
from service.app import build_app
from service.kernel.errors import Broken
from service.wiring import Service
from tests.factories import bearer

HERE = frozenset({"api.example.org"})
NOWHERE = "00000000-0000-7000-8000-000000000000"
CASE = f"/v1/cases/{NOWHERE}"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health", 200),
        ("GET", "/v1/openapi.json", 200),
        ("GET", "/", 404),
        ("GET", "/nowhere", 404),
        ("GET", "/health/", 404),
        ("GET", "/v1/signals/", 404),
        ("GET", "/docs", 404),
        ("GET", "//health", 404),
        ("GET", "/v1/decisions/preview", 405),
        ("DELETE", CASE, 405),
        ("POST", CASE, 405),
        ("BREW", CASE, 405),
        ("GET", CASE, 401),
        ("GET", f"{CASE}?page=2", 400),
        ("GET", f"{CASE}?access_token=abc", 400),
        ("OPTIONS", CASE, 204),
        ("HEAD", "/health", 200),
        ("HEAD", CASE, 401),
    ],
)
async def test_every_answer_has_its_headers_and_every_refusal_is_a_problem(
    api: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await api.request(method, path)

    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in HEADERS} == dict(HEADERS)
    assert answer.headers["API-Version"] == VERSION
    assert "server" not in answer.headers
    if status >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
    if status >= 400 and method != "HEAD":
        assert answer.json().keys() >= {"type", "title", "status", "detail", "instance"}
        assert "page" not in answer.text
    if status == 404:
        assert "/v1/openapi.json" in answer.json()["detail"]


@pytest.mark.parametrize(
    "host",
    ["api.example.org", "API.example.org:443", "localhost", "127.0.0.1:8080", "[::1]:8080", "[::1]"],
)
async def test_whoever_asks_for_this_service_is_served(api: httpx.AsyncClient, host: str) -> None:
    assert (await api.get("/health", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "hosts",
    [
        ["evil.example.org"],
        ["api.example.org.evil.example.org"],
        ["api.example.org@evil.example.org"],
        ["api.example.org/v1"],
        ["api.example.org:port"],
        ["api.example.org."],
        ["::1"],
        [""],
        ["api.example.org", "evil.example.org"],
        ["api.example.org", "api.example.org"],
    ],
)
async def test_whoever_asks_for_somebody_else_is_refused(
    api: httpx.AsyncClient, service: Service, hosts: list[str]
) -> None:
    headers = [*bearer(service).items(), *(("Host", host) for host in hosts)]
    answer = await api.get(CASE, headers=headers)

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"][0]["code"] == "unknown-host"
    assert "evil" not in answer.text


async def test_whoever_asks_for_nobody_is_refused(service: Service) -> None:
    sent: list[Message] = []

    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def keep(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/health", "query_string": b"", "headers": []}
    await build_app(service)(scope, nothing, keep)

    assert sent[0]["status"] == 400


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/signals", "GET, HEAD, OPTIONS, POST"),
        (CASE, "GET, HEAD, OPTIONS"),
        ("/health", "GET, HEAD, OPTIONS"),
        (f"/v1/referrals/{NOWHERE}/answers", "OPTIONS, POST"),
    ],
)
async def test_a_method_that_is_not_served_is_told_which_are(api: httpx.AsyncClient, path: str, allowed: str) -> None:
    assert (await api.request("PATCH", path)).headers["Allow"] == allowed
    assert (await api.options(path)).headers["Allow"] == allowed


async def test_head_says_what_get_would_without_the_body(api: httpx.AsyncClient) -> None:
    get, head = await api.get("/health"), await api.head("/health")

    assert head.content == b""
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("*/*", 200),
        ("application/*;q=0.5", 200),
        ("text/html, application/json;q=0.9", 200),
        ("", 200),
        ("application/xml", 406),
        ("text/*", 406),
        ("application/json;q=0", 406),
        ("application/json; q=0.000", 406),
        ("application/json;q=0.001", 200),
    ],
)
async def test_an_answer_that_the_caller_cannot_read_is_not_sent(
    api: httpx.AsyncClient, accept: str, status: int
) -> None:
    assert (await api.get("/v1/openapi.json", headers={"Accept": accept})).status_code == status


@pytest.mark.parametrize(
    ("media_type", "status"),
    [
        ("application/json", 400),
        ("application/json; charset=utf-8", 400),
        ("APPLICATION/JSON;charset=UTF-8", 400),
        ("application/json; charset=latin-1", 415),
        ("application/foo+json", 415),
        ("text/plain", 415),
        ("multipart/form-data", 415),
        ("", 415),
    ],
)
async def test_only_json_is_read(api: httpx.AsyncClient, service: Service, media_type: str, status: int) -> None:
    headers = {**bearer(service), "Content-Type": media_type}

    assert (await api.post("/v1/signals", content=b"{}", headers=headers)).status_code == status


async def test_a_compressed_body_is_not_read(api: httpx.AsyncClient, service: Service) -> None:
    headers = {**bearer(service), "Content-Type": "application/json", "Content-Encoding": "gzip"}

    assert (await api.post("/v1/signals", content=b"{}", headers=headers)).status_code == 415


async def test_a_body_that_is_too_large_is_not_read(api: httpx.AsyncClient, service: Service) -> None:
    headers = {**bearer(service), "Content-Type": "application/json"}
    answer = await api.post("/v1/signals", content=b" " * (LARGEST_BODY + 1), headers=headers)

    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/problem+json")


async def test_an_id_that_is_none_is_a_mistake_in_the_path(api: httpx.AsyncClient, service: Service) -> None:
    answer = await api.get("/v1/cases/not-an-id", headers=bearer(service))

    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {"location": "path", "pointer": "/caseId", "code": "not-an-id", "detail": "This is not an identifier."}
    ]


async def test_our_own_fault_is_told_without_a_word_of_what_happened() -> None:
    reported: list[tuple[Exception, str]] = []

    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        message = "a name"
        raise ValueError(message)

    guards = Guards(broken, VERSION, lambda _path: frozenset({"GET"}), lambda *told: reported.append(told), HERE)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=guards), base_url="http://api.example.org"
    ) as client:
        answer = await client.get("/anything")

    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")
    assert "a name" not in answer.text
    ((error, instance),) = reported
    assert (type(error), instance) == (ValueError, answer.json()["instance"])


async def test_a_caller_that_leaves_halfway_is_not_answered() -> None:
    sent: list[Message] = []

    async def leave() -> Message:
        return {"type": "http.disconnect"}

    async def keep(message: Message) -> None:
        sent.append(message)

    async def never(scope: Scope, receive: Receive, send: Send) -> None:
        message = "half a body was passed on"
        raise AssertionError(message)

    guards = Guards(never, VERSION, lambda _path: frozenset({"POST"}), lambda _error, _instance: None, HERE)
    scope = {"type": "http", "method": "POST", "path": "/v1/signals", "query_string": b""}
    await guards({**scope, "headers": [(b"host", b"api.example.org")]}, leave, keep)

    assert sent == []


async def test_a_partner_cannot_submit_and_is_told_which_scope_is_missing(
    api: httpx.AsyncClient, service: Service
) -> None:
    body = {"submissionKey": "a-key-of-one-signal-0001", "facts": {}}
    answer = await api.post("/v1/signals", json=body, headers=bearer(service, Role.PARTNER, "comensha"))

    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


async def test_our_own_fault_is_logged_under_the_name_that_the_caller_got(
    api: httpx.AsyncClient, service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuses(*_given: object) -> None:
        message = "a marker"
        raise Broken(message)

    def breaks(*_given: object) -> None:
        message = "a marker"
        raise ValueError(message)

    for fault in (breaks, refuses):
        monkeypatch.setattr(cases, "read_case", fault)
        answer = await api.get("/v1/cases/00000000-0000-7000-8000-000000000000", headers=bearer(service))

        assert answer.status_code == 500
        assert answer.json()["instance"] in caplog.messages[-1]
        assert "a marker" not in caplog.text + answer.text
