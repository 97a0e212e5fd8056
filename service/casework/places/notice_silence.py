"""Nobody has answered a question for places in time: the desk that asked hears of it, though there is no case."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.context import Context
from service.casework.places.ask_capacity import TERMS
from service.casework.tasks.end_tasks import drop_all
from service.casework.tasks.kinds import PLACES_UNANSWERED
from service.casework.tasks.put_on_desk import new_task, put_on_desk
from service.casework.upkeep.true_clock import require_time_to_act
from service.deadlines.lifecycle import lateness
from service.places import questions
from service.places.lifecycle import QuestionEvent, QuestionState
from service.tasks import store as tasks

_TOUCHED: Final = ("state",)


def unanswered_question(context: Context, besides: Collection[UUID] = ()) -> UUID | None:
    """Give the question whose time to be answered has been over longest; None when there is none.

    Args:
        context: the worker's.
        besides: questions that are left alone for now, because something hinders their act.
    """
    with context.look() as session:
        return questions.longest_unanswered(session, context.clock.now(), besides)


def notice_silence(context: Context, question_id: UUID) -> bool:
    """Put it on the desk that asked that partners say nothing to a question; say whether that was still to be done.

    The question waits on: a late answer counts, and then nobody need do anything any more.

    Args:
        context: the worker's.
        question_id: which question.

    Raises:
        ScopeMissing: the caller is not the service itself.
        ClockDrifts: this machine's clock is wrong.
        ClockWentBack: something has rung later than now.
        QuestionNotFound: there is no such question.
    """
    context.require(Scope.REFERRALS_ESCALATE)
    with context.work() as work:
        require_time_to_act(context, work.session)
        asked = questions.question_of(work.session, question_id, None, lock=True)
        now, before = context.clock.now(), asked.version
        if asked.state is not QuestionState.OPEN or now < asked.answer_by:
            return False
        questions.move(work.session, asked, QuestionEvent.LAPSE)
        late = lateness(asked.answer_by, now)
        touched = (
            Touched("capacity_question", str(asked.id), before, asked.version, _TOUCHED),
            *(() if late is None else (Touched.late_by(late),)),
        )
        context.record(work, Act(Event.QUESTION_UNANSWERED, Action.UPDATE, SYSTEM_STREAM, touched))
        drop_all(context, work, filter(tasks.is_open, tasks.tasks_on_question(work.session, asked.id)))
        told = new_task(context, asked, (PLACES_UNANSWERED, TERMS[asked.urgency]), (asked.org, context.today()))
        put_on_desk(context, work, [told])
        return True
