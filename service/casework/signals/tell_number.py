"""Whom the rules name hears how many people of a group may be found: by a message, and by a person until it arrived.

The message says only where the number is; whoever was told fetches it with its own access, and finds a number and a
day: no name, no place. There is no case. What was announced and is called off is taken back from whoever may know.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.casework.context import Context
from service.casework.referrals.contents import HEAD_COUNT
from service.casework.tasks.await_triage import announce, need_no_announcing
from service.casework.views.signals import NumberView
from service.database.unit_of_work import UnitOfWork
from service.dispatch import store as dispatch
from service.dispatch.cancel import cancel
from service.dispatch.envelope import OF_A_GROUP, MessageKind
from service.dispatch.store import QueuedMessage
from service.routing.facts.working_days import working_day_on_or_before
from service.signals import store as signals
from service.signals.lifecycle import Standing
from service.signals.tables import Signal


def tell_number(context: Context, work: UnitOfWork, group: Signal) -> None:
    """Let those whom the rules name hear the number of a group, unless the day of the action is over.

    Args:
        context: who announces it.
        work: the unit of work of the act; it holds the group's row.
        group: which one.
    """
    action_on = _action_on(work, group)
    if action_on is not None and action_on < context.today():
        return
    for partner_id, rule in _named(work, group):
        announce(context, work, group, rule, _told_by(context, action_on))
        _tell(context, work, group, partner_id, MessageKind.NUMBER_ANNOUNCED)


def take_number_back(context: Context, work: UnitOfWork, group: Signal) -> None:
    """Send the number of a group that was called off to nobody any more, and tell whoever may have heard of it.

    Args:
        context: who called it off.
        work: the unit of work of the act; it holds the group's row.
        group: which one.
    """
    stopped = cancel(work.session, group.id, OF_A_GROUP)
    need_no_announcing(context, work, group)
    if stopped.message_ids:
        touched = tuple(Touched("delivery", one) for one in stopped.message_ids)
        context.record(work, Act(Event.NUMBER_DELIVERY_STOPPED, Action.UPDATE, str(group.id), touched))
    if stopped.may_have_arrived:
        for partner_id, _ in _named(work, group):
            _tell(context, work, group, partner_id, MessageKind.NUMBER_WITHDRAWN)


def read_number(context: Context, group_id: UUID) -> NumberView:
    """Give a partner the number that it was told of; that it was read is kept before it is given.

    Args:
        context: the partner, whose organisation is its id in the directory.
        group_id: which group.

    Raises:
        ScopeMissing: the caller may not read what partners are told.
        SignalNotFound: this partner was told of no such group, or it was called off.
    """
    context.require(Scope.REFERRALS_READ)
    asked = Touched("signal", str(group_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        group = signals.group_seen_by(work.session, group_id, None)
        told = dispatch.messages_by_partner(work.session, group.id)
        if context.caller.org not in told or group.state is Standing.DISMISSED:
            raise signals.SignalNotFound
        announced = signals.told(work.vault, group)["announced"]
        shown = Touched("signal", str(group.id), group.version, group.version, tuple(sorted(announced)))
        context.record(work, Act(Event.NUMBER_FETCHED, Action.READ, str(group.id), (shown,)))
        return NumberView(id=group.id, **announced)


def _named(work: UnitOfWork, group: Signal) -> Iterator[tuple[str, str]]:
    """Give whom the rules name to hear the number, and by which rule."""
    for desk in signals.told(work.vault, group)["advice"]["desks"]:
        if desk["content"] == HEAD_COUNT:
            yield desk["partner_id"], desk["rules"][0]


def _action_on(work: UnitOfWork, group: Signal) -> date | None:
    said = signals.told(work.vault, group)["announced"]["action_on"]
    return None if said is None else date.fromisoformat(said)


def _told_by(context: Context, action_on: date | None) -> date:
    """Give the last day that is early enough: the working day before the action, or else today."""
    before = context.today() if action_on is None else working_day_on_or_before(action_on - timedelta(days=1))
    return max(before, context.today())


def _tell(context: Context, work: UnitOfWork, group: Signal, partner_id: str, kind: MessageKind) -> None:
    message = QueuedMessage(
        partner_id=partner_id,
        # No case: what is told of a group waits in a lane of its own.
        case_id=group.id,
        referral_id=group.id,
        kind=kind,
        recorded_at=context.clock.now(),
        dataref=f"{context.public_url}/v1/signal-groups/{group.id}/number",
        trace_id=context.trace.trace_id,
    )
    message_id = dispatch.enqueue(work.session, message)
    touched = (Touched("signal", str(group.id)), Touched("partner", partner_id), Touched("delivery", message_id))
    context.record(work, Act(Event.NUMBER_QUEUED, Action.CREATE, str(group.id), touched))
