"""Stories that take months: facts become known one after the other, and the case follows them, over HTTP."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import httpx
import pytest

from service.access.roles import Role
from service.kernel.ids import new_key
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import bearer, told_about_rights, told_over_http

Json = dict[str, Any]

ASYLUM_SEEKER = {
    "citizenship": "third_country",
    "residence": "asylum_procedure",
    "dublinClaimant": "yes",
    "age": 30,
    "gender": "female",
    "indication": "yes",
    "exploitation": ["sexual"],
    "reporter": "police",
    "acuteDanger": "no",
    "foundIn": "GM0114",
    "inCoaCentre": "yes",
    "safeThere": "yes",
    "consent": {"registration": "given", "placement": "given", "policeContact": "given"},
    "reflectionChoice": "accepted",
    "acceptedOn": "2027-05-18",
}

SAID = {
    "by": "person",
    "language": "bg",
    "informed": ["purpose", "recipients", "withdrawal"],
    "evidence": "written",
}


@dataclass
class Desk:
    """A coordinator's desk working on one case, on the days on which something happens."""

    api: httpx.AsyncClient
    service: Service
    clock: FixedClock
    address: str = ""

    async def receives(self, on: date, facts: Json, **more: object) -> Json:
        """Submit a signal; the first one opens the case, a later one joins it."""
        self._wait_until(on)
        joins = {"caseId": self.address.rsplit("/", 1)[1]} if self.address else {}
        body = {"submissionKey": new_key("story-")[:40], "facts": facts, **joins, **more}
        receipt = await self.api.post("/v1/signals", json=body, headers=bearer(self.service))
        assert receipt.status_code == 201, receipt.text
        self.address = receipt.headers["Location"]
        return await self.case()

    async def learns(self, on: date, **facts: object) -> Json:
        """Change facts on the version that was just read."""
        self._wait_until(on)
        changed = await self.tries(**facts)
        assert changed.status_code == 200, changed.text
        return await self.case()

    async def tries(self, **facts: object) -> httpx.Response:
        """Ask for a change of facts on the version that was just read, whatever comes of it."""
        read = await self.api.get(self.address, headers=bearer(self.service))
        match = {**bearer(self.service), "If-Match": read.headers["ETag"]}
        return await self.api.patch(f"{self.address}/facts", json={"facts": facts}, headers=match)

    async def says(self, on: date, **consent: str) -> Json:
        """Record what the person, told about rights, says about consent."""
        await self.tells_rights(on)
        for purpose, saying in consent.items():
            read = await self.api.get(self.address, headers=bearer(self.service))
            match = {**bearer(self.service), "If-Match": read.headers["ETag"]}
            said = {**SAID, "purpose": purpose, "saying": saying, "saidOn": on.isoformat()}
            recorded = await self.api.post(f"{self.address}/consents", json=said, headers=match)
            assert recorded.status_code == 201, recorded.text
        return await self.case()

    async def returns(self, on: date, said: Json) -> Json:
        """Record the actual return on the version that was just read."""
        self._wait_until(on)
        recorded = await self.records(said)
        assert recorded.status_code == 201, recorded.text
        return await self.case()

    async def records(self, said: Json) -> httpx.Response:
        """Ask for a return to be recorded, whatever comes of it."""
        read = await self.api.get(self.address, headers=bearer(self.service))
        match = {**bearer(self.service), "If-Match": read.headers["ETag"]}
        return await self.api.post(f"{self.address}/returns", json=said, headers=match)

    async def steps(self, on: date, step: str, **said: object) -> Json:
        """Record a step of the reflection period that the police established that day and told by telephone."""
        self._wait_until(on)
        told = {"step": step, "on": on.isoformat(), "establishedBy": "police", "learned": "telephone", **said}
        read = await self.api.get(self.address, headers=bearer(self.service))
        match = {**bearer(self.service), "If-Match": read.headers["ETag"]}
        taken = await self.api.post(f"{self.address}/reflection-period/steps", json=told, headers=match)
        assert taken.status_code == 201, taken.text
        return await self.case()

    async def tells_rights(self, on: date) -> None:
        """Record that the person was told about rights, as must be before a report."""
        self._wait_until(on)
        told = told_about_rights(given_on=on).model_dump(mode="json", by_alias=True)
        kept = await self.api.post(f"{self.address}/rights-information", json=told, headers=bearer(self.service))
        assert kept.status_code == 201, kept.text

    async def decides(self, how: str, body: Json | None = None) -> Json:
        """Confirm the decision that counts, or decide otherwise."""
        decision = (await self.case())["decisions"][-1]["id"]
        done = await self.api.post(
            f"{self.address}/decisions/{decision}/{how}", json=body, headers=bearer(self.service)
        )
        assert done.status_code == 200, done.text
        return await self.case()

    async def case(self) -> Json:
        found: Json = (await self.api.get(self.address, headers=bearer(self.service))).json()
        return found

    async def trail(self) -> Json:
        auditor = bearer(self.service, Role.AUDITOR, "inspectorate")
        found: Json = (await self.api.get(f"{self.address}/trail", headers=auditor)).json()
        return found

    def _wait_until(self, on: date) -> None:
        self.clock.move(datetime.combine(on, time(9), UTC) - self.clock.now())


