"""What a person must do is seen by the office of the case, done once, and never lost when it is handed over."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Event, Outcome
from service.casework.cases.read_cases import read_case
from service.casework.commands.tasks import AssignTask, FinishTask, HandOverTask
from service.casework.deadlines.plan_clocks import DueInThePast
from service.casework.desk.work_on_tasks import assign_task, finish_task, hand_over_task, list_tasks, read_task
from service.casework.questions import ListTasks
from service.casework.trail.read_trail import read_trail
from service.casework.views.tasks import TaskView
from service.kernel.transitions import IllegalTransition
from service.kernel.versions import Stale, Unseen
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.tasks.store import TaskNotFound
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import OTHER_OFFICE, auditor, coordinator, opened_case, partner

FIRST = frozenset({1})
ACHIEVED = FinishTask(outcome=TaskOutcome.ACHIEVED)


def a_task(service: Service) -> TaskView:
    """Open a case in which a child's age is in doubt, and give its task."""
    case_id = opened_case(service, age_in_doubt="yes").case_id
    return next(task for task in read_case(coordinator(service), case_id).tasks if task.kind == "age_check")


def case_of(task: TaskView) -> UUID:
    assert task.case_id is not None
    return task.case_id


def test_each_task_of_a_decision_is_opened_once_with_its_rule(service: Service) -> None:
    case = read_case(coordinator(service), opened_case(service, age_in_doubt="yes", consent=None).case_id)

    asked = sorted((task.kind, task.rule) for task in case.decisions[0].content.tasks)
    assert [(task.kind, task.rule) for task in case.tasks] == asked
    assert {task.state for task in case.tasks} == {TaskState.OPEN}


def test_a_task_is_taken_on_and_done(service: Service) -> None:
    task = a_task(service)

    taken = assign_task(coordinator(service), task.id, FIRST, AssignTask(owner="desk-2", due=date(2026, 12, 1)))
    done = finish_task(coordinator(service), task.id, frozenset({taken.version}), ACHIEVED)

    assert (taken.owner, taken.due, taken.state) == ("desk-2", date(2026, 12, 1), TaskState.OPEN)
    assert (done.state, done.outcome, done.ended_by) == (TaskState.DONE, TaskOutcome.ACHIEVED, "coordinator-1")
    assert done.ended_at is not None
    assert done.version == 3


def test_what_an_assignment_leaves_out_stays_and_null_takes_it_away(service: Service) -> None:
    task = a_task(service)
    assign_task(coordinator(service), task.id, FIRST, AssignTask(owner="desk-2", due=date(2026, 12, 1)))

    later = assign_task(coordinator(service), task.id, frozenset({2}), AssignTask(due=date(2026, 12, 8)))
    free = assign_task(coordinator(service), task.id, frozenset({3}), AssignTask(owner=None))

    assert (later.owner, later.due) == ("desk-2", date(2026, 12, 8))
    assert (free.owner, free.due) == (None, date(2026, 12, 8))


@pytest.mark.only_on("sqlite")
def test_a_task_is_not_moved_to_a_day_that_is_over_and_the_try_stands_in_the_trail(
    service: Service, clock: FixedClock
) -> None:
    task = a_task(service)
    yesterday = clock.now().date() - timedelta(days=1)

    with pytest.raises(DueInThePast):
        assign_task(coordinator(service), task.id, FIRST, AssignTask(due=yesterday))

    last = read_trail(coordinator(service), case_of(task)).entries[-1]
    assert (last.event, last.outcome) == (Event.TASK_REFUSED, Outcome.REFUSED)
    assert read_task(coordinator(service), task.id) == task
    # One that is late already is taken up all the same.
    assign_task(coordinator(service), task.id, FIRST, AssignTask(due=clock.now().date()))
    clock.move(timedelta(days=2))
    late = AssignTask(owner="desk-2", due=yesterday + timedelta(days=1))
    assert assign_task(coordinator(service), task.id, frozenset({2}), late).owner == "desk-2"


