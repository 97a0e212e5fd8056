"""Whether a database has the newest shape; nothing works on one that has not."""

from typing import ClassVar

from service.database.engine import is_missing, open_database
from service.database.shape import known_shapes, shape_of
from service.kernel.errors import DomainError, Kind


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


def require_newest(address: str) -> None:
    """Stop when a database does not have the newest shape or is not there; none is made by looking.

    Args:
        address: SQLAlchemy address of the database.

    Raises:
        DatabaseNotMigrated: it is older, or not there.
        DatabaseIsNewer: it is newer.
        Unavailable: the database is away.
    """
    shape = None if is_missing(address) else _shape_at(address)
    newest, *older = known_shapes()
    if shape is None or shape in older:
        raise DatabaseNotMigrated
    if shape != newest:
        raise DatabaseIsNewer


def _shape_at(address: str) -> str | None:
    database = open_database(address)
    try:
        with database.look() as session:
            return shape_of(session)
    finally:
        database.close()
