"""A queued referral is sent and delivered, whoever dies in between; and the trail says which."""

import json
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, delete, select
from standardwebhooks import Webhook

from service.access.roles import ScopeMissing
from service.audit.checkpoint import read_checkpoint
from service.audit.event import SYSTEM_STREAM, Event
from service.audit.store import entries_of
from service.casework.cases.read_cases import read_case
from service.casework.commands.referrals import AnswerReferral
from service.casework.deliveries.deliver_referrals import Sending, prepare, record, until_due
from service.casework.referrals.answer_referral import answer_referral
from service.casework.tasks.kinds import NO_ENDPOINT
from service.casework.trail.seal_log import seal_log
from service.casework.trail.verify_log import verify_log
from service.casework.upkeep.true_clock import ClockDrifts
from service.cli.partners import fill_directory
from service.dispatch.lifecycle import DeliveryState
from service.dispatch.tables import Delivery, Lane
from service.referrals.lifecycle import Answer, ReferralState
from service.wiring import Service
from tests.casework.sending import (
    ADDRESS,
    FAILED,
    LEASE,
    PARTNER,
    RUN_OUT,
    TAKEN,
    everything_is_due,
    line_to,
    listening,
    nothing_is_left,
    prepared,
    told_about,
)
from tests.doubles import FixedClock
from tests.factories import auditor, coordinator, opened_case, partner, referral_to


def test_a_referral_that_is_taken_is_delivered_and_the_trail_tells_it_before_and_after(service: Service) -> None:
    secret = listening(service)
    case_id = opened_case(service).case_id

    sending = prepared(service)
    assert told_about(service, case_id, line_to(service, case_id))[-1] is Event.REFERRAL_SENDING
    assert record(service.system(), sending, TAKEN) is True

    line = line_to(service, case_id)
    assert line.state is ReferralState.DELIVERED
    assert [(one.state, one.attempts) for one in line.deliveries] == [(DeliveryState.DELIVERED, 1)]
    assert told_about(service, case_id, line)[-2:] == [Event.REFERRAL_SENDING, Event.REFERRAL_SENT]
    assert sending.parcel.url == ADDRESS
    event = Webhook(secret).verify(sending.parcel.body, dict(sending.parcel.headers))
    assert event["dataref"].endswith(f"/v1/referrals/{line.id}")
    assert nothing_is_left(service)


def test_the_message_holds_nothing_of_what_was_told_about_the_person(service: Service) -> None:
    listening(service)
    opened_case(service)

    told = json.loads(prepared(service).parcel.body)
    assert set(told) == {
        *("specversion", "id", "source", "type", "subject", "time", "sequence", "dataref", "datacontenttype", "data")
    }
    assert told["data"] == {"referralId": told["subject"]}


