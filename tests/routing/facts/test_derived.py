"""What code works out from the facts comes out as a word of the list that the vocabulary declares."""

from datetime import date

import pytest

from service.routing.facts.derived import DERIVED
from tests.routing.dutch import ASYLUM, DUBLIN, DUTCH, EU, NGO_WITHOUT_CONSENT, TODAY, accepted, read, rules

Facts = dict[str, object]


def test_code_computes_exactly_what_the_vocabulary_declares() -> None:
    assert set(DERIVED) == set(rules().vocabulary.derived)


@pytest.mark.parametrize(
    ("name", "facts", "expected"),
    [
        ("indicated", {}, "yes"),
        ("indicated", {"indication": "unknown"}, "unknown"),
        ("indicated", {"reporter": "bank"}, "yes"),
        ("multiproblem", {}, "no"),
        ("multiproblem", {"addiction": "unknown"}, "no"),
        ("multiproblem", {"addiction": "yes"}, "yes"),
        ("multiproblem", {"psychological_problems": "yes"}, "yes"),
        ("multiproblem", {"mild_intellectual_disability": "yes"}, "yes"),
        ("sharing_allowed", NGO_WITHOUT_CONSENT, "no"),
        ("sharing_allowed", {"reporter": "ngo"}, "yes"),
        ("sharing_allowed", {"reporter": "ngo", "consent": {"registration": "withdrawn"}}, "no"),
        ("sharing_allowed", {"reporter": "border_police", "consent": {"registration": "refused"}}, "yes"),
        ("residence_basis", {**EU, "residence": "unknown"}, "union_law"),
        ("residence_basis", {**EU, "residence": "none"}, "none"),
        ("residence_basis", {"residence": "b8_permit"}, "b8_permit"),
        ("residence_basis", {"residence": "b8_permit", **accepted(TODAY)}, "none"),
        ("residence_basis", {**ASYLUM, **accepted(TODAY)}, "none"),
        ("residence_basis", {**ASYLUM, **accepted(TODAY), "other_permit_applied_on": "2026-11-23"}, "none"),
        ("stay", {}, "other"),
        ("stay", DUTCH, "lawful"),
        ("stay", {**EU, "residence": "unknown"}, "lawful"),
        ("stay", {**EU, "residence": "none"}, "other"),
        ("stay", {"residence": "b8_permit"}, "lawful"),
        ("stay", ASYLUM, "asylum_or_dublin"),
        ("stay", {"dublin_claimant": "yes"}, "asylum_or_dublin"),
        ("declined", {"reflection_choice": "declined"}, "yes"),
        ("declined", {"reflection_choice": "declined", "declined_on": "2026-11-23"}, "yes"),
        ("declined", {"reflection_choice": "declined", "declined_on": "2026-11-24"}, "no"),
        ("reported", {}, "no"),
        ("reported", {"reported_on": "2026-11-23"}, "yes"),
        ("reported", {"reported_on": "2026-11-24"}, "no"),
        ("reported", {"cooperated_on": "2026-11-20"}, "yes"),
        ("report_completed", {"reported_on": "2026-11-23"}, "no"),
        ("report_completed", {"record_signed_on": "2026-11-23"}, "yes"),
        ("unknown_destination", {"unknown_destination_on": "2026-11-23"}, "yes"),
        ("unknown_destination", {"unknown_destination_on": "2026-12-01"}, "no"),
        ("shelter_refused", {}, "no"),
        ("shelter_refused", {"shelter_wanted": "no"}, "yes"),
        ("shelter_refused", {"consent": {"placement": "withdrawn"}}, "yes"),
        ("shelter_refused", {"consent": {}}, "no"),
        ("coa_safe", {"in_coa_centre": "yes", "safe_there": "yes"}, "yes"),
        ("coa_safe", {"in_coa_centre": "yes"}, "no"),
        ("labour_group", {"exploitation": ["labour", "sexual"], "found_in_group": "yes"}, "yes"),
        ("labour_group", {"found_in_group": "yes"}, "no"),
        ("cannot_cooperate", {"threat_statement": "yes"}, "yes"),
        ("cannot_cooperate", {"medical_limitation": "yes"}, "yes"),
        ("cannot_cooperate", {"threat_statement": "no"}, "no"),
        ("permit_held", {"residence": "b8_permit", "permit_from": "2026-11-23"}, "yes"),
        ("permit_held", {"residence": "b8_permit", "permit_from": "2026-11-24"}, "no"),
        ("case_ended", {"case_ended_on": "2026-11-23"}, "yes"),
        ("return_country_known", {"wants_return": "yes", "return_country": "HU"}, "yes"),
        ("return_country_known", {"wants_return": "yes"}, "no"),
    ],
)
def test_a_derived_value_follows_from_the_facts(name: str, facts: Facts, expected: str) -> None:
    assert read(facts).values[name] == expected