def test_a_task_that_is_handed_over_goes_on_with_the_other_desk(service: Service) -> None:
    task = a_task(service)

    following = hand_over_task(coordinator(service), task.id, FIRST, HandOverTask(to="desk-9"))

    former = read_task(coordinator(service), task.id)
    assert (former.state, former.continued_as) == (TaskState.HANDED_OVER, following.id)
    assert (following.state, following.owner, following.kind) == (TaskState.OPEN, "desk-9", task.kind)


def test_a_task_ends_once_and_the_second_try_stands_in_the_trail(service: Service) -> None:
    task = a_task(service)
    finish_task(coordinator(service), task.id, FIRST, ACHIEVED)

    with pytest.raises(IllegalTransition):
        finish_task(coordinator(service), task.id, frozenset({2}), ACHIEVED)

    last = read_trail(coordinator(service), case_of(task)).entries[-1]
    assert (last.event, last.outcome) == (Event.TASK_REFUSED, Outcome.REFUSED)


@pytest.mark.parametrize(("seen", "refusal"), [(frozenset({2}), Stale), (None, Unseen)])
def test_a_task_that_was_not_seen_as_it_stands_is_not_changed(
    service: Service, seen: frozenset[int] | None, refusal: type[Exception]
) -> None:
    task = a_task(service)

    with pytest.raises(refusal):
        assign_task(coordinator(service), task.id, seen, AssignTask(owner="desk-2"))
    with pytest.raises(refusal):
        finish_task(coordinator(service), task.id, seen, ACHIEVED)
    with pytest.raises(refusal):
        hand_over_task(coordinator(service), task.id, seen, HandOverTask(to="desk-9"))
    assert read_task(coordinator(service), task.id) == task


def test_the_tasks_of_another_office_are_not_there(service: Service) -> None:
    task = a_task(service)

    with pytest.raises(TaskNotFound):
        read_task(coordinator(service, OTHER_OFFICE), task.id)
    with pytest.raises(TaskNotFound):
        finish_task(coordinator(service, OTHER_OFFICE), task.id, FIRST, ACHIEVED)
    assert list_tasks(coordinator(service, OTHER_OFFICE), ListTasks()).items == ()


def test_an_auditor_looks_and_does_not_work(service: Service) -> None:
    task = a_task(service)

    assert read_task(auditor(service), task.id).id == task.id
    with pytest.raises(ScopeMissing):
        finish_task(auditor(service), task.id, FIRST, ACHIEVED)
    with pytest.raises(ScopeMissing):
        list_tasks(partner(service, "comensha"), ListTasks())


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (ListTasks(), True),
        (ListTasks(state=TaskState.OPEN, kind="age_check", owner="desk-2"), True),
        (ListTasks(due_before=date(2026, 12, 2)), True),
        (ListTasks(due_before=date(2026, 12, 1)), False),
        (ListTasks(state=TaskState.DONE), False),
        (ListTasks(kind="exit_plan"), False),
        (ListTasks(owner="desk-3"), False),
    ],
)
def test_a_list_of_tasks_gives_what_was_asked_for(service: Service, question: ListTasks, found: bool) -> None:  # noqa: FBT001 -- a column of the table above
    task = a_task(service)
    assign_task(coordinator(service), task.id, FIRST, AssignTask(owner="desk-2", due=date(2026, 12, 1)))

    page = list_tasks(coordinator(service), question)

    assert (task.id in {one.id for one in page.items}) is found


def test_whoever_lists_tasks_stands_in_the_trail_of_each_case(service: Service) -> None:
    task = a_task(service)
    list_tasks(auditor(service), ListTasks(case_id=task.case_id))

    last = read_trail(coordinator(service), case_of(task)).entries[-1]
    assert (last.event, last.actor) == (Event.TASK_LISTED, "auditor-1")
    assert str(task.id) in {touched.id for touched in last.objects}
