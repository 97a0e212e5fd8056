"""A list asks the database as often for a hundred lines as for one, however much stands in the trail of each."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from service.casework.list_cases import list_cases
from service.casework.list_referrals import list_referrals
from service.casework.questions import ListCases, ListReferrals, ListSignals, ListTasks
from service.casework.read_signals import list_signals
from service.casework.work_on_tasks import list_tasks
from service.database.engine import Database
from service.wiring import Service
from tests.factories import coordinator, opened_case, partner


@contextmanager
def asked(database: Database) -> Iterator[list[str]]:
    """Note every statement that goes to the database."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's signature
        found.append(" ".join(sql.split()[:4]))

    event.listen(database.writer, "before_cursor_execute", note)
    yield found
    event.remove(database.writer, "before_cursor_execute", note)


def test_a_long_page_takes_as_many_statements_as_a_short_one(service: Service) -> None:
    for _ in range(5):
        opened_case(service, age_in_doubt="yes")
    office, comensha = coordinator(service), partner(service, "comensha")
    lists: dict[str, Callable[[int], Any]] = {
        "cases": lambda size: list_cases(office, ListCases(page_size=size)),
        "signals": lambda size: list_signals(office, ListSignals(page_size=size)),
        "tasks": lambda size: list_tasks(office, ListTasks(page_size=size)),
        "referrals": lambda size: list_referrals(comensha, ListReferrals(page_size=size)),
    }

    for name, page in lists.items():
        with asked(service.database) as for_one:
            assert len(page(1).items) == 1, name
        with asked(service.database) as for_many:
            assert len(page(100).items) >= 5, name
        assert len(for_many) == len(for_one), (name, for_many)
