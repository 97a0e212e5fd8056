"""Every open need has a next step, nothing is sent by itself, and an assessment is repeated, not overwritten."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Event, Outcome
from service.cases.store import CaseNotFound
from service.casework.cases.read_cases import read_case
from service.casework.commands.journal import RecordAssessment
from service.casework.commands.tasks import FinishTask
from service.casework.desk.work_on_tasks import finish_task
from service.casework.journal.assess_needs import read_assessments, record_assessment
from service.casework.views.cases import CaseView
from service.casework.views.journal import AssessmentsView
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import DeadlineState
from service.journal.lifecycle import Occasion
from service.journal.policy import EntryNotUnderstood
from service.kernel.versions import Stale, Unseen
from service.referrals.lifecycle import ReferralState
from service.routing.facts.answers import AnswersRefused
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.wiring import Service
from tests.casework.clocks import clock_of, clocks_of, until
from tests.doubles import FixedClock
from tests.factories import OTHER_OFFICE, audit_bodies, auditor, coordinator, opened_case, partner

FIRST = {"medical_treatment": "needed", "compensation": "needed", "safe_shelter": "arranged", "protection": "refused"}


def shown(service: Service, case_id: UUID) -> CaseView:
    return read_case(coordinator(service), case_id)


def assessed(service: Service, case_id: UUID, **said: object) -> AssessmentsView:
    """Record an assessment on the version that counts now."""
    told = {"on": date(2026, 11, 23), "occasion": "first_contact", "needs": FIRST, **said}
    command = RecordAssessment.model_validate(told)
    return record_assessment(coordinator(service), case_id, frozenset({shown(service, case_id).version}), command)


def test_each_open_need_proposes_something_and_nothing_is_sent_by_itself(service: Service) -> None:
    case_id = opened_case(service).case_id
    asked_before = {one.id for one in shown(service, case_id).referrals}

    found = assessed(service, case_id, risk="orange")

    case = shown(service, case_id)
    kinds = {one.id: one.kind for one in case.tasks if one.state is TaskState.OPEN}
    lines = {one.id: one for one in case.referrals}
    assert {one.need: [kinds[task] for task in one.tasks] for one in found.open_needs} == {
        "compensation": ["arrange_compensation"],
        "medical_treatment": ["arrange_medical_treatment"],
    }
    proposed = {one.need: [lines[line].asked_as for line in one.referrals] for one in found.open_needs}
    assert proposed == {"compensation": ["victim_support"], "medical_treatment": ["care_coordinator"]}
    by_the_needs = [one for one in case.referrals if one.rule == "AS-02"]
    assert {one.state for one in by_the_needs} == {ReferralState.PROPOSED}
    assert not asked_before & {one.id for one in by_the_needs}
    assert (case.facts["risk"], case.facts["needs"]) == ("orange", FIRST)
    assert len(found.not_assessed) == 7


def test_whoever_is_told_nothing_still_has_work_to_do_for_each_open_need(service: Service) -> None:
    case_id = opened_case(service, reporter="ngo", consent={"registration": "refused"}).case_id

    found = assessed(service, case_id)

    assert [(one.need, len(one.tasks), one.referrals) for one in found.open_needs] == [
        ("compensation", 1, ()),
        ("medical_treatment", 1, ()),
    ]


def test_a_need_that_is_found_again_is_put_on_the_desk_again(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id
    first = assessed(service, case_id)
    done = next(one.tasks[0] for one in first.open_needs if one.need == "medical_treatment")
    finish_task(coordinator(service), done, frozenset({1}), FinishTask(outcome=TaskOutcome.ACHIEVED))
    clock.move(timedelta(days=30))

    second = assessed(
        service,
        case_id,
        on=date(2026, 12, 23),
        occasion="after_30_days",
        needs={"medical_treatment": "needed", "compensation": "arranged"},
    )

    (again,) = second.open_needs
    assert again.need == "medical_treatment"
    assert again.tasks
    assert done not in again.tasks
    ended = {one.kind: one.state for one in shown(service, case_id).tasks if one.id not in again.tasks}
    assert ended["arrange_compensation"] is TaskState.OBSOLETE
    assert [one.occasion.value for one in second.assessments] == ["after_30_days", "first_contact"]
    assert read_assessments(auditor(service), case_id) == second


def test_what_cannot_be_is_refused_with_the_reason_and_changes_nothing(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id
    clock.move(timedelta(days=2))
    before = assessed(service, case_id, on=date(2026, 11, 25))

    with pytest.raises(EntryNotUnderstood) as tomorrow:
        assessed(service, case_id, on=date(2026, 11, 26))
    with pytest.raises(EntryNotUnderstood) as out_of_order:
        assessed(service, case_id, on=date(2026, 11, 24))
    with pytest.raises(AnswersRefused) as unknown_need:
        assessed(service, case_id, on=date(2026, 11, 25), needs={"a_holiday": "needed"})
    with pytest.raises(AnswersRefused):
        assessed(service, case_id, on=date(2026, 11, 25), risk="purple")
    some = RecordAssessment(on=date(2026, 11, 25), occasion=Occasion.OTHER, needs={})
    for who, seen, refusal in (
        (coordinator(service), None, Unseen),
        (coordinator(service), frozenset({before.version + 7}), Stale),
        (coordinator(service, OTHER_OFFICE), frozenset({before.version}), CaseNotFound),
        (partner(service, "comensha"), frozenset({before.version}), ScopeMissing),
        (auditor(service), frozenset({before.version}), ScopeMissing),
    ):
        with pytest.raises(refusal):
            record_assessment(who, case_id, seen, some)

    assert [one.problems[0].code for one in (tomorrow.value, out_of_order.value)] == ["still-to-come", "out-of-order"]
    assert unknown_need.value.problems[0].pointer == "/needs"
    assert read_assessments(coordinator(service), case_id) == before
    refused = [one for one in audit_bodies(service, case_id) if one["event"] == Event.JOURNAL_REFUSED]
    assert [one["outcome"] for one in refused] == [Outcome.REFUSED] * 6


def test_each_assessment_meets_the_clock_that_is_next_and_one_made_too_late_meets_what_was_missed(
    service: Service, clock: FixedClock
) -> None:
    case_id = opened_case(service).case_id

    def clocks() -> list[tuple[date, DeadlineState]]:
        with service.database.look() as session:
            kept = deadlines.newest(deadlines.deadlines_of(session, [case_id])).values()
            return sorted((one.set_for, one.state) for one in kept if one.kind == "assessment")

    days = [date(2026, 11, 25), date(2026, 12, 23), date(2027, 1, 22), date(2027, 2, 16)]
    assert clocks() == [(day, DeadlineState.RUNNING) for day in days]
    assessed(service, case_id)
    assert [state for _, state in clocks()] == [DeadlineState.MET, *[DeadlineState.RUNNING] * 3]
    clock.move(timedelta(days=62))
    assessed(service, case_id, on=date(2027, 1, 24), occasion="after_60_days")
    assert [state for _, state in clocks()] == [*[DeadlineState.MET] * 3, DeadlineState.RUNNING]
    assert [day for day, _ in clocks()] == days


@pytest.mark.only_on("sqlite")
def test_one_assessment_meets_what_was_missed_and_what_is_due_by_then(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id
    missed = clock_of(service, case_id, "assessment")
    until(service, clock, missed.rings_at)
    clock.move(timedelta(days=28))

    assessed(service, case_id, on=date(2026, 12, 24), occasion="after_30_days")

    found = [one.state for one in clocks_of(service, case_id) if one.kind == "assessment"]
    assert found == [DeadlineState.MET, DeadlineState.MET, DeadlineState.RUNNING, DeadlineState.RUNNING]
