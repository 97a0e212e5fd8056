"""Whether two cases are about one person is said by a person, remembered, and taken back with a reason."""

from datetime import date

import pytest

from service.audit.event import Event
from service.cases.store import CaseNotFound
from service.casework.cases.compare_cases import OneCaseOnly, compare_cases
from service.casework.cases.read_cases import read_case
from service.casework.commands.cases import CompareCases
from service.casework.commands.signals import Identity
from service.casework.signals.receive_signal import receive_signal
from service.casework.trail.read_trail import read_trail
from service.casework.trail.verify_log import verify_log
from service.casework.views.cases import CaseView, ComparisonView
from service.kernel.transitions import IllegalTransition
from service.recognition.lifecycle import Verdict
from service.tasks.lifecycle import TaskState
from service.wiring import Service
from tests.factories import OTHER_OFFICE, auditor, coordinator, signal

JANA = Identity(name="Jana de Vos", birth_date=date(2001, 2, 3))


def reported(service: Service, org: str = "office-north") -> CaseView:
    context = coordinator(service, org)
    return read_case(context, receive_signal(context, signal().model_copy(update={"identity": JANA})).case_id)


def says(service: Service, one: CaseView, other: CaseView, verdict: Verdict) -> ComparisonView:
    command = CompareCases(other_case_id=other.id, verdict=verdict, reason="Both were asked.")
    return compare_cases(coordinator(service), one.id, command)


def again(service: Service, case: CaseView) -> CaseView:
    return read_case(coordinator(service), case.id)


def open_kinds(case: CaseView) -> set[str]:
    return {one.kind for one in case.tasks if one.rule == "recognition" and one.state is TaskState.OPEN}


def test_two_reports_of_one_person_are_put_on_a_desk_and_linked_without_losing_either(service: Service) -> None:
    first, second = reported(service), reported(service)
    assert (open_kinds(first), open_kinds(second)) == (set(), {"compare_cases"})

    said = says(service, first, second, Verdict.SAME)

    older, younger = again(service, first), again(service, second)
    assert (said.other_case_id, said.reason) == (second.id, "Both were asked.")
    assert [one.other_case_id for one in younger.comparisons] == [first.id]
    assert (open_kinds(older), open_kinds(younger)) == (set(), {"end_double_work"})
    assert older.possible_matches == ()
    for case in (older, younger):
        assert Event.CASES_COMPARED in {one.event for one in read_trail(coordinator(service), case.id).entries}
    undone = says(service, younger, older, Verdict.UNDO)
    assert (undone.verdict, open_kinds(again(service, second))) == (Verdict.UNDO, {"compare_cases"})
    assert [one.case_id for one in again(service, first).possible_matches] == [second.id]
    assert verify_log(auditor(service)).breaks == ()


def test_whoever_said_that_they_are_two_people_is_not_asked_again(service: Service) -> None:
    first, second = reported(service), reported(service)
    says(service, second, first, Verdict.DIFFERENT)

    more = signal(gender="female").model_copy(update={"identity": JANA, "case_id": second.id})
    receive_signal(coordinator(service), more)

    assert open_kinds(again(service, second)) == set()
    assert again(service, second).possible_matches == ()


def test_what_was_said_before_or_is_about_another_s_case_is_refused(service: Service) -> None:
    first, second, theirs = reported(service), reported(service), reported(service, OTHER_OFFICE)
    says(service, first, second, Verdict.SAME)

    for one, other, verdict, refusal in (
        (first, second, Verdict.SAME, IllegalTransition),
        (first, second, Verdict.DIFFERENT, IllegalTransition),
        (first, first, Verdict.SAME, OneCaseOnly),
        (first, theirs, Verdict.SAME, CaseNotFound),
        (theirs, first, Verdict.SAME, CaseNotFound),
    ):
        with pytest.raises(refusal):
            says(service, one, other, verdict)

    assert [one.verdict for one in again(service, first).comparisons] == [Verdict.SAME]
    refused = [one for one in read_trail(coordinator(service), first.id).entries if one.outcome.value == "refused"]
    assert len(refused) == 3
