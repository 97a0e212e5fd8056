"""What a person was told about rights, over HTTP."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.status import HTTP_201_CREATED

from service.api.caller import MayReadRights, MayRecordRights
from service.api.outside_names import Outside
from service.api.repeatable import repeatable
from service.casework.commands.rights import RecordRights
from service.casework.rights.read_rights import read_rights
from service.casework.rights.record_rights import record_rights
from service.casework.views.rights import RightsView

router: Final = APIRouter(prefix="/v1/cases/{caseId}", tags=["rights"], redirect_slashes=False)


@router.get("/rights-information", operation_id="readRights", summary="Read what a person was told about rights")
def show(caseId: UUID, context: MayReadRights) -> RightsView:  # noqa: N803 -- the name in the address
    """Give which of the seven rights a person was told about, and what is missing before a consent or a report."""
    return read_rights(context, caseId)


@router.post(
    "/rights-information",
    status_code=HTTP_201_CREATED,
    operation_id="recordRights",
    summary="Record that a person was told about rights",
)
@repeatable
def record(
    caseId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[RecordRights],
    context: MayRecordRights,
    response: Response,
) -> RightsView:
    """Record what a person was told, when, in which language, how and by whom; nothing recorded is ever changed.

    A mistake is put right by a record that names the one it corrects and explains it. A report and a consent are
    refused until the person was told, in a language that the person understands.
    """
    told = record_rights(context, caseId, command)
    response.headers["Location"] = f"/v1/cases/{caseId}/rights-information"
    return told
