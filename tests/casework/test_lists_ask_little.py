"""A list asks the database as often for a hundred lines as for one, and for a page of however many there are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from service.casework.cases.list_cases import list_cases
from service.casework.context import Context
from service.casework.desk.work_on_tasks import list_tasks
from service.casework.questions import ListCases, ListReferrals, ListSignals, ListTasks
from service.casework.referrals.list_referrals import list_referrals
from service.casework.signals.read_signals import list_signals
from service.database.engine import Database
from service.tasks.lifecycle import TaskState
from service.wiring import Service
from tests.factories import auditor, coordinator, opened_case, partner

Lists = dict[str, Callable[[int], Any]]


@contextmanager
def asked(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Note every statement that goes to the database, and its values."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's signature
        found.append((sql, values))

    event.listen(database.writer, "before_cursor_execute", note)
    yield found
    event.remove(database.writer, "before_cursor_execute", note)


def lists_of(context: Context) -> Lists:
    """Give the lists of a coordinator or an auditor."""
    return {
        "cases": lambda size: list_cases(context, ListCases(page_size=size)),
        "signals": lambda size: list_signals(context, ListSignals(page_size=size)),
        "tasks": lambda size: list_tasks(context, ListTasks(page_size=size)),
        "open tasks": lambda size: list_tasks(context, ListTasks(page_size=size, state=TaskState.OPEN)),
    }


def inbox_of(context: Context) -> Lists:
    """Give the list of a partner."""
    return {"referrals": lambda size: list_referrals(context, ListReferrals(page_size=size))}


def test_a_long_page_takes_as_many_statements_as_a_short_one(service: Service) -> None:
    for _ in range(5):
        opened_case(service, age_in_doubt="yes")

    for name, page in (lists_of(coordinator(service)) | inbox_of(partner(service, "comensha"))).items():
        with asked(service.database) as for_one:
            assert len(page(1).items) == 1, name
        with asked(service.database) as for_many:
            assert len(page(100).items) >= 5, name
        assert len(for_many) == len(for_one), (name, for_many)


@pytest.mark.only_on("sqlite")
def test_a_page_is_found_by_an_index_and_not_by_sorting_all_that_there_is(service: Service) -> None:
    everybodys = {f"{name} of all": page for name, page in lists_of(auditor(service)).items()}
    for name, page in (lists_of(coordinator(service)) | inbox_of(partner(service, "comensha")) | everybodys).items():
        with asked(service.database) as statements:
            page(100)
        ((sql, values),) = (one for one in statements if "LIMIT" in one[0] and "audit_" not in one[0])
        with service.database.look() as session:
            plan = [row.detail for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]

        assert "USING INDEX" in plan[0], (name, plan)
        # Rows of one instant may still be put in order among themselves.
        assert "USE TEMP B-TREE FOR ORDER BY" not in plan, (name, plan)
