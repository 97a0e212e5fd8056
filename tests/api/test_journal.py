"""What is established is said in the spelling of the outside, and a mistake is named without being repeated."""

from collections.abc import Mapping

import httpx

from service.wiring import Service
from tests.factories import bearer, opened_case

SECRET = "Zevenaar-1"


async def test_steps_are_taken_and_shown_in_the_spelling_of_the_outside(
    api: httpx.AsyncClient, service: Service
) -> None:
    place = f"/v1/cases/{opened_case(service, age=15, household='unaccompanied', wants_return='yes').case_id}"
    headers = bearer(service)

    async def established(what: Mapping[str, object]) -> httpx.Response:
        seen = {**headers, "If-Match": (await api.get(f"{place}/tracks", headers=headers)).headers["ETag"]}
        return await api.post(f"{place}/milestones", json={"on": "2026-11-23", "what": what}, headers=seen)

    risk = {"kind": "return_risk_assessed", "reprisals": "green", "reTrafficking": "orange", "family": "green"}
    taken = await established(risk)
    assert (taken.status_code, taken.headers["Location"]) == (201, f"{place}/tracks")
    assert taken.json()["steps"][0]["said"]["reTrafficking"] == "orange"
    assert {one["track"] for one in taken.json()["tracks"]} == {"child", "transnational"}
    assert all(one["restsOn"][0]["sources"] for one in taken.json()["tracks"])
    for wrong in (
        {**risk, "re_trafficking": "red"},
        {**risk, "kind": SECRET},
        {**risk, "family": SECRET},
        {"kind": "guardian_appointed", "organisation": SECRET, "mandate": "guardian"},
        {"kind": "compensation_discussed", "way": SECRET, "state": "told", "language": "nl"},
        {"kind": "hand_over_offered", "accepted": "yes"},
    ):
        refused = await established(wrong)
        assert (refused.status_code, SECRET in refused.text) == (400, False), refused.text
    assert (await api.get(f"{place}/tracks", headers=headers)).json() == taken.json()
