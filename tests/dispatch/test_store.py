"""Lanes: in order, one worker at a time, and nothing that is lost or sent for ever."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import Connection, event, insert, text
from sqlmodel import Session, SQLModel, col, delete, select

from service.database.engine import Database, open_database
from service.dispatch.backoff import DeadLetter, Decision, Delivered, DisableEndpoint, HoldUntil, RetryAt, Tries
from service.dispatch.envelope import MessageKind
from service.dispatch.lifecycle import DeliveryState
from service.dispatch.outcome import Category, Outcome
from service.dispatch.replay import wake_partner
from service.dispatch.store import BrokenLane, Claim, Ended, LeaseLost, QueuedMessage, enqueue, record
from service.dispatch.tables import Attempt, Delivery, Lane
from service.dispatch.turns import claim, until_next
from service.kernel.ids import new_id

T = TypeVar("T")
CASE = UUID(int=1)
MINUTE = timedelta(minutes=1)
RUN_OUT = timedelta(0)
TAKEN = Outcome(Category.TAKEN, 202, 12)
FAILED = Outcome(Category.FAILED, 500, 34)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'lanes.sqlite3'}")
    tables = [SQLModel.metadata.tables[table.__tablename__] for table in (Lane, Delivery, Attempt)]
    SQLModel.metadata.create_all(opened.writer, tables=tables)
    yield opened
    opened.close()


def done(database: Database, act: Callable[[Session], T]) -> T:
    with Session(database.writer) as session:
        result = act(session)
        session.commit()
        return result


def queued(database: Database, partner: str = "shelter", case: UUID = CASE) -> str:
    message = QueuedMessage(
        partner_id=partner,
        case_id=case,
        referral_id=new_id(),
        kind=MessageKind.REFERRAL_SENT,
        recorded_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
        dataref="https://nrm.example.org/v1/referrals/1",
    )
    return done(database, lambda session: enqueue(session, message))


def claimed(database: Database, lease: timedelta = MINUTE) -> Claim | None:
    found = done(database, lambda session: claim(session, lease))
    assert not isinstance(found, BrokenLane)
    return found


def taken(database: Database, lease: timedelta = MINUTE) -> Claim:
    found = claimed(database, lease)
    assert found is not None
    return found


def recorded(database: Database, held: Claim, outcome: Outcome, decision: Decision) -> None:
    done(database, lambda session: record(session, held, Ended(outcome, decision)))


def states(database: Database) -> dict[str, DeliveryState]:
    with database.look() as session:
        return {row.id: row.state for row in session.exec(select(Delivery))}


def in_an_hour() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


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


def test_another_partner_or_case_does_not_wait(database: Database) -> None:
    ids = {queued(database), queued(database, partner="police"), queued(database, case=UUID(int=2))}
    assert {taken(database).message_id for _ in ids} == ids


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


def test_when_a_worker_dies_its_lane_goes_to_the_next_with_the_same_message(database: Database) -> None:
    queued(database)
    dead = taken(database, RUN_OUT)
    heir = taken(database)
    assert (heir.message_id, heir.body, heir.attempt) == (dead.message_id, dead.body, 1)
    assert heir.token > dead.token


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


def test_the_lane_that_has_waited_longest_comes_first(database: Database) -> None:
    cases = [UUID(int=number) for number in range(5)]
    ids = [queued(database, case=case) for case in cases]
    first = taken(database)
    recorded(database, first, FAILED, RetryAt(datetime.now(UTC)))
    assert [taken(database).message_id for _ in ids] == [*ids[1:], ids[0]]


def test_how_long_until_the_next_claim_counts_waits_and_leases(database: Database) -> None:
    def ahead() -> timedelta | None:
        with database.look() as session:
            return until_next(session)

    assert ahead() is None
    queued(database)
    assert ahead() == timedelta(0)
    held = taken(database, MINUTE)
    assert MINUTE / 2 < (ahead() or RUN_OUT) <= MINUTE
    recorded(database, held, FAILED, RetryAt(in_an_hour()))
    assert 59 * MINUTE < (ahead() or RUN_OUT) <= 61 * MINUTE
    done(database, lambda session: wake_partner(session, "shelter"))
    recorded(database, taken(database), TAKEN, Delivered())
    assert ahead() is None


def test_finding_the_next_lane_does_not_read_the_finished_ones(database: Database) -> None:
    with Session(database.writer) as session:
        now = datetime.now(UTC)
        lane = {"partner_id": "shelter", "next_due": now, "last_seq": 1, "pending": 0, "token": 1}
        rows = [{"id": new_id(), "case_id": new_id()} | lane for _ in range(1000)]
        session.connection().execute(insert(Lane), rows)
        session.connection().execute(text("ANALYZE"))
        session.commit()
    asked: list[tuple[str, tuple[object, ...]]] = []

    @event.listens_for(database.writer, "before_cursor_execute")
    def listen(_connection: Connection, _cursor: object, sql: str, values: tuple[object, ...], *_: object) -> None:
        asked.append((sql, values))

    assert claimed(database) is None
    sql, values = next(question for question in asked if "FROM dispatch_lane" in question[0])
    with Session(database.writer) as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
    assert "USING INDEX dispatch_lane_due" in str(plan)
    assert "TEMP B-TREE" not in str(plan)


def test_a_lane_that_lost_its_message_is_put_off_and_the_next_one_has_its_turn(database: Database) -> None:
    queued(database, "first")
    other = queued(database, "second")
    done(database, lambda session: session.connection().execute(delete(Delivery).where(col(Delivery.id) != other)))

    found = done(database, lambda session: claim(session, MINUTE))
    assert isinstance(found, BrokenLane)
    assert found.partner_id == "first"
    assert taken(database).message_id == other
    assert claimed(database) is None
