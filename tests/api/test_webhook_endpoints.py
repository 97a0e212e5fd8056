"""Endpoints and partners over HTTP: versions, addresses of what was made, and secrets that are shown once."""

from typing import Any

import httpx
import pytest

from service.access.roles import Role
from service.wiring import Service
from tests.factories import OFFICE, bearer, listen_at

HERE = "https://hooks.example.org/in"
PATH = "/v1/webhook-endpoints"


def own(service: Service) -> dict[str, str]:
    return bearer(service, Role.PARTNER, "coa")


async def registered(api: httpx.AsyncClient, service: Service, **body: object) -> httpx.Response:
    return await api.post(PATH, json={"url": HERE, **body}, headers=own(service))


async def test_a_new_endpoint_is_where_the_answer_says_and_its_secret_only_in_it(
    api: httpx.AsyncClient, service: Service
) -> None:
    made = await registered(api, service)
    read = await api.get(made.headers["Location"], headers=own(service))
    listed = await api.get(PATH, headers=own(service))

    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    assert made.headers["Cache-Control"] == "no-store"
    assert {**read.json(), "secret": made.json()["secret"]} == made.json()
    assert listed.json()["items"] == [read.json()]
    assert made.json()["secret"] not in read.text + listed.text


async def test_who_checks_with_a_public_key_can_read_it_again(api: httpx.AsyncClient, service: Service) -> None:
    made = await registered(api, service, signature="asymmetric")
    rotated = await api.post(f"{made.headers['Location']}/secrets", json={}, headers=own(service))
    read = await api.get(made.headers["Location"], headers=own(service))

    assert made.json()["publicKey"].startswith("whpk_")
    assert read.json()["publicKey"] == rotated.json()["publicKey"] != made.json()["publicKey"]
    assert "whsk_" not in made.text + rotated.text + read.text
    assert (made.json()["secret"], rotated.json()["secret"], read.json()["signature"]) == (None, None, "asymmetric")
    assert (await registered(api, service, signature="v1a")).status_code == 400


async def test_an_endpoint_is_changed_with_the_version_that_was_read(api: httpx.AsyncClient, service: Service) -> None:
    endpoint = listen_at(service.operator(), "coa", HERE)
    address = f"{PATH}/{endpoint.id}"
    seen = {"If-Match": (await api.get(address, headers=own(service))).headers["ETag"]}

    unseen = await api.patch(address, json={"state": "paused"}, headers=own(service))
    paused = await api.patch(address, json={"state": "paused"}, headers={**own(service), **seen})
    stale = await api.patch(address, json={"state": "active"}, headers={**own(service), **seen})
    impossible = await api.patch(
        address, json={"state": "paused"}, headers={**own(service), "If-Match": paused.headers["ETag"]}
    )

    assert (unseen.status_code, paused.status_code, stale.status_code, impossible.status_code) == (428, 200, 412, 409)
    assert paused.json()["state"] == "paused"


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example.org/in", "https://10.0.0.5/in", "https://hooks.internal/in", "https://u:p@a.example.org/"],
)
async def test_an_address_inside_is_refused_and_not_repeated(
    api: httpx.AsyncClient, service: Service, url: str
) -> None:
    answer = await registered(api, service, url=url)

    assert (answer.status_code, answer.json()["type"]) == (400, "urn:nrm:problem:bad-endpoint")
    assert url.split("//")[1].split("/", maxsplit=1)[0] not in answer.text


@pytest.mark.parametrize("body", [{"gracePeriodSeconds": -1}, {"gracePeriodSeconds": 604_801}, {"secret": "mine"}])
async def test_a_grace_that_is_none_is_refused(api: httpx.AsyncClient, service: Service, body: dict[str, Any]) -> None:
    made = await registered(api, service)

    answer = await api.post(f"{made.headers['Location']}/secrets", json=body, headers=own(service))

    assert answer.status_code == 400


async def test_whoever_asks_too_often_is_told_when_to_come_back(api: httpx.AsyncClient, service: Service) -> None:
    address = (await registered(api, service)).headers["Location"] + "/verifications"
    first = await api.post(address, headers=own(service))

    again = await api.post(address, headers=own(service))

    assert (first.status_code, first.json()["verified"]) == (201, False)
    assert (again.status_code, again.headers["Retry-After"]) == (429, "10")


async def test_following_the_links_shows_every_endpoint_once(api: httpx.AsyncClient, service: Service) -> None:
    for _ in "abc":
        await registered(api, service)
    whole = (await api.get(PATH, headers=own(service))).json()["items"]

    seen, address = [], f"{PATH}?pageSize=1"
    while address:
        answer = await api.get(address, headers=own(service))
        seen += answer.json()["items"]
        address = answer.links.get("next", {}).get("url", "")

    assert seen == whole
    assert [one["state"] for one in whole] == ["pending_verification", "replaced", "replaced"]


async def test_the_directory_tells_what_is_known_and_since_when(api: httpx.AsyncClient, service: Service) -> None:
    desk = bearer(service)
    listed = (await api.get("/v1/partners?service=womens&status=active", headers=desk)).json()["items"]
    enschede = next(one for one in listed if one["id"] == "womens-enschede")
    read = await api.get("/v1/partners/womens-enschede", headers=desk)

    assert len(listed) == 35
    assert enschede["areas"] == [{"attribute": "central_municipality", "values": ["Enschede"]}]
    assert (enschede["stale"], enschede["asOf"], enschede["endpoint"]) == (True, None, None)
    assert read.json() == enschede


async def test_an_administrator_pauses_a_partner_and_cannot_pause_comensha(
    api: httpx.AsyncClient, service: Service
) -> None:
    administrator = bearer(service, Role.ADMINISTRATOR, OFFICE)

    async def paused(partner_id: str) -> httpx.Response:
        address = f"/v1/partners/{partner_id}"
        seen = (await api.get(address, headers=administrator)).headers["ETag"]
        return await api.patch(address, json={"status": "paused"}, headers={**administrator, "If-Match": seen})

    assert (await paused("coa")).json()["status"] == "paused"
    refused = await paused("comensha")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:nrm:problem:fallback-needed")
