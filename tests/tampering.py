"""Somebody with the database in hands, whom no trigger stops."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, text


@contextmanager
def unguarded(database_url: str) -> Iterator[Connection]:
    """Open the rows past the service, with every trigger out of the way; what was done is kept."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            for name in names:
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection
    engine.dispose()


def take_no_more_entries(database_url: str) -> None:
    """Let the database refuse every further entry of the trail, as a broken one would."""
    with unguarded(database_url) as rows:
        if rows.dialect.name == "sqlite":
            refusal = "SELECT RAISE(ABORT, 'nothing more')"
            rows.execute(text(f"CREATE TRIGGER nothing_more BEFORE INSERT ON audit_entry BEGIN {refusal}; END"))
        else:
            body = "BEGIN RAISE EXCEPTION 'nothing more'; END"
            rows.execute(text(f"CREATE FUNCTION nothing_more() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"))
            trigger = "CREATE TRIGGER nothing_more BEFORE INSERT ON audit_entry EXECUTE FUNCTION nothing_more()"
            rows.execute(text(trigger))
