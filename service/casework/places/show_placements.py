"""How the placements of a case are shown to those who work on it or supervise it."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.context import Context
from service.casework.views.places import PlacementAsPlacer, PlacementList, PlacementView
from service.database.unit_of_work import UnitOfWork
from service.partners import store as partners
from service.places import store as places
from service.places.tables import Placement

_KEPT: Final = (
    *("id", "case_id", "shelter_type", "interim", "state", "partner_id", "placed_by"),
    *("owner", "opened_at", "question_id", "version"),
)
_SAID: Final = ("explanation", "placed_on", "municipality", "ended_on", "end_reason", "end_explanation")


def list_placements(context: Context, case_id: UUID) -> PlacementList:
    """Give the placements of a case, oldest first; that they were looked at is kept before they are given.

    Args:
        context: who looks.
        case_id: the case, which the caller must be allowed to see.

    Raises:
        ScopeMissing: the caller may not read cases.
        CaseNotFound: there is no such case for this caller.
    """
    context.require(Scope.CASES_READ)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen())
        found = places.placements_of(work.session, case.id)
        touched = (asked, *(Touched("placement", str(one.id), one.version, one.version) for one in found))
        context.record(work, Act(Event.PLACEMENT_LISTED, Action.READ, str(case.id), touched))
        return PlacementList(items=placement_views(work, found))


def placement_views(work: UnitOfWork, found: list[Placement]) -> tuple[PlacementView, ...]:
    """Show placements, with what their steps say.

    Args:
        work: where the rest is found and opened.
        found: placements of one case.
    """
    names = partners.names(work.session)
    told: dict[UUID, dict[str, object]] = {}
    for step in places.steps_of(work.session, [one.id for one in found]):
        told.setdefault(step.placement_id, {}).update(places.said_of_step(work.vault, step))
    return tuple(
        PlacementView.model_validate(
            {
                **{name: getattr(one, name) for name in _KEPT},
                **{name: told.get(one.id, {}).get(name) for name in _SAID},
                "partner_name": None if one.partner_id is None else names[one.partner_id],
            }
        )
        for one in found
    )


def as_placer(work: UnitOfWork, found: Iterable[Placement]) -> tuple[PlacementAsPlacer, ...]:
    """Show placements to who places, without what was said about them.

    Args:
        work: where names are found.
        found: placements that it may see.
    """
    names = partners.names(work.session)
    return tuple(
        PlacementAsPlacer(
            id=one.id,
            shelter_type=one.shelter_type,
            interim=one.interim,
            state=one.state,
            partner_id=one.partner_id,
            partner_name=None if one.partner_id is None else names[one.partner_id],
            version=one.version,
        )
        for one in found
    )