@pytest.fixture
def desk(api: httpx.AsyncClient, service: Service, clock: FixedClock) -> Desk:
    return Desk(api, service, clock)


def content(case: Json) -> Json:
    found: Json = case["decisions"][-1]["content"]
    return found


def asked(case: Json, kind: str) -> list[str]:
    """Give the states of a case's referrals to a kind of organisation."""
    return [one["state"] for one in case["referrals"] if one["askedAs"] == kind]


def reviews(case: Json) -> list[str]:
    return [one["due"] for one in content(case)["deadlines"] if one["kind"] == "residence_review"]


async def test_nothing_travels_to_another_state_before_consent_and_a_person_and_it_stops_when_consent_ends(
    desk: Desk,
) -> None:
    accepted = await desk.receives(date(2027, 5, 18), ASYLUM_SEEKER)
    await desk.tells_rights(date(2027, 5, 19))
    reported = await desk.learns(date(2027, 6, 1), reportedOn="2027-06-01", recordSignedOn="2027-06-01")
    answered = await desk.learns(date(2027, 6, 22), prosecutorNeedsPresence="no", returnCountry="IT")
    agreed = await desk.says(date(2027, 6, 23), transnational="given")
    confirmed = await desk.decides("confirm")
    regretted = await desk.says(date(2027, 6, 24), transnational="withdrawn")

    assert content(accepted)["reflectionPeriod"]["ends"] == "2027-06-17"
    assert (
        content(reported)["reflectionPeriod"] | {"ends": "2027-06-01", "reason": "record_signed"}
        == content(reported)["reflectionPeriod"]
    )
    assert [asked(case, "foreign_partner") for case in (accepted, reported, answered)] == [[], [], []]
    assert set(asked(agreed, "foreign_partner")) == {"proposed"}
    assert set(asked(confirmed, "foreign_partner")) == {"queued"}
    assert set(asked(regretted, "foreign_partner")) == {"withdrawn"}
    assert (await desk.trail())["verified"] is True


async def test_a_return_is_prepared_by_people_and_handed_from_desk_to_desk(desk: Desk) -> None:
    await desk.receives(date(2026, 11, 23), from_hungary(wantsReturn="thinking"))
    await desk.learns(date(2026, 12, 1), wantsReturn="yes")
    wants = await desk.says(date(2026, 12, 1), transnational="given")
    assessment = next(one for one in wants["tasks"] if one["kind"] == "return_risk_assessment")
    address, header = f"/v1/tasks/{assessment['id']}", bearer(desk.service)
    moved = await desk.api.post(
        f"{address}/hand-over", json={"to": "return-desk"}, headers={**header, "If-Match": '"1"'}
    )
    dated = await desk.api.patch(
        moved.headers["Location"], json={"due": "2026-12-15"}, headers={**header, "If-Match": '"1"'}
    )
    done = await desk.api.post(
        f"{moved.headers['Location']}/done", json={"outcome": "achieved"}, headers={**header, "If-Match": '"2"'}
    )
    later = await desk.learns(date(2027, 1, 4), psychologicalProblems="yes")

    assert content(wants)["tracks"] == ["transnational"]
    assert set(asked(wants, "foreign_partner")) == {"proposed"}
    assert (dated.json()["owner"], dated.json()["due"]) == ("return-desk", "2026-12-15")
    assert done.json()["state"] == "done"
    assert assessments(later) == ["handed_over", "done"]


