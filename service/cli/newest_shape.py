"""Whether a database has the newest shape, and how it gets it."""

from io import StringIO
from pathlib import Path
from typing import Any, ClassVar, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from service.kernel.errors import DomainError, Kind

_PROJECT: Final = Path(__file__).resolve().parents[2]


class DatabaseNotMigrated(DomainError):
    """The database does not have the newest shape yet."""

    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    code: ClassVar[str] = "database-not-migrated"
    title: ClassVar[str] = "The database is not up to date; run `nrm migrate` first"


class DatabaseIsNewer(DomainError):
    """The database has a shape that this version of the program does not know."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "database-is-newer"
    title: ClassVar[str] = (
        "The database was migrated by a newer version; start that version, this one cannot work on it"
    )


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
        command.upgrade(_config(address), "head")


def require_newest(address: str) -> None:
    """Stop when a database does not have the newest shape or is not there; none is made by looking.

    Args:
        address: SQLAlchemy address of the database.

    Raises:
        DatabaseNotMigrated: it is older, or not there.
        DatabaseIsNewer: it is newer.
        Unavailable: the database is away.
    """
    config = _config(address)
    config.attributes["only_look"] = True
    script = ScriptDirectory.from_config(config)
    found = set[str]()

    def look(revisions: tuple[str, ...], _: object) -> list[Any]:
        found.update(revisions)
        return []

    with EnvironmentContext(config, script, fn=look, dont_mutate=True):
        script.run_env()
    if found - {one.revision for one in script.walk_revisions()}:
        raise DatabaseIsNewer
    if found != set(script.get_heads()):
        raise DatabaseNotMigrated


def _config(address: str) -> Config:
    # What a command prints is its own; Alembic would put the revision before it.
    config = Config(toml_file=_PROJECT / "pyproject.toml", stdout=StringIO())
    config.attributes["address"] = address
    return config
