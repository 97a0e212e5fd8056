"""Cases, decisions and trails over HTTP."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter

from service.api.caller import MayConfirm, MayReadCases, MayReadTrail
from service.casework.confirm_decision import confirm_decision
from service.casework.read_cases import read_case
from service.casework.read_trail import read_trail
from service.casework.views import CaseView, ConfirmationView, TrailView

router: Final = APIRouter(prefix="/v1", tags=["cases"], redirect_slashes=False)


@router.get("/cases/{caseId}", operation_id="readCase", summary="Read a case")
def show_case(caseId: UUID, context: MayReadCases) -> CaseView:  # noqa: N803 -- the name in the address
    """Give a case of the caller's organisation with its decisions, referrals and deliveries."""
    return read_case(context, caseId)


@router.get("/cases/{caseId}/trail", operation_id="readTrail", summary="Read and verify the trail of a case")
def show_trail(caseId: UUID, context: MayReadTrail) -> TrailView:  # noqa: N803 -- the name in the address
    """Give every act in a case; each entry was hashed again from its stored bytes."""
    return read_trail(context, caseId)


@router.post(
    "/cases/{caseId}/decisions/{decisionId}/confirm",
    operation_id="confirmDecision",
    summary="Confirm a decision",
)
def confirm(caseId: UUID, decisionId: UUID, context: MayConfirm) -> ConfirmationView:  # noqa: N803 -- the names in the address
    """Confirm what the service proposed; referrals that waited for a person are queued."""
    return confirm_decision(context, caseId, decisionId)
