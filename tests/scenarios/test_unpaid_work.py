"""Unpaid work without force over HTTP: the track changes, and help with wages and housing goes on."""

from datetime import date

import pytest

from tests.scenarios.desk import AGREED, Desk, asked, content, line_to, to_do

UNPAID = {
    "citizenship": "eu",
    "residence": "union_law",
    "dublinClaimant": "no",
    "age": 38,
    "gender": "male",
    "indication": "yes",
    "exploitation": ["labour"],
    "coercion": "unknown",
    "seriousDisadvantage": "yes",
    "acuteDanger": "no",
    "reporter": "union",
    "registeredIn": "GM0772",
    "psychologicalProblems": "no",
    "addiction": "no",
    "mildIntellectualDisability": "no",
    "consent": AGREED,
}


@pytest.mark.only_on("sqlite")
async def test_g50_without_force_there_is_no_shelter_for_victims_and_help_with_wages_and_housing_goes_on(
    desk: Desk,
) -> None:
    await desk.receives(date(2026, 11, 23), UNPAID)
    unsure = await desk.decides("confirm")
    inspectorate, fairwork = line_to(unsure, "labour_authority"), line_to(unsure, "fairwork")
    read = [(await desk.reads(line))["facts"] for line in (inspectorate, fairwork)]
    for line in unsure["referrals"]:
        await desk.reads(line)
        await desk.is_answered(line, "accept")
    judged = await desk.learns(date(2026, 11, 30), coercion="no")
    wanted = {"way": "wage_claim", "state": "wanted", "language": "pl"}
    claims = await desk.establishes(date(2026, 12, 1), "compensation_discussed", **wanted)

    assert content(unsure)["tracks"] == ["labour_administrative", "labour_criminal"]
    assert content(judged)["tracks"] == ["labour_administrative"]
    assert content(judged)["reflectionPeriod"]["status"] == "not_needed"
    assert [content(case)["shelter"]["type"] for case in (unsure, judged)] == ["mens", "none"]
    region = content(judged)["region"]
    assert (region["centralMunicipality"], region["careCoordinator"]) == ("Eindhoven", "Lumens")
    person = {"age": 38, "citizenship": "eu", "residence": "union_law", "registeredIn": "GM0772"}
    what = {"gender": "male", "indication": "yes", "exploitation": ["labour"], "acuteDanger": "no"}
    assert read == [person | what, person]
    # The union that told it is not asked to help; nobody who helps is told to stop.
    assert asked(judged, "union") == []
    assert {one["state"] for one in judged["referrals"]} == {"accepted"}
    assert {("reassess_support", "LB-06"), ("housing_advice", "LB-03"), ("inform_of_wage_claim", "CP-02")} <= to_do(
        judged
    )
    assert ("arrange_wage_claim", "CP-02") in to_do(claims)
    assert ("inform_of_wage_claim", "CP-02") not in to_do(claims)
    (track,) = (await desk.tracks())["tracks"]
    assert {one["kind"] for one in track["tasks"]} >= {"housing_advice", "reassess_support", "arrange_wage_claim"}
