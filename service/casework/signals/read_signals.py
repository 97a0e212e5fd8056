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
from service.casework.views.signals import IdentityView, SignalLine, SignalPage, SignalView
from service.database.pages import cut, page_of
from service.database.sealing.data_key import Place
from service.database.unit_of_work import UnitOfWork
from service.kernel.paging import Mark, cursor, mark_from
from service.signals import store as signals
from service.signals.tables import Signal


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
        owner = signal.case_id or signal.id
        tried.in_case(owner)
        told = _opened(work, signal, owner)
        shown = Touched("signal", str(signal.id), signal.version, signal.version, tuple(sorted(told)))
        context.record(work, Act(Event.SIGNAL_READ, Action.READ, str(owner), (shown,)))
        return SignalView(
            id=signal.id,
            state=signal.state,
            submitted_at=signal.submitted_at,
            submitted_by=signal.submitted_by,
            submission_key=signal.submission_key,
            case_id=signal.case_id,
            version=signal.version,
            facts=told.get("facts", {}),
            narrative=told.get("narrative"),
            identity=_identity(told.get("identity")),
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
        wanted = wanted.where(col(Signal.state) == question.state)
    if question.case_id is not None:
        wanted = wanted.where(col(Signal.case_id) == question.case_id)
    ordered = page_of(wanted, (col(Signal.submitted_at), col(Signal.id)), question.page_size, after)
    with context.work() as work:
        rows, end = cut(list(work.session.exec(ordered)), question.page_size, _mark)
        shown = [(one.case_id or one.id, Touched("signal", str(one.id))) for one in rows]
        tell(context, work, Listed(Event.SIGNAL_LISTED, question, shown))
    return SignalPage(
        items=tuple(SignalLine.model_validate(one, from_attributes=True) for one in rows),
        next_cursor=cursor(end),
    )


def _mark(signal: Signal) -> Mark:
    return Mark(signal.submitted_at, signal.id)


def _opened(work: UnitOfWork, signal: Signal, owner: UUID) -> dict[str, Any]:
    sealed = {"facts": signal.facts, "narrative": signal.narrative, "identity": signal.identity}
    return {
        name: work.vault.open(owner, Place("signal", name, str(signal.id)), value)
        for name, value in sealed.items()
        if value is not None
    }


def _identity(told: Mapping[str, Any] | None) -> IdentityView | None:
    return None if told is None else IdentityView.model_validate(told)
