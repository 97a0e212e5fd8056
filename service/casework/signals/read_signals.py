"""Somebody looks at signals: at one as it was told, or at a list that tells nothing about anybody."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.casework.context import Context
from service.casework.questions import ListSignals
from service.casework.trail.tell_of_lists import Listed, tell
from service.casework.views.signals import (
    AdviceView,
    AnnouncedView,
    IdentityView,
    SignalLine,
    SignalPage,
    SignalView,
    StepView,
)
from service.database.pages import cut, page_of
from service.database.unit_of_work import UnitOfWork
from service.kernel.paging import Mark, cursor, mark_from
from service.signals import store as signals
from service.signals.lifecycle import SignalState, Standing, outcome_of, state_of
from service.signals.tables import Signal, SignalStep
from service.tasks import store as tasks
from service.tasks.tables import Task


def read_signal(context: Context, signal_id: UUID) -> SignalView:
    """Give a signal as it was told; that it was read is kept before it is given.

    Args:
        context: who looks.
        signal_id: which signal.

    Raises:
        ScopeMissing: the caller may not read signals.
        SignalNotFound: there is none that this caller may see.
    """
    context.require(Scope.SIGNALS_READ)
    asked = Touched("signal", str(signal_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked) as tried, context.work() as work:
        signal = signals.signal_seen_by(work.session, signal_id, context.org_seen())
        tried.in_case(signals.owner(signal))
        told = signals.told(work.vault, signal)
        shown = Touched("signal", str(signal.id), signal.version, signal.version, tuple(sorted(told)))
        context.record(work, Act(Event.SIGNAL_READ, Action.READ, str(signals.owner(signal)), (shown,)))
        return signal_view(work, signal, told)


def signal_view(work: UnitOfWork, signal: Signal, told: Mapping[str, Any]) -> SignalView:
    """Show a signal with what was done to it in triage.

    Args:
        work: the unit of work in which that stands in the trail.
        signal: which one.
        told: what it tells, opened.
    """
    return SignalView(
        id=signal.id,
        kind=signal.kind,
        state=state_of(signal.state),
        outcome=outcome_of(signal.state),
        submitted_at=signal.submitted_at,
        submitted_by=signal.submitted_by,
        submission_key=signal.submission_key,
        case_id=signal.case_id,
        version=signal.version,
        facts=told.get("facts", {}),
        narrative=told.get("narrative"),
        identity=_identity(told.get("identity")),
        announced=None if "announced" not in told else AnnouncedView.model_validate(told["announced"]),
        advice=None if "advice" not in told else AdviceView.model_validate(told["advice"]),
        steps=tuple(_step(work, one) for one in signals.steps_of(work.session, signal.id)),
    )


def list_signals(context: Context, question: ListSignals) -> SignalPage:
    """Give one page of the signals that the caller may see, newest first.

    Args:
        context: who looks.
        question: which signals, how many, and where the page before ended.

    Raises:
        ScopeMissing: the caller may not read signals.
        CursorNotUnderstood: the cursor is none of ours.
    """
    context.require(Scope.SIGNALS_READ)
    after = mark_from(question.cursor)
    wanted = select(Signal)
    org = context.org_seen()
    if org is not None:
        wanted = wanted.where(col(Signal.org) == org)
    if question.state is not None:
        waits = col(Signal.state) == Standing.RECEIVED
        wanted = wanted.where(waits if question.state is SignalState.RECEIVED else ~waits)
    if question.outcome is not None:
        wanted = wanted.where(col(Signal.state) == question.outcome)
    if question.kind is not None:
        wanted = wanted.where(col(Signal.kind) == question.kind)
    if question.group_id is not None:
        wanted = wanted.where(col(Signal.group_id) == question.group_id)
    if question.case_id is not None:
        wanted = wanted.where(col(Signal.case_id) == question.case_id)
    ordered = page_of(wanted, (col(Signal.submitted_at), col(Signal.id)), question.page_size, after)
    with context.work() as work:
        rows, end = cut(list(work.session.exec(ordered)), question.page_size, _mark)
        lines = _lines(work, rows)
        shown = [(signals.owner(one), Touched("signal", str(one.id))) for one in rows]
        tell(context, work, Listed(Event.SIGNAL_LISTED, question, shown))
    return SignalPage(
        items=lines,
        next_cursor=cursor(end),
    )


def _mark(signal: Signal) -> Mark:
    return Mark(signal.submitted_at, signal.id)


def _lines(work: UnitOfWork, rows: list[Signal]) -> tuple[SignalLine, ...]:
    waiting = [one.id for one in rows if one.state is Standing.RECEIVED]
    found = tasks.tasks_about(work.session, waiting) if waiting else []
    task_of = {one.signal_id: one for one in found if tasks.is_open(one)}
    return tuple(_line(one, task_of.get(one.id)) for one in rows)


def _line(signal: Signal, task: Task | None) -> SignalLine:
    return SignalLine(
        id=signal.id,
        kind=signal.kind,
        state=state_of(signal.state),
        outcome=outcome_of(signal.state),
        submitted_at=signal.submitted_at,
        submitted_by=signal.submitted_by,
        case_id=signal.case_id,
        group_id=signal.group_id,
        owner=None if task is None else task.owner,
        due=None if task is None else task.due,
        version=signal.version,
    )


def _step(work: UnitOfWork, step: SignalStep) -> StepView:
    said = signals.said_of_step(work.vault, step)
    return StepView(
        act=step.event,
        case_id=step.case_id,
        reason=step.reason,
        explanation=said["explanation"],
        done_by=step.done_by,
        done_at=step.done_at,
    )


def _identity(told: Mapping[str, Any] | None) -> IdentityView | None:
    return None if told is None else IdentityView.model_validate(told)
