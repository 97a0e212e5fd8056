"""A coordinator has a place kept for some minutes: two never have the same one, and nobody has one for ever."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.context import Context
from service.casework.places.report_capacity import is_stale
from service.casework.upkeep.true_clock import require_time_to_act
from service.casework.views.places import HoldView
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind
from service.kernel.ids import new_id
from service.places import store as places
from service.places.lifecycle import HoldEvent, HoldState
from service.places.tables import PlaceHold

_MINUTES: Final = "places.hold_minutes"
_ENDS: Final = {
    HoldEvent.RELEASE: Event.HOLD_RELEASED,
    HoldEvent.EXPIRE: Event.HOLD_EXPIRED,
    HoldEvent.USE: Event.HOLD_USED,
    HoldEvent.GIVE_BACK: Event.HOLD_RELEASED,
}


class CapacityStale(DomainError):
    """What the partner reported is too old to take a place on."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "capacity-stale"
    title: ClassVar[str] = "The report is too old; ask the partner what is free now"


def hold_place(context: Context, capacity_id: UUID) -> HoldView:
    """Keep one of the places that a partner reported as free, for as many minutes as the rules say.

    Args:
        context: who wants it.
        capacity_id: which places.

    Raises:
        ScopeMissing: the caller may not hold places.
        CapacityNotFound: nobody has reported these places.
        CapacityStale: the report is older than it may be.
        NoFreePlace: every place is held or was taken since.
    """
    context.require(Scope.PLACES_HOLD)
    asked = Touched("capacity", str(capacity_id))
    with context.refusals_kept(Event.HOLD_REFUSED, Action.CREATE, asked), context.work() as work:
        return take_hold(context, work, capacity_id)


def take_hold(context: Context, work: UnitOfWork, capacity_id: UUID) -> HoldView:
    """Keep a place for whoever may hold one, by whichever door it comes; in the system's trail, which names no case.

    Args:
        context: who wants it.
        work: the unit of work of the act.
        capacity_id: which places.

    Raises:
        CapacityNotFound: nobody has reported these places.
        CapacityStale: the report is older than it may be.
        NoFreePlace: every place is held or was taken since.
    """
    # The row of the places is the queue in which everybody stands who wants one of them.
    reported, now = places.capacity(work.session, capacity_id, lock=True), context.clock.now()
    if is_stale(context, reported):
        raise CapacityStale
    if not places.left(work.session, [reported], now)[reported.id]:
        raise places.NoFreePlace
    held = PlaceHold(
        id=new_id(),
        capacity_id=reported.id,
        org=context.caller.org,
        held_by=context.caller.subject,
        held_at=now,
        until=_until(context, now),
        state=HoldState.HELD,
    )
    places.add(work.session, held)
    touched = (Touched("hold", str(held.id), None, held.version), Touched("capacity", str(reported.id)))
    context.record(work, Act(Event.PLACE_HELD, Action.CREATE, SYSTEM_STREAM, touched))
    return hold_view(held)


def release_place(context: Context, capacity_id: UUID, hold_id: UUID) -> HoldView:
    """Give a place back that was held and is not needed.

    Args:
        context: who held it, or a colleague.
        capacity_id: which places.
        hold_id: what is held of them.

    Raises:
        ScopeMissing: the caller may not hold places.
        HoldNotFound: the caller's organisation holds no such thing there.
        HoldOver: its time is over.
        IllegalTransition: it was given back or used before.
    """
    context.require(Scope.PLACES_HOLD)
    asked = (Touched("capacity", str(capacity_id)), Touched("hold", str(hold_id)))
    with context.refusals_kept(Event.HOLD_REFUSED, Action.UPDATE, *asked), context.work() as work:
        held = places.hold_of(work.session, capacity_id, hold_id, context.caller.org)
        end_hold(context, work, held, HoldEvent.RELEASE)
        return hold_view(held)


def hold_over(context: Context, besides: Collection[UUID] = ()) -> UUID | None:
    """Give the hold whose time has been over longest and that nobody has ended; None when there is none.

    Args:
        context: the worker's.
        besides: holds that are left alone for now, because something hinders their act.
    """
    with context.look() as session:
        return places.first_over(session, context.clock.now(), besides)


def expire_hold(context: Context, hold_id: UUID) -> bool:
    """End a hold whose time is over, once; say whether that was still to be done.

    From that instant on others may have the place, whether or not anybody has come to write it down.

    Args:
        context: the worker's.
        hold_id: which hold.

    Raises:
        ScopeMissing: the caller is not the service itself.
        ClockDrifts: this machine's clock is wrong.
        ClockWentBack: something has rung later than now.
        HoldNotFound: there is no such hold.
    """
    context.require(Scope.REFERRALS_ESCALATE)
    with context.work() as work:
        require_time_to_act(context, work.session)
        held = places.hold(work.session, hold_id)
        if held.state is not HoldState.HELD or context.clock.now() < held.until:
            return False
        end_hold(context, work, held, HoldEvent.EXPIRE)
        return True


def end_hold(context: Context, work: UnitOfWork, held: PlaceHold, event: HoldEvent) -> None:
    """End a hold, or give a used place back; in the system's trail, which names no case.

    Args:
        context: who ends it, or the worker's.
        work: the unit of work; it holds the row of the hold.
        held: which one.
        event: how it ends.

    Raises:
        HoldOver: its time is over.
        IllegalTransition: it has ended before.
    """
    before = held.version
    places.end_hold(work.session, held, event, context.clock.now())
    touched = (Touched("hold", str(held.id), before, held.version, ("state",)),)
    context.record(work, Act(_ENDS[event], Action.UPDATE, SYSTEM_STREAM, touched))


def _until(context: Context, now: datetime) -> datetime:
    minutes = context.rules().parameters.needed_number(_MINUTES, context.today())
    return now + timedelta(minutes=minutes)


def hold_view(held: PlaceHold) -> HoldView:
    """Show a place that is kept for somebody."""
    return HoldView.model_validate(held, from_attributes=True)
