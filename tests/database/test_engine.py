"""The embedded database keeps what was answered, lets writers take turns and readers only read."""

import sqlite3
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, StatementError

from service.audit.event import SYSTEM_STREAM, Act, Action, Event
from service.database import engine
from service.database.engine import Database, open_database
from service.kernel.errors import Unavailable
from service.wiring import Service


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    ("setting", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("busy_timeout", 30000)],
)
def test_every_connection_is_set_to_survive(database: Database, setting: str, value: str | int) -> None:
    for one in (database.writer, database.reader):
        with one.connect() as connection:
            assert connection.execute(text(f"PRAGMA {setting}")).scalar_one() == value


@pytest.mark.only_on("sqlite")
def test_only_the_process_that_may_moves_the_log_into_the_file(database_url: str) -> None:
    for allowed, pages in ((True, 1000), (False, 0)):
        database = open_database(database_url, checkpoints=allowed)
        with database.writer.connect() as writer, database.reader.connect() as reader:
            assert writer.execute(text("PRAGMA wal_autocheckpoint")).scalar_one() == pages
            assert reader.execute(text("PRAGMA wal_autocheckpoint")).scalar_one() == 0
        database.close()


def test_a_reader_cannot_write(database: Database) -> None:
    with database.look() as session, pytest.raises(DBAPIError, match=r"read-?only"):
        session.connection().execute(text("DELETE FROM partner"))


def test_a_reader_sees_one_moment_while_others_write(service: Service) -> None:
    context = service.operator()
    counting = text("SELECT count(*) FROM audit_entry")
    with service.database.look() as session:
        before = session.connection().execute(counting).scalar_one()
        with context.work() as work:
            context.record(work, Act(Event.ACCESS_GRANTED, Action.CREATE, SYSTEM_STREAM))
        assert session.connection().execute(counting).scalar_one() == before
    with service.database.look() as session:
        assert session.connection().execute(counting).scalar_one() == before + 1


def test_many_writers_at_once_lose_nothing_and_leave_no_hole(service: Service) -> None:
    context, start = service.operator(), Barrier(8)

    def write() -> None:
        start.wait()
        for _ in range(10):
            with context.work() as work:
                context.record(work, Act(Event.ACCESS_GRANTED, Action.CREATE, "many"))

    writers = [Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    with service.database.look() as session:
        numbers = session.connection().execute(text("SELECT seq FROM audit_entry WHERE stream = 'many' ORDER BY seq"))
        assert list(numbers.scalars()) == list(range(1, 81))


@pytest.mark.only_on("sqlite")
def test_a_process_that_writes_for_too_long_makes_others_come_back_later(
    home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT", 10)
    database = open_database(database_url)
    other = sqlite3.connect(home / "nrm.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable), database.work() as work:
        work.session.connection()
    other.close()
    database.close()


def test_an_error_does_not_print_what_was_to_be_stored(database: Database) -> None:
    with pytest.raises(StatementError) as error, database.writer.connect() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:secret)"), {"secret": "a marker"})

    assert "a marker" not in str(error.value)


def test_a_database_in_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="file"):
        open_database("sqlite:///:memory:")
