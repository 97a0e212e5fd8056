"""Leases are counted by the database's own clock."""

from datetime import UTC, datetime, timedelta

from service.database.engine import Database
from service.database.lease_clock import database_time


def test_the_database_tells_real_time_in_utc(database: Database) -> None:
    before = datetime.now(UTC)
    with database.look() as session:
        told = database_time(session)
    assert told.utcoffset() == timedelta(0)
    # SQLite tells milliseconds and cuts the rest off.
    assert before - timedelta(milliseconds=1) <= told <= datetime.now(UTC)


def test_the_database_s_time_does_not_stand_still_within_a_transaction(database: Database) -> None:
    with database.work() as work:
        first = database_time(work.session)
        while (second := database_time(work.session)) == first:
            pass
    assert second > first
