"""A coordinator tells a partner by telephone: nobody is asked twice, and what it answers counts like any answer."""

from datetime import timedelta
from uuid import UUID

import pytest

from service.audit.event import Event
from service.casework.commands.referrals import HandOverReferral
from service.casework.commands.tasks import FinishTask
from service.casework.desk.work_on_tasks import finish_task, list_tasks
from service.casework.questions import ListTasks
from service.casework.referrals.escalate_silence import escalate_silence
from service.casework.referrals.hand_over import hand_over_referral
from service.casework.referrals.keep_answer import ReasonMisplaced
from service.casework.referrals.read_referral import read_referral
from service.casework.trail.read_trail import read_trail
from service.casework.views.referrals import ReferralLine
from service.dispatch.lifecycle import DeliveryState
from service.kernel.transitions import IllegalTransition
from service.referrals.lifecycle import Answer, DeclineReason, ReferralState
from service.tasks.lifecycle import TaskOutcome
from service.wiring import Service
from tests.casework.referrals.test_take_back import sent_everything
from tests.doubles import FixedClock
from tests.factories import answers, coordinator, lines_for, listen_at, open_tasks_about, opened_case, partner


@pytest.fixture
def case_id(service: Service) -> UUID:
    """Open a case whose partners listen nowhere, as a desk knows by now."""
    opened = opened_case(service).case_id
    sent_everything(service)
    return opened


def asked(service: Service, case_id: UUID) -> ReferralLine:
    return lines_for(service, case_id, "emm")[0]


def told(
    service: Service, case_id: UUID, answer: Answer | None = None, reason: DeclineReason | None = None
) -> ReferralLine:
    line = asked(service, case_id)
    command = HandOverReferral(answer=answer, reason=reason)
    return hand_over_referral(coordinator(service), case_id, line.id, frozenset({line.version}), command)


def test_whoever_was_told_by_telephone_is_told_by_no_machine_and_finds_the_referral_in_its_inbox(
    service: Service, case_id: UUID
) -> None:
    assert open_tasks_about(service, asked(service, case_id)) == ["no_endpoint"]

    line = told(service, case_id)
    listen_at(service.operator(), "emm", "http://127.0.0.1:9/")
    sent_everything(service)

    assert line.state is ReferralState.DELIVERED
    assert [one.state for one in asked(service, case_id).deliveries] == [DeliveryState.CANCELLED]
    assert open_tasks_about(service, line) == []
    assert read_referral(partner(service, "emm"), line.id).facts
    assert answers(service, line, Answer.ACCEPT) is ReferralState.ACCEPTED


def test_doing_the_task_says_that_the_partner_was_told(service: Service, case_id: UUID) -> None:
    line = asked(service, case_id)
    tasks = list_tasks(coordinator(service), ListTasks(case_id=case_id, kind="no_endpoint", page_size=100)).items
    (task,) = [one for one in tasks if one.referral_id == line.id]

    finish_task(coordinator(service), task.id, frozenset({task.version}), FinishTask(outcome=TaskOutcome.ACHIEVED))

    assert asked(service, case_id).state is ReferralState.DELIVERED
    events = [entry.event for entry in read_trail(coordinator(service), case_id).entries]
    assert events.count(Event.REFERRAL_HANDED_OVER) == events.count(Event.TASK_DONE) == 1


def test_what_the_partner_said_counts_and_who_wrote_it_down_stands_beside_it(service: Service, case_id: UUID) -> None:
    line = told(service, case_id, Answer.ACCEPT)

    assert line.state is ReferralState.ACCEPTED
    assert [(one.answer, one.given_by, one.by_hand) for one in line.answers] == [(Answer.ACCEPT, "coordinator-1", True)]
    assert answers(service, line, Answer.ACCEPT) is ReferralState.ACCEPTED


def test_a_no_on_the_telephone_leads_to_the_next_partner_too(service: Service, case_id: UUID) -> None:
    told(service, case_id, Answer.DECLINE, DeclineReason.NO_CAPACITY)

    first, second = lines_for(service, case_id, "emm")
    assert (first.state, second.partner_id, second.state) == (
        ReferralState.DECLINED,
        "comensha",
        ReferralState.QUEUED,
    )


def test_the_term_to_answer_begins_when_the_partner_was_told(
    service: Service, case_id: UUID, clock: FixedClock
) -> None:
    before = asked(service, case_id).answer_by
    clock.move(timedelta(days=1))

    after = told(service, case_id).answer_by

    assert before is not None
    assert after == before + timedelta(days=1)


def test_a_silent_partner_can_still_say_yes_on_the_telephone(
    service: Service, case_id: UUID, clock: FixedClock
) -> None:
    clock.move(timedelta(days=3))
    assert escalate_silence(service.system(), asked(service, case_id).id)

    line = told(service, case_id, Answer.ACCEPT)

    first, second = lines_for(service, case_id, "emm")
    assert (line.state, first.state, second.state) == (
        ReferralState.ACCEPTED,
        ReferralState.ACCEPTED,
        ReferralState.WITHDRAWN,
    )
    assert open_tasks_about(service, first) == open_tasks_about(service, second) == []


def test_there_is_nothing_to_hand_over_when_it_has_ended(service: Service, case_id: UUID) -> None:
    told(service, case_id, Answer.DECLINE, DeclineReason.SAFETY)

    with pytest.raises(IllegalTransition):
        told(service, case_id)


def test_a_reason_stands_with_a_no(service: Service, case_id: UUID) -> None:
    with pytest.raises(ReasonMisplaced):
        told(service, case_id, Answer.DECLINE)
