"""A Saturday night: one desk has no room, the next one is silent, and CoMensha takes it; nobody falls between."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from service.access.roles import Role
from service.casework.referrals.escalate_silence import escalate_silence, overdue
from service.casework.trail.verify_log import verify_log
from service.kernel.ids import new_key
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import auditor, bearer, one_more, told_over_http

Json = dict[str, Any]
SATURDAY_NIGHT = datetime(2026, 11, 28, 22, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def night(service: Service, clock: FixedClock) -> None:
    """Begin on Saturday at half past eleven in Amsterdam, with a second desk of experts."""
    clock.move(SATURDAY_NIGHT - clock.now())
    one_more(service, "emm-night-desk", "emm")


async def reported(api: httpx.AsyncClient, service: Service) -> str:
    """Let the police report somebody in danger, and give the address of the case."""
    facts = told_over_http(acuteDanger="yes", acceptedOn="2026-11-28")
    body = {"submissionKey": new_key("night-")[:40], "facts": facts}
    receipt = await api.post("/v1/signals", json=body, headers=bearer(service))
    return receipt.headers["Location"]


async def experts(api: httpx.AsyncClient, service: Service, case: str) -> list[Json]:
    """Give the referrals to whoever was asked as an expert, in the order in which they were asked."""
    found = (await api.get(case, headers=bearer(service))).json()["referrals"]
    chain = [one for one in found if one["askedAs"] == "emm" and one["insteadOf"] is None]
    while chain[-1]["askedNext"]:
        chain.append(next(one for one in found if one["id"] == chain[-1]["askedNext"]))
    return chain


async def desk(api: httpx.AsyncClient, service: Service) -> set[tuple[str, str]]:
    """Give what lies open on the desk about referrals: what, and about which."""
    found = await api.get("/v1/tasks?state=open&pageSize=100", headers=bearer(service))
    return {(one["kind"], one["referralId"]) for one in found.json()["items"] if one["referralId"]}


async def inbox(api: httpx.AsyncClient, service: Service, partner: str) -> list[Json]:
    found = await api.get("/v1/referrals?state=queued", headers=bearer(service, Role.PARTNER, partner))
    lines: list[Json] = found.json()["items"]
    return lines


async def answer(api: httpx.AsyncClient, service: Service, referral: Json, **said: str) -> httpx.Response:
    headers = bearer(service, Role.PARTNER, referral["partnerId"])
    return await api.post(f"/v1/referrals/{referral['id']}/answers", json=said, headers=headers)


def nobody_stays_silent(service: Service) -> None:
    """Let the service notice who has been silent for too long, as its worker does."""
    while (referral_id := overdue(service.system())) is not None:
        escalate_silence(service.system(), referral_id)


async def test_a_desk_without_room_then_a_silent_one_and_then_comensha(
    api: httpx.AsyncClient, service: Service, clock: FixedClock
) -> None:
    case = await reported(api, service)
    (first,) = await experts(api, service, case)
    assert first["answerBy"] == "2026-11-29T02:30:00Z"

    no_room = await answer(api, service, first, answer="decline", reason="no_capacity")
    assert (no_room.status_code, no_room.json()["state"]) == (201, "declined")
    _, second = await experts(api, service, case)
    assert second["id"] in {line["id"] for line in await inbox(api, service, "emm-night-desk")}

    clock.move(timedelta(hours=3, minutes=59))
    nobody_stays_silent(service)
    assert [one["state"] for one in await experts(api, service, case)] == ["declined", "queued"]
    clock.move(timedelta(minutes=1))
    nobody_stays_silent(service)

    *_, third = await experts(api, service, case)
    assert (third["partnerId"], third["askedAs"], third["state"]) == ("comensha", "emm", "queued")
    assert ("silent_partner", second["id"]) in await desk(api, service)

    for word in ("acknowledge", "accept", "start", "complete"):
        assert (await answer(api, service, third, answer=word)).status_code == 201
    too_late = await answer(api, service, second, answer="accept")

    assert (too_late.status_code, too_late.headers["Content-Type"]) == (409, "application/problem+json")
    assert [one["state"] for one in await experts(api, service, case)] == ["declined", "withdrawn", "completed"]
    assert not {task for task in await desk(api, service) if task[1] in {first["id"], second["id"], third["id"]}}
    trail = (await api.get(f"{case}/trail", headers=bearer(service, Role.AUDITOR, "inspectorate"))).json()
    assert trail["verified"] is True
    found = verify_log(auditor(service))
    assert (found.verified, found.breaks) == (True, ())
    events = [entry["event"] for entry in trail["entries"]]
    assert events.count("referral:expired") >= 1
    assert events.count("referral:completed") == 1


async def test_when_nobody_answers_the_desk_knows_on_sunday_and_brings_it_over_itself(
    api: httpx.AsyncClient, service: Service, clock: FixedClock
) -> None:
    case = await reported(api, service)
    for _ in range(3):
        clock.move(timedelta(hours=4))
        nobody_stays_silent(service)

    chain = await experts(api, service, case)
    assert [one["state"] for one in chain] == ["expired"] * 3
    assert ("nobody_accepts", chain[-1]["id"]) in await desk(api, service)

    address = f"{case}/referrals/{chain[-1]['id']}"
    read = await api.get(address, headers=bearer(service))
    told = await api.post(
        f"{address}/hand-over",
        json={"answer": "accept"},
        headers={**bearer(service), "If-Match": read.headers["ETag"]},
    )

    assert (told.status_code, told.json()["state"]) == (200, "accepted")
    assert [one["byHand"] for one in told.json()["answers"]] == [True]
    assert [one["state"] for one in await experts(api, service, case)] == ["withdrawn", "withdrawn", "accepted"]
    assert not {task for task in await desk(api, service) if task[1] in {one["id"] for one in chain}}


async def test_the_same_answer_twice_is_told_apart_from_another_one(api: httpx.AsyncClient, service: Service) -> None:
    (referral,) = await experts(api, service, await reported(api, service))

    first = await answer(api, service, referral, answer="accept")
    again = await answer(api, service, referral, answer="accept")
    other = await answer(api, service, referral, answer="decline", reason="safety")

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert again.json() == first.json() | {"repeated": True}
    assert again.headers["Location"] == first.headers["Location"]


async def test_an_answer_that_was_kept_for_its_sender_says_again_what_it_said_first(
    api: httpx.AsyncClient, service: Service
) -> None:
    (referral,) = await experts(api, service, await reported(api, service))
    headers = bearer(service, Role.PARTNER, "emm")
    address, body = f"/v1/referrals/{referral['id']}/answers", {"answer": "accept"}

    said = [
        await api.post(
            address, json=body, headers={**headers, "Idempotency-Key": f'"key-number-{number}-of-the-night"'}
        )
        for number in (1, 1, 2, 2)
    ]

    assert [one.status_code for one in said] == [201, 201, 200, 200]
    assert [one.json()["repeated"] for one in said] == [False, False, True, True]
