"""A woman with a Dublin claim from the signal to the prosecutor's answer and what follows from it, over HTTP."""

from datetime import date

import pytest

from tests.scenarios.desk import AGREED, Desk, Json, asked, content, line_to, to_do

CLAIMANT = {
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
    "psychologicalProblems": "no",
    "addiction": "no",
    "mildIntellectualDisability": "no",
    "consent": AGREED,
}
ACCEPTED, REPORTED, ANSWERED = date(2027, 5, 18), date(2027, 6, 1), date(2027, 6, 22)

OF_THE_PERIOD = ("reflection_end", "reflection_warning", "reflection_report", "coa_allowance_application")


async def accepts(desk: Desk) -> Json:
    """Let the police find a woman in a safe centre in Emmen, who accepts the thirty days that they offer."""
    await desk.receives(ACCEPTED, CLAIMANT)
    await desk.tells_rights(ACCEPTED)
    await desk.steps(ACCEPTED, "offered")
    await desk.steps(ACCEPTED, "accepted")
    return await desk.decides("confirm")


async def reports(desk: Desk) -> Json:
    """Let her make a report and sign the official record two weeks later."""
    await accepts(desk)
    await desk.steps(REPORTED, "reported")
    await desk.steps(REPORTED, "record_signed")
    return await desk.decides("confirm")


async def is_answered(desk: Desk, *, needed: bool) -> Json:
    """Let the prosecutor say whether she is needed here, a week before the target."""
    await reports(desk)
    await desk.establishes(ANSWERED, "prosecutor_answered", needsPresence=needed, givenBy="om-7")
    return await desk.decides("confirm")


async def test_g03_thirty_days_without_transfer_end_with_the_signed_record_and_a_silent_target_changes_nothing(
    desk: Desk,
) -> None:
    accepted = await accepts(desk)
    running, clocks = await desk.period(), await desk.clocks(*OF_THE_PERIOD)
    told_of_the_start = await desk.reads(line_to(accepted, "ind", "NT-10"))
    unsafe = await desk.learns(date(2027, 5, 20), safeThere="no")
    await desk.learns(date(2027, 5, 21), safeThere="yes")
    await desk.steps(REPORTED, "reported")
    await desk.steps(REPORTED, "record_signed")
    signed = await desk.decides("confirm")
    over, stopped = await desk.period(), await desk.clocks(*OF_THE_PERIOD, "dublin_target")
    to_the_ind = [await desk.reads(line_to(signed, "ind", rule)) for rule in ("NT-11", "CL-10")]
    to_the_prosecutor = await desk.reads(line_to(signed, "prosecutor"))
    silent = await desk.waits(date(2027, 6, 30))

    assert (running["ends"], running["length"], running["transferBlocked"]) == ("2027-06-17", "P30D", True)
    assert any("C-66/21" in source for source in running["transferBlockedBy"])
    assert clocks == [
        ("reflection_warning", "2027-05-20", "running"),
        ("coa_allowance_application", "2027-06-01", "running"),
        ("reflection_warning", "2027-06-03", "running"),
        ("reflection_warning", "2027-06-10", "running"),
        ("reflection_warning", "2027-06-16", "running"),
        ("reflection_end", "2027-06-17", "running"),
    ]
    assert [content(case)["shelter"]["type"] for case in (accepted, unsafe, signed)] == [
        *("coa_centre", "cosm", "coa_centre")
    ]
    known = {"age": 30, "citizenship": "third_country", "residence": "asylum_procedure"}
    chose = {"reflectionChoice": "accepted", "acceptedOn": "2027-05-18"}
    assert told_of_the_start["facts"] == known | chose
    assert (over["ends"], over["reason"], over["transferBlocked"]) == ("2027-06-01", "record_signed", False)
    assert {one for one in stopped if one[2] == "running"} == {("dublin_target", "2027-06-29", "running")}
    signed_on = {"reportedOn": "2027-06-01", "recordSignedOn": "2027-06-01"}
    assert [one["facts"] for one in to_the_ind] == [known | chose | signed_on] * 2
    assert [one["due"] for one in (*to_the_ind, to_the_prosecutor)] == ["2027-06-01"] * 3
    assert to_the_prosecutor["facts"] == known | {
        "dublinClaimant": "yes",
        "foundIn": "GM0114",
        "reportedOn": "2027-06-01",
    }
    assert await desk.clocks("dublin_target") == [("dublin_target", "2027-06-29", "missed")]
    assert {("escalate_to_police", "DL-04"), ("escalate_to_comensha", "DL-04")} <= to_do(silent)
    assert content(silent) == content(signed)
    assert content(silent)["tracks"] == ["dublin"]


