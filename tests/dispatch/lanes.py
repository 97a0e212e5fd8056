"""Lanes without cases: what waits in them, who takes it and what comes of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session, select

from service.database.engine import Database
from service.database.rows import Rows
from service.dispatch.backoff import Decision
from service.dispatch.envelope import MessageKind
from service.dispatch.lifecycle import DeliveryState
from service.dispatch.outcome import Category, Outcome
from service.dispatch.store import Claim, Ended, QueuedMessage, begin, enqueue, record
from service.dispatch.tables import Delivery
from service.dispatch.turns import claim
from service.kernel.ids import new_id

T = TypeVar("T")
CASE = UUID(int=1)
MINUTE = timedelta(minutes=1)
RUN_OUT = timedelta(0)
TAKEN = Outcome(Category.TAKEN, 202, 12)
FAILED = Outcome(Category.FAILED, 500, 34)


def done(database: Database, act: Callable[[Session], T]) -> T:
    with database.writer.connect() as connection, Rows(connection) as session:
        result = act(session)
        session.flush()
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
    return done(database, lambda session: begun(session, lease))


def begun(session: Session, lease: timedelta = MINUTE) -> Claim | None:
    """Claim a message and begin the attempt."""
    for found in claim(session, lease):
        assert isinstance(found, Claim)
        begin(session, found)
        return found
    return None


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
