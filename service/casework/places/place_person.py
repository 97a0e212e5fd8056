"""A person is placed: waits where no place is free, has one kept, comes there, and leaves for the next one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.commands.places import ConfirmPlacement, EndPlacement, KeptPlace, OpenPlacement
from service.casework.context import Context
from service.casework.places.hold_place import end_hold
from service.casework.places.placement_clocks import await_arrival, leave, stay, wait, wait_no_more
from service.casework.places.proposed_place import Decided, check_place, decided_for, known_of_person
from service.casework.places.show_placements import placement_views
from service.casework.places.take_over import take_over
from service.casework.tasks.kinds import AFTER_PLACEMENT, END_FORMER, WAITS_FOR_PLACE
from service.casework.tasks.open_tasks import add_tasks, drop_kinds
from service.casework.views.places import PlacementView
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind, Problem
from service.kernel.ids import new_id
from service.kernel.transitions import IllegalTransition
from service.kernel.versions import Seen, require_version
from service.places import store as places
from service.places.lifecycle import ENDINGS, OPEN, EndReason, HoldEvent, PlacementEvent, PlacementState
from service.places.policy import Proposed, placers, suits
from service.places.tables import Placement
from service.routing.decision import Decision
from service.routing.facts.answers import Answers

_NOT_THERE_YET: Final = frozenset({PlacementState.WAITING, PlacementState.RESERVED})
_NO_NEXT_PLACE_KNOWN: Final = frozenset({EndReason.PERSON_LEFT, EndReason.MISTAKE})
_RELEASED: Final = "SH-20"
_OPENED: Final = {
    PlacementState.WAITING: Event.PLACEMENT_OPENED,
    PlacementState.RESERVED: Event.PLACEMENT_RESERVED,
}


class PlacementNotUnderstood(DomainError):
    """A day cannot be, or what is said about a place does not go together."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "placement-not-understood"
    title: ClassVar[str] = "The placement cannot be recorded as it was told"


class LookedForAlready(DomainError):
    """A place is waited for or kept for this person already."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "looked-for-already"
    title: ClassVar[str] = "A place is waited for or kept for this person already; end that first"


class NextNotConfirmed(DomainError):
    """A person would leave for a place that nobody has confirmed."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "next-not-confirmed"
    title: ClassVar[str] = "A person stays until the next placement is confirmed"


@dataclass(frozen=True)
class _Held:
    """A placement that nobody else may change now, and the transaction that holds it and its case."""

    work: UnitOfWork
    case: Case
    placement: Placement


def open_placement(context: Context, case_id: UUID, command: OpenPlacement) -> PlacementView:
    """Keep a place for a person, or have the person wait for one of the proposed kind.

    Args:
        context: who places, or writes down what was placed; it owns the placement.
        case_id: the case, which the caller's organisation must have opened.
        command: the kind of place, and where it is kept if it is.

    Raises:
        ScopeMissing: the caller may not place.
        CaseNotFound: there is no such case for this caller.
        TypeNotProposed: another kind is proposed.
        LookedForAlready: a place is waited for or kept already.
        PlacementNotUnderstood: nobody waits for an interim place.
        MayNotPlace: another organisation places here, or has not said yes.
        HoldNotFound: the caller's organisation holds no such place.
        HoldOver: the time of the hold is over.
    """
    context.require(Scope.PLACEMENTS_WRITE)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.PLACEMENT_REFUSED, Action.CREATE, asked) as tried, context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen(), lock=True)
        tried.in_case(case.id)
        known, decided = places.placements_of(work.session, case.id), decided_for(work, case)
        if any(one.state in _NOT_THERE_YET and one.interim is command.interim for one in known):
            raise LookedForAlready
        wanted = (command.shelter_type or _usual(decided.proposed, interim=command.interim), command.interim)
        waits = any(one.state is PlacementState.WAITING for one in known)
        allowed = placers(decided.proposed, wanted, waits=waits)
        if command.place is None and command.interim:
            raise _misunderstood("/place", "An interim place is kept somewhere, or it is none.")
        placement = Placement(
            id=new_id(),
            case_id=case.id,
            shelter_type=wanted[0],
            interim=command.interim,
            opened_at=context.clock.now(),
            owner=context.caller.subject,
            state=PlacementState.WAITING if command.place is None else PlacementState.RESERVED,
        )
        held, used = _Held(work, case, placement), tuple[Touched, ...]()
        if command.place is not None:
            check_place(context, work, decided, command.place, allowed)
            used = _take(context, _Held(work, case, placement), decided, command.place)
        places.add(work.session, placement)
        work.session.flush()
        _keep(context, held, _explained(command.place), (_OPENED[placement.state], None), *used)
        if command.place is None:
            wait(context, work, case, placement)
        else:
            await_arrival(context, work, case, placement)
        return _shown(held)


