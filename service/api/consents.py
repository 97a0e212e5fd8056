"""Consent over HTTP and who holds what, for the coordinators who work on a case."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.status import HTTP_201_CREATED

from service.api.caller import MayChangeCases, MayReadCases
from service.api.conditional import SeenVersions, tagged
from service.api.outside_names import Outside
from service.api.repeatable import repeatable
from service.casework.commands.consent import RecordConsent
from service.casework.consent.read_consents import read_consents
from service.casework.consent.read_disclosures import read_disclosures
from service.casework.consent.record_consent import record_consent
from service.casework.views.consent import ConsentReceipt, ConsentView, DisclosuresView

router: Final = APIRouter(prefix="/v1/cases/{caseId}", tags=["cases"], redirect_slashes=False)


@router.post(
    "/consents",
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

    Nobody agrees before having been told about rights. For a child speaks a parent with authority who is known to be
    there and not suspected, or a guardian once the appointment is recorded; the child is heard, and its own no always
    counts. What was never given cannot be withdrawn.
    """
    receipt = record_consent(context, caseId, seen, command)
    response.headers["Location"] = f"/v1/cases/{caseId}/consents"
    return tagged(response, receipt)


@router.get("/consents", operation_id="readConsents", summary="Read what was said about consent")
def show(caseId: UUID, context: MayReadCases, response: Response) -> ConsentView:  # noqa: N803 -- the name in the address
    """Give how consent to each purpose stands, and everything that was said or told about it, oldest first."""
    found = read_consents(context, caseId)
    return tagged(response, found)


@router.get("/disclosures", operation_id="readDisclosures", summary="Read who holds what of a case")
def show_holders(caseId: UUID, context: MayReadCases) -> DisclosuresView:  # noqa: N803 -- the name in the address
    """Give every recipient and everybody invited with what each has read, when, its ground now, and what followed."""
    return read_disclosures(context, caseId)
