"""What is still on its way although its time is running out, so that a person must know."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlmodel import Session, col

from service.dispatch.backoff import Trouble
from service.dispatch.lifecycle import OPEN
from service.dispatch.tables import Delivery


def first_late(session: Session, now: datetime, besides: Collection[str] = ()) -> str | None:
    """Give the message that has been late longest and of which nobody was told; None when there is none.

    Args:
        session: where to look.
        now: business time.
        besides: messages that are left alone for now.
    """
    question = select(col(Delivery.id)).where(*_is_late(now), col(Delivery.id).not_in(besides))
    ordered = question.order_by(col(Delivery.warn_at), col(Delivery.id)).limit(1)
    return session.connection().execute(ordered).scalar_one_or_none()


def is_late(session: Session, message_id: str, now: datetime) -> bool:
    """Say whether a message is late and nobody was told.

    Args:
        session: the session of an act that holds the row of the message's case.
        message_id: which message.
        now: business time.
    """
    question = select(col(Delivery.id)).where(col(Delivery.id) == message_id, *_is_late(now))
    return session.connection().execute(question).first() is not None


def note_told(session: Session, message_id: str) -> None:
    """Note that a person is told of a late message.

    Args:
        session: the session of the act that tells it.
        message_id: which message.
    """
    told = update(Delivery).where(col(Delivery.id) == message_id)
    session.connection().execute(told.values(trouble=Trouble.HARD_TO_REACH, warn_at=None))


def _is_late(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Delivery.warn_at).is_not(None),
        col(Delivery.warn_at) <= now,
        col(Delivery.state).in_(OPEN),
        col(Delivery.trouble).is_(None),
    )
