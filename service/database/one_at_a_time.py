"""Makes two transactions take turns at making the same new thing: a row that is not there yet cannot be locked."""

import hashlib
from typing import Final

from sqlalchemy import text
from sqlmodel import Session

_LOCK: Final = text("SELECT pg_advisory_xact_lock(:number)")


def one_at_a_time(session: Session, *names: str) -> None:
    """Wait until no other transaction works under these names, and keep others waiting until this one ends.

    On SQLite there is only ever one that writes. Whoever looks after this call sees what the others have kept.

    Args:
        session: the session of a unit of work.
        names: what is about to be made, from the general to the particular; may hold ids, and they are only hashed.
    """
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return
    digest = hashlib.blake2b("\x1f".join(names).encode(), digest_size=8).digest()
    connection.execute(_LOCK, {"number": int.from_bytes(digest, "big", signed=True)})
