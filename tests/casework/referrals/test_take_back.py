"""The rules stop asking: what nobody has taken is taken back, and a person decides about what somebody has."""

from uuid import UUID

import pytest

from service.casework.deliveries.deliver_referrals import record
from service.casework.referrals.read_referral import read_referral
from service.casework.referrals.work_on_referrals import release_referral
from service.casework.views.referrals import ReferralLine
from service.dispatch.envelope import MessageKind
from service.dispatch.lifecycle import DeliveryState
from service.kernel.transitions import IllegalTransition
from service.referrals.lifecycle import Answer, DeclineReason, ReferralState, WithdrawReason
from service.referrals.store import ReferralNotFound
from service.wiring import Service
from tests.casework.sending import TAKEN, prepared, prepared_all
from tests.factories import (
    answers,
    confirmed,
    coordinator,
    lines_for,
    listen_at,
    open_tasks_about,
    opened_case,
    partner,
    says,
    stepped,
)

LAWYERS = "legal_aid"
CONSENT = {"registration": "given", "placement": "given", "police_contact": "given"}


def asked_by_consent(service: Service) -> UUID:
    """Open a case in which lawyers are asked because the person agreed, and release it."""
    case_id = opened_case(service, reporter="ngo", consent=CONSENT).case_id
    confirmed(service, case_id)
    return case_id


def regrets(service: Service, case_id: UUID) -> None:
    says(service, case_id, registration="withdrawn")


def sent_everything(service: Service) -> None:
    """Let the worker send whatever is due, and every partner that listens take it."""
    while found := prepared_all(service):
        for sending in found:
            record(service.system(), sending, TAKEN)


def the_line(service: Service, case_id: UUID) -> ReferralLine:
    return next(line for line in lines_for(service, case_id, LAWYERS) if line.content == "needed_facts")


def messages(line: ReferralLine) -> list[tuple[MessageKind, DeliveryState]]:
    return [(one.kind, one.state) for one in line.deliveries]


def test_when_consent_ends_whoever_was_told_and_has_not_answered_is_told_so_and_reads_no_more(
    service: Service,
) -> None:
    listen_at(service.operator(), "legal-aid", "http://127.0.0.1:9/")
    case_id = asked_by_consent(service)
    sent_everything(service)
    assert read_referral(partner(service, "legal-aid"), the_line(service, case_id).id).facts

    regrets(service, case_id)

    line = the_line(service, case_id)
    assert (line.state, line.withdraw_reason) == (ReferralState.WITHDRAWN, WithdrawReason.CONSENT_GONE)
    assert messages(line) == [
        (MessageKind.REFERRAL_SENT, DeliveryState.DELIVERED),
        (MessageKind.REFERRAL_WITHDRAWN, DeliveryState.DUE),
    ]
    with pytest.raises(ReferralNotFound):
        read_referral(partner(service, "legal-aid"), line.id)
    with pytest.raises(IllegalTransition):
        answers(service, line, Answer.ACCEPT)


def test_what_has_left_nobody_is_stopped_without_a_word(service: Service) -> None:
    case_id = asked_by_consent(service)

    regrets(service, case_id)

    line = the_line(service, case_id)
    assert line.state is ReferralState.WITHDRAWN
    assert messages(line) == [(MessageKind.REFERRAL_SENT, DeliveryState.CANCELLED)]


def test_a_message_under_way_is_followed_by_the_one_that_takes_it_back(service: Service) -> None:
    listen_at(service.operator(), "legal-aid", "http://127.0.0.1:9/")
    case_id = asked_by_consent(service)
    sending = prepared(service)

    regrets(service, case_id)
    record(service.system(), sending, TAKEN)
    sent_everything(service)

    line = the_line(service, case_id)
    assert line.state is ReferralState.WITHDRAWN
    assert messages(line) == [
        (MessageKind.REFERRAL_SENT, DeliveryState.DELIVERED),
        (MessageKind.REFERRAL_WITHDRAWN, DeliveryState.DELIVERED),
    ]


