"""A partner reads what it is asked about places and says whether it has some; enough of that settles the question.

When everybody has answered and places are missing still, the desk that asked hears of it.
"""

from collections.abc import Iterable
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.commands.places import AnswerCapacity
from service.casework.context import Context
from service.casework.places.ask_capacity import TERMS, QuestionNotUnderstood
from service.casework.tasks.end_tasks import drop_all
from service.casework.tasks.kinds import PLACES_MISSING
from service.casework.tasks.put_on_desk import new_task, put_on_desk
from service.casework.views.places import CapacityQuestionView
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import Problem
from service.places import questions
from service.places.lifecycle import PlaceAnswer, QuestionEvent, QuestionState
from service.places.policy import is_enough, settles
from service.places.tables import CapacityAsk, CapacityQuestion
from service.tasks import store as tasks


def read_question(context: Context, question_id: UUID) -> CapacityQuestionView:
    """Give a partner what it is asked; that it was read is kept before it is given.

    Args:
        context: the partner, whose organisation is its id in the directory.
        question_id: which question.

    Raises:
        ScopeMissing: the caller may not answer questions for places.
        QuestionNotFound: this partner was not asked.
    """
    context.require(Scope.CAPACITY_WRITE)
    wanted = Touched("capacity_question", str(question_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, wanted), context.work() as work:
        ask = questions.ask_of(work.session, question_id, context.caller.org)
        asked = questions.question_of(work.session, question_id, None)
        context.record(work, Act(Event.QUESTION_READ, Action.READ, SYSTEM_STREAM, (wanted,)))
        return question_view(asked, ask)


def answer_capacity(context: Context, question_id: UUID, command: AnswerCapacity) -> CapacityQuestionView:
    """Keep whether a partner has places; what it reported of its places stays as it is until it reports anew.

    Args:
        context: the partner, whose organisation is its id in the directory.
        question_id: which question.
        command: yes with how many, no, or only that it has seen the question.

    Raises:
        ScopeMissing: the caller may not answer questions for places.
        QuestionNotUnderstood: a number stands with anything but a yes.
        QuestionNotFound: this partner was not asked.
    """
    context.require(Scope.CAPACITY_WRITE)
    wanted = Touched("capacity_question", str(question_id))
    with context.refusals_kept(Event.QUESTION_REFUSED, Action.UPDATE, wanted), context.work() as work:
        if command.places is not None and command.answer is not PlaceAnswer.YES:
            raise QuestionNotUnderstood(problems=(Problem("/places", "misplaced", "Only a yes has a number."),))
        # The question first: whoever weighs the answers sees all of them.
        asked = questions.question_of(work.session, question_id, None, lock=True)
        ask = questions.ask_of(work.session, question_id, context.caller.org)
        before = ask.version
        questions.keep_answer(work.session, ask, (command.answer, command.places), context.clock.now())
        said = [(one.answer, one.places) for one in questions.asks_of(work.session, asked.id)]
        moved = _weigh(work, asked, said)
        touched = (moved or wanted, Touched("capacity_ask", str(ask.id), before, ask.version, ("answer",)))
        context.record(work, Act(Event.QUESTION_ANSWERED, Action.UPDATE, SYSTEM_STREAM, touched))
        enough = is_enough(asked.count, said)
        if enough or moved is not None:
            drop_all(context, work, filter(tasks.is_open, tasks.tasks_on_question(work.session, asked.id)))
        if moved is not None and asked.state is QuestionState.SETTLED and not enough:
            # Everybody has answered, and places are missing still: nothing rings any more, so somebody hears it now.
            ask_further = new_task(context, asked, (PLACES_MISSING, TERMS[asked.urgency]), (asked.org, context.today()))
            put_on_desk(context, work, [ask_further])
        return question_view(asked, ask)


def question_view(asked: CapacityQuestion, ask: CapacityAsk) -> CapacityQuestionView:
    """Show a partner what it is asked, and what it answered.

    Args:
        asked: the question.
        ask: that this partner was asked.
    """
    return CapacityQuestionView(
        id=asked.id,
        target_group=asked.target_group,
        urgency=asked.urgency,
        count=asked.count,
        answer_by=asked.answer_by,
        answer=ask.answer,
        places=ask.places,
    )


def _weigh(
    work: UnitOfWork, asked: CapacityQuestion, said: Iterable[tuple[PlaceAnswer | None, int | None]]
) -> Touched | None:
    """Settle a question, or open it again when a yes is taken back; say how that touched it, or None."""
    before, is_settled = asked.version, settles(asked.count, said)
    if is_settled and asked.state is not QuestionState.SETTLED:
        questions.move(work.session, asked, QuestionEvent.SETTLE)
    elif not is_settled and asked.state is QuestionState.SETTLED:
        questions.move(work.session, asked, QuestionEvent.REOPEN)
    else:
        return None
    return Touched("capacity_question", str(asked.id), before, asked.version, ("state",))
