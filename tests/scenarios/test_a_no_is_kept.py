"""Somebody refuses help, over HTTP: nothing about the person leaves, and help is offered again later."""

from datetime import date

import pytest

from tests.factories import told_over_http
from tests.scenarios.desk import Desk, content, line_to, to_do

MONDAY = date(2026, 11, 23)
NO = {"registration": "refused", "placement": "refused", "policeContact": "refused"}


@pytest.mark.only_on("sqlite")
async def test_g32_who_refuses_is_counted_and_nothing_else_leaves_and_help_is_offered_again_until_the_yes(
    desk: Desk,
) -> None:
    refused = await desk.receives(MONDAY, told_over_http(reporter="ngo", consent=NO))
    await desk.decides("confirm")
    read = {line["askedAs"]: await desk.reads(line) for line in (await desk.case())["referrals"]}
    a_month_later = await desk.waits(date(2026, 12, 28))
    agreed = await desk.says(date(2026, 12, 28), registration="given", placement="given")
    await desk.decides("confirm")
    registered = await desk.reads(line_to(await desk.case(), "comensha", "NT-02"))

    assert content(refused)["shelter"]["type"] == "ambulatory"
    assert {to: one["facts"] for to, one in read.items()} == {"comensha": {"exploitation": ["sexual"]}, "legal_aid": {}}
    assert [(one["content"], one["rule"], one["sources"]) for one in read.values()] == [("anonymous", None, [])] * 2
    assert ("offer_again", "CN-03") in to_do(refused)
    assert ("offer_again", "CN-03") in to_do(a_month_later)
    # The assessments after thirty and sixty days are when the offer is made again.
    assert {("assessment", "2026-12-23", "missed"), ("assessment", "2027-01-22", "running")} <= set(
        await desk.clocks("assessment")
    )
    assert ("offer_again", "CN-03") not in to_do(agreed)
    assert content(agreed)["shelter"]["type"] == "cosm"
    assert registered["facts"].keys() >= {"age", "foundIn", "exploitation"}


@pytest.mark.only_on("sqlite")
async def test_g33_whom_the_police_found_is_registered_all_the_same_and_not_placed(desk: Desk) -> None:
    refused = await desk.receives(MONDAY, told_over_http(consent=NO))
    read = (await desk.reads(line_to(refused, "comensha", "NT-01")))["facts"]

    assert content(refused)["shelter"]["type"] == "ambulatory"
    assert read == {
        "age": 30,
        "citizenship": "third_country",
        "foundIn": "GM0153",
        "indication": "yes",
        "exploitation": ["sexual"],
        "reflectionChoice": "accepted",
        "acceptedOn": "2026-11-23",
    }
    assert {one["askedAs"] for one in refused["referrals"] if one["content"] == "full"} == {"comensha", "emm"}
    assert ("offer_again", "CN-03") in to_do(refused)