def test_what_a_partner_has_taken_it_reads_no_more_and_a_person_decides_what_becomes_of_it(service: Service) -> None:
    case_id = asked_by_consent(service)
    answers(service, the_line(service, case_id), Answer.ACCEPT)

    regrets(service, case_id)

    line = the_line(service, case_id)
    assert (line.state, line.consent_gone) == (ReferralState.ACCEPTED, True)
    assert open_tasks_about(service, line) == ["reconsider_referral"]
    with pytest.raises(ReferralNotFound):
        read_referral(partner(service, "legal-aid"), line.id)
    assert answers(service, line, Answer.START) is ReferralState.IN_PROGRESS


def test_when_consent_comes_back_so_does_what_stood_on_it(service: Service) -> None:
    case_id = asked_by_consent(service)
    answers(service, the_line(service, case_id), Answer.ACCEPT)
    regrets(service, case_id)

    says(service, case_id, registration="given")

    line = the_line(service, case_id)
    assert (line.state, line.consent_gone) == (ReferralState.ACCEPTED, False)
    assert open_tasks_about(service, line) == []
    assert read_referral(partner(service, "legal-aid"), line.id).facts


def test_who_was_told_to_stop_is_asked_again_when_consent_comes_back(service: Service) -> None:
    case_id = asked_by_consent(service)
    regrets(service, case_id)

    says(service, case_id, registration="given")

    old, new = (line for line in lines_for(service, case_id, LAWYERS) if line.content == "needed_facts")
    assert (old.state, new.state) == (ReferralState.WITHDRAWN, ReferralState.PROPOSED)
    assert new.instead_of == old.id


def test_what_is_asked_no_longer_for_another_reason_stays_with_the_partner_until_a_person_has_looked(
    service: Service,
) -> None:
    case_id = asked_by_consent(service)
    line = the_line(service, case_id)
    read_referral(partner(service, "legal-aid"), line.id)

    stepped(service, case_id, "renounced", "2026-11-23")

    line = the_line(service, case_id)
    assert (line.state, line.consent_gone) == (ReferralState.DELIVERED, False)
    assert open_tasks_about(service, line) == ["reconsider_referral"]
    assert read_referral(partner(service, "legal-aid"), line.id).facts


def test_the_end_of_consent_counts_also_for_what_was_asked_no_longer_before(service: Service) -> None:
    case_id = asked_by_consent(service)
    read_referral(partner(service, "legal-aid"), the_line(service, case_id).id)
    stepped(service, case_id, "renounced", "2026-11-23")

    regrets(service, case_id)

    line = the_line(service, case_id)
    assert (line.state, line.withdraw_reason) == (ReferralState.WITHDRAWN, WithdrawReason.CONSENT_GONE)
    assert open_tasks_about(service, line) == []


def test_what_the_police_must_tell_does_not_depend_on_consent(service: Service) -> None:
    case_id = opened_case(service).case_id
    (line,) = lines_for(service, case_id, "comensha")
    answers(service, line, Answer.ACKNOWLEDGE)

    regrets(service, case_id)

    (line,) = lines_for(service, case_id, "comensha")
    assert (line.state, line.consent_gone) == (ReferralState.ACKNOWLEDGED, False)
    assert open_tasks_about(service, line) == []


def test_nobody_looks_any_longer_for_somebody_who_takes_what_is_asked_no_longer(service: Service) -> None:
    case_id = asked_by_consent(service)
    while (line := lines_for(service, case_id, LAWYERS)[-1]).state is not ReferralState.DECLINED:
        if line.state is ReferralState.PROPOSED:
            release_referral(coordinator(service), case_id, line.id, frozenset({line.version}))
        answers(service, line, Answer.DECLINE, DeclineReason.NO_CAPACITY)
    assert open_tasks_about(service, line) == ["nobody_accepts"]

    stepped(service, case_id, "renounced", "2026-11-23")

    assert open_tasks_about(service, line) == []
