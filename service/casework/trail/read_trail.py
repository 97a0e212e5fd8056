"""Somebody checks what happened: every entry is hashed again from its stored bytes before it is believed."""

import json
from typing import Any
from uuid import UUID

from sqlmodel import Session

from service.access.roles import Scope
from service.audit import store as audit
from service.audit.chain import Kept, first_break, leaf_hash
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.context import Context
from service.casework.views.trail import BreakView, SignalTrailView, TouchedView, TrailEntry, TrailView
from service.database.unit_of_work import UnitOfWork
from service.signals import store as signals


def read_trail(context: Context, case_id: UUID) -> TrailView:
    """Give the trail of a case, verified; that it was read is kept in it first, for the next to see.

    Args:
        context: who looks.
        case_id: which case.

    Raises:
        ScopeMissing: the caller may not read trails.
        CaseNotFound: there is no such case for this caller.
    """
    context.require(Scope.TRAIL_READ)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen())
        broken, entries = _verified(context, work, asked)
        return TrailView(case_id=case.id, verified=broken is None, first_break=broken, entries=entries)


def read_signal_trail(context: Context, signal_id: UUID) -> SignalTrailView:
    """Give a signal's own trail, verified: what was done to it while no case held it.

    Args:
        context: who looks.
        signal_id: which signal.

    Raises:
        ScopeMissing: the caller may not read trails.
        SignalNotFound: there is none that this caller may see.
    """
    context.require(Scope.TRAIL_READ)
    asked = Touched("signal", str(signal_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        signal = signals.signal_seen_by(work.session, signal_id, context.org_seen())
        broken, entries = _verified(context, work, asked)
        return SignalTrailView(signal_id=signal.id, verified=broken is None, first_break=broken, entries=entries)


def _verified(context: Context, work: UnitOfWork, asked: Touched) -> tuple[BreakView | None, tuple[TrailEntry, ...]]:
    kept = audit.entries_of(work.session, asked.id)
    broken = _break_of(work.session, asked.id, kept)
    context.record(work, Act(Event.TRAIL_READ, Action.READ, asked.id, (asked,)))
    return broken, tuple(_entry(one) for one in kept if _is_readable(one))


def _break_of(session: Session, stream: str, kept: list[Kept]) -> BreakView | None:
    broken = first_break(kept, audit.head_of(session, stream))
    return None if broken is None else BreakView(stream=stream, seq=broken.seq, place=None, what=broken.what)


def _is_readable(kept: Kept) -> bool:
    try:
        _entry(kept)
    except (ValueError, KeyError, TypeError):
        # A tampered entry may say anything; the break that is reported beside names it.
        return False
    return True


def _entry(kept: Kept) -> TrailEntry:
    said: dict[str, Any] = json.loads(kept.body)
    return TrailEntry(
        seq=said["seq"],
        ts=said["ts"],
        event=said["event"],
        action=said["action"],
        outcome=said["outcome"],
        actor=said["actor"],
        role=said["role"],
        org=said["org"],
        purpose=said["purpose"],
        policy=None if said["decision"] is None else said["decision"]["policy"],
        objects=tuple(TouchedView.model_validate(one) for one in said["objects"]),
        hash=leaf_hash(kept.body),
        previous=said["prev"],
    )
