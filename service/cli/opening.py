"""Opens the service for one command and closes it afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

from service.settings import Settings
from service.wiring import Service, open_service


@contextmanager
def opened(*, checkpoints: bool = False) -> Iterator[Service]:
    """Join the parts as the environment asks, for as long as the block runs.

    Args:
        checkpoints: whether this command moves SQLite's write-ahead log into the file; only the server does.
    """
    service = open_service(Settings(), checkpoints=checkpoints)
    try:
        yield service
    finally:
        service.close()
