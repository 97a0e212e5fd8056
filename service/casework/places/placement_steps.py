"""Every step of a placement is kept sealed, with one entry in the trail that names fields and not what they hold."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from service.audit.event import Act, Action, Event, Touched
from service.cases.tables import Case
from service.casework.context import Context
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind, Problem
from service.places import store as places
from service.places.lifecycle import PlacementState
from service.places.tables import Placement


class PlacementNotUnderstood(DomainError):
    """A day cannot be, or what is said about a place does not go together."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "placement-not-understood"
    title: ClassVar[str] = "The placement cannot be recorded as it was told"


@dataclass(frozen=True)
class Held:
    """A placement that nobody else may change now, the transaction that holds it and its case, and on what ground."""

    work: UnitOfWork
    case: Case
    placement: Placement
    ground: tuple[Touched, ...] = ()


def keep_step(
    context: Context, held: Held, said: dict[str, Any], happened: tuple[Event, int | None], *more: Touched
) -> None:
    """Keep a step of a placement.

    Args:
        context: who took it.
        held: whose step it is, moved already.
        said: when and why; what is None was not said.
        happened: what the trail calls it, and the version before; None when the placement begins.
        more: what else it touched.
    """
    event, before = happened
    work, placement = held.work, held.placement
    told = {name: value for name, value in said.items() if value is not None}
    places.keep_step(work.session, work.vault, placement, told, (context.caller.subject, context.clock.now()))
    touched = (
        Touched("placement", str(placement.id), before, placement.version, ("state",)),
        Touched("placement_step", str(placement.id), before, placement.version, tuple(sorted(told))),
        *more,
        *held.ground,
    )
    action = Action.CREATE if before is None else Action.UPDATE
    commitment = work.vault.commitment(placement.case_id, told)
    context.record(work, Act(event, action, str(placement.case_id), touched, commitment=commitment))


def inhabited(work: UnitOfWork, case_id: UUID) -> list[Placement]:
    """Give the placements in which the person of a case stays; two while the former one is not given up yet."""
    return [one for one in places.placements_of(work.session, case_id) if one.state is PlacementState.PLACED]


def check_day(context: Context, pointer: str, day: date) -> None:
    """Stop what is said of a day that is still to come.

    Raises:
        PlacementNotUnderstood: the day is still to come.
    """
    if day > context.today():
        raise misunderstood(pointer, "What happened is recorded when it has happened, today at the latest.")


def misunderstood(pointer: str, words: str) -> PlacementNotUnderstood:
    """Say where and why a placement cannot be recorded as it was told."""
    return PlacementNotUnderstood(problems=(Problem(pointer, PlacementNotUnderstood.code, words),))
