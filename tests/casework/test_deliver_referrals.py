"""A queued referral is sent, tried again, handed to a person or delivered; and the trail says which."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.sql.dml import UpdateBase
from sqlmodel import col, delete, select, update
from standardwebhooks import Webhook

from service.access.roles import ScopeMissing
from service.audit.event import SYSTEM_STREAM, Event
from service.audit.store import entries_of
from service.casework.answer_referral import answer_referral
from service.casework.commands import Answer, AnswerReferral
from service.casework.deliver_referrals import ClockDrifts, Instead, Sending, prepare, record, until_due
from service.casework.manage_partners import listen_at
from service.casework.read_cases import read_case
from service.casework.read_trail import read_trail
from service.casework.views.referrals import ReferralLine
from service.database.sealing.kept_keys import KeptKey
from service.dispatch.lifecycle import DeliveryState
from service.dispatch.outcome import Category, Outcome
from service.dispatch.tables import Attempt, Delivery, Lane
from service.partners.lifecycle import EndpointState
from service.partners.tables import Endpoint
from service.referrals.lifecycle import ReferralState
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import coordinator, opened_case, partner, referral_to

LEASE = timedelta(minutes=1)
RUN_OUT = timedelta(0)
PARTNER = "comensha"
ADDRESS = "http://127.0.0.1:9/in"
TAKEN = Outcome(Category.TAKEN, 202, 5)
FAILED = Outcome(Category.FAILED, 500, 5)


def listening(service: Service) -> str:
    return listen_at(service.operator(), PARTNER, ADDRESS).secret


def prepared(service: Service, lease: timedelta = LEASE) -> Sending:
    """Give the next message that can be sent; those to partners that do not listen are put off on the way."""
    while (turn := prepare(service.system(), lease)) is Instead.COULD_NOT_SEND:
        pass
    assert isinstance(turn, Sending)
    return turn


def nothing_is_left(service: Service) -> bool:
    while (turn := prepare(service.system(), LEASE)) is Instead.COULD_NOT_SEND:
        pass
    return turn is Instead.NOTHING_DUE


def line_to(service: Service, case_id: UUID, partner_id: str = PARTNER) -> ReferralLine:
    return next(line for line in read_case(coordinator(service), case_id).referrals if line.partner_id == partner_id)


def told_about(service: Service, case_id: UUID, line: ReferralLine) -> list[Event]:
    trail = read_trail(coordinator(service), case_id)
    assert trail.verified
    return [Event(one.event) for one in trail.entries if str(line.id) in {touched.id for touched in one.objects}]


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


def test_when_the_ladder_is_used_up_the_message_is_parked_and_kept(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    for _ in range(10):
        everything_is_due(service)
        record(service.system(), prepared(service), FAILED)

    line = line_to(service, case_id)
    assert (line.state, line.deliveries[0].state) == (ReferralState.QUEUED, DeliveryState.DEAD_LETTER)
    assert told_about(service, case_id, line)[-1] is Event.REFERRAL_DELIVERY_PARKED
    with service.database.look() as session:
        attempts = select(Attempt).where(col(Attempt.delivery_id) == line.deliveries[0].id)
        assert [attempt.n for attempt in session.exec(attempts.order_by(col(Attempt.n)))] == list(range(1, 11))


def test_a_system_that_is_gone_is_not_sent_to_again(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    record(service.system(), prepared(service), Outcome(Category.GONE, 410, 5))

    assert line_to(service, case_id).deliveries[0].state is DeliveryState.DEAD_LETTER
    with service.database.look() as session:
        assert session.exec(select(Endpoint)).one().state is EndpointState.DISABLED
        trail = [kept.event for kept in entries_of(session, SYSTEM_STREAM)]
    assert trail[-1] == Event.ENDPOINT_DISABLED


def test_a_gone_system_that_was_replaced_meanwhile_leaves_the_new_one_alone(service: Service) -> None:
    listening(service)
    opened_case(service)
    sending = prepared(service)
    listening(service)
    record(service.system(), sending, Outcome(Category.GONE, 410, 5))

    with service.database.look() as session:
        states = session.exec(select(Endpoint.state).order_by(col(Endpoint.registered_at))).all()
    assert states == [EndpointState.REPLACED, EndpointState.ACTIVE]
    assert prepared(service).claimed.message_id == sending.claimed.message_id


@pytest.mark.parametrize("ending", [FAILED, Outcome(Category.GONE, 410, 5)], ids=["failing", "gone"])
def test_what_was_given_up_is_sent_after_all_when_the_partner_listens_again(service: Service, ending: Outcome) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    first = prepared(service)
    record(service.system(), first, ending)
    for _ in range(0 if ending.category is Category.GONE else 9):
        everything_is_due(service)
        record(service.system(), prepared(service), ending)
    assert nothing_is_left(service)

    listening(service)
    again = prepared(service)
    record(service.system(), again, TAKEN)

    assert again.parcel.headers["webhook-id"] == first.parcel.headers["webhook-id"]
    assert line_to(service, case_id).state is ReferralState.DELIVERED


def test_where_nobody_listens_a_message_waits_for_as_long_as_it_takes(service: Service) -> None:
    case_id = opened_case(service).case_id
    for _ in range(25):
        everything_is_due(service)
        assert nothing_is_left(service)
    assert line_to(service, case_id).deliveries[0].state is DeliveryState.WAITING

    listening(service)
    record(service.system(), prepared(service), TAKEN)
    assert line_to(service, case_id).state is ReferralState.DELIVERED


def test_a_partner_that_comes_to_listen_gets_what_waited_for_it(service: Service) -> None:
    case_id = opened_case(service).case_id
    assert nothing_is_left(service)
    line = line_to(service, case_id)
    assert (line.deliveries[0].state, line.deliveries[0].attempts) == (DeliveryState.WAITING, 1)
    assert told_about(service, case_id, line)[-1] is Event.REFERRAL_DELIVERY_FAILED

    listening(service)
    record(service.system(), prepared(service), TAKEN)
    assert line_to(service, case_id).state is ReferralState.DELIVERED


OF_THE_ENDPOINT = col(KeptKey.owner).in_(select(col(Endpoint.id)))
DAMAGES = {
    "the secret was never sealed": update(Endpoint).values(secret=b"sealed by nobody"),
    "its key was destroyed": delete(KeptKey).where(OF_THE_ENDPOINT),
    "its key is under a wrapping key that is gone": update(KeptKey).values(epoch="gone").where(OF_THE_ENDPOINT),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_secret_that_cannot_sign_is_our_fault_and_sends_nothing(service: Service, damage: UpdateBase) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    with service.database.writer.begin() as connection:
        connection.execute(damage)
    assert nothing_is_left(service)
    with service.database.look() as session:
        delivery = line_to(service, case_id).deliveries[0]
        attempt = session.exec(select(Attempt).where(col(Attempt.delivery_id) == delivery.id)).one()
    assert (attempt.outcome, delivery.state) == (Category.OWN_FAULT, DeliveryState.WAITING)


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
    assert wait is None or timedelta(0) < wait <= timedelta(seconds=6)


def everything_is_due(service: Service) -> None:
    with service.database.writer.begin() as connection:
        connection.execute(update(Lane).values(next_due=datetime.now(UTC) - LEASE))


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
