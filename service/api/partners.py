"""The directory of partners over HTTP."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response

from service.api.caller import MayChangePartners, MayReadPartners
from service.api.conditional import SeenVersions, tagged
from service.api.outside_names import Outside
from service.casework.commands.partners import ChangePartner
from service.casework.commands.shape import PartnerId
from service.casework.partners.manage_partners import change_partner, list_partners, read_partner
from service.casework.questions import ListPartners
from service.casework.views.partners import PartnerList, PartnerView

router: Final = APIRouter(prefix="/v1", tags=["partners"], redirect_slashes=False)


@router.get("/partners", operation_id="listPartners", summary="List partners")
def show_partners(question: Annotated[Outside[ListPartners], Query()], context: MayReadPartners) -> PartnerList:
    """Give the organisations of the directory, by id: what they offer, where, for whom, and how well that is known."""
    return list_partners(context, question)


@router.get("/partners/{partnerId}", operation_id="readPartner", summary="Read a partner")
def show_partner(partnerId: Annotated[PartnerId, Path()], context: MayReadPartners, response: Response) -> PartnerView:  # noqa: N803 -- the name in the address
    """Give one organisation of the directory; its ETag is needed to change it."""
    return tagged(response, read_partner(context, partnerId))


@router.patch("/partners/{partnerId}", operation_id="changePartner", summary="Say whether a partner is asked")
def change(
    partnerId: Annotated[PartnerId, Path()],  # noqa: N803 -- the name in the address
    command: Outside[ChangePartner],
    context: MayChangePartners,
    seen: SeenVersions,
    response: Response,
) -> PartnerView:
    """Pause a partner, end its part in the mechanism, or ask it again; CoMensha can be neither paused nor ended."""
    return tagged(response, change_partner(context, partnerId, seen, command))
