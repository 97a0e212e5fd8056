"""What is established in a case over HTTP."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.status import HTTP_201_CREATED

from service.api.caller import MayChangeCases, MayReadCases
from service.api.conditional import SeenVersions, tag
from service.api.fact_names import inside_facts
from service.api.outside_names import Outside
from service.api.repeatable import repeatable
from service.casework.commands.journal import RecordAssessment
from service.casework.journal.assess_needs import NEEDS, read_assessments, record_assessment
from service.casework.views.journal import AssessmentsView

router: Final = APIRouter(prefix="/v1/cases/{caseId}", tags=["cases"], redirect_slashes=False)


@router.get("/assessments", operation_id="readAssessments", summary="Read the risk and needs assessments of a case")
def show_assessments(caseId: UUID, context: MayReadCases, response: Response) -> AssessmentsView:  # noqa: N803 -- the name in the address
    """Give what the person needs, what lies ready for each need that is open, and every assessment, newest first."""
    return _tagged(response, read_assessments(context, caseId))


@router.post(
    "/assessments",
    status_code=HTTP_201_CREATED,
    operation_id="recordAssessment",
    summary="Record a risk and needs assessment",
)
@repeatable
def assess(
    caseId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[RecordAssessment],
    context: MayChangeCases,
    seen: SeenVersions,
    response: Response,
) -> AssessmentsView:
    """Keep what was found and decide again; each open need becomes a task, and a referral that waits for a person."""
    needs = inside_facts({NEEDS: command.needs}, context.rules().vocabulary)[NEEDS]
    shown = record_assessment(context, caseId, seen, command.model_copy(update={NEEDS: needs}))
    response.headers["Location"] = f"/v1/cases/{caseId}/assessments"
    return _tagged(response, shown)


def _tagged(response: Response, shown: AssessmentsView) -> AssessmentsView:
    tag(response, shown.version)
    return shown
