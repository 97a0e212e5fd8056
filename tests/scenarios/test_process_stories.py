"""Stories that take months: facts become known one after the other, and the case follows them, over HTTP."""

from datetime import date

from service.access.roles import Role
from tests.factories import bearer, told_over_http
from tests.scenarios.desk import Desk, Json, asked, content, not_offered_yet


def from_hungary(**changes: object) -> Json:
    """Tell of a woman found in Amsterdam who can stay and thinks of home."""
    stays = not_offered_yet(citizenship="eu", residence="union_law", foundIn="GM0363", returnCountry="HU", **changes)
    return {name: said for name, said in stays.items() if name != "dublinClaimant"}


def assessments(case: Json) -> list[str]:
    return [one["state"] for one in case["tasks"] if one["kind"] == "return_risk_assessment"]


def contacts(case: Json) -> list[tuple[str, str]]:
    return sorted(
        ((one["state"], one["due"]) for one in case["tasks"] if one["kind"] == "return_follow_up"),
        key=lambda one: one[1],
    )


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
    done = await desk.does(dated.json())
    later = await desk.learns(date(2027, 1, 4), psychologicalProblems="yes")

    assert content(wants)["tracks"] == ["transnational"]
    assert set(asked(wants, "foreign_partner")) == {"proposed"}
    assert (dated.json()["owner"], dated.json()["due"]) == ("return-desk", "2026-12-15")
    assert done["state"] == "done"
    assert assessments(later) == ["handed_over", "done"]


async def test_contact_after_a_return_counts_from_the_day_on_which_it_happened(desk: Desk) -> None:
    prepared = await desk.receives(date(2026, 11, 23), from_hungary(wantsReturn="yes"))
    left = await desk.returns(date(2027, 1, 31), {"returnedOn": "2027-01-31", "followUpWanted": True})
    unexplained = await desk.asks_to_record("returns", {"returnedOn": "2027-01-30", "followUpWanted": True})
    mistaken = "Invented: she left a day earlier, the ticket says."
    put_right = await desk.returns(
        date(2027, 2, 15), {"returnedOn": "2027-01-30", "followUpWanted": True, "explanation": mistaken}
    )
    follow_up = next(one for one in put_right["tasks"] if one["kind"] == "return_follow_up")
    called = await desk.does(follow_up)
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
    assert called["state"] == "done"
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
