"""The database's own clock: the one that every machine sharing the database agrees on, so leases are counted by it."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import text
from sqlmodel import Session

_SQLITE: Final = text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
# PostgreSQL's now() stands still from the start of a transaction; clock_timestamp() does not.
_POSTGRESQL: Final = text("SELECT clock_timestamp()")


def database_time(session: Session) -> datetime:
    """Ask the database what time it is.

    Args:
        session: a session on it; the answer is real time and moves within a transaction.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return datetime.fromisoformat(str(connection.execute(_SQLITE).scalar_one())).replace(tzinfo=UTC)
    moment: datetime = connection.execute(_POSTGRESQL).scalar_one()
    return moment.astimezone(UTC)
