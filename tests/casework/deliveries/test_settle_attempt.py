"""What follows from an attempt: another try, a task on a desk, an endpoint that is not sent to any more."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.sql.dml import UpdateBase
from sqlmodel import col, delete, select, update

from service.audit.event import SYSTEM_STREAM, Event
from service.audit.store import entries_of
from service.casework.cases.change_facts import change_facts
from service.casework.cases.read_cases import read_case
from service.casework.commands.cases import ChangeFacts
from service.casework.commands.tasks import FinishTask
from service.casework.context import Context
from service.casework.deliveries import deliver_referrals
from service.casework.deliveries.deliver_referrals import record
from service.casework.desk.work_on_tasks import finish_task
from service.casework.tasks.kinds import DELIVER_BY_HAND, IN_TROUBLE, NO_ENDPOINT
from service.casework.trail.read_trail import read_trail
from service.database.sealing.kept_keys import KeptKey
from service.database.sealing.keyring import KeysUnavailable
from service.dispatch.lifecycle import DeliveryState
from service.dispatch.outcome import Category, Outcome
from service.dispatch.signature import SignatureKind
from service.dispatch.store import Claim
from service.dispatch.tables import Attempt, Delivery
from service.partners.lifecycle import EndpointState
from service.partners.tables import Endpoint
from service.referrals.lifecycle import ReferralState
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.wiring import Service
from tests.casework.sending import (
    FAILED,
    PARTNER,
    TAKEN,
    delivery_to,
    desk,
    endpoints,
    everything_is_due,
    line_to,
    listening,
    nothing_is_left,
    prepared,
    told_about,
    tried,
)
from tests.factories import OFFICE, coordinator, opened_case


def test_when_the_ladder_is_used_up_the_message_is_parked_and_kept(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    tried(service, FAILED, 10)

    line = line_to(service, case_id)
    assert (line.state, line.deliveries[0].state) == (ReferralState.QUEUED, DeliveryState.DEAD_LETTER)
    assert told_about(service, case_id, line)[-1] is Event.REFERRAL_DELIVERY_PARKED
    with service.database.look() as session:
        attempts = select(Attempt).where(col(Attempt.delivery_id) == line.deliveries[0].id)
        assert [attempt.n for attempt in session.exec(attempts.order_by(col(Attempt.n)))] == list(range(1, 11))
    assert desk(service, case_id) == {(IN_TROUBLE, TaskState.OBSOLETE): 1, (DELIVER_BY_HAND, TaskState.OPEN): 1}


def test_after_four_failures_a_desk_is_warned_and_not_any_more_when_it_arrives(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    tried(service, FAILED, 3)
    assert desk(service, case_id) == {}
    tried(service, FAILED, 2)
    assert desk(service, case_id) == {(IN_TROUBLE, TaskState.OPEN): 1}
    assert line_to(service, case_id).deliveries[0].state is DeliveryState.WAITING
    tried(service, TAKEN)
    assert desk(service, case_id) == {(IN_TROUBLE, TaskState.OBSOLETE): 1}


def test_a_warning_that_was_dealt_with_does_not_come_again_for_the_same_trouble(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    tried(service, FAILED, 4)
    warning = next(one for one in read_case(coordinator(service), case_id).tasks if one.kind == IN_TROUBLE)
    done = FinishTask(outcome=TaskOutcome.NOT_NEEDED)
    finish_task(coordinator(service), warning.id, frozenset({1}), done)
    tried(service, FAILED)
    assert desk(service, case_id) == {(IN_TROUBLE, TaskState.DONE): 1}
    assert read_trail(coordinator(service), case_id).verified


def test_the_task_says_which_referral_for_whose_desk_and_until_when(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    tried(service, Outcome(Category.REFUSED, 422, 5), 3)

    line = line_to(service, case_id)
    [task] = [one for one in read_case(coordinator(service), case_id).tasks if one.referral_id == line.id]
    assert (task.kind, task.rule, task.owner) == (DELIVER_BY_HAND, line.rule, OFFICE)
    assert task.due == (line.due or service.clock.now().date())
    assert line.deliveries[0].state is DeliveryState.DEAD_LETTER


def test_new_facts_do_not_drop_what_lies_on_a_desk_because_of_a_delivery(service: Service) -> None:
    case_id = opened_case(service).case_id
    assert nothing_is_left(service)
    change_facts(coordinator(service), case_id, frozenset({1}), ChangeFacts(facts={"age": 31}))
    assert desk(service, case_id)[NO_ENDPOINT, TaskState.OPEN] == 1


def test_an_endpoint_fails_from_its_first_failure_until_its_first_success(service: Service) -> None:
    listening(service)
    opened_case(service)
    tried(service, FAILED, 2)
    [failing] = endpoints(service)
    assert failing.state is EndpointState.FAILING
    assert failing.failing_since is not None
    tried(service, TAKEN)
    [well] = endpoints(service)
    assert (well.state, well.failing_since) == (EndpointState.ACTIVE, None)
    with service.database.look() as session:
        trail = [kept.event for kept in entries_of(session, SYSTEM_STREAM)]
    assert trail[-2:] == [Event.ENDPOINT_FAILING, Event.ENDPOINT_RECOVERED]


@pytest.mark.parametrize(
    ("hours", "state"), [(119, EndpointState.FAILING), (121, EndpointState.DISABLED)], ids=["119 h", "121 h"]
)
def test_whoever_fails_for_five_days_is_not_sent_to_once_a_message_is_given_up(
    service: Service, hours: int, state: EndpointState
) -> None:
    listening(service)
    opened_case(service)
    tried(service, FAILED, 9)
    with service.database.writer.begin() as connection:
        connection.execute(update(Endpoint).values(failing_since=datetime.now(UTC) - timedelta(hours=hours)))
    tried(service, FAILED)
    assert [one.state for one in endpoints(service)] == [state]


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
    tried(service, ending, 0 if ending.category is Category.GONE else 9)
    assert nothing_is_left(service)

    listening(service)
    again = prepared(service)
    record(service.system(), again, TAKEN)

    assert again.parcel.headers["webhook-id"] == first.parcel.headers["webhook-id"]
    assert line_to(service, case_id).state is ReferralState.DELIVERED


def test_where_nobody_listens_a_message_waits_and_a_desk_is_told_once(service: Service) -> None:
    case_id = opened_case(service).case_id
    for _ in range(25):
        everything_is_due(service)
        assert nothing_is_left(service)
    line = line_to(service, case_id)
    assert (line.deliveries[0].state, line.deliveries[0].attempts) == (DeliveryState.WAITING, 0)
    assert told_about(service, case_id, line)[-1] is Event.REFERRAL_DELIVERY_FAILED
    assert desk(service, case_id) == {(NO_ENDPOINT, TaskState.OPEN): 1}

    listening(service)
    record(service.system(), prepared(service), TAKEN)
    assert line_to(service, case_id).state is ReferralState.DELIVERED
    assert desk(service, case_id) == {(NO_ENDPOINT, TaskState.OBSOLETE): 1}


def test_a_partner_that_comes_to_listen_while_it_is_missed_does_not_wait(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = opened_case(service).case_id

    really = deliver_referrals._keep_hindrance

    def first_the_partner_comes(context: Context, claimed: Claim, hindrance: Category) -> None:
        if claimed.partner_id == PARTNER:
            listening(service)
        really(context, claimed, hindrance)

    monkeypatch.setattr(deliver_referrals, "_keep_hindrance", first_the_partner_comes)
    record(service.system(), prepared(service), TAKEN)
    assert line_to(service, case_id).state is ReferralState.DELIVERED


OF_THE_ENDPOINT = col(KeptKey.owner).in_(select(col(Endpoint.id)))
SHARED, PAIR = SignatureKind.SYMMETRIC, SignatureKind.ASYMMETRIC
DAMAGES = {
    "the secret was never sealed": (SHARED, update(Endpoint).values(secret=b"sealed by nobody")),
    "its key was destroyed": (SHARED, delete(KeptKey).where(OF_THE_ENDPOINT)),
    "its key is under a wrapping key that is gone": (
        SHARED,
        update(KeptKey).values(epoch="gone").where(OF_THE_ENDPOINT),
    ),
    "it belongs to another public key": (PAIR, update(Endpoint).values(public_key="whpk_" + "A" * 43 + "=")),
    "its public key is gone, and it must not look shared": (PAIR, update(Endpoint).values(public_key=None)),
    "it is shared, and must not look like a private key": (SHARED, update(Endpoint).values(public_key="whpk_")),
}


@pytest.mark.parametrize(("kind", "damage"), DAMAGES.values(), ids=DAMAGES.keys())
def test_a_secret_that_cannot_sign_is_our_fault_and_sends_nothing(
    service: Service, kind: SignatureKind, damage: UpdateBase
) -> None:
    listening(service, kind)
    case_id = opened_case(service).case_id
    with service.database.writer.begin() as connection:
        connection.execute(damage)
    assert nothing_is_left(service)
    with service.database.look() as session:
        delivery = session.exec(select(Delivery).where(col(Delivery.id) == delivery_to(service, case_id))).one()
        states = set(session.exec(select(Endpoint.state)))
    assert (delivery.state, delivery.attempts, delivery.failed) == (DeliveryState.WAITING, 0, 0)
    assert delivery.outcome is Category.OWN_FAULT
    assert states == {EndpointState.ACTIVE}
    assert desk(service, case_id) == {(IN_TROUBLE, TaskState.OPEN): 1}


def test_while_the_keys_are_away_nothing_is_claimed_and_nothing_used_up(service: Service, home: Path) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    away = (home / "keys" / "keyring").rename(home / "keys" / "taken-away")
    service.keys.forget()
    with pytest.raises(KeysUnavailable):
        prepared(service)
    away.rename(home / "keys" / "keyring")
    service.keys.forget()
    with service.database.look() as session:
        delivery = session.exec(select(Delivery).where(col(Delivery.id) == delivery_to(service, case_id))).one()
    assert (delivery.state, delivery.attempts, delivery.outcome) == (DeliveryState.DUE, 0, None)
    assert prepared(service).claimed.message_id == delivery.id