def reserve_place(context: Context, case_id: UUID, placement_id: UUID, seen: Seen, command: KeptPlace) -> PlacementView:
    """Keep a place for somebody who waits for one.

    Args:
        context: who places, or writes down what was placed.
        case_id: the case, which the caller's organisation must have opened.
        placement_id: a placement of that case.
        seen: the versions of the placement that the caller says to have seen.
        command: where the place is kept.

    Raises:
        ScopeMissing: the caller may not place.
        CaseNotFound: there is no such case for this caller.
        PlacementNotFound: the case has no such placement.
        Unseen: the caller names no version.
        Stale: somebody changed the placement in between.
        IllegalTransition: nobody waits in it.
        TypeNotProposed: another kind is proposed by now.
        MayNotPlace: another organisation places here, or has not said yes.
        HoldNotFound: the caller's organisation holds no such place.
        HoldOver: the time of the hold is over.
    """
    with _held(context, case_id, placement_id, seen) as held:
        work, placement = held.work, held.placement
        decided = decided_for(work, held.case)
        allowed = placers(decided.proposed, (placement.shelter_type, placement.interim), waits=True)
        check_place(context, work, decided, command, allowed)
        used, before = _take(context, held, decided, command), placement.version
        places.move_placement(work.session, placement, PlacementEvent.RESERVE)
        _keep(context, held, _explained(command), (Event.PLACEMENT_RESERVED, before), *used)
        wait_no_more(context, work, held.case, placement.id)
        await_arrival(context, work, held.case, placement)
        drop_kinds(context, work, held.case, {WAITS_FOR_PLACE})
        return _shown(held)


def confirm_placement(
    context: Context, case_id: UUID, placement_id: UUID, seen: Seen, command: ConfirmPlacement
) -> PlacementView:
    """Keep that a person has come to the place; whoever placed before may give up the former one from now on.

    Args:
        context: who knows it.
        case_id: the case, which the caller's organisation must have opened.
        placement_id: a placement of that case.
        seen: the versions of the placement that the caller says to have seen.
        command: on which day, and in which municipality if it is another.

    Raises:
        ScopeMissing: the caller may not place.
        CaseNotFound: there is no such case for this caller.
        PlacementNotFound: the case has no such placement.
        Unseen: the caller names no version.
        Stale: somebody changed the placement in between.
        IllegalTransition: no place is kept in it.
        PlacementNotUnderstood: the day is still to come.
        PlaceOfStayUnknown: there is no such municipality.
    """
    with _held(context, case_id, placement_id, seen) as held:
        _check_day(context, "/placed_on", command.placed_on)
        work, case, placement = held.work, held.case, held.placement
        before, decided = placement.version, decided_for(work, case)
        places.move_placement(work.session, placement, PlacementEvent.CONFIRM)
        said = {"placed_on": command.placed_on.isoformat(), "municipality": command.municipality}
        _keep(context, held, said, (Event.PLACEMENT_CONFIRMED, before))
        stay(context, work, case, placement, decided, command.placed_on)
        if command.municipality is not None and not placement.interim:
            take_over(context, work, case, decided, command.municipality)
        drop_kinds(context, work, case, {AFTER_PLACEMENT})
        if len(_inhabited(work, case)) > 1:
            add_tasks(context, work, case, [(END_FORMER, "SH-18")])
        return _shown(held)


