"""A person gets a place: it is kept at once, or the person waits until one is free."""

from typing import Any, ClassVar, Final
from uuid import UUID

from service.audit.event import Action, Event, Touched
from service.casework.commands.places import KeptPlace, OpenPlacement
from service.casework.context import Context
from service.casework.places.doors import Door, Shown
from service.casework.places.entered import Entered
from service.casework.places.hold_place import end_hold
from service.casework.places.placement_clocks import await_arrival, wait, wait_no_more
from service.casework.places.placement_steps import Held, keep_step, misunderstood
from service.casework.places.proposed_place import check_place, known_of_person
from service.casework.tasks.end_tasks import drop_kinds
from service.casework.tasks.kinds import WAITS_FOR_PLACE
from service.kernel.errors import DomainError, Kind
from service.kernel.ids import new_id
from service.kernel.versions import Seen
from service.places import store as places
from service.places.lifecycle import HoldEvent, PlacementEvent, PlacementState
from service.places.policy import Proposed, placers, suits
from service.places.tables import Placement

_NOT_THERE_YET: Final = frozenset({PlacementState.WAITING, PlacementState.RESERVED})
_OPENED: Final = {
    PlacementState.WAITING: Event.PLACEMENT_OPENED,
    PlacementState.RESERVED: Event.PLACEMENT_RESERVED,
}


class LookedForAlready(DomainError):
    """A place is waited for or kept for this person already."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "looked-for-already"
    title: ClassVar[str] = "A place is waited for or kept for this person already; end that first"


def open_placement(context: Context, door: Door[Shown], command: OpenPlacement) -> Shown:
    """Keep a place for a person, or have the person wait for one of the proposed kind.

    Args:
        context: who places, or writes down what was placed.
        door: by which it comes in; a placement from the desk is owned by who opens it, any other by the desk.
        command: the kind of place, and where it is kept if it is.

    Raises:
        ScopeMissing: the caller may not place.
        CaseNotFound: there is no such case for this caller.
        ReferralNotFound: there is no referral by which this caller places somebody now.
        NotAcceptedYet: it has not said that it takes the referral.
        TypeNotProposed: another kind is proposed.
        LookedForAlready: a place is waited for or kept already.
        PlacementNotUnderstood: nobody waits for an interim place.
        MayNotPlace: another organisation places here, or has not said yes.
        HoldNotFound: the caller's organisation holds no such place.
        HoldOver: the time of the hold is over.
    """
    with door.enter(context, Event.PLACEMENT_REFUSED, Action.CREATE) as entered:
        work, case, decided = entered.work, entered.case, entered.decided
        known = places.placements_of(work.session, case.id)
        if any(one.state in _NOT_THERE_YET and one.interim is command.interim for one in known):
            raise LookedForAlready
        wanted = (command.shelter_type or _usual(decided.proposed, interim=command.interim), command.interim)
        waits = any(one.state is PlacementState.WAITING for one in known)
        allowed = placers(decided.proposed, wanted, waits=waits)
        entered.check_kind(wanted)
        if command.place is None and command.interim:
            raise misunderstood("/place", "An interim place is kept somewhere, or it is none.")
        placement = Placement(
            id=new_id(),
            case_id=case.id,
            shelter_type=wanted[0],
            interim=command.interim,
            opened_at=context.clock.now(),
            owner=entered.owner,
            state=PlacementState.WAITING if command.place is None else PlacementState.RESERVED,
        )
        used = () if command.place is None else _take(context, entered, placement, command.place, allowed)
        places.add(work.session, placement)
        work.session.flush()
        held = Held(work, case, placement, entered.ground)
        keep_step(context, held, _explained(command.place), (_OPENED[placement.state], None), *used)
        if command.place is None:
            wait(context, work, case, placement)
        else:
            await_arrival(context, work, case, placement)
        return door.shown(work, placement)


def reserve_place(context: Context, door: Door[Shown], placement_id: UUID, seen: Seen, command: KeptPlace) -> Shown:
    """Keep a place for somebody who waits for one.

    Args:
        context: who places, or writes down what was placed.
        door: by which it comes in.
        placement_id: a placement that is in sight there.
        seen: the versions of the placement that the caller says to have seen.
        command: where the place is kept.

    Raises:
        ScopeMissing: the caller may not place.
        CaseNotFound: there is no such case for this caller.
        ReferralNotFound: there is no referral by which this caller places somebody now.
        NotAcceptedYet: it has not said that it takes the referral.
        PlacementNotFound: there is no such placement in sight.
        Unseen: the caller names no version.
        Stale: somebody changed the placement in between.
        IllegalTransition: nobody waits in it.
        TypeNotProposed: another kind is proposed by now.
        MayNotPlace: another organisation places here, or has not said yes.
        HoldNotFound: the caller's organisation holds no such place.
        HoldOver: the time of the hold is over.
    """
    with door.enter(context, Event.PLACEMENT_REFUSED, Action.UPDATE, _named(placement_id)) as entered:
        work, placement = entered.work, entered.placement(placement_id, seen)
        allowed = placers(entered.decided.proposed, (placement.shelter_type, placement.interim), waits=True)
        used, before = _take(context, entered, placement, command, allowed), placement.version
        places.move_placement(work.session, placement, PlacementEvent.RESERVE)
        held = Held(work, entered.case, placement, entered.ground)
        keep_step(context, held, _explained(command), (Event.PLACEMENT_RESERVED, before), *used)
        wait_no_more(context, work, entered.case, placement.id)
        await_arrival(context, work, entered.case, placement)
        drop_kinds(context, work, entered.case, {WAITS_FOR_PLACE})
        return door.shown(work, placement)


def _usual(proposed: Proposed, *, interim: bool) -> str:
    return (proposed.interim or "") if interim else proposed.type


def _take(
    context: Context, entered: Entered, placement: Placement, place: KeptPlace, allowed: frozenset[str]
) -> tuple[Touched, ...]:
    """Put a placement where a place is kept by somebody who places there, and use the hold on it."""
    work = entered.work
    entered.check_placer(place)
    check_place(context, work, entered.decided, place, allowed)
    placement.partner_id, placement.placed_by = place.partner_id, place.placed_by
    if (place.hold_id is None) is not (place.capacity_id is None):
        raise misunderstood("/hold_id", "A hold is of reported places: name both or neither.")
    if place.hold_id is None or place.capacity_id is None:
        return ()
    reported = places.capacity(work.session, place.capacity_id, lock=True)
    if (reported.partner_id, reported.shelter_type) != (place.partner_id, placement.shelter_type):
        raise misunderstood("/capacity_id", "These places are another partner's, or of another kind.")
    if not suits(reported.target_group, known_of_person(context, work, entered.case, entered.decided)):
        raise misunderstood("/capacity_id", "These places are for others than this person.")
    kept = places.hold_of(work.session, reported.id, place.hold_id, context.caller.org)
    end_hold(context, work, kept, HoldEvent.USE)
    placement.hold_id = kept.id
    return (Touched("hold", str(kept.id)),)


def _named(placement_id: UUID) -> Touched:
    return Touched("placement", str(placement_id))


def _explained(place: KeptPlace | None) -> dict[str, Any]:
    return {} if place is None else {"explanation": place.explanation}
