"""Acts that wait for each other share one commit, and none goes on before the commit that holds it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Thread

import pytest
from sqlalchemy import Connection, event, text

from service.audit.event import Act, Action, Event
from service.casework.context import Context
from service.database.engine import Database
from service.database.group_commit import LARGEST, GroupCommit
from service.kernel.errors import Unavailable
from service.wiring import Service
from tests.waiting import until

pytestmark = pytest.mark.only_on("sqlite")

Also = Callable[[Connection], object]


class Line:
    """Acts that stand in line behind one that is still busy, and how each of them ended."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.ended: list[str] = []
        self.refused: list[str] = []
        self._threads: list[Thread] = []

    def write(self, name: str, also: Also | None = None) -> None:
        """Write one entry into a stream of its own, and do something beside it."""
        try:
            with self.context.work() as work:
                self.context.record(work, Act(Event.ACCESS_GRANTED, Action.CREATE, f"line-{name}"))
                if also is not None:
                    also(work.session.connection())
        except (Unavailable, ZeroDivisionError):
            self.refused.append(name)
        else:
            self.ended.append(name)

    def write_while_others_join(self, *others: tuple[str, Also | None]) -> None:
        """Be the busy one until all others stand in line, then let everybody end."""

        def let_them_join(_: Connection) -> None:
            for other in others:
                self._join(*other)

        self.write("first", let_them_join)
        for thread in self._threads:
            thread.join()

    def _join(self, name: str, also: Also | None) -> None:
        self._threads.append(Thread(target=self.write, args=(name, also)))
        self._threads[-1].start()
        until(partial(self._stand_in_line, len(self._threads)), "the act stands in line")

    def _stand_in_line(self, acts: int) -> bool:
        return len(group_commit(self.context.database)._turns._waiting) == acts


@pytest.fixture
def line(service: Service) -> Line:
    return Line(service.operator())


def group_commit(database: Database) -> GroupCommit:
    assert database.shared is not None
    return database.shared


def kept(database: Database) -> set[str]:
    with database.look() as session:
        rows = session.connection().execute(text("SELECT stream FROM audit_entry WHERE stream LIKE 'line-%'"))
        return {str(stream).removeprefix("line-") for stream in rows.scalars()}


def commits_of(database: Database) -> list[object]:
    counted: list[object] = []
    event.listen(database.writer, "commit", counted.append)
    return counted


def fail(_: Connection) -> None:
    raise ZeroDivisionError


def test_acts_that_stand_in_line_share_one_commit(line: Line) -> None:
    commits = commits_of(line.context.database)

    line.write_while_others_join(("second", None), ("third", None))

    assert len(commits) == 1
    assert kept(line.context.database) == {"first", "second", "third"}


def test_nobody_goes_on_before_the_commit_that_holds_its_act(line: Line) -> None:
    gone_on: list[list[str]] = []
    event.listen(line.context.database.writer, "commit", lambda _: gone_on.append(list(line.ended)))

    line.write_while_others_join(("second", None), ("third", None))

    assert gone_on == [[]]
    assert sorted(line.ended) == ["first", "second", "third"]


def test_a_commit_does_not_grow_without_end(line: Line) -> None:
    commits = commits_of(line.context.database)

    line.write_while_others_join(*[(str(number), None) for number in range(LARGEST)])

    assert len(commits) == 2
    assert len(kept(line.context.database)) == LARGEST + 1


def test_an_act_that_fails_takes_nobody_with_it(line: Line) -> None:
    line.write_while_others_join(("failing", fail), ("third", None))

    assert line.refused == ["failing"]
    assert kept(line.context.database) == set(line.ended) == {"first", "third"}


def test_the_last_in_line_commits_for_the_others_even_when_it_fails_itself(line: Line) -> None:
    line.write_while_others_join(("second", None), ("failing", fail))

    assert line.refused == ["failing"]
    assert kept(line.context.database) == {"first", "second"}


def test_when_the_commit_fails_everybody_is_told_and_nothing_is_kept(line: Line) -> None:
    database = line.context.database

    def refuse(_: Connection) -> Callable[[], None]:
        raise ZeroDivisionError

    broken = replace(database, shared=GroupCommit(database.writer, refuse))
    told = Line(replace(line.context, database=broken))
    told.write_while_others_join(("second", None), ("third", None))

    assert sorted(told.refused) == ["first", "second", "third"]
    assert kept(database) == set()
    line.write("afterwards")
    assert kept(database) == {"afterwards"}


def test_a_disk_that_fills_up_in_the_middle_of_an_act_leaves_nothing_of_that_act(line: Line) -> None:
    database = line.context.database

    def fill(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 3}")
        connection.exec_driver_sql("CREATE TABLE large AS SELECT zeroblob(1000000) AS content")

    line.write_while_others_join(("filling", fill), ("third", None))

    assert "filling" in line.refused
    assert kept(database) == set(line.ended)
    with database.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    line.write("afterwards")
    assert "afterwards" in kept(database)