def end_placement(
    context: Context, case_id: UUID, placement_id: UUID, seen: Seen, command: EndPlacement
) -> PlacementView:
    """Keep that a person has left a place, or that it is not needed.

    Somebody who moves on stays until the next placement is confirmed. Whoever leaves otherwise is on the desk,
    and so is somebody whose kept place was a mistake.

    Args:
        context: who knows it.
        case_id: the case, which the caller's organisation must have opened.
        placement_id: a placement of that case.
        seen: the versions of the placement that the caller says to have seen.
        command: on which day, and why.

    Raises:
        ScopeMissing: the caller may not place.
        CaseNotFound: there is no such case for this caller.
        PlacementNotFound: the case has no such placement.
        Unseen: the caller names no version.
        Stale: somebody changed the placement in between.
        IllegalTransition: it has ended, or cannot end for this reason.
        NextNotConfirmed: the next placement is not confirmed.
        PlacementNotUnderstood: the day is still to come, or before the one on which the person came.
    """
    reason = EndReason(command.reason)
    with _held(context, case_id, placement_id, seen) as held:
        _check_day(context, "/ended_on", command.ended_on)
        stays, waits = (held.placement.state is one for one in (PlacementState.PLACED, PlacementState.WAITING))
        if stays and command.ended_on < _placed_on(held):
            raise _misunderstood("/ended_on", "Nobody leaves before the day on which the person came.")
        if reason is EndReason.MOVED_ON and stays and not _next_is_confirmed(held):
            raise NextNotConfirmed
        _end(context, held, reason, command.ended_on, command.explanation)
        if len(_inhabited(held.work, held.case)) <= 1:
            drop_kinds(context, held.work, held.case, {END_FORMER})
        if waits:
            drop_kinds(context, held.work, held.case, {WAITS_FOR_PLACE})
        if reason in _NO_NEXT_PLACE_KNOWN and not _inhabited(held.work, held.case):
            add_tasks(context, held.work, held.case, [(AFTER_PLACEMENT, "SH-22")])
        return _shown(held)


def release_places(context: Context, work: UnitOfWork, case: Case, answers: Answers, decision: Decision) -> None:
    """End every placement of somebody who has left with an unknown destination, on the day the police established it.

    Args:
        context: who told it.
        work: the unit of work that keeps the decision; it holds the case's row.
        case: whose placements they are.
        answers: the facts that count now.
        decision: what follows from them.
    """
    if decision.shelter.rule != _RELEASED:
        return
    on = date.fromisoformat(str(answers.given["unknown_destination_on"]))
    for placement in places.placements_of(work.session, case.id):
        if placement.state in OPEN:
            held = _Held(work, case, places.placement_of(work.session, case.id, placement.id))
            _end(context, held, EndReason.UNKNOWN_DESTINATION, on, None)
    drop_kinds(context, work, case, {WAITS_FOR_PLACE, END_FORMER, AFTER_PLACEMENT})


def _usual(proposed: Proposed, *, interim: bool) -> str:
    return (proposed.interim or "") if interim else proposed.type


def _take(context: Context, held: _Held, decided: Decided, place: KeptPlace) -> tuple[Touched, ...]:
    """Put a placement where a place is kept, and use the hold on it."""
    work, placement = held.work, held.placement
    placement.partner_id, placement.placed_by = place.partner_id, place.placed_by
    if (place.hold_id is None) is not (place.capacity_id is None):
        raise _misunderstood("/hold_id", "A hold is of reported places: name both or neither.")
    if place.hold_id is None or place.capacity_id is None:
        return ()
    reported = places.capacity(work.session, place.capacity_id, lock=True)
    if (reported.partner_id, reported.shelter_type) != (place.partner_id, placement.shelter_type):
        raise _misunderstood("/capacity_id", "These places are another partner's, or of another kind.")
    if not suits(reported.target_group, known_of_person(context, work, held.case, decided)):
        raise _misunderstood("/capacity_id", "These places are for others than this person.")
    kept = places.hold_of(work.session, reported.id, place.hold_id, context.caller.org)
    end_hold(context, work, kept, HoldEvent.USE)
    placement.hold_id = kept.id
    return (Touched("hold", str(kept.id)),)


