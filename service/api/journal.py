"""What is established in a case over HTTP."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.status import HTTP_201_CREATED

from service.api.caller import MayChangeCases, MayReadCases
from service.api.conditional import SeenVersions, tagged
from service.api.fact_names import inside_facts
from service.api.outside_names import Outside
from service.api.repeatable import repeatable
from service.casework.commands.journal import EndAbsence, RecordAbsence, RecordAssessment, RecordMilestone
from service.casework.journal.assess_needs import NEEDS, read_assessments, record_assessment
from service.casework.journal.record_absence import end_absence, record_absence
from service.casework.journal.record_milestone import record_milestone
from service.casework.journal.show_tracks import read_tracks
from service.casework.views.journal import AssessmentsView, TracksView

router: Final = APIRouter(prefix="/v1/cases/{caseId}", tags=["cases"], redirect_slashes=False)


@router.get("/assessments", operation_id="readAssessments", summary="Read the risk and needs assessments of a case")
def show_assessments(caseId: UUID, context: MayReadCases, response: Response) -> AssessmentsView:  # noqa: N803 -- the name in the address
    """Give what the person needs, what lies ready for each need that is open, and every assessment, newest first."""
    return tagged(response, read_assessments(context, caseId))


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
    return tagged(response, shown)


@router.get("/tracks", operation_id="readTracks", summary="Read the tracks of a case")
def show_tracks(caseId: UUID, context: MayReadCases, response: Response) -> TracksView:  # noqa: N803 -- the name in the address
    """Give each open track with what it rests on, its dates and tasks, and every step that was established."""
    return tagged(response, read_tracks(context, caseId))


@router.post(
    "/absences", status_code=HTTP_201_CREATED, operation_id="recordAbsence", summary="Record that the person is away"
)
@repeatable
def be_away(
    caseId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[RecordAbsence],
    context: MayChangeCases,
    seen: SeenVersions,
    response: Response,
) -> TracksView:
    """Keep an absence, also a short one, and decide again: who is told and what must be done follows from the rules."""
    return _made(response, caseId, record_absence(context, caseId, seen, command))


@router.post(
    "/absences/{absenceId}/return",
    status_code=HTTP_201_CREATED,
    operation_id="endAbsence",
    summary="Record that the person is back",
)
@repeatable
def come_back(
    caseId: UUID,  # noqa: N803 -- the names in the address
    absenceId: UUID,  # noqa: N803 -- the names in the address
    command: Outside[EndAbsence],
    context: MayChangeCases,
    seen: SeenVersions,
    response: Response,
) -> TracksView:
    """Keep that an absence ended, and have somebody look at the shelter again."""
    return _made(response, caseId, end_absence(context, caseId, absenceId, seen, command))


@router.post(
    "/milestones",
    status_code=HTTP_201_CREATED,
    operation_id="recordMilestone",
    summary="Record what was established on a track",
)
@repeatable
def establish(
    caseId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[RecordMilestone],
    context: MayChangeCases,
    seen: SeenVersions,
    response: Response,
) -> TracksView:
    """Keep a guardian, a decision on a child's interest, the prosecutor's answer, a permit or another step."""
    return _made(response, caseId, record_milestone(context, caseId, seen, command))


def _made(response: Response, case_id: UUID, shown: TracksView) -> TracksView:
    response.headers["Location"] = f"/v1/cases/{case_id}/tracks"
    return tagged(response, shown)
