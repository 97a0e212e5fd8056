"""Whose turn it is: which lane a worker takes next, under a lease, and how long there is nothing to take."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, literal_column, or_, select, update
from sqlmodel import Session, col

from service.database.lease_clock import database_time
from service.dispatch.backoff import Tries
from service.dispatch.lifecycle import OPEN, DeliveryEvent
from service.dispatch.store import BrokenLane, Claim, move
from service.dispatch.tables import Delivery, Lane

_PUT_OFF: Final = timedelta(hours=1)


def claim(session: Session, lease: timedelta, lane_id: UUID | None = None) -> Claim | BrokenLane | None:
    """Take the lane that has been due longest, for as long as the lease lasts; give nothing when none is due.

    A lane whose message is missing is put off and given as what it is: it must not stop the others.

    Args:
        session: the session of a unit of work of its own.
        lease: how long nobody else may send from it; at least twice the deadline of one attempt.
        lane_id: take this lane or none.
    """
    now = database_time(session)
    connection = session.connection()
    lane = connection.execute(
        select(col(Lane.id), col(Lane.token), col(Lane.partner_id), col(Lane.case_id))
        .where(*can_be_sent(), col(Lane.next_due) <= now, _is_free(now), *_only(lane_id))
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
            col(Delivery.failed),
            col(Delivery.refused),
            col(Delivery.trace_id),
        )
        .where(col(Delivery.lane_id) == lane.id, col(Delivery.state).in_(OPEN))
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
    move(session, first.id, DeliveryEvent.CLAIM)
    return Claim(
        lane_id=lane.id,
        token=lane.token + 1,
        partner_id=lane.partner_id,
        case_id=lane.case_id,
        referral_id=first.referral_id,
        message_id=first.id,
        body=bytes(first.body),
        attempt=first.attempts + 1,
        tries=Tries(first.failed, first.refused),
        trace_id=first.trace_id,
    )


def until_next(session: Session) -> timedelta | None:
    """Tell how long it is until a lane can be claimed, by the database's clock; nothing when no lane has a message.

    Args:
        session: where to look.
    """
    lane_free_at = case((col(Lane.lease_until) > col(Lane.next_due), col(Lane.lease_until)), else_=col(Lane.next_due))
    earliest = session.connection().execute(select(func.min(lane_free_at)).where(*can_be_sent())).scalar_one()
    return None if earliest is None else max(timedelta(0), earliest - database_time(session))


def can_be_sent() -> tuple[ColumnElement[bool], ...]:
    """Say which lanes have something to send and do not stand still."""
    # Written as in the partial index, or the index is not used.
    return col(Lane.pending) > literal_column("0"), col(Lane.stopped_by).is_(None)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(col(Lane.lease_until).is_(None), col(Lane.lease_until) <= now)


def _only(lane_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    return () if lane_id is None else (col(Lane.id) == lane_id,)