@pytest.mark.parametrize("known", ["citizenship", "age", "adult", "gender"])
def test_one_thing_known_about_somebody_makes_a_bank_signal_about_a_person(known: str) -> None:
    nobody: Facts = {
        "reporter": "bank",
        "citizenship": "unknown",
        "age": "unknown",
        "adult": "unknown",
        "gender": "unknown",
    }
    something: Facts = {"citizenship": "eu", "age": 30, "adult": "yes", "gender": "male"}

    assert read(nobody, residence="unknown").values["indicated"] == "no_person"
    assert read(nobody, {known: something[known]}, residence="unknown").values["indicated"] == "yes"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"coercion": "no", "serious_disadvantage": "yes"}, "yes"),
        ({"coercion": "no", "serious_disadvantage": "yes", "exploitation": ["labour", "unknown"]}, "yes"),
        ({"coercion": "unknown", "serious_disadvantage": "yes"}, "no"),
        ({"coercion": "yes", "serious_disadvantage": "yes"}, "no"),
        ({"coercion": "no", "serious_disadvantage": "yes", "exploitation": ["labour", "sexual"]}, "no"),
    ],
)
def test_serious_disadvantage_stands_alone_only_when_nothing_of_article_273f_is_left(
    facts: Facts, expected: str
) -> None:
    assert read({"exploitation": ["labour"]}, facts).values["only_serious_disadvantage"] == expected


@pytest.mark.parametrize(
    ("received_at", "expected"),
    [
        ("2026-11-23T09:00:00+01:00", "inside"),
        ("2026-11-23T08:59:59+01:00", "outside"),
        ("2026-11-23T16:59:59+01:00", "inside"),
        ("2026-11-23T17:00:00+01:00", "outside"),
        ("2026-11-21T12:00:00+01:00", "outside"),
        ("2027-04-27T12:00:00+02:00", "outside"),
        ("2027-05-05T12:00:00+02:00", "outside"),
        ("2026-07-01T07:30:00Z", "inside"),
        ("2026-12-01T07:30:00Z", "outside"),
    ],
)
def test_office_hours_are_those_of_amsterdam_on_a_working_day(received_at: str, expected: str) -> None:
    found = read(received_at=received_at).values

    assert found["office_hours"] == expected
    assert found["found_out_of_hours"] == ("yes" if expected == "outside" else "no")


def test_without_an_instant_nobody_was_found_out_of_hours() -> None:
    assert (read().values["office_hours"], read().values["found_out_of_hours"]) == ("unknown", "no")


def test_who_is_not_police_finds_nobody_out_of_hours() -> None:
    found = read(reporter="ngo", received_at="2026-11-21T12:00:00+01:00").values

    assert (found["office_hours"], found["found_out_of_hours"]) == ("outside", "no")


@pytest.mark.parametrize(
    ("facts", "on", "expected"),
    [
        ({}, TODAY, "not_started"),
        ({"reflection_choice": "accepted"}, TODAY, "not_started"),
        (accepted(date(2026, 11, 24)), TODAY, "not_started"),
        (accepted(TODAY), TODAY, "running"),
        ({"accepted_on": "2026-11-23"}, TODAY, "running"),
        (accepted(TODAY), date(2027, 2, 23), "running"),
        (accepted(TODAY), date(2027, 2, 24), "expired"),
        ({**accepted(TODAY), "renounced_on": "2026-12-01"}, date(2026, 11, 30), "running"),
        ({**accepted(TODAY), "renounced_on": "2026-12-01"}, date(2026, 12, 1), "renounced"),
        ({**accepted(TODAY), "cooperated_on": "2026-12-01"}, date(2026, 12, 1), "cooperated"),
        ({**accepted(TODAY), "residence": "b8_permit", "permit_from": "2026-12-05"}, date(2026, 12, 9), "cooperated"),
        ({**accepted(TODAY), **DUBLIN}, date(2026, 12, 24), "expired"),
        ({**accepted(TODAY), "reflection_used": "yes"}, TODAY, "not_started"),
    ],
)
def test_the_clock_runs_by_what_has_happened_on_the_decision_date(facts: Facts, on: date, expected: str) -> None:
    assert read(facts, on=on).values["reflection_clock_state"] == expected


@pytest.mark.parametrize(
    ("facts", "standing", "central", "coordination", "arrangement"),
    [
        ({"found_in": "GM0344"}, "current", "yes", "named", "regional"),
        ({"found_in": "GM0457"}, "merged", "yes", "named", "regional"),
        ({"found_in": "GM0788"}, "split", "no", "comensha", "none"),
        ({"found_in": "GM9999"}, "unknown_code", "no", "comensha", "none"),
        ({"found_in": "GM0716"}, "current", "yes", "unnamed", "other_region"),
        ({"found_in": "GM0200"}, "current", "yes", "named", "by_age"),
        ({"found_in": "GM1783"}, "current", "no", "named", "regional"),
        ({"registered_in": "GM0716", "found_in": "GM0344"}, "current", "yes", "unnamed", "other_region"),
    ],
)
def test_the_place_of_registration_counts_first(
    facts: Facts, standing: str, central: str, coordination: str, arrangement: str
) -> None:
    found = read(facts).values

    assert found["municipality_standing"] == standing
    assert found["central_municipality_known"] == central
    assert found["coordination"] == coordination
    assert found["coordination_arrangement"] == arrangement


@pytest.mark.parametrize(
    ("facts", "coordinator"),
    [
        ({"age": 22}, "MEE-Veluwe"),
        ({"age": 23}, "Moviera"),
        ({"age": 40, "age_in_doubt": "yes"}, "MEE-Veluwe"),
        ({"age": "unknown"}, "MEE-Veluwe"),
        ({"age": "unknown", "adult": "yes"}, "CoMensha"),
    ],
)
def test_whoever_is_treated_as_a_child_falls_under_the_coordinator_for_the_young(
    facts: Facts, coordinator: str
) -> None:
    assert read(facts, found_in="GM0200").found_place.care_coordinator == coordinator
