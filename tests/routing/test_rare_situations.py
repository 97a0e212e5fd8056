"""What is seldom seen still has its rule: each of these people brings a row to bear that few others do."""

from datetime import date

import pytest

from service.routing.decision import Decision
from tests.routing.dutch import ASYLUM, DUBLIN, DUTCH, EU, TODAY, accepted, decided, due, to_do, told

Facts = dict[str, object]


def rows(decision: Decision, table: str) -> set[str]:
    return {row.id for row in decision.findings[table].rows}


def test_a_child_at_work_needs_no_proof_of_coercion() -> None:
    assert "labour_criminal" in decided(DUTCH, age=15, exploitation=["labour"], coercion="no").tracks


@pytest.mark.parametrize("statement", ["threat_statement", "medical_limitation"])
def test_whoever_cannot_cooperate_finds_the_residence_track_open(statement: str) -> None:
    assert "residence" in decided({"reflection_choice": "declined", statement: "yes"}).tracks


def test_thirty_days_that_pass_are_over_by_their_own_rule() -> None:
    decision = decided(DUBLIN, accepted(TODAY), on=date(2026, 12, 24))

    assert (decision.reflection_period.reason, decision.reflection_period.rule) == ("expired", "CL-03")


@pytest.mark.parametrize("event", ["record_signed_on", "cooperated_on"])
def test_whoever_reports_at_once_skips_the_period_and_may_stay(event: str) -> None:
    decision = decided({event: "2026-11-23"})

    assert (decision.shelter.type, decision.shelter.next) == ("cosm", "follow_up")
    assert "residence" in decision.tracks
    assert due(decision, "permit_decision_target") == ["2026-11-24"]


@pytest.mark.parametrize(("code", "rule"), [("GM0716", "RG-10"), ("GM0200", "RG-11")])
def test_a_region_with_an_arrangement_of_its_own_says_so(code: str, rule: str) -> None:
    assert rule in decided(found_in=code).region.rules


def test_a_permit_after_renouncing_opens_the_ordinary_shelter() -> None:
    facts: Facts = {
        **accepted(TODAY),
        "renounced_on": "2026-12-01",
        "residence": "b8_permit",
        "permit_from": "2027-01-10",
    }

    assert decided(facts, on=date(2027, 1, 10)).shelter.type == "womens"


def test_a_group_in_an_unsafe_centre_goes_to_group_beds() -> None:
    facts: Facts = {
        **ASYLUM,
        "in_coa_centre": "yes",
        "safe_there": "no",
        "exploitation": ["labour"],
        "found_in_group": "yes",
    }

    assert decided(facts).shelter.type == "group_beds"


def test_a_family_in_an_unsafe_centre_stays_together_elsewhere() -> None:
    facts: Facts = {**ASYLUM, "age": 9, "household": "with_parents", "in_coa_centre": "yes", "safe_there": "no"}

    assert decided(facts).shelter.type == "family_place"
    assert told(decided(facts), "child_protection") == {("needed_facts", "after_confirmation")}


@pytest.mark.parametrize(("gender", "shelter"), [("male", "mens"), ("unknown", "womens_or_mens")])
def test_without_a_central_municipality_comensha_and_a_person_choose(gender: str, shelter: str) -> None:
    decision = decided(DUTCH, gender=gender, registered_in="GM1783")

    assert (decision.shelter.type, decision.shelter.placed_by) == (shelter, "comensha")
    assert "choose_place" in to_do(decision)


def test_the_labour_authority_hears_of_a_signal_that_points_at_nobody() -> None:
    decision = decided(reporter="ngo", consent={}, exploitation=["labour"])

    assert told(decision, "labour_authority") == {("anonymous", "automatic")}
    assert told(decision, "fairwork") == set()


def test_a_dutch_child_in_danger_reaches_child_protection() -> None:
    assert "CH-04" in rows(decided(DUTCH, age=15, acute_danger="yes"), "notifications")


def test_a_safe_hand_over_after_a_dublin_answer_asks_for_its_own_consent() -> None:
    consent = {"registration": "given", "transnational": "given"}
    answered: Facts = {**DUBLIN, "reported_on": "2026-11-23", "prosecutor_needs_presence": "no"}

    assert told(decided(answered), "foreign_partner") == set()
    assert told(decided(answered, consent=consent), "foreign_partner") == {("needed_facts", "after_confirmation")}


def test_a_lawyer_hears_of_a_used_period_without_a_name() -> None:
    assert told(decided(reflection_used="yes", consent={}), "legal_aid") == {("anonymous", "automatic")}


