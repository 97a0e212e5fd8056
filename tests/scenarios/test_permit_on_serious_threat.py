"""Somebody who is threatened and makes no report: a permit on a ground of its own, and the year after it, over HTTP."""

from datetime import date

import pytest

from tests.scenarios.desk import Desk, content, line_to, not_offered_yet, to_do

ACCEPTED, RENOUNCED, THREATENED, PERMITTED = (
    date(2026, 11, 23),
    date(2027, 1, 15),
    date(2027, 1, 18),
    date(2027, 2, 1),
)


@pytest.mark.only_on("sqlite")
async def test_g45_who_is_threatened_and_makes_no_report_gets_a_permit_and_looks_on_after_a_year(desk: Desk) -> None:
    await desk.receives(ACCEPTED, not_offered_yet(gender="female", addiction="no", mildIntellectualDisability="no"))
    await desk.steps(ACCEPTED, "offered")
    started = await desk.steps(ACCEPTED, "accepted")
    await desk.decides("confirm")
    renounced = await desk.steps(RENOUNCED, "renounced")
    await desk.decides("confirm")
    await desk.learns(THREATENED, threatStatement="yes", medicalLimitation="yes")
    threatened = await desk.decides("confirm")
    end, ground = [await desk.reads(line_to(threatened, "ind", rule)) for rule in ("CL-10", "RS-04")]
    permitted = await desk.establishes(PERMITTED, "permit_granted")
    reviews = await desk.clocks("residence_review", "reflection_end")
    a_year_later, two_days_later = await desk.waits(date(2028, 2, 2)), await desk.waits(date(2028, 2, 4))
    await desk.tells_rights(date(2028, 2, 10))
    reported = await desk.learns(date(2028, 2, 10), reportedOn="2028-02-10", recordSignedOn="2028-02-10")

    homes = [content(case)["shelter"]["type"] for case in (started, renounced, threatened, permitted)]
    assert homes == ["cosm", "review", "review", "womens"]
    assert {("return_counselling", "RS-11"), ("place_decision", "SH-22"), ("exit_plan", "CL-10")} <= to_do(renounced)
    assert (content(threatened)["tracks"], content(permitted)["tracks"]) == (["residence"], ["residence"])
    assert ("return_counselling", "RS-11") not in to_do(threatened)
    said = {"age": 30, "citizenship": "third_country", "residence": "none"} | {
        "reflectionChoice": "accepted",
        "acceptedOn": "2026-11-23",
        "renouncedOn": "2027-01-15",
    }
    # Who hears of the end hears when and why; what the doctor says goes to nobody.
    assert (end["facts"], ground["facts"]) == (said, said | {"threatStatement": "yes"})
    assert (end["due"], ground["due"]) == ("2027-01-15", "2027-01-18")
    assert any("3.48, eerste lid, onder d" in source for source in ground["sources"])
    assert reviews == [
        ("reflection_end", "2027-02-23", "cancelled"),
        ("residence_review", "2028-02-01", "running"),
        ("residence_review", "2030-02-01", "running"),
    ]
    assert ("deadline_missed", "DL-07") in to_do(a_year_later)
    assert ("escalate_to_comensha", "DL-07") in to_do(two_days_later)
    # Or a report after all: then there is nothing to apply on for, and nobody is busy with that.
    assert {rule for _, rule in to_do(reported)}.isdisjoint({"DL-07"})
    assert [one for one in await desk.clocks("residence_review") if one[2] == "running"] == [
        ("residence_review", "2030-02-01", "running")
    ]
    assert (await desk.trail())["verified"]
