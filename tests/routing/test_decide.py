"""What becomes of a person: the reflection period, the shelter, the region, and who is told."""

from datetime import date, timedelta

import pytest

from service.routing.facts.answers import AnswersRefused
from tests.routing.dutch import (
    ASYLUM,
    DUBLIN,
    DUTCH,
    EU,
    NGO_WITHOUT_CONSENT,
    TODAY,
    accepted,
    decided,
    decided_on_facts,
    due,
    rules_that_tell,
    to_do,
    told,
)

Facts = dict[str, object]

DETAINED: Facts = {"detention": "yes"}
AGREED: Facts = {"detention": "yes", "prosecutor_agrees": "yes", "police_agree": "yes"}
REFUSED: Facts = {"detention": "yes", "prosecutor_agrees": "no", "police_agree": "yes"}
WITHDRAWN: Facts = {"consent": {"registration": "withdrawn", "placement": "withdrawn", "police_contact": "withdrawn"}}


@pytest.mark.parametrize(
    ("facts", "status", "reason", "rule"),
    [
        ({"indication": "no"}, "none", None, "RP-00"),
        ({"indication": "unknown"}, "none", None, "RP-00"),
        (DUTCH, "not_needed", None, "RP-01"),
        (EU, "not_needed", None, "RP-02"),
        ({**EU, "residence": "unknown"}, "not_needed", None, "RP-02"),
        ({**EU, "residence": "none"}, "review", None, "RP-02"),
        ({"role": "witness_reporter"}, "not_available", "witness_reporter", "RP-03"),
        ({"role": "witness_reporter", "reflection_used": "yes"}, "not_available", "witness_reporter", "RP-03"),
        ({"reflection_used": "yes"}, "not_available", "one_off", "RP-04"),
        ({"reflection_used": "yes", **REFUSED}, "not_available", "one_off", "RP-04"),
        ({"residence": "lawful"}, "not_available", "lawful_stay", "RP-05"),
        ({"residence": "b8_permit"}, "not_available", "lawful_stay", "RP-05"),
        (ASYLUM, "not_available", "lawful_stay", "RP-09"),
        ({**ASYLUM, **REFUSED}, "not_available", "lawful_stay", "RP-09"),
        (REFUSED, "not_available", "detention_no_agreement", "RP-10b"),
        ({**DUBLIN, **REFUSED}, "not_available", "detention_no_agreement", "RP-10b"),
        (DETAINED, "pending", None, "RP-10c"),
        ({**DETAINED, "police_agree": "yes"}, "pending", None, "RP-10c"),
        ({**DETAINED, "prosecutor_agrees": "yes"}, "pending", None, "RP-10c"),
        ({**DUBLIN, **DETAINED}, "pending", None, "RP-10c"),
        (AGREED, "offer", None, "RP-10a"),
        ({**DUBLIN, **AGREED}, "offer", None, "RP-07"),
        ({"residence": "refused_entry", **AGREED}, "offer", None, "RP-11"),
        (DUBLIN, "offer", None, "RP-07"),
        ({"residence": "refused_entry"}, "offer", None, "RP-11"),
        ({}, "offer", None, "RP-12"),
        ({"citizenship": "stateless"}, "offer", None, "RP-12"),
        ({"reflection_used": "unknown"}, "offer", None, "RP-12"),
        ({"residence": "unknown"}, "offer_provisional", None, "RP-13"),
        ({"citizenship": "unknown"}, "offer_provisional", None, "RP-13"),
        ({**ASYLUM, "dublin_claimant": "unknown"}, "offer_provisional", None, "RP-13"),
        ({"reflection_choice": "declined"}, "declined", None, "RP-14"),
        ({"reflection_choice": "declined", "citizenship": "unknown"}, "declined", None, "RP-14"),
    ],
)
def test_the_reflection_period_stands_where_the_circular_puts_it(
    facts: Facts, status: str, reason: str | None, rule: str
) -> None:
    period = decided(facts).reflection_period

    assert (period.status, period.reason, period.rule) == (status, reason, rule)


