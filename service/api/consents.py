"""Consent over HTTP, for the coordinators who work on a case."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.status import HTTP_201_CREATED

from service.api.caller import MayChangeCases, MayReadCases
from service.api.conditional import SeenVersions, tag
from service.api.outside_names import Outside
from service.api.repeatable import repeatable
from service.casework.commands.consent import RecordConsent
from service.casework.consent.read_consents import read_consents
from service.casework.consent.record_consent import record_consent
from service.casework.views.consent import ConsentReceipt, ConsentView

router: Final = APIRouter(prefix="/v1/cases/{caseId}/consents", tags=["cases"], redirect_slashes=False)


@router.post(
    "",
    status_code=HTTP_201_CREATED,
    operation_id="recordConsent",
    summary="Record what was said about consent",
)
@repeatable
def record(
    caseId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[RecordConsent],
    context: MayChangeCases,
    seen: SeenVersions,
    response: Response,
) -> ConsentReceipt:
    """Keep what was said about one purpose; it counts at once, and what lost its ground is stopped.

    Nobody agrees before having been told about rights; for a child a parent with authority or the guardian speaks,
    and the child is heard. What was never given cannot be withdrawn.
    """
    receipt = record_consent(context, caseId, seen, command)
    response.headers["Location"] = f"/v1/cases/{caseId}/consents"
    tag(response, receipt.version)
    return receipt


@router.get("", operation_id="readConsents", summary="Read what was said about consent")
def show(caseId: UUID, context: MayReadCases, response: Response) -> ConsentView:  # noqa: N803 -- the name in the address
    """Give how consent to each purpose stands, and everything that was said or told about it, oldest first."""
    found = read_consents(context, caseId)
    tag(response, found.version)
    return found
