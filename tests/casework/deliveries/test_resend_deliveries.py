"""Messages are sent by hand, one or all that were lost, or not sent any more; whoever does so sees its own only."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select, update

from service.access.roles import ScopeMissing
from service.audit.event import SYSTEM_STREAM, Event, Outcome
from service.casework.commands.deliveries import RecoverDeliveries, SkipDelivery, SkipReason
from service.casework.context import Context
from service.casework.deliveries.deliver_referrals import record
from service.casework.deliveries.read_deliveries import DeliveryNotFound, list_attempts
from service.casework.deliveries.resend_deliveries import (
    BadWindow,
    HeldBack,
    NobodyListens,
    recover_deliveries,
    resend_delivery,
    skip_delivery,
)
from service.casework.tasks.kinds import DELIVER_BY_HAND
from service.casework.trail.read_trail import read_trail
from service.casework.trail.verify_log import verify_log
from service.dispatch.lifecycle import DeliveryState
from service.dispatch.outcome import Category
from service.dispatch.outcome import Outcome as AttemptOutcome
from service.dispatch.replay import Resent, resend
from service.dispatch.tables import Attempt, Delivery, Lane
from service.kernel.transitions import IllegalTransition
from service.partners.endpoints import EndpointNotFound
from service.partners.lifecycle import EndpointState
from service.partners.tables import Endpoint
from service.referrals.lifecycle import ReferralState
from service.tasks.lifecycle import TaskState
from service.wiring import Service
from tests.casework.sending import (
    FAILED,
    PARTNER,
    TAKEN,
    delivery_to,
    desk,
    everything_is_due,
    line_to,
    listening,
    nothing_is_left,
    prepared,
    prepared_all,
    tried,
)
from tests.factories import OTHER_OFFICE, audit_bodies, auditor, coordinator, opened_case, partner
from tests.side_by_side import side_by_side

REFUSED = AttemptOutcome(Category.REFUSED, 422, 5)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
THIS_WEEK = RecoverDeliveries(since=NOW - timedelta(days=1), until=NOW + timedelta(days=1))
NOT_NEEDED = SkipDelivery(reason=SkipReason.NOT_NEEDED)


def given_up(service: Service) -> UUID:
    """Open a case whose message to the partner was refused three times."""
    case_id = opened_case(service).case_id
    tried(service, REFUSED, 3)
    assert state_of(service, case_id) is DeliveryState.DEAD_LETTER
    return case_id


def state_of(service: Service, case_id: UUID) -> DeliveryState:
    return line_to(service, case_id).deliveries[0].state


def events(service: Service, case_id: UUID) -> list[Event]:
    return [Event(one.event) for one in read_trail(coordinator(service), case_id).entries]


def endpoint_of(service: Service) -> UUID:
    with service.database.look() as session:
        return session.exec(select(Endpoint.id).where(col(Endpoint.state) != EndpointState.REPLACED)).one()


def test_what_was_given_up_is_sent_once_more_under_its_own_id_and_its_lane_goes_on(service: Service) -> None:
    listening(service)
    case_id = given_up(service)
    message_id = delivery_to(service, case_id)

    line = resend_delivery(service.operator(), message_id)
    assert (line.state, line.stopped_by) == (DeliveryState.DUE, None)
    sending = prepared(service)
    assert sending.parcel.headers["webhook-id"] == message_id
    record(service.system(), sending, TAKEN)

    assert line_to(service, case_id).state is ReferralState.DELIVERED
    assert desk(service, case_id) == {(DELIVER_BY_HAND, TaskState.OBSOLETE): 1}
    assert Event.DELIVERY_RESENT in events(service, case_id)
    attempts = list_attempts(service.operator(), message_id).items
    assert [(one.number, one.outcome, one.by_hand) for one in attempts] == [
        (1, Category.REFUSED, False),
        (2, Category.REFUSED, False),
        (3, Category.REFUSED, False),
        (4, Category.TAKEN, True),
    ]


@pytest.mark.parametrize("outcome", [FAILED, REFUSED])
def test_a_try_by_hand_that_fails_starts_no_new_ladder(service: Service, outcome: AttemptOutcome) -> None:
    listening(service)
    case_id = given_up(service)
    resend_delivery(service.operator(), delivery_to(service, case_id))
    record(service.system(), prepared(service), outcome)

    assert state_of(service, case_id) is DeliveryState.DEAD_LETTER
    assert nothing_is_left(service)
    assert desk(service, case_id) == {(DELIVER_BY_HAND, TaskState.OPEN): 1}


def test_a_message_that_waits_is_hurried_and_stays_on_its_step_of_the_ladder(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    tried(service, FAILED, 2)
    assert nothing_is_left(service)

    resend_delivery(coordinator(service), delivery_to(service, case_id))
    record(service.system(), prepared(service), FAILED)

    with service.database.look() as session:
        delivery = session.exec(select(Delivery).where(col(Delivery.id) == delivery_to(service, case_id))).one()
    assert (delivery.state, delivery.attempts, delivery.failed) == (DeliveryState.WAITING, 3, 2)
    assert delivery.resent_from is None


def test_what_has_arrived_can_be_sent_once_more_and_stays_arrived_when_that_fails(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    tried(service, TAKEN)
    resend_delivery(partner(service, PARTNER), delivery_to(service, case_id))
    record(service.system(), prepared(service), REFUSED)

    line = line_to(service, case_id)
    assert (line.state, state_of(service, case_id)) == (ReferralState.DELIVERED, DeliveryState.DELIVERED)
    assert desk(service, case_id) == {}
    assert nothing_is_left(service)
    with service.database.look() as session:
        assert {lane.pending for lane in session.exec(select(Lane).where(col(Lane.partner_id) == PARTNER))} == {0}
    assert verify_log(auditor(service)).verified


def test_what_has_arrived_stays_arrived_when_it_need_not_be_sent_once_more(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    tried(service, TAKEN)
    message_id = delivery_to(service, case_id)
    resend_delivery(partner(service, PARTNER), message_id)

    line = skip_delivery(service.operator(), message_id, NOT_NEEDED)

    assert line.state is DeliveryState.DELIVERED
    with service.database.look() as session:
        assert session.exec(select(Delivery.resent_from).where(col(Delivery.id) == message_id)).one() is None
        assert session.exec(select(Lane.pending).where(col(Lane.partner_id) == PARTNER)).one() == 0
    assert resend_delivery(partner(service, PARTNER), message_id).state is DeliveryState.DUE


def test_what_is_being_sent_just_now_need_not_be_resent(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    prepared(service)
    with pytest.raises(IllegalTransition):
        resend_delivery(service.operator(), delivery_to(service, case_id))
    assert read_trail(coordinator(service), case_id).entries[-1].outcome is Outcome.REFUSED


def test_where_nobody_listens_nothing_can_be_resent(service: Service) -> None:
    listening(service)
    case_id = given_up(service)
    with service.database.writer.begin() as connection:
        connection.execute(update(Endpoint).values(state=EndpointState.DISABLED))
    with pytest.raises(NobodyListens):
        resend_delivery(service.operator(), delivery_to(service, case_id))
    with pytest.raises(NobodyListens):
        recover_deliveries(service.operator(), endpoint_of(service), THIS_WEEK)


def test_a_message_behind_one_that_was_given_up_waits_for_that_one(service: Service) -> None:
    listening(service)
    case_id = given_up(service)
    with service.database.writer.begin() as connection:
        stopped = update(Lane).where(col(Lane.partner_id) == PARTNER)
        connection.execute(stopped.values(stopped_by="msg_older"))
    with pytest.raises(HeldBack):
        resend_delivery(service.operator(), delivery_to(service, case_id))


def test_everything_that_was_lost_in_a_window_is_sent_and_what_arrived_is_not(service: Service) -> None:
    listening(service)
    arrived = opened_case(service).case_id
    tried(service, TAKEN)
    lost = [given_up(service) for _ in range(2)]
    waiting = opened_case(service).case_id

    done = recover_deliveries(partner(service, PARTNER), endpoint_of(service), THIS_WEEK)

    assert (done.queued, done.held_back, done.stopped_early, done.continue_from) == (3, 0, False, None)
    for _ in range(3):
        record(service.system(), prepared(service), TAKEN)
    assert [state_of(service, one) for one in (arrived, *lost, waiting)] == [DeliveryState.DELIVERED] * 4
    assert [Event.DELIVERY_RESENT in events(service, one) for one in (arrived, *lost)] == [False, True, True]
    with service.database.look() as session:
        again = session.exec(select(Attempt.delivery_id).where(col(Attempt.by_hand))).all()
    assert len(again) == 3


def test_a_recovery_that_stops_early_says_so_and_where_to_go_on(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.casework.deliveries.resend_deliveries.MOST_AT_ONCE", 2)
    listening(service)
    for _ in range(3):
        given_up(service)
    done = recover_deliveries(service.operator(), endpoint_of(service), THIS_WEEK)
    assert (done.queued, done.stopped_early) == (2, True)
    assert done.continue_from == NOW


def test_only_what_was_recorded_in_the_window_is_sent(service: Service) -> None:
    listening(service)
    given_up(service)
    later = RecoverDeliveries(since=NOW + timedelta(seconds=1), until=NOW + timedelta(days=1))
    until_then = RecoverDeliveries(since=NOW - timedelta(days=1), until=NOW)
    for window in (later, until_then):
        assert recover_deliveries(service.operator(), endpoint_of(service), window).queued == 0


@pytest.mark.only_on("postgresql")
def test_no_worker_takes_what_a_recovery_has_found_before_that_is_done(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening(service)
    opened_case(service)

    def resend_late(session: Session, partner_id: str, message_ids: list[str]) -> Resent:
        assert side_by_side(lambda: prepared_all(service)) == [[]]
        return resend(session, partner_id, message_ids)

    monkeypatch.setattr("service.casework.deliveries.resend_deliveries.resend", resend_late)
    assert recover_deliveries(service.operator(), endpoint_of(service), THIS_WEEK).queued == 1
    assert len(prepared_all(service)) == 1


@pytest.mark.parametrize(
    "window",
    [
        RecoverDeliveries(since=NOW, until=NOW),
        RecoverDeliveries(since=NOW, until=NOW - timedelta(days=1)),
        RecoverDeliveries(since=NOW, until=NOW + timedelta(days=14, seconds=1)),
    ],
)
def test_a_window_is_fourteen_days_at_most(service: Service, window: RecoverDeliveries) -> None:
    with pytest.raises(BadWindow):
        recover_deliveries(service.operator(), uuid4(), window)


def test_a_message_that_is_skipped_lets_those_behind_it_go_on_and_stays_on_the_desk(service: Service) -> None:
    listening(service)
    case_id = given_up(service)

    line = skip_delivery(coordinator(service), delivery_to(service, case_id), NOT_NEEDED)

    assert line.state is DeliveryState.CANCELLED
    assert desk(service, case_id) == {(DELIVER_BY_HAND, TaskState.OPEN): 1}
    trail = read_trail(coordinator(service), case_id).entries
    [skipped] = [one for one in trail if one.event == Event.DELIVERY_SKIPPED]
    assert skipped.objects[1].id == "not_needed"
    with service.database.look() as session:
        [lane] = session.exec(select(Lane).where(col(Lane.partner_id) == PARTNER))
    assert (lane.stopped_by, lane.pending) == (None, 0)
    with pytest.raises(IllegalTransition):
        resend_delivery(service.operator(), delivery_to(service, case_id))


def test_a_message_skipped_before_it_was_given_up_lies_on_the_desk_from_then_on(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    skip_delivery(service.operator(), delivery_to(service, case_id), NOT_NEEDED)
    assert desk(service, case_id) == {(DELIVER_BY_HAND, TaskState.OPEN): 1}
    everything_is_due(service)
    assert nothing_is_left(service)


@pytest.mark.parametrize("act", [resend_delivery, list_attempts, partial(skip_delivery, command=NOT_NEEDED)])
def test_what_is_no_id_of_ours_finds_nothing_and_does_not_enter_the_trail(
    service: Service, act: Callable[[Context, str], object]
) -> None:
    stranger, written = "msg_0123456789abcdef0123456789abcdef", "Jane_Doe_of_5_Example_Street\x00"
    for asked in (written, stranger):
        with pytest.raises(DeliveryNotFound):
            act(service.operator(), asked)

    refused = [one["objects"] for one in audit_bodies(service, SYSTEM_STREAM) if one["outcome"] == "refused"]
    assert [[touched["id"] for touched in objects] for objects in refused] == [[], [stranger]]


def test_who_sees_a_message_and_who_does_not(service: Service) -> None:
    listening(service)
    case_id = given_up(service)
    message_id = delivery_to(service, case_id)
    for stranger in (coordinator(service, OTHER_OFFICE), partner(service, "coa")):
        with pytest.raises(DeliveryNotFound):
            resend_delivery(stranger, message_id)
        with pytest.raises(EndpointNotFound):
            recover_deliveries(stranger, endpoint_of(service), THIS_WEEK)
    with pytest.raises(DeliveryNotFound):
        skip_delivery(coordinator(service, OTHER_OFFICE), message_id, NOT_NEEDED)
    with pytest.raises(ScopeMissing):
        skip_delivery(partner(service, PARTNER), message_id, NOT_NEEDED)
    with pytest.raises(ScopeMissing):
        resend_delivery(auditor(service), message_id)
    assert state_of(service, case_id) is DeliveryState.DEAD_LETTER
