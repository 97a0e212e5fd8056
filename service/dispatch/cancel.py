"""Taking back what is not sent yet: nobody needs to hear of it any more."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from service.database.lease_clock import database_time
from service.dispatch.lifecycle import LIFECYCLE, OPEN, DeliveryEvent, DeliveryState
from service.dispatch.store import move
from service.dispatch.tables import Delivery, Lane


@dataclass(frozen=True)
class Cancelled:
    """What became of the messages about a referral that nobody needs to hear of any more.

    Attributes:
        message_ids: those that will not be sent.
        may_have_arrived: whether any message was sent, or is being sent just now.
    """

    message_ids: tuple[str, ...]
    may_have_arrived: bool


def cancel(session: Session, referral_id: UUID) -> Cancelled:
    """Take back every message about a referral that is not being sent just now; a lane that stood still for it goes on.

    Args:
        session: the session of the act that makes them needless.
        referral_id: what they are about.
    """
    connection = session.connection()
    lanes = select(col(Delivery.lane_id)).where(col(Delivery.referral_id) == referral_id)
    held = select(col(Lane.id)).where(col(Lane.id).in_(lanes)).order_by(col(Lane.id)).with_for_update()
    connection.execute(held).all()
    about = select(col(Delivery.id), col(Delivery.lane_id), col(Delivery.state), col(Delivery.attempts))
    messages = connection.execute(
        about.where(col(Delivery.referral_id) == referral_id).order_by(col(Delivery.seq))
    ).all()
    needless = [one for one in messages if (one.state, DeliveryEvent.CANCEL) in LIFECYCLE]
    for one in needless:
        move(session, one.id, DeliveryEvent.CANCEL, warn_at=None, trouble=None)
        if one.state in OPEN:
            fewer = update(Lane).where(col(Lane.id) == one.lane_id).values(pending=col(Lane.pending) - 1)
            connection.execute(fewer)
        going_on = update(Lane).where(col(Lane.id) == one.lane_id, col(Lane.stopped_by) == one.id)
        connection.execute(going_on.values(stopped_by=None, next_due=database_time(session)))
    return Cancelled(
        tuple(one.id for one in needless),
        may_have_arrived=any(one.attempts or one.state is DeliveryState.LEASED for one in messages),
    )