@pytest.mark.parametrize(
    ("on", "status", "reason", "length", "rule"),
    [
        (date(2019, 7, 31), "review", None, None, "RP-08"),
        (date(2019, 8, 1), "not_available", "dublin", None, "RP-06"),
        (date(2023, 5, 17), "not_available", "dublin", None, "RP-06"),
        (date(2023, 5, 18), "offer", None, "P30D", "RP-07"),
    ],
)
def test_a_dublin_claimant_is_judged_by_the_rules_of_the_day(
    on: date, status: str, reason: str | None, length: str | None, rule: str
) -> None:
    period = decided(DUBLIN, on=on).reflection_period

    assert (period.status, period.reason, period.length, period.rule) == (status, reason, length, rule)


def test_a_period_keeps_the_version_of_the_day_on_which_it_was_accepted() -> None:
    last_day_of_the_old_rules = decided(DUBLIN, accepted(date(2023, 5, 17)), on=date(2023, 6, 1))
    first_day_of_the_new_rules = decided(DUBLIN, accepted(date(2023, 5, 18)), on=date(2023, 6, 1))

    assert last_day_of_the_old_rules.reflection_period.reason == "dublin"
    assert first_day_of_the_new_rules.reflection_period.status == "running"


def test_a_permit_holder_keeps_the_ended_period_that_led_to_the_permit() -> None:
    permit: Facts = {"residence": "b8_permit", "permit_from": "2027-01-10"}
    signed: Facts = {"record_signed_on": "2026-12-10"}

    with_a_period = decided(accepted(TODAY), signed, permit, on=date(2027, 2, 1))
    without = decided(permit, on=date(2027, 2, 1))

    assert (with_a_period.reflection_period.status, with_a_period.reflection_period.reason) == (
        "ended",
        "record_signed",
    )
    assert with_a_period.shelter.type == "womens"
    assert (without.reflection_period.status, without.reflection_period.reason) == ("not_available", "lawful_stay")


def test_the_last_day_is_lived_through_and_the_next_day_it_is_over() -> None:
    last_day = decided(accepted(TODAY), on=date(2027, 2, 23))
    next_day = decided(accepted(TODAY), on=date(2027, 2, 24))

    assert (last_day.reflection_period.status, last_day.shelter.type) == ("running", "cosm")
    assert (next_day.reflection_period.status, next_day.reflection_period.reason) == ("ended", "expired")
    assert next_day.shelter.type == "review"
    assert next_day.reflection_period.ends == date(2027, 2, 23)
    assert {"exit_plan", "place_decision"} <= to_do(next_day)


@pytest.mark.parametrize(
    ("facts", "shelter", "next_place", "placed_by"),
    [
        ({"unknown_destination_on": "2026-12-10", "record_signed_on": "2026-12-10"}, "none", None, None),
        ({"record_signed_on": "2026-12-10"}, "cosm", "follow_up", "comensha"),
        ({"cooperated_on": "2026-12-10", "addiction": "yes"}, "omm", "follow_up", "comensha"),
        (
            {"record_signed_on": "2026-12-10", "in_coa_centre": "yes", "safe_there": "yes"},
            "coa_centre",
            "follow_up",
            "coa",
        ),
        ({"renounced_on": "2026-12-10"}, "review", None, None),
        ({"other_permit_applied_on": "2026-12-10", **ASYLUM}, "review", None, None),
    ],
)
def test_after_the_end_the_reason_decides_who_may_stay(
    facts: Facts, shelter: str, next_place: str | None, placed_by: str | None
) -> None:
    found = decided(accepted(TODAY), facts, on=date(2026, 12, 10)).shelter

    assert (found.type, found.next, found.placed_by) == (shelter, next_place, placed_by)


