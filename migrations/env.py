"""Brings a database to the newest shape: the address comes from the command, or from the service's settings."""

from alembic import context

from service.database.engine import open_database
from service.schema import METADATA
from service.settings import Settings


def _migrate() -> None:
    address = context.config.attributes.get("address") or Settings().database_address
    database = open_database(address)
    try:
        with database.writer.connect() as connection, connection.begin():
            context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
            context.run_migrations()
    finally:
        database.close()


_migrate()
