"""Which of a database's failures mean that asking again later is right, as opposed to our own fault."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from service.kernel.errors import Unavailable

_SQLITE: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
_PRIMARY: Final = 0xFF

_POSTGRESQL: Final = (
    "08",  # connection lost or refused
    "25006",  # the server takes no writes: it has become a standby
    "40",  # undone for another's sake: deadlock, serialisation
    "42P01",  # a table is not there: the database has another shape than this program, until somebody migrates
    "53",  # no disk, memory or connection left
    "55P03",  # a lock did not come in time
    "57P",  # shut down, or still starting
    "58030",  # input or output failed
)
"""Beginnings of SQLSTATE codes (PostgreSQL, appendix A)."""


@contextmanager
def unavailable_when_away() -> Iterator[None]:
    """Turn a failure of the database that passes into a refusal that says so.

    Raises:
        Unavailable: the disk is full, somebody else writes for too long, the server is away, or a table is not there.
    """
    try:
        yield
    except DBAPIError as error:
        if _passes(error):
            raise Unavailable from None
        raise
    except NoConnectionLeft:
        raise Unavailable from None


def _passes(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        # A table that is not there has no code of its own.
        return code & _PRIMARY in _SQLITE or str(error.orig).startswith("no such table")
    state = getattr(error.orig, "sqlstate", None)
    # A server that cannot be reached says nothing, not even a code.
    return error.connection_invalidated or (
        type(error.orig).__name__ == "OperationalError" if state is None else state.startswith(_POSTGRESQL)
    )
