"""A person leaves a place, or it is not needed: warm from one to the next, and never for nowhere unseen."""

from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

from service.audit.event import Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.commands.places import EndPlacement
from service.casework.context import Context
from service.casework.places.doors import Door, Shown
from service.casework.places.hold_place import end_hold
from service.casework.places.placement_clocks import leave
from service.casework.places.placement_steps import Held, check_day, inhabited, keep_step, misunderstood
from service.casework.tasks.end_tasks import drop_kinds
from service.casework.tasks.kinds import AFTER_PLACEMENT, END_FORMER, WAITS_FOR_PLACE
from service.casework.tasks.open_tasks import add_tasks
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import IllegalTransition
from service.kernel.versions import Seen
from service.places import store as places
from service.places.lifecycle import ENDINGS, OPEN, EndReason, HoldEvent, PlacementEvent, PlacementState
from service.routing.decision import Decision
from service.routing.facts.answers import Answers

_NO_NEXT_PLACE_KNOWN: Final = frozenset({EndReason.PERSON_LEFT, EndReason.MISTAKE})
_RELEASED: Final = "SH-20"
_LEFT_ON: Final = "unknown_destination_on"


class NextNotConfirmed(DomainError):
    """A person would leave for a place that nobody has confirmed."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "next-not-confirmed"
    title: ClassVar[str] = "A person stays until the next placement is confirmed"


def end_placement(context: Context, door: Door[Shown], placement_id: UUID, seen: Seen, command: EndPlacement) -> Shown:
    """Keep that a person has left a place, or that it is not needed.

    Somebody who moves on stays until the next placement is confirmed. Whoever leaves otherwise is on the desk,
    and so is somebody whose kept place was a mistake.

    Args:
        context: who knows it.
        door: by which it comes in.
        placement_id: a placement that is in sight there.
        seen: the versions of the placement that the caller says to have seen.
        command: on which day, and why.

    Raises:
        ScopeMissing: the caller may not place.
        CaseNotFound: there is no such case for this caller.
        ReferralNotFound: there is no referral by which this caller places somebody now.
        NotAcceptedYet: it has not said that it takes the referral.
        PlacementNotFound: there is no such placement in sight.
        Unseen: the caller names no version.
        Stale: somebody changed the placement in between.
        IllegalTransition: it has ended, or cannot end for this reason.
        NextNotConfirmed: the next placement is not confirmed.
        PlacementNotUnderstood: the day is still to come, or before the one on which the person came.
    """
    reason, named = EndReason(command.reason), Touched("placement", str(placement_id))
    with door.enter(context, Event.PLACEMENT_REFUSED, Action.UPDATE, named) as entered:
        work, case, placement = entered.work, entered.case, entered.placement(placement_id, seen)
        held = Held(work, case, placement, entered.ground)
        check_day(context, "/ended_on", command.ended_on)
        stays, waits = (placement.state is one for one in (PlacementState.PLACED, PlacementState.WAITING))
        if stays and command.ended_on < _placed_on(held):
            raise misunderstood("/ended_on", "Nobody leaves before the day on which the person came.")
        if reason is EndReason.MOVED_ON and stays and not _next_is_confirmed(held):
            raise NextNotConfirmed
        _end(context, held, reason, command.ended_on, command.explanation)
        if len(inhabited(work, case.id)) <= 1:
            drop_kinds(context, work, case, {END_FORMER})
        if waits:
            drop_kinds(context, work, case, {WAITS_FOR_PLACE})
        if reason in _NO_NEXT_PLACE_KNOWN and not inhabited(work, case.id):
            add_tasks(context, work, case, [(AFTER_PLACEMENT, "SH-22")])
        return door.shown(work, placement)


def release_places(context: Context, work: UnitOfWork, case: Case, answers: Answers, decision: Decision) -> None:
    """End every placement of somebody who has left with an unknown destination, on the day the police established it.

    What was looked for after that was told is for somebody who has come back.

    Args:
        context: who told it.
        work: the unit of work that keeps the decision; it holds the case's row.
        case: whose placements they are.
        answers: the facts that count now.
        decision: what follows from them.
    """
    if decision.shelter.rule != _RELEASED:
        return
    open_ones = [one for one in places.placements_of(work.session, case.id) if one.state in OPEN]
    left_behind = [one for one in open_ones if one.opened_at <= _told_at(work, case, answers)]
    on = date.fromisoformat(str(answers.given[_LEFT_ON]))
    for placement in left_behind:
        held = Held(work, case, places.placement_of(work.session, case.id, placement.id))
        _end(context, held, EndReason.UNKNOWN_DESTINATION, on, None)
    if left_behind == open_ones:
        drop_kinds(context, work, case, {WAITS_FOR_PLACE, END_FORMER, AFTER_PLACEMENT})


def _told_at(work: UnitOfWork, case: Case, answers: Answers) -> datetime:
    """Give when it was first told that the person had left on that day."""
    on, versions = answers.given[_LEFT_ON], cases.facts_versions(work.session, case.id)
    return min(one.told_at for one in versions if cases.told(work.vault, one).get(_LEFT_ON) == on)


def _end(context: Context, held: Held, reason: EndReason, on: date, explanation: str | None) -> None:
    placement = held.placement
    if placement.state is not PlacementState.ENDED and placement.state not in ENDINGS[reason]:
        detail = f"'{reason}' does not end what is '{placement.state}'."
        raise IllegalTransition(detail)
    before = placement.version
    places.move_placement(held.work.session, placement, PlacementEvent.END)
    said = {"ended_on": on.isoformat(), "end_reason": reason.value, "end_explanation": explanation}
    keep_step(context, held, said, (Event.PLACEMENT_ENDED, before), *_given_back(context, held))
    leave(context, held.work, held.case, placement, None if reason is EndReason.MISTAKE else on)


def _given_back(context: Context, held: Held) -> tuple[Touched, ...]:
    """Let others have the place again, as far as its partner has not reported anew since."""
    if held.placement.hold_id is None:
        return ()
    used = places.hold(held.work.session, held.placement.hold_id)
    end_hold(context, held.work, used, HoldEvent.GIVE_BACK)
    return (Touched("hold", str(used.id)),)


def _next_is_confirmed(held: Held) -> bool:
    """Tell whether the person has come to another place since."""
    others = {one.id for one in inhabited(held.work, held.case.id)}
    came = {one.placement_id: one.recorded_at for one in places.steps_of(held.work.session, others)}
    own = came.pop(held.placement.id)
    return any(other >= own for other in came.values())


def _placed_on(held: Held) -> date:
    steps = places.steps_of(held.work.session, [held.placement.id])
    said = {name: told for step in steps for name, told in places.said_of_step(held.work.vault, step).items()}
    return date.fromisoformat(said["placed_on"])
