"""Puts the kept keys of cases under the newest wrapping key, and counts how many stand under which."""

from typing import Final

from sqlalchemy import bindparam, func, or_, select, update
from sqlmodel import Session, col

from service.database.sealing.kept_keys import KeptKey
from service.database.sealing.keyring import WRAPPED, Keyring, Wrapped

_AT_ONCE: Final = 500
"""How many keys one transaction rewraps: short enough that nobody waits for it."""


def kept_by_epoch(session: Session) -> dict[str, int]:
    """Count the kept keys under each wrapping key, also under one that is not here any more."""
    question = select(col(KeptKey.epoch), func.count()).group_by(col(KeptKey.epoch))
    return {row[0]: int(row[1]) for row in session.connection().execute(question)}


def rewrap_some(session: Session, ring: Keyring) -> int:
    """Wrap some of the kept keys that need it with the newest wrapping key, and give their number.

    Args:
        session: the session of an act.
        ring: all wrapping keys; sealed values stay as they are, because the keys of cases do.

    Raises:
        KeysUnavailable: a wrapping key that is needed is not among them.
    """
    newest, connection = ring.newest, session.connection()
    question = (
        select(col(KeptKey.id), col(KeptKey.epoch), col(KeptKey.form), col(KeptKey.content))
        .where(or_(col(KeptKey.epoch) != newest.id, col(KeptKey.form) != WRAPPED))
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(question).all()
    again = [(row.id, newest.wrap(ring.unwrap(Wrapped(row.epoch, row.form, bytes(row.content))))) for row in rows]
    if again:
        connection.execute(
            update(KeptKey)
            .where(col(KeptKey.id) == bindparam("kept_as"))
            .values(epoch=bindparam("under"), form=bindparam("formed"), content=bindparam("wrapped")),
            [
                {"kept_as": key_id, "under": wrapped.epoch, "formed": wrapped.form, "wrapped": wrapped.content}
                for key_id, wrapped in again
            ],
        )
    return len(again)
