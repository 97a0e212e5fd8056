"""Where the person of a case stays, over HTTP."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.status import HTTP_201_CREATED

from service.api.caller import MayPlace, MayReadCases
from service.api.conditional import SeenVersions, tagged
from service.api.outside_names import Outside
from service.api.repeatable import repeatable
from service.casework.commands.places import ConfirmPlacement, EndPlacement, KeptPlace, OpenPlacement
from service.casework.places.confirm_placement import confirm_placement
from service.casework.places.doors import AtDesk
from service.casework.places.end_placement import end_placement
from service.casework.places.keep_place import open_placement, reserve_place
from service.casework.places.show_placements import list_placements
from service.casework.views.places import PlacementList, PlacementView

router: Final = APIRouter(prefix="/v1/cases/{caseId}/placements", tags=["places"], redirect_slashes=False)


@router.get("", operation_id="listPlacements", summary="List the placements of a case")
def show_placements(caseId: UUID, context: MayReadCases) -> PlacementList:  # noqa: N803 -- the name in the address
    """Give where the person waits for a place, has one, or stayed; `version` is needed to change one."""
    return list_placements(context, caseId)


@router.post("", status_code=HTTP_201_CREATED, operation_id="openPlacement", summary="Place a person")
@repeatable
def place(caseId: UUID, command: Outside[OpenPlacement], context: MayPlace, response: Response) -> PlacementView:  # noqa: N803 -- the name in the address
    """Keep a place for a person, or have the person wait for one of the proposed kind when none is free.

    Only who places there may place: CoMensha in COSM and OMM, the police in an emergency bed.
    """
    return tagged(response, open_placement(context, AtDesk(caseId), command))


@router.post("/{placementId}/reservation", operation_id="reservePlace", summary="Keep a place for who waits for one")
@repeatable
def reserve(
    caseId: UUID,  # noqa: N803 -- the names in the address
    placementId: UUID,  # noqa: N803 -- the names in the address
    command: Outside[KeptPlace],
    context: MayPlace,
    seen: SeenVersions,
    response: Response,
) -> PlacementView:
    """Keep a place for somebody who waits for one; what was held of it is used by that."""
    return tagged(response, reserve_place(context, AtDesk(caseId), placementId, seen, command))


@router.post("/{placementId}/confirmation", operation_id="confirmPlacement", summary="Say that the person has come")
@repeatable
def confirm(
    caseId: UUID,  # noqa: N803 -- the names in the address
    placementId: UUID,  # noqa: N803 -- the names in the address
    command: Outside[ConfirmPlacement],
    context: MayPlace,
    seen: SeenVersions,
    response: Response,
) -> PlacementView:
    """Keep on which day the person came; elsewhere, the care coordinator of the place takes over once it says yes."""
    return tagged(response, confirm_placement(context, AtDesk(caseId), placementId, seen, command))


@router.post("/{placementId}/ending", operation_id="endPlacement", summary="Say that the person has left")
@repeatable
def end(
    caseId: UUID,  # noqa: N803 -- the names in the address
    placementId: UUID,  # noqa: N803 -- the names in the address
    command: Outside[EndPlacement],
    context: MayPlace,
    seen: SeenVersions,
    response: Response,
) -> PlacementView:
    """Keep on which day and why a person left; who moves on stays until the next placement is confirmed."""
    return tagged(response, end_placement(context, AtDesk(caseId), placementId, seen, command))
