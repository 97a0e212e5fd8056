"""Somebody looks at deadlines: those of a case with all that was said of them, or what is due in all of theirs."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.context import Context
from service.casework.questions import ListDeadlines
from service.casework.trail.tell_of_lists import Listed, tell
from service.casework.views.deadlines import CaseDeadlines, DeadlineLine, DeadlinePage, DeadlineView, SuspensionView
from service.database.pages import cut, page_of
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import lateness
from service.deadlines.tables import Deadline, Suspension
from service.kernel.paging import Mark, cursor, mark_from


def list_deadlines(context: Context, question: ListDeadlines) -> DeadlinePage:
    """Give one page of the deadlines in cases that the caller may see, what rings first before the rest.

    Args:
        context: who looks.
        question: which deadlines, how many, and where the page before ended.

    Raises:
        ScopeMissing: the caller may not read deadlines.
        CursorNotUnderstood: the cursor is none of ours.
    """
    context.require(Scope.DEADLINES_READ)
    after = None if question.cursor is None else mark_from(question.cursor)
    wanted = _wanted(context, question)
    ordered = page_of(wanted, (col(Deadline.rings_at), col(Deadline.id)), question.page_size, after, first_first=True)
    with context.work() as work:
        rows, end = cut(list(work.session.exec(ordered)), question.page_size, _mark)
        shown = [(one.case_id, Touched("deadline", str(one.id))) for one in rows]
        tell(context, work, Listed(Event.DEADLINE_LISTED, question, shown))
    items = tuple(DeadlineLine.model_validate(_said(one)) for one in rows)
    return DeadlinePage(items=items, next_cursor=None if end is None else cursor(end))


def read_deadlines(context: Context, case_id: UUID) -> CaseDeadlines:
    """Give every deadline of a case; that they were read is kept before they are given.

    Args:
        context: who looks.
        case_id: which case.

    Raises:
        ScopeMissing: the caller may not read deadlines.
        CaseNotFound: there is no such case for this caller.
    """
    context.require(Scope.DEADLINES_READ)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen())
        found, pauses = deadlines.deadlines_of(work.session, [case.id]), deadlines.suspensions(work.session, case.id)
        context.record(work, Act(Event.DEADLINE_READ, Action.READ, str(case.id), (asked,)))
        return CaseDeadlines(items=tuple(deadline_view(work, one, pauses) for one in found))


def deadline_view(work: UnitOfWork, deadline: Deadline, pauses: list[Suspension]) -> DeadlineView:
    """Show a deadline.

    Args:
        work: the unit of work, whose vault opens what people said.
        deadline: which one.
        pauses: the times during which clocks of the case stood still.
    """
    own = [one for one in pauses if (one.kind, one.key) == (deadline.kind, deadline.key)]
    suspensions = tuple(_suspension(work, one) for one in own)
    return DeadlineView(**_said(deadline), met_on=deadlines.day_met(work.vault, deadline), suspensions=suspensions)


def _suspension(work: UnitOfWork, one: Suspension) -> SuspensionView:
    return SuspensionView(
        reason=one.reason,
        words=deadlines.words_of(work.vault, one),
        begun_by=one.begun_by,
        begun_at=one.begun_at,
        ended_by=one.ended_by,
        ended_at=one.ended_at,
    )


def _said(deadline: Deadline) -> dict[str, Any]:
    fired_at = deadline.fired_at
    is_late = fired_at is not None and lateness(deadline.rings_at, fired_at) is not None
    return deadline.model_dump(include=set(DeadlineLine.model_fields)) | {"is_late": is_late}


def _wanted(context: Context, question: ListDeadlines) -> SelectOfScalar[Deadline]:
    wanted = select(Deadline)
    org = context.org_seen()
    if org is not None:
        wanted = wanted.where(col(Deadline.org) == org)
    for column, value in (
        (col(Deadline.state), question.state),
        (col(Deadline.kind), question.kind),
        (col(Deadline.case_id), question.case_id),
        (col(Deadline.owner), question.owner),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    return wanted if question.due_before is None else wanted.where(col(Deadline.due) < question.due_before)


def _mark(deadline: Deadline) -> Mark:
    return Mark(deadline.rings_at, deadline.id)