def test_after_a_failure_the_same_message_is_sent_later(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    first = prepared(service)
    record(service.system(), first, FAILED)

    line = line_to(service, case_id)
    assert line.state is ReferralState.QUEUED
    assert line.deliveries[0].state is DeliveryState.WAITING
    assert told_about(service, case_id, line)[-1] is Event.REFERRAL_DELIVERY_FAILED
    assert nothing_is_left(service)

    everything_is_due(service)
    again = prepared(service)
    assert again.parcel.body == first.parcel.body
    assert again.parcel.headers["webhook-id"] == first.parcel.headers["webhook-id"]
    assert again.claimed.attempt == 2


def carried(sending: Sending) -> str | None:
    """Give the checkpoint that travels with a message."""
    header = sending.parcel.headers.get("nrm-checkpoint")
    return None if header is None else b64decode(header).decode()


def test_every_message_carries_what_the_log_has_promised_last(service: Service) -> None:
    listening(service)
    opened_case(service)
    sizes = []
    for _ in range(2):
        everything_is_due(service)
        seal_log(service.system(), "this-machine")
        sending = prepared(service)
        note = carried(sending)
        assert note is not None
        sizes.append(read_checkpoint(note.partition("\n\n")[0] + "\n").size)
        assert verify_log(auditor(service), note).verified
        record(service.system(), sending, FAILED)
    assert sizes[0] < sizes[1]


@pytest.mark.only_on("postgresql")
def test_before_the_log_has_promised_anything_a_message_goes_without(empty_service: Service) -> None:
    fill_directory(empty_service, None)
    listening(empty_service)
    opened_case(empty_service)
    assert carried(prepared(empty_service)) is None


def test_a_worker_that_died_after_sending_is_followed_by_one_that_sends_the_same(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    died = prepared(service, RUN_OUT)
    heir = prepared(service)

    assert heir.parcel.headers["webhook-id"] == died.parcel.headers["webhook-id"]
    assert record(service.system(), died, TAKEN) is False
    assert line_to(service, case_id).state is ReferralState.QUEUED
    assert record(service.system(), heir, TAKEN) is True
    assert record(service.system(), died, FAILED) is False
    line = line_to(service, case_id)
    assert (line.state, line.deliveries[0].attempts) == (ReferralState.DELIVERED, 1)
    sendings = [Event.REFERRAL_SENDING, Event.REFERRAL_SENDING, Event.REFERRAL_SENT]
    assert told_about(service, case_id, line)[-3:] == sendings


def test_a_partner_that_answers_before_we_have_noted_the_arrival_keeps_its_answer(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    sending = prepared(service)
    referral_id = referral_to(service, case_id, "comensha")
    answer_referral(partner(service, PARTNER), referral_id, AnswerReferral(answer=Answer.ACCEPT))
    record(service.system(), sending, TAKEN)

    assert line_to(service, case_id).state is ReferralState.ACCEPTED


def test_only_the_service_itself_may_deliver(service: Service) -> None:
    for stranger in (coordinator(service), partner(service, PARTNER), service.operator()):
        with pytest.raises(ScopeMissing):
            prepare(stranger, LEASE)


class WrongClock(FixedClock):
    def wall(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=3)


def test_a_machine_whose_clock_is_wrong_sends_nothing(service: Service) -> None:
    listening(service)
    opened_case(service)
    wrong = replace(service, clock=WrongClock())
    with pytest.raises(ClockDrifts):
        prepare(wrong.system(), LEASE)
    with service.database.look() as session:
        assert set(session.exec(select(Delivery.state))) == {DeliveryState.DUE}


def test_how_long_nothing_has_to_be_sent_is_known(service: Service) -> None:
    assert until_due(service.system()) is None
    listening(service)
    opened_case(service)
    assert until_due(service.system()) == timedelta(0)
    sending = prepared(service)
    assert nothing_is_left(service)
    record(service.system(), sending, TAKEN)
    wait = until_due(service.system())
    # The messages to partners that listen nowhere are looked at again the next day.
    assert wait is not None
    assert timedelta(hours=23) < wait <= timedelta(hours=24)


def test_a_message_that_is_missing_stops_nobody_else_and_is_told(service: Service) -> None:
    listening(service)
    broken, whole = opened_case(service).case_id, opened_case(service).case_id
    lane = select(col(Lane.id)).where(col(Lane.partner_id) == PARTNER, col(Lane.case_id) == broken).scalar_subquery()
    with service.database.writer.begin() as connection:
        connection.execute(delete(Delivery).where(col(Delivery.lane_id) == lane))

    assert prepared(service).claimed.case_id == whole
    assert nothing_is_left(service)
    with service.database.look() as session:
        trail = [kept.event for kept in entries_of(session, SYSTEM_STREAM)]
    assert trail.count(Event.REFERRAL_DELIVERY_FAILED) == 1


def test_what_cannot_be_sent_is_put_on_a_desk_and_does_not_keep_the_rest_from_being_sent(service: Service) -> None:
    listening(service)
    case_ids = [opened_case(service).case_id for _ in range(2)]
    turn = prepare(service.system(), LEASE, most=20)
    assert turn is not None
    assert {sending.claimed.partner_id for sending in turn} == {PARTNER}
    assert {sending.claimed.case_id for sending in turn} == set(case_ids)
    for case_id in case_ids:
        kinds = {task.kind for task in read_case(coordinator(service), case_id).tasks}
        assert NO_ENDPOINT in kinds
    assert prepare(service.system(), LEASE, most=20) is None
