"""Places over HTTP: what cannot be so is refused without an echo, and nothing is kept of it."""

from typing import Any

import httpx
import pytest

from service.access.roles import Role
from service.wiring import Service
from tests.casework.places.reports import reported
from tests.factories import bearer

PLAIN = {"shelterType": "omm", "targetGroup": "multiproblem", "places": 6, "free": 2}


@pytest.mark.only_on("sqlite")
async def test_numbers_that_cannot_be_are_refused_and_nothing_is_kept(api: httpx.AsyncClient, service: Service) -> None:
    ours = bearer(service, Role.PARTNER, "kadera-omm")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"places": -1}, "/places"),
        ({"free": -1}, "/free"),
        ({"occupied": -1}, "/occupied"),
        ({"free": 7}, "/free"),
        ({"asOf": "2026-11-23T10:00:01+01:00"}, "/asOf"),
        ({"targetGroup": "a woman of thirty from AA"}, "/targetGroup"),
        ({"address": "Invented Street 1"}, ""),
    ]
    for said, pointer in wrong:
        refused = await api.put("/v1/capacity", json={**PLAIN, **said}, headers=ours)
        assert (refused.status_code, refused.headers["content-type"]) == (400, "application/problem+json"), said
        assert [one["pointer"] for one in refused.json()["errors"]] == [pointer]
        assert "Invented" not in refused.text
        assert "thirty" not in refused.text
    assert (await api.get("/v1/capacity", headers=ours)).json()["items"] == []

    kept = (await api.put("/v1/capacity", json={**PLAIN, "occupied": 9}, headers=ours)).json()
    assert (kept["places"], kept["free"], kept["left"], kept["occupied"], kept["stale"]) == (6, 2, 2, 9, False)


@pytest.mark.only_on("sqlite")
async def test_nothing_can_be_said_of_the_person_for_whom_a_place_is_asked(
    api: httpx.AsyncClient, service: Service
) -> None:
    for more in ({"nationality": "AA"}, {"age": 31}, {"municipality": "GM0153"}, {"caseId": "1"}, {"note": "x"}):
        asked = await api.post("/v1/capacity-questions", json={"targetGroup": "women", **more}, headers=bearer(service))
        assert asked.status_code == 400, more


@pytest.mark.only_on("sqlite")
async def test_under_its_key_a_place_is_held_once_and_a_question_is_asked_once(
    api: httpx.AsyncClient, service: Service
) -> None:
    free = reported(service, free=2)
    ours = {**bearer(service), "Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}
    asked_for = {"targetGroup": "multiproblem"}

    held = [await api.post(f"/v1/capacity/{free.id}/holds", headers=ours) for _ in range(2)]
    asked = [await api.post("/v1/capacity-questions", json=asked_for, headers=ours) for _ in range(2)]

    for first, again in (held, asked):
        assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    (one,) = (await api.get("/v1/capacity", headers=bearer(service))).json()["items"]
    assert one["left"] == 1
    theirs = await api.get("/v1/capacity-questions", headers=bearer(service, Role.PARTNER, "kadera-omm"))
    assert len(theirs.json()["items"]) == 1
