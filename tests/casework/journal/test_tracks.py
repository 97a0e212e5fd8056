"""What happens on the tracks of a case is kept with its day, in its order, and the rules follow by themselves."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from service.audit.event import Event, Outcome
from service.cases.store import CaseNotFound
from service.casework.cases.change_facts import change_facts
from service.casework.cases.read_cases import read_case
from service.casework.cases.record_return import ReturnNotInItsInterest, record_return
from service.casework.commands.cases import ChangeFacts, RecordReturn
from service.casework.commands.journal import EndAbsence, RecordAbsence, RecordMilestone
from service.casework.journal.record_absence import AwayAlready, BackAlready, end_absence, record_absence
from service.casework.journal.record_milestone import GuardianGone, GuardianInPlace, TooEarly, record_milestone
from service.casework.journal.show_tracks import read_tracks
from service.casework.rights.record_rights import record_rights
from service.casework.trail.verify_log import verify_log
from service.casework.views.cases import CaseView
from service.casework.views.journal import TracksView
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import DeadlineState
from service.journal.policy import EntryNotUnderstood
from service.journal.store import EntryNotFound
from service.kernel.versions import Stale, Unseen
from service.routing.facts.answers import AnswersRefused
from service.tasks.lifecycle import TaskState
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import OTHER_OFFICE, audit_bodies, auditor, coordinator, opened_case, told_about_rights

# What is kept and how is the same as for assessments, which are tried on both databases.
pytestmark = pytest.mark.only_on("sqlite")

TODAY = date(2026, 11, 23)
CHILD: Mapping[str, Any] = {
    "citizenship": "dutch",
    "residence": "lawful",
    "age": 15,
    "reflection_choice": None,
    "accepted_on": None,
    "found_in": "GM0599",
    "loverboy": "yes",
}
LEFT_ALONE: Mapping[str, Any] = {
    **CHILD,
    "citizenship": "third_country",
    "residence": "none",
    "household": "unaccompanied",
}
DUBLIN: Mapping[str, Any] = {"dublin_claimant": "yes", "accepted_on": "2026-11-20"}


def shown(service: Service, case_id: UUID) -> CaseView:
    return read_case(coordinator(service), case_id)


def seen(service: Service, case_id: UUID) -> frozenset[int]:
    return frozenset({shown(service, case_id).version})


def away(service: Service, case_id: UUID, **said: object) -> TracksView:
    command = RecordAbsence.model_validate({"on": TODAY, "kind": "ran_away", **said})
    return record_absence(coordinator(service), case_id, seen(service, case_id), command)


def back(service: Service, case_id: UUID, absence: UUID, on: date = TODAY) -> TracksView:
    return end_absence(coordinator(service), case_id, absence, seen(service, case_id), EndAbsence(on=on))


def established(service: Service, case_id: UUID, kind: str, on: date = TODAY, **said: object) -> TracksView:
    command = RecordMilestone.model_validate({"on": on, "what": {"kind": kind, **said}})
    return record_milestone(coordinator(service), case_id, seen(service, case_id), command)


def told(service: Service, case_id: UUID, **facts: object) -> None:
    change_facts(coordinator(service), case_id, seen(service, case_id), ChangeFacts.model_validate({"facts": facts}))


def to_do(case: CaseView) -> set[tuple[str, str]]:
    return {(one.kind, one.rule) for one in case.tasks if one.state is TaskState.OPEN}


def refused(service: Service, case_id: UUID) -> list[str]:
    entries = [one for one in audit_bodies(service, case_id) if one["event"] == Event.JOURNAL_REFUSED]
    return [one["outcome"] for one in entries]


def test_the_third_time_away_in_thirty_days_calls_for_a_consultation_and_coming_back_for_a_look_at_the_shelter(
    service: Service, clock: FixedClock
) -> None:
    case_id = opened_case(service, **CHILD).case_id
    for day in range(3):
        found = away(service, case_id, on=TODAY + timedelta(days=day), risk="red")
        assert (("case_consultation", "MS-02") in to_do(shown(service, case_id))) is (day == 2)
        case = shown(service, case_id)
        assert (case.facts["absent_now"], case.facts["absences_last_30_days"]) == ("yes", day + 1)
        assert ("police", "MS-01") in {(one.asked_as, one.rule) for one in case.referrals}
        missing = next(one for one in found.tracks if one.track == "missing")
        assert [one.rule for one in missing.rests_on] == ["MS-01"]
        back(service, case_id, found.steps[0].id, TODAY + timedelta(days=day))
        clock.move(timedelta(days=1))

    case = shown(service, case_id)
    assert case.facts["absent_now"] == "no"
    assert ("review_shelter", "MS-05") in to_do(case)
    assert [one.kind.value for one in read_tracks(coordinator(service), case_id).steps[:2]] == [
        "absence_ended",
        "absence",
    ]
    clock.move(timedelta(days=30))
    away(service, case_id, on=TODAY + timedelta(days=33))
    assert shown(service, case_id).facts["absences_last_30_days"] == 1
    assert verify_log(auditor(service)).verified


def test_what_was_told_of_earlier_absences_still_counts(service: Service) -> None:
    case_id = opened_case(service, **CHILD, absences_last_30_days=2).case_id

    away(service, case_id)

    assert shown(service, case_id).facts["absences_last_30_days"] == 3


def test_an_absence_out_of_order_is_refused_with_the_reason_and_changes_nothing(service: Service) -> None:
    case_id, other = opened_case(service, **CHILD).case_id, opened_case(service, **CHILD).case_id
    first = away(service, case_id, on=date(2026, 11, 20)).steps[0].id

    with pytest.raises(AwayAlready):
        away(service, case_id)
    with pytest.raises(EntryNotUnderstood):
        back(service, case_id, first, date(2026, 11, 19))
    with pytest.raises(EntryNotUnderstood):
        back(service, case_id, first, date(2026, 11, 24))
    assert refused(service, case_id) == [Outcome.REFUSED] * 3
    with pytest.raises(EntryNotFound):
        back(service, other, first)
    back(service, case_id, first, date(2026, 11, 21))
    before = shown(service, case_id)
    with pytest.raises(BackAlready):
        back(service, case_id, first)
    with pytest.raises(EntryNotUnderstood):
        away(service, case_id, on=date(2026, 11, 20))
    command = RecordAbsence.model_validate({"on": TODAY, "kind": "other"})
    for who, versions, refusal in (
        (coordinator(service), None, Unseen),
        (coordinator(service), frozenset({99}), Stale),
        (coordinator(service, OTHER_OFFICE), frozenset({before.version}), CaseNotFound),
    ):
        with pytest.raises(refusal):
            record_absence(who, case_id, versions, command)
    assert shown(service, case_id) == before


def test_a_child_without_a_guardian_gets_one_and_one_at_a_time(service: Service) -> None:
    case_id = opened_case(service, **LEFT_ALONE).case_id
    assert ("arrange_guardian", "CH-02") in to_do(shown(service, case_id))

    appointed = established(service, case_id, "guardian_appointed", organisation="nidos", mandate="guardian")

    assert ("arrange_guardian", "CH-02") not in to_do(shown(service, case_id))
    guardian = appointed.steps[0]
    assert guardian.said == {"organisation": "nidos", "mandate": "guardian"}
    with pytest.raises(GuardianInPlace):
        established(service, case_id, "guardian_appointed", organisation="nidos", mandate="guardian")
    with pytest.raises(EntryNotUnderstood):
        established(service, case_id, "guardian_ended", date(2026, 11, 20), guardian=guardian.id)
    assert established(service, case_id, "guardian_ended", guardian=guardian.id).steps[0].about == guardian.id
    assert ("arrange_guardian", "CH-02") in to_do(shown(service, case_id))
    with pytest.raises(GuardianGone):
        established(service, case_id, "guardian_ended", guardian=guardian.id)
    told(service, case_id, parent_suspected="yes")
    assert read_tracks(coordinator(service), case_id).no_data_to_parents
    assert shown(service, case_id).facts["guardian"] == "none"


def test_no_child_returns_before_or_against_the_decision_on_its_interest(service: Service) -> None:
    case_id = opened_case(service, **LEFT_ALONE, wants_return="yes").case_id
    going = RecordReturn(returned_on=TODAY, follow_up_wanted=True)
    asked = {"best_interest_decision", "return_risk_assessment"}
    assert asked <= {kind for kind, _ in to_do(shown(service, case_id))}

    def goes() -> None:
        record_return(coordinator(service), case_id, seen(service, case_id), going)

    with pytest.raises(ReturnNotInItsInterest):
        goes()
    established(service, case_id, "return_risk_assessed", reprisals="green", re_trafficking="orange", family="green")
    with pytest.raises(ReturnNotInItsInterest):
        goes()
    decision = "best_interest_decided"
    established(service, case_id, decision, in_favour_of_return=False, reason="Invented: nobody is there.")
    with pytest.raises(ReturnNotInItsInterest):
        goes()
    established(service, case_id, decision, in_favour_of_return=True, reason="Invented: an aunt was found.")
    assert not asked & {kind for kind, _ in to_do(shown(service, case_id))}
    goes()
    assert [one.returned_on for one in shown(service, case_id).returns] == [TODAY]
    events = [one["outcome"] for one in audit_bodies(service, case_id) if one["event"] == Event.RETURN_REFUSED]
    assert events == [Outcome.REFUSED] * 3


@pytest.mark.parametrize("answer", ["needed", "not_needed"])
def test_the_prosecutor_answers_what_was_asked_and_the_target_is_met(
    service: Service, clock: FixedClock, answer: str
) -> None:
    case_id, needed = opened_case(service, **DUBLIN).case_id, answer == "needed"

    def answers(on: date) -> TracksView:
        return established(service, case_id, "prosecutor_answered", on, needs_presence=needed, given_by="om-7")

    with pytest.raises(TooEarly):
        answers(TODAY)
    with pytest.raises(TooEarly):
        established(service, case_id, "hand_over_offered", accepted=True)
    record_rights(coordinator(service), case_id, told_about_rights())
    told(service, case_id, reported_on="2026-11-23")
    (dublin,) = [one for one in read_tracks(coordinator(service), case_id).tracks if one.track == "dublin"]
    assert [(one.kind, one.due) for one in dublin.dates] == [("dublin_target", date(2026, 12, 21))]
    with pytest.raises(EntryNotUnderstood):
        answers(date(2026, 11, 20))
    clock.move(timedelta(days=14))

    found = answers(date(2026, 12, 7))

    with service.database.look() as session:
        kept = deadlines.newest(deadlines.deadlines_of(session, [case_id]))
    assert kept["dublin_target", "DL-04.1"].state is DeadlineState.MET
    assert {one.track for one in found.tracks} == ({"residence"} if needed else set())
    assert (("hand_over_plan", "DB-05") in to_do(shown(service, case_id))) is not needed
    if not needed:
        established(service, case_id, "hand_over_offered", date(2026, 12, 7), accepted=True)
        assert ("hand_over_plan", "DB-05") not in to_do(shown(service, case_id))
    with pytest.raises(EntryNotUnderstood):
        answers(date(2026, 12, 1))


def test_residence_comes_with_days_to_look_again(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service, reported_on="2026-11-23", record_signed_on="2026-11-23").case_id
    clock.move(timedelta(days=1))

    permit = established(service, case_id, "permit_granted", date(2026, 11, 24))
    (track,) = permit.tracks
    assert (track.track, [(one.kind, one.rule, one.due) for one in track.dates]) == (
        "residence",
        [("residence_review", "DL-08", date(2029, 11, 24))],
    )
    clock.move(timedelta(days=30))
    (track,) = established(service, case_id, "criminal_case_ended", date(2026, 12, 24)).tracks
    assert [(one.rule, one.due) for one in track.dates] == [
        ("RS-07", date(2026, 12, 24)),
        ("DL-08", date(2029, 11, 24)),
    ]
    silent = opened_case(service, threat_statement="yes").case_id
    (track,) = established(service, silent, "permit_granted", date(2026, 12, 24)).tracks
    assert ("DL-07", date(2027, 12, 24)) in [(one.rule, one.due) for one in track.dates]


def test_each_way_to_compensation_is_told_and_what_is_wanted_is_arranged(service: Service) -> None:
    case_id = opened_case(service, exploitation=["labour"], coercion="yes", reported_on="2026-11-23").case_id
    assert {("inform_of_compensation", "CP-01"), ("inform_of_wage_claim", "CP-02")} <= to_do(shown(service, case_id))

    def talk(way: str, state: str) -> TracksView:
        return established(service, case_id, "compensation_discussed", way=way, state=state, language="ro")

    for way in ("join_criminal_case", "civil_claim", "violent_offences_fund"):
        found = talk(way, "told")
    assert ("inform_of_compensation", "CP-01") not in to_do(shown(service, case_id))
    found = talk("wage_claim", "wanted")
    assert ("arrange_wage_claim", "CP-02") in to_do(shown(service, case_id))
    assert {one.way: one.state for one in found.compensation}["wage_claim"] == "wanted"
    assert all({"nl", "en"} <= one.words.keys() for one in found.compensation)
    step = found.steps[0]
    assert (step.said, step.on, step.recorded_by) == (
        {"way": "wage_claim", "state": "wanted", "language": "ro"},
        TODAY,
        "coordinator-1",
    )
    for way, state in (("lottery", "told"), ("civil_claim", "paid")):
        with pytest.raises(AnswersRefused) as refusal:
            talk(way, state)
        assert refusal.value.problems[0].pointer == "/what"


def test_support_goes_on_when_the_criminal_track_ends_and_the_administrative_one_goes_on(service: Service) -> None:
    case_id = opened_case(
        service, exploitation=["labour"], coercion="yes", serious_disadvantage="yes", reporter="union"
    ).case_id
    both = {one.track for one in read_tracks(coordinator(service), case_id).tracks}
    assert {"labour_criminal", "labour_administrative"} <= both
    established(service, case_id, "enforcement_agreed", first="criminal")
    asked = {(one.asked_as, one.rule) for one in shown(service, case_id).referrals}

    told(service, case_id, coercion="no")

    case = shown(service, case_id)
    standing = {(one.asked_as, one.rule) for one in case.referrals if one.state.value in ("proposed", "queued")}
    assert {("fairwork", "LB-09"), ("labour_authority", "NT-07"), ("comensha", "NT-02")} <= asked & standing
    assert {one.track for one in read_tracks(coordinator(service), case_id).tracks} >= {"labour_administrative"}
    assert ("reassess_support", "LB-06") in to_do(case)


def test_who_comes_from_a_mechanism_abroad_keeps_its_reference_and_the_mechanism_is_answered(service: Service) -> None:
    case_id = opened_case(service).case_id

    found = established(service, case_id, "foreign_reference_noted", country="RO", reference="RO-2026-0001")

    assert "transnational" in {one.track for one in found.tracks}
    assert ("answer_foreign_mechanism", "TR-10") in to_do(shown(service, case_id))
    assert found.steps[0].said == {"country": "RO", "reference": "RO-2026-0001"}
    assert "RO-2026-0001" not in str(audit_bodies(service, case_id))
