"""Messages in their lanes: in order, none lost, none sent for ever, and nothing written by whoever lost its lease."""

import json
from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from service.database.engine import Database
from service.dispatch.backoff import DeadLetter, Decision, Delivered, DisableEndpoint, HoldUntil, RetryAt, Tries
from service.dispatch.lifecycle import DeliveryState
from service.dispatch.outcome import Category, Outcome
from service.dispatch.replay import wake_partner
from service.dispatch.store import LeaseLost
from service.dispatch.tables import Attempt, Delivery, Lane
from tests.dispatch.lanes import (
    FAILED,
    MINUTE,
    RUN_OUT,
    TAKEN,
    claimed,
    done,
    in_an_hour,
    queued,
    recorded,
    states,
    taken,
)


def test_a_queued_message_is_claimed_and_delivered_once(database: Database) -> None:
    message_id = queued(database)
    held = taken(database)
    assert (held.message_id, held.attempt, held.partner_id) == (message_id, 1, "shelter")
    assert json.loads(held.body)["id"] == message_id
    recorded(database, held, TAKEN, Delivered())
    assert states(database) == {message_id: DeliveryState.DELIVERED}
    assert claimed(database) is None


def test_messages_of_one_lane_leave_in_order_and_one_at_a_time(database: Database) -> None:
    ids = [queued(database) for _ in range(3)]
    sent = []
    for number in range(1, 4):
        held = taken(database)
        assert claimed(database) is None
        assert json.loads(held.body)["sequence"] == f"{number:010d}"
        recorded(database, held, TAKEN, Delivered())
        sent.append(held.message_id)
    assert sent == ids


def test_a_failed_message_holds_its_lane_until_it_is_due_again(database: Database) -> None:
    first, second = queued(database), queued(database)
    recorded(database, taken(database), FAILED, RetryAt(in_an_hour()))
    assert states(database) == {first: DeliveryState.WAITING, second: DeliveryState.DUE}
    assert claimed(database) is None
    done(database, lambda session: wake_partner(session, "shelter"))
    held = taken(database)
    assert (held.message_id, held.attempt) == (first, 2)


def test_a_message_that_waits_is_not_hurried_by_the_next_one(database: Database) -> None:
    queued(database)
    recorded(database, taken(database), FAILED, RetryAt(in_an_hour()))
    queued(database)
    assert claimed(database) is None


@pytest.mark.parametrize("decision", [DeadLetter(), DisableEndpoint()])
def test_a_message_given_up_is_kept_and_its_lane_stands_still(database: Database, decision: Decision) -> None:
    first, second = queued(database), queued(database)
    recorded(database, taken(database), FAILED, decision)
    assert states(database)[first] is DeliveryState.DEAD_LETTER
    assert claimed(database) is None

    third = queued(database)
    assert claimed(database) is None
    done(database, lambda session: wake_partner(session, "shelter"))
    sent = []
    for _ in range(3):
        held = taken(database)
        sent.append(held.message_id)
        assert held.tries == Tries()
        recorded(database, held, TAKEN, Delivered())
    assert sent == [first, second, third]


def test_what_could_not_be_tried_waits_and_has_used_up_nothing(database: Database) -> None:
    message_id = queued(database)
    hindered = Outcome(Category.OWN_FAULT)
    recorded(database, taken(database), hindered, HoldUntil(datetime.now(UTC) - MINUTE))
    assert states(database) == {message_id: DeliveryState.WAITING}
    with database.look() as session:
        assert session.exec(select(Attempt)).all() == []
        assert session.exec(select(Delivery)).one().outcome is Category.OWN_FAULT
    assert taken(database).attempt == 1


def test_what_each_attempt_met_is_kept(database: Database) -> None:
    queued(database)
    recorded(database, taken(database), FAILED, RetryAt(datetime.now(UTC)))
    recorded(database, taken(database), TAKEN, Delivered())
    with database.look() as session:
        attempts = session.exec(select(Attempt).order_by(col(Attempt.n))).all()
    assert [(attempt.n, attempt.outcome, attempt.http_status, attempt.latency_ms) for attempt in attempts] == [
        (1, Category.FAILED, 500, 34),
        (2, Category.TAKEN, 202, 12),
    ]


@pytest.mark.parametrize("decision", [Delivered(), RetryAt(datetime(2026, 1, 1, tzinfo=UTC)), DeadLetter()])
def test_a_worker_that_stood_still_cannot_write_over_its_heir(database: Database, decision: Decision) -> None:
    message_id = queued(database)
    still = taken(database, RUN_OUT)
    heir = taken(database)
    with pytest.raises(LeaseLost):
        recorded(database, still, TAKEN, decision)
    assert states(database) == {message_id: DeliveryState.LEASED}
    recorded(database, heir, TAKEN, Delivered())
    with pytest.raises(LeaseLost):
        recorded(database, still, FAILED, DeadLetter())
    assert states(database) == {message_id: DeliveryState.DELIVERED}
    with database.look() as session:
        assert session.exec(select(Lane)).one().pending == 0
        assert len(session.exec(select(Attempt)).all()) == 1


def test_a_worker_whose_lease_ran_out_unnoticed_may_still_write(database: Database) -> None:
    queued(database)
    recorded(database, taken(database, RUN_OUT), TAKEN, Delivered())
    assert claimed(database) is None
