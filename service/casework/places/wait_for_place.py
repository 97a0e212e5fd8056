"""Nobody has found a place in time: a person hears of it, and CoMensha is asked for one, without the person."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.commands.places import AskCapacity
from service.casework.context import Context
from service.casework.places.ask_capacity import put_question
from service.casework.tasks.kinds import WAITS_FOR_PLACE
from service.casework.tasks.open_about import open_because
from service.database.unit_of_work import UnitOfWork
from service.deadlines.tables import Deadline
from service.partners.directory import is_fallback
from service.places import store as places
from service.places.lifecycle import PlacementState
from service.places.policy import TargetGroup, Urgency

_GROUPS: Final[Mapping[str, TargetGroup]] = {
    "womens": TargetGroup.WOMEN,
    "mens": TargetGroup.MEN,
    "omm": TargetGroup.MULTIPROBLEM,
    "group_beds": TargetGroup.LABOUR_GROUPS,
    "family_place": TargetGroup.FAMILIES,
    "youth_care": TargetGroup.CHILDREN,
    "protected_minor": TargetGroup.CHILDREN,
}
_BY_GENDER: Final = {"female": TargetGroup.WOMEN, "male": TargetGroup.MEN}


def escalate_waiting(context: Context, work: UnitOfWork, case: Case, clock: Deadline) -> None:
    """Put it on the desk that a person still waits, and ask CoMensha for a place as for any of the person's group.

    Args:
        context: the worker's.
        work: the unit of work; it holds the case's row.
        case: the placement's.
        clock: the clock that says so, fired just now; its key is the id of the placement.
    """
    placement = places.placement_of(work.session, case.id, UUID(clock.key))
    if placement.state is not PlacementState.WAITING:
        return
    open_because(context, work, case, clock, [(WAITS_FOR_PLACE, None)])
    told = cases.known(work.session, work.vault, case)
    group, before = _group(placement.shelter_type, told), placement.version
    if group is None:
        # Nobody guesses whom the place would be for: the desk asks.
        return
    helper = next((one.id for one in context.directory(work.session) if is_fallback(one)), None)
    if helper is None:
        # Nobody is there who could help: the desk, which has heard of it, looks further by itself.
        return
    command = AskCapacity(target_group=group, urgency=Urgency.URGENT)
    asked, _ = put_question(context, work, command, [helper], org=case.org)
    work.session.flush()
    places.note_question(work.session, placement, asked.id)
    touched = (
        Touched("placement", str(placement.id), before, placement.version, ("question_id",)),
        Touched("capacity_question", str(asked.id)),
    )
    context.record(work, Act(Event.PLACEMENT_ESCALATED, Action.UPDATE, str(case.id), touched))


def _group(shelter_type: str, told: Mapping[str, Any]) -> TargetGroup | None:
    return _GROUPS.get(shelter_type) or _BY_GENDER.get(str(told.get("gender")))
