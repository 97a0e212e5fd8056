"""A person has come to the place; whoever placed before may give up the former one from now on."""

from uuid import UUID

from service.audit.event import Action, Event, Touched
from service.casework.commands.places import ConfirmPlacement
from service.casework.context import Context
from service.casework.places.doors import Door, Shown
from service.casework.places.placement_clocks import stay
from service.casework.places.placement_steps import Held, check_day, inhabited, keep_step
from service.casework.places.take_over import take_over
from service.casework.tasks.end_tasks import drop_kinds
from service.casework.tasks.kinds import AFTER_PLACEMENT, END_FORMER
from service.casework.tasks.open_tasks import add_tasks
from service.kernel.versions import Seen
from service.places import store as places
from service.places.lifecycle import PlacementEvent


def confirm_placement(
    context: Context, door: Door[Shown], placement_id: UUID, seen: Seen, command: ConfirmPlacement
) -> Shown:
    """Keep that a person has come to the place.

    Args:
        context: who knows it.
        door: by which it comes in.
        placement_id: a placement that is in sight there.
        seen: the versions of the placement that the caller says to have seen.
        command: on which day, and in which municipality if it is another.

    Raises:
        ScopeMissing: the caller may not place.
        CaseNotFound: there is no such case for this caller.
        ReferralNotFound: there is no referral by which this caller places somebody now.
        NotAcceptedYet: it has not said that it takes the referral.
        PlacementNotFound: there is no such placement in sight.
        Unseen: the caller names no version.
        Stale: somebody changed the placement in between.
        IllegalTransition: no place is kept in it.
        PlacementNotUnderstood: the day is still to come.
        PlaceOfStayUnknown: there is no such municipality.
    """
    named = Touched("placement", str(placement_id))
    with door.enter(context, Event.PLACEMENT_REFUSED, Action.UPDATE, named) as entered:
        work, case, placement = entered.work, entered.case, entered.placement(placement_id, seen)
        check_day(context, "/placed_on", command.placed_on)
        before = placement.version
        places.move_placement(work.session, placement, PlacementEvent.CONFIRM)
        said = {"placed_on": command.placed_on.isoformat(), "municipality": command.municipality}
        held = Held(work, case, placement, entered.ground)
        keep_step(context, held, said, (Event.PLACEMENT_CONFIRMED, before))
        stay(context, work, case, placement, entered.decided, command.placed_on)
        if command.municipality is not None and not placement.interim:
            take_over(context, work, case, entered.decided, command.municipality)
        drop_kinds(context, work, case, {AFTER_PLACEMENT})
        if len(inhabited(work, case.id)) > 1:
            add_tasks(context, work, case, [(END_FORMER, "SH-18")])
        return door.shown(work, placement)
