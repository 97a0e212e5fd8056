"""Whether a database has the newest shape, and how it gets it."""

from io import StringIO
from pathlib import Path
from typing import ClassVar, Final

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError

from service.kernel.errors import DomainError, Kind

_PROJECT: Final = Path(__file__).resolve().parents[2]


class DatabaseNotMigrated(DomainError):
    """The database does not have the newest shape."""

    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    code: ClassVar[str] = "database-not-migrated"
    title: ClassVar[str] = "The database is not up to date; run `nrm migrate` first"


def upgrade(address: str) -> None:
    """Bring a database to the newest shape; one that has it already is left alone.

    Args:
        address: SQLAlchemy address of the database.
    """
    command.upgrade(_config(address), "head")


def require_newest(address: str) -> None:
    """Stop when a database does not have the newest shape or is not there; none is made by looking.

    Args:
        address: SQLAlchemy address of the database.

    Raises:
        DatabaseNotMigrated: it does not.
        Unavailable: the database is away.
    """
    config = _config(address)
    config.attributes["only_look"] = True
    try:
        command.current(config, check_heads=True)
    except CommandError:
        raise DatabaseNotMigrated from None


def _config(address: str) -> Config:
    # What a command prints is its own; Alembic would put the revision before it.
    config = Config(toml_file=_PROJECT / "pyproject.toml", stdout=StringIO())
    config.attributes["address"] = address
    return config
