"""Somebody leaves the shelter and the police establish that nobody knows where to: who hears of it, over HTTP."""

from datetime import date

import pytest

from tests.scenarios.desk import Desk, content, line_to, not_offered_yet

STARTED, GONE = date(2027, 1, 11), date(2027, 1, 31)


@pytest.mark.only_on("sqlite")
async def test_g25_whoever_had_heard_of_the_start_hears_of_the_end_and_there_is_no_second_period(desk: Desk) -> None:
    await desk.receives(STARTED, not_offered_yet(reporter="care", gender="female"))
    await desk.steps(STARTED, "offered")
    await desk.steps(STARTED, "accepted")
    started = await desk.decides("confirm")
    for line in (one for one in started["referrals"] if one["state"] == "queued"):
        await desk.reads(line)
        await desk.is_answered(line, "accept")
    await desk.steps(GONE, "unknown_destination")
    gone = await desk.decides("confirm")
    asked_for = {"ind": "CL-10", "comensha": "MS-04", "police": "MS-04"}
    read = {to: (await desk.reads(line_to(gone, to, rule)))["facts"] for to, rule in asked_for.items()}
    later = await desk.waits(date(2027, 6, 1))
    again = {"step": "offered", "on": "2027-06-01", "establishedBy": "police", "learned": "letter"}
    refused = await desk.asks_to_record("reflection-period/steps", again)

    assert (content(gone)["reflectionPeriod"]["ends"], content(gone)["shelter"]["type"]) == ("2027-01-31", "none")
    assert {to: one["unknownDestinationOn"] for to, one in read.items()} == dict.fromkeys(asked_for, "2027-01-31")
    assert read["comensha"] == read["police"]
    assert read["ind"]["acceptedOn"] == "2027-01-11"
    assert await desk.clocks("reflection_report", "reflection_warning", "reflection_end") == [
        ("reflection_report", "2027-02-11", "cancelled"),
        ("reflection_report", "2027-03-11", "cancelled"),
        ("reflection_warning", "2027-03-12", "cancelled"),
        ("reflection_warning", "2027-03-25", "cancelled"),
        ("reflection_warning", "2027-04-02", "cancelled"),
        ("reflection_warning", "2027-04-09", "cancelled"),
        ("reflection_end", "2027-04-11", "cancelled"),
    ]
    assert content(later)["reflectionPeriod"] == content(gone)["reflectionPeriod"]
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "one-off")
