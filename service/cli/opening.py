"""Opens the service for one command and closes it afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

from service.casework.upkeep.require_newest import require_newest
from service.settings import Settings
from service.wiring import Service, open_service


@contextmanager
def opened(*, checkpoints: bool = False, any_shape: bool = False) -> Iterator[Service]:
    """Join the parts as the environment asks, for as long as the block runs.

    Args:
        checkpoints: whether this command moves SQLite's write-ahead log into the file; only the server does.
        any_shape: whether the command does without the rows, so that no database is needed.

    Raises:
        DatabaseNotMigrated: the database does not have the newest shape.
        Unavailable: the database is away.
    """
    settings = Settings()
    if not any_shape:
        require_newest(settings.database_address)
    service = open_service(settings, checkpoints=checkpoints)
    try:
        yield service
    finally:
        service.close()
