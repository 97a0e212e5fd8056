"""An organisation that was asked to place somebody looks where there is room, and has a place kept for some minutes."""

from uuid import UUID

from service.audit.event import Act, Action, Event, Touched
from service.casework.context import Context
from service.casework.places.doors import ByReferral
from service.casework.places.entered import Entered
from service.casework.places.hold_place import end_hold, hold_view, take_hold
from service.casework.places.report_capacity import capacity_views
from service.casework.places.show_placements import as_placer
from service.casework.views.places import FreePlace, HoldView, KindToPlace, ToPlace
from service.partners import store as partners
from service.places import store as places
from service.places.lifecycle import HoldEvent


def show_what_to_place(context: Context, referral_id: UUID) -> ToPlace:
    """Give what a partner may place for a person, where there is room and what it placed; that it looked is kept.

    Args:
        context: the partner, whose organisation is its id in the directory.
        referral_id: the referral that asked it.

    Raises:
        ScopeMissing: the caller may not place.
        ReferralNotFound: there is no referral by which this partner places somebody now.
    """
    with ByReferral(referral_id).enter(context, Event.ACCESS_REFUSED, Action.READ) as entered:
        known = places.placements_of(entered.work.session, entered.case.id)
        in_sight = [one for one in known if entered.may_see(one)]
        touched = (*entered.ground, *(Touched("placement", str(one.id), one.version, one.version) for one in in_sight))
        context.record(entered.work, Act(Event.PLACEMENT_LISTED, Action.READ, str(entered.case.id), touched))
        return ToPlace(
            kinds=tuple(KindToPlace(shelter_type=kind, interim=interim) for kind, interim in sorted(entered.kinds)),
            free=_free(context, entered),
            placements=as_placer(entered.work, in_sight),
        )


def hold_as_asked(context: Context, referral_id: UUID, capacity_id: UUID) -> HoldView:
    """Keep a place of a kind in which the partner places the person, for as many minutes as the rules say.

    Args:
        context: the partner, whose organisation is its id in the directory.
        referral_id: the referral that asked it.
        capacity_id: which places.

    Raises:
        ScopeMissing: the caller may not place.
        ReferralNotFound: there is no referral by which this partner places somebody now.
        NotAcceptedYet: it has not said that it takes the referral.
        CapacityNotFound: nobody has reported these places, or they are of another kind.
        CapacityStale: the report is older than it may be.
        NoFreePlace: every place is held or was taken since.
    """
    wanted = Touched("capacity", str(capacity_id))
    with ByReferral(referral_id).enter(context, Event.HOLD_REFUSED, Action.CREATE, wanted) as entered:
        reported = places.capacity(entered.work.session, capacity_id)
        if reported.shelter_type not in _types(entered):
            raise places.CapacityNotFound
        held = take_hold(context, entered.work, capacity_id)
        touched = (*entered.ground, wanted)
        context.record(entered.work, Act(Event.PLACE_HELD, Action.CREATE, str(entered.case.id), touched))
        return held


def release_as_asked(context: Context, referral_id: UUID, capacity_id: UUID, hold_id: UUID) -> HoldView:
    """Give back a place that was held and is not needed.

    Args:
        context: the partner, whose organisation is its id in the directory.
        referral_id: the referral that asked it.
        capacity_id: which places.
        hold_id: what is held of them.

    Raises:
        ScopeMissing: the caller may not place.
        ReferralNotFound: there is no referral by which this partner places somebody now.
        NotAcceptedYet: it has not said that it takes the referral.
        HoldNotFound: the caller's organisation holds no such thing there.
        HoldOver: its time is over.
        IllegalTransition: it was given back or used before.
    """
    named = (Touched("capacity", str(capacity_id)), Touched("hold", str(hold_id)))
    with ByReferral(referral_id).enter(context, Event.HOLD_REFUSED, Action.UPDATE, *named) as entered:
        held = places.hold_of(entered.work.session, capacity_id, hold_id, context.caller.org)
        end_hold(context, entered.work, held, HoldEvent.RELEASE)
        touched = (*entered.ground, named[0])
        context.record(entered.work, Act(Event.HOLD_RELEASED, Action.UPDATE, str(entered.case.id), touched))
        return hold_view(held)


def _types(entered: Entered) -> set[str]:
    return {kind for kind, _ in entered.kinds}


def _free(context: Context, entered: Entered) -> tuple[FreePlace, ...]:
    session, types = entered.work.session, _types(entered)
    reported = [one for one in places.capacities(session) if one.shelter_type in types]
    return tuple(
        FreePlace(
            capacity_id=one.id,
            partner_id=one.partner_id,
            partner_name=one.partner_name,
            shelter_type=one.shelter_type,
            target_group=one.target_group,
            left=one.left,
            as_of=one.as_of,
        )
        for one in capacity_views(context, session, reported, partners.names(session))
        if one.left and not one.stale
    )
