"""Lists over HTTP: pages with links, filters in the address, searches in a body, and nothing unknown is overlooked."""

import httpx
import pytest

from service.access.roles import Role
from service.kernel.ids import new_id, new_key
from service.wiring import Service
from tests.factories import OTHER_OFFICE, bearer, told_over_http

LISTS = ("/v1/cases", "/v1/tasks", "/v1/signals")


async def submitted(api: httpx.AsyncClient, service: Service, **changes: object) -> dict[str, str]:
    body = {"submissionKey": new_key("k-")[:40], "facts": told_over_http(**changes)}
    receipt: dict[str, str] = (await api.post("/v1/signals", json=body, headers=bearer(service))).json()
    return receipt


@pytest.mark.parametrize("path", LISTS)
async def test_following_the_links_shows_everything_once(api: httpx.AsyncClient, service: Service, path: str) -> None:
    for _ in "abc":
        await submitted(api, service, ageInDoubt="yes")
    whole = (await api.get(path, headers=bearer(service))).json()["items"]

    seen, address = [], f"{path}?pageSize=1"
    while address:
        answer = await api.get(address, headers=bearer(service))
        seen += answer.json()["items"]
        address = answer.links.get("next", {}).get("url", "")

    assert len(whole) >= 3
    assert seen == whole


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "question",
    [
        "pageSize=0",
        "pageSize=101",
        "pageSize=many",
        "cursor=nonsense",
        "sort=asc",
        "pageSize=1&pageSize=2",
        "state=%00",
        "state=gone",
        "access_token=abc",
    ],
)
async def test_what_cannot_be_asked_is_400_and_never_overlooked(
    api: httpx.AsyncClient, service: Service, path: str, question: str
) -> None:
    answer = await api.get(f"{path}?{question}", headers=bearer(service))

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not {"nonsense", "gone", "abc"} & set(answer.text.replace('"', " ").split())


async def test_filters_stay_in_the_link(api: httpx.AsyncClient, service: Service) -> None:
    for _ in "ab":
        await submitted(api, service)

    answer = await api.get("/v1/cases?state=open&openedFrom=2026-11-23&pageSize=1", headers=bearer(service))

    assert "state=open" in answer.links["next"]["url"]
    assert "openedFrom=2026-11-23" in answer.links["next"]["url"]


@pytest.mark.parametrize(
    "day", ["0", "20261123", "2026-11-23T00:00:00Z", "2026-02-30", "1e3", "0001-01-01", "9999-12-31"]
)
async def test_a_day_is_written_in_full(api: httpx.AsyncClient, service: Service, day: str) -> None:
    assert (await api.get(f"/v1/cases?openedFrom={day}", headers=bearer(service))).status_code == 400


async def test_a_search_is_asked_in_a_body_and_goes_on_with_its_cursor(
    api: httpx.AsyncClient, service: Service
) -> None:
    ids = [(await submitted(api, service))["caseId"] for _ in "ab"]
    await submitted(api, service)

    question = {"caseIds": ids, "pageSize": 1}
    first = (await api.post("/v1/cases/_search", json=question, headers=bearer(service))).json()
    question["cursor"] = first["nextCursor"]
    second = (await api.post("/v1/cases/_search", json=question, headers=bearer(service))).json()

    assert {line["id"] for line in (*first["items"], *second["items"])} == set(ids)
    assert second["nextCursor"] is None


@pytest.mark.parametrize("body", [{"name": "somebody"}, {"caseIds": []}, {"pageSize": 1000}, {"openTask": "a b"}, []])
async def test_a_search_for_something_else_is_400(api: httpx.AsyncClient, service: Service, body: object) -> None:
    assert (await api.post("/v1/cases/_search", json=body, headers=bearer(service))).status_code == 400


async def test_lists_are_empty_for_others_and_closed_for_partners(api: httpx.AsyncClient, service: Service) -> None:
    receipt = await submitted(api, service, ageInDoubt="yes")
    south, comensha = bearer(service, org=OTHER_OFFICE), bearer(service, Role.PARTNER, "comensha")

    for path in LISTS:
        assert (await api.get(path, headers=south)).json() == {"items": [], "nextCursor": None}
        assert (await api.get(path, headers=comensha)).status_code == 403
    assert (await api.get(f"/v1/signals/{receipt['signalId']}", headers=south)).status_code == 404
    assert (await api.get(f"/v1/tasks/{new_id()}", headers=south)).status_code == 404