@pytest.mark.parametrize(
    ("facts", "shelter", "placed_by", "rule"),
    [
        ({"indication": "no"}, "none", None, "SH-21"),
        ({"shelter_wanted": "no"}, "ambulatory", None, "SH-03"),
        ({"age": 16, "household": "unaccompanied"}, "protected_minor", "nidos", "SH-04"),
        ({"age": 16}, "protected_minor", "nidos", "SH-04"),
        ({"age": 19, "age_in_doubt": "yes"}, "protected_minor", "nidos", "SH-04"),
        ({"age": "unknown"}, "protected_minor", "nidos", "SH-04"),
        ({"age": "unknown", "adult": "yes"}, "cosm", "comensha", "SH-09"),
        ({**DUTCH, "age": 15}, "youth_care", "youth_care", "SH-05"),
        ({**EU, "age": 15}, "youth_care", "youth_care", "SH-05"),
        ({"residence": "lawful", "age": 15}, "youth_care", "youth_care", "SH-05"),
        ({"age": 12, "household": "with_parents"}, "family_place", "comensha", "SH-06"),
        (
            {"age": 12, "household": "family", **ASYLUM, "in_coa_centre": "yes", "safe_there": "yes"},
            "coa_centre",
            "coa",
            "SH-08",
        ),
        (DETAINED, "none", None, "SH-07"),
        (REFUSED, "none", None, "SH-07"),
        (AGREED, "cosm", "comensha", "SH-09"),
        ({**DUBLIN, "in_coa_centre": "yes", "safe_there": "yes"}, "coa_centre", "coa", "SH-08"),
        ({**DUBLIN, "in_coa_centre": "yes", "safe_there": "no"}, "cosm", "comensha", "SH-09"),
        ({**DUBLIN, "in_coa_centre": "yes"}, "cosm", "comensha", "SH-09"),
        ({**ASYLUM, "in_coa_centre": "yes", "safe_there": "no"}, "review", None, "SH-22"),
        ({"gender": "male"}, "cosm", "comensha", "SH-09"),
        ({"psychological_problems": "yes"}, "omm", "comensha", "SH-10"),
        ({**DUTCH, "addiction": "yes"}, "omm", "comensha", "SH-11"),
        (DUTCH, "womens", "central_municipality", "SH-12"),
        ({**DUTCH, "registered_in": "GM1783"}, "womens", "comensha", "SH-12"),
        ({**DUTCH, "gender": "male"}, "mens", "central_municipality", "SH-13"),
        ({**DUTCH, "gender": "other"}, "womens_or_mens", "central_municipality", "SH-14"),
        ({**EU, "exploitation": ["labour"], "found_in_group": "yes"}, "group_beds", "comensha", "SH-16"),
        ({"exploitation": ["labour"], "found_in_group": "yes", "addiction": "yes"}, "group_beds", "comensha", "SH-16"),
        ({"household": "with_partner"}, "family_place", "comensha", "SH-17"),
        ({"household": "family", "addiction": "yes", **accepted(TODAY)}, "family_place", "comensha", "SH-17"),
        ({"role": "witness_reporter"}, "review", None, "SH-22"),
        ({**DUTCH, "role": "witness_reporter"}, "review", None, "SH-22"),
        ({"reflection_used": "yes"}, "review", None, "SH-22"),
        ({"reflection_choice": "declined"}, "review", None, "SH-22"),
        ({**EU, "exploitation": ["labour"], "coercion": "no", "serious_disadvantage": "yes"}, "none", None, "LB-03"),
    ],
)
def test_the_shelter_follows_from_the_standing_of_the_person(
    facts: Facts, shelter: str, placed_by: str | None, rule: str
) -> None:
    found = decided(facts).shelter

    assert (found.type, found.placed_by, found.rule) == (shelter, placed_by, rule)


