"""A return happened or it did not: it is recorded once, put right with an explanation, and changes no decision."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Event, Outcome
from service.cases.store import CaseNotFound
from service.casework.cases.change_facts import change_facts
from service.casework.cases.read_cases import read_case
from service.casework.cases.record_return import ReturnNotUnderstood, ReturnRecordedBefore, record_return
from service.casework.commands.cases import ChangeFacts, RecordReturn
from service.casework.commands.signals import ReceiveSignal
from service.casework.signals.receive_signal import receive_signal
from service.casework.trail.read_trail import read_trail
from service.casework.views.cases import CaseView, ReturnReceipt
from service.kernel.ids import new_key
from service.kernel.versions import Stale, Unseen
from service.tasks.lifecycle import TaskState
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import OTHER_OFFICE, auditor, coordinator, opened_case

TODAY = date(2026, 11, 23)
MISTAKEN = "Invented: the day was written down wrongly."
LEAVING = {"citizenship": "eu", "residence": "union_law", "dublin_claimant": None, "wants_return": "yes"}


@pytest.fixture
def case_id(service: Service) -> UUID:
    return opened_case(service, **LEAVING, reflection_choice=None, accepted_on=None).case_id


def shown(service: Service, case_id: UUID) -> CaseView:
    return read_case(coordinator(service), case_id)


def recorded(service: Service, case_id: UUID, **said: object) -> ReturnReceipt:
    """Record a return on the version that counts now."""
    command = RecordReturn.model_validate({"returned_on": TODAY, "follow_up_wanted": True, **said})
    return record_return(coordinator(service), case_id, frozenset({shown(service, case_id).version}), command)


def contacts(case: CaseView) -> list[tuple[TaskState, date | None]]:
    return sorted((one.state, one.due) for one in case.tasks if one.kind == "return_follow_up")


def assessments(case: CaseView) -> list[TaskState]:
    return [one.state for one in case.tasks if one.kind == "return_risk_assessment"]


def test_contact_that_is_wanted_becomes_tasks_at_the_terms_of_the_rules(service: Service, case_id: UUID) -> None:
    before = shown(service, case_id)

    receipt = recorded(service, case_id)

    after = shown(service, case_id)
    days = [date(2026, 12, 23), date(2027, 2, 23), date(2027, 5, 23)]
    assert [(one.rule, one.due, one.owner) for one in receipt.follow_up] == [
        ("return.follow_up_first", days[0], "office-north"),
        ("return.follow_up_second", days[1], "office-north"),
        ("return.follow_up_third", days[2], "office-north"),
    ]
    assert contacts(after) == [(TaskState.OPEN, day) for day in days]
    assert (receipt.version, after.version) == (before.version + 1, before.version + 1)
    assert (after.facts_version, after.decisions) == (before.facts_version, before.decisions)
    assert [one.returned_on for one in after.returns] == [TODAY]


def test_nobody_is_called_who_does_not_want_it(service: Service, case_id: UUID) -> None:
    assert recorded(service, case_id, follow_up_wanted=False).follow_up == ()
    assert contacts(shown(service, case_id)) == []


def test_a_second_record_without_an_explanation_is_refused_and_one_with_it_moves_what_is_open(
    service: Service, case_id: UUID
) -> None:
    recorded(service, case_id)

    with pytest.raises(ReturnRecordedBefore):
        recorded(service, case_id)
    receipt = recorded(service, case_id, returned_on=date(2026, 11, 22), explanation=MISTAKEN)

    after = shown(service, case_id)
    assert [one.due for one in receipt.follow_up] == [date(2026, 12, 22), date(2027, 2, 22), date(2027, 5, 22)]
    assert [(one.version, one.explanation) for one in after.returns] == [(1, None), (2, MISTAKEN)]
    assert len(contacts(after)) == 3


def test_whoever_does_not_want_to_be_called_after_all_is_not_called(service: Service, case_id: UUID) -> None:
    recorded(service, case_id)
    recorded(service, case_id, follow_up_wanted=False, explanation=MISTAKEN)
    dropped = contacts(shown(service, case_id))
    recorded(service, case_id, explanation=MISTAKEN)

    assert {state for state, _ in dropped} == {TaskState.OBSOLETE}
    assert [state for state, _ in contacts(shown(service, case_id))].count(TaskState.OPEN) == 3


def test_tasks_about_a_place_and_a_stay_here_are_dropped_until_a_report_says_that_somebody_is_there_again(
    service: Service, case_id: UUID, clock: FixedClock
) -> None:
    asked = assessments(shown(service, case_id))
    recorded(service, case_id)
    left = assessments(shown(service, case_id))
    clock.move(timedelta(days=1))
    more = ChangeFacts(facts={"addiction": "yes"})
    change_facts(coordinator(service), case_id, frozenset({shown(service, case_id).version}), more)
    known_better = assessments(shown(service, case_id))
    clock.move(timedelta(days=1))
    seen_again = {"submission_key": new_key("again-")[:40], "case_id": case_id, "facts": {"gender": "female"}}
    receive_signal(coordinator(service), ReceiveSignal.model_validate(seen_again))

    assert (asked, left, known_better) == ([TaskState.OPEN], [TaskState.OBSOLETE], [TaskState.OBSOLETE])
    assert assessments(shown(service, case_id)) == [TaskState.OBSOLETE, TaskState.OPEN]
    assert [state for state, _ in contacts(shown(service, case_id))] == [TaskState.OPEN] * 3


@pytest.mark.only_on("sqlite")
def test_whoever_has_returned_is_not_offered_help_here_whatever_becomes_known_since(service: Service) -> None:
    case_id = opened_case(service, **LEAVING, consent={"placement": "refused"}).case_id
    offered = {one.state for one in shown(service, case_id).tasks if one.kind == "offer_again"}
    recorded(service, case_id)

    known = ChangeFacts.model_validate({"facts": {"addiction": "yes"}})
    change_facts(coordinator(service), case_id, frozenset({shown(service, case_id).version}), known)

    after = {one.state for one in shown(service, case_id).tasks if one.kind == "offer_again"}
    assert (offered, after) == ({TaskState.OPEN}, {TaskState.OBSOLETE})


@pytest.mark.parametrize(
    ("on", "code"), [(TODAY + timedelta(days=1), "still-to-come"), (TODAY - timedelta(days=1), "before-the-case")]
)
def test_a_day_that_cannot_be_is_refused_and_nothing_is_kept(
    service: Service, case_id: UUID, on: date, code: str
) -> None:
    with pytest.raises(ReturnNotUnderstood) as refused:
        recorded(service, case_id, returned_on=on)

    assert [(one.pointer, one.code) for one in refused.value.problems] == [("/returned_on", code)]
    assert shown(service, case_id).returns == ()
    last = next(one for one in reversed(read_trail(auditor(service), case_id).entries) if one.event != Event.CASE_READ)
    assert (last.event, last.outcome) == (Event.RETURN_REFUSED, Outcome.REFUSED)


def test_a_day_before_the_case_is_taken_with_an_explanation(service: Service, case_id: UUID) -> None:
    receipt = recorded(service, case_id, returned_on=TODAY - timedelta(days=40), explanation=MISTAKEN)

    # The first contact is overdue already: a person decides what to do about it.
    assert receipt.follow_up[0].due == date(2026, 11, 14)


def test_only_the_office_of_the_case_records_it_and_on_the_version_that_it_saw(service: Service, case_id: UUID) -> None:
    command = RecordReturn(returned_on=TODAY, follow_up_wanted=True)

    with pytest.raises(CaseNotFound):
        record_return(coordinator(service, OTHER_OFFICE), case_id, frozenset({1}), command)
    with pytest.raises(ScopeMissing):
        record_return(auditor(service), case_id, frozenset({1}), command)
    with pytest.raises(Unseen):
        record_return(coordinator(service), case_id, None, command)
    with pytest.raises(Stale):
        record_return(coordinator(service), case_id, frozenset({7}), command)


def test_the_trail_names_what_was_recorded_and_not_what_it_says(service: Service, case_id: UUID) -> None:
    recorded(service, case_id)
    recorded(service, case_id, explanation=MISTAKEN)

    trail = read_trail(auditor(service), case_id)
    touched = [
        (one.event, kept.version_before, kept.version_after, kept.fields)
        for one in trail.entries
        for kept in one.objects
        if kept.type == "return"
    ]
    assert touched == [
        (Event.RETURN_RECORDED, None, 1, ("follow_up_wanted", "returned_on")),
        (Event.RETURN_CORRECTED, 1, 2, ("explanation", "follow_up_wanted", "returned_on")),
    ]
    assert trail.verified
