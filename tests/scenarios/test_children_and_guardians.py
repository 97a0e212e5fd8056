"""Children over HTTP: whoever stands up for a child speaks for it, and each time it is missing is told anew."""

from datetime import date

import pytest

from tests.scenarios.desk import AGREED, SAID, Desk, Json, content, line_to, to_do

ALONE = {
    "citizenship": "third_country",
    "residence": "none",
    "dublinClaimant": "no",
    "age": 16,
    "gender": "female",
    "indication": "yes",
    "exploitation": ["sexual"],
    "household": "unaccompanied",
    "acuteDanger": "no",
    "reporter": "ngo",
    "foundIn": "GM0599",
    "mildIntellectualDisability": "no",
}
IN_AN_INSTITUTION = {
    "citizenship": "dutch",
    "residence": "lawful",
    "age": 15,
    "gender": "female",
    "indication": "yes",
    "exploitation": ["sexual"],
    "loverboy": "yes",
    "acuteDanger": "no",
    "reporter": "youth_care",
    "registeredIn": "GM0599",
    "mildIntellectualDisability": "no",
    "consent": AGREED,
}
MONDAY = date(2026, 11, 23)

WHO = {"age": 16, "household": "unaccompanied", "foundIn": "GM0599", "acuteDanger": "no"}
"""What tells who a child is and where, and nothing of what was done to it."""


async def is_guarded(desk: Desk) -> Json:
    """Let Nidos take the girl on the day she is found, and let guardian and girl say to what they agree."""
    await desk.receives(MONDAY, ALONE)
    await desk.establishes(MONDAY, "guardian_appointed", organisation="nidos", mandate="guardian")
    await desk.tells_rights(MONDAY)
    await desk.consents(MONDAY, {"registration": "given", "police_contact": "given"}, by="guardian", childView="agrees")
    await desk.consents(MONDAY, {"placement": "given"})
    return await desk.decides("confirm")


async def test_g12_nidos_hears_of_a_girl_alone_the_same_day_and_speaks_for_her_from_then_on(desk: Desk) -> None:
    found = await desk.receives(MONDAY, ALONE)
    nidos = line_to(await desk.decides("confirm"), "nidos")
    read, taken = await desk.reads(nidos), await desk.is_answered(nidos, "accept")
    guarded = await desk.establishes(MONDAY, "guardian_appointed", organisation="nidos", mandate="guardian")
    await desk.tells_rights(MONDAY)
    by_herself = {**SAID, "purpose": "registration", "saying": "given", "saidOn": MONDAY.isoformat()}
    too_young = await desk.asks_to_record("consents", by_herself)

    shelter = content(found)["shelter"]
    assert (shelter["type"], shelter["placedBy"], content(found)["tracks"]) == ("protected_minor", "nidos", ["child"])
    assert {("arrange_guardian", "CH-02"), ("ask_police_to_offer", "RP-12")} <= to_do(found)
    assert {one["askedAs"] for one in found["referrals"] if one["content"] in {"full", "needed_facts"}} == {
        *("nidos", "child_protection")
    }
    assert (nidos["due"], taken) == ("2026-11-23", "accepted")
    assert read["facts"] == WHO | {"gender": "female", "citizenship": "third_country"}
    assert ("arrange_guardian", "CH-02") not in to_do(guarded)
    assert (too_young.status_code, too_young.json()["errors"][0]["code"]) == (400, "not-theirs-to-say")


@pytest.mark.only_on("sqlite")
async def test_g12_with_her_guardian_she_accepts_three_months_and_stays_where_children_stay_when_they_are_over(
    desk: Desk,
) -> None:
    guarded = await is_guarded(desk)
    to_whom = ("child_protection", "veilig_thuis", "police", "comensha")
    read = {to: (await desk.reads(line_to(guarded, to)))["facts"] for to in to_whom}
    await desk.steps(date(2026, 11, 24), "offered")
    accepted = await desk.steps(date(2026, 11, 24), "accepted")
    clocks = await desk.clocks("reflection_end", "veilig_thuis_inquiry", "veilig_thuis_judgment")
    over = await desk.waits(date(2027, 2, 25))

    what = {"gender": "female", "indication": "yes", "exploitation": ["sexual"]}
    assert read["child_protection"] == WHO
    assert read["veilig_thuis"] == WHO | what
    assert read["police"] == WHO | what | {"citizenship": "third_country", "residence": "none"}
    assert set(read["comensha"]) >= {"age", "exploitation", "mildIntellectualDisability"}
    period = content(accepted)["reflectionPeriod"]
    assert (period["status"], period["starts"], period["ends"]) == ("running", "2026-11-24", "2027-02-24")
    assert ("ask_police_to_offer", "RP-12") not in to_do(accepted)
    assert clocks == [
        ("veilig_thuis_inquiry", "2026-11-28", "running"),
        ("veilig_thuis_judgment", "2027-02-01", "running"),
        ("reflection_end", "2027-02-24", "running"),
    ]
    assert content(over)["reflectionPeriod"]["reason"] == "expired"
    assert content(over)["shelter"]["type"] == "protected_minor"
    assert {("exit_plan", "CL-10"), ("deadline_missed", "DL-09")} <= to_do(over)


@pytest.mark.only_on("sqlite")
async def test_g14_each_time_a_girl_is_missing_the_police_hear_of_it_and_the_third_time_all_sit_together(
    desk: Desk,
) -> None:
    found = await desk.receives(date(2026, 11, 2), IN_AN_INSTITUTION)
    told, consulted, read = [], [], []
    for day, risk in ((9, "orange"), (16, "green"), (18, "orange"), (23, "red")):
        missing = await desk.misses(date(2026, 11, day), "leave_overdue", risk)
        consulted.append(("case_consultation", "MS-02") in to_do(missing))
        proposed = [one for one in missing["referrals"] if (one["rule"], one["state"]) == ("MS-01", "proposed")]
        told.append([one["due"] for one in proposed])
        if proposed:
            line = line_to(await desk.decides("confirm"), "police", "MS-01")
            read.append((await desk.reads(line))["facts"])
            assert await desk.is_answered(line, "accept") == "accepted"
        await desk.sees_again(date(2026, 11, day))
    last = await desk.case()

    shelter, region = content(found)["shelter"], content(found)["region"]
    assert (content(found)["reflectionPeriod"]["status"], shelter["type"]) == ("not_needed", "youth_care")
    assert (region["centralMunicipality"], region["careCoordinator"]) == ("Rotterdam", "PMW Humanitas")
    # A green risk is an event that counts, and no reason to call the police.
    assert told == [["2026-11-09"], [], ["2026-11-18"], ["2026-11-23"]]
    assert consulted == [False, False, True, True]
    who = {"age": 15, "gender": "female", "registeredIn": "GM0599", "acuteDanger": "no", "absentNow": "yes"}
    assert read == [who | {"risk": risk} for risk in ("orange", "orange", "red")]
    assert {("review_shelter", "MS-05"), ("case_consultation", "MS-02")} <= to_do(last)
    assert content(last)["tracks"] == ["child"]
    assert (await desk.trail())["verified"]
