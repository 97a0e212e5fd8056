"""Brings a database to the newest shape: the address comes from the command, or from the service's settings."""

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
        with unavailable_when_away(), database.writer.connect() as connection, connection.begin():
            # SQLite's transaction keeps everybody else out from its beginning.
            if connection.dialect.name == "postgresql":
                connection.execute(_ONE_AT_A_TIME)
            _run(connection)
    finally:
        database.close()


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
    context.run_migrations()


_migrate(context.config.attributes.get("address") or Settings().database_address)
