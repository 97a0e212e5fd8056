"""How a database gets the newest shape; only what migrates reads Alembic, which takes a while."""

from io import StringIO
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config

from service.casework.upkeep.require_newest import DatabaseNotMigrated, require_newest

_PROJECT: Final = Path(__file__).resolve().parents[2]


def upgrade(address: str) -> None:
    """Bring a database to the newest shape; one that has it already is left alone.

    Args:
        address: SQLAlchemy address of the database.

    Raises:
        DatabaseIsNewer: a newer version has been at work; nothing is changed.
        Unavailable: the database is away.
    """
    try:
        require_newest(address)
    except DatabaseNotMigrated:
        # What a command prints is its own; Alembic would put the revision before it.
        config = Config(toml_file=_PROJECT / "pyproject.toml", stdout=StringIO())
        config.attributes["address"] = address
        command.upgrade(config, "head")
