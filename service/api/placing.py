"""Placing a person over HTTP, for the organisation that was asked to: its referral is its only way in."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.status import HTTP_201_CREATED

from service.api.caller import MayPlaceAsAsked
from service.api.conditional import SeenVersions, tagged
from service.api.outside_names import Outside
from service.api.repeatable import repeatable
from service.casework.commands.places import ConfirmPlacement, EndPlacement, KeptPlace, OpenPlacement
from service.casework.places.confirm_placement import confirm_placement
from service.casework.places.doors import ByReferral
from service.casework.places.end_placement import end_placement
from service.casework.places.keep_place import open_placement, reserve_place
from service.casework.places.place_as_asked import hold_as_asked, release_as_asked, show_what_to_place
from service.casework.views.places import HoldView, PlacementAsPlacer, ToPlace

router: Final = APIRouter(prefix="/v1/referrals/{referralId}", tags=["places"], redirect_slashes=False)


@router.get(
    "/placements", operation_id="showWhatToPlace", summary="Read what you are to place, and where there is room"
)
def show(referralId: UUID, context: MayPlaceAsAsked) -> ToPlace:  # noqa: N803 -- the name in the address
    """Give the kinds of places in which you place this person, free places of these kinds, and what you placed.

    404 when the referral asks you for no place, or you may no longer read it. A kind that tells of health is told once
    the person has agreed to placement.
    """
    return show_what_to_place(context, referralId)


@router.post(
    "/capacity/{capacityId}/holds",
    status_code=HTTP_201_CREATED,
    operation_id="holdPlaceAsAsked",
    summary="Have a place kept for some minutes, as who places",
)
@repeatable
def hold(referralId: UUID, capacityId: UUID, context: MayPlaceAsAsked, response: Response) -> HoldView:  # noqa: ARG001, N803 -- repeatable looks at the response; the names in the address
    """Keep one of the places that are left; coordinators and you stand in one queue for it."""
    return hold_as_asked(context, referralId, capacityId)


@router.post(
    "/capacity/{capacityId}/holds/{holdId}/release",
    operation_id="releasePlaceAsAsked",
    summary="Give a held place back, as who places",
)
@repeatable
def release(
    referralId: UUID,  # noqa: N803 -- the names in the address
    capacityId: UUID,  # noqa: N803 -- the names in the address
    holdId: UUID,  # noqa: N803 -- the names in the address
    context: MayPlaceAsAsked,
    response: Response,  # noqa: ARG001 -- repeatable looks at the response
) -> HoldView:
    """Let others have a place that was held and is not needed."""
    return release_as_asked(context, referralId, capacityId, holdId)


@router.post(
    "/placements",
    status_code=HTTP_201_CREATED,
    operation_id="placeAsAsked",
    summary="Place the person of a referral",
)
@repeatable
def place(
    referralId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[OpenPlacement],
    context: MayPlaceAsAsked,
    response: Response,
) -> PlacementAsPlacer:
    """Keep a place for the person, or say that none is free; accept the referral first, and name yourself as placer."""
    return tagged(response, open_placement(context, ByReferral(referralId), command))


@router.post(
    "/placements/{placementId}/reservation", operation_id="reserveAsAsked", summary="Keep a place for who waits for one"
)
@repeatable
def reserve(
    referralId: UUID,  # noqa: N803 -- the names in the address
    placementId: UUID,  # noqa: N803 -- the names in the address
    command: Outside[KeptPlace],
    context: MayPlaceAsAsked,
    seen: SeenVersions,
    response: Response,
) -> PlacementAsPlacer:
    """Keep a place of the kind for which the person waits; what was held of it is used by that."""
    return tagged(response, reserve_place(context, ByReferral(referralId), placementId, seen, command))


@router.post(
    "/placements/{placementId}/confirmation", operation_id="confirmAsAsked", summary="Say that the person has come"
)
@repeatable
def confirm(
    referralId: UUID,  # noqa: N803 -- the names in the address
    placementId: UUID,  # noqa: N803 -- the names in the address
    command: Outside[ConfirmPlacement],
    context: MayPlaceAsAsked,
    seen: SeenVersions,
    response: Response,
) -> PlacementAsPlacer:
    """Keep on which day the person came to the place that you keep."""
    return tagged(response, confirm_placement(context, ByReferral(referralId), placementId, seen, command))


@router.post("/placements/{placementId}/ending", operation_id="endAsAsked", summary="Say that the person has left")
@repeatable
def end(
    referralId: UUID,  # noqa: N803 -- the names in the address
    placementId: UUID,  # noqa: N803 -- the names in the address
    command: Outside[EndPlacement],
    context: MayPlaceAsAsked,
    seen: SeenVersions,
    response: Response,
) -> PlacementAsPlacer:
    """Keep that the person left your place or does not need it; who moves on stays until the next is confirmed."""
    return tagged(response, end_placement(context, ByReferral(referralId), placementId, seen, command))
