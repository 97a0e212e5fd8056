"""Sends statements whose answers nobody reads one after the other, and waits for the server once and not for each."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from sqlalchemy import Connection


@contextmanager
def in_one_go(connection: Connection) -> Iterator[None]:
    """Wait at the end of the block, or at the commit in it, for all that was sent in it (PostgreSQL's pipeline mode).

    What went wrong with a statement is raised there too. SQLite is no way away, and there nothing changes.

    Args:
        connection: in a transaction; no statement in the block may be one whose rows or their number are looked at.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        yield
        return
    try:
        with driver.pipeline():
            yield
    except BaseException:
        # Undone in the pipeline, a refused act can leave its failed transaction to whoever gets the connection next.
        with suppress(psycopg.Error):
            driver.rollback()
        raise
