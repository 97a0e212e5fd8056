"""A change names the version that it was made on: missing is 428, stale is 412, and the answer names the new one."""

import httpx
import pytest

from service.wiring import Service
from tests.factories import OTHER_OFFICE, bearer, told_over_http

BODY = {"submissionKey": "a-key-of-one-signal-0001", "facts": told_over_http(ageInDoubt="yes")}
OLDER = {"facts": {"age": 31}}


async def case_address(api: httpx.AsyncClient, service: Service) -> str:
    return str((await api.post("/v1/signals", json=BODY, headers=bearer(service))).headers["Location"])


async def test_facts_are_changed_on_the_version_that_was_read(api: httpx.AsyncClient, service: Service) -> None:
    address = await case_address(api, service)
    read = await api.get(address, headers=bearer(service))

    changed = await api.patch(
        f"{address}/facts", json=OLDER, headers={**bearer(service), "If-Match": read.headers["ETag"]}
    )
    after = await api.get(address, headers=bearer(service))

    assert (read.headers["ETag"], changed.status_code) == ('"1"', 200)
    assert changed.headers["ETag"] == after.headers["ETag"] == '"2"'
    assert after.json()["facts"]["age"] == 31
    assert after.json()["factsVersion"] == changed.json()["factsVersion"] == 2


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (None, 428),
        ('"2"', 412),
        ('W/"1"', 412),
        ("1", 412),
        ("*", 412),
        ("", 412),
        ('"1"x', 412),
        ('"7", "1"', 200),
        ('"1"', 200),
    ],
)
async def test_every_other_tag_is_refused(
    api: httpx.AsyncClient, service: Service, given: str | None, status: int
) -> None:
    address = await case_address(api, service)
    match = {} if given is None else {"If-Match": given}

    answer = await api.patch(f"{address}/facts", json=OLDER, headers={**bearer(service), **match})

    assert answer.status_code == status
    if status >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"


async def test_a_case_of_others_is_404_with_and_without_a_version(api: httpx.AsyncClient, service: Service) -> None:
    address = await case_address(api, service)
    south = bearer(service, org=OTHER_OFFICE)

    for match in ({}, {"If-Match": '"1"'}, {"If-Match": '"9"'}):
        assert (await api.patch(f"{address}/facts", json=OLDER, headers={**south, **match})).status_code == 404


async def test_facts_that_cannot_be_understood_are_named_by_their_outside_names(
    api: httpx.AsyncClient, service: Service
) -> None:
    address = await case_address(api, service)
    body = {"facts": {"found_in": "GM0153", "foundIn": "Enschede", "consent": {"placement": "maybe"}}}

    answer = await api.patch(f"{address}/facts", json=body, headers={**bearer(service), "If-Match": '"1"'})

    assert answer.status_code == 400
    assert "/facts/foundIn" in {one["pointer"] for one in answer.json()["errors"]}
    assert not {"Enschede", "maybe"} & set(answer.text.replace('"', " ").split())


async def test_a_task_is_assigned_done_and_handed_over_on_the_version_that_was_read(
    api: httpx.AsyncClient, service: Service
) -> None:
    await case_address(api, service)
    task = (await api.get("/v1/tasks?kind=age_check", headers=bearer(service))).json()["items"][0]
    address, desk = f"/v1/tasks/{task['id']}", bearer(service)

    read = await api.get(address, headers=desk)
    assigned = await api.patch(address, json={"owner": "desk-2"}, headers={**desk, "If-Match": read.headers["ETag"]})
    stale = await api.patch(address, json={"owner": "desk-3"}, headers={**desk, "If-Match": read.headers["ETag"]})
    missing = await api.post(f"{address}/done", json={"outcome": "achieved"}, headers=desk)
    handed = await api.post(f"{address}/hand-over", json={"to": "desk-9"}, headers={**desk, "If-Match": '"2"'})
    done = await api.post(
        f"{handed.headers['Location']}/done", json={"outcome": "achieved"}, headers={**desk, "If-Match": '"1"'}
    )
    again = await api.post(
        f"{handed.headers['Location']}/done", json={"outcome": "achieved"}, headers={**desk, "If-Match": '"2"'}
    )

    assert (assigned.json()["owner"], assigned.headers["ETag"]) == ("desk-2", '"2"')
    assert (stale.status_code, missing.status_code) == (412, 428)
    assert (handed.status_code, handed.json()["owner"]) == (201, "desk-9")
    assert (done.json()["state"], done.json()["outcome"], again.status_code) == ("done", "achieved", 409)


async def test_a_decision_is_tried_and_decided_otherwise_over_http(api: httpx.AsyncClient, service: Service) -> None:
    address, desk = await case_address(api, service), bearer(service)
    case = (await api.get(address, headers=desk)).json()
    override = f"{address}/decisions/{case['decisions'][0]['id']}/override"

    tried = await api.post("/v1/decisions/preview", json={"facts": BODY["facts"]}, headers=desk)
    silent = await api.post(override, json={"shelter": {"type": "womens"}}, headers=desk)
    blank = await api.post(override, json={"shelter": {"type": "womens"}, "reason": " \n "}, headers=desk)
    wrong = await api.post(override, json={"shelter": {"type": "castle"}, "reason": "Because."}, headers=desk)
    done = await api.post(override, json={"shelter": {"type": "womens"}, "reason": "Because."}, headers=desk)
    after = (await api.get(address, headers=desk)).json()

    assert tried.json().items() >= case["decisions"][0]["content"].items()
    assert (silent.status_code, blank.status_code, wrong.status_code) == (400, 400, 400)
    assert [one["pointer"] for one in wrong.json()["errors"]] == ["/shelter/type"]
    assert done.json()["state"] == "overridden"
    assert after["decisions"][0]["overrides"][0]["chosen"] == {"type": "womens", "placedBy": None}


@pytest.mark.parametrize("on", ["9999-12-31", "0001-01-01", "1899-12-31", 0, "tomorrow"])
async def test_a_day_on_which_nothing_can_be_counted_is_400(
    api: httpx.AsyncClient, service: Service, on: object
) -> None:
    body = {"facts": BODY["facts"], "on": on}
    assert (await api.post("/v1/decisions/preview", json=body, headers=bearer(service))).status_code == 400


async def test_a_signal_with_narrative_and_identity_is_read_back(api: httpx.AsyncClient, service: Service) -> None:
    told = {"narrative": "An invented story.", "identity": {"name": "Invented Person", "birthDate": "1996-02-29"}}
    receipt = (await api.post("/v1/signals", json={**BODY, **told}, headers=bearer(service))).json()

    found = await api.get(f"/v1/signals/{receipt['signalId']}", headers=bearer(service))

    assert found.json()["narrative"] == told["narrative"]
    assert found.json()["identity"] == {"name": "Invented Person", "birthDate": "1996-02-29", "contact": None}
    assert found.json()["facts"] == BODY["facts"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"identity": {"birthDate": 0}},
        {"identity": {"birthDate": "1996-02-30"}},
        {"identity": {"name": ""}},
        {"identity": {"bsn": "123456782"}},
        {"narrative": ""},
        {"narrative": "x" * 10_001},
        {"caseId": "none"},
    ],
)
async def test_identity_and_narrative_that_cannot_be_kept_are_400_without_echo(
    api: httpx.AsyncClient, service: Service, wrong: dict[str, object]
) -> None:
    answer = await api.post("/v1/signals", json={**BODY, **wrong}, headers=bearer(service))

    assert answer.status_code == 400
    assert "123456782" not in answer.text
