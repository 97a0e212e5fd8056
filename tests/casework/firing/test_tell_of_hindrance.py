"""What fails at its time is on a desk, once a day, with a code and nothing else, until it succeeds or is needless."""

from datetime import timedelta
from functools import partial as at_once
from uuid import UUID

import pytest

from service.access.roles import ScopeMissing
from service.casework.commands.deadlines import CompleteDeadline
from service.casework.commands.places import AskCapacity
from service.casework.commands.tasks import FinishTask
from service.casework.deadlines.work_on_deadlines import complete_deadline
from service.casework.desk.work_on_tasks import finish_task, list_tasks
from service.casework.firing.tell_of_hindrance import tell_of_clock, tell_of_question, tell_of_silence
from service.casework.places.ask_capacity import ask_capacity
from service.casework.places.notice_silence import notice_silence
from service.casework.questions import ListTasks
from service.casework.referrals.escalate_silence import escalate_silence, overdue
from service.casework.tasks.kinds import ACT_HINDERED
from service.casework.trail.verify_log import verify_log
from service.kernel.errors import Unavailable
from service.kernel.transitions import IllegalTransition
from service.places.policy import TargetGroup
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.wiring import Service
from tests.casework.clocks import clock_of
from tests.doubles import FixedClock
from tests.factories import auditor, coordinator, opened_case
from tests.side_by_side import side_by_side

WHY = KeyError("a fact of the person")


def hindered(
    service: Service, case_id: UUID | None = None, question_id: UUID | None = None
) -> list[tuple[str, TaskState]]:
    """Give code and state of what lies on the desk about something that fails, oldest first."""
    found = list_tasks(
        coordinator(service), ListTasks(kind=ACT_HINDERED, case_id=case_id, question_id=question_id)
    ).items
    return [(one.rule, one.state) for one in reversed(found)]


def test_however_many_workers_fail_one_task_names_the_code_and_no_more(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id
    check = clock_of(service, case_id, "health_check")
    clock.move(check.rings_at - clock.now())

    told = side_by_side(*[at_once(tell_of_clock, service.system(), check.id, IllegalTransition())] * 10)

    assert sorted(told, key=str) == [*[False] * 9, True]
    assert hindered(service, case_id=case_id) == [("illegal-transition", TaskState.OPEN)]
    assert verify_log(auditor(service)).verified


@pytest.mark.only_on("sqlite")
def test_who_ticks_it_off_hears_of_it_again_the_next_day_and_nobody_of_a_machine_in_trouble(
    service: Service, clock: FixedClock
) -> None:
    case_id = opened_case(service).case_id
    check = clock_of(service, case_id, "health_check")
    clock.move(check.rings_at - clock.now())
    with pytest.raises(ScopeMissing):
        tell_of_clock(coordinator(service), check.id, WHY)
    assert not tell_of_clock(service.system(), check.id, Unavailable())
    assert tell_of_clock(service.system(), check.id, WHY)
    (task,) = list_tasks(coordinator(service), ListTasks(kind=ACT_HINDERED)).items
    done = FinishTask(outcome=TaskOutcome.ACHIEVED)
    finish_task(coordinator(service), task.id, frozenset({1}), done)

    assert not tell_of_clock(service.system(), check.id, WHY)
    clock.move(timedelta(days=1))
    assert tell_of_clock(service.system(), check.id, WHY)

    # Done by hand, it need not ring any more, and nobody need be told.
    command = CompleteDeadline(on=clock.now().date())
    complete_deadline(coordinator(service), case_id, check.id, frozenset({1}), command)
    assert hindered(service, case_id=case_id) == [("unexpected", TaskState.DONE), ("unexpected", TaskState.OBSOLETE)]
    assert not tell_of_clock(service.system(), check.id, WHY)


@pytest.mark.only_on("sqlite")
def test_a_silence_that_nothing_follows_from_is_on_the_desk_of_its_case_or_on_that_which_asked(
    service: Service, clock: FixedClock
) -> None:
    case_id = opened_case(service).case_id
    asked = ask_capacity(coordinator(service), AskCapacity(target_group=TargetGroup.MULTIPROBLEM))
    clock.move(timedelta(days=5))
    silent = overdue(service.system())
    assert silent is not None

    assert tell_of_silence(service.system(), silent, WHY)
    assert tell_of_question(service.system(), asked.id, WHY)
    assert (
        hindered(service, case_id=case_id)
        == hindered(service, question_id=asked.id)
        == [("unexpected", TaskState.OPEN)]
    )

    assert escalate_silence(service.system(), silent)
    assert notice_silence(service.system(), asked.id)
    assert (
        hindered(service, case_id=case_id)
        == hindered(service, question_id=asked.id)
        == [("unexpected", TaskState.OBSOLETE)]
    )
    assert not tell_of_silence(service.system(), silent, WHY)
    assert not tell_of_question(service.system(), asked.id, WHY)
