"""An adult wants to go home, over HTTP: the risks first, then separate consent, and without it only addresses."""

from datetime import date

import pytest

from service.casework.firing.reconcile_clocks import reconcile_clocks
from tests.scenarios.desk import AGREED, Desk, Json, asked, content, line_to, to_do

MONDAY = date(2026, 11, 23)
HUNGARIAN = {
    "citizenship": "eu",
    "residence": "union_law",
    "dublinClaimant": "no",
    "age": 30,
    "gender": "female",
    "indication": "yes",
    "exploitation": ["sexual"],
    "household": "alone",
    "acuteDanger": "no",
    "reporter": "police",
    "foundIn": "GM0363",
    "psychologicalProblems": "yes",
    "wantsReturn": "yes",
    "returnCountry": "HU",
    "consent": AGREED,
}
ABROAD = ("foreign_partner", "iom")

RISKS = {"reprisals": "orange", "reTrafficking": "red", "family": "green", "needsThere": "Invented: a doctor there."}


async def is_assessed(desk: Desk) -> Json:
    """Let a woman who wants to go home be found, and the risks of that be assessed."""
    await desk.receives(MONDAY, HUNGARIAN)
    await desk.decides("confirm")
    return await desk.establishes(date(2026, 11, 25), "return_risk_assessed", **RISKS)


@pytest.mark.only_on("sqlite")
async def test_tr_02_and_tr_04_the_risks_are_assessed_first_and_without_consent_she_gets_addresses_and_nothing_leaves(
    desk: Desk,
) -> None:
    wants = await desk.receives(MONDAY, HUNGARIAN)
    await desk.decides("confirm")
    assessed = await desk.establishes(date(2026, 11, 25), "return_risk_assessed", **RISKS)
    refused = await desk.says(date(2026, 11, 25), transnational="refused")
    await desk.decides("confirm")
    addresses = next(one for one in refused["tasks"] if one["kind"] == "give_contact_information")
    given = await desk.does(addresses)
    case = await desk.case()

    assert content(wants)["tracks"] == ["transnational"]
    assert {("return_risk_assessment", "TR-02"), ("give_contact_information", "TR-04")} <= to_do(wants)
    assert ("return_risk_assessment", "TR-02") not in to_do(assessed)
    assert {(one["to"], one["content"]) for one in content(refused)["notifications"] if one["rule"] == "TR-04"} == {
        ("victim", "contact_information")
    }
    assert given["state"] == "done"
    assert [asked(case, one) for one in ABROAD] == [[], []]
    for line in (one for one in case["referrals"] if one["state"] == "queued"):
        # What could await her there, and that she wants to go, is told to nobody here either.
        assert {"wantsReturn", "returnCountry"}.isdisjoint((await desk.reads(line))["facts"])
    assert RISKS["needsThere"] not in str(await desk.trail())


@pytest.mark.only_on("sqlite")
async def test_tr_03_with_separate_consent_a_minimal_package_goes_abroad_and_is_taken_back_when_she_regrets_it(
    desk: Desk,
) -> None:
    assessed = await is_assessed(desk)
    agreed = await desk.says(date(2026, 12, 1), transnational="given")
    sent = await desk.decides("confirm")
    read = {to: (await desk.reads(line_to(sent, to)))["facts"] for to in ABROAD}
    there = line_to(sent, "foreign_partner")
    receipt = await desk.is_answered(there, "acknowledge")
    regretted = await desk.says(date(2026, 12, 4), transnational="withdrawn")
    holds = await desk.clocks("recall_acknowledgement")
    unanswered = await desk.waits(date(2026, 12, 8))

    assert [asked(assessed, one) for one in ABROAD] == [[], []]
    assert [asked(agreed, one) for one in ABROAD] == [["proposed"], ["proposed"]]
    assert ("give_contact_information", "TR-04") not in to_do(agreed)
    assert (there["answerBy"], receipt) == ("2026-12-02T23:00:00Z", "acknowledged")
    assert read == {
        "foreign_partner": {"age": 30, "household": "alone"},
        "iom": {"age": 30, "household": "alone", "citizenship": "eu", "residence": "union_law", "foundIn": "GM0363"},
    }
    assert [asked(regretted, one) for one in ABROAD] == [["withdrawn"], ["withdrawn"]]
    assert ("give_contact_information", "TR-04") in to_do(regretted)
    assert holds == [("recall_acknowledgement", "2026-12-07", "running")] * 2
    assert [kind for kind, _ in to_do(unanswered)].count("recall_unanswered") >= 1
    assert content(unanswered)["tracks"] == ["transnational"]


@pytest.mark.only_on("sqlite")
async def test_tr_09_after_the_return_contact_is_kept_as_wanted_and_nobody_is_reminded_of_a_stay_here(
    desk: Desk,
) -> None:
    await is_assessed(desk)
    left = await desk.returns(date(2026, 12, 1), {"returnedOn": "2026-12-01", "followUpWanted": True})
    follow_up = sorted(one["due"] for one in left["tasks"] if one["kind"] == "return_follow_up")
    learned = await desk.learns(date(2026, 12, 2), addiction="no")
    reconciled = reconcile_clocks(desk.service.operator())
    half_a_year_later = await desk.waits(date(2027, 6, 2))
    back = await desk.receives(date(2027, 6, 7), {"foundIn": "GM0363"})

    assert follow_up == ["2027-01-01", "2027-03-01", "2027-06-01"]
    assert reconciled.started == 0
    for case in (learned, half_a_year_later):
        assert {kind for kind, _ in to_do(case)} == {
            *("return_follow_up", "record_rights_information", "give_contact_information")
        }
    assert ("return_risk_assessment", "TR-02") not in to_do(back)
    assert "running" in {state for _, _, state in await desk.clocks("assessment")}
