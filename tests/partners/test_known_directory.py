"""The directory is remembered, and whatever changes in it counts from the next question on, whoever changed it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import event

from service.casework.partners.manage_partners import seed_partners
from service.database.engine import Database
from service.partners.directory import Listing
from service.partners.store import KnownDirectory, directory
from service.settings import Settings
from service.wiring import Service, open_service

FRESH = Listing("fresh", "Fresh", "care", "invented")


@contextmanager
def read_rows(database: Database) -> Iterator[list[str]]:
    """Note each time the whole directory is read."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's signature
        if "partner.name" in sql:
            found.append(sql)

    event.listen(database.reader, "before_cursor_execute", note)
    yield found
    event.remove(database.reader, "before_cursor_execute", note)


def test_the_directory_is_read_once_as_long_as_nothing_changes(service: Service) -> None:
    known = KnownDirectory()
    with read_rows(service.database) as readings:
        for _ in range(3):
            with service.database.look() as session:
                assert "comensha" in {one.id for one in known(session)}

    assert len(readings) == 1


def test_what_another_process_changes_counts_from_the_next_question_on(service: Service, database_url: str) -> None:
    known = KnownDirectory()
    with service.database.look() as session:
        before = known(session)
    other = open_service(Settings(home=service.settings.home, database_url=database_url))
    seed_partners(other.operator(), [FRESH])
    with service.database.look() as session:
        with_one_more = known(session)
    seed_partners(other.operator(), [replace(FRESH, name="Fresher")])
    other.close()

    with service.database.look() as session:
        assert known(session) == directory(session)
        assert {one.id: one.name for one in known(session)}["fresh"] == "Fresher"
    assert len(with_one_more) == len(before) + 1
