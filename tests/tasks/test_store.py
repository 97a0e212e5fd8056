"""A task is found by its own office, and in the order in which tasks were opened."""

import pytest

from service.kernel.ids import new_id
from service.tasks import store as tasks
from service.wiring import Service
from tests.factories import OFFICE, OTHER_OFFICE, opened_case


def test_a_task_is_seen_by_its_office_and_by_those_who_supervise_all(service: Service) -> None:
    case_id = opened_case(service, age_in_doubt="yes").case_id
    with service.database.look() as session:
        (task, *_) = tasks.tasks_of(session, [case_id])
        assert tasks.task_seen_by(session, task.id, OFFICE).id == task.id
        assert tasks.task_seen_by(session, task.id, None).id == task.id
        for task_id, org in ((task.id, OTHER_OFFICE), (new_id(), OFFICE)):
            with pytest.raises(tasks.TaskNotFound):
                tasks.task_seen_by(session, task_id, org)


def test_the_tasks_of_cases_come_with_no_other_case_s(service: Service) -> None:
    one, other = (opened_case(service, age_in_doubt="yes").case_id for _ in "ab")
    with service.database.look() as session:
        found = tasks.tasks_of(session, [one])
        assert {task.case_id for task in found} == {one}
        assert len(tasks.tasks_of(session, [one, other])) == 2 * len(found)
        assert tasks.tasks_of(session, []) == []