def test_somebody_in_detention_is_visited() -> None:
    detained: Facts = {"detention": "yes", "prosecutor_agrees": "no"}

    assert told(decided(detained), "care_coordinator") == {("full", "automatic")}
    assert told(decided(detained, consent={}), "care_coordinator") == {("full", "automatic")}
    assert told(decided(detained, consent={"registration": "refused"}), "care_coordinator") == set()


def test_a_wish_to_return_reaches_iom_and_a_running_investigation() -> None:
    consent = {"registration": "given", "transnational": "given"}
    decision = decided(wants_return="yes", return_country="NG", consent=consent, reported_on="2026-11-20")

    assert told(decision, "iom") == {("needed_facts", "after_confirmation")}
    assert "TR-07" in rows(decision, "notifications")


def test_an_adult_who_is_gone_is_told_to_the_police_with_consent_only() -> None:
    gone: Facts = {"absent_now": "yes", "reporter": "care"}

    assert "MS-03b" in rows(decided(gone), "notifications")
    assert told(decided(gone, consent={"registration": "given"}), "police") == set()
    assert "missing" in decided(gone).tracks


@pytest.mark.parametrize(("wish", "expected"), [("thinking", True), ("no", False)])
def test_the_return_of_a_child_is_weighed_as_soon_as_it_is_thought_of(wish: str, expected: object) -> None:
    assert ("return_risk_assessment" in to_do(decided(EU, age=15, wants_return=wish))) is expected


def test_the_end_of_the_case_calls_for_a_look_at_the_permit_that_day() -> None:
    facts: Facts = {"residence": "b8_permit", "permit_from": "2026-01-10", "case_ended_on": "2026-11-20"}

    assert due(decided(facts), "residence_review") == ["2026-11-20", "2029-01-10"]


def test_shortly_before_eighteen_everything_is_looked_at_again() -> None:
    assert due(decided(DUTCH, age=17), "age_recheck") == ["2026-11-23"]
    assert due(decided(DUTCH, age=16), "age_recheck") == []
    # Once the day is known, ninety days before it: a Saturday, so the working day before.
    assert due(decided(DUTCH, age=16, turns_18_on="2027-06-04"), "age_recheck") == ["2027-03-05"]
    assert due(decided(DUTCH, age=17, turns_18_on="2027-06-04"), "age_recheck") == ["2027-03-05"]


def test_no_target_runs_for_the_police_once_the_permit_is_there() -> None:
    facts: Facts = {**accepted(TODAY), "dublin_claimant": "yes", "residence": "b8_permit", "reported_on": "2026-12-01"}

    assert due(decided(facts, permit_from="2026-12-20", on=date(2027, 1, 1)), "dublin_target") == []


@pytest.mark.parametrize(
    "later",
    [
        {"detention": "yes"},
        {"detention": "yes", "police_agree": "no"},
        {"residence": "asylum_procedure", "dublin_claimant": "no"},
        {"residence": "lawful"},
        {"indication": "unknown"},
    ],
)
def test_a_running_period_runs_on_whatever_becomes_known_later(later: Facts) -> None:
    period = decided(accepted(date(2026, 11, 1)), later).reflection_period

    assert (period.status, period.ends) == ("running", date(2027, 2, 1))


def test_another_permit_without_a_day_is_asked_for_because_its_day_ends_the_period() -> None:
    asked = {question.fact for question in decided(accepted(date(2026, 11, 1)), residence="lawful").questions}

    assert "other_permit_applied_on" in asked


def test_an_eu_citizen_without_a_right_of_stay_is_looked_at_by_people() -> None:
    decision = decided(EU, residence="none")

    assert decision.shelter.type == "review"
    assert {task.kind for task in decision.tasks} >= {"place_decision", "establish_status"}


@pytest.mark.parametrize("wish", ["no", "thinking", "yes"])
def test_a_wish_to_return_is_no_renouncing_yet_and_ends_no_period(wish: str) -> None:
    facts: Facts = {**accepted(TODAY), "wants_return": wish}

    wished = decided(facts, on=date(2026, 12, 1)).reflection_period
    renounced = decided(facts, on=date(2026, 12, 1), renounced_on="2026-12-01").reflection_period

    assert (wished.status, wished.reason, wished.ends) == ("running", None, date(2027, 2, 23))
    assert (renounced.status, renounced.reason, renounced.ends) == ("ended", "renounced", date(2026, 12, 1))
