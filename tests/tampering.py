"""Somebody with the database in hands, whom no trigger stops."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, text

from service.database.engine import Database


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


@contextmanager
def full_disk(database: Database, database_url: str, table: str = "audit_entry") -> Iterator[None]:
    """Leave the database no room for another row of a table, on SQLite of any, until the block ends."""
    if database.shared is not None:
        with database.writer.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        yield
        with database.writer.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count=1073741823")
        return
    with unguarded(database_url) as rows:
        body = "BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END"
        rows.execute(text(f"CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"))
        trigger = f"CREATE TRIGGER no_space BEFORE INSERT ON {table} EXECUTE FUNCTION no_space()"
        rows.execute(text(trigger))
    yield
    with unguarded(database_url) as rows:
        rows.execute(text("DROP FUNCTION no_space() CASCADE"))
