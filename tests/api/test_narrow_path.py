"""The whole path over HTTP: a signal in, a referral out, an answer back, and a trail that holds."""

import httpx

from service.access.roles import Role
from service.wiring import Service
from tests.factories import OTHER_OFFICE, bearer, told_over_http

KEY = "a-key-of-one-signal-0001"
BODY = {"submissionKey": KEY, "facts": told_over_http()}


async def test_a_signal_is_submitted_confirmed_fetched_answered_and_traced(
    api: httpx.AsyncClient, service: Service
) -> None:
    desk, comensha = bearer(service), bearer(service, Role.PARTNER, "comensha")

    receipt = await api.post("/v1/signals", json=BODY, headers=desk)
    case = (await api.get(receipt.headers["Location"], headers=desk)).json()
    confirm = f"/v1/cases/{case['id']}/decisions/{case['decisions'][0]['id']}/confirm"
    confirmed = await api.post(confirm, headers=desk)
    referral = next(one for one in case["referrals"] if one["askedAs"] == "comensha")
    fetched = await api.get(f"/v1/referrals/{referral['id']}", headers=comensha)
    answered = await api.post(f"/v1/referrals/{referral['id']}/answers", json={"answer": "accept"}, headers=comensha)
    trail = (await api.get(f"/v1/cases/{case['id']}/trail", headers=bearer(service, Role.AUDITOR, "audit"))).json()

    assert receipt.status_code == 201
    assert case["facts"] == told_over_http()
    assert case["decisions"][0]["content"]["reflectionPeriod"]["ends"] == "2027-02-23"
    assert confirmed.json()["state"] == "confirmed"
    assert fetched.json()["facts"]["acceptedOn"] == "2026-11-23"
    assert answered.json()["state"] == "accepted"
    assert trail["verified"] is True
    assert [entry["event"] for entry in trail["entries"]][-2:] == ["referral:fetched", "referral:accepted"]


async def test_a_repeated_submission_gets_the_same_receipt(api: httpx.AsyncClient, service: Service) -> None:
    first = await api.post("/v1/signals", json=BODY, headers=bearer(service))
    again = await api.post("/v1/signals", json=BODY, headers=bearer(service))

    assert (again.status_code, again.json(), again.headers["Location"]) == (
        first.status_code,
        first.json(),
        first.headers["Location"],
    )


async def test_another_content_under_the_same_key_is_422(api: httpx.AsyncClient, service: Service) -> None:
    await api.post("/v1/signals", json=BODY, headers=bearer(service))
    other = await api.post("/v1/signals", json={**BODY, "facts": told_over_http(age=31)}, headers=bearer(service))

    assert (other.status_code, other.json()["type"]) == (422, "urn:nrm:problem:submission-key-reused")


async def test_what_belongs_to_others_is_404_for_everybody_else(api: httpx.AsyncClient, service: Service) -> None:
    receipt = (await api.post("/v1/signals", json=BODY, headers=bearer(service))).json()
    case = (await api.get(f"/v1/cases/{receipt['caseId']}", headers=bearer(service))).json()
    referral = next(one for one in case["referrals"] if one["askedAs"] == "comensha")
    south, coa = bearer(service, org=OTHER_OFFICE), bearer(service, Role.PARTNER, "coa")

    answers = [
        await api.get(f"/v1/cases/{case['id']}", headers=south),
        await api.get(f"/v1/cases/{case['id']}/trail", headers=south),
        await api.post(f"/v1/cases/{case['id']}/decisions/{case['decisions'][0]['id']}/confirm", headers=south),
        await api.get(f"/v1/referrals/{referral['id']}", headers=coa),
        await api.post(f"/v1/referrals/{referral['id']}/answers", json={"answer": "accept"}, headers=coa),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5


async def test_confirming_twice_is_a_conflict(api: httpx.AsyncClient, service: Service) -> None:
    receipt = (await api.post("/v1/signals", json=BODY, headers=bearer(service))).json()
    case = (await api.get(f"/v1/cases/{receipt['caseId']}", headers=bearer(service))).json()
    confirm = f"/v1/cases/{case['id']}/decisions/{case['decisions'][0]['id']}/confirm"

    answers = [await api.post(confirm, headers=bearer(service)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 409]
