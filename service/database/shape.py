"""Which shape a database has, and which ones this code knows."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import inspect, text
from sqlmodel import Session

_MIGRATIONS: Final = Path(__file__).resolve().parents[2] / "migrations" / "versions"
_TABLE: Final = "alembic_version"
_SHAPE: Final = text(f"SELECT version_num FROM {_TABLE}")  # noqa: S608 -- our own name


@cache
def known_shapes() -> Sequence[str]:
    """Give the names of every shape that this code knows, the newest first."""
    # Alembic would read every migration to say the same, at each start of each command.
    return tuple(sorted((file.name.partition("_")[0] for file in _MIGRATIONS.glob("*.py")), reverse=True))


def shape_of(session: Session) -> str | None:
    """Give the name of the shape that a database has; None when it was never migrated."""
    connection = session.connection()
    if not inspect(connection).has_table(_TABLE):
        return None
    shape: str | None = connection.execute(_SHAPE).scalar_one_or_none()
    return shape
