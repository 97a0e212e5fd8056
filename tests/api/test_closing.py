"""Over HTTP: who left for an unknown destination has a closed file, comes back, and goes on in the same case."""

from typing import Any, Final
from uuid import UUID

import httpx

from service.wiring import Service
from tests.casework.closing import finish
from tests.factories import bearer, told_over_http

LEFT: Final = {
    "step": "unknown_destination",
    "on": "2026-11-23",
    "establishedBy": "police",
    "learned": "telephone",
}


async def asked(api: httpx.AsyncClient, service: Service, address: str, said: dict[str, Any]) -> httpx.Response:
    """Ask something of a case on the version that counts now."""
    tag = (await api.get(address.rpartition("/")[0], headers=bearer(service))).headers["ETag"]
    return await api.post(address, json=said, headers={**bearer(service), "If-Match": tag})


async def test_somebody_leaves_the_case_is_closed_and_a_new_signal_opens_it_again_without_a_second_period(
    api: httpx.AsyncClient, service: Service
) -> None:
    first = {"submissionKey": "a-key-of-one-signal-0001", "facts": told_over_http()}
    receipt = await api.post("/v1/signals", json=first, headers=bearer(service))
    case, case_id = receipt.headers["Location"], receipt.json()["caseId"]
    period, leaves = f"{case}/reflection-period", {"reason": "unknown_destination"}
    again = {"submissionKey": "a-key-of-one-signal-0002", "caseId": case_id, "facts": {"gender": "female"}}

    too_early = await asked(api, service, f"{case}/closure", leaves)
    tag = (await api.get(case, headers=bearer(service))).headers["ETag"]
    left = await api.post(f"{period}/steps", json=LEFT, headers={**bearer(service), "If-Match": tag})
    finish(service, UUID(case_id))
    closed = await asked(api, service, f"{case}/closure", leaves)
    refused = await asked(api, service, f"{case}/returns", {"returnedOn": "2026-11-23", "followUpWanted": False})
    found = await api.get("/v1/cases?state=closed", headers=bearer(service))
    back = await api.post("/v1/signals", json=again, headers=bearer(service))
    reopened = (await api.get(case, headers=bearer(service))).json()
    standing = (await api.get(period, headers=bearer(service))).json()
    trail = (await api.get(f"{case}/trail", headers=bearer(service))).json()

    assert too_early.status_code == 409
    assert {one["code"] for one in too_early.json()["errors"]} == {
        *("referral-open", "period-running", "task-open", "departure-not-established"),
    }
    assert (left.status_code, left.json()["state"]) == (201, "ended")
    assert (closed.status_code, closed.json()["state"], closed.json()["recorded"]["reason"]) == (
        *(200, "closed"),
        "unknown_destination",
    )
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:nrm:problem:case-closed")
    assert [one["id"] for one in found.json()["items"]] == [case_id]
    assert (back.status_code, back.json()["caseId"]) == (201, case_id)
    assert (reopened["state"], [one["reason"] for one in reopened["steps"]]) == (
        "open",
        ["unknown_destination", "new_signal"],
    )
    assert "review_shelter" in {one["kind"] for one in reopened["tasks"] if one["state"] == "open"}
    assert (standing["state"], standing["used"], standing["next"]) == ("ended", True, [])
    assert ("case:refused", "refused") in [(one["event"], one["outcome"]) for one in trail["entries"]]
    steps = [one for one in trail["entries"] if one["event"] in {"case:closed", "case:reopened"}]
    assert len(steps) == 2
    assert (trail["verified"], "unknown_destination" in str(steps), "new_signal" in str(steps)) == (True, False, False)
