"""Moves messages: into a lane in the transaction of the act, out of it under a lease, and never out of the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, insert, literal_column, or_, select, update
from sqlmodel import Session, col

from service.database.lease_clock import database_time
from service.dispatch.backoff import DeadLetter, Decision, Delivered, DisableEndpoint, RetryAt
from service.dispatch.envelope import MessageKind, Notice, event_bytes
from service.dispatch.lifecycle import LIFECYCLE, DeliveryEvent, DeliveryState
from service.dispatch.outcome import Outcome
from service.dispatch.tables import Attempt, Delivery, Lane
from service.kernel.errors import DomainError, Kind
from service.kernel.ids import new_id
from service.kernel.transitions import next_state

WAITING_LINES: Final = frozenset({Lane.__tablename__})
"""The table that changes whenever a message has come, or may be sent earlier than it was to be."""

_OPEN: Final = (DeliveryState.DUE, DeliveryState.LEASED, DeliveryState.WAITING)
_PUT_OFF: Final = timedelta(hours=1)


class LeaseLost(DomainError):
    """The lane has been taken over by somebody else meanwhile; what this worker found out is not kept."""

    kind = Kind.CONFLICT
    code = "lease-lost"
    title = "Somebody else is sending from this lane now"


@dataclass(frozen=True)
class QueuedMessage:
    """One message that an act wants sent.

    Attributes:
        partner_id: to whom.
        case_id: about which case; messages to one partner about one case keep their order.
        referral_id: about which referral.
        kind: what the message announces.
        recorded_at: business time of the act.
        dataref: absolute address from which the partner fetches the content.
        trace_id: the trace of the act; the message hands it on to the partner's system.
    """

    partner_id: str
    case_id: UUID
    referral_id: UUID
    kind: MessageKind
    recorded_at: datetime
    dataref: str
    trace_id: str | None = None


@dataclass(frozen=True)
class Claim:
    """A lane that is ours for a while, and the one message in it whose turn it is.

    Attributes:
        lane_id: the lane.
        token: our number; it is void as soon as somebody else holds a higher one.
        partner_id: to whom the message goes.
        case_id: about which case.
        referral_id: about which referral.
        message_id: the message's `webhook-id`, the same at every attempt.
        body: the bytes to sign and send.
        attempt: the number of the attempt that the claim allows, from 1.
        trace_id: the trace of the act that caused the message.
    """

    lane_id: UUID
    token: int
    partner_id: str
    case_id: UUID
    referral_id: UUID
    message_id: str
    body: bytes
    attempt: int
    trace_id: str | None = None


@dataclass(frozen=True)
class BrokenLane:
    """A lane that counts messages and has none; it was put off, so that the others get their turn.

    Attributes:
        lane_id: the lane.
        partner_id: to whom its messages go.
    """

    lane_id: UUID
    partner_id: str


def enqueue(session: Session, message: QueuedMessage) -> str:
    """Put a message at the end of its lane and give its id; part of the act that causes it.

    The caller holds the case's row, so that two acts about one case cannot both make its lane.

    Args:
        session: the session of the act's unit of work.
        message: what to send.
    """
    lane_id, last_seq = _lane_for(session, message)
    message_id = f"msg_{new_id().hex}"
    notice = Notice(
        message_id=message_id,
        kind=message.kind,
        referral_id=str(message.referral_id),
        sequence=last_seq + 1,
        recorded_at=message.recorded_at,
        dataref=message.dataref,
    )
    session.connection().execute(
        insert(Delivery),
        [
            {
                "id": message_id,
                "lane_id": lane_id,
                "seq": last_seq + 1,
                "referral_id": message.referral_id,
                "kind": message.kind,
                "body": event_bytes(notice),
                "state": DeliveryState.DUE,
                "attempts": 0,
                "trace_id": message.trace_id,
            }
        ],
    )
    session.connection().execute(
        update(Lane).where(col(Lane.id) == lane_id).values(last_seq=last_seq + 1, pending=col(Lane.pending) + 1)
    )
    return message_id


def claim(session: Session, lease: timedelta) -> Claim | BrokenLane | None:
    """Take the lane that has been due longest, for as long as the lease lasts; give nothing when none is due.

    A lane whose message is missing is put off and given as what it is: it must not stop the others.

    Args:
        session: the session of a unit of work of its own.
        lease: how long nobody else may send from it; at least twice the deadline of one attempt.
    """
    now = database_time(session)
    connection = session.connection()
    lane = connection.execute(
        select(col(Lane.id), col(Lane.token), col(Lane.partner_id), col(Lane.case_id))
        .where(_something_waits(), col(Lane.next_due) <= now, _is_free(now))
        .order_by(col(Lane.next_due), col(Lane.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if lane is None:
        return None
    first = connection.execute(
        select(
            col(Delivery.id),
            col(Delivery.referral_id),
            col(Delivery.body),
            col(Delivery.attempts),
            col(Delivery.trace_id),
        )
        .where(col(Delivery.lane_id) == lane.id, col(Delivery.state).in_(_OPEN))
        .order_by(col(Delivery.seq))
        .limit(1)
    ).one_or_none()
    if first is None:
        put_off = update(Lane).where(col(Lane.id) == lane.id).values(lease_until=None, next_due=now + _PUT_OFF)
        connection.execute(put_off)
        return BrokenLane(lane.id, lane.partner_id)
    connection.execute(
        update(Lane).where(col(Lane.id) == lane.id).values(token=lane.token + 1, lease_until=now + lease)
    )
    _move(session, first.id, DeliveryEvent.CLAIM)
    return Claim(
        lane_id=lane.id,
        token=lane.token + 1,
        partner_id=lane.partner_id,
        case_id=lane.case_id,
        referral_id=first.referral_id,
        message_id=first.id,
        body=bytes(first.body),
        attempt=first.attempts + 1,
        trace_id=first.trace_id,
    )


def record(session: Session, claimed: Claim, outcome: Outcome, decision: Decision) -> None:
    """Write down how an attempt ended and give the lane back.

    Args:
        session: the session of a unit of work of its own.
        claimed: what was claimed for the attempt.
        outcome: how it ended.
        decision: what that means for the message.

    Raises:
        LeaseLost: somebody else holds the lane by now; nothing is written.
    """
    now = database_time(session)
    event, next_due = _consequence(decision, now)
    is_over = event is not DeliveryEvent.RETRY
    connection = session.connection()
    given_back = connection.execute(
        update(Lane)
        .where(col(Lane.id) == claimed.lane_id, col(Lane.token) == claimed.token)
        .values(lease_until=None, next_due=next_due, pending=col(Lane.pending) - int(is_over))
    )
    if given_back.rowcount != 1:
        raise LeaseLost
    connection.execute(
        insert(Attempt),
        [
            {
                "delivery_id": claimed.message_id,
                "n": claimed.attempt,
                "at": now,
                "outcome": outcome.category,
                "http_status": outcome.http_status,
                "latency_ms": outcome.latency_ms,
            }
        ],
    )
    _move(session, claimed.message_id, event, attempts=claimed.attempt)


def wake_partner(session: Session, partner_id: str) -> None:
    """Make everything that waits for a partner due at once: it listens again, or for the first time.

    What was given up while it did not listen is sent after all, under the same id and with all its attempts.

    Args:
        session: the session of the act that changed the partner's endpoint.
        partner_id: which partner.
    """
    now = database_time(session)
    connection = session.connection()
    lanes = connection.execute(
        select(col(Lane.id)).where(col(Lane.partner_id) == partner_id).order_by(col(Lane.id)).with_for_update()
    ).scalars()
    for lane_id in lanes.all():
        revived = _given_up(session, lane_id)
        for message_id in revived:
            _move(session, message_id, DeliveryEvent.REVIVE)
        connection.execute(update(Lane).where(col(Lane.id) == lane_id).values(pending=col(Lane.pending) + len(revived)))
    connection.execute(
        update(Lane)
        .where(col(Lane.partner_id) == partner_id, _something_waits(), col(Lane.next_due) > now)
        .values(next_due=now)
    )


def _given_up(session: Session, lane_id: UUID) -> list[str]:
    question = select(col(Delivery.id)).where(
        col(Delivery.lane_id) == lane_id, col(Delivery.state) == DeliveryState.DEAD_LETTER
    )
    return list(session.connection().execute(question.order_by(col(Delivery.seq))).scalars())


def until_next(session: Session) -> timedelta | None:
    """Tell how long it is until a lane can be claimed, by the database's clock; nothing when no lane has a message.

    Args:
        session: where to look.
    """
    lane_free_at = case((col(Lane.lease_until) > col(Lane.next_due), col(Lane.lease_until)), else_=col(Lane.next_due))
    earliest = session.connection().execute(select(func.min(lane_free_at)).where(_something_waits())).scalar_one()
    return None if earliest is None else max(timedelta(0), earliest - database_time(session))


def _lane_for(session: Session, message: QueuedMessage) -> tuple[UUID, int]:
    """Find a message's lane, locked, or make it; due at once when nothing else waits in it."""
    connection = session.connection()
    now = database_time(session)
    lane = connection.execute(
        select(col(Lane.id), col(Lane.last_seq), col(Lane.pending))
        .where(col(Lane.partner_id) == message.partner_id, col(Lane.case_id) == message.case_id)
        .with_for_update()
    ).one_or_none()
    if lane is None:
        lane_id = new_id()
        row = {"id": lane_id, "partner_id": message.partner_id, "case_id": message.case_id, "next_due": now}
        connection.execute(insert(Lane), [row | {"last_seq": 0, "pending": 0, "token": 0}])
        return lane_id, 0
    if lane.pending == 0:
        connection.execute(update(Lane).where(col(Lane.id) == lane.id).values(next_due=now))
    return lane.id, lane.last_seq


def _move(session: Session, message_id: str, event: DeliveryEvent, **changes: int) -> None:
    connection = session.connection()
    state = connection.execute(select(col(Delivery.state)).where(col(Delivery.id) == message_id)).scalar_one()
    connection.execute(
        update(Delivery)
        .where(col(Delivery.id) == message_id)
        .values(state=next_state(LIFECYCLE, state, event), **changes)
    )


def _consequence(decision: Decision, now: datetime) -> tuple[DeliveryEvent, datetime]:
    """Say what a decision does to the message, and when its lane is due again; behind a finished message, at once."""
    match decision:
        case Delivered():
            return DeliveryEvent.DELIVER, now
        case RetryAt(at):
            return DeliveryEvent.RETRY, at
        case DeadLetter() | DisableEndpoint():
            return DeliveryEvent.GIVE_UP, now


def _something_waits() -> ColumnElement[bool]:
    # Written as in the partial index, or the index is not used.
    return col(Lane.pending) > literal_column("0")


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(col(Lane.lease_until).is_(None), col(Lane.lease_until) <= now)
