"""The database's own clock: the one that every machine sharing the database agrees on, so leases are counted by it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session

from service.database.columns import UtcInstant


class DatabaseTime(FunctionElement[datetime]):
    """The time when a statement is carried out, for use within the statement."""

    inherit_cache = True
    type = UtcInstant()


@compiles(DatabaseTime, "sqlite")
def _on_sqlite(*_: Any, **__: Any) -> str:  # noqa: ANN401 -- SQLAlchemy's own
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


@compiles(DatabaseTime, "postgresql")
def _on_postgresql(*_: Any, **__: Any) -> str:  # noqa: ANN401 -- SQLAlchemy's own
    # PostgreSQL's now() stands still from the start of a transaction; clock_timestamp() does not.
    return "clock_timestamp()"


def database_time(session: Session) -> datetime:
    """Ask the database what time it is.

    Args:
        session: a session on it; the answer is real time and moves within a transaction.
    """
    moment: datetime = session.connection().execute(select(DatabaseTime())).scalar_one()
    return moment