async def test_contact_after_a_return_counts_from_the_day_on_which_it_happened(desk: Desk) -> None:
    prepared = await desk.receives(date(2026, 11, 23), from_hungary(wantsReturn="yes"))
    left = await desk.returns(date(2027, 1, 31), {"returnedOn": "2027-01-31", "followUpWanted": True})
    unexplained = await desk.records({"returnedOn": "2027-01-30", "followUpWanted": True})
    mistaken = "Invented: she left a day earlier, the ticket says."
    put_right = await desk.returns(
        date(2027, 2, 15), {"returnedOn": "2027-01-30", "followUpWanted": True, "explanation": mistaken}
    )
    follow_up = next(one for one in put_right["tasks"] if one["kind"] == "return_follow_up")
    called = await desk.api.post(
        f"/v1/tasks/{follow_up['id']}/done",
        json={"outcome": "achieved"},
        headers={**bearer(desk.service), "If-Match": '"1"'},
    )
    told_more = await desk.learns(date(2027, 3, 2), addiction="no")
    back = await desk.receives(date(2027, 5, 3), {"foundIn": "GM0363"})
    trail = await desk.trail()

    assert contacts(prepared) == []
    # Months are counted from the day of the return, and end with a shorter month.
    assert contacts(left) == [("open", "2027-02-28"), ("open", "2027-04-30"), ("open", "2027-07-31")]
    assert content(left) == content(prepared)
    assert [assessments(case) for case in (prepared, left, told_more)] == [["open"], ["obsolete"], ["obsolete"]]
    assert assessments(back) == ["obsolete", "open"]
    assert (unexplained.status_code, unexplained.json()["type"]) == (409, "urn:nrm:problem:return-recorded-before")
    assert contacts(put_right) == [("open", "2027-02-28"), ("open", "2027-04-30"), ("open", "2027-07-30")]
    assert [(one["version"], one["returnedOn"], one["explanation"]) for one in put_right["returns"]] == [
        (1, "2027-01-31", None),
        (2, "2027-01-30", mistaken),
    ]
    assert called.json()["state"] == "done"
    for case in (told_more, back):
        assert contacts(case) == [("done", "2027-02-28"), ("open", "2027-04-30"), ("open", "2027-07-30")]
    happened = [one["event"] for one in trail["entries"]]
    assert [one for one in happened if one.startswith("return:")] == [
        "return:recorded",
        "return:refused",
        "return:corrected",
    ]
    assert "Invented" not in str(trail)
    assert trail["verified"] is True


def from_hungary(**changes: object) -> Json:
    """Tell of a woman found in Amsterdam who can stay and thinks of home."""
    stays = told_over_http(citizenship="eu", residence="union_law", foundIn="GM0363", returnCountry="HU", **changes)
    return {
        name: said for name, said in stays.items() if name not in {"reflectionChoice", "acceptedOn", "dublinClaimant"}
    }


def assessments(case: Json) -> list[str]:
    return [one["state"] for one in case["tasks"] if one["kind"] == "return_risk_assessment"]


def contacts(case: Json) -> list[tuple[str, str]]:
    return sorted(
        ((one["state"], one["due"]) for one in case["tasks"] if one["kind"] == "return_follow_up"),
        key=lambda one: one[1],
    )


async def test_a_permit_on_serious_threat_follows_the_reflection_period_and_is_reviewed_after_a_year(
    desk: Desk,
) -> None:
    started = await desk.receives(date(2026, 11, 23), told_over_http(gender="female"))
    refused = await desk.steps(date(2027, 1, 15), "renounced")
    threatened = await desk.learns(date(2027, 1, 18), threatStatement="yes")
    permitted = await desk.learns(date(2027, 2, 1), residence="b8_permit", permitFrom="2027-02-01")
    reviewed = await desk.learns(date(2028, 2, 1), threatStatement="yes")

    assert content(started)["reflectionPeriod"]["ends"] == "2027-02-23"
    assert content(refused)["reflectionPeriod"]["reason"] == "renounced"
    assert "place_decision" in {one["kind"] for one in refused["tasks"] if one["state"] == "open"}
    assert content(threatened)["tracks"] == ["residence"]
    assert content(permitted)["shelter"]["type"] == "womens"
    assert "place_decision" in {one["kind"] for one in permitted["tasks"] if one["state"] == "obsolete"}
    assert "2028-02-01" in reviews(permitted)
    assert content(reviewed)["on"] == "2028-02-01"
    assert "2028-02-01" in reviews(reviewed)
    assert [one["state"] for one in reviewed["decisions"]] == [*["superseded"] * 4, "proposed"]
    assert (reviewed["factsVersion"], len(reviewed["decisions"])) == (4, 5)
    assert len([one for one in asked(reviewed, "comensha") if one == "queued"]) == 1


