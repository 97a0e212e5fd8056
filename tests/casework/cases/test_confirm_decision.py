"""What waits for a person waits until a person says so, once."""

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Event, Outcome
from service.cases.decisions import DecisionNotFound
from service.cases.lifecycle import DecisionState
from service.cases.store import CaseNotFound
from service.casework.cases.confirm_decision import confirm_decision
from service.casework.cases.read_cases import read_case
from service.casework.trail.read_trail import read_trail
from service.kernel.ids import new_id
from service.kernel.transitions import IllegalTransition
from service.referrals.lifecycle import ReferralState
from service.wiring import Service
from tests.factories import OTHER_OFFICE, auditor, coordinator, opened_case


def test_a_confirmed_decision_releases_every_referral_that_waited(service: Service) -> None:
    case = read_case(coordinator(service), opened_case(service).case_id)
    waiting = {line.id for line in case.referrals if line.state is ReferralState.PROPOSED}

    done = confirm_decision(coordinator(service), case.id, case.decisions[0].id)

    after = read_case(coordinator(service), case.id)
    assert waiting
    assert set(done.queued) == waiting
    assert after.decisions[0].state is DecisionState.CONFIRMED
    assert {line.state for line in after.referrals} == {ReferralState.QUEUED}
    assert all(len(line.deliveries) == 1 for line in after.referrals)


def test_a_decision_is_confirmed_once_and_the_second_try_stands_in_the_trail(service: Service) -> None:
    case = read_case(coordinator(service), opened_case(service).case_id)
    confirm_decision(coordinator(service), case.id, case.decisions[0].id)

    with pytest.raises(IllegalTransition):
        confirm_decision(coordinator(service), case.id, case.decisions[0].id)

    last = read_trail(coordinator(service), case.id).entries[-1]
    assert (last.event, last.outcome) == (Event.DECISION_REFUSED, Outcome.REFUSED)
    assert {line.deliveries[0].attempts for line in read_case(coordinator(service), case.id).referrals} == {0}


def test_another_office_s_case_is_not_there(service: Service) -> None:
    case = read_case(coordinator(service), opened_case(service).case_id)

    with pytest.raises(CaseNotFound):
        confirm_decision(coordinator(service, OTHER_OFFICE), case.id, case.decisions[0].id)


def test_the_decision_of_one_case_cannot_be_confirmed_through_another(service: Service) -> None:
    one = read_case(coordinator(service), opened_case(service).case_id)
    other = opened_case(service)

    for decision_id in (one.decisions[0].id, new_id()):
        with pytest.raises(DecisionNotFound):
            confirm_decision(coordinator(service), other.case_id, decision_id)


def test_an_auditor_looks_and_does_not_decide(service: Service) -> None:
    case = read_case(auditor(service), opened_case(service).case_id)

    with pytest.raises(ScopeMissing):
        confirm_decision(auditor(service), case.id, case.decisions[0].id)
