"""A question for places rings once when nobody answers it, on the desk that asked, and an answer ends that."""

from dataclasses import replace
from datetime import timedelta
from functools import partial as at_once
from uuid import UUID

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import SYSTEM_STREAM, Event
from service.casework.commands.places import AnswerCapacity, AskCapacity
from service.casework.commands.tasks import FinishTask, HandOverTask
from service.casework.desk.work_on_tasks import finish_task, hand_over_task, list_tasks, read_task
from service.casework.places.answer_capacity import answer_capacity
from service.casework.places.ask_capacity import ask_capacity, read_answers
from service.casework.places.notice_silence import notice_silence, unanswered_question
from service.casework.questions import ListTasks
from service.casework.trail.verify_log import verify_log
from service.casework.upkeep.true_clock import ClockDrifts
from service.casework.views.places import CapacityAnswers
from service.casework.views.tasks import TaskView
from service.places.lifecycle import PlaceAnswer, QuestionState
from service.places.policy import TargetGroup, Urgency
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.tasks.store import TaskNotFound
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import OTHER_OFFICE, audit_bodies, auditor, coordinator, partner
from tests.side_by_side import side_by_side

MULTIPROBLEM = AskCapacity(target_group=TargetGroup.MULTIPROBLEM, urgency=Urgency.URGENT, count=2)


def asked_and_late(service: Service, clock: FixedClock, late: timedelta = timedelta(0)) -> CapacityAnswers:
    asked = ask_capacity(coordinator(service), MULTIPROBLEM)
    clock.move(asked.answer_by - clock.now() + late)
    return asked


def on_desk(service: Service, question_id: UUID, org: str | None = None) -> list[TaskView]:
    office = coordinator(service) if org is None else coordinator(service, org)
    return list(list_tasks(office, ListTasks(question_id=question_id)).items)


def says(service: Service, question_id: UUID, partner_id: str, places: int | None) -> None:
    answer = PlaceAnswer.NO if places is None else PlaceAnswer.YES
    answer_capacity(partner(service, partner_id), question_id, AnswerCapacity(answer=answer, places=places))


def test_ten_workers_after_two_days_put_one_silence_on_the_desk_that_asked_once_and_say_how_late(
    service: Service, clock: FixedClock
) -> None:
    asked = asked_and_late(service, clock, timedelta(days=2))
    assert unanswered_question(service.system()) == asked.id

    ends = side_by_side(*[at_once(notice_silence, service.system(), asked.id)] * 10)

    assert sorted(ends, key=str) == [*[False] * 9, True]
    assert unanswered_question(service.system()) is None
    assert read_answers(coordinator(service), asked.id).state is QuestionState.UNANSWERED
    (task,) = on_desk(service, asked.id)
    assert (task.kind, task.rule, task.case_id, task.signal_id) == (
        *("places_unanswered", "referral.answer_urgent"),
        *(None, None),
    )
    assert on_desk(service, asked.id, OTHER_OFFICE) == []
    with pytest.raises(TaskNotFound):
        read_task(coordinator(service, OTHER_OFFICE), task.id)
    (rang,) = [one for one in audit_bodies(service, SYSTEM_STREAM) if one["event"] == Event.QUESTION_UNANSWERED]
    assert [one["id"] for one in rang["objects"]] == [str(asked.id), "PT172800S"]

    following = hand_over_task(coordinator(service), task.id, frozenset({1}), HandOverTask(to="desk-9"))
    done = finish_task(coordinator(service), following.id, frozenset({1}), FinishTask(outcome=TaskOutcome.ACHIEVED))

    assert (done.question_id, done.state) == (asked.id, TaskState.DONE)
    told = [one["event"] for one in audit_bodies(service, SYSTEM_STREAM) if one["event"].startswith("task:")]
    assert [told.count(one) for one in (Event.TASK_OPENED, Event.TASK_HANDED_OVER, Event.TASK_DONE)] == [1, 1, 1]
    assert verify_log(auditor(service)).verified


@pytest.mark.only_on("sqlite")
def test_a_late_answer_takes_the_task_away_and_a_yes_taken_back_rings_again(
    service: Service, clock: FixedClock
) -> None:
    asked = asked_and_late(service, clock)
    assert notice_silence(service.system(), asked.id)

    says(service, asked.id, "kadera-omm", 1)
    assert [one.state for one in on_desk(service, asked.id)] == [TaskState.OPEN]
    says(service, asked.id, "fier-omm", 1)
    assert [one.state for one in on_desk(service, asked.id)] == [TaskState.OBSOLETE]
    assert read_answers(coordinator(service), asked.id).state is QuestionState.SETTLED
    assert not notice_silence(service.system(), asked.id)

    says(service, asked.id, "fier-omm", None)

    assert notice_silence(service.system(), asked.id)
    assert sorted(one.state for one in on_desk(service, asked.id)) == [TaskState.OBSOLETE, TaskState.OPEN]
    assert verify_log(auditor(service)).verified


@pytest.mark.only_on("sqlite")
def test_where_everybody_has_answered_and_places_are_missing_the_desk_that_asked_hears_it_once_and_at_once(
    service: Service,
) -> None:
    asked = ask_capacity(coordinator(service), MULTIPROBLEM)
    last = asked.asked[-1].partner_id
    for one in asked.asked:
        assert on_desk(service, asked.id) == []
        says(service, asked.id, one.partner_id, None)
    says(service, asked.id, last, None)

    (task,) = on_desk(service, asked.id)
    assert (task.kind, task.state, task.due) == ("places_missing", TaskState.OPEN, coordinator(service).today())
    says(service, asked.id, last, 2)
    assert [one.state for one in on_desk(service, asked.id)] == [TaskState.OBSOLETE]
    assert verify_log(auditor(service)).verified


@pytest.mark.only_on("sqlite")
def test_nothing_rings_before_its_time_or_once_everybody_has_answered_or_by_a_wrong_clock(
    service: Service, clock: FixedClock
) -> None:
    settled = ask_capacity(coordinator(service), MULTIPROBLEM)
    for one in settled.asked:
        says(service, settled.id, one.partner_id, 2)
    asked = asked_and_late(service, clock, -timedelta(seconds=1))
    assert not notice_silence(service.system(), asked.id)
    clock.move(timedelta(seconds=1))

    with pytest.raises(ScopeMissing):
        notice_silence(coordinator(service), asked.id)
    slow = FixedClock(clock.now())
    slow.wall = lambda: clock.wall() - timedelta(seconds=3)  # type: ignore[method-assign]
    with pytest.raises(ClockDrifts):
        notice_silence(replace(service.system(), clock=slow), asked.id)

    assert unanswered_question(service.system()) == asked.id
    assert on_desk(service, asked.id) == on_desk(service, settled.id) == []