@pytest.mark.only_on("sqlite")
async def test_g05_who_is_not_needed_here_is_handed_over_safely_if_she_wants_and_nothing_is_owed_any_more(
    desk: Desk,
) -> None:
    answered = await is_answered(desk, needed=False)
    to_the_ind = await desk.reads(line_to(answered, "ind", "DB-05"))
    await desk.establishes(date(2027, 6, 23), "hand_over_offered", accepted=True)
    agreed = await desk.says(date(2027, 6, 23), transnational="given")
    sent = await desk.decides("confirm")
    abroad = await desk.reads(line_to(sent, "foreign_partner"))
    receipt = await desk.is_answered(line_to(sent, "foreign_partner"), "acknowledge")
    await desk.waits(date(2027, 6, 30))
    left = await desk.returns(date(2027, 7, 6), {"returnedOn": "2027-07-06", "followUpWanted": False})

    assert content(answered)["tracks"] == []
    assert content(answered)["reflectionPeriod"]["ends"] == "2027-06-01"
    assert await desk.clocks("dublin_target", "permit_decision_target") == [("dublin_target", "2027-06-29", "met")]
    assert to_the_ind["facts"]["prosecutorNeedsPresence"] == "no"
    assert any("C-66/21" in source for source in to_the_ind["sources"])
    assert ("hand_over_plan", "DB-05") in to_do(answered)
    assert ("hand_over_plan", "DB-05") not in to_do(agreed)
    assert asked(answered, "foreign_partner") == []
    assert asked(agreed, "foreign_partner") == ["proposed"]
    assert (abroad["facts"], receipt) == ({"age": 30}, "acknowledged")
    assert {"escalate_to_police", "exit_plan", "return_follow_up"}.isdisjoint(kind for kind, _ in to_do(left))
    assert (await desk.trail())["verified"]


@pytest.mark.only_on("sqlite")
async def test_g06_who_is_needed_here_gets_a_permit_a_day_after_the_target_and_shelter_of_her_own(desk: Desk) -> None:
    answered = await is_answered(desk, needed=True)
    to_the_ind, target = (
        await desk.reads(line_to(answered, "ind", "DB-04")),
        await desk.clocks("permit_decision_target"),
    )
    late = await desk.waits(date(2027, 6, 24))
    permitted = await desk.establishes(date(2027, 6, 24), "permit_granted")
    addicted = await desk.learns(date(2027, 6, 25), addiction="yes", inCoaCentre="no")

    assert content(answered)["tracks"] == ["residence"]
    assert to_the_ind["facts"]["prosecutorNeedsPresence"] == "yes"
    assert target == [("permit_decision_target", "2027-06-23", "running")]
    assert ("deadline_missed", "DL-05") in to_do(late)
    assert ("deadline_missed", "DL-05") not in to_do(permitted)
    assert await desk.clocks("dublin_target", "permit_decision_target", "residence_review") == [
        ("permit_decision_target", "2027-06-23", "met"),
        ("dublin_target", "2027-06-29", "met"),
        ("residence_review", "2030-06-24", "running"),
    ]
    homes = [content(case)["shelter"] for case in (answered, permitted, addicted)]
    assert [(one["type"], one["next"], one["placedBy"]) for one in homes] == [
        ("coa_centre", "follow_up", "coa"),
        ("womens", None, "central_municipality"),
        ("omm", None, "comensha"),
    ]
    region = content(permitted)["region"]
    assert (region["centralMunicipality"], region["careCoordinator"]) == ("Emmen", "GGD Drenthe")
    assert asked(permitted, "foreign_partner") == []


async def test_nothing_travels_to_another_state_before_consent_and_a_person_and_it_stops_when_consent_ends(
    desk: Desk,
) -> None:
    told = {**CLAIMANT, "reflectionChoice": "accepted", "acceptedOn": ACCEPTED.isoformat()}
    accepted = await desk.receives(ACCEPTED, told)
    await desk.tells_rights(date(2027, 5, 19))
    reported = await desk.learns(REPORTED, reportedOn=REPORTED.isoformat(), recordSignedOn=REPORTED.isoformat())
    answered = await desk.learns(ANSWERED, prosecutorNeedsPresence="no", returnCountry="IT")
    agreed = await desk.says(date(2027, 6, 23), transnational="given")
    confirmed = await desk.decides("confirm")
    regretted = await desk.says(date(2027, 6, 24), transnational="withdrawn")

    assert [asked(case, "foreign_partner") for case in (accepted, reported, answered)] == [[], [], []]
    assert set(asked(agreed, "foreign_partner")) == {"proposed"}
    assert set(asked(confirmed, "foreign_partner")) == {"queued"}
    assert set(asked(regretted, "foreign_partner")) == {"withdrawn"}
    assert (await desk.trail())["verified"] is True
