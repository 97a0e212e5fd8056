"""Without a good token in the one right place there is no answer."""

import base64
import json

import httpx
import pytest

from service.access.roles import Role
from service.audit.event import SYSTEM_STREAM, Event
from service.audit.store import entries_of
from service.wiring import Service
from tests.factories import bearer

CASE = "/v1/cases/00000000-0000-7000-8000-000000000000"


def told_last(service: Service) -> str:
    with service.database.look() as session:
        return [kept.event for kept in entries_of(session, SYSTEM_STREAM)][-1]


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        "Bearer abc",
        "Bearer a.b.c",
        f"Bearer {part({'alg': 'none'})}.{part({'sub': 'x'})}.",
        "Bearer " + "a" * 9000,
    ],
)
async def test_a_request_without_a_good_token_is_401(api: httpx.AsyncClient, authorization: str) -> None:
    answer = await api.get(CASE, headers={"Authorization": authorization})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="nrm"')
    assert answer.json()["detail"] == "A valid bearer token is needed"


async def test_two_tokens_are_none(api: httpx.AsyncClient, service: Service) -> None:
    good = bearer(service)["Authorization"]
    answer = await api.get(CASE, headers=[("Authorization", good), ("Authorization", good)])

    assert answer.status_code == 401


async def test_a_token_that_was_tampered_with_is_401(api: httpx.AsyncClient, service: Service) -> None:
    head, claims, signature = bearer(service)["Authorization"].split(".")
    forged = claims[:-2] + ("AA" if claims[-2:] != "AA" else "BB")

    answer = await api.get(CASE, headers={"Authorization": f"{head}.{forged}.{signature}"})

    assert (answer.status_code, 'error="invalid_token"' in answer.headers["WWW-Authenticate"]) == (401, True)


async def test_who_calls_is_asked_before_what_is_sent(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v1/signals", json={"submissionKey": 1})

    assert answer.status_code == 401


async def test_what_somebody_may_do_is_asked_before_what_is_sent(api: httpx.AsyncClient, service: Service) -> None:
    answer = await api.post("/v1/signals", json={"submissionKey": 1}, headers=bearer(service, Role.PARTNER, "comensha"))

    assert (answer.status_code, "errors" in answer.json()) == (403, False)
    assert told_last(service) == Event.ACCESS_REFUSED


async def test_what_cannot_be_understood_is_kept_as_a_refusal(api: httpx.AsyncClient, service: Service) -> None:
    body = {"submissionKey": "a-key-of-one-signal-0001", "facts": {"age": "old"}}
    repeatable = {"Idempotency-Key": '"a-key-of-a-request"'}

    answers = [
        await api.post("/v1/signals", json=body, headers={**bearer(service), **more}) for more in ({}, repeatable)
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert told_last(service) == Event.SIGNAL_REFUSED
