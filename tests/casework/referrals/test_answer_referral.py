"""A partner's answer moves its referral, or is refused loudly."""

from uuid import UUID

import pytest
from sqlmodel import Session

from service.audit.event import Event, Outcome
from service.casework.cases.read_cases import read_case
from service.casework.commands.referrals import AnswerReferral
from service.casework.referrals.answer_referral import answer_referral
from service.casework.referrals.keep_answer import ReasonMisplaced
from service.casework.trail.read_trail import read_trail
from service.kernel.transitions import IllegalTransition
from service.referrals import store as referrals
from service.referrals.lifecycle import Answer, DeclineReason, ReferralEvent, ReferralState
from service.referrals.store import ReferralNotFound
from service.wiring import Service
from tests.factories import coordinator, opened_case, partner, referral_to

REPEATED = Event.REFERRAL_ANSWER_REPEATED


@pytest.fixture
def case_id(service: Service) -> UUID:
    return opened_case(service).case_id


@pytest.fixture
def referral_id(service: Service, case_id: UUID) -> UUID:
    return referral_to(service, case_id, "comensha")


def says(service: Service, referral_id: UUID, answer: Answer, reason: DeclineReason | None = None) -> ReferralState:
    command = AnswerReferral(answer=answer, reason=reason)
    return answer_referral(partner(service, "comensha"), referral_id, command).state


def test_a_partner_acknowledges_and_then_accepts(service: Service, case_id: UUID, referral_id: UUID) -> None:
    assert says(service, referral_id, Answer.ACKNOWLEDGE) is ReferralState.ACKNOWLEDGED
    assert says(service, referral_id, Answer.ACCEPT) is ReferralState.ACCEPTED

    told = [entry.event for entry in read_trail(coordinator(service), case_id).entries]
    assert told.count(Event.REFERRAL_ACKNOWLEDGED) == told.count(Event.REFERRAL_ACCEPTED) == 1


def test_the_worker_may_note_the_delivery_after_the_partner_has_answered(service: Service, referral_id: UUID) -> None:
    says(service, referral_id, Answer.ACCEPT)
    with service.database.writer.connect() as connection, Session(connection) as session:
        state = referrals.move(session, referrals.referral(session, referral_id), ReferralEvent.DELIVER)

    assert state is ReferralState.ACCEPTED


def test_a_decline_says_why_and_the_coordinator_sees_it(service: Service, case_id: UUID, referral_id: UUID) -> None:
    assert says(service, referral_id, Answer.DECLINE, DeclineReason.NO_CAPACITY) is ReferralState.DECLINED

    lines = read_case(coordinator(service), case_id).referrals
    assert next(line.decline_reason for line in lines if line.id == referral_id) is DeclineReason.NO_CAPACITY


@pytest.mark.parametrize(
    ("answer", "reason"), [(Answer.DECLINE, None), (Answer.ACCEPT, DeclineReason.SAFETY)], ids=["missing", "extra"]
)
def test_a_reason_stands_with_a_decline_and_nowhere_else(
    service: Service, referral_id: UUID, answer: Answer, reason: DeclineReason | None
) -> None:
    with pytest.raises(ReasonMisplaced) as refused:
        says(service, referral_id, answer, reason)

    assert [problem.pointer for problem in refused.value.problems] == ["/reason"]


def test_an_answer_that_comes_too_late_is_refused_and_stands_in_the_trail(
    service: Service, case_id: UUID, referral_id: UUID
) -> None:
    says(service, referral_id, Answer.ACCEPT)

    with pytest.raises(IllegalTransition):
        says(service, referral_id, Answer.DECLINE, DeclineReason.SAFETY)

    last = read_trail(coordinator(service), case_id).entries[-1]
    assert (last.event, last.outcome) == (Event.REFERRAL_REFUSED, Outcome.REFUSED)


def test_nobody_answers_for_another_partner(service: Service, referral_id: UUID) -> None:
    with pytest.raises(ReferralNotFound):
        answer_referral(partner(service, "coa"), referral_id, AnswerReferral(answer=Answer.ACCEPT))


def test_a_referral_that_waits_for_a_person_cannot_be_answered(service: Service, case_id: UUID) -> None:
    lines = read_case(coordinator(service), case_id).referrals
    waiting = next(line for line in lines if line.state is ReferralState.PROPOSED)

    with pytest.raises(ReferralNotFound):
        answer_referral(partner(service, waiting.partner_id), waiting.id, AnswerReferral(answer=Answer.ACCEPT))


def test_a_partner_works_a_referral_off_from_end_to_end(service: Service, case_id: UUID, referral_id: UUID) -> None:
    whole = [Answer.ACKNOWLEDGE, Answer.ACCEPT, Answer.START, Answer.COMPLETE]

    assert [says(service, referral_id, answer) for answer in whole] == [
        ReferralState.ACKNOWLEDGED,
        ReferralState.ACCEPTED,
        ReferralState.IN_PROGRESS,
        ReferralState.COMPLETED,
    ]
    lines = read_case(coordinator(service), case_id).referrals
    given = next(line.answers for line in lines if line.id == referral_id)
    assert [(one.answer, one.given_by, one.by_hand) for one in given] == [
        (answer, "system-1", False) for answer in sorted(whole)
    ]


@pytest.mark.parametrize("answer", [Answer.START, Answer.COMPLETE])
def test_nobody_works_on_what_nobody_has_accepted(service: Service, referral_id: UUID, answer: Answer) -> None:
    with pytest.raises(IllegalTransition):
        says(service, referral_id, answer)


@pytest.mark.parametrize(
    ("answer", "reason"), [(Answer.ACKNOWLEDGE, None), (Answer.ACCEPT, None), (Answer.DECLINE, DeclineReason.SAFETY)]
)
def test_the_same_answer_again_changes_nothing_and_is_known_for_what_it_is(
    service: Service, case_id: UUID, referral_id: UUID, answer: Answer, reason: DeclineReason | None
) -> None:
    command = AnswerReferral(answer=answer, reason=reason)
    first = answer_referral(partner(service, "comensha"), referral_id, command)
    lines = read_case(coordinator(service), case_id).referrals

    again = answer_referral(partner(service, "comensha"), referral_id, command)

    assert (first.repeated, again) == (False, first.model_copy(update={"repeated": True}))
    assert read_case(coordinator(service), case_id).referrals == lines
    told = [entry.outcome for entry in read_trail(coordinator(service), case_id).entries if entry.event is REPEATED]
    assert told == [Outcome.SUCCESS]


def test_an_acknowledgement_that_comes_twice_does_not_undo_what_came_between(
    service: Service, referral_id: UUID
) -> None:
    for answer in (Answer.ACKNOWLEDGE, Answer.ACCEPT):
        says(service, referral_id, answer)

    assert says(service, referral_id, Answer.ACKNOWLEDGE) is ReferralState.ACCEPTED


def test_another_reason_is_another_answer(service: Service, referral_id: UUID) -> None:
    says(service, referral_id, Answer.DECLINE, DeclineReason.SAFETY)

    with pytest.raises(IllegalTransition):
        says(service, referral_id, Answer.DECLINE, DeclineReason.NO_CAPACITY)
