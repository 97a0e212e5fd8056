"""`nrm migrate`: a command of its own, because starting servers would race for it."""

from service.cli.newest_shape import upgrade
from service.cli.opening import opened
from service.cli.partners import fill_directory
from service.settings import Settings


def migrate() -> None:
    """Bring the database to the newest shape and fill the directory of partners; doing it again changes nothing."""
    upgrade(Settings().database_address)
    with opened() as service:
        fill_directory(service, None)
