"""A second report about a known person joins the case: it adds, it never overwrites, and a person compares."""

from dataclasses import replace
from uuid import UUID

import pytest

from service.audit.event import Event, Outcome
from service.cases.lifecycle import DecisionState
from service.cases.store import CaseNotFound
from service.casework.cases.read_cases import read_case
from service.casework.commands.signals import ReceiveSignal
from service.casework.questions import ListSignals
from service.casework.signals.read_signals import list_signals, read_signal
from service.casework.signals.receive_signal import receive_signal
from service.casework.trail.read_trail import read_trail
from service.kernel.ids import new_id, new_key
from service.routing.rule_files.bundle import Bundle, bundle_from, loaded
from service.routing.rule_set import RuleSet
from service.signals.store import SubmissionKeyReused
from service.wiring import Service
from tests.factories import OTHER_OFFICE, coordinator, opened_case, told


def about(case_id: UUID, **facts: object) -> ReceiveSignal:
    key = new_key("second-")[:40]
    return ReceiveSignal.model_validate({"submission_key": key, "case_id": case_id, "facts": facts})


def test_what_nobody_had_told_yet_is_added_and_decided_about(service: Service) -> None:
    case_id = opened_case(service).case_id

    receipt = receive_signal(coordinator(service), about(case_id, gender="female", consent=told()["consent"]))

    case = read_case(coordinator(service), case_id)
    assert receipt.case_id == case_id
    assert case.facts == told(gender="female")
    assert [one.state for one in case.decisions] == [DecisionState.SUPERSEDED, DecisionState.PROPOSED]
    assert not [task for task in case.tasks if task.kind == "compare_signals"]


@pytest.mark.only_on("sqlite")
def test_consent_that_another_report_tells_of_counts_only_when_it_is_recorded(service: Service) -> None:
    case_id = opened_case(service, reporter="ngo", consent={"registration": "given"}).case_id

    receive_signal(coordinator(service), about(case_id, gender="female", consent={"police_contact": "given"}))

    case = read_case(coordinator(service), case_id)
    assert (case.facts["gender"], case.facts["consent"]) == ("female", {"registration": "given"})
    assert "police" not in {line.asked_as for line in case.referrals}
    assert "compare_signals" in {task.kind for task in case.tasks}


def test_what_differs_is_left_and_a_person_is_asked_to_compare(service: Service) -> None:
    case_id = opened_case(service).case_id

    receipt = receive_signal(coordinator(service), about(case_id, age=17, gender="female"))
    receive_signal(coordinator(service), about(case_id, age=18))

    case = read_case(coordinator(service), case_id)
    assert (case.facts["age"], case.facts["gender"]) == (30, "female")
    assert [task.kind for task in case.tasks].count("compare_signals") == 1
    assert read_signal(coordinator(service), receipt.signal_id).facts["age"] == 17


def test_every_form_is_kept_with_the_certainty_that_was_told_first_and_no_report_lowers_it(service: Service) -> None:
    case_id = opened_case(
        service,
        exploitation=["sexual", "begging"],
        exploitation_certainty={"sexual": "probable", "begging": "possible"},
    ).case_id

    second = about(
        case_id,
        exploitation=["sexual", "criminal"],
        exploitation_certainty={"sexual": "unknown", "criminal": "possible"},
    )
    receipt = receive_signal(coordinator(service), second)

    case = read_case(coordinator(service), case_id)
    assert case.facts["exploitation"] == ["sexual", "criminal", "begging"]
    assert case.facts["exploitation_certainty"] == {"sexual": "probable", "criminal": "possible", "begging": "possible"}
    assert [task.kind for task in case.tasks].count("compare_signals") == 1
    assert read_signal(coordinator(service), receipt.signal_id).facts == second.facts


def test_a_report_that_adds_a_certainty_and_differs_in_nothing_needs_no_comparing(service: Service) -> None:
    case_id = opened_case(service).case_id

    receive_signal(
        coordinator(service), about(case_id, exploitation=["sexual"], exploitation_certainty={"sexual": "certain"})
    )

    case = read_case(coordinator(service), case_id)
    assert case.facts == told(exploitation_certainty={"sexual": "certain"})
    assert not [task for task in case.tasks if task.kind == "compare_signals"]


def test_reports_that_make_no_sense_together_are_both_kept(service: Service) -> None:
    case_id = opened_case(service, citizenship=None).case_id

    receipt = receive_signal(coordinator(service), about(case_id, citizenship="dutch"))

    case = read_case(coordinator(service), case_id)
    assert read_signal(coordinator(service), receipt.signal_id).facts == {"citizenship": "dutch"}
    assert len(list_signals(coordinator(service), ListSignals(case_id=case_id)).items) == 2
    assert "citizenship" not in case.facts
    assert "compare_signals" in {task.kind for task in case.tasks}


@pytest.mark.only_on("sqlite")
def test_a_report_about_a_case_that_newer_rules_do_not_understand_is_kept_for_a_person(
    service: Service, rules: RuleSet
) -> None:
    case_id = opened_case(service, age=41).case_id
    files = bundle_from(rules).files
    narrower = files["facts.yaml"].replace("number: {from: 0, to: 120}", "number: {from: 0, to: 40}")
    newer = loaded(Bundle(rules.country, {**files, "facts.yaml": narrower}))

    receipt = receive_signal(coordinator(replace(service, rules=lambda: newer)), about(case_id, gender="female"))

    assert read_signal(coordinator(service), receipt.signal_id).facts == {"gender": "female"}
    assert "compare_signals" in {task.kind for task in read_case(coordinator(service), case_id).tasks}


def test_nothing_joins_a_case_that_is_not_there_for_the_caller(service: Service) -> None:
    case_id = opened_case(service).case_id

    for office, wanted in ((OTHER_OFFICE, case_id), ("office-north", new_id())):
        with pytest.raises(CaseNotFound):
            receive_signal(coordinator(service, office), about(wanted, age=17))
    assert list_signals(coordinator(service, OTHER_OFFICE), ListSignals()).items == ()


def test_the_same_key_for_another_case_is_refused(service: Service) -> None:
    first, second = opened_case(service).case_id, opened_case(service).case_id
    command = about(first, gender="female")
    receive_signal(coordinator(service), command)

    with pytest.raises(SubmissionKeyReused):
        receive_signal(coordinator(service), command.model_copy(update={"case_id": second}))


def test_joining_stands_in_the_trail_of_the_case(service: Service) -> None:
    case_id = opened_case(service).case_id
    receive_signal(coordinator(service), about(case_id, gender="female"))

    trail = read_trail(coordinator(service), case_id)
    assert trail.verified
    assert (Event.SIGNAL_LINKED, Outcome.SUCCESS) in {(one.event, one.outcome) for one in trail.entries}