@pytest.mark.parametrize(
    ("facts", "interim"),
    [
        ({"acute_danger": "yes", "received_at": "2026-11-21T23:00:00+01:00"}, "crisis"),
        ({"received_at": "2026-11-21T23:00:00+01:00", "addiction": "yes"}, "emergency_bed"),
        ({"received_at": "2026-11-23T10:00:00+01:00", "addiction": "yes"}, "cosm"),
        ({"received_at": "2026-11-21T23:00:00+01:00", "reporter": "ngo"}, None),
        ({"received_at": "2026-11-21T23:00:00+01:00", "age": 16}, None),
        ({"acute_danger": "yes", "age": 16}, "crisis"),
        ({"acute_danger": "unknown"}, None),
        ({**DUTCH, "addiction": "yes"}, None),
    ],
)
def test_danger_goes_before_the_hour_and_the_hour_before_the_wait(facts: Facts, interim: str | None) -> None:
    assert decided(facts).shelter.interim == interim


def test_comensha_judges_an_emergency_bed_on_the_next_working_day_at_noon() -> None:
    saturday_night = decided(received_at="2026-11-21T23:00:00+01:00", on=date(2026, 11, 21))
    check = next(one for one in saturday_night.deadlines if one.kind == "suitability_check")

    assert check.as_json()["due_at"] == "2026-11-23T11:00:00Z"


@pytest.mark.parametrize("code", ["GM0788", "GM9999"])
def test_a_municipality_that_cannot_be_known_is_confirmed_by_a_person(code: str) -> None:
    decision = decided(DUTCH, registered_in=code)

    assert (decision.region.municipality, decision.region.care_coordinator) == (None, "CoMensha")
    assert decision.region.fallback
    assert "confirm_region" in to_do(decision)


@pytest.mark.parametrize(
    ("facts", "rule"), [({}, "RG-07"), ({"perpetrators_near": "yes"}, "RG-08"), ({"distance_wanted": "yes"}, "RG-08")]
)
def test_in_the_reflection_period_the_police_region_is_left_only_for_safety(facts: Facts, rule: str) -> None:
    applied = decided(facts).region.rules

    assert rule in applied
    assert {"RG-07", "RG-08"} & set(applied) == {rule}


def test_the_police_register_without_asking_for_consent() -> None:
    decision = decided(consent={"registration": "refused", "placement": "refused"})

    assert told(decision, "comensha") == {("full", "automatic")}
    assert decision.shelter.type == "ambulatory"
    assert told(decision, "care_coordinator") == set()


@pytest.mark.parametrize("answer", ["refused", "withdrawn", "not_asked"])
def test_without_consent_others_send_only_what_points_at_nobody(answer: str) -> None:
    decision = decided(accepted(TODAY), reporter="ngo", consent={"registration": answer}, in_coa_centre="yes")

    assert told(decision, "comensha") == {("anonymous", "automatic")}
    assert {one.content for one in decision.notifications} == {"anonymous", "rights_information"}


def test_with_consent_a_person_confirms_before_anything_leaves() -> None:
    decision = decided(reporter="ngo")

    assert told(decision, "comensha") == {("full", "after_confirmation")}
    assert told(decision, "police") == {("full", "after_confirmation")}
    assert told(decision, "care_coordinator") == {("full", "automatic")}


def test_the_care_coordinator_is_engaged_after_the_notice_of_the_police() -> None:
    assert told(decided(consent={}), "care_coordinator") == {("full", "automatic")}
    assert told(decided(consent={"registration": "refused"}), "care_coordinator") == set()


@pytest.mark.parametrize(
    "consent", [{}, {"registration": "refused", "placement": "refused", "police_contact": "refused"}]
)
def test_acute_danger_reaches_the_police_at_once_also_without_consent(consent: dict[str, str]) -> None:
    decision = decided(reporter="ngo", consent=consent, acute_danger="yes")

    assert told(decision, "police") == {("needed_facts", "automatic")}
    assert rules_that_tell(decision, "police") == {"NT-06"}
    assert "safety_plan" in to_do(decision)


def test_withdrawn_consent_stops_everything_that_is_personal() -> None:
    decision = decided(WITHDRAWN, accepted(TODAY), reporter="care", on=TODAY + timedelta(days=7))

    assert decision.shelter.type == "ambulatory"
    assert {one.content for one in decision.notifications} == {"anonymous", "rights_information"}


