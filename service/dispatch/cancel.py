"""Taking back what is not sent yet: nobody needs to hear of it any more."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlmodel import Session, col

from service.database.lease_clock import database_time
from service.dispatch.envelope import MessageKind
from service.dispatch.lifecycle import LIFECYCLE, OPEN, DeliveryEvent, DeliveryState
from service.dispatch.store import move
from service.dispatch.tables import Delivery, Lane

_MESSAGES: Final = select(
    *(col(Delivery.id), col(Delivery.lane_id), col(Delivery.state), col(Delivery.resent_from), col(Delivery.attempts)),
    col(Delivery.kind),
)


@dataclass(frozen=True)
class Cancelled:
    """What became of the messages about a referral that nobody needs to hear of any more.

    Attributes:
        message_ids: those that will not be sent.
        may_have_arrived: whether any message was sent, or is being sent just now.
    """

    message_ids: tuple[str, ...]
    may_have_arrived: bool


def cancel(session: Session, referral_id: UUID, kinds: Container[MessageKind]) -> Cancelled:
    """Take back messages about a referral that are not being sent just now; a lane that stood still for one goes on.

    What had arrived before somebody wanted it sent once more has arrived still.

    Args:
        session: the session of the act that makes them needless.
        referral_id: what they are about.
        kinds: what nobody needs to hear any more.
    """
    connection = session.connection()
    lanes = select(col(Delivery.lane_id)).where(col(Delivery.referral_id) == referral_id)
    held = select(col(Lane.id)).where(col(Lane.id).in_(lanes)).order_by(col(Lane.id)).with_for_update()
    connection.execute(held).all()
    about = _MESSAGES.where(col(Delivery.referral_id) == referral_id).order_by(col(Delivery.seq))
    messages = connection.execute(about).all()
    needless = [one for one in messages if one.kind in kinds and (one.state, DeliveryEvent.CANCEL) in LIFECYCLE]
    for one in needless:
        _take_out(session, one)
    return Cancelled(
        tuple(one.id for one in needless),
        may_have_arrived=any(one.attempts or one.state is DeliveryState.LEASED for one in messages),
    )


def skip(session: Session, message_id: str) -> None:
    """Take back one message, whatever becomes of others about the same referral; a lane that stood still goes on.

    Args:
        session: the session of the act that decides so.
        message_id: which message.

    Raises:
        IllegalTransition: it has arrived, is being sent just now, or was taken back before.
    """
    connection = session.connection()
    lane = select(col(Delivery.lane_id)).where(col(Delivery.id) == message_id).scalar_subquery()
    connection.execute(select(col(Lane.id)).where(col(Lane.id) == lane).with_for_update()).one()
    _take_out(session, connection.execute(_MESSAGES.where(col(Delivery.id) == message_id)).one())


def _take_out(session: Session, message: Row[str, UUID, DeliveryState, DeliveryState | None, int, MessageKind]) -> None:
    connection = session.connection()
    event = DeliveryEvent.KEEP if message.resent_from is DeliveryState.DELIVERED else DeliveryEvent.CANCEL
    move(session, message.id, event, warn_at=None, trouble=None, resent_from=None)
    if message.state in OPEN:
        fewer = update(Lane).where(col(Lane.id) == message.lane_id).values(pending=col(Lane.pending) - 1)
        connection.execute(fewer)
    going_on = update(Lane).where(col(Lane.id) == message.lane_id, col(Lane.stopped_by) == message.id)
    connection.execute(going_on.values(stopped_by=None, next_due=database_time(session)))
