"""Case consultations over HTTP: the desk of a case plans them, and whoever is invited sees what was shared."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic.alias_generators import to_camel
from starlette.status import HTTP_201_CREATED

from service.api.caller import MayPlanConsultations, MayReadCases, MayReadConsultations
from service.api.conditional import SeenVersions, tagged
from service.api.outside_names import Outside
from service.api.repeatable import repeatable
from service.casework.commands.consultations import MoveConsultation, PlanConsultation
from service.casework.consultations.move_consultation import move_consultation
from service.casework.consultations.plan_consultation import plan_consultation
from service.casework.consultations.show_consultation import list_consultations, list_invitations, read_invitation
from service.casework.views.consultations import CaseConsultations, ConsultationView, InvitationPage, InvitationView

router: Final = APIRouter(prefix="/v1", tags=["consultations"], redirect_slashes=False)


@router.post(
    "/cases/{caseId}/consultations",
    status_code=HTTP_201_CREATED,
    operation_id="planConsultation",
    summary="Plan a case consultation",
)
@repeatable
def plan(
    caseId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[PlanConsultation],
    context: MayPlanConsultations,
    response: Response,
) -> ConsultationView:
    """Plan a consultation with named participants; each organisation sees the facts named for it, and else none.

    A fact is refused that no line of the rules lets this kind of organisation read of this person now.
    """
    inside = {to_camel(name): name for name in context.rules().vocabulary.facts}
    invited = [
        one.model_copy(update={"facts": tuple(inside.get(name, name) for name in one.facts)})
        for one in command.participants
    ]
    planned = plan_consultation(context, caseId, command.model_copy(update={"participants": tuple(invited)}))
    response.headers["Location"] = f"/v1/cases/{caseId}/consultations"
    return tagged(response, planned)


@router.get("/cases/{caseId}/consultations", operation_id="listConsultations", summary="List a case's consultations")
def show_all(caseId: UUID, context: MayReadCases) -> CaseConsultations:  # noqa: N803 -- the name in the address
    """Give the consultations of a case with what was decided, oldest first."""
    return list_consultations(context, caseId)


@router.post(
    "/cases/{caseId}/consultations/{consultationId}/events",
    operation_id="moveConsultation",
    summary="Say that a consultation was held, is closed or is cancelled",
)
@repeatable
def move(
    caseId: UUID,  # noqa: N803 -- the name in the address
    consultationId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[MoveConsultation],
    context: MayPlanConsultations,
    seen: SeenVersions,
    response: Response,
) -> ConsultationView:
    """Keep who was there and what was decided; follow-ups become tasks with an owner and a day."""
    moved = move_consultation(context, (caseId, consultationId), seen, command)
    return tagged(response, moved)


@router.get("/consultations", operation_id="listInvitations", summary="List consultations one is invited to")
def show_invitations(context: MayReadConsultations) -> InvitationPage:
    """Give the consultations to which the caller's organisation is invited and that are not over."""
    return list_invitations(context)


@router.get("/consultations/{consultationId}", operation_id="readInvitation", summary="Read what was shared")
def show_invitation(consultationId: UUID, context: MayReadConsultations) -> InvitationView:  # noqa: N803 -- the name in the address
    """Give a consultation to whoever is invited, with the facts that were shared and may still be seen."""
    return read_invitation(context, consultationId)