def _end(context: Context, held: _Held, reason: EndReason, on: date, explanation: str | None) -> None:
    placement = held.placement
    if placement.state is not PlacementState.ENDED and placement.state not in ENDINGS[reason]:
        detail = f"'{reason}' does not end what is '{placement.state}'."
        raise IllegalTransition(detail)
    before = placement.version
    places.move_placement(held.work.session, placement, PlacementEvent.END)
    said = {"ended_on": on.isoformat(), "end_reason": reason.value, "end_explanation": explanation}
    _keep(context, held, said, (Event.PLACEMENT_ENDED, before), *_given_back(context, held))
    leave(context, held.work, held.case, placement, None if reason is EndReason.MISTAKE else on)


def _given_back(context: Context, held: _Held) -> tuple[Touched, ...]:
    """Let others have the place again, as far as its partner has not reported anew since."""
    if held.placement.hold_id is None:
        return ()
    used = places.hold(held.work.session, held.placement.hold_id)
    end_hold(context, held.work, used, HoldEvent.GIVE_BACK)
    return (Touched("hold", str(used.id)),)


def _keep(
    context: Context, held: _Held, said: dict[str, Any], happened: tuple[Event, int | None], *more: Touched
) -> None:
    """Keep a step of a placement, with one entry that names the fields and not what they hold."""
    event, before = happened
    work, placement = held.work, held.placement
    told = {name: value for name, value in said.items() if value is not None}
    places.keep_step(work.session, work.vault, placement, told, (context.caller.subject, context.clock.now()))
    touched = (
        Touched("placement", str(placement.id), before, placement.version, ("state",)),
        Touched("placement_step", str(placement.id), before, placement.version, tuple(sorted(told))),
        *more,
    )
    action = Action.CREATE if before is None else Action.UPDATE
    commitment = work.vault.commitment(placement.case_id, told)
    context.record(work, Act(event, action, str(placement.case_id), touched, commitment=commitment))


def _explained(place: KeptPlace | None) -> dict[str, Any]:
    return {} if place is None else {"explanation": place.explanation}


def _inhabited(work: UnitOfWork, case: Case) -> list[Placement]:
    return [one for one in places.placements_of(work.session, case.id) if one.state is PlacementState.PLACED]


def _next_is_confirmed(held: _Held) -> bool:
    """Tell whether the person has come to another place since."""
    others = {one.id for one in _inhabited(held.work, held.case)}
    came = {one.placement_id: one.recorded_at for one in places.steps_of(held.work.session, others)}
    own = came.pop(held.placement.id)
    return any(other >= own for other in came.values())


def _placed_on(held: _Held) -> date:
    steps = places.steps_of(held.work.session, [held.placement.id])
    said = {name: told for step in steps for name, told in places.said_of_step(held.work.vault, step).items()}
    return date.fromisoformat(said["placed_on"])


def _check_day(context: Context, pointer: str, day: date) -> None:
    if day > context.today():
        raise _misunderstood(pointer, "What happened is recorded when it has happened, today at the latest.")


def _misunderstood(pointer: str, words: str) -> PlacementNotUnderstood:
    return PlacementNotUnderstood(problems=(Problem(pointer, PlacementNotUnderstood.code, words),))


def _shown(held: _Held) -> PlacementView:
    (view,) = placement_views(held.work, [held.placement])
    return view


@contextmanager
def _held(context: Context, case_id: UUID, placement_id: UUID, seen: Seen) -> Iterator[_Held]:
    """Find a placement for somebody who may change it, and hold it together with its case."""
    context.require(Scope.PLACEMENTS_WRITE)
    asked = (Touched("case", str(case_id)), Touched("placement", str(placement_id)))
    with context.refusals_kept(Event.PLACEMENT_REFUSED, Action.UPDATE, *asked) as tried, context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen(), lock=True)
        tried.in_case(case.id)
        placement = places.placement_of(work.session, case.id, placement_id)
        require_version(placement.version, seen)
        yield _Held(work, case, placement)