async def test_every_uncertain_form_is_kept_with_its_certainty_whatever_the_next_report_says(desk: Desk) -> None:
    forms = ["sexual", "begging", "criminal", "unknown"]
    sure = {"sexual": "probable", "begging": "possible", "criminal": "unknown"}
    story = "Invented: perhaps she begged, perhaps she stole, perhaps worse; nobody is certain."
    told = told_over_http(exploitation=forms, exploitationCertainty=sure)
    first = await desk.receives(date(2026, 11, 23), told, narrative=story)
    report: Json = {
        "exploitation": ["begging", "domestic_servitude"],
        "exploitationCertainty": {"begging": "unknown", "domesticServitude": "possible"},
        "gender": "female",
    }
    second = await desk.receives(date(2026, 11, 25), report)
    older = await desk.learns(date(2026, 12, 1), age=31)
    surer = await desk.learns(date(2026, 12, 1), exploitationCertainty={"begging": "certain"})
    untold = await desk.tries(exploitation=["sexual"])
    listed = await desk.api.get(f"/v1/signals?caseId={first['id']}", headers=bearer(desk.service))
    signals = [
        (await desk.api.get(f"/v1/signals/{one['id']}", headers=bearer(desk.service))).json()
        for one in listed.json()["items"]
    ]

    assert set(first["facts"]["exploitation"]) == set(forms)
    assert first["facts"]["exploitationCertainty"] == sure
    for case in (second, older):
        assert set(case["facts"]["exploitation"]) == {*forms, "domestic_servitude"}
        assert case["facts"]["exploitationCertainty"] == {**sure, "domesticServitude": "possible"}
    assert surer["facts"]["exploitationCertainty"]["begging"] == "certain"
    assert surer["factsVersion"] == older["factsVersion"] + 1
    assert content(surer) == content(older)
    assert (untold.status_code, untold.json()["errors"][0]["pointer"]) == (400, "/facts/exploitationCertainty/criminal")
    assert second["facts"]["gender"] == "female"
    assert [one["kind"] for one in older["tasks"] if one["kind"] == "compare_signals"] == ["compare_signals"]
    assert {one["narrative"] for one in signals} == {story, None}
    assert report in [one["facts"] for one in signals]
    assert (await desk.trail())["verified"] is True


async def test_a_place_outside_the_region_has_its_reason_and_the_other_coordinator_is_asked(desk: Desk) -> None:
    reason = "Invented: those she fears live in every town of this region."
    elsewhere = {"careCoordinator": "coordinator-pmw-humanitas", "centralMunicipality": "Rotterdam"}
    found = await desk.receives(date(2026, 11, 23), told_over_http(foundIn="GM0855", perpetratorsNear="yes"))
    case = await desk.decides("override", {"region": elsewhere, "reason": reason})
    humanitas = bearer(desk.service, Role.PARTNER, elsewhere["careCoordinator"])
    referral = next(one for one in case["referrals"] if one["partnerId"] == elsewhere["careCoordinator"])
    read = await desk.api.get(f"/v1/referrals/{referral['id']}", headers=humanitas)
    taken = await desk.api.post(f"/v1/referrals/{referral['id']}/answers", json={"answer": "accept"}, headers=humanitas)
    trail = await desk.trail()

    assert "safety_plan" in {one["kind"] for one in found["tasks"]}
    (override,) = case["decisions"][-1]["overrides"]
    assert (override["part"], override["reason"], override["chosen"]) == ("region", reason, elsewhere)
    assert (referral["askedAs"], referral["state"]) == ("care_coordinator", "queued")
    assert (read.status_code, taken.json()["state"]) == (200, "accepted")
    assert reason not in read.text
    assert "Invented" not in str(trail)
    assert trail["verified"] is True
