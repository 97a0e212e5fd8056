"""A partner looks at what it was asked about places, so that it needs no system that listens."""

from sqlmodel import col, select

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.context import Context
from service.casework.places.answer_capacity import question_view
from service.casework.questions import ListCapacityQuestions
from service.casework.views.places import CapacityQuestionPage
from service.database.pages import cut, page_of
from service.kernel.paging import Mark, cursor, mark_from
from service.places.tables import CapacityAsk, CapacityQuestion


def list_questions(context: Context, question: ListCapacityQuestions) -> CapacityQuestionPage:
    """Give one page of what a partner was asked, newest first; that it was looked at is kept before it is given.

    Args:
        context: the partner, whose organisation is its id in the directory.
        question: which questions, how many, and where the page before ended.

    Raises:
        ScopeMissing: the caller may not answer questions for places.
        CursorNotUnderstood: the cursor is none of ours.
    """
    context.require(Scope.CAPACITY_WRITE)
    after = mark_from(question.cursor)
    wanted = (
        select(CapacityQuestion, CapacityAsk)
        .join(CapacityAsk, col(CapacityAsk.question_id) == col(CapacityQuestion.id))
        .where(col(CapacityAsk.partner_id) == context.caller.org)
    )
    if question.answered is not None:
        answer = col(CapacityAsk.answer)
        wanted = wanted.where(answer.is_not(None) if question.answered else answer.is_(None))
    order = (col(CapacityQuestion.asked_at), col(CapacityQuestion.id))
    with context.work() as work:
        rows, end = cut(
            list(work.session.exec(page_of(wanted, order, question.page_size, after))), question.page_size, _mark
        )
        touched = tuple(Touched("capacity_question", str(asked.id)) for asked, _ in rows)
        context.record(work, Act(Event.QUESTION_LISTED, Action.READ, SYSTEM_STREAM, touched))
        lines = tuple(question_view(asked, ask) for asked, ask in rows)
    return CapacityQuestionPage(items=lines, next_cursor=cursor(end))


def _mark(row: tuple[CapacityQuestion, CapacityAsk]) -> Mark:
    asked, _ = row
    return Mark(asked.asked_at, asked.id)
