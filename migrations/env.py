"""Brings a database to the newest shape: the address comes from the command, or from the service's settings."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, text

from service.database.away import unavailable_when_away
from service.database.engine import open_database
from service.schema import METADATA
from service.settings import Settings

# Any number that nobody else uses on this database: "nrm" on a telephone's keys.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(676)")


def _migrate(address: str) -> None:
    database = open_database(address)
    try:
        with unavailable_when_away(), database.writer.connect() as connection:
            if connection.dialect.name == "sqlite":
                _let_tables_be_replaced(connection)
            with connection.begin():
                # SQLite's transaction keeps everybody else out from its beginning.
                if connection.dialect.name == "postgresql":
                    connection.execute(_ONE_AT_A_TIME)
                _run(connection)
                if connection.dialect.name == "sqlite":
                    _require_nothing_lost(connection)
    finally:
        database.close()


def _let_tables_be_replaced(connection: Connection) -> None:
    """Let SQLite put a new table in the place of one that rows refer to; within a transaction it would not listen."""
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")


def _require_nothing_lost(connection: Connection) -> None:
    """Stop a migration after which a row refers to another that is not there.

    Raises:
        RuntimeError: one does; nothing is changed.
    """
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if lost is not None:
        message = f"after this migration a row of {lost[0]} would refer to a {lost[2]} that is not there"
        raise RuntimeError(message)


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
    context.run_migrations()


_migrate(context.config.attributes.get("address") or Settings().database_address)
