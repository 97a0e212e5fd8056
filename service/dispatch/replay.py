"""Another chance for what did not arrive: messages are sent after all, under the id that they always had."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from service.database.lease_clock import database_time
from service.dispatch.circuits import try_again
from service.dispatch.lifecycle import OPEN, DeliveryEvent, DeliveryState
from service.dispatch.store import move, move_all
from service.dispatch.tables import Delivery, Lane
from service.dispatch.turns import can_be_sent


@dataclass(frozen=True)
class Resent:
    """What became of messages that somebody wanted sent.

    Attributes:
        queued: those that are due now.
        held_back: those behind a message that was given up and is not among them; that one comes first.
    """

    queued: tuple[str, ...]
    held_back: tuple[str, ...]


def resend(session: Session, partner_id: str, message_ids: Collection[str]) -> Resent:
    """Make messages to a partner due at once, once each: what fails again goes back to where it was.

    Args:
        session: the session of the act that wants it.
        partner_id: to whom they go.
        message_ids: which messages.

    Raises:
        IllegalTransition: one of them is being sent just now, or was taken back.
    """
    connection, now = session.connection(), database_time(session)
    wanted = select(col(Delivery.lane_id)).where(col(Delivery.id).in_(message_ids))
    lanes = select(col(Lane.id), col(Lane.stopped_by)).where(col(Lane.id).in_(wanted)).order_by(col(Lane.id))
    stopped_by = {lane.id: lane.stopped_by for lane in connection.execute(lanes.with_for_update())}
    messages = connection.execute(
        select(col(Delivery.id), col(Delivery.lane_id))
        .where(col(Delivery.id).in_(message_ids))
        .order_by(col(Delivery.id))
    ).all()
    going = {lane_id for lane_id, stopper in stopped_by.items() if stopper is None or stopper in message_ids}
    queued = tuple(one.id for one in messages if one.lane_id in going)
    # Remembered as it was when it was first wanted, however often that is said before it is sent.
    before = func.coalesce(col(Delivery.resent_from), col(Delivery.state))
    move_all(session, queued, DeliveryEvent.RESEND, resent_from=before)
    open_ones = select(func.count()).where(col(Delivery.lane_id) == col(Lane.id), col(Delivery.state).in_(OPEN))
    connection.execute(
        update(Lane)
        .where(col(Lane.id).in_(going))
        .values(stopped_by=None, next_due=now, pending=open_ones.scalar_subquery())
    )
    try_again(session, partner_id, now)
    return Resent(queued, tuple(one.id for one in messages if one.lane_id not in going))


def hold_lanes(session: Session, partner_id: str) -> Sequence[UUID]:
    """Hold every lane to a partner, so that no worker takes a message from one meanwhile.

    Args:
        session: the session of the act that changes something about them.
        partner_id: which partner.
    """
    lanes = select(col(Lane.id)).where(col(Lane.partner_id) == partner_id).order_by(col(Lane.id)).with_for_update()
    return session.connection().execute(lanes).scalars().all()


def wake_partner(session: Session, partner_id: str) -> None:
    """Make everything that waits for a partner due at once: it listens again, or for the first time.

    What was given up while it did not listen is sent after all, under the same id and with all its attempts.

    Args:
        session: the session of the act that changed the partner's endpoint.
        partner_id: which partner.
    """
    now = database_time(session)
    connection = session.connection()
    for lane_id in hold_lanes(session, partner_id):
        revived = _given_up(session, lane_id)
        for message_id in revived:
            move(session, message_id, DeliveryEvent.REVIVE, failed=0, refused=0)
        pending = col(Lane.pending) + len(revived)
        connection.execute(update(Lane).where(col(Lane.id) == lane_id).values(pending=pending, stopped_by=None))
    connection.execute(
        update(Lane)
        .where(col(Lane.partner_id) == partner_id, *can_be_sent(), col(Lane.next_due) > now)
        .values(next_due=now)
    )
    try_again(session, partner_id, now)


def _given_up(session: Session, lane_id: UUID) -> list[str]:
    question = select(col(Delivery.id)).where(
        col(Delivery.lane_id) == lane_id, col(Delivery.state) == DeliveryState.DEAD_LETTER
    )
    return list(session.connection().execute(question.order_by(col(Delivery.seq))).scalars())
