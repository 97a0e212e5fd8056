"""While the keys of personal data are away, reports are taken in and nothing is read; later everything is there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.access.roles import Role
from service.casework.firing.reconcile_clocks import reconcile_clocks
from service.deadlines.lifecycle import LIVE
from service.kernel.ids import new_key
from service.wiring import Service
from tests.casework.clocks import clocks_of
from tests.casework.closing import close, finish
from tests.factories import bearer, opened_case, told_over_http

NARRATIVE = "Invented for a test: she sleeps in the shed behind the greenhouse."


def body(**more: object) -> dict[str, Any]:
    return {"submissionKey": new_key("away-")[:40], "facts": told_over_http(), "narrative": NARRATIVE, **more}


@pytest.fixture
def lose_the_keys(service: Service, home: Path) -> Callable[[], Callable[[], None]]:
    def lose() -> Callable[[], None]:
        folder = home / "keys"
        away = (folder / "keyring").rename(folder / "taken-away")
        service.keys.forget()

        def bring_back() -> None:
            away.rename(folder / "keyring")
            service.keys.forget()

        return bring_back

    return lose


async def test_a_report_is_taken_in_while_the_keys_are_away_and_read_when_they_are_back(
    api: httpx.AsyncClient, service: Service, lose_the_keys: Callable[[], Callable[[], None]]
) -> None:
    bring_back = lose_the_keys()
    told = body(identity={"name": "Jana Voorbeeld", "birthDate": "2001-02-03"})

    taken = await api.post("/v1/signals", json=told, headers=bearer(service))
    again = await api.post("/v1/signals", json=told, headers=bearer(service))
    unread = await api.get(taken.headers["Location"], headers=bearer(service))

    assert (taken.status_code, again.status_code, unread.status_code) == (201, 201, 503)
    assert again.json() == taken.json()
    assert unread.json()["type"] == "urn:nrm:problem:keys-unavailable"
    assert int(unread.headers["Retry-After"]) > 0

    bring_back()
    case = await api.get(taken.headers["Location"], headers=bearer(service))
    signal = await api.get(f"/v1/signals/{taken.json()['signalId']}", headers=bearer(service))
    assert case.json()["facts"] == told_over_http()
    assert signal.json()["narrative"] == NARRATIVE


async def test_everything_that_would_show_personal_data_is_503_and_the_trail_is_not(
    api: httpx.AsyncClient, service: Service, lose_the_keys: Callable[[], Callable[[], None]]
) -> None:
    taken = (await api.post("/v1/signals", json=body(), headers=bearer(service))).json()
    case = (await api.get(f"/v1/cases/{taken['caseId']}", headers=bearer(service))).json()
    referral = next(one["id"] for one in case["referrals"] if one["askedAs"] == "comensha")
    lose_the_keys()

    unread = [
        await api.get(f"/v1/cases/{taken['caseId']}", headers=bearer(service)),
        await api.get(f"/v1/signals/{taken['signalId']}", headers=bearer(service)),
        await api.get(f"/v1/referrals/{referral}", headers=bearer(service, Role.PARTNER, "comensha")),
        await api.patch(
            f"/v1/cases/{taken['caseId']}/facts",
            json={"facts": {"age": 31}},
            headers={**bearer(service), "If-Match": f'"{case["version"]}"'},
        ),
    ]

    assert [one.status_code for one in unread] == [503] * 4
    assert not any(NARRATIVE in one.text for one in unread)
    trail = await api.get(f"/v1/cases/{taken['caseId']}/trail", headers=bearer(service))
    assert (trail.status_code, trail.json()["verified"]) == (200, True)


async def test_a_second_report_about_a_case_is_kept_for_a_person_to_compare(
    api: httpx.AsyncClient, service: Service, lose_the_keys: Callable[[], Callable[[], None]]
) -> None:
    case_id = (await api.post("/v1/signals", json=body(), headers=bearer(service))).json()["caseId"]
    bring_back = lose_the_keys()

    linked = await api.post("/v1/signals", json=body(caseId=case_id, facts={"age": 17}), headers=bearer(service))
    bring_back()

    assert linked.status_code == 201
    case = (await api.get(f"/v1/cases/{case_id}", headers=bearer(service))).json()
    assert case["facts"]["age"] == 30
    assert "compare_signals" in [task["kind"] for task in case["tasks"]]
    signal = (await api.get(f"/v1/signals/{linked.json()['signalId']}", headers=bearer(service))).json()
    assert signal["facts"] == {"age": 17}


async def test_a_report_about_a_closed_case_reopens_it_and_its_clocks_follow_when_the_keys_are_back(
    api: httpx.AsyncClient, service: Service, lose_the_keys: Callable[[], Callable[[], None]]
) -> None:
    case_id = opened_case(service, reporter="ngo", reflection_choice=None, accepted_on=None).case_id
    finish(service, case_id)
    close(service, case_id)
    bring_back = lose_the_keys()

    taken = await api.post("/v1/signals", json=body(caseId=str(case_id)), headers=bearer(service))
    bring_back()
    reconcile_clocks(service.system())

    case = (await api.get(f"/v1/cases/{case_id}", headers=bearer(service))).json()
    waiting = {one["kind"] for one in case["tasks"] if one["state"] == "open"}
    assert (taken.status_code, case["state"], case["steps"][-1]["reason"]) == (201, "open", "new_signal")
    assert {"compare_signals", "review_shelter"} <= waiting
    assert any(one.state in LIVE for one in clocks_of(service, case_id))
