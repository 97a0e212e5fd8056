"""Keeps questions for places and what partners answer, and finds those that nobody has answered in time."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import next_state
from service.places.lifecycle import QUESTION_LIFECYCLE, PlaceAnswer, QuestionEvent, QuestionState
from service.places.tables import CapacityAsk, CapacityQuestion


class QuestionNotFound(DomainError):
    """There is no such question, or not for this caller."""

    kind = Kind.NOT_FOUND
    code = "question-not-found"
    title = "There is no such question"


def question_of(session: Session, question_id: UUID, org: str | None, *, lock: bool = False) -> CapacityQuestion:
    """Find a question that an organisation asked, or anybody when none is named.

    Args:
        session: where to look.
        question_id: which question.
        org: the organisation that must have asked it; None for partners that were asked, and the service itself.
        lock: whether nobody else may answer it until this transaction ends.

    Raises:
        QuestionNotFound: it asked none such.
    """
    found = session.get(CapacityQuestion, question_id, with_for_update=lock or None, populate_existing=lock)
    if found is None or org not in {None, found.org}:
        raise QuestionNotFound
    return found


def asks_of(session: Session, question_id: UUID) -> list[CapacityAsk]:
    """Give everybody who was asked a question, by partner."""
    question = select(CapacityAsk).where(col(CapacityAsk.question_id) == question_id)
    return list(session.exec(question.order_by(col(CapacityAsk.partner_id))))


def ask_of(session: Session, question_id: UUID, partner_id: str) -> CapacityAsk:
    """Find that a partner was asked.

    Raises:
        QuestionNotFound: it was not.
    """
    question = select(CapacityAsk).where(
        col(CapacityAsk.question_id) == question_id, col(CapacityAsk.partner_id) == partner_id
    )
    found = session.exec(question).one_or_none()
    if found is None:
        raise QuestionNotFound
    return found


def keep_answer(session: Session, ask: CapacityAsk, said: tuple[PlaceAnswer, int | None], at: datetime) -> None:
    """Keep what a partner answers; the newest counts, and that it has seen the question takes no answer back.

    Args:
        session: the session that holds the question locked.
        ask: that the partner was asked.
        said: what it says, and how many places it has.
        at: business time.
    """
    answer, count = said
    if answer is not PlaceAnswer.ACKNOWLEDGE or ask.answer is None:
        ask.answer, ask.places, ask.answered_at = answer, count, at
    ask.version += 1
    session.flush()


def move(session: Session, asked: CapacityQuestion, event: QuestionEvent) -> None:
    """Move a question, whose row this transaction holds locked, through its life.

    Raises:
        IllegalTransition: that cannot happen to it now.
    """
    asked.state = next_state(QUESTION_LIFECYCLE, asked.state, event)
    asked.version += 1
    session.flush()


def longest_unanswered(session: Session, now: datetime, besides: Collection[UUID]) -> UUID | None:
    """Give the question whose time to be answered has been over longest and of which nobody knows; None without any.

    Args:
        session: where to look.
        now: business time.
        besides: questions that are left alone.
    """
    question = (
        select(CapacityQuestion.id)
        .where(col(CapacityQuestion.state) == QuestionState.OPEN, col(CapacityQuestion.answer_by) <= now)
        .where(col(CapacityQuestion.id).not_in(besides))
    )
    return session.exec(question.order_by(col(CapacityQuestion.answer_by), col(CapacityQuestion.id)).limit(1)).first()
