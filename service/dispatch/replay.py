"""Another chance for what did not arrive: messages are sent after all, under the id that they always had."""

from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from service.database.lease_clock import database_time
from service.dispatch.circuits import try_again
from service.dispatch.lifecycle import DeliveryEvent, DeliveryState
from service.dispatch.store import move
from service.dispatch.tables import Delivery, Lane
from service.dispatch.turns import can_be_sent


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
