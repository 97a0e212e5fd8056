"""Brings the database to the newest shape; a command of its own, because starting servers would race for it."""

from pathlib import Path
from typing import ClassVar, Final

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError

from service.cli.opening import opened
from service.cli.partners import fill_directory
from service.kernel.errors import DomainError, Kind
from service.settings import Settings

_PROJECT: Final = Path(__file__).resolve().parents[2]


class DatabaseNotMigrated(DomainError):
    """The database does not have the newest shape."""

    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    code: ClassVar[str] = "database-not-migrated"
    title: ClassVar[str] = "The database is not up to date; run `nrm migrate` first"


def migrate() -> None:
    """Bring the database to the newest shape and fill the directory of partners; doing it again changes nothing."""
    upgrade(Settings().database_address)
    with opened() as service:
        fill_directory(service, None)


def upgrade(address: str) -> None:
    """Bring a database to the newest shape; one that has it already is left alone.

    Args:
        address: SQLAlchemy address of the database.
    """
    command.upgrade(_config(address), "head")


def require_newest(address: str) -> None:
    """Stop when a database does not have the newest shape.

    Args:
        address: SQLAlchemy address of the database.

    Raises:
        DatabaseNotMigrated: it does not.
    """
    try:
        command.current(_config(address), check_heads=True)
    except CommandError:
        raise DatabaseNotMigrated from None


def _config(address: str) -> Config:
    config = Config(toml_file=_PROJECT / "pyproject.toml")
    config.attributes["address"] = address
    return config
