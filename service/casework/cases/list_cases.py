"""Somebody looks for cases: only among those that they may see, and every case shown says so in its trail."""

from collections import Counter
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, exists, select
from sqlmodel.sql.expression import SelectOfScalar

from service.access.roles import Scope
from service.audit.event import Event, Touched
from service.cases import decisions
from service.cases.lifecycle import LIVE
from service.cases.tables import Case, CaseDecision
from service.casework.context import Context
from service.casework.questions import ListCases, SearchCases
from service.casework.trail.tell_of_lists import Listed, tell
from service.casework.views.cases import CaseLine, CasePage
from service.database.pages import cut, page_of
from service.kernel.clock import AMSTERDAM
from service.kernel.paging import Mark, cursor, mark_from
from service.referrals.tables import Referral
from service.signals.tables import Signal
from service.tasks import store as tasks
from service.tasks.lifecycle import TaskState
from service.tasks.tables import Task


def list_cases(context: Context, question: ListCases) -> CasePage:
    """Give one page of the cases that the caller may see, newest first.

    Args:
        context: who looks.
        question: which cases, how many, and where the page before ended.

    Raises:
        ScopeMissing: the caller may not read cases.
        CursorNotUnderstood: the cursor is none of ours.
    """
    context.require(Scope.CASES_READ)
    return _page(context, question, _wanted(context, question), Event.CASE_LISTED)


def search_cases(context: Context, question: SearchCases) -> CasePage:
    """Give one page of the cases that the caller may see and that fit what is looked for, newest first.

    Args:
        context: who looks.
        question: which cases, how many, and where the page before ended.

    Raises:
        ScopeMissing: the caller may not read cases.
        CursorNotUnderstood: the cursor is none of ours.
    """
    context.require(Scope.CASES_READ)
    return _page(context, question, _sought(_wanted(context, question), question), Event.CASE_SEARCHED)


def _wanted(context: Context, question: ListCases) -> SelectOfScalar[Case]:
    wanted = select(Case)
    org = context.org_seen()
    if org is not None:
        wanted = wanted.where(col(Case.org) == org)
    if question.state is not None:
        wanted = wanted.where(col(Case.state) == question.state)
    if question.opened_from is not None:
        wanted = wanted.where(col(Case.opened_at) >= _begin(question.opened_from))
    if question.opened_before is not None:
        wanted = wanted.where(col(Case.opened_at) < _begin(question.opened_before))
    if question.decision_state is not None:
        live = exists().where(
            col(CaseDecision.case_id) == col(Case.id),
            col(CaseDecision.state).in_(LIVE),
            col(CaseDecision.state) == question.decision_state,
        )
        wanted = wanted.where(live)
    return wanted


def _sought(wanted: SelectOfScalar[Case], question: SearchCases) -> SelectOfScalar[Case]:
    if question.case_ids is not None:
        wanted = wanted.where(col(Case.id).in_(question.case_ids))
    if question.open_task is not None:
        task = exists().where(
            col(Task.case_id) == col(Case.id),
            col(Task.state) == TaskState.OPEN,
            col(Task.kind) == question.open_task,
        )
        wanted = wanted.where(task)
    if question.submission_key is not None:
        signal = exists().where(
            col(Signal.case_id) == col(Case.id), col(Signal.submission_key) == question.submission_key
        )
        wanted = wanted.where(signal)
    asked = _asked(question)
    return wanted.where(exists().where(col(Referral.case_id) == col(Case.id), *asked)) if asked else wanted


def _asked(question: SearchCases) -> list[Any]:
    conditions: list[Any] = []
    if question.partner_id is not None:
        conditions.append(col(Referral.partner_id) == question.partner_id)
    if question.referral_state is not None:
        conditions.append(col(Referral.state) == question.referral_state)
    return conditions


def _begin(day: date) -> datetime:
    """Give the instant at which a local day begins."""
    return datetime.combine(day, time.min, AMSTERDAM).astimezone(UTC)


def _page(context: Context, question: ListCases, wanted: SelectOfScalar[Case], event: Event) -> CasePage:
    after = mark_from(question.cursor)
    ordered = page_of(wanted, (col(Case.opened_at), col(Case.id)), question.page_size, after)
    with context.work() as work:
        rows, end = cut(list(work.session.exec(ordered)), question.page_size, _mark)
        lines = _lines(work.session, rows)
        tell(context, work, Listed(event, question, [(one.id, Touched("case", str(one.id))) for one in rows]))
    return CasePage(items=lines, next_cursor=cursor(end))


def _mark(case: Case) -> Mark:
    return Mark(case.opened_at, case.id)


def _lines(session: Session, rows: list[Case]) -> tuple[CaseLine, ...]:
    case_ids = [case.id for case in rows]
    live = decisions.live_decisions(session, case_ids)
    waiting = Counter(task.case_id for task in tasks.tasks_of(session, case_ids) if tasks.is_open(task))
    return tuple(_line(case, live.get(case.id), waiting) for case in rows)


def _line(case: Case, decision: CaseDecision | None, waiting: Counter[UUID | None]) -> CaseLine:
    return CaseLine(
        id=case.id,
        state=case.state,
        opened_at=case.opened_at,
        version=case.version,
        facts_version=case.facts_version,
        decision_id=None if decision is None else decision.id,
        decision_state=None if decision is None else decision.state,
        decided_on=None if decision is None else decision.decided_on,
        open_tasks=waiting[case.id],
    )