@pytest.mark.parametrize("indication", ["yes", "unknown"])
def test_a_bank_that_saw_money_and_nobody_tells_police_and_emm_only(indication: str) -> None:
    decision = decided_on_facts({"reporter": "bank", "indication": indication, "exploitation": ["sexual"]})

    assert {one.to for one in decision.notifications} == {"police", "emm"}


def test_a_bank_that_knows_the_person_tells_emm_as_well() -> None:
    assert told(decided(reporter="bank"), "emm") == {("needed_facts", "after_confirmation")}
    assert told(decided(NGO_WITHOUT_CONSENT, reporter="bank"), "emm") == {("anonymous", "automatic")}


def test_an_action_day_is_announced_with_a_number_before_anybody_is_found() -> None:
    assert told(decided_on_facts({"reporter": "police", "action_day": "yes"}), "comensha") == {
        ("head_count", "automatic")
    }


@pytest.mark.parametrize("facts", [{}, accepted(TODAY), {"reflection_used": "yes"}])
def test_a_lawyer_is_told_in_the_period_and_when_it_was_used(facts: Facts) -> None:
    assert told(decided(facts), "legal_aid") == {("needed_facts", "after_confirmation")}


def test_no_lawyer_is_told_where_no_period_is_needed() -> None:
    assert told(decided(DUTCH), "legal_aid") == set()


@pytest.mark.parametrize(
    ("facts", "status", "tracks"),
    [
        ({"prosecutor_needs_presence": "not_answered"}, "not_available", ("dublin",)),
        ({"prosecutor_needs_presence": "yes"}, "not_available", ("residence",)),
        ({"prosecutor_needs_presence": "no"}, "not_available", ()),
    ],
)
def test_the_answer_of_the_prosecutor_closes_the_dublin_track(
    facts: Facts, status: str, tracks: tuple[str, ...]
) -> None:
    decision = decided(DUBLIN, facts, reported_on="2021-10-04", on=date(2021, 10, 4))

    assert (decision.reflection_period.status, decision.tracks) == (status, tracks)
    assert due(decision, "dublin_target") == (["2021-11-01"] if tracks == ("dublin",) else [])


def test_data_go_abroad_only_with_their_own_consent() -> None:
    wish: Facts = {**EU, "wants_return": "yes", "return_country": "HU"}
    separate = {"registration": "given", "placement": "given", "transnational": "given"}

    assert told(decided(wish), "foreign_partner") == set()
    assert ("contact_information", "after_confirmation") in told(decided(wish), "victim")
    assert told(decided(wish, consent=separate), "foreign_partner") == {("needed_facts", "after_confirmation")}


@pytest.mark.parametrize(
    ("facts", "tracks"),
    [
        ({"coercion": "yes"}, ("labour_criminal",)),
        ({"coercion": "unknown"}, ("labour_criminal",)),
        ({"coercion": "no", "serious_disadvantage": "yes"}, ("labour_administrative",)),
        ({"coercion": "yes", "serious_disadvantage": "yes"}, ("labour_administrative", "labour_criminal")),
    ],
)
def test_labour_exploitation_runs_on_one_track_or_on_both(facts: Facts, tracks: tuple[str, ...]) -> None:
    decision = decided(EU, facts, exploitation=["labour"])

    assert decision.tracks == tracks
    assert ("case_consultation" in to_do(decision)) == (len(tracks) == 2)


def test_a_permit_without_cooperation_is_looked_at_after_one_year_and_after_three() -> None:
    facts: Facts = {"residence": "b8_permit", "permit_from": "2027-01-10", "threat_statement": "yes"}

    assert due(decided(facts, on=date(2027, 1, 10)), "residence_review") == ["2028-01-10", "2030-01-10"]


def test_facts_that_cannot_be_true_together_are_refused() -> None:
    with pytest.raises(AnswersRefused) as refused:
        decided(DUTCH, accepted(TODAY))

    assert {problem.pointer for problem in refused.value.problems} & {"/facts/citizenship", "/facts/reflection_choice"}
